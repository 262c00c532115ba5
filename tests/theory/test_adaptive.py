"""The adaptive rules against what can be worked out by hand: first steps, limits, examples."""

from dataclasses import replace

import numpy as np
import pytest

from descentlab import optimizers as opt
from descentlab.loops import descend

g = np.array([-0.7, 4.0, 1e-3, -250.0])
LR = 0.01


def steps_along(rule, gradients, start=None):
    """w[t] - w[t + 1] along given gradients."""
    w = np.zeros_like(gradients[0]) if start is None else start
    state, moves = rule.init(w), []
    for gradient in gradients:
        new, state = rule.step(w, gradient, state)
        moves.append(w - new)
        w = new
    return np.array(moves)


FIRST_STEPS = {
    "GradientDescent": (opt.GradientDescent(lr=LR), LR * g),
    "Momentum": (opt.Momentum(lr=LR), LR * g),
    "Nesterov": (opt.Nesterov(lr=LR, beta=0.9), 1.9 * LR * g),
    "AdaGrad": (opt.AdaGrad(lr=LR), LR * np.sign(g)),
    "RMSProp": (opt.RMSProp(lr=LR, beta=0.99), 10 * LR * np.sign(g)),
    "Adam": (opt.Adam(lr=LR), LR * np.sign(g)),
    "AMSGrad": (opt.AMSGrad(lr=LR), LR * np.sign(g)),
    "AdamW": (opt.AdamW(lr=LR), LR * np.sign(g)),
    "Adamax": (opt.Adamax(lr=LR), LR * np.sign(g)),
    "Lion": (opt.Lion(lr=LR), LR * np.sign(g)),
    "RAdam": (opt.RAdam(lr=LR), LR * g),
}


@pytest.mark.parametrize(("rule", "expected"), FIRST_STEPS.values(), ids=FIRST_STEPS)
def test_the_first_step(rule, expected):
    np.testing.assert_allclose(steps_along(rule, [g])[0], expected, rtol=2e-4)


def test_epsilon_shortens_adams_first_step_by_its_share():
    for eps in (1e-8, 1e-3, 1.0):
        first = steps_along(opt.Adam(lr=LR, eps=eps), [g])[0]
        np.testing.assert_allclose(first, LR * g / (np.abs(g) + eps), rtol=1e-12)


def test_where_epsilon_stands_in_each_rule():
    eps, size = 0.5, np.abs(g)
    v = 0.25 * g**2
    expected = {
        opt.AdaGrad(lr=LR, eps=eps): LR * g / (size + eps),
        opt.RMSProp(lr=LR, beta=0.75, eps=eps): LR * g / (size / 2 + eps),
        opt.Adadelta(lr=LR, beta=0.75, eps=eps): LR * np.sqrt(eps) / np.sqrt(v + eps) * g,
        opt.AMSGrad(lr=LR, eps=eps): LR * g / (size + eps),
        opt.Adamax(lr=LR, eps=eps): LR * g / (size + eps),
    }
    for rule, first in expected.items():
        np.testing.assert_allclose(steps_along(rule, [g])[0], first, rtol=1e-12)


def test_radam_adds_epsilon_to_the_root_before_the_correction():
    rule = opt.RAdam(lr=LR, beta1=0.0, beta2=0.9, eps=0.5)
    moves = steps_along(rule, np.tile(g, (30, 1)))
    for t in (7, 30):
        share = 1 - 0.9**t
        expected = LR * rule.rectifier(t) * np.sqrt(share) * g
        expected = expected / (np.sqrt(share) * np.abs(g) + 0.5)
        np.testing.assert_allclose(moves[t - 1], expected, rtol=1e-12)


def test_without_the_corrections_adams_first_step_is_3_16_times_too_long():
    rule = opt.Adam(lr=LR)
    _, state = rule.step(np.zeros_like(g), g, rule.init(g))
    uncorrected = LR * state["m"] / (np.sqrt(state["v"]) + rule.eps)
    np.testing.assert_allclose(uncorrected, 0.1 / np.sqrt(0.001) * LR * np.sign(g), rtol=1e-3)
    assert 0.1 / np.sqrt(0.001) == pytest.approx(3.162, abs=1e-3)


