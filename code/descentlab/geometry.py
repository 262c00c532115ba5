"""Directions of steepest descent when length is measured by another norm than the Euclidean one.

The best direction is the argmin of the linear model <g, d> over the unit ball of a norm; its value
there is minus the dual norm of g. Each closed form here is one ball. The directions of vectors take
g of shape (p,) or (..., p) and give d of the same shape; a g of zeros gives a d of zeros.
"""

import numpy as np

from descentlab.losses import sigmoid
from descentlab.validation import Array, count, float_array, non_negative, parameters


def _positive(name: str, value: Array, shape: tuple[int, ...]) -> Array:
    array = float_array(name, value)
    if array.shape != shape or not (array > 0).all():
        raise ValueError(
            f"{name} must hold numbers > 0 in shape {shape}, got {np.array2string(array)}"
        )
    return array


def _per_length(d: Array, length: Array) -> Array:
    return np.divide(d, length, out=np.zeros_like(d), where=length > 0)


def _to_size_one(g: Array, axis: int | tuple[int, ...] = -1) -> Array:
    """Divide by the largest absolute value, so that squares neither overflow nor vanish."""
    return _per_length(g, np.abs(g).max(axis=axis, keepdims=True))


def steepest_l2(g: Array) -> Array:
    """Return the steepest direction of Euclidean length 1: gradient descent's.

    Parameters
    ----------
    g : ndarray, shape (..., p)
        Gradient, finite floats.

    Returns
    -------
    ndarray, shape (..., p)
        d = -g / norm(g), the argmin of <g, d> over norm(d) <= 1; the minimum is -norm(g).

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats.

    References
    ----------
    Boyd & Vandenberghe (2004), Convex optimization, section 9.4.

    Examples
    --------
    >>> steepest_l2(np.array([3.0, -4.0]))
    array([-0.6,  0.8])
    """
    g = _to_size_one(parameters("g", g))
    return _per_length(-g, np.linalg.norm(g, axis=-1, keepdims=True))


def steepest_l1(g: Array) -> Array:
    """Return the steepest direction with absolute values that sum to 1: one coordinate moves.

    Parameters
    ----------
    g : ndarray, shape (..., p)
        Gradient, finite floats.

    Returns
    -------
    ndarray, shape (..., p)
        d = -sign(g_i) e_i for the i with the largest absolute value (the first of several), the
        argmin of <g, d> over sum abs(d) <= 1; the minimum is -max abs(g).

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats.

    References
    ----------
    Boyd & Vandenberghe (2004), section 9.4.2.

    Examples
    --------
    >>> steepest_l1(np.array([3.0, -4.0]))
    array([0., 1.])
    """
    g = parameters("g", g)
    largest = np.argmax(np.abs(g), axis=-1, keepdims=True)
    chosen = np.arange(g.shape[-1]) == largest
    return np.where(chosen, -np.sign(g), 0).astype(g.dtype)


def steepest_linf(g: Array) -> Array:
    """Return the steepest direction whose coordinates are at most 1 in size: sign descent's.

    Parameters
    ----------
    g : ndarray, shape (..., p)
        Gradient, finite floats.

    Returns
    -------
    ndarray, shape (..., p)
        d = -sign(g), the argmin of <g, d> over max abs(d) <= 1; the minimum is -sum abs(g). Where
        g is 0 every value is as good, and 0 is taken.

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats.

    Notes
    -----
    Adam with beta1 = beta2 = eps = 0, and Lion without memory, step in this direction.

    References
    ----------
    Bernstein et al. (2018), signSGD: compressed optimisation for non-convex problems.

    Examples
    --------
    >>> steepest_linf(np.array([3.0, -4.0]))
    array([-1.,  1.])
    """
    return -np.sign(parameters("g", g))


