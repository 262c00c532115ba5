"""Exercises of chapter 04, batch gradient descent.

The gradient of a mean loss by hand and as one matrix product, the bound on the gap by the gradient,
batch descent with a stopping rule, and what a forgotten 1/n does to a penalty.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def mean_product() -> float:
    """Return the mean of rᵢxᵢ with rᵢ = σ(wxᵢ) − yᵢ at w = ln 3."""
    x, y = np.array([1.0, -1.0, 2.0]), np.array([1.0, 0.0, 0.0])
    residuals = 1 / (1 + 3**-x) - y
    return np.mean(residuals * x)


BY_HAND = Exercise(
    slug="04-by-hand",
    title="A gradient by hand",
    minutes=6,
    difficulty=1,
    reference=mean_product,
    tolerance=2e-4,
    remark="The third example makes more than all of it: it is confidently wrong and far out.",
    hints=(
        r"$e^{-\ln 3 \cdot x} = 3^{-x}$, so $\sigma(w x) = 1/(1 + 3^{-x})$. First the three "
        "probabilities, then the residuals.",
        r"The probabilities are $\frac34$, $\frac14$, $\frac{9}{10}$, the residuals $-\frac14$, "
        r"$\frac14$, $\frac{9}{10}$. Multiply each by its $x$ and take the mean.",
    ),
    misconceptions=(
        Misconception(1.3, "this is the sum over the examples; E is a mean, so divide by 3."),
        Misconception(
            -13 / 30, "the sign is turned round: the residual is probability minus label."
        ),
        Misconception(0.65, "the sum was divided by 2; there are n = 3 examples."),
        Misconception(
            0.3, "this is the mean residual; each residual is multiplied by its x first."
        ),
        Misconception(
            0.9, "this is the sum of the residuals; multiply each by its x, then average."
        ),
        Misconception(
            0.2, "mean residual times mean x is not the mean of the products: multiply, then add."
        ),
        Misconception(
            0.0, "this is the gradient at w = 0, where all probabilities are 1/2; here w = ln 3."
        ),
        Misconception(
            (6 * np.log(3) - 1) / 3, "the sigmoid is missing: the residual is σ(z) − y, not z − y."
        ),
        Misconception(
            np.mean(np.array([-3 / 64, -3 / 64, 0.9 * 0.09 * 2])),
            "a factor σ′ slipped in: with cross-entropy it cancels and leaves σ(z) − y.",
        ),
        Misconception(
            2 * np.mean(np.array([-3 / 64, -3 / 64, 0.9 * 0.09 * 2])),
            "this is for squared error on the probability; cross-entropy has σ(z) − y.",
        ),
        Misconception(
            26 / 30, "no factor 2: the derivative of the cross-entropy is σ(z) − y itself."
        ),
        Misconception(
            1.8 / 3,
            "the second term is (1/4) · (−1) = −1/4: keep the sign of x, then add all three.",
        ),
        Misconception(
            [-0.25, -0.25, 1.8], "these are the gradients of the three examples; take their mean."
        ),
    ),
)


def gradient(w, X, y, l2):
    """Return the gradient of the mean loss plus l2/2 |w|²."""
    residual = 1 / (1 + np.exp(-X @ w)) - y
    return X.T @ residual / len(y) + l2 * w


def _data(n: int, p: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, p)).round(1)
    return X, (rng.random(n) < 0.5).astype(float)


_W3 = np.array([0.5, -1.0, 2.0])
_X5, _Y5 = _data(5, 3, 1)
_X4, _Y4 = _data(4, 4, 2)
_W4 = np.array([1.0, 0.5, -0.5, -2.0])


def _residual(w, X, y):
    return 1 / (1 + np.exp(-X @ w)) - y


def _last_example(w, X, y, l2):
    return _residual(w, X, y)[-1] * X[-1] + l2 * w


GRADIENT = Exercise(
    slug="04-gradient",
    title="One matrix product",
    minutes=8,
    difficulty=2,
    reference=gradient,
    remark="The same multiplications as in the loop, in two lines.",
    hints=(
        "`X @ w` holds all the logits, so all the residuals come at once. Which row of $X^T$ "
        "belongs to feature $j$?",
        "The loop adds up residual times row. That is `X.T` times the residuals. The mean divides "
        "it by the number of examples; the penalty's part is not divided.",
    ),
    probes=(
        Probe("5 examples, 3 parameters, l2 0", (_W3, _X5, _Y5, 0.0)),
        Probe("5 examples, 3 parameters, l2 0.1", (_W3, _X5, _Y5, 0.1)),
        Probe("4 examples, 4 parameters, l2 0.5", (_W4, _X4, _Y4, 0.5)),
        Probe(
            "1 example (2, -1), label 1, w (0, 0), l2 1",
            (np.zeros(2), np.array([[2.0, -1.0]]), np.array([1.0]), 1.0),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) + l2 * w,
            "1/n is forgotten: this is the sum over the examples, E is a mean.",
        ),
        Misconception(
            lambda w, X, y, l2: (X.T @ _residual(w, X, y) + l2 * w) / len(y),
            "the penalty was divided by n too: it is in every ℓᵢ, so its mean is l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) + len(y) * l2 * w,
            "the penalty was added once per example and not averaged: its mean is l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y),
            "the penalty is missing: it adds l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y),
            "1/n and the penalty are missing: the loop shown is not finished.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) + 2 * l2 * w,
            "the penalty is l2/2 |w|²: the 2 of the square cancels the ½, which leaves l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) + l2 / 2 * w,
            "the derivative of l2/2 |w|² is l2 w: the 2 of the square cancels the ½.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) - l2 * w,
            "the penalty has the wrong sign: it grows with |w|, so its gradient is +l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) + l2 * w @ w,
            "l2 |w|² was added to each entry; the gradient of the penalty is the vector l2 w.",
        ),
        Misconception(
            lambda w, X, y, l2: -X.T @ _residual(w, X, y) / len(y) + l2 * w,
            "the residual is turned round: it is σ(Xw) − y, probability minus label.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(w) + l2 * w,
            "divided by p, the number of parameters; the mean is over the n examples.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ (X @ w - y) / len(y) + l2 * w,
            "the sigmoid is missing: the residual is σ(Xw) − y.",
        ),
        Misconception(
            lambda w, X, y, l2: X.T @ (1 / (1 + np.exp(X @ w)) - y) / len(y) + l2 * w,
            "the sign in the exponent is missing: σ(z) = 1/(1 + exp(−z)).",
        ),
        Misconception(
            lambda w, X, y, l2: (
                (
                    X.T
                    @ (_residual(w, X, y) * (_residual(w, X, y) + y) * (1 - y - _residual(w, X, y)))
                )
                / len(y)
                + l2 * w
            ),
            "a factor σ′ slipped in: with cross-entropy it cancels and leaves σ(z) − y.",
        ),
        Misconception(
            _last_example,
            "this is the last example alone: g was overwritten in the loop, not added to.",
        ),
        Misconception(
            lambda w, X, y, l2: X.mean(axis=0) * _residual(w, X, y).mean() + l2 * w,
            "mean residual times mean row is not the mean of the products.",
        ),
        Misconception(
            lambda w, X, y, l2: _residual(w, X, y)[:, None] * X + l2 * w,
            "these are the gradients of the single examples, shape (n, p); take their mean.",
        ),
        Misconception(
            lambda w, X, y, l2: np.mean(_residual(w, X, y)[:, None] * X) + l2 * w,
            "the mean was taken over all entries; take it over the examples, axis 0.",
        ),
    ),
)


def sure_gradient() -> float:
    """Return the length of the gradient at which |g|²/(2μ) is the wanted gap."""
    mu, gap = 0.02, 1e-6
    return np.sqrt(2 * mu * gap)


SURE = Exercise(
    slug="04-sure",
    title="Sure to be close",
    minutes=5,
    difficulty=1,
    reference=sure_gradient,
    tolerance=5e-9,
    remark="A hundred times smaller gap needs a ten times smaller gradient.",
    hints=(
        "Which statement of the chapter bounds the gap by something you can compute? No curvature "
        "is below l2.",
        r"$|\nabla E|^2/(2\mu) \le 10^{-6}$ with $\mu = 0.02$. Solve for $|\nabla E|$.",
    ),
    misconceptions=(
        Misconception(1e-6, "the gap and the gradient are not the same: gap ≤ |g|²/(2μ)."),
        Misconception(
            4e-8, "this is |g|², 2 · 0.02 · 1e-6: take the root. Stopping here is safe but late."
        ),
        Misconception(np.sqrt(0.02e-6), "the 2 is missing: gap ≤ |g|²/(2μ) gives |g|² = 2μ · gap."),
        Misconception(
            np.sqrt(0.01e-6), "the 2 is on the wrong side: |g|² = 2μ · gap, not μ · gap / 2."
        ),
        Misconception(
            np.sqrt(1e-6), "the curvature is missing: a flat loss has small gradients far away."
        ),
        Misconception(
            np.sqrt(1e-6 / 0.04), "upside down: gap ≤ |g|²/(2μ) gives |g|² = 2μ · gap, a product."
        ),
        Misconception(np.sqrt(2e-6), "μ is missing: |g|² = 2μ · gap with μ = l2 = 0.02."),
        Misconception(
            2e-8, "this is μ · gap: the bound has a 2, and |g| in it is squared, so take the root."
        ),
    ),
)


def batch_descent(X, y, w, lr, l2, tol, most):
    """Return the points up to the first with a small gradient."""
    path = [w]
    while True:
        residual = 1 / (1 + np.exp(-X @ path[-1])) - y
        g = X.T @ residual / len(y) + l2 * path[-1]
        if np.linalg.norm(g) < tol or len(path) > most:
            return np.array(path)
        path.append(path[-1] - lr * g)


def _descent(X, y, w, lr, l2, tol, most, slope=gradient):
    path = [w]
    while True:
        g = slope(path[-1], X, y, l2)
        if np.linalg.norm(g) < tol or len(path) > most:
            return np.array(path)
        path.append(path[-1] - lr * g)


def _with(slope):
    def wrong(X, y, w, lr, l2, tol, most):
        return _descent(X, y, w, lr, l2, tol, most, slope)

    return wrong


def _one_by_one(X, y, w, lr, l2, tol, most):
    path = [w]
    while np.linalg.norm(gradient(path[-1], X, y, l2)) >= tol and len(path) <= most:
        new = path[-1]
        for i in range(len(y)):
            new = new - lr * gradient(new, X[i : i + 1], y[i : i + 1], l2)
        path.append(new)
    return np.array(path)


def _old_gradient(X, y, w, lr, l2, tol, most):
    path = [w]
    for _ in range(most):
        g = gradient(path[-1], X, y, l2)
        path.append(path[-1] - lr * g)
        if np.linalg.norm(g) < tol:
            break
    return np.array(path)


def _small_move(X, y, w, lr, l2, tol, most):
    path = [w]
    for _ in range(most):
        g = gradient(path[-1], X, y, l2)
        if lr * np.linalg.norm(g) < tol:
            break
        path.append(path[-1] - lr * g)
    return np.array(path)


def _largest_entry(X, y, w, lr, l2, tol, most):
    path = [w]
    for _ in range(most):
        g = gradient(path[-1], X, y, l2)
        if np.abs(g).max() < tol:
            break
        path.append(path[-1] - lr * g)
    return np.array(path)


def _squared(X, y, w, lr, l2, tol, most):
    return _descent(X, y, w, lr, l2, np.sqrt(tol), most)


def _frozen(X, y, w, lr, l2, tol, most):
    g = gradient(w, X, y, l2)
    steps = 0 if np.linalg.norm(g) < tol else most
    return np.array([w - k * lr * g for k in range(steps + 1)])


_SMALL = np.array([[1.0, 1.0], [-1.0, 1.0], [2.0, 1.0], [0.0, 1.0]])
_LABELS = np.array([1.0, 0.0, 1.0, 1.0])
_FOUR = "4 examples (1, 1), (-1, 1), (2, 1), (0, 1), labels 1, 0, 1, 1"
_MINIMUM = _descent(_SMALL, _LABELS, np.zeros(2), 1.0, 0.5, 1e-13, 500)[-1]

DESCENT = Exercise(
    slug="04-descent",
    title="Batch descent with a stopping rule",
    minutes=12,
    difficulty=2,
    reference=batch_descent,
    remark="It stops for a reason: the gap at its end is at most tol²/(2 l2).",
    hints=(
        "In a loop: the gradient at the newest point, then the test, and only then the step. A "
        "list that begins with the start keeps the points.",
        "`path[-1]` is the newest point, and `len(path) - 1` steps have been made. Stop if "
        "`np.linalg.norm(g) < tol` or if that number has reached `most`.",
    ),
    probes=(
        Probe(
            f"{_FOUR}; w (0, 0), lr 1, l2 0.1, tol 0, most 4",
            (_SMALL, _LABELS, np.zeros(2), 1.0, 0.1, 0.0, 4),
        ),
        Probe(
            f"{_FOUR}; w (0, 0), lr 0.5, l2 0.5, tol 0.05, most 100",
            (_SMALL, _LABELS, np.zeros(2), 0.5, 0.5, 0.05, 100),
        ),
        Probe(
            f"{_FOUR}; start at the minimum, lr 1, l2 0.5, tol 0.01, most 10",
            (_SMALL, _LABELS, _MINIMUM, 1.0, 0.5, 0.01, 10),
        ),
        Probe(
            "5 examples, 3 parameters, lr 0.3, l2 0.2, tol 0.1, most 50",
            (_X5, _Y5, _W3, 0.3, 0.2, 0.1, 50),
        ),
        Probe(
            "5 examples, 3 parameters, lr 0.3, l2 0.2, tol 0.1, most 0",
            (_X5, _Y5, _W3, 0.3, 0.2, 0.1, 0),
        ),
    ),
    misconceptions=(
        Misconception(
            _with(lambda w, X, y, l2: X.T @ _residual(w, X, y) + l2 * w),
            "1/n is forgotten: the gradient is the mean over the examples, not the sum.",
        ),
        Misconception(
            _with(lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y)),
            "the penalty is missing from the gradient: it adds l2 w.",
        ),
        Misconception(
            _with(lambda w, X, y, l2: (X.T @ _residual(w, X, y) + l2 * w) / len(y)),
            "the penalty was divided by n too: its gradient is l2 w.",
        ),
        Misconception(
            _with(lambda w, X, y, l2: X.T @ _residual(w, X, y) / len(y) + 2 * l2 * w),
            "the gradient of l2/2 |w|² is l2 w, not twice that.",
        ),
        Misconception(
            _with(lambda w, X, y, l2: -gradient(w, X, y, l2)),
            "you went uphill: subtract lr times the gradient.",
        ),
        Misconception(
            _with(lambda w, X, y, l2: X.T @ (X @ w - y) / len(y) + l2 * w),
            "the sigmoid is missing: the residual is σ(Xw) − y.",
        ),
        Misconception(
            _one_by_one,
            "w moved after each example: batch descent moves once, after all of them.",
        ),
        Misconception(_frozen, "the gradient was computed once, at the start: compute it anew."),
        Misconception(
            _old_gradient,
            "one step too many: test the gradient at the newest point before stepping from it.",
        ),
        Misconception(
            _small_move, "the test is on the length of the move, lr |g|; test |g| itself."
        ),
        Misconception(_largest_entry, "the test is on the largest entry of g; test its length."),
        Misconception(_squared, "the test is on |g|², or on the root of tol; test |g| < tol."),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(X, y, w, lr, l2, 0.0, most),
            "it never stops early: return as soon as |g| < tol.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(X, y, w, lr, l2, tol, most + 200),
            "it goes on past the allowed number of steps: make at most `most` of them.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(X, y, w, lr, l2, tol, most + 1),
            "one step too many: most steps give most + 1 points, with the start.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(
                X, y, w, lr, l2, tol, max(most - 1, 0)
            ),
            "one step is missing: most steps give most + 1 points, with the start.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(X, y, w, lr, l2, tol, most)[-1],
            "this is the last point only; return all points, the start in row 0.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: batch_descent(X, y, w, lr, l2, tol, most)[1:],
            "the start is missing: row 0 is w as given.",
        ),
        Misconception(
            lambda X, y, w, lr, l2, tol, most: np.tile(
                batch_descent(X, y, w, lr, l2, tol, most)[-1],
                (len(batch_descent(X, y, w, lr, l2, tol, most)), 1),
            ),
            "all rows are the last point: w -= … changed the array in the list; make a new one.",
        ),
    ),
)


def what_was_forgotten():
    """Return the letter: with the rate α/n the colleague's step is that of l2/n."""
    rng = np.random.default_rng(0)
    X, w = rng.standard_normal((50, 3)), rng.standard_normal(3)
    y, n, lr, l2 = (X[:, 0] > 0) * 1.0, 50, 0.3, 0.01
    theirs = lr / n * (X.T @ (1 / (1 + np.exp(-X @ w)) - y) + l2 * w)
    weaker = lr * (X.T @ (1 / (1 + np.exp(-X @ w)) - y) / n + l2 / n * w)
    return "b" if np.allclose(theirs, weaker) else "a"


