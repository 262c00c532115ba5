"""The protocol of chapter 21 and the function that carries it out: thirteen rules, one network.

A comparison is decided before it is run, so everything that is decided stands here as data. One
seed draws the division into training, validation and test examples, the start of the network and
the order of its batches; all rules and all rates share them.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from descentlab import optimizers as rules
from descentlab import validation
from descentlab.data import load_digits, split
from descentlab.data.capstone import Trials
from descentlab.network import Dense, Network, ReLU, fit
from descentlab.validation import Array

NETWORK = Network([Dense(64, 64), ReLU(), Dense(64, 10)])
SHARES = (0.6, 0.2, 0.2)
BATCH_SIZE = 32
EPOCHS = 20
SEEDS = tuple(range(12))
TRIALS = 9

# The smallest of the nine rates of each rule; the others follow in steps of about √10.
LOWEST = {
    "GradientDescent": 1e-3,
    "Momentum": 1e-3,
    "Nesterov": 1e-3,
    "AdaGrad": 1e-3,
    "RMSProp": 1e-4,
    "Adadelta": 1e-1,
    "Adam": 1e-4,
    "AMSGrad": 1e-4,
    "AdamW": 1e-4,
    "NAdam": 1e-4,
    "Adamax": 1e-4,
    "RAdam": 1e-4,
    "Lion": 1e-5,
}

# What a user gets who sets no rate. PyTorch has no Lion, Keras no RAdam.
DEFAULTS = {
    "PyTorch": {
        "GradientDescent": 1e-3,
        "Momentum": 1e-3,
        "Nesterov": 1e-3,
        "AdaGrad": 1e-2,
        "RMSProp": 1e-2,
        "Adadelta": 1.0,
        "Adam": 1e-3,
        "AMSGrad": 1e-3,
        "AdamW": 1e-3,
        "NAdam": 2e-3,
        "Adamax": 2e-3,
        "RAdam": 1e-3,
    },
    "Keras": {
        "GradientDescent": 1e-2,
        "Momentum": 1e-2,
        "Nesterov": 1e-2,
        "AdaGrad": 1e-3,
        "RMSProp": 1e-3,
        "Adadelta": 1e-3,
        "Adam": 1e-3,
        "AMSGrad": 1e-3,
        "AdamW": 1e-3,
        "NAdam": 1e-3,
        "Adamax": 1e-3,
        "Lion": 1e-3,
    },
}


def grid(name: str) -> Array:
    """Return the nine rates that a rule may try: four powers of ten, two rates in each, and an end.

    Parameters
    ----------
    name : str
        A key of ``LOWEST``, which is the name of a class in ``optimizers``.

    Examples
    --------
    >>> [float(f"{rate:.6g}") for rate in grid("Adam")]
    [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
    """
    whole = 10.0 ** np.arange(5)
    steps = np.sort(np.concatenate([whole, 3 * whole]))[:TRIALS]
    return np.array([float(f"{rate:.6g}") for rate in LOWEST[name] * steps])


def rates_to_run(name: str) -> Array:
    """Return the nine rates of the grid and the libraries' default rates, each once, sorted."""
    defaults = [rates[name] for rates in DEFAULTS.values() if name in rates]
    return np.unique([*grid(name), *defaults])


def parts(seed: int) -> tuple[list[tuple[Array, np.ndarray]], np.random.Generator]:
    """Return training, validation and test examples of a seed, and the generator to go on with.

    Parameters
    ----------
    seed : int
        The division is the generator's first draw, the start the second, the batches the rest.

    Returns
    -------
    list of (X, y), Generator
        Three parts without a common example: 60, 20 and 20 % of the digits, X in 0 ... 1.

    Examples
    --------
    >>> [len(y) for _, y in parts(0)[0]]
    [1078, 360, 359]
    """
    rng, digits = np.random.default_rng(seed), load_digits()
    return split(digits.X / 16, digits.y, SHARES, rng), rng


def run(
    name: str,
    rates: ArrayLike,
    seeds: Iterable[int] = SEEDS,
    epochs: int = EPOCHS,
) -> Trials:
    """Train the network with one rule, with every rate and every seed.

    Parameters
    ----------
    name : str
        A class of ``optimizers``. All its hyper-parameters but the rate keep their defaults.
    rates : array_like, shape (rates,)
        Learning rates, in increasing order. They are trained together, one row of w each.
    seeds : iterable of int, default the protocol's
        Each draws a division of the data, a start and an order of the batches.
    epochs : int >= 1, default the protocol's

    Returns
    -------
    Trials

    Raises
    ------
    ValueError
        If no rule has this name, or an argument is out of range.

    Examples
    --------
    >>> trials = run("Momentum", [0.01, 0.1], seeds=[0], epochs=2)
    >>> trials.validation.shape, trials.test.shape
    ((2, 1, 2), (2, 1))
    """
    if name not in LOWEST:
        raise ValueError(f"name must be one of {', '.join(LOWEST)}, got {name!r}")
    lr, seeds = np.asarray(rates, float), list(seeds)
    if lr.ndim != 1 or not len(lr) or not seeds:
        raise ValueError(f"rates and seeds must be lists with entries, got {rates!r}, {seeds!r}")
    rule, epochs = getattr(rules, name)(lr=lr[:, None]), validation.count("epochs", epochs, low=1)
    columns = [_one_seed(rule, seed, epochs) for seed in seeds]
    held, test = (np.stack(column, axis=1) for column in zip(*columns))
    return Trials(lr, np.array(seeds), held, test)


def choose(trials: Trials) -> np.ndarray:
    """Return for each seed the place of the rate that is best on that seed's validation examples.

    Parameters
    ----------
    trials : Trials
        Test examples have no part in the choice.

    Returns
    -------
    ndarray of int, shape (seeds,)
        Fewest errors after the last epoch; among equal ones fewest over all epochs together;
        among equal ones the smallest rate.

    Examples
    --------
    >>> from descentlab.data import load_capstone
    >>> choose(load_capstone()["Adam"]).shape
    (12,)
    """
    last = trials.validation_errors[..., -1]
    total = trials.validation_errors.sum(axis=-1)
    return np.argmin(last * (total.max() + 1) + total, axis=0)


def _one_seed(rule: rules.Optimizer, seed: int, epochs: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the validation errors, shape (rates, epochs), and the test errors, shape (rates,)."""
    (training, held, test), rng = parts(seed)
    w0 = np.repeat(NETWORK.init(rng)[None], len(np.atleast_1d(rule.lr)), axis=0)
    history = fit(NETWORK, w0, *training, rule, epochs, BATCH_SIZE, rng, validation=held)
    finite = np.isfinite(history.w).all(axis=-1)
    right = np.nan_to_num(np.asarray(history.validation_accuracy))
    errors = np.rint((1 - right) * len(held[1])).astype(int).T
    wrong = (NETWORK.predict(history.w, test[0]) != test[1]).sum(axis=-1)
    return errors, np.where(finite, wrong, len(test[1]))
