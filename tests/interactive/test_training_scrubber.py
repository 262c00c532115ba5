"""Training runs in a real browser; what is shown is computed again from the runs themselves."""

import gzip
import itertools
import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page
from traitlets import TraitError

from descentlab.interactive import TrainingScrubber
from descentlab.interactive.base import ASSETS
from descentlab.interactive.bundle import bundle
from descentlab.interactive.training_scrubber import LIMIT, summarise_runs, t95
from descentlab.plots import COLORS

Mount = Callable[..., Page]
RNG = np.random.default_rng(19)
EPOCHS = np.arange(21)
T975 = {2: 12.706205, 3: 4.302653, 7: 2.446912, 10: 2.262157}  # printed tables; key: runs
CURVES = {
    view: {
        name: top - (top - 0.1) * np.exp(-0.2 * EPOCHS) + 0.02 * RNG.standard_normal((10, 21))
        for name, top in (("train", high), ("test", high - 0.15))
    }
    for view, high in (("plain", 0.9), ("dropout", 0.98), ("both", 1.05))
}
LOSSES = {
    view: {
        name: rate * np.exp(-0.3 * rate * EPOCHS + 0.2 * RNG.standard_normal((10, 21)))
        for name, rate in (("SGD", 0.5), ("Adam", 2.0))
    }
    for view in ("tuned", "default")
}
LOSSES["default"]["Adam"][:3, 8:] = np.nan
LOSSES["default"]["SGD"][:9, 12:] = np.inf
LOSSES["default"]["SGD"][9, 15] = -np.inf
EDGES = np.linspace(-3, 3, 13)
VALUES = {view: RNG.normal(0, s, (21, 300)) for view, s in (("plain", 1), ("dropout", 0.5))}
VALUES["both"] = RNG.normal(1, 1, (21, 300))
COUNTS = {
    view: {
        "layer 1": np.array([np.histogram(row, EDGES)[0] for row in rows]),
        "layer 2": np.array([np.histogram(2 * row, EDGES)[0] for row in rows]) / 300,
    }
    for view, rows in VALUES.items()
}


def widget(**options: object) -> TrainingScrubber:
    return TrainingScrubber(EPOCHS, CURVES, **options)


def histograms(**options: object) -> TrainingScrubber:
    return widget(histograms=COUNTS, edges=EDGES, histogram_label="output z", **options)


def losses(**options: object) -> TrainingScrubber:
    return TrainingScrubber(EPOCHS, LOSSES, quantity="training loss", log=True, **options)


def interval(runs: np.ndarray, step: int) -> tuple[float, float]:
    """Mean and half width at a step, of the finite runs."""
    x = runs[:, step][np.isfinite(runs[:, step])]
    return x.mean(), T975[len(x)] * np.sqrt(((x - x.mean()) ** 2).sum() / (len(x) - 1) / len(x))


def status(page: Page) -> str:
    return page.get_by_role("status").inner_text().replace("\u00a0", " ")


def cells(page: Page) -> list[list[str]]:
    rows = [row.locator("th, td").all() for row in page.locator(".dl-numbers tr").all()]
    return [[c.inner_text().replace("\u00a0", " ") for c in r if c.is_visible()] for r in rows]


def assert_text(text: str, runs: np.ndarray, step: int) -> None:
    """``text`` is the mean ± the half width, each to within half of its last digit."""
    for shown, value in zip(re.findall(r"−?[\d.]+", text), interval(runs, step), strict=True):
        unit = 10.0 ** -len(shown.partition(".")[2])
        assert abs(float(shown.replace("−", "-")) - value) <= 0.5001 * unit + 6e-4 * abs(value)
        assert float(shown.replace("−", "-")) != 0


def assert_shown(
    page: Page, curves: dict, view: str, step: int, other: str | None = None, said: int = 0
) -> None:
    """The table and the sentence have the numbers of the runs at this step."""
    rows = cells(page)
    names = list(curves[view])
    assert rows[0] == [f"epoch {said or step}", view, *([f"{other}, dashed"] if other else [])]
    assert [row[0].strip() for row in rows[1:]] == names
    sentence = status(page)
    assert sentence.startswith(f"{view}, epoch {said or step}: ")
    for name, row in zip(names, rows[1:], strict=True):
        for of, text in zip([view, other] if other else [view], row[1:], strict=True):
            assert_text(text, curves[of][name], step)
        assert f"{name} {row[1]}" in sentence
    assert (f"Dashed: {other}." in sentence) == (other is not None)


