"""Exercises of chapter 11, adapting in space.

AdaGrad by hand and as a rule, the unit of its rate, the place of ε at a small gradient, and a run
that one large gradient at a cliff has slowed down for good.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def third_point() -> float:
    """Return w₃ of AdaGrad from w₀ = 1 with α = 0.65, ε = 0 and the gradients 8, 6, −24."""
    w, h = 1.0, 0.0
    for g in (8.0, 6.0, -24.0):
        h = h + g**2
        w = w - 0.65 * g / np.sqrt(h)
    return float(w)


BY_HAND = Exercise(
    slug="11-by-hand",
    title="Three steps by hand",
    minutes=6,
    difficulty=1,
    reference=third_point,
    remark="The steps are 1, 0.6 and 0.923 times α: a larger gradient makes the step long again.",
    hints=(
        r"Make a table with the columns $g$, $h$, $\sqrt h$ and the step. Each $h$ is the one "
        "before plus the new square.",
        r"$\sqrt h$ is 8, 10 and 26. The steps are $-0.65$, $-0.39$ and $+0.6$.",
    ),
    misconceptions=(
        Misconception(
            1.65, "each g was divided by itself: h adds up all squares so far, 64, 100, 676."
        ),
        Misconception(
            1 - 0.65 * (8 / 64 + 6 / 100 - 24 / 676),
            "the root was forgotten: divide by √h, which is 8, 10 and 26.",
        ),
        Misconception(
            1 - 0.65 * (1 + 6 / 14 - 24 / 38),
            "the sizes |g| were added up; add their squares, then take the root.",
        ),
        Misconception(-0.04, "this is w₂: one more step to go."),
        Misconception(
            -0.64, "the third gradient is negative, so the third step goes up, to larger w."
        ),
        Misconception(1.44, "the signs are turned round: each step goes against its gradient."),
        Misconception(0.44, "this is how far w moved in all; w₃ is the start minus this."),
        Misconception(
            1 - 0.65 * (8 + 6 - 24),
            "this is gradient descent: each gradient has to be divided by √h.",
        ),
        Misconception(
            1 - 0.65 * (1 + 6 / np.sqrt(50) - 24 / np.sqrt(676 / 3)),
            "the mean of the squares was used; h is their sum and is never divided by t.",
        ),
        Misconception(26.0, "this is √h at the end; the parameter w₃ is asked for."),
    ),
)


def adagrad(gradient, w, lr, eps, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path, h = [w], np.zeros_like(w)
    for _ in range(steps):
        g = gradient(path[-1])
        h = h + g**2
        path.append(path[-1] - lr * g / (np.sqrt(h) + eps))
    return np.array(path)


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _sinh_gradient(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _any_rule(rule):
    """Return a solver with another step: rule(w, g, h, lr, eps, t) gives the new w and h."""

    def solve(gradient, w, lr, eps, steps):
        path, h = [w], 0 * w
        for t in range(steps):
            w, h = rule(w, gradient(w), h, lr, eps, t + 1)
            path.append(w)
        return np.array(path)

    return solve


def _no_root(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * g / (h + eps), h


def _sum_of_gradients(w, g, h, lr, eps, t):
    h = h + g
    return w - lr * g / (np.abs(h) + eps), h


def _root_of_gradients(w, g, h, lr, eps, t):
    h = h + np.abs(g)
    return w - lr * g / (np.sqrt(h) + eps), h


def _sum_of_sizes(w, g, h, lr, eps, t):
    h = h + np.abs(g)
    return w - lr * g / (h + eps), h


def _newest_only(w, g, h, lr, eps, t):
    return w - lr * g / (np.abs(g) + eps), h


def _eps_inside(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * g / np.sqrt(h + eps), h


def _eps_after_division(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * (g / np.sqrt(h) + eps), h


def _no_eps(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * g / np.sqrt(h), h


def _old_sum(w, g, h, lr, eps, t):
    return w - lr * g / (np.sqrt(h) + eps), h + g**2


def _mean_of_squares(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * g / (np.sqrt(h / t) + eps), h


def _one_for_all(w, g, h, lr, eps, t):
    h = h + g @ g
    return w - lr * g / (np.sqrt(h) + eps), h


def _multiplied(w, g, h, lr, eps, t):
    h = h + g**2
    return w - lr * g * (np.sqrt(h) + eps), h


def _uphill(w, g, h, lr, eps, t):
    h = h + g**2
    return w + lr * g / (np.sqrt(h) + eps), h


def _plain(w, g, h, lr, eps, t):
    return w - lr * g, h


ADAGRAD = Exercise(
    slug="11-adagrad",
    title="AdaGrad",
    minutes=10,
    difficulty=2,
    reference=adagrad,
    remark="One line and one divisor more than the gradient descent of chapter 03.",
    hints=(
        "Start from gradient descent of chapter 03. Before the loop, `h` is an array of zeros of "
        "the shape of `w`; it has to live from one step to the next.",
        "In the loop: compute the gradient once as `g`, add `g * g` to `h`, then divide by "
        "`np.sqrt(h) + eps`, with the new `h`.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 3, eps 1e-10, 4 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 3.0, 1e-10, 4),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.3, eps 0.5, 3 steps",
            (_coupled_gradient, np.array([1.0, -2.0, 0.5]), 0.3, 0.5, 3),
        ),
        Probe(
            "gradient sinh(w), w (1.5), lr 0.2, eps 0.1, 1 step",
            (_sinh_gradient, np.array([1.5]), 0.2, 0.1, 1),
        ),
    ),
    misconceptions=(
        Misconception(_any_rule(_no_root), "the root was forgotten: divide by √h + ε, not h + ε."),
        Misconception(
            _any_rule(_sum_of_gradients),
            "the gradients were added up, where signs cancel: add their squares.",
        ),
        Misconception(
            _any_rule(_root_of_gradients),
            "h holds |g|, not g²: its root has the wrong unit, √([L]/[w]).",
        ),
        Misconception(
            _any_rule(_sum_of_sizes),
            "the sizes |g| were added up: add the squares, and take the root of the sum.",
        ),
        Misconception(
            _any_rule(_newest_only),
            "h holds the newest square only: add it to the old h, do not put it in its place.",
        ),
        Misconception(
            _any_rule(_eps_inside), "ε is inside the root: divide by √h + ε, not √(h + ε)."
        ),
        Misconception(
            _any_rule(_eps_after_division),
            "ε was added to the quotient: put √h + ε in parentheses below g.",
        ),
        Misconception(_any_rule(_no_eps), "ε is missing: the divisor is √h + ε."),
        Misconception(
            _any_rule(_old_sum),
            "h was used before the new square was added: the first divisor is ε alone.",
        ),
        Misconception(
            _any_rule(_mean_of_squares), "h was divided by t: AdaGrad takes the sum, not the mean."
        ),
        Misconception(
            _any_rule(_one_for_all),
            "the squares of all parameters were added into one h: each has its own.",
        ),
        Misconception(_any_rule(_multiplied), "g was multiplied by √h + ε: divide by it."),
        Misconception(_any_rule(_uphill), "your steps go uphill: subtract lr times the quotient."),
        Misconception(
            _any_rule(_plain), "this is gradient descent: divide the gradient by √h + ε."
        ),
        Misconception(
            lambda gradient, w, lr, eps, steps: adagrad(lambda u: gradient(w), w, lr, eps, steps),
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(
            lambda gradient, w, lr, eps, steps: adagrad(gradient, w, lr, eps, steps)[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, lr, eps, steps: adagrad(gradient, w, lr, eps, steps)[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
    ),
)


def rate_in_millimetres() -> float:
    """Return 0.02 metres in millimetres; the unit of the loss does not enter."""
    metres = 0.02
    return metres * 1000


UNITS = Exercise(
    slug="11-units",
    title="Millimetres",
    minutes=6,
    difficulty=1,
    reference=rate_in_millimetres,
    remark="α is a length; 20 mm is 0.02 m. The unit of the loss cancels in g/√h.",
    hints=(
        r"Which units does the quotient $g/\sqrt h$ have? Then which unit does $\alpha$ have?",
        r"$\alpha$ is a length in the unit of $w$, and the unit of $L$ does not enter. The first "
        "step is 0.02 metres long in both programs.",
    ),
    misconceptions=(
        Misconception(0.02, "AdaGrad does not notice the unit of L, but α is a length, like w."),
        Misconception(
            200.0, "[w]²/[L] is the unit of gradient descent's rate; here it is [w] alone."
        ),
        Misconception(2e4, "[w]² enters in gradient descent; AdaGrad's rate has the unit [w]."),
        Misconception(2000.0, "the factor 100 of the loss is in g and in √h: it cancels."),
        Misconception(0.2, "dividing by the factor of the loss is too much: it cancels in g/√h."),
        Misconception(
            0.02 / 1000, "the other way round: a length has a larger number in millimetres."
        ),
        Misconception(1000.0, "this is the factor between the units; multiply it by 0.02."),
        Misconception(2.0, "a metre has 1000 millimetres, not 100."),
    ),
)


def ratio_of_first_steps() -> float:
    """Return the first step with ε outside the root over the one with ε inside, at g = 3e-5."""
    g, eps = 3e-5, 1.6e-9
    outside = g / (np.sqrt(g**2) + eps)
    inside = g / np.sqrt(g**2 + eps)
    return float(outside / inside)


EPSILON = Exercise(
    slug="11-epsilon",
    title="The same ε in another place",
    minutes=8,
    difficulty=2,
    reference=ratio_of_first_steps,
    tolerance=3e-3,
    remark="Outside, ε is 20 000 times smaller than g; inside, it is nearly twice as large as g².",
    hints=(
        r"In the first step $h = g^2$. Write both divisors, $\sqrt{g^2} + \varepsilon$ and "
        r"$\sqrt{g^2 + \varepsilon}$.",
        r"$g^2 = 9 \cdot 10^{-10}$, and $\varepsilon = 16 \cdot 10^{-10}$. What is the root of "
        "their sum?",
    ),
    misconceptions=(
        Misconception(
            1.0, "inside the root ε = 1.6e-9 is added to g² = 9e-10: there it is the larger one."
        ),
        Misconception(0.6, "this is inside over outside; the longer step goes on top."),
        Misconception(25 / 9, "this is the ratio of the squares; the root of it is asked for."),
        Misconception(
            7 / 3, "the root of a sum is not the sum of the roots: √(9 + 16) is 5, not 7."
        ),
        Misconception(4 / 3, "this is √ε over g; inside the root g² and ε are added."),
        Misconception(16 / 9, "this is ε over g²; the divisors are g + ε and the root of g² + ε."),
        Misconception(
            5 / 4, "the longer step has the divisor 3e-5, not √ε = 4e-5; the other one has 5e-5."
        ),
    ),
)


def cause_of_the_stall():
    """Return the letter of the only change that lets w arrive within 100 steps."""

    def end(start=2.5, lr=1.0, eps=1e-10, reset=None):
        w, h = start, 0.0
        for t in range(100):
            if t == reset:
                h = 0.0
            g = w + 8 * np.exp(8 * (w - 2))
            h = h + g**2
            w = w - lr * g / (np.sqrt(h) + eps)
        return abs(w)

    arrives = {"b": end(reset=1), "c": end(lr=10.0), "d": end(eps=0.0)}
    return min(arrives, key=lambda letter: arrives[letter])


CLIFF = Exercise(
    slug="11-cliff",
    title="Below the cliff",
    minutes=12,
    difficulty=3,
    reference=cause_of_the_stall,
    options="abcd",
    remark="One gradient of 439 at the start, and every later rate is at most 1/439.",
    hints=(
        "Change one thing at a time and put it back before the next: first `start`, then `reset`, "
        "`lr`, `eps`.",
        "Print `h` beside `w`. How much of its last value was there after the first step?",
    ),
    misconceptions=(
        Misconception(
            "a", "from 1.5 it arrives within ten steps: the bowl is the same, only h is not."
        ),
        Misconception(
            "c", "with lr = 10 the first step goes to −7.5, and after 100 steps w is still −0.77."
        ),
        Misconception("d", "√h is 439; ε = 1e-10 beside it changes nothing that can be seen."),
    ),
    explanation=(
        r"At $w = 2.5$ the gradient is $2.5 + 8e^4 = 439$. From then on the effective rate is at "
        r"most $\alpha/439$, and on the bowl each step multiplies $w$ by about $1 - 1/439$."
    ),
)

EXERCISES = (BY_HAND, ADAGRAD, UNITS, EPSILON, CLIFF)