def steepest_diagonal(g: Array, metric: Array) -> Array:
    """Return the steepest direction when coordinate i counts with weight ``metric[i]``.

    Parameters
    ----------
    g : ndarray, shape (..., p)
        Gradient, finite floats.
    metric : ndarray, shape (p,)
        Weights D_i > 0 of the squared length sum D_i d_i^2.

    Returns
    -------
    ndarray, shape (..., p)
        d = -g / D / sqrt(sum g^2 / D), the argmin of <g, d> over sum D d^2 <= 1; the minimum is
        -sqrt(sum g^2 / D).

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats, or ``metric`` has another length or is not > 0.

    Notes
    -----
    AdaGrad steps along g / D with D = sqrt(h), RMSProp and Adam with D = sqrt(v).

    References
    ----------
    Duchi, Hazan & Singer (2011), Adaptive subgradient methods.

    Examples
    --------
    >>> steepest_diagonal(np.array([3.0, 4.0]), np.array([1.0, 4.0])).round(4)
    array([-0.8321, -0.2774])
    """
    g = _to_size_one(parameters("g", g))
    metric = _positive("metric", metric, g.shape[-1:])
    scaled = g / metric
    return _per_length(-scaled, np.sqrt((g * scaled).sum(axis=-1, keepdims=True)))


def _positive_definite(name: str, matrix: Array, p: int) -> Array:
    matrix = float_array(name, matrix)
    if matrix.shape != (p, p):
        raise ValueError(f"{name} must have shape ({p}, {p}), got {matrix.shape}")
    rounding = p * np.finfo(matrix.dtype).eps * np.abs(matrix).max()
    if np.abs(matrix - matrix.T).max() > 100 * rounding:
        raise ValueError(f"{name} must be symmetric, got {np.array2string(matrix, threshold=20)}")
    smallest = np.linalg.eigvalsh(matrix)[0]
    if not smallest > rounding:
        raise ValueError(
            f"{name} must be positive definite, but its smallest eigenvalue is {smallest:.6g}"
        )
    return matrix


def steepest_matrix(g: Array, metric: Array) -> Array:
    """Return the steepest direction when the squared length of d is d' M d.

    Parameters
    ----------
    g : ndarray, shape (..., p)
        Gradient, finite floats.
    metric : ndarray, shape (p, p)
        M, symmetric and positive definite.

    Returns
    -------
    ndarray, shape (..., p)
        d = -M^-1 g / sqrt(g' M^-1 g), the argmin of <g, d> over d' M d <= 1; the minimum is
        -sqrt(g' M^-1 g).

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats, or ``metric`` has another shape, is not symmetric
        or not positive definite; the message then names its smallest eigenvalue.

    Notes
    -----
    With M the Hessian this is Newton's direction, with M the Fisher matrix the natural gradient's.

    References
    ----------
    Boyd & Vandenberghe (2004), section 9.4.1.

    Examples
    --------
    >>> steepest_matrix(np.array([3.0, 4.0]), np.diag([1.0, 4.0])).round(4)
    array([-0.8321, -0.2774])
    """
    g = _to_size_one(parameters("g", g))
    metric = _positive_definite("metric", metric, g.shape[-1])
    scaled = np.linalg.solve(metric, g[..., None])[..., 0]
    return _per_length(-scaled, np.sqrt((g * scaled).sum(axis=-1, keepdims=True)))


def sign_descent(w: Array, g: Array, lr: float = 1e-3) -> Array:
    """Return the parameters after one step that moves every coordinate by ``lr``.

    Parameters
    ----------
    w, g : ndarray, shape (..., p)
        Parameters and gradient, finite floats of one shape.
    lr : float, >= 0, default 1e-3
        Length of the step in every coordinate, in units of w.

    Returns
    -------
    ndarray, shape (..., p)
        w - lr sign(g).

    Raises
    ------
    ValueError
        If ``w`` or ``g`` is not an array of finite floats, their shapes differ, or lr < 0.

    References
    ----------
    Bernstein et al. (2018), signSGD, algorithm 1.

    Examples
    --------
    >>> sign_descent(np.array([1.0, 1.0]), np.array([3.0, -0.01]), lr=0.5)
    array([0.5, 1.5])
    """
    w, g = _same_shape(w, g)
    return w + non_negative("lr", lr) * steepest_linf(g)


def _same_shape(w: Array, g: Array) -> tuple[Array, Array]:
    w, g = parameters("w", w), parameters("g", g)
    if w.shape != g.shape:
        raise ValueError(f"g must have the shape of w, {w.shape}, got {g.shape}")
    return w, g


