"""Layers: what each computes, and the chain rule through it.

With x the input, y the output, and dx, dy the derivatives of the loss with respect to them:

- ``forward(x, *w)`` returns y and what the way back needs (the cache);
- ``backward(dy, cache, *w)`` returns dx;
- ``gradients(dy, cache, *w)`` returns the derivatives with respect to the layer's parameters.

x has shape (n, d), or (runs, n, d) when several networks are trained at once. ``train`` and
``evaluate`` are the two modes; they differ in ``BatchNorm`` and ``Dropout`` only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from descentlab import losses, validation
from descentlab.network.initializers import Initializer, he_normal
from descentlab.validation import Array, Rng


class Running(NamedTuple):
    """Statistics of the past batches of a ``BatchNorm``: mean and var, shape (..., 1, d)."""

    mean: Array
    var: Array


@dataclass(frozen=True)
class Layer:
    """What the layers share. A layer without parameters needs ``forward`` and ``backward`` only."""

    @property
    def widths(self) -> tuple[int, int] | None:
        """Numbers of inputs and outputs, or None if the layer takes any width and keeps it."""
        return None

    def init(self, rng: np.random.Generator, dtype: DTypeLike) -> tuple[Array, ...]:
        """Return the layer's parameters before the first step, each a matrix."""
        return ()

    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Return the shapes of the layer's parameters."""
        return ()

    def start(self, runs: tuple[int, ...], dtype: DTypeLike) -> Running | None:
        """Return the statistics before the first batch, or None if the layer has none."""
        return None

    def forward(self, x: Array, *w: Array) -> tuple[Array, Any]:
        """Return the output and the cache."""
        raise NotImplementedError

    def backward(self, dy: Array, cache: Any, *w: Array) -> Array:
        """Return the derivative of the loss with respect to the input."""
        raise NotImplementedError

    def gradients(self, dy: Array, cache: Any, *w: Array) -> tuple[Array, ...]:
        """Return the derivatives of the loss with respect to the parameters."""
        return ()

    def train(
        self, x: Array, *w: Array, state: Running | None, rng: Rng | None
    ) -> tuple[Array, Any, Running | None]:
        """Return the output in training, the cache and the new statistics."""
        return *self.forward(x, *w), state

    def evaluate(self, x: Array, *w: Array, state: Running | None) -> Array:
        """Return the output in evaluation: no randomness, no dependence on the other rows."""
        return self.forward(x, *w)[0]


@dataclass(frozen=True)
class Dense(Layer):
    """Every output is a weighted sum of all inputs plus a bias: y = xW + b.

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Numbers of inputs and outputs.
    initializer : callable, default ``he_normal``
        Draws W; one of ``initializers``. b starts at 0.

    Raises
    ------
    ValueError
        If a width is not a whole number >= 1.

    Notes
    -----
    W has shape (fan_in, fan_out), the transpose of ``torch.nn.Linear``'s; b has shape
    (1, fan_out). From dL = <dy, dx W + x dW + db>:

    dx = dy W^T, dW = x^T dy, db = sum of dy over the batch.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dense(2, 1)
    >>> W, b, x = np.array([[1.0], [2.0]]), np.array([[0.5]]), np.array([[3.0, 4.0]])
    >>> y, cache = layer.forward(x, W, b)
    >>> y, layer.backward(np.ones((1, 1)), cache, W, b)
    (array([[11.5]]), array([[1., 2.]]))
    """

    fan_in: int
    fan_out: int
    initializer: Initializer = he_normal

    def __post_init__(self) -> None:
        validation.count("fan_in", self.fan_in, low=1)
        validation.count("fan_out", self.fan_out, low=1)

    def __repr__(self) -> str:
        drawn_by = getattr(self.initializer, "__name__", repr(self.initializer))
        return f"Dense({self.fan_in}, {self.fan_out}, {drawn_by})"

    @property
    def widths(self) -> tuple[int, int]:
        """Numbers of inputs and outputs."""
        return self.fan_in, self.fan_out

    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Return the shapes of W and b."""
        return (self.fan_in, self.fan_out), (1, self.fan_out)

    def init(self, rng: np.random.Generator, dtype: DTypeLike) -> tuple[Array, ...]:
        """Draw W with the layer's initializer and set b to 0."""
        W = self.initializer(self.fan_in, self.fan_out, rng, dtype=dtype)
        return W, np.zeros((1, self.fan_out), dtype)

    def forward(self, x: Array, *w: Array) -> tuple[Array, Array]:
        """Return xW + b, and x for the way back."""
        W, b = w
        return x @ W + b, x

    def backward(self, dy: Array, cache: Array, *w: Array) -> Array:
        """Return dy W^T."""
        W, _ = w
        return dy @ W.mT

    def gradients(self, dy: Array, cache: Array, *w: Array) -> tuple[Array, ...]:
        """Return x^T dy and the sum of dy over the batch."""
        return cache.mT @ dy, np.add.reduce(dy, axis=-2, keepdims=True)


