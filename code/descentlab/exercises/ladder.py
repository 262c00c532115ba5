"""Hints and solution, one inside the other.

They are HTML ``details`` elements with Markdown in them, so they open without JavaScript and
without a kernel. The solution is the source of the reference itself: there is no second copy.
"""

import inspect

from IPython.display import display

from descentlab.exercises.exercise import Exercise
from descentlab.exercises.reading import read_array, show
from descentlab.exercises.registry import UnknownExerciseError, find


def solution(exercise: Exercise) -> str:
    """Return the solution as Markdown: the value if it is one, the source, the explanation.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    str
    """
    parts = [f"```python\n{inspect.getsource(exercise.reference).strip()}\n```"]
    if not exercise.wants_function:
        value = exercise.reference()
        parts.insert(0, f"Answer: {value if exercise.options else show(read_array(value))}")
    if exercise.explanation:
        parts.append(exercise.explanation)
    return "\n\n".join(parts)


def ladder(exercise: Exercise) -> str:
    """Return hints and solution as Markdown, each inside the one before.

    Parameters
    ----------
    exercise : Exercise

    Returns
    -------
    str
    """
    rungs = [(f"Hint {i}", hint) for i, hint in enumerate(exercise.hints, start=1)]
    nested = ""
    for summary, body in reversed([*rungs, ("Solution", solution(exercise))]):
        nested = (
            f"<details>\n<summary>{summary}</summary>\n\n{body.strip()}\n\n{nested}</details>\n\n"
        )
    return nested.strip()


def hints(slug: str) -> None:
    """Show the hints and the solution of an exercise, closed, to be opened one after the other.

    Parameters
    ----------
    slug : str
        The exercise, such as ``"02-best-step"``. An unknown one gives a line with the closest.

    Examples
    --------
    >>> hints("02-best-stop")
    ✗ there is no exercise '02-best-stop'; did you mean '02-best-step'?
    """
    try:
        exercise = find(slug)
    except UnknownExerciseError as error:
        print(f"✗ {error}")
        return
    stars = "★" * exercise.difficulty
    plain = f"Hints and solution: {exercise.title} ({stars}, {exercise.minutes} min)"
    display({"text/markdown": ladder(exercise), "text/plain": plain}, raw=True)
