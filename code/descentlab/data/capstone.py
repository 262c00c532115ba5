"""The stored results of chapter 21: every run of the comparison of thirteen optimizers.

Made by ``make capstone`` (``code/tools/capstone.py``); ``descentlab.capstone`` says how.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple, Self

import numpy as np

from descentlab.validation import Array

VALIDATION, TEST = 360, 359  # examples
COLUMNS = ("optimizer", "rate", "seed", "test", "validation")


@dataclass(frozen=True)
class Trials:
    """Runs of one optimizer: every rate with every seed.

    Parameters
    ----------
    rates : ndarray of float64, shape (rates,)
        Learning rates in increasing order.
    seeds : ndarray of int64, shape (seeds,)
        One seed draws the division of the data, the start and the order of the batches.
    validation_errors : ndarray of int64, shape (rates, seeds, epochs)
        Wrong predictions among the 360 validation examples after each epoch; all 360 from the
        epoch in which a run is no longer finite.
    test_errors : ndarray of int64, shape (rates, seeds)
        Wrong predictions among the 359 test examples after the last epoch.

    Examples
    --------
    >>> trials = load_capstone()["Adam"]
    >>> trials.validation.shape == (*trials.test.shape, 20)
    True
    """

    rates: Array
    seeds: np.ndarray
    validation_errors: np.ndarray
    test_errors: np.ndarray

    @property
    def validation(self) -> Array:
        """Share of right predictions on the validation examples, shape (rates, seeds, epochs)."""
        return 1 - self.validation_errors / VALIDATION

    @property
    def test(self) -> Array:
        """Share of right predictions on the test examples, shape (rates, seeds)."""
        return 1 - self.test_errors / TEST

    def at(self, rates: Array) -> Self:
        """Return the runs with these rates only; each must be one of ``rates``."""
        places = [int(np.argmin(np.abs(np.log(self.rates / rate)))) for rate in rates]
        if not np.allclose(self.rates[places], rates, rtol=1e-6):
            raise ValueError(f"rates must be among {self.rates.tolist()}, got {list(rates)}")
        kept = self.validation_errors[places], self.test_errors[places]
        return type(self)(self.rates[places], self.seeds, *kept)


class Versions(NamedTuple):
    """What the stored results were computed with."""

    python: str
    numpy: str
    platform: str


def _lines() -> tuple[str, list[str]]:
    text = files("descentlab.data").joinpath("capstone.csv").read_text()
    head, *rows = text.splitlines()
    return head, rows


@cache
def capstone_versions() -> Versions:
    """Return the versions of Python and NumPy and the platform of the stored results.

    Examples
    --------
    >>> capstone_versions().numpy.split(".")[0]
    '2'
    """
    return Versions(*(item.split(" ", 1)[1] for item in _lines()[0].lstrip("# ").split("; ")))


@cache
def load_capstone() -> dict[str, Trials]:
    """Return the stored runs of chapter 21 by the name of the optimizer.

    Returns
    -------
    dict of Trials
        Thirteen optimizers in the order of the course. The rates are the nine of
        ``capstone.grid`` and the default rates of two libraries, where they are not among them.
        The arrays are read-only.

    Examples
    --------
    >>> stored = load_capstone()
    >>> len(stored), stored["Adam"].test.shape, stored["NAdam"].test.shape
    (13, (9, 12), (10, 12))
    """
    runs: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(_lines()[1]):
        runs.setdefault(row["optimizer"], []).append(row)
    return {name: _trials(rows) for name, rows in runs.items()}


def _trials(rows: list[dict[str, str]]) -> Trials:
    rates = np.unique([float(row["rate"]) for row in rows])
    seeds = np.unique([int(row["seed"]) for row in rows])
    shape = len(rates), len(seeds)
    validation = np.array([row["validation"].split() for row in rows]).astype(int)
    test = np.array([int(row["test"]) for row in rows])
    arrays = rates, seeds, validation.reshape(*shape, -1), test.reshape(shape)
    for array in arrays:
        array.flags.writeable = False
    return Trials(*arrays)
