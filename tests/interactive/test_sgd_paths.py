"""The paths of batch descent and SGD in a real browser; Python computes their numbers again."""

import gzip
import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.data import load_breast_cancer, standardise
from descentlab.interactive import SgdPaths
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.models import LogisticRegression

Mount = Callable[..., Page]
CANCER = load_breast_cancer()
PAIR = standardise(CANCER.X)[0][:, [20, 21]].round(3)
Y = CANCER.y
MODEL = LogisticRegression(l2=0.01)
CLICKED = 0.05  # a click is as exact as a pixel
NUMBER = re.compile(r"(?<![\w*₀-₉])\d+(?:\.\d+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

RUN_JS = """async ([x, y, start, lr, seed, passes, replace]) => {
  const { exampleOrder, logisticModel } = await import("/logistic.js");
  const { sgdRun } = await import("/sgd_paths.js");
  const model = logisticModel(x, y, 0.01), order = exampleOrder(seed, x.length, passes, replace);
  return {
    order, path: sgdRun(model.gradient, start, lr, order), minimum: model.minimum,
    batch: sgdRun(model.gradient, start, 20 * lr, Array(40).fill(null)),
    values: [[0, 0], start, [30, -40]].map(model.value),
  };
}"""


def run(page: Page, lr: float, seed: int, passes: int, replace: bool) -> dict:
    data = [PAIR.tolist(), Y.tolist(), [-1.0, 1.5], lr, seed, passes, replace]
    return page.evaluate(RUN_JS, data)


def sgd(start: tuple[float, float], lr: float, order: list[int]) -> np.ndarray:
    path = [np.array(start)]
    for i in order:
        path.append(path[-1] - lr * MODEL.gradient(path[-1], PAIR[[i]], Y[[i]]))
    return np.array(path)


def gap(w: np.ndarray, minimum: list[float]) -> float:
    return float(MODEL.value(w, PAIR, Y) - MODEL.value(np.array(minimum), PAIR, Y))


def numbers(page: Page) -> list[float]:
    text = page.get_by_role("status").inner_text()
    return [float(n.translate(DIGITS).replace(" × 10", "e")) for n in NUMBER.findall(text)]


def assert_status(page: Page, found: dict, start: tuple[float, float], **kind: float) -> None:
    """Passes, examples, steps, gap and share of steps up as Python finds them."""
    passes, batch_lr, lr = int(kind["passes"]), kind["batch_lr"], kind["lr"]
    path, w = sgd(start, lr, found["order"]), np.array(start)
    for _ in range(passes):
        w = w - batch_lr * MODEL.gradient(w, PAIR, Y)
    rose = np.mean(np.diff(MODEL.value(path[-len(Y) - 1 :], PAIR, Y)) > 0)
    end = [gap(w, found["minimum"]), gap(path[-1], found["minimum"])]
    shown = numbers(page)
    rtol = kind.get("rtol", 6e-3)
    assert shown[:3] == [passes, passes * len(Y), passes]
    np.testing.assert_allclose(shown[3], end[0], rtol=rtol)
    assert shown[4] == passes * len(Y)
    np.testing.assert_allclose(shown[5], end[1], rtol=rtol)
    np.testing.assert_allclose(shown[6], 100 * rose, atol=0.51 if rtol < 0.01 else 5)


@pytest.mark.parametrize("replace", [True, False])
def test_both_paths_are_those_of_python(blank: Page, replace: bool) -> None:
    found = run(blank, 0.1, 3, 3, replace)
    np.testing.assert_allclose(
        found["path"], sgd((-1.0, 1.5), 0.1, found["order"]), rtol=1e-12, atol=1e-12
    )
    w = np.array([-1.0, 1.5])
    for point in found["batch"]:
        np.testing.assert_allclose(point, w, rtol=1e-12)
        w = w - 2 * MODEL.gradient(w, PAIR, Y)
    points = np.array([[0.0, 0.0], [-1.0, 1.5], [30.0, -40.0]])
    np.testing.assert_allclose(found["values"], MODEL.value(points, PAIR, Y), rtol=1e-12)
    assert np.linalg.norm(MODEL.gradient(np.array(found["minimum"]), PAIR, Y)) < 1e-9


def test_the_order_is_random_and_the_seed_decides_it(blank: Page) -> None:
    first, again, other = (run(blank, 0.1, seed, 20, True)["order"] for seed in (1, 1, 2))
    assert first == again != other
    counts = np.bincount(first, minlength=len(Y))
    assert len(counts) == len(Y)
    assert 18 < counts.var() < 22  # the mean is 20; a fair draw has about as much variance
    shuffled = np.reshape(run(blank, 0.1, 1, 20, False)["order"], (20, len(Y)))
    np.testing.assert_array_equal(np.sort(shuffled, axis=1), np.tile(np.arange(len(Y)), (20, 1)))
    assert abs(np.corrcoef(shuffled[0], np.arange(len(Y)))[0, 1]) < 0.15
    assert len(np.unique(shuffled[:, 0])) > 15


def test_the_status_tells_both_gaps(mount: Mount, blank: Page) -> None:
    page = mount(SgdPaths(PAIR, Y))
    found = run(blank, 0.1, 1, 3, True)
    assert_status(page, found, (-1.0, 1.5), passes=3, batch_lr=3.0, lr=0.1)


def test_every_control_does_what_it_says(mount: Mount, blank: Page) -> None:
    page = mount(SgdPaths(PAIR, Y, passes=2))
    page.get_by_role("slider", name="Passes").press("ArrowLeft")
    page.get_by_role("slider", name="Seed").press("ArrowRight")
    page.get_by_role("combobox", name="Examples").select_option("false")
    page.get_by_role("textbox", name="SGD: rate α").fill("0.02")
    page.get_by_role("textbox", name="Batch: rate α").fill("5,5")
    page.get_by_role("textbox", name="Batch: rate α").press("Enter")
    found = run(blank, 0.1, 2, 1, False)
    assert "After 1 pass, 569 examples each: batch, 1 step," in page.get_by_role(
        "status"
    ).inner_text().replace("\xa0", " ")
    assert_status(page, found, (-1.0, 1.5), passes=1, batch_lr=5.5, lr=0.02)
    page.get_by_role("button", name="Reset").click()
    assert_status(page, run(blank, 0.1, 1, 2, True), (-1.0, 1.5), passes=2, batch_lr=3.0, lr=0.1)


def test_the_start_moves_by_keys_and_by_click(mount: Mount, blank: Page) -> None:
    page = mount(SgdPaths(PAIR, Y, passes=1))
    page.get_by_role("application").press("ArrowRight")
    found = run(blank, 0.1, 1, 1, True)
    assert_status(page, found, (-0.9, 1.5), passes=1, batch_lr=3.0, lr=0.1)
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    middle = ((-1 + found["minimum"][0]) / 2, (1.5 + found["minimum"][1]) / 2)
    assert_status(page, found, middle, passes=1, batch_lr=3.0, lr=0.1, rtol=CLICKED)


def test_a_diverging_run_is_drawn(mount: Mount) -> None:
    page = mount(SgdPaths(PAIR, Y, lr=100, batch_lr=100, passes=20))
    for path in page.locator(".dl-plot path").all():
        assert not re.search("NaN|Infinity", path.get_attribute("d") or "")


def test_the_data_are_small() -> None:
    widget = SgdPaths(PAIR, Y)
    state = {key: widget.get_state()[key] for key in ("x", "y")}
    assert len(gzip.compress(json.dumps(state).encode())) < 10_000


def test_python_refuses_what_cannot_be_drawn() -> None:
    x, y = [[0, 1], [1, 0], [2, 2]], [0, 1, 1]
    for arguments in (
        {"x": [[0, 1, 2]] * 3},
        {"x": [[0, float("nan")]] * 3},
        {"x": [["a", "b"]] * 3},
        {"x": x[:2]},
        {"y": [0, 0, 0]},
        {"y": [0, 1, 2]},
        {"y": "011"},
        {"y": [[0], [1, 1]]},
        {"l2": 0},
        {"lr": -1},
        {"batch_lr": 101},
        {"seed": 0},
        {"passes": 21},
        {"start": (1, float("inf"))},
    ):
        with pytest.raises(TraitError):
            SgdPaths(**{"x": x, "y": y, **arguments})
    widget = SgdPaths(x, y, seed=4)
    assert repr(widget) == (
        "SgdPaths(3 examples, start=(-1.0, 1.5), batch_lr=3.0, lr=0.1, seed=4, passes=3, "
        "replace=True)"
    )
    assert widget._esm == bundle(ASSETS / "sgd_paths.js")
