"""Gradient oracles: the only thing in which batch, stochastic and mini-batch descent differ.

An oracle is called with w and answers with a gradient, so it can be given to ``loops.descend``.
It checks the data once, when it is made. Calling it changes nothing but the oracle's own place in
the data and the generator it draws from.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from descentlab import validation
from descentlab.validation import Array, Rng


class Model(Protocol):
    """What an oracle needs of a model: all of ``models`` and a ``Network`` have it."""

    def size(self, d: int) -> int:
        """Return the length of w for d columns of X."""

    def check(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, np.ndarray]:
        """Return X and y in the form ``gradient`` wants, or raise ``ValueError``."""

    def gradient(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of the mean loss over X and y."""


class Oracle:
    """A callable from w to a gradient that remembers how much data it has used.

    Made by ``full_batch``, ``single_example`` and ``mini_batch``.

    Attributes
    ----------
    examples_seen : int
        Per-example gradients computed so far, per run.
    epoch : int
        Completed passes. With replacement: completed sets of as many batches as a pass has.
    batches_per_epoch : int
        Number of batches in a pass.
    batch : ndarray of int, shape (s,) or (runs, s), or None
        Row numbers of the batch used last; None before the first call.
    """

    def __init__(self, model: Model, X: Array, y: np.ndarray, batches: "Batches | None") -> None:
        self._model = model
        self._X, self._y = X, y
        self._size = model.size(self._X.shape[1])
        self._batches = batches
        self.batches_per_epoch = len(batches) if batches else 1
        self.examples_seen = 0
        self.batch: np.ndarray | None = None
        self._calls = 0

    @property
    def epoch(self) -> int:
        """Completed passes through the data."""
        return self._calls // self.batches_per_epoch

    def __call__(self, w: Array) -> Array:
        """Return the gradient at w of the mean loss over the next batch, in w's shape and dtype."""
        self._check(w)
        X, y = self._X, self._y
        if self._batches is not None:
            self.batch = next(self._batches)
            X, y = X.take(self.batch, axis=0), y.take(self.batch)
        self._calls += 1
        self.examples_seen += y.shape[-1]
        return self._model.gradient(w, X, y).astype(w.dtype, copy=False)

    def _check(self, w: Array) -> None:
        if w.shape[-1:] != (self._size,):
            raise ValueError(f"w must have shape (..., {self._size}), got shape {w.shape}")
        runs = self._batches.runs if self._batches else None
        if runs is not None and w.shape[:-1] != (runs,):
            raise ValueError(
                f"w must have shape ({runs}, {self._size}), one row for each of the {runs} "
                f"generators in rng, got shape {w.shape}"
            )


class Batches:
    """An endless stream of row numbers, one batch after the other.

    Parameters
    ----------
    n : int, >= 1
        Number of examples.
    batch_size : int, 1 ... n
        Examples in a batch, s.
    rng : numpy.random.Generator, or a sequence of them
        One generator: batches of shape (s,), the same for all runs. A sequence: batches of shape
        (runs, s), row k drawn from generator k exactly as if it were alone.
    replace : bool, default False
        Without replacement each pass is a new random order of all rows. With replacement every
        row number is drawn from all n, and every batch is full.
    drop_last : bool, default False
        Leave out the last batch of a pass if it is short.

    Notes
    -----
    A generator is asked once per pass: ``permutation(n)``, or ``integers(n, size=...)`` for as many
    row numbers as the batches of a pass need.

    Examples
    --------
    >>> import numpy as np
    >>> batches = Batches(5, 2, np.random.default_rng(0))
    >>> [len(next(batches)) for _ in range(6)]
    [2, 2, 1, 2, 2, 1]
    """

    def __init__(
        self, n: int, batch_size: int, rng: Rng, replace: bool = False, drop_last: bool = False
    ) -> None:
        self.n = validation.count("n", n, low=1)
        self.size = validation.count("batch_size", batch_size, low=1)
        if self.size > self.n:
            raise ValueError(f"batch_size must be at most n = {n}, got {batch_size}")
        checked = validation.generator("rng", rng, several=True)
        self.runs = None if isinstance(checked, np.random.Generator) else len(checked)
        self._rng = checked
        self._replace = replace
        full, rest = divmod(self.n, self.size)
        self._length = full if drop_last else full + (rest > 0)
        self._stream = self._forever()

    def __len__(self) -> int:
        """Return the number of batches in a pass."""
        return self._length

    def __iter__(self) -> Iterator[np.ndarray]:
        return self

    def __next__(self) -> np.ndarray:
        return next(self._stream)

    def _forever(self) -> Iterator[np.ndarray]:
        while True:
            order = self._order()
            for start in range(0, self._length * self.size, self.size):
                yield order[..., start : start + self.size]

    def _order(self) -> np.ndarray:
        if isinstance(self._rng, np.random.Generator):
            return self._draw(self._rng)
        return np.stack([self._draw(rng) for rng in self._rng])

    def _draw(self, rng: np.random.Generator) -> np.ndarray:
        if self._replace:
            return rng.integers(self.n, size=self._length * self.size)
        return rng.permutation(self.n)


