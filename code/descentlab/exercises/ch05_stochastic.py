"""Exercises of chapter 05, one example at a time.

The expected change of one step, the rule itself, the noise floor, estimates that stay unbiased when
examples are drawn unevenly or the loss is a sum, and a sampler that is biased without saying so.
"""

from collections.abc import Callable

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def expected_change() -> float:
    """Return the mean change of E = mean of (w - a)²/2 in one step from w = 8 with α = 0.4."""
    a, w, lr = np.array([2.0, 4.0, 9.0]), 8.0, 0.4
    landed = w - lr * (w - a)
    before = (w - a.mean()) ** 2 / 2
    after = (landed - a.mean()) ** 2 / 2
    return (after - before).mean()


CHANGE = Exercise(
    slug="05-change",
    title="One step on paper",
    minutes=6,
    difficulty=1,
    reference=expected_change,
    tolerance=1e-3,
    remark="The batch step gains 2.88; the noise costs 0.69 of that.",
    hints=(
        "The mean of $a$ is 5, so $E - E^* = (w - 5)^2/2$. Where does each of the three draws "
        "lead?",
        "The gradients are 6, 4 and −1; they lead to 5.6, 6.4 and 8.4. Put each into "
        "$(w - 5)^2/2$ and take the mean; then subtract what it was at 8.",
    ),
    misconceptions=(
        Misconception(
            -2.88, "this is the change of the batch step: average the losses, not the landings."
        ),
        Misconception(
            -3.6, "this is the linear term −α|∇E|² alone; the landings give the exact change."
        ),
        Misconception(2.18667, "the size is right; E falls on average, so the sign is minus."),
        Misconception(
            2.31333, "this is the mean of E − E* after the step; subtract what it was before, 4.5."
        ),
        Misconception(
            -4.37333, "a factor ½ is missing: each loss is (w − a)²/2, and so E − E* = (w − 5)²/2."
        ),
        Misconception(-6.56, "this is the change of the sum of the three losses; E is their mean."),
        Misconception(
            -0.77333, "the second-order term lacks its ½: −α|∇E|² + ½α²·(mean of g²) for H = 1."
        ),
        Misconception(
            -2.90667, "the price has the mean of g², not the variance: |∇E|² belongs to it too."
        ),
        Misconception(-3.52, "this is one outcome, the draw of a = 4; average over all three."),
    ),
    explanation=(
        r"By the formula: $-\alpha|\nabla E|^2 + \frac12\alpha^2 \cdot \frac{36 + 16 + 1}{3} = "
        r"-3.6 + 1.413 = -2.187$. It is exact, because $E$ is quadratic with curvature 1."
    ),
)


def sgd(gradient, w, lr, order):
    """Return the start and the point after each step, shape (len(order) + 1, p)."""
    path = [w]
    for i in order:
        path.append(path[-1] - lr * gradient(path[-1], i))
    return np.array(path)


_A = np.array([[1.0, 0.0], [2.0, -1.0], [6.0, 3.0], [-2.0, 0.5]])
_X = np.array([[1.0, 2.0, 1.0], [0.5, -1.0, 1.0], [-1.5, 0.3, 1.0]])
_Y = np.array([1.0, 0.0, 1.0])


def _distance(w: np.ndarray, i: int) -> np.ndarray:
    return w - _A[i]


def _logistic(w: np.ndarray, i: int) -> np.ndarray:
    return (1 / (1 + np.exp(-_X[i] @ w)) - _Y[i]) * _X[i]


def _cubic(w: np.ndarray, i: int) -> np.ndarray:
    return (i + 1) * w**3 - 0.5


def _batch(gradient, w, lr, order):
    return sgd(lambda v, i: np.mean([gradient(v, j) for j in order], axis=0), w, lr, order)


def _running_mean(gradient, w, lr, order):
    path = [w]
    for t in range(len(order)):
        seen = [gradient(path[-1], i) for i in order[: t + 1]]
        path.append(path[-1] - lr * np.mean(seen, axis=0))
    return np.array(path)


