"""The Python side: what is refused, what is shown, what is bundled, how much is shipped."""

import gzip
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab import interactive, optimizers, surfaces
from descentlab.interactive import DirectionDial, Playground
from descentlab.interactive.base import ASSETS, SURFACES, CourseWidget
from descentlab.interactive.bundle import bundle
from descentlab.interactive.playground import RATES
from descentlab.loops import descend
from descentlab.plots import COLORS, LINE_STYLES

WIDGETS = [getattr(interactive, name) for name in interactive.__all__]
Jupyter = Callable[..., Page]
MODULES = sorted(ASSETS.glob("*.js"))
TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+)", re.M)


def test_repr_is_stable_and_builds_the_same_widget() -> None:
    assert repr(Playground("quadratic", lr=0.1, t=3)) == (
        "Playground(surface='quadratic', method='GradientDescent', lr=0.1, hyper={}, "
        "start=(-2.5, 1.0), steps=40, t=3, surface_options={})"
    )
    dial = DirectionDial(w=(1, 2), surface_options={"angle": 0.5})
    race = Playground(compare=("Adam", "Lion"))
    assert repr(race).endswith("surface_options={}, compare=('Adam', 'Lion'))")
    for widget in (dial, Playground("beale"), race):
        assert repr(eval(repr(widget))) == repr(widget)


def test_plain_text_output_has_no_identity() -> None:
    bundles = [DirectionDial()._repr_mimebundle_()[0] for _ in range(2)]
    assert bundles[0]["text/plain"] == bundles[1]["text/plain"] == repr(DirectionDial())
    assert "application/vnd.jupyter.widget-view+json" in bundles[0]


@pytest.mark.parametrize(
    ("widget", "arguments", "says"),
    [
        (Playground, {"surface": "canyon"}, r"one of quadratic, ravine, .*got 'canyon'"),
        (Playground, {"method": "Sprint"}, r"GradientDescent.*not the str 'Sprint'"),
        (Playground, {"lr": float("nan")}, r"finite number >= 0, not the float nan"),
        (Playground, {"lr": -0.1}, r"finite number >= 0, not the float -0.1"),
        (Playground, {"lr": float("inf")}, r"finite number >= 0, not the float inf"),
        (Playground, {"lr": "0.1"}, r"finite number >= 0, not the str '0.1'"),
        (Playground, {"hyper": {"beta": 0.9}}, r"unexpected keyword argument 'beta'"),
        (Playground, {"method": "Adam", "hyper": {"beta1": 1}}, r"beta1 must be .*\[0, 1\)"),
        (Playground, {"method": "RMSProp", "hyper": {"centered": 1}}, r"True or False"),
        (Playground, {"compare": ("Adam", "Sprint")}, r"different names of .*RAdam.*'Sprint'"),
        (Playground, {"compare": ("Adam", "Adam")}, r"compare must hold different names"),
        (Playground, {"compare": (["Adam"],)}, r"compare must hold different names"),
        (Playground, {"compare": "Adam"}, r"tuple"),
        (Playground, {"start": (1.0,)}, r"two finite numbers"),
        (Playground, {"start": (1.0, float("nan"))}, r"two finite numbers"),
        (Playground, {"start": "ab"}, r"two finite numbers"),
        (Playground, {"steps": 0}, r"should not be less than 1"),
        (Playground, {"steps": 2.5}, r"int"),
        (Playground, {"t": 41}, r"0 to 40; got 41"),
        (Playground, {"surface_options": {"kappa": 3}}, r"unexpected keyword argument 'kappa'"),
        (DirectionDial, {"surface": "canyon"}, r"'ravine'.*not the str 'canyon'"),
        (DirectionDial, {"theta_deg": 361}, r"from 0 to 360, not the int 361"),
        (DirectionDial, {"length": 0}, r"from 0.01 to 1, not the int 0"),
        (DirectionDial, {"w": (1, 2, 3)}, r"two finite numbers"),
    ],
)
def test_bad_arguments_are_refused(
    widget: type[CourseWidget], arguments: dict[str, object], says: str
) -> None:
    with pytest.raises(TraitError, match=says):
        widget(**arguments)


