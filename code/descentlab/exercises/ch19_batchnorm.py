"""Exercises of chapter 19, batch normalisation.

The way back by hand and in code, the running statistics, the two variances, four layers to tell
apart by experiment, and what a small batch leaves of a gradient.
"""

from collections.abc import Callable

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def gradient_by_hand():
    """Return g_x for x = (8, 6, 6, 0), g_y = (0, 0, 0, 1), γ = 6, ε = 0: μ = 5 and r = 3."""
    x_hat = np.array([3.0, 1.0, 1.0, -5.0]) / 3
    g = 6 * np.array([0.0, 0.0, 0.0, 1.0])
    return (g - g.mean() - x_hat * np.mean(g * x_hat)) / 3


BY_HAND = Exercise(
    slug="19-by-hand",
    title="Backward by hand",
    minutes=8,
    difficulty=1,
    reference=gradient_by_hand,
    remark="Only one y mattered, and every x of the batch got a derivative. They sum to 0.",
    hints=(
        "Forward first: the mean, the variance with divisor 4, its root, the four normalised "
        "numbers. Then $g_{\\hat x} = \\gamma g_y$.",
        r"$\mu_B = 5$, $r = 3$, $\hat x = \frac13(3, 1, 1, -5)$ and $g_{\hat x} = (0, 0, 0, 6)$. "
        "Two means are left: that of $g_{\\hat x}$ and that of $\\hat x\\,g_{\\hat x}$.",
    ),
    misconceptions=(
        Misconception(
            np.array([15.0, 5.0, 5.0, 11.0]) / 18,
            "the mean's way is missing: subtract the mean of g_x̂ too. The entries must sum to 0.",
        ),
        Misconception(
            np.array([-1.0, -1.0, -1.0, 3.0]) / 2,
            "the variance's way is missing: subtract x̂ times the mean of x̂ g_x̂.",
        ),
        Misconception(
            np.array([0.0, 0.0, 0.0, 2.0]),
            "only the direct way is there: x₄ also moves the mean and the variance of the batch.",
        ),
        Misconception(
            np.array([3.0, -2.0, -2.0, 1.0]) / 54,
            "γ is missing: g_x̂ = γ g_y, here 6 times as large.",
        ),
        Misconception(
            np.array([3.0, -2.0, -2.0, 1.0]) / 3, "the division by r = 3 at the end is missing."
        ),
        Misconception(
            np.array([3.0, -2.0, -2.0, 1.0]) / 27,
            "you divided by the variance 9; the derivative is divided by its root, r = 3.",
        ),
        Misconception(
            np.array([-12.0, -7.0, -7.0, 26.0]) / 9,
            "the variance's way has the wrong sign: it is subtracted like the mean's.",
        ),
        Misconception(
            np.array([6.0, 1.0, 1.0, -8.0]) / 3,
            "the last term has c = x − μ in place of x̂: divide it by r = 3 first.",
        ),
        Misconception(
            np.array([12.0, -8.0, -8.0, -50.0]) / 9,
            "you subtracted sums where means belong: divide both by n = 4.",
        ),
        Misconception(
            np.array([3.0, -7.0, -7.0, 11.0]) / 8 / np.sqrt(12),
            "the variance has the divisor 3; to normalise, the biased one (divisor 4) is used.",
        ),
        Misconception(
            np.array([-3.0, 2.0, 2.0, -1.0]) / 9,
            "this is the direction of a step, −g_x; the derivative itself is asked for.",
        ),
        Misconception(
            np.array([0.333, -0.222, -0.222, 0.111]),
            "rounded to three digits: put the fractions in as they are.",
        ),
        Misconception(
            np.array([0.33, -0.22, -0.22, 0.11]),
            "rounded to two digits: put the fractions in as they are.",
        ),
    ),
)


def backward(g_y, x, gamma, eps):
    """Return the derivative of the loss with respect to x, of the shape of x."""
    c = x - x.mean(axis=0)
    r = np.sqrt((c**2).mean(axis=0) + eps)
    x_hat = c / r
    g = gamma * g_y
    through_mean = g.mean(axis=0)
    through_variance = x_hat * (g * x_hat).mean(axis=0)
    return (g - through_mean - through_variance) / r


