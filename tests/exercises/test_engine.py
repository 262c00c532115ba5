"""What check and hints say and do, whatever they are given."""

import functools
import io
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from descentlab.exercises import check, engine, hints
from descentlab.exercises.exercise import Exercise, Misconception, Probe
from descentlab.exercises.reading import show

STEP, VALUE, CHOICE = "02-best-step", "02-descent-cone", "02-wrong-gradient"
PROBE = "gradient (3, 4), length 2"
STUB = "not attempted yet: replace the … and run the cell again."
NONE_RIGHT = f"right on 0 of 5 probes; first wrong: for {PROBE} your function "


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Call check with warnings as errors; return what it prints; nothing goes to stderr."""

    def call(slug: Any, *answer: Any) -> str:
        with warnings.catch_warnings(), np.errstate(all="raise"):
            warnings.simplefilter("error")
            assert check(slug, *answer) is None
        printed = capsys.readouterr()
        assert printed.err == ""
        assert printed.out.endswith("\n")
        return printed.out[:-1]

    return call


def right(gradient: Any, length: Any) -> Any:
    return -length * gradient / np.linalg.norm(gradient)


def dots(gradient, length): ...


def docstring_only(gradient, length):
    """Return the best step."""


def docstring_and_dots(gradient, length):
    """Return the best step."""
    ...


def passes(gradient, length):
    pass


def returns_dots(gradient, length):
    return ...


def names_dots(gradient, length):
    dw = ...
    return dw


def not_implemented(gradient, length):
    raise NotImplementedError


STUBS = [
    dots,
    docstring_only,
    docstring_and_dots,
    passes,
    returns_dots,
    names_dots,
    not_implemented,
    lambda gradient, length: ...,
    None,
    ...,
]


@pytest.mark.parametrize("stub", STUBS, ids=lambda s: getattr(s, "__name__", str(s)))
def test_stub_is_not_attempted(stub: Any, said: Any) -> None:
    assert said(STEP, stub) == f"○ {STEP}: {STUB}"


@pytest.mark.parametrize("slug", [STEP, VALUE, CHOICE])
@pytest.mark.parametrize("answer", [(), (None,), (...,)])
def test_missing_value_is_not_attempted(slug: str, answer: Any, said: Any) -> None:
    assert said(slug, *answer) == f"○ {slug}: {STUB}"


def no_return(gradient, length):
    dw = -length * gradient
    dw / np.linalg.norm(gradient)


def divides_ints(gradient, length):
    scale = 0

    return 1 // scale


def misspelt(gradient, length):
    return -lenght * gradient  # noqa: F821


def leaves(gradient, length):
    sys.exit("bye")


def recurses(gradient, length):
    return recurses(gradient, length)


def long_message(gradient, length):
    raise ValueError("x" * 500 + "\nsecond line")


def two_lines(gradient, length):
    raise ValueError("first\n  second")


def addressed(gradient, length):
    raise ValueError(f"bad {object()!r}")


def silent(gradient, length):
    raise KeyError


def generates(gradient, length):
    yield gradient


async def awaits(gradient, length):
    return gradient


RETURNS = [
    (no_return, "returns nothing; did you forget `return`?"),
    (
        divides_ints,
        "stops with ZeroDivisionError: integer division or modulo by zero in line 4 of it.",
    ),
    (misspelt, "stops with NameError: name 'lenght' is not defined in line 2 of it."),
    (leaves, "stops with SystemExit: bye in line 2 of it."),
    (addressed, "stops with ValueError: bad <object object> in line 2 of it."),
    (two_lines, "stops with ValueError: first second in line 2 of it."),
    (silent, "stops with KeyError in line 2 of it."),
    (long_message, f"stops with ValueError: {'x' * 119}… in line 2 of it."),
    (generates, "returns an object of type generator; expected an array of shape (2,)."),
    (awaits, "returns an object of type coroutine; expected an array of shape (2,)."),
]


@pytest.mark.parametrize(("answer", "text"), RETURNS, ids=lambda x: getattr(x, "__name__", ""))
def test_what_a_function_does_wrong(answer: Any, text: str, said: Any) -> None:
    assert said(STEP, answer) == f"✗ {STEP}: {NONE_RIGHT}{text}"


def test_recursion_is_one_line(said: Any) -> None:
    text = said(STEP, recurses)
    assert text.startswith(f"✗ {STEP}: {NONE_RIGHT}stops with RecursionError")
    assert "\n" not in text


VALUES = [
    ("abc", "a string; expected an array of shape (2,)"),
    (1j, "a complex number; expected an array of shape (2,)"),
    (np.complex128(1j), "a complex number; expected an array of shape (2,)"),
    ({}, "an object of type dict; expected an array of shape (2,)"),
    ({1.0}, "an object of type set; expected an array of shape (2,)"),
    (range(2), "an object of type range; expected an array of shape (2,)"),
    (len, "a function; expected an array of shape (2,)"),
    (
        np.array([1, None]),
        "an array of objects that are not numbers; expected an array of shape (2,)",
    ),
    (["a", "b"], "an array of text; expected an array of shape (2,)"),
    ([1j, 2], "an array of complex numbers; expected an array of shape (2,)"),
    ([[1.0], [1.0, 2.0]], "a list whose rows differ in length; expected an array of shape (2,)"),
    (
        (np.ones(2), np.ones((2, 2)), np.ones(3)),
        "several arrays, not joined into one; expected an array of shape (2,)",
    ),
    (2.0, "one number; expected an array of shape (2,)"),
    ([], "an array of shape (0,); expected an array of shape (2,)"),
    (np.ones(3), "an array of shape (3,); expected an array of shape (2,)"),
    (
        np.ones((2, 1)),
        "an array of shape (2, 1); expected an array of shape (2,): "
        "flatten the column with .ravel()",
    ),
    (
        np.ones((1, 2)),
        "an array of shape (1, 2); expected an array of shape (2,): flatten the row with .ravel()",
    ),
    ([float("nan"), 1.0], "[nan, 1]; expected finite numbers"),
    (np.array([np.inf, -np.inf]), "[inf, -inf]; expected finite numbers"),
]


@pytest.mark.parametrize(("value", "text"), VALUES)
def test_what_a_function_returns_wrong(value: Any, text: str, said: Any) -> None:
    answer = said(STEP, lambda gradient, length: value)
    assert answer == f"✗ {STEP}: {NONE_RIGHT}returns {text}."


KINDS = [
    (3.2, "a number"),
    (True, "a number"),
    ("abc", "a string"),
    (np.ones(2), "an array"),
    ([1], "an object of type list"),
]


@pytest.mark.parametrize(("answer", "kind"), KINDS)
def test_value_where_a_function_is_wanted(answer: Any, kind: str, said: Any) -> None:
    assert said(STEP, answer) == (
        f"✗ {STEP}: a function is asked for, not {kind}: pass its name alone, "
        f'check("{STEP}", best_step).'
    )


SIGNATURES = [
    (lambda: 1, ""),
    (lambda gradient: gradient, "gradient"),
    (lambda g, length, h: g, "g, length, h"),
    (lambda g, *, length: g, "g, length"),
    (functools.partial(right, np.ones(2)), "length"),
]


@pytest.mark.parametrize(("answer", "takes"), SIGNATURES)
def test_wrong_number_of_parameters(answer: Any, takes: str, said: Any) -> None:
    assert said(STEP, answer) == (
        f"✗ {STEP}: your function takes the parameters ({takes}); "
        "it is called with (gradient, length)."
    )


VALUE_ANSWERS = [
    (len, "a value is asked for, not a function: pass what the function returns."),
    ("1/3", "your answer is a string; expected one number."),
    (1j, "your answer is a complex number; expected one number."),
    (
        [1 / 3],
        "your answer is an array of shape (1,); expected one number: "
        "take the entry out with .item().",
    ),
    ([0.1, 0.2], "your answer is an array of shape (2,); expected one number."),
    (float("nan"), "your answer is nan; expected finite numbers."),
    (10**400, "this answer cannot be checked (OverflowError)."),
    (0.3, f'0.3 is not the value asked for; see hints("{VALUE}").'),
]


@pytest.mark.parametrize(("answer", "text"), VALUE_ANSWERS)
def test_wrong_value(answer: Any, text: str, said: Any) -> None:
    assert said(VALUE, answer) == f"✗ {VALUE}: {text}"


@pytest.mark.parametrize(
    "answer", [1 / 3, 0.333, np.float32(1 / 3), np.array(1 / 3), Fraction(1, 3), np.float64(1 / 3)]
)
def test_right_value(answer: Any, said: Any) -> None:
    assert said(VALUE, answer).startswith(f"✓ {VALUE}: correct. A third")


CHOICES = [
    ("e", "your answer is 'e'; expected one letter in quotes out of a, b, c, d."),
    ("", "your answer is ''; expected one letter in quotes out of a, b, c, d."),
    ("ab", "your answer is 'ab'; expected one letter in quotes out of a, b, c, d."),
    (3, "your answer is a number; expected one letter in quotes out of a, b, c, d."),
    (
        ["c"],
        "your answer is an object of type list; expected one letter in quotes out of a, b, c, d.",
    ),
    (len, "a value is asked for, not a function: pass what the function returns."),
]


@pytest.mark.parametrize(("answer", "text"), CHOICES)
def test_wrong_choice(answer: Any, text: str, said: Any) -> None:
    assert said(CHOICE, answer) == f"✗ {CHOICE}: {text}"


def test_right_on_some_probes_shows_the_first_wrong(said: Any) -> None:
    def only_the_plane(gradient, length):
        return right(gradient, length) if len(gradient) == 2 else gradient

    assert said(STEP, only_the_plane) == (
        f"✗ {STEP}: right on 2 of 5 probes; first wrong: gradient (1, -2, 2), length 1.\n"
        "  returned [1, -2, 2]\n"
        "  expected [-0.333333, 0.666667, -0.666667]"
    )


def test_a_difference_in_the_part_left_out_is_shown(said: Any, monkeypatch: Any) -> None:
    exercise = replace(
        engine.find(STEP),
        reference=lambda n: np.arange(1.0, n + 1),
        probes=(Probe("20 entries", (20,)),),
        misconceptions=(),
    )
    monkeypatch.setattr(engine, "find", lambda slug: exercise)

    def wrong(n):
        values = np.arange(1, n + 1)
        values[[7, 9]] = 6, -3
        return values

    assert said(STEP, wrong) == (
        f"✗ {STEP}: 20 entries, entry 9 (counted from 0).\n  returned -3\n  expected 10"
    )


def test_right_is_one_line(said: Any) -> None:
    assert said(STEP, right) == (
        f"✓ {STEP}: correct. cos θ = −1, so dL = −|∇L||dw|: "
        "no step of this length predicts a larger decrease."
    )


def test_changed_argument_is_named_even_if_the_result_is_right(said: Any) -> None:
    def in_place(g, length):
        g /= np.linalg.norm(g)
        return -length * g

    text = (
        "your function changes its argument gradient: work on a copy (undoing a change is inexact)."
    )
    assert said(STEP, in_place) == f"✗ {STEP}: {text}"


@pytest.mark.parametrize(
    "argument", [[1.0, 2.0], (np.ones(2), [np.zeros(1)]), {"a": np.ones(2)}, np.array([np.nan, 1])]
)
def test_changes_inside_containers_are_seen(argument: Any) -> None:
    def leave(x: Any) -> float:
        return 1.0

    def change(x: Any) -> float:
        inner = x
        while not isinstance(inner, np.ndarray) and not isinstance(inner, list):
            inner = inner[0] if isinstance(inner, tuple) else inner["a"]
        inner[-1] = 7.0
        return 1.0

    exercise = made(leave, Probe("x", (argument,)))
    assert engine._verdict(exercise, leave).startswith("✓")
    assert "argument x" in engine._verdict(exercise, change)


def test_every_call_gets_fresh_random_numbers() -> None:
    def draw(rng: np.random.Generator) -> float:
        return rng.normal()

    exercise = made(draw, Probe("rng", (np.random.default_rng(0),)))
    assert all(engine._verdict(exercise, draw).startswith("✓") for _ in range(2))


def made(reference: Callable[..., Any], *probes: Probe, **fields: Any) -> Exercise:
    return Exercise(
        slug="99-made",
        title="",
        minutes=1,
        difficulty=1,
        reference=reference,
        hints=("", ""),
        misconceptions=(),
        probes=probes,
        **fields,
    )


def test_interrupt_stops_everything(said: Any) -> None:
    calls = []

    def endless(gradient, length):
        calls.append(gradient)
        raise KeyboardInterrupt

    assert said(STEP, endless) == f"○ {STEP}: stopped: it took too long or was interrupted."
    assert len(calls) == 1


def test_noise_of_the_answer_is_kept_away(said: Any) -> None:
    def noisy(gradient, length):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        warnings.warn("a warning", stacklevel=1)
        np.log(np.array([0.0, -1.0]))
        warnings.simplefilter("always")
        np.seterr(all="print")
        return right(gradient, length)

    assert said(STEP, noisy).count("\n") == 0


def test_settings_are_as_before() -> None:
    before = sys.stdout, sys.stderr, list(warnings.filters), np.geterr()

    def careless(gradient, length):
        warnings.simplefilter("always")
        np.seterr(all="raise")
        sys.stdout = io.StringIO()
        raise ValueError

    check(STEP, careless)
    assert (sys.stdout, sys.stderr, list(warnings.filters), np.geterr()) == before


def test_hostile_answer_is_one_line(said: Any) -> None:
    class Hostile:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    class UnspeakableError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def unspeakable(gradient, length):
        raise UnspeakableError

    assert said(STEP, Hostile()) == f"✗ {STEP}: this answer cannot be checked (RuntimeError)."
    assert said(STEP, unspeakable) == f"✗ {STEP}: this answer cannot be checked (RuntimeError)."


@pytest.mark.parametrize("answer", [np.linalg.norm, np.add, len, dict, print])
def test_library_functions_are_one_to_three_lines(answer: Any, said: Any) -> None:
    text = said(STEP, answer)
    assert text.startswith(f"✗ {STEP}: ")
    assert text.count("\n") <= 2


UNKNOWN = [
    ("02-best-stop", "there is no exercise '02-best-stop'; did you mean '02-best-step'?"),
    ("best-step", "there is no exercise 'best-step'; did you mean '02-best-step'?"),
    (
        "99-central-difference",
        "there is no exercise '99-central-difference'; did you mean '02-central-difference'?",
    ),
    (right, 'the first argument is the exercise in quotes, like "02-best-step"'),
    (None, 'the first argument is the exercise in quotes, like "02-best-step"'),
]


@pytest.mark.parametrize(("slug", "text"), UNKNOWN)
def test_unknown_slug(slug: Any, text: str, said: Any, capsys: Any) -> None:
    assert said(slug, right) == f"✗ {text}"
    hints(slug)
    assert capsys.readouterr().out == f"✗ {text}\n"


def test_float32_is_compared_with_its_own_precision() -> None:
    def third(x: float) -> float:
        return x / 3

    exercise = made(third, Probe("x", (1.0,)), tolerance=1e-9)
    assert engine._verdict(exercise, lambda x: np.float32(x / 3)).startswith("✓")
    assert engine._verdict(exercise, lambda x: np.float32(x / 3) + np.float32(0.01))[0] == "✗"
    assert engine._verdict(exercise, lambda x: float(np.float32(x / 3)))[0] == "✗"


@pytest.mark.parametrize("answer", [True, 1, np.bool_(True), np.uint8(1), np.array(1), [[1]][0][0]])
def test_integers_and_booleans_count_as_numbers(answer: Any) -> None:
    exercise = made(lambda x: 1.0, Probe("x", (1.0,)))
    assert engine._verdict(exercise, lambda x: answer).startswith("✓")


def test_transpose_is_named() -> None:
    exercise = made(lambda x: np.ones((2, 3)), Probe("x", (1.0,)))
    assert "this is the transpose" in engine._verdict(exercise, lambda x: np.ones((3, 2)))


def test_a_probe_that_only_raises_matches_a_misconception_that_raises() -> None:
    def reference(x: float) -> float:
        return x

    wrong = Misconception(lambda x: {}["x"], "you looked in an empty dict.")
    exercise = replace(made(reference, Probe("x", (1.0,))), misconceptions=(wrong,))
    assert engine._verdict(exercise, lambda x: {}[x]) == "✗ 99-made: you looked in an empty dict."
    assert "ValueError" in engine._verdict(exercise, lambda x: [].index(x))


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.array(-0.0), "0"),
        (np.array(np.pi), "3.14159"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (np.arange(20.0), "[0, 1, ..., 18, 19]"),
        (np.array([True]), "[1]"),
        (np.array([1e-300, np.nan]), "[1e-300, nan]"),
    ],
)
def test_show(array: np.ndarray, text: str) -> None:
    assert show(array) == text


BAD_FIELDS = [
    ({"slug": "best-step"}, "two digits"),
    ({"slug": "02_best"}, "two digits"),
    ({"difficulty": 4}, "difficulty 4"),
    ({"hints": ("one",)}, "1 hints"),
    ({"probes": (Probe("one argument", (1.0,)),)}, "takes 2"),
]


@pytest.mark.parametrize(("fields", "text"), BAD_FIELDS)
def test_exercise_refuses_bad_fields(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        replace(made(right, Probe("", (np.ones(2), 1.0))), **fields)


def test_hints_are_markdown_and_identical_on_each_call() -> None:
    InteractiveShell.instance()
    try:
        with capture_output() as captured:
            hints(STEP)
            hints(STEP)
    finally:
        InteractiveShell.clear_instance()
    first, second = (output.data for output in captured.outputs)
    assert first == second
    assert first["text/plain"] == ("Hints and solution: The best move (★, 6 min)")
    assert first["text/markdown"].startswith("<details>\n<summary>Hint 1</summary>\n\n")
    assert first["text/html"].startswith('<div class="tex2jax_process">\n<details>\n')
    assert set(first) == {"text/plain", "text/markdown", "text/html"}


def test_display_of_the_answer_is_kept_away() -> None:
    InteractiveShell.instance()

    def shows(gradient: Any, length: Any) -> Any:
        from IPython.display import display

        display("a figure")
        return right(gradient, length)

    try:
        with capture_output() as captured:
            check(STEP, shows)
    finally:
        InteractiveShell.clear_instance()
    assert captured.outputs == []
    assert captured.stdout.count("\n") == 1


def test_output_is_the_same_in_a_new_process() -> None:
    script = (
        "from descentlab.exercises import check\n"
        "check('02-best-step', lambda gradient, length: gradient + 1)\n"
        "check('02-angle', lambda gradient, dw: object())\n"
        "def f(gradient, dw): return gradient.x\n"
        "check('02-angle', f)\n"
    )
    command = [sys.executable, "-W", "error", "-c", script]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(2)]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr == b""
    assert b" at 0x" not in runs[0].stdout


def test_importing_loads_no_chapter() -> None:
    script = "import sys, descentlab.exercises; print([m for m in sys.modules if '.ch0' in m])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"
