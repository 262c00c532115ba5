"""Exercises of chapter 16, chaining differentials.

The way back through a small network by hand, what it costs, the rule of a dense layer and of a
network with one hidden layer, and a gradient check that passes three wrong programs.
"""

from collections.abc import Callable

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def first_layer_gradient():
    """Return ∂L/∂W of the 2-2-1 network, whose sums are z = (5, -4): the second unit is off."""
    x = np.array([2.0, -3.0])
    prediction = 12.0 - 3.0 * 5.0
    slope = 2 * (prediction + 2.0)
    return np.outer(x, [slope * -3.0, 0.0])


BY_HAND = Exercise(
    slug="16-by-hand",
    title="Backward by hand",
    minutes=8,
    difficulty=1,
    reference=first_layer_gradient,
    remark="The second unit is off: its column is 0, whatever its weights are.",
    hints=(
        "Forward first: both sums, both activations, the prediction. One of the sums is negative.",
        r"$z = (5, -4)$, $a = (5, 0)$, $\hat y = -3$, so $g_{\hat y} = 2(\hat y - y) = -2$. Now "
        "$g_a$, then the slope of ReLU, then $x_i\\,g_{z_j}$.",
    ),
    misconceptions=(
        Misconception(
            np.array([[12.0, -8.0], [-18.0, 12.0]]),
            "the slope of ReLU is missing: z₂ = −4 is negative, so nothing passes back there.",
        ),
        Misconception(
            np.array([[12.0, -18.0], [0.0, 0.0]]),
            "this is the transpose: row i belongs to input i, column j to unit j.",
        ),
        Misconception(
            np.array([[-12.0, 0.0], [18.0, 0.0]]),
            "the sign is turned round: the loss has the slope 2(ŷ − y), not 2(y − ŷ).",
        ),
        Misconception(
            np.array([[6.0, 0.0], [-9.0, 0.0]]),
            "the factor 2 is missing: the slope of (ŷ − y)² is 2(ŷ − y).",
        ),
        Misconception(
            np.array([[-4.0, 0.0], [6.0, 0.0]]),
            "the weights v are missing: on the way back g_a = g_ŷ v.",
        ),
        Misconception(
            np.array([[60.0, 0.0], [-90.0, 0.0]]),
            "you multiplied by a; the slope of ReLU is 1 where z is positive.",
        ),
        Misconception(
            np.array([[108.0, 0.0], [-162.0, 0.0]]),
            "ReLU is missing forward: a₂ = max(−4, 0) = 0, so ŷ = −3.",
        ),
        Misconception(
            np.array([[108.0, -72.0], [-162.0, 108.0]]),
            "ReLU is missing in both directions: z₂ = −4 becomes a₂ = 0, and its slope is 0.",
        ),
        Misconception(
            np.array([[6.0, 0.0], [6.0, 0.0]]),
            "this is ∂L/∂b in both rows: multiply row i by the input x_i.",
        ),
        Misconception(
            np.array([[0.0, -8.0], [0.0, 12.0]]),
            "the wrong unit is off: z₁ = 5 is positive and passes, z₂ = −4 does not.",
        ),
        Misconception(
            np.array([[6.0, 0.0], [-6.0, 0.0]]),
            "you multiplied by W; in front of dW_ij stands the input x_i.",
        ),
    ),
)


def backward_multiplications():
    """Return the multiplications of one walk back through 100-50-20-5, for one example."""
    sizes = [100 * 50, 50 * 20, 20 * 5]
    return 2 * sum(sizes) - sizes[0]


COST = Exercise(
    slug="16-cost",
    title="The cost of a way back",
    minutes=5,
    difficulty=1,
    reference=backward_multiplications,
    remark="It is only 1.18 times the forward walk: the largest layer is the first.",
    hints=(
        "How many multiplications does each layer need forward, for one example? How many products "
        "does it make on the way back?",
        "Forward it is 5000 + 1000 + 100. Backward each layer has two products of the same size: "
        "the one for its weights, and the one for its input. Which of these is not needed?",
    ),
    misconceptions=(
        Misconception(
            12200.0,
            "the first layer needs no derivative for its input, the data: one product less.",
        ),
        Misconception(
            6100.0, "this is the forward walk; backward most layers make two products, not one."
        ),
        Misconception(
            18300.0,
            "this is three times the forward walk; go back only, and not to the data.",
        ),
        Misconception(
            13300.0, "this is forward and backward together; the backward walk alone is asked for."
        ),
        Misconception(
            12100.0, "you left out the last layer; the one that saves a product is the first."
        ),
        Misconception(1100.0, "these are the products with Wᵀ; those with Xᵀ are missing."),
        Misconception(
            6175.0, "this is the number of parameters; count the products of the walk back."
        ),
        Misconception(2200.0, "the first layer still needs the product for its own weights, 5000."),
    ),
    tolerance=1e-6,
)