def newton_step(w: Array, g: Array, hessian: Array, damping: float = 0.0, lr: float = 1.0) -> Array:
    """Return the parameters after one step of Newton's method, damped if told.

    Parameters
    ----------
    w, g : ndarray, shape (p,)
        Parameters and gradient, finite floats.
    hessian : ndarray, shape (p, p)
        H, symmetric; H + damping I must be positive definite.
    damping : float, >= 0, default 0
        Added to every curvature, in units of L / w^2. 0 is Newton's method; a large one gives
        gradient descent with the rate lr / damping.
    lr : float, >= 0, default 1
        Share of the step, without unit.

    Returns
    -------
    ndarray, shape (p,)
        w - lr (H + damping I)^-1 g.

    Raises
    ------
    ValueError
        If an argument is not finite or has another shape, or H + damping I is not positive
        definite: the step could go uphill. The message names the smallest eigenvalue.

    References
    ----------
    Boyd & Vandenberghe (2004), section 9.5. Nocedal & Wright (2006), section 3.4, for damping.

    Examples
    --------
    >>> H = np.diag([0.1, 2.0])
    >>> w = np.array([-7.0, 2.0])
    >>> newton_step(w, H @ w, H)
    array([0., 0.])
    """
    w, g = _same_shape(w, g)
    if w.ndim != 1:
        raise ValueError(f"w must have shape (p,), got {w.shape}")
    curvature = _damped("hessian", hessian, damping, len(w))
    return w - non_negative("lr", lr) * np.linalg.solve(curvature, g)


def _damped(name: str, matrix: Array, damping: float, p: int) -> Array:
    """Return matrix + damping I, or say that it is not positive definite."""
    matrix = float_array(name, matrix)
    if matrix.shape != (p, p):
        raise ValueError(f"{name} must have shape ({p}, {p}), got {matrix.shape}")
    added = non_negative("damping", damping) * np.eye(p, dtype=matrix.dtype)
    return _positive_definite(f"{name} + damping I" if damping else name, matrix + added, p)


def fisher_logistic(X: Array, w: Array) -> Array:
    """Return the Fisher matrix of logistic regression.

    Parameters
    ----------
    X : ndarray, shape (n, p)
        Features, one example per row.
    w : ndarray, shape (p,)
        Parameters.

    Returns
    -------
    ndarray, shape (p, p)
        X' diag(q (1 - q)) X / n with q = sigmoid(X w): the covariance of the per-example gradients
        when the labels come from the model. It is also the Hessian of the mean cross-entropy.

    Raises
    ------
    ValueError
        If an argument is not an array of finite floats or the shapes do not match.

    References
    ----------
    Amari (1998), Natural gradient works efficiently in learning.

    Examples
    --------
    >>> fisher_logistic(np.eye(2), np.zeros(2))
    array([[0.125, 0.   ],
           [0.   , 0.125]])
    """
    X, w = float_array("X", X), parameters("w", w)
    if X.ndim != 2 or w.shape != X.shape[1:] or len(X) == 0:
        raise ValueError(f"X and w must have shapes (n, p) and (p,), got {X.shape} and {w.shape}")
    q = sigmoid(X @ w)
    return X.T @ ((q * (1 - q))[:, None] * X) / len(X)


def natural_gradient(X: Array, y: Array, w: Array, damping: float = 0.0) -> Array:
    """Return the natural gradient of logistic regression: the inverse Fisher matrix times g.

    Parameters
    ----------
    X : ndarray, shape (n, p)
        Features, one example per row.
    y : ndarray, shape (n,)
        Labels 0 or 1.
    w : ndarray, shape (p,)
        Parameters.
    damping : float, >= 0, default 0
        Added to the diagonal of the Fisher matrix.

    Returns
    -------
    ndarray, shape (p,)
        F^-1 X' (q - y) / n with q = sigmoid(X w). A step against it is Newton's step, because here
        the Fisher matrix is the Hessian.

    Raises
    ------
    ValueError
        If an argument is not finite or has another shape, a label is not 0 or 1, or the damped
        Fisher matrix is not positive definite; the message then names its smallest eigenvalue.

    References
    ----------
    Amari (1998), Natural gradient works efficiently in learning.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    >>> natural_gradient(X, np.array([0.0, 1.0, 0.0]), np.zeros(2)).round(4)
    array([0.6667, 0.    ])
    """
    y = np.asarray(y)
    if y.shape != np.shape(X)[:1] or not np.isin(y, (0, 1)).all():
        raise ValueError(f"y must hold 0 or 1 for each row of X, got {np.array2string(y)}")
    fisher = fisher_logistic(X, w)
    g = X.T @ (sigmoid(X @ w) - y.astype(w.dtype)) / len(X)
    return np.linalg.solve(_damped("the Fisher matrix", fisher, damping, len(w)), g)


