"""What the interactive figures share: one look, the course's colours, checks, a stable repr.

The computing is done in JavaScript, so a figure lives on a static page without a kernel; in Jupyter
its traits and the picture follow each other.
"""

import math
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from descentlab import surfaces
from descentlab.plots import COLORS

ASSETS = Path(__file__).parent / "assets"
SURFACES = ("quadratic", "ravine", "rosenbrock", "beale", "himmelblau", "saddle", "two_wells")


class Number(traitlets.TraitType[float, float]):
    """A finite number in [low, high]."""

    def __init__(self, default: float, low: float, high: float = math.inf) -> None:
        self.low, self.high = low, high
        bounds = f">= {low:g}" if math.isinf(high) else f"from {low:g} to {high:g}"
        self.info_text = f"a finite number {bounds}"
        super().__init__(default)

    def validate(self, obj: Any, value: Any) -> float:
        """Return ``value`` as a float, or raise a TraitError."""
        try:
            number = math.nan if isinstance(value, str | bool) else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not (math.isfinite(number) and self.low <= number <= self.high):
            self.error(obj, value)
        return number


class Point(traitlets.TraitType[tuple[float, ...], Any]):
    """A point (w1, w2) of two finite numbers, given as a tuple, a list or an array."""

    info_text = "two finite numbers (w1, w2)"

    def validate(self, obj: Any, value: Any) -> tuple[float, ...]:
        """Return ``value`` as a tuple of floats, or raise a TraitError."""
        try:
            point = tuple(float(v) for v in value)
        except (TypeError, ValueError):
            self.error(obj, value)
        if isinstance(value, str) or len(point) != 2 or not all(map(math.isfinite, point)):
            self.error(obj, value)
        return point


class CourseWidget(anywidget.AnyWidget):
    """Base of the course's interactive figures.

    A subclass sets ``_module`` to the file its JavaScript is in, ``_esm`` to the bundle of that
    file, and ``shown`` to the names of its public traits, in the order of its constructor.
    """

    shown: ClassVar[tuple[str, ...]] = ()
    _css = (ASSETS / "widgets.css").read_text(encoding="utf-8")
    _colors = traitlets.Dict(COLORS).tag(sync=True)
    surface = traitlets.Enum(SURFACES, "ravine").tag(sync=True)
    surface_options = traitlets.Dict().tag(sync=True)

    @traitlets.validate("surface", "surface_options")
    def _fits(self, proposal: dict[str, Any]) -> Any:
        """Refuse options that the surface does not have."""
        given: dict[str, Any] = {"surface": self.surface, "surface_options": self.surface_options}
        given[proposal["trait"].name] = proposal["value"]
        make_surface(given["surface"], given["surface_options"])
        return proposal["value"]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown)
        return f"{type(self).__name__}({values})"


def make_surface(name: str, options: dict[str, float] | None = None) -> surfaces.Surface:
    """Return the surface called ``name``; a TraitError says what is wrong with it."""
    if name not in SURFACES:
        raise traitlets.TraitError(f"surface must be one of {', '.join(SURFACES)}; got {name!r}")
    try:
        return getattr(surfaces, name)(**(options or {}))
    except (TypeError, ValueError) as error:
        raise traitlets.TraitError(f"surface_options {options!r} for {name}: {error}") from None
