"""Exercises of chapter 18, the first step's scale.

The variance of the first weights: a limit by hand, the side that counts, the three schemes, the
scale it gives to every layer, and the starts that leave hidden units equal for ever.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def uniform_limit() -> float:
    """Return √3 times Xavier's standard deviation √(2/(10 + 14))."""
    std = np.sqrt(2 / (10 + 14))
    return np.sqrt(3) * std


LIMIT = Exercise(
    slug="18-limit",
    title="A uniform limit by hand",
    minutes=4,
    difficulty=1,
    reference=uniform_limit,
    remark="r = √(6/(n_in + n_out)), as it stands in the paper's eq. (16).",
    hints=(
        "First the variance of a weight, then the limit that gives this variance.",
        r"$\mathrm{Var}(w) = 2/24 = \frac{1}{12}$, and a uniform variable on $[-r, r]$ has the "
        r"variance $r^2/3$.",
    ),
    misconceptions=(
        Misconception(
            np.sqrt(1 / 12), "this is the standard deviation; the uniform limit is √3 times it."
        ),
        Misconception(1 / 12, "this is the variance of a weight; solve r²/3 = variance for r."),
        Misconception(0.25, "this is r², three times the variance: take the root."),
        Misconception(1.0, "this is the width 2r of the interval; r is half of it."),
        Misconception(
            1 / 6,
            "the standard deviation was divided by √3; the limit is larger than it: multiply.",
        ),
        Misconception(np.sqrt(3 / 10), "this is LeCun's limit: Xavier's variance has both widths."),
        Misconception(np.sqrt(6 / 10), "this is He's limit: Xavier's variance has both widths."),
        Misconception(
            np.sqrt(3 / 24), "a 2 is missing: Xavier's variance is 2/(n_in + n_out), not 1/(…)."
        ),
        Misconception(
            np.sqrt(3 / 14), "this keeps the size backward only: Xavier's variance has both widths."
        ),
        Misconception(
            np.sqrt(6 / 14), "14 is the number of outputs: Xavier's variance has both widths."
        ),
        Misconception(
            3 / 24, "the variance is 2/24, not 1/24, and 3 times the variance is r²: take the root."
        ),
    ),
)


def fan_in_std() -> float:
    """Return He's √(2/n_in) for a weight of shape (n_out, n_in) = (128, 32)."""
    n_in = 32
    return np.sqrt(2 / n_in)


FAN = Exercise(
    slug="18-fan",
    title="Which side is the fan-in?",
    minutes=5,
    difficulty=1,
    reference=fan_in_std,
    remark="0.25; with the sides exchanged the variance is 4 times too small, in every such layer.",
    hints=(
        "The fan-in is the number of weights in one sum $z$. How many inputs does this layer have?",
        r"$n_{\text{out}} = 128$ and $n_{\text{in}} = 32$; He's variance is $2/n_{\text{in}}$.",
    ),
    misconceptions=(
        Misconception(
            np.sqrt(2 / 128), "128 is the number of outputs: in PyTorch's shape it stands first."
        ),
        Misconception(1 / 16, "this is the variance 2/32; the standard deviation is its root."),
        Misconception(
            np.sqrt(1 / 32), "this is LeCun's: ReLU halves the second moment, so He has a 2."
        ),
        Misconception(np.sqrt(2 / 160), "this is Xavier's: He's variance has the fan-in alone."),
        Misconception(
            np.sqrt(6 / 32), "this is the limit of the uniform scheme, √3 times the std asked for."
        ),
        Misconception(
            np.sqrt(1 / 128), "128 is the number of outputs, and ReLU asks for a 2 above the root."
        ),
        Misconception(
            np.sqrt(2 / 4096), "4096 is the number of weights; in one sum z there are only 32."
        ),
        Misconception(
            0.5, "the 2 stands under the root: √(2/32), not 2 times something or a root of 1/4."
        ),
    ),
)