@pytest.mark.parametrize(("name", "value"), [("lr", -1), ("surface", "x"), ("t", 99), ("t", -1)])
def test_bad_assignments_are_refused_and_change_nothing(name: str, value: object) -> None:
    widget = Playground()
    before = repr(widget)
    with pytest.raises(TraitError):
        setattr(widget, name, value)
    assert repr(widget) == before


def test_good_values_in_other_forms_are_taken() -> None:
    widget = Playground(start=np.array([1.0, 2.0]), lr=np.float32(0.5), steps=7)
    assert (widget.start, widget.lr, widget.t) == ((1.0, 2.0), 0.5, 7)
    widget.steps = 3
    assert widget.t == 3


def test_a_message_from_the_browser_is_taken_whole() -> None:
    widget = Playground(steps=20, surface_options={"angle": 0.5})
    message = {"surface": "beale", "surface_options": {}, "start": [1, 1.5], "steps": 60, "t": 60}
    widget.set_state(message)
    assert widget.get_state(message) == {**message, "start": (1.0, 1.5)}


def test_colours_are_the_course_colours() -> None:
    assert Playground().get_state()["_colors"] == COLORS
    assert Playground().get_state()["_styles"] == LINE_STYLES
    assert {*LINE_STYLES, *RATES} <= {*COLORS}


