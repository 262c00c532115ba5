"""Finding an exercise by its slug.

The exercises of chapter 02 are the tuple ``EXERCISES`` of the module ``ch02_*`` in this folder,
those of the museum of bugs of the module ``bugs``. A module is imported when one of its
exercises is asked for, not before.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from difflib import get_close_matches

import descentlab.exercises as package
from descentlab.exercises.exercise import Exercise


class UnknownExerciseError(LookupError):
    """There is no exercise with this slug."""


def all_exercises(chapter: str = "") -> Iterator[Exercise]:
    """Iterate over the exercises of the course in reading order.

    Parameters
    ----------
    chapter : str
        The first two characters of its file, "02" or "bu"; empty for all.

    Yields
    ------
    Exercise

    Examples
    --------
    >>> [exercise.slug for exercise in all_exercises("02")][:2]
    ['02-differential', '02-best-step']
    """
    modules = {info.name for info in pkgutil.iter_modules(package.__path__)}
    chapters = sorted(name for name in modules if name.startswith("ch"))
    for module in [*chapters, *(modules & {"bugs"})]:
        if module.removeprefix("ch").startswith(chapter):
            yield from importlib.import_module(f"{package.__name__}.{module}").EXERCISES


def find(slug: str) -> Exercise:
    """Return the exercise with this slug.

    Parameters
    ----------
    slug : str

    Returns
    -------
    Exercise

    Raises
    ------
    UnknownExerciseError
        If there is none; the message suggests the closest slug.

    Examples
    --------
    >>> find("02-best-step").title
    'The best move'
    """
    if not isinstance(slug, str):
        raise UnknownExerciseError(
            'the first argument is the exercise in quotes, like "02-best-step"'
        )
    for exercise in all_exercises(slug[:2]):
        if exercise.slug == slug:
            return exercise
    close = get_close_matches(slug, [exercise.slug for exercise in all_exercises()], 1, cutoff=0)
    suggestion = f"; did you mean {close[0]!r}?" if close else ""
    raise UnknownExerciseError(f"there is no exercise {slug[:40]!r}{suggestion}")
