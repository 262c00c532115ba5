"""The figure of chapter 01: a line over data, and its place on the surface of the loss."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle


class Coordinates(traitlets.TraitType[list[float], Any]):
    """At least three finite numbers that are not all equal, as a list or an array."""

    info_text = "at least three finite numbers, not all equal"

    def validate(self, obj: Any, value: Any) -> list[float]:
        """Return ``value`` as a list of floats, or raise a TraitError."""
        try:
            numbers = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            self.error(obj, value)
        if numbers.ndim != 1 or len(numbers) < 3 or not np.isfinite(numbers).all():
            self.error(obj, value)
        if np.ptp(numbers) == 0:
            self.error(obj, value)
        return numbers.tolist()


class LineFit(CourseWidget):
    """A line that can be dragged over data, its residuals, and the mean squared error as a surface.

    The line is held at two handles; beside it the point (slope, intercept) moves on the surface,
    whose minimum is a star. Either panel can be used.

    Parameters
    ----------
    x, y : array_like, shape (n,), n >= 3
        The data: finite, neither of them constant.
    slope, intercept : float, default 0 and the mean of y
        The line slope * x + intercept.
    x_label, y_label : str
        Names of the axes of the data.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above, or x and y differ in
        length.

    Examples
    --------
    >>> LineFit([-1, 0, 1], [1, 2, 6], slope=2)
    LineFit(3 points, slope=2.0, intercept=3.0)
    """

    shown: ClassVar = ("x", "y", "slope", "intercept", "x_label", "y_label")
    _module = traitlets.Unicode("line_fit.js").tag(sync=True)
    _esm = bundle(ASSETS / "line_fit.js")
    x = Coordinates([-1.0, 0.0, 1.0]).tag(sync=True)
    y = Coordinates([1.0, 2.0, 6.0]).tag(sync=True)
    slope = Number(0.0, -np.finfo(float).max).tag(sync=True)
    intercept = Number(0.0, -np.finfo(float).max).tag(sync=True)
    x_label = traitlets.Unicode("x").tag(sync=True)
    y_label = traitlets.Unicode("y").tag(sync=True)

    def __init__(
        self,
        x: Any,
        y: Any,
        slope: float = 0.0,
        intercept: float | None = None,
        x_label: str = "x",
        y_label: str = "y",
    ) -> None:
        super().__init__(x=x, y=y, slope=slope, x_label=x_label, y_label=y_label)
        self.intercept = float(np.mean(self.y)) if intercept is None else intercept

    @traitlets.validate("x", "y")
    def _paired(self, proposal: dict[str, Any]) -> Any:
        given = {"x": self.x, "y": self.y, proposal["trait"].name: proposal["value"]}
        if len(given["x"]) != len(given["y"]):
            raise traitlets.TraitError(
                f"x and y must have one length, got {len(given['x'])} and {len(given['y'])}"
            )
        return proposal["value"]

    def __repr__(self) -> str:
        line = f"slope={self.slope!r}, intercept={self.intercept!r}"
        return f"{type(self).__name__}({len(self.x)} points, {line})"
