"""The figure of chapter 13: every number inside Adam, step by step, on the ravine."""

from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle


class AdamAnatomy(CourseWidget):
    """Adam on the ravine with its memory laid open: g, m, v, both corrected, and the step.

    A slider goes through the steps. A table has all numbers of both coordinates at the chosen step,
    a chart one group of them for one coordinate over the whole run.

    Parameters
    ----------
    turned : bool, default False
        Whether the ravine is turned by 45 degrees.
    lr : float, 0 to 2, default 0.5
        Learning rate α.
    beta1 : float, 0 to 0.99, default 0.9
        Decay rate of m.
    beta2 : float, 0 to 0.999, default 0.999
        Decay rate of v.
    start : two finite floats, default (-7, 2)
        Start of the path.
    steps : int, 1 to 200, default 60
        Number of steps.
    t : int, 1 to 200, default 1
        The step that is shown; beyond ``steps`` the last one is.
    coordinate : 1 or 2, default 1
        The coordinate of the chart.
    chart : "direction", "size" or "step", default "direction"
        What the chart shows: g, m and m̂; or |g|, √v and √v̂; or the step.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> AdamAnatomy(beta1=0.5).beta1
    0.5
    """

    shown: ClassVar = (
        "turned",
        "lr",
        "beta1",
        "beta2",
        "start",
        "steps",
        "t",
        "coordinate",
        "chart",
    )
    _module = traitlets.Unicode("adam_anatomy.js").tag(sync=True)
    _esm = bundle(ASSETS / "adam_anatomy.js")
    turned = traitlets.Bool(False).tag(sync=True)
    lr = Number(0.5, 0.0, 2.0).tag(sync=True)
    beta1 = Number(0.9, 0.0, 0.99).tag(sync=True)
    beta2 = Number(0.999, 0.0, 0.999).tag(sync=True)
    start = Point((-7.0, 2.0)).tag(sync=True)
    steps = traitlets.Int(60, min=1, max=200).tag(sync=True)
    t = traitlets.Int(1, min=1, max=200).tag(sync=True)
    coordinate = traitlets.Int(1, min=1, max=2).tag(sync=True)
    chart = traitlets.Enum(("direction", "size", "step"), "direction").tag(sync=True)

    def __init__(
        self,
        turned: bool = False,
        lr: float = 0.5,
        beta1: float = 0.9,
        beta2: float = 0.999,
        start: Any = (-7.0, 2.0),
        steps: int = 60,
        t: int = 1,
        coordinate: int = 1,
        chart: str = "direction",
    ) -> None:
        super().__init__(
            turned=turned,
            lr=lr,
            beta1=beta1,
            beta2=beta2,
            start=start,
            steps=steps,
            t=t,
            coordinate=coordinate,
            chart=chart,
        )
