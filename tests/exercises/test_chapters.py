"""The exercises of all chapters: every reference is right, every known mistake has its answer.

New chapters join by themselves; their equivalent mutants and further right styles stand in the
folder `answers`.
"""

import functools
import importlib
import inspect
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
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
ANSWERS = [
    importlib.import_module(f"answers.{path.stem}")
    for path in sorted((Path(__file__).parent / "answers").glob("*.py"))
]
EQUIVALENT = {key: reason for module in ANSWERS for key, reason in module.EQUIVALENT.items()}
STYLES = {slug: styles for module in ANSWERS for slug, styles in module.STYLES.items()}


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
