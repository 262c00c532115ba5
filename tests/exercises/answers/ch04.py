"""Chapter 04, batch gradient descent: right answers in other styles, and mutants that are right."""

from typing import Any

import numpy as np

EQUIVALENT = {
    (
        "04-descent",
        "np.linalg.norm(g) < tol → np.linalg.norm(g) <= tol",
    ): "a length is equal to tol on no data but made-up ones, and the bound holds there too",
}


def gradient_in_a_loop(w: Any, X: Any, y: Any, l2: Any) -> Any:
    g = np.zeros(len(w))
    for i in range(len(y)):
        g = g + (1 / (1 + np.exp(-X[i] @ w)) - y[i]) * X[i] / len(y)
    return g + l2 * w


def gradient_as_a_mean(w: Any, X: Any, y: Any, l2: Any) -> Any:
    q = np.exp(X @ w) / (1 + np.exp(X @ w))
    return np.mean((q - y)[:, None] * X, axis=0) + l2 * w


def gradient_from_the_left(w: Any, X: Any, y: Any, l2: Any) -> Any:
    tanh = (1 + np.tanh(np.dot(X, w) / 2)) / 2
    return list(np.dot(tanh - y, X) / X.shape[0] + np.multiply(l2, w))


def descent_with_for(X: Any, y: Any, w: Any, lr: Any, l2: Any, tol: Any, most: Any) -> Any:
    path = [w]
    for _ in range(most):
        g = gradient_in_a_loop(path[-1], X, y, l2)
        if np.sqrt(g @ g) < tol:
            break
        path.append(path[-1] - lr * g)
    return path


def descent_on_a_copy(X: Any, y: Any, w: Any, lr: Any, l2: Any, tol: Any, most: Any) -> Any:
    w = w.copy()
    path, steps = [w.copy()], 0
    g = gradient_as_a_mean(w, X, y, l2)
    while not np.linalg.norm(g) < tol and steps < most:
        w -= lr * g
        path.append(w.copy())
        g, steps = gradient_as_a_mean(w, X, y, l2), steps + 1
    return np.stack(path)


def descent_by_recursion(X: Any, y: Any, w: Any, lr: Any, l2: Any, tol: Any, most: Any) -> Any:
    g = gradient_as_a_mean(w, X, y, l2)
    if most == 0 or np.linalg.norm(g) < tol:
        return [w]
    return [w, *descent_by_recursion(X, y, w - lr * g, lr, l2, tol, most - 1)]


STYLES = {
    "04-gradient": (gradient_in_a_loop, gradient_as_a_mean, gradient_from_the_left),
    "04-descent": (descent_with_for, descent_on_a_copy, descent_by_recursion),
}
