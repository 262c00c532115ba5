"""The figure of chapter 09: a schedule, and what noisy descent comes to under it."""

from typing import ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle

SCHEDULES = ("constant", "step_decay", "exponential", "inverse_time", "cosine", "warmup")


class ScheduleExplorer(CourseWidget):
    """The rate of each step, and the expected loss of noisy gradient descent on the ravine.

    The noise of each step has mean 0 and standard deviation ``noise`` in each coordinate. The
    expected loss is computed exactly, not simulated. A dashed line shows a constant rate.

    Parameters
    ----------
    schedule : str, default "exponential"
        "constant", "step_decay" (halves the rate), "exponential", "inverse_time", "cosine" or
        "warmup", as in ``descentlab.schedules``.
    lr : float, 0.02 to 1, default 0.5
        Learning rate α, the rate where the schedule's factor is 1.
    time : int, 1 to steps, default 60
        In steps: between halvings, the half-life, until one half, until 0, or of the rise.
    noise : float, 0 to 2, default 1
        Standard deviation of each coordinate of the gradient's noise.
    steps : int, 10 to 1000, default 400
        Number of steps.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> ScheduleExplorer("cosine", time=400).lr
    0.5
    """

    shown: ClassVar = ("schedule", "lr", "time", "noise", "steps")
    _module = traitlets.Unicode("schedule_explorer.js").tag(sync=True)
    _esm = bundle(ASSETS / "schedule_explorer.js")
    schedule = traitlets.Enum(SCHEDULES, "exponential").tag(sync=True)
    lr = Number(0.5, 0.02, 1.0).tag(sync=True)
    time = traitlets.Int(60, min=1).tag(sync=True)
    noise = Number(1.0, 0.0, 2.0).tag(sync=True)
    steps = traitlets.Int(400, min=10, max=1000).tag(sync=True)

    def __init__(
        self,
        schedule: str = "exponential",
        lr: float = 0.5,
        time: int = 60,
        noise: float = 1.0,
        steps: int = 400,
    ) -> None:
        super().__init__(schedule=schedule, lr=lr, time=time, noise=noise, steps=steps)

    @traitlets.validate("time")
    def _within_the_run(self, proposal: dict) -> int:
        if proposal["value"] > self.steps:
            raise traitlets.TraitError(
                f"time must be a number of steps from 1 to {self.steps}; got {proposal['value']}"
            )
        return proposal["value"]
