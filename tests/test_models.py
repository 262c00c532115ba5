"""Linear models: gradients, per-example gradients, stacking, dtype and bad input."""

import dataclasses

import numpy as np
import pytest

from descentlab.gradcheck import central_difference, relative_error
from descentlab.models import (
    LinearRegression,
    LogisticRegression,
    SoftmaxRegression,
    add_intercept,
)

N, D, K, RUNS = 23, 4, 3, 6
MODELS = [
    LinearRegression(),
    LinearRegression(l2=0.3),
    LogisticRegression(),
    LogisticRegression(l2=0.3),
    SoftmaxRegression(classes=K),
    SoftmaxRegression(l2=0.3, classes=K),
]
IDS = [f"{type(m).__name__}-{m.l2}" for m in MODELS]
each_model = pytest.mark.parametrize("model", MODELS, ids=IDS)


def data(model, dtype=np.float64, seed=0):
    rng = np.random.default_rng(seed)
    X = add_intercept(rng.normal(size=(N, D - 1)))
    if isinstance(model, LinearRegression):
        y = rng.normal(size=N)
    else:
        y = rng.integers(K if isinstance(model, SoftmaxRegression) else 2, size=N)
    return rng.normal(size=(RUNS, model.size(D))).astype(dtype), *model.check(X.astype(dtype), y)


@each_model
def test_gradient_equals_central_differences(model):
    w, X, y = data(model)
    measured = central_difference(lambda v: model.value(v, X, y), w[0])
    assert relative_error(model.gradient(w[0], X, y), measured) < 1e-8


@each_model
def test_gradient_is_the_mean_of_the_per_example_gradients(model):
    w, X, y = data(model)
    apart = model.per_example_gradients(w, X, y)
    assert apart.shape == (RUNS, N, model.size(D))
    np.testing.assert_allclose(apart.mean(axis=-2), model.gradient(w, X, y), atol=1e-14)
    for i in (0, N - 1):
        alone = model.gradient(w, X[i : i + 1], y[i : i + 1])
        np.testing.assert_allclose(apart[:, i], alone, rtol=1e-13, atol=1e-14)


@each_model
def test_value_is_the_mean_loss_plus_the_penalty_on_all_of_w(model):
    w, X, y = data(model)
    bare = type(model)(**({"classes": K} if isinstance(model, SoftmaxRegression) else {}))
    one_by_one = [bare.value(w, X[i : i + 1], y[i : i + 1]) for i in range(N)]
    expected = np.mean(one_by_one, axis=0) + model.l2 / 2 * (w**2).sum(axis=-1)
    np.testing.assert_allclose(model.value(w, X, y), expected, rtol=1e-13)


@each_model
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [1, 2, 7, N])
def test_stacked_runs_equal_single_runs_bit_for_bit(model, dtype, n):
    w, X, y = data(model, dtype)
    X, y = X[:n], y[:n]
    names = ["value", "gradient", "per_example_gradients"]
    for name in names:
        method = getattr(model, name)
        together = method(w, X, y)
        assert together.dtype == dtype
        for run in range(RUNS):
            np.testing.assert_array_equal(together[run], method(w[run], X, y), strict=True)
    together = model.predict(w, X)
    for run in range(RUNS):
        np.testing.assert_array_equal(together[run], model.predict(w[run], X))


@each_model
def test_one_batch_per_run_equals_each_run_alone_bit_for_bit(model):
    w, X, y = data(model)
    rows = np.random.default_rng(1).integers(N, size=(RUNS, 5))
    for name in ("value", "gradient", "per_example_gradients"):
        method = getattr(model, name)
        together = method(w, X[rows], y[rows])
        for run in range(RUNS):
            alone = method(w[run], X[rows[run]], y[rows[run]])
            np.testing.assert_array_equal(together[run], alone)


@each_model
def test_nothing_is_changed_in_place_and_data_are_not_copied(model):
    w, X, y = data(model)
    before = w.copy(), X.copy(), y.copy()
    for name in ("value", "gradient", "per_example_gradients"):
        getattr(model, name)(w, X, y)
    model.predict(w, X)
    for now, old in zip((w, X, y), before):
        np.testing.assert_array_equal(now, old)
    assert model.check(X, y)[0] is X
    assert model.check(X, y)[1] is y


@pytest.mark.parametrize(("model", "shape"), [(MODELS[2], (N,)), (MODELS[4], (N, K))])
def test_probabilities_agree_with_predictions(model, shape):
    w, X, _ = data(model)
    q = model.probability(w, X)
    assert q.shape == (RUNS, *shape)
    assert ((q >= 0) & (q <= 1)).all()
    predicted = q.argmax(axis=-1) if len(shape) == 2 else q > 0.5
    np.testing.assert_array_equal(model.predict(w, X), predicted)


