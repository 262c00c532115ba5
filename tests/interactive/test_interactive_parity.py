"""The shipped JavaScript computes what the Python package computes."""

from dataclasses import fields

import numpy as np
import pytest
from playwright.sync_api import Page

from descentlab import optimizers, surfaces
from descentlab.interactive.base import SURFACES
from descentlab.interactive.playground import RATES
from descentlab.loops import descend

CASES = [
    *((name, {}) for name in SURFACES),
    ("quadratic", {"kappa": 37.5, "angle": 0.7}),
    ("ravine", {"angle": -1.1}),
]

SURFACE_JS = """async ([name, options, points]) => {
  const { surface } = await import("/surfaces.js");
  const { value, gradient, minima, start, box } = surface(name, options);
  return { value: points.map(value), gradient: points.map(gradient), minima, start, box };
}"""
DESCEND_JS = """async (cases) => {
  const { surface } = await import("/surfaces.js");
  const { METHODS, descend } = await import("/optimizers.js");
  return cases.map(([name, options, start, method, hyper, steps]) =>
    descend(surface(name, options).gradient, start, METHODS[method], hyper, steps));
}"""


def python_surface(name: str, options: dict[str, float]) -> surfaces.Surface:
    return getattr(surfaces, name)(**options)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_surface_values_and_gradients(blank: Page, name: str, options: dict[str, float]) -> None:
    stage = python_surface(name, options)
    rng = np.random.default_rng(5)
    points = rng.uniform(*np.transpose(stage.box), size=(300, 2))
    found = blank.evaluate(SURFACE_JS, [name, options, points.tolist()])
    values, gradients = stage.value(points), stage.gradient(points)
    scale = np.abs(values).max()
    np.testing.assert_allclose(found["value"], values, rtol=1e-12, atol=1e-15 * scale)
    scale = np.abs(gradients).max()
    np.testing.assert_allclose(found["gradient"], gradients, rtol=1e-12, atol=1e-15 * scale)
    np.testing.assert_allclose(found["minima"], stage.minima, rtol=1e-12)
    np.testing.assert_array_equal(found["start"], stage.start)
    np.testing.assert_array_equal(found["box"], stage.box)


def allowed(rule: optimizers.Optimizer, stage: surfaces.Surface, w: np.ndarray) -> np.ndarray:
    """The error at each step that rounding may cause.

    Both sides agree to the bit where this was written, but another computer may round a cosine or a
    power of beta otherwise, and some runs magnify that without bound. So beside 1e-12 of the
    largest w stands what rounding does to Python's own run: 100 times the distance so far to runs
    that start one ulp away and see every gradient at a place one ulp away.
    """
    rng = np.random.default_rng(11)

    def moved(x: np.ndarray) -> np.ndarray:
        return x * (1 + np.finfo(float).eps * rng.choice([-1, 0, 1], (8, 2)))

    near = descend(lambda x: stage.gradient(moved(x)), moved(stage.start), rule, len(w) - 1)
    distance = np.abs(near.w - w[:, None]).max(axis=(1, 2))
    return 1e-12 * np.abs(w).max() + 100 * np.maximum.accumulate(distance)


def assert_same_runs(page: Page, method: str, cases: list[tuple[str, dict, dict]]) -> None:
    """200 steps of a method in every case of surface, its options and hyper-parameters."""
    starts = [python_surface(name, options).start.tolist() for name, options, _ in cases]
    arguments = [[*case[:2], start, method, case[2], 200] for case, start in zip(cases, starts)]
    for (name, options, hyper), found in zip(cases, page.evaluate(DESCEND_JS, arguments)):
        stage, rule = python_surface(name, options), getattr(optimizers, method)(**hyper)
        trace = descend(stage.gradient, stage.start, rule, 200)
        assert found["diverged"] == trace.diverged == -1
        error = np.abs(np.array(found["w"]) - trace.w).max(axis=1)
        assert (error <= allowed(rule, stage, trace.w)).all(), (name, options, hyper)


@pytest.mark.parametrize("method", RATES)
def test_trajectories(blank: Page, method: str) -> None:
    rates = [RATES[method][name] / (4 if options else 1) for name, options in CASES]
    assert_same_runs(blank, method, [(*case, {"lr": lr}) for case, lr in zip(CASES, rates)])


OTHER = {
    "Momentum": ({"beta": 0.0}, {"beta": 0.5}),
    "Nesterov": ({"beta": 0.0}, {"beta": 0.5}),
    "AdaGrad": ({"eps": 0.3},),
    "RMSProp": (
        {"beta": 0.5, "eps": 0.2},
        {"beta": 0.9, "eps": 0.01, "centered": True},
        {"beta": 0.0, "eps": 0.5, "centered": True},
    ),
    "Adadelta": ({"beta": 0.6, "eps": 0.001},),
    "Adam": ({"beta1": 0.5, "beta2": 0.9, "eps": 0.1}, {"beta1": 0.0, "beta2": 0.0, "eps": 1.0}),
    "AMSGrad": ({"beta1": 0.6, "beta2": 0.7, "eps": 0.1},),
    "AdamW": ({"beta1": 0.5, "beta2": 0.9, "eps": 0.1, "weight_decay": 0.7},),
    "NAdam": ({"beta1": 0.7, "beta2": 0.95, "eps": 0.1, "momentum_decay": 0.08},),
    "Adamax": ({"beta1": 0.5, "beta2": 0.9, "eps": 0.1},),
    "RAdam": ({"beta1": 0.5, "beta2": 0.9, "eps": 0.1}, {"beta2": 0.5}),
    "Lion": ({"beta1": 0.5, "beta2": 0.7, "weight_decay": 0.6},),
}