def _summed(gradient, w, lr, order):
    path = [w]
    for t in range(len(order)):
        path.append(w - lr * sum(gradient(w, i) for i in order[: t + 1]))
    return np.array(path)


SGD = Exercise(
    slug="05-sgd",
    title="Stochastic gradient descent",
    minutes=8,
    difficulty=2,
    reference=sgd,
    remark="It differs from gradient descent in one letter: the i of the gradient.",
    hints=(
        "The loop goes over the entries of `order`. In each round one gradient is computed, at the "
        "newest point, of the example whose turn it is.",
        "`for i in order:` gives the numbers of the examples. The newest point is `path[-1]`; make "
        "a new array in each round, do not change the old one.",
    ),
    probes=(
        Probe(
            "ℓᵢ = |w − aᵢ|²/2 with four points aᵢ, w (4, -1), lr 0.3, order (2, 0, 2, 3, 1)",
            (_distance, np.array([4.0, -1.0]), 0.3, np.array([2, 0, 2, 3, 1])),
        ),
        Probe(
            "logistic loss of three examples, w (0.5, -1, 0.2), lr 0.7, order (1, 2, 0, 1)",
            (_logistic, np.array([0.5, -1.0, 0.2]), 0.7, np.array([1, 2, 0, 1])),
        ),
        Probe(
            "∇ℓᵢ = (i + 1)w³ − 0.5, w (1.2), lr 0.05, order (2, 2, 0)",
            (_cubic, np.array([1.2]), 0.05, np.array([2, 2, 0])),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, range(len(order))),
            "the examples were taken as 0, 1, 2 …; take them as `order` says: for i in order.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, [order[0]] * len(order)),
            "every step used the first example of `order`: each step takes the next one.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, sorted(order)),
            "the examples were sorted; keep the order in which they were drawn.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, list(dict.fromkeys(order))),
            "an example that came twice was used once: with replacement, repeats count.",
        ),
        Misconception(
            _batch, "this is a batch step over the examples of `order`; use one example per step."
        ),
        Misconception(
            _running_mean, "the gradients of all examples so far were averaged; use the newest one."
        ),
        Misconception(
            _summed, "all gradients were taken at the start: take each at the newest point."
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, -lr, order),
            "you went along +∇ℓᵢ, uphill: subtract lr times the gradient.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr / len(order), order),
            "the gradient was divided by the number of examples: one example's is unbiased as is.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, 1.0, order),
            "the learning rate is missing: multiply the gradient by lr.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, order)[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, order)[:-1],
            "the last step is missing: there is one row more than there are entries in `order`.",
        ),
        Misconception(
            lambda gradient, w, lr, order: sgd(gradient, w, lr, order)[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
        Misconception(
            lambda gradient, w, lr, order: np.tile(
                sgd(gradient, w, lr, order)[-1], (len(order) + 1, 1)
            ),
            "all rows are the last point: w -= … changed the array the list holds; make a new one.",
        ),
    ),
)


def noise_floor() -> float:
    """Return the mean loss λv/2 at which v = (1 - αλ)²v + α²σ² for α = 0.1, λ = 4, σ² = 0.6."""
    lr, curvature, variance = 0.1, 4.0, 0.6
    v = lr**2 * variance / (1 - (1 - lr * curvature) ** 2)
    return curvature * v / 2


