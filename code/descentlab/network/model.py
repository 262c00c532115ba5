"""A network: layers one after the other, and a loss at the end, as functions of one flat w."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from descentlab import validation
from descentlab.losses import Loss, softmax_cross_entropy
from descentlab.network.layers import BatchNorm, Dropout, Layer, Running
from descentlab.validation import Array, Rng

State = tuple[Running | None, ...]
Weights = list[tuple[Array, ...]]


@dataclass(frozen=True)
class Network:
    """Layers one after the other; all their parameters are one vector w.

    Parameters
    ----------
    layers : sequence of Layer
        From the input to the output; at least one with parameters.
    loss : Loss, default ``softmax_cross_entropy``
        With K outputs ``softmax_cross_entropy``; with one output ``binary_cross_entropy`` or
        ``squared_error``. The last layer gives logits: no softmax layer, the loss has it.
    l2 : float, default 0
        Weight of the penalty l2/2 |w|^2, >= 0, on all of w.

    Raises
    ------
    ValueError
        If a layer is no layer, widths do not fit, or the loss does not fit the last width.

    Notes
    -----
    Every method takes w of shape (p,) for one network or (runs, p) for several, which are computed
    together and each equal to itself alone bit for bit. X is (n, d) for all of them or
    (runs, n, d). ``state`` holds the running statistics of ``BatchNorm``; None stands for
    those before the first batch. No method changes what it is given. Data are not checked in
    the methods, which are called in loops: ``check`` does it, and ``fit`` calls it once.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.network import Dense, ReLU
    >>> network = Network([Dense(2, 8), ReLU(), Dense(8, 3)])
    >>> w = network.init(np.random.default_rng(0))
    >>> X, y = np.array([[0.5, -1.0], [1.0, 2.0]]), np.array([0, 2])
    >>> loss, g, state = network.loss_and_gradient(w, X, y)
    >>> network.p, g.shape, loss.shape
    (51, (51,), ())
    """

    layers: Sequence[Layer]
    loss: Loss = softmax_cross_entropy
    l2: float = 0.0

    def __post_init__(self) -> None:
        layers = tuple(self.layers)
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise ValueError(f"layers[{i}] must be a layer such as Dense(2, 8), got {layer!r}")
        if not any(layer.shapes() for layer in layers):
            raise ValueError("layers must hold at least one layer with parameters")
        if not isinstance(self.loss, Loss):
            raise ValueError(f"loss must be one of descentlab.losses, got {self.loss!r}")
        object.__setattr__(self, "layers", layers)
        object.__setattr__(self, "l2", validation.number("l2", self.l2))
        self._check_widths()

    def _check_widths(self) -> None:
        fixed = [(i, layer.widths) for i, layer in enumerate(self.layers) if layer.widths]
        for (i, before), (j, after) in pairwise(fixed):
            if before[1] != after[0]:
                raise ValueError(
                    f"layers[{j}] takes {after[0]} inputs, but layers[{i}] gives {before[1]}"
                )
        if (self.outputs == 1) == (self.loss is softmax_cross_entropy):
            expected = "2 or more outputs" if self.outputs == 1 else "one output"
            raise ValueError(f"loss {self.loss.name} needs {expected}, got {self.outputs}")

    @cached_property
    def inputs(self) -> int:
        """Number of columns of X."""
        return next(layer.widths[0] for layer in self.layers if layer.widths)

    @cached_property
    def outputs(self) -> int:
        """Number of outputs: K for softmax cross-entropy, else 1."""
        return next(layer.widths[1] for layer in reversed(self.layers) if layer.widths)

    @cached_property
    def p(self) -> int:
        """Number of parameters, the length of w."""
        return sum(rows * columns for layer in self.layers for rows, columns in layer.shapes())

    @cached_property
    def _parts(self) -> list[list[tuple[slice, tuple[int, int]]]]:
        """Where in w each layer's parameters lie, and their shapes."""
        ends = accumulate(rows * columns for x in self.layers for rows, columns in x.shapes())
        places = (slice(start, end) for start, end in pairwise([0, *ends]))
        return [[(next(places), shape) for shape in layer.shapes()] for layer in self.layers]

    @cached_property
    def _first(self) -> int:
        """The first layer with parameters: the way back ends there."""
        return next(i for i, layer in enumerate(self.layers) if layer.shapes())

    def size(self, d: int) -> int:
        """Return p, the length of w, for d columns of X."""
        return self.p

    def init(self, rng: Rng, dtype: DTypeLike = np.float64) -> Array:
        """Draw the parameters before the first step.

        Parameters
        ----------
        rng : numpy.random.Generator, or a sequence of them
            One generator gives w of shape (p,), a sequence one row for each: (runs, p).
        dtype : float dtype, default float64
            The dtype of w, and so of everything computed from it.

        Raises
        ------
        ValueError
            If rng is no Generator.
        """
        checked = validation.generator("rng", rng, several=True)
        if isinstance(checked, Sequence):
            return np.stack([self.init(one, dtype) for one in checked])
        arrays = [array for layer in self.layers for array in layer.init(checked, dtype)]
        return np.concatenate([array.ravel() for array in arrays])

    def split(self, w: Array) -> Weights:
        """Return each layer's parameters as matrices: views of w, or of a gradient.

        Parameters
        ----------
        w : ndarray, shape (..., p)

        Returns
        -------
        list of tuple of ndarray
            One tuple per layer, empty for a layer without parameters.
        """
        runs = w.shape[:-1]
        return [
            tuple(w[..., place].reshape(*runs, *shape) for place, shape in group)
            for group in self._parts
        ]

    def start(self, w: Array) -> State:
        """Return the running statistics before the first batch, for each layer."""
        return tuple(layer.start(w.shape[:-1], w.dtype) for layer in self.layers)

    def check(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, np.ndarray]:
        """Return X and y as the methods want them, without a copy where possible.

        Raises
        ------
        ValueError
            If X is empty, not floating-point, not finite or of another width than the first layer,
            or y has another length or a label that does not exist.
        """
        rows = validation.examples("X", X)
        if rows.shape[1] != self.inputs:
            raise ValueError(
                f"X must have {self.inputs} columns for the first layer, got shape {rows.shape}"
            )
        return rows, self.loss.targets(y, len(rows), (self.outputs,), rows)

    def _train(
        self, weights: Weights, X: Array, state: State, rng: Rng | None
    ) -> tuple[Array, list[Any], State]:
        """Go forward in training mode; return the outputs, the caches and the new statistics."""
        caches, after = [], []
        x = X
        for layer, w, old in zip(self.layers, weights, state):
            x, cache, new = layer.train(x, *w, state=old, rng=rng)
            caches.append(cache)
            after.append(new)
        return x, caches, tuple(after)

    def _back(self, weights: Weights, dy: Array, caches: list[Any]) -> Array:
        """Go backward from the derivative with respect to the outputs; return that of w."""
        gradients: list[tuple[Array, ...]] = []
        for i in reversed(range(self._first, len(self.layers))):
            layer, w, cache = self.layers[i], weights[i], caches[i]
            gradients.append(layer.gradients(dy, cache, *w))
            if i > self._first:
                dy = layer.backward(dy, cache, *w)
        flat = [g.reshape(*g.shape[:-2], -1) for group in reversed(gradients) for g in group]
        return np.concatenate(flat, axis=-1)

    def train_step(
        self, w: Array, X: Array, y: np.ndarray, state: State | None = None, rng: Rng | None = None
    ) -> tuple[Array, Array, Array, State]:
        """Return the logits, the mean loss, its gradient and the new statistics, in training mode.

        Parameters and Raises are those of ``loss_and_gradient``.
        """
        weights = self.split(w)
        outputs, caches, state = self._train(weights, X, state or self.start(w), rng)
        z = self._logits(outputs)
        value, slope = self.loss.value_and_gradient(z, y)
        n = X.shape[-2]
        g = self._back(weights, (slope / n).reshape(outputs.shape), caches)
        loss = np.add.reduce(value, axis=-1) / n
        if self.l2:
            loss, g = loss + self.l2 / 2 * np.vecdot(w, w), g + self.l2 * w
        return z, loss, g, state

    def loss_and_gradient(
        self, w: Array, X: Array, y: np.ndarray, state: State | None = None, rng: Rng | None = None
    ) -> tuple[Array, Array, State]:
        """Return the mean loss of a batch in training mode, its gradient and the new statistics.

        Parameters
        ----------
        w : ndarray, shape (p,) or (runs, p)
            Parameters.
        X : ndarray, shape (n, d) or (runs, n, d)
            Inputs, in the dtype of w.
        y : ndarray, shape (n,) or (runs, n)
            Labels or targets.
        state : tuple, optional
            Running statistics, as returned by the call before; needed by ``BatchNorm`` only.
        rng : numpy.random.Generator or a sequence of them, one per run
            Draws the masks; needed by ``Dropout`` only.

        Returns
        -------
        loss : ndarray, shape () or (runs,)
            Mean loss plus penalty.
        g : ndarray, the shape and dtype of w
            Its gradient with respect to w.
        state : tuple
            The running statistics after this batch.

        Raises
        ------
        ValueError
            If the batch has one row and a layer is ``BatchNorm``, or rng is missing and one is
            ``Dropout``.
        """
        return self.train_step(w, X, y, state, rng)[1:]

    def gradient(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of ``value``, so that a network can be given to an oracle.

        Raises
        ------
        ValueError
            If a layer behaves differently in training: its state or masks would be lost.
        """
        for i, layer in enumerate(self.layers):
            if isinstance(layer, (BatchNorm, Dropout)):
                raise ValueError(
                    f"gradient needs layers without state or masks, got layers[{i}] = {layer!r}; "
                    "use loss_and_gradient or fit"
                )
        return self.loss_and_gradient(w, X, y)[1]

    def _logits(self, outputs: Array) -> Array:
        return outputs if self.loss is softmax_cross_entropy else outputs[..., 0]

    def activations(self, w: Array, X: Array, state: State | None = None) -> list[Array]:
        """Return X and the output of every layer in evaluation mode, (len(layers) + 1) arrays."""
        outputs = [X]
        for layer, part, old in zip(self.layers, self.split(w), state or self.start(w)):
            outputs.append(layer.evaluate(outputs[-1], *part, state=old))
        return outputs

    def logits(self, w: Array, X: Array, state: State | None = None) -> Array:
        """Return the outputs in evaluation mode, shape (..., n, K), or (..., n) for one output."""
        return self._logits(self.activations(w, X, state)[-1])

    def value(self, w: Array, X: Array, y: np.ndarray, state: State | None = None) -> Array:
        """Return the mean loss plus penalty in evaluation mode, shape (...)."""
        mean = self.loss.value(self.logits(w, X, state), y).mean(axis=-1)
        return mean + self.l2 / 2 * np.vecdot(w, w)

    def predict(self, w: Array, X: Array, state: State | None = None) -> np.ndarray:
        """Return the predicted label or target of each example, shape (..., n)."""
        return self.loss.predict(self.logits(w, X, state))

    def probability(self, w: Array, X: Array, state: State | None = None) -> Array:
        """Return the probabilities of the labels, shape (..., n, K), or of label 1, (..., n)."""
        return self.loss.probability(self.logits(w, X, state))

    def accuracy(self, w: Array, X: Array, y: np.ndarray, state: State | None = None) -> Array:
        """Return the share of examples whose label is predicted, in evaluation mode."""
        return (self.predict(w, X, state) == y).mean(axis=-1)