def axes(panel: Locator) -> tuple[Callable, Callable]:
    """The maps from pixels to data, read off the tick labels; decades give their exponent."""
    ticks = panel.locator(".dl-axes").evaluate(
        """g => [...g.querySelectorAll("path")].map((p) =>
             [p.getAttribute("d"), p.nextElementSibling.textContent])"""
    )
    found: dict[str, list] = {"v": [], "h": []}
    for d, text in ticks:
        x, y, kind = re.fullmatch(r"M([\d.]+) ([\d.]+)([vh])-?4", d).groups()
        digits = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
        if re.search("[⁰¹²³⁴⁵⁶⁷⁸⁹]", text):
            digits = digits[2:]
        found[kind].append((float(x) - 44 if kind == "v" else float(y) - 20, float(digits)))
    fits = [np.polyfit(*zip(*found[kind]), 1) for kind in "vh"]
    return tuple(lambda p, fit=fit: np.polyval(fit, p) for fit in fits)


def path(locator: Locator) -> np.ndarray:
    d = locator.get_attribute("d") or ""
    return np.array([[float(n) for n in pair.split()] for pair in re.findall(r"[ML]([-\d. ]+)", d)])


def move_slider(page: Page, step: int) -> None:
    page.get_by_role("slider", name="At epoch").evaluate(
        "(el, k) => { el.value = k; el.dispatchEvent(new Event('input', { bubbles: true })); }",
        step,
    )


def test_the_read_out_is_the_mean_of_the_runs_and_its_interval(mount: Mount) -> None:
    page = mount(widget(step=3))
    assert_shown(page, CURVES, "plain", 3)
    assert "mean of the runs ± half of its 95 % t interval" in page.inner_text(".dl-numbers")
    for view in CURVES:
        page.get_by_role("combobox", name="Show").select_option(label=view)
        for step in (0, 7, 20):
            move_slider(page, step)
            assert_shown(page, CURVES, view, step)
    page.get_by_role("combobox", name="Compare with").select_option(label="plain")
    assert_shown(page, CURVES, "both", 20, "plain")
    page.get_by_role("combobox", name="Compare with").select_option(label="nothing")
    assert_shown(page, CURVES, "both", 20)
    page.get_by_role("button", name="Reset").click()
    assert_shown(page, CURVES, "plain", 3)


def test_lines_and_bands_are_where_the_axes_say(mount: Mount) -> None:
    page = mount(widget(view="dropout", other="plain", step=5))
    to_x, to_y = axes(page.locator(".dl-main .dl-panel"))
    for k, name in enumerate(("train", "test")):
        for kind, view in (("shown", "dropout"), ("other", "plain")):
            line = path(page.locator(f".dl-main .dl-path.dl-{kind}").nth(k))
            np.testing.assert_allclose(to_x(line[:, 0]), EPOCHS, atol=0.01)
            means = CURVES[view][name].mean(axis=0)
            np.testing.assert_allclose(to_y(line[:, 1]), means, atol=6e-4)
        band = path(page.locator(".dl-main .dl-interval").nth(k))
        ends = np.array([interval(CURVES["dropout"][name], t) for t in EPOCHS])
        np.testing.assert_allclose(to_y(band[:21, 1]), ends.sum(axis=1), atol=7e-4)
        np.testing.assert_allclose(to_y(band[:20:-1, 1]), ends @ [1, -1], atol=7e-4)
    dashes = [
        page.locator(f".dl-main .dl-path.dl-{kind}").first.evaluate(
            "el => getComputedStyle(el).strokeDasharray"
        )
        for kind in ("shown", "other")
    ]
    assert dashes[0] == "none" != dashes[1]
    rule = path(page.locator(".dl-main .dl-now"))[0, 0]
    assert to_x(rule) == pytest.approx(5, abs=0.01)


