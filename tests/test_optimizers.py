"""What every rule keeps to: purity, shape, dtype, stacked runs, invariances, and bad input."""

import copy
import warnings
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from descentlab import optimizers as opt
from descentlab.loops import descend
from descentlab.surfaces import rosenbrock

RULES = {
    "GradientDescent": opt.GradientDescent(lr=0.05),
    "Momentum": opt.Momentum(lr=0.05, beta=0.8),
    "Nesterov": opt.Nesterov(lr=0.05, beta=0.8),
    "AdaGrad": opt.AdaGrad(lr=0.1),
    "RMSProp": opt.RMSProp(lr=0.02, beta=0.9),
    "RMSProp centered": opt.RMSProp(lr=0.02, beta=0.9, eps=1e-2, centered=True),
    "Adadelta": opt.Adadelta(lr=0.9, beta=0.8),
    "Adam": opt.Adam(lr=0.05, beta1=0.8, beta2=0.9),
    "AMSGrad": opt.AMSGrad(lr=0.05, beta1=0.8, beta2=0.9),
    "AdamW": opt.AdamW(lr=0.05, beta1=0.8, beta2=0.9, weight_decay=0.1),
    "NAdam": opt.NAdam(lr=0.05, beta1=0.8, beta2=0.9),
    "Adamax": opt.Adamax(lr=0.05, beta1=0.8, beta2=0.9),
    "RAdam": opt.RAdam(lr=0.05, beta1=0.8, beta2=0.9),
    "Lion": opt.Lion(lr=0.05, beta1=0.8, beta2=0.9, weight_decay=0.1),
}
LINEAR = ["GradientDescent", "Momentum", "Nesterov"]
DECAYED = ["AdamW", "Lion"]
SCALE_FREE = ["AdaGrad", "RMSProp", "RMSProp centered", "Adam", "AMSGrad", "AdamW", "NAdam",
              "Adamax", "Lion"]  # fmt: skip
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def rules(*names: str):
    return pytest.mark.parametrize("rule", [RULES[n] for n in names], ids=names)


def without_eps(rule: opt.Optimizer) -> opt.Optimizer:
    return replace(rule, eps=0.0) if hasattr(rule, "eps") else rule


