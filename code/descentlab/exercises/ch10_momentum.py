"""Exercises of chapter 10, remembering.

Momentum by hand and as a rule, its sum form against the average, a velocity that carries old rates
through a schedule, Nesterov's step with a velocity overwritten too early, and waves in a loss.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def third_point() -> float:
    """Return w₃ for L(w) = 5w²/2, α = 0.1, β = 0.8, w₀ = 10, with m = 0 before the first step."""
    w, m = 10.0, 0.0
    for _ in range(3):
        m = 0.8 * m + 5 * w
        w = w - 0.1 * m
    return float(w)


BY_HAND = Exercise(
    slug="10-by-hand",
    title="Three steps by hand",
    minutes=6,
    difficulty=1,
    reference=third_point,
    remark="At w₂ = −1.5 the gradient points back, but 0.8 m is larger: w goes on. It overshoots.",
    hints=(
        "Make a table with the columns $g$, $m$, $w$. The gradient is $5w$, taken where $w$ stands "
        "at the beginning of the step.",
        "First row: $g = 50$, $m = 50$, $w = 5$. Second row: $g = 25$, "
        r"$m = 0.8 \cdot 50 + 25 = 65$.",
    ),
    misconceptions=(
        Misconception(1.25, "this is gradient descent: m keeps 0.8 of itself and adds g."),
        Misconception(-1.5, "this is w₂: one more step to go."),
        Misconception(-6.535, "this is w₄: w₀ is the start, so w₃ is there after three steps."),
        Misconception(5.95, "the size is right; at the third step w is on the other side of 0."),
        Misconception(
            -4.0,
            "m was used before g was added: first m ← 0.8 m + g, then the step with the new m.",
        ),
        Misconception(
            -16.2, "each g is taken where w stands: 50, 25, −7.5, not always the first, 50."
        ),
        Misconception(-4.24, "g was multiplied by β too: only the old m is, m ← 0.8 m + g."),
        Misconception(
            5.21, "this is the average form, with (1 − β)g; the sum form adds the whole g."
        ),
        Misconception(-3.19, "this is Nesterov's method, w − α(g + βm); momentum has w − αm."),
        Misconception(-0.38125, "the gradient of 5w²/2 is 5w, not 2.5w: the ½ and the 2 cancel."),
        Misconception(44.5, "this is m at the third step; take the step w₃ = w₂ − 0.1 m."),
    ),
)


def momentum(gradient, w, lr, beta, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path, m = [w], np.zeros_like(w)
    for _ in range(steps):
        m = beta * m + gradient(path[-1])
        path.append(path[-1] - lr * m)
    return np.array(path)


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _sinh_gradient(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _any_rule(gradient, w, lr, beta, steps, rule):
    path, m = [w], 0 * w
    for _ in range(steps):
        w, m = rule(w, m, gradient, lr, beta)
        path.append(w)
    return np.array(path)


def _momentum_like(rule):
    return lambda gradient, w, lr, beta, steps: _any_rule(gradient, w, lr, beta, steps, rule)


def _average(w, m, gradient, lr, beta):
    m = beta * m + (1 - beta) * gradient(w)
    return w - lr * m, m


def _old_memory(w, m, gradient, lr, beta):
    return w - lr * m, beta * m + gradient(w)


def _nesterov(w, m, gradient, lr, beta):
    g = gradient(w)
    m = beta * m + g
    return w - lr * (g + beta * m), m


def _look_ahead(w, m, gradient, lr, beta):
    m = beta * m + gradient(w - lr * beta * m)
    return w - lr * m, m


def _uphill(w, m, gradient, lr, beta):
    m = beta * m + gradient(w)
    return w + lr * m, m


def _whole_sum_decays(w, m, gradient, lr, beta):
    m = beta * (m + gradient(w))
    return w - lr * m, m


def _no_decay(w, m, gradient, lr, beta):
    m = m + gradient(w)
    return w - lr * m, m


def _beta_on_gradient(w, m, gradient, lr, beta):
    m = (1 - beta) * m + beta * gradient(w)
    return w - lr * m, m


def _rate_twice(w, m, gradient, lr, beta):
    m = beta * m + lr * gradient(w)
    return w - lr * m, m


MOMENTUM = Exercise(
    slug="10-momentum",
    title="Momentum",
    minutes=8,
    difficulty=1,
    reference=momentum,
    remark="With beta = 0 it is the gradient descent of chapter 03; one line made the difference.",
    hints=(
        "Start from gradient descent of chapter 03. Before the loop, `m` is an array of zeros of "
        "the shape of `w`; it has to live from one step to the next.",
        "In the loop: first `m = beta * m + ...` with the gradient at the newest point, then a new "
        "point with `m` in place of the gradient.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.3, beta 0.9, 4 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 0.3, 0.9, 4),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.1, beta 0.6, 3 steps",
            (_coupled_gradient, np.array([1.0, -2.0, 0.5]), 0.1, 0.6, 3),
        ),
        Probe(
            "gradient sinh(w), w (1.5), lr 0.5, beta 0.2, 1 step",
            (_sinh_gradient, np.array([1.5]), 0.5, 0.2, 1),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda gradient, w, lr, beta, steps: momentum(gradient, w, lr, 0, steps),
            "this is gradient descent: m must keep beta times its old value.",
        ),
        Misconception(
            _momentum_like(_average),
            "this is the average form, with (1 − beta)g; the sum form adds the whole gradient.",
        ),
        Misconception(
            _momentum_like(_old_memory),
            "m was used before the new gradient was added: your first step does not move.",
        ),
        Misconception(
            _momentum_like(_nesterov),
            "this is Nesterov's method, with g + beta m in the step; momentum has m alone.",
        ),
        Misconception(
            _momentum_like(_look_ahead),
            "the gradient was taken at the look-ahead point: momentum takes it at w.",
        ),
        Misconception(
            _momentum_like(_uphill),
            "your steps go uphill: m = beta m + g has to be subtracted, lr times.",
        ),
        Misconception(
            _momentum_like(_whole_sum_decays),
            "the new gradient was multiplied by beta too: m = beta m + g.",
        ),
        Misconception(_momentum_like(_no_decay), "m never forgets: multiply the old m by beta."),
        Misconception(
            _momentum_like(_beta_on_gradient),
            "beta is the share of the old m that is kept, not the weight of the new gradient.",
        ),
        Misconception(
            _momentum_like(_rate_twice),
            "lr was used twice, inside m and in the step; it belongs in one of them.",
        ),
        Misconception(
            lambda gradient, w, lr, beta, steps: momentum(
                lambda u: gradient(w), w, lr, beta, steps
            ),
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(
            lambda gradient, w, lr, beta, steps: momentum(gradient, w, lr, beta, steps)[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, lr, beta, steps: momentum(gradient, w, lr, beta, steps)[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
    ),
)


def average_rate() -> float:
    """Return the rate of the average form that equals α = 0.02, β = 0.95 of the sum form."""
    lr, beta = 0.02, 0.95
    return lr / (1 - beta)


AVERAGE = Exercise(
    slug="10-average",
    title="Another library",
    minutes=5,
    difficulty=1,
    reference=average_rate,
    remark="The average is 20 times smaller than the sum, so the rate is 20 times larger.",
    hints=(
        "Let both memories start at 0 and see the same gradients. By which factor do they differ, "
        "after one step and after any number?",
        r"The average is $(1 - \beta)$ times the sum. The products of rate and memory have to be "
        "equal.",
    ),
    misconceptions=(
        Misconception(
            0.001, "the other way round: the average is the smaller memory, it needs a larger rate."
        ),
        Misconception(0.02, "with one rate for both, the average takes steps 20 times shorter."),
        Misconception(0.02 / 0.95, "divide by 1 − β, the weight of a new gradient, not by β."),
        Misconception(0.019, "this is αβ; the two memories differ by the factor 1 − β."),
        Misconception(20.0, "this is the factor 1/(1 − β); multiply it by the rate 0.02."),
        Misconception(
            0.38, "α β/(1 − β): the newest gradient, of weight 1 in the sum, was left out."
        ),
        Misconception(
            0.02 / 1.95, "1/(1 + β) belongs to alternating gradients; the forms differ by 1 − β."
        ),
        Misconception(0.07, "0.02 + 0.05 adds what has to be divided: α/(1 − β)."),
    ),
)


def coasting_distance() -> float:
    """Return how far the velocity form moves after α = 0.3 fell to 0, at β = 0.75 and g = 1."""
    lr, beta = 0.3, 0.75
    speed = lr / (1 - beta)
    return speed * beta / (1 - beta)


COASTING = Exercise(
    slug="10-coasting",
    title="Coasting",
    minutes=10,
    difficulty=2,
    reference=coasting_distance,
    tolerance=1e-4,
    remark="The sum form would stand still at once: its rate multiplies the old gradients too.",
    hints=(
        "How long is the step after 200 steps with $g = 1$? Then write down the first few steps "
        r"after $\alpha$ has become 0: only $v \leftarrow \beta v$ is left.",
        r"The speed before is $\alpha/(1 - \beta) = 1.2$ per step. Afterwards the steps are "
        r"$\beta, \beta^2, \beta^3, \dots$; their sum is geometric and begins with $\beta$.",
    ),
    misconceptions=(
        Misconception(
            0.0, "so it is in the sum form; the velocity form keeps v, which carries the old rate."
        ),
        Misconception(
            4.8, "this counts the last step with α = 0.3 too; the first after it is 0.9 long."
        ),
        Misconception(
            1.2, "this is the speed before, per step; add up the steps after α became 0."
        ),
        Misconception(0.9, "this is the first step only; 0.675 and all the others follow."),
        Misconception(-3.6, "the size is right, w does go down; a distance has no sign."),
        Misconception(
            12.0, "α is missing in the speed: after 200 steps it is 0.3/(1 − 0.75) = 1.2."
        ),
        Misconception(
            0.3, "this is one plain step αg; 200 equal gradients have added up to a speed of 1.2."
        ),
        Misconception(
            0.225, "this is one gradient's step times β; v is the sum over 200 gradients."
        ),
    ),
)


def nesterov_step(w, v, g, lr, beta):
    """Return the new w and the new v of Nesterov's method in the velocity form."""
    new_w = w + beta**2 * v - (1 + beta) * lr * g
    new_v = beta * v - lr * g
    return new_w, new_v