def test_all_views_share_their_axes(mount: Mount) -> None:
    page = mount(histograms())
    texts = []
    for view in CURVES:
        page.get_by_role("combobox", name="Show").select_option(label=view)
        for step in (0, 20):
            move_slider(page, step)
            texts.append(page.locator(".dl-axes").all_text_contents())
            for k in range(2):  # and all is inside
                y = path(page.locator(".dl-main .dl-path.dl-shown").nth(k))[:, 1]
                assert 0 < y.min() < y.max() < 236
    assert all(text == texts[0] for text in texts)


def test_the_step_is_chosen_by_slider_key_button_mouse_and_finger(mount: Mount) -> None:
    page = mount(widget(), has_touch=True)
    plot = page.get_by_role("application")
    for key, step in (
        ("ArrowRight", 20),  # the last one stays
        ("ArrowLeft", 19),
        ("ArrowDown", 18),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowUp", 1),
        ("End", 20),
    ):
        plot.press(key)
        assert_shown(page, CURVES, "plain", step)
    page.get_by_role("button", name="One epoch back").click()
    assert_shown(page, CURVES, "plain", 19)
    page.get_by_role("button", name="One epoch forward").click()
    assert_shown(page, CURVES, "plain", 20)
    page.get_by_role("slider", name="At epoch").press("ArrowLeft")
    assert_shown(page, CURVES, "plain", 19)
    assert page.get_by_role("slider").get_attribute("aria-valuetext") == "19"

    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    assert box

    def at(step: float) -> tuple[float, float]:
        unit = box["width"] / 310
        return box["x"] + unit * (14 + step / 20 * 282), box["y"] + box["height"] / 2

    page.mouse.click(*at(4.4))
    assert_shown(page, CURVES, "plain", 4)
    page.mouse.move(*at(4))
    page.mouse.down()
    page.mouse.move(*at(11.6), steps=4)
    page.mouse.up()
    assert_shown(page, CURVES, "plain", 12)
    page.touchscreen.tap(*at(7))
    assert_shown(page, CURVES, "plain", 7)


def test_runs_that_are_not_finite_are_said_and_left_out(mount: Mount) -> None:
    page = mount(losses(view="default", other="tuned", step=10))
    rows = cells(page)
    assert rows[2][1].split("\n")[1] == "3 of 10 runs not finite"
    assert_text(rows[2][1].split("\n")[0], LOSSES["default"]["Adam"], 10)
    assert_text(rows[2][2], LOSSES["tuned"]["Adam"], 10)
    assert status(page).count("(3 of 10 runs not finite)") == 1
    move_slider(page, 13)  # one run left: no interval
    alone = LOSSES["default"]["SGD"][9, 13]
    text, note = cells(page)[1][1].split("\n")
    assert "±" not in text
    assert float(text) == pytest.approx(alone, rel=6e-4)
    assert note == "9 of 10 runs not finite"
    move_slider(page, 15)
    assert cells(page)[1][1] == "not finite\n10 of 10 runs not finite"
    line = page.locator(".dl-main .dl-path.dl-shown").first.get_attribute("d") or ""
    assert line.count("M") == 2  # a gap at step 15
    assert len(path(page.locator(".dl-main .dl-path.dl-shown").first)) == 20
    assert "NaN" not in page.locator(".dl-main .dl-plot").inner_html()
    band = page.locator(".dl-main .dl-interval").first.get_attribute("d") or ""
    assert len(re.findall("[ML]", band)) == 2 * 12


def test_a_logarithmic_axis(mount: Mount) -> None:
    page = mount(losses())
    to_x, to_y = axes(page.locator(".dl-main .dl-panel"))
    for k, name in enumerate(LOSSES["tuned"]):
        line = path(page.locator(".dl-main .dl-path.dl-shown").nth(k))
        expected = np.log10(LOSSES["tuned"][name].mean(axis=0))
        np.testing.assert_allclose(to_y(line[:, 1]), expected, atol=2e-3)
        np.testing.assert_allclose(to_x(line[:, 0]), EPOCHS, atol=0.01)