FLOOR = Exercise(
    slug="05-floor",
    title="A noise floor by hand",
    minutes=6,
    difficulty=2,
    reference=noise_floor,
    tolerance=5e-4,
    remark="The rule of thumb ασ²/4 gives 0.015: at αλ = 0.4 it is a fifth too low.",
    hints=(
        "Write the recursion of $v$ with the numbers, put $v_{t+1} = v_t$ and solve for $v$. The "
        "loss is not $v$ itself.",
        r"$1 - \alpha\lambda = 0.6$, so $v = 0.36\,v + 0.01 \cdot 0.6$. The mean loss is "
        r"$\frac12\lambda v$.",
    ),
    misconceptions=(
        Misconception(
            0.015, "ασ²/4 holds for small αλ; here αλ = 0.4, so keep it: ασ²/(2(2 − αλ))."
        ),
        Misconception(0.009375, "this is v, the mean square of the error; the loss is ½λv."),
        Misconception(0.0375, "the ½ of the loss is missing: ½λv."),
        Misconception(0.1875, "the noise enters v with α², not α: the step is α times the noise."),
        Misconception(0.03, "the factor in front of v is (1 − αλ)², not 1 − αλ: v is a square."),
        Misconception(
            0.0, "the mean error goes to 0, but the mean loss does not: noise adds at each step."
        ),
        Misconception(
            np.sqrt(0.009375),
            "this is the square root of v, the typical distance; the mean loss is ½λv.",
        ),
        Misconception(0.03125, "σ² is missing: the noise has the variance 0.6, not 1."),
        Misconception(
            0.012, "this is what one step adds, ½λα²σ²; the part that stays from before is missing."
        ),
    ),
)


def unbiased_estimate(gradients, q, i):
    """Return an estimate of the mean gradient from example i, drawn with probability q[i]."""
    return gradients[i] / (len(q) * q[i])


def _true_mean(gradients, q, i):
    return gradients.mean(axis=0)


_TALL = np.array([[1.0, -2.0], [0.5, 4.0], [-3.0, 1.5], [2.0, 2.5]])
_PLAIN = np.array([[2.0], [-1.0], [0.5]])

UNEVEN = Exercise(
    slug="05-uneven",
    title="Drawing unevenly",
    minutes=10,
    difficulty=2,
    reference=unbiased_estimate,
    remark="An example drawn twice as often counts half as much. Chance is a matter of weights.",
    hints=(
        "The mean of your estimate is $\\sum_i q_i$ times what you return for $i$. It has to be "
        "$\\frac1n\\sum_i g_i$. Compare the two sums term by term.",
        "So $q_i$ times the estimate must be $g_i/n$. Here $n$ is `len(q)`.",
    ),
    probes=(
        Probe(
            "three gradients of one parameter, q (0.5, 0.3, 0.2), i = 0",
            (_PLAIN, np.array([0.5, 0.3, 0.2]), 0),
        ),
        Probe(
            "four gradients of two parameters, q (0.1, 0.2, 0.3, 0.4), i = 2",
            (_TALL, np.array([0.1, 0.2, 0.3, 0.4]), 2),
        ),
        Probe(
            "the same, i = 3",
            (_TALL, np.array([0.1, 0.2, 0.3, 0.4]), 3),
        ),
        Probe(
            "equal probabilities, i = 1",
            (_TALL, np.array([0.25, 0.25, 0.25, 0.25]), 1),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda gradients, q, i: gradients[i],
            "its mean is Σ qᵢgᵢ: examples drawn more often count more. Divide that out.",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] / q[i],
            "its mean is the sum of the gradients, n times too long: E is a mean.",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] * q[i],
            "multiplying by qᵢ doubles the bias; an example drawn more often must count less.",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] * q[i] * len(q),
            "upside down: it must be n·qᵢ that divides, so that qᵢ cancels in the mean.",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] / len(q),
            "its mean is Σ qᵢgᵢ/n: the probability qᵢ, not 1/n, has to cancel.",
        ),
        Misconception(
            _true_mean,
            "this is the mean gradient itself, which needs all n examples; use example i alone.",
        ),
        Misconception(
            lambda gradients, q, i: q @ gradients,
            "this is Σ qᵢgᵢ, from all examples; return an estimate from example i alone.",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] * q.max() / q[i],
            "the direction is right on average, but not the length: compare with gᵢ/(n·qᵢ).",
        ),
        Misconception(
            lambda gradients, q, i: gradients[i] / len(q) / q[0],
            "the probability of example 0 was used; it must be that of the example drawn.",
        ),
    ),
)


def rate_for_the_sum() -> float:
    """Return the rate with which steps on the sum equal steps with 0.5 on the mean, n = 200."""
    lr_of_the_mean, n = 0.5, 200
    return lr_of_the_mean / n


