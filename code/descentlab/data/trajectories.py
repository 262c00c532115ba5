"""Stored runs of two libraries' optimizers, with which the convention map compares its formulas.

Made by ``tests/reference/make_library_trajectories.py``; the README beside this file says how.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from descentlab.validation import Array


@dataclass(frozen=True)
class Trajectory:
    """One run of a library's optimizer in float64 on the ravine, from (-7, 2).

    Parameters
    ----------
    library : str
        ``"PyTorch"`` or ``"Optax"``.
    version : str
        The version that ran.
    name : str
        What the library calls the rule: a class of ``torch.optim``, a function of ``optax``.
    lr : float
        Learning rate.
    hyper : dict
        Every other hyper-parameter under the library's own name.
    steps : ndarray of int64, shape (6,)
        Step numbers, 1 for the first. Read-only.
    w : ndarray of float64, shape (6, 2)
        The parameters after each of these steps. Read-only.
    """

    library: str
    version: str
    name: str
    lr: float
    hyper: dict[str, Any]
    steps: np.ndarray
    w: Array


@cache
def load_trajectories() -> tuple[Trajectory, ...]:
    """Return 25 runs of PyTorch's and Optax's optimizers on the ravine.

    Returns
    -------
    tuple of Trajectory
        Twelve runs of PyTorch, then thirteen of Optax, with the gradient (0.1 w1, 2 w2) and the
        start (-7, 2) of ``surfaces.ravine()``. Hyper-parameters are the library's defaults, but for
        the learning rate and a momentum of 0.9.

    Examples
    --------
    >>> run = load_trajectories()[1]
    >>> run.library, run.name, run.lr, run.hyper["momentum"]
    ('PyTorch', 'SGD', 0.1, 0.9)
    >>> run.steps.tolist(), run.w[0].tolist()
    ([1, 2, 3, 5, 10, 20], [-6.93, 1.6])
    """
    stored = json.loads(files("descentlab.data").joinpath("trajectories.json").read_text())
    steps, runs = np.array(stored["steps"]), []
    for case in stored["cases"]:
        w, version = np.array(case.pop("w")), stored["versions"][case["library"]]
        w.flags.writeable = steps.flags.writeable = False
        runs.append(Trajectory(version=version, steps=steps, w=w, **case))
    return tuple(runs)
