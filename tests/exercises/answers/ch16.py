"""Chapter 16, chaining differentials: right answers in other styles, and mutants that are right."""

from typing import Any

import numpy as np

EQUIVALENT = {
    ("16-by-hand", "2 * (prediction + 2.0) → 2 / (prediction + 2.0)"): (
        "the residual is −1: multiplying by it and dividing by it are the same"
    ),
    ("16-network", "np.maximum(z, 0) → np.maximum(0, z)"): "the maximum is symmetric",
    ("16-network", "z > 0 → z >= 0"): "the prompt promises that no sum is exactly 0",
}


def dense_by_einsum(g: Any, X: Any, W: Any) -> Any:
    to_input = np.einsum("kj,ij->ki", g, W)
    to_weights = np.einsum("ki,kj->ij", X, g)
    return np.concatenate([to_input.ravel(), to_weights.ravel(), np.einsum("kj->j", g)])


def dense_by_examples(g: Any, X: Any, W: Any) -> Any:
    to_weights, to_bias, to_input = np.zeros(W.shape), np.zeros(W.shape[1]), []
    for row, x in zip(g, X):
        to_weights += np.outer(x, row)
        to_bias += row
        to_input.append(W @ row)
    return [*np.ravel(to_input), *to_weights.ravel(), *to_bias]


def dense_by_transposes(g: Any, X: Any, W: Any) -> Any:
    ones = np.ones((1, len(g)))
    return np.hstack([(W @ g.T).T.flatten(), (g.T @ X).T.flatten(), (ones @ g)[0]])


def network_by_examples(X: Any, y: Any, W: Any, b: Any, v: Any, c: Any) -> Any:
    total = 0
    for x, target in zip(X, y):
        z = x @ W + b
        g = 2 * (np.maximum(0, z) @ v + c - target) / len(y)
        back = np.where(z > 0, g * v, 0)
        part = [np.outer(x, back).ravel(), back, g * np.maximum(0, z), [g]]
        total = total + np.concatenate(part)
    return total


def network_by_columns(X: Any, y: Any, W: Any, b: Any, v: Any, c: Any) -> Any:
    z = np.dot(X, W) + b
    on = (z >= 0).astype(float)
    slope = (2.0 / len(X)) * ((z * on) @ v + c - y)[:, None]
    back = slope * v[None, :] * on
    ones = np.ones(len(X))
    return np.concatenate(
        [(X.T @ back).ravel(), ones @ back, (z * on).T @ slope[:, 0], ones @ slope]
    )


def network_by_append(X: Any, y: Any, W: Any, b: Any, v: Any, c: Any) -> Any:
    hidden = X @ W + b
    active = np.clip(hidden, 0, None)
    error = (active @ v + c - y) * 2 / y.size
    back = error.reshape(-1, 1) @ v.reshape(1, -1)
    back[hidden <= 0] = 0
    flat = np.append((back.T @ X).T, back.sum(0))
    return np.append(np.append(flat, error @ active), sum(error))


STYLES = {
    "16-dense": (dense_by_einsum, dense_by_examples, dense_by_transposes),
    "16-network": (network_by_examples, network_by_columns, network_by_append),
}
