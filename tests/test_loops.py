"""The descent loop and gradient descent: the protocol, divergence, and bad input."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from descentlab.loops import descend
from descentlab.optimizers import GradientDescent
from descentlab.surfaces import quadratic, ravine, rosenbrock
from strategies import finite, vectors


@given(vectors(3), vectors(3), st.floats(0, 10))
def test_a_step_goes_against_the_gradient_as_far_as_the_rate_says(w, g, lr):
    rule = GradientDescent(lr=lr)
    new, state = rule.step(w, g, rule.init(w))
    np.testing.assert_allclose(w - new, lr * g, rtol=1e-12, atol=1e-9)
    assert state == {"t": 1}


@given(vectors(2), vectors(2))
def test_a_step_changes_nothing_it_was_given(w, g):
    rule = GradientDescent(lr=0.3)
    state = rule.init(w)
    before = w.copy(), g.copy(), dict(state)
    rule.step(w, g, state)
    np.testing.assert_array_equal(w, before[0])
    np.testing.assert_array_equal(g, before[1])
    assert state == before[2]


@given(hnp.arrays(np.float64, (4, 2), elements=st.floats(-2, 2)), st.floats(0, 0.4))
def test_stacked_runs_equal_runs_one_by_one_bit_for_bit(starts, lr):
    rates = lr * np.arange(1.0, 5.0)[:, None]
    stacked = descend(rosenbrock().gradient, starts, GradientDescent(lr=rates), 30)
    for run, start in enumerate(starts):
        alone = descend(rosenbrock().gradient, start, GradientDescent(lr=rates[run, 0]), 30)
        np.testing.assert_array_equal(stacked.w[:, run], alone.w)
        np.testing.assert_array_equal(stacked.g[:, run], alone.g)
        assert stacked.diverged[run] == alone.diverged


@given(st.floats(0.01, 1.99), st.integers(1, 40))
def test_on_a_quadratic_each_error_shrinks_by_one_minus_rate_times_curvature(rate, steps):
    stage = quadratic(kappa=4.0)
    lr = rate / 4
    trace = descend(stage.gradient, stage.start, GradientDescent(lr=lr), steps)
    expected = stage.start * (1 - lr * np.array([1.0, 4.0])) ** steps
    np.testing.assert_allclose(trace.w[-1], expected, rtol=1e-9, atol=1e-12)


def test_the_trace_holds_every_step():
    trace = descend(ravine().gradient, np.array([-7.0, 2.0]), GradientDescent(lr=0.5), 3)
    assert trace.w.shape == (4, 2)
    assert trace.g.shape == (3, 2)
    np.testing.assert_array_equal(trace.t, [0, 1, 2, 3])
    np.testing.assert_allclose(trace.w[1:], trace.w[:-1] - 0.5 * trace.g)
    np.testing.assert_array_equal(trace.loss(ravine().value), ravine().value(trace.w))
    np.testing.assert_array_equal(trace.state("t"), [0, 1, 2, 3])
    assert trace.diverged == -1


def test_a_schedule_scales_the_rate_from_step_zero():
    trace = descend(lambda w: np.ones_like(w), np.array([0.0]), GradientDescent(lr=0.5), 3,
                    schedule=lambda t: 1 / (1 + t))  # fmt: skip
    np.testing.assert_allclose(-np.diff(trace.w[:, 0]), [0.5, 0.25, 0.5 / 3])


def test_zero_steps_and_zero_rate_stay_at_the_start():
    start = np.array([1.0, 2.0])
    assert descend(ravine().gradient, start, GradientDescent(), 0).w.tolist() == [[1.0, 2.0]]
    assert (descend(ravine().gradient, start, GradientDescent(lr=0), 5).w == start).all()


def test_a_diverging_run_is_data_and_leaves_its_neighbours_alone():
    starts = np.array([[-7.0, 2.0]] * 3)
    rule = GradientDescent(lr=np.array([[0.5], [1e10], [0.95]]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trace = descend(ravine().gradient, starts, rule, 60)
    first = trace.diverged[1]
    assert trace.diverged.tolist() == [-1, first, -1]
    assert 0 < first < 60
    assert np.isfinite(trace.w[:first, 1]).all()
    assert np.isnan(trace.w[first:, 1]).all()
    assert np.isnan(trace.g[first:, 1]).all()
    assert np.isfinite(trace.w[:, [0, 2]]).all()


def test_one_diverging_run_tells_its_first_bad_step():
    trace = descend(lambda w: 2 * w, np.array([1.0]), GradientDescent(lr=1e200), 5)
    assert trace.diverged == 2
    assert np.isnan(trace.w[2:]).all()


@given(hnp.arrays(np.float32, (3,), elements=st.floats(-1, 1, width=32)))
def test_float32_stays_float32_even_with_one_rate_per_run(w):
    rule = GradientDescent(lr=np.array([[0.1], [0.2]]))
    trace = descend(lambda v: v, np.stack([w, w]), rule, 3)
    assert trace.w.dtype == trace.g.dtype == np.float32
    assert descend(lambda v: v, w, GradientDescent(lr=np.float64(0.1)), 0).g.dtype == np.float32


def test_the_start_is_copied():
    start = np.array([1.0, 1.0])
    trace = descend(ravine().gradient, start, GradientDescent(), 1)
    start[:] = 99
    assert trace.w[0].tolist() == [1.0, 1.0]


BAD_STARTS = [
    (np.array([-7, 2]), "w0 must hold floating-point numbers, got dtype int64"),
    (np.array([np.nan, 1.0]), "w0 must be finite"),
    (np.array([np.inf, 1.0]), "w0 must be finite"),
    (np.array([]), r"w0 must have shape \(p,\) or \(runs, p\).*got shape \(0,\)"),
    (np.array(1.0), "w0 must have shape"),
    ("here", "w0 must hold floating-point numbers"),
    (np.array([1j]), "w0 must hold floating-point numbers, got dtype complex128"),
]


@pytest.mark.parametrize(("start", "message"), BAD_STARTS)
def test_a_bad_start_is_refused_with_its_reason(start, message):
    with pytest.raises(ValueError, match=message):
        descend(lambda w: w, start, GradientDescent(), 3)


@pytest.mark.parametrize("steps", [-1, 2.0, True, "3", None])
def test_steps_must_be_a_whole_number(steps):
    with pytest.raises(ValueError, match="steps must be a whole number >= 0, got"):
        descend(lambda w: w, np.ones(2), GradientDescent(), steps)


def test_a_gradient_of_another_shape_and_a_thing_that_is_no_rule_are_named():
    with pytest.raises(ValueError, match=r"shape of w, \(2,\); it returned shape \(\)"):
        descend(lambda w: w.sum(), np.ones(2), GradientDescent(), 1)
    with pytest.raises(ValueError, match="optimizer must be a rule such as GradientDescent"):
        descend(lambda w: w, np.ones(2), 0.1, 1)


@pytest.mark.parametrize("lr", [-0.1, np.nan, np.inf, "fast", None, [0.1, -1.0], True])
def test_a_bad_rate_is_refused_when_the_rule_is_made(lr):
    with pytest.raises(ValueError, match="lr must be a finite number >= 0, got"):
        GradientDescent(lr=lr)


@given(st.lists(finite, min_size=1, max_size=3))
def test_rates_become_plain_floats_or_float_arrays(values):
    rates = np.abs(values)
    assert isinstance(GradientDescent(lr=rates[0]).lr, float)
    assert GradientDescent(lr=rates).lr.dtype == np.float64
    assert GradientDescent(lr=rates.astype(np.float32)).lr.dtype == np.float32
