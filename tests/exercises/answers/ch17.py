"""Chapter 17, vanishing gradients: right answers in other styles, and right mutants."""

from typing import Any

import numpy as np

EQUIVALENT = {("17-leaky", "0.5 → -0.5"): "only the square of the slope enters"}


def backward_in_steps(g_a: Any, x: Any, W: Any, b: Any) -> Any:
    y = np.tanh(x.dot(W) + b)
    return np.dot(g_a - g_a * y * y, W.transpose())


def backward_with_cosh(g_a: Any, x: Any, W: Any, b: Any) -> Any:
    return np.einsum("nk,dk->nd", g_a / np.cosh(x @ W + b) ** 2, W)


def backward_row_by_row(g_a: Any, x: Any, W: Any, b: Any) -> Any:
    rows = []
    for upstream, row in zip(g_a, x):
        slopes = 1 - np.tanh(row @ W + b) ** 2
        rows.append(list(W @ (slopes * upstream)))
    return rows


STYLES = {"17-backward": (backward_in_steps, backward_with_cosh, backward_row_by_row)}
