"""Chapter 05, one example at a time: right answers in other styles, and right mutants."""

from typing import Any

import numpy as np

SQUARE = "a square has no sign"
EQUIVALENT = {
    ("05-change", "w - a.mean() → a.mean() - w"): SQUARE,
    ("05-change", "landed - a.mean() → a.mean() - landed"): SQUARE,
    ("05-floor", "1 - lr * curvature → lr * curvature - 1"): SQUARE,
}


def sgd_in_an_array(gradient: Any, w: Any, lr: Any, order: Any) -> Any:
    path = np.empty((len(order) + 1, len(w)))
    path[0] = w
    for t, i in enumerate(order):
        path[t + 1] = path[t] - lr * gradient(path[t], i)
    return path


def sgd_on_a_copy(gradient: Any, w: Any, lr: Any, order: Any) -> Any:
    w = w.copy()
    path = [w.copy()]
    for t in range(len(order)):
        w -= lr * gradient(w, order[t])
        path.append(w.copy())
    return path


def sgd_by_recursion(gradient: Any, w: Any, lr: Any, order: Any) -> Any:
    if len(order) == 0:
        return [w]
    return [w, *sgd_by_recursion(gradient, w - lr * gradient(w, order[0]), lr, order[1:])]


def estimate_by_a_weight(gradients: Any, q: Any, i: Any) -> Any:
    n = len(gradients)
    weight = (1 / n) / q[i]
    return weight * gradients[i]


def estimate_of_all_at_once(gradients: Any, q: Any, i: Any) -> Any:
    return (gradients / q[:, None])[i] / gradients.shape[0]


def estimate_in_a_loop(gradients: Any, q: Any, i: Any) -> Any:
    return [float(entry) / q[i] / len(q) for entry in gradients[i]]


STYLES = {
    "05-sgd": (sgd_in_an_array, sgd_on_a_copy, sgd_by_recursion),
    "05-uneven": (estimate_by_a_weight, estimate_of_all_at_once, estimate_in_a_loop),
}