def test_adadelta_starts_cold_with_the_root_of_eps_over_one_minus_beta():
    first = steps_along(opt.Adadelta(beta=0.9, eps=1e-6), [np.array([5.0, -80.0])])[0]
    np.testing.assert_allclose(first, np.sqrt(1e-6 / 0.1) * np.array([1, -1]), rtol=1e-6)


def test_nadams_first_step_counts_the_gradient_twice():
    rule = opt.NAdam(lr=LR)
    mu1, mu2 = 0.9 * (1 - 0.5 * 0.96**0.004), 0.9 * (1 - 0.5 * 0.96**0.008)
    expected = LR * (1 + mu2 * 0.1 / (1 - mu1 * mu2)) * np.sign(g)
    np.testing.assert_allclose(steps_along(rule, [g])[0], expected, rtol=2e-5)
    assert rule.mu(1) == pytest.approx(mu1)
    assert rule.mu(10**6) == pytest.approx(0.9)


def test_nadams_product_of_momenta_can_be_stacked_over_time():
    rule = opt.NAdam(beta1=np.array([[0.9], [0.5]]))
    trace = descend(np.ones_like, np.zeros((2, 3), dtype=np.float32), rule, 2)
    products = trace.state("mu_product")
    assert products.dtype == np.float32
    expected = np.cumprod([np.ones((2, 1)), rule.mu(1), rule.mu(2)], axis=0)
    np.testing.assert_allclose(products, expected, rtol=1e-6)
    plain = descend(np.ones_like, np.zeros(3), opt.NAdam(), 2).state("mu_product")
    np.testing.assert_allclose(plain, [1, opt.NAdam().mu(1), opt.NAdam().mu(1) * opt.NAdam().mu(2)])


@pytest.mark.parametrize("rule", [opt.Adam(lr=LR), opt.AMSGrad(lr=LR), opt.Adamax(lr=LR)])
def test_a_constant_gradient_gives_steps_of_the_rate(rule):
    moves = steps_along(rule, np.tile(g, (200, 1)))
    np.testing.assert_allclose(moves, np.tile(LR * np.sign(g), (200, 1)), rtol=2e-5)


def test_corrected_averages_of_a_constant_are_that_constant():
    rule = opt.Adam(beta1=0.9, beta2=0.999)
    w, state = np.zeros_like(g), rule.init(g)
    for t in range(1, 50):
        w, state = rule.step(w, g, state)
        np.testing.assert_allclose(state["m"] / (1 - 0.9**t), g, rtol=1e-12)
        np.testing.assert_allclose(state["v"] / (1 - 0.999**t), g**2, rtol=1e-12)


def test_adams_step_is_bounded_by_cauchy_and_schwarz():
    """|m| <= root(v) times the constant; zeros and then equal gradients pass Kingma and Ba's."""
    late = np.zeros((3000, 1))
    late[-20:] = 5.0
    longest = np.abs(steps_along(opt.Adam(lr=LR, eps=1e-300), late)).max()
    rng = np.random.default_rng(0)
    random = rng.normal(size=(3000, 50)) * 10.0 ** rng.integers(-3, 3, (3000, 50))
    moves = steps_along(opt.Adam(lr=LR), random)
    single = LR * 0.1 / np.sqrt(0.001)
    bound = single / np.sqrt(1 - 0.9**2 / 0.999)
    assert single < longest < bound
    assert np.abs(moves).max() < bound


def test_adams_step_after_a_long_silence():
    rare = np.zeros((3000, 1))
    rare[-1] = 5.0
    longest = np.abs(steps_along(opt.Adam(lr=LR, eps=1e-300), rare)).max()
    share1, share2 = 1 - 0.9**3000, 1 - 0.999**3000
    expected = LR * (0.1 / share1) / np.sqrt(0.001 / share2)
    assert longest == pytest.approx(expected, rel=1e-9)


