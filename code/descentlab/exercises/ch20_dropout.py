"""Exercises of chapter 20, dropout and weight decay.

The variance that a mask adds, dropout forward and backward, the proximal step of L1, what a mask
that is never drawn again trains, and why new images may seem easier than old ones.
"""

from functools import cache

import numpy as np

from descentlab.data import load_digits
from descentlab.exercises.exercise import Exercise, Misconception, Probe
from descentlab.network import Dense, Dropout, History, Network, ReLU, fit
from descentlab.optimizers import GradientDescent


def variance_of_the_sum() -> float:
    """Return (1 - q)/q times the sum of the squared terms 2·3 and 1·4."""
    q = 1 - 0.2
    terms = np.array([2 * 3, 1 * 4])
    return (1 - q) / q * np.sum(terms**2)


VARIANCE = Exercise(
    slug="20-variance",
    title="The noise in a sum by hand",
    minutes=5,
    difficulty=1,
    reference=variance_of_the_sum,
    remark="The mean is still 10; the standard deviation is √13, about 3.6.",
    hints=(
        "Two independent masks: the variances of both terms add up. What is the variance of one?",
        r"The rate is the share that is dropped, so $q = 0.8$. A term $t$ becomes $t/q$ or 0, with "
        r"the variance $\frac{1 - q}{q}t^2$; the terms are 6 and 4.",
    ),
    misconceptions=(
        Misconception(
            208.0, "keep and drop are exchanged: a rate of 0.2 keeps q = 0.8, so (1 − q)/q is 1/4."
        ),
        Misconception(
            8.32, "this is without the division by q: q(1 − q) times the squares; divide by q²."
        ),
        Misconception(
            np.sqrt(13), "this is the standard deviation; the variance is asked for, its square."
        ),
        Misconception(
            25.0, "the terms were added before squaring, as if both shared one mask; add variances."
        ),
        Misconception(
            65.0, "this is the sum of the mean squares; subtract the squares of the means, 52."
        ),
        Misconception(
            6.25, "the weights are missing: the terms of z are 2·3 and 1·4, not 3 and 4."
        ),
        Misconception(
            0.0, "the expectation is kept, but not the value: each mask gives another z."
        ),
        Misconception(
            8.5, "the weights are not squared: the variance of 2ã₁ is 4 times that of ã₁."
        ),
        Misconception(10.4, "multiplied by 1 − q alone; the variance of ξ/q is (1 − q)/q."),
    ),
)


def dropout(a, dy, rate, rng):
    """Return the outputs of inverted dropout and the derivative with respect to a, stacked."""
    factor = (rng.random(a.shape) >= rate) / (1 - rate)
    return np.stack([factor * a, factor * dy])


def _dropout(forward, backward, dropped=None):
    """Return an answer with other factors, functions of what is kept and the rate."""

    def answer(a, dy, rate, rng):
        u = rng.random(np.shape(a))
        kept = u >= (rate if dropped is None else dropped(rate))
        return np.stack([forward(kept, rate) * a, backward(kept, rate) * dy])

    return answer


def _inverted(kept, rate):
    return kept / (1 - rate)


def _divided(kept, rate):
    with np.errstate(divide="ignore", invalid="ignore"):
        return kept / rate


def _redrawn(a, dy, rate, rng):
    first = (rng.random(np.shape(a)) >= rate) / (1 - rate)
    second = (rng.random(np.shape(a)) >= rate) / (1 - rate)
    return np.stack([first * a, second * dy])


def _kept_below_q(a, dy, rate, rng):
    factor = (rng.random(np.shape(a)) < 1 - rate) / (1 - rate)
    return np.stack([factor * a, factor * dy])


def _one_mask_per_column(a, dy, rate, rng):
    factor = (rng.random(np.shape(a)[-1]) >= rate) / (1 - rate)
    return np.stack([factor * a, factor * dy])


_RNG = np.random.default_rng(20)

