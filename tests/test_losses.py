"""Losses: their gradients, their values where floating point is hardest, and their dtype."""

import dataclasses
import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from descentlab import losses
from descentlab.losses import (
    Loss,
    binary_cross_entropy,
    log_sum_exp,
    one_hot,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
    squared_error,
)

LOGITS = hnp.arrays(np.float64, (5, 4), elements=st.floats(-20, 20))
LABELS = hnp.arrays(np.int64, (5,), elements=st.integers(0, 3))
ALL = [squared_error, binary_cross_entropy, softmax_cross_entropy]


@pytest.fixture(autouse=True)
def _no_warning_leaks():
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        yield


def differences(loss, z, y, h=1e-5):
    """Central differences of the total loss with respect to every entry of z."""
    slopes = np.empty_like(z)
    for i in np.ndindex(z.shape):
        e = np.zeros_like(z)
        e[i] = h
        slopes[i] = (loss.value(z + e, y) - loss.value(z - e, y)).sum() / (2 * h)
    return slopes


@given(LOGITS, LABELS)
def test_gradients_equal_central_differences(z, y):
    cases = [
        (squared_error, z[:, 0], y.astype(float)),
        (binary_cross_entropy, z[:, 0], y / 3),
        (softmax_cross_entropy, z, y),
    ]
    for loss, logits, target in cases:
        measured = differences(loss, logits, target)
        np.testing.assert_allclose(loss.gradient(logits, target), measured, rtol=1e-6, atol=1e-7)


@given(LOGITS, LABELS)
def test_value_and_gradient_are_value_and_gradient(z, y):
    for loss, logits in ((squared_error, z[:, 0]), (softmax_cross_entropy, z)):
        value, gradient = loss.value_and_gradient(logits, y)
        np.testing.assert_array_equal(value, loss.value(logits, y))
        np.testing.assert_array_equal(gradient, loss.gradient(logits, y))


@pytest.mark.parametrize(
    ("z", "y", "value", "gradient"),
    [(1e4, 1, 0, 0), (1e4, 0, 1e4, 1), (-1e4, 1, 1e4, -1), (-1e4, 0, 0, 0)],
)
def test_binary_cross_entropy_at_extreme_logits(z, y, value, gradient):
    z, y = np.array([z]), np.array([y])
    assert binary_cross_entropy.value(z, y).tolist() == [value]
    assert binary_cross_entropy.gradient(z, y).tolist() == [gradient]


def test_a_small_binary_cross_entropy_keeps_its_digits():
    """At z = 40 the loss is log(1 + exp(-40)), far below the spacing of numbers near 40."""
    z, y, exact = np.array([40.0, -40.0]), np.array([1, 0]), math.log1p(math.exp(-40))
    np.testing.assert_allclose(binary_cross_entropy.value(z, y), exact, rtol=1e-14)
    np.testing.assert_allclose(sigmoid(np.array([-40.0])), math.exp(-40), rtol=1e-14)


def test_softmax_cross_entropy_at_extreme_logits():
    z = np.array([[1e4, -1e4, 0.0], [1e4, 1e4, -1e4], [-1e4, -1e4, -1e4]])
    log2, log3 = math.log(2), math.log(3)
    values = [[0, log2, log3], [2e4, log2, log3], [1e4, 2e4 + log2, log3]]
    for label, expected in enumerate(values):
        y = np.full(3, label)
        np.testing.assert_allclose(softmax_cross_entropy.value(z, y), expected, rtol=1e-15)
    gradient = softmax_cross_entropy.gradient(z, np.array([1, 1, 1]))
    third = 1 / 3
    np.testing.assert_allclose(gradient, [[1, -1, 0], [0.5, -0.5, 0], [third, third - 1, third]])


@given(st.lists(st.integers(-6, 6), min_size=2, max_size=5))
def test_softmax_of_logarithms_of_fractions_is_exact(powers):
    """With z = k log 2 the probabilities are ratios of powers of two."""
    total = sum(Fraction(2) ** k for k in powers)
    exact = [float(Fraction(2) ** k / total) for k in powers]
    np.testing.assert_allclose(softmax(np.array(powers) * math.log(2)), exact, rtol=1e-13)
    z = np.array(powers) * math.log(2)
    assert log_sum_exp(z) == pytest.approx(math.log(total), rel=1e-13, abs=1e-14)


def test_log_sum_exp_takes_the_largest_of_each_row_out_of_its_own_sum():
    rows = np.array([[0.0, 0.0], [1e4, 1e4], [-1e4, -1e4]])
    expected = np.array([0.0, 1e4, -1e4]) + math.log(2)
    both = log_sum_exp(np.stack([rows, -rows]))
    np.testing.assert_allclose(log_sum_exp(rows), expected, rtol=1e-15)
    np.testing.assert_allclose(both, [expected, expected[[0, 2, 1]]], rtol=1e-15)
    assert log_sum_exp(np.array([[-1e4, 1e4], [0.0, -1e4]])).tolist() == [1e4, 0]


