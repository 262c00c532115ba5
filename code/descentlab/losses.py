"""Losses of one prediction and their gradients with respect to it, stable for any finite logit.

A loss is called on a whole batch at once and returns one value per example. Nothing is averaged
here: models and networks take the mean. Nothing is changed in place, and z's dtype is kept.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from descentlab import validation
from descentlab.validation import Array


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + exp(-z)), computed so that no exponent is ever positive.

    Parameters
    ----------
    z : ndarray of float, any shape
        Logits. A NaN stays NaN.

    Returns
    -------
    ndarray, the shape and dtype of z
        Probabilities in [0, 1].

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid(np.array([-1e4, 0.0, 1e4]))
    array([0. , 0.5, 1. ])
    """
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def softplus(z: Array) -> Array:
    """Return log(1 + exp(z)), which is z itself for large z and exp(z) for very negative z.

    Parameters
    ----------
    z : ndarray of float, any shape

    Returns
    -------
    ndarray, the shape and dtype of z

    Examples
    --------
    >>> import numpy as np
    >>> softplus(np.array([-1e4, 1e4]))
    array([    0., 10000.])
    """
    return np.logaddexp(0, z)


def log_sum_exp(z: Array) -> Array:
    """Return log(sum_k exp(z_k)) over the last axis; the largest z_k is taken out of the sum.

    Parameters
    ----------
    z : ndarray of float, shape (..., K)

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> import numpy as np
    >>> bool(log_sum_exp(np.array([1e4, 1e4])) == 1e4 + np.log(2))
    True
    """
    top = z.max(axis=-1, keepdims=True)
    return top[..., 0] + np.log(np.exp(z - top).sum(axis=-1))


