"""Steepest directions: each closed form against random directions of its own unit ball."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from descentlab import geometry as geo
from descentlab.gradcheck import central_difference
from descentlab.optimizers import Adam, GradientDescent

steady = settings(deadline=None, derandomize=True, max_examples=40)
METRIC = np.array([0.2, 3.0, 1.0])
MATRIX = np.array([[2.0, 0.6, 0.1], [0.6, 1.0, -0.3], [0.1, -0.3, 0.5]])
g = np.array([0.7, -2.0, 0.4])


def dual_matrix(v):
    return np.sqrt(np.einsum("...i,ij,...j", v, np.linalg.inv(MATRIX), v))


# name: direction, norm, dual norm
BALLS = {
    "l2": (geo.steepest_l2, lambda d: np.linalg.norm(d, axis=-1), np.linalg.norm),
    "l1": (
        geo.steepest_l1,
        lambda d: np.abs(d).sum(axis=-1),
        lambda v: np.abs(v).max(),
    ),
    "linf": (
        geo.steepest_linf,
        lambda d: np.abs(d).max(axis=-1),
        lambda v: np.abs(v).sum(),
    ),
    "diagonal": (
        lambda v: geo.steepest_diagonal(v, METRIC),
        lambda d: np.sqrt((METRIC * d**2).sum(axis=-1)),
        lambda v: np.sqrt((v**2 / METRIC).sum()),
    ),
    "matrix": (
        lambda v: geo.steepest_matrix(v, MATRIX),
        lambda d: np.sqrt(np.einsum("...i,ij,...j", d, MATRIX, d)),
        dual_matrix,
    ),
}
every_ball = pytest.mark.parametrize(("direction", "norm", "dual"), BALLS.values(), ids=BALLS)
entries = st.floats(1e-3, 1e3).flatmap(lambda x: st.sampled_from([x, -x]))
gradients = hnp.arrays(np.float64, (3,), elements=entries)


@every_ball
def test_no_random_direction_of_the_ball_goes_down_faster(direction, norm, dual):
    rng = np.random.default_rng(0)
    d = rng.normal(size=(100_000, 3)) * 10.0 ** rng.uniform(-2, 0, (100_000, 3))
    slopes = (d / norm(d)[:, None]) @ g
    best = g @ direction(g)
    assert slopes.min() >= best - 1e-12
    assert slopes.min() <= 0.97 * best


@every_ball
@steady
@given(gradients)
def test_the_direction_has_length_one_and_reaches_the_dual_norm(direction, norm, dual, g):
    d = direction(g)
    np.testing.assert_allclose(norm(d), 1, rtol=1e-12)
    np.testing.assert_allclose(g @ d, -dual(g), rtol=1e-9)


@every_ball
@steady
@given(gradients)
def test_the_direction_does_not_depend_on_the_size_of_the_gradient(direction, norm, dual, g):
    for scale in (1e-300, 1e-9, 1e9, 1e300):
        np.testing.assert_allclose(direction(scale * g), direction(g), rtol=1e-9, atol=1e-12)


@every_ball
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_leading_axes_dtype_zero_and_warnings(direction, norm, dual, dtype):
    stack = np.array([g, 0 * g, -5 * g, [0, 0, 1e-30]], dtype=dtype)
    before = stack.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        d = direction(np.stack([stack, stack]))
    np.testing.assert_array_equal(stack, before)
    assert d.shape == (2, 4, 3)
    assert d.dtype == dtype or direction not in (geo.steepest_l1, geo.steepest_l2)
    np.testing.assert_allclose(d[0, 0], direction(g), rtol=1e-6)
    np.testing.assert_allclose(d[1, 2], -d[0, 0], rtol=1e-6)
    assert (d[0, 1] == 0).all()
    np.testing.assert_allclose(d[0, 3], direction(np.array([0, 0, 1.0])), rtol=1e-6, atol=1e-7)


@every_ball
def test_a_gradient_along_one_axis(direction, norm, dual):
    for size in (1e-300, 1.0, 1e300):
        d = direction(np.array([0, 0, size]))
        np.testing.assert_allclose(norm(d), 1, rtol=1e-12)
        assert d[2] < 0


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
def test_a_metric_is_judged_at_its_own_scale(scale):
    rounded = scale * MATRIX
    rounded[0, 1] *= 1 + 4e-16
    np.testing.assert_allclose(geo.steepest_matrix(g, rounded) * np.sqrt(scale),
                               geo.steepest_matrix(g, MATRIX), rtol=1e-12)  # fmt: skip
    for i, j in ((0, 2), (2, 0)):
        skew = scale * MATRIX
        skew[i, j] += 1e-9 * scale
        with pytest.raises(ValueError, match="symmetric"):
            geo.steepest_matrix(g, skew)
    singular = scale * np.outer([1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="positive definite"):
        geo.steepest_matrix(g, singular)
    with pytest.raises(ValueError, match=r"symmetric, got \[\["):
        geo.steepest_matrix(np.ones(2), -scale * np.array([[1, 0.5], [0.25, 1]]))


def test_sign_descent_moves_every_coordinate_by_the_rate_except_where_the_gradient_is_zero():
    w = np.array([1.0, 2.0, 3.0])
    moved = geo.sign_descent(w, np.array([5.0, 0.0, -1e-9]))
    np.testing.assert_allclose(moved, [1 - 1e-3, 2, 3 + 1e-3])


def test_the_default_of_muon_is_a_rate_of_two_hundredths():
    w, gradient = np.ones((2, 3)), np.arange(6.0).reshape(2, 3)
    expected = w - 0.02 * geo.newton_schulz(gradient, steps=5)
    np.testing.assert_array_equal(geo.muon_step(w, gradient), expected)
    np.testing.assert_array_equal(geo.newton_schulz(gradient), geo.newton_schulz(gradient, 5))
    tall = np.ones((2, 5, 3))
    assert geo.newton_schulz(tall).shape == tall.shape


def test_l1_takes_the_first_of_equal_coordinates():
    assert geo.steepest_l1(np.array([2.0, -2.0, 1.0])).tolist() == [-1, 0, 0]


def test_each_ball_is_the_step_of_a_rule():
    w = np.zeros(3)
    descent = GradientDescent(lr=1 / np.linalg.norm(g))
    np.testing.assert_allclose(descent.step(w, g, descent.init(w))[0], geo.steepest_l2(g))
    adam = Adam(lr=1.0, beta1=0, beta2=0, eps=0)
    np.testing.assert_allclose(adam.step(w, g, adam.init(w))[0], geo.steepest_linf(g))
    np.testing.assert_allclose(
        geo.steepest_diagonal(g, METRIC), geo.steepest_matrix(g, np.diag(METRIC)), rtol=1e-12
    )
    np.testing.assert_allclose(geo.steepest_diagonal(g, np.ones(3)), geo.steepest_l2(g))
    np.testing.assert_array_equal(geo.sign_descent(w, g, lr=0.1), 0.1 * geo.steepest_linf(g))


@steady
@given(st.integers(0, 2**32))
def test_newton_does_not_see_a_change_of_coordinates_and_gradient_descent_does(seed):
    rng = np.random.default_rng(seed)
    change = rng.normal(size=(3, 3)) + 3 * np.eye(3)
    w = rng.normal(size=3)
    moved = geo.newton_step(np.linalg.solve(change, w), change.T @ g, change.T @ MATRIX @ change)
    np.testing.assert_allclose(change @ moved, geo.newton_step(w, g, MATRIX), rtol=1e-7, atol=1e-8)


def test_newton_reaches_the_minimum_of_a_quadratic_and_damping_tends_to_gradient_descent():
    w = np.array([3.0, -1.0, 2.0])
    np.testing.assert_allclose(geo.newton_step(w, MATRIX @ w, MATRIX), 0, atol=1e-14)
    np.testing.assert_allclose(geo.newton_step(w, MATRIX @ w, MATRIX, lr=0.5), w / 2)
    damped = geo.newton_step(w, g, MATRIX, damping=1e8, lr=1e7)
    np.testing.assert_allclose(damped, w - 0.1 * g, rtol=1e-6)
    by_hand = w - np.linalg.inv(MATRIX + 0.7 * np.eye(3)) @ g
    np.testing.assert_allclose(geo.newton_step(w, g, MATRIX, damping=0.7), by_hand)
    indefinite = np.diag([1.0, -0.5, 2.0])
    assert np.isfinite(geo.newton_step(w, g, indefinite, damping=0.6)).all()


rng = np.random.default_rng(3)
X = rng.normal(size=(40, 3))
y = (rng.uniform(size=40) < 0.5).astype(float)
w = np.array([0.5, -1.0, 0.3])


def cross_entropy(w):
    z = X @ w
    return np.mean(np.logaddexp(0, z) - y * z)


def gradient(w):
    return central_difference(cross_entropy, w)


def test_fisher_is_the_hessian_and_the_covariance_of_the_gradients():
    hessian = [central_difference(lambda v, i=i: gradient(v)[i], w, h=1e-4) for i in range(3)]
    fisher = geo.fisher_logistic(X, w)
    np.testing.assert_allclose(fisher, hessian, atol=1e-5)
    q = 1 / (1 + np.exp(-X @ w))
    per_label = [(X * (q - label)[:, None], q if label else 1 - q) for label in (0, 1)]
    covariance = sum((d * p[:, None]).T @ d for d, p in per_label) / 40
    np.testing.assert_allclose(fisher, covariance, rtol=1e-12)


def test_the_natural_gradient_is_newtons_step():
    natural = geo.natural_gradient(X, y, w)
    newton = geo.newton_step(w, gradient(w), geo.fisher_logistic(X, w))
    np.testing.assert_allclose(w - natural, newton, atol=1e-8)
    np.testing.assert_array_equal(geo.natural_gradient(X, list(y), w), natural)
    damped = geo.natural_gradient(X, y, w, damping=0.3)
    fisher = geo.fisher_logistic(X, w) + 0.3 * np.eye(3)
    np.testing.assert_allclose(fisher @ damped, gradient(w), atol=1e-9)


def test_the_natural_gradient_does_not_see_a_change_of_features():
    change = np.array([[1.0, 5.0, 0.0], [0.0, 0.01, 2.0], [3.0, 0.0, 1.0]])
    there = geo.natural_gradient(X @ change, y, np.linalg.solve(change, w))
    np.testing.assert_allclose(change @ there, geo.natural_gradient(X, y, w), rtol=1e-9)


def test_the_natural_gradient_without_overflow():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        far = geo.natural_gradient(X, y, 1e3 * w, damping=1.0)
    assert np.isfinite(far).all()
    assert geo.natural_gradient(X.astype("f4"), y, w.astype("f4")).dtype == np.float32


matrices = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32))


@steady
@given(matrices)
def test_the_polar_factor_is_orthonormal_and_the_best_of_the_spectral_ball(shape):
    a, b, seed = shape
    rng = np.random.default_rng(seed)
    gradient = rng.normal(size=(a, b))
    d = geo.polar_factor(gradient)
    small = d @ d.T if a <= b else d.T @ d
    np.testing.assert_allclose(small, np.eye(min(a, b)), atol=1e-12)
    nuclear = np.linalg.norm(gradient, "nuc")
    np.testing.assert_allclose((gradient * d).sum(), nuclear, rtol=1e-12)
    others = rng.normal(size=(500, a, b))
    others = others / np.linalg.norm(others, 2, axis=(1, 2), keepdims=True)
    assert (gradient * others).sum(axis=(1, 2)).max() <= nuclear * (1 + 1e-12)


@steady
@given(matrices)
def test_newton_schulz_acts_on_singular_values_alone(shape):
    a, b, seed = shape
    gradient = np.random.default_rng(seed).normal(size=(a, b))
    u, s, vt = np.linalg.svd(gradient, full_matrices=False)
    s = s / np.sqrt((s**2).sum())
    for steps in range(7):
        near = geo.newton_schulz(7.5 * gradient, steps)
        np.testing.assert_allclose(near, u * s @ vt, atol=1e-10)
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5


def test_the_singular_values_land_near_one_in_the_range_that_the_docstring_tells():
    start = np.geomspace(1e-5, 1, 400_001)
    s = start
    for steps in range(1, 31):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
        if steps >= 5:
            assert 0.68 < s[start >= 0.01].min() < 0.69
            assert 1.13 < s[start >= 0.01].max() < 1.14 + 1e-3 * (steps < 6)
            assert s[start >= 0.002].max() < 1.21
            assert s[start >= 0.002].min() > 0.68
        if steps == 5:
            assert (s / start).max() <= 3.4445**5
            assert s[start < 0.001].min() < 0.01


def test_newton_schulz_on_stacks_zeros_and_extreme_sizes():
    stack = rng.normal(size=(4, 5, 3))
    stack[1] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        near = geo.newton_schulz(stack)
        huge = geo.newton_schulz(1e300 * stack)
        tiny = geo.newton_schulz(1e-300 * stack)
    for one, together in zip(stack, near):
        np.testing.assert_allclose(geo.newton_schulz(one), together, atol=1e-13)
    assert (near[1] == 0).all()
    np.testing.assert_allclose(huge, near, atol=1e-10)
    np.testing.assert_allclose(tiny, near, atol=1e-10)
    assert geo.newton_schulz(stack.astype("f4")).dtype == np.float32
    np.testing.assert_array_equal(
        geo.muon_step(2 * stack, stack, lr=0.5, steps=3),
        2 * stack - 0.5 * geo.newton_schulz(stack, 3),
    )


I3 = np.eye(3)
BAD = [
    (lambda: geo.steepest_l2(np.array([1, 2])), "g must hold floating-point numbers, got"),
    (lambda: geo.steepest_l1(np.array([np.nan, 1.0])), "g must be finite"),
    (lambda: geo.steepest_linf(np.array(1.0)), "g must have shape"),
    (lambda: geo.steepest_diagonal(g, np.ones(2)), r"metric must hold numbers > 0 in shape \(3,\)"),
    (lambda: geo.steepest_diagonal(g, np.array([1.0, 0, 1])), "metric must hold numbers > 0"),
    (lambda: geo.steepest_diagonal(g, np.array([1.0, np.nan, 1])), "metric must be finite"),
    (lambda: geo.steepest_matrix(g, np.eye(2)), r"metric must have shape \(3, 3\), got \(2, 2\)"),
    (lambda: geo.steepest_matrix(g, I3 + np.eye(3, k=1)), "metric must be symmetric"),
    (lambda: geo.steepest_matrix(g, np.diag([1.0, -2.5, 1])),
     "metric must be positive definite, but its smallest eigenvalue is -2.5"),
    (lambda: geo.steepest_matrix(g, np.diag([1.0, 0, 1])), "smallest eigenvalue is 0"),
    (lambda: geo.newton_step(w, g[:2], I3), r"g must have the shape of w, \(3,\), got \(2,\)"),
    (lambda: geo.newton_step(w, g, -I3), "^hessian must be positive definite, but.* is -1"),
    (lambda: geo.newton_step(w, g, -I3, damping=0.5), r"^hessian \+ damping I .* is -0.5"),
    (lambda: geo.newton_step(w, g, I3, damping=-1), "damping must be a finite number >= 0"),
    (lambda: geo.newton_step(w, g, I3, lr=np.nan), "lr must be a finite number >= 0"),
    (lambda: geo.newton_step(I3, I3, I3), r"w must have shape \(p,\), got \(3, 3\)"),
    (lambda: geo.newton_step(w, g, np.eye(2)), r"hessian must have shape \(3, 3\)"),
    (lambda: geo.sign_descent(w, g, lr=-1), "lr must be a finite number >= 0, got -1"),
    (lambda: geo.sign_descent(w, g[:2]), "g must have the shape of w"),
    (lambda: geo.fisher_logistic(X[:0], w), r"X and w must have shapes \(n, p\) and \(p,\)"),
    (lambda: geo.fisher_logistic(X, w[:2]), r"X and w must have shapes .* \(40, 3\) and \(2,\)"),
    (lambda: geo.fisher_logistic(X[0], w), "X and w must have shapes"),
    (lambda: geo.natural_gradient(X, 2 * y, w), "y must hold 0 or 1 for each row of X"),
    (lambda: geo.natural_gradient(X, y[:5], w), "y must hold 0 or 1 for each row of X"),
    (lambda: geo.natural_gradient(X[:2], y[:2], w), "the Fisher matrix must be positive definite"),
    (lambda: geo.natural_gradient(X, y, w, damping=-1), "damping must be a finite number >= 0"),
    (lambda: geo.polar_factor(g), r"g must have shape \(\.\.\., a, b\), got \(3,\)"),
    (lambda: geo.newton_schulz(I3, -1), "steps must be a whole number >= 0, got -1"),
    (lambda: geo.newton_schulz(g), r"g must have shape \(\.\.\., a, b\), got \(3,\)"),
    (lambda: geo.muon_step(I3, np.eye(2)), "g must have the shape of w"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