def weights(standard, scheme):
    """Return weights of the scheme's variance from standard normal numbers, same shape."""
    n_in, n_out = standard.shape
    variance = {"lecun": 1 / n_in, "xavier": 2 / (n_in + n_out), "he": 2 / n_in}[scheme]
    return np.sqrt(variance) * standard


def _with(variance):
    """Return an answer that uses another standard deviation, a function of both widths."""
    return lambda standard, scheme: standard * variance(*np.shape(standard), scheme)


def _std(n_in: int, n_out: int, scheme: str) -> float:
    top = 1 if scheme == "lecun" else 2
    return np.sqrt(top / (n_in + n_out if scheme == "xavier" else n_in))


_RNG = np.random.default_rng(18)

WEIGHTS = Exercise(
    slug="18-weights",
    title="From standard normal numbers to weights",
    minutes=8,
    difficulty=2,
    reference=weights,
    remark="A number with variance 1, times s, has the variance s².",
    hints=(
        "The shape of `standard` gives both widths. What does a factor do to a variance?",
        "`n_in, n_out = standard.shape`. Each scheme has its variance; the factor is the root of "
        "it.",
    ),
    probes=tuple(
        Probe(f'standard of shape ({rows}, {columns}), "{scheme}"', (array, scheme))
        for rows, columns, scheme in (
            (3, 2, "lecun"),
            (3, 2, "xavier"),
            (3, 2, "he"),
            (1, 5, "he"),
            (2, 7, "lecun"),
            (2, 7, "xavier"),
        )
        for array in (_RNG.standard_normal((rows, columns)),)
    ),
    misconceptions=(
        Misconception(
            _with(lambda n_in, n_out, scheme: _std(n_in, n_out, scheme) ** 2),
            "multiplied by the variance: a factor s gives the variance s², so take the root.",
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: _std(n_out, n_in, scheme)),
            "the widths are exchanged: rows are inputs, so n_in is standard.shape[0].",
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: np.sqrt(3) * _std(n_in, n_out, scheme)),
            "the factor √3 belongs to the uniform limit; normal weights have the std itself.",
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: 1 / _std(n_in, n_out, scheme)),
            "divided by the standard deviation: wide layers need smaller weights, multiply.",
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: np.sqrt((1 + (scheme == "he")) / n_in)),
            '"xavier" gave LeCun\'s weights: its variance is 2/(n_in + n_out).',
        ),
        Misconception(
            _with(
                lambda n_in, n_out, scheme: (
                    np.sqrt(1 / (n_in + n_out)) if scheme == "xavier" else _std(n_in, n_out, scheme)
                )
            ),
            '"xavier" lacks a 2: the variance is 1 over the mean of both widths, 2/(n_in + n_out).',
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: np.sqrt(2 / n_in)),
            "all schemes gave He's weights: use the variance of the one that is asked for.",
        ),
        Misconception(
            _with(
                lambda n_in, n_out, scheme: (
                    _std(n_in, n_out, scheme) / (np.sqrt(2) if scheme == "he" else 1)
                )
            ),
            '"he" lacks its 2: ReLU halves the second moment, so the variance is 2/n_in.',
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: _std(n_in, n_out, scheme) / np.sqrt(n_out)),
            "divided by all weights of the layer; one sum z has n_in terms.",
        ),
        Misconception(
            _with(lambda n_in, n_out, scheme: np.sqrt(2 / n_out)),
            "all schemes gave √(2/n_out): each has its own variance; He's has n_in, the rows.",
        ),
        Misconception(
            lambda standard, scheme: weights(standard, scheme) / np.std(standard),
            "do not divide by the sample's own std: the scheme fixes the mean over draws only.",
        ),
        Misconception(
            lambda standard, scheme: standard,
            "these are the numbers as given: scale them to the scheme's variance.",
        ),
        Misconception(
            lambda standard, scheme: weights(standard, scheme).T,
            "the result is transposed: keep the shape (n_in, n_out).",
        ),
    ),
)


