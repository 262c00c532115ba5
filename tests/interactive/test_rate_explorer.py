"""The rate explorer in a real browser; its numbers are computed again in Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.interactive import RateExplorer
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.loops import descend
from descentlab.optimizers import GradientDescent
from descentlab.surfaces import ravine

Mount = Callable[..., Page]
CLICKED = 0.03  # a click is as exact as a pixel
NUMBER = re.compile(r"(?<![\w₀-₉])−?\d+(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def numbers(text: str) -> list[float]:
    return [float(n.translate(DIGITS).replace(" × 10", "e")) for n in NUMBER.findall(text)]


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def assert_parabola(
    page: Page, lr: float, curvature: float, w0: float, rtol: float = 5.01e-3
) -> None:
    run = descend(lambda w: curvature * w, np.array([w0]), GradientDescent(lr), 30)
    expected = [lr * curvature, 1 - lr * curvature, 30, abs(run.w[-1, 0])]
    found = numbers(status(page))
    np.testing.assert_allclose(found[:3], expected[:3], atol=5.01e-4)
    np.testing.assert_allclose(found[3], expected[3], rtol=rtol)


def assert_ellipse(
    page: Page, lr: float, start: tuple[float, float], rtol: float = 5.01e-3
) -> None:
    trace = descend(ravine().gradient, np.array(start, dtype=float), GradientDescent(lr), 30)
    expected = [lr, 1 - lr / 10, 1 - 2 * lr, 30, ravine().value(trace.w[-1])]
    found = numbers(status(page))
    np.testing.assert_allclose(found[:4], expected[:4], atol=5.01e-4)
    np.testing.assert_allclose(found[4], expected[4], rtol=rtol)


def plot_point(page: Page, fx: float, fy: float) -> tuple[float, float]:
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    return box["x"] + fx * box["width"], box["y"] + fy * box["height"]


def set_rate(page: Page, lr: float) -> None:
    slider = page.get_by_role("slider", name="Learning rate α")
    slider.evaluate(
        "(el, lr) => { el.value = lr; el.dispatchEvent(new Event('input', { bubbles: true })); }",
        lr,
    )


def test_it_starts_with_its_traits(mount: Mount) -> None:
    page = mount(RateExplorer())
    assert status(page).startswith(
        "αλ = 1.50: oscillating, each error is multiplied by −0.50. After 30 steps |w| = "
    )
    assert_parabola(page, 1.5, 1.0, -4.0)


@pytest.mark.parametrize(
    ("lr", "word"),
    [
        (0, "standing still"),
        (0.3, "approaching from one side"),
        (1, "there in one step"),
        (1.99, "oscillating"),
        (2, "swapping sides for ever"),
        (2.01, "diverging"),
        (2.4, "diverging"),
    ],
)
def test_the_regimes_are_named(mount: Mount, lr: float, word: str) -> None:
    page = mount(RateExplorer(lr=lr))
    assert f": {word}, " in status(page)
    assert_parabola(page, lr, 1.0, -4.0)
    stairs = page.locator(".dl-side .dl-curve").get_attribute("d")
    assert stairs is not None
    heights = [float(pair.split()[1]) for pair in re.split("[ML]", stairs)[1:]]
    change = np.diff(heights)  # pixels run down
    if lr in (0, 2):
        assert (change == 0).all()
    else:
        assert (change <= 0).all() if lr > 2 else (change >= 0).all()
        assert (change != 0).any()


def test_rate_curvature_and_reset(mount: Mount) -> None:
    page = mount(RateExplorer())
    page.get_by_role("slider", name="Learning rate α").press("ArrowRight")
    assert_parabola(page, 1.51, 1.0, -4.0)
    page.get_by_role("slider", name="Curvature λ").press("ArrowRight")
    assert_parabola(page, 1.51, 1.5, -4.0)
    assert "diverging" in status(page)
    page.get_by_role("button", name="Reset").click()
    assert_parabola(page, 1.5, 1.0, -4.0)


def test_the_start_moves_by_click_drag_and_keys(mount: Mount) -> None:
    page = mount(RateExplorer(lr=0.1))
    page.mouse.click(*plot_point(page, 0.9, 0.3))
    assert_parabola(page, 0.1, 1.0, 4.0, CLICKED)
    page.mouse.move(*plot_point(page, 0.9, 0.4))
    page.mouse.down()
    page.mouse.move(*plot_point(page, 0.7, 0.4), steps=5)
    page.mouse.up()
    assert_parabola(page, 0.1, 1.0, 2.0, CLICKED)
    page.get_by_role("application").press("ArrowLeft")
    assert_parabola(page, 0.1, 1.0, 1.9, CLICKED)


def test_the_ellipse_has_two_factors(mount: Mount) -> None:
    page = mount(RateExplorer())
    page.get_by_role("combobox", name="Loss").select_option("ellipse")
    assert status(page) == (
        "α = 0.95: w₁ is approaching from one side, factor 0.905; w₂ is oscillating, factor "
        "−0.900. After 30 steps L = 0.0133."
    )
    assert page.get_by_role("slider", name="Curvature λ").count() == 0
    assert page.locator(".dl-side .dl-curve").count() == 2
    set_rate(page, 0.9)
    assert_ellipse(page, 0.9, (-7, 2))
    page.get_by_role("slider", name="Learning rate α").press("End")
    assert_ellipse(page, 1.2, (-7, 2))
    assert "w₂ is diverging, factor −1.400" in status(page)
    set_rate(page, 0.5)
    page.mouse.click(*plot_point(page, 0.75, 0.5))
    assert_ellipse(page, 0.5, (4, 0), CLICKED)
    page.get_by_role("application").press("ArrowUp")
    assert_ellipse(page, 0.5, (4, 0.1), CLICKED)
    page.get_by_role("combobox", name="Loss").select_option("parabola")
    assert_parabola(page, 1.5, 1.0, -4.0)


def test_the_longest_divergent_run_is_drawn(mount: Mount) -> None:
    page = mount(RateExplorer(lr=2.4, curvature=2, steps=200))
    path = page.locator(".dl-main .dl-path").get_attribute("d")
    assert path
    assert "NaN" not in path
    assert "Infinity" not in path


def test_the_iterates_lie_on_the_parabola(mount: Mount) -> None:
    page = mount(RateExplorer(lr=0.3))
    path = page.locator(".dl-main .dl-path").get_attribute("d")
    assert path is not None
    pixels = np.array([pair.split() for pair in re.split("[ML]", path)[1:]], float)
    w = -4 * 0.7 ** np.arange(31)
    np.testing.assert_allclose(pixels[:, 0], 310 * (w + 5) / 10, atol=0.06)
    top, low = 12.5, -12.5 / 12
    np.testing.assert_allclose(pixels[:, 1], 236 * (top - w**2 / 2) / (top - low), atol=0.06)


def test_a_finger_taps_the_plot(mount: Mount) -> None:
    page = mount(RateExplorer("ellipse"), viewport={"width": 360, "height": 700}, has_touch=True)
    page.locator(".dl-main").scroll_into_view_if_needed()
    page.touchscreen.tap(*plot_point(page, 0.25, 0.5))
    assert_ellipse(page, 0.95, (-4, 0), CLICKED)


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in ({"view": "cone"}, {"lr": 3}, {"lr": float("nan")}, {"w0": 6}, {"steps": 0}):
        with pytest.raises(TraitError):
            RateExplorer(**arguments)
    widget = RateExplorer("ellipse", lr=0.5)
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "rate_explorer.js")