@pytest.mark.parametrize("method", OTHER)
def test_trajectories_with_other_hyperparameters(blank: Page, method: str) -> None:
    names = ("quadratic", "himmelblau", "two_wells")
    settings = [{"lr": 0.01, **hyper} for hyper in OTHER[method]]
    assert_same_runs(blank, method, [(name, {}, hyper) for name in names for hyper in settings])


def test_states_are_named_and_filled_as_in_python(blank: Page) -> None:
    start, gradients = [-7.0, 2.0], [[-0.7, 4.0], [0.0, -2.0], [1.5, 0.25]]
    found = blank.evaluate(
        """async ([start, gradients]) => {
          const { METHODS, hyperOf } = await import("/optimizers.js");
          return Object.fromEntries(Object.entries(METHODS).map(([name, method]) => {
            let w = start, state = method.init(w);
            const states = [state];
            for (const g of gradients) {
              ({ w, state } = method.step(w, g, state, hyperOf(method, { lr: 0.1 })));
              states.push(state);
            }
            return [name, states];
          }));
        }""",
        [start, gradients],
    )
    for method in RATES:
        rule, w = getattr(optimizers, method)(lr=0.1), np.array(start)
        state = rule.init(w)
        for t, theirs in enumerate(found[method]):
            assert set(state) <= set(theirs)
            for name, value in state.items():
                pair = np.broadcast_to(value, np.shape(theirs[name]))
                np.testing.assert_allclose(theirs[name], pair, rtol=1e-13, err_msg=method)
            if t < len(gradients):
                w, state = rule.step(w, np.array(gradients[t]), state)


def test_divergence_is_the_same_step(blank: Page) -> None:
    """Where the step does not grow with the gradient, only a huge rate makes a run diverge."""
    stage = surfaces.rosenbrock()
    steep = ("GradientDescent", "Momentum", "Nesterov")
    rates = {method: 0.01 if method in steep else 1e160 for method in RATES}
    arguments = [
        ["rosenbrock", {}, stage.start.tolist(), method, {"lr": lr}, 40]
        for method, lr in rates.items()
    ]
    for (method, lr), found in zip(rates.items(), blank.evaluate(DESCEND_JS, arguments)):
        trace = descend(stage.gradient, stage.start, getattr(optimizers, method)(lr=lr), 40)
        assert 0 < found["diverged"] == trace.diverged, (method, trace.diverged, found["diverged"])
        w = np.array(found["w"], float)
        np.testing.assert_array_equal(np.isnan(w), np.isnan(trace.w))
        np.testing.assert_allclose(w, trace.w, rtol=1e-9, err_msg=method)


def test_both_sides_know_the_same_names(blank: Page) -> None:
    found = blank.evaluate("""async () => [
      Object.keys((await import("/surfaces.js")).SURFACES),
      Object.keys((await import("/optimizers.js")).METHODS),
    ]""")
    assert found == [list(SURFACES), list(RATES)]
    rules = [rule for rule in vars(optimizers).values() if isinstance(rule, type)]
    rules = [rule.__name__ for rule in rules if issubclass(rule, optimizers.Optimizer)]
    assert found[1] == rules[1:]  # all of the package, in its order; the first is their base
    assert all(set(rates) == set(SURFACES) for rates in RATES.values())


def test_methods_have_the_defaults_of_python(blank: Page) -> None:
    found = blank.evaluate("""async () => {
      const { METHODS } = await import("/optimizers.js");
      return Object.entries(METHODS).map(([name, { parameters }]) =>
        [name, Object.fromEntries(parameters.map(({ name, value }) => [name, value]))]);
    }""")
    for name, hyper in found:
        python = {field.name: field.default for field in fields(getattr(optimizers, name))}
        assert {"lr": python["lr"], **hyper} == python


def test_level_curves_lie_on_their_level(blank: Page) -> None:
    """Every end of a drawn segment of a circle's level curve lies on that circle."""
    path = blank.evaluate("""async () => {
      const { equalScales, levelCurve, sample } = await import("/draw.js");
      const [x, y] = equalScales([[-1, 1], [-1, 1]]);
      return levelCurve(sample(([a, b]) => a * a + b * b, x, y), 0.25);
    }""")
    pixels = np.array([pair.split() for pair in path.replace("L", "M").split("M")[1:]], float)
    radius = np.hypot(pixels[:, 0] - 155, pixels[:, 1] - 118) / 118
    assert len(pixels) > 200
    np.testing.assert_allclose(radius, 0.5, atol=2e-3)
