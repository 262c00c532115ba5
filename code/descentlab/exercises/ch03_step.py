"""Exercises of chapter 03, the step.

The factor 1 − αλ that one step of gradient descent puts on the error along a curvature λ, the rule
itself, the edge 2/λ of stability, and a step found by backtracking where no curvature is known.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def third_iterate() -> float:
    """Return w₃ for L(w) = 5w²/2, α = 0.3, w₀ = 8: the factor 1 − αλ, three times."""
    start, lr, curvature = 8.0, 0.3, 5.0
    return start * (1 - lr * curvature) ** 3


FACTOR = Exercise(
    slug="03-factor",
    title="Three steps by hand",
    minutes=5,
    difficulty=1,
    reference=third_iterate,
    remark="αλ = 1.5 lies between 1 and 2: the sign flips at each step and the size halves.",
    hints=(
        "What is $L''$? Write the first step with letters and factor out $w_0$.",
        r"$L'' = 5$, so each step multiplies $w$ by $1 - \alpha\lambda = 1 - 1.5 = -0.5$.",
    ),
    misconceptions=(
        Misconception(1.0, "the size is right; three flips of the sign leave a minus."),
        Misconception(
            -27.0, "the factor is 1 − αλ, not −αλ: the old w stays in w − αλw, less a part of it."
        ),
        Misconception(
            27.0, "the factor is 1 − αλ, not αλ: the old w stays in w − αλw, less a part of it."
        ),
        Misconception(
            125.0, "the sign of the step is turned round: 1 + αλ climbs; descent has 1 − αλ."
        ),
        Misconception(2.0, "this is w₂: one more step to go."),
        Misconception(0.5, "this is w₄: w₀ is the start, so w₃ is there after three steps."),
        Misconception(-0.5, "this is the factor of one step, 1 − αλ; apply it three times to 8."),
        Misconception(-0.125, "this is the factor of three steps; multiply it by the start, 8."),
        Misconception(
            8 * 0.7**3, "the curvature is missing: the gradient is 5w, so the factor is 1 − 0.3·5."
        ),
        Misconception(
            8 * 0.25**3, "the gradient of 5w²/2 is 5w, not 2.5w: the ½ and the 2 cancel."
        ),
        Misconception(
            -64.0, "the gradient of 5w²/2 is 5w, not 10w: the factor is 1 − 0.3·5 = −0.5."
        ),
        Misconception(-28.0, "each step uses the gradient where it stands, not always the first."),
    ),
)


def gradient_descent(gradient, w, lr, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path = [w]
    for _ in range(steps):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _cosh_gradient(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _one_at_a_time(gradient, w, lr, steps):
    path = [w.copy()]
    for _ in range(steps):
        new = path[-1].copy()
        for i in range(len(new)):
            new[i] -= lr * gradient(new)[i]
        path.append(new)
    return np.array(path)


def _normalised(gradient, w, lr, steps):
    return gradient_descent(lambda v: gradient(v) / np.linalg.norm(gradient(v)), w, lr, steps)


def _gradient_path(gradient, w, lr, steps):
    return np.array([gradient(v) for v in gradient_descent(gradient, w, lr, steps)[:-1]])


DESCENT = Exercise(
    slug="03-descent",
    title="Gradient descent",
    minutes=8,
    difficulty=1,
    reference=gradient_descent,
    remark="Three lines run every experiment of this chapter.",
    hints=(
        "A list that begins with the start; in a loop, compute the next point from the last one "
        "in the list; `np.array` makes an array of the list.",
        "`path[-1]` is the newest point. `path[-1] - lr * ...` is a new array, so the older points "
        "stay as they are; `w -= ...` would change them.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.3, 4 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 0.3, 4),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.1, 3 steps",
            (_coupled_gradient, np.array([1.0, -2.0, 0.5]), 0.1, 3),
        ),
        Probe(
            "gradient sinh(w), w (1.5), lr 0.5, 1 step", (_cosh_gradient, np.array([1.5]), 0.5, 1)
        ),
    ),
    misconceptions=(
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, -lr, steps),
            "you went along +∇L, uphill: subtract lr times the gradient.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, lr, steps)[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, lr, steps)[:-1],
            "one step is missing: there are steps + 1 points, the start and one after each step.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, lr, steps + 1),
            "one step too many: the start and one point after each step make steps + 1 rows.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, lr, steps)[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: np.tile(
                gradient_descent(gradient, w, lr, steps)[-1], (steps + 1, 1)
            ),
            "all rows are the last point: w -= … changed the array the list holds; make a new one.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(lambda v: gradient(w), w, lr, steps),
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: np.array([w, *[w - lr * gradient(w)] * steps]),
            "every step starts from w₀: continue from the newest point.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(gradient, w, 1.0, steps),
            "the learning rate is missing: multiply the gradient by lr.",
        ),
        Misconception(
            lambda gradient, w, lr, steps: gradient_descent(lambda v: v, w, lr, steps),
            "w itself was subtracted: subtract lr times gradient(w).",
        ),
        Misconception(
            _normalised,
            "the gradient was divided by its length; the step of this chapter is α|∇L| long.",
        ),
        Misconception(
            _one_at_a_time,
            "one parameter moved before the gradient of the next was taken; move all at once.",
        ),
        Misconception(
            _gradient_path, "these are the gradients along the path; the points are asked for."
        ),
    ),
)


def best_rate() -> float:
    """Return 2/(μ + λ) for the curvatures 1 and 6 of L(w) = 3w₁² + w₂²/2."""
    steep, flat = 2 * 3, 2 * 0.5
    return 2 / (flat + steep)


BEST_RATE = Exercise(
    slug="03-best-rate",
    title="The best rate",
    minutes=5,
    difficulty=1,
    reference=best_rate,
    tolerance=2e-3,
    remark="2/7 = 0.286, where the factors are +5/7 and −5/7; it is just below the edge at 1/3.",
    hints=(
        "A curvature is a second derivative, not the number in front of the square.",
        r"The curvatures are 6 and 1. Both factors have one size where "
        r"$1 - \alpha = 6\alpha - 1$.",
    ),
    misconceptions=(
        Misconception(
            2 / 3.5, "3 and ½ are not the curvatures: the second derivatives are 6 and 1."
        ),
        Misconception(
            1 / 3, "this is 2/λ_max, the edge of divergence: there w₁ only swaps its sign."
        ),
        Misconception(
            1 / 6,
            "1/λ_max ends the steep part in one step, but the flat one keeps 5/6; 5/7 is possible.",
        ),
        Misconception(1.0, "1/μ is best for the flat direction alone; the steep one diverges."),
        Misconception(1 / 7, "2/(μ + λ_max), not 1/(μ + λ_max): the 1 on each side adds up to 2."),
        Misconception(
            5 / 7, "this is the factor per step at the best rate, (κ − 1)/(κ + 1); give the rate."
        ),
        Misconception(
            3.5, "this is the mean curvature; the best rate is one over it: check the unit of α."
        ),
        Misconception(
            2 / 5, "a sign slipped: 1 − αμ = αλ_max − 1 gives 2 = α(λ_max + μ), not a difference."
        ),
        Misconception(
            1 / np.sqrt(6), "one over the geometric mean; solve 1 − αμ = αλ_max − 1: a plain mean."
        ),
    ),
)


_RNG = np.random.default_rng(3)
_X = _RNG.standard_normal((20, 4)) * np.array([0.24, 0.8, 0.48, 0.64])
_Y = _RNG.standard_normal(20)


def black_box(w: np.ndarray) -> np.ndarray:
    """Return the gradient of a loss of four parameters, fitted to 20 examples; w has shape (4,)."""
    return _X.T @ (_X @ w - _Y) / 20


def largest_stable_rate() -> float:
    """Return the rate at which the gradient neither shrinks nor grows, by bisection of runs."""
    low, high = 0.0, 4.0
    before = np.linalg.norm(black_box(np.zeros(4)))
    for _ in range(20):
        lr = (low + high) / 2
        w = np.zeros(4)
        for _ in range(200):
            w = w - lr * black_box(w)
        if np.linalg.norm(black_box(w)) < before:
            low = lr
        else:
            high = lr
    return low


_CURVATURES = np.linalg.eigvalsh(_X.T @ _X / 20)

LARGEST_RATE = Exercise(
    slug="03-largest-rate",
    title="The edge of a black box",
    minutes=12,
    difficulty=3,
    reference=largest_stable_rate,
    tolerance=0.02,
    remark="No curvature was computed, and yet 2 divided by this rate is the largest one: 1.12.",
    hints=(
        "Write a function of the rate that makes a few hundred steps and tells whether the "
        "gradient has grown. Find a rate that is too small and one that is too large.",
        "Halve the interval between them again and again, keeping the half in which the answer "
        "changes. Some tens of steps are not enough just above the edge: the error grows slowly.",
    ),
    misconceptions=(
        Misconception(
            1 / _CURVATURES[-1],
            "above this rate the runs oscillate, but they still converge up to twice as far.",
        ),
        Misconception(
            2.705,
            "here the first step begins to do harm; later ones meet a steeper direction: run on.",
        ),
        Misconception(
            2 / (_CURVATURES[0] + _CURVATURES[-1]),
            "this rate converges fastest; the runs stay stable a little further.",
        ),
        Misconception(
            2 / _CURVATURES[0],
            "this edge belongs to the flattest direction; the steepest one diverges much earlier.",
        ),
        Misconception(
            2 / _CURVATURES.mean(),
            "the mean curvature does not decide: the steepest direction diverges first.",
        ),
        Misconception(
            _CURVATURES[-1], "this is the largest curvature λ_max itself; the edge is at 2/λ_max."
        ),
        Misconception(
            _CURVATURES[-1] / 2,
            "this is λ_max/2, upside down: a steeper loss allows a smaller rate.",
        ),
        Misconception(
            10.0, "a run that overflows ends in NaN, and NaN > x is false: it counts as grown."
        ),
    ),
    explanation="The loss is quadratic, so the edge is the same from almost every start.",
)


def four_runs() -> dict[str, tuple]:
    """Return four runs by letter: loss, gradient, start and learning rate."""
    return {
        "a": (lambda w: w[0] ** 2 / 2, lambda w: w, np.array([3.0]), 1.98),
        "b": (lambda w: w[0] ** 2 / 2, lambda w: w, np.array([3.0]), 2.0),
        "c": (
            lambda w: np.exp(w[0]) + np.exp(-3 * w[0]),
            lambda w: np.exp(w) - 3 * np.exp(-3 * w),
            np.array([-1.0]),
            0.08,
        ),
        "d": (
            lambda w: w[0] ** 2 / 20 + w[1] ** 2,
            lambda w: np.array([w[0] / 10, 2 * w[1]]),
            np.array([-7.0, 1e-6]),
            1.02,
        ),
    }


def diverging_run():
    """Return the letter of the run whose loss, after 1000 steps, is the highest above its start."""
    growth = {}
    for letter, (loss, gradient, w, lr) in four_runs().items():
        first = loss(w)
        for _ in range(1000):
            w = w - lr * gradient(w)
        growth[letter] = loss(w) / first
    return max(growth, key=lambda letter: growth[letter])


DIVERGES = Exercise(
    slug="03-diverges",
    title="Which run diverges?",
    minutes=10,
    difficulty=2,
    reference=diverging_run,
    options="abcd",
    remark="Its steep part started at 1e-6 and grows by 1.04 a step: hidden for some 90 steps.",
    hints=(
        "Thirty steps do not show it. Raise the number of steps.",
        "In each direction divide every move by the one before; on a quadratic this is the factor. "
        "A sign that flips says nothing; a size that stays above 1 does.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "its w swaps sides each time, but the factor is −0.98: it oscillates and converges.",
        ),
        Misconception(
            "b", "its factor is exactly −1: w jumps between 3 and −3, and the loss stays at 4.5."
        ),
        Misconception(
            "c",
            "its first step overshoots on a steep wall; from there on it goes down to the minimum.",
        ),
    ),
    explanation=(
        r"In d the factors are $1 - 1.02 \cdot 0.1 = 0.898$ and $1 - 1.02 \cdot 2 = -1.04$. The "
        "first shrinks the loss while the second one's part is still too small to be seen."
    ),
)


def backtracking_step(loss, gradient, w, lr, c):
    """Return w after one step whose rate is halved until L falls by at least c·lr·|g|²."""
    g = gradient(w)
    while loss(w - lr * g) > loss(w) - c * lr * (g @ g):
        lr = lr / 2
    return w - lr * g


class _Counted:
    """A loss that stops an endless loop: it refuses to be called a 5001st time."""

    def __init__(self, loss):
        self.loss, self.calls = loss, 0

    def __call__(self, w):
        self.calls += 1
        if self.calls > 5000:
            raise RecursionError("the loss was called 5000 times: the loop does not end")
        return self.loss(w)


def _ravine(w: np.ndarray) -> float:
    return w[0] ** 2 / 20 + w[1] ** 2


def _rosenbrock(w: np.ndarray) -> float:
    return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2


def _rosenbrock_gradient(w: np.ndarray) -> np.ndarray:
    bend = w[1] - w[0] ** 2
    return np.array([-2 * (1 - w[0]) - 400 * w[0] * bend, 200 * bend])


def _cosh(w: np.ndarray) -> float:
    return np.cosh(w).sum()


def _decrease_without_rate(loss, gradient, w, lr, c):
    g = gradient(w)
    while loss(w - lr * g) > loss(w) - c * (g @ g):
        lr = lr / 2
    return w - lr * g


def _decrease_without_square(loss, gradient, w, lr, c):
    g = gradient(w)
    while loss(w - lr * g) > loss(w) - c * lr * np.linalg.norm(g):
        lr = lr / 2
    return w - lr * g


def _rise_allowed(loss, gradient, w, lr, c):
    g = gradient(w)
    while loss(w - lr * g) > loss(w) + c * lr * (g @ g):
        lr = lr / 2
    return w - lr * g


def _tested_once(loss, gradient, w, lr, c):
    g = gradient(w)
    if loss(w - lr * g) > loss(w) - c * lr * (g @ g):
        lr = lr / 2
    return w - lr * g


def _halved_once_more(loss, gradient, w, lr, c):
    return (w + backtracking_step(loss, gradient, w, lr, c)) / 2


def _growing(loss, gradient, w, lr, c):
    g = gradient(w)
    while loss(w - lr * g) > loss(w) - c * lr * (g @ g):
        lr = lr * 2
    return w - lr * g


def _moving_on(loss, gradient, w, lr, c):
    g = gradient(w)
    new = w - lr * g
    while loss(new) > loss(w) - c * lr * (g @ g):
        lr = lr / 2
        new = new - lr * g
    return new


def _multiplied_by_c(loss, gradient, w, lr, c):
    g = gradient(w)
    while loss(w - lr * g) > loss(w) - c * lr * (g @ g):
        lr = lr * c
    return w - lr * g


def _rate(loss, gradient, w, lr, c):
    g = gradient(w)
    moved = w - backtracking_step(loss, gradient, w, lr, c)
    return moved @ g / (g @ g)


BACKTRACKING = Exercise(
    slug="03-backtracking",
    title="A backtracking step",
    minutes=12,
    difficulty=2,
    reference=backtracking_step,
    remark="Each step decreases the loss, and no curvature had to be known.",
    hints=(
        "Compute the gradient once. The loop runs while the condition is *not* met, and each round "
        "does nothing but make the rate smaller.",
        "Each trial starts from the same `w`. $|g|^2$ is `g @ g`. After the loop, take the step "
        "with the rate that has passed.",
    ),
    probes=(
        Probe(
            "the ravine, w (-7, 2), lr 0.3, c 1e-4: the first rate passes",
            (_Counted(_ravine), _ravine_gradient, np.array([-7.0, 2.0]), 0.3, 1e-4),
        ),
        Probe(
            "the ravine, w (-7, 2), lr 5, c 0.3",
            (_Counted(_ravine), _ravine_gradient, np.array([-7.0, 2.0]), 5.0, 0.3),
        ),
        Probe(
            "Rosenbrock's valley, w (-1.2, 1), lr 1, c 1e-4",
            (_Counted(_rosenbrock), _rosenbrock_gradient, np.array([-1.2, 1.0]), 1.0, 1e-4),
        ),
        Probe(
            "the sum of cosh wᵢ, w (3, -1, 0.5), lr 2, c 0.4",
            (_Counted(_cosh), _cosh_gradient, np.array([3.0, -1.0, 0.5]), 2.0, 0.4),
        ),
        Probe(
            "cosh w, w (0.3), lr 3, c 0.1",
            (_Counted(_cosh), _cosh_gradient, np.array([0.3]), 3.0, 0.1),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda loss, gradient, w, lr, c: backtracking_step(loss, gradient, w, lr, 0),
            "any decrease was accepted: the loss must fall by at least c · lr · |g|².",
        ),
        Misconception(
            _growing,
            "the rate grows: a step that is too long has to be halved, not doubled.",
        ),
        Misconception(
            _decrease_without_rate,
            "the demanded decrease lacks lr: c · |g|² stays while the step shrinks.",
        ),
        Misconception(
            _decrease_without_square,
            "the demanded decrease has |g|, not |g|²: dL = −lr · |g|² for the step −lr · g.",
        ),
        Misconception(
            _rise_allowed,
            "the sign before c is turned round: the loss has to fall by c · lr · |g|².",
        ),
        Misconception(
            _tested_once, "the rate is tested once only: repeat with while until it passes."
        ),
        Misconception(
            _halved_once_more, "the rate that passed was halved once more before the step."
        ),
        Misconception(
            _moving_on, "each trial went on from the last one: every trial starts at the same w."
        ),
        Misconception(
            _multiplied_by_c, "the rate was multiplied by c; c belongs to the test, halve the rate."
        ),
        Misconception(
            lambda loss, gradient, w, lr, c: w - lr * gradient(w),
            "this is a plain step with the first rate; test it before you take it.",
        ),
        Misconception(_rate, "this is the accepted rate; the new w is asked for."),
        Misconception(
            lambda loss, gradient, w, lr, c: w - backtracking_step(loss, gradient, w, lr, c),
            "this is the step lr · g; subtract it from w.",
        ),
        Misconception(
            lambda loss, gradient, w, lr, c: 2 * w - backtracking_step(loss, gradient, w, lr, c),
            "the last line adds lr · g: the step goes against the gradient.",
        ),
    ),
)

EXERCISES = (FACTOR, DESCENT, BEST_RATE, DIVERGES, LARGEST_RATE, BACKTRACKING)