def relu_deviations(second_moment, widths, variances):
    """Return the standard deviation of z in each layer, with a ReLU after every layer."""
    deviations = []
    for n_in, variance in zip(widths, variances):
        z_variance = n_in * variance * second_moment
        deviations.append(np.sqrt(z_variance))
        second_moment = z_variance / 2
    return np.array(deviations)


def _recursion(factor, kept=lambda z_variance: z_variance / 2, read=np.sqrt):
    """Return an answer with another factor, another loss at the activation or another result."""

    def answer(second_moment, widths, variances):
        found, q = [], second_moment
        for n_in, n_out, variance in zip(widths, widths[1:], variances):
            z_variance = factor(n_in, n_out, variance) * q
            found.append(read(z_variance))
            q = kept(z_variance)
        return np.array(found)

    return answer


def _forward(n_in, n_out, variance):
    return n_in * variance


def _halved_once(from_layer):
    """Return an answer that applies a single ½ to that layer and all later ones."""

    def answer(second_moment, widths, variances):
        products = np.cumprod(np.multiply(widths[:-1], variances))
        halves = np.where(np.arange(1, len(products) + 1) < from_layer, 1, 0.5)
        return np.sqrt(second_moment * products * halves)

    return answer


DEVIATIONS = Exercise(
    slug="18-deviations",
    title="The scale of every layer",
    minutes=10,
    difficulty=2,
    reference=relu_deviations,
    remark="With He's variances every layer has the same value: √2 for inputs of second moment 1.",
    hints=(
        "Carry one number from layer to layer, E[x²]. Two things happen to it in a layer.",
        "`n_in * variance * second_moment` is Var(z); its root goes into the list. The next layer "
        "gets the mean of relu(z)².",
    ),
    probes=(
        Probe(
            "E[x²] 2, widths (50, 30, 20, 10), variances (0.04, 0.02, 0.1)",
            (2.0, [50, 30, 20, 10], [0.04, 0.02, 0.1]),
        ),
        Probe("E[x²] 0.5, widths (3, 8), variances (1)", (0.5, [3, 8], [1.0])),
        Probe("E[x²] 1, widths (4, 5, 6), variances (0.5, 0.4)", (1.0, [4, 5, 6], [0.5, 0.4])),
    ),
    misconceptions=(
        Misconception(
            _recursion(_forward, lambda z: z),
            "ReLU is missing: it leaves half of the second moment, E[relu(z)²] = Var(z)/2.",
        ),
        Misconception(
            _recursion(_forward, read=lambda z: z),
            "these are the variances of z; the standard deviations are their roots.",
        ),
        Misconception(
            _recursion(lambda n_in, n_out, variance: n_out * variance),
            "each z is a sum over the inputs of its layer: n_in comes first in widths.",
        ),
        Misconception(
            _recursion(_forward, read=lambda z: np.sqrt(z / 2)),
            "a half too many: layer 1's inputs passed no ReLU, and z is asked for, not relu(z).",
        ),
        Misconception(
            _recursion(_forward, lambda z: z / 4),
            "ReLU halves the second moment; here it was divided by 4, as if z itself were halved.",
        ),
        Misconception(
            _recursion(_forward, lambda z: z * (0.5 - 0.5 / np.pi)),
            "this is the variance of relu(z); the sum needs E[relu(z)²], the mean included.",
        ),
        Misconception(
            _recursion(lambda n_in, n_out, variance: variance),
            "the number of terms is missing: Var(z) = n_in · Var(w) · E[x²].",
        ),
        Misconception(
            _recursion(lambda n_in, n_out, variance: n_in * variance**2),
            "the variance was squared; `variances` holds Var(w), not standard deviations.",
        ),
        Misconception(
            lambda second_moment, widths, variances: relu_deviations(1.0, widths, variances),
            "`second_moment` was not used: the first layer's Var(z) is proportional to it.",
        ),
        Misconception(
            _recursion(_forward, lambda z: np.sqrt(z) / 2),
            "the next layer got half the standard deviation; it needs half of its square, Var(z).",
        ),
        Misconception(
            _halved_once(from_layer=2),
            "the ½ was applied once; every ReLU on the way halves the second moment again.",
        ),
        Misconception(
            _halved_once(from_layer=1),
            "one ½ for all layers: layer 1 has none, and each later layer one more than the last.",
        ),
        Misconception(
            lambda second_moment, widths, variances: relu_deviations(
                second_moment, widths, variances
            )[-1],
            "this is the last layer only; return one standard deviation per layer.",
        ),
        Misconception(
            lambda second_moment, widths, variances: relu_deviations(
                second_moment**2, widths, variances
            ),
            "`second_moment` is E[x²] already: do not square it again.",
        ),
    ),
)


