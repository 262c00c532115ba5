"""Checking an answer and saying in a line or three what is right or wrong with it.

Answers are compared with the reference on every probe. A wrong answer is first compared with the
known misconceptions; if none gives the same results, the first failing probe is shown.
"""

import copy
import dis
import inspect
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from descentlab.exercises.exercise import Exercise, Probe
from descentlab.exercises.overview import record
from descentlab.exercises.reading import (
    UnreadableError,
    close,
    describe,
    read_array,
    read_letter,
    shape_in_words,
    show,
    wrong_shape,
)
from descentlab.exercises.registry import UnknownExerciseError, find

NOT_ATTEMPTED = "not attempted yet: replace the … and run the cell again."
_STUB_OPERATIONS = {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}


def check(slug: str, answer: Any = ...) -> None:
    """Print whether an answer is right and, if it is not, what went wrong.

    It never raises, and keeps prints, warnings and tracebacks of the answer to itself.

    Parameters
    ----------
    slug : str
        The exercise, such as ``"02-best-step"``.
    answer : callable, number, array or str
        What the exercise asks for: a function, a value or the letter of an option.

    Examples
    --------
    >>> check("02-descent-cone", 1 / 2)
    ✗ 02-descent-cone: 1/2 is the fraction of all descent directions, cos θ < 0; here cos θ ≤ −1/2.
    """
    try:
        exercise = find(slug)
        with _quiet():
            text = _verdict(exercise, answer)
        if text.startswith("✓"):
            record(slug)
    except UnknownExerciseError as error:
        text = f"✗ {error}"
    except KeyboardInterrupt:
        text = f"○ {slug}: stopped: it took too long or was interrupted."
    except BaseException as error:
        text = f"✗ {slug}: this answer cannot be checked ({type(error).__name__})."
    print(text)


@dataclass(frozen=True)
class Outcome:
    """What a function did on a probe: returned a value, raised, or changed an argument."""

    value: Any = None
    error: BaseException | None = None
    line: str = ""
    changed: str = ""


@contextmanager
def _quiet() -> Iterator[None]:
    with capture_output(), warnings.catch_warnings(record=True), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _verdict(exercise: Exercise, answer: Any) -> str:
    if _is_stub(answer):
        return f"○ {exercise.slug}: {NOT_ATTEMPTED}"
    problem = _wrong_kind(exercise, answer)
    if problem:
        return f"✗ {exercise.slug}: {problem}"
    outcomes = _run_all(exercise, answer)
    if any(o.value is ... or isinstance(o.error, NotImplementedError) for o in outcomes):
        return f"○ {exercise.slug}: {NOT_ATTEMPTED}"
    targets = _run_all(exercise, exercise.reference)
    right = [_agree(exercise, o, t) for o, t in zip(outcomes, targets, strict=True)]
    changed = next((o.changed for o in outcomes if o.changed), "")
    if changed:
        return (
            f"✗ {exercise.slug}: your function changes its argument {changed}: "
            "work on a copy (undoing a change is inexact)."
        )
    if all(right):
        return f"✓ {exercise.slug}: correct. {exercise.remark}".rstrip()
    diagnosis = _diagnose(exercise, outcomes)
    return f"✗ {exercise.slug}: {diagnosis or _first_wrong(exercise, outcomes, targets, right)}"


def _is_stub(answer: Any) -> bool:
    code = getattr(answer, "__code__", None)
    if not isinstance(code, CodeType):
        return answer is None or answer is ...
    instructions = list(dis.get_instructions(code))
    constants = [i.argval for i in instructions if i.opname in ("LOAD_CONST", "RETURN_CONST")]
    operations = {i.opname for i in instructions}
    return operations <= _STUB_OPERATIONS and all(constant is None for constant in constants)


def _wrong_kind(exercise: Exercise, answer: Any) -> str:
    if not exercise.wants_function:
        if callable(answer):
            return "a value is asked for, not a function: pass what the function returns."
        return ""
    if not callable(answer):
        name = exercise.reference.__name__
        return (
            f"a function is asked for, not {describe(answer)}: pass its name alone, "
            f'check("{exercise.slug}", {name}).'
        )
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""
    try:
        signature.bind(*exercise.parameters)
    except TypeError:
        takes, called = ", ".join(signature.parameters), ", ".join(exercise.parameters)
        return f"your function takes the parameters ({takes}); it is called with ({called})."
    return ""


