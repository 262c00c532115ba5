"""The shipped JavaScript computes what the Python package computes."""

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
DESCEND_JS = """async ([name, options, start, method, hyper, steps]) => {
  const { surface } = await import("/surfaces.js");
  const { METHODS, descend } = await import("/optimizers.js");
  return descend(surface(name, options).gradient, start, METHODS[method], hyper, steps);
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


@pytest.mark.parametrize(("name", "options"), CASES)
@pytest.mark.parametrize("method", RATES)
def test_trajectories(blank: Page, name: str, options: dict[str, float], method: str) -> None:
    stage = python_surface(name, options)
    lr = RATES[method][name] / (4 if options else 1)
    trace = descend(stage.gradient, stage.start, getattr(optimizers, method)(lr=lr), 200)
    assert trace.diverged == -1
    arguments = [name, options, stage.start.tolist(), method, {"lr": lr}, 200]
    found = blank.evaluate(DESCEND_JS, arguments)
    assert found["diverged"] == -1
    np.testing.assert_allclose(found["w"], trace.w, rtol=1e-12, atol=1e-13)


def test_divergence_is_the_same_step(blank: Page) -> None:
    stage = surfaces.rosenbrock()
    trace = descend(stage.gradient, stage.start, optimizers.GradientDescent(lr=0.01), 40)
    arguments = ["rosenbrock", {}, stage.start.tolist(), "GradientDescent", {"lr": 0.01}, 40]
    found = blank.evaluate(DESCEND_JS, arguments)
    assert 0 < found["diverged"] == trace.diverged
    np.testing.assert_array_equal(np.isnan(found["w"]), np.isnan(trace.w))
    np.testing.assert_allclose(found["w"][: trace.diverged], trace.w[: trace.diverged], rtol=1e-9)


def test_both_sides_know_the_same_names(blank: Page) -> None:
    found = blank.evaluate("""async () => [
      Object.keys((await import("/surfaces.js")).SURFACES),
      Object.keys((await import("/optimizers.js")).METHODS),
    ]""")
    assert found == [list(SURFACES), list(RATES)]
    assert all(set(rates) == set(SURFACES) for rates in RATES.values())


def test_methods_have_the_defaults_of_python(blank: Page) -> None:
    found = blank.evaluate("""async () => {
      const { METHODS } = await import("/optimizers.js");
      return Object.entries(METHODS).map(([name, { parameters }]) =>
        [name, Object.fromEntries(parameters.map(({ name, value }) => [name, value]))]);
    }""")
    for name, hyper in found:
        rule = getattr(optimizers, name)()
        assert hyper == {key: getattr(rule, key) for key in hyper}


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