@pytest.mark.parametrize(
    ("low", "high", "log", "unit"),
    [
        (0.2, 0.8, True, ""),
        (2e-6, 5e-6, True, ", × 10⁻⁶"),
        (1e-7, 1e9, True, ""),
        (2e5, 9e5, False, ", × 10⁵"),
        (-3e-4, 4e-4, False, ", × 10⁻⁴"),
        (0.9871, 0.9878, False, ""),
        (0.5, 0.5, False, ""),
        (0.5, 0.5, True, ""),
        (0.0, 0.0, False, ""),
    ],
)
def test_the_axis_suits_its_values(
    mount: Mount, low: float, high: float, log: bool, unit: str
) -> None:
    """Two to twelve marks that are read, in place, and not cut off."""
    made = TrainingScrubber([0, 40_000], {"one": {"a": [[low, high]], "b": [[high, low]]}}, log=log)
    page = mount(made, viewport={"width": 360, "height": 800})
    panel = page.locator(".dl-main .dl-panel")
    box = panel.bounding_box()
    assert box
    for text in panel.locator(".dl-axes text").all():
        inner = text.bounding_box()
        assert inner
        assert box["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= box["x"] + box["width"] + 0.5
    below = [t.bounding_box() for t in panel.locator(".dl-axes text[text-anchor=middle]").all()]
    for one, following in itertools.pairwise(below):
        assert one["x"] + one["width"] + 8 < following["x"]
    labels = panel.locator(".dl-axes text[text-anchor=end]").all_text_contents()
    assert 2 <= len(labels) - 1 <= 12  # the last is the name of the other axis
    assert panel.locator(".dl-axis").last.text_content() == f"accuracy{unit}"
    assert "NaN" not in panel.inner_html()
    if not log:
        to_y = axes(panel)[1]
        power = re.search(r"⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+$", unit)
        n = power[0].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) if power else "0"
        y = to_y(path(page.locator(".dl-main .dl-path.dl-shown").first)[:, 1]) * 10.0 ** int(n)
        np.testing.assert_allclose(y, [low, high], atol=3e-3 * max(high - low, 0.1 * high, 1e-9))
    assert page.locator(".dl-numbers caption").inner_text() == "one run of each"


@pytest.mark.parametrize("log", [False, True])
def test_two_wild_runs_do_not_flatten_the_curves(mount: Mount, log: bool) -> None:
    """A band far wider than the means differ, here below 0 as well, is cut at the frame."""
    runs = np.array([[0.1, 1.0, 0.5], [1.0, 0.1, 0.6]])
    page = mount(TrainingScrubber([0, 1, 2], {"one": {"a": runs, "b": [[0.1, 1.0, 0.5]]}}, log=log))
    y = path(page.locator(".dl-main .dl-path.dl-shown").nth(1))[:, 1]
    assert np.ptp(y) > 0.35 * 236
    assert "NaN" not in page.locator(".dl-main .dl-panel").inner_html()


def bars(page: Page) -> np.ndarray:
    d = page.locator(".dl-side .dl-band").get_attribute("d") or ""
    return np.array([[float(n) for n in bar] for bar in re.findall(r"V([\d.]+)H([\d.]+)V", d)])


def test_the_histogram_has_the_shares_of_the_chosen_item_and_step(mount: Mount) -> None:
    page = mount(histograms(other="dropout", step=4))
    for item, scale in (("layer 1", 1), ("layer 2", 2)):
        page.get_by_role("combobox", name="Histogram of").select_option(label=item)
        for step in (4, 17):
            move_slider(page, step)
            values = VALUES["plain"][step] * scale
            inside = len(values) if item == "layer 2" else ((values >= -3) & (values <= 3)).sum()
            counts = np.histogram(values, EDGES)[0]
            to_x, to_y = axes(page.locator(".dl-side .dl-panel"))
            drawn = bars(page)
            np.testing.assert_allclose(to_x(drawn[:, 1]), EDGES[1:][counts > 0], atol=0.01)
            shares = (counts / inside)[counts > 0]
            np.testing.assert_allclose(to_y(drawn[:, 0]), shares, atol=6e-4)
            d = page.locator(".dl-side path.dl-linear").get_attribute("d") or ""
            outline = np.array([float(y) for y in re.findall(r"V([\d.]+)H", d)])
            others = COUNTS["dropout"][item][step]
            others = others / (others.sum() if item == "layer 1" else 1)
            np.testing.assert_allclose(to_y(outline), others, atol=6e-4)
            best = counts.argmax()
            sentence = f"{item}: the highest bin is {EDGES[best]:g} to {EDGES[best + 1]:g}, with "
            said = status(page).replace("−", "-")
            assert sentence in said
            percent = float(said.split(sentence)[1].split(" %")[0])
            assert percent == pytest.approx(100 * counts[best] / inside, abs=0.011)
    label = page.get_by_role("img", name="Histogram of layer 2, plain, epoch 17: ")
    assert "Dashed outline: dropout." in (label.get_attribute("aria-label") or "")


