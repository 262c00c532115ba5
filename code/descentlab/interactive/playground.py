"""Run an optimizer on a surface and walk along its path, step by step."""

from typing import Any, ClassVar

import traitlets

from descentlab import optimizers
from descentlab.interactive.base import ASSETS, SURFACES, CourseWidget, Number, Point, make_surface
from descentlab.interactive.bundle import bundle
from descentlab.plots import LINE_STYLES

# The rate with which each method begins on each surface, by a sweep over the one-digit rates from
# 1e-4 to 1 (to 10 for AdaGrad and Adadelta, whose steps shrink by themselves): among the runs that
# stay finite for 200 steps and, in the first 40, stay in the picture and take no step longer than a
# quarter of its diagonal, the one whose highest loss in the last ten of those is lowest. Gradient
# descent on the ravine has instead 2 / (0.1 + 2), which shrinks both errors alike.
# In the order of SURFACES: quadratic, ravine, rosenbrock, beale, himmelblau, saddle, two_wells.
_RATES = {
    "GradientDescent": (0.1, 0.95, 0.004, 0.03, 0.02, 0.5, 0.4),
    "Momentum": (0.006, 0.06, 0.002, 0.006, 0.004, 0.5, 0.1),
    "Nesterov": (0.1, 0.07, 0.002, 0.005, 0.01, 0.4, 0.2),
    "AdaGrad": (1.0, 3.0, 1.0, 2.0, 1.0, 0.7, 0.7),
    "RMSProp": (0.1, 0.3, 0.1, 0.2, 0.1, 0.07, 0.06),
    "Adadelta": (10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0),
    "Adam": (0.09, 0.7, 0.5, 0.8, 0.8, 0.06, 0.8),
    "AMSGrad": (0.09, 0.7, 0.5, 0.8, 0.8, 0.06, 0.8),
    "AdamW": (0.09, 0.6, 0.5, 0.8, 0.8, 0.06, 0.7),
    "NAdam": (0.8, 1.0, 0.9, 1.0, 0.7, 0.7, 0.7),
    "Adamax": (0.4, 0.4, 0.9, 1.0, 0.6, 0.5, 0.8),
    "RAdam": (0.2, 1.0, 0.006, 0.006, 0.07, 0.4, 0.4),
    "Lion": (0.3, 0.2, 0.02, 0.2, 0.2, 0.1, 0.2),
}
RATES = {method: dict(zip(SURFACES, row)) for method, row in _RATES.items()}


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
    compare : tuple of str, optional
        Names of methods that race from the start, each with its rate in ``RATES`` and its
        defaults; ``method``, ``lr`` and ``hyper`` are then left aside. Set when the figure is made.

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
    _styles = traitlets.Dict(LINE_STYLES).tag(sync=True)
    method = traitlets.Enum(tuple(RATES), "GradientDescent").tag(sync=True)
    lr = Number(0.95, 0.0).tag(sync=True)
    hyper = traitlets.Dict().tag(sync=True)
    start = Point((-7.0, 2.0)).tag(sync=True)
    compare = traitlets.Tuple().tag(sync=True)
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
        compare: tuple[str, ...] = (),
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
            compare=compare,
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

    @traitlets.validate("compare")
    def _different_methods(self, proposal: dict[str, Any]) -> tuple[str, ...]:
        names = proposal["value"]
        if any(name not in tuple(RATES) or names.count(name) > 1 for name in names):
            raise traitlets.TraitError(
                f"compare must hold different names of {', '.join(RATES)}; got {names!r}"
            )
        return names

    def __repr__(self) -> str:
        """Without ``compare`` unless there is a race."""
        alone = super().__repr__()
        return f"{alone[:-1]}, compare={self.compare!r})" if self.compare else alone