def _way_back(
    *,
    mean: float = 1.0,
    variance: float = 1.0,
    ddof: int = 0,
    scale: Callable[[np.ndarray, float], np.ndarray] = lambda var, eps: np.sqrt(var + eps),
    last: Callable[[np.ndarray], np.ndarray] = lambda r: r,
    use_gamma: bool = True,
    axis: int = 0,
):
    """Return an answer with a part left out or changed."""

    def answer(g_y, x, gamma, eps):
        c = x - x.mean(axis=axis, keepdims=True)
        r = scale(x.var(axis=axis, ddof=ddof, keepdims=True), eps)
        x_hat = c / r
        g = gamma * g_y if use_gamma else g_y
        through = x_hat * (g * x_hat).mean(axis=axis, keepdims=True)
        return (g - mean * g.mean(axis=axis, keepdims=True) - variance * through) / last(r)

    return answer


def _sums(g_y, x, gamma, eps):
    r = np.sqrt(x.var(axis=0) + eps)
    x_hat, g = (x - x.mean(axis=0)) / r, gamma * g_y
    return (g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0)) / r


def _centred(g_y, x, gamma, eps):
    c, r = x - x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    g = gamma * g_y
    return (g - g.mean(axis=0) - c * (g * c).mean(axis=0)) / r


def _whole_array(g_y, x, gamma, eps):
    r = np.sqrt(x.var(axis=0) + eps)
    x_hat, g = (x - x.mean(axis=0)) / r, gamma * g_y
    return (g - g.mean() - x_hat * (g * x_hat).mean()) / r


