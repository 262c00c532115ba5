"""The histograms of activations in a real browser; their numbers are computed again in Python."""

import gzip
import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.interactive import ActivationHistograms
from descentlab.interactive.activation_histograms import BINS, summarise
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle

Mount = Callable[..., Page]
FUNCTIONS = {"tanh": np.tanh, "ReLU": lambda z: np.maximum(z, 0)}
OUTPUTS: dict = {}
for _name, _scale in (("small", 0.3), ("large", 3.0)):
    _rng = np.random.default_rng(1)
    OUTPUTS[_name] = {
        kind: [f(_scale ** (k + 1) * _rng.standard_normal((5, 80))) for k in range(4)]
        for kind, f in FUNCTIONS.items()
    }


def widget(**arguments: object) -> ActivationHistograms:
    return ActivationHistograms(OUTPUTS, **arguments)


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def numbers(text: str) -> list[float]:
    plain = text.replace(" × 10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-"))
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


def assert_layer(page: Page, scheme: str, kind: str, layer: int) -> None:
    """The sentence has the numbers of the outputs themselves, and the bars their histogram."""
    outputs = OUTPUTS[scheme][kind]
    h = outputs[layer - 1]
    rms = [np.sqrt(np.mean(np.square(x))) for x in (h, outputs[0], outputs[-1])]
    assert status(page).startswith(f"{scheme}, {kind}, layer {layer}: root mean square ")
    found = numbers(status(page).split(": ", 1)[1])
    if kind == "tanh":
        beyond = 100 * np.mean(np.abs(h) > 0.99)
        expected = [rms[0], beyond, 0.99, 1, rms[1], 4, rms[2]]
    else:
        zero, beyond = 100 * np.mean(h == 0), 100 * np.mean(h > 4)
        expected = [rms[0], zero, 0, beyond, 4, 1, rms[1], 4, rms[2]]
    np.testing.assert_allclose(found, expected, rtol=6e-3, atol=0.051 if kind == "ReLU" else 6e-3)
    bars = page.locator(".dl-main .dl-band").get_attribute("d") or ""
    edges = (-1, 1) if kind == "tanh" else (0, 4)
    counts, _ = np.histogram(h, BINS, edges)
    shares = counts / h.size
    heights = [236 - float(y) for y in re.findall(r"V([\d.]+)H", bars)]
    top = max(0.1, np.ceil(10 * shares.max() - 1e-3) / 10)
    np.testing.assert_allclose(heights, 236 * shares[shares > 0] / top, atol=0.3)


def choose_layer(page: Page, layer: int) -> None:
    page.get_by_role("slider", name="Layer").evaluate(
        "(el, k) => { el.value = k; el.dispatchEvent(new Event('input', { bubbles: true })); }",
        layer,
    )


def test_every_scheme_activation_and_layer_is_shown(mount: Mount) -> None:
    page = mount(widget())
    assert_layer(page, "small", "tanh", 1)
    for scheme in OUTPUTS:
        page.get_by_role("combobox", name="Weights").select_option(scheme)
        for kind in FUNCTIONS:
            page.get_by_role("combobox", name="Activation").select_option(kind)
            for layer in (1, 4):
                choose_layer(page, layer)
                assert_layer(page, scheme, kind, layer)
    page.get_by_role("button", name="Reset").click()
    assert_layer(page, "small", "tanh", 1)


def test_the_sizes_of_all_layers_are_on_a_logarithmic_axis(mount: Mount) -> None:
    page = mount(widget(activation="ReLU"))
    dots = page.locator(".dl-side .dl-dots").get_attribute("d")
    assert dots
    y = [float(pair.split()[1]) for pair in re.findall(r"M([\d. ]+)h0", dots)]
    sizes = {s: [np.sqrt(np.mean(x**2)) for x in OUTPUTS[s]["ReLU"]] for s in OUTPUTS}
    logs = np.log10([*sizes["small"], *sizes["large"]])
    low, high = np.floor(min(-1, logs.min())), np.ceil(max(0, logs.max()))
    expected = 236 * (high - logs[:4]) / (high - low)
    np.testing.assert_allclose(y, expected, atol=0.06)


def test_the_layer_moves_by_keyboard(mount: Mount) -> None:
    page = mount(widget(scheme="large", activation="ReLU", layer=2))
    page.get_by_role("slider", name="Layer").press("ArrowRight")
    assert_layer(page, "large", "ReLU", 3)


def test_layers_without_signal_are_drawn(mount: Mount) -> None:
    dead = ActivationHistograms({"zero": {"ReLU": [np.zeros(9), np.zeros(9)]}})
    page = mount(dead)
    assert "root mean square 0; 100 % of the outputs are 0 and 0 % are above 4" in status(page)
    assert "NaN" not in (page.locator(".dl-side .dl-dots").get_attribute("d") or "NaN")


def test_a_summary_keeps_what_the_outputs_say() -> None:
    h = np.array([[0.0, 0.05, 0.05, 9.0]])
    found = summarise([h], "ReLU")
    assert found["shares"][0][:1] == [7500]
    assert sum(found["shares"][0]) == 7500
    assert found["zero"] == [0.25]
    assert found["beyond"] == [0.25]
    assert found["rms"] == [float(f"{np.sqrt(np.mean(h**2)):.4g}")]


def test_twenty_layers_of_eight_schemes_are_small() -> None:
    rng = np.random.default_rng(0)
    layers = {k: [f(rng.standard_normal(4000)) for _ in range(20)] for k, f in FUNCTIONS.items()}
    made = ActivationHistograms({f"scheme {k}": layers for k in range(8)})
    varied = {
        f"scheme {k}": {
            a: summarise([f(rng.standard_normal(4000)) for _ in range(20)], a)
            for a, f in FUNCTIONS.items()
        }
        for k in range(8)
    }
    assert set(made.data) == set(varied)
    assert len(gzip.compress(json.dumps(varied).encode())) < 60_000


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in ({"scheme": "other"}, {"activation": "GELU"}, {"layer": 0}, {"layer": 5}):
        with pytest.raises(TraitError):
            widget(**arguments)
    for outputs in (
        {},
        {"a": {}},
        {"a": {"tanh": []}},
        {"a": {"tanh": [[]]}},
        {"a": {"tanh": [[np.nan]]}},
        {"a": {"sine": [[0.0]]}},
        {"a": {"tanh": [[0.0]]}, "b": {"ReLU": [[0.0]]}},
        {"a": {"tanh": [[0.0]], "ReLU": [[0.0], [1.0]]}},
    ):
        with pytest.raises(TraitError):
            ActivationHistograms(outputs)
    shown = widget(scheme="large", layer=3)
    assert repr(shown) == (
        "ActivationHistograms(2 schemes, scheme='large', activation='tanh', layer=3)"
    )
    assert shown._esm == bundle(ASSETS / "activation_histograms.js")
