"""Exercises of the appendix, a museum of bugs.

Seven small programs that run, lower the loss and are wrong. ``SPECIMENS`` holds them as they were
found, by the number of the exhibit, so that the chapter can show what they do before their code.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def _ravine(w: np.ndarray) -> np.ndarray:
    return np.array([w[0] / 10, 2 * w[1]])


def _coupled(w: np.ndarray) -> np.ndarray:
    return np.array([2 * w[0] + w[1], w[0] + 3 * w[1] - w[2], 4 * w[2] ** 3 - w[1]])


def _cosh(w: np.ndarray) -> np.ndarray:
    return np.sinh(w)


def _last_point(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*args)[-1]


def _without_start(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args: function(*args)[1:]


LAST = "this is the last point; return all of them, the start in row 0."
START = "the start is missing: row 0 is w as given, row t is the point after t steps."


def nesterov(gradient, w, lr, beta, steps):
    """Return the start and the point after each step of Nesterov's method."""
    v = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        g = gradient(w)
        w = w + beta**2 * v - (1 + beta) * lr * g
        v = beta * v - lr * g
        path.append(w)
    return np.array(path)


def _with_velocity(step):
    def run(gradient, w, lr, beta, steps):
        v = np.zeros(w.shape)
        path = [w]
        for _ in range(steps):
            w, v = step(w, v, gradient(w), lr, beta)
            path.append(w)
        return np.array(path)

    return run