def _forward(g_y, x, gamma, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


_RNG = np.random.default_rng(19)


def _probe(rows: int, columns: int, eps: float) -> Probe:
    x = 2 + 1.5 * _RNG.standard_normal((rows, columns))
    g_y = 0.7 + _RNG.standard_normal((rows, columns))
    gamma = _RNG.uniform(0.5, 2, columns)
    return Probe(f"x of shape ({rows}, {columns}), eps = {eps}", (g_y, x, gamma, eps))


BACKWARD = Exercise(
    slug="19-backward",
    title="Batch normalisation backward",
    minutes=15,
    difficulty=2,
    reference=backward,
    remark="Each column sums to 0: a check that costs one line.",
    hints=(
        "First the forward pass again: $c$, $r$ and $\\hat x$, each along the batch, axis 0. Then "
        "the three terms of the box.",
        "`g = gamma * g_y` is the derivative for x̂. The mean's way is `g.mean(axis=0)`; the "
        "variance's way has another mean over the batch, times `x_hat`.",
    ),
    probes=(_probe(5, 3, 0.5), _probe(4, 4, 1e-5), _probe(7, 1, 0.1)),
    misconceptions=(
        Misconception(
            _way_back(mean=0.0),
            "the mean's way is forgotten: subtract the mean of γ g_y over the batch.",
        ),
        Misconception(
            _way_back(variance=0.0),
            "the variance's way is forgotten: subtract x̂ times the mean of x̂ γ g_y.",
        ),
        Misconception(
            _way_back(mean=0.0, variance=0.0),
            "mean and variance are taken as constants: both depend on x and carry a derivative.",
        ),
        Misconception(
            _way_back(ddof=1),
            "the variance has the divisor n − 1; to normalise, the biased one (n) is used.",
        ),
        Misconception(
            _way_back(scale=lambda var, eps: np.sqrt(var) + eps),
            "ε stands outside the root: r = √(σ² + ε).",
        ),
        Misconception(
            _way_back(scale=lambda var, eps: np.sqrt(var)), "ε is missing: r = √(σ² + ε)."
        ),
        Misconception(
            _way_back(last=lambda r: r**2),
            "divided by σ² + ε at the end; the derivative is divided by its root r.",
        ),
        Misconception(_way_back(last=np.ones_like), "the division by r at the end is missing."),
        Misconception(_way_back(use_gamma=False), "γ is missing: the derivative for x̂ is γ g_y."),
        Misconception(
            _way_back(variance=-1.0), "the variance's way has the wrong sign: it is subtracted."
        ),
        Misconception(_sums, "sums where means belong: divide both by the number of rows."),
        Misconception(
            _way_back(axis=1),
            "means over axis 1 are layer normalisation; the batch runs along axis 0.",
        ),
        Misconception(
            _centred, "the last term has c = x − μ where x̂ belongs; divide c by r first."
        ),
        Misconception(
            _whole_array, "one mean for the whole array: each column has its own, along axis 0."
        ),
        Misconception(_forward, "this is the forward pass; the way back starts from g_y."),
    ),
)


def evaluated(x, batches, momentum, eps):
    """Return x normalised by the running statistics after the batches (γ = 1, β = 0)."""
    mean, var = 0.0, 1.0
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
        var = (1 - momentum) * var + momentum * batch.var(axis=0, ddof=1)
    return (x - mean) / np.sqrt(var + eps)


def _evaluation(
    *,
    share: Callable[[float], float] = lambda m: m,
    ddof: int = 1,
    start: tuple[float, float] = (0.0, 1.0),
    deviation: bool = False,
    outside: bool = False,
    use_eps: bool = True,
    root: bool = True,
):
    """Return an answer whose running statistics or use of them is wrong."""

    def answer(x, batches, momentum, eps):
        mean, var = start
        m = share(momentum)
        for batch in batches:
            new = batch.std(axis=0, ddof=1) if deviation else batch.var(axis=0, ddof=ddof)
            mean = (1 - m) * mean + m * batch.mean(axis=0)
            var = (1 - m) * var + m * new
        if deviation:
            var = var**2
        if outside:
            return (x - mean) / (np.sqrt(var) + eps)
        total = var + (eps if use_eps else 0)
        return (x - mean) / (np.sqrt(total) if root else total)

    return answer


def _own_statistics(x, batches, momentum, eps):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


def _last_batch(x, batches, momentum, eps):
    return (x - batches[-1].mean(axis=0)) / np.sqrt(batches[-1].var(axis=0, ddof=1) + eps)


def _plain_average(x, batches, momentum, eps):
    mean = np.mean([b.mean(axis=0) for b in batches], axis=0)
    var = np.mean([b.var(axis=0, ddof=1) for b in batches], axis=0)
    return (x - mean) / np.sqrt(var + eps)


def _first_is_start(x, batches, momentum, eps):
    mean, var = batches[0].mean(axis=0), batches[0].var(axis=0, ddof=1)
    for batch in batches[1:]:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
        var = (1 - momentum) * var + momentum * batch.var(axis=0, ddof=1)
    return (x - mean) / np.sqrt(var + eps)


def _backwards(x, batches, momentum, eps):
    return evaluated(x, batches[::-1], momentum, eps)


def _one_for_all(x, batches, momentum, eps):
    mean, var = 0.0, 1.0
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean()
        var = (1 - momentum) * var + momentum * batch.var(ddof=1)
    return (x - mean) / np.sqrt(var + eps)


def _mean_only(x, batches, momentum, eps):
    mean = 0.0
    for batch in batches:
        mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)
    return x - mean


def _batches(sizes: tuple[int, ...], columns: int) -> list[np.ndarray]:
    return [1 + 2 * _RNG.standard_normal((rows, columns)) for rows in sizes]