def softmax(z: Array) -> Array:
    """Return exp(z_k) / sum_j exp(z_j) over the last axis; adding a constant to z changes nothing.

    Parameters
    ----------
    z : ndarray of float, shape (..., K)
        Logits.

    Returns
    -------
    ndarray, the shape and dtype of z
        Probabilities that sum to 1 over the last axis.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(np.array([0.0, 1e4]))
    array([0., 1.])
    """
    exp = np.exp(z - z.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Loss:
    """What the losses share: a value and a gradient per example, and how to read a prediction.

    Parameters
    ----------
    name : str
        The name under which the module holds the loss.
    """

    name: str
    classifies: ClassVar[bool] = True

    def value(self, z: Array, y: np.ndarray) -> Array:
        """Return the loss of each example."""
        raise NotImplementedError

    def gradient(self, z: Array, y: np.ndarray) -> Array:
        """Return the derivative of each example's loss with respect to its own z."""
        raise NotImplementedError

    def value_and_gradient(self, z: Array, y: np.ndarray) -> tuple[Array, Array]:
        """Return both; a loss whose two share work does it once."""
        return self.value(z, y), self.gradient(z, y)

    def probability(self, z: Array) -> Array:
        """Return the probabilities that the logits z stand for."""
        raise NotImplementedError

    def predict(self, z: Array) -> np.ndarray:
        """Return the most likely target for each example."""
        raise NotImplementedError

    def targets(self, y: ArrayLike, n: int, z_shape: tuple[int, ...], like: Array) -> np.ndarray:
        """Check targets for n examples at the door and return them in the form used inside.

        Parameters
        ----------
        y : array_like, shape (n,)
            Targets.
        n : int
            Number of examples.
        z_shape : tuple of int
            Shape of one example's prediction: () or (K,).
        like : ndarray
            Its dtype is the one to compute in.

        Raises
        ------
        ValueError
            If y has another length, is not finite or holds a label that does not exist.
        """
        raise NotImplementedError


class SquaredError(Loss):
    """Squared error of a real prediction; the module holds one as ``squared_error``.

    Notes
    -----
    value (z - y)^2 and gradient 2 (z - y), without the factor 1/2 of some texts, as
    ``torch.nn.MSELoss``. z and y have one shape (..., n), or broadcast to it.

    References
    ----------
    Gauss (1809), Theoria motus corporum coelestium, section 179.

    Examples
    --------
    >>> import numpy as np
    >>> squared_error.value(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    array([4., 0.])
    """

    classifies = False

    def value(self, z: Array, y: np.ndarray) -> Array:
        """Return (z - y)^2, shape (..., n)."""
        return (z - np.asarray(y, z.dtype)) ** 2

    def gradient(self, z: Array, y: np.ndarray) -> Array:
        """Return 2 (z - y), shape (..., n)."""
        return 2 * (z - np.asarray(y, z.dtype))

    def predict(self, z: Array) -> np.ndarray:
        """Return z: the mean of y under the model."""
        return z

    def targets(self, y: ArrayLike, n: int, z_shape: tuple[int, ...], like: Array) -> np.ndarray:
        """Return y as finite floats, shape (n,)."""
        return validation.targets("y", y, n, like)


class BinaryCrossEntropy(Loss):
    """Negative log-likelihood of labels 0 and 1; held as ``binary_cross_entropy``.

    Notes
    -----
    z is the logit, sigma(z) the probability of label 1:

    - value -y log sigma(z) - (1 - y) log(1 - sigma(z)) = y softplus(-z) + (1 - y) softplus(z);
    - gradient sigma(z) - y.

    Both terms of the second form are >= 0, so a small loss keeps all its digits and a logit of
    10 000 overflows nothing. y may lie between 0 and 1. As
    ``torch.nn.BCEWithLogitsLoss(reduction="none")``.

    References
    ----------
    Cox (1958), The regression analysis of binary sequences, J. R. Stat. Soc. B 20.

    Examples
    --------
    >>> import numpy as np
    >>> z, y = np.array([-1e4, 0.0, 1e4]), np.array([1.0, 1.0, 1.0])
    >>> binary_cross_entropy.value(z, y).round(4)
    array([1.000e+04, 6.931e-01, 0.000e+00])
    >>> binary_cross_entropy.gradient(z, y)
    array([-1. , -0.5,  0. ])
    """

    def value(self, z: Array, y: np.ndarray) -> Array:
        """Return y softplus(-z) + (1 - y) softplus(z), shape (..., n)."""
        y = np.asarray(y, z.dtype)
        return y * softplus(-z) + (1 - y) * softplus(z)

    def gradient(self, z: Array, y: np.ndarray) -> Array:
        """Return sigma(z) - y, shape (..., n)."""
        return sigmoid(z) - np.asarray(y, z.dtype)

    def probability(self, z: Array) -> Array:
        """Return sigma(z), the probability of label 1."""
        return sigmoid(z)

    def predict(self, z: Array) -> np.ndarray:
        """Return label 1 where its probability is above 1/2, else 0."""
        return (z > 0).astype(int)

    def targets(self, y: ArrayLike, n: int, z_shape: tuple[int, ...], like: Array) -> np.ndarray:
        """Return y as floats in [0, 1], shape (n,)."""
        return validation.probabilities("y", y, n, like)


class SoftmaxCrossEntropy(Loss):
    """Negative log-likelihood of labels 0 ... K - 1; held as ``softmax_cross_entropy``.

    Notes
    -----
    z of shape (..., n, K) are logits, y of shape (n,) or (..., n) whole numbers:

    - value log(sum_k exp(z_k)) - z_y, shape (..., n);
    - gradient softmax(z) - onehot(y), shape (..., n, K).

    The largest logit is subtracted first, so nothing overflows. A label outside 0 ... K - 1 is
    not noticed here: models, networks and oracles check labels once, at the door. As
    ``torch.nn.CrossEntropyLoss(reduction="none")``.

    References
    ----------
    Bridle (1990), Training stochastic model recognition algorithms as networks can lead to maximum
    mutual information estimation of parameters, NIPS 2.

    Examples
    --------
    >>> import numpy as np
    >>> z, y = np.array([[0.0, 0.0], [0.0, 1e4]]), np.array([0, 0])
    >>> softmax_cross_entropy.value(z, y).round(4)
    array([6.931e-01, 1.000e+04])
    >>> softmax_cross_entropy.gradient(z, y)
    array([[-0.5,  0.5],
           [-1. ,  1. ]])
    """

    def value(self, z: Array, y: np.ndarray) -> Array:
        """Return log(sum_k exp(z_k)) - z_y, shape (..., n)."""
        return self.value_and_gradient(z, y)[0]

    def gradient(self, z: Array, y: np.ndarray) -> Array:
        """Return softmax(z) - onehot(y), shape (..., n, K)."""
        return softmax(z) - one_hot(y, z.shape[-1])

    def value_and_gradient(self, z: Array, y: np.ndarray) -> tuple[Array, Array]:
        """Return both from one pass over the exponentials."""
        right = one_hot(y, z.shape[-1])
        z = z - z.max(axis=-1, keepdims=True)
        exp = np.exp(z)
        total = exp.sum(axis=-1, keepdims=True)
        value = np.log(total[..., 0]) - z.sum(axis=-1, where=right)
        return value, exp / total - right

    def probability(self, z: Array) -> Array:
        """Return softmax(z), one probability for each of the K labels."""
        return softmax(z)

    def predict(self, z: Array) -> np.ndarray:
        """Return the label with the largest logit."""
        return z.argmax(axis=-1)

    def targets(self, y: ArrayLike, n: int, z_shape: tuple[int, ...], like: Array) -> np.ndarray:
        """Return y as whole numbers 0 ... K - 1, shape (n,)."""
        return validation.labels("y", y, n, z_shape[0])


def one_hot(y: np.ndarray, classes: int) -> np.ndarray:
    """Return a boolean array, shape (..., K), that is true at each example's own label.

    Parameters
    ----------
    y : ndarray of int, shape (...)
        Labels 0 ... K - 1.
    classes : int
        K.

    Examples
    --------
    >>> import numpy as np
    >>> one_hot(np.array([2, 0]), 3).astype(int)
    array([[0, 0, 1],
           [1, 0, 0]])
    """
    return np.asarray(y)[..., None] == np.arange(classes)


squared_error = SquaredError("squared_error")
binary_cross_entropy = BinaryCrossEntropy("binary_cross_entropy")
softmax_cross_entropy = SoftmaxCrossEntropy("softmax_cross_entropy")
