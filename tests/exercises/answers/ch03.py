"""Chapter 03, the step: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

SYMMETRIC = "the inner product is symmetric"
LONG = "200 steps already tell growth from decay within the tolerance"
TIE = "the two sides are never equal: rounding decides nothing here"
BRACKET = "bisection finds the same edge from any bracket around it"
TWENTY = "20 halvings are already finer than the tolerance"
EQUIVALENT = {
    ("03-largest-rate", "0.0 → 1.0"): BRACKET,
    ("03-largest-rate", "0.0 → -1.0"): BRACKET,
    ("03-largest-rate", "4.0 → 5.0"): BRACKET,
    ("03-largest-rate", "4.0 → 3.0"): BRACKET,
    ("03-largest-rate", "4.0 → 8.0"): BRACKET,
    ("03-largest-rate", "20 → 21"): TWENTY,
    ("03-largest-rate", "20 → 19"): TWENTY,
    ("03-largest-rate", "20 → 40"): TWENTY,
    ("03-largest-rate", "200 → 201"): LONG,
    ("03-largest-rate", "200 → 199"): LONG,
    ("03-largest-rate", "200 → 400"): LONG,
    (
        "03-largest-rate",
        "np.linalg.norm(black_box(w)) < before → np.linalg.norm(black_box(w)) <= before",
    ): TIE,
    (
        "03-backtracking",
        "loss(w - lr * g) > loss(w) - c * lr * (g @ g) → "
        "loss(w - lr * g) >= loss(w) - c * lr * (g @ g)",
    ): TIE,
    ("03-backtracking", "g @ g → g @ g"): SYMMETRIC,
}


def descent_in_an_array(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0] = w
    for t in range(steps):
        path[t + 1] = path[t] - lr * gradient(path[t])
    return path


def descent_on_a_copy(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    w = w.copy()
    path = [w.copy()]
    for _ in range(steps):
        w -= lr * gradient(w)
        path.append(w.copy())
    return path


def descent_by_recursion(gradient: Any, w: Any, lr: Any, steps: Any) -> Any:
    if steps == 0:
        return [w]
    return [w, *descent_by_recursion(gradient, w - lr * gradient(w), lr, steps - 1)]


def backtracking_with_break(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    g = gradient(w)
    slope, before = -sum(gi**2 for gi in g), loss(w)
    while True:
        new = w - lr * g
        if loss(new) <= before + c * lr * slope:
            return new
        lr *= 0.5


def backtracking_over_powers(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    g = gradient(w)
    rates = (lr * 0.5**k for k in range(100))
    falls = c * np.linalg.norm(g) ** 2
    return w - next(a for a in rates if loss(w) - loss(w - a * g) >= a * falls) * g


def backtracking_by_recursion(loss: Any, gradient: Any, w: Any, lr: Any, c: Any) -> Any:
    new, g = w - lr * gradient(w), gradient(w)
    enough = loss(new) < loss(w) - c * lr * np.dot(g, g)
    return list(new) if enough else backtracking_by_recursion(loss, gradient, w, lr / 2, c)


STYLES = {
    "03-descent": (
        descent_in_an_array,
        descent_on_a_copy,
        descent_by_recursion,
    ),
    "03-backtracking": (
        backtracking_with_break,
        backtracking_over_powers,
        backtracking_by_recursion,
    ),
}