EVALUATED = Exercise(
    slug="19-evaluated",
    title="From training to evaluation",
    minutes=12,
    difficulty=2,
    reference=evaluated,
    remark="Nothing of x's own batch is used: one row gives the same alone as among others.",
    hints=(
        "Two numbers per column are carried from batch to batch. What are they before the first "
        "one, and what share does a new batch get?",
        "`mean = (1 - momentum) * mean + momentum * batch.mean(axis=0)`, and the same for the "
        "variance, with `ddof=1`. Only after the last batch is x normalised.",
    ),
    probes=(
        Probe(
            "x of shape (3, 2), batches of 4, 4 and 2 rows, momentum 0.1, eps 0.3",
            (_RNG.standard_normal((3, 2)), _batches((4, 4, 2), 2), 0.1, 0.3),
        ),
        Probe(
            "x of shape (1, 3), batches of 5 and 3 rows, momentum 0.4, eps 1e-05",
            (_RNG.standard_normal((1, 3)), _batches((5, 3), 3), 0.4, 1e-5),
        ),
        Probe(
            "x of shape (2, 1), one batch of 2 rows, momentum 0.25, eps 0.01",
            (_RNG.standard_normal((2, 1)), _batches((2,), 1), 0.25, 0.01),
        ),
    ),
    misconceptions=(
        Misconception(
            _evaluation(share=lambda m: 1 - m),
            "the shares are exchanged: here momentum is the share of the new batch.",
        ),
        Misconception(
            _evaluation(ddof=0),
            "the running variance got the biased variance: it takes the one with n − 1.",
        ),
        Misconception(
            _own_statistics,
            "x was normalised by its own rows, as in training; use the running statistics.",
        ),
        Misconception(
            _last_batch, "these are the statistics of the last batch alone; the past counts too."
        ),
        Misconception(
            _plain_average,
            "all batches got the same weight; each new one gets the share momentum of the total.",
        ),
        Misconception(_evaluation(start=(0.0, 0.0)), "the running variance starts at 1, not at 0."),
        Misconception(
            _first_is_start,
            "the first batch replaced the start; it only gets its share, next to 0 and 1.",
        ),
        Misconception(
            _evaluation(deviation=True),
            "standard deviations were averaged; variances are, and the root comes at the end.",
        ),
        Misconception(_evaluation(outside=True), "ε stands outside the root: √(var + ε)."),
        Misconception(_evaluation(use_eps=False), "ε is missing: √(var + ε)."),
        Misconception(
            _evaluation(root=False), "divided by the variance: divide by the root of it plus ε."
        ),
        Misconception(
            _backwards, "the batches went in from the last to the first; the newest weighs most."
        ),
        Misconception(
            _one_for_all, "one mean for all columns: each column has its own, along axis 0."
        ),
        Misconception(_mean_only, "only the mean was taken away: divide by √(var + ε) too."),
    ),
)


def second_moment():
    """Return the mean of x̂² in evaluation when the running variance is the biased one, n = 5."""
    n = 5
    return n / (n - 1)


VARIANCES = Exercise(
    slug="19-variances",
    title="The wrong variance",
    minutes=5,
    difficulty=1,
    reference=second_moment,
    remark="At n = 64 it would be 1.6 %: with small batches the two variances are worth telling.",
    hints=(
        "What does the running variance tend to, if $\\sigma_B^2$ goes in without the factor?",
        r"$\mathbb{E}[\sigma_B^2] = \frac45\sigma^2$ for $n = 5$. In evaluation $(x - \mu)^2$, "
        "whose mean is $\\sigma^2$, is divided by it.",
    ),
    misconceptions=(
        Misconception(
            0.8, "this is the running variance as a share of σ²; to get x̂² it is divided by."
        ),
        Misconception(1.0, "this holds with the repaired variance; the biased one is too small."),
        Misconception(
            np.sqrt(1.25), "this is the standard deviation of x̂; the mean of its square is asked."
        ),
        Misconception(np.sqrt(0.8), "this is the factor on r; x̂² is divided by its square."),
        Misconception(4 / 3, "this is n/(n − 1) for batches of 4; here they have 5."),
        Misconception(1.2, "this is (n + 1)/n; the factor that is missing is n/(n − 1)."),
        Misconception(5 / 3, "the biased variance is (n − 1)/n of σ², not (n − 2)/n."),
        Misconception(4.0, "this is n − 1; compare the two divisors, n and n − 1."),
    ),
)


_MEAN, _STD = np.array([0.4, -0.3, 0.1, 0.2]), np.array([1.5, 0.8, 1.1, 1.3])


