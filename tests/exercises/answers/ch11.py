"""Chapter 11, adapting in space: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

OUTSIDE = (
    "outside the root this ε is 20 000 times smaller than g: it changes nothing to two decimals"
)
EQUIVALENT = {
    ("11-epsilon", "g / (np.sqrt(g ** 2) + eps) → (np.sqrt(g ** 2) + eps) / g"): OUTSIDE,
    ("11-epsilon", "np.sqrt(g ** 2) + eps → np.sqrt(g ** 2) - eps"): OUTSIDE,
}


def adagrad_on_a_copy(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    w, h = w.copy(), np.zeros(len(w))
    path = [w.copy()]
    for _ in range(steps):
        g = gradient(w)
        h += g * g
        w -= lr * g / (h**0.5 + eps)
        path.append(w.copy())
    return path


def adagrad_per_parameter(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0], h = w, [0.0] * len(w)
    for t in range(steps):
        for i, gi in enumerate(gradient(path[t])):
            h[i] += gi**2
            path[t + 1, i] = path[t, i] - lr / (np.sqrt(h[i]) + eps) * gi
    return path


def adagrad_from_all_gradients(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    path, seen = [w], []
    for _ in range(steps):
        seen.append(gradient(path[-1]))
        size = np.linalg.norm(seen, axis=0)
        path.append(path[-1] - lr * seen[-1] / (size + eps))
    return path


STYLES = {
    "11-adagrad": (
        adagrad_on_a_copy,
        adagrad_per_parameter,
        adagrad_from_all_gradients,
    ),
}