def _overwritten(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + beta**2 * v - (1 + beta) * lr * g, v


def _heavy_ball(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + v, v


def _without_square(w, v, g, lr, beta):
    return w + beta * v - (1 + beta) * lr * g, beta * v - lr * g


def _swapped(w, v, g, lr, beta):
    return nesterov_step(w, v, g, lr, beta)[::-1]


def _frozen_velocity(w, v, g, lr, beta):
    return nesterov_step(w, v, g, lr, beta)[0], 1 * v


def _sign_of_velocity(w, v, g, lr, beta):
    return w - beta**2 * v - (1 + beta) * lr * g, beta * v - lr * g


def _velocity_uphill(w, v, g, lr, beta):
    return w + beta**2 * v - (1 + beta) * lr * g, beta * v + lr * g


def _rate_outside(w, v, g, lr, beta):
    return w + beta**2 * v - (1 + beta) * lr * g, beta * v - g


def _plain_gradient(w, v, g, lr, beta):
    return w + beta**2 * v - lr * g, beta * v - lr * g


def _kept_whole(w, v, g, lr, beta):
    return w + beta**2 * v - (1 + beta) * lr * g, v - lr * g


def _point_only(w, v, g, lr, beta):
    return nesterov_step(w, v, g, lr, beta)[0]


OVERWRITTEN = Exercise(
    slug="10-overwritten",
    title="Nesterov with a velocity",
    minutes=12,
    difficulty=2,
    reference=nesterov_step,
    remark="The wrong order moved the edge of stability at β = 0.9 from αλ = 1.357 to 0.860.",
    hints=(
        "In the given program, follow one name through its lines. Which value does the second line "
        "read, and which one does the formula mean?",
        "Two new names keep the old values alive until both lines have used them, whichever line "
        "comes first.",
    ),
    probes=(
        Probe(
            "w (1), v (0), g (1), lr 0.1, beta 0.9",
            (np.array([1.0]), np.array([0.0]), np.array([1.0]), 0.1, 0.9),
        ),
        Probe(
            "w (-7, 2), v (0.6, -0.4), g (-0.7, 4), lr 0.3, beta 0.9",
            (np.array([-7.0, 2.0]), np.array([0.6, -0.4]), np.array([-0.7, 4.0]), 0.3, 0.9),
        ),
        Probe(
            "w (1, 0, 2), v (1, -2, 0), g (0, 3, -1), lr 0.05, beta 0.5",
            (
                np.array([1.0, 0.0, 2.0]),
                np.array([1.0, -2.0, 0.0]),
                np.array([0.0, 3.0, -1.0]),
                0.05,
                0.5,
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            _overwritten,
            "velocity was overwritten before it was used: w needs the old v (first step 2.71 αg).",
        ),
        Misconception(
            _heavy_ball, "this is the heavy ball, w + the new v; Nesterov's step is another one."
        ),
        Misconception(
            _without_square, "β² stands before v: one β for the memory, one for looking ahead."
        ),
        Misconception(_swapped, "the order is turned round: first the new w, then the new v."),
        Misconception(_frozen_velocity, "v stayed as it was: return βv − αg as the new v."),
        Misconception(
            _sign_of_velocity,
            "v already points downhill, it holds −αg: add β²v, do not subtract it.",
        ),
        Misconception(_velocity_uphill, "the new v is βv − αg: this v points along +g, uphill."),
        Misconception(_rate_outside, "the rate is inside the velocity here: v ← βv − αg."),
        Misconception(
            _plain_gradient,
            "the gradient has the weight 1 + β: the look-ahead counts it once more.",
        ),
        Misconception(_kept_whole, "the velocity never forgets: v ← βv − αg, with β before v."),
        Misconception(_point_only, "this is w alone; return the new w and the new v."),
    ),
    explanation=(
        "The given program puts the new velocity in place of the old one. From rest its first step "
        r"is $\beta^2 + 1 + \beta = 2.71$ times $\alpha g$. On a constant gradient both "
        r"programs reach the same speed $\alpha/(1 - \beta)$, so the error is easy to miss; it has "
        "been copied from program to program."
    ),
)


def cause_of_the_waves():
    """Return the letter of the change after which the loss rises on the fewest steps."""
    changed = {
        "a": (0.002, 0.99, [-7.0, 2.0], 0),
        "b": (0.02, 0.99, [-7.0, 0.0], 0),
        "c": (0.02, 0.5, [-7.0, 2.0], 0),
        "d": (0.02, 0.99, [-7.0, 2.0], 400),
    }
    rises = {}
    for letter, (lr, beta, start, first) in changed.items():
        w, m, losses = np.array(start), np.zeros(2), []
        for _ in range(800):
            losses.append(w[0] ** 2 / 20 + w[1] ** 2)
            m = beta * m + np.array([w[0] / 10, 2 * w[1]])
            w = w - lr * m
        rises[letter] = np.sum(np.diff(losses[first:]) > 1e-9)
    return min(rises, key=lambda letter: rises[letter])


WAVES = Exercise(
    slug="10-waves",
    title="Waves in the loss",
    minutes=9,
    difficulty=2,
    reference=cause_of_the_waves,
    options="abcd",
    remark="Both roots are complex down to a tiny αλ when β = 0.99; at β = 0.5 they are real here.",
    hints=(
        "Each explanation names a change that should remove the waves. Make one change at a time "
        "and count the rising steps.",
        r"Compare $\alpha\lambda = 0.002$ and $0.04$ with $(1 - \sqrt\beta)^2$ for $\beta = 0.99$ "
        r"and for $\beta = 0.5$.",
    ),
    misconceptions=(
        Misconception("a", "try lr = 0.002: the waves become longer and stay."),
        Misconception("b", "try start = [-7.0, 0.0]: w₁ alone makes waves; the axes do not mix."),
        Misconception(
            "d", "the last 400 steps rise too: a full memory is what carries w past the minimum."
        ),
    ),
    explanation=(
        r"For $\beta = 0.99$ the level stretch begins at $(1 - \sqrt\beta)^2 = 0.000025$, so both "
        r"directions swing. For $\beta = 0.5$ it begins at $0.086$: both creep, and the loss only "
        "falls."
    ),
)

EXERCISES = (BY_HAND, MOMENTUM, AVERAGE, COASTING, OVERWRITTEN, WAVES)