def _overwritten(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + beta**2 * v - (1 + beta) * lr * g, v


def _new_velocity_once(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + beta**2 * v - lr * g, v


def _new_velocity_unsquared(w, v, g, lr, beta):
    v = beta * v - lr * g
    return w + beta * v - (1 + beta) * lr * g, v


def _two_gradients(gradient, w, lr, beta, steps):
    v = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        w = w + beta**2 * v - (1 + beta) * lr * gradient(w)
        v = beta * v - lr * gradient(w)
        path.append(w)
    return np.array(path)


_NESTEROV_PROBES = (
    Probe(
        "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.1, beta 0.9, 5 steps",
        (_ravine, np.array([-7.0, 2.0]), 0.1, 0.9, 5),
    ),
    Probe(
        "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.05, beta 0.6, 4 steps",
        (_coupled, np.array([1.0, -2.0, 0.5]), 0.05, 0.6, 4),
    ),
    Probe(
        "gradient sinh w, w (1.5), lr 0.2, beta 0.5, 3 steps",
        (_cosh, np.array([1.5]), 0.2, 0.5, 3),
    ),
)

VELOCITY = Exercise(
    slug="bugs-nesterov",
    title="Repair Nesterov's method",
    minutes=6,
    difficulty=2,
    reference=nesterov,
    remark="Two lines exchanged: the first step is now 1.9 αg long for β = 0.9.",
    hints=(
        "The formula has two sides of an arrow. Which $v$ does each line of the program mean, the "
        "one before the step or the one after it?",
        "The step of $w$ uses the old $v$, so no line before it may change `v`. Exchange the two "
        "lines, or keep the old velocity under another name.",
    ),
    probes=_NESTEROV_PROBES,
    misconceptions=(
        Misconception(
            _with_velocity(_overwritten),
            "not repaired: the velocity is overwritten before the step of w, which needs the old.",
        ),
        Misconception(
            _with_velocity(_new_velocity_once),
            "the step still uses the new v, now with lr · g once; β² belongs to the old v.",
        ),
        Misconception(
            _with_velocity(_new_velocity_unsquared),
            "the step still uses the new v: removing the square does not bring the old one back.",
        ),
        Misconception(
            _with_velocity(
                lambda w, v, g, lr, beta: (w + beta * v - lr * g, beta * v - lr * g),
            ),
            "this is plain momentum: the step lacks the look ahead, β²v − (1 + β)αg.",
        ),
        Misconception(
            _with_velocity(
                lambda w, v, g, lr, beta: (
                    w + beta * v - (1 + beta) * lr * g,
                    beta * v - lr * g,
                ),
            ),
            "the old velocity is used, but with β in place of β².",
        ),
        Misconception(
            _with_velocity(
                lambda w, v, g, lr, beta: (
                    w + beta**2 * v - lr * g,
                    beta * v - lr * g,
                ),
            ),
            "the old velocity is used, but αg has lost its factor 1 + β.",
        ),
        Misconception(
            _with_velocity(lambda w, v, g, lr, beta: (w - (1 + beta) * lr * g, v)),
            "v is never updated, so it stays 0 and nothing is remembered.",
        ),
        Misconception(
            _with_velocity(
                lambda w, v, g, lr, beta: (
                    w + beta**2 * v - (1 + beta) * lr * g,
                    beta * v + lr * g,
                ),
            ),
            "the sign in the line of v is turned round: v holds the step −αg, not αg.",
        ),
        Misconception(
            _two_gradients,
            "the gradient for v was taken after w had moved: compute g once, before both lines.",
        ),
        Misconception(_last_point(nesterov), LAST),
        Misconception(_without_start(nesterov), START),
    ),
)


def adam(gradient, w, lr, eps, steps):
    """Return the start and the point after each step of Adam."""
    beta1, beta2 = 0.9, 0.999
    m, v = np.zeros(w.shape), np.zeros(w.shape)
    path = [w]
    for t in range(1, steps + 1):
        g = gradient(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(w)
    return np.array(path)


def _adam_like(step, clock=lambda t: t):
    """Run Adam with another last line, or with another t for its two corrections."""

    def run(gradient, w, lr, eps, steps):
        m, v = np.zeros(w.shape), np.zeros(w.shape)
        path = [w]
        for t in range(1, steps + 1):
            g = gradient(w)
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            share = 1 - 0.9 ** clock(t), 1 - 0.999 ** clock(t)
            w = w - step(m, v, *share, lr, eps)
            path.append(w)
        return np.array(path)

    return run


def _right(m, v, a, b, lr, eps):
    return lr * (m / a) / (np.sqrt(v / b) + eps)


_ADAM_PROBES = (
    Probe(
        "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.2, eps 0.1, 12 steps",
        (_ravine, np.array([-7.0, 2.0]), 0.2, 0.1, 12),
    ),
    Probe(
        "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.1, eps 0.02, 6 steps",
        (_coupled, np.array([1.0, -2.0, 0.5]), 0.1, 0.02, 6),
    ),
)

EPSILON = Exercise(
    slug="bugs-noisy-adam",
    title="Repair Adam in noise",
    minutes=6,
    difficulty=1,
    reference=adam,
    remark="With ε in the denominator a gradient of 0 gives a step of 0.",
    hints=(
        "Which sign has the unwanted part of the step, and does it change with the gradient?",
        r"$\varepsilon$ keeps the denominator away from 0. Look at which parenthesis closes "
        "before it.",
    ),
    probes=(
        *_ADAM_PROBES,
        Probe(
            "gradient (w₁/10, 2w₂), w (0, 2): w₁ has no gradient; lr 0.1, eps 0.05, 5 steps",
            (_ravine, np.array([0.0, 2.0]), 0.1, 0.05, 5),
        ),
    ),
    misconceptions=(
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * ((m / a) / np.sqrt(v / b) + eps)),
            "not repaired: ε stands outside the fraction and moves every w by −lr · ε each step.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / np.sqrt(v / b) + eps),
            "ε is now outside lr as well: the drift is ε a step. It belongs to the denominator.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / np.sqrt(v / b)),
            "ε is gone: nothing drifts, but a gradient of 0 gives 0/0.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / np.sqrt(v / b + eps)),
            "ε is under the root: a small gradient meets √ε there. It is added after the root.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a + eps) / np.sqrt(v / b)),
            "ε is in the numerator: there it still pushes every w in one direction.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / np.maximum(np.sqrt(v / b), eps)),
            "this takes the larger of √v̂ and ε; the rule adds them.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / (np.sqrt(v) + eps)),
            "ε is in its place, but the root is of v, not of v̂: the correction was lost.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * m / (np.sqrt(v / b) + eps)),
            "ε is in its place, but the numerator is m, not m̂: the correction was lost.",
        ),
        Misconception(_last_point(adam), LAST),
        Misconception(_without_start(adam), START),
    ),
)


def adam_with_clock(gradient, w, lr, eps, steps):
    """Return the start and the point after each step of Adam."""
    beta1, beta2 = 0.9, 0.999
    m, v, t = np.zeros(w.shape), np.zeros(w.shape), 0
    path = [w]
    for _ in range(steps):
        t = t + 1
        g = gradient(w)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        w = w - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(w)
    return np.array(path)


def _once_per_parameter(gradient, w, lr, eps, steps):
    return _adam_like(_right, lambda t: w.size * t)(gradient, w, lr, eps, steps)


CLOCK = Exercise(
    slug="bugs-fast-adam",
    title="Repair Adam, too fast",
    minutes=6,
    difficulty=2,
    reference=adam_with_clock,
    remark="The corrections fade as they should, and a constant gradient gets steps of length α.",
    hints=(
        "Print $1 - \\beta_1^t$ at steps 1, 10 and 100 of the run. What should it tend to?",
        "`t` is the number of the step, 1 at the first one. Some line has to change it, once per "
        "step, before it is used.",
    ),
    probes=_ADAM_PROBES,
    misconceptions=(
        Misconception(
            _adam_like(_right, lambda t: 1),
            "not repaired: t is never advanced, so every step is corrected as if it were step 1.",
        ),
        Misconception(
            _adam_like(_right, lambda t: t + 1),
            "t is advanced before the first use and starts at 1: the first step has t = 2.",
        ),
        Misconception(
            _adam_like(_right, lambda t: t - 1),
            "t is 0 at the first step, and 1 − β⁰ = 0: the correction divides by 0.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * m / (np.sqrt(v) + eps)),
            "the corrections are gone: now the first steps are about three times too long.",
        ),
        Misconception(
            _once_per_parameter,
            "t is advanced once for every parameter: it counts steps, so once per step.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / a) / (np.sqrt(v / 0.001) + eps)),
            "m̂ is right, but v̂ still divides by its value at t = 1.",
        ),
        Misconception(
            _adam_like(lambda m, v, a, b, lr, eps: lr * (m / 0.1) / (np.sqrt(v / b) + eps)),
            "v̂ is right, but m̂ still divides by its value at t = 1.",
        ),
        Misconception(_last_point(adam_with_clock), LAST),
        Misconception(_without_start(adam_with_clock), START),
    ),
)


def momentum_from_any(gradient, w, lr, beta, steps):
    """Return the start and the point after each step of momentum."""
    m = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        m[:] = beta * m + gradient(w)
        w = w - lr * m
        path.append(w)
    return np.array(path)


def _zeros_like_start(gradient, w, lr, beta, steps):
    m = np.zeros_like(w)
    path = [w]
    for _ in range(steps):
        m[:] = beta * m + gradient(w)
        w = w - lr * m
        path.append(w)
    return np.array(path)


def _rounded_state(gradient, w, lr, beta, steps):
    m = np.zeros_like(w)
    path = [w]
    for _ in range(steps):
        new = beta * m + gradient(w)
        m[:] = np.rint(new) if m.dtype.kind == "i" else new
        w = w - lr * m
        path.append(w)
    return np.array(path)


def _whole_points(gradient, w, lr, beta, steps):
    return momentum_from_any(gradient, w, lr, beta, steps).astype(w.dtype)


def _moved_in_place(gradient, w, lr, beta, steps):
    m = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        m[:] = beta * m + gradient(w)
        w = (w - lr * m).astype(w.dtype)
        path.append(w)
    return np.array(path)


def _momentum_like(update, first=lambda w, g: np.zeros(w.shape)):
    """Run momentum with another line of m, or another m before the first step."""

    def run(gradient, w, lr, beta, steps):
        m = first(w, gradient(w))
        path = [w]
        for _ in range(steps):
            m = update(m, gradient(w), lr, beta)
            w = w - lr * m
            path.append(w)
        return np.array(path)

    return run


def _sum(m, g, lr, beta):
    return beta * m + g


def _newest(m, g, lr, beta):
    return g


ZEROS = Exercise(
    slug="bugs-plateau",
    title="Repair momentum on its plateau",
    minutes=6,
    difficulty=2,
    reference=momentum_from_any,
    remark="The state now has the type of the gradient, whatever the start was written as.",
    hints=(
        "Print `m` after each of the first three steps, and its `dtype`.",
        "`m` is to hold sums of gradients, so it takes from `w` its shape and nothing else. "
        "`np.zeros` makes floats of any shape.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), integer w (-7, 2), lr 0.1, beta 0.9, 8 steps",
            (_ravine, np.array([-7, 2]), 0.1, 0.9, 8),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.05, beta 0.6, 4 steps",
            (_coupled, np.array([1.0, -2.0, 0.5]), 0.05, 0.6, 4),
        ),
        Probe(
            "gradient sinh w, integer w (2), lr 0.1, beta 0.5, 5 steps",
            (_cosh, np.array([2]), 0.1, 0.5, 5),
        ),
    ),
    misconceptions=(
        Misconception(
            _zeros_like_start,
            "not repaired: zeros_like(w) takes the integer type of w, and m[:] = … cuts decimals.",
        ),
        Misconception(
            _rounded_state,
            "m is now rounded instead of cut: it is still an array of integers.",
        ),
        Misconception(
            _whole_points,
            "the run is right, but the path was stored as integers: the decimals went at the end.",
        ),
        Misconception(
            _moved_in_place,
            "m has floats now, but w is kept an integer array: its decimals are cut at each step.",
        ),
        Misconception(
            _momentum_like(_sum, lambda w, g: w.astype(float)),
            "m starts as a copy of w, not as zeros: the first step follows w itself.",
        ),
        Misconception(
            _momentum_like(_sum, lambda w, g: np.ones(w.shape)),
            "m starts at 1, not at 0.",
        ),
        Misconception(
            _momentum_like(_newest),
            "m is only the newest gradient: this is gradient descent.",
        ),
        Misconception(
            _momentum_like(lambda m, g, lr, beta: beta * m + (1 - beta) * g),
            "the gradient got the factor 1 − β: this is another form, with another rate.",
        ),
        Misconception(_last_point(momentum_from_any), LAST),
        Misconception(_without_start(momentum_from_any), START),
    ),
)


