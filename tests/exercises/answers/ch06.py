"""Chapter 06, the mini-batch: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT: dict[tuple[str, str], str] = {}


def epoch_with_split(gradient: Any, w: Any, X: Any, y: Any, lr: Any, s: Any, order: Any) -> Any:
    for rows in np.split(order, range(s, len(order), s)):
        w = w - lr * gradient(w, X[rows], y[rows])
    return w


def epoch_with_while(gradient: Any, w: Any, X: Any, y: Any, lr: Any, s: Any, order: Any) -> Any:
    left, w = list(order), w.copy()
    while left:
        rows, left = left[:s], left[s:]
        w -= lr * gradient(w, X[rows], y[rows])
    return w


def epoch_on_shuffled_data(
    gradient: Any, w: Any, X: Any, y: Any, lr: Any, s: Any, order: Any
) -> Any:
    X, y = X[order], y[order]
    for k in range(-(-len(X) // s)):
        w = w - lr * gradient(w, X[k * s : (k + 1) * s], y[k * s : (k + 1) * s])
    return w


def combine_with_average(means: Any, sizes: Any) -> Any:
    return np.average(means, axis=0, weights=sizes)


def combine_in_a_loop(means: Any, sizes: Any) -> Any:
    total = 0.0
    for mean, size in zip(means, sizes):
        total = total + size * mean
    return total / sum(sizes)


def combine_with_columns(means: Any, sizes: Any) -> Any:
    weights = sizes / sizes.sum()
    return (weights[:, None] * means).sum(axis=0)


STYLES = {
    "06-epoch": (epoch_with_split, epoch_with_while, epoch_on_shuffled_data),
    "06-combine": (combine_with_average, combine_in_a_loop, combine_with_columns),
}
