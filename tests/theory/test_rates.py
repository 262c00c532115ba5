"""Rates and stability on quadratics: what the runs do against what the eigenvalues say."""

import numpy as np
import pytest

from descentlab.loops import descend
from descentlab.optimizers import GradientDescent, Momentum, Nesterov
from descentlab.surfaces import quadratic, ravine


def momentum_matrix(lr, beta, curvature):
    """(error, m) of one step to the next on a parabola, for the heavy ball."""
    return np.array([[1 - lr * curvature, -lr * beta], [curvature, beta]])


def nesterov_matrix(lr, beta, curvature):
    first = 1 - lr * curvature * (1 + beta)
    return np.array([[first, -lr * beta**2], [curvature, beta]])


def spectral_radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


def measured_rate(rule, curvatures, steps=1200, window=200):
    """Per-step factor of the error, from the largest error in two windows of a run."""
    curvatures = np.asarray(curvatures, dtype=float)
    trace = descend(lambda w: curvatures * w, np.ones(len(curvatures)), rule, steps)
    size = np.abs(trace.w).max(axis=1)
    early, late = size[200 : 200 + window].max(), size[-window:].max()
    return (late / early) ** (1 / (steps + 1 - window - 200))


@pytest.mark.parametrize("lr", [0.02, 0.1, 0.5, 0.9, 0.952, 0.99])
def test_gradient_descent_shrinks_by_the_worst_of_one_minus_rate_times_curvature(lr):
    trace = descend(ravine().gradient, ravine().start, GradientDescent(lr=lr), 600)
    rate = (np.abs(trace.w[600]).max() / np.abs(trace.w[400]).max()) ** (1 / 200)
    expected = max(abs(1 - lr * 0.1), abs(1 - lr * 2.0))
    assert rate == pytest.approx(expected, abs=1e-3 if lr == 0.952 else 1e-6)


@pytest.mark.parametrize("kappa", [2.0, 10.0, 100.0])
def test_the_best_rate_of_gradient_descent(kappa):
    stage = quadratic(kappa)
    rates = np.linspace(0.2, 2, 400)[:, None] / kappa
    trace = descend(stage.gradient, np.ones((400, 2)), GradientDescent(lr=rates), 60)
    factor = (np.abs(trace.w[60]).max(axis=1) / np.abs(trace.w[40]).max(axis=1)) ** (1 / 20)
    assert rates[factor.argmin(), 0] == pytest.approx(2 / (1 + kappa), rel=0.02)
    assert factor.min() == pytest.approx((kappa - 1) / (kappa + 1), abs=0.01)


CASES = [(Momentum, momentum_matrix, x) for x in (0.00005, 0.005, 0.02, 0.5, 1.0, 3.0, 3.9, 3.95)]
CASES += [(Nesterov, nesterov_matrix, x) for x in (0.00005, 0.005, 0.02, 0.2, 0.5, 1.3, 1.34, 1.4)]


@pytest.mark.parametrize(("rule", "matrix", "lr_curvature"), CASES)
def test_with_memory_the_rate_is_the_spectral_radius(rule, matrix, lr_curvature):
    beta, curvature = 0.96, 2.0
    expected = spectral_radius(matrix(lr_curvature / curvature, beta, curvature))
    rate = measured_rate(rule(lr=lr_curvature / curvature, beta=beta), [curvature])
    assert rate == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("beta", [0.9, 0.95, 0.99])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_the_heavy_ball_in_the_complex_regime_shrinks_by_the_root_of_beta(beta, share):
    curvature = share * (1 + np.sqrt(beta)) ** 2
    assert np.linalg.eigvals(momentum_matrix(1.0, beta, curvature)).imag.any()
    rule = Momentum(lr=1.0, beta=beta)
    assert measured_rate(rule, [curvature]) == pytest.approx(np.sqrt(beta), abs=3e-4)
    w = descend(lambda w: curvature * w, np.ones(1), rule, 40).w[:, 0]
    area = w[1:-1] ** 2 - w[:-2] * w[2:]
    np.testing.assert_allclose(area[1:] / area[:-1], beta, rtol=1e-9)


@pytest.mark.parametrize("kappa", [25.0, 100.0, 400.0])
def test_the_best_heavy_ball(kappa):
    root = np.sqrt(kappa)
    lr, beta = 4 / (root + 1) ** 2, ((root - 1) / (root + 1)) ** 2
    rate = measured_rate(Momentum(lr=lr, beta=beta), [1.0, kappa], steps=1000)
    assert rate == pytest.approx((root - 1) / (root + 1), abs=3e-3)


@pytest.mark.parametrize("kappa", [25.0, 100.0, 400.0])
def test_the_best_nesterov(kappa):
    root = np.sqrt(kappa)
    rule = Nesterov(lr=1 / kappa, beta=(root - 1) / (root + 1))
    assert measured_rate(rule, [1.0, kappa], steps=1000) == pytest.approx(1 - 1 / root, abs=3e-3)


BETAS = np.array([[0.0], [0.3], [0.5], [0.9], [0.99]])
LIMITS = [
    (lambda lr, beta: GradientDescent(lr=lr), 2 + 0 * BETAS),
    (Momentum, 2 * (1 + BETAS)),
    (Nesterov, 2 * (1 + BETAS) / (1 + 2 * BETAS)),
]


@pytest.mark.parametrize(("make", "limit"), LIMITS, ids=["descent", "heavy ball", "nesterov"])
def test_the_edge_of_stability_found_by_bisection(make, limit):
    curvature, steps = 3.0, 3000
    low, high = np.zeros_like(BETAS), np.full_like(BETAS, 6 / curvature)
    for _ in range(14):
        middle = (low + high) / 2
        trace = descend(lambda w: curvature * w, np.ones_like(BETAS), make(middle, BETAS), steps)
        unstable = (trace.diverged >= 0) | ~(np.abs(trace.w[-100:, :, 0]).max(axis=0) < 1)
        low, high = np.where(unstable[:, None], [low, middle], [middle, high])
    np.testing.assert_allclose(middle * curvature, limit, rtol=2e-3)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9, 0.99])
def test_the_two_forms_of_nesterov_are_one_method(beta):
    """The look-ahead form in x, and the form with the gradient at w = x - lr beta m."""
    lr, gradient = 0.02, quadratic(10.0, 0.4).gradient
    trace = descend(gradient, np.array([-2.5, 1.0]), Nesterov(lr=lr, beta=beta), 300)
    x, m = np.array([-2.5, 1.0]), np.zeros(2)
    for t in range(300):
        m = beta * m + gradient(x - lr * beta * m)
        x = x - lr * m
        np.testing.assert_allclose(trace.w[t + 1], x - lr * beta * m, rtol=0, atol=1e-14)


def test_a_constant_gradient_is_followed_with_the_rate_over_one_minus_beta():
    for rule in (Momentum(lr=0.1, beta=0.9), Nesterov(lr=0.1, beta=0.9)):
        trace = descend(np.ones_like, np.zeros(1), rule, 400)
        assert trace.w[-2, 0] - trace.w[-1, 0] == pytest.approx(0.1 / (1 - 0.9))


def test_the_schedule_scales_the_step_and_not_the_memory():
    off_once = [1.0, 0.0, 1.0]
    trace = descend(np.ones_like, np.zeros(1), Momentum(lr=1.0, beta=0.5), 3, off_once.__getitem__)
    np.testing.assert_allclose(trace.w[:, 0], [0, -1, -1, -1 - 1.75])
    np.testing.assert_allclose(trace.state("m")[:, 0], [0, 1, 1.5, 1.75])
