"""Chapter 21, choosing an optimizer: right answers in other styles, and mutants that are right."""

from typing import Any

import numpy as np

EQUIVALENT = {
    ("21-best-of-thirteen", "0 → 1"): "another seed of a simulation that is long enough",
    ("21-best-of-thirteen", "30000 → 30001"): "one repetition more changes no digit asked for",
    ("21-best-of-thirteen", "30000 → 29999"): "nor does one less",
    ("21-best-of-thirteen", "30000 → 60000"): "twice as many repetitions estimate the same mean",
}


def interval_by_hand(a: Any, b: Any, factor: Any) -> Any:
    differences = [x - y for x, y in zip(a, b)]
    n = len(differences)
    mean = sum(differences) / n
    s = (sum((d - mean) ** 2 for d in differences) / (n - 1)) ** 0.5
    return [mean - factor * s / n**0.5, mean + factor * s / n**0.5]


def interval_by_covariance(a: Any, b: Any, factor: Any) -> Any:
    c = np.cov(a, b)
    error = np.sqrt((c[0, 0] + c[1, 1] - 2 * c[0, 1]) / len(a))
    return np.mean(a) - np.mean(b) + factor * error * np.array([-1, 1])


def interval_as_a_tuple(a: Any, b: Any, factor: Any) -> Any:
    d = np.subtract(a, b)
    half = factor * np.sqrt(np.var(d, ddof=1) / d.size)
    return d.mean() - half, d.mean() + half


def report_seed_by_seed(validation: Any, test: Any) -> Any:
    found = []
    for k in range(test.shape[1]):
        best = None
        for i in range(len(test)):
            v = validation[i, k]
            if v == v and (best is None or v > validation[best, k]):
                best = i
        found.append(test[best, k])
    return found


def report_with_a_floor(validation: Any, test: Any) -> Any:
    safe = np.where(np.isnan(validation), -1.0, validation)
    return np.take_along_axis(test, safe.argmax(axis=0)[None], axis=0)[0]


def report_in_single_precision(validation: Any, test: Any) -> Any:
    safe = np.nan_to_num(validation.astype(np.float32), nan=-1)
    rows = np.argmax(safe, axis=0)
    return np.array([test[i, k] for k, i in enumerate(rows)], np.float32)


def ranks_column_by_column(scores: Any, larger_is_better: Any) -> Any:
    result = np.ones(scores.shape)
    for j, larger in enumerate(larger_is_better):
        for i, x in enumerate(scores[:, j]):
            result[i, j] += sum(y > x if larger else y < x for y in scores[:, j])
    return result


def ranks_by_search(scores: Any, larger_is_better: Any) -> Any:
    columns = []
    for column, larger in zip(np.transpose(scores), larger_is_better):
        key = -column if larger else column
        columns.append(1 + np.searchsorted(np.sort(key), key))
    return np.array(columns).T


def ranks_with_a_sign(scores: Any, larger_is_better: Any) -> Any:
    sign = 2 * np.asarray(larger_is_better).astype(int) - 1
    s = scores * sign
    return [[1 + int((s[:, j] > x).sum()) for j, x in enumerate(row)] for row in s]


STYLES = {
    "21-paired-interval": (interval_by_hand, interval_by_covariance, interval_as_a_tuple),
    "21-report": (report_seed_by_seed, report_with_a_floor, report_in_single_precision),
    "21-ranks": (ranks_column_by_column, ranks_by_search, ranks_with_a_sign),
}