def test_bins_of_different_widths_show_shares_per_unit(mount: Mount) -> None:
    counts = {"one": {"h": [[4, 4, 0], [2, 2, 4]]}}
    page = mount(
        TrainingScrubber(
            [1, 2], {"one": {"a": [[0, 1]]}}, histograms=counts, edges=[0, 1, 3, 4], step=1
        )
    )
    _, to_y = axes(page.locator(".dl-side .dl-panel"))
    np.testing.assert_allclose(to_y(bars(page)[:, 0]), [0.25, 0.125, 0.5], atol=1e-3)
    assert page.locator(".dl-side .dl-axis").last.text_content() == "share per unit"
    assert page.get_by_role("combobox").count() == 0


def test_the_plot_says_what_it_shows(mount: Mount) -> None:
    page = mount(histograms(view="dropout", other="both"))
    said = page.get_by_role("application").get_attribute("aria-label") or ""
    assert said.startswith("accuracy against epoch from 0 to 20, dropout: train goes from ")
    means = [CURVES["dropout"][name].mean(axis=0)[t] for name in ("train", "test") for t in (0, -1)]
    found = [float(n) for n in re.findall(r"\d\.\d+", said)]
    np.testing.assert_allclose(found, means, rtol=6e-3)
    assert "Dashed: both. Arrow keys" in said


def test_curves_are_told_apart_by_colour_and_shape(mount: Mount) -> None:
    names = ["SGD", "Momentum", "Nesterov", "Adam", "AdamW", "Lion"]
    page = mount(TrainingScrubber([0, 1], {"one": {n: [[k, k]] for k, n in enumerate(names)}}))
    lines = page.locator(".dl-main .dl-path.dl-shown").all()
    looks = [
        line.evaluate("el => [getComputedStyle(el).stroke, getComputedStyle(el).strokeDasharray]")
        for line in lines
    ]
    rgb = [tuple(int(COLORS[n][k : k + 2], 16) for k in (1, 3, 5)) for n in names[1:]]
    for look, color in zip(looks[1:], rgb, strict=True):
        assert look[0] == f"rgb{color}"
    assert looks[0][0] not in {look[0] for look in looks[1:]}
    assert [look[1] != "none" for look in looks] == [False, False, True, False, True, False]
    shapes = [m.get_attribute("d") for m in page.locator(".dl-numbers .dl-mark").all()]
    assert len(set(shapes)) == 6


def test_names_that_look_like_numbers_keep_their_order(mount: Mount) -> None:
    views = {name: {"7": [[k, 2]], "3": [[k, 1]]} for k, name in enumerate(("10", "2", "1"))}
    page = mount(TrainingScrubber([0, 1], views))
    options = page.get_by_role("combobox", name="Show").locator("option").all_inner_texts()
    assert options == ["10", "2", "1"]
    page.get_by_role("combobox", name="Show").select_option(label="2")
    assert status(page).startswith("2, epoch 1: 7 2.000, 3 1.000.")


