"""Chapter 09, schedules: right answers in other styles, and mutants that are right too."""

import math
from typing import Any

import numpy as np

EQUIVALENT = {
    (
        "09-half-life",
        "np.log(0.5) / np.log(gamma) → np.log(0.5) // np.log(gamma)",
    ): "301.03 is 301.0 to the one decimal that is asked for",
    (
        "09-warm-cosine",
        "min((t - warm) / (total - warm), 1) → min(1, (t - warm) / (total - warm))",
    ): "min is symmetric",
}


def warm_cosine_by_clip(t: Any, warm: Any, total: Any) -> Any:
    u = np.clip((t - warm) / (total - warm), 0, 1)
    return np.where(t < warm, (t + 1) / warm, 0.5 + 0.5 * np.cos(np.pi * u))


def warm_cosine_by_square(t: Any, warm: Any, total: Any) -> float:
    if t >= total:
        return 0.0
    if t < warm:
        return (1 + t) / warm
    return math.cos(math.pi * (t - warm) / (2 * (total - warm))) ** 2


def warm_cosine_as_product(t: Any, warm: Any, total: Any) -> Any:
    rise = min((t + 1) / warm, 1)
    fall = (1 + math.cos(math.pi * min(max(t - warm, 0) / (total - warm), 1))) / 2
    return rise * fall


def rates_by_loops(lr: Any, decay: Any, epochs: Any, batches: Any) -> list[float]:
    rates, t = [], 0
    for _ in range(epochs):
        for _ in range(batches):
            rates.append(lr / (1 + decay / batches * t))
            t += 1
    return rates


def rates_by_epoch_and_batch(lr: Any, decay: Any, epochs: Any, batches: Any) -> Any:
    passed = np.arange(epochs)[:, None] + np.arange(batches) / batches
    return (lr / (1 + decay * passed)).ravel()


def rates_by_linspace(lr: Any, decay: Any, epochs: Any, batches: Any) -> Any:
    return lr / np.linspace(1, 1 + decay * epochs, epochs * batches, endpoint=False)


STYLES = {
    "09-warm-cosine": (warm_cosine_by_clip, warm_cosine_by_square, warm_cosine_as_product),
    "09-rates": (rates_by_loops, rates_by_epoch_and_batch, rates_by_linspace),
}
