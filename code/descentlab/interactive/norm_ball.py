"""The figure of chapter 15: the unit ball of a norm and the move in it that a gradient asks for."""

from typing import ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle


class NormBall(CourseWidget):
    """A unit ball, the level lines of ⟨g, d⟩, and the point where the lowest line touches the ball.

    The gradient g has length 1 and is turned with pointer, keys or slider. Beside the picture
    stands the change ⟨g, d⟩ over the angle of a move d that goes as far as the ball allows.

    Parameters
    ----------
    norm : "l2", "l1", "linf" or "diagonal", default "linf"
        The norm; "diagonal" is the root of d1^2 + ratio d2^2.
    angle_deg : float, degrees, 0 to 360, default 35
        Angle of g from the first axis, counter-clockwise.
    ratio : float, 0.1 to 10, default 4
        Weight of the second coordinate in the diagonal metric; the first has 1.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Notes
    -----
    What rounding leaves of g at a multiple of 90 degrees is taken as 0. Where the touching point is
    not unique, the one of ``descentlab.geometry`` is shown.

    Examples
    --------
    >>> NormBall("l1", 20)
    NormBall(norm='l1', angle_deg=20.0, ratio=4.0)
    """

    shown: ClassVar = ("norm", "angle_deg", "ratio")
    _module = traitlets.Unicode("norm_ball.js").tag(sync=True)
    _esm = bundle(ASSETS / "norm_ball.js")
    norm = traitlets.Enum(("l2", "l1", "linf", "diagonal"), "linf").tag(sync=True)
    angle_deg = Number(35.0, 0.0, 360.0).tag(sync=True)
    ratio = Number(4.0, 0.1, 10.0).tag(sync=True)

    def __init__(self, norm: str = "linf", angle_deg: float = 35.0, ratio: float = 4.0) -> None:
        super().__init__(norm=norm, angle_deg=angle_deg, ratio=ratio)