def test_adagrads_path_grows_like_the_root_of_time():
    moves = np.abs(steps_along(opt.AdaGrad(lr=LR), np.tile(g, (10_000, 1))))
    path = moves.cumsum(axis=0)
    k = np.arange(1, 10_001)
    np.testing.assert_allclose(path, LR * (k**-0.5).cumsum()[:, None] * np.ones(4), rtol=1e-6)
    slope = np.log(path[-1] / path[99]) / np.log(100)
    np.testing.assert_allclose(slope, 0.5, atol=0.02)
    np.testing.assert_allclose(path[-1], 2 * LR * np.sqrt(10_000), rtol=0.01)


def test_rmsprop_forgets_where_adagrad_does_not():
    early_storm = np.ones((2000, 1))
    early_storm[:5] = 1000.0
    rmsprop = steps_along(opt.RMSProp(lr=LR, beta=0.99), early_storm)[-1]
    adagrad = steps_along(opt.AdaGrad(lr=LR), early_storm)[-1]
    assert rmsprop == pytest.approx(LR, rel=1e-2)
    assert adagrad < LR / 2000


def test_the_centered_form_divides_by_the_spread_around_the_mean():
    rng = np.random.default_rng(1)
    gradients = 3.0 + 0.5 * rng.normal(size=(4000, 400))
    moves = steps_along(opt.RMSProp(lr=LR, beta=0.99, centered=True), gradients)
    spread = gradients[-1] * LR / moves[-1]
    assert np.mean(spread**2) == pytest.approx(0.25, rel=0.03)
    plain = steps_along(opt.RMSProp(lr=LR, beta=0.99), gradients)
    assert np.mean((gradients[-1] * LR / plain[-1]) ** 2) == pytest.approx(9.25, rel=0.03)


def test_the_centered_form_keeps_both_averages():
    rule = opt.RMSProp(beta=0.9, centered=True)
    _, state = rule.step(np.zeros(4), g, rule.init(g))
    np.testing.assert_allclose(state["m"], 0.1 * g)
    np.testing.assert_allclose(state["v"], 0.1 * g**2)
    assert "m" not in opt.RMSProp().init(g)


def test_the_centered_form_stays_finite_when_the_variance_rounds_below_zero():
    rule = opt.RMSProp(lr=LR, beta=0.9, centered=True)
    constants = np.random.default_rng(6).normal(size=1000)
    trace = descend(lambda w: constants, np.zeros(1000), rule, 500)
    assert (trace.states[-1]["v"] < trace.states[-1]["m"] ** 2).any()
    assert trace.diverged == -1


def random_gradients(steps=60, p=5, seed=2):
    return np.random.default_rng(seed).normal(size=(steps, p))