def test_softmax_regression_with_two_classes_is_logistic_regression():
    _, X, y = data(MODELS[2])
    w = np.random.default_rng(3).normal(size=D)
    two = np.stack([np.zeros(D), w], axis=1).ravel()
    single, double = LogisticRegression(), SoftmaxRegression(classes=2)
    labels = y.astype(int)
    assert double.value(two, X, labels) == pytest.approx(single.value(w, X, y), rel=1e-13)
    slope = double.gradient(two, X, labels).reshape(D, 2)
    np.testing.assert_allclose(slope[:, 1], single.gradient(w, X, y), rtol=1e-12)


def test_least_squares_has_a_zero_gradient_at_the_normal_equations():
    _, X, y = data(MODELS[0])
    w = np.linalg.solve(X.T @ X, X.T @ y)
    np.testing.assert_allclose(LinearRegression().gradient(w, X, y), 0, atol=1e-14)


def test_the_intercept_is_the_last_column_and_keeps_the_dtype():
    X = np.arange(6, dtype=np.float32).reshape(3, 2)
    with_ones = add_intercept(X)
    assert with_ones.dtype == np.float32
    np.testing.assert_array_equal(with_ones, np.hstack([X, np.ones((3, 1))]))
    with pytest.raises(ValueError, match=r"^X must hold floating-point numbers"):
        add_intercept(np.ones((3, 2), int))
    with pytest.raises(ValueError, match=r"^X must be finite"):
        add_intercept(X * np.nan)


@pytest.mark.parametrize("make", [LinearRegression, LogisticRegression, SoftmaxRegression])
def test_hyperparameters_are_plain_numbers_that_change_no_dtype_and_cannot_change(make):
    model = make(l2=np.float64(0.3))
    assert type(model.l2) is float
    assert type(make(l2=1).l2) is float
    w, X, y = np.ones(model.size(2), np.float32), np.ones((3, 2), np.float32), np.array([0, 1, 1])
    assert model.value(w, X, y).dtype == model.gradient(w, X, y).dtype == np.float32
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.l2 = 0.5


def test_softmax_regression_has_two_classes_unless_told():
    assert SoftmaxRegression().classes == 2
    assert type(SoftmaxRegression(classes=np.int64(3)).classes) is int


X_GOOD, Y_GOOD = np.ones((3, 2)), np.array([0, 1, 1])
BAD = [
    (LogisticRegression(), X_GOOD, [0, 1, 2], "y must hold labels 0 and 1, got 2 in row 2"),
    (LogisticRegression(), X_GOOD, [0, -1, 1], "y must hold labels 0 and 1, got -1 in row 1"),
    (LogisticRegression(), X_GOOD, ["a", "b", "c"], "y must hold finite numbers"),
    (SoftmaxRegression(classes=2), X_GOOD, [0, 1, 2], r"y .* labels 0 \.\.\. 1, got 2 in row 2"),
    (SoftmaxRegression(classes=2), X_GOOD, [0, -1, 1], r"y .* labels 0 \.\.\. 1, got -1 in row 1"),
    (SoftmaxRegression(classes=2), X_GOOD, [0.0, 1.0, 1.0], r"y .*convert with y\.astype\(int\)"),
    (LinearRegression(), X_GOOD, [0.0, np.nan, 1.0], "y must hold finite numbers"),
    (LinearRegression(), X_GOOD, [0.0, 1.0], r"y must have shape \(3,\).*got shape \(2,\)"),
    (LinearRegression(), X_GOOD, [[0.0], [1.0], [2.0]], r"y must have shape \(3,\).*\(3, 1\)"),
    (LinearRegression(), np.array([[1.0, np.nan]]), [1.0], "X must be finite.*1 of 1 rows"),
    (LinearRegression(), np.array([[1.0], [np.inf]]), [1.0, 2.0], "X .*first in row 1"),
    (LinearRegression(), np.ones((0, 2)), [], r"X must have shape \(n, d\).*got shape \(0, 2\)"),
    (LinearRegression(), np.ones((2, 0)), [1.0, 2.0], r"X must have shape.*\(2, 0\)"),
    (LinearRegression(), np.ones(3), Y_GOOD, r"X must have shape \(n, d\).*got shape \(3,\)"),
    (LinearRegression(), np.ones((3, 2), int), Y_GOOD, "X must hold floating-point numbers"),
]


@pytest.mark.parametrize(("model", "X", "y", "message"), BAD)
def test_bad_data_are_refused_with_their_reason(model, X, y, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        model.check(X, y)


@pytest.mark.parametrize("l2", [-1.0, np.nan, np.inf, "strong", None, [0.1, 0.2]])
@pytest.mark.parametrize("make", [LinearRegression, SoftmaxRegression])
def test_a_bad_penalty_is_refused(make, l2):
    with pytest.raises(ValueError, match=r"^l2 must be"):
        make(l2=l2)


@pytest.mark.parametrize("classes", [0, 1, 2.0, None, True])
def test_a_bad_number_of_classes_is_refused(classes):
    with pytest.raises(ValueError, match=r"^classes must be a whole number >= 2"):
        SoftmaxRegression(classes=classes)
