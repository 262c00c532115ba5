"""The walkers in a real browser; draws, steps, basins and intervals are those of Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.exercises.ch07_landscape import walkers_step, wilson
from descentlab.interactive import Walkers
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle

Mount = Callable[..., Page]
SENTENCE = re.compile(
    r"After (\d+) steps (\d+) of 200 walkers are in the right basin, (\d+) in the left: share on "
    r"the right (\S+), 95 % interval (\S+) to (\S+)\. Mean loss of the walkers (\S+)\."
)


def groups(far: int, near: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    x = np.concatenate([np.linspace(2.5, 3.5, far), np.linspace(0.5, 1.5, near)])
    scatter = np.repeat([0.5, 0.3], [far, near]) * rng.standard_normal(far + near)
    return x, np.repeat([0.0, 2.0], [far, near]) * x + scatter


X, Y = groups(70, 130)
SETS = {"70 far": (X, Y), "120 far": groups(120, 80)}


def draws(seed: int, n: int, count: int) -> np.ndarray:
    """Mulberry32, 32 bits a draw, as whole numbers below n."""
    found, a, mask = [], seed, 0xFFFFFFFF
    for _ in range(count):
        a = (a + 0x6D2B79F5) & mask
        k = ((a ^ (a >> 15)) * (a | 1)) & mask
        k = (k ^ (k + ((k ^ (k >> 7)) * (k | 61)))) & mask
        found.append(int((k ^ (k >> 14)) / 2**32 * n))
    return np.array(found)


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def shown(page: Page) -> tuple[int, int, float]:
    """Step, walkers on the right and mean loss; the share and its interval must be theirs."""
    found = SENTENCE.fullmatch(status(page))
    assert found
    t, right, left = map(int, found.groups()[:3])
    assert right + left == 200
    ends = (right / 200, *wilson(right, 200))
    np.testing.assert_allclose([float(p) for p in found.groups()[3:6]], ends, atol=5.01e-3)
    return t, right, float(found[7])


def to_the_end(page: Page) -> tuple[int, int, float]:
    page.get_by_role("slider", name="Step t").press("End")
    return shown(page)


def move(page: Page, name: str, value: float) -> None:
    page.get_by_role("slider", name=name).evaluate(
        "(el, v) => { el.value = v; el.dispatchEvent(new Event('input', { bubbles: true })); }",
        value,
    )


RUN_JS = """async ([set, begin, size, lr, seed, steps]) => {
  const { drawer, walkersRun } = await import("/walkers.js");
  const draw = drawer(seed);
  return { draws: Array.from({ length: 1000 }, () => draw(200)),
           run: walkersRun(set, begin, size, lr, seed, steps) };
}"""


@pytest.mark.parametrize(("size", "lr", "seed"), [(1, 0.08, 0), (4, 0.32, 7), (16, 0.64, 50)])
def test_draws_and_runs_are_pythons(blank: Page, size: int, lr: float, seed: int) -> None:
    steps, begin = 30, np.linspace(-0.2, 2.4, 40)
    arguments = [[X.tolist(), Y.tolist()], begin.tolist(), size, lr, seed, steps]
    found = blank.evaluate(RUN_JS, arguments)
    np.testing.assert_array_equal(found["draws"], draws(seed, 200, 1000))
    rows = draws(seed, 200, steps * 40 * size).reshape(steps, 40, size)
    np.testing.assert_array_equal(found["run"]["batches"], rows[:, 0])
    path = np.array(found["run"]["path"])
    np.testing.assert_array_equal(path[0], begin)
    for t in range(steps):
        expected = walkers_step(path[t], X, Y, rows[t], lr)
        np.testing.assert_allclose(path[t + 1], expected, rtol=1e-12, atol=1e-13)


def test_a_batch_of_all_is_the_exact_gradient(blank: Page) -> None:
    begin = np.linspace(-0.2, 2.4, 20)
    arguments = [[X.tolist(), Y.tolist()], begin.tolist(), 200, 0.3, 1, 5]
    path = np.array(blank.evaluate(RUN_JS, arguments)["run"]["path"])
    rows = np.tile(np.arange(200), (20, 1))
    for t in range(5):
        expected = walkers_step(path[t], X, Y, rows, 0.3)
        np.testing.assert_allclose(path[t + 1], expected, rtol=1e-12, atol=1e-13)


WELLS_JS = """async ([set, counts]) => {
  const { wells, wilsonEnds, boundedValue, boundedSlope } = await import("/walkers.js");
  const { left, right, barrier } = wells(set);
  const at = [left, barrier, right];
  return { at, slopes: at.map((w) => boundedSlope(set, w)),
           values: at.map((w) => boundedValue(set, w)),
           ends: counts.map((k) => wilsonEnds(k, 200)) };
}"""


@pytest.mark.parametrize("name", SETS)
def test_basins_values_and_intervals(blank: Page, name: str) -> None:
    x, y = SETS[name]
    counts = [0, 1, 77, 200]
    found = blank.evaluate(WELLS_JS, [[x.tolist(), y.tolist()], counts])
    assert found["at"] == sorted(found["at"])
    np.testing.assert_allclose(found["slopes"], 0, atol=1e-4)
    values = [np.mean(1 - np.exp(-((w * x - y) ** 2) / 2)) for w in found["at"]]
    np.testing.assert_allclose(found["values"], values, rtol=1e-12)
    assert values[1] > max(values[0], values[2])
    np.testing.assert_allclose(found["ends"], [wilson(k, 200) for k in counts], atol=1e-12)


def test_it_starts_still_and_runs(mount: Mount) -> None:
    page = mount(Walkers(SETS))
    assert shown(page)[:2] == (0, 0)
    page.get_by_role("button", name="One step forward").click()
    assert shown(page)[0] == 1
    page.get_by_role("button", name="Run or pause").click()
    assert page.get_by_role("button", name="Run or pause").inner_text() == "Pause"
    page.wait_for_function("document.querySelector('.dl-scrub input').value > 20")
    page.get_by_role("button", name="Run or pause").click()
    assert 20 < shown(page)[0] < 300
    t, right, _ = to_the_end(page)
    assert t == 300
    assert 5 < right < 80
    page.get_by_role("button", name="Reset").click()
    assert shown(page)[:2] == (0, 0)


def test_a_run_goes_to_the_end_and_starts_again(mount: Mount) -> None:
    page = mount(Walkers(SETS, steps=300, t=290))
    page.get_by_role("button", name="Run or pause").click()
    page.wait_for_function("document.querySelector('.dl-scrub input').value == 300")
    assert shown(page)[0] == 300
    assert page.get_by_role("button", name="Run or pause").inner_text() == "Run"


def test_with_reduced_motion_a_run_shows_its_end(mount: Mount) -> None:
    page = mount(Walkers(SETS), reduced_motion="reduce")
    page.get_by_role("button", name="Run or pause").click()
    assert shown(page)[0] == 300


def test_size_rate_and_seed(mount: Mount) -> None:
    page = mount(Walkers(SETS, t=300))
    first = shown(page)
    move(page, "Seed", 8)
    assert shown(page) != first
    move(page, "Seed", 7)
    assert shown(page) == first
    move(page, "Batch size s", 0)
    assert shown(page)[1] > 190  # s = 1 at α = 0.32
    page.get_by_role("slider", name="Batch size s").press("End")
    assert "all 200" in page.locator(".dl-setup").inner_text()
    assert shown(page)[1] == 0
    field = page.get_by_role("textbox", name="Learning rate α")
    field.fill("2.5")
    field.press("Enter")
    assert shown(page)[1] == 200


def test_noise_leaves_the_better_basin_of_the_second_set(mount: Mount) -> None:
    page = mount(Walkers(SETS, batch_size=1, lr=0.4, steps=1000))
    page.get_by_role("combobox", name="Data").select_option("120 far")
    before = shown(page)
    after = to_the_end(page)
    assert before[1] == 0
    assert after[1] > 190
    assert after[2] > before[2] + 0.1  # the mean loss is higher
    page.get_by_role("combobox", name="Start").select_option("right")
    assert shown(page)[:2] == (0, 200)
    assert to_the_end(page)[1] > 190


def test_python_refuses_what_cannot_be_walked() -> None:
    for arguments in (
        {"sets": {}},
        {"sets": {"a": ([1.0], [2.0])}},
        {"sets": {"a": ([1.0, 2.0], [2.0])}},
        {"sets": {"a": ([1.0, np.nan], [2.0, 1.0])}},
        {"sets": SETS, "data": "none"},
        {"sets": SETS, "batch_size": 201},
        {"sets": SETS, "batch_size": 0},
        {"sets": SETS, "lr": -1},
        {"sets": SETS, "t": 301},
        {"sets": SETS, "start": "middle"},
    ):
        with pytest.raises(TraitError):
            Walkers(**arguments)
    widget = Walkers(SETS, "120 far", batch_size=200, steps=400, t=400)
    assert repr(widget) == "Walkers(2 sets, start='left', batch_size=200, lr=0.32, seed=7, t=400)"
    assert widget._esm == bundle(ASSETS / "walkers.js")