def _layers() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    return {
        "a": lambda x: (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5),
        "b": lambda x: (x - _MEAN) / np.sqrt(_STD**2 + 1e-5),
        "c": lambda x: x - x.mean(axis=0) + (x.mean(axis=0) - _MEAN) / np.sqrt(_STD**2 + 1e-5),
        "d": lambda x: (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5),
    }


def four_layers() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Return four layers by letter; each takes x of shape (n, 4), n >= 2."""
    return _layers()


def training_layer():
    """Return the letter of the layer that is scaled back exactly and depends on the batch."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((6, 4))
    other = np.vstack([x[:1], rng.standard_normal((5, 4))])
    found = []
    for letter, layer in four_layers().items():
        companions = not np.allclose(layer(x)[0], layer(other)[0])
        if companions and np.allclose(layer(3 * x), layer(x), atol=1e-3):
            found.append(letter)
    return found[0]


TELL_APART = Exercise(
    slug="19-tell-apart",
    title="Which one is in training mode?",
    minutes=10,
    difficulty=2,
    reference=training_layer,
    options="abcd",
    remark="Two questions to the outputs were enough: who is looked at, and what is idle.",
    hints=(
        "Keep row 0 and change the other rows. For which layers does the output of row 0 change?",
        "Two are left. Now multiply x by 3: what must the output of a layer do that divides by "
        "the standard deviation of its batch?",
    ),
    misconceptions=(
        Misconception(
            "a",
            "its rows have mean 0 and variance 1, and row 0 ignores the others: layer norm.",
        ),
        Misconception(
            "b", "row 0 comes out the same whatever the other rows are: this is evaluation mode."
        ),
        Misconception(
            "c",
            "it depends on the batch, but 3x does not give what x gives: the variance is not used.",
        ),
    ),
    explanation=(
        "a is layer normalisation, b batch normalisation in evaluation. c takes only the batch "
        "mean away, and adds a shift. d is batch normalisation in training."
    ),
)


def share_left(n: int, draws: int, rng: np.random.Generator) -> float:
    """Return |r g_x|² / |g_x̂|² for n random examples of one unit, each mean over the draws."""
    x, g = rng.standard_normal((2, draws, n))
    c = x - x.mean(axis=1, keepdims=True)
    x_hat = c / np.sqrt((c**2).mean(axis=1, keepdims=True))
    left = g - g.mean(axis=1, keepdims=True)
    left = left - x_hat * (g * x_hat).mean(axis=1, keepdims=True)
    return np.sum(left**2) / np.sum(g**2)


def smallest_batch():
    """Return the n for which 1 - 2/n, the share left, is 0.95."""
    taken = 1 - 0.95
    return 2 / taken


SHARE = Exercise(
    slug="19-share",
    title="What a small batch lets through",
    minutes=12,
    difficulty=3,
    reference=smallest_batch,
    tolerance=1e-6,
    remark="A batch of two passes nothing back but what ε lets through: x̂ is ±1 and cannot move.",
    hints=(
        "Print the share for n = 2, 3, 4, 8. Multiply each by n: what do you get?",
        "$P$ takes away two directions out of n. A random vector has the share 1/n in each "
        "direction.",
    ),
    misconceptions=(
        Misconception(39.0, "for n = 39 the share is 37/39 = 0.949, a little below 0.95."),
        Misconception(21.0, "this is for lengths; the share asked for is of the squared length."),
        Misconception(20.0, "one direction takes 1/n, but two are taken away: 1 and x̂."),
        Misconception(
            60.0, "three directions would need 60; P takes away two, 1 and x̂ (they are orthogonal)."
        ),
        Misconception(41.0, "41 is enough, but 40 is too: 38/40 = 0.95, and at least is asked."),
        Misconception(2.0, "with n = 2 nothing is left at all: print share_left(2, ...)."),
        Misconception(38.0, "for n = 38 the share is 36/38 = 0.947, below 0.95."),
        Misconception(0.95, "this is the share; the number of examples n is asked for."),
    ),
)

EXERCISES = (BY_HAND, BACKWARD, EVALUATED, VARIANCES, TELL_APART, SHARE)
