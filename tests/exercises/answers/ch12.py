"""Chapter 12, forgetting: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT: dict[tuple[str, str], str] = {}


def rmsprop_on_a_copy(gradient: Any, w: Any, lr: Any, beta: Any, eps: Any, steps: Any) -> Any:
    w, v = w.copy(), np.zeros(len(w))
    path = [w.copy()]
    for _ in range(steps):
        g = gradient(w)
        v += (1 - beta) * (g * g - v)
        w -= lr * g / (v**0.5 + eps)
        path.append(w.copy())
    return path


def rmsprop_per_parameter(gradient: Any, w: Any, lr: Any, beta: Any, eps: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0], v = w, [0.0] * len(w)
    for t in range(steps):
        for i, gi in enumerate(gradient(path[t])):
            v[i] = beta * v[i] + (1 - beta) * gi**2
            path[t + 1, i] = path[t, i] - lr / (np.sqrt(v[i]) + eps) * gi
    return path


def rmsprop_from_all_gradients(
    gradient: Any, w: Any, lr: Any, beta: Any, eps: Any, steps: Any
) -> Any:
    path, seen = [w], []
    for _ in range(steps):
        seen.append(gradient(path[-1]))
        weights = (1 - beta) * beta ** np.arange(len(seen))[::-1]
        v = weights @ np.square(seen)
        path.append(path[-1] - lr * seen[-1] / (np.sqrt(v) + eps))
    return path


def adadelta_on_a_copy(gradient: Any, w: Any, beta: Any, eps: Any, steps: Any) -> Any:
    w, v, u = w.copy(), np.zeros(len(w)), np.zeros(len(w))
    path = [w.copy()]
    for _ in range(steps):
        g = gradient(w)
        v += (1 - beta) * (g * g - v)
        d = g * ((u + eps) / (v + eps)) ** 0.5
        u += (1 - beta) * (d * d - u)
        w -= d
        path.append(w.copy())
    return path


def adadelta_per_parameter(gradient: Any, w: Any, beta: Any, eps: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0] = w
    memory = [(0.0, 0.0)] * len(w)
    for t in range(steps):
        for i, gi in enumerate(gradient(path[t])):
            v, u = memory[i]
            v = beta * v + (1 - beta) * gi**2
            d = gi * np.sqrt(u + eps) / np.sqrt(v + eps)
            memory[i] = v, beta * u + (1 - beta) * d**2
            path[t + 1, i] = path[t, i] - d
    return path


def adadelta_u_updated_late(gradient: Any, w: Any, beta: Any, eps: Any, steps: Any) -> Any:
    path, v, u, d = [w], 0.0, 0.0, 0.0
    for _ in range(steps):
        g = gradient(path[-1])
        v = beta * v + (1 - beta) * g**2
        u = beta * u + (1 - beta) * d**2
        d = np.sqrt((u + eps) / (v + eps)) * g
        path.append(path[-1] - d)
    return path


STYLES = {
    "12-rmsprop": (
        rmsprop_on_a_copy,
        rmsprop_per_parameter,
        rmsprop_from_all_gradients,
    ),
    "12-adadelta": (
        adadelta_on_a_copy,
        adadelta_per_parameter,
        adadelta_u_updated_late,
    ),
}
