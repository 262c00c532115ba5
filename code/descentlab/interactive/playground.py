"""Run an optimizer on a surface and walk along its path, step by step."""

from typing import Any, ClassVar

import traitlets

from descentlab import optimizers
from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point, make_surface
from descentlab.interactive.bundle import bundle

# The rate with which each method begins on each surface: stable, and far from over in 40 steps.
RATES = {
    "GradientDescent": {
        "quadratic": 0.15,
        "ravine": 0.95,
        "rosenbrock": 0.001,
        "beale": 0.01,
        "himmelblau": 0.01,
        "saddle": 0.1,
        "two_wells": 0.1,
    },
}


class Playground(CourseWidget):
    """An optimizer's path on a surface's level curves, and its loss at each step.

    Surface, method, rate, hyper-parameters, start and number of steps can all be changed in the
    figure. Choosing a surface there also sets that surface's start and rate; assigning ``surface``
    from Python changes the surface only.

    Parameters
    ----------
    surface : str, default "ravine"
        Name of a constructor in ``descentlab.surfaces``.
    method : str, default "GradientDescent"
        Name of a class in ``descentlab.optimizers``.
    lr : float, >= 0, optional
        Learning rate, in the method's units; by default ``RATES[method][surface]``.
    hyper : dict, optional
        The method's other hyper-parameters, e.g. ``{"beta": 0.9}``; the rest have defaults.
    start : two finite floats, optional
        The start w_0; by default the surface's.
    steps : int, 1 to 1000, default 40
        Number of steps T.
    t : int, 0 to steps, optional
        The step that is shown; by default the last one.
    surface_options : dict, optional
        Arguments of the surface's constructor, e.g. ``{"angle": 0.5}``.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> Playground("quadratic", steps=20, surface_options={"kappa": 5}).start
    (-2.5, 1.0)
    """

    shown: ClassVar = (
        "surface",
        "method",
        "lr",
        "hyper",
        "start",
        "steps",
        "t",
        "surface_options",
    )
    _module = traitlets.Unicode("playground.js").tag(sync=True)
    _esm = bundle(ASSETS / "playground.js")
    _rates = traitlets.Dict(RATES).tag(sync=True)
    method = traitlets.Enum(tuple(RATES), "GradientDescent").tag(sync=True)
    lr = Number(0.95, 0.0).tag(sync=True)
    hyper = traitlets.Dict().tag(sync=True)
    start = Point((-7.0, 2.0)).tag(sync=True)
    steps = traitlets.Int(40, min=1, max=1000).tag(sync=True)
    t = traitlets.Int(40, min=0).tag(sync=True)

    def __init__(
        self,
        surface: str = "ravine",
        method: str = "GradientDescent",
        lr: float | None = None,
        hyper: dict[str, float] | None = None,
        start: Any = None,
        steps: int = 40,
        t: int | None = None,
        surface_options: dict[str, float] | None = None,
    ) -> None:
        stage = make_surface(surface, surface_options)
        rate = RATES.get(method, {}).get(surface, 0.0)
        super().__init__(
            surface=surface,
            method=method,
            lr=rate if lr is None else lr,
            hyper=hyper or {},
            start=stage.start if start is None else start,
            steps=steps,
            t=steps if t is None else t,
            surface_options=surface_options or {},
        )
        self.observe(self._shorten, "steps")

    def _shorten(self, change: dict[str, Any]) -> None:
        self.t = min(self.t, self.steps)

    @traitlets.validate("t")
    def _within_the_run(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] > self.steps:
            raise traitlets.TraitError(
                f"t must be a step of the run, 0 to {self.steps}; got {proposal['value']}"
            )
        return proposal["value"]

    @traitlets.validate("method", "hyper")
    def _known_to_the_method(self, proposal: dict[str, Any]) -> Any:
        """Let the optimizer's own constructor check names and values."""
        given: dict[str, Any] = {"method": self.method, "hyper": self.hyper}
        given[proposal["trait"].name] = proposal["value"]
        try:
            getattr(optimizers, given["method"])(lr=0.0, **given["hyper"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"hyper {given['hyper']!r}: {error}") from None
        return proposal["value"]
