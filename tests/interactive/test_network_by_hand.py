"""The network by hand in a real browser; its numbers are computed again by the library."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.interactive import NetworkByHand
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.losses import squared_error
from descentlab.network import Dense, Network, ReLU, Sigmoid, Tanh

Mount = Callable[..., Page]
WALK_JS = """async (cases) => {
  const { handWalk } = await import("/network_by_hand.js");
  return cases.map(([w, activation]) => {
    const { out, loss, gradient } = handWalk(w, activation);
    return [out, loss, ...gradient];
  });
}"""
LAYERS = {"relu": ReLU(), "tanh": Tanh(), "sigmoid": Sigmoid()}
X, Y = np.array([[1.0, 2.0]]), np.array([3.0])
STATUS = re.compile(
    r"(\S+) = (\S+): L = (.+), ∂L/∂(\S+) = (.+)\. For d(\S+) = 0\.01, dL = (.+); "
    r"the loss changes by (.+)\."
)
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def network(activation: str) -> Network:
    return Network([Dense(2, 2), LAYERS[activation], Dense(2, 1)], squared_error)


def read(text: str) -> float:
    return float(text.translate(DIGITS).replace(" × 10", "e"))


def assert_told(page: Page, w: list[float], k: int, activation: str) -> None:
    match = STATUS.fullmatch(page.get_by_role("status").inner_text())
    assert match, page.get_by_role("status").inner_text()
    net, at, nudge = network(activation), np.array(w), np.zeros(9)
    nudge[k] = 0.01
    loss, slope = float(net.value(at, X, Y)), float(net.gradient(at, X, Y)[k])
    change = float(net.value(at + nudge, X, Y)) - loss
    assert match[1] == match[4] == match[6]
    found = [read(match[i]) for i in (2, 3, 5, 7, 8)]
    np.testing.assert_allclose(found, [w[k], loss, slope, 0.01 * slope, change], rtol=5.01e-3)


@pytest.mark.parametrize("activation", LAYERS)
def test_the_walk_is_the_librarys(blank: Page, activation: str) -> None:
    w = np.random.default_rng(16).uniform(-3, 3, (200, 9))
    found = blank.evaluate(WALK_JS, [[row.tolist(), activation] for row in w])
    net = network(activation)
    expected = [
        [net.logits(row, X)[0], net.value(row, X, Y), *net.gradient(row, X, Y)] for row in w
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_it_starts_with_the_numbers_of_the_chapter(mount: Mount) -> None:
    page = mount(NetworkByHand())
    assert page.get_by_role("status").inner_text() == (
        "W₁₁ = 1: L = 1.00, ∂L/∂W₁₁ = 4.00. For dW₁₁ = 0.01, dL = 0.0400; "
        "the loss changes by 0.0404."
    )
    told = page.locator(".dl-hand-slope").all_text_contents()
    assert [read(text) for text in told] == [4, -2, 8, -4, 6, 4, 4, -2, 2]


def test_parameter_value_activation_and_reset(mount: Mount) -> None:
    widget = NetworkByHand()
    page, w = mount(widget), list(widget.parameters)
    page.get_by_role("combobox", name="Parameter").select_option("b2")
    assert_told(page, w, 5, "relu")
    page.get_by_role("slider", name="Its value").press("ArrowRight")
    assert_told(page, [*w[:5], -0.95, *w[6:]], 5, "relu")
    page.get_by_role("combobox", name="Activation").select_option("tanh")
    assert_told(page, [*w[:5], -0.95, *w[6:]], 5, "tanh")
    page.get_by_role("button", name="Reset").click()
    assert_told(page, w, 0, "relu")


@pytest.mark.parametrize("activation", LAYERS)
def test_the_extremes_are_drawn(mount: Mount, activation: str) -> None:
    page = mount(NetworkByHand([3.0, -3.0] * 4 + [3.0], "c", activation))
    for path in page.locator("path").all():
        drawn = path.get_attribute("d")
        assert drawn
        assert "NaN" not in drawn
        assert "Infinity" not in drawn


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in (
        {"parameters": [1.0] * 8},
        {"parameters": [4.0] * 9},
        {"parameters": [float("nan")] * 9},
        {"chosen": "W13"},
        {"activation": "step"},
    ):
        with pytest.raises(TraitError):
            NetworkByHand(**arguments)
    widget = NetworkByHand(chosen="v1", activation="tanh")
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "network_by_hand.js")
