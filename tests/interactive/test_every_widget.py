"""What every interactive figure must do, asked of all: fit, be named and reached, follow."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page

from descentlab import interactive
from descentlab.interactive.base import CourseWidget

Mount = Callable[..., Page]
RNG = np.random.default_rng(0)
X = RNG.standard_normal((40, 2)).round(3)
LABELS = (X[:, 0] > 0).astype(int)
OUTPUTS = {"one": {"tanh": [np.tanh(RNG.standard_normal((5, 80))) for _ in range(3)]}}
RUNS = {
    view: {name: RNG.uniform(0.2, 1, (3, 5)) for name in ("train", "test")} for view in ("a", "b")
}
SHARES = {view: {"h": RNG.integers(0, 9, (5, 8))} for view in RUNS}
DATA = {
    "ActivationHistograms": (OUTPUTS,),
    "GradientCloud": (X, LABELS),
    "LineFit": (X[:, 0], X[:, 1]),
    "SgdPaths": (X, LABELS),
    "TrainingScrubber": (range(5), RUNS),
    "Walkers": ({"data": (X[:, 0], X[:, 1])},),
}
OPTIONS: dict = {
    "TrainingScrubber": {"histograms": SHARES, "edges": range(9), "other": "b"},
}
STOPS = "input, select, button, [tabindex='0']"


@pytest.fixture(params=interactive.__all__)
def widget(request: pytest.FixtureRequest) -> CourseWidget:
    given, options = DATA.get(request.param, ()), OPTIONS.get(request.param, {})
    return getattr(interactive, request.param)(*given, **options)


@pytest.mark.parametrize("width", [320, 360, 700])
def test_it_fits_a_phone_and_a_finger(mount: Mount, widget: CourseWidget, width: int) -> None:
    page = mount(widget, viewport={"width": width, "height": 700}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.locator("input:visible, select:visible, button:visible").all()
    assert all(box.bounding_box()["height"] >= 40 for box in boxes)


def test_every_part_has_a_name_and_is_reached_by_keyboard(
    mount: Mount, widget: CourseWidget
) -> None:
    page = mount(widget)
    assert page.get_by_role("group", name=re.compile(".{9}")).count() == 1
    for role in ("slider", "textbox", "combobox", "button", "application", "img"):
        named = page.get_by_role(role, name=re.compile(".{4}"))
        assert named.count() == page.get_by_role(role).count(), role
    stops = [stop for stop in page.locator(STOPS).all() if stop.is_visible() and stop.is_enabled()]
    reached = 0
    while reached <= len(stops):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "BODY":
            break
        reached += 1
    assert reached == len(stops) > 0


def test_it_is_dark_on_a_dark_page(mount: Mount, widget: CourseWidget) -> None:
    page = mount(widget, color_scheme="dark")
    color = page.locator(".dl-widget").evaluate("el => getComputedStyle(el).color")
    assert int(re.findall(r"\d+", color)[0]) > 128


def test_it_runs_as_in_jupyter(
    mount: Mount, jupyter: Callable[..., Page], widget: CourseWidget
) -> None:
    """Its bundle says what the site's modules say, sends a change, and lets go of its model."""
    said = mount(widget).get_by_role("status").inner_text()
    page = jupyter(widget)
    assert page.get_by_role("status").inner_text() == said != ""
    control = page.locator("input[type=range]:visible, [role=application]").first
    for key in ("ArrowLeft", "ArrowRight"):  # a slider may stand at an end
        control.press(key)
    assert page.evaluate("window.sent.length") > 0
    page.evaluate("window.cleanup()")
    assert page.evaluate("window.listening()") == 0