def follow(rule: opt.Optimizer, w: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Parameters after each step along given gradients, shape (steps + 1, ...)."""
    path, state = [w], rule.init(w)
    for g in gradients:
        w, state = rule.step(w, g, state)
        path.append(w)
    return np.array(path)


steady = settings(deadline=None, derandomize=True, max_examples=25)

# Gradients far from underflow, as single steps differ by 1e6 in size.
sizes = st.floats(1e-3, 1e3)
entries = st.one_of(sizes, sizes.map(lambda x: -x))


def gradients(*shape: int, zeros: bool = False):
    elements = st.one_of(st.just(0.0), entries) if zeros else entries
    return hnp.arrays(np.float64, shape, elements=elements)


starts = hnp.arrays(np.float64, (3,), elements=st.floats(-100, 100))


@every_rule
@steady
@given(starts, gradients(4, 3, zeros=True))
def test_a_step_changes_nothing_it_was_given(rule, w, gs):
    state = rule.init(w)
    for g in gs:
        inputs = w, g, state
        before = copy.deepcopy(inputs)
        for array in (w, g, *(v for v in state.values() if isinstance(v, np.ndarray))):
            array.setflags(write=False)
        w, state = rule.step(*inputs)
        assert state is not inputs[2]
        np.testing.assert_equal(inputs, before)


@every_rule
def test_the_new_state_shares_no_memory_with_the_old_one_or_the_gradient(rule):
    w, g = np.ones(3), np.full(3, 2.0)
    state = rule.init(w)
    new_w, new = rule.step(w, g, state)
    old = [w, g, *(v for v in state.values() if isinstance(v, np.ndarray))]
    fresh = [new_w, *(v for v in new.values() if isinstance(v, np.ndarray))]
    for i, a in enumerate(fresh):
        assert not any(np.shares_memory(a, b) for b in (*old, *fresh[i + 1 :]))
    arrays = [v for v in state.values() if isinstance(v, np.ndarray)]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[i + 1 :])


@every_rule
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1,), (3,), (4, 3), (2, 4, 3)])
def test_shape_and_dtype_are_kept_by_w_and_by_the_state(rule, shape, dtype):
    w = np.linspace(-1, 1, np.prod(shape), dtype=dtype).reshape(shape)
    state = rule.init(w)
    names = set(state)
    for t in range(8):
        assert set(state) == names
        assert state["t"] == t
        assert type(state["t"]) is int
        for value in state.values():
            assert not isinstance(value, np.ndarray) or (value.shape, value.dtype) == (shape, dtype)
        w, state = rule.step(w, w - 0.3, state)
        assert (w.shape, w.dtype) == (shape, dtype)


@every_rule
def test_array_hyper_parameters_keep_float32_in_the_loop(rule):
    given = {f.name: getattr(rule, f.name) for f in fields(rule) if f.name != "centered"}
    rates = replace(rule, **{k: np.full((2, 1), v) for k, v in given.items()})
    trace = descend(lambda w: w, np.ones((2, 3), dtype=np.float32), rates, 8)
    assert trace.w.dtype == np.float32
    for value in trace.states[-1].values():
        assert not isinstance(value, np.ndarray) or value.dtype == np.float32
    alone = descend(lambda w: w, np.ones((2, 3), dtype=np.float32), rule, 8)
    np.testing.assert_allclose(trace.w, alone.w, rtol=1e-4)


@every_rule
@steady
@given(hnp.arrays(np.float64, (4, 2), elements=st.floats(-2, 2)))
def test_stacked_starts_equal_runs_one_by_one_bit_for_bit(rule, starts):
    for dtype in (np.float64, np.float32):
        stacked = descend(rosenbrock().gradient, starts.astype(dtype), rule, 12)
        for run, start in enumerate(starts.astype(dtype)):
            alone = descend(rosenbrock().gradient, start, rule, 12)
            np.testing.assert_array_equal(stacked.w[:, run], alone.w)
            for name in alone.states[-1].keys() - {"t", "mu_product"}:
                np.testing.assert_array_equal(stacked.state(name)[:, run], alone.state(name))


@every_rule
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_one_rate_per_run_equals_runs_one_by_one_bit_for_bit(rule, dtype):
    rates = np.geomspace(1e-3, 1, 7)[:, None] * rule.lr
    start = np.array([-1.2, 1.0], dtype=dtype)
    stacked = descend(rosenbrock().gradient, np.tile(start, (7, 1)), replace(rule, lr=rates), 40)
    for run, lr in enumerate(rates[:, 0]):
        alone = descend(rosenbrock().gradient, start, replace(rule, lr=lr), 40)
        np.testing.assert_array_equal(stacked.w[:, run], alone.w)


@every_rule
@steady
@given(st.integers(0, 2**32))
def test_every_hyper_parameter_per_run_equals_runs_one_by_one_bit_for_bit(rule, seed):
    rng = np.random.default_rng(seed)
    names = [f.name for f in fields(rule) if f.name != "centered"]
    each = {name: rng.uniform(0.01, 0.995, (5, 1)) for name in names}
    gs = rng.normal(size=(20, 3))
    stacked = follow(replace(rule, **each), np.ones((5, 3)), np.repeat(gs[:, None], 5, axis=1))
    for run in range(5):
        one = replace(rule, **{name: values[run, 0] for name, values in each.items()})
        np.testing.assert_array_equal(stacked[:, run], follow(one, np.ones(3), gs))


@every_rule
@steady
@given(starts, gradients(6, 3))
def test_coordinates_do_not_see_each_other(rule, w, gs):
    together = follow(rule, w, gs)
    for i in range(3):
        np.testing.assert_array_equal(together[:, [i]], follow(rule, w[[i]], gs[:, [i]]))


@every_rule
@steady
@given(starts, gradients(6, 3, zeros=True))
def test_mirroring_a_coordinate_mirrors_the_run(rule, w, gs):
    mirror = np.array([1.0, -1.0, -1.0])
    there = follow(rule, w, gs)
    np.testing.assert_array_equal(follow(rule, mirror * w, mirror * gs), mirror * there)


@rules(*(name for name in RULES if name not in DECAYED))
@steady
@given(starts, gradients(6, 3, zeros=True))
def test_moving_the_origin_moves_the_run(rule, w, gs):
    moved = follow(rule, w + 10.0, gs)
    np.testing.assert_allclose(moved - 10.0, follow(rule, w, gs), rtol=1e-12, atol=1e-11)


@rules(*LINEAR)
@steady
@given(starts, gradients(6, 3, zeros=True), st.floats(-4, 4))
def test_turning_the_space_turns_a_run_of_the_linear_rules(rule, w, gs, angle):
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    turned = follow(rule, w @ turn.T, gs @ turn.T)
    np.testing.assert_allclose(turned, follow(rule, w, gs) @ turn.T, rtol=1e-11, atol=1e-9)


@rules(*(name for name in RULES if name not in LINEAR))
def test_turning_the_space_does_not_turn_a_run_of_the_others(rule):
    c = np.sqrt(0.5)
    turn = np.array([[c, -c], [c, c]])
    gs = np.array([[1.0, 0.1], [0.9, -0.1], [1.1, 0.2]] * 3)
    start = np.array([1.0, -1.0])
    turned, plain = follow(rule, turn @ start, gs @ turn.T), follow(rule, start, gs) @ turn.T
    assert np.abs(turned - plain).max() > 1e-4


@rules(*SCALE_FREE)
@steady
@given(starts, gradients(6, 3), hnp.arrays(np.float64, (3,), elements=st.floats(1e-6, 1e6)))
def test_scaling_the_gradient_of_a_coordinate_changes_nothing_without_eps(rule, w, gs, scale):
    rule = without_eps(rule)
    if getattr(rule, "centered", False):
        gs = gs * np.where(np.arange(6) % 2, 1, -1)[:, None]
        scale = 2.0 ** np.round(np.log2(scale))
    np.testing.assert_allclose(
        follow(rule, w, gs * scale), follow(rule, w, gs), rtol=1e-9, atol=1e-9
    )


@rules(*LINEAR)
@steady
@given(starts, gradients(6, 3), st.floats(1e-3, 1e3))
def test_scaling_the_gradient_is_scaling_the_rate_of_the_linear_rules(rule, w, gs, scale):
    np.testing.assert_allclose(
        follow(rule, w, gs * scale),
        follow(replace(rule, lr=rule.lr * scale), w, gs),
        rtol=1e-9,
        atol=1e-6,
    )


@every_rule
@steady
@given(starts, gradients(5, 3))
def test_rate_zero_stays_where_it_is(rule, w, gs):
    np.testing.assert_array_equal(follow(replace(rule, lr=0), w, gs), np.array([w] * 6))


@every_rule
@steady
@given(
    st.floats(-100, 100).filter(lambda x: x == 0 or abs(x) > 1e-300).map(lambda x: np.full(3, x))
)
def test_a_gradient_of_zero_moves_nothing_but_the_decay(rule, w):
    path = follow(rule, w, np.zeros((5, 3)))
    left = 1 - rule.lr * getattr(rule, "weight_decay", 0.0)
    expected = w * left ** np.arange(6)[:, None]
    np.testing.assert_allclose(path, expected, rtol=1e-14, atol=0)


@every_rule
def test_small_steps_go_downhill(rule):
    start = np.array([-1.2, 1.0])
    small = replace(rule, lr=1e-4 * rule.lr)
    if hasattr(small, "weight_decay"):
        small = replace(small, weight_decay=0.0)
    loss = descend(rosenbrock().gradient, start, small, 30).loss(rosenbrock().value)
    assert (np.diff(loss) < 0).all()


@every_rule
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", ["zero", "tiny", "huge", "mixed", "inf", "nan"])
def test_no_gradient_lets_a_warning_out_of_the_loop(rule, size, dtype):
    limits = np.finfo(dtype)
    values = {
        "zero": [0.0, 0.0],
        "tiny": [limits.smallest_subnormal, -limits.tiny],
        "huge": [limits.max, limits.min],
        "mixed": [limits.max, limits.tiny],
        "inf": [np.inf, 1.0],
        "nan": [np.nan, 1.0],
    }
    g = np.array(values[size], dtype=dtype)
    for chosen in (rule, without_eps(rule)):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            trace = descend(lambda w: g, np.ones(2, dtype=dtype), chosen, 10)
        assert trace.w.shape == (11, 2)
        assert trace.w.dtype == dtype
        first = trace.diverged if trace.diverged >= 0 else 11
        assert np.isfinite(trace.w[:first]).all()
        assert np.isnan(trace.w[first:]).all()


@every_rule
def test_a_diverging_run_leaves_its_neighbour_alone(rule):
    def gradient(w):
        g = w.copy()
        g[1] = np.nan
        return g

    trace = descend(gradient, np.ones((2, 2)), rule, 6)
    assert trace.diverged.tolist() == [-1, 1]
    alone = descend(lambda w: w, np.ones(2), rule, 6)
    np.testing.assert_array_equal(trace.w[:, 0], alone.w)


KINDS = sorted({type(rule) for rule in RULES.values()}, key=lambda kind: kind.__name__)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
BAD = {
    "rate": [-1e-3, np.nan, np.inf, "fast", None, [0.1, -1.0], True, 1j],
    "decay": [-0.1, 1, 1.0, 1.5, np.nan, np.inf, "0.9", None, [0.9, 1.0], False],
    "flag": [0, 1, None, "yes", np.nan],
}
RANGE = {"rate": "a finite number >= 0", "decay": r"a number in \[0, 1\)", "flag": "True or False"}


@every_kind
def test_a_bad_hyper_parameter_is_refused_and_named(kind):
    for field in fields(kind):
        name = field.name
        sort = "flag" if name == "centered" else "decay" if name.startswith("beta") else "rate"
        for bad in BAD[sort]:
            with pytest.raises(ValueError, match=f"^{name} must be {RANGE[sort]}, got"):
                kind(**{name: bad})


@every_kind
def test_a_rule_is_frozen_equal_by_value_and_made_with_plain_floats(kind):
    rule = kind()
    with pytest.raises(FrozenInstanceError):
        rule.lr = 1.0
    assert rule == kind()
    assert replace(rule, lr=0.5) == kind(lr=0.5) != rule
    numbers = [f.name for f in fields(rule) if f.name != "centered"]
    whole = kind(**{name: np.float32(0.5) for name in numbers})
    assert all(type(getattr(whole, name)) is float for name in numbers)
    zero = kind(**dict.fromkeys(numbers, 0))
    assert all(type(getattr(zero, name)) is float for name in numbers)


def test_a_typo_in_a_hyper_parameter_is_refused():
    with pytest.raises(TypeError, match="beta_1"):
        opt.Adam(beta_1=0.9)


def test_a_rule_without_a_step_says_so():
    with pytest.raises(NotImplementedError):
        opt.Optimizer().step(np.ones(2), np.ones(2), {"t": 0})
    assert opt.Optimizer().init(np.ones(2)) == {"t": 0}


def test_astype_changes_arrays_and_nothing_else():
    rule = opt.Adam(lr=np.array([[0.1]]), beta1=0.5)
    assert rule.astype(np.float32).lr.dtype == np.float32
    assert rule.astype(np.float32).beta1 == 0.5
    assert rule.lr.dtype == np.float64
    plain = opt.Adam()
    assert plain.astype(np.float32) is plain


def test_the_teaching_order():
    order = [name for name, kind in vars(opt).items()
             if isinstance(kind, type) and issubclass(kind, opt.Optimizer)]  # fmt: skip
    assert order == ["Optimizer", "GradientDescent", "Momentum", "Nesterov", "AdaGrad", "RMSProp",
                     "Adadelta", "Adam", "AMSGrad", "AdamW", "NAdam", "Adamax", "RAdam",
                     "Lion"]  # fmt: skip


@steady
@given(st.floats(0, 1), st.integers(1, 10**6))
def test_power_of_an_array_equals_power_of_its_numbers(base, exponent):
    array = np.full((3, 1), base)
    assert opt.power(array, exponent).tolist() == [[opt.power(base, exponent)]] * 3
    assert opt.power(base, array).tolist() == [[opt.power(base, base)]] * 3
    assert type(opt.power(base, exponent)) is float
    assert opt.power(array.astype(np.float32), exponent).dtype == np.float32
    assert opt.power(base, array.astype(np.float32)).dtype == np.float32