@pytest.mark.parametrize("widget", WIDGETS)
def test_module_and_bundle_are_the_same_file(widget: type[CourseWidget]) -> None:
    assert widget._esm == bundle(ASSETS / widget._module.default_value)
    assert widget._css == (ASSETS / "widgets.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("widget", WIDGETS)
def test_bundle_is_one_module(widget: type[CourseWidget]) -> None:
    code = str(widget._esm)
    assert not re.search(r"^import ", code, re.M)
    assert re.findall(r"^export .*", code, re.M) == [code.rstrip().splitlines()[-1]]
    assert max(Counter(TOP_LEVEL.findall(code)).values()) == 1


def test_bundle_puts_dependencies_first_and_once(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nimport { c } from "./c.js";\nA;\n')
    (tmp_path / "b.js").write_text('import {\n  c,\n} from "./c.js";\nexport const b = c;\n')
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    assert bundle(tmp_path / "a.js") == "const c = 1;\n\nconst b = c;\n\nA;\n"


def test_top_level_names_are_unique_over_all_modules() -> None:
    names = Counter(n for m in MODULES for n in TOP_LEVEL.findall(m.read_text(encoding="utf-8")))
    assert [name for name, times in names.items() if times > 1] == []


def loaded(module: Path) -> set[Path]:
    """Return ``module`` and all that it imports."""
    names = re.findall(r'from "\./([^"]+)"', module.read_text(encoding="utf-8"))
    return {module}.union(*(loaded(ASSETS / name) for name in names))


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_page_loads_little_javascript(widget: type[CourseWidget]) -> None:
    """A page has the host, its own figure and often the playground."""
    entries = ("host.js", "playground.js", widget._module.default_value)
    modules = set[Path]().union(*(loaded(ASSETS / entry) for entry in entries))
    sizes = {m.name: len(gzip.compress(m.read_bytes(), 9, mtime=0)) for m in modules}
    assert sum(sizes.values()) <= 25_000, sizes


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_modules_are_short_and_say_what_they_are_for(module: Path) -> None:
    lines = module.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("// ")
    assert len(lines) <= (120 if module.name == "host.js" else 250)
    assert not re.search(
        r"\beval\(|new Function|https?://(?!www\.w3\.org/2000/svg)", "\n".join(lines)
    )


DRIFT_JS = """Drift: {
  label: "Drift",
  parameters: [{ name: "share", label: "s", value: 0.9, min: 0, max: 0.99, step: 0.01 }],
  init: (w) => ({ m: w.map(() => 0) }),
  step(w, g, { m }, { lr, share }) {
    m = m.map((mi, i) => share * mi + g[i]);
    return { w: w.map((wi, i) => wi - lr * m[i]), state: { m } };
  },
},"""


def test_a_new_method_gets_its_sliders(jupyter: Jupyter) -> None:
    """One registry entry is enough: its parameters become sliders and part of the sentence."""
    rates = {**RATES, "Drift": {"ravine": 0.02}}
    registry = "const METHODS = {"
    esm = str(Playground._esm).replace(registry, registry + DRIFT_JS)
    page = jupyter(Playground(lr=0.05), _esm=esm, _rates=rates)
    status = page.locator("[role=status]")
    page.get_by_role("combobox", name="Method").select_option("Drift")
    assert "Drift, α = 0.02, s = 0.9, 40 steps" in status.inner_text()
    page.get_by_role("slider", name="s", exact=True).press("ArrowRight")
    assert "Drift, α = 0.02, s = 0.91, 40 steps" in status.inner_text()
    assert page.evaluate("window.sent.at(-1).hyper") == {"share": 0.91}
    page.get_by_role("button", name="Reset").click()
    assert "Gradient descent, α = 0.05, 40 steps" in status.inner_text()
    assert page.get_by_role("slider", name="s", exact=True).count() == 0


@pytest.mark.parametrize("method", RATES)
def test_every_setting_of_a_method_is_one_that_python_takes(jupyter: Jupyter, method: str) -> None:
    """Both ends of every slider, the other choice of every list and what a field accepts."""
    widget = Playground(method=method)
    page = jupyter(widget)
    extra = page.locator(".dl-extra")
    for slider in extra.locator("input[type=range]").all():
        for key in ("Home", "End"):
            slider.press(key)
            widget.hyper = page.evaluate("window.sent.at(-1).hyper")
    for choice in extra.locator("select").all():
        choice.select_option("yes")
        widget.hyper = page.evaluate("window.sent.at(-1).hyper")
    for field in extra.locator("input[type=text]").all():
        field.fill("0")
        field.press("Enter")
        widget.hyper = page.evaluate("window.sent.at(-1).hyper")
    names = [f.name for f in fields(getattr(optimizers, method)) if f.name != "lr"]
    assert sorted(widget.hyper) == sorted(names)


def test_a_small_or_a_yes_or_no_setting_is_told_as_one_reads_it(jupyter: Jupyter) -> None:
    page = jupyter(Playground(method="RMSProp"))
    status = page.locator("[role=status]")
    assert "β = 0.99, ε = 10⁻⁸, centered = no, 40 steps" in status.inner_text()
    field = page.get_by_role("textbox", name="ε")
    assert field.input_value() == "1e−8"
    field.fill("2.5e−9")
    field.press("Enter")
    for choice in ("yes", "no"):
        page.get_by_role("combobox", name="centered").select_option(choice)
        assert f"β = 0.99, ε = 2.5 × 10⁻⁹, centered = {choice}, 40 steps" in status.inner_text()


def test_a_rate_of_zero_stands_at_the_low_end_of_its_slider(jupyter: Jupyter) -> None:
    page = jupyter(Playground(lr=0))
    slider = page.get_by_role("slider", name="Learning rate")
    assert float(slider.input_value()) == -4
    assert "α = 0, 40 steps" in page.locator("[role=status]").inner_text()


def sweep(method: str, name: str) -> dict[float, float]:
    """The highest loss in steps 31 to 40 with each one-digit rate that is allowed."""
    stage = getattr(surfaces, name)()
    highest = 10 if method in ("AdaGrad", "Adadelta") else 1
    rates = [float(f"{d}e{k}") for k in range(-4, 1) for d in range(1, 10)] + [10.0]
    lr = np.array([rate for rate in rates if rate <= highest])[:, None]
    start = np.tile(stage.start, (len(lr), 1))
    trace = descend(stage.gradient, start, getattr(optimizers, method)(lr=lr), 200)
    low, high = np.transpose(stage.box)
    inside = ((low <= trace.w[:41]) & (trace.w[:41] <= high)).all(axis=(0, 2))
    good = inside & (trace.diverged == -1)
    w = trace.w[:41, good]
    longest = np.linalg.norm(np.diff(w, axis=0), axis=-1).max(axis=0)
    calm = longest <= np.linalg.norm(high - low) / 4
    worst = stage.value(w[31:, calm]).max(axis=0)
    return dict(zip(lr[good][calm, 0].tolist(), worst.tolist()))


@pytest.mark.parametrize("method", RATES)
def test_rates_are_those_of_the_sweep(method: str) -> None:
    for name in SURFACES:
        if (method, name) == ("GradientDescent", "ravine"):
            assert RATES[method][name] == round(2 / (0.1 + 2), 2)
            continue
        worst = sweep(method, name)
        best = min(worst.values())
        assert worst[RATES[method][name]] <= best + 1e-6 * abs(best) + 1e-12, (name, worst)


RACERS = ("GradientDescent", "Nesterov", "NAdam")


def race(name: str, start: tuple[float, float], t: int) -> list[float]:
    """The loss of each racer after t of 40 steps."""
    stage = getattr(surfaces, name)()
    rules = [getattr(optimizers, method)(lr=RATES[method][name]) for method in RACERS]
    runs = [descend(stage.gradient, np.array(start, float), rule, 40) for rule in rules]
    return [float(stage.value(run.w[t])) for run in runs]


def told_losses(page: Page) -> list[float]:
    """The losses of a race's sentence, which names the racers in order."""
    text = page.get_by_role("status").inner_text()
    found = re.search(r": Gradient descent (.*), Nesterov (.*), NAdam (.*)\.$", text)
    assert found, text
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    return [float(loss.translate(digits).replace(" × 10", "e")) for loss in found.groups()]


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(int(color[k : k + 2], 16)) for k in (1, 3, 5))})"


