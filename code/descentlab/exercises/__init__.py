"""Exercises that answer back.

A chapter needs two names: ``check("02-best-step", best_step)`` says in a line whether an answer is
right and, if not, what went wrong; ``hints("02-best-step")`` shows the hints and the solution.
``catalogue()`` lists all exercises, ``progress()`` those that are solved.
Each chapter has one file of exercises here, ``ch02_direction.py`` and so on.
"""

from descentlab.exercises.engine import check
from descentlab.exercises.ladder import hints
from descentlab.exercises.overview import catalogue, progress

__all__ = ["catalogue", "check", "hints", "progress"]
