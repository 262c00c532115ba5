"""Chapter 02, the direction: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

W1_IS_ONE = "w1 = 1: multiplying by it, dividing by it and raising to it are the same"
SYMMETRIC = "the inner product is symmetric"
EQUIVALENT = {
    ("02-differential", "2 * w1 → 2 / w1"): W1_IS_ONE,
    ("02-differential", "2 * w1 → 2 ** w1"): W1_IS_ONE,
    ("02-differential", "3 * w1 → 3 / w1"): W1_IS_ONE,
    ("02-differential", "3 * w1 → 3 ** w1"): W1_IS_ONE,
    ("02-differential", "gradient @ dw → dw @ gradient"): SYMMETRIC,
    ("02-angle", "gradient @ dw → dw @ gradient"): SYMMETRIC,
    ("02-angle", "np.clip(cosine, -1, 1) → np.clip(-1, cosine, 1)"): (
        "clip(x, lo, hi) is min(hi, max(lo, x)), and max(-1, cosine) is max(cosine, -1)"
    ),
}


def angle_by_loop(gradient: Any, dw: Any) -> float:
    inner = gg = dd = 0.0
    for g, d in zip(gradient, dw, strict=True):
        inner += g * d
        gg += g * g
        dd += d * d
    return float(np.arccos(max(-1.0, min(1.0, inner / (gg**0.5 * dd**0.5)))))


def angle_by_half_angles(gradient: Any, dw: Any) -> Any:
    u, v = gradient / np.linalg.norm(gradient), dw / np.linalg.norm(dw)
    return 2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))


def angle_in_float32(gradient: Any, dw: Any) -> Any:
    g, d = gradient.astype(np.float32), dw.astype(np.float32)
    cosine = np.sum(g * d) / np.sqrt(np.sum(g**2) * np.sum(d**2))
    return np.arccos(np.minimum(np.maximum(cosine, np.float32(-1)), np.float32(1)))


def best_step_in_place(gradient: Any, length: Any) -> Any:
    dw = gradient.copy()
    dw *= -length
    dw /= np.sqrt(gradient @ gradient)
    return dw


def best_step_by_list(gradient: Any, length: Any) -> Any:
    size = sum(g**2 for g in gradient) ** 0.5
    return [-length * g / size for g in gradient]


def best_step_in_float32(gradient: Any, length: Any) -> Any:
    g = np.asarray(gradient, dtype=np.float32)
    return -np.float32(length) * g / np.linalg.norm(g)


def differences_by_loop(loss: Any, w: Any, h: Any) -> Any:
    w = w.astype(float)
    slopes = np.zeros(w.size)
    for i in range(w.size):
        up, down = w.copy(), w.copy()
        up[i] += h
        down[i] -= h
        slopes[i] = (loss(up) - loss(down)) / (2 * h)
    return slopes


def differences_vectorised(loss: Any, w: Any, h: Any) -> Any:
    shifts = h * np.eye(w.size)
    return (loss(w + shifts) - loss(w - shifts)) / 2 / h


def differences_as_tuple(loss: Any, w: Any, h: Any) -> Any:
    return tuple(np.float64(0.5) / h * (loss(w + h * e) - loss(w - h * e)) for e in np.eye(len(w)))


def differences_averaged(loss: Any, w: Any, h: Any) -> Any:
    forward = [(loss(w + h * e) - loss(w)) / h for e in np.eye(len(w))]
    backward = [(loss(w) - loss(w - h * e)) / h for e in np.eye(len(w))]
    return (np.array(forward) + backward) / 2


STYLES = {
    "02-angle": (
        angle_by_loop,
        angle_by_half_angles,
        angle_in_float32,
    ),
    "02-best-step": (
        best_step_in_place,
        best_step_by_list,
        best_step_in_float32,
    ),
    "02-central-difference": (
        differences_by_loop,
        differences_vectorised,
        differences_as_tuple,
        differences_averaged,
    ),
}
