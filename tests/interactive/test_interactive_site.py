"""The figures on a static page, in a real browser, used by mouse, finger and keyboard."""

import re
from collections.abc import Callable
from math import atan2, cos, hypot, log10, radians, sin
from pathlib import Path

import ipywidgets
import numpy as np
import pytest
from playwright.sync_api import Locator, Page

from descentlab import surfaces
from descentlab.interactive import DirectionDial, Playground

CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'"
Mount = Callable[..., Page]
NUMBER = re.compile(r"(?<![\w₀-₉])−?\d+(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")


def numbers(status: Locator) -> list[float]:
    """All numbers of a status sentence, in order."""
    found = NUMBER.findall(status.inner_text())
    return [float(text.translate(DIGITS).replace(" × 10", "e")) for text in found]


def plot_point(page: Page, fx: float, fy: float) -> tuple[float, float]:
    """Client coordinates of a place in the main plot, as fractions from its upper left corner."""
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    return box["x"] + fx * box["width"], box["y"] + fy * box["height"]


# --- The dial: dw turned by θ from ∇L on L = w1²/20 + w2² at (−7, 2).


def dial_numbers(degrees: float, length: float) -> list[float]:
    """θ, cos θ, linear prediction and actual change, from the formulas."""
    x, y = -7.0, 2.0
    gx, gy = x / 10, 2 * y
    turned = atan2(gy, gx) + radians(degrees)
    dx, dy = length * cos(turned), length * sin(turned)
    actual = (x + dx) ** 2 / 20 + (y + dy) ** 2 - (x**2 / 20 + y**2)
    return [degrees, cos(radians(degrees)), hypot(gx, gy) * length * cos(radians(degrees)), actual]


def assert_dial_shows(page: Page, degrees: float, length: float) -> None:
    expected = dial_numbers(degrees, length)
    unit = 10 ** (int(np.floor(log10(hypot(0.7, 4) * length))) - 3)
    found = numbers(page.get_by_role("status"))
    np.testing.assert_allclose(found[:2], expected[:2], atol=5.01e-4)
    np.testing.assert_allclose(found[2:], expected[2:], atol=0.501 * unit)


def test_dial_starts_with_its_traits(mount: Mount) -> None:
    page = mount(DirectionDial())
    assert_dial_shows(page, 120, 0.5)
    assert page.get_by_role("status").inner_text() == (
        "θ = 120°, cos θ = −0.500: linear prediction dL = −1.015, actual change −0.905."
    )


def test_dial_turns_by_drag_click_keys_slider_and_button(mount: Mount) -> None:
    page = mount(DirectionDial())
    x, y = page.locator(".dl-reach").bounding_box(), plot_point(page, 0.5, 0.5)
    page.mouse.move(x["x"] + x["width"] / 2, x["y"] + x["height"] / 2)
    page.mouse.down()
    page.mouse.move(y[0] + 90, y[1] + 5, steps=4)
    page.mouse.move(y[0] + 90, y[1], steps=2)
    page.mouse.up()
    right = numbers(page.get_by_role("status"))[0]  # dw points along w1
    assert right == pytest.approx(np.degrees(-atan2(4, -0.7)) % 360, abs=1.5)
    assert_dial_shows(page, right, 0.5)
    page.mouse.click(y[0], y[1] - 80)
    up = numbers(page.get_by_role("status"))[0]  # dw points along w2
    assert up == pytest.approx(np.degrees(np.pi / 2 - atan2(4, -0.7)) % 360, abs=1.5)
    assert_dial_shows(page, up, 0.5)
    page.get_by_role("application").press("ArrowRight")
    assert_dial_shows(page, (up + 1) % 360, 0.5)
    page.get_by_role("application").press("PageDown")
    assert_dial_shows(page, (up - 14) % 360, 0.5)
    page.get_by_role("button", name="Turn to steepest descent").click()
    assert_dial_shows(page, 180, 0.5)
    page.get_by_role("slider", name="Angle θ").press("ArrowLeft")
    assert_dial_shows(page, 179, 0.5)


