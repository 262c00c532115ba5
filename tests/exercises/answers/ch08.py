"""Chapter 08, two assumptions: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

RANGE = "the search only has to contain 21 degrees"
SYMMETRIC = "the outer product of a vector with itself is symmetric"
EQUIVALENT = {
    ("08-scaled-condition", "np.outer(scale, scale) → np.outer(scale, scale)"): SYMMETRIC,
    ("08-turned", "0 → 1"): RANGE,
    ("08-turned", "0 → -1"): RANGE,
    ("08-turned", "45 → 46"): RANGE,
    ("08-turned", "45 → 44"): RANGE,
    ("08-turned", "45 → 90"): RANGE,
    ("08-turned", "0.05 → 0.1"): "0.1 degrees are still finer than the tolerance",
    ("08-turned", "np.outer(scale, scale) → np.outer(scale, scale)"): SYMMETRIC,
    (
        "08-turned",
        "curvatures.max() >= 10 * curvatures.min() → curvatures.max() > 10 * curvatures.min()",
    ): "no angle of the grid gives exactly 10",
}


def sweep_one_by_one(loss: Any, gradient: Any, w: Any, rates: Any, steps: Any) -> Any:
    best, lowest = None, np.inf
    for rate in rates:
        point = w[None, :]
        for _ in range(steps):
            point = point - rate * gradient(point)
        if loss(point)[0] < lowest:
            best, lowest = rate, loss(point)[0]
    return best


def sweep_in_place(loss: Any, gradient: Any, w: Any, rates: Any, steps: Any) -> Any:
    stack = np.repeat(w[None], rates.size, axis=0)
    column = rates.reshape(-1, 1)
    for _ in range(steps):
        stack -= column * gradient(stack)
    final = loss(stack)
    final[~np.isfinite(final)] = np.inf
    return rates[final.argmin()]


def sweep_by_sorting(loss: Any, gradient: Any, w: Any, rates: Any, steps: Any) -> Any:
    stack = w + np.zeros((len(rates), len(w)))
    for _ in range(steps):
        stack = stack - np.outer(rates, np.ones(len(w))) * gradient(stack)
    pairs = [(value, rate) for value, rate in zip(loss(stack), rates) if value < np.inf]
    return min(pairs)[1]


def condition_by_matrices(H: Any) -> Any:
    S = np.diag(np.diag(H) ** -0.5)
    return np.linalg.cond(S @ H @ S)


def condition_by_loops(H: Any) -> Any:
    p = len(H)
    C = [[H[i, j] / (H[i, i] * H[j, j]) ** 0.5 for j in range(p)] for i in range(p)]
    return np.divide(*np.linalg.eigvalsh(C)[[-1, 0]])


def condition_by_similar_matrix(H: Any) -> Any:
    """The rows divided by H_ii give another matrix with the same eigenvalues."""
    curvatures = np.linalg.eigvals(H / np.diag(H)[:, None]).real
    return curvatures.max() / curvatures.min()


STYLES = {
    "08-sweep": (sweep_one_by_one, sweep_in_place, sweep_by_sorting),
    "08-scaled-condition": (
        condition_by_matrices,
        condition_by_loops,
        condition_by_similar_matrix,
    ),
}
