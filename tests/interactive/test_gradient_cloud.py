"""The cloud of mini-batch gradients in a real browser; its numbers are computed again in Python."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab.data import load_breast_cancer, standardise
from descentlab.interactive import GradientCloud
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.models import LogisticRegression

Mount = Callable[..., Page]
CANCER = load_breast_cancer()
PAIR = standardise(CANCER.X)[0][:, [20, 21]].round(3)
Y = CANCER.y
N = len(Y)
SPREAD = re.compile(r"from ∇E ([\d.]+), theory ([\d.]+)\. (\d+) of 400 batches would step uphill\.")

CLOUD_JS = """async ([x, y, l2, w, s, replace, seed, count]) => {
  const { logisticModel } = await import("/logistic.js");
  const { cloudGradients, cloudBatches } = await import("/gradient_cloud.js");
  const found = cloudGradients(logisticModel(x, y, l2), w);
  return { ...found, batches: cloudBatches(found.each, s, replace, seed, count) };
}"""


def cloud(**options: Any) -> GradientCloud:
    return GradientCloud(PAIR, Y, **options)


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def spread(page: Page) -> tuple[float, float, int]:
    found = SPREAD.search(status(page))
    assert found
    return float(found[1]), float(found[2]), int(found[3])


def expected(w: Any, s: int, replace: bool) -> float:
    each = LogisticRegression(l2=0.01).per_example_gradients(np.array(w, dtype=float), PAIR, Y)
    variance = np.sum((each - each.mean(axis=0)) ** 2, axis=1).mean()
    return float(np.sqrt(variance / s * (1 if replace else (N - s) / (N - 1))))


def assert_spread(page: Page, w: Any, s: int, replace: bool) -> None:
    kind = "with" if replace else "without"
    assert status(page).startswith(f"s = {s} {kind} replacement: ")
    measured, theory, _ = spread(page)
    np.testing.assert_allclose(theory, expected(w, s, replace), rtol=5.01e-3)
    np.testing.assert_allclose(measured, theory, rtol=0.2)


@pytest.mark.parametrize("w", [(-1.0, 1.5), (0.0, 0.0), (3.0, -8.0)])
def test_the_gradients_are_pythons(blank: Page, w: tuple[float, float]) -> None:
    arguments = [PAIR.tolist(), Y.tolist(), 0.01, w, 4, True, 1, 3]
    found = blank.evaluate(CLOUD_JS, arguments)
    model, at = LogisticRegression(l2=0.01), np.array(w)
    each = model.per_example_gradients(at, PAIR, Y)
    np.testing.assert_allclose(found["each"], each, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found["g"], model.gradient(at, PAIR, Y), rtol=1e-12)
    variance = np.sum((each - each.mean(axis=0)) ** 2, axis=1).mean()
    np.testing.assert_allclose(found["variance"], variance, rtol=1e-12)


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("s", [2, 32, 512])
def test_many_batches_have_the_variance_of_theory(blank: Page, s: int, replace: bool) -> None:
    w, count = (-1.0, 1.5), 20_000
    arguments = [PAIR.tolist(), Y.tolist(), 0.01, w, s, replace, 3, count]
    found = blank.evaluate(CLOUD_JS, arguments)
    batches, g = np.array(found["batches"]), np.array(found["g"])
    theory = expected(w, s, replace)
    measured = np.sqrt(np.sum((batches - g) ** 2, axis=1).mean())
    np.testing.assert_allclose(measured, theory, rtol=0.03)
    assert np.linalg.norm(batches.mean(axis=0) - g) < 5 * theory / np.sqrt(count)


def test_a_batch_without_replacement_has_no_example_twice(blank: Page) -> None:
    each = [[2.0**i, 1.0] for i in range(12)]
    script = """async ([each]) => (await import("/gradient_cloud.js"))
      .cloudBatches(each, 5, false, 1, 200)"""
    sums = 5 * np.array(blank.evaluate(script, [each]))[:, 0]
    assert all(int(total).bit_count() == 5 for total in sums)


def test_it_starts_with_its_traits_and_follows_the_controls(mount: Mount) -> None:
    page = mount(cloud(batch_size=32))
    assert_spread(page, (-1, 1.5), 32, False)
    page.get_by_role("combobox", name="Replacement").select_option("with")
    assert_spread(page, (-1, 1.5), 32, True)
    before = status(page)
    page.get_by_role("button", name="Draw new batches").click()
    assert_spread(page, (-1, 1.5), 32, True)
    assert status(page) != before
    page.get_by_role("slider", name="Batch size s").press("Home")
    assert_spread(page, (-1, 1.5), 1, True)
    page.get_by_role("slider", name="Batch size s").press("ArrowRight")
    assert_spread(page, (-1, 1.5), 2, True)
    page.get_by_role("button", name="Reset").click()
    assert_spread(page, (-1, 1.5), 32, False)
    page.get_by_role("slider", name="Batch size s").press("End")
    assert status(page).startswith("s = n = 569 without replacement: every batch")


def test_the_point_moves_by_keys_and_click(mount: Mount) -> None:
    page = mount(cloud())
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.get_by_role("application").press(key)
    assert_spread(page, (-0.9, 1.6), 8, False)
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    at = page.get_by_role("application").get_attribute("aria-description") or ""
    w = [float(x.replace("−", "-")) for x in re.findall(r"−?\d[\d.]*", at)]
    np.testing.assert_allclose(w, (-1.5, -0.3), atol=0.03)
    assert_spread(page, w, 8, False)


def test_the_picture_shows_the_numbers(mount: Mount) -> None:
    page = mount(cloud(batch_size=16))
    ring = page.locator("circle.dl-ring")
    unit = min(310 / 3.0, 236 / 2.2)
    radius = float(ring.get_attribute("r") or "nan")
    np.testing.assert_allclose(radius / unit, expected((-1, 1.5), 16, False), rtol=0.02)
    dots = page.locator(".dl-side path.dl-batches").get_attribute("d") or ""
    assert dots.count("M") == 400
    assert "NaN" not in dots
    page.get_by_role("slider", name="Batch size s").press("Home")
    assert float(ring.get_attribute("r") or "nan") > 3.9 * radius


def test_python_refuses_what_cannot_be_drawn() -> None:
    for options in ({"batch_size": 0}, {"batch_size": N + 1}, {"seed": -1}, {"l2": -1}):
        with pytest.raises(TraitError):
            cloud(**options)
    with pytest.raises(TraitError):
        GradientCloud(PAIR, Y[:-1])
    with pytest.raises(TraitError):
        GradientCloud(PAIR[:, :1], Y)
    widget = cloud(batch_size=2)
    assert widget.x == PAIR.tolist()
    assert repr(widget).startswith("GradientCloud(569 examples, l2=0.01, batch_size=2, ")
    assert widget._esm == bundle(ASSETS / "gradient_cloud.js")
