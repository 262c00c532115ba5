"""Exercises of chapter 17, vanishing gradients.

The product of weights and slopes along a chain, the way back through a layer with tanh, a ReLU that
never moves again, and the scale of the weights read from measured gradients.
"""

from functools import cache

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def product_of_chain() -> float:
    """Return |g₉|/|g₁| for eight factors, each the weight 3 times the slope σ′(0) = 1/4."""
    weight, slope, layers = 3, 1 / 4, 8
    return 1 / (weight * slope) ** layers


PRODUCT = Exercise(
    slug="17-product",
    title="Eight sigmoids by hand",
    minutes=5,
    difficulty=1,
    reference=product_of_chain,
    tolerance=1e-3,
    remark="The factor is 3/4 per layer, and (4/3)⁸ = 9.99: here weights nearly balance slopes.",
    hints=(
        r"How does $\mathrm{d}z_{l+1}$ depend on $\mathrm{d}z_l$? One factor comes from the "
        "weight, one from the slope.",
        r"$g_l = \sigma'(0) \cdot 3 \cdot g_{l+1}$ with $\sigma'(0) = \frac14$. From $g_9$ to "
        "$g_1$ there are eight such factors.",
    ),
    misconceptions=(
        Misconception(4.0**8, "the weights are missing: each layer multiplies by 3 · 1/4."),
        Misconception(3.0**8, "the slopes are missing: each layer multiplies by 3 · 1/4."),
        Misconception(0.75**8, "upside down: this is |g₁|/|g₉|; how many times smaller is asked."),
        Misconception(10.0, "close, but 0.1 % asks for three digits."),
        Misconception((4 / 3) ** 9, "nine factors; from z₉ back to z₁ there are eight."),
        Misconception((4 / 3) ** 7, "seven factors; from z₉ back to z₁ there are eight."),
        Misconception(8 * 4 / 3, "the factors were added; the chain rule multiplies them."),
        Misconception(
            1.5**-8, "σ(0) = 1/2 is the value; the chain rule needs the slope σ′(0) = 1/4."
        ),
        Misconception(4 / 3, "this is one layer; there are eight of them."),
    ),
)


def backward(g_a, x, W, b):
    """Return the gradient with respect to x for a = tanh(xW + b)."""
    g_z = g_a * (1 - np.tanh(x @ W + b) ** 2)
    return g_z @ W.T


def _g_z(g_a, x, W, b):
    return g_a * (1 - np.tanh(x @ W + b) ** 2)


def _probe(label: str, n: int, d: int, k: int, seed: int) -> Probe:
    rng = np.random.default_rng(seed)
    shapes = ((n, k), (n, d), (d, k), (k,))
    return Probe(label, tuple(rng.standard_normal(shape) for shape in shapes))


