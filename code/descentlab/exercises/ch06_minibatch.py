"""Exercises of chapter 06, the mini-batch.

The variance σ²/s and its factor without replacement, one epoch with a short last batch, batch means
put together with the right weights, the size that an angle needs, and a biased oracle found by
experiment.
"""

from collections.abc import Callable, Iterator

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def variance_of_a_pair() -> float:
    """Return the variance of the mean of two different ones of the gradients 0, 1, 3, 4."""
    n, s, variance = 4, 2, 2.5
    return variance / s * (n - s) / (n - 1)


VARIANCE = Exercise(
    slug="06-variance",
    title="A variance by hand",
    minutes=6,
    difficulty=1,
    reference=variance_of_a_pair,
    tolerance=1e-3,
    remark="You could also list the six pairs: their means are 0.5, 1.5, 2, 2, 2.5 and 3.5.",
    hints=(
        r"First $\sigma^2$: the mean of the squared distances from the mean gradient.",
        r"The mean is 2, so $\sigma^2 = (4 + 1 + 1 + 4)/4 = 2.5$. Put it into the formula without "
        "replacement.",
    ),
    misconceptions=(
        Misconception(
            1.25, "this is σ²/s, with replacement: the factor (n − s)/(n − 1) is missing."
        ),
        Misconception(2.5, "this is σ², the variance for one example; the batch has two."),
        Misconception(
            5 / 3, "σ² is 2.5, the sum of squares over n = 4; divide it by s, then times 2/3."
        ),
        Misconception(
            0.625, "the factor is (n − s)/(n − 1) = 2/3, not ½, and it multiplies σ²/s = 1.25."
        ),
        Misconception(
            10 / 9, "σ² is the mean over all four: divide the sum of squares by 4, not by 3."
        ),
        Misconception(5 / 12, "the variance falls like 1/s, not like 1/s²."),
        Misconception(
            np.sqrt(5 / 6), "this is the root, the typical error; give the mean squared error."
        ),
        Misconception(
            10 / 3, "this is the sum of squares over n − 1; the mean of two varies less than one."
        ),
        Misconception(0.0, "the mean error is 0; asked for is the mean of its square."),
    ),
)


def mini_batch_epoch(gradient, w, X, y, lr, s, order):
    """Return w after one pass over the rows in the given order, s at a time."""
    new = w
    for start in range(0, len(order), s):
        rows = order[start : start + s]
        new = new - lr * gradient(new, X[rows], y[rows])
    return new


