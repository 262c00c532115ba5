"""Exercises of chapter 07, local minima, saddles and a surface that moves.

A mini-batch without the dent of a minimum, one step of many walkers at once, the interval of a
share, a minimum without noise, and what the chapter's experiments support.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def no_far_example() -> float:
    """Return the probability that 4 draws with replacement miss the 70 far ones of 200."""
    near, n, draws = 130, 200, 4
    return (near / n) ** draws


NO_DENT = Exercise(
    slug="07-no-dent",
    title="A surface without the bad dent",
    minutes=5,
    difficulty=1,
    reference=no_far_example,
    tolerance=1e-3,
    remark="About every sixth mini-batch has nothing that would hold a walker at the bad minimum.",
    hints=(
        "With replacement the draws are independent, and each sees all 200 examples.",
        "One draw is near with probability 130/200. All four have to be.",
    ),
    misconceptions=(
        Misconception(
            0.35**4, "this is the probability that all four are far; no far one means all are near."
        ),
        Misconception(
            1 - 0.65**4, "this is the probability of at least one far example: the complement."
        ),
        Misconception(1 - 0.35**4, "this is at least one near example; all four have to be near."),
        Misconception(0.65, "this is one draw; a batch has four, and all of them must be near."),
        Misconception(
            0.65 / 4, "probabilities of independent draws multiply: 0.65 four times, not 0.65/4."
        ),
        Misconception(
            4 * 0.35 * 0.65**3, "this is exactly one far example among the four; none is asked for."
        ),
        Misconception(
            130 * 129 * 128 * 127 / (200 * 199 * 198 * 197),
            "this is without replacement; here each draw sees all 200 examples again.",
        ),
        Misconception(0.65**3, "four draws, not three: one more factor."),
    ),
)


def walkers_step(w, x, y, rows, lr):
    """Return w after one mini-batch step of each walker, shape (runs,)."""
    r = w[:, None] * x[rows] - y[rows]
    slopes = x[rows] * r * np.exp(-(r**2) / 2)
    return w - lr * slopes.mean(axis=1)


def _with(mean=np.mean, weight=lambda r: np.exp(-(r**2) / 2), lever=lambda x: x, sign=-1.0):
    """Return walkers_step with one part exchanged."""

    def step(w, x, y, rows, lr):
        r = w[:, None] * x[rows] - y[rows]
        return w + sign * lr * mean(lever(x[rows]) * r * weight(r), axis=1)

    return step


def _all_examples(w, x, y, rows, lr):
    everyone = np.tile(np.arange(len(x)), (len(w), 1))
    return walkers_step(w, x, y, everyone, lr)


def _first_batch_for_all(w, x, y, rows, lr):
    return walkers_step(w, x, y, np.tile(rows[0], (len(w), 1)), lr)


def _mean_over_walkers(w, x, y, rows, lr):
    return w - lr * np.mean(w - walkers_step(w, x, y, rows, 1.0))


def _mean_example(w, x, y, rows, lr):
    xm, ym = x[rows].mean(axis=1), y[rows].mean(axis=1)
    r = w * xm - ym
    return w - lr * xm * r * np.exp(-(r**2) / 2)


_X = np.array([2.5, 1.0, -2.0, 0.5, -1.5])
_Y = np.array([0.25, 2.0, 0.5, 1.5, -2.0])

STEP = Exercise(
    slug="07-walkers-step",
    title="One step of all walkers",
    minutes=10,
    difficulty=2,
    reference=walkers_step,
    remark="Three lines move all walkers; a loop over 2 000 of them would be far slower.",
    hints=(
        "`x[rows]` has the shape of `rows`, (runs, s): row k holds the inputs of walker k's batch. "
        "Give `w` a second axis so that it broadcasts against it.",
        r"One slope per example, $x\,r\,e^{-r^2/2}$ with $r = wx - y$, shape (runs, s). Which axis "
        "is the batch?",
    ),
    probes=(
        Probe(
            "w (0.2, 1.5, 0.9), 2 examples each, lr 0.5",
            (np.array([0.2, 1.5, 0.9]), _X, _Y, np.array([[0, 1], [3, 3], [4, 2]]), 0.5),
        ),
        Probe(
            "w (-0.5, 2), 4 examples each, lr 2",
            (np.array([-0.5, 2.0]), _X, _Y, np.array([[0, 1, 2, 3], [4, 1, 1, 0]]), 2.0),
        ),
        Probe(
            "one walker at 1, one example, lr 0.1",
            (np.array([1.0]), _X, _Y, np.array([[1]]), 0.1),
        ),
    ),
    misconceptions=(
        Misconception(
            _with(sign=1.0),
            "the walkers climb: subtract lr times the slope, with r = wx − y, not y − wx.",
        ),
        Misconception(_with(mean=np.sum), "the slopes of a batch are summed; E_B is their mean."),
        Misconception(
            _with(weight=lambda r: 1.0),
            "this is the slope of ½r²; the bounded loss has the factor exp(−r²/2).",
        ),
        Misconception(_with(weight=lambda r: np.exp(-(r**2))), "the exponent is −r²/2, not −r²."),
        Misconception(
            _with(lever=lambda x: 1.0),
            "the factor x is missing: dr/dw = x, by the chain rule.",
        ),
        Misconception(
            _all_examples, "every walker used all examples; take only its own batch, x[rows]."
        ),
        Misconception(
            _first_batch_for_all, "all walkers used the first batch; row k of rows is walker k's."
        ),
        Misconception(
            _mean_over_walkers,
            "the mean is over walkers as well; each moves by its own batch: mean over axis 1.",
        ),
        Misconception(
            _mean_example,
            "x and y were averaged first; average the slopes: they are not linear in x and y.",
        ),
        Misconception(
            lambda w, x, y, rows, lr: walkers_step(w, x, y, rows, 1.0),
            "the learning rate is missing: multiply the mean slope by lr.",
        ),
        Misconception(
            lambda w, x, y, rows, lr: w - walkers_step(w, x, y, rows, lr),
            "this is the step; subtract it from w.",
        ),
    ),
)


def wilson(successes, trials):
    """Return the ends of Wilson's 95 % interval for a share, lower first."""
    z = 1.96
    p = successes / trials
    half = z * np.sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    middle = p + z**2 / (2 * trials)
    scale = 1 + z**2 / trials
    return (middle - half) / scale, (middle + half) / scale