def momentum_with_state(gradient, w, lr, beta, steps):
    """Return the start and the point after each step of momentum."""
    state = {"velocity": np.zeros(w.shape)}
    path = [w]
    for _ in range(steps):
        m = beta * state["velocity"] + gradient(w)
        state["velocity"] = m
        w = w - lr * m
        path.append(w)
    return np.array(path)


def _stored_gradient(gradient, w, lr, beta, steps):
    before = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        g = gradient(w)
        w = w - lr * (beta * before + g)
        before = g
        path.append(w)
    return np.array(path)


def _stored_step(gradient, w, lr, beta, steps):
    before = np.zeros(w.shape)
    path = [w]
    for _ in range(steps):
        m = beta * before + gradient(w)
        before = lr * m
        w = w - lr * m
        path.append(w)
    return np.array(path)


KEY = Exercise(
    slug="bugs-slow-momentum",
    title="Repair momentum without speed",
    minutes=5,
    difficulty=1,
    reference=momentum_with_state,
    remark="With state[...] in place of .get, the next misspelling stops the program.",
    hints=(
        "Print `state` after the first step, and what the next step reads from it.",
        "Compare, letter by letter, the key that is read with the key that is written.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.1, beta 0.9, 6 steps",
            (_ravine, np.array([-7.0, 2.0]), 0.1, 0.9, 6),
        ),
        Probe(
            "a gradient that couples three parameters, w (1, -2, 0.5), lr 0.05, beta 0.6, 4 steps",
            (_coupled, np.array([1.0, -2.0, 0.5]), 0.05, 0.6, 4),
        ),
    ),
    misconceptions=(
        Misconception(
            _momentum_like(_newest),
            "not repaired: the key is misspelt where it is read, so .get returns 0 at every step.",
        ),
        Misconception(
            _momentum_like(lambda m, g, lr, beta: m + g),
            "the key is right, but β is gone: m is a sum that never forgets.",
        ),
        Misconception(
            _stored_gradient,
            "the key is right, but g is stored in place of m: only one old gradient is remembered.",
        ),
        Misconception(
            _stored_step,
            "the key is right, but lr · m is stored: then lr is in m and once more in the step.",
        ),
        Misconception(
            _momentum_like(_sum, lambda w, g: g),
            "the default for a missing key is g here: m has to start from 0.",
        ),
        Misconception(
            _momentum_like(lambda m, g, lr, beta: beta * m + (1 - beta) * g),
            "the gradient got the factor 1 − β: this is another form, with another rate.",
        ),
        Misconception(
            _momentum_like(lambda m, g, lr, beta: beta * m - g),
            "the sign of g is turned round: the run goes uphill.",
        ),
        Misconception(_last_point(momentum_with_state), LAST),
        Misconception(_without_start(momentum_with_state), START),
    ),
)