def _squares(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return 2 / len(X) * X.T @ (X @ w - y)


def _logistic(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    return X.T @ (1 / (1 + np.exp(-(X @ w))) - y) / len(X)


_RNG = np.random.default_rng(6)
_X7, _Y7, _ORDER7 = _RNG.standard_normal((7, 2)), _RNG.standard_normal(7), _RNG.permutation(7)
_X6 = _RNG.standard_normal((6, 3))
_Y6 = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
_ORDER6 = np.array([4, 0, 5, 2, 1, 3])


def _dropping(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(gradient, w, X, y, lr, s, order[: len(order) // s * s])


def _file_order(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(gradient, w, X, y, lr, s, np.arange(len(order)))


def _frozen(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(lambda v, A, b: gradient(w, A, b), w, X, y, lr, s, order)


def _whole(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(lambda v, A, b: gradient(v, X, y), w, X, y, lr, s, order)


def _divided_by_s(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(lambda v, A, b: gradient(v, A, b) * len(A) / s, w, X, y, lr, s, order)


def _summed(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(lambda v, A, b: gradient(v, A, b) * len(A), w, X, y, lr, s, order)


def _divided_again(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(lambda v, A, b: gradient(v, A, b) / len(A), w, X, y, lr, s, order)


def _sliding(gradient, w, X, y, lr, s, order):
    for start in range(len(order) - s + 1):
        rows = order[start : start + s]
        w = w - lr * gradient(w, X[rows], y[rows])
    return w


def _labels_in_file_order(gradient, w, X, y, lr, s, order):
    for start in range(0, len(order), s):
        rows = order[start : start + s]
        w = w - lr * gradient(w, X[rows], y[start : start + s])
    return w


def _one_by_one(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(gradient, w, X, y, lr, 1, order)


def _first_batch(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(gradient, w, X, y, lr, s, order[:s])


def _uphill(gradient, w, X, y, lr, s, order):
    return mini_batch_epoch(gradient, w, X, y, -lr, s, order)


def _filled_up(gradient, w, X, y, lr, s, order):
    missing = -len(order) % s
    return mini_batch_epoch(gradient, w, X, y, lr, s, np.append(order, order[:missing]))


EPOCH = Exercise(
    slug="06-epoch",
    title="One epoch",
    minutes=12,
    difficulty=2,
    reference=mini_batch_epoch,
    remark="A slice that runs past the end is short by itself: no special case for the last batch.",
    hints=(
        "A loop over the places at which a batch starts: 0, s, 2s, … below the number of rows. The "
        "rows of a batch are a slice of `order`.",
        "`X[rows]` picks the rows of an array of row numbers. The gradient is taken at the newest "
        "`w`, on the rows of the batch alone; write `w = w - ...`, because `w -= ...` would change "
        "the start.",
    ),
    probes=(
        Probe(
            "squared error, 7 rows, s 3, lr 0.1",
            (_squares, np.array([1.0, -2.0]), _X7, _Y7, 0.1, 3, _ORDER7),
        ),
        Probe(
            "logistic loss, 6 rows, s 4, lr 0.5",
            (_logistic, np.array([0.5, 0.0, -1.0]), _X6, _Y6, 0.5, 4, _ORDER6),
        ),
        Probe(
            "squared error, 7 rows, s 7, lr 0.2",
            (_squares, np.array([0.0, 1.0]), _X7, _Y7, 0.2, 7, _ORDER7),
        ),
    ),
    misconceptions=(
        Misconception(_dropping, "the last, short batch is missing: its rows belong to the epoch."),
        Misconception(_file_order, "the rows come in the order of the file; use `order`."),
        Misconception(
            _frozen, "all gradients are taken at the first w; each step needs it at the newest w."
        ),
        Misconception(
            _whole, "every step uses all rows: give the gradient the rows of the batch alone."
        ),
        Misconception(
            _divided_by_s,
            "the last batch is divided by s, but it has fewer rows: its mean comes out too small.",
        ),
        Misconception(
            _summed, "the batch gradient is a mean already: do not multiply by its size."
        ),
        Misconception(_divided_again, "the gradient is a mean already: do not divide by the size."),
        Misconception(
            _sliding, "the batches overlap: the next one starts s places further, not one."
        ),
        Misconception(
            _labels_in_file_order, "X and y are out of step: take the labels of the same rows."
        ),
        Misconception(_one_by_one, "these are steps on single rows: take s rows for each step."),
        Misconception(_first_batch, "this is one step; an epoch goes through all the rows."),
        Misconception(_uphill, "you went uphill: subtract lr times the gradient."),
        Misconception(
            _filled_up, "the last batch is filled up with rows already seen: leave it short."
        ),
    ),
)


def full_gradient(means, sizes):
    """Return the mean over all examples from the means and sizes of the batches."""
    return sizes @ means / np.sum(sizes)


def _equal_weights(means, sizes):
    return np.mean(means, axis=0)


def _by_number_of_batches(means, sizes):
    return sizes @ means / len(sizes)


def _full_only(means, sizes):
    return np.mean(means[sizes == sizes.max()], axis=0)


def _as_if_full(means, sizes):
    return sizes @ means / (len(sizes) * sizes.max())


def _inverse_weights(means, sizes):
    return (1 / sizes) @ means / np.sum(1 / sizes)


COMBINE = Exercise(
    slug="06-combine",
    title="Batches put together",
    minutes=6,
    difficulty=1,
    reference=full_gradient,
    remark="In the plain mean an example of a batch of 1 counts as much as a whole batch of 32.",
    hints=(
        "A mean times its size is a sum. What is the sum over all examples? How many are there?",
        "`sizes` has one entry and `means` one row for each batch, so `sizes @ means` adds the "
        "rows with these weights.",
    ),
    probes=(
        Probe(
            "means (1, 2), (3, 0), (10, -4), sizes 2, 2, 1",
            (np.array([[1.0, 2.0], [3.0, 0.0], [10.0, -4.0]]), np.array([2, 2, 1])),
        ),
        Probe(
            "four batches, sizes 32, 32, 32, 25",
            (_RNG.standard_normal((4, 3)), np.array([32, 32, 32, 25])),
        ),
        Probe("one batch of 5", (np.array([[1.5, -2.0]]), np.array([5]))),
        Probe("sizes 3, 1, 2", (_RNG.standard_normal((3, 2)), np.array([3, 1, 2]))),
    ),
    misconceptions=(
        Misconception(
            _equal_weights,
            "all batches count the same; a short one must count less: weight by the sizes.",
        ),
        Misconception(
            lambda means, sizes: sizes @ means,
            "this is the sum over all examples: divide by how many there are.",
        ),
        Misconception(
            _by_number_of_batches,
            "divided by the number of batches; the weights add up to the number of examples.",
        ),
        Misconception(_full_only, "the short batch is left out: its examples count too."),
        Misconception(_as_if_full, "the short batch is counted as if it were full."),
        Misconception(_inverse_weights, "the weights are upside down: a larger batch counts more."),
        Misconception(
            lambda means, sizes: np.sum(means, axis=0) / np.sum(sizes),
            "the means are added without their sizes: a mean times its size is a sum.",
        ),
        Misconception(
            lambda means, sizes: np.sum(means, axis=0),
            "this adds the means; multiply each by its size and divide by all the examples.",
        ),
    ),
)


def batch_size_for_an_angle() -> float:
    """Return the smallest whole s with s/(s + b) >= 0.9, for |∇E|² = 0.04 and σ² = 1.3."""
    b = 1.3 / 0.04
    return np.ceil(0.9 * b / (1 - 0.9))


ANGLE = Exercise(
    slug="06-angle",
    title="How many examples for an angle",
    minutes=6,
    difficulty=2,
    reference=batch_size_for_an_angle,
    remark="Nine times the noise scale: from cos² = 0.5 to 0.9 a step costs nine times as much.",
    hints=(
        "Start with the noise scale $b$: at which $s$ is the formula one half?",
        r"$b = 1.3/0.04 = 32.5$. Solve $s/(s + 32.5) = 0.9$ for $s$ and round up.",
    ),
    misconceptions=(
        Misconception(292.5, "the formula is solved; a batch has a whole number of examples."),
        Misconception(292.0, "with 292 the formula is a little below 0.9: round up."),
        Misconception(32.5, "this is b, where cos²θ = ½: the angle of 45°."),
        Misconception(33.0, "this is b rounded up, where cos²θ = ½: the angle of 45°."),
        Misconception(30.0, "0.9 times b is not enough: solve s/(s + b) = 0.9 for s."),
        Misconception(325.0, "b/(1 − 0.9) is s + b; subtract b."),
        Misconception(1.0, "check b: it is σ² over |∇E|², here 32.5, and not the other way round."),
        Misconception(139.0, "0.9 is asked for cos²θ itself; you solved for cos θ = 0.9."),
        Misconception(4.0, "the fraction is upside down: s/b = 0.9/0.1."),
        Misconception(59.0, "b has |∇E|² below the line, which is given: 0.04, not its root 0.2."),
    ),
)


_TABLE = np.random.default_rng(66).normal(1.0, 3.0, size=(10, 2))


def mean_gradient() -> np.ndarray:
    """Return ∇E, the mean of all ten gradients, shape (2,)."""
    return _TABLE.mean(axis=0)


def _batches(letter: str, rng: np.random.Generator) -> Iterator[np.ndarray]:
    while True:
        order = rng.permutation(10)
        if letter == "c":
            yield _TABLE[order[[0, 0, 0, 0]]].mean(axis=0)
            continue
        for start in range(0, 8 if letter == "a" else 10, 4):
            rows = _TABLE[order[start : start + 4]]
            yield rows.sum(axis=0) / (4 if letter == "b" else len(rows))


def four_oracles() -> dict[str, Callable[[], np.ndarray]]:
    """Return four oracles by letter: each call gives one batch gradient, shape (2,)."""
    generators = np.random.default_rng(4).spawn(4)
    streams = {letter: _batches(letter, rng) for letter, rng in zip("abcd", generators)}
    return {letter: stream.__next__ for letter, stream in streams.items()}


def biased_oracle():
    """Return the letter whose mean is the most standard errors away from the true gradient."""
    away = {}
    for letter, oracle in four_oracles().items():
        draws = np.array([oracle() for _ in range(6000)])
        standard_error = draws.std(axis=0) / np.sqrt(len(draws))
        away[letter] = np.max(np.abs(draws.mean(axis=0) - mean_gradient()) / standard_error)
    return max(away, key=lambda letter: away[letter])


ORACLE = Exercise(
    slug="06-oracle",
    title="Which oracle is biased",
    minutes=12,
    difficulty=3,
    reference=biased_oracle,
    options="abcd",
    remark="It divides every batch by 4, and the last of a pass has 2 rows: its mean is 10/12 ∇E.",
    hints=(
        "Twenty draws show the noise and not the mean. How many draws make the error of a mean "
        "small against the differences you see?",
        "The error of a mean of $k$ draws is about their spread over $\\sqrt k$. Only a distance "
        "of many such errors is a bias; the spread itself says nothing about it.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "it drops two rows of each pass, but after shuffling: all rows are as likely to go.",
        ),
        Misconception("c", "it has the largest spread, that of single rows; its mean is right."),
        Misconception(
            "d",
            "its last batch of a pass has two rows and more noise, but its own mean: no bias.",
        ),
    ),
    explanation=(
        "a shuffles and drops the short last batch; b keeps it and divides its sum by 4; c takes "
        r"one row four times, so that the covariance of two places in a batch is $\sigma^2$ in "
        r"place of $-\sigma^2/(n-1)$; d keeps the short batch with its own mean."
    ),
)

EXERCISES = (VARIANCE, EPOCH, COMBINE, ANGLE, ORACLE)