SAME = {
    "momentum without memory": (opt.Momentum(lr=LR, beta=0), opt.GradientDescent(lr=LR)),
    "nesterov without memory": (opt.Nesterov(lr=LR, beta=0), opt.GradientDescent(lr=LR)),
    "adamw without decay": (opt.AdamW(lr=LR, weight_decay=0), opt.Adam(lr=LR)),
    "adam and lion without memory": (
        opt.Adam(lr=LR, beta1=0, beta2=0, eps=0),
        opt.Lion(lr=LR, beta1=0, beta2=0),
    ),
    "adamax and adam without memory": (
        opt.Adamax(lr=LR, beta1=0, beta2=0, eps=0),
        opt.Adam(lr=LR, beta1=0, beta2=0, eps=0),
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_rules_that_coincide_in_a_limit(one, other):
    gs = random_gradients()
    np.testing.assert_allclose(steps_along(one, gs), steps_along(other, gs), rtol=1e-9, atol=1e-15)


def test_adam_without_memory_is_sign_descent():
    moves = steps_along(opt.Adam(lr=LR, beta1=0, beta2=0, eps=0), random_gradients())
    np.testing.assert_allclose(moves, LR * np.sign(random_gradients()), rtol=1e-12)


def test_adam_is_gradient_descent_up_to_a_common_scale_when_beta1_is_0_and_beta2_tends_to_1():
    gs = random_gradients(400)
    moves = steps_along(opt.Adam(lr=LR, beta1=0, beta2=1 - 1e-9, eps=0), gs)
    mean_square = (gs**2).cumsum(axis=0) / np.arange(1, 401)[:, None]
    np.testing.assert_allclose(moves, LR * gs / np.sqrt(mean_square), rtol=1e-5)
    late = moves[200:] / gs[200:]
    assert (late.max(axis=0) / late.min(axis=0)).max() < 1.2


def test_adam_with_a_large_epsilon_is_averaged_momentum():
    gs = random_gradients()
    moves = steps_along(opt.Adam(lr=LR * 1e9, eps=1e9), gs)
    m, expected = 0.0, []
    for t, gradient in enumerate(gs, start=1):
        m = 0.9 * m + 0.1 * gradient
        expected.append(LR * m / (1 - 0.9**t))
    np.testing.assert_allclose(moves, expected, rtol=1e-7)


def test_decoupled_decay_is_l2_for_gradient_descent_but_not_for_adam():
    w0, decay, gs = np.ones(5), 0.5, random_gradients()
    w, l2 = w0, opt.GradientDescent(lr=LR)
    for gradient in gs:
        penalised = l2.step(w, gradient + decay * w, l2.init(w))[0]
        np.testing.assert_allclose(penalised, w - LR * decay * w - LR * gradient, rtol=1e-13)
        w = penalised
    adam, adamw = opt.Adam(lr=LR), opt.AdamW(lr=LR, weight_decay=decay)
    assert np.abs(
        adam.step(w0, gs[0] + decay * w0, adam.init(w0))[0]
        - adamw.step(w0, gs[0], adamw.init(w0))[0]
    ).max() > 0.5 * LR * decay  # fmt: skip


def test_the_largest_v_of_amsgrad_never_falls_and_bounds_the_step():
    gs = random_gradients(300) * np.linspace(3, 0.01, 300)[:, None]
    w, rule = np.zeros(5), opt.AMSGrad(lr=LR, beta2=0.9)
    state, seen, largest = rule.init(w), [], []
    for gradient in gs:
        w, state = rule.step(w, gradient, state)
        seen.append(state["v"])
        largest.append(state["v_max"])
    np.testing.assert_array_equal(np.maximum.accumulate(seen), largest)
    assert (np.diff(largest, axis=0) >= 0).all()
    assert (np.diff(seen, axis=0) < 0).any()


def test_amsgrad_is_adam_while_v_rises():
    gs = random_gradients(40)[:, :1] ** 2 * 0 + np.linspace(1, 50, 40)[:, None]
    np.testing.assert_array_equal(
        steps_along(opt.AMSGrad(lr=LR), gs), steps_along(opt.Adam(lr=LR), gs)
    )


def online_example(rule, steps=3000, c=3.0):
    """Reddi, Kale & Kumar (2018), theorem 1: slopes c, -1, -1, c, ... on [-1, 1]; best is -1."""
    w, lr = np.array([0.0]), rule.lr
    state = rule.init(w)
    for t in range(steps):
        slope = np.array([c if t % 3 == 0 else -1.0])
        w, state = replace(rule, lr=lr / np.sqrt(t + 1)).step(w, slope, state)
        w = np.clip(w, -1, 1)
    return w[0]


@pytest.mark.parametrize("c", [2.5, 3.0, 5.0])
def test_adam_walks_the_wrong_way_where_amsgrad_does_not(c):
    hyper = {"lr": 0.5, "beta1": 0.0, "beta2": 1 / (1 + c**2), "eps": 0.0}
    assert online_example(opt.Adam(**hyper), c=c) > 0.9
    assert online_example(opt.AMSGrad(**hyper), c=c) < -0.9


def rho_by_hand(t, beta2):
    return 2 / (1 - beta2) - 1 - 2 * t * beta2**t / (1 - beta2**t)


def r_by_hand(t, beta2):
    rho, limit = rho_by_hand(t, beta2), 2 / (1 - beta2) - 1
    if rho <= 5:
        return 0.0
    above, below = (rho - 4) * (rho - 2) * limit, (limit - 4) * (limit - 2) * rho
    return (above / below) ** 0.5


@pytest.mark.parametrize(("beta2", "switch"), [
    (0.999, 6), (0.99, 6), (0.98, 6), (0.9, 6), (0.8, 7), (0.7, 10), (2 / 3, None),
    (0.6, None), (1 / 3, None), (0.0, None),
])  # fmt: skip
def test_radam_switches_at_the_first_rho_above_5(beta2, switch):
    rule = opt.RAdam(beta2=beta2)
    factors = [rule.rectifier(t) for t in range(1, 200)]
    np.testing.assert_allclose(factors, [r_by_hand(t, beta2) for t in range(1, 200)], rtol=1e-9)
    np.testing.assert_allclose(
        [rule.rho(t) for t in range(1, 200)],
        [rho_by_hand(t, beta2) for t in range(1, 200)],
        rtol=1e-9,
    )
    on = np.flatnonzero(factors)
    assert (None if len(on) == 0 else on[0] + 1) == switch
    assert (np.diff(factors) > -1e-12).all()
    assert max(factors) <= 1
    each = opt.RAdam(beta2=np.array([[beta2], [0.5]]))
    assert each.rectifier(50).tolist() == [[rule.rectifier(50)], [0.0]]


def test_rho_is_computed_in_double_precision_and_exactly_5_is_not_enough():
    single = np.array([[0.999], [0.9]], dtype=np.float32)
    each = opt.RAdam(beta2=single)
    for t in (1, 5, 6, 50):
        alone = [opt.RAdam(beta2=float(beta2)) for beta2 in single[:, 0]]
        np.testing.assert_allclose(each.rho(t)[:, 0], [r.rho(t) for r in alone], rtol=1e-12)
        np.testing.assert_allclose(
            each.rectifier(t)[:, 0], [r.rectifier(t) for r in alone], rtol=1e-6
        )
    assert each.rectifier(50).dtype == np.float32
    assert type(alone[0].rho(6)) is type(alone[0].rectifier(6)) is float

    class AtTheEdge(opt.RAdam):
        def rho(self, t):
            return 5.0

    assert AtTheEdge().rectifier(9) == 0


def test_the_thresholds_4_and_5_differ_in_one_step():
    rule = opt.RAdam()
    first = {limit: next(t for t in range(1, 99) if rule.rho(t) > limit) for limit in (4, 5)}
    assert first == {4: 5, 5: 6}
    assert rule.rectifier(10**6) == pytest.approx(1.0, abs=1e-9)


def test_before_the_switch_radam_is_averaged_momentum():
    gs = random_gradients(10)
    moves, m = steps_along(opt.RAdam(lr=LR, eps=0.0), gs), 0.0
    v = 0.0
    for t, gradient in enumerate(gs, start=1):
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        plain = LR * m / (1 - 0.9**t)
        adaptive = plain * r_by_hand(t, 0.999) / np.sqrt(v / (1 - 0.999**t))
        np.testing.assert_allclose(moves[t - 1], plain if t < 6 else adaptive, rtol=1e-9)


def test_one_stack_may_hold_runs_before_and_after_the_switch():
    rule = opt.RAdam(lr=LR, beta2=np.array([[0.999], [0.5]]))
    gs = random_gradients(12, 3)
    moves = steps_along(rule, np.repeat(gs[:, None], 2, axis=1))
    np.testing.assert_array_equal(moves[:, 0], steps_along(opt.RAdam(lr=LR), gs))
    np.testing.assert_array_equal(moves[:, 1], steps_along(opt.RAdam(lr=LR, beta2=0.5), gs))


def test_adadelta_uses_the_old_average_of_its_steps_in_the_numerator():
    moves = steps_along(opt.Adadelta(lr=0.5, beta=0.5, eps=1e-2), np.full((3, 1), 2.0))[:, 0]
    u = v = 0.0
    for move in moves:
        v = 0.5 * v + 0.5 * 4
        d = np.sqrt(u + 1e-2) / np.sqrt(v + 1e-2) * 2
        u = 0.5 * u + 0.5 * d**2
        assert move == pytest.approx(0.5 * d, rel=1e-12)


def test_lion_remembers_with_another_weight_than_it_steps():
    rule = opt.Lion(lr=1.0, beta1=0.5, beta2=0.9, weight_decay=0.0)
    _, state = rule.step(np.zeros(1), np.array([1.0]), rule.init(np.zeros(1)))
    assert state["m"][0] == pytest.approx(0.1)
    assert rule.step(np.zeros(1), np.array([-0.09]), state)[0] < 0
    assert rule.step(np.zeros(1), np.array([-0.11]), state)[0] > 0
