"""Chapter 01, a loss: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT = {
    ("01-three-points", "x + 3.0 - y → y - (x + 3.0)"): "a square has no sign",
    ("01-grid", "120 / 0.3 → 120 // 0.3"): "the quotient is whole",
    ("01-cross-entropy", "np.maximum(wrong, 0) → np.maximum(0, wrong)"): "max is symmetric",
}


def cross_entropy_by_logaddexp(z: Any, y: Any) -> Any:
    return (y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)).sum() / len(z)


def cross_entropy_with_max(z: Any, y: Any) -> Any:
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def cross_entropy_by_loop(z: Any, y: Any) -> float:
    total = 0.0
    for logit, label in zip(z, y, strict=True):
        wrong = -logit if label else logit
        large = wrong > 0
        total += wrong + np.log(1 + np.exp(-wrong)) if large else np.log(1 + np.exp(wrong))
    return total / len(z)


def softmax_loss_by_loop(z: Any, y: Any) -> float:
    losses = []
    for row, label in zip(z, y, strict=True):
        top = max(row)
        losses.append(top + np.log(sum(np.exp(v - top) for v in row)) - row[label])
    return sum(losses) / len(losses)


def softmax_loss_by_logaddexp(z: Any, y: Any) -> Any:
    right = np.take_along_axis(z, y[:, None], axis=1)
    return np.logaddexp.reduce(z - right, axis=1).mean()


def softmax_loss_by_one_hot(z: Any, y: Any) -> Any:
    one_hot = np.eye(z.shape[1])[y]
    top = z.max(axis=-1, keepdims=True)
    log_q = z - top - np.log(np.sum(np.exp(z - top), axis=-1, keepdims=True))
    return -np.sum(one_hot * log_q) / len(y)


STYLES = {
    "01-cross-entropy": (
        cross_entropy_by_logaddexp,
        cross_entropy_with_max,
        cross_entropy_by_loop,
    ),
    "01-softmax": (
        softmax_loss_by_loop,
        softmax_loss_by_logaddexp,
        softmax_loss_by_one_hot,
    ),
}