def decayed_descent(gradient, w, lr, decay, epochs, batches):
    """Return the start and the point after each step of descent with decaying rate."""
    path = [w]
    for epoch in range(epochs):
        for batch in range(batches):
            t = epoch * batches + batch
            w = w - lr / (1 + decay * t) * gradient(w)
            path.append(w)
    return np.array(path)


def _with_time(time):
    def run(gradient, w, lr, decay, epochs, batches):
        path = [w]
        for epoch in range(epochs):
            for batch in range(batches):
                t = time(epoch, batch, epochs, batches)
                w = w - lr / (1 + decay * t) * gradient(w)
                path.append(w)
        return np.array(path)

    return run


def _compounded(gradient, w, lr, decay, epochs, batches):
    path = [w]
    for t in range(epochs * batches):
        lr = lr / (1 + decay * t)
        w = w - lr * gradient(w)
        path.append(w)
    return np.array(path)


def _ends_of_epochs(gradient, w, lr, decay, epochs, batches):
    return decayed_descent(gradient, w, lr, decay, epochs, batches)[::batches]


SCHEDULE = Exercise(
    slug="bugs-floor",
    title="Repair the floor",
    minutes=6,
    difficulty=1,
    reference=decayed_descent,
    remark="The rates never rise: t is the number of steps since the start of the run.",
    hints=(
        "Print the rate of each step of a run with two epochs of three batches.",
        "At the first batch of an epoch, how many steps were made in the epochs before it? Add "
        "them to the number of the batch.",
    ),
    probes=(
        Probe(
            "gradient (w₁/10, 2w₂), w (-7, 2), lr 0.4, decay 0.5, 3 epochs of 4 batches",
            (_ravine, np.array([-7.0, 2.0]), 0.4, 0.5, 3, 4),
        ),
        Probe(
            "gradient sinh w, w (1.5), lr 0.3, decay 0.2, 2 epochs of 5 batches",
            (_cosh, np.array([1.5]), 0.3, 0.2, 2, 5),
        ),
    ),
    misconceptions=(
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: batch),
            "not repaired: t is the number of the batch, so the schedule restarts at each epoch.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: epoch),
            "t is the number of the epoch: the rate changes only once per epoch.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: epoch + batch),
            "epoch + batch still falls back at each epoch: an epoch is `batches` steps long.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: epoch * epochs + batch),
            "an epoch has `batches` steps, not `epochs`: multiply by the other one.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: epoch * batches),
            "t waits for the end of the epoch: add the number of the batch.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: epoch * batches + batch + 1),
            "t begins at 1: the first step has t = 0 and the full rate.",
        ),
        Misconception(
            _with_time(lambda epoch, batch, epochs, batches: 0),
            "the rate is constant now: t never changes.",
        ),
        Misconception(
            _compounded,
            "lr itself was replaced at each step, so the divisions multiply: keep lr as given.",
        ),
        Misconception(_ends_of_epochs, "one row per epoch; a row for every step is asked for."),
        Misconception(_last_point(decayed_descent), LAST),
        Misconception(_without_start(decayed_descent), START),
    ),
)


