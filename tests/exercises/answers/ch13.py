"""Chapter 13, both memories: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

RATE = "α stands in both steps and cancels"
PENALTY = "Adam's first step does not depend on the size of the penalty's gradient"
EQUIVALENT = {
    ("13-decay", "0.001 → 1.001"): RATE,
    ("13-decay", "0.001 → -0.999"): RATE,
    ("13-decay", "0.001 → 0.002"): RATE,
    ("13-decay", "weight_decay * w → weight_decay / w"): PENALTY,
    ("13-decay", "weight_decay * w → weight_decay + w"): PENALTY,
    ("13-decay", "weight_decay * w → weight_decay ** w"): PENALTY,
}


def adam_in_arrays(
    gradients: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any
) -> Any:
    path = np.zeros((len(gradients) + 1, len(w)))
    path[0] = w
    m, v = np.zeros(len(w)), np.zeros(len(w))
    for k in range(len(gradients)):
        m += (1 - beta1) * (gradients[k] - m)
        v += (1 - beta2) * (gradients[k] ** 2 - v)
        mean, square = m / (1 - beta1 ** (k + 1)), v / (1 - beta2 ** (k + 1))
        path[k + 1] = path[k] * (1 - lr * weight_decay) - lr * mean / (square**0.5 + eps)
    return path


def adam_folded(
    gradients: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any
) -> Any:
    w, path, m, v = w.copy(), [w.copy()], 0.0, 0.0
    for g in gradients:
        t = len(path)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * np.square(g)
        root = np.sqrt(1 - beta2**t)
        w -= lr * weight_decay * w
        w -= lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root)
        path.append(w.copy())
    return path


def adam_by_weights(
    gradients: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, weight_decay: Any
) -> Any:
    path = [list(w)]
    for t in range(1, len(gradients) + 1):
        ages = np.arange(t)[::-1]
        mean = np.average(gradients[:t], axis=0, weights=beta1**ages)
        square = np.average(gradients[:t] ** 2, axis=0, weights=beta2**ages)
        old = np.array(path[-1])
        path.append(list(old - lr * (mean / (np.sqrt(square) + eps) + weight_decay * old)))
    return path


STYLES = {"13-adam": (adam_in_arrays, adam_folded, adam_by_weights)}