def full_batch(model: Model, X: ArrayLike, y: ArrayLike) -> Oracle:
    """Return the oracle of batch gradient descent: every call uses all n examples.

    Parameters
    ----------
    model : model
        From ``models``, or a ``Network`` without BatchNorm and Dropout.
    X : ndarray, shape (n, d)
        Inputs: finite floats. Not copied.
    y : ndarray, shape (n,)
        Targets or labels.

    Returns
    -------
    Oracle
        w of shape (..., p) to the gradient of ``model.value(w, X, y)``.

    Raises
    ------
    ValueError
        If X or y cannot be used with the model.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.models import LinearRegression
    >>> oracle = full_batch(LinearRegression(), np.array([[1.0], [2.0]]), np.array([1.0, 2.0]))
    >>> oracle(np.array([0.0])), oracle.examples_seen
    (array([-5.]), 2)
    """
    return Oracle(model, *model.check(X, y), None)


def single_example(
    model: Model, X: ArrayLike, y: ArrayLike, rng: Rng, replace: bool = False
) -> Oracle:
    """Return the oracle of stochastic gradient descent: every call uses one example.

    The same as ``mini_batch`` with ``batch_size=1``.

    Parameters
    ----------
    model, X, y
        As in ``full_batch``.
    rng : numpy.random.Generator, or a sequence of them
        One generator: all runs see the same example. One per run: each run sees its own.
    replace : bool, default False
        False: each epoch goes through all examples in a new random order. True: every example is
        drawn from all n, independently of the past, which makes each step unbiased.

    Returns
    -------
    Oracle

    Raises
    ------
    ValueError
        If X, y or rng cannot be used.

    References
    ----------
    Robbins & Monro (1951), A stochastic approximation method, Ann. Math. Stat. 22.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.models import LinearRegression
    >>> X, y, rng = np.array([[1.0], [2.0]]), np.array([1.0, 2.0]), np.random.default_rng(0)
    >>> oracle = single_example(LinearRegression(), X, y, rng)
    >>> sorted(oracle(np.array([0.0])).item() for _ in range(2)), oracle.epoch
    ([-8.0, -2.0], 1)
    """
    return mini_batch(model, X, y, 1, rng, replace)


def mini_batch(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    batch_size: int,
    rng: Rng,
    replace: bool = False,
    drop_last: bool = False,
) -> Oracle:
    """Return the oracle of mini-batch gradient descent: every call uses ``batch_size`` examples.

    Parameters
    ----------
    model, X, y
        As in ``full_batch``.
    batch_size : int, 1 ... n
        Examples in a batch, s.
    rng : numpy.random.Generator, or a sequence of them
        One generator: all runs of w (runs, p) see the same batch. A sequence of as many generators
        as runs, e.g. ``np.random.default_rng(0).spawn(runs)``: run k sees the batches that
        generator k alone would give it, independent of the other runs.
    replace : bool, default False
        False: each epoch goes through all examples in a new random order, each exactly once. True:
        every example is drawn from all n, independently of the past.
    drop_last : bool, default False
        Leave out the last batch of an epoch if it is short. It is kept by default, and its
        gradient is the mean over the examples it has.

    Returns
    -------
    Oracle

    Raises
    ------
    ValueError
        If X or y cannot be used with the model, batch_size is not in 1 ... n, or rng is a seed or
        an old ``RandomState`` instead of a Generator.

    Notes
    -----
    With s examples and per-example variance sigma^2 the gradient has variance sigma^2 / s with
    replacement, and (sigma^2 / s) (n - s)/(n - 1) for the first batch of an epoch without.

    References
    ----------
    Bottou, Curtis & Nocedal (2018), Optimization methods for large-scale machine learning, SIAM
    Review 60; Cochran (1977), Sampling techniques, theorem 2.2.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.models import LinearRegression
    >>> X, y = np.arange(10.0).reshape(5, 2), np.arange(5.0)
    >>> oracle = mini_batch(LinearRegression(), X, y, 2, np.random.default_rng(0))
    >>> [oracle(np.zeros(2)).shape for _ in range(3)], oracle.examples_seen, oracle.epoch
    ([(2,), (2,), (2,)], 5, 1)
    >>> apart = mini_batch(LinearRegression(), X, y, 2, np.random.default_rng(0).spawn(200))
    >>> apart(np.zeros((200, 2))).shape, apart.batch.shape
    ((200, 2), (200, 2))
    """
    rows, targets = model.check(X, y)
    batches = Batches(len(rows), batch_size, rng, replace, drop_last)
    return Oracle(model, rows, targets, batches)
