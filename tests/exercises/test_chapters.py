"""The exercises of all chapters: every reference is right, every known mistake has its answer.

New chapters join by themselves; they only list equivalent mutants and further right styles here.
"""

import functools
import inspect
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from markdown_it import MarkdownIt
from mutants import Mutant, mutants

from descentlab.exercises import check
from descentlab.exercises.engine import Outcome, _agree, _quiet, _run_all
from descentlab.exercises.exercise import Exercise, Misconception
from descentlab.exercises.ladder import ladder, to_html
from descentlab.exercises.registry import all_exercises, find

ALL = tuple(all_exercises())
FUNCTIONS = tuple(e for e in ALL if e.wants_function)
VALUES = tuple(e for e in ALL if not e.wants_function and not e.options)
CHOICES = tuple(e for e in ALL if e.options)

W1_IS_ONE = "w1 = 1: multiplying by it, dividing by it and raising to it are the same"
SYMMETRIC = "the inner product is symmetric"
EQUIVALENT = {
    ("02-differential", "2 * w1 → 2 / w1"): W1_IS_ONE,
    ("02-differential", "2 * w1 → 2 ** w1"): W1_IS_ONE,
    ("02-differential", "3 * w1 → 3 / w1"): W1_IS_ONE,
    ("02-differential", "3 * w1 → 3 ** w1"): W1_IS_ONE,
    ("02-differential", "gradient @ dw → dw @ gradient"): SYMMETRIC,
    ("02-angle", "gradient @ dw → dw @ gradient"): SYMMETRIC,
    ("02-angle", "np.clip(cosine, -1, 1) → np.clip(-1, cosine, 1)"): (
        "clip(x, lo, hi) is min(hi, max(lo, x)), and max(-1, cosine) is max(cosine, -1)"
    ),
}
EQUIVALENT |= {
    ("01-three-points", "x + 3.0 - y → y - (x + 3.0)"): "a square has no sign",
    ("01-grid", "120 / 0.3 → 120 // 0.3"): "the quotient is whole",
    ("01-cross-entropy", "np.maximum(wrong, 0) → np.maximum(0, wrong)"): "max is symmetric",
}
BRACKET = "bisection finds the same edge from any bracket around it"
TWENTY = "20 halvings are already finer than the tolerance"
LONG = "200 steps already tell growth from decay within the tolerance"
TIE = "the two sides are never equal: rounding decides nothing here"
EQUIVALENT |= {
    ("03-largest-rate", "0.0 → 1.0"): BRACKET,
    ("03-largest-rate", "0.0 → -1.0"): BRACKET,
    ("03-largest-rate", "4.0 → 5.0"): BRACKET,
    ("03-largest-rate", "4.0 → 3.0"): BRACKET,
    ("03-largest-rate", "4.0 → 8.0"): BRACKET,
    ("03-largest-rate", "20 → 21"): TWENTY,
    ("03-largest-rate", "20 → 19"): TWENTY,
    ("03-largest-rate", "20 → 40"): TWENTY,
    ("03-largest-rate", "200 → 201"): LONG,
    ("03-largest-rate", "200 → 199"): LONG,
    ("03-largest-rate", "200 → 400"): LONG,
    (
        "03-largest-rate",
        "np.linalg.norm(black_box(w)) < before → np.linalg.norm(black_box(w)) <= before",
    ): TIE,
    (
        "03-backtracking",
        "loss(w - lr * g) > loss(w) - c * lr * (g @ g) → "
        "loss(w - lr * g) >= loss(w) - c * lr * (g @ g)",
    ): TIE,
    ("03-backtracking", "g @ g → g @ g"): SYMMETRIC,
}


def names(exercises: tuple[Exercise, ...]) -> Any:
    return pytest.mark.parametrize("exercise", exercises, ids=lambda e: e.slug)


