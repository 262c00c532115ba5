"""The gradient flow in a real browser; its numbers are computed again in Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.interactive import GradientFlow
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.losses import softmax_cross_entropy
from descentlab.network import Dense, LeakyReLU, Network, ReLU, Sigmoid, Tanh

Mount = Callable[..., Page]
LAYERS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU(), "leaky": LeakyReLU(0.1)}
FLOW_JS = """async ([seed, activation, depth, c]) => {
  const { flowDraw, gradientFlow } = await import("/gradient_flow.js");
  const draw = flowDraw(seed);
  return { ...draw, ...gradientFlow(draw, activation, depth, c) };
}"""


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


@pytest.mark.parametrize("activation", LAYERS)
@pytest.mark.parametrize(("depth", "c"), [(1, 1.0), (12, 0.7), (30, 1.4)])
def test_the_norms_are_those_of_the_library(
    blank: Page, activation: str, depth: int, c: float
) -> None:
    found = blank.evaluate(FLOW_JS, [3, activation, depth, c])
    layer = LAYERS[activation]
    weights = c * np.array(found["weights"][:depth])
    y, caches = np.array([found["input"]]), []
    for W in weights:
        y, cache = layer.forward(y @ W.T)
        caches.append(cache)
    dy = np.array([found["incoming"]])
    norms, sizes = [], []
    for W, cache in zip(weights[::-1], caches[::-1]):
        dz = layer.backward(dy, cache)
        slopes = layer.backward(np.ones_like(dy), cache)
        norms.append(np.linalg.norm(dz))
        sizes.append(np.sqrt(np.mean(slopes**2)))
        dy = dz @ W
    np.testing.assert_allclose(found["norms"], norms[::-1], rtol=1e-11)
    np.testing.assert_allclose(found["sizes"], sizes[::-1], rtol=1e-11)


def test_the_way_back_is_that_of_a_network(blank: Page) -> None:
    """With one example the bias gradients of a Network are the vectors whose norms are drawn."""
    depth, c = 5, 1.2
    found = blank.evaluate(FLOW_JS, [1, "tanh", depth, c])
    hidden = [layer for _ in range(depth) for layer in (Dense(32, 32), Tanh())]
    network = Network([*hidden, Dense(32, 3)], loss=softmax_cross_entropy)
    last = np.random.default_rng(0).standard_normal((32, 3))
    parts = [np.append((c * np.array(W)).T.ravel(), np.zeros(32)) for W in found["weights"][:depth]]
    w = np.concatenate([*parts, last.ravel(), np.zeros(3)])
    X = np.array([found["input"]])
    g = network.split(network.loss_and_gradient(w, X, np.array([1]))[1])
    z = network.logits(w, X)
    incoming = (softmax_cross_entropy.gradient(z, np.array([1])) @ last.T)[0]
    js = blank.evaluate(
        """async ([draw, incoming, depth, c]) => {
          const { gradientFlow } = await import("/gradient_flow.js");
          return gradientFlow({ ...draw, incoming }, "tanh", depth, c).norms;
        }""",
        [{"input": found["input"], "weights": found["weights"]}, incoming.tolist(), depth, c],
    )
    np.testing.assert_allclose(js, [np.linalg.norm(part[1]) for part in g[:-1] if part], rtol=1e-11)


def test_the_draw_is_normal_and_the_seed_decides_it(blank: Page) -> None:
    first, again, other = (
        blank.evaluate(FLOW_JS, [seed, "tanh", 1, 1.0])["weights"] for seed in (4, 4, 5)
    )
    assert first == again != other
    weights = np.array(first) * np.sqrt(32)
    assert abs(weights.mean()) < 0.03
    np.testing.assert_allclose([weights.std(), np.mean(weights**4)], [1, 3], rtol=0.05)


def test_gelu_slopes_are_its_derivative(blank: Page) -> None:
    """One layer whose only weight is on the diagonal shows slope and value at chosen places."""
    h, slopes = 1e-5, []
    for z in (-1.3, 0.4, 2.0):
        js = """async (z) => {
          const { gradientFlow } = await import("/gradient_flow.js");
          const row = (i) => Array.from({ length: 32 }, (_, j) => +(i === j));
          const eye = Array.from({ length: 32 }, (_, i) => row(i));
          const draw = { input: Array(32).fill(z), incoming: Array(32).fill(1), weights: [eye] };
          return gradientFlow(draw, "gelu", 1, 1).sizes[0];
        }"""
        slopes.append(blank.evaluate(js, z))

    def gelu(z: float) -> float:
        return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))

    expected = [abs(gelu(z + h) - gelu(z - h)) / (2 * h) for z in (-1.3, 0.4, 2.0)]
    np.testing.assert_allclose(slopes, expected, rtol=1e-7)


def test_it_starts_with_its_traits_and_follows_its_controls(mount: Mount) -> None:
    page = mount(GradientFlow())
    assert re.match(
        r"sigmoid, c = 1, 20 layers: the gradient is multiplied by 0\.2\d\d per layer, predicted "
        r"0\.2\d\d\. At layer 1 it is \d\.\d\d × 10⁻¹[⁰¹²³⁴] of what it is at layer 20\.",
        status(page),
    )
    start = status(page)
    page.get_by_role("combobox", name="Activation").select_option("relu")
    assert status(page).startswith("ReLU, c = 1, 20 layers: ")
    page.get_by_role("slider", name="Depth").press("End")
    assert "30 layers" in status(page)
    page.get_by_role("slider", name="Depth").press("Home")
    assert status(page) == "ReLU, c = 1, 1 layer: nothing to multiply yet. Add layers."
    page.get_by_role("button", name="Reset").click()
    assert status(page) == start
    page.get_by_role("button", name="New draw").click()
    assert status(page) != start
    field = page.get_by_role("textbox", name="Scale of the weights c")
    told = status(page)
    field.fill("99")
    field.press("Enter")
    assert page.get_by_role("alert").inner_text() == "“99” is not a number from 0.1 to 12."
    assert status(page) == told
    field.fill("12")
    field.press("Enter")
    assert page.get_by_role("alert").inner_text() == ""
    assert "c = 12" in status(page)


@pytest.mark.parametrize("scale", [0.1, 12])
@pytest.mark.parametrize("activation", [*LAYERS, "gelu"])
def test_the_extremes_are_drawn(mount: Mount, activation: str, scale: float) -> None:
    page = mount(GradientFlow(activation, 30, scale))
    for curve in page.locator(".dl-curve").all():
        path = curve.get_attribute("d")
        assert path is not None
        assert "NaN" not in path
        assert "Infinity" not in path
    assert "NaN" not in status(page)


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in ({"activation": "swish"}, {"depth": 31}, {"scale": 0}, {"seed": -1}):
        with pytest.raises(TraitError):
            GradientFlow(**arguments)
    widget = GradientFlow("relu", scale=1.4)
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "gradient_flow.js")
