"""The records that an exercise is made of.

An exercise is a reference solution, probes on which answers are compared with it, and the wrong
ideas that learners often have. An answer that is one number or one letter is the case of a
reference without parameters, probed once.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Probe:
    """One set of arguments on which an answer is compared with the reference.

    Parameters
    ----------
    label : str
        The arguments as a learner reads them: ``"gradient (3, 4), length 2"``.
    args : tuple
        Positional arguments: arrays, numbers, functions. Every call gets a fresh copy.
    """

    label: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Misconception:
    """A frequent wrong answer and what to say to it.

    Parameters
    ----------
    wrong : callable or value
        A wrong function with the reference's parameters, or a wrong number, array or letter.
    diagnosis : str
        One sentence to the learner: what happened, and why it is wrong.
    """

    wrong: Any
    diagnosis: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Exercise:
    r"""A task with its solution, its probes, its known wrong answers and its hints.

    Parameters
    ----------
    slug : str
        Two digits of the chapter, or ``bugs``, and a name: ``"02-best-step"``.
    title : str
        A few words.
    minutes, difficulty : int
        Expected time, and 1 (one step) to 3 (an experiment or a proof).
    reference : callable
        The solution. Without parameters, the answer is a value; otherwise it is a function.
    probes : tuple of Probe
        Where a function is compared; left out when the answer is a value.
    misconceptions : tuple of Misconception
        Tried in this order when the answer is wrong.
    hints : tuple of str
        At least two, in Markdown with ``$math$``; each says more than the one before.
    options : str
        The letters to choose from, such as ``"abcd"``; empty when the answer is not a letter.
    tolerance : float
        Largest accepted error, relative to the largest entry expected, or to 1 if that is smaller.
    remark : str
        What to take away; printed after a right answer.
    explanation : str
        Markdown below the solution.

    Raises
    ------
    ValueError
        If the slug is not of the form above, there are fewer than two hints, the difficulty is not
        1, 2 or 3, or probes are missing from a function or given to a value.
    """

    slug: str
    title: str
    minutes: int
    difficulty: int
    reference: Callable[..., Any]
    hints: tuple[str, ...]
    misconceptions: tuple[Misconception, ...]
    probes: tuple[Probe, ...] = (Probe("the answer"),)
    options: str = ""
    tolerance: float = 1e-5
    remark: str = ""
    explanation: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"(\d\d|bugs)(-[a-z0-9]+)+", self.slug):
            raise ValueError(f"slug {self.slug!r}: expected two digits and a name, '02-best-step'")
        if self.difficulty not in (1, 2, 3):
            raise ValueError(f"{self.slug}: difficulty {self.difficulty}; expected 1, 2 or 3")
        if len(self.hints) < 2:
            raise ValueError(f"{self.slug}: {len(self.hints)} hints; expected at least 2")
        for probe in self.probes:
            if len(probe.args) != len(self.parameters):
                raise ValueError(
                    f"{self.slug}, probe {probe.label!r}: {len(probe.args)} arguments; "
                    f"the reference takes {len(self.parameters)}"
                )

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the reference's parameters; empty when the answer is a value."""
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def wants_function(self) -> bool:
        """Whether the answer is a function rather than a number, an array or a letter."""
        return bool(self.parameters)
