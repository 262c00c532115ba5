"""Schedules: their formulas, arrays and numbers of t, the loop, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descentlab import schedules as sc
from descentlab.loops import descend
from descentlab.optimizers import Adam, GradientDescent

ALL = {
    "constant": sc.constant(0.3),
    "step_decay": sc.step_decay(7, 0.4),
    "exponential": sc.exponential(0.97),
    "inverse_time": sc.inverse_time(0.1, 0.75),
    "cosine": sc.cosine(50, 0.1),
    "warmup": sc.warmup(9),
    "chain": sc.chain((sc.warmup(5), 5), (sc.constant(), 10), sc.cosine(30)),
}
every_schedule = pytest.mark.parametrize("schedule", ALL.values(), ids=ALL)


@every_schedule
def test_an_array_of_steps_gives_what_the_steps_give_one_by_one(schedule):
    t = np.arange(60)
    factors = schedule(t)
    assert factors.shape == (60,)
    assert factors.dtype == np.float64
    np.testing.assert_array_equal(factors, [schedule(int(k)) for k in t])
    np.testing.assert_array_equal(schedule(t.reshape(3, 20)), factors.reshape(3, 20))
    assert type(schedule(3)) is float


@every_schedule
def test_a_factor_lies_between_zero_and_one(schedule):
    factors = schedule(np.arange(200))
    assert (factors >= 0).all()
    assert (factors <= 1).all()


def test_each_formula():
    t = np.arange(40)
    np.testing.assert_array_equal(sc.constant()(t), np.ones(40))
    np.testing.assert_allclose(ALL["step_decay"](t), [0.4 ** (k // 7) for k in range(40)])
    np.testing.assert_allclose(ALL["exponential"](t), [0.97**k for k in range(40)])
    np.testing.assert_allclose(ALL["inverse_time"](t), [(1 + 0.1 * k) ** -0.75 for k in range(40)])
    np.testing.assert_allclose(ALL["warmup"](t), [min(1, (k + 1) / 9) for k in range(40)])
    half = [0.1 + 0.9 * np.cos(np.pi * k / 100) ** 2 for k in range(40)]
    np.testing.assert_allclose(ALL["cosine"](t), half)


def test_landmarks():
    assert sc.step_decay(10, 0.5)(9) == 1
    assert sc.step_decay(10, 0.5)(10) == 0.5
    assert sc.exponential(np.exp(-1 / 20))(20) == pytest.approx(1 / np.e)
    assert sc.inverse_time(0.25)(4) == 0.5
    assert sc.cosine(10)(0) == 1
    assert sc.cosine(10, 0.2)(5) == pytest.approx(0.6)
    assert sc.cosine(10, 0.2)(10) == pytest.approx(0.2)
    assert sc.cosine(10, 0.2)(1000) == pytest.approx(0.2)
    assert sc.warmup(4)(0) == 0.25
    assert sc.warmup(4)(3) == sc.warmup(4)(4) == 1
    assert sc.step_decay(1)(1) == 0.1
    assert sc.inverse_time(1.0)(1) == 0.5
    assert sc.cosine(2)(2) == 0
    assert sc.warmup(0)(0) == sc.warmup(1)(0) == 1


@pytest.mark.parametrize("name", ["constant", "step_decay", "exponential", "inverse_time"])
def test_the_rate_never_rises(name):
    assert (np.diff(ALL[name](np.arange(300))) <= 0).all()


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 90))
def test_a_chain_calls_each_part_from_its_own_zero(first, second, t):
    chained = sc.chain((sc.exponential(0.9), first), (sc.warmup(8), second), sc.cosine(20))
    begins = 0 if t < first else first if t < first + second else first + second
    part = {0: sc.exponential(0.9), first: sc.warmup(8), first + second: sc.cosine(20)}[begins]
    assert chained(t) == part(t - begins)


def test_a_chain_of_one_and_of_plain_functions():
    assert sc.chain(sc.exponential(0.5))(3) == 0.125
    assert sc.chain((lambda t: 1 / (1 + t), 2), lambda t: 0.1 + 0 * t)(np.arange(3)).tolist() == [
        1.0, 0.5, 0.1,
    ]  # fmt: skip


def test_the_loop_multiplies_the_rate_from_step_zero():
    schedule = sc.chain((sc.warmup(3), 3), sc.inverse_time(1.0))
    trace = descend(np.ones_like, np.array([0.0]), GradientDescent(lr=0.5), 8, schedule)
    np.testing.assert_allclose(-np.diff(trace.w[:, 0]), 0.5 * schedule(np.arange(8)))


@every_schedule
def test_a_schedule_keeps_float32_and_one_rate_per_run(schedule):
    rule = Adam(lr=np.array([[0.1], [0.2]]))
    trace = descend(lambda w: w, np.ones((2, 3), dtype=np.float32), rule, 5, schedule)
    assert trace.w.dtype == np.float32


def test_a_schedule_of_numpy_numbers_keeps_float32_too():
    rule = GradientDescent(lr=np.array([[0.1], [0.2]]))
    start = np.ones((2, 3), dtype=np.float32)
    trace = descend(lambda w: w, start, rule, 3, lambda t: np.float64(0.5))
    assert trace.w.dtype == np.float32


BAD = [
    (lambda: sc.constant(-1), "factor must be a finite number >= 0, got -1"),
    (lambda: sc.constant([1.0, 2.0]), r"factor must be one number, got shape \(2,\)"),
    (lambda: sc.step_decay(0), "every must be a whole number >= 1, got 0"),
    (lambda: sc.step_decay(2.5), "every must be a whole number >= 1, got 2.5"),
    (lambda: sc.step_decay(2, np.nan), "factor must be a finite number >= 0, got nan"),
    (lambda: sc.exponential(-0.5), "factor must be a finite number >= 0, got -0.5"),
    (lambda: sc.inverse_time(-1), "decay must be a finite number >= 0, got -1"),
    (lambda: sc.inverse_time(1, np.inf), "power must be a finite number >= 0, got inf"),
    (lambda: sc.cosine(0), "steps must be a whole number >= 1, got 0"),
    (lambda: sc.cosine(5, -0.1), "final must be a finite number >= 0, got -0.1"),
    (lambda: sc.warmup(-1), "steps must be a whole number >= 0, got -1"),
    (sc.chain, "chain needs a schedule without a length as its last part"),
    (lambda: sc.chain((sc.constant(), 3)), "chain needs a schedule without a length"),
    (lambda: sc.chain(sc.constant(), sc.constant()), r"must be \(schedule, steps\)"),
    (lambda: sc.chain((1.0, 3), sc.constant()), r"must be \(schedule, steps\)"),
    (lambda: sc.chain((sc.constant(), 3, 4), sc.constant()), r"must be \(schedule, steps\)"),
    (lambda: sc.chain((sc.constant(), 0), sc.constant()), "steps must be a whole number >= 1"),
    (lambda: sc.constant()(-1), "t must be a step number >= 0 or an array of them, got -1"),
    (lambda: sc.constant()(np.array([0, -1])), "t must be a step number >= 0"),
    (lambda: sc.constant()(np.nan), "t must be a step number >= 0"),
    (lambda: sc.constant()(np.inf), "t must be a step number >= 0"),
    (lambda: sc.constant()("0"), "t must be a step number >= 0"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