FORGOTTEN = Exercise(
    slug="04-forgotten",
    title="A forgotten 1/n",
    minutes=9,
    difficulty=2,
    reference=what_was_forgotten,
    options="abcd",
    remark="Mean and sum agree after a change of the rate only if the penalty is changed too.",
    hints=(
        "Raise `steps` to 5000. Do the two come together? Does the colleague's own gradient grow "
        "or shrink?",
        r"Write the colleague's step out: $\frac{\alpha}{n}\big(X^T r + \text{l2}\,w\big)$. "
        "Compare each of its two parts with yours. What would divergence do to the last column?",
    ),
    misconceptions=(
        Misconception(
            "a",
            "rounding is near 1e-16 a step; here |w| differs by 0.5 at step 200, later by more.",
        ),
        Misconception(
            "c", "a diverging run has a growing gradient; the colleague's shrinks all the time."
        ),
        Misconception(
            "d", "with more steps they part further: E and |w| of the colleague go on growing."
        ),
    ),
    explanation=(
        r"The step is $\alpha\big(\frac1n X^T r + \frac{\text{l2}}{n} w\big)$: your step for the "
        r"penalty $\text{l2}/n$. The colleague descends well, on another loss."
    ),
)

EXERCISES = (BY_HAND, GRADIENT, SURE, DESCENT, FORGOTTEN)
