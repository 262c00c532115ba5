"""Chapter 14, rectifying: right answers in other styles, and mutants that are right too."""

from typing import Any

import numpy as np

NEVER = "ρ_t is never exactly 5 here: a tie decides nothing"
EQUIVALENT = {
    ("14-counts", "2 / (1 - beta2) → 2 // (1 - beta2)"): "2 divided by ½ is a whole number",
    ("14-counts", "1 - beta2 → 1 * beta2"): "with β₂ = ½ the two are equal",
    ("14-rectifier", "return 0.0 → return -0.0"): "minus zero is zero",
    ("14-rectifier", "rho <= 5 → rho < 5"): NEVER,
}


def factor_from_variances(t: Any, beta2: Any) -> Any:
    def spread(rho: Any) -> Any:
        return rho / ((rho - 2) * (rho - 4))

    end = (1 + beta2) / (1 - beta2)
    rho = end - 2 * t / (beta2**-t - 1)
    return (spread(end) / spread(rho)) ** 0.5 if rho > 5 else 0


def factor_from_ages(t: Any, beta2: Any) -> Any:
    weights = beta2 ** np.arange(t)
    rho = 1 + 2 * np.average(np.arange(t), weights=weights)
    end = 2 / (1 - beta2) - 1
    if rho > 5:
        top, bottom = (rho - 4) * (rho - 2) / rho, (end - 4) * (end - 2) / end
        return np.sqrt(top / bottom)
    return 0.0


def factor_as_roots(t: Any, beta2: Any) -> Any:
    power = beta2**t
    end = 2 / (1 - beta2) - 1
    rho = end - 2 * t * power / (1 - power)
    if not rho > 5:
        return 0
    roots = [np.sqrt((x - 4) * (x - 2) / x) for x in (rho, end)]
    return roots[0] / roots[1]


def radam_in_an_array(
    gradient: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, rectifier: Any, steps: Any
) -> Any:
    path = np.zeros((steps + 1, len(w)))
    path[0], m, v = w, np.zeros_like(w), np.zeros_like(w)
    for t in range(steps):
        g = gradient(path[t])
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        m_hat = m / (1 - beta1 ** (t + 1))
        r = rectifier(t + 1)
        root = (np.sqrt(v) + eps) / np.sqrt(1 - beta2 ** (t + 1))
        path[t + 1] = path[t] - lr * (r * m_hat / root if r else m_hat)
    return path


def radam_on_a_copy(
    gradient: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, rectifier: Any, steps: Any
) -> Any:
    w, path = w.copy(), [w.copy()]
    m = v = 0 * w
    keep1 = keep2 = 1.0
    for t in range(1, steps + 1):
        keep1, keep2 = keep1 * beta1, keep2 * beta2
        g = gradient(w)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        rate = lr / (1 - keep1)
        if rectifier(t) != 0:
            rate = rate * rectifier(t) * (1 - keep2) ** 0.5 / (v**0.5 + eps)
        w -= rate * m
        path.append(w.copy())
    return path


def radam_with_scaled_eps(
    gradient: Any, w: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, rectifier: Any, steps: Any
) -> Any:
    seen, path = [], [w]
    for t in range(1, steps + 1):
        seen.append(gradient(path[-1]))
        age = np.arange(t)[::-1, None]
        m_hat = np.sum(beta1**age * seen, axis=0) * (1 - beta1) / (1 - beta1**t)
        correction = 1 - beta2**t
        v_hat = np.sum(beta2**age * np.square(seen), axis=0) * (1 - beta2) / correction
        divisor = np.sqrt(v_hat) + eps / np.sqrt(correction)
        r = rectifier(t)
        path.append(path[-1] - lr * (m_hat if r <= 0 else r * m_hat / divisor))
    return np.array(path)


STYLES = {
    "14-rectifier": (factor_from_variances, factor_from_ages, factor_as_roots),
    "14-radam": (radam_in_an_array, radam_on_a_copy, radam_with_scaled_eps),
}
