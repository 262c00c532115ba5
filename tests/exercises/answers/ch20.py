"""Chapter 20, dropout and weight decay: right answers in other styles, and right mutants."""

from typing import Any

import numpy as np

EQUIVALENT = {
    (
        "20-dropout",
        "rng.random(a.shape) >= rate → rng.random(a.shape) > rate",
    ): "a random number equals the rate with probability 0",
    (
        "20-proximal",
        "np.maximum(np.abs(u) - lr * l1, 0) → np.maximum(0, np.abs(u) - lr * l1)",
    ): "the maximum does not depend on the order",
}


def dropout_by_where(a: Any, dy: Any, rate: Any, rng: Any) -> Any:
    dropped = rng.random(a.shape) < rate
    y, da = a / (1 - rate), dy / (1 - rate)
    y[dropped] = 0
    da[dropped] = 0
    return y, da


def dropout_by_entries(a: Any, dy: Any, rate: Any, rng: Any) -> Any:
    u, q = rng.random(size=np.shape(a)), 1 - rate
    y, da = np.zeros_like(a), np.zeros_like(dy)
    for place in np.ndindex(*u.shape):
        if u[place] >= rate:
            y[place], da[place] = a[place] / q, dy[place] / q
    return [y.tolist(), da.tolist()]


def dropout_in_single_precision(a: Any, dy: Any, rate: Any, rng: Any) -> Any:
    mask = (rng.random(a.shape) >= rate).astype(np.float32)
    mask *= np.float32(1 / (1 - rate))
    return np.array([a, dy]) * mask


def proximal_by_where(w: Any, g: Any, lr: Any, l1: Any) -> Any:
    u, t = w - lr * g, lr * l1
    return np.where(u > t, u - t, np.where(u < -t, u + t, 0.0))


def proximal_by_clip(w: Any, g: Any, lr: Any, l1: Any) -> Any:
    u = w - lr * g
    return u - np.clip(u, -lr * l1, lr * l1)


def proximal_by_entries(w: Any, g: Any, lr: Any, l1: Any) -> Any:
    flat = []
    for a, b in zip(np.ravel(w), np.ravel(g)):
        u = float(a - lr * b)
        size = max(abs(u) - lr * l1, 0.0)
        flat.append(size if u > 0 else -size)
    return np.reshape(flat, np.shape(w))


STYLES = {
    "20-dropout": (dropout_by_where, dropout_by_entries, dropout_in_single_precision),
    "20-proximal": (proximal_by_where, proximal_by_clip, proximal_by_entries),
}
