"""Chapter 15, metrics: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

EQUIVALENT = {
    ("15-decrease", "-5.0 → 5.0"): "both dual norms take the size of an entry, not its sign",
}


def by_change_of_variables(g: Any, D: Any) -> Any:
    e = -(g / np.sqrt(D))
    e /= np.linalg.norm(e)
    return e / np.sqrt(D)


def in_a_loop(g: Any, D: Any) -> Any:
    d = [-gi / Di for gi, Di in zip(g, D, strict=True)]
    length = sum(Di * di**2 for di, Di in zip(d, D, strict=True)) ** 0.5
    return [di / length for di in d]


def by_matrices(g: Any, D: Any) -> Any:
    M = np.diag(D)
    d = -np.linalg.solve(M, g)
    return d / np.sqrt(d @ M @ d)


def sum_over_singular_vectors(G: Any, length: Any) -> Any:
    U, s, Vt = np.linalg.svd(G)
    return -length * sum(np.outer(U[:, k], Vt[k]) for k in range(len(s)))


def by_the_root_of_a_gram_matrix(G: Any, length: Any) -> Any:
    if G.shape[0] > G.shape[1]:
        return by_the_root_of_a_gram_matrix(G.T, length).T
    values, vectors = np.linalg.eigh(G @ G.T)
    return -length * (vectors / np.sqrt(values)) @ vectors.T @ G


def by_newton_schulz(G: Any, length: Any) -> Any:
    X = G / np.linalg.norm(G)
    for _ in range(60):
        X = 1.5 * X - 0.5 * X @ X.T @ X
    X *= -length
    return X


STYLES = {
    "15-diagonal": (by_change_of_variables, in_a_loop, by_matrices),
    "15-spectral": (sum_over_singular_vectors, by_the_root_of_a_gram_matrix, by_newton_schulz),
}
