"""The Python side: what is refused, what is shown, what is bundled, how much is shipped."""

import gzip
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page
from traitlets import TraitError

from descentlab import interactive
from descentlab.interactive import DirectionDial, Playground
from descentlab.interactive.base import ASSETS, CourseWidget
from descentlab.interactive.bundle import bundle
from descentlab.plots import COLORS

WIDGETS = [getattr(interactive, name) for name in interactive.__all__]
MODULES = sorted(ASSETS.glob("*.js"))
TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+)", re.M)


def test_repr_is_stable_and_builds_the_same_widget() -> None:
    assert repr(Playground("quadratic", lr=0.1, t=3)) == (
        "Playground(surface='quadratic', method='GradientDescent', lr=0.1, hyper={}, "
        "start=(-2.5, 1.0), steps=40, t=3, surface_options={})"
    )
    for widget in (DirectionDial(w=(1, 2), surface_options={"angle": 0.5}), Playground("beale")):
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


STUB_JS = """async ([esm, state]) => {
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const widget = (await import(url)).default;
  const listeners = new Set();
  window.sent = [];
  window.model = {
    get: (name) => state[name],
    set(name, value) { state[name] = value; listeners.forEach((listener) => listener()); },
    save_changes: () => window.sent.push({ ...state }),
    on: (name, listener) => listeners.add(listener),
    off: (name, listener) => listeners.delete(listener),
  };
  const el = document.body.appendChild(document.createElement("div"));
  window.cleanup = widget.render({ model: window.model, el });
  window.listening = () => listeners.size;
}"""


@pytest.mark.parametrize("widget", [DirectionDial, Playground])
def test_bundle_runs_and_follows_its_model(blank: Page, widget: type[CourseWidget]) -> None:
    """As in Jupyter: Python's changes are drawn, the reader's changes are sent."""
    made = widget()
    state = {key: made.get_state()[key] for key in (*made.shown, "_colors")}
    if widget is Playground:
        state["_rates"] = made.get_state()["_rates"]
    blank.evaluate(STUB_JS, [str(widget._esm), state])
    status = blank.locator("[role=status]")
    name, value, shows = {
        DirectionDial: ("theta_deg", 180, "θ = 180°, cos θ = −1.000"),
        Playground: ("t", 7, "at t = 7, w = "),
    }[widget]
    assert shows not in status.inner_text()
    blank.evaluate("([name, value]) => window.model.set(name, value)", [name, value])
    assert shows in status.inner_text()
    blank.locator("input[type=range]").first.press("ArrowRight")
    assert len(blank.evaluate("window.sent")) == 1
    blank.evaluate("window.cleanup()")
    assert blank.evaluate("window.listening()") == 0


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


MOMENTUM_JS = """Momentum: {
  label: "Momentum",
  parameters: [{ name: "beta", label: "β", value: 0.9, min: 0, max: 0.99, step: 0.01 }],
  init: (w) => ({ m: w.map(() => 0) }),
  step(w, g, { m }, { lr, beta }) {
    m = m.map((mi, i) => beta * mi + g[i]);
    return { w: w.map((wi, i) => wi - lr * m[i]), state: { m } };
  },
},"""


def test_a_new_method_gets_its_sliders(blank: Page) -> None:
    """One registry entry is enough: its parameters become sliders and part of the sentence."""
    widget = Playground(lr=0.05)
    state = {key: widget.get_state()[key] for key in (*widget.shown, "_colors", "_rates")}
    state["_rates"] = {**state["_rates"], "Momentum": {"ravine": 0.02}}
    registry = "const METHODS = {"
    esm = str(Playground._esm).replace(registry, registry + MOMENTUM_JS)
    blank.evaluate(STUB_JS, [esm, state])
    status = blank.locator("[role=status]")
    blank.get_by_role("combobox", name="Method").select_option("Momentum")
    assert "Momentum, α = 0.02, β = 0.9, 40 steps" in status.inner_text()
    blank.get_by_role("slider", name="β").press("ArrowRight")
    assert "Momentum, α = 0.02, β = 0.91, 40 steps" in status.inner_text()
    assert blank.evaluate("window.sent.at(-1).hyper") == {"beta": 0.91}
    blank.get_by_role("button", name="Reset").click()
    assert "Gradient descent, α = 0.05, 40 steps" in status.inner_text()
    assert blank.get_by_role("slider", name="β").count() == 0
