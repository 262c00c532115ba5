"""Drawing shared by the chapters. Every function draws on a given ``ax`` and returns nothing.

Colours are Okabe and Ito's, told apart by colour-blind readers; one colour and line style per
optimizer holds for the whole course, in the figures and in the interactive ones.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes

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


def contours(
    ax: Axes, surface: Surface, levels: int | Sequence[float] = 12, resolution: int = 200
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


def slope_on_loglog(x: Array, y: Array) -> float:
    """Return the slope of the least-squares line through (log x, log y), both of shape (n,)."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def curve(ax: Axes, f: Callable[[Array], Array], x: Array, label: str, color: str) -> None:
    """Draw ``f`` over the values ``x``."""
    ax.plot(x, f(x), color=color, label=label)