def end_point(rules, name, gradient, w, steps):
    """Return the last point of the run of the rule with this name."""
    paths = {}
    for label, rule in rules.items():
        paths[label] = rule(gradient, w, steps)
    return paths[name][-1]


def _paired(labels):
    def run(rules, name, gradient, w, steps):
        ends = [rule(gradient, w, steps)[-1] for rule in rules.values()]
        return dict(zip(labels(rules), ends))[name]

    return run


def _passed_on(rules, name, gradient, w, steps):
    ends = {}
    for label, rule in rules.items():
        w = ends[label] = rule(gradient, w, steps)[-1]
    return ends[name]


def _descent_rule(gradient, w, steps):
    return decayed_descent(gradient, w, 0.2, 0.0, 1, steps)


def _momentum_rule(gradient, w, steps):
    return momentum_from_any(gradient, w, 0.1, 0.5, steps)


def _nesterov_rule(gradient, w, steps):
    return nesterov(gradient, w, 0.05, 0.7, steps)


def _adam_rule(gradient, w, steps):
    return adam(gradient, w, 0.1, 1e-8, steps)


_RULES = {
    "momentum": _momentum_rule,
    "Nesterov": _nesterov_rule,
    "descent": _descent_rule,
    "Adam": _adam_rule,
}

LABELS = Exercise(
    slug="bugs-comparison",
    title="Repair the comparison",
    minutes=6,
    difficulty=2,
    reference=end_point,
    remark="Each result is stored under its own name: there are no two orders left to disagree.",
    hints=(
        "In which order are the paths made, and in which order the labels? Print both.",
        "Loop over names and rules together, with `rules.items()`, and store each path under the "
        "name that came with its rule.",
    ),
    probes=tuple(
        Probe(
            f'gradient (w₁/10, 2w₂), w (-7, 2), 4 steps, the name "{name}"',
            (_RULES, name, _ravine, np.array([-7.0, 2.0]), 4),
        )
        for name in _RULES
    ),
    misconceptions=(
        Misconception(
            _paired(sorted),
            "not repaired: labels in alphabetical order meet paths in the order of the dictionary.",
        ),
        Misconception(
            _paired(lambda rules: sorted(rules, key=str.lower)),
            "the labels are still sorted, now without regard to capitals; the paths are not.",
        ),
        Misconception(
            _paired(lambda rules: list(reversed(rules))),
            "the labels run backwards through the dictionary, and the paths run forwards.",
        ),
        Misconception(
            lambda rules, name, gradient, w, steps: next(iter(rules.values()))(gradient, w, steps)[
                -1
            ],
            "every name gets the first rule: use the rule that belongs to the name.",
        ),
        Misconception(
            lambda rules, name, gradient, w, steps: list(rules.values())[-1](gradient, w, steps)[
                -1
            ],
            "every name gets the last rule: the loop has overwritten the ones before.",
        ),
        Misconception(
            _passed_on, "each rule starts where the one before it ended: give all the same start."
        ),
        Misconception(
            lambda rules, name, gradient, w, steps: rules[name](gradient, w, steps),
            "this is the whole path; its last point is asked for.",
        ),
        Misconception(
            lambda rules, name, gradient, w, steps: rules[name](gradient, w, steps)[-2],
            "this is the point before the last one.",
        ),
        Misconception(
            lambda rules, name, gradient, w, steps: w,
            "this is the start; run the rule and return where it ends.",
        ),
    ),
)

EXERCISES = (VELOCITY, EPSILON, CLOCK, ZEROS, KEY, SCHEDULE, LABELS)
SPECIMENS: dict[int, Callable[..., Any]] = {
    number: exercise.misconceptions[0].wrong for number, exercise in enumerate(EXERCISES, 1)
}
