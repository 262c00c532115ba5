"""Exercises of chapter 13, both memories.

Two steps of Adam on paper, the rule itself with nine wrong forms that are met in programs, the
place of ε, decay against a penalty, and what mends Adam where it walks the wrong way.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def second_point() -> float:
    """Return w₂ from w₀ = 1 with the gradients 2 and −4, α = 0.1, β₁ = 1/2, β₂ = 3/4, ε = 0."""
    point, m, v = 1.0, 0.0, 0.0
    for t, g in enumerate([2.0, -4.0], start=1):
        m = 0.5 * m + 0.5 * g
        v = 0.75 * v + 0.25 * g**2
        point = point - 0.1 * m / (1 - 0.5**t) / np.sqrt(v / (1 - 0.75**t))
    return point


BY_HAND = Exercise(
    slug="13-by-hand",
    title="Two steps by hand",
    minutes=8,
    difficulty=1,
    reference=second_point,
    tolerance=6e-5,
    remark="The second gradient is twice the first, and the step is shorter: the signs disagree.",
    hints=(
        "The first step needs no arithmetic if you use what the chapter says about it. Then make "
        "a row of a table for the second.",
        r"$m_1 = 1$ and $v_1 = 1$, so $m_2 = \frac12 - 2 = -\frac32$ and "
        r"$v_2 = \frac34 + 4 = \frac{19}{4}$. Correct them with $1 - \frac14$ and "
        r"$1 - \frac{9}{16}$.",
    ),
    misconceptions=(
        Misconception(0.9, "this is w₁; the second gradient has a step of its own."),
        Misconception(
            0.9 + 0.15 / np.sqrt(4.75),
            "the corrections of step 2 are missing: they are 1 − (1/2)² and 1 − (3/4)².",
        ),
        Misconception(
            0.8 + 0.2 / np.sqrt(4.75),
            "v was not corrected: divide v₁ by 1/4 and v₂ by 7/16 before the root.",
        ),
        Misconception(
            0.95 + 0.15 / np.sqrt(4.75 * 16 / 7),
            "m was not corrected: divide m₁ by 1/2 and m₂ by 3/4.",
        ),
        Misconception(
            0.9 + 0.4 / np.sqrt(4.75 * 16 / 7),
            "m is not used: the step has the averaged gradient, not the newest.",
        ),
        Misconception(0.95 + 0.2 / (4.75 * 16 / 7), "the root is missing: divide by √v̂, not by v̂."),
        Misconception(
            0.9 - 0.2 / np.sqrt(4.75 * 16 / 7),
            "m₂ is −3/2, negative, so the second step goes up.",
        ),
        Misconception(
            1.1 - 0.2 / np.sqrt(4.75 * 16 / 7),
            "both steps have the wrong sign: w moves against m̂.",
        ),
        Misconception(
            -0.1 + 0.2 / np.sqrt(4.75 * 16 / 7),
            "this is the distance moved in two steps; add the start, w₀ = 1.",
        ),
        Misconception(0.2 / np.sqrt(4.75 * 16 / 7), "this is the second step; w₂ is asked for."),
    ),
)


def adam(gradients, w, lr, beta1, beta2, eps, weight_decay):
    """Return the start and the point after each step, shape (steps + 1, p)."""
    m, v, path = 0, 0, [w]
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        adaptive = m_hat / (np.sqrt(v_hat) + eps)
        path.append(path[-1] - lr * (adaptive + weight_decay * path[-1]))
    return np.array(path)


def _changed(step=None, first=1, advance=1, shared=False, start=None):
    """Return Adam with another step of (g, m, v, t, eps, beta1, beta2), clock or second β."""

    def usual(g, m, v, t, eps, b1, b2):
        return m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)

    def wrong(gradients, w, lr, beta1, beta2, eps, weight_decay):
        b2 = beta1 if shared else beta2
        m, v, path = 0 * w, 0 * w, [w]
        for k, g in enumerate(gradients):
            m = beta1 * m + (1 - beta1) * g
            v = b2 * v + (1 - b2) * g**2
            move = (step or usual)(g, m, v, first + advance * k, eps, beta1, b2)
            path.append(path[-1] - lr * (move + weight_decay * path[-1]))
        return np.array(path)

    return wrong


def _epsilon_inside(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / np.sqrt(v / (1 - b2**t) + eps)


def _v_uncorrected(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / (np.sqrt(v) + eps)


def _m_uncorrected(g, m, v, t, eps, b1, b2):
    return m / (np.sqrt(v / (1 - b2**t)) + eps)


def _uncorrected(g, m, v, t, eps, b1, b2):
    return m / (np.sqrt(v) + eps)


def _constant_epsilon_hat(g, m, v, t, eps, b1, b2):
    return np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)


def _m_unused(g, m, v, t, eps, b1, b2):
    return g / (np.sqrt(v / (1 - b2**t)) + eps)


def _rootless(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / (v / (1 - b2**t) + eps)


def _epsilon_outside_the_fraction(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / np.sqrt(v / (1 - b2**t)) + eps


def _one_correction(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / (np.sqrt(v / (1 - b1**t)) + eps)


def _root_corrected(g, m, v, t, eps, b1, b2):
    return m / (1 - b1**t) / (np.sqrt(v) / (1 - b2**t) + eps)


def _penalty_in_the_gradient(gradients, w, lr, beta1, beta2, eps, weight_decay):
    m, v, path = 0 * w, 0 * w, [w]
    for t, g in enumerate(gradients, start=1):
        g = g + weight_decay * path[-1]
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(path[-1] - lr * step)
    return np.array(path)


def _corrected_state_kept(gradients, w, lr, beta1, beta2, eps, weight_decay):
    m, v, path = 0 * w, 0 * w, [w]
    for t, g in enumerate(gradients, start=1):
        m = (beta1 * m + (1 - beta1) * g) / (1 - beta1**t)
        v = (beta2 * v + (1 - beta2) * g**2) / (1 - beta2**t)
        path.append(path[-1] - lr * (m / (np.sqrt(v) + eps) + weight_decay * path[-1]))
    return np.array(path)


def _variance(gradients, w, lr, beta1, beta2, eps, weight_decay):
    m, v, path = 0 * w, 0 * w, [w]
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * (g - m) ** 2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(path[-1] - lr * (step + weight_decay * path[-1]))
    return np.array(path)


def _sums(gradients, w, lr, beta1, beta2, eps, weight_decay):
    m, v, path = 0 * w, 0 * w, [w]
    for t, g in enumerate(gradients, start=1):
        m, v = beta1 * m + g, beta2 * v + g**2
        step = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path.append(path[-1] - lr * (step + weight_decay * path[-1]))
    return np.array(path)


def _decay_without_rate(gradients, w, lr, beta1, beta2, eps, weight_decay):
    return adam(gradients, w, lr, beta1, beta2, eps, weight_decay / lr)


def _decay_after_the_step(gradients, w, lr, beta1, beta2, eps, weight_decay):
    moves = -np.diff(adam(gradients, 0 * w, lr, beta1, beta2, eps, 0.0), axis=0)
    path = [w]
    for move in moves:
        path.append((path[-1] - move) * (1 - lr * weight_decay))
    return np.array(path)


_MIXED = np.array(
    [
        [0.5, -40.0, 0.002],
        [-0.3, 25.0, 0.03],
        [0.8, 0.0, -0.01],
        [0.01, -6.0, 0.004],
        [-1.2, 0.5, 0.05],
        [0.2, 90.0, -0.02],
        [0.0, -3.0, 0.007],
    ]
)
_AT = np.array([1.0, -2.0, 0.5])

ADAM = Exercise(
    slug="13-adam",
    title="Adam, with decay",
    minutes=15,
    difficulty=2,
    reference=adam,
    remark="You can now tell nine programs called Adam from the one of the paper.",
    hints=(
        "Two memories that start at 0 and live through the loop, a counter that is 1 at the first "
        "step, and new names for the corrected values: the memories stay as they are.",
        "`for t, g in enumerate(gradients, start=1)` counts from 1. The decay does not pass "
        "through m or v: add `weight_decay` times the newest point to the quotient, then multiply "
        "all by `lr`.",
    ),
    probes=(
        Probe(
            "7 gradients of mixed size, ε 1e-2, no decay", (_MIXED, _AT, 0.1, 0.9, 0.999, 1e-2, 0.0)
        ),
        Probe(
            "the same gradients with weight_decay 0.5, ε 1e-2",
            (_MIXED, _AT, 0.1, 0.8, 0.95, 1e-2, 0.5),
        ),
        Probe(
            "one parameter, 3 gradients, β₁ 0.5, β₂ 0.75",
            (np.array([[2.0], [-1.0], [3.0]]), np.array([3.0]), 0.3, 0.5, 0.75, 0.1, 0.2),
        ),
    ),
    misconceptions=(
        Misconception(
            _changed(first=0), "t is 0 at the first step, so m and v are divided by 1 − β⁰ = 0."
        ),
        Misconception(
            _changed(advance=0),
            "t stays 1: the corrections of the first step are used at every step.",
        ),
        Misconception(
            _changed(_epsilon_inside), "ε stands under the root: add it to √v̂, outside the root."
        ),
        Misconception(
            _changed(_v_uncorrected), "v was not corrected: divide it by 1 − β₂ᵗ before the root."
        ),
        Misconception(
            _changed(_uncorrected), "nothing was corrected: divide m by 1 − β₁ᵗ and v by 1 − β₂ᵗ."
        ),
        Misconception(_changed(shared=True), "one β for both memories: v has its own, β₂."),
        Misconception(
            _changed(_constant_epsilon_hat),
            "ε is added to the uncorrected √v (the folded form); here it is added to √v̂.",
        ),
        Misconception(
            _penalty_in_the_gradient,
            "the decay went into the gradient, so √v̂ divides it: that is L2, not decay.",
        ),
        Misconception(
            _changed(_m_unused), "m is not used: the numerator is m̂, not the newest gradient."
        ),
        Misconception(_changed(_m_uncorrected), "m was not corrected: divide it by 1 − β₁ᵗ."),
        Misconception(
            _changed(first=2),
            "t is one too large: it is 1 at the first step, so count once per step.",
        ),
        Misconception(
            _changed(_one_correction), "v was corrected with β₁: its weights add up to 1 − β₂ᵗ."
        ),
        Misconception(
            _changed(_root_corrected), "√v was divided by 1 − β₂ᵗ: correct v first, then the root."
        ),
        Misconception(_changed(_rootless), "the root is missing: divide by √v̂ + ε, not by v̂ + ε."),
        Misconception(
            _changed(_epsilon_outside_the_fraction),
            "ε was added to the quotient: it belongs to the denominator, so mind the parentheses.",
        ),
        Misconception(
            _corrected_state_kept,
            "the corrected values went into the memory: keep m and v, correct copies of them.",
        ),
        Misconception(
            _variance, "v averages (g − m)², a variance; in Adam it averages g², the second moment."
        ),
        Misconception(
            _sums, "m and v are sums here: in Adam the new part has the weight 1 − β in both."
        ),
        Misconception(
            lambda gradients, w, lr, beta1, beta2, eps, weight_decay: adam(
                gradients, w, lr, beta2, beta1, eps, weight_decay
            ),
            "β₁ and β₂ are exchanged: β₁ belongs to m, β₂ to v.",
        ),
        Misconception(
            _decay_without_rate, "the decay lacks the rate: a step takes away α · λ · w, not λ · w."
        ),
        Misconception(
            _decay_after_the_step, "the decay shrank the w after the step; use the w before it."
        ),
        Misconception(
            lambda gradients, w, lr, beta1, beta2, eps, weight_decay: adam(
                gradients, w, lr, beta1, beta2, eps, 0.0
            ),
            "the decay is missing: each step also takes away lr · weight_decay · w.",
        ),
        Misconception(
            lambda gradients, w, lr, beta1, beta2, eps, weight_decay: adam(
                gradients, w, -lr, beta1, beta2, eps, -weight_decay
            ),
            "the step goes uphill: subtract lr · m̂/(√v̂ + ε).",
        ),
        Misconception(
            lambda gradients, w, lr, beta1, beta2, eps, weight_decay: adam(
                gradients, w, lr, beta1, beta2, eps, weight_decay
            )[1:],
            "the start is missing: row 0 is w as given, row t is the point after t steps.",
        ),
        Misconception(
            lambda gradients, w, lr, beta1, beta2, eps, weight_decay: adam(
                gradients, w, lr, beta1, beta2, eps, weight_decay
            )[-1],
            "this is the last point only; return the start and the point after each step.",
        ),
    ),
)


def epsilon_hat_multiple() -> float:
    """Return |g|/ε̂ where |g|/(|g| + ε̂/√(1 − β₂)), the folded first step over α, is one half."""
    beta2 = 0.999
    return 1 / np.sqrt(1 - beta2)


FOLDED = Exercise(
    slug="13-folded",
    title="A constant ε̂",
    minutes=6,
    difficulty=2,
    reference=epsilon_hat_multiple,
    tolerance=2e-3,
    remark="At the first step a constant ε̂ acts like an ε that is 31.6 times as large.",
    hints=(
        "Write the folded step for t = 1 and put in what m and v are after one gradient.",
        r"$m = (1 - \beta_1)g$ and $\sqrt v = \sqrt{1 - \beta_2}\,|g|$. One factor cancels; then "
        r"ask when the denominator is twice the numerator.",
    ),
    misconceptions=(
        Misconception(1.0, "this holds for ε in the chapter's form; here √v is uncorrected."),
        Misconception(np.sqrt(0.001), "upside down: √v is smaller than |g|, so |g| must exceed ε̂."),
        Misconception(1000.0, "the root is missing: √v is √(1 − β₂) |g|, not (1 − β₂) |g|."),
        Misconception(
            0.1 / np.sqrt(0.001), "1 − β₁ cancels: the folded rate is divided by 1 − β₁ at t = 1."
        ),
        Misconception(
            10 / np.sqrt(0.001), "1 − β₁ cancels: m has this factor, and the rate is divided by it."
        ),
        Misconception(10.0, "this is 1/(1 − β₁), which cancels; ε̂ stands beside √v, so use β₂."),
        Misconception(
            2 / np.sqrt(0.001), "half of α is reached where √v equals ε̂, not where it is twice ε̂."
        ),
        Misconception(
            1e-8 / np.sqrt(0.001), "this is |g| for ε̂ = 1e-8; give it as a multiple of ε̂."
        ),
    ),
)


def steps_compared() -> float:
    """Return the ratio of the first steps, Adam with L2 over AdamW, for a loss of gradient 0."""
    lr, weight_decay, w = 0.001, 0.01, 2.0
    penalty = weight_decay * w
    coupled = lr * penalty / np.sqrt(penalty**2)
    decoupled = lr * weight_decay * w
    return coupled / decoupled


DECAY = Exercise(
    slug="13-decay",
    title="A feature that never appears",
    minutes=6,
    difficulty=2,
    reference=steps_compared,
    remark="L2 in Adam takes α a step, whatever λ is, from a weight that has no other gradient.",
    hints=(
        "With the penalty, what is the whole gradient of this parameter, and how long is Adam's "
        "first step for a gradient of any size?",
        r"With L2 the step is $\alpha$, as $\lambda w / \sqrt{(\lambda w)^2} = 1$. AdamW takes "
        r"away $\alpha\lambda w$.",
    ),
    misconceptions=(
        Misconception(1.0, "they are equal for gradient descent; Adam divides λw by its own size."),
        Misconception(0.02, "upside down: the step with L2 is α, that of AdamW only αλw."),
        Misconception(100.0, "w is missing: AdamW takes away α · λ · w with w = 2."),
        Misconception(0.5, "λ is missing: AdamW takes away α · λ · w with λ = 0.01."),
        Misconception(
            0.05, "α stands in both steps and cancels: compare α with α · λ · w = 0.00002."
        ),
        Misconception(0.001, "this is the step with L2; divide it by that of AdamW, α · λ · w."),
        Misconception(
            50 * 0.1 / np.sqrt(0.001), "that is without the corrections; with them it is α."
        ),
        Misconception(
            0.0, "the penalty has a gradient, λw = 0.02, and Adam's first step for it is α long."
        ),
    ),
)


def unmended():
    """Return the letter of the change after which w still ends near +1."""
    changes = {"a": (0.004, 0.0, 0.1), "b": (0.004, 0.0, 0.999)}
    changes |= {"c": (0.004, 0.9, 0.1), "d": (0.0004, 0.0, 0.1)}
    ends = {}
    for letter, (lr, beta1, beta2) in changes.items():
        w, m, v, largest = 0.0, 0.0, 0.0, 0.0
        for t in range(1, 21001 if letter == "d" else 2101):
            g = 3.0 if t % 3 == 1 else -1.0
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
            largest = max(largest, v) if letter == "a" else v
            step = m / (1 - beta1**t) / (largest / (1 - beta2**t)) ** 0.5
            w = min(max(w - lr * step, -1.0), 1.0)
        ends[letter] = w
    return max(ends, key=lambda letter: ends[letter])


MENDING = Exercise(
    slug="13-mending",
    title="Mending Adam",
    minutes=10,
    difficulty=2,
    reference=unmended,
    options="abcd",
    remark="α scales all three moves of a cycle alike, so it cannot change the sign of their sum.",
    hints=(
        "Try them one by one; import nothing, all rules are there. For b and c change `beta2` or "
        "`beta1` in the call.",
        "Look at the sum of three moves over α, as in the text. Which of the changes leaves it "
        "as it is?",
    ),
    misconceptions=(
        Misconception("a", "AMSGrad divides all three moves by one root, and the sum is negative."),
        Misconception(
            "b", "with β₂ = 0.999 v hardly changes within a cycle: all moves have one scale."
        ),
        Misconception(
            "c", "with β₁ = 0.9 m stays near the mean gradient, +1/3, and never changes its sign."
        ),
    ),
    explanation=(
        r"In d the three moves are $-1.047\alpha$, $0.762\alpha$ and $0.966\alpha$ with a smaller "
        r"$\alpha$: the walk is the same, ten times slower. That c helps belongs to this problem; "
        r"here $\beta_1 > \sqrt{\beta_2}$, which the theorem of Reddi, Kale and Kumar excludes."
    ),
)

EXERCISES = (BY_HAND, ADAM, FOLDED, DECAY, MENDING)
