"""The figure of chapter 03: what the learning rate does on a parabola and on an ellipse."""

from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle


class RateExplorer(CourseWidget):
    """Gradient descent on L = λw²/2 or on the ravine, and the sizes of its errors at each step.

    The status sentence names the regime and the factor 1 − αλ of each curvature. Choosing the loss
    in the figure also sets a rate for it; assigning ``view`` from Python changes the loss only.

    Parameters
    ----------
    view : "parabola" or "ellipse", default "parabola"
        One parameter with curvature λ, or the ravine with the curvatures 0.1 and 2.
    lr : float, 0 to 2.4, optional
        Learning rate α; by default 1.5, and 0.95 on the ellipse, where the slider ends at 1.2.
    curvature : float, 0.5 to 2, default 1
        The parabola's λ.
    w0 : float, -5 to 5, default -4
        Start on the parabola.
    start : two finite floats, default (-7, 2)
        Start on the ellipse.
    steps : int, 1 to 200, default 30
        Number of steps.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> RateExplorer(lr=0.5).view
    'parabola'
    """

    shown: ClassVar = ("view", "lr", "curvature", "w0", "start", "steps")
    _module = traitlets.Unicode("rate_explorer.js").tag(sync=True)
    _esm = bundle(ASSETS / "rate_explorer.js")
    view = traitlets.Enum(("parabola", "ellipse"), "parabola").tag(sync=True)
    lr = Number(1.5, 0.0, 2.4).tag(sync=True)
    curvature = Number(1.0, 0.5, 2.0).tag(sync=True)
    w0 = Number(-4.0, -5.0, 5.0).tag(sync=True)
    start = Point((-7.0, 2.0)).tag(sync=True)
    steps = traitlets.Int(30, min=1, max=200).tag(sync=True)

    def __init__(
        self,
        view: str = "parabola",
        lr: float | None = None,
        curvature: float = 1.0,
        w0: float = -4.0,
        start: Any = (-7.0, 2.0),
        steps: int = 30,
    ) -> None:
        rate = 0.95 if view == "ellipse" else 1.5
        super().__init__(
            view=view,
            lr=rate if lr is None else lr,
            curvature=curvature,
            w0=w0,
            start=start,
            steps=steps,
        )