@dataclass(frozen=True)
class Sigmoid(Layer):
    """The logistic function y = 1 / (1 + exp(-x)); its slope y(1 - y) is at most 1/4.

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = Sigmoid().forward(np.array([[0.0, 1000.0]]))
    >>> y, Sigmoid().backward(np.ones((1, 2)), cache)
    (array([[0.5, 1. ]]), array([[0.25, 0.  ]]))
    """

    def forward(self, x: Array, *w: Array) -> tuple[Array, Array]:
        """Return sigma(x), which is also all that the way back needs."""
        y = losses.sigmoid(x)
        return y, y

    def backward(self, dy: Array, cache: Array, *w: Array) -> Array:
        """Return dy y (1 - y)."""
        return dy * cache * (1 - cache)


@dataclass(frozen=True)
class Tanh(Layer):
    """The hyperbolic tangent y = tanh(x); its slope is 1 - y^2.

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = Tanh().forward(np.array([[0.0, 1000.0]]))
    >>> y, Tanh().backward(np.ones((1, 2)), cache)
    (array([[0., 1.]]), array([[1., 0.]]))
    """

    def forward(self, x: Array, *w: Array) -> tuple[Array, Array]:
        """Return tanh(x), which is also all that the way back needs."""
        y = np.tanh(x)
        return y, y

    def backward(self, dy: Array, cache: Array, *w: Array) -> Array:
        """Return dy (1 - y^2)."""
        return dy * (1 - cache**2)


@dataclass(frozen=True)
class ReLU(Layer):
    """The rectifier y = max(x, 0); its slope is 1 for x > 0, else 0.

    Notes
    -----
    At x = 0 every slope between 0 and 1 is a subgradient; 0 is chosen here, as in PyTorch.

    References
    ----------
    Nair & Hinton (2010), Rectified linear units improve restricted Boltzmann machines, ICML.

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = ReLU().forward(np.array([[-1.0, 0.0, 2.0]]))
    >>> y, ReLU().backward(np.ones((1, 3)), cache)
    (array([[0., 0., 2.]]), array([[0., 0., 1.]]))
    """

    def forward(self, x: Array, *w: Array) -> tuple[Array, np.ndarray]:
        """Return max(x, 0), and where x > 0."""
        return np.maximum(x, 0), x > 0

    def backward(self, dy: Array, cache: np.ndarray, *w: Array) -> Array:
        """Return dy where x > 0, else 0."""
        return dy * cache