@given(LOGITS, LABELS, st.integers(-1000, 1000))
def test_a_shift_of_all_logits_changes_nothing(z, y, shift):
    z = np.round(z * 16) / 16
    shifted = z + float(shift)
    np.testing.assert_array_equal(softmax(shifted), softmax(z))
    np.testing.assert_array_equal(
        softmax_cross_entropy.value(shifted, y), softmax_cross_entropy.value(z, y)
    )


@given(LOGITS, LABELS)
def test_probabilities_sum_to_one_and_gradients_to_zero(z, y):
    np.testing.assert_allclose(softmax(z).sum(axis=-1), 1, rtol=1e-14)
    np.testing.assert_allclose(softmax_cross_entropy.gradient(z, y).sum(axis=-1), 0, atol=1e-15)


@given(hnp.arrays(np.float64, (6,), elements=st.floats(-700, 700)))
def test_two_classes_are_binary_cross_entropy_and_sigmoid_is_odd(z):
    two = np.stack([np.zeros(6), z], axis=-1)
    y = np.array([0, 1] * 3)
    np.testing.assert_allclose(
        softmax_cross_entropy.value(two, y), binary_cross_entropy.value(z, y), atol=1e-13
    )
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
    np.testing.assert_allclose(softplus(z) - softplus(-z), z, rtol=1e-14, atol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("target", [np.int64, np.float64])
@pytest.mark.parametrize("loss", ALL)
def test_dtype_is_kept_and_leading_axes_broadcast(loss, target, dtype):
    z = np.linspace(-3, 3, 2 * 5 * 3).reshape(2, 5, 3).astype(dtype)
    if loss is not softmax_cross_entropy:
        z = z[..., 0]
        y = np.array([0, 1, 1, 0, 1], target)
    else:
        y = np.array([0, 1, 2, 0, 1])
    value, gradient = loss.value_and_gradient(z, y)
    assert value.dtype == gradient.dtype == loss.gradient(z, y).dtype == dtype
    assert loss.value(z, y).dtype == dtype
    assert (value.shape, gradient.shape) == ((2, 5), z.shape)
    for run in range(2):
        np.testing.assert_array_equal(value[run], loss.value(z[run], y))
        np.testing.assert_array_equal(gradient[run], loss.gradient(z[run], y))


@given(LOGITS, LABELS)
def test_nothing_is_changed_in_place(z, y):
    before = z.copy(), y.copy()
    for loss in ALL:
        logits = z if loss is softmax_cross_entropy else z[:, 0]
        loss.value_and_gradient(logits, y)
        loss.value(logits, y)
        loss.gradient(logits, y)
        loss.predict(logits)
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(y, before[1])


def test_predictions_and_probabilities():
    z = np.array([-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(binary_cross_entropy.predict(z), np.array([0, 0, 1]), strict=True)
    np.testing.assert_array_equal(binary_cross_entropy.probability(z), sigmoid(z))
    assert squared_error.predict(z) is z
    assert softmax_cross_entropy.predict(np.diag([1.0, 1.0])).tolist() == [0, 1]
    np.testing.assert_array_equal(softmax_cross_entropy.probability(z), softmax(z))
    assert one_hot(np.array(1), 3).tolist() == [False, True, False]
    assert [loss.classifies for loss in ALL] == [False, True, True]


def test_labels_may_be_a_list_and_the_loss_of_a_list_is_that_of_its_array():
    assert one_hot([2, 0], 3).tolist() == [[False, False, True], [True, False, False]]
    z, y = np.array([[1.0, 2.0], [3.0, -1.0]]), [0, 1]
    for loss in ALL:
        logits = z if loss is softmax_cross_entropy else z[:, 0]
        np.testing.assert_array_equal(loss.value(logits, y), loss.value(logits, np.array(y)))
        np.testing.assert_array_equal(loss.gradient(logits, y), loss.gradient(logits, np.array(y)))


@pytest.mark.parametrize("loss", ALL)
def test_a_loss_is_held_under_its_name_and_cannot_be_changed(loss):
    assert getattr(losses, loss.name) is loss
    with pytest.raises(dataclasses.FrozenInstanceError):
        loss.name = "other"


def test_a_loss_must_bring_its_own_methods():
    bare, z = Loss("bare"), np.zeros(3)
    calls = [
        lambda: bare.value(z, z),
        lambda: bare.gradient(z, z),
        lambda: bare.probability(z),
        lambda: bare.predict(z),
        lambda: bare.targets(z, 3, (), z),
    ]
    for call in calls:
        with pytest.raises(NotImplementedError):
            call()


def test_a_nan_logit_stays_nan():
    with np.errstate(all="ignore"):
        assert np.isnan(sigmoid(np.array([np.nan]))).all()
        assert np.isnan(binary_cross_entropy.value(np.array([np.nan]), np.array([1.0]))).all()
        assert np.isnan(softmax_cross_entropy.value(np.array([[np.nan, 0.0]]), np.array([1]))).all()
