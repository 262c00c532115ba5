"""The map of α and β in a real browser; its numbers are computed again in Python."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab import optimizers
from descentlab.interactive import MomentumMap
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.loops import descend
from descentlab.surfaces import ravine

Mount = Callable[..., Page]
CURVATURES = (0.1, 2.0)
STATUS = re.compile(
    r"α = (\S+), β = (\S+): ρ = (\S+)\. w₁ (.+?), (\S+) per step; w₂ (.+?), (\S+) per step\. "
    r"After (\d+) steps L = (.+)\."
)
SIZES_JS = """async (cases) => {
  const { rootSizes, ravineRate } = await import("/momentum_map.js");
  return cases.map(([method, lr, beta, curvature]) =>
    [...rootSizes(method, lr, beta, curvature), ravineRate(method, lr, beta)]);
}"""
PATH_JS = """async ([method, hyper, start, steps]) => {
  const { surface } = await import("/surfaces.js");
  const { METHODS, descend } = await import("/optimizers.js");
  return descend(surface("ravine").gradient, start, METHODS[method], hyper, steps).w;
}"""


def sizes(method: str, lr: float, beta: float, curvature: float) -> np.ndarray:
    """Sizes of the eigenvalues of the matrix from (w, m) to the next (w, m), larger first."""
    product = lr * curvature
    matrix = {
        "Momentum": [[1 - product, -lr * beta], [curvature, beta]],
        "Nesterov": [[1 - product * (1 + beta), -lr * beta**2], [curvature, beta]],
    }[method]
    return np.sort(np.abs(np.linalg.eigvals(matrix)))[::-1]


def rate(method: str, lr: float, beta: float) -> float:
    return max(sizes(method, lr, beta, curvature)[0] for curvature in CURVATURES)


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


def told(page: Page) -> list[str]:
    match = STATUS.fullmatch(status(page))
    assert match, status(page)
    return list(match.groups())


def assert_told(page: Page, method: str, lr: float, beta: float, steps: int = 40) -> None:
    trace = descend(
        ravine().gradient,
        np.array([-7.0, 2.0]),
        getattr(optimizers, method)(lr=lr, beta=beta),
        steps,
    )
    found = told(page)
    assert [float(found[0]), float(found[1])] == pytest.approx([lr, beta], rel=1e-3)
    assert float(found[2]) == pytest.approx(rate(method, lr, beta), abs=5.1e-4)
    for size, curvature in zip(found[4:7:2], CURVATURES, strict=True):
        assert float(size) == pytest.approx(sizes(method, lr, beta, curvature)[0], abs=5.1e-4)
    assert int(found[7]) == steps
    loss = ravine().value(trace.w[-1])
    if 1e-3 < loss < 1e4:
        assert float(found[8]) == pytest.approx(loss, rel=5.1e-3)


def plot_point(page: Page, lr: float, beta: float) -> tuple[float, float]:
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box
    return box["x"] + lr / 2.1 * box["width"], box["y"] + (1 - beta) * box["height"]


@pytest.mark.parametrize("method", ["Momentum", "Nesterov"])
def test_sizes_of_the_roots_and_the_map_are_pythons(blank: Page, method: str) -> None:
    rng = np.random.default_rng(10)
    cases = [
        (method, *row)
        for row in zip(
            rng.uniform(0.01, 2, 400).tolist(),
            rng.uniform(0.001, 0.99, 400).tolist(),
            rng.uniform(0.05, 3, 400).tolist(),
            strict=True,
        )
    ]
    found = np.array(blank.evaluate(SIZES_JS, cases))
    expected = np.array([[*sizes(*case), rate(*case[:3])] for case in cases])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13)
    assert (found[:, 2] < 1).sum() > 100
    assert (found[:, 2] > 1).sum() > 30


@pytest.mark.parametrize("method", ["Momentum", "Nesterov"])
@pytest.mark.parametrize(("lr", "beta"), [(0.9, 0.9), (1.3358, 0.4026), (0.5, 0.6345), (0.1, 0.5)])
def test_the_path_is_pythons(blank: Page, method: str, lr: float, beta: float) -> None:
    start = np.array([-7.0, 2.0])
    rule = getattr(optimizers, method)(lr=lr, beta=beta)
    trace = descend(ravine().gradient, start, rule, 200)
    found = blank.evaluate(PATH_JS, [method, {"lr": lr, "beta": beta}, start.tolist(), 200])
    scale = np.abs(trace.w).max()
    np.testing.assert_allclose(np.array(found, float), trace.w, rtol=1e-12, atol=1e-14 * scale)


def test_it_starts_with_its_traits(mount: Mount) -> None:
    page = mount(MomentumMap())
    assert status(page).startswith("α = 0.9, β = 0.9: ρ = 0.949. w₁ swings, 0.949 per step; w₂ ")
    assert_told(page, "Momentum", 0.9, 0.9)


@pytest.mark.parametrize(
    ("method", "lr", "beta", "along", "across"),
    [
        ("Momentum", 0, 0.5, "stands still", "stands still"),
        ("Momentum", 0.02, 0.5, "creeps", "creeps"),
        ("Momentum", 0.95, 0, "creeps", "changes sign at each step"),
        ("Momentum", 0.9, 0.9, "swings", "swings"),
        ("Momentum", 1.96, 0.9, "swings", "diverges"),
        ("Nesterov", 0.5, 0.5, "creeps", "is there in two steps"),
        ("Nesterov", 0.5, 0.0, "creeps", "is there in one step"),
        ("Nesterov", 0.69, 0.9, "swings", "diverges"),
        ("Nesterov", 0.67, 0.9, "swings", "changes sign at each step"),
    ],
)
def test_the_ways_are_named(
    mount: Mount, method: str, lr: float, beta: float, along: str, across: str
) -> None:
    page = mount(MomentumMap(method, lr, beta))
    found = told(page)
    assert (found[3], found[5]) == (along, across)
    assert_told(page, method, lr, beta)


def test_drag_click_keys_and_sliders_move_the_point(mount: Mount) -> None:
    page = mount(MomentumMap())
    page.mouse.click(*plot_point(page, 0.5, 0.3))
    found = told(page)
    assert [float(found[0]), float(found[1])] == pytest.approx([0.5, 0.3], abs=0.011)
    page.mouse.move(*plot_point(page, 0.5, 0.3))
    page.mouse.down()
    page.mouse.move(*plot_point(page, 1.0, 0.6), steps=5)
    page.mouse.up()
    lr, beta = (float(text) for text in told(page)[:2])
    assert [lr, beta] == pytest.approx([1.0, 0.6], abs=0.011)
    page.get_by_role("application").press("ArrowLeft")
    page.get_by_role("application").press("ArrowUp")
    assert_told(page, "Momentum", lr - 0.01, beta + 0.01)
    page.get_by_role("slider", name="Decay rate β").press("End")
    page.get_by_role("slider", name="Learning rate α").press("Home")
    assert_told(page, "Momentum", 0.0, 0.99)
    page.mouse.click(*plot_point(page, 2.08, 0.999))
    assert_told(page, "Momentum", 2.0, 0.99)
    page.get_by_role("button", name="Reset").click()
    assert_told(page, "Momentum", 0.9, 0.9)


def test_the_button_finds_the_pair_of_the_text(mount: Mount) -> None:
    page = mount(MomentumMap())
    root = np.sqrt(20)
    page.get_by_role("button", name="Best α, β").click()
    best = (4 / (np.sqrt(2) + np.sqrt(0.1)) ** 2, ((root - 1) / (root + 1)) ** 2)
    assert_told(page, "Momentum", *best)
    assert float(told(page)[2]) == pytest.approx((root - 1) / (root + 1), abs=5e-4)
    page.get_by_role("combobox", name="Method").select_option("Nesterov")
    page.get_by_role("button", name="Standard α, β").click()
    assert_told(page, "Nesterov", 0.5, (root - 1) / (root + 1))
    assert float(told(page)[2]) == pytest.approx(1 - 1 / root, abs=5e-4)


def test_the_bands_cover_the_stable_region(mount: Mount) -> None:
    """Sum up the rectangles of all bands: the area where the rate is below 1."""
    page = mount(MomentumMap())
    area = 0.0
    for d in page.locator(".dl-band").evaluate_all("all => all.map((p) => p.getAttribute('d'))"):
        for x0, x1 in re.findall(r"M(\d+) \d+H(\d+)", d):
            area += 2 * (int(x1) - int(x0))
    stable = 1.5 * 310 * 236 / 2.1  # 0 < α < 1 + β for β from 0 to 1
    assert area == pytest.approx(stable, rel=0.01)


def test_a_divergent_run_is_drawn(mount: Mount) -> None:
    page = mount(MomentumMap("Nesterov", 2, 0.99, steps=200))
    for path in page.locator("svg path").evaluate_all("all => all.map((p) => p.outerHTML)"):
        assert "NaN" not in path
        assert "Infinity" not in path


def test_a_finger_taps_the_plot(mount: Mount) -> None:
    page = mount(MomentumMap(), viewport={"width": 360, "height": 700}, has_touch=True)
    page.locator(".dl-main").scroll_into_view_if_needed()
    page.touchscreen.tap(*plot_point(page, 0.5, 0.5))
    found = told(page)
    assert [float(found[0]), float(found[1])] == pytest.approx([0.5, 0.5], abs=0.02)


def test_python_refuses_what_cannot_be_drawn() -> None:
    for arguments in (
        {"method": "Adam"},
        {"lr": 2.1},
        {"lr": float("nan")},
        {"beta": 1.0},
        {"beta": -0.1},
        {"steps": 0},
    ):
        with pytest.raises(TraitError):
            MomentumMap(**arguments)
    widget = MomentumMap("Nesterov", lr=0.5, beta=0.25)
    assert repr(eval(repr(widget))) == repr(widget)
    assert widget._esm == bundle(ASSETS / "momentum_map.js")