def test_a_race_shows_every_method_with_its_rate(mount: Callable[..., Page]) -> None:
    page = mount(Playground(compare=RACERS))
    assert page.get_by_role("group").get_attribute("aria-label").startswith("Race of optimizers")
    assert page.get_by_role("combobox").count() == 1  # the surface
    assert page.get_by_role("textbox").count() == 0
    legend = page.locator(".dl-legend > span")
    assert legend.all_inner_texts() == [
        "Gradient descent, α = 0.95", "Nesterov, α = 0.07", "NAdam, α = 1"
    ]  # fmt: skip
    dashes = ("none", "7, 3", "8, 3, 2, 3")  # the course's styles -, -- and -.
    for panel in (".dl-legend", ".dl-main", ".dl-side"):
        lines = page.locator(f"{panel} .dl-path:not(.dl-ahead)")
        styles = lines.evaluate_all("""lines => lines.map((line) => {
          const { stroke, strokeDasharray } = getComputedStyle(line);
          return stroke + " " + strokeDasharray.replaceAll("px", "");
        })""")
        assert styles == [f"{rgb(COLORS[m])} {d}" for m, d in zip(RACERS, dashes)], panel
    np.testing.assert_allclose(told_losses(page), race("ravine", (-7, 2), 40), rtol=5.01e-3)
    page.get_by_role("slider", name="Step t").press("Home")
    assert told_losses(page) == [6.45, 6.45, 6.45]
    for _ in range(3):
        page.get_by_role("button", name="One step forward").click()
    assert "40 steps from (−7, 2); the loss at t = 3: " in page.get_by_role("status").inner_text()
    np.testing.assert_allclose(told_losses(page), race("ravine", (-7, 2), 3), rtol=5.01e-3)


def test_a_race_follows_the_start_and_the_surface(mount: Callable[..., Page]) -> None:
    page = mount(Playground("saddle", compare=RACERS, start=(1.0, 0.5)))
    np.testing.assert_allclose(told_losses(page), race("saddle", (1.0, 0.5), 40), rtol=5.01e-3)
    page.get_by_role("application").press("Shift+ArrowRight")
    np.testing.assert_allclose(told_losses(page), race("saddle", (1.01, 0.5), 40), rtol=5.01e-3)
    page.get_by_role("combobox", name="Surface").select_option("rosenbrock")
    np.testing.assert_allclose(told_losses(page), race("rosenbrock", (-1.2, 1.0), 40), rtol=5.01e-3)
    assert "α = 0.004" in page.locator(".dl-legend").inner_text()
    box = page.locator(".dl-main .dl-axes rect").bounding_box()
    page.mouse.click(box["x"] + 1, box["y"] + box["height"] - 1)
    text = page.get_by_role("status").inner_text()
    assert re.search(
        r"Gradient descent diverged at step \d, Nesterov diverged at .*, NAdam \d", text
    )


@pytest.mark.parametrize("width", [320, 360, 800])
def test_a_race_of_all_fits_the_page(mount: Callable[..., Page], width: int) -> None:
    page = mount(Playground(compare=tuple(RATES)), viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".dl-legend > span").count() == 13