def said(exercise: Exercise, answer: Any, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what check prints, without its first words."""
    check(exercise.slug, answer)
    printed = capsys.readouterr()
    assert printed.err == ""
    assert 1 <= printed.out.count("\n") <= 3
    return printed.out.rstrip("\n")


def outcomes(exercise: Exercise, answer: Any) -> list[Outcome]:
    with _quiet():
        return _run_all(exercise, answer)


def same(exercise: Exercise, a: list[Outcome], b: list[Outcome]) -> bool:
    return all(_agree(exercise, x, y) for x, y in zip(a, b, strict=True))


def test_slugs_are_unique_and_found() -> None:
    assert len({e.slug for e in ALL}) == len(ALL) > 0
    assert all(find(e.slug) is e for e in ALL)


@names(ALL)
def test_reference_is_right_and_finite(exercise: Exercise, capsys: Any) -> None:
    answer = exercise.reference if exercise.wants_function else exercise.reference()
    expected = f"✓ {exercise.slug}: correct. {exercise.remark}".rstrip()
    assert said(exercise, answer, capsys) == expected
    if not exercise.options:
        assert all(np.isfinite(o.value).all() for o in outcomes(exercise, exercise.reference))


MISCONCEPTIONS = [
    pytest.param(e, m, id=f"{e.slug}-{i}") for e in ALL for i, m in enumerate(e.misconceptions)
]


@pytest.mark.parametrize(("exercise", "misconception"), MISCONCEPTIONS)
def test_misconception_gets_its_own_diagnosis(
    exercise: Exercise, misconception: Misconception, capsys: Any
) -> None:
    text = said(exercise, misconception.wrong, capsys)
    assert text == f"✗ {exercise.slug}: {misconception.diagnosis}"


@names(ALL)
def test_misconceptions_differ_from_each_other_and_from_the_reference(exercise: Exercise) -> None:
    wrong = [outcomes(exercise, m.wrong) for m in exercise.misconceptions]
    for a, b in itertools.combinations([outcomes(exercise, exercise.reference), *wrong], 2):
        assert not same(exercise, a, b)
        assert not same(exercise, b, a)


@names(FUNCTIONS + VALUES)
def test_there_are_five_misconceptions(exercise: Exercise) -> None:
    assert len(exercise.misconceptions) >= 5


@names(CHOICES)
def test_every_wrong_option_is_a_misconception(exercise: Exercise) -> None:
    letters = [m.wrong for m in exercise.misconceptions] + [exercise.reference()]
    assert sorted(letters) == sorted(exercise.options)


@names(ALL)
def test_diagnosis_and_remark_are_short_sentences(exercise: Exercise) -> None:
    for text in (*(m.diagnosis for m in exercise.misconceptions), exercise.remark or "."):
        assert text.endswith(".")
        assert "\n" not in text
        assert len(text) <= 140


MUTANTS = [(e, m) for e in FUNCTIONS + VALUES for m in mutants(e.reference)]


def key(exercise: Exercise, mutant: Mutant) -> tuple[str, str]:
    return exercise.slug, mutant.change.split(": ", 1)[1]


@pytest.mark.parametrize(
    ("exercise", "mutant"), [pytest.param(e, m, id=f"{e.slug}: {m.change}") for e, m in MUTANTS]
)
def test_mutant_is_rejected_or_equivalent(exercise: Exercise, mutant: Mutant, capsys: Any) -> None:
    answer = mutant.function
    if not exercise.wants_function:
        (outcome,) = outcomes(exercise, mutant.function)
        if outcome.error is not None:
            return
        answer = outcome.value
    accepted = said(exercise, answer, capsys).startswith("✓")
    assert accepted == (key(exercise, mutant) in EQUIVALENT)


def test_equivalent_mutants_still_exist() -> None:
    assert set(EQUIVALENT) <= {key(e, m) for e, m in MUTANTS}


@names(FUNCTIONS)
def test_five_mutants_or_more(exercise: Exercise) -> None:
    assert sum(1 for _ in mutants(exercise.reference)) >= 5


def as_list(value: Any) -> Any:
    return np.asarray(value).tolist()


def as_tuple(value: Any) -> Any:
    array = np.asarray(value)
    return tuple(array.tolist()) if array.ndim else array.item()


def as_float32(value: Any) -> Any:
    return np.asarray(value).astype(np.float32)


FORMS = (as_list, as_tuple, as_float32, np.asarray, np.array)


@names(FUNCTIONS)
@pytest.mark.parametrize("form", FORMS)
def test_right_values_in_other_forms_pass(
    exercise: Exercise, form: Callable[[Any], Any], capsys: Any
) -> None:
    @functools.wraps(exercise.reference)
    def answer(*args: Any) -> Any:
        print("learner's own print")
        return form(exercise.reference(*args))

    assert said(exercise, answer, capsys).startswith("✓")
    assert said(exercise, functools.partial(answer), capsys).startswith("✓")


@names(VALUES)
@pytest.mark.parametrize("form", FORMS)
def test_right_value_in_other_forms_passes(
    exercise: Exercise, form: Callable[[Any], Any], capsys: Any
) -> None:
    assert said(exercise, form(exercise.reference()), capsys).startswith("✓")


@names(CHOICES)
@pytest.mark.parametrize("form", ["{}", " {} ", "({})", "{}.", "{})"])
def test_right_letter_in_other_forms_passes(exercise: Exercise, form: str, capsys: Any) -> None:
    letter = exercise.reference()
    assert said(exercise, form.format(letter), capsys).startswith("✓")
    assert said(exercise, form.format(letter.upper()), capsys).startswith("✓")


def angle_by_loop(gradient: Any, dw: Any) -> float:
    inner = gg = dd = 0.0
    for g, d in zip(gradient, dw, strict=True):
        inner += g * d
        gg += g * g
        dd += d * d
    return float(np.arccos(max(-1.0, min(1.0, inner / (gg**0.5 * dd**0.5)))))


def angle_by_half_angles(gradient: Any, dw: Any) -> Any:
    u, v = gradient / np.linalg.norm(gradient), dw / np.linalg.norm(dw)
    return 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))


def angle_in_float32(gradient: Any, dw: Any) -> Any:
    g, d = gradient.astype(np.float32), dw.astype(np.float32)
    cosine = np.sum(g * d) / np.sqrt(np.sum(g**2) * np.sum(d**2))
    return np.arccos(np.minimum(np.maximum(cosine, np.float32(-1)), np.float32(1)))


def best_step_in_place(gradient: Any, length: Any) -> Any:
    dw = gradient.copy()
    dw *= -length
    dw /= np.sqrt(gradient @ gradient)
    return dw


def best_step_by_list(gradient: Any, length: Any) -> Any:
    size = sum(g**2 for g in gradient) ** 0.5
    return [-length * g / size for g in gradient]


def best_step_in_float32(gradient: Any, length: Any) -> Any:
    g = np.asarray(gradient, dtype=np.float32)
    return -np.float32(length) * g / np.linalg.norm(g)


def differences_by_loop(loss: Any, w: Any, h: Any) -> Any:
    w = w.astype(float)
    slopes = np.zeros(w.size)
    for i in range(w.size):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        slopes[i] = (loss(up) - loss(down)) / (2 * h)
    return slopes


def differences_vectorised(loss: Any, w: Any, h: Any) -> Any:
    shifts = h * np.eye(w.size)
    return (loss(w + shifts) - loss(w - shifts)) / 2 / h


def differences_as_tuple(loss: Any, w: Any, h: Any) -> Any:
    return tuple(np.float64(0.5) / h * (loss(w + h * e) - loss(w - h * e)) for e in np.eye(len(w)))


def differences_averaged(loss: Any, w: Any, h: Any) -> Any:
    forward = [(loss(w + h * e) - loss(w)) / h for e in np.eye(len(w))]
    backward = [(loss(w) - loss(w - h * e)) / h for e in np.eye(len(w))]
    return (np.array(forward) + backward) / 2


def cross_entropy_by_logaddexp(z: Any, y: Any) -> Any:
    return (y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)).sum() / len(z)


def cross_entropy_with_max(z: Any, y: Any) -> Any:
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def cross_entropy_by_loop(z: Any, y: Any) -> float:
    total = 0.0
    for logit, label in zip(z, y, strict=True):
        wrong = -logit if label else logit
        large = wrong > 0
        total += wrong + np.log(1 + np.exp(-wrong)) if large else np.log(1 + np.exp(wrong))
    return total / len(z)


def softmax_loss_by_loop(z: Any, y: Any) -> float:
    losses = []
    for row, label in zip(z, y, strict=True):
        top = max(row)
        losses.append(top + np.log(sum(np.exp(v - top) for v in row)) - row[label])
    return sum(losses) / len(losses)


def softmax_loss_by_logaddexp(z: Any, y: Any) -> Any:
    right = np.take_along_axis(z, y[:, None], axis=1)
    return np.logaddexp.reduce(z - right, axis=1).mean()


def softmax_loss_by_one_hot(z: Any, y: Any) -> Any:
    one_hot = np.eye(z.shape[1])[y]
    top = z.max(axis=-1, keepdims=True)
    log_q = z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))
    return -np.sum(one_hot * log_q) / len(y)


def descent_in_an_array(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0] = w
    for t in range(steps):
        path[t + 1] = path[t] - lr * gradient(path[t])
    return path


def descent_on_a_copy(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    w = w.copy()
    path = [w.copy()]
    for _ in range(steps):
        w -= lr * gradient(w)
        path.append(w.copy())
    return path


def descent_by_recursion(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    if steps == 0:
        return [w]
    return [w, *descent_by_recursion(gradient, w - lr * gradient(w), lr, steps - 1)]


def backtracking_with_break(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    g = gradient(w)
    slope, before = -sum(gi**2 for gi in g), loss(w)
    while True:
        new = w - lr * g
        if loss(new) <= before + c * lr * slope:
            return new
        lr *= 0.5


def backtracking_over_powers(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    g = gradient(w)
    rates = (lr * 0.5**k for k in range(100))
    falls = c * np.linalg.norm(g) ** 2
    return w - next(a for a in rates if loss(w) - loss(w - a * g) >= a * falls) * g


def backtracking_by_recursion(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    new, g = w - lr * gradient(w), gradient(w)
    enough = loss(new) < loss(w) - c * lr * np.dot(g, g)
    return list(new) if enough else backtracking_by_recursion(loss, gradient, w, lr / 2, c)


STYLES = {
    "01-cross-entropy": (
        cross_entropy_by_logaddexp,
        cross_entropy_with_max,
        cross_entropy_by_loop,
    ),
    "01-softmax": (softmax_loss_by_loop, softmax_loss_by_logaddexp, softmax_loss_by_one_hot),
    "02-angle": (angle_by_loop, angle_by_half_angles, angle_in_float32),
    "02-best-step": (best_step_in_place, best_step_by_list, best_step_in_float32),
    "02-central-difference": (
        differences_by_loop,
        differences_vectorised,
        differences_as_tuple,
        differences_averaged,
    ),
    "03-descent": (descent_in_an_array, descent_on_a_copy, descent_by_recursion),
    "03-backtracking": (
        backtracking_with_break,
        backtracking_over_powers,
        backtracking_by_recursion,
    ),
}


@pytest.mark.parametrize(
    ("slug", "style"),
    [
        pytest.param(slug, style, id=style.__name__)
        for slug, group in STYLES.items()
        for style in group
    ],
)
def test_right_answer_in_another_style_passes(slug: str, style: Any, capsys: Any) -> None:
    assert said(find(slug), style, capsys).startswith("✓")


@names(FUNCTIONS)
def test_function_exercise_has_three_styles(exercise: Exercise) -> None:
    assert len(STYLES[exercise.slug]) >= 3


class Nesting(HTMLParser):
    """Records every summary with its depth, and where the code stands."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.rungs: list[tuple[int, str]] = []
        self.code: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        depth = self.stack.count("details")
        if self.stack and self.stack[-1] == "summary":
            self.rungs.append((depth, data))
        if self.stack[-2:] == ["pre", "code"]:
            self.code.append((depth, data))
        assert depth or not data.strip()


@names(ALL)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_hints_are_nested_and_end_in_the_source(exercise: Exercise, form: str) -> None:
    convert = to_html if form == "html" else str.strip
    text = ladder(exercise, convert)
    html = text if form == "html" else MarkdownIt("commonmark", {"html": True}).render(text)
    page = Nesting()
    page.feed(html)
    labels = [f"Hint {i + 1}" for i in range(len(exercise.hints))] + ["Solution"]
    source = inspect.getsource(exercise.reference).strip()
    assert page.rungs == list(enumerate(labels, start=1))
    assert page.stack == []
    assert [(depth, code.strip()) for depth, code in page.code] == [(len(labels), source)]
    assert ladder(exercise, convert) == text


@names(ALL)
def test_hints_and_explanation_are_in_the_ladder(exercise: Exercise) -> None:
    markdown, html = ladder(exercise), ladder(exercise, to_html)
    for text in (*exercise.hints, exercise.explanation):
        assert text in markdown
        assert to_html(text) in html
        assert text.count("$") % 2 == text.count("`") % 2 == 0
        assert "$" not in to_html(text)
        assert "`" not in to_html(text)
        assert not re.search(r"[*_]{2}|^[-#]|]\(", text), "to_html converts nothing of this kind"


@names(ALL)
def test_first_hint_does_not_give_the_solution_away(exercise: Exercise) -> None:
    last = inspect.getsource(exercise.reference).strip().splitlines()[-1].strip()
    assert last.removeprefix("return ") not in exercise.hints[0]