def test_dial_length_by_field_and_slider(mount: Mount) -> None:
    page = mount(DirectionDial(theta_deg=180))
    page.get_by_role("textbox", name="Length |dw|").fill("0.02")
    page.get_by_role("textbox", name="Length |dw|").press("Enter")
    assert_dial_shows(page, 180, 0.02)
    page.get_by_role("slider", name="Length |dw|").press("Home")
    assert_dial_shows(page, 180, 0.01)
    page.get_by_role("textbox", name="Length |dw|").fill("7")
    page.get_by_role("textbox", name="Length |dw|").press("Enter")
    assert page.get_by_role("alert").inner_text() == "“7” is not a number from 0.01 to 1."
    assert_dial_shows(page, 180, 0.01)
    page.get_by_role("slider", name="Length |dw|").press("End")
    assert page.get_by_role("alert").inner_text() == ""
    assert_dial_shows(page, 180, 1.0)


def test_dial_draws_the_gradient_at_right_angles_to_the_level_curve(mount: Mount) -> None:
    page = mount(DirectionDial("himmelblau", w=(1.0, 1.0), theta_deg=90, length=0.01))
    line = page.locator(".dl-arrow.dl-gradient").get_attribute("d")
    turned = page.locator(".dl-arrow.dl-step").get_attribute("d")
    level = page.locator(".dl-through").get_attribute("d")
    assert line is not None
    assert turned is not None
    assert level is not None
    vectors = [
        np.array([a.split() for a in re.split("[ML]", d)[1:3]], float) for d in (line, turned)
    ]
    gradient, step = (ends[1] - ends[0] for ends in vectors)
    ends = np.array([p.split() for p in re.split("[ML]", level)[1:]], float).reshape(-1, 2, 2)
    ends = ends[np.hypot(*(ends[:, 1] - ends[:, 0]).T) > 2]
    middle = ends[np.argmin(np.hypot(*(ends.mean(axis=1) - [155, 118]).T))]
    tangent = middle[1] - middle[0]
    for a, b in ((gradient, step), (gradient, tangent)):
        assert abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b) < 0.03
    true = surfaces.himmelblau().gradient(np.array([1.0, 1.0])) * [1, -1]
    assert gradient @ true / np.linalg.norm(gradient) / np.linalg.norm(true) > 0.9999


def test_a_swipe_that_scrolls_the_page_leaves_a_slider_as_it_was(mount: Mount) -> None:
    page = mount(DirectionDial())
    page.get_by_role("slider", name="Angle θ").evaluate(
        """slider => {
             slider.dispatchEvent(new PointerEvent("pointerdown"));
             slider.value = 218;
             slider.dispatchEvent(new Event("input"));
             slider.dispatchEvent(new PointerEvent("pointercancel"));
           }"""
    )
    assert_dial_shows(page, 120, 0.5)


# --- The playground: gradient descent on the ravine, written out.


def run(start: tuple[float, float], lr: float, steps: int) -> np.ndarray:
    w = [np.array(start)]
    for _ in range(steps):
        w.append(w[-1] - lr * np.array([w[-1][0] / 10, 2 * w[-1][1]]))
    return np.array(w)


def ravine(w: np.ndarray) -> float:
    return w[0] ** 2 / 20 + w[1] ** 2


def assert_playground_shows(
    page: Page, start: tuple[float, float], lr: float, steps: int, t: int
) -> None:
    w = run(start, lr, steps)
    g = hypot(w[t][0] / 10, 2 * w[t][1])
    expected = [lr, steps, *start, ravine(w[0]), ravine(w[steps]), t, *w[t], g]
    np.testing.assert_allclose(numbers(page.get_by_role("status")), expected, rtol=5.01e-3)


def shown_start(page: Page) -> tuple[float, float]:
    x, y = numbers(page.get_by_role("status"))[2:4]
    return x, y


def test_playground_starts_with_its_traits(mount: Mount) -> None:
    page = mount(Playground())
    assert_playground_shows(page, (-7, 2), 0.95, 40, 40)
    text = page.get_by_role("status").inner_text()
    assert text.startswith("Gradient descent, α = 0.95, 40 steps from (−7, 2): L falls from 6.45")