DROPOUT = Exercise(
    slug="20-dropout",
    title="Dropout, forward and backward",
    minutes=10,
    difficulty=2,
    reference=dropout,
    remark="In evaluation there is nothing to write: y = a.",
    hints=(
        "One factor for each entry: 0, or the number that keeps the expectation. Who needs it?",
        "Draw once, `rng.random(a.shape) >= rate`, and divide by the probability of being kept. "
        "Use the same array of factors forward and backward.",
    ),
    probes=tuple(
        Probe(
            f"a of shape {shape}, rate {rate}",
            (
                _RNG.standard_normal(shape) + 3,
                _RNG.standard_normal(shape) + 3,
                rate,
                np.random.default_rng(seed),
            ),
        )
        for shape, rate, seed in [((4, 5), 0.3, 1), ((2, 8), 0.8, 2), ((3, 4), 0.0, 3)]
    ),
    misconceptions=(
        Misconception(
            _dropout(lambda kept, rate: kept, lambda kept, rate: kept),
            "nothing was scaled: the mean of ξ·a is q·a, so divide by q = 1 − rate.",
        ),
        Misconception(
            _dropout(*[lambda kept, rate: kept * (1 - rate)] * 2),
            "multiplied by q: dropping already shrank the mean to q·a. Divide by q.",
        ),
        Misconception(
            _dropout(*[lambda kept, rate: kept / (1 - rate) ** 2] * 2),
            "scaled twice: one division by q keeps the expectation.",
        ),
        Misconception(
            _redrawn,
            "a new mask was drawn for the way back: use the factors of the forward pass.",
        ),
        Misconception(
            _dropout(_inverted, lambda kept, rate: 1.0),
            "dy passes unchanged: a dropped entry has no influence, so its derivative is 0.",
        ),
        Misconception(
            _dropout(_inverted, lambda kept, rate: kept),
            "backward lacks the division by q: y is ξ·a/q, so its slope is ξ/q.",
        ),
        Misconception(
            _dropout(lambda kept, rate: kept, _inverted),
            "forward lacks the division by q; backward has it.",
        ),
        Misconception(
            _dropout(*[lambda kept, rate: ~kept / (1 - rate)] * 2),
            "what should be kept was dropped: keep where the random number is at least rate.",
        ),
        Misconception(
            _dropout(*[lambda kept, rate: _divided(~kept, rate)] * 2),
            "keep and drop are exchanged: rate is the probability of being dropped.",
        ),
        Misconception(
            _dropout(*[lambda kept, rate: _divided(kept, rate)] * 2),
            "divided by the rate: q, the probability of being kept, is 1 − rate.",
        ),
        Misconception(
            _dropout(_inverted, lambda kept, rate: (1 - kept) / (1 - rate)),
            "backward let the dropped entries through; they are the ones with slope 0.",
        ),
        Misconception(
            _dropout(_inverted, lambda kept, rate: 1 / (1 - rate)),
            "backward divides by q, but a dropped entry has no influence: its derivative is 0.",
        ),
        Misconception(
            _dropout(_inverted, _inverted, dropped=lambda rate: -1.0),
            "nothing was dropped, only divided by q: multiply by the mask as well.",
        ),
        Misconception(
            _kept_below_q,
            "kept where the number is below q: as likely, but the rule is at least rate.",
        ),
        Misconception(
            _one_mask_per_column,
            "all rows share a mask: draw one number for each entry, of shape a.shape.",
        ),
        Misconception(
            lambda a, dy, rate, rng: np.stack([a, dy]),
            "this is evaluation, without a mask; training is asked for.",
        ),
        Misconception(
            lambda a, dy, rate, rng: dropout(a, dy, rate, rng)[0],
            "this is y alone; stack y and the derivative with respect to a.",
        ),
        Misconception(
            lambda a, dy, rate, rng: dropout(a, dy, rate, rng)[::-1],
            "the order is exchanged: y first, then the derivative with respect to a.",
        ),
    ),
)


def proximal_step(w, g, lr, l1):
    """Return w after a step along g and the soft threshold of L1."""
    u = w - lr * g
    return np.sign(u) * np.maximum(np.abs(u) - lr * l1, 0)


def _soft(u, threshold):
    return np.sign(u) * np.maximum(np.abs(u) - threshold, 0)


_W = np.array([1.0, -0.5, 0.04, -0.03, 0.2, 0.0, -2.0, 0.06])
_G = np.array([0.5, -1.0, 0.1, 0.2, 2.1, -3.0, 0.0, 4.0])

