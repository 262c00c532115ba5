"""Adam's anatomy in a real browser; every number in it is computed again in Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.interactive import AdamAnatomy
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.loops import descend
from descentlab.optimizers import Adam
from descentlab.surfaces import ravine

Mount = Callable[..., Page]
NAMES = ("g", "m", "mHat", "v", "vHat", "dw")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
ROWS_JS = """async ([turned, start, hyper, steps]) => {
  const { adamRows } = await import("/adam_anatomy.js");
  return adamRows(turned, start, hyper, steps);
}"""


def anatomy(turned: bool, start: list[float], steps: int, **hyper: float) -> dict[str, np.ndarray]:
    """All numbers of a run, each of shape (steps, 2)."""
    surface = ravine(angle=np.pi / 4 if turned else 0.0)
    rule = Adam(**hyper)
    trace = descend(surface.gradient, np.array(start), rule, steps)
    t = np.arange(1, steps + 1)[:, None]
    m, v = trace.state("m")[1:], trace.state("v")[1:]
    return {
        "w": trace.w[1:],
        "g": trace.g,
        "m": m,
        "v": v,
        "mHat": m / (1 - rule.beta1**t),
        "vHat": v / (1 - rule.beta2**t),
        "dw": np.diff(trace.w, axis=0),
    }


def number(text: str) -> float:
    return float(text.translate(DIGITS).replace(" × 10", "e"))


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def table(page: Page) -> np.ndarray:
    """The numbers of the table, one row for each of g, m, m̂, v, v̂, m̂/√v̂, Δw."""
    cells = page.locator(".dl-numbers td").all_inner_texts()
    return np.array([number(cell) for cell in cells]).reshape(-1, 2)


def assert_table(page: Page, t: int, turned: bool = False, **hyper: float) -> None:
    rule = {"lr": 0.5, "beta1": 0.9, "beta2": 0.999, **hyper}
    run = {name: x[t - 1] for name, x in anatomy(turned, [-7.0, 2.0], 60, **rule).items()}
    ratio = run["mHat"] / np.sqrt(run["vHat"])
    expected = [run["g"], run["m"], run["mHat"], run["v"], run["vHat"], ratio, run["dw"]]
    np.testing.assert_allclose(table(page), expected, rtol=5.01e-3)
    assert status(page).startswith(f"Step {t}: ")
    loss = ravine(angle=np.pi / 4 if turned else 0.0).value(run["w"])
    told = re.search(r"L = (.+)\.$", status(page))
    assert told
    assert number(told[1]) == pytest.approx(loss, rel=5.01e-3)


def set_slider(page: Page, name: str, value: float) -> None:
    page.get_by_role("slider", name=name).evaluate(
        "(el, x) => { el.value = x; el.dispatchEvent(new Event('input', { bubbles: true })); }",
        value,
    )


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "hyper",
    [
        {"lr": 0.5, "beta1": 0.9, "beta2": 0.999},
        {"lr": 0.1, "beta1": 0.0, "beta2": 0.9, "eps": 1e-2},
        {"lr": 0.3, "beta1": 0.5, "beta2": 0.99},
    ],
)
def test_all_numbers_are_pythons(blank: Page, turned: bool, hyper: dict[str, float]) -> None:
    rows = blank.evaluate(ROWS_JS, [turned, [-7.0, 2.0], hyper, 60])
    assert [row["t"] for row in rows] == list(range(1, 61))
    for name, expected in anatomy(turned, [-7.0, 2.0], 60, **hyper).items():
        found = np.array([row[name] for row in rows], dtype=float)
        scale = np.abs(expected).max(axis=0)
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * scale.max())


def test_it_starts_with_its_traits(mount: Mount) -> None:
    page = mount(AdamAnatomy())
    assert status(page) == (
        "Step 1: w₁ moves by 0.500, 1.00 of α; w₂ moves by −0.500, 1.00 of α. Then L = 4.36."
    )
    assert_table(page, 1)


def test_the_step_is_walked_by_slider_and_keys(mount: Mount) -> None:
    page = mount(AdamAnatomy())
    set_slider(page, "Step t", 17)
    assert_table(page, 17)
    page.get_by_role("slider", name="Step t").press("ArrowRight")
    assert_table(page, 18)
    page.get_by_role("slider", name="Step t").press("End")
    assert_table(page, 60)
    page.get_by_role("button", name="Reset").click()
    assert_table(page, 1)


def test_rates_and_surface_change_the_run(mount: Mount) -> None:
    page = mount(AdamAnatomy(t=10))
    set_slider(page, "Learning rate α", 0.25)
    set_slider(page, "β₁", 0.5)
    set_slider(page, "β₂", 0.9)
    assert_table(page, 10, lr=0.25, beta1=0.5, beta2=0.9)
    page.get_by_role("combobox", name="Surface").select_option("true")
    assert_table(page, 10, turned=True, lr=0.25, beta1=0.5, beta2=0.9)
    set_slider(page, "Learning rate α", 0)
    assert "of α" not in status(page)
    assert (table(page)[-1] == 0).all()


@pytest.mark.parametrize(("chart", "names"), [("direction", 3), ("size", 3), ("step", 1)])
def test_the_chart_shows_the_chosen_numbers(mount: Mount, chart: str, names: int) -> None:
    page = mount(AdamAnatomy(t=20))
    page.get_by_role("combobox", name="Chart").select_option(chart)
    page.get_by_role("combobox", name="Coordinate").select_option("2")
    curves = page.locator(".dl-side .dl-curve")
    assert curves.count() == names == page.locator(".dl-side .dl-key").count()
    shown = curves.last.get_attribute("d")
    assert shown
    heights = np.array([float(pair.split()[1]) for pair in re.split("[ML]", shown)[1:]])
    run = anatomy(False, [-7.0, 2.0], 60, lr=0.5, beta1=0.9, beta2=0.999)
    hats = {"direction": run["mHat"], "size": np.sqrt(run["vHat"]), "step": run["dw"]}
    expected = hats[chart][:, 1]
    slope, shift = np.polyfit(expected, heights, 1)
    assert slope < 0
    np.testing.assert_allclose(heights, slope * expected + shift, atol=0.1)


def test_the_start_moves_by_click_and_keys(mount: Mount) -> None:
    page = mount(AdamAnatomy())
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.5 * box["height"])
    assert table(page)[0] == pytest.approx([0.4, 0], abs=0.03)
    page.get_by_role("application").press("ArrowUp")
    page.get_by_role("application").press("ArrowRight")
    assert table(page)[0] == pytest.approx([0.41, 0.2], abs=0.03)


def test_at_the_minimum_nothing_moves_and_all_is_drawn(mount: Mount) -> None:
    page = mount(AdamAnatomy(start=(0, 0)))
    assert status(page) == "Step 1: w₁ moves by 0, 0 of α; w₂ moves by 0, 0 of α. Then L = 0."
    for path in page.locator("svg path").evaluate_all("all => all.map((p) => p.outerHTML)"):
        assert "NaN" not in path
        assert "Infinity" not in path


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in (
        {"lr": 2.1},
        {"beta1": 1.0},
        {"beta2": float("nan")},
        {"steps": 0},
        {"t": 0},
        {"coordinate": 3},
        {"chart": "loss"},
    ):
        with pytest.raises(TraitError):
            AdamAnatomy(**arguments)
    widget = AdamAnatomy(turned=True, lr=0.25, chart="size")
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "adam_anatomy.js")


def test_a_step_beyond_the_last_shows_the_last(mount: Mount) -> None:
    assert status(mount(AdamAnatomy(steps=5, t=9))).startswith("Step 5: ")