def _join(*parts):
    return np.concatenate([np.ravel(part) for part in parts])


def dense_backward(g, X, W):
    """Return the derivatives with respect to X, W and b, one after the other."""
    to_input = g @ W.T
    to_weights = X.T @ g
    to_bias = g.sum(axis=0)
    return np.concatenate([to_input.ravel(), to_weights.ravel(), to_bias])


_G = np.array([[0.5, -1.0], [2.0, 0.3], [-0.7, 1.1]])
_X = np.array([[1.0, 2.0], [-1.5, 0.4], [0.6, -2.2]])
_W = np.array([[0.9, -0.4], [1.3, 2.1]])
_WIDE = np.array([[0.9, -0.4], [1.3, 2.1], [-0.8, 0.7], [0.2, -1.6]])
_LONG = np.array([[1.0, 2.0, -0.3, 0.8], [-1.5, 0.4, 1.9, -0.6], [0.6, -2.2, 0.1, 1.4]])

DENSE = Exercise(
    slug="16-dense",
    title="A dense layer backward",
    minutes=8,
    difficulty=2,
    reference=dense_backward,
    remark="Three lines, and they are all that a dense layer needs.",
    hints=(
        "Write down the shape of each of the three results first. It is the shape of X, of W and "
        "of b.",
        r"$\langle g, \mathrm{d}X\,W\rangle = \langle g W^\mathsf{T}, \mathrm{d}X\rangle$. For the "
        "weights the other factor goes over, on the other side. b enters every row.",
    ),
    probes=(
        Probe("3 examples, 4 inputs, 2 outputs", (_G, _LONG, _WIDE)),
        Probe("3 examples, 2 inputs, 2 outputs", (_G, _X, _W)),
        Probe("1 example, 2 inputs, 2 outputs", (_G[:1], _X[:1], _W)),
    ),
    misconceptions=(
        Misconception(
            lambda g, X, W: _join(g @ W, X.T @ g, g.sum(axis=0)),
            "the transpose of W is missing: g Wᵀ. Only with a square W has g W a shape at all.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, g.T @ X, g.sum(axis=0)),
            "the weights' part is transposed: Xᵀ g has the shape of W, gᵀ X the shape of Wᵀ.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g, g.mean(axis=0)),
            "the bias has the mean over the batch; b enters every row, so its parts add up.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g / len(X), g.sum(axis=0) / len(X)),
            "divided by n once more: g comes from a mean loss and has its 1/n already.",
        ),
        Misconception(
            lambda g, X, W: dense_backward(g, X, W) / len(X),
            "all three parts are divided by n; g comes from a mean loss and has its 1/n already.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g, g),
            "the bias has one row per example: sum g over the batch, b has m entries.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g, g[0]),
            "the bias has the first example only: sum g over the batch.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, np.outer(X[0], g[0]), g.sum(axis=0)),
            "the weights have the first example only: Xᵀ g sums over the batch.",
        ),
        Misconception(
            lambda g, X, W: _join(X.T @ g, g @ W.T, g.sum(axis=0)),
            "the order is: input, weights, bias.",
        ),
        Misconception(
            lambda g, X, W: _join(X.T @ g, g.sum(axis=0), g @ W.T),
            "the input's part stands last; the order is: input, weights, bias.",
        ),
        Misconception(
            lambda g, X, W: _join(X.T @ g, g.sum(axis=0)),
            "the input's part is missing: the layer before needs g Wᵀ.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g),
            "the bias is missing: the sum of g over the batch.",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ g, np.full(g.shape[1], g.sum())),
            "the bias sums everything; sum over the batch only (axis 0).",
        ),
        Misconception(
            lambda g, X, W: _join(g @ W.T, X.T @ (X @ W), g.sum(axis=0)),
            "the weights' part has the layer's output in it: it is Xᵀ times g.",
        ),
    ),
)


def network_gradient(X, y, W, b, v, c):
    """Return the derivatives with respect to W, b, v and c, one after the other."""
    z = X @ W + b
    a = np.maximum(z, 0)
    g = 2 * (a @ v + c - y) / len(y)
    g_z = np.outer(g, v) * (z > 0)
    return np.concatenate([(X.T @ g_z).ravel(), g_z.sum(axis=0), a.T @ g, [g.sum()]])


def _walk(
    X: np.ndarray,
    y: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    v: np.ndarray,
    c: float,
    *,
    scale: float = 1.0,
    gate: Callable[..., np.ndarray] = lambda z, a, g_a: z > 0,
) -> tuple[np.ndarray, ...]:
    """Return z, a, g and g_z of a walk whose loss or gate may be wrong."""
    z = X @ W + b
    a = np.maximum(z, 0)
    g = scale * 2 * (a @ v + c - y) / len(y)
    g_a = np.outer(g, v)
    return z, a, g, g_a * gate(z, a, g_a)


