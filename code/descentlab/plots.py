"""Drawing shared by the chapters. Every function draws on a given ``ax`` and returns nothing.

Colours are Okabe and Ito's, told apart by colour-blind readers; one colour and line style per
optimizer holds for the whole course, in the figures and in the interactive ones. A figure in a
chapter is also written down as text (`digest`), so that the tests see what was drawn.
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.core.getipython import get_ipython
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure
from matplotlib.quiver import Quiver

from descentlab.surfaces import Surface
from descentlab.validation import Array

COLORS = {
    "GradientDescent": "#0072B2",
    "Momentum": "#D55E00",
    "Nesterov": "#D55E00",
    "AdaGrad": "#009E73",
    "RMSProp": "#E69F00",
    "Adadelta": "#E69F00",
    "Adam": "#CC79A7",
    "AMSGrad": "#CC79A7",
    "AdamW": "#CC79A7",
    "NAdam": "#CC79A7",
    "Adamax": "#56B4E9",
    "RAdam": "#56B4E9",
    "Lion": "#777777",
    "gradient": "#D55E00",
    "descent": "#009E73",
    "step": "#0072B2",
    "minimum": "#CC79A7",
    "level": "#999999",
}
LINE_STYLES = {
    "Nesterov": "--",
    "Adadelta": "--",
    "AMSGrad": "--",
    "AdamW": ":",
    "NAdam": "-.",
    "Adamax": "--",
}


def use_course_style() -> None:
    """Draw in the course's style and, in a notebook, describe each figure by its `digest`."""
    plt.style.use("descentlab.course")
    shell = get_ipython()
    if shell is not None and shell.display_formatter is not None:
        plt.switch_backend(plt.get_backend())  # when loaded, it removes formatters for figures
        plain = shell.display_formatter.formatters["text/plain"]
        plain.for_type(Figure, lambda fig, printer, cycle: printer.text(digest(fig)))


def digest(fig: Figure) -> str:
    """Describe what ``fig`` shows: its titles, labels and five points of every line.

    A test cannot compare pictures made on two computers, but it can compare these lines. A line
    whose ``gid`` is "rounding" shows round-off, which differs between processors: only its number
    of points is told.
    """
    parts = []
    for ax in fig.axes:
        parts.append(f"{ax.get_title(loc='left')} [{ax.get_xlabel()} | {ax.get_ylabel()}]")
        parts += [f"  {_described_line(line, ax)}" for line in ax.lines]
        parts += [f"  {_described_collection(drawn)}" for drawn in ax.collections]
    return "\n".join(parts)


def _described_line(line: plt.Line2D, ax: Axes) -> str:
    label = str(line.get_label())
    name = "line" if label.startswith("_") else label
    points = np.asarray(line.get_xydata())
    if line.get_gid() == "rounding":
        return f"{name}: {len(points)} points"
    picked = np.unique(np.linspace(0, len(points) - 1, 5).astype(int))
    scale_x, scale_y = (np.abs(ax.dataLim.get_points()[:, i]).max() for i in (0, 1))
    x = [_short(v, scale_x, ax.get_xscale()) for v in points[picked, 0]]
    y = [_short(v, scale_y, ax.get_yscale()) for v in points[picked, 1]]
    return f"{name}: {len(points)} points, " + " ".join(f"({a}, {b})" for a, b in zip(x, y))


def _short(value: float, scale: float, axis: str) -> str:
    """Four significant digits; on a linear axis what is too small to be seen is 0."""
    if axis == "linear" and abs(value) < 1e-4 * scale:
        return "0"
    return f"{value:.4g}"


def _described_collection(drawn: Collection) -> str:
    if isinstance(drawn, Quiver):
        u, v = np.asarray(drawn.U), np.asarray(drawn.V)
        return "arrow " + " ".join(f"({a:.3g}, {b:.3g})" for a, b in zip(u, v))
    if isinstance(drawn, ContourSet):
        return "levels " + " ".join(f"{level:.3g}" for level in drawn.levels)
    return type(drawn).__name__


def contours(
    ax: Axes, surface: Surface, levels: int | Sequence[float] | Array = 12, resolution: int = 200
) -> None:
    """Draw thin grey level curves of ``surface`` over its box, log-spaced above its minimum.

    Parameters
    ----------
    ax : matplotlib Axes
    surface : Surface
    levels : int or sequence of float, default 12
        How many level curves, or the values of L at which to draw them.
    resolution : int, default 200
        Grid points per axis.
    """
    (x0, x1), (y0, y1) = surface.box
    x, y = np.linspace(x0, x1, resolution), np.linspace(y0, y1, resolution)
    values = surface.value(np.stack(np.meshgrid(x, y), axis=-1))
    if isinstance(levels, int):
        low = float(surface.value(surface.minimum))
        top = float(values.max()) - low
        levels = low + np.geomspace(top / 2000, top, levels, endpoint=False)
    ax.contour(x, y, values, levels=levels, colors=COLORS["level"], linewidths=0.6)
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(x0, x1), ylim=(y0, y1))


def minima(ax: Axes, surface: Surface) -> None:
    """Mark the minima of ``surface`` with stars."""
    ax.plot(*surface.minima.T, "*", color=COLORS["minimum"], markersize=11, zorder=4)


def path(ax: Axes, w: Array, optimizer: str = "GradientDescent", label: str | None = None) -> None:
    """Draw the path w of shape (steps + 1, 2): start an open circle, end a filled one."""
    color, style = COLORS[optimizer], LINE_STYLES.get(optimizer, "-")
    ax.plot(*w.T, style, color=color, marker=".", markersize=3, linewidth=1.1, label=label)
    ax.plot(*w[0], "o", color=color, markerfacecolor="white", zorder=5)
    ax.plot(*w[-1], "o", color=color, zorder=5)


def arrow(ax: Axes, start: Array, vector: Array, color: str, label: str | None = None) -> None:
    """Draw ``vector``, shape (2,), as an arrow in data units from ``start``, shape (2,)."""
    ax.quiver(
        *start,
        *vector,
        color=color,
        label=label,
        angles="xy",
        scale_units="xy",
        scale=1,
        width=0.007,
        zorder=6,
    )
