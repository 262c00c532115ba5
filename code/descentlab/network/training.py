"""Train a network for some epochs and keep its losses and accuracies. Nothing here plots."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from descentlab.loops import Schedule
from descentlab.network.model import Network, State
from descentlab.optimizers import Optimizer
from descentlab.sampling import Batches
from descentlab.validation import Array, Rng, count, parameters


@dataclass(frozen=True)
class History:
    """What a fit leaves behind.

    Parameters
    ----------
    w : ndarray, shape (p,) or (runs, p)
        Parameters after the last step.
    state : tuple
        Running statistics after the last step, one entry per layer.
    loss : ndarray of float64, shape (epochs,) or (epochs, runs)
        Mean loss (plus penalty) over an epoch's examples, each taken in training mode just before
        the step that used it. NaN or infinite from the epoch in which a run diverges.
    accuracy : ndarray of float64, same shape
        Share of the same predictions that were right; NaN where the loss is not finite, and
        for ``squared_error``.
    validation_loss, validation_accuracy : ndarray, same shape, or None
        Mean loss without penalty and share of right predictions on the validation data, in
        evaluation mode at the end of each epoch.
    monitored : list
        What ``monitor(w, state)`` returned at the end of each epoch.
    """

    w: Array
    state: State
    loss: Array
    accuracy: Array
    validation_loss: Array | None
    validation_accuracy: Array | None
    monitored: list[Any]

    @property
    def diverged(self) -> int | np.ndarray:
        """The first epoch whose loss is not finite, per run; -1 for a run that stayed finite."""
        bad = ~np.isfinite(self.loss)
        first = np.where(bad.any(axis=0), (bad.cumsum(axis=0) == 0).sum(axis=0), -1)
        return int(first) if first.ndim == 0 else first


def fit(
    network: Network,
    w0: Array,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    rng: Rng,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    schedule: Schedule | None = None,
    progress: bool = False,
    *,
    state: State | None = None,
    monitor: Callable[[Array, State], Any] | None = None,
    drop_last: bool = False,
) -> History:
    """Train ``network`` from ``w0`` on shuffled mini-batches.

    Parameters
    ----------
    network : Network
        What is trained.
    w0 : ndarray, shape (p,) or (runs, p)
        The start, e.g. ``network.init(rng)``; finite floats. Its dtype is the one computed in.
    X : ndarray, shape (n, d)
        Inputs: finite floats.
    y : ndarray, shape (n,)
        Labels or targets.
    optimizer : Optimizer
        The rule, e.g. ``GradientDescent(lr=0.1)``.
    epochs : int, >= 0
        Passes through the data.
    batch_size : int, 1 ... n
        Examples per step; the last batch of an epoch may be shorter.
    rng : numpy.random.Generator, or a sequence of them
        Draws the order of the examples and the masks of ``Dropout``. One generator: all runs see
        the same batches and masks. One per run: run k is what generator k alone would give.
    validation : (X, y), optional
        Data to evaluate at the end of each epoch.
    schedule : callable, optional
        ``schedule(t)`` is the factor on ``lr`` at step t = 0, 1, ..., counted through all epochs.
    progress : bool, default False
        Show a progress bar (tqdm, on stderr).
    state : tuple, optional
        Running statistics to start from, e.g. those of an earlier fit.
    monitor : callable, optional
        ``monitor(w, state)`` is called at the end of each epoch.
    drop_last : bool, default False
        Leave out the last batch of an epoch if it is short.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument cannot be used, or a batch of one row meets ``BatchNorm``.

    Notes
    -----
    A run whose loss or parameters are no longer finite is data, not an error: the rest of it is
    NaN or infinite, no warning is shown, and the other runs go on.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.data import blobs
    >>> from descentlab.network import Dense, Network, Tanh
    >>> from descentlab.optimizers import GradientDescent
    >>> rng = np.random.default_rng(0)
    >>> X, y = blobs(200, rng, classes=3, spread=0.3)
    >>> network = Network([Dense(2, 8), Tanh(), Dense(8, 3)])
    >>> history = fit(network, network.init(rng), X, y, GradientDescent(0.5), 10, 20, rng)
    >>> history.loss.shape, bool(history.accuracy[-1] > 0.95)
    ((10,), True)
    """
    w = _start(network, w0)
    rows, targets = _data(network, w, X, y)
    held_out = None if validation is None else _data(network, w, *validation)
    batches = Batches(len(rows), batch_size, rng, drop_last=drop_last)
    _agree(optimizer, batches, w)
    record = _Record(network, held_out, monitor)
    rules = _rules(optimizer.astype(w.dtype), schedule)
    state, memory = state or network.start(w), optimizer.init(w)
    with np.errstate(all="ignore"):
        for _ in _bar(count("epochs", epochs), progress):
            seen = []
            for batch, rule in zip(itertools.islice(batches, len(batches)), rules):
                x, right = rows.take(batch, axis=0), targets.take(batch)
                z, loss, g, state = network.train_step(w, x, right, state, rng)
                w, memory = rule.step(w, g, memory)
                seen.append((right.shape[-1], loss, network.loss.predict(z) == right))
            record.add(seen, w, state)
    return record.history(w, state)


def _start(network: Network, w0: Array) -> Array:
    if not isinstance(network, Network):
        raise ValueError(f"network must be a Network, got {network!r}")
    w = parameters("w0", w0)
    if w.shape[-1] != network.p or w.ndim > 2:
        raise ValueError(
            f"w0 must have shape ({network.p},) or (runs, {network.p}), got shape {w.shape}"
        )
    return w


def _data(network: Network, w: Array, X: ArrayLike, y: ArrayLike) -> tuple[Array, np.ndarray]:
    rows, targets = network.check(X, y)
    real = targets.dtype.kind == "f"
    return rows.astype(w.dtype, copy=False), targets.astype(w.dtype) if real else targets


def _agree(optimizer: Optimizer, batches: Batches, w: Array) -> None:
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer must be a rule such as GradientDescent(), got {optimizer!r}")
    if batches.runs is not None and w.shape[:-1] != (batches.runs,):
        raise ValueError(
            f"w0 must have one row for each of the {batches.runs} generators in rng, "
            f"got shape {w.shape}"
        )


def _rules(rule: Optimizer, schedule: Schedule | None) -> Iterator[Optimizer]:
    """Yield the rule of each step."""
    if schedule is None:
        return itertools.repeat(rule)
    return (replace(rule, lr=rule.lr * schedule(t)) for t in itertools.count())


def _bar(epochs: int, progress: bool) -> Iterable[int]:
    if not progress:
        return range(epochs)
    from tqdm import tqdm

    return tqdm(range(epochs), unit="epoch")


@dataclass
class _Record:
    """Collects what ``History`` holds."""

    network: Network
    held_out: tuple[Array, np.ndarray] | None
    monitor: Callable[[Array, State], Any] | None
    rows: list[list[Array]] = field(default_factory=list)
    monitored: list[Any] = field(default_factory=list)

    def add(self, seen: list[tuple[int, Array, np.ndarray]], w: Array, state: State) -> None:
        sizes, losses, hits = zip(*seen)
        loss = np.average(np.array(losses, float), axis=0, weights=sizes)
        row = [loss, self._accuracy(loss, np.concatenate(hits, axis=-1))]
        if self.held_out:
            X, y = self.held_out
            z = self.network.logits(w, X, state)
            loss = self.network.loss.value(z, y).mean(axis=-1, dtype=float)
            row += [loss, self._accuracy(loss, self.network.loss.predict(z) == y)]
        self.rows.append(row)
        if self.monitor:
            self.monitored.append(self.monitor(w, state))

    def _accuracy(self, loss: Array, hits: np.ndarray) -> Array:
        known = np.isfinite(loss) & self.network.loss.classifies
        return np.where(known, hits.mean(axis=-1), np.nan)

    def history(self, w: Array, state: State) -> History:
        shape = (len(self.rows), 4 if self.held_out else 2, *w.shape[:-1])
        columns = list(np.array(self.rows, float).reshape(shape).swapaxes(0, 1))
        loss, accuracy, *held_out = columns
        held_out_loss, held_out_accuracy = held_out or (None, None)
        return History(w, state, loss, accuracy, held_out_loss, held_out_accuracy, self.monitored)
