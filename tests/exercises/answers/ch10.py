"""Chapter 10, remembering: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT: dict[tuple[str, str], str] = {}


def momentum_with_last_difference(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    path = [w, w]
    for _ in range(steps):
        path.append(path[-1] + beta * (path[-1] - path[-2]) - lr * gradient(path[-1]))
    return path[1:]


def momentum_with_velocity(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0], v = w, 0.0
    for t in range(steps):
        v = beta * v - lr * gradient(path[t])
        path[t + 1] = path[t] + v
    return path


def momentum_of_averages(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    w, mean = w.copy(), np.zeros(len(w))
    path = [w.copy()]
    for _ in range(steps):
        mean += (1 - beta) * (gradient(w) - mean)
        w -= lr / (1 - beta) * mean
        path.append(w.copy())
    return path


def momentum_from_all_gradients(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    path: list[Any] = [w]
    seen: list[Any] = []
    for t in range(steps):
        seen.append(gradient(path[-1]))
        path.append(path[-1] - lr * sum(beta ** (t - k) * g for k, g in enumerate(seen)))
    return np.array(path)


def nesterov_new_velocity_first(w: Any, v: Any, g: Any, lr: Any, beta: Any) -> Any:
    new = beta * v - lr * g
    return w + beta * new - lr * g, new


def nesterov_with_tuple(w: Any, v: Any, g: Any, lr: Any, beta: Any) -> Any:
    w, v = w + beta * beta * v - lr * g - beta * lr * g, beta * v - lr * g
    return [w, v]


def nesterov_with_old_copy(w: Any, v: Any, g: Any, lr: Any, beta: Any) -> Any:
    old, v = v, v.copy()
    v *= beta
    v -= lr * g
    return np.stack([w - beta * old + (1 + beta) * v, v])


STYLES = {
    "10-momentum": (
        momentum_with_last_difference,
        momentum_with_velocity,
        momentum_of_averages,
        momentum_from_all_gradients,
    ),
    "10-overwritten": (
        nesterov_new_velocity_first,
        nesterov_with_tuple,
        nesterov_with_old_copy,
    ),
}