def polar_factor(g: Array) -> Array:
    """Return the nearest matrix with orthonormal rows or columns: U V' of g = U S V'.

    Parameters
    ----------
    g : ndarray, shape (..., a, b)
        Gradient with respect to a weight matrix, finite floats.

    Returns
    -------
    ndarray, shape (..., a, b)
        U V'. Minus it is the argmin of <g, d> over matrices d whose singular values are at most 1
        (the unit ball of the spectral norm); the minimum is minus the sum of g's singular values.

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats with at least two axes.

    Notes
    -----
    Where g has a singular value 0 every factor there is as good, and LAPACK's choice is taken.

    References
    ----------
    Higham (2008), Functions of matrices, chapter 8. Bernstein & Newhouse (2024), Old optimizer, new
    norm.

    Examples
    --------
    >>> polar_factor(np.array([[3.0, 0.0], [0.0, -0.5]]))
    array([[ 1.,  0.],
           [ 0., -1.]])
    """
    u, _, vt = np.linalg.svd(_matrix("g", g), full_matrices=False)
    return u @ vt


def _matrix(name: str, value: Array) -> Array:
    array = parameters(name, value)
    if array.ndim < 2:
        raise ValueError(f"{name} must have shape (..., a, b), got {array.shape}")
    return array


def newton_schulz(g: Array, steps: int = 5) -> Array:
    """Return Muon's approximation of `polar_factor` by matrix products alone.

    Parameters
    ----------
    g : ndarray, shape (..., a, b)
        Gradient with respect to a weight matrix, finite floats.
    steps : int, >= 0, default 5
        Iterations.

    Returns
    -------
    ndarray, shape (..., a, b)
        U f(S) V' of g = U S V'.

    Raises
    ------
    ValueError
        If ``g`` is not an array of finite floats with at least two axes or ``steps`` is not a whole
        number >= 0.

    Notes
    -----
    From X = g / norm(g) (Frobenius), X = a X + (b A + c A^2) X with A = X X' and (a, b, c) =
    (3.4445, -4.7750, 2.0315): each step maps every singular value s to a s + b s^3 + c s^5. The
    coefficients make small ones grow fast, not converge: after 5 steps every s that began at
    0.01 or more lies between 0.68 and 1.14 (measured on a grid; 0.002 or more: 1.21), whatever the
    number of further steps. A smaller one is at most 485 = 3.4445^5 times what it was.

    References
    ----------
    Jordan et al. (2024), Muon: an optimizer for hidden layers in neural networks.

    Examples
    --------
    >>> near = newton_schulz(np.diag([3.0, 1.0, 0.5]))
    >>> np.linalg.svd(near, compute_uv=False).round(2)
    array([1.13, 1.  , 0.75])
    """
    g, steps = _matrix("g", g), count("steps", steps)
    x = np.swapaxes(g, -1, -2) if g.shape[-2] > g.shape[-1] else g
    x = _to_size_one(x, axis=(-2, -1))
    x = _per_length(x, np.linalg.norm(x, axis=(-2, -1), keepdims=True))
    for _ in range(steps):
        a = x @ np.swapaxes(x, -1, -2)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return np.swapaxes(x, -1, -2) if g.shape[-2] > g.shape[-1] else x


def muon_step(w: Array, g: Array, lr: float = 0.02, steps: int = 5) -> Array:
    """Return a weight matrix after one step of Muon without memory.

    Parameters
    ----------
    w, g : ndarray, shape (..., a, b)
        Weights and gradient, or Muon's averaged gradient in its place; finite floats of one shape.
    lr : float, >= 0, default 0.02
        About the size of the step in the spectral norm, in units of w.
    steps : int, >= 0, default 5
        Iterations of `newton_schulz`.

    Returns
    -------
    ndarray, shape (..., a, b)
        w - lr newton_schulz(g).

    Raises
    ------
    ValueError
        If an argument is not finite, has another shape or is negative.

    References
    ----------
    Jordan et al. (2024), Muon, with momentum 0 and without scaling by the shape.

    Examples
    --------
    >>> muon_step(np.zeros((2, 2)), np.diag([3.0, -3.0]), lr=0.1).round(3)
    array([[-0.111,  0.   ],
           [ 0.   ,  0.111]])
    """
    w, g = _same_shape(w, g)
    return w - non_negative("lr", lr) * newton_schulz(g, steps)