def _normal_interval(successes, trials):
    p = successes / trials
    half = 1.96 * np.sqrt(p * (1 - p) / trials)
    return p - half, p + half


def _z_is_one(successes, trials):
    p = successes / trials
    half, scale = np.sqrt(p * (1 - p) / trials + 1 / (4 * trials**2)), 1 + 1 / trials
    return (p + 1 / (2 * trials) - half) / scale, (p + 1 / (2 * trials) + half) / scale


def _unscaled(successes, trials):
    low, high = wilson(successes, trials)
    scale = 1 + 1.96**2 / trials
    return low * scale, high * scale


def _half_unscaled(successes, trials):
    low, high = wilson(successes, trials)
    half = (high - low) / 2 * (1 + 1.96**2 / trials)
    return (low + high) / 2 - half, (low + high) / 2 + half


def _z_inside(successes, trials):
    z, p = 1.96, successes / trials
    half = np.sqrt(p * (1 - p) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return (p + z**2 / (2 * trials) - half) / scale, (p + z**2 / (2 * trials) + half) / scale


def _trials_not_squared(successes, trials):
    z, p = 1.96, successes / trials
    half = z * np.sqrt(p * (1 - p) / trials + z**2 / (4 * trials))
    scale = 1 + z**2 / trials
    return (p + z**2 / (2 * trials) - half) / scale, (p + z**2 / (2 * trials) + half) / scale


def _no_root(successes, trials):
    z, p = 1.96, successes / trials
    half = z * (p * (1 - p) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return (p + z**2 / (2 * trials) - half) / scale, (p + z**2 / (2 * trials) + half) / scale


def _middle_and_half(successes, trials):
    low, high = wilson(successes, trials)
    return (low + high) / 2, (high - low) / 2


WILSON = Exercise(
    slug="07-wilson",
    title="Wilson's interval",
    minutes=8,
    difficulty=2,
    reference=wilson,
    remark="No escape in 2 000 runs still allows a share of 0.002: absence has an interval too.",
    hints=(
        "Compute the share first. Then the three parts of the formula: what stands before ±, what "
        "stands after it, and the denominator of both.",
        "The root is of the whole sum, and z stands before it. Divide both ends by "
        r"$1 + z^2/N$ and return `low, high`.",
    ),
    probes=(
        Probe("30 of 200", (30, 200)),
        Probe("0 of 50", (0, 50)),
        Probe("7 of 7", (7, 7)),
        Probe("1 of 2000", (1, 2000)),
    ),
    misconceptions=(
        Misconception(
            _normal_interval,
            "p̂ ± z√(p̂(1−p̂)/N) is another interval: for 0 of 50 it has no width at all.",
        ),
        Misconception(_z_is_one, "z is 1 here, one standard deviation; 95 % needs z = 1.96."),
        Misconception(_unscaled, "the denominator 1 + z²/N is missing."),
        Misconception(_half_unscaled, "the part after ± has the denominator 1 + z²/N as well."),
        Misconception(_z_inside, "z is missing before the root."),
        Misconception(_trials_not_squared, "the last term under the root is z²/(4N²): N squared."),
        Misconception(_no_root, "the square root is missing: a variance was added to a share."),
        Misconception(
            _middle_and_half, "these are the middle and half the width; return the two ends."
        ),
        Misconception(
            lambda successes, trials: wilson(successes, trials)[::-1],
            "the ends are exchanged: the lower one first.",
        ),
        Misconception(
            lambda successes, trials: tuple(100 * end for end in wilson(successes, trials)),
            "these are per cent; a share lies between 0 and 1.",
        ),
        Misconception(
            lambda successes, trials: wilson(trials - successes, trials),
            "this is the interval of the failures.",
        ),
    ),
)


def third_set() -> tuple[np.ndarray, np.ndarray]:
    """Return X, shape (200, 1), and y: 50 far points almost on y = 0, 150 about y = 3.7x."""
    rng = np.random.default_rng(7)
    x = np.concatenate([np.linspace(2, 3, 50), np.linspace(0.7, 1.5, 150)])
    x = x * np.where(np.arange(200) % 2, -1, 1)
    scatter = np.repeat([0.01, 0.3], [50, 150]) * rng.standard_normal(200)
    return x[:, None], np.repeat([0.0, 3.7], [50, 150]) * x + scatter


def why_nobody_leaves():
    """Return c if the slopes of single examples at the narrow minimum are almost zero."""
    X, y = third_set()
    r = 0.0 * X[:, 0] - y
    slopes = X[:, 0] * r * np.exp(-(r**2) / 2)
    return "c" if np.abs(slopes).max() < 0.1 else "a"


NOBODY = Exercise(
    slug="07-nobody-leaves",
    title="Nobody leaves",
    minutes=12,
    difficulty=3,
    reference=why_nobody_leaves,
    options="abcd",
    remark="The third set's barrier is lower. Without noise there is nothing to leave by.",
    hints=(
        "Print `critical_points(A, b)` and `model.value(p[:, None], A, b)` for both sets. The "
        "height of the barrier is the difference between the second value and the first.",
        "Then print `noise(p[0], A, b)` for both.",
    ),
    misconceptions=(
        Misconception("a", "compare E at barrier and minimum: the third set's barrier is lower."),
        Misconception(
            "b", "a flatter minimum lets walkers stray further: V has the curvature below."
        ),
        Misconception(
            "d",
            "both sets have 200 examples; and more steps change nothing here.",
        ),
    ),
    explanation=(
        "The far points of the third set lie on one line, so one $w$ fits all of them, and the "
        "near points are so far from it that their slopes have died out: no mini-batch has a "
        r"slope there to speak of. With $\sigma \approx 0$ also $\alpha\sigma^2/s \approx 0$. "
        "At larger rates single steps overshoot, and walkers leave after all."
    ),
)


def supported():
    """Return the sentence that was measured: the table of equal α/s, s = 1, 2, 4."""
    return "c"


SUPPORTED = Exercise(
    slug="07-supported",
    title="What the experiment shows",
    minutes=8,
    difficulty=2,
    reference=supported,
    options="abcd",
    remark="It names data, start, range of s and what is held fixed, so it can be checked.",
    hints=(
        "For each sentence look for the table or figure that would have to show it, and for one "
        "that contradicts it.",
        "What was never measured in this chapter? And what does the last column of the table of "
        "shares say about $s = 1$?",
    ),
    misconceptions=(
        Misconception(
            "a", "the second data set contradicts it: there noise led to the higher one."
        ),
        Misconception(
            "b", "no prediction on new data was measured, and flat depends on the parameters."
        ),
        Misconception(
            "d", "at s = 1 and α = 2.56 the share falls again: the good basin is left as well."
        ),
    ),
    explanation=(
        "Even (c) is one data set, one start, one quotient and draws with replacement. From "
        r"$s = 8$ on, where $\alpha\lambda$ exceeds 1, it fails."
    ),
)

EXERCISES = (NO_DENT, STEP, WILSON, NOBODY, SUPPORTED)