PROXIMAL = Exercise(
    slug="20-proximal",
    title="A proximal step",
    minutes=8,
    difficulty=2,
    reference=proximal_step,
    remark="Each entry ends on its side of 0, or exactly on it.",
    hints=(
        "Two stages: an ordinary step of descent gives u, then each entry of u is moved towards 0.",
        "By how much? The minimum of |w − u|²/(2α) + l1·|w| has the threshold `lr * l1`. An entry "
        "that would cross 0 stays there: `np.maximum(..., 0)`.",
    ),
    probes=(
        Probe("w and g of shape (8,), lr 0.1, l1 0.5", (_W, _G, 0.1, 0.5)),
        Probe("w and g of shape (8,), lr 0.5, l1 0.2", (_W, _G, 0.5, 0.2)),
        Probe("w and g of shape (2, 4), l1 = 0", (_W.reshape(2, 4), _G.reshape(2, 4), 0.1, 0.0)),
        Probe("w and g of shape (8,), lr 1, l1 1.5", (_W, -_G, 1.0, 1.5)),
    ),
    misconceptions=(
        Misconception(
            lambda w, g, lr, l1: _soft(w - lr * g, l1),
            "the threshold is l1 alone; a step with rate lr shrinks by lr · l1.",
        ),
        Misconception(
            lambda w, g, lr, l1: w - lr * (g + l1 * np.sign(w)),
            "this is the subgradient: it jumps over 0 and never stays there.",
        ),
        Misconception(
            lambda w, g, lr, l1: _soft(w, lr * l1) - lr * g,
            "the threshold came first; step along −g, then shrink the result.",
        ),
        Misconception(
            lambda w, g, lr, l1: np.where(np.abs(w - lr * g) > lr * l1, w - lr * g, 0.0),
            "small entries became 0, but the others kept their size; they shrink by lr · l1 too.",
        ),
        Misconception(
            lambda w, g, lr, l1: np.maximum(np.abs(w - lr * g) - lr * l1, 0),
            "the sign is lost: multiply by np.sign(u).",
        ),
        Misconception(
            lambda w, g, lr, l1: np.sign(w - lr * g) * (np.abs(w - lr * g) - lr * l1),
            "entries below the threshold cross 0; np.maximum(…, 0) stops them there.",
        ),
        Misconception(
            lambda w, g, lr, l1: np.sign(w) * np.maximum(np.abs(w - lr * g) - lr * l1, 0),
            "the sign is that of w; the step may have changed it, take the sign of u.",
        ),
        Misconception(
            lambda w, g, lr, l1: _soft(w + lr * g, lr * l1),
            "the step goes along +g: descent subtracts lr · g.",
        ),
        Misconception(
            lambda w, g, lr, l1: (1 - lr * l1) * w - lr * g,
            "this is weight decay, the L2 penalty: it shrinks by a share, not by an amount.",
        ),
        Misconception(
            lambda w, g, lr, l1: np.maximum(w - lr * g - lr * l1, 0),
            "negative entries are cut off: they move up towards 0 by lr · l1.",
        ),
    ),
)


Data = tuple[np.ndarray, np.ndarray]


@cache
def _images() -> Data:
    """Return the scaled digits in a random order."""
    digits, order = load_digits(), np.random.default_rng(3).permutation(1797)
    X = (digits.X - digits.X.mean()) / digits.X.std()
    return X[order], digits.y[order]