SUM = Exercise(
    slug="05-sum",
    title="Sum or mean",
    minutes=4,
    difficulty=1,
    reference=rate_for_the_sum,
    remark="Losses reported as sums need rates that shrink as the data grow; means do not.",
    hints=(
        r"One example has to speak for all 200: which multiple of $\nabla\ell_i$ has the mean "
        r"$\nabla S$?",
        r"$\nabla S = n\nabla E$, so the estimate is $n\nabla\ell_i$, 200 times as long. The step "
        "must not change.",
    ),
    misconceptions=(
        Misconception(
            0.5, "the same rate takes steps 200 times as long: the estimate of ∇S is n∇ℓᵢ."
        ),
        Misconception(100.0, "the wrong way: the gradient is 200 times as long, so divide α by n."),
        Misconception(
            0.5 / np.sqrt(200), "√n belongs to standard deviations; the gradient grows by n."
        ),
        Misconception(0.005, "this is 1/n; the rate was 0.5 before, and it is divided by n."),
        Misconception(0.5 / 200**2, "divided by n twice: the estimate n∇ℓᵢ contains one n only."),
        Misconception(400.0, "upside down: this is n/α; it is α that has to be divided by n."),
    ),
)


targets = np.concatenate(
    [
        np.random.default_rng(5).normal(0.0, 1.5, size=45),
        np.random.default_rng(6).normal(2.0, 1.5, size=15),
    ]
)


def samplers(rng: np.random.Generator) -> dict[str, Callable[[], int]]:
    """Return four ways to draw the number of an example, by letter; each call gives the next one.

    The examples are the 60 entries of ``targets``; the first 45 are of class 0, the others of
    class 1.
    """
    n, stock, place = len(targets), list[int](), [0, 0]

    def anew() -> int:
        return int(rng.integers(n))

    def from_shuffled() -> int:
        if not stock:
            stock.extend(rng.permutation(n).tolist())
        return stock.pop()

    def class_first() -> int:
        low, high = (0, 45) if rng.random() < 0.5 else (45, n)
        return int(rng.integers(low, high))

    def in_line() -> int:
        if place[0] == 0:
            place[1] = int(rng.integers(n))
        i = (place[0] + place[1]) % n
        place[0] = (place[0] + 1) % n
        return i

    return {"a": anew, "b": from_shuffled, "c": class_first, "d": in_line}


def biased_sampler():
    """Return the letter of the sampler whose draws have a mean farthest from the true one."""
    distance = {}
    for letter, draw in samplers(np.random.default_rng(0)).items():
        drawn = [targets[draw()] for _ in range(60_000)]
        distance[letter] = abs(np.mean(drawn) - targets.mean())
    return max(distance, key=lambda letter: distance[letter])


BIASED = Exercise(
    slug="05-biased",
    title="Which sampler is biased?",
    minutes=15,
    difficulty=3,
    reference=biased_sampler,
    options="abcd",
    remark="The last 15 examples weigh as much as the first 45: another loss is minimised.",
    hints=(
        "The noise floor hides a bias that is smaller than it. Bring the floor down: many more "
        "steps, and a rate that falls as in this chapter.",
        r"With $\alpha_t = 1/(t + 1)$ the last $w$ is the mean of all drawn $a_i$. After 60 000 "
        "steps its standard error is below 0.01. Then count how often each example was drawn.",
    ),
    misconceptions=(
        Misconception(
            "a", "it draws from all 60 with equal probability: the definition of unbiased."
        ),
        Misconception(
            "b",
            "shuffled passes see each example equally often; only given the past are they biased.",
        ),
        Misconception(
            "d",
            "its draws are far from independent, yet each pass has every example once.",
        ),
    ),
    explanation=(
        "Each of the first 45 examples has the probability 1/90 and each of the last 15 has 1/30, "
        "instead of 1/60. To repair it, weigh the gradients as in the exercise on uneven drawing."
    ),
)

EXERCISES = (CHANGE, SGD, FLOOR, UNEVEN, SUM, BIASED)
