"""Chapter 18, the first step's scale: right answers in other styles, and mutants that are right."""

from typing import Any

import numpy as np

EQUIVALENT = {
    (
        "18-deviations",
        "zip(widths, variances) → zip(variances, widths)",
    ): "the width and the variance only meet in a product",
}


def weights_by_cases(standard: Any, scheme: Any) -> Any:
    n_in, n_out = np.shape(standard)
    if scheme == "lecun":
        return standard / np.sqrt(n_in)
    if scheme == "xavier":
        return standard / np.sqrt((n_in + n_out) / 2)
    return standard * (2 / n_in) ** 0.5


def weights_row_by_row(standard: Any, scheme: Any) -> Any:
    rows, columns = len(standard), len(standard[0])
    gain = 2.0 if scheme == "he" else 1.0
    fan = (rows + columns) / 2 if scheme == "xavier" else rows
    return [[float(x) * np.sqrt(gain / fan) for x in row] for row in standard]


def weights_in_single_precision(standard: Any, scheme: Any) -> Any:
    new = standard.astype(np.float32)
    fan = np.mean(standard.shape) if scheme == "xavier" else standard.shape[0]
    new *= np.float32(np.sqrt((1 + (scheme == "he")) / fan))
    return new


def deviations_by_product(second_moment: Any, widths: Any, variances: Any) -> Any:
    factors = np.array(widths[:-1]) * np.array(variances)
    halves = 0.5 ** np.arange(len(factors))
    return np.sqrt(second_moment * np.cumprod(factors) * halves)


def deviations_in_a_list(second_moment: Any, widths: Any, variances: Any) -> Any:
    found: list[float] = []
    for k, variance in enumerate(variances):
        x2 = found[-1] ** 2 / 2 if k else second_moment
        found.append((widths[k] * variance * x2) ** 0.5)
    return found


def deviations_by_recursion(second_moment: Any, widths: Any, variances: Any) -> Any:
    if len(variances) == 0:
        return []
    z2 = widths[0] * variances[0] * second_moment
    return [np.sqrt(z2), *deviations_by_recursion(z2 / 2, widths[1:], variances[1:])]


STYLES = {
    "18-weights": (weights_by_cases, weights_row_by_row, weights_in_single_precision),
    "18-deviations": (deviations_by_product, deviations_in_a_list, deviations_by_recursion),
}