def test_a_mean_has_the_digits_that_its_interval_allows(blank: Page) -> None:
    script = """async (cases) => {
      const { scrubMean } = await import("./training_scrubber.js");
      return cases.map(([m, h]) => scrubMean({ mean: [m], half: [h], finite: [3] }, 0));
    }"""
    cases = {
        (0.98765, 0.0123): "0.988 ± 0.012",
        (0.9876, 0.00012): "0.9876 ± 0.0001",
        (0.9876, 0.00001): "0.9876 ± 1.0 × 10⁻⁵",
        (0.5, 0.0): "0.5000 ± 0",
        (0.0, 0.02): "0 ± 0.020",
        (99.96, 1.2): "100 ± 1",
        (-9.98, 3.3): "−10 ± 3",
        (123.4, 456.0): "120 ± 460",
        (2.346e-6, 1.2e-7): "2.35 × 10⁻⁶ ± 1.2 × 10⁻⁷",
        (0.7321, None): "0.7321",
    }
    shown = blank.evaluate(script, list(cases))
    assert [text.replace("\u00a0", " ") for text in shown] == list(cases.values())


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9, 30, 199])
def test_the_t_quantile_leaves_five_percent_outside(df: int) -> None:
    """The density integrated by the trapezoidal rule, with t = √df tan φ."""
    phi = np.linspace(-np.pi / 2, np.pi / 2, 400_001)[1:-1]
    weight = np.cos(phi) ** (df - 1)
    outside = np.abs(np.sqrt(df) * np.tan(phi)) > t95(df)
    assert weight[outside].sum() / weight.sum() == pytest.approx(0.05, abs=2e-5)


def test_a_summary_of_runs_of_any_size() -> None:
    runs = np.array([[1.0, 1e300, np.nan, 5], [2.0, 3e300, np.nan, np.inf], [6, 2e300, np.nan, 7]])
    found = summarise_runs(runs)
    half = T975[3] * np.sqrt(7 / 3)
    assert found["mean"] == [3, 2e300, None, 6]
    assert found["half"][:3] == [float(f"{half:.4g}"), pytest.approx(2.484e300), None]
    assert found["half"][3] == float(f"{T975[2]:.4g}")
    assert found["finite"] == [3, 3, 0, 2]
    assert found["runs"] == 3


BAD: list[tuple[dict, str]] = [
    ({"steps": [0]}, r"steps must be 2 to 400 numbers, got 1"),
    ({"steps": range(401)}, r"steps must be 2 to 400 numbers, got 401"),
    ({"steps": [0, 0]}, r"steps must be finite and increase"),
    ({"steps": [0, np.nan]}, r"steps must be finite and increase"),
    ({"steps": [[0, 1]]}, r"steps has shape \(1, 2\); expected \(T,\)"),
    ({"steps": ["a", "b"]}, r"steps must hold numbers"),
    ({"curves": {}}, r"curves must be a dict of 1 to 16 entries, got 0 entries"),
    ({"curves": [1]}, r"curves must be a dict of 1 to 16 entries, got \[1\]"),
    ({"curves": {str(k): {"a": [[0, 1]]} for k in range(17)}}, r"1 to 16 entries, got 17"),
    ({"curves": {"v": {}}}, r"curves\['v'\] must be a dict of 1 to 6 entries, got 0"),
    ({"curves": {"v": {str(k): [[0, 1]] for k in range(7)}}}, r"1 to 6 entries, got 7"),
    ({"curves": {0.5: {"a": [[0, 1]]}}}, r"a name in curves must be a str .* got 0.5"),
    ({"curves": {"v": {"x" * 41: [[0, 1]]}}}, r"must be a str of 1 to 40 characters"),
    (
        {"curves": {"v": {"a": [[0, 1]]}, "u": {"b": [[0, 1]]}}},
        r"curves\['u'\] has b; expected the same names as elsewhere: a",
    ),
    ({"curves": {"v": {"a": [0, 1]}}}, r"\['a'\] has shape \(2,\); expected \(runs, 2\)"),
    ({"curves": {"v": {"a": [[0, 1, 2]]}}}, r"shape \(1, 3\); expected \(runs, 2\) as steps"),
    ({"curves": {"v": {"a": np.zeros((0, 2))}}}, r"shape \(0, 2\); expected"),
    ({"curves": {"v": {"a": [[0, "x"]]}}}, r"curves\['v'\]\['a'\] must hold numbers"),
    ({"curves": {"v": {"a": [[np.nan, np.inf]]}}}, r"no finite value; give at least one"),
    ({"log": True}, r"curves\['v'\]\['a'\] has 0; .* needs values > 0: use log=False"),
    ({"quantity": ""}, r"quantity must be a str of 1 to 40 characters, got ''"),
    ({"step_name": 3}, r"step_name must be a str"),
    ({"histogram_label": "x" * 41}, r"histogram_label must be a str of 0 to 40"),
    ({"edges": [0, 1]}, r"come together; histograms is None"),
    ({"histograms": {"v": {"h": [[1], [1]]}}}, r"come together; edges is None"),
    ({"histograms": {"v": {"h": [[1], [1]]}}, "edges": [1, 0]}, r"edges must .* increase"),
    ({"histograms": {"u": {"h": [[1], [1]]}}, "edges": [0, 1]}, r"histograms has u; .*: v"),
    ({"histograms": {"v": {"h": [[1]]}}, "edges": [0, 1]}, r"shape \(1, 1\); expected \(2, 1\)"),
    ({"histograms": {"v": {"h": [[1], [-1]]}}, "edges": [0, 1]}, r"finite counts or shares >= 0"),
    ({"view": "w"}, r"view must be one of v; got 'w'"),
    ({"other": "w"}, r"other must be one of v; got 'w'"),
    ({"step": 2}, r"step must be an index from 0 to 1, got 2"),
    ({"step": -1}, r"step must be an index from 0 to 1, got -1"),
    ({"step": 0.5}, r"step"),
]


