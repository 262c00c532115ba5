"""Six ways to draw the weights of a dense layer before the first step.

Each takes ``(fan_in, fan_out, rng)``, optionally ``shape`` (by default ``(fan_in, fan_out)``) and
``dtype``. They differ in the variance and in the shape of the distribution: a uniform one with
limit sqrt(3) std has the same standard deviation as the normal one.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from descentlab import validation
from descentlab.validation import Array

Shape = tuple[int, ...] | None
Initializer = Callable[..., Array]


def _normal(
    std: float, rng: np.random.Generator, shape: tuple[int, ...], dtype: DTypeLike
) -> Array:
    return rng.normal(0.0, std, shape).astype(dtype)


def _uniform(
    std: float, rng: np.random.Generator, shape: tuple[int, ...], dtype: DTypeLike
) -> Array:
    limit = np.sqrt(3.0) * std
    return rng.uniform(-limit, limit, shape).astype(dtype)


def _fans(fan_in: int, fan_out: int, rng: np.random.Generator) -> None:
    validation.count("fan_in", fan_in, low=1)
    validation.count("fan_out", fan_out, low=1)
    validation.generator("rng", rng)


def lecun_normal(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a normal sample with variance 1 / fan_in.

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(1 / fan_in).

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    Keeps the variance of the forward signal when the activation has slope 1 at 0.
    Some texts call it Xavier. As ``torch.nn.init.kaiming_normal_`` with nonlinearity "linear".

    References
    ----------
    LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.6.

    Examples
    --------
    >>> import numpy as np
    >>> W = lecun_normal(200, 300, np.random.default_rng(0))
    >>> W.shape, W.std().round(3)
    ((200, 300), np.float64(0.071))
    """
    _fans(fan_in, fan_out, rng)
    return _normal(np.sqrt(1 / fan_in), rng, shape or (fan_in, fan_out), dtype)


def lecun_uniform(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a uniform sample with variance 1 / fan_in.

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(1 / fan_in); bounded by sqrt(3) std.

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    Keeps the variance of the forward signal when the activation has slope 1 at 0.
    Some texts call it Xavier. As ``torch.nn.init.kaiming_uniform_`` with nonlinearity "linear".

    References
    ----------
    LeCun, Bottou, Orr & Müller (1998), Efficient BackProp, section 4.6.

    Examples
    --------
    >>> import numpy as np
    >>> W = lecun_uniform(200, 300, np.random.default_rng(0))
    >>> W.shape, bool(abs(W).max() <= np.sqrt(3 * 1 / 200))
    ((200, 300), True)
    """
    _fans(fan_in, fan_out, rng)
    return _uniform(np.sqrt(1 / fan_in), rng, shape or (fan_in, fan_out), dtype)


def xavier_normal(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a normal sample with variance 2 / (fan_in + fan_out).

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(2 / (fan_in + fan_out)).

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    A compromise between keeping the variance forward (1 / fan_in) and backward (1 / fan_out).
    As ``torch.nn.init.xavier_normal_`` with gain 1.

    References
    ----------
    Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 12.

    Examples
    --------
    >>> import numpy as np
    >>> W = xavier_normal(200, 300, np.random.default_rng(0))
    >>> W.shape, W.std().round(3)
    ((200, 300), np.float64(0.063))
    """
    _fans(fan_in, fan_out, rng)
    return _normal(np.sqrt(2 / (fan_in + fan_out)), rng, shape or (fan_in, fan_out), dtype)


def xavier_uniform(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a uniform sample with variance 2 / (fan_in + fan_out).

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(2 / (fan_in + fan_out)); bounded by sqrt(3) std.

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    A compromise between keeping the variance forward (1 / fan_in) and backward (1 / fan_out).
    As ``torch.nn.init.xavier_uniform_`` with gain 1.

    References
    ----------
    Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, equation 16.

    Examples
    --------
    >>> import numpy as np
    >>> W = xavier_uniform(200, 300, np.random.default_rng(0))
    >>> W.shape, bool(abs(W).max() <= np.sqrt(3 * 2 / (500)))
    ((200, 300), True)
    """
    _fans(fan_in, fan_out, rng)
    return _uniform(np.sqrt(2 / (fan_in + fan_out)), rng, shape or (fan_in, fan_out), dtype)


def he_normal(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a normal sample with variance 2 / fan_in.

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(2 / fan_in).

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    Twice LeCun's variance, since a ReLU drops half of the second moment. As
    ``torch.nn.init.kaiming_normal_`` with nonlinearity "relu".

    References
    ----------
    He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, equation 10.

    Examples
    --------
    >>> import numpy as np
    >>> W = he_normal(200, 300, np.random.default_rng(0))
    >>> W.shape, W.std().round(3)
    ((200, 300), np.float64(0.1))
    """
    _fans(fan_in, fan_out, rng)
    return _normal(np.sqrt(2 / fan_in), rng, shape or (fan_in, fan_out), dtype)


def he_uniform(
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator,
    shape: Shape = None,
    dtype: DTypeLike = np.float64,
) -> Array:
    """Return a uniform sample with variance 2 / fan_in.

    Parameters
    ----------
    fan_in, fan_out : int, >= 1
        Inputs and outputs of the layer.
    rng : numpy.random.Generator
        Draws the sample.
    shape : tuple of int, optional
        Shape of the result; (fan_in, fan_out) if not given.
    dtype : float dtype, default float64
        The sample is drawn in float64 and rounded.

    Returns
    -------
    ndarray
        Mean 0, std = sqrt(2 / fan_in); bounded by sqrt(3) std.

    Raises
    ------
    ValueError
        If a fan is not a whole number >= 1 or rng is no Generator.

    Notes
    -----
    Twice LeCun's variance, since a ReLU drops half of the second moment. As
    ``torch.nn.init.kaiming_uniform_`` with nonlinearity "relu".

    References
    ----------
    He, Zhang, Ren & Sun (2015), Delving deep into rectifiers, equation 10.

    Examples
    --------
    >>> import numpy as np
    >>> W = he_uniform(200, 300, np.random.default_rng(0))
    >>> W.shape, bool(abs(W).max() <= np.sqrt(3 * 2 / 200))
    ((200, 300), True)
    """
    _fans(fan_in, fan_out, rng)
    return _uniform(np.sqrt(2 / fan_in), rng, shape or (fan_in, fan_out), dtype)