@dataclass(frozen=True)
class LeakyReLU(Layer):
    """A rectifier that lets a little through: y = x for x > 0, else slope x.

    Parameters
    ----------
    slope : float, default 0.01
        Slope for x <= 0, finite and >= 0.

    Raises
    ------
    ValueError
        If slope is negative, infinite or NaN.

    References
    ----------
    Maas, Hannun & Ng (2013), Rectifier nonlinearities improve neural network acoustic models.

    Examples
    --------
    >>> import numpy as np
    >>> y, cache = LeakyReLU(0.1).forward(np.array([[-1.0, 0.0, 2.0]]))
    >>> y, LeakyReLU(0.1).backward(np.ones((1, 3)), cache)
    (array([[-0.1,  0. ,  2. ]]), array([[0.1, 0.1, 1. ]]))
    """

    slope: float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", validation.number("slope", self.slope))

    def forward(self, x: Array, *w: Array) -> tuple[Array, np.ndarray]:
        """Return x where x > 0, else slope x; and where x > 0."""
        return np.where(x > 0, x, self.slope * x), x > 0

    def backward(self, dy: Array, cache: np.ndarray, *w: Array) -> Array:
        """Return dy where x > 0, else slope dy."""
        return np.where(cache, dy, self.slope * dy)


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Every column at mean 0 and variance 1 over the batch, then rescaled by gamma and beta.

    Parameters
    ----------
    width : int, >= 1
        Number of columns, d.
    eps : float, default 1e-5
        Added to the variance, >= 0.
    momentum : float, default 0.1
        Share of the *new* batch in the running statistics, in [0, 1]. Other texts call the share
        of the past, 0.9, by that name.

    Raises
    ------
    ValueError
        If an argument is out of range; in training, if the batch has one row.

    Notes
    -----
    In training, over the n rows of the batch (PyTorch's convention throughout):

    - mean, var = batch mean and biased variance (divisor n); x_hat = (x - mean) / sqrt(var + eps)
    - y = gamma x_hat + beta
    - running mean = (1 - momentum) running mean + momentum mean
    - running var = (1 - momentum) running var + momentum var n / (n - 1), the unbiased variance

    In evaluation the running statistics take the place of the batch's. On the way back, mean and
    var depend on x as well, which gives two more terms than the division by the std:

    dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / std, with dx_hat = gamma dy.

    References
    ----------
    Ioffe & Szegedy (2015), Batch normalization, algorithms 1 and 2 and section 3.

    Examples
    --------
    >>> import numpy as np
    >>> layer, gamma, beta = BatchNorm(1, eps=0.0), np.ones((1, 1)), np.zeros((1, 1))
    >>> layer.forward(np.array([[1.0], [3.0]]), gamma, beta)[0].tolist()
    [[-1.0], [1.0]]
    """

    width: int
    eps: float = 1e-5
    momentum: float = 0.1

    def __post_init__(self) -> None:
        validation.count("width", self.width, low=1)
        object.__setattr__(self, "eps", validation.number("eps", self.eps))
        object.__setattr__(self, "momentum", validation.number("momentum", self.momentum))
        if self.momentum > 1:
            raise ValueError(f"momentum must be a number in [0, 1], got {self.momentum!r}")

    @property
    def widths(self) -> tuple[int, int]:
        """Numbers of inputs and outputs."""
        return self.width, self.width

    def shapes(self) -> tuple[tuple[int, int], ...]:
        """Return the shapes of gamma and beta."""
        return (1, self.width), (1, self.width)

    def init(self, rng: np.random.Generator, dtype: DTypeLike) -> tuple[Array, ...]:
        """Set gamma to 1 and beta to 0."""
        return np.ones((1, self.width), dtype), np.zeros((1, self.width), dtype)

    def start(self, runs: tuple[int, ...], dtype: DTypeLike) -> Running:
        """Return running statistics of mean 0 and variance 1."""
        shape = (*runs, 1, self.width)
        return Running(np.zeros(shape, dtype), np.ones(shape, dtype))

    def forward(self, x: Array, *w: Array) -> tuple[Array, tuple[Array, ...]]:
        """Normalise with the statistics of this batch."""
        gamma, beta = w
        mean = x.mean(axis=-2, keepdims=True)
        var = ((x - mean) ** 2).mean(axis=-2, keepdims=True)
        std = np.sqrt(var + self.eps)
        x_hat = (x - mean) / std
        return gamma * x_hat + beta, (x_hat, std, mean, var)

    def backward(self, dy: Array, cache: tuple[Array, ...], *w: Array) -> Array:
        """Return dx through x itself, through the mean and through the variance."""
        gamma, _ = w
        x_hat, std, _, _ = cache
        dx_hat = gamma * dy
        through_mean = dx_hat.mean(axis=-2, keepdims=True)
        through_var = x_hat * (dx_hat * x_hat).mean(axis=-2, keepdims=True)
        return (dx_hat - through_mean - through_var) / std

    def gradients(self, dy: Array, cache: tuple[Array, ...], *w: Array) -> tuple[Array, ...]:
        """Return the sums of dy x_hat and of dy over the batch."""
        x_hat, _, _, _ = cache
        return (dy * x_hat).sum(axis=-2, keepdims=True), dy.sum(axis=-2, keepdims=True)

    def train(
        self, x: Array, *w: Array, state: Running | None, rng: Rng | None
    ) -> tuple[Array, Any, Running]:
        """Normalise with the batch's statistics and let them into the running ones."""
        n = x.shape[-2]
        if n < 2:
            raise ValueError(
                "BatchNorm needs a batch of at least 2 rows in training, got 1: one row is its "
                "own mean and has no variance. Use another batch_size, or drop_last=True"
            )
        y, cache = self.forward(x, *w)
        _, _, mean, var = cache
        old = state or self.start(x.shape[:-2], x.dtype)
        running_mean = (1 - self.momentum) * old.mean + self.momentum * mean
        running_var = (1 - self.momentum) * old.var + self.momentum * (var * n / (n - 1))
        return y, cache, Running(running_mean, running_var)

    def evaluate(self, x: Array, *w: Array, state: Running | None) -> Array:
        """Normalise with the running statistics."""
        gamma, beta = w
        mean, var = state or self.start(x.shape[:-2], x.dtype)
        return gamma * (x - mean) / np.sqrt(var + self.eps) + beta


@dataclass(frozen=True)
class Dropout(Layer):
    """In training, sets each entry to 0 with probability ``rate`` and scales up the others.

    Parameters
    ----------
    rate : float, default 0.5
        Probability of being dropped, in [0, 1).

    Raises
    ------
    ValueError
        If rate is out of range; in training, if no generator is given.

    Notes
    -----
    Inverted dropout: y = mask x / (1 - rate) with mask 0 or 1 keeps the expectation of x, so in
    evaluation y = x. Some texts scale in evaluation instead; never do both.

    With one generator and several runs, all runs share a mask; with one generator per run each
    run has its own.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov (2014), Dropout, JMLR 15, section 4
    and, for the scaling in training, section 10.

    Examples
    --------
    >>> import numpy as np
    >>> layer, x = Dropout(0.5), np.ones((1, 4))
    >>> mask = layer.mask(x, np.random.default_rng(0))
    >>> mask, layer.forward(x, mask)[0]
    (array([[2., 0., 0., 0.]]), array([[2., 0., 0., 0.]]))
    """

    rate: float = 0.5

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", validation.number("rate", self.rate))
        if self.rate >= 1:
            raise ValueError(f"rate must be a number in [0, 1), got {self.rate!r}")

    def mask(self, x: Array, rng: Rng) -> Array:
        """Draw a factor for each entry: 0 if it is dropped, 1 / (1 - rate) if it is kept."""
        if isinstance(rng, Sequence):
            return np.stack([self.mask(x, one) for one in rng])
        kept = rng.random(x.shape[-2:]) >= self.rate
        return kept.astype(x.dtype) / (1 - self.rate)

    def forward(self, x: Array, *w: Array) -> tuple[Array, Array]:
        """Return mask x; ``w`` is the mask alone."""
        (mask,) = w
        return mask * x, mask

    def backward(self, dy: Array, cache: Array, *w: Array) -> Array:
        """Return mask dy, with the same mask."""
        return cache * dy

    def train(
        self, x: Array, *w: Array, state: Running | None, rng: Rng | None
    ) -> tuple[Array, Any, Running | None]:
        """Draw a mask and apply it."""
        if rng is None:
            raise ValueError("rng must be given: Dropout draws its mask from it in training")
        return *self.forward(x, self.mask(x, rng)), state

    def evaluate(self, x: Array, *w: Array, state: Running | None) -> Array:
        """Return x unchanged."""
        return x