BACKWARD = Exercise(
    slug="17-backward",
    title="Back through a layer",
    minutes=10,
    difficulty=2,
    reference=backward,
    remark="First the slopes, then the transposed weights: one factor of the chain.",
    hints=(
        r"Go back in two steps: from $a$ to $z = xW + b$, then from $z$ to $x$.",
        r"$\mathrm{d}a = (1 - \tanh^2 z)\,\mathrm{d}z$, entry by entry. With examples as rows the "
        r"gradient with respect to $x$ is that with respect to $z$ times $W^{\mathsf T}$.",
    ),
    probes=(
        _probe("4 examples, 3 inputs, 2 units", 4, 3, 2, 1),
        _probe("1 example, 2 inputs, 5 units", 1, 2, 5, 2),
        _probe("3 examples, 3 inputs, 3 units", 3, 3, 3, 3),
    ),
    misconceptions=(
        Misconception(
            lambda g_a, x, W, b: g_a @ W.T,
            "the slope of tanh is missing: multiply g_a by 1 − tanh²z first.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * (1 - (x @ W + b) ** 2)) @ W.T,
            "the slope is 1 − tanh²z, not 1 − z²: square the output a.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * np.tanh(x @ W + b) * (1 - np.tanh(x @ W + b))) @ W.T,
            "a(1 − a) is the sigmoid's slope; that of tanh is 1 − a².",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * np.tanh(x @ W + b)) @ W.T,
            "g_a was multiplied by the output; it needs the slope 1 − a².",
        ),
        Misconception(
            lambda g_a, x, W, b: (1 - np.tanh(x @ W + b) ** 2) @ W.T,
            "g_a is missing: the slopes multiply the gradient that comes in.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * (1 - np.tanh(x @ W) ** 2)) @ W.T,
            "the slope was taken at xW; the bias belongs to z.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * (1 - np.tanh(g_a) ** 2)) @ W.T,
            "the slope was taken at g_a; it belongs to the place z = xW + b of the way forward.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * (1 - np.tanh(np.tanh(x @ W + b)) ** 2)) @ W.T,
            "tanh was applied twice: the slope is 1 − tanh²z, which is 1 − a².",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a * (1 - np.tanh(x @ W + b))) @ W.T,
            "the slope is 1 − a², not 1 − a: the square is missing.",
        ),
        Misconception(
            lambda g_a, x, W, b: (g_a @ W.T) * (1 - np.tanh(x) ** 2),
            "the slope was taken at x, after W; it belongs to z, before the way through W.",
        ),
        Misconception(
            lambda g_a, x, W, b: _g_z(g_a, x, W, b) @ W,
            "W is not transposed: on the way back k columns become d, which takes W.T.",
        ),
        Misconception(_g_z, "this is the gradient with respect to z; go on through W to x."),
        Misconception(
            lambda g_a, x, W, b: x.T @ _g_z(g_a, x, W, b),
            "this is the gradient with respect to W; asked is the one with respect to x.",
        ),
        Misconception(
            lambda g_a, x, W, b: _g_z(g_a, x, W, b) @ W.reshape(W.shape[1], W.shape[0]),
            "W was reshaped, which mixes its entries; transpose it: W.T.",
        ),
        Misconception(
            lambda g_a, x, W, b: (_g_z(g_a, x, W, b) @ W.T).sum(axis=0),
            "the examples were summed; each row of x has its own gradient.",
        ),
    ),
)


def four_units() -> tuple[np.ndarray, dict[str, tuple]]:
    """Return 200 examples of two features and four units by letter: weights and bias."""
    X = np.random.default_rng(17).uniform(0, 1, size=(200, 2)).round(3)
    high = np.sort(X.sum(axis=1))
    return X, {
        "a": (np.array([0.2, 0.1]), -0.5),
        "b": (np.array([-1.0, 0.0]), X[:, 0].min()),
        "c": (np.array([1.0, 1.0]), -(high[-1] + high[-2]) / 2),
        "d": (np.array([0.0, 0.0]), 0.0),
    }


def moving_unit():
    """Return the letter of the unit that is above 0 for some example."""
    X, units = four_units()
    return next(letter for letter, (w, b) in units.items() if (X @ w + b > 0).any())


DEAD = Exercise(
    slug="17-dead",
    title="Which unit moves?",
    minutes=10,
    difficulty=2,
    reference=moving_unit,
    options="abcd",
    remark="One example out of 200 above 0 is enough: its gradient pulls the unit up.",
    hints=(
        "A mean of 0.00 may be rounded. When is the gradient of a unit exactly 0?",
        "Print for each unit how many `z` are positive, and `z.max()`. At `z = 0` the slope is 0.",
    ),
    misconceptions=(
        Misconception(
            "a", "its largest weighted sum is 0.28, less than the 0.5 the bias takes away."
        ),
        Misconception(
            "b", "its largest z is exactly 0, and the slope there is 0 here: no gradient."
        ),
        Misconception(
            "d", "all its z are exactly 0, where the slope is 0 here: no gradient, no move."
        ),
    ),
    explanation=(
        r"The gradient is the mean of $(a - 1)\,\phi'(z)\,x$ over the examples. In a, b and d "
        r"every $\phi'(z)$ is 0. In c one is 1, its $a$ is below 1, so the step raises its $z$, "
        "and with it those of others."
    ),
)


def balanced_leaky_scale() -> float:
    """Return c with c²·(1 + δ²)/2 = 1 for δ = 1/2."""
    delta = 0.5
    return np.sqrt(2 / (1 + delta**2))