def test_playground_start_by_click_drag_and_keys(mount: Mount) -> None:
    page = mount(Playground())
    page.mouse.click(*plot_point(page, 0.25, 0.5))
    assert shown_start(page) == pytest.approx((-4, 0), abs=0.1)
    assert_playground_shows(page, shown_start(page), 0.95, 40, 40)
    page.mouse.move(*plot_point(page, 0.25, 0.5))
    page.mouse.down()
    page.mouse.move(*plot_point(page, 0.75, 0.25), steps=5)
    page.mouse.up()
    assert shown_start(page) == pytest.approx((4, 16 * 236 / 310 / 4), abs=0.1)
    assert_playground_shows(page, shown_start(page), 0.95, 40, 40)
    x, y = shown_start(page)
    page.get_by_role("application").press("ArrowLeft")
    to_multiple = (round(x / 0.3) - 1) * 0.3
    assert shown_start(page) == pytest.approx((to_multiple, y), abs=1e-6)
    page.get_by_role("application").press("Shift+ArrowUp")
    assert shown_start(page) == pytest.approx((to_multiple, y + 0.01), abs=1e-6)
    assert_playground_shows(page, shown_start(page), 0.95, 40, 40)


def test_playground_rate_steps_and_walk(mount: Mount) -> None:
    page = mount(Playground())
    field = page.get_by_role("textbox", name="Learning rate α")
    field.fill("0,5")
    field.press("Enter")
    assert_playground_shows(page, (-7, 2), 0.5, 40, 40)
    field.fill("fast")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    told = page.locator("[role=alert]:not(:empty)").inner_text()
    assert told == "“fast” is not a number ≥ 0."
    assert_playground_shows(page, (-7, 2), 0.5, 40, 40)
    page.get_by_role("button", name="One step back").click()
    assert_playground_shows(page, (-7, 2), 0.5, 40, 39)
    page.get_by_role("slider", name="Step t").press("Home")
    assert_playground_shows(page, (-7, 2), 0.5, 40, 0)
    page.get_by_role("button", name="One step forward").click()
    assert_playground_shows(page, (-7, 2), 0.5, 40, 1)
    page.get_by_role("slider", name="Steps").press("ArrowRight")
    assert_playground_shows(page, (-7, 2), 0.5, 41, 1)
    page.get_by_role("slider", name="Learning rate").press("End")
    assert numbers(page.get_by_role("status"))[0] == 10
    page.get_by_role("button", name="Reset").click()
    assert_playground_shows(page, (-7, 2), 0.95, 40, 40)


def test_playground_surface_sets_start_and_rate(mount: Mount) -> None:
    page = mount(Playground())
    page.get_by_role("combobox", name="Surface").select_option("himmelblau")
    text = page.get_by_role("status").inner_text()
    assert "α = 0.02, 40 steps from (0, 0): L falls from 170 to" in text
    assert "w = (3.00, 2.00)" in text
    assert page.locator(".dl-star").count() == 4


def test_playground_says_what_diverges(mount: Mount) -> None:
    page = mount(Playground(lr=1.5))
    w = run((-7, 2), 1.5, 40)
    left = int(np.argmax(np.abs(w[:, 1]) > 8 * 236 / 310))
    text = page.get_by_role("status").inner_text()
    assert f"leaving the picture at step {left};" in text
    assert "L rises from 6.45 to 4.84 × 10²⁴" in text
    assert ravine(w[40]) == pytest.approx(4.84e24, rel=1e-3)
    page = mount(Playground("rosenbrock", lr=0.01))
    text = page.get_by_role("status").inner_text()
    assert re.search(r"diverged at step \d+.*w is not finite", text)
    drawn = page.locator(".dl-side .dl-path").get_attribute("d")
    assert drawn
    heights = [float(pair.split()[1]) for pair in re.split("[ML]", drawn)[1:]]
    assert len(heights) > 3
    assert (np.diff(heights) < 0).all()


# --- The page around them.


def test_two_widgets_and_two_views_of_one(mount: Mount) -> None:
    dial = DirectionDial()
    page = mount(dial, Playground(), dial)
    first, playground, second = (page.get_by_role("status").nth(k) for k in range(3))
    before = playground.inner_text()
    page.locator(".dl-dial button").first.click()
    assert first.inner_text() == second.inner_text()
    assert first.inner_text().startswith("θ = 180°")
    assert playground.inner_text() == before


def test_a_strict_content_security_policy(mount: Mount) -> None:
    head = f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
    page = mount(DirectionDial(), Playground(), head=head)
    page.get_by_role("button", name="steepest").click()
    assert page.get_by_role("status").first.inner_text().startswith("θ = 180°")
    assert page.get_by_role("status").count() == 2