def _run_all(exercise: Exercise, answer: Any) -> list[Outcome]:
    function = answer if callable(answer) else lambda *args: answer
    return [_run(exercise, function, probe) for probe in exercise.probes]


def _run(exercise: Exercise, function: Callable[..., Any], probe: Probe) -> Outcome:
    args = copy.deepcopy(probe.args)
    try:
        value = function(*args)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Outcome(error=error, line=_line(error, function))
    names = zip(exercise.parameters, probe.args, args, strict=True)
    changed = next((name for name, old, new in names if not _unchanged(old, new)), "")
    return Outcome(value=value, changed=changed)


def _unchanged(old: Any, new: Any) -> bool:
    if isinstance(old, np.ndarray | int | float):
        return np.array_equal(old, new, equal_nan=True)
    if isinstance(old, list | tuple):
        return len(old) == len(new) and all(map(_unchanged, old, new))
    if isinstance(old, dict):
        return old.keys() == new.keys() and all(_unchanged(old[key], new[key]) for key in old)
    return True


def _read(exercise: Exercise, value: Any) -> np.ndarray:
    return read_letter(value, exercise.options) if exercise.options else read_array(value)


def _agree(exercise: Exercise, given: Outcome, target: Outcome) -> bool:
    if given.error is not None or target.error is not None:
        return type(given.error) is type(target.error)
    try:
        a, b = _read(exercise, given.value), _read(exercise, target.value)
    except UnreadableError:
        return False
    return close(a, b, exercise.tolerance)


def _diagnose(exercise: Exercise, outcomes: list[Outcome]) -> str:
    for misconception in exercise.misconceptions:
        wrong = _run_all(exercise, misconception.wrong)
        if all(_agree(exercise, o, w) for o, w in zip(outcomes, wrong, strict=True)):
            return misconception.diagnosis
    return ""


def _first_wrong(
    exercise: Exercise, outcomes: list[Outcome], targets: list[Outcome], right: list[bool]
) -> str:
    i = right.index(False)
    problem = _problem(exercise, exercise.probes[i], outcomes[i], targets[i])
    if len(right) == 1:
        return problem
    return f"right on {sum(right)} of {len(right)} probes; first wrong: {problem}"


def _problem(exercise: Exercise, probe: Probe, given: Outcome, target: Outcome) -> str:
    subject = f"for {probe.label} your function" if exercise.wants_function else "your answer"
    verb = "returns" if exercise.wants_function else "is"
    if given.error is not None:
        return f"{subject} stops with {_exception(given.error)}{given.line}."
    if given.value is None:
        return f"{subject} returns nothing; did you forget `return`?"
    wanted = _read(exercise, target.value)
    try:
        value = _read(exercise, given.value)
    except UnreadableError as error:
        return f"{subject} {verb} {error}; expected {_expected(exercise, wanted)}."
    if value.shape != wanted.shape:
        return f"{subject} {verb} {wrong_shape(value.shape, wanted.shape)}."
    if not np.isfinite(value).all():
        return f"{subject} {verb} {show(value)}; expected finite numbers."
    if not exercise.wants_function:
        return f'{show(value)} is not the value asked for; see hints("{exercise.slug}").'
    place = ""
    if show(value) == show(wanted) and wanted.ndim == 1:
        i = int(np.argmax(np.abs(value.astype(float) - wanted)))
        place, value, wanted = f", entry {i} (counted from 0)", value[i], wanted[i]
    return f"{probe.label}{place}.\n  returned {show(value)}\n  expected {show(wanted)}"


def _expected(exercise: Exercise, wanted: np.ndarray) -> str:
    if exercise.options:
        return f"one letter in quotes out of {', '.join(exercise.options)}"
    return shape_in_words(wanted.shape)


def _exception(error: BaseException) -> str:
    message = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", str(error)).split())
    short = message if len(message) <= 120 else f"{message[:119]}…"
    return f"{type(error).__name__}: {short}" if short else type(error).__name__


def _line(error: BaseException, function: Callable[..., Any]) -> str:
    code = getattr(function, "__code__", None)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code is code:
            return f" in line {line - frame.f_code.co_firstlineno + 1} of it"
    return ""
