"""The figure of chapter 10: what α and β of momentum do on the ravine, as a map to walk on."""

from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle


class MomentumMap(CourseWidget):
    """The rate of convergence over (α, β) on the ravine, with a point to drag.

    Beside the map stand the path of the chosen pair and, for every curvature, the sizes of the two
    roots of its quadratic equation; those of the ravine's curvatures, 0.1 and 2, are marked.

    Parameters
    ----------
    method : "Momentum" or "Nesterov", default "Momentum"
        The rule: the heavy ball, or Nesterov's method with the gradient at w.
    lr : float, 0 to 2, default 0.9
        Learning rate α.
    beta : float, 0 to 0.99, default 0.9
        Decay rate β.
    start : two finite floats, default (-7, 2)
        Start of the path.
    steps : int, 1 to 200, default 40
        Number of steps.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> MomentumMap(beta=0.5).beta
    0.5
    """

    shown: ClassVar = ("method", "lr", "beta", "start", "steps")
    _module = traitlets.Unicode("momentum_map.js").tag(sync=True)
    _esm = bundle(ASSETS / "momentum_map.js")
    method = traitlets.Enum(("Momentum", "Nesterov"), "Momentum").tag(sync=True)
    lr = Number(0.9, 0.0, 2.0).tag(sync=True)
    beta = Number(0.9, 0.0, 0.99).tag(sync=True)
    start = Point((-7.0, 2.0)).tag(sync=True)
    steps = traitlets.Int(40, min=1, max=200).tag(sync=True)

    def __init__(
        self,
        method: str = "Momentum",
        lr: float = 0.9,
        beta: float = 0.9,
        start: Any = (-7.0, 2.0),
        steps: int = 40,
    ) -> None:
        super().__init__(method=method, lr=lr, beta=beta, start=start, steps=steps)
