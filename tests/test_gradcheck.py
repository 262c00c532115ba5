"""Central differences and relative errors: their order, their exact cases, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descentlab.gradcheck import central_difference, relative_error
from strategies import vectors


@given(vectors(), st.floats(0.01, 10))
def test_a_quadratic_is_differentiated_exactly_up_to_rounding(w, h):
    scale = 1 + float(w @ w) + h**2
    np.testing.assert_allclose(
        central_difference(lambda v: v @ v, w, h), 2 * w, atol=1e-14 * scale / h
    )


@given(st.floats(-1, 1), st.floats(0.05, 0.2))
def test_the_error_is_h_squared_over_six_times_the_third_derivative(w, h):
    estimate = central_difference(lambda v: np.exp(v[0]), np.array([w]), h)[0]
    predicted = h**2 / 6 * np.exp(w)
    np.testing.assert_allclose(estimate - np.exp(w), predicted, rtol=h**2)


def test_the_default_step_is_near_the_best():
    w = np.array([1.0, -2.0, 30.0])
    estimate = central_difference(lambda v: np.sum(np.sin(v)), w)
    np.testing.assert_allclose(estimate, np.cos(w), rtol=1e-8)


def test_the_parameters_are_left_alone():
    w = np.array([1.0, 2.0])
    central_difference(lambda v: v @ v, w)
    assert w.tolist() == [1.0, 2.0]


@given(vectors(3), vectors(3))
def test_relative_error_is_symmetric_and_between_zero_and_two(a, b):
    error = relative_error(a, b)
    assert error == relative_error(b, a)
    assert 0 <= error <= 2
    assert relative_error(a, a) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2],), "w must hold floating-point numbers"),
        ((np.ones((2, 2)),), r"w must have shape \(p,\), got shape \(2, 2\)"),
        ((np.ones(2), 0.0), "h must be > 0, got 0.0"),
        ((np.ones(2), -1.0), "h must be a finite number >= 0, got -1.0"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        central_difference(lambda v: v.sum(), *arguments)
    with pytest.raises(ValueError, match="a and b must have one shape"):
        relative_error(np.ones(2), np.ones(3))
