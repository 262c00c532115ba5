"""Exercises of chapter 14, rectifying.

The count ρ_t by hand, the factor r_t and the rule of RAdam, and a run that the first five steps
have thrown out because they are not divided by a root.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def counts_by_hand() -> np.ndarray:
    """Return ρ₁ … ρ₆ for β₂ = 0.5, where ρ_∞ = 3."""
    beta2, t = 0.5, np.arange(1, 7)
    limit = 2 / (1 - beta2) - 1
    return limit - 2 * t * beta2**t / (1 - beta2**t)


_T = np.arange(1, 7)
_HALF = 0.5**_T

COUNTS = Exercise(
    slug="14-counts",
    title="Six counts by hand",
    minutes=8,
    difficulty=1,
    reference=counts_by_hand,
    tolerance=2e-3,
    remark="ρ_t never passes 3: with β₂ = 0.5 RAdam stays at its momentum steps for ever.",
    hints=(
        r"First $\rho_\infty$, which needs no $t$. Then a table with the columns $t$, "
        r"$\beta_2^t$, $1 - \beta_2^t$ and their quotient.",
        r"$\rho_\infty = 3$ and, for $t = 2$, $\beta_2^t/(1-\beta_2^t) = \frac14/\frac34 = "
        r"\frac13$, so $\rho_2 = 3 - 4 \cdot \frac13$.",
    ),
    misconceptions=(
        Misconception(
            _T.astype(float),
            "ρ_t is about t only while the weights are nearly equal; here each is half the last.",
        ),
        Misconception(3 - _T * _HALF / (1 - _HALF), "the 2 before t is missing in the last term."),
        Misconception(
            4 - 2 * _T * _HALF / (1 - _HALF), "ρ_∞ is 2/(1 − β₂) − 1 = 3; the −1 was left out."
        ),
        Misconception(
            3 + 2 * _T * _HALF / (1 - _HALF),
            "the last term is subtracted: the count grows up to ρ_∞ = 3.",
        ),
        Misconception(
            3 - 2 * _T * _HALF, "the divisor 1 − β₂ᵗ is missing; it is there from the correction."
        ),
        Misconception(
            3 - 2 * _HALF / (1 - _HALF),
            "the t before β₂ᵗ is missing: the term is 2t β₂ᵗ/(1 − β₂ᵗ).",
        ),
        Misconception(
            3 - 2 * _T * _HALF / 0.5, "the divisor is 1 − β₂ᵗ, with the power, not 1 − β₂."
        ),
        Misconception(
            3 * (1 - _HALF) / (1 + _HALF),
            "this is 1/Σb², the count by the variance; ρ_t counts by the mean age.",
        ),
        Misconception(
            1 - _T * _HALF / (1 - _HALF), "this is the mean age A; the count is ρ = 1 + 2A."
        ),
        Misconception(
            3 - 2 * (_T + 1) * _HALF / 2 / (1 - _HALF / 2),
            "this list begins with ρ₂: the first step has t = 1.",
        ),
        Misconception(
            np.array([3.0] * 6), "this is ρ_∞ for all t; the last term matters at the first steps."
        ),
    ),
)


def rectifier(t, beta2):
    """Return r_t of step t = 1, 2, …, or 0 while ρ_t ≤ 5."""
    limit = 2 / (1 - beta2) - 1
    rho = limit - 2 * t * beta2**t / (1 - beta2**t)
    if rho <= 5:
        return 0.0
    return np.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))


def _factor(rho, limit):
    return np.sqrt((rho - 4) * (rho - 2) * limit / ((limit - 4) * (limit - 2) * rho))


def _rho(t, beta2):
    return 2 / (1 - beta2) - 1 - 2 * t * beta2**t / (1 - beta2**t)


def _exchanged(t, beta2):
    return 1 / rectifier(t, beta2) if rectifier(t, beta2) else 0.0


def _threshold_four(t, beta2):
    rho = _rho(t, beta2)
    return _factor(rho, 2 / (1 - beta2) - 1) if rho > 4 else 0.0


def _threshold_on_t(t, beta2):
    rho, limit = _rho(t, beta2), 2 / (1 - beta2) - 1
    return _factor(rho, limit) if t > 5 else 0.0


def _no_case(t, beta2):
    return _factor(_rho(t, beta2), 2 / (1 - beta2) - 1)


def _one_instead(t, beta2):
    return rectifier(t, beta2) or 1.0


def _rho_is_t(t, beta2):
    return _factor(t, 2 / (1 - beta2) - 1) if t > 5 and _rho(t, beta2) > 5 else 0.0


def _limit_without_one(t, beta2):
    limit = 2 / (1 - beta2)
    rho = limit - 2 * t * beta2**t / (1 - beta2**t)
    return _factor(rho, limit) if rho > 5 else 0.0


def _limit_only_once(t, beta2):
    rho = _rho(t, beta2)
    return _factor(rho, 2 / (1 - beta2)) if rho > 5 else 0.0


def _without_two(t, beta2):
    limit = 2 / (1 - beta2) - 1
    rho = limit - t * beta2**t / (1 - beta2**t)
    return _factor(rho, limit) if rho > 5 else 0.0


def _large_rho(t, beta2):
    rho = _rho(t, beta2)
    return np.sqrt(rho / (2 / (1 - beta2) - 1)) if rho > 5 else 0.0


def _without_rho_ratio(t, beta2):
    rho, limit = _rho(t, beta2), 2 / (1 - beta2) - 1
    return np.sqrt((rho - 4) * (rho - 2) / ((limit - 4) * (limit - 2))) if rho > 5 else 0.0


RECTIFIER = Exercise(
    slug="14-rectifier",
    title="The rectifying factor",
    minutes=10,
    difficulty=2,
    reference=rectifier,
    remark="It needs t and β₂ only, no gradient: it could be a schedule.",
    hints=(
        r"Two numbers first: $\rho_\infty$ from $\beta_2$, then $\rho_t$ from both. Then the case.",
        "When the case is settled, numerator and denominator are one pattern: "
        r"$(\rho-4)(\rho-2)/\rho$, above for $\rho_t$, below for $\rho_\infty$.",
    ),
    probes=(
        Probe("t 1, beta2 0.999: too early", (1, 0.999)),
        Probe("t 5, beta2 0.999: the last one too early", (5, 0.999)),
        Probe("t 6, beta2 0.999: the first one", (6, 0.999)),
        Probe("t 100, beta2 0.999", (100, 0.999)),
        Probe("t 6, beta2 0.8: still too early", (6, 0.8)),
        Probe("t 7, beta2 0.8", (7, 0.8)),
        Probe("t 30, beta2 0.9", (30, 0.9)),
        Probe("t 30, beta2 0.5: never", (30, 0.5)),
    ),
    misconceptions=(
        Misconception(
            lambda t, beta2: rectifier(t, beta2) ** 2,
            "the root is missing: variances are matched, and r_t multiplies a standard deviation.",
        ),
        Misconception(
            _exchanged, "ρ_t and ρ_∞ are exchanged: r_t is below 1, since ρ_t is less than ρ_∞."
        ),
        Misconception(
            _threshold_four,
            "the switch is at ρ_t > 4; that is the paper's, here it is at ρ_t > 5.",
        ),
        Misconception(
            _threshold_on_t, "the case asks for ρ_t > 5, not t > 5; for small β₂ this comes later."
        ),
        Misconception(_no_case, "the case is missing: return 0 while ρ_t ≤ 5."),
        Misconception(
            _one_instead, "while ρ_t ≤ 5 the answer is 0, the sign that v is not used yet; not 1."
        ),
        Misconception(
            lambda t, beta2: rectifier(t - 1, beta2) if t > 1 else 0.0,
            "t is counted from 0: this is r of the step before; the first step has t = 1.",
        ),
        Misconception(
            lambda t, beta2: rectifier(t + 1, beta2), "t is one too large: this is r_{t+1}."
        ),
        Misconception(
            _rho_is_t, "t stands for ρ_t; they are nearly equal at the first steps only."
        ),
        Misconception(_limit_without_one, "ρ_∞ is 2/(1 − β₂) − 1; the −1 is missing."),
        Misconception(
            _limit_only_once,
            "two different ρ_∞: the one in r_t lacks the −1 of 2/(1 − β₂) − 1.",
        ),
        Misconception(_without_two, "ρ_t lacks the 2 in 2t β₂ᵗ/(1 − β₂ᵗ)."),
        Misconception(
            _large_rho, "√(ρ_t/ρ_∞) is the limit for large ρ; the factors with −4 and −2 count."
        ),
        Misconception(_without_rho_ratio, "the factor ρ_∞/ρ_t is missing under the root."),
        Misconception(_rho, "this is ρ_t; r_t is made from it and ρ_∞."),
    ),
)


def radam(gradient, w, lr, beta1, beta2, eps, rectifier, steps):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    path, m, v = [w], 0.0, 0.0
    for t in range(1, steps + 1):
        g = gradient(path[-1])
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        step = m / (1 - beta1**t)
        r = rectifier(t)
        if r > 0:
            step = r * step * np.sqrt(1 - beta2**t) / (np.sqrt(v) + eps)
        path.append(path[-1] - lr * step)
    return np.array(path)


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _cosh_gradient(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _switch_at_three(t: int) -> float:
    return 0.0 if t < 3 else 1 - 1 / t


def _rectifier_of_08(t: int) -> float:
    return float(rectifier(t, 0.8))


def _variant(early, late, correct=True, skip_v=False):
    """Return a RAdam that computes its early and late steps in another way."""

    def wrong(gradient, w, lr, beta1, beta2, eps, rectifier, steps):
        path, m, v = [w], 0.0, 0.0
        for t in range(1, steps + 1):
            g, r = gradient(path[-1]), rectifier(t)
            m = beta1 * m + (1 - beta1) * g
            if r > 0 or not skip_v:
                v = beta2 * v + (1 - beta2) * g**2
            c1, c2 = 1 - beta1**t, 1 - beta2**t
            step = late(g, m, v, c1, c2, eps, r) if r > 0 else early(g, m, v, c1, c2, eps)
            path.append(path[-1] - lr * step)
        return np.array(path)

    return wrong


def _early(g, m, v, c1, c2, eps):
    return m / c1


def _late(g, m, v, c1, c2, eps, r):
    return r * m / c1 * np.sqrt(c2) / (np.sqrt(v) + eps)


RADAM = Exercise(
    slug="14-radam",
    title="RAdam",
    minutes=15,
    difficulty=2,
    reference=radam,
    remark="Beside Adam it has one number per step more, and one case.",
    hints=(
        "Write Adam's two averages first; both are updated at every step, also before the switch.",
        r"The early step is $\hat m$. When `rectifier(t)` is positive, multiply it by "
        r"$r_t\sqrt{1-\beta_2^t}$ and divide by $\sqrt v + \varepsilon$.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.3, betas 0.9 and 0.8, eps 0.2, r_t of β₂ = "
            "0.8, 9 steps",
            (_ravine_gradient, np.array([-7.0, 2.0]), 0.3, 0.9, 0.8, 0.2, _rectifier_of_08, 9),
        ),
        Probe(
            "a gradient that couples three parameters, lr 0.05, betas 0.7 and 0.95, eps 0.01, "
            "r_t = 0 up to t = 2, then 1 − 1/t, 5 steps",
            (
                _coupled_gradient,
                np.array([1.0, -2.0, 0.5]),
                0.05,
                0.7,
                0.95,
                0.01,
                _switch_at_three,
                5,
            ),
        ),
        Probe(
            "gradient sinh(w), w (1.5), lr 0.2, betas 0.9 and 0.999, r_t = 0, 2 steps",
            (_cosh_gradient, np.array([1.5]), 0.2, 0.9, 0.999, 1e-8, _switch_at_three, 2),
        ),
    ),
    misconceptions=(
        Misconception(
            _variant(lambda g, m, v, c1, c2, eps: _late(g, m, v, c1, c2, eps, 1), _late),
            "while r_t = 0 the step is Adam's; it should not be divided by the root of v yet.",
        ),
        Misconception(
            _variant(lambda g, m, v, c1, c2, eps: 0 * m, _late),
            "while r_t = 0 nothing moves; the step there is lr times the corrected m.",
        ),
        Misconception(
            _variant(lambda g, m, v, c1, c2, eps: m, _late),
            "before the switch m is not corrected: divide it by 1 − β₁ᵗ.",
        ),
        Misconception(
            _variant(lambda g, m, v, c1, c2, eps: g, _late),
            "before the switch the step is momentum's, lr times m̂, not the plain gradient's.",
        ),
        Misconception(
            _variant(_early, _late, skip_v=True),
            "v is updated only after the switch; it has to collect squares from t = 1.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: r * m / c1 / (np.sqrt(v / c2) + eps)),
            "ε is added to the root of the corrected v̂; here it goes to √v, before the correction.",
        ),
        Misconception(
            _variant(
                _early, lambda g, m, v, c1, c2, eps, r: r * m / c1 * np.sqrt(c2) / np.sqrt(v + eps)
            ),
            "ε stands inside the root; it is added to √v.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: _late(g, m, v, c1, c2, eps, 1)),
            "r_t only chooses the case here; it multiplies the step too.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: r * m / c1 / (np.sqrt(v) + eps)),
            "v is not corrected: the root of 1 − β₂ᵗ is missing after the switch.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: _late(g, m, v, 1, c2, eps, r)),
            "after the switch m is not corrected any more: use m̂ in both cases.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: r * m / c1),
            "after the switch the division by the root of v is missing.",
        ),
        Misconception(
            _variant(_early, lambda g, m, v, c1, c2, eps, r: _late(g, m, v, c1, c2**2, eps, r)),
            "the correction of v stands under the root: √(1 − β₂ᵗ), not 1 − β₂ᵗ.",
        ),
        Misconception(
            lambda gradient, w, lr, beta1, beta2, eps, rectifier, steps: radam(
                gradient, w, -lr, beta1, beta2, eps, rectifier, steps
            ),
            "the step goes uphill: subtract it.",
        ),
        Misconception(
            lambda gradient, w, lr, beta1, beta2, eps, rectifier, steps: radam(
                gradient,
                w,
                lr,
                beta1,
                beta2,
                eps,
                lambda t: rectifier(t - 1) if t > 1 else 0,
                steps,
            ),
            "rectifier gets a t that starts from 0; the first step has t = 1.",
        ),
        Misconception(
            lambda gradient, w, lr, beta1, beta2, eps, rectifier, steps: radam(
                gradient, w, lr, beta2, beta1, eps, rectifier, steps
            ),
            "β₁ and β₂ are exchanged: β₁ belongs to m, β₂ to v.",
        ),
        Misconception(
            lambda gradient, w, lr, beta1, beta2, eps, rectifier, steps: radam(
                gradient, w, lr, beta1, beta2, eps, rectifier, steps
            )[1:],
            "the start is missing: row 0 is w as given.",
        ),
    ),
)


def cause_of_the_jump():
    """Return the letter of the only change that keeps |w| below 10."""

    def largest(scale=1000.0, beta1=0.9, steps=5):
        w, m, sizes = 1.0, 0.0, []
        for t in range(1, steps + 1):
            m = beta1 * m + (1 - beta1) * scale * w
            w = w - 0.1 * m / (1 - beta1**t)
            sizes.append(abs(w))
        return max(sizes)

    sizes = {"b": largest(beta1=0.0), "c": largest(scale=1.0)}
    return min(sizes, key=lambda letter: sizes[letter])


JUMP = Exercise(
    slug="14-jump",
    title="Thrown out",
    minutes=12,
    difficulty=3,
    reference=cause_of_the_jump,
    options="abcd",
    remark="α = 0.1 is a length for Adam and too long a gradient step for λ = 1000: 2/λ = 0.002.",
    hints=(
        "Change one thing at a time and put it back before the next: `method`, then the options "
        "`beta2` and `beta1`, then `scale`.",
        "At which steps does $|w|$ grow, and at which step does it stop? What is special about "
        "this step?",
    ),
    misconceptions=(
        Misconception(
            "a", "with beta2 = 0.9 the same happens: v̂ is not used at all in the steps that jump."
        ),
        Misconception("b", "with beta1 = 0 it jumps even farther; memory is not the cause."),
        Misconception("d", "Adam with α = 0.1 never leaves: its steps do not grow with the loss."),
    ),
    explanation=(
        r"Up to $t = 5$ the step is $\alpha\hat m$. With the curvature 1000 and $\alpha = 0.1$ "
        r"it overshoots, since $\alpha\lambda = 100$. From $t = 6$ on no step is much longer "
        r"than $\alpha$, and $w$ cannot come back in 200 steps. The reference makes the five steps."
    ),
)

EXERCISES = (COUNTS, RECTIFIER, RADAM, JUMP)
