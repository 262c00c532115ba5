"""The figure of chapter 02: turn a small step and compare the loss's change with its prediction."""

from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle


class DirectionDial(CourseWidget):
    """A point w on a surface, its gradient, and a step dw to turn with pointer, keys or sliders.

    The picture is a microscope, always a few ``length`` wide. Beside it stands the change of the
    loss for a full turn: the linear prediction |∇L||dw| cos θ and the actual L(w + dw) − L(w).

    Parameters
    ----------
    surface : str, default "ravine"
        Name of a constructor in ``descentlab.surfaces``.
    w : two finite floats, default (-7, 2)
        The point.
    theta_deg : float, degrees, 0 to 360, default 120
        Angle from the gradient to dw, counter-clockwise; 180 is steepest descent.
    length : float, 0.01 to 1, in units of w, default 0.5
        The length |dw|.
    surface_options : dict, optional
        Arguments of the surface's constructor, e.g. ``{"angle": 0.5}``.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Notes
    -----
    With g = ∇L(w) and R a turn by θ, dw = length · R g/|g|. Where g = 0, θ counts from the w1 axis.

    Examples
    --------
    >>> DirectionDial(theta_deg=90)
    DirectionDial(surface='ravine', w=(-7.0, 2.0), theta_deg=90.0, length=0.5, surface_options={})
    """

    shown: ClassVar = ("surface", "w", "theta_deg", "length", "surface_options")
    _module = traitlets.Unicode("direction_dial.js").tag(sync=True)
    _esm = bundle(ASSETS / "direction_dial.js")
    w = Point((-7.0, 2.0)).tag(sync=True)
    theta_deg = Number(120.0, 0.0, 360.0).tag(sync=True)
    length = Number(0.5, 0.01, 1.0).tag(sync=True)

    def __init__(
        self,
        surface: str = "ravine",
        w: Any = (-7.0, 2.0),
        theta_deg: float = 120.0,
        length: float = 0.5,
        surface_options: dict[str, float] | None = None,
    ) -> None:
        super().__init__(
            surface=surface,
            w=w,
            theta_deg=theta_deg,
            length=length,
            surface_options=surface_options or {},
        )
