"""Exercises of chapter 09, schedules.

Constants and their units, a schedule with two parts, the global step of a run over epochs, the
noise floor of a constant rate, and the time of a cut.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def half_life() -> float:
    """Return the half-life of a rate that falls to a tenth in 1000 steps."""
    gamma = 0.1 ** (1 / 1000)
    return np.log(0.5) / np.log(gamma)


HALF_LIFE = Exercise(
    slug="09-half-life",
    title="Per step",
    minutes=5,
    difficulty=1,
    reference=half_life,
    tolerance=2e-4,
    remark="A tenth takes ln 10 / ln 2 = 3.32 half-lives, whatever the half-life is.",
    hints=(
        r"Find $\gamma$ from $\gamma^{1000} = 1/10$, or find out how many halvings make a tenth.",
        r"$t\ln\gamma = \ln\frac12$ and $1000\ln\gamma = \ln\frac1{10}$: divide one by the other.",
    ),
    misconceptions=(
        Misconception(
            1000 / np.log(10),
            "this is the time constant, where 1/e is left; the half-life is when 1/2 is left.",
        ),
        Misconception(
            1000 * np.log2(10),
            "turned round: halving comes before a tenth, so it takes fewer than 1000 steps.",
        ),
        Misconception(
            500.0, "the fall is not a straight line: equal times give equal factors, not losses."
        ),
        Misconception(
            100.0, "a tenth of the steps has no meaning here; ask after how many steps γ^t is ½."
        ),
        Misconception(
            0.1 ** (1 / 1000), "this is γ, the factor of one step; the half-life is in steps."
        ),
        Misconception(1000 / 9, "this is inverse time's; here the rate is γ^t, an exponential."),
        Misconception(
            1000 / 3, "three halvings make an eighth; a tenth takes a little more than three."
        ),
    ),
)


def factor(t, warm, total):
    """Return the factor at step t: a linear rise, then half a cosine down to 0."""
    if t < warm:
        return (t + 1) / warm
    fallen = min((t - warm) / (total - warm), 1)
    return (1 + np.cos(np.pi * fallen)) / 2


def _rise_from_zero(t, warm, total):
    return t / warm if t < warm else factor(t, warm, total)


def _cosine_from_start(t, warm, total):
    return (t + 1) / warm if t < warm else (1 + np.cos(np.pi * min(t / total, 1))) / 2


def _cosine_too_long(t, warm, total):
    return (t + 1) / warm if t < warm else (1 + np.cos(np.pi * min((t - warm) / total, 1))) / 2


def _rises_again(t, warm, total):
    if t < warm:
        return (t + 1) / warm
    return (1 + np.cos(np.pi * (t - warm) / (total - warm))) / 2


def _quarter(t, warm, total):
    if t < warm:
        return (t + 1) / warm
    return np.cos(np.pi / 2 * min((t - warm) / (total - warm), 1))


def _straight(t, warm, total):
    return (t + 1) / warm if t < warm else 1 - min((t - warm) / (total - warm), 1)


def _not_halved(t, warm, total):
    return (t + 1) / warm if t < warm else 2 * factor(t, warm, total)


def _upside_down(t, warm, total):
    return (t + 1) / warm if t < warm else 1 - factor(t, warm, total)


_PROBES = tuple(
    Probe(f"t = {t}, warm = {warm}, total = {total}", (t, warm, total))
    for t, warm, total in (
        (0, 5, 25),
        (4, 5, 25),
        (5, 5, 25),
        (10, 5, 25),
        (17, 5, 25),
        (24, 5, 25),
        (25, 5, 25),
        (40, 5, 25),
        (0, 1, 3),
        (1, 1, 3),
        (2, 1, 3),
    )
)

WARM_COSINE = Exercise(
    slug="09-warm-cosine",
    title="Warm up, then cosine",
    minutes=12,
    difficulty=2,
    reference=factor,
    probes=_PROBES,
    remark="Two cases and one min: the second part counts its steps from its own beginning.",
    hints=(
        "Two cases: `t < warm`, and the rest. In the second, let the cosine begin at its own 0: "
        "it lasts from step `warm` to step `total`.",
        r"The part of the cosine that is done is $u = (t - \text{warm})/(\text{total} - "
        r"\text{warm})$, at most 1; the factor is $\frac12(1 + \cos \pi u)$.",
    ),
    misconceptions=(
        Misconception(
            _rise_from_zero,
            "step 0 has the factor 0 and is wasted: use t + 1, so that it has 1 / warm.",
        ),
        Misconception(
            _cosine_from_start,
            "the cosine runs since step 0, so it begins below 1: count its steps from warm.",
        ),
        Misconception(
            _cosine_too_long, "the cosine takes total steps of its own: it must end at step total."
        ),
        Misconception(
            _rises_again, "after step total the cosine comes up again: hold it at 0 with min."
        ),
        Misconception(
            _quarter, "this is a quarter of a cosine; half a cosine is (1 + cos πu) / 2."
        ),
        Misconception(_straight, "the fall is a straight line; half a cosine is asked for."),
        Misconception(
            _not_halved, "1 + cos goes from 2 to 0: divide by 2, so that it begins at 1."
        ),
        Misconception(
            _upside_down, "the cosine goes up, from 0 to 1: it must come down from 1 to 0."
        ),
    ),
)


def rates_of_run(lr, decay, epochs, batches):
    """Return the rates of all steps, shape (epochs * batches,); decay is per epoch."""
    t = np.arange(epochs * batches)
    return lr / (1 + decay * t / batches)


def _restarted(lr, decay, epochs, batches):
    return np.tile(rates_of_run(lr, decay, 1, batches), epochs)


def _per_step(lr, decay, epochs, batches):
    return lr / (1 + decay * np.arange(epochs * batches))


def _by_epoch(lr, decay, epochs, batches):
    return np.repeat(lr / (1 + decay * np.arange(epochs)), batches)


def _from_one(lr, decay, epochs, batches):
    return lr / (1 + decay * np.arange(1, epochs * batches + 1) / batches)


def _divided_twice(lr, decay, epochs, batches):
    rates, rate = [], lr
    for t in range(epochs * batches):
        rate = rate / (1 + decay * t / batches)
        rates.append(rate)
    return np.array(rates)


def _exponential(lr, decay, epochs, batches):
    return lr * np.exp(-decay * np.arange(epochs * batches) / batches)


RATES = Exercise(
    slug="09-rates",
    title="The rates of a run",
    minutes=10,
    difficulty=2,
    reference=rates_of_run,
    remark="One counter for the run; t / batches is the time in epochs, the unit of 1 / decay.",
    hints=(
        "Number the steps of the whole run from 0. How many epochs have passed at step $t$?",
        r"At step $t$, $t / \text{batches}$ epochs have passed, so the factor is "
        r"$1 / (1 + \text{decay} \cdot t / \text{batches})$; `np.arange` makes all $t$ at once.",
    ),
    probes=(
        Probe("lr 0.5, decay 1, 3 epochs of 4 batches", (0.5, 1.0, 3, 4)),
        Probe("lr 0.1, decay 0.25, 2 epochs of 5 batches", (0.1, 0.25, 2, 5)),
        Probe("lr 2, decay 3, 1 epoch of 3 batches", (2.0, 3.0, 1, 3)),
        Probe("lr 1, decay 0, 2 epochs of 2 batches", (1.0, 0.0, 2, 2)),
    ),
    misconceptions=(
        Misconception(
            _restarted, "the rate jumps back to lr in each epoch: count the steps of the whole run."
        ),
        Misconception(
            _per_step, "decay was used per step; it is per epoch: t / batches epochs have passed."
        ),
        Misconception(
            _by_epoch, "the rate changes once in an epoch; it should change at every step."
        ),
        Misconception(
            _from_one,
            "step 0 is already lowered: the first rate is lr itself, so begin with t = 0.",
        ),
        Misconception(
            _divided_twice,
            "the last rate was divided again at each step: the formula starts from lr every time.",
        ),
        Misconception(
            _exponential, "this is an exponential; inverse time divides by 1 + decay times epochs."
        ),
        Misconception(
            lambda lr, decay, epochs, batches: rates_of_run(1.0, decay, epochs, batches),
            "these are the factors; multiply them by lr.",
        ),
        Misconception(
            lambda lr, decay, epochs, batches: rates_of_run(lr, decay, epochs, batches).reshape(
                epochs, batches
            ),
            "the values are right; return one row of epochs * batches numbers, not a table.",
        ),
    ),
)


def floor() -> float:
    """Return ασ²/(2(2 − αλ)) for λ = 4, σ² = 9, α = 0.1."""
    lr, curvature, variance = 0.1, 4.0, 9.0
    return lr * variance / (2 * (2 - lr * curvature))


FLOOR = Exercise(
    slug="09-floor",
    title="The floor",
    minutes=6,
    difficulty=1,
    reference=floor,
    remark="0.28125; the approximation for small αλ gives 0.225, a fifth too low.",
    hints=(
        r"The chapter has a formula for the mean loss at the floor, $\frac12\lambda S_\infty$; its "
        r"last part is the approximation.",
        r"$\frac12\lambda S_\infty = \alpha\sigma^2 / \big(2(2 - \alpha\lambda)\big)$, with "
        r"$\alpha\lambda = 0.4$.",
    ),
    misconceptions=(
        Misconception(0.225, "this is the approximation ασ²/4; αλ = 0.4 is not small."),
        Misconception(0.1 * 3 / (2 * 1.6), "you used σ = 3; the formula has the variance σ² = 9."),
        Misconception(0.5625, "this is λS: the loss is ½λw², so take one half of it."),
        Misconception(0.140625, "this is S, the mean of w²; the loss is ½λ times that."),
        Misconception(0.1 * 81 / (2 * 1.6), "you squared the variance: 9 is σ² already."),
        Misconception(0.01 * 9 / (2 * 1.6), "α stands once in the floor: one α of α² cancels."),
        Misconception(
            0.9 / (2 * 4 * 1.6), "λ cancels: ½λ times ασ²/(λ(2 − αλ)) has no λ in front."
        ),
    ),
)


def cut() -> str:
    """Return the sentence that explains the table: the flat freezes, the steep needs time."""
    return "b"


CUT = Exercise(
    slug="09-cut",
    title="Cut early or late?",
    minutes=12,
    difficulty=2,
    reference=cut,
    options="abcd",
    remark="A schedule for two curvatures is a compromise: each wants its cut at another time.",
    hints=(
        "Compare the two columns: which axis loses by an early cut, which by a late one?",
        "With the small rate the flat direction keeps 0.9975 of its error in each step, the "
        "steep one 0.95. Which of them still moves after an early cut?",
    ),
    misconceptions=(
        Misconception(
            "a", "look along w₁: with the cut at step 10 it ends far above the cut at step 50."
        ),
        Misconception("c", "the sums differ: the largest is more than six times the smallest."),
        Misconception(
            "d", "along w₂ the earliest cut ends as low as any: the steep direction arrives first."
        ),
    ),
    explanation="The steep direction forgets its start and the noise in about 20 steps of the "
    "small rate; the flat one needs about 400. A late cut leaves the flat direction at the floor "
    "of the large rate, a very late one the steep direction as well.",
)

EXERCISES = (HALF_LIFE, WARM_COSINE, RATES, FLOOR, CUT)