Start = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def four_starts() -> dict[str, Start]:
    """Return four starts by letter: W₁ (3, 4), b₁ (4,), W₂ (4, 2) and b₂ (2,)."""
    rng = np.random.default_rng(5)
    A, B = rng.normal(0, 0.6, (3, 4)), rng.normal(0, 0.5, (4, 2))
    b, none, out = np.array([-0.3, 0.1, 0.2, 0.4]), np.zeros(4), np.zeros(2)
    return {
        "a": (np.zeros((3, 4)), none, B, out),
        "b": (A, none, np.zeros((4, 2)), out),
        "c": (np.tile(A[:, :1], 4), none, np.tile(B[:1], (4, 1)), out),
        "d": (np.full((3, 4), 0.3), b, np.full((4, 2), 0.3), out),
    }


_X = np.random.default_rng(6).standard_normal((30, 3))
_Y = np.stack([np.sin(2 * _X[:, 0]), _X[:, 1] * _X[:, 2]], axis=1)


def trained_units(W1, b1, W2, b2, steps) -> np.ndarray:
    """Return W₁, one column per tanh unit, after steps of gradient descent with rate 0.1."""
    for _ in range(steps):
        a = np.tanh(_X @ W1 + b1)
        g_y = (a @ W2 + b2 - _Y) / len(_X)
        g_z = (g_y @ W2.T) * (1 - a**2)
        W1, b1 = W1 - 0.1 * _X.T @ g_z, b1 - 0.1 * g_z.sum(axis=0)
        W2, b2 = W2 - 0.1 * a.T @ g_y, b2 - 0.1 * g_y.sum(axis=0)
    return W1


def equal_start():
    """Return the letter of the start whose four units differ least after 200 steps."""
    spread = {}
    for letter, start in four_starts().items():
        spread[letter] = np.ptp(trained_units(*start, 200), axis=1).max()
    return min(spread, key=lambda letter: spread[letter])


SYMMETRY = Exercise(
    slug="18-symmetry",
    title="Equal for ever",
    minutes=8,
    difficulty=2,
    reference=equal_start,
    options="abcd",
    remark="Random numbers break no symmetry if all units get the same ones.",
    hints=(
        "The proof needs three things to be equal for two units: incoming weights, bias, outgoing "
        "weights. Which start has all three?",
        "Print the four arrays of each start, then compare the columns of `trained_units(...)` "
        "after some hundred steps. Zeros may stay for a step and not for ever.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "its units begin equal going in, but their random outgoing weights pull them apart.",
        ),
        Misconception(
            "b",
            "its hidden weights have no gradient in step 1 only; they differ from the start on.",
        ),
        Misconception(
            "d", "its weights are equal, but the biases tell the units apart from the first step."
        ),
    ),
    explanation=(
        "In c one random column and one random row are repeated for all units. In a the "
        "random outgoing weights send each unit another gradient. In b the units differ from the "
        "start, and in d their biases do."
    ),
)

EXERCISES = (LIMIT, FAN, WEIGHTS, DEVIATIONS, SYMMETRY)
