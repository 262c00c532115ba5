"""Exercises of chapter 01, what a loss measures.

Mean squared error by hand, mean against sum, the price of a grid, and the two cross-entropies
written so that no logit breaks them.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def three_points() -> float:
    """Return the mean squared error of slope 1 and intercept 3 on the three points."""
    x, y = np.array([-1.0, 0.0, 2.0]), np.array([2.0, 6.0, 4.0])
    residuals = (x + 3.0) - y
    return np.mean(residuals**2)


THREE_POINTS = Exercise(
    slug="01-three-points",
    title="Squared error by hand",
    minutes=4,
    difficulty=1,
    reference=three_points,
    tolerance=2e-3,
    remark="One residual of 3 makes nine tenths of it: squares weigh large residuals most.",
    hints=(
        "First the three predictions: slope times $x$, plus intercept. Then prediction minus $y$.",
        "The predictions are 2, 3, 5. Subtract 2, 6, 4, square each difference, add, divide by 3.",
    ),
    misconceptions=(
        Misconception(10, "this is the sum of the squares; the mean divides it by 3."),
        Misconception(5 / 3, "a factor 1/2 slipped in: some texts have it, this chapter does not."),
        Misconception(5, "the sum was divided by 2; there are n = 3 points."),
        Misconception(4 / 3, "this is the mean of the absolute residuals; square them instead."),
        Misconception(
            -2 / 3, "this is the mean residual: the signs cancel; square each one first."
        ),
        Misconception(
            2 / 3, "this is the mean of y − ŷ, where the signs cancel; square each residual first."
        ),
        Misconception(4 / 9, "this squares the mean residual; square each one, then average."),
        Misconception(16 / 9, "this squares the mean absolute residual; square, then average."),
        Misconception(
            8 / 3, "a residual of −1 kept its sign when squared; (−1)(−1) = 1, so add it."
        ),
        Misconception(
            -8 / 3, "a residual of −3 kept its sign when squared; (−3)(−3) = 9, so add it."
        ),
        Misconception(
            np.sqrt(10 / 3), "this is the root of the mean squared error; leave the square."
        ),
        Misconception(
            np.sqrt(10), "this is the root of the sum, the length of the residuals as a vector."
        ),
        Misconception(50 / 3, "slope and intercept are exchanged: the line is ŷ = 1 · x + 3."),
        Misconception(49 / 3, "the intercept is missing: ŷ = x + 3, not x."),
        Misconception([0, -3, 1], "these are the residuals; square them and take the mean."),
        Misconception([0, 9, 1], "these are the squared residuals; take their mean."),
    ),
)


def mean_or_sum() -> float:
    """Return the rate for the sum: its derivatives are n times those of the mean."""
    n = 442
    return 0.1 / n


MEAN_OR_SUM = Exercise(
    slug="01-mean-or-sum",
    title="Mean or sum",
    minutes=5,
    difficulty=1,
    reference=mean_or_sum,
    tolerance=4e-7,
    remark="With a mean, α need not change when data are added: that is why this course uses it.",
    hints=(
        "A step is α times a derivative. How do the derivatives of the sum differ from those of "
        "the mean?",
        r"The sum is $n$ times the mean, and so is each derivative. The product $\alpha \cdot "
        r"\partial/\partial w$ must stay the same.",
    ),
    misconceptions=(
        Misconception(0.1, "with the same α each of the colleague's steps is 442 times yours."),
        Misconception(44.2, "the sum's derivatives are larger, so α must be smaller, not larger."),
        Misconception(
            0.1 / 442**0.5,
            "a whole factor n, not √n: each derivative of the sum is n times the mean's.",
        ),
        Misconception(
            0.1 / 442**2, "one factor n is enough: the derivative is linear in the loss."
        ),
        Misconception(
            0.1 / 884,
            "no factor 2: the derivative of the square has it in the mean and in the sum.",
        ),
        Misconception(
            0.1 / 221, "no factor 1/2: the derivative of the square has 2 in the mean and the sum."
        ),
        Misconception(1 / 442, "this is the factor between the two; multiply it by your α."),
        Misconception(442, "this is the factor between the losses; α is asked for."),
    ),
)


def finer_grid() -> int:
    """Return the evaluations of a grid of three slopes from -60 to 60 in steps of 0.3."""
    values = round(120 / 0.3) + 1
    return values**3


FINER_GRID = Exercise(
    slug="01-grid",
    title="The price of a finer grid",
    minutes=5,
    difficulty=1,
    reference=finer_grid,
    remark="One more digit for three slopes costs nearly a thousand times as much: 10³.",
    explanation=r"Each slope takes 401 values, and $401^3 = 64\,481\,201$.",
    hints=(
        "How many values does each slope take now? Count both ends.",
        "The range of 120 holds 400 steps of three tenths, so 401 values. Every combination of "
        "three slopes is one evaluation.",
    ),
    misconceptions=(
        Misconception(400**3, "400 steps have 401 ends: count both of them, as 41 above did."),
        Misconception(410**3, "ten times 41 is not it: 40 steps become 400, with 401 ends."),
        Misconception(
            410**2 * 401, "each of the three slopes takes 401 values: multiply three times."
        ),
        Misconception(689_210, "ten times finer in each of three slopes: nearly 10³, not 10."),
        Misconception(401 * 3, "the slopes are combined, not tried one after another: k³, not 3k."),
        Misconception(401, "this is one slope; all combinations of three are tried."),
        Misconception(401**2, "this is for two slopes; there are three."),
        Misconception(401 * 41**2, "all three slopes take the finer steps, not one of them."),
        Misconception(41**3, "this is the coarse grid; the steps are ten times finer now."),
        Misconception(402**3, "120 / 0.3 = 400 steps have 401 ends; one was counted twice."),
    ),
)


def cross_entropy(z, y):
    """Return the mean binary cross-entropy of logits z and labels y."""
    wrong = np.where(y == 1, -z, z)
    return np.mean(np.maximum(wrong, 0) + np.log1p(np.exp(-np.abs(wrong))))


def _sigma(z):
    return 1 / (1 + np.exp(-z))


def _likelihood(q, y):
    return np.mean(-y * np.log(q) - (1 - y) * np.log(1 - q))


def _clipped(eps):
    return lambda z, y: _likelihood(np.clip(_sigma(z), eps, 1 - eps), y)


def _clipped_logits(limit):
    return lambda z, y: cross_entropy(np.clip(z, -limit, limit), y)


def _of_ratio(z, y):
    return _likelihood(np.exp(z) / (1 + np.exp(z)), y)


def _softplus(z):
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


_CLIP = "clipping the probability caps the loss: at z = −1000 with y = 1 it should be 1000."
_CLIP_Z = "clipping the logits caps the loss: at z = −1000 with y = 1 it should be 1000."

CROSS_ENTROPY = Exercise(
    slug="01-cross-entropy",
    title="Cross-entropy of large logits",
    minutes=12,
    difficulty=2,
    reference=cross_entropy,
    remark="Right for logits of ±1000. The safe form has no positive exponent at all.",
    hints=(
        r"For $y = 1$ the loss is $\ln(1 + e^{-z})$, for $y = 0$ it is $\ln(1 + e^{z})$: one "
        r"function, $\ln(1 + e^{a})$, with $a = -z$ or $a = z$.",
        r"$\ln(1 + e^{a}) = \max(a, 0) + \ln(1 + e^{-|a|})$. `np.where(y == 1, -z, z)` gives "
        "$a$; `np.maximum(a, 0)` works on whole arrays, and so does `np.log1p`.",
    ),
    probes=(
        Probe("z (0, 0), y (0, 1)", (np.array([0.0, 0.0]), np.array([0, 1]))),
        Probe("z (2, -1, 0.5), y (1, 0, 0)", (np.array([2.0, -1.0, 0.5]), np.array([1, 0, 0]))),
        Probe("z (-3, 4, 1), y (1, 0, 1)", (np.array([-3.0, 4.0, 1.0]), np.array([1, 0, 1]))),
        Probe("z (1000, -1000), y (1, 0)", (np.array([1000.0, -1000.0]), np.array([1, 0]))),
        Probe("z (1000, -1000), y (0, 1)", (np.array([1000.0, -1000.0]), np.array([0, 1]))),
        Probe("z (-1000), y (1)", (np.array([-1000.0]), np.array([1]))),
        Probe("z (40), y (0)", (np.array([40.0]), np.array([0]))),
    ),
    misconceptions=(
        Misconception(
            lambda z, y: _likelihood(_sigma(z), y),
            "σ(z) rounds to 0 or 1; then 0 · log(0) is nan and −log(0) infinite: stay with logits.",
        ),
        Misconception(
            lambda z, y: np.mean(np.where(y == 1, -np.log(_sigma(z)), -np.log(1 - _sigma(z)))),
            "σ(z) rounds to 0 or 1, and −log(0) is infinite where the loss should be 1000.",
        ),
        Misconception(
            lambda z, y: np.mean(np.log(1 + np.exp(z)) - y * z),
            "exp(1000) overflows: take the exponential of −|z| only.",
        ),
        Misconception(
            lambda z, y: np.mean(np.log(1 + np.exp(np.where(y == 1, -z, z)))),
            "the formula is right, but exp(1000) overflows: take the exponential of −|z| only.",
        ),
        Misconception(
            _of_ratio, "exp(1000)/(1 + exp(1000)) is ∞/∞, nan; take exponentials of −|z| only."
        ),
        *(Misconception(_clipped(eps), _CLIP) for eps in (1e-15, 1e-12, 1e-10, 1e-8, 1e-7, 1e-5)),
        *(Misconception(_clipped_logits(a), _CLIP_Z) for a in (20, 30, 50, 100, 500, 700)),
        Misconception(
            lambda z, y: cross_entropy(z, y) * len(z), "this is the sum; the mean is asked for."
        ),
        Misconception(
            lambda z, y: _softplus(np.where(y == 1, -z, z)),
            "these are the losses of the single examples; return their mean.",
        ),
        Misconception(
            lambda z, y: -cross_entropy(z, y),
            "the sign is turned round: a logarithm of a probability is negative, the loss is not.",
        ),
        Misconception(_likelihood, "z holds logits, not probabilities: the probability is σ(z)."),
        Misconception(
            lambda z, y: cross_entropy(z, y) / np.log(2),
            "this is in bits, with log2; the natural logarithm is asked for.",
        ),
        Misconception(
            lambda z, y: cross_entropy(z, y) / np.log(10),
            "this is with log10; the natural logarithm is asked for.",
        ),
        Misconception(
            lambda z, y: np.mean(y * _softplus(-z)),
            "only the examples with y = 1 are counted; y = 0 adds −log(1 − σ(z)).",
        ),
        Misconception(
            lambda z, y: np.mean(_softplus(-z)),
            "every label was taken as 1: for y = 0 the loss is log(1 + exp(z)).",
        ),
        Misconception(
            lambda z, y: np.mean((1 - y) * _softplus(z)),
            "only the examples with y = 0 are counted; y = 1 adds −log σ(z).",
        ),
        Misconception(
            lambda z, y: cross_entropy(-z, y),
            "the labels are exchanged: σ(z) is the probability of y = 1, so a large z suits y = 1.",
        ),
        Misconception(
            lambda z, y: np.mean(_softplus(-y * z)),
            "log(1 + exp(−yz)) is for labels −1 and 1; with y = 0 it is always log 2.",
        ),
        Misconception(
            lambda z, y: cross_entropy(_sigma(z), y),
            "the sigmoid is applied twice: the loss of logits already contains it.",
        ),
        Misconception(
            lambda z, y: np.mean((_sigma(z) - y) ** 2),
            "this is the mean squared error of the probabilities; it never exceeds 1.",
        ),
        Misconception(
            lambda z, y: np.mean(_sigma(z) - y),
            "this is the mean of the derivatives σ(z) − y; the loss is asked for.",
        ),
        Misconception(
            lambda z, y: np.mean(np.maximum(np.where(y == 1, -z, z), 0)),
            "log(1 + exp(−|z|)) is missing: at z = 0 the loss is log 2.",
        ),
        Misconception(
            lambda z, y: np.mean(np.log1p(np.exp(-np.abs(z)))),
            "max(a, 0) is missing, with a = −z for y = 1 and z for y = 0: wrong answers cost |z|.",
        ),
        Misconception(
            lambda z, y: np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-z))),
            "the last exponent must be −|z|: −z is positive for negative logits.",
        ),
        Misconception(
            lambda z, y: np.mean(np.maximum(z, 0) + y * z + np.log1p(np.exp(-np.abs(z)))),
            "a sign slipped: with max(z, 0) in front, y·z is subtracted.",
        ),
    ),
)


def slow() -> str:
    """Return c if the derivative shrinks by a factor e for each unit on the wrong side, else b."""
    z = np.array([-10.0, -9.0, -8.0, -7.0])
    q = 1 / (1 + np.exp(-z))
    derivative = 2 * (q - 1) * q * (1 - q)
    factors = derivative[1:] / derivative[:-1]
    return "c" if np.allclose(factors, np.e, rtol=0.01) else "b"


SLOW = Exercise(
    slug="01-slow",
    title="Why is it so slow?",
    minutes=8,
    difficulty=2,
    reference=slow,
    options="abcd",
    remark="Far out, two units more multiply the number of steps by e² = 7.4, at any rate.",
    hints=(
        "Compare neighbouring rows of the middle column. By what factor do the steps grow from "
        "−6 to −8, and from −8 to −10? And in the last column, from −10 to −12?",
        r"The derivative is $2(\sigma - 1)\,\sigma(1 - \sigma)$. Put in $\sigma(z) \approx e^z$ "
        "for very negative $z$.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "from −1 it takes few steps, with the same bound of 1: what is bounded may be steep.",
        ),
        Misconception(
            "b",
            "the last column has that rate: from −12 it takes hundreds of steps, cross-entropy 13.",
        ),
        Misconception(
            "d", "σ(−10) is 4.5e-5, far above the rounding of 2e-16; and the steps do end."
        ),
    ),
    explanation=(
        r"For very negative $z$ the derivative is close to $-2e^{z}$, so at rate 1 a unit of $z$ "
        r"costs about $e^{-z}/2$ steps. From a far start $z_0$ these add up to about "
        r"$\int_{z_0}^0 e^{-z}/2\,\mathrm{d}z \approx e^{-z_0}/2$, most of them in the first "
        r"units: $e^{10}/2$ is about 11 000, as in the table."
    ),
)


def softmax_loss(z, y):
    """Return the mean softmax cross-entropy of logits z and labels y."""
    z = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1))
    return np.mean(log_sum - z[np.arange(len(z)), y])


def _rows(z, y):
    return z[np.arange(len(z)), y]


def _log_sum(z):
    top = z.max(axis=1)
    return top + np.log(np.exp(z - top[:, None]).sum(axis=1))


def _softmax(z):
    q = np.exp(z - z.max(axis=1, keepdims=True))
    return q / q.sum(axis=1, keepdims=True)


def _naive_softmax(z, y):
    return -np.mean(np.log(_rows(np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), y)))


def _down_columns(z, y):
    top = z.max(axis=0)
    log_sum = top + np.log(np.exp(z - top).sum(axis=0))
    return np.mean((log_sum - z)[np.arange(len(z)), y])


def _one_top(z, y):
    z = z - z.max()
    return np.mean(np.log(np.exp(z).sum(axis=1)) - _rows(z, y))


def _one_top_probability(z, y):
    q = np.exp(z - z.max())
    return -np.mean(np.log(_rows(q / q.sum(axis=1, keepdims=True), y)))


def _by_coins(z, y):
    right = y[:, None] == np.arange(z.shape[1])
    return np.mean(_softplus(np.where(right, -z, z)).sum(axis=1))


def _clipped_softmax(eps):
    return lambda z, y: -np.mean(np.log(np.maximum(_rows(_softmax(z), y), eps)))


_CLIP_Q = "clipping the probability caps the loss; subtract logits instead of taking log(0)."
_ONE_TOP = "take each row's own maximum: a row far below the overall one underflows to log(0)."

SOFTMAX = Exercise(
    slug="01-softmax",
    title="One of K, for a batch",
    minutes=12,
    difficulty=3,
    reference=softmax_loss,
    remark="Adding a constant to a row changes nothing, so the constant −max costs nothing.",
    hints=(
        r"$\ell = \ln\sum_k e^{z_k} - z_y$ for each row. The largest logit of the row may be "
        "subtracted from the whole row: the two terms change by the same amount.",
        "`z.max(axis=1, keepdims=True)` is one number for each row, in a column. "
        "`z[np.arange(len(z)), y]` picks the entry of the right class from each row.",
    ),
    probes=(
        Probe("z ((0, 0, 0)), y (0)", (np.zeros((1, 3)), np.array([0]))),
        Probe(
            "z ((1, 2, 0.5), (-1, 0, 3)), y (0, 2)",
            (np.array([[1.0, 2.0, 0.5], [-1.0, 0.0, 3.0]]), np.array([0, 2])),
        ),
        Probe(
            "z ((0.2, -1), (3, 1), (0, 0.5)), y (1, 1, 0)",
            (np.array([[0.2, -1.0], [3.0, 1.0], [0.0, 0.5]]), np.array([1, 1, 0])),
        ),
        Probe(
            "z ((1000, 0, -1000), (0, 1000, 1)), y (2, 1)",
            (np.array([[1000.0, 0.0, -1000.0], [0.0, 1000.0, 1.0]]), np.array([2, 1])),
        ),
        Probe("z ((1000, 999)), y (1)", (np.array([[1000.0, 999.0]]), np.array([1]))),
        Probe(
            "z ((1000, 999), (-1000, -1001)), y (1, 0)",
            (np.array([[1000.0, 999.0], [-1000.0, -1001.0]]), np.array([1, 0])),
        ),
    ),
    misconceptions=(
        Misconception(
            _naive_softmax, "exp(1000) overflows, and ∞/∞ is nan: subtract each row's maximum."
        ),
        Misconception(
            lambda z, y: np.mean(np.log(np.exp(z).sum(axis=1)) - _rows(z, y)),
            "the formula is right, but exp(1000) overflows: subtract each row's maximum first.",
        ),
        Misconception(
            lambda z, y: -np.mean(np.log(_rows(_softmax(z), y))),
            "the softmax is stable, its logarithm is not: a probability of 0 gives log(0).",
        ),
        Misconception(_one_top, _ONE_TOP),
        Misconception(_one_top_probability, _ONE_TOP),
        *(Misconception(_clipped_softmax(e), _CLIP_Q) for e in (1e-15, 1e-12, 1e-10, 1e-8, 1e-7)),
        Misconception(
            lambda z, y: softmax_loss(z, y) * len(z), "this is the sum; the mean is asked for."
        ),
        Misconception(
            lambda z, y: _log_sum(z) - _rows(z, y),
            "these are the losses of the single rows; return their mean.",
        ),
        Misconception(
            lambda z, y: softmax_loss(z, y) / z.shape[1],
            "this is the mean over all n·K entries; divide by the n examples only.",
        ),
        Misconception(
            lambda z, y: -softmax_loss(z, y),
            "the sign is turned round: it is log-sum-exp minus the logit of the right class.",
        ),
        Misconception(
            _down_columns, "the sum runs down the columns; classes lie along a row, axis 1."
        ),
        Misconception(
            lambda z, y: np.mean(_log_sum(z) - z.max(axis=1) - _rows(z, y)),
            "the maximum was taken out of the sum but not put back: add it, or shift z_y too.",
        ),
        Misconception(
            lambda z, y: np.mean(_log_sum(z) - z.max(axis=1)),
            "the largest logit was subtracted; subtract the logit of the class that happened.",
        ),
        Misconception(
            lambda z, y: np.mean(_log_sum(z)),
            "the logit of the right class is not subtracted: labels play no part here.",
        ),
        Misconception(
            lambda z, y: softmax_loss(z, y) / np.log(2),
            "this is in bits, with log2; the natural logarithm is asked for.",
        ),
        Misconception(
            lambda z, y: softmax_loss(_softmax(z), y),
            "the softmax is applied twice: the loss of logits already contains it.",
        ),
        Misconception(
            _by_coins, "this treats each class as a coin of its own; here one of K happens."
        ),
        Misconception(
            lambda z, y: softmax_loss(z, y - 1),
            "labels are counted from 0: y is the column itself, not y − 1.",
        ),
        Misconception(
            lambda z, y: np.mean(1 - _rows(_softmax(z), y)),
            "this is the mean of 1 − q_y; the loss is −log q_y.",
        ),
        Misconception(
            lambda z, y: -np.mean(_rows(_softmax(z), y)),
            "the logarithm is missing: this is minus the mean probability.",
        ),
        Misconception(
            lambda z, y: -np.log(np.mean(_rows(_softmax(z), y))),
            "this is the logarithm of a mean; take the mean of the logarithms.",
        ),
        Misconception(
            lambda z, y: np.mean(_log_sum(z)[:, None] - z[:, y]),
            "z[:, y] is an n × n array: z[np.arange(len(z)), y] takes one entry from each row.",
        ),
    ),
)

EXERCISES = (THREE_POINTS, MEAN_OR_SUM, FINER_GRID, CROSS_ENTROPY, SLOW, SOFTMAX)