@cache
def _trained(program: str, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden weights before and after dropout training by one of four programs."""
    (X, y), rng = _images(), np.random.default_rng(4)
    start = rng.normal(0, np.sqrt(2 / 64), (64, 12))
    W, V, labels = start, rng.normal(0, 0.4, (12, 10)), np.eye(10)[y]
    once = np.random.default_rng(3).permutation(12) < 7
    for _ in range(steps):
        rows = rng.integers(100, size=20)
        masks = rng.random((2, 20, 12)) < 0.5
        forward = {"once": once, "batch": masks[0, :1]}.get(program, masks[0])
        back = masks[1] if program == "redrawn" else forward
        z = X[rows] @ W
        a = 2 * forward * np.maximum(z, 0)
        p = np.exp(a @ V - (a @ V).max(axis=1, keepdims=True))
        dz = (p / p.sum(axis=1, keepdims=True) - labels[rows]) / 20
        da = 2 * back * (dz @ V.T) * (z > 0)
        W, V = W - 0.1 * X[rows].T @ da, V - 0.1 * a.T @ dz
    return start, W


def four_trainings(steps: int = 200) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the hidden weights, shape (64, 12), before and after training by four programs.

    Parameters
    ----------
    steps : int, default 200
        How many batches each program sees.
    """
    programs = {"a": "example", "b": "redrawn", "c": "once", "d": "batch"}
    return {letter: _trained(program, steps) for letter, program in programs.items()}


def units_trained() -> int:
    """Return how many columns changed in the program that left some as they were."""
    moved = [np.any(before != after, axis=0).sum() for before, after in four_trainings().values()]
    return int(min(moved))


ONCE = Exercise(
    slug="20-once",
    title="One mask for ever",
    minutes=10,
    difficulty=2,
    reference=units_trained,
    remark="Dropout is the drawing again, not the mask.",
    hints=(
        "What is the gradient of the incoming weights of a unit that is always dropped?",
        "Column j of the weights belongs to unit j. Print for each program which columns changed: "
        "`np.any(before != after, axis=0)`, and count them.",
    ),
    misconceptions=(
        Misconception(
            12, "all twelve is what the other three programs train; one program leaves some alone."
        ),
        Misconception(
            5, "these are the units that were never trained; count the others, out of twelve."
        ),
        Misconception(
            6, "half of twelve is the expectation; count the columns that changed in this mask."
        ),
        Misconception(
            0, "no unit stood still in all four programs; look at each program by itself."
        ),
        Misconception(
            448, "this counts the single weights that changed; a unit has 64 of them, one column."
        ),
        Misconception(
            64, "the rows are the 64 pixels; the units are the columns: use axis=0 with np.any."
        ),
    ),
    explanation=(
        "Program c drew its mask once. It trains the one sub-network of the seven kept units; the "
        "batches are still random, but no masks are averaged over. The other units keep their "
        "random start, and at test time, without masks, they take part."
    ),
)


@cache
def _history(rate: float, epochs: int) -> tuple[Network, History, Data, Data]:
    drop = [Dropout(rate)] if rate else []
    network = Network([Dense(64, 32), ReLU(), *drop, Dense(32, 10)])
    X, y = _images()
    train, held = (X[:400], y[:400]), (X[400:800], y[400:800])
    rng, rule = np.random.default_rng(7), GradientDescent(0.1)
    history = fit(network, network.init(rng), *train, rule, epochs, 20, rng, validation=held)
    return network, history, train, held


def digits_history(rate: float = 0.5, epochs: int = 20) -> tuple[Network, History, Data, Data]:
    """Return a trained network, its history, its 400 training and 400 validation images.

    Parameters
    ----------
    rate : float, default 0.5
        Probability of dropping a hidden unit.
    epochs : int, default 20
        Passes through the data.
    """
    return _history(rate, epochs)


def why_lower() -> str:
    """Return "b" if the training images do better without masks, and without dropout."""
    model, history, seen, held = digits_history()
    masks_off = model.accuracy(history.w, *seen) - model.accuracy(history.w, *held)
    model, history, _, held = digits_history(rate=0.0)
    no_dropout = history.accuracy[-1] - model.accuracy(history.w, *held)
    return "a" if masks_off <= 0 else "b" if no_dropout > 0 else "c"


LOWER = Exercise(
    slug="20-lower",
    title="Better on new images?",
    minutes=10,
    difficulty=3,
    reference=why_lower,
    options="abcd",
    remark="Two accuracies are comparable only if both are taken in the same mode.",
    hints=(
        "`history.accuracy` and `history.validation_accuracy` differ in more than the images. How "
        "does `fit` compute each?",
        "Evaluate the training images without masks, `model.accuracy(history.w, *seen)`, and "
        "repeat the run with `digits_history(rate=0.0)`.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "without masks, the training images are the easier ones, not the validation images.",
        ),
        Misconception(
            "c", "this holds at rate 0 as well, where the training accuracy is the higher one."
        ),
        Misconception(
            "d", "measured alike, without masks, the network is better on the images it has seen."
        ),
    ),
    explanation=(
        "`fit` notes the training accuracy of predictions made in training mode, by sub-networks. "
        "Validation is in evaluation mode. Without masks the training images do better. "
        "The mean over the epoch (c) cannot be the main reason: it is taken at rate 0 too, and "
        "there the training accuracy is the higher one."
    ),
)

EXERCISES = (VARIANCE, DROPOUT, PROXIMAL, ONCE, LOWER)