@pytest.mark.parametrize(("changes", "message"), BAD, ids=lambda value: str(value)[:40])
def test_a_mistake_is_said(changes: dict, message: str) -> None:
    arguments = {"steps": [0, 1], "curves": {"v": {"a": [[0.0, 1.0]]}}, **changes}
    with pytest.raises(TraitError, match=message):
        TrainingScrubber(**arguments)


def test_later_assignments_are_checked() -> None:
    made = histograms(step=np.argmax(EPOCHS == 4))
    for name, value in (("view", "no"), ("other", "no"), ("step", 21), ("item", 2)):
        before = getattr(made, name)
        with pytest.raises(TraitError, match=name):
            setattr(made, name, value)
        assert getattr(made, name) == before
    made.other = "plain"
    made.other = None
    assert repr(made) == "TrainingScrubber(3 views, view='plain', other=None, step=4)"
    assert made._esm == bundle(ASSETS / "training_scrubber.js")


def random_histograms(views: int, steps: int, bins: int) -> TrainingScrubber:
    rng = np.random.default_rng(views)
    names = [f"view {k}" for k in range(views)]
    curves = {v: {c: rng.uniform(size=(10, steps)) for c in "abcd"} for v in names}
    counts = {v: {c: rng.integers(0, 50, (steps, bins)) for c in "xy"} for v in names}
    return TrainingScrubber(range(steps), curves, histograms=counts, edges=range(bins + 1))


def test_the_data_stay_small() -> None:
    made = random_histograms(views=3, steps=41, bins=40)
    assert len(gzip.compress(json.dumps(made.data).encode())) <= LIMIT == 60_000
    with pytest.raises(TraitError, match=r"take \d+ bytes .* limit is 60000: give fewer") as error:
        random_histograms(views=8, steps=81, bins=40)
    assert int(re.findall(r"take (\d+) bytes", str(error.value))[0]) > LIMIT
    numbers = json.dumps(made.data["table"])
    assert max(len(n.strip("0.").replace(".", "")) for n in re.findall(r"\d[\d.]*", numbers)) <= 4


def test_python_moves_the_figure_and_hears_of_moves(jupyter: Callable[..., Page]) -> None:
    page = jupyter(histograms(step=2))
    page.evaluate("model.set('step', 11)")
    page.wait_for_function("document.querySelector('.dl-status').textContent.includes('epoch 11')")
    page.get_by_role("combobox", name="Compare with").select_option(label="both")
    page.get_by_role("combobox", name="Histogram of").select_option(label="layer 2")
    sent = page.evaluate("window.sent.at(-1)")
    assert [sent[name] for name in ("view", "other", "step", "item")] == ["plain", "both", 11, 1]
    page.get_by_role("combobox", name="Show").select_option(label="dropout")
    page.get_by_role("button", name="Reset").click()
    for name, chosen in (
        ("Show", "plain"),
        ("Compare with", "nothing"),
        ("Histogram of", "layer 1"),
    ):
        box = page.get_by_role("combobox", name=name)
        assert box.locator("option:checked").inner_text() == chosen