def _parts(X, y, W, b, v, c, **changes):
    _, a, g, g_z = _walk(X, y, W, b, v, c, **changes)
    return _join(X.T @ g_z, g_z.sum(axis=0), a.T @ g, g.sum())


def _without_v(X, y, W, b, v, c):
    return _parts(X, y, W, b, v, c, gate=lambda z, a, g_a: (z > 0) / v)


def _transposed(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(g_z.T @ X, g_z.sum(axis=0), a.T @ g, g.sum())


def _swapped_layers(X, y, W, b, v, c):
    z, _, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, g_z.sum(axis=0), z.T @ g, g.sum())


def _mean_bias(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, g_z.mean(axis=0), a.T @ g, g.mean())


def _mean_first_bias(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, g_z.mean(axis=0), a.T @ g, g.sum())


def _first_example_c(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, g_z.sum(axis=0), a.T @ g, g[0])


def _order_by_kind(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, a.T @ g, g_z.sum(axis=0), g.sum())


def _column(X, y, W, b, v, c):
    """Let ŷ be a column: ŷ − y is (n, n), and only for n = 1 it comes out right."""
    z = X @ W + b
    a = np.maximum(z, 0)
    g = 2 * (a @ v[:, None] + c - y) / len(y)
    g_z = (g @ v[None, :]) * (z > 0)
    return _join(X.T @ g_z, g_z.sum(axis=0), a.T @ g, g.sum())


def _bias_per_example(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(X.T @ g_z, g_z, a.T @ g, g)


def _other_order(X, y, W, b, v, c):
    _, a, g, g_z = _walk(X, y, W, b, v, c)
    return _join(a.T @ g, g.sum(), X.T @ g_z, g_z.sum(axis=0))


def _output_only(X, y, W, b, v, c):
    _, a, g, _ = _walk(X, y, W, b, v, c)
    return _join(np.zeros(W.shape), np.zeros(b.shape), a.T @ g, g.sum())


NETWORK = Exercise(
    slug="16-network",
    title="A two-layer network",
    minutes=15,
    difficulty=2,
    reference=network_gradient,
    remark="Five lines; each layer more would add two products and one gate.",
    hints=(
        "Forward first, and keep z and a. Then the derivative with respect to the predictions: one "
        "number per example, with the 1/n of the mean in it.",
        r"$\mathrm{d}\hat y_k = \sum_j v_j\,\mathrm{d}a_{kj}$, so $g_a$ is `np.outer(g, v)`. Then "
        "the slope of ReLU, taken at z. Then the dense rule.",
    ),
    probes=(
        Probe(
            "3 examples, 2 inputs, 2 hidden units",
            (_X, np.array([1.0, -0.5, 2.0]), _W, np.array([0.3, -0.2]), np.array([0.8, -1.2]), 0.4),
        ),
        Probe(
            "3 examples, 4 inputs, 2 hidden units",
            (
                _LONG,
                np.array([0.2, 1.5, -1.0]),
                _WIDE,
                np.array([-0.1, 0.6]),
                np.array([1.1, 0.7]),
                -0.3,
            ),
        ),
        Probe(
            "1 example, 2 inputs, 2 hidden units, one of them off",
            (
                _X[2:],
                np.array([0.5]),
                _W,
                np.array([2.8, 0.1]),
                np.array([-0.9, 1.4]),
                0.2,
            ),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, gate=lambda z, a, g_a: 1.0),
            "the slope of ReLU is missing: where z ≤ 0 nothing passes back.",
        ),
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, gate=lambda z, a, g_a: a),
            "you multiplied by a on the way back; the slope of ReLU is 1 or 0.",
        ),
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, gate=lambda z, a, g_a: g_a > 0),
            "ReLU was applied to g on the way back; its slope is taken at z.",
        ),
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, scale=len(y)),
            "this is the gradient of the sum; the loss is the mean, so divide by n once.",
        ),
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, scale=0.5),
            "the factor 2 is missing: the slope of (ŷ − y)² is 2(ŷ − y).",
        ),
        Misconception(
            lambda X, y, W, b, v, c: _parts(X, y, W, b, v, c, scale=-1),
            "the sign is turned round: the slope of the loss is 2(ŷ − y)/n, not 2(y − ŷ)/n.",
        ),
        Misconception(_without_v, "the weights v are missing on the way back: g_a is g times v."),
        Misconception(
            _transposed,
            "the part of W is transposed: Xᵀ g has the shape of W.",
        ),
        Misconception(_swapped_layers, "the part of v has z in it; the layer's input is a."),
        Misconception(_mean_bias, "the biases have the mean over the batch: add up, 1/n is in g."),
        Misconception(
            _mean_first_bias, "the part of b is the mean over the batch: add up, 1/n is in g."
        ),
        Misconception(
            _first_example_c, "the part of c is the first example's: sum g over the batch."
        ),
        Misconception(
            _column,
            "right for one example only: ŷ − y must have n entries, not (n, n) (is ŷ a column?), "
            "and g_a is np.outer(g, v).",
        ),
        Misconception(
            _bias_per_example, "the biases have one entry per example: sum over the batch."
        ),
        Misconception(_other_order, "the order is W, b, v, c: the first layer comes first."),
        Misconception(_order_by_kind, "the order is W, b, v, c: b stands next to its W."),
        Misconception(_output_only, "the way back ended at v; W and b have a part too."),
    ),
)


