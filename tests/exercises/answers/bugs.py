"""The museum of bugs: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT: dict[tuple[str, str], str] = {}


def nesterov_looking_ahead(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    v, path = 0 * w, [w]
    for _ in range(steps):
        g = gradient(w)
        v = beta * v - lr * g
        w = w + beta * v - lr * g
        path.append(w)
    return path


def nesterov_with_old_velocity(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    v, path = np.zeros_like(w), [w]
    for _ in range(steps):
        old, v = v, beta * v - lr * gradient(w)
        w = w - beta * old + (1 + beta) * v
        path.append(w)
    return np.array(path)


def nesterov_in_sums(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    m, path = np.zeros_like(w), np.empty((steps + 1, len(w)))
    path[0] = w
    for t in range(steps):
        g = gradient(path[t])
        m = beta * m + g
        path[t + 1] = path[t] - lr * (g + beta * m)
    return path


def adam_with_one_factor(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    m, v, path = 0.0, 0.0, [w]
    for t in range(1, steps + 1):
        g = gradient(path[-1])
        m, v = m + 0.1 * (g - m), v + 0.001 * (g * g - v)
        root = np.sqrt(1 - 0.999**t)
        path.append(path[-1] - lr * root / (1 - 0.9**t) * m / (np.sqrt(v) + eps * root))
    return path


def adam_counting_from_zero(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    m, v, path = np.zeros_like(w), np.zeros_like(w), np.empty((steps + 1, len(w)))
    path[0] = w
    for t in range(steps):
        g = gradient(path[t])
        m = 0.9 * m + (1 - 0.9) * g
        v = 0.999 * v + (1 - 0.999) * g**2
        m_hat, v_hat = m / (1 - 0.9 ** (t + 1)), v / (1 - 0.999 ** (t + 1))
        path[t + 1] = path[t] - lr * m_hat / (v_hat**0.5 + eps)
    return path


def adam_with_running_powers(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    m = v = np.zeros(len(w))
    power1 = power2 = 1.0
    path = [np.array(w)]
    while len(path) <= steps:
        g = gradient(w)
        power1, power2 = power1 * 0.9, power2 * 0.999
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - (lr * m / (1 - power1)) / (eps + np.sqrt(v / (1 - power2)))
        path.append(w)
    return path


def adam_again_with_one_factor(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    return adam_with_one_factor(gradient, w, lr, eps, steps)


def adam_again_counting_from_zero(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    return adam_counting_from_zero(gradient, w, lr, eps, steps)


def adam_again_with_running_powers(gradient: Any, w: Any, lr: Any, eps: Any, steps: Any) -> Any:
    return adam_with_running_powers(gradient, w, lr, eps, steps)


def momentum_from_a_float_start(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    w = w.astype(float)
    m = np.zeros_like(w)
    path = [w]
    for _ in range(steps):
        m[:] = beta * m + gradient(w)
        w = w - lr * m
        path.append(w)
    return path


def momentum_rebound(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    m, path = 0, [w]
    for _ in range(steps):
        m = beta * m + gradient(w)
        w = w - lr * m
        path.append(w)
    return np.array(path)


def momentum_like_the_gradient(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    m, path = np.zeros_like(gradient(w)), [w]
    for _ in range(steps):
        m *= beta
        m += gradient(w)
        w = w - lr * m
        path.append(w)
    return path


def momentum_with_get(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    state: dict[str, Any] = {}
    path = [w]
    for _ in range(steps):
        state["velocity"] = beta * state.get("velocity", 0) + gradient(w)
        path.append(path[-1] - lr * state["velocity"])
        w = path[-1]
    return path


def momentum_of_differences(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    path = [w, w - lr * gradient(w)]
    for _ in range(steps - 1):
        a, b = path[-2:]
        path.append(b + beta * (b - a) - lr * gradient(b))
    return np.array(path)


def momentum_with_default(gradient: Any, w: Any, lr: Any, beta: Any, steps: Any) -> Any:
    state: dict[str, Any] = {}
    path = [w]
    for _ in range(steps):
        m = state.setdefault("m", np.zeros(len(w)))
        m *= beta
        m += gradient(w)
        w = w - lr * m
        path.append(w)
    return path


def decay_in_one_loop(gradient: Any, w: Any, lr: Any, decay: Any, epochs: Any, batches: Any) -> Any:
    path = [w]
    for t in range(epochs * batches):
        path.append(path[-1] - lr * gradient(path[-1]) / (1 + decay * t))
    return path


def decay_with_a_counter(
    gradient: Any, w: Any, lr: Any, decay: Any, epochs: Any, batches: Any
) -> Any:
    path, t = [w], 0
    for _ in range(epochs):
        for _ in range(batches):
            w = w - lr / (1 + decay * t) * gradient(w)
            t += 1
            path.append(w)
    return np.array(path)


def decay_by_length(gradient: Any, w: Any, lr: Any, decay: Any, epochs: Any, batches: Any) -> Any:
    path = [w]
    for _ in range(epochs):
        for _ in range(batches):
            rate = lr / (1 + decay * (len(path) - 1))
            path.append(path[-1] - rate * gradient(path[-1]))
    return np.array(path)


def end_of_one(rules: Any, name: Any, gradient: Any, w: Any, steps: Any) -> Any:
    return rules[name](gradient, w, steps)[-1]


def ends_sorted_together(rules: Any, name: Any, gradient: Any, w: Any, steps: Any) -> Any:
    labels = sorted(rules)
    paths = [rules[label](gradient, w, steps) for label in labels]
    return dict(zip(labels, paths))[name][-1]


def ends_by_index(rules: Any, name: Any, gradient: Any, w: Any, steps: Any) -> Any:
    ends = [list(rule(gradient, w, steps)[-1]) for rule in rules.values()]
    return ends[list(rules).index(name)]


STYLES = {
    "bugs-nesterov": (nesterov_looking_ahead, nesterov_with_old_velocity, nesterov_in_sums),
    "bugs-noisy-adam": (
        adam_with_one_factor,
        adam_counting_from_zero,
        adam_with_running_powers,
    ),
    "bugs-fast-adam": (
        adam_again_with_one_factor,
        adam_again_counting_from_zero,
        adam_again_with_running_powers,
    ),
    "bugs-plateau": (
        momentum_from_a_float_start,
        momentum_rebound,
        momentum_like_the_gradient,
    ),
    "bugs-slow-momentum": (momentum_with_get, momentum_of_differences, momentum_with_default),
    "bugs-floor": (decay_in_one_loop, decay_with_a_counter, decay_by_length),
    "bugs-comparison": (end_of_one, ends_sorted_together, ends_by_index),
}
