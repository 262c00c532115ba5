"""The schedule explorer in a real browser; its numbers are computed again in Python."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab import schedules
from descentlab.interactive import ScheduleExplorer
from descentlab.interactive.schedule_explorer import SCHEDULES

Mount = Callable[..., Page]
TIME = 60
LIBRARY = {
    "constant": schedules.constant(),
    "step_decay": schedules.step_decay(TIME, 0.5),
    "exponential": schedules.exponential(0.5 ** (1 / TIME)),
    "inverse_time": schedules.inverse_time(1 / TIME),
    "cosine": schedules.cosine(TIME),
    "warmup": schedules.warmup(TIME),
}
RUN_JS = """async ([name, time, lr, noise, steps]) => {
  const { SCHEDULES } = await import("/schedules.js");
  const { expectedLosses } = await import("/schedule_explorer.js");
  return expectedLosses(SCHEDULES[name].make(time), lr, noise, steps);
}"""


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def expected(name: str, lr: float, noise: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates, and the expected loss from the sum over all noise, not step by step."""
    rates = lr * LIBRARY[name](np.arange(steps))
    shrink = 1 - rates[:, None] * [0.1, 2.0]
    losses = []
    for t in range(steps + 1):
        after = np.array([shrink[k + 1 : t].prod(axis=0) for k in range(t)]).reshape(t, 2)
        spread = (noise * rates[:t, None] * after) ** 2
        squares = ([-7, 2] * shrink[:t].prod(axis=0)) ** 2 + spread.sum(axis=0)
        losses.append(squares @ [0.05, 1.0])
    return rates, np.array(losses)


def test_both_sides_know_the_same_schedules(blank: Page) -> None:
    found = blank.evaluate("async () => Object.keys((await import('/schedules.js')).SCHEDULES)")
    assert found == list(SCHEDULES) == list(LIBRARY)


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_and_expected_losses(blank: Page, name: str) -> None:
    found = blank.evaluate(RUN_JS, [name, TIME, 0.4, 0.7, 150])
    rates, losses = expected(name, 0.4, 0.7, 150)
    np.testing.assert_allclose(found["rates"], rates, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-12)


def test_it_starts_with_its_traits_and_answers_its_controls(mount: Mount) -> None:
    page = mount(ScheduleExplorer(steps=100))
    _, losses = expected("exponential", 0.5, 1.0, 100)
    _, steady = expected("constant", 0.5, 1.0, 100)
    assert status(page) == (
        "Exponential, half-life 60: α goes from 0.500 to 0.159. With noise σ = 1 the expected "
        f"loss falls from 6.45 to {losses[-1]:#.3g} in 100 steps; with constant α = 0.5 it ends "
        f"at {steady[-1]:#.3g}."
    )
    page.get_by_role("slider", name="Half-life").press("ArrowRight")
    assert "half-life 61" in status(page)
    page.get_by_role("slider", name="Noise σ").press("Home")
    assert "noise σ = 0 " in status(page)
    page.get_by_role("combobox", name="Schedule").select_option("cosine")
    assert "Cosine, steps to 0 61: α goes from 0.500 to 0." in status(page)
    assert page.get_by_role("slider", name="Steps to 0").is_visible()
    page.get_by_role("combobox", name="Schedule").select_option("constant")
    assert status(page).startswith("Constant, α = 0.5. With noise")
    assert not page.locator("input[type=range]").nth(1).is_visible()
    page.get_by_role("button", name="Reset").click()
    assert "half-life 60" in status(page)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"schedule": "linear"}, r"'constant'.*not the str 'linear'"),
        ({"lr": 0}, r"from 0.02 to 1, not the int 0"),
        ({"lr": float("nan")}, r"from 0.02 to 1, not the float nan"),
        ({"time": 0}, r"should not be less than 1"),
        ({"time": 401}, r"from 1 to 400; got 401"),
        ({"noise": -1}, r"from 0 to 2, not the int -1"),
        ({"steps": 5}, r"should not be less than 10"),
    ],
)
def test_bad_arguments_are_refused(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(TraitError, match=says):
        ScheduleExplorer(**arguments)
