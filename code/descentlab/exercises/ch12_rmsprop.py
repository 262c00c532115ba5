"""Exercises of chapter 12, forgetting.

RMSProp by hand and as a rule, its step at a rare gradient, the units of its quantities and of
Adadelta's, Adadelta as a rule, and the learning rate that hides in its ε.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def third_point() -> float:
    """Return w₃ of RMSProp from w₀ = 2, α = 0.7, β = 0.75, ε = 0, with the gradients 8, 4, −1."""
    w, v = 2.0, 0.0
    for g in (8.0, 4.0, -1.0):
        v = 0.75 * v + 0.25 * g**2
        w = w - 0.7 * g / np.sqrt(v)
    return float(w)


BY_HAND = Exercise(
    slug="12-by-hand",
    title="Three steps by hand",
    minutes=6,
    difficulty=1,
    reference=third_point,
    remark="The steps are 2, 1 and 2/7 times α: the first is the longest that β = 0.75 allows.",
    hints=(
        r"Make a table with the columns $g$, $v$, $\sqrt v$ and the step. Each $v$ is three "
        "quarters of the one before plus a quarter of the new square.",
        r"$v$ is 16, 16 and 12.25, so $\sqrt v$ is 4, 4 and 3.5. The first two steps are $-1.4$ "
        "and $-0.7$.",
    ),
    misconceptions=(
        Misconception(
            1.05, "the factor 1 − β was forgotten: v takes in a quarter of each new square."
        ),
        Misconception(
            2 - 0.7 * (8 / np.sqrt(48) + 4 / np.sqrt(24) - 1 / np.sqrt(6.75)),
            "β and 1 − β are exchanged: three quarters of the old v stay.",
        ),
        Misconception(
            2 - 0.7 * (1 + 4 / np.sqrt(80) - 1 / 9),
            "this is AdaGrad, which adds all squares: here the old v is multiplied by β first.",
        ),
        Misconception(
            2 - 0.7 * (8 / 16 + 4 / 16 - 1 / 12.25),
            "the root was forgotten: divide by √v, which is 4, 4 and 3.5.",
        ),
        Misconception(
            2 - 0.7 * (1 + 4 / np.sqrt(16 / 0.4375) - np.sqrt(0.578125) / 3.5),
            "v was divided by 1 − βᵗ; RMSProp does not correct for the start from 0.",
        ),
        Misconception(
            2 - 0.7 * (1 + 4 / np.sqrt(52) - 1 / np.sqrt(39.25)),
            "v was started at the first square; it starts at 0, so the first v is 64/4 = 16.",
        ),
        Misconception(
            1.3, "each g was divided by its own size: v also keeps a part of the older squares."
        ),
        Misconception(-0.1, "this is w₂: one more step to go."),
        Misconception(-0.3, "the third gradient is negative, so the third step goes up."),
        Misconception(3.9, "the signs are turned round: each step goes against its gradient."),
        Misconception(1.9, "this is how far w moved in all; w₃ is the start minus this."),
        Misconception(-5.7, "this is gradient descent: each gradient has to be divided by √v."),
        Misconception(3.5, "this is √v at the end; the parameter w₃ is asked for."),
    ),
)


def rmsprop(gradient, w, lr, beta, eps, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path, v = [w], np.zeros_like(w)
    for _ in range(steps):
        g = gradient(path[-1])
        v = beta * v + (1 - beta) * g**2
        path.append(path[-1] - lr * g / (np.sqrt(v) + eps))
    return np.array(path)


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _sinh_gradient(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _any_rule(rule):
    """Return a solver with another step: rule(w, g, v, lr, beta, eps, t) gives the new w and v."""

    def solve(gradient, w, lr, beta, eps, steps):
        path, v = [w], 0 * w
        for t in range(steps):
            w, v = rule(w, gradient(w), v, lr, beta, eps, t + 1)
            path.append(w)
        return np.array(path)

    return solve


def _share_forgotten(w, g, v, lr, beta, eps, t):
    v = beta * v + g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def _exchanged(w, g, v, lr, beta, eps, t):
    v = (1 - beta) * v + beta * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def _summed(w, g, v, lr, beta, eps, t):
    v = v + g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def _old_kept_whole(w, g, v, lr, beta, eps, t):
    v = v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def _no_root(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (v + eps), v


def _eps_inside(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / np.sqrt(v + eps), v


def _no_eps(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / np.sqrt(v), v


def _eps_after_division(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * (g / np.sqrt(v) + eps), v


def _corrected(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v / (1 - beta**t)) + eps), v


def _started_at_first(w, g, v, lr, beta, eps, t):
    v = g**2 if t == 1 else beta * v + (1 - beta) * g**2
    return w - lr * g / (np.sqrt(v) + eps), v


def _old_average(w, g, v, lr, beta, eps, t):
    return w - lr * g / (np.sqrt(v) + eps), beta * v + (1 - beta) * g**2


def _averaged_gradient(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g
    return w - lr * g / (np.abs(v) + eps), v


def _averaged_size(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * np.abs(g)
    return w - lr * g / (v + eps), v


def _one_for_all(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * (g @ g)
    return w - lr * g / (np.sqrt(v) + eps), v


def _uphill(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w + lr * g / (np.sqrt(v) + eps), v


def _multiplied(w, g, v, lr, beta, eps, t):
    v = beta * v + (1 - beta) * g**2
    return w - lr * g * (np.sqrt(v) + eps), v


def _share_squared(w, g, v, lr, beta, eps, t):
    v = beta * v + ((1 - beta) * g) ** 2
    return w - lr * g / (np.sqrt(v) + eps), v


RMSPROP = Exercise(
    slug="12-rmsprop",
    title="RMSProp",
    minutes=10,
    difficulty=2,
    reference=rmsprop,
    remark="One line changed from AdaGrad: the old squares fade.",
    hints=(
        "Start from AdaGrad of chapter 11. Only the line of the state changes; `v` is an array of "
        "zeros before the loop and lives from one step to the next.",
        "Compute the gradient once as `g`. The new `v` is `beta` times the old one plus `1 - beta` "
        "times `g * g`; then divide by the root of the new `v`, plus `eps`.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.5, beta 0.8, eps 1e-8, 4 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 0.5, 0.8, 1e-8, 4),
        ),
        Probe(
            "a gradient that couples three parameters, "
            "w (1, -2, 0.5), lr 0.1, beta 0.9, eps 0.5, 3 steps",
            (_coupled_gradient, np.array([1.0, -2.0, 0.5]), 0.1, 0.9, 0.5, 3),
        ),
        Probe(
            "gradient sinh(w), w (1.5), lr 0.2, beta 0, eps 0.1, 2 steps",
            (_sinh_gradient, np.array([1.5]), 0.2, 0.0, 0.1, 2),
        ),
    ),
    misconceptions=(
        Misconception(
            _any_rule(_share_forgotten),
            "the factor 1 − β is missing: without it v is 1/(1 − β) times too large.",
        ),
        Misconception(
            _any_rule(_exchanged), "β and 1 − β are exchanged: the share β of the old v stays."
        ),
        Misconception(
            _any_rule(_summed), "this is AdaGrad: v takes in (1 − β)g² and keeps only βv."
        ),
        Misconception(
            _any_rule(_old_kept_whole),
            "the old v was kept whole: nothing is forgotten unless it is multiplied by β.",
        ),
        Misconception(_any_rule(_no_root), "the root was forgotten: divide by √v + ε, not v + ε."),
        Misconception(
            _any_rule(_eps_inside), "ε is inside the root: divide by √v + ε, not √(v + ε)."
        ),
        Misconception(_any_rule(_no_eps), "ε is missing: the divisor is √v + ε."),
        Misconception(
            _any_rule(_eps_after_division),
            "ε was added to the quotient: put √v + ε in parentheses below g.",
        ),
        Misconception(
            _any_rule(_corrected),
            "v was divided by 1 − βᵗ: that is Adam's correction, RMSProp has none.",
        ),
        Misconception(
            _any_rule(_started_at_first),
            "v was started at the first g²: it starts at 0, so the first v is (1 − β)g².",
        ),
        Misconception(
            _any_rule(_old_average),
            "v was used before the new square came in: the first divisor is ε alone.",
        ),
        Misconception(
            _any_rule(_averaged_gradient),
            "the gradients were averaged, where signs cancel: average their squares.",
        ),
        Misconception(
            _any_rule(_averaged_size),
            "the sizes |g| were averaged: average the squares, and take the root.",
        ),
        Misconception(
            _any_rule(_share_squared),
            "1 − β was squared too: multiply g² by it, not g.",
        ),
        Misconception(
            _any_rule(_one_for_all),
            "the squares of all parameters were added into one v: each has its own.",
        ),
        Misconception(_any_rule(_multiplied), "g was multiplied by √v + ε: divide by it."),
        Misconception(_any_rule(_uphill), "your steps go uphill: subtract lr times the quotient."),
        Misconception(
            lambda gradient, w, lr, beta, eps, steps: rmsprop(
                lambda u: gradient(w), w, lr, beta, eps, steps
            ),
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(
            lambda gradient, w, lr, beta, eps, steps: rmsprop(gradient, w, lr, beta, eps, steps)[
                1:
            ],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, lr, beta, eps, steps: rmsprop(gradient, w, lr, beta, eps, steps)[
                -1
            ],
            "this is the last point only; return the start and the point after each step.",
        ),
    ),
)


def step_at_a_rare_gradient() -> float:
    """Return g/√v just after a gradient 1 that comes at every 100th step, for β = 0.99."""
    beta, apart = 0.99, 100
    v = (1 - beta) / (1 - beta**apart)
    return float(1 / np.sqrt(v))


_KEPT = 0.99**100
RARE = Exercise(
    slug="12-rare",
    title="A rare feature",
    minutes=8,
    difficulty=2,
    reference=step_at_a_rare_gradient,
    tolerance=1e-3,
    remark="Nearly a first step each time: a rare feature moves in leaps of up to 10 α.",
    hints=(
        "Let $v$ be the average just after such a gradient. What is left of it 100 steps later, "
        "just before the next one, and what is added then?",
        r"In the long run $v$ comes back to itself: $v = \beta^{100}v + (1-\beta) \cdot 1^2$. "
        "Solve for $v$; the step is one over its root.",
    ),
    misconceptions=(
        Misconception(
            10.0, "that is the first step; after 100 steps 0.366 of the old v is still there."
        ),
        Misconception(
            1.0, "that is for a gradient of 1 at every step; v fades in the 99 steps between."
        ),
        Misconception((1 - _KEPT) / 0.01, "the root was forgotten: divide by √v, not v."),
        Misconception(0.01 / (1 - _KEPT), "this is v just after the gradient; the step is 1/√v."),
        Misconception(
            np.sqrt(0.01 / (1 - _KEPT)), "this is √v just after the gradient; the step is 1/√v."
        ),
        Misconception(
            np.sqrt((1 - _KEPT) / 0.01 / _KEPT),
            "v was taken before the new square came in; the rule takes it in first.",
        ),
        Misconception(
            np.sqrt(1 / (0.01 + 0.01 * _KEPT)),
            "only the last two gradients were counted: all older ones add their part to v.",
        ),
        Misconception(np.sqrt(1 - _KEPT), "the factor 1 − β was forgotten: v takes in 0.01 · g²."),
        Misconception(
            1 / np.sqrt(1 - _KEPT),
            "this is the 100th step with a constant gradient; here 99 of 100 are 0.",
        ),
    ),
)


def exponents():
    """Return (a, b) of the units [w]^a [L]^b of v, ε, u, and of α in a step α·g/v."""
    gradient, step = np.array([-1, 1]), np.array([1, 0])
    v = gradient + gradient
    return np.array([v, gradient, step + step, step + v - gradient])


def _units_with(row: int, a: int, b: int) -> np.ndarray:
    wrong = exponents()
    wrong[row] = a, b
    return wrong


UNITS = Exercise(
    slug="12-units",
    title="Units",
    minutes=8,
    difficulty=1,
    reference=exponents,
    remark="A rate with the unit of the loss is a sign that the rule has lost its root.",
    hints=(
        r"The gradient has the unit $[w]^{-1}[L]^1$, so its pair is $(-1, 1)$. Squares double "
        "both numbers. What is added to something has the unit of it.",
        r"$v$ is an average of $g^2$, and $u$ of squared *steps*. For the last one write "
        r"$[w] = [\alpha]\,[g]/[v]$ and solve for $[\alpha]$.",
    ),
    misconceptions=(
        Misconception(_units_with(0, -1, 1), "v averages g², not g: both exponents double."),
        Misconception(
            _units_with(0, 2, -2), "the gradient is L per w: [L] is on top, [w] below it."
        ),
        Misconception(
            _units_with(1, -2, 2), "this ε stands beside √v, not inside: its unit is that of g."
        ),
        Misconception(
            _units_with(1, 0, 0), "ε is added to √v, so it must have its unit: no pure number."
        ),
        Misconception(_units_with(1, 1, 0), "[w] is the unit of α; ε is added to √v."),
        Misconception(_units_with(2, 1, 0), "u averages squared steps: the unit of w, squared."),
        Misconception(
            _units_with(2, -2, 2), "u averages the squares of the steps d, not of the gradients."
        ),
        Misconception(
            _units_with(2, 0, 0), "u is an average of d², and a step d has the unit of w."
        ),
        Misconception(
            _units_with(3, 1, 0), "that is α with the root; here g/v has the unit [w]/[L]."
        ),
        Misconception(
            _units_with(3, 2, -1), "that is gradient descent's α; here g is divided by v as well."
        ),
        Misconception(
            _units_with(3, 0, -1), "turned over: α·[w]/[L] must be [w], so α has the unit [L]."
        ),
        Misconception(
            exponents()[:, ::-1], "each pair is turned round: first the power of [w], then of [L]."
        ),
        Misconception(
            exponents().T, "four pairs are asked for, one per quantity, not all a and then all b."
        ),
    ),
)


def adadelta(gradient, w, beta, eps, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path, v, u = [w], np.zeros_like(w), np.zeros_like(w)
    for _ in range(steps):
        g = gradient(path[-1])
        v = beta * v + (1 - beta) * g**2
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        u = beta * u + (1 - beta) * d**2
        path.append(path[-1] - d)
    return np.array(path)


def _any_delta(rule):
    """Return a solver with another step: rule(g, v, u, beta, eps, w) gives d and the new v, u."""

    def solve(gradient, w, beta, eps, steps):
        path, v, u = [w], 0 * w, 0 * w
        for _ in range(steps):
            d, v, u = rule(gradient(w), v, u, beta, eps, w)
            w = w - d
            path.append(w)
        return np.array(path)

    return solve


def _new_u_on_top(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    u = beta * u + (1 - beta) * d**2
    return np.sqrt(u + eps) / np.sqrt(v + eps) * g, v, u


def _old_v_below(g, v, u, beta, eps, w):
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, beta * v + (1 - beta) * g**2, beta * u + (1 - beta) * d**2


def _nothing_on_top(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u) / np.sqrt(v + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _both_outside(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = (np.sqrt(u) + eps) / (np.sqrt(v) + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _lower_outside(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / (np.sqrt(v) + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _no_lower(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v) * g
    return d, v, beta * u + (1 - beta) * d**2


def _no_roots(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = (u + eps) / (v + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _upside_down(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(v + eps) / np.sqrt(u + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _summed_steps(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, u + d**2


def _steps_not_squared(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + (1 - beta) * np.abs(d)


def _share_forgotten_in_v(g, v, u, beta, eps, w):
    v = beta * v + g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + (1 - beta) * d**2


def _share_forgotten_in_u(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + d**2


def _shares_forgotten(g, v, u, beta, eps, w):
    v = beta * v + g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + d**2


def _exchanged_shares(g, v, u, beta, eps, w):
    v = (1 - beta) * v + beta * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, (1 - beta) * u + beta * d**2


def _places_averaged(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + (1 - beta) * (w - d) ** 2


def _gradients_averaged_twice(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return d, v, beta * u + (1 - beta) * g**2


def _u_never_kept(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    return np.sqrt(u + eps) / np.sqrt(v + eps) * g, v, u


def _added(g, v, u, beta, eps, w):
    v = beta * v + (1 - beta) * g**2
    d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
    return -d, v, beta * u + (1 - beta) * d**2


ADADELTA = Exercise(
    slug="12-adadelta",
    title="Adadelta",
    minutes=12,
    difficulty=2,
    reference=adadelta,
    remark="Two accumulators; the one of the steps is a step behind.",
    hints=(
        "Start from exercise 2, with a second array of zeros, `u`. The order in the loop is the "
        "order of the table: `v`, then `d`, then `u`, then `w`.",
        "`d` is `g` times the root of `u + eps`, divided by the root of `v + eps`, with the new "
        "`v` and the old `u`. Then `u` averages `d * d` as `v` averages `g * g`.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), beta 0.8, eps 0.01, 5 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 0.8, 0.01, 5),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), beta 0.9, eps 0.3, 4 steps",
            (_coupled_gradient, np.array([1.0, -2.0, 0.5]), 0.9, 0.3, 4),
        ),
        Probe(
            "gradient sinh(w), w (1.5), beta 0.5, eps 0.2, 3 steps",
            (_sinh_gradient, np.array([1.5]), 0.5, 0.2, 3),
        ),
    ),
    misconceptions=(
        Misconception(
            _any_delta(_new_u_on_top),
            "the step has the new u on top: take the u of the step before, then update it.",
        ),
        Misconception(
            _any_delta(_old_v_below),
            "the old v is below: update v with the new gradient before the step.",
        ),
        Misconception(
            _any_delta(_nothing_on_top),
            "w never moves: u starts at 0, and without ε above the first step is 0 for ever.",
        ),
        Misconception(
            _any_delta(_both_outside),
            "ε is outside the roots; in Adadelta it is inside both, √(u + ε) and √(v + ε).",
        ),
        Misconception(
            _any_delta(_lower_outside), "the lower ε is outside the root: write √(v + ε)."
        ),
        Misconception(_any_delta(_no_lower), "the lower ε is missing: divide by √(v + ε)."),
        Misconception(
            _any_delta(_no_roots), "the roots are missing: d has √(u + ε) above √(v + ε)."
        ),
        Misconception(
            _any_delta(_upside_down), "the quotient is upside down: steps above, gradients below."
        ),
        Misconception(
            _any_delta(_summed_steps), "u adds up all squared steps: average them with β, like v."
        ),
        Misconception(
            _any_delta(_steps_not_squared), "u averages |d|; average d², the root is taken later."
        ),
        Misconception(_any_delta(_shares_forgotten), "the factor 1 − β is missing in v and in u."),
        Misconception(_any_delta(_share_forgotten_in_v), "the factor 1 − β is missing in v."),
        Misconception(_any_delta(_share_forgotten_in_u), "the factor 1 − β is missing in u."),
        Misconception(
            _any_delta(_exchanged_shares),
            "β and 1 − β are exchanged: the share β of the old stays.",
        ),
        Misconception(
            _any_delta(_places_averaged),
            "u averages the squares of w; it is the step d that counts.",
        ),
        Misconception(
            _any_delta(_gradients_averaged_twice),
            "u averages g² as v does; above stand the squares of the steps d.",
        ),
        Misconception(_any_delta(_u_never_kept), "u stays 0: after each step update it with d²."),
        Misconception(_any_delta(_added), "your steps go uphill: subtract d."),
        Misconception(
            lambda gradient, w, beta, eps, steps: adadelta(
                lambda place: gradient(w), w, beta, eps, steps
            ),
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(
            lambda gradient, w, beta, eps, steps: adadelta(gradient, w, beta, eps, steps)[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, beta, eps, steps: adadelta(gradient, w, beta, eps, steps)[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
    ),
)


def cost_of_a_small_epsilon() -> float:
    """Return the factor on the steps t when ε is divided by 1000 and √ε·t^(3/2) has to stay."""
    divided_by = 1000
    return float(divided_by ** (1 / 3))


EPSILON = Exercise(
    slug="12-epsilon",
    title="What does a small ε cost?",
    minutes=12,
    difficulty=3,
    reference=cost_of_a_small_epsilon,
    remark="The path grows like √ε·t^(3/2), so t goes like ε^(−1/3): a weak but real dependence.",
    hints=(
        "Compare two ε that differ by 1000, once with large ones and once with small ones (raise "
        "`steps` until `argmax` finds a crossing). To which number do the ratios go?",
        r"$d^2$ grows by $(1-\beta)\varepsilon$ per step, so $d$ goes like $\sqrt{\varepsilon t}$. "
        "Sum such steps to get the path, and ask which $t$ gives the same path.",
    ),
    misconceptions=(
        Misconception(1000.0, "that would be steps of the size ε; it is √ε that acts as a length."),
        Misconception(
            np.sqrt(1000), "that would be constant steps ∝ √ε; but a longer run has longer steps."
        ),
        Misconception(1.0, "ε does count: on given gradients every step is in proportion to √ε."),
        Misconception(0.1, "turned over: a smaller ε needs more steps."),
        Misconception(
            100.0, "the path grows like √ε·t^(3/2): t goes like ε to the power −1/3, not −2/3."
        ),
        Misconception(
            1000**0.25, "d grows like √t, so the path, the sum of d, like t^(3/2), not t²."
        ),
        Misconception(1896 / 146, "measured where ε is still large, from 1e-4; go to smaller ε."),
        Misconception(11.0, "not yet the limit: try smaller ε, such as 1e-7 and 1e-10."),
        Misconception(12.0, "not yet the limit: try smaller ε, such as 1e-7 and 1e-10."),
    ),
    explanation=(
        r"$d \approx \sqrt{(1-\beta)\,\varepsilon\,t}$, so the path is about "
        r"$\frac23\sqrt{(1-\beta)\,\varepsilon}\;t^{3/2}$. For the same path $\varepsilon t^3$ has "
        "to be the same. That the gradient halves on the way changes the factor in front, not the "
        "power."
    ),
)

EXERCISES = (BY_HAND, RMSPROP, RARE, UNITS, ADADELTA, EPSILON)