LEAKY = Exercise(
    slug="17-leaky",
    title="A leaky balance",
    minutes=8,
    difficulty=2,
    reference=balanced_leaky_scale,
    tolerance=6e-4,
    remark="c² = 1.6, less than the ReLU's 2: the negative side gives a part back.",
    hints=(
        r"Half of the slopes are 1 and half are $\delta$. What is the mean of their squares?",
        r"$f = c\sqrt{(1 + \delta^2)/2} = 1$; solve for $c$.",
    ),
    misconceptions=(
        Misconception(np.sqrt(2), "this is the ReLU's scale, δ = 0; the leaky side adds δ²."),
        Misconception(1.6, "this is c²; take the root."),
        Misconception(1.26, "close, but three decimals are asked."),
        Misconception(
            4 / 3, "one over the mean slope 3/4; f has the root of the mean of the squares."
        ),
        Misconception(np.sqrt(0.625), "upside down: this is the root mean square slope; c = 1/it."),
        Misconception(np.sqrt(0.8), "the ½ for the halves is missing: the mean is (1 + δ²)/2."),
        Misconception(
            np.sqrt(4 / 3), "δ was not squared: the mean square is (1 + δ²)/2, not (1 + δ)/2."
        ),
        Misconception(2.0, "1/δ is for negative z only; half of the slopes are 1."),
        Misconception(1.0, "c = 1 balances slopes that are all 1; half of them are ½."),
    ),
)


@cache
def _norms() -> tuple[float, ...]:
    rng = np.random.default_rng(17)
    c, width, depth, runs = 1.1, 100, 30, 40
    a, weights, slopes = rng.standard_normal((runs, width)), [], []
    for _ in range(depth):
        W = rng.standard_normal((runs, width, width)) * c / np.sqrt(width)
        z = np.einsum("rij,rj->ri", W, a)
        a = np.maximum(z, 0)
        weights.append(W)
        slopes.append(z > 0)
    g = slopes[-1] * rng.standard_normal((runs, width))
    norms = [np.linalg.norm(g, axis=1)]
    for layer in reversed(range(depth - 1)):
        g = slopes[layer] * np.einsum("rij,ri->rj", weights[layer + 1], g)
        norms.append(np.linalg.norm(g, axis=1))
    return tuple(np.sqrt(np.mean(np.square(norms[::-1]), axis=1)))


def measured_norms() -> np.ndarray:
    """Return the gradient norms of 30 layers, root mean square over 40 random ReLU networks."""
    return np.array(_norms())


def scale_of_weights() -> float:
    """Return c = √2 f, with the factor f from the line through ln|g| against the layer."""
    norms = measured_norms()
    tilt = np.polyfit(np.arange(30), np.log(norms), 1)[0]
    return np.sqrt(2) * np.exp(-tilt)


_FACTOR = scale_of_weights() / np.sqrt(2)

SCALE = Exercise(
    slug="17-scale",
    title="The scale behind a line",
    minutes=12,
    difficulty=3,
    reference=scale_of_weights,
    tolerance=0.03,
    remark="The networks were drawn with c = 1.1: the tilt of a line gave it back.",
    hints=(
        r"First find the factor $f$ per layer: $\ln|g_l|$ is close to a straight line. Then ask "
        "what $f$ is made of.",
        r"`np.polyfit(np.arange(30), np.log(norms), 1)[0]` is its tilt, and $f$ is $e$ to minus "
        r"it, since the way back goes towards smaller $l$. For ReLU, $f = c/\sqrt2$.",
    ),
    misconceptions=(
        Misconception(
            _FACTOR, "this is the factor f per layer; half of the slopes are 0, so c is larger."
        ),
        Misconception(
            np.sqrt(2) / _FACTOR,
            "the direction is turned round: backward, towards small l, the norms shrink.",
        ),
        Misconception(1 / _FACTOR, "this is 1/f, the growth towards the output; c = √2 f."),
        Misconception(
            2 * _FACTOR, "the mean slope 1/2 was used; f has the root of the mean square, √(1/2)."
        ),
        Misconception(2 * _FACTOR**2, "this is c²; take the root."),
        Misconception(4 * _FACTOR, "a quarter is the sigmoid's slope; these are ReLU networks."),
        Misconception(
            _FACTOR / np.sqrt(2), "divided instead of multiplied: f = c/√2, so c = √2 f."
        ),
        Misconception(
            -np.log(_FACTOR),
            "this is minus the tilt of ln|g|; take e to the minus tilt, then solve for c.",
        ),
    ),
)


EXERCISES = (PRODUCT, BACKWARD, DEAD, LEAKY, SCALE)
