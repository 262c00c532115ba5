"""Chapter 07, landscape: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT: dict[tuple[str, str], str] = {}


def step_in_a_loop(w: Any, x: Any, y: Any, rows: Any, lr: Any) -> Any:
    new = []
    for k in range(len(w)):
        slopes = []
        for i in rows[k]:
            r = w[k] * x[i] - y[i]
            slopes.append(x[i] * r * np.exp(-(r**2) / 2))
        new.append(w[k] - lr * sum(slopes) / len(slopes))
    return new


def step_with_reversed_residuals(w: Any, x: Any, y: Any, rows: Any, lr: Any) -> Any:
    xs, r = x[rows], y[rows] - x[rows] * w[:, np.newaxis]
    return w + lr * np.einsum("ks,ks,ks->k", xs, r, np.exp(-0.5 * r * r)) / rows.shape[1]


def step_transposed(w: Any, x: Any, y: Any, rows: Any, lr: Any) -> Any:
    w = w.copy()
    r = x[rows].T * w - y[rows].T
    w -= lr * (x[rows].T * r / np.exp(r**2 / 2)).mean(axis=0)
    return w


def wilson_as_roots(successes: Any, trials: Any) -> Any:
    z2, p = 1.96**2, successes / trials
    return np.sort(np.roots([1 + z2 / trials, -(2 * p + z2 / trials), p**2]).real)


def wilson_in_counts(successes: Any, trials: Any) -> Any:
    z, failures = 1.96, trials - successes
    root = z * (successes * failures / trials + z**2 / 4) ** 0.5
    return [(successes + z**2 / 2 + sign * root) / (trials + z**2) for sign in (-1, 1)]


def wilson_as_an_array(successes: Any, trials: Any) -> Any:
    p, q = successes / trials, 1.96**2 / trials
    return (p + q / 2 + np.array([-1, 1]) * np.sqrt(q * p * (1 - p) + q**2 / 4)) / (1 + q)


STYLES = {
    "07-walkers-step": (step_in_a_loop, step_with_reversed_residuals, step_transposed),
    "07-wilson": (wilson_as_roots, wilson_in_counts, wilson_as_an_array),
}