def _square_walk(
    w: np.ndarray, X: np.ndarray, y: np.ndarray, gate: bool = True
) -> tuple[np.ndarray, ...]:
    """Return g, a and g_z of the network 2-2-1 with the flat parameters of the library."""
    W, b, v, c = w[:4].reshape(2, 2), w[4:6], w[6:8], w[8]
    z = X @ W + b
    a = np.maximum(z, 0)
    g = 2 * (a @ v + c - y) / len(y)
    return g, a, np.outer(g, v) * ((z > 0) if gate else 1.0)


def _program_a(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    g, a, g_z = _square_walk(w, X, y, gate=False)
    return _join(X.T @ g_z, g_z.sum(axis=0), a.T @ g, g.sum())


def _program_b(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    g, a, g_z = _square_walk(w, X, y)
    return _join(X.T @ g_z, g_z.mean(axis=0), a.T @ g, g.mean())


def _program_c(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    g, a, g_z = _square_walk(w, X, y)
    return _join(np.einsum("ki,kj->ij", X, g_z), g_z.T @ np.ones(len(y)), g @ a, g.sum())


def _program_d(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> np.ndarray:
    W, b, v, c = w[:4].reshape(2, 2), w[4:6], w[6:8], w[8]
    z = X @ W.T + b
    a = np.maximum(z, 0)
    g = 2 * (a @ v + c - y) / len(y)
    g_z = np.outer(g, v) * (z > 0)
    return _join(X.T @ g_z, g_z.sum(axis=0), a.T @ g, g.sum())


def four_gradients() -> dict[str, Callable[..., np.ndarray]]:
    """Return four programs by letter, each ``(w, X, y)`` to a gradient; w as in ``Network``."""
    return {"a": _program_a, "b": _program_b, "c": _program_c, "d": _program_d}


def right_program():
    """Return the letter of the program that agrees with differences on random data."""
    rng = np.random.default_rng(0)
    w, X, y = rng.standard_normal(9), rng.standard_normal((8, 2)), rng.standard_normal(8)

    def loss(w):
        W, b, v, c = w[:4].reshape(2, 2), w[4:6], w[6:8], w[8]
        return np.mean((np.maximum(X @ W + b, 0) @ v + c - y) ** 2)

    measured = [(loss(w + e) - loss(w - e)) / 2e-6 for e in 1e-6 * np.eye(9)]
    programs = four_gradients()
    off = {letter: np.abs(programs[letter](w, X, y) - measured).max() for letter in programs}
    return min(off, key=lambda letter: off[letter])


PASSES = Exercise(
    slug="16-passes",
    title="The check that passes",
    minutes=12,
    difficulty=3,
    reference=right_program,
    options="abcd",
    remark="A check is as good as its point: random, asymmetric, several examples, units off.",
    hints=(
        "What is special about the cell's point? Look at the matrix W = [[1, 0.5], [0.5, 1]], at "
        "the signs of the sums, and at the number of examples.",
        "Draw `w` with `rng.standard_normal(9)`, and several examples: `X` of shape `(8, 2)` and "
        "`y` of shape `(8,)`. Change one thing at a time to see which program each one catches.",
    ),
    misconceptions=(
        Misconception(
            "a", "it lacks the slope of ReLU; at the cell's point both sums are positive."
        ),
        Misconception(
            "b", "its biases have the mean over the batch; with one example mean and sum agree."
        ),
        Misconception("d", "it takes the transpose of W forward; the W of the cell is symmetric."),
    ),
    explanation=(
        "a lacks the slope of ReLU, b takes the mean of the biases' parts instead of their sum, d "
        "computes its sums with Wᵀ, already on the way forward. The cell's point has both units "
        "on, one example and a symmetric W, so none of the three shows."
    ),
)

EXERCISES = (BY_HAND, COST, DENSE, NETWORK, PASSES)
