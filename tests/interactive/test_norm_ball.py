"""The norm ball in a real browser; its numbers are computed again in Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.geometry import steepest_diagonal, steepest_l1, steepest_l2, steepest_linf
from descentlab.interactive import NormBall
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle

Mount = Callable[..., Page]
STATE_JS = """async (cases) => {
  const { ballState, BALLS } = await import("/norm_ball.js");
  return cases.map(([norm, degrees, ratio]) => {
    const { g, d, change } = ballState(norm, degrees, ratio);
    return [...g, ...d, change, BALLS[norm].norm(d, ratio)];
  });
}"""
STATUS = re.compile(
    r"(ℓ₂|ℓ∞|ℓ₁|D), g at (\S+)°: best d = \((\S+), (\S+)\), ⟨g, d⟩ = (\S+), (\S+)° away from −g\."
)
SIGNS = {"l2": "ℓ₂", "linf": "ℓ∞", "l1": "ℓ₁", "diagonal": "D"}


def best(norm: str, g: np.ndarray, ratio: float) -> np.ndarray:
    if norm == "diagonal":
        return steepest_diagonal(g, np.array([1.0, ratio]))
    return {"l2": steepest_l2, "l1": steepest_l1, "linf": steepest_linf}[norm](g)


def gradient(degrees: float) -> np.ndarray:
    g = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
    return np.where(np.abs(g) < 1e-15, 0, g)


def assert_told(page: Page, norm: str, degrees: float, ratio: float = 4.0) -> None:
    match = STATUS.fullmatch(page.get_by_role("status").inner_text())
    assert match, page.get_by_role("status").inner_text()
    g = gradient(degrees)
    d = best(norm, g, ratio)
    off = np.degrees(np.arccos(np.clip(-(g @ d) / np.linalg.norm(d), -1, 1)))
    found = [float(text.replace("−", "-")) for text in match.groups()[1:]]
    assert match[1] == SIGNS[norm]
    np.testing.assert_allclose(found[:4], [degrees, *d, g @ d], atol=5.1e-4)
    assert found[4] == pytest.approx(off, abs=0.051)


@pytest.mark.parametrize("norm", SIGNS)
def test_direction_and_change_are_pythons(blank: Page, norm: str) -> None:
    rng = np.random.default_rng(15)
    angles = [*rng.uniform(0, 360, 200).tolist(), 0, 90, 180, 270, 360]
    ratios = np.exp(rng.uniform(np.log(0.1), np.log(10), len(angles))).tolist()
    cases = [(norm, *row) for row in zip(angles, ratios, strict=True)]
    found = np.array(blank.evaluate(STATE_JS, cases))
    for row, (_, degrees, ratio) in zip(found, cases, strict=True):
        g = gradient(degrees)
        d = best(norm, g, ratio)
        np.testing.assert_allclose(row, [*g, *d, g @ d, 1], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("norm", SIGNS)
def test_it_starts_with_its_traits(mount: Mount, norm: str) -> None:
    page = mount(NormBall(norm, 200, 2.0))
    assert_told(page, norm, 200, 2.0)
    assert page.get_by_role("slider", name="Ratio").count() == (norm == "diagonal")


def test_keys_controls_and_reset(mount: Mount) -> None:
    page = mount(NormBall())
    page.get_by_role("application").press("ArrowRight")
    assert_told(page, "linf", 36)
    page.get_by_role("application").press("PageDown")
    assert_told(page, "linf", 21)
    page.get_by_role("slider", name="Angle of g").press("ArrowLeft")
    assert_told(page, "linf", 20)
    page.get_by_role("combobox", name="Norm").select_option("diagonal")
    assert_told(page, "diagonal", 20)
    field = page.get_by_role("textbox", name="Ratio")
    field.fill("30")
    field.press("Enter")
    assert page.get_by_role("alert").inner_text() == "“30” is not a number from 0.1 to 10."
    field.fill("10")
    field.press("Enter")
    assert_told(page, "diagonal", 20, 10.0)
    page.get_by_role("button", name="Reset").click()
    assert_told(page, "linf", 35)


def test_the_gradient_is_dragged(mount: Mount) -> None:
    page = mount(NormBall("l2", 0))
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
    assert_told(page, "l2", 90)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    assert_told(page, "l2", 180)


def test_the_touching_line_leaves_the_ball(mount: Mount) -> None:
    """No point of the drawn ball lies beyond the line through the touching point."""
    page = mount(NormBall("diagonal", 60, 3.0))
    drawn = page.locator(".dl-main .dl-curve").get_attribute("d")
    touching = page.locator(".dl-main .dl-point")
    assert drawn is not None
    ball = np.array([[float(x) for x in pair.split()] for pair in re.split("[MLZ]", drawn)[1:-1]])
    point = np.array([float(touching.get_attribute(f"c{axis}") or "nan") for axis in "xy"])
    uphill = gradient(60) * [1, -1]  # pixels run down
    assert ((ball - point) @ uphill).min() > -0.1


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in ({"norm": "l3"}, {"angle_deg": 361}, {"ratio": 0}, {"ratio": float("nan")}):
        with pytest.raises(TraitError):
            NormBall(**arguments)
    widget = NormBall("diagonal", 12, ratio=0.5)
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "norm_ball.js")