def test_a_page_opened_as_a_file(mount: Mount, folder: Path) -> None:
    page = mount(DirectionDial(), Playground(), address=folder.as_uri() + "/")
    page.get_by_role("button", name="steepest").click()
    assert page.get_by_role("status").first.inner_text().startswith("θ = 180°")
    page.get_by_role("button", name="One step back").click()
    assert "at t = 39" in page.get_by_role("status").last.inner_text()


def test_a_broken_figure_does_not_stop_the_others(mount: Mount) -> None:
    broken, healthy = Playground(), DirectionDial()

    def damage(state: dict) -> None:
        state[broken.model_id]["state"]["surface"] = "canyon"

    page = mount(broken, healthy, change=damage, expected_error="Cannot destructure")
    note = page.get_by_role("note").inner_text()
    assert note.startswith("This interactive figure could not be shown: ")
    assert_dial_shows(page, 120, 0.5)


def test_foreign_widgets_get_nothing(mount: Mount) -> None:
    page = mount(ipywidgets.IntSlider(), DirectionDial())
    assert page.locator("main > div").count() == 1
    assert_dial_shows(page, 120, 0.5)


@pytest.mark.parametrize("width", [320, 360, 700])
def test_narrow_pages_do_not_scroll_sideways(mount: Mount, width: int) -> None:
    page = mount(
        DirectionDial(), Playground("himmelblau"), viewport={"width": width, "height": 700}
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator("input, select, button").all()
    assert min(box.bounding_box()["height"] for box in boxes) >= 40
    assert page.locator(".dl-reach").first.bounding_box()["width"] >= 36
    stacked = page.locator(".dl-side").first.bounding_box()["x"] < 100
    assert stacked == (width < 600)


def test_a_finger_drags_the_handle_taps_the_plot_and_scrolls_elsewhere(mount: Mount) -> None:
    page = mount(Playground(), has_touch=True, viewport={"width": 360, "height": 700})
    page.locator(".dl-main").scroll_into_view_if_needed()
    page.touchscreen.tap(*plot_point(page, 0.5, 0.25))
    assert shown_start(page) == pytest.approx((0, 16 * 236 / 310 / 4), abs=0.1)

    def swipe(start: tuple[float, float], end: tuple[float, float]) -> None:
        send = page.context.new_cdp_session(page).send
        points = [np.array(start) + (np.array(end) - start) * k / 8 for k in range(9)]
        for k, (x, y) in enumerate(points):
            touch = [{"x": float(x), "y": float(y)}]
            kind = "touchMove" if k else "touchStart"
            send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touch})
        send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(100)

    swipe(plot_point(page, 0.5, 0.25), plot_point(page, 0.25, 0.5))
    assert shown_start(page) == pytest.approx((-4, 0), abs=0.1)
    before, top = shown_start(page), page.evaluate("scrollY")
    swipe(plot_point(page, 0.8, 0.8), plot_point(page, 0.8, 0.2))
    assert shown_start(page) == before
    assert page.evaluate("scrollY") > top


def test_everything_is_reached_by_keyboard_and_named(mount: Mount) -> None:
    page = mount(DirectionDial(), Playground())
    reached = []
    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate("""() => {
          const at = document.activeElement, outline = getComputedStyle(at);
          const drawn = outline.outlineStyle !== "none" && parseFloat(outline.outlineWidth) > 0;
          return [at.tagName, drawn];
        }""")
        if focus[0] == "BODY":
            break
        reached.append(focus)
    assert len(reached) == page.locator("input, select, button, [tabindex]").count() == 15
    assert all(visible for _, visible in reached)
    for role in ("slider", "textbox", "combobox", "button", "application", "img"):
        named = page.get_by_role(role, name=re.compile(".{5}"))
        assert named.count() == page.get_by_role(role).count() > 0


@pytest.mark.parametrize(
    ("theme", "scheme", "expected"),
    [("light", "dark", "light"), ("dark", "light", "dark"), (None, "dark", "dark")],
)
def test_the_page_theme_decides_the_colours(
    mount: Mount, theme: str | None, scheme: str, expected: str
) -> None:
    page = mount(DirectionDial(), color_scheme=scheme)
    page.evaluate("theme => theme && (document.documentElement.dataset.theme = theme)", theme)
    widget = page.locator(".dl-widget")
    assert widget.evaluate("el => getComputedStyle(el).colorScheme") == expected
    color = widget.evaluate("el => getComputedStyle(el).color")
    assert (int(re.findall(r"\d+", color)[0]) > 128) == (expected == "dark")
