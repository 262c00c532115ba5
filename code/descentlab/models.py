"""Linear models with a convex loss: the mean loss over a data set as a function of w.

X has one row per example and carries its own column of ones if an intercept is wanted. Every
method takes w of shape (p,) or (runs, p); the runs of a stack are computed one by one inside
NumPy, so each equals the same run alone bit for bit.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from descentlab import validation
from descentlab.losses import Loss, binary_cross_entropy, softmax_cross_entropy, squared_error
from descentlab.validation import Array


def add_intercept(X: Array) -> Array:
    """Return X with a column of ones after its last column.

    The intercept is then the last entry of w (the last row of W in softmax regression). It is
    penalised by ``l2`` like every other parameter.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        Finite floats. The dtype is kept.

    Returns
    -------
    ndarray, shape (n, d + 1)

    Raises
    ------
    ValueError
        If X is empty, not finite, or no matrix of floats.

    Examples
    --------
    >>> import numpy as np
    >>> add_intercept(np.array([[2.0], [3.0]]))
    array([[2., 1.],
           [3., 1.]])
    """
    X = validation.examples("X", X)
    return np.concatenate([X, np.ones((len(X), 1), X.dtype)], axis=1)


@dataclass(frozen=True)
class LinearModel:
    """What the models share: a prediction z = Xw, a loss of z and y, and a penalty on w.

    Parameters
    ----------
    l2 : float, default 0
        Weight of the penalty l2/2 |w|^2, >= 0. It acts on all of w, the intercept included.

    Notes
    -----
    With the loss l of one example:

    - value E(w) = 1/n sum_i l(z_i, y_i) + l2/2 |w|^2
    - gradient X^T l'(z, y) / n + l2 w
    - per-example gradient l'(z_i, y_i) x_i + l2 w; their mean over i is the gradient

    The data are not checked in ``value``, ``gradient`` and the other methods, which are called in
    loops. ``check`` does it, and the oracles of ``sampling`` call it once.
    """

    l2: float = 0.0
    loss: ClassVar[Loss]

    def __post_init__(self) -> None:
        object.__setattr__(self, "l2", validation.number("l2", self.l2))

    def size(self, d: int) -> int:
        """Return p, the length of w for d columns of X."""
        return d

    def check(self, X: ArrayLike, y: ArrayLike) -> tuple[Array, np.ndarray]:
        """Return X and y as the methods want them, without a copy where possible.

        Raises
        ------
        ValueError
            If X is empty, not two-dimensional, not floating-point or not finite, or if y has
            another length, is not finite or holds a label that does not exist.
        """
        rows = validation.examples("X", X)
        return rows, self.loss.targets(y, len(rows), self._z_shape, rows)

    @property
    def _z_shape(self) -> tuple[int, ...]:
        return ()

    def logits(self, w: Array, X: Array) -> Array:
        """Return z = Xw, shape (..., n)."""
        return np.matvec(X, w)

    def value(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the mean loss plus the penalty, shape (...).

        Parameters
        ----------
        w : ndarray, shape (..., p)
            Parameters.
        X : ndarray, shape (n, d) or (..., n, d)
            Inputs, the same for all runs or one batch per run.
        y : ndarray, shape (n,) or (..., n)
            Targets.
        """
        return self.loss.value(self.logits(w, X), y).mean(axis=-1) + self.l2 / 2 * np.vecdot(w, w)

    def gradient(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of ``value`` with respect to w, shape (..., p)."""
        slope = self.loss.gradient(self.logits(w, X), y)
        return np.vecmat(slope, X) / X.shape[-2] + self.l2 * w

    def per_example_gradients(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of each example's own loss, shape (..., n, p)."""
        slope = self.loss.gradient(self.logits(w, X), y)
        return slope[..., None] * X + self.l2 * w[..., None, :]

    def predict(self, w: Array, X: Array) -> np.ndarray:
        """Return the predicted target of each example, shape (..., n)."""
        return self.loss.predict(self.logits(w, X))


class LinearRegression(LinearModel):
    """A line (or plane) through the data: squared error of Xw.

    Parameters
    ----------
    l2 : float, default 0
        Weight of the penalty l2/2 |w|^2, >= 0, on all of w.

    Notes
    -----
    E(w) = 1/n |Xw - y|^2 + l2/2 |w|^2, gradient 2/n X^T(Xw - y) + l2 w.

    References
    ----------
    Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes, appendix.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = add_intercept(np.array([[0.0], [1.0]])), np.array([1.0, 3.0])
    >>> model = LinearRegression()
    >>> model.value(np.array([[0.0, 0.0], [2.0, 1.0]]), X, y)
    array([5., 0.])
    >>> model.gradient(np.array([0.0, 0.0]), X, y)
    array([-3., -4.])
    """

    loss = squared_error


class LogisticRegression(LinearModel):
    """Probability sigma(Xw) of label 1: binary cross-entropy of the logits Xw.

    Parameters
    ----------
    l2 : float, default 0
        Weight of the penalty l2/2 |w|^2, >= 0, on all of w.

    Notes
    -----
    gradient X^T(sigma(Xw) - y)/n + l2 w; no curvature exceeds lambda_max(X^T X)/4n + l2.

    References
    ----------
    Cox (1958), The regression analysis of binary sequences, J. R. Stat. Soc. B 20.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[1.0], [3.0]]), np.array([0.0, 1.0])
    >>> model = LogisticRegression()
    >>> model.gradient(np.array([0.0]), X, y)
    array([-0.5])
    >>> model.predict(np.array([0.0]), X), model.probability(np.array([0.0]), X)
    (array([0, 0]), array([0.5, 0.5]))
    """

    loss = binary_cross_entropy

    def probability(self, w: Array, X: Array) -> Array:
        """Return the probability of label 1 for each example, shape (..., n)."""
        return self.loss.probability(self.logits(w, X))


@dataclass(frozen=True)
class SoftmaxRegression(LinearModel):
    """Probabilities softmax(XW) of K labels: cross-entropy of the logits XW.

    Parameters
    ----------
    l2 : float, default 0
        Weight of the penalty l2/2 |w|^2, >= 0, on all of w.
    classes : int, >= 2, default 2
        K, the number of labels.

    Notes
    -----
    w of shape (..., p) with p = dK is the matrix W of shape (d, K) row after row, so optimizers see
    a vector. gradient X^T(softmax(XW) - onehot(y))/n + l2 W.

    References
    ----------
    Bridle (1990), Training stochastic model recognition algorithms as networks, NIPS 2.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.array([[1.0], [-1.0]]), np.array([0, 1])
    >>> model = SoftmaxRegression(classes=2)
    >>> model.gradient(np.zeros(2), X, y)
    array([-0.5,  0.5])
    >>> model.predict(np.array([1.0, -1.0]), X)
    array([0, 1])
    """

    classes: int = 2
    loss = softmax_cross_entropy

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "classes", validation.count("classes", self.classes, low=2))

    @property
    def _z_shape(self) -> tuple[int, ...]:
        return (self.classes,)

    def size(self, d: int) -> int:
        """Return p = dK, the length of w for d columns of X."""
        return d * self.classes

    def logits(self, w: Array, X: Array) -> Array:
        """Return XW, shape (..., n, K)."""
        return X @ w.reshape(*w.shape[:-1], -1, self.classes)

    def gradient(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of ``value`` with respect to w, shape (..., p)."""
        slope = self.loss.gradient(self.logits(w, X), y)
        return _flat(X.mT @ slope) / X.shape[-2] + self.l2 * w

    def per_example_gradients(self, w: Array, X: Array, y: np.ndarray) -> Array:
        """Return the gradient of each example's own loss, shape (..., n, p)."""
        slope = self.loss.gradient(self.logits(w, X), y)
        return _flat(X[..., :, None] * slope[..., None, :]) + self.l2 * w[..., None, :]

    def probability(self, w: Array, X: Array) -> Array:
        """Return the probability of each label for each example, shape (..., n, K)."""
        return self.loss.probability(self.logits(w, X))


def _flat(W: Array) -> Array:
    """Put the rows of each matrix one after the other: (..., d, K) to (..., dK)."""
    return W.reshape(*W.shape[:-2], -1)
