"""The line over data: what the browser computes is what NumPy computes, by every way of input."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page
from traitlets import TraitError

from descentlab.data import load_diabetes
from descentlab.interactive import LineFit
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle

Mount = Callable[..., Page]
DATA = load_diabetes()
BMI = DATA.X[:, DATA.feature_names.index("bmi")]
X, Y = (BMI - BMI.mean()) / BMI.std(), DATA.y
BEST = np.polyfit(X, Y, 1)
LOWEST = float(np.mean((np.polyval(BEST, X) - Y) ** 2))
SENTENCE = re.compile(r"Slope (\S+), intercept (\S+): mean squared error (\S+), its root (\S+);")


def made(slope: float = 20.0, intercept: float = 130.0) -> LineFit:
    return LineFit(X, Y, slope, intercept)


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def shown(page: Page) -> tuple[float, float]:
    """Slope and intercept of the status sentence, whose error and root must be theirs."""
    found = SENTENCE.match(status(page))
    assert found
    slope, intercept, error, root = (float(text.replace("−", "-")) for text in found.groups())
    true = np.mean((slope * X + intercept - Y) ** 2)
    assert error == pytest.approx(true, rel=1e-3)
    assert root == pytest.approx(np.sqrt(true), rel=1e-3)
    return slope, intercept


def center(handle: Locator) -> tuple[float, float]:
    box = handle.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def axes(page: Page, side: str) -> dict[str, float]:
    box = page.locator(f"{side} .dl-axes rect").bounding_box()
    assert box
    return dict(box)


def on_line(page: Page, share: float, slope: float, intercept: float) -> float:
    """The height in the page of the line at a share of the x axis."""
    box = axes(page, ".dl-main")
    pad_x, pad_y = 0.04 * np.ptp(X), 0.06 * np.ptp(Y)
    x = X.min() - pad_x + share * (np.ptp(X) + 2 * pad_x)
    top = Y.max() + pad_y
    return box["y"] + (top - slope * x - intercept) / (np.ptp(Y) + 2 * pad_y) * box["height"]


LEAST_JS = """async ([x, y, lines]) => {
  const { leastSquares } = await import("/line_fit.js");
  const { best, lowest, error } = leastSquares(x, y);
  return { best, lowest, errors: lines.map(error) };
}"""


@pytest.mark.parametrize("seed", range(5))
def test_the_best_line_and_the_error_are_numpys(blank: Page, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(3, 2, 40), rng.normal(-5, 9, 40)
    lines = rng.normal(0, 5, (20, 2))
    found = blank.evaluate(LEAST_JS, [x.tolist(), y.tolist(), lines.tolist()])
    best = np.polyfit(x, y, 1)
    np.testing.assert_allclose(found["best"], best, rtol=1e-10)
    np.testing.assert_allclose(found["lowest"], np.mean((np.polyval(best, x) - y) ** 2))
    errors = [np.mean((np.polyval(line, x) - y) ** 2) for line in lines]
    np.testing.assert_allclose(found["errors"], errors, rtol=1e-12)


def test_it_starts_with_its_traits(mount: Mount) -> None:
    page = mount(made())
    assert shown(page) == (20, 130)
    assert status(page).endswith(f"the best line has {LOWEST:.4g}.")
    segments = page.locator(".dl-residual").get_attribute("d")
    assert segments
    assert segments.count("M") == len(X)


def test_buttons_set_the_best_and_the_flat_line(mount: Mount) -> None:
    page = mount(made())
    page.get_by_role("button", name="Best line").click()
    assert shown(page) == pytest.approx(BEST, rel=1e-3)
    assert status(page).endswith("the least of all lines.")
    page.get_by_role("button", name="Flat line").click()
    assert shown(page) == (0, pytest.approx(BEST[1], rel=1e-3))


@pytest.mark.parametrize(("hold", "sign"), [(0, -1), (1, 1)])
def test_dragging_an_end_turns_the_line_about_the_other(mount: Mount, hold: int, sign: int) -> None:
    page = mount(made())
    grips = page.locator(".dl-main .dl-reach")
    other = center(grips.nth(1 - hold))
    x, y = center(grips.nth(hold))
    middle = sum(center(grips.nth(k))[0] for k in (0, 1)) / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(middle + 3 * sign, y - 20, steps=3)
    page.mouse.move(middle - 30 * sign, y - 30, steps=3)
    page.mouse.up()
    slope, intercept = shown(page)
    assert (slope > 20) == (hold == 1)
    assert center(grips.nth(hold))[1] == pytest.approx(y - 30, abs=1.2)
    assert center(grips.nth(1 - hold)) == pytest.approx(other, abs=1.2)
    for k, share in enumerate((0.12, 0.88)):
        height = on_line(page, share, slope, intercept)
        assert center(grips.nth(k))[1] == pytest.approx(height, abs=1.2)


def test_clicking_and_dragging_on_the_surface_moves_the_line(mount: Mount) -> None:
    page = mount(made())
    box = axes(page, ".dl-side")
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)
    assert shown(page) == pytest.approx(BEST, abs=1.5)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + box["width"] / 4, middle[1] + box["height"] / 4, steps=4)
    page.mouse.up()
    spread = Y.std()
    expected = BEST[0] + spread * 310 / 236, BEST[1] - spread
    assert shown(page) == pytest.approx(expected, abs=2)


@pytest.mark.parametrize("panel", [0, 1])
def test_keys_work_on_both_panels(mount: Mount, panel: int) -> None:
    page = mount(made())
    at = page.get_by_role("application").nth(panel)
    for key, line in [
        ("ArrowRight", (21, 130)),
        ("ArrowUp", (21, 131)),
        ("Shift+ArrowLeft", (20.9, 131)),
        ("Shift+ArrowDown", (20.9, 130.9)),
        ("ArrowLeft", (19.9, 130.9)),
    ]:
        at.press(key)
        assert shown(page) == pytest.approx(line, abs=1e-9)
    at.press("Enter")
    assert shown(page) == pytest.approx(BEST, rel=1e-3)


def test_a_finger_drags_the_ends_and_the_point(mount: Mount) -> None:
    page = mount(made(), has_touch=True, viewport={"width": 360, "height": 700})
    send = page.context.new_cdp_session(page).send

    def swipe(start: tuple[float, float], move: tuple[float, float]) -> None:
        for k in range(9):
            place = {"x": start[0] + move[0] * k / 8, "y": start[1] + move[1] * k / 8}
            kind = "touchMove" if k else "touchStart"
            send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [place]})
        send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(100)

    swipe(center(page.locator(".dl-main .dl-reach").nth(1)), (0, -40))
    assert shown(page)[0] > 25
    before = shown(page)
    page.locator(".dl-side").scroll_into_view_if_needed()
    swipe(center(page.locator(".dl-side .dl-reach")), (30, 0))
    assert shown(page)[0] > before[0] + 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    before = shown(page)
    box = axes(page, ".dl-main")
    swipe((box["x"] + box["width"] / 2, box["y"] + 5), (0, -30))
    assert shown(page) == before


def test_a_line_outside_the_picture_keeps_its_handles(mount: Mount) -> None:
    page = mount(made(slope=900.0, intercept=-2000.0))
    assert shown(page) == (900, -2000)
    for side in (".dl-main", ".dl-side"):
        box = axes(page, side)
        for handle in page.locator(f"{side} .dl-reach").all():
            x, y = center(handle)
            assert box["x"] - 1 <= x <= box["x"] + box["width"] + 1
            assert box["y"] - 1 <= y <= box["y"] + box["height"] + 1


def test_it_follows_a_change_from_python(mount: Mount) -> None:
    """Other data and another line, as a kernel would send them, in a view made before."""
    widget = made()
    widget.x, widget.slope = X * 2 + 1, 5
    page = mount(widget)
    found = SENTENCE.match(status(page))
    assert found
    error = np.mean((5 * (2 * X + 1) + 130 - Y) ** 2)
    assert float(found[3]) == pytest.approx(error, rel=1e-3)


@pytest.mark.parametrize(
    ("x", "y", "says"),
    [
        ([1, 2], [1, 2], "at least three finite numbers"),
        ([1, 1, 1], [1, 2, 3], "not all equal"),
        ([1, 2, 3], [2, 2, 2], "not all equal"),
        ([1, 2, float("nan")], [1, 2, 3], "finite"),
        ([[1, 2, 3]], [[1, 2, 3]], "three finite numbers"),
        ("abc", [1, 2, 3], "three finite numbers"),
        ([1, 2, 3, 4], [1, 2, 3], "one length, got 4 and 3"),
    ],
)
def test_python_refuses_what_cannot_be_drawn(x: object, y: object, says: str) -> None:
    with pytest.raises(TraitError, match=says):
        LineFit(x, y)


def test_the_python_side() -> None:
    widget = LineFit(np.array([-1, 0, 1]), np.array([1, 2, 6]), slope=2)
    assert repr(widget) == "LineFit(3 points, slope=2.0, intercept=3.0)"
    assert widget._esm == bundle(ASSETS / "line_fit.js")
    with pytest.raises(TraitError, match="one length"):
        widget.x = [1, 2, 3, 4]
    with pytest.raises(TraitError, match="finite number"):
        widget.slope = float("inf")
    assert (widget.x, widget.slope) == ([-1, 0, 1], 2)
