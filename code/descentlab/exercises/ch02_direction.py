"""Exercises of chapter 02, the direction.

The linear prediction dL = ⟨∇L, dw⟩ = |∇L||dw| cos θ, the step that lowers it fastest, and central
differences as a check on a gradient.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def differential() -> float:
    """Return dL = ⟨∇L, dw⟩ at w = (1, 2) for L(w) = w₁² + 3 w₁ w₂."""
    w1, w2 = 1.0, 2.0
    gradient = np.array([2 * w1 + 3 * w2, 3 * w1])
    dw = np.array([0.1, -0.2])
    return gradient @ dw


DIFFERENTIAL = Exercise(
    slug="02-differential",
    title="A differential by hand",
    minutes=4,
    difficulty=1,
    reference=differential,
    remark="The loss itself changes by 0.15: dL is its linear prediction, here 0.05 too high.",
    hints=(
        "Write both partial derivatives with letters first. "
        r"In $\partial L/\partial w_1$ the product $3 w_1 w_2$ counts too.",
        r"$\nabla L = (2 w_1 + 3 w_2,\; 3 w_1)$. Put in $w = (1, 2)$, multiply component by "
        "component with $dw$, add.",
    ),
    misconceptions=(
        Misconception(
            0.15, "0.15 is the actual change L(w + dw) − L(w); dL uses the gradient at w."
        ),
        Misconception(
            -0.4, "3 w₁ w₂ is missing from ∂L/∂w₁: with w₂ held fixed its derivative is 3 w₂."
        ),
        Misconception(0.8, "only the first component was counted: add ∂L/∂w₂ · dw₂."),
        Misconception(-0.6, "only the second component was counted: add ∂L/∂w₁ · dw₁."),
        Misconception(1.4, "a sign slipped: dw₂ is negative, so its product is subtracted."),
        Misconception(
            -0.2, "the sign is turned round: dL = +⟨∇L, dw⟩; the loss grows along this dw."
        ),
        Misconception(
            np.sqrt(73 * 0.05), "this is |∇L||dw| without cos θ: the largest dL any dw so long has."
        ),
        Misconception(
            -0.7, "3 w₁ and 3 w₂ are exchanged: ∂/∂w₁ of 3 w₁ w₂ is 3 w₂, and ∂/∂w₂ of it is 3 w₁."
        ),
        Misconception(
            -1.3, "the components are crossed: multiply ∂L/∂w₁ by dw₁ and ∂L/∂w₂ by dw₂."
        ),
        Misconception(0.1, "the gradient was taken at w + dw; dL uses the gradient at w."),
        Misconception([0.8, -0.6], "the two products are right; the inner product is their sum."),
        Misconception([8.0, 3.0], "this is the gradient; dL is its inner product with dw."),
    ),
)


def angle(gradient: np.ndarray, dw: np.ndarray) -> float:
    """Return the angle between a gradient and a step, in radians between 0 and π."""
    cosine = gradient @ dw / (np.linalg.norm(gradient) * np.linalg.norm(dw))
    return np.arccos(np.clip(cosine, -1, 1))


def _cosine(gradient: np.ndarray, dw: np.ndarray) -> float:
    return gradient @ dw / (np.linalg.norm(gradient) * np.linalg.norm(dw))


def _clipped(gradient: np.ndarray, dw: np.ndarray) -> float:
    return np.clip(_cosine(gradient, dw), -1, 1)


def _arctan2_difference(gradient: np.ndarray, dw: np.ndarray) -> float:
    return np.arctan2(dw[1], dw[0]) - np.arctan2(gradient[1], gradient[0])


def _cosine_l1(gradient: np.ndarray, dw: np.ndarray) -> float:
    return gradient @ dw / (np.abs(gradient).sum() * np.abs(dw).sum())


_DEGREES = "this is the angle in degrees; radians are asked for, π for a half turn."
_POLAR = (
    "a difference of two polar angles has a sign, can exceed π and sees two components only; "
    "take arccos of the cosine."
)
_ONE_LENGTH = "the inner product was divided by |dw| alone or |∇L| alone; cos θ needs both lengths."
_NO_LENGTHS = "the inner product was not divided by the lengths: cos θ = ⟨∇L, dw⟩ / (|∇L||dw|)."
_NO_ROOT = "the lengths are squared: take the square root of g·g, or np.linalg.norm(g)."

ANGLE = Exercise(
    slug="02-angle",
    title="The angle",
    minutes=6,
    difficulty=1,
    reference=angle,
    remark="The clip is part of the formula in floating point, where a cosine can exceed 1.",
    hints=(
        r"Solve $\langle\nabla L, dw\rangle = |\nabla L||dw|\cos\theta$ for $\cos\theta$. "
        "`np.linalg.norm` gives a length, `np.arccos` an angle in radians.",
        "For parallel vectors rounding can make the cosine 1.0000000000000002, where `np.arccos` "
        "is NaN. `np.clip(cosine, -1, 1)` brings it back.",
    ),
    probes=(
        Probe("gradient (3, 4), dw (4, -3)", (np.array([3.0, 4.0]), np.array([4.0, -3.0]))),
        Probe("gradient (-0.7, 4), dw (0.5, -0.2)", (np.array([-0.7, 4.0]), np.array([0.5, -0.2]))),
        Probe("gradient (-2, -1), dw (-1, 0.5)", (np.array([-2.0, -1.0]), np.array([-1.0, 0.5]))),
        Probe(
            "gradient (1, 2, 3), dw (-2, 0.5, 1)",
            (np.array([1.0, 2.0, 3.0]), np.array([-2.0, 0.5, 1.0])),
        ),
        Probe(
            "gradient (1, -1, 2, 0, 3), dw (0.2, 0.1, 0, -0.3, 0.1)",
            (np.array([1.0, -1.0, 2.0, 0.0, 3.0]), np.array([0.2, 0.1, 0.0, -0.3, 0.1])),
        ),
        Probe(
            "gradient (0.1, 0.2, 1.5), dw = 3 gradient",
            (np.array([0.1, 0.2, 1.5]), 3 * np.array([0.1, 0.2, 1.5])),
        ),
        Probe(
            "gradient (0.1, 0.2, 1.6), dw = -3 gradient",
            (np.array([0.1, 0.2, 1.6]), -3 * np.array([0.1, 0.2, 1.6])),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda g, dw: np.arccos(_cosine(g, dw)),
            "nearly there: rounding makes the cosine of parallel vectors 1.0000000000000002, whose "
            "arccos is NaN; clip it to [-1, 1].",
        ),
        Misconception(lambda g, dw: np.degrees(np.arccos(_cosine(g, dw))), _DEGREES),
        Misconception(lambda g, dw: np.degrees(np.arccos(_clipped(g, dw))), _DEGREES),
        Misconception(_cosine, "this is the cosine of the angle; take its arccos."),
        Misconception(lambda g, dw: np.arccos(g @ dw / np.linalg.norm(g)), _ONE_LENGTH),
        Misconception(lambda g, dw: np.arccos(g @ dw / np.linalg.norm(dw)), _ONE_LENGTH),
        Misconception(lambda g, dw: np.arccos(g @ dw), _NO_LENGTHS),
        Misconception(lambda g, dw: np.arccos(np.clip(g @ dw, -1, 1)), _NO_LENGTHS),
        Misconception(
            lambda g, dw: np.arccos(g @ dw / np.linalg.norm(g) * np.linalg.norm(dw)),
            "a / b * c is (a / b) * c: put |∇L||dw| in parentheses to divide by both.",
        ),
        Misconception(lambda g, dw: np.arccos(g @ dw / ((g @ g) * (dw @ dw))), _NO_ROOT),
        Misconception(_arctan2_difference, _POLAR),
        Misconception(lambda g, dw: np.abs(_arctan2_difference(g, dw)), _POLAR),
        Misconception(
            lambda g, dw: np.arcsin(_clipped(g, dw)),
            "arcsin gives the angle to the level line; the inverse of the cosine is arccos.",
        ),
        Misconception(
            lambda g, dw: np.arccos(_cosine_l1(g, dw)),
            "the lengths are sums of absolute values; |v| is the root of the sum of squares.",
        ),
        Misconception(
            lambda g, dw: np.arccos(-_clipped(g, dw)),
            "this is the angle to −∇L; the angle to +∇L is asked for.",
        ),
        Misconception(
            lambda g, dw: np.arccos(np.abs(_clipped(g, dw))),
            "the absolute value hides whether dw goes up or down; keep the sign of ⟨∇L, dw⟩.",
        ),
    ),
)


def best_step(gradient: np.ndarray, length: float) -> np.ndarray:
    """Return the step of the given length along which the linear prediction falls most."""
    return -length * gradient / np.linalg.norm(gradient)


BEST_STEP = Exercise(
    slug="02-best-step",
    title="The best move",
    minutes=6,
    difficulty=1,
    reference=best_step,
    remark="cos θ = −1, so dL = −|∇L||dw|: no step of this length predicts a larger decrease.",
    hints=(
        r"$dL = |\nabla L||dw|\cos\theta$ with both lengths fixed: which $\theta$ makes it least?",
        "Build it in two moves: a vector of length 1 in that direction, then times `length`. "
        "`np.linalg.norm(gradient)` is the length to divide by.",
    ),
    probes=(
        Probe("gradient (3, 4), length 2", (np.array([3.0, 4.0]), 2.0)),
        Probe("gradient (-0.7, 4), length 0.5", (np.array([-0.7, 4.0]), 0.5)),
        Probe("gradient (1, -2, 2), length 1", (np.array([1.0, -2.0, 2.0]), 1.0)),
        Probe("gradient (-2), length 3", (np.array([-2.0]), 3.0)),
        Probe("gradient (0, 5, 0, -1, 2), length 0.1", (np.array([0.0, 5.0, 0.0, -1.0, 2.0]), 0.1)),
    ),
    misconceptions=(
        Misconception(
            lambda g, length: length * g / np.linalg.norm(g),
            "you stepped along +∇L: this is ascent.",
        ),
        Misconception(
            lambda g, length: -length * g,
            "the step has length |∇L| · length: divide the gradient by its own length first.",
        ),
        Misconception(
            lambda g, length: length * g,
            "you stepped along +∇L, which is ascent, and did not divide by |∇L|.",
        ),
        Misconception(
            lambda g, length: -g / np.linalg.norm(g),
            "the direction is right, its length is 1: multiply by length.",
        ),
        Misconception(
            lambda g, length: -g,
            "the direction is right, its length is |∇L|: divide by |∇L| and multiply by length.",
        ),
        Misconception(
            lambda g, length: -length * np.sign(g),
            "this is the sign of each component, another direction: keep their proportions.",
        ),
        Misconception(
            lambda g, length: -length * np.sign(g) / np.sqrt(len(g)),
            "the length is right, but signs alone are another direction: keep the proportions.",
        ),
        Misconception(
            lambda g, length: -length * g / (g @ g),
            "you divided by |∇L|²; the unit vector is ∇L / |∇L|.",
        ),
        Misconception(
            lambda g, length: -length * g / np.abs(g).sum(),
            "you divided by the sum of absolute values; |∇L| is the root of the sum of squares.",
        ),
        Misconception(
            lambda g, length: -length * g / g.sum(),
            "you divided by the sum of the components; |∇L| is the root of the sum of squares.",
        ),
        Misconception(
            lambda g, length: -length * g / np.abs(g).max(),
            "you divided by the largest component; |∇L| is the root of the sum of squares.",
        ),
        Misconception(
            lambda g, length: -length * g * np.linalg.norm(g),
            "you multiplied by |∇L|; divide by it.",
        ),
        Misconception(
            lambda g, length: -length * np.linalg.norm(g),
            "this is dL, the predicted change; the step dw that reaches it is asked for.",
        ),
    ),
)


def gradient_by_differences(loss, w, h):
    """Return the central difference of the loss along each coordinate of w."""
    return np.array(
        [(loss(w + h * axis) - loss(w - h * axis)) / (2 * h) for axis in np.eye(len(w))]
    )


def _ravine(w: np.ndarray) -> float:
    return w[..., 0] ** 2 / 20 + w[..., 1] ** 2


def _three(w: np.ndarray) -> float:
    return np.exp(w[..., 0] * w[..., 1]) + np.sin(w[..., 2])


def _cubic(w: np.ndarray) -> float:
    return w[..., 0] ** 3 * w[..., 1]


def _truncated(loss, w, h):
    return gradient_by_differences(loss, w, h).astype(w.dtype)


def _shifted_in_integers(loss, w, h):
    shifts = np.eye(len(w)) * h
    values = [loss((w + s).astype(w.dtype)) - loss((w - s).astype(w.dtype)) for s in shifts]
    return np.array(values) / (2 * h)


def _added_in_place(loss, w, h):
    slopes = []
    for axis in np.eye(len(w)):
        up, down = w.copy(), w.copy()
        up += h * axis
        down -= h * axis
        slopes.append((loss(up) - loss(down)) / (2 * h))
    return np.array(slopes)


_INTEGERS = (
    "an integer array drops what stands after the decimal point: start from w.astype(float)."
)

CENTRAL_DIFFERENCE = Exercise(
    slug="02-central-difference",
    title="Central differences",
    minutes=10,
    difficulty=2,
    reference=gradient_by_differences,
    remark="2p values of the loss for p parameters: good for checking, too costly for training.",
    hints=(
        "One coordinate at a time: raise it by $h$, lower it by $h$, leave the others as they are, "
        "and compare the two losses. They lie $2h$ apart.",
        "The rows of `np.eye(len(w))` are the coordinate directions, so `w + h * axis` is a new "
        "array in which one coordinate has moved, and `w` is left alone.",
    ),
    probes=(
        Probe("the ravine, w (-7, 2), h 0.1", (_ravine, np.array([-7.0, 2.0]), 0.1)),
        Probe("the ravine, w (-7, 2), h 1e-5", (_ravine, np.array([-7.0, 2.0]), 1e-5)),
        Probe(
            "exp(w₁w₂) + sin w₃, w (0.5, -1, 2), h 0.2", (_three, np.array([0.5, -1.0, 2.0]), 0.2)
        ),
        Probe("w₁³w₂, w (1, 2) of integers, h 0.5", (_cubic, np.array([1, 2]), 0.5)),
    ),
    misconceptions=(
        Misconception(
            lambda loss, w, h: np.array([(loss(w + h * e) - loss(w)) / h for e in np.eye(len(w))]),
            "this is the forward difference, whose error is of order h; go h to both sides.",
        ),
        Misconception(
            lambda loss, w, h: np.array([(loss(w) - loss(w - h * e)) / h for e in np.eye(len(w))]),
            "this is the backward difference, whose error is of order h; go h to both sides.",
        ),
        Misconception(
            lambda loss, w, h: 2 * gradient_by_differences(loss, w, h),
            "twice too large: the two points lie 2h apart, so divide by 2h.",
        ),
        Misconception(
            lambda loss, w, h: h**2 * gradient_by_differences(loss, w, h),
            "a / 2 * h is (a / 2) * h: put 2 * h in parentheses to divide by it.",
        ),
        Misconception(
            lambda loss, w, h: h * gradient_by_differences(loss, w, h),
            "the difference was divided by 2; divide by 2h to get a slope.",
        ),
        Misconception(
            lambda loss, w, h: 2 * h * gradient_by_differences(loss, w, h),
            "these are differences of the loss; divide by 2h to get slopes.",
        ),
        Misconception(
            lambda loss, w, h: -gradient_by_differences(loss, w, h),
            "the sign is turned round: the loss at w + h comes first.",
        ),
        Misconception(
            lambda loss, w, h: gradient_by_differences(loss, w, h / 2),
            "you moved by h/2 to each side; move by h and divide by 2h.",
        ),
        Misconception(
            lambda loss, w, h: np.full(len(w), (loss(w + h) - loss(w - h)) / (2 * h)),
            "all coordinates were moved at once; move one and leave the others as they are.",
        ),
        Misconception(
            lambda loss, w, h: (loss(w + h) - loss(w - h)) / (2 * h),
            "all coordinates were moved at once; move one at a time: p slopes, not one.",
        ),
        Misconception(_truncated, _INTEGERS),
        Misconception(_shifted_in_integers, _INTEGERS),
        Misconception(_added_in_place, _INTEGERS),
    ),
)


def suspects() -> dict[str, tuple]:
    """Return four losses by letter, each with a gradient derived by hand, one of them wrongly."""
    return {
        "a": (
            lambda w: np.sin(60 * w[0]) + w[1] ** 2,
            lambda w: np.array([60 * np.cos(60 * w[0]), 2 * w[1]]),
        ),
        "b": (
            lambda w: 10**6 + w[0] ** 2 * w[1],
            lambda w: np.array([2 * w[0] * w[1], w[0] ** 2]),
        ),
        "c": (
            lambda w: np.exp(w[0]) * w[1] ** 2 + w[0],
            lambda w: np.array([np.exp(w[0]) * w[1] ** 2, 2 * np.exp(w[0]) * w[1]]),
        ),
        "d": (
            lambda w: w[0] ** 3 + w[0] * w[1],
            lambda w: np.array([3 * w[0] ** 2 + w[1], w[0]]),
        ),
    }


def wrong_gradient():
    """Return the letter whose error is large at every h: no h makes a wrong formula right."""
    w = np.array([1.0, 3.0])
    least = {}
    for letter, (loss, formula) in suspects().items():
        errors = [
            np.linalg.norm(gradient_by_differences(loss, w, h) - formula(w))
            for h in (1e-1, 1e-2, 1e-3, 1e-5, 1e-8, 1e-10)
        ]
        least[letter] = min(errors) / np.linalg.norm(formula(w))
    return max(least, key=lambda letter: least[letter])


WRONG_GRADIENT = Exercise(
    slug="02-wrong-gradient",
    title="Which formula is wrong?",
    minutes=10,
    difficulty=3,
    reference=wrong_gradient,
    options="abcd",
    remark="Its error is the same at every h; what h changes is truncation or rounding.",
    hints=(
        "Read each column from top to bottom as $h$ shrinks. Which one falls like $h^2$, which "
        "one rises, and which one does neither?",
        "Truncation is $h^2 L'''/6$: large where the loss oscillates fast. Rounding is about "
        r"$\epsilon |L|/h$: large where $|L|$ is large. A mistake does not depend on $h$.",
    ),
    misconceptions=(
        Misconception(
            "a",
            "its error falls a hundredfold for each tenth of h: that is truncation; L''' is 60³ "
            "times a cosine, so h must be very small.",
        ),
        Misconception(
            "b",
            "its error is smallest at the largest h and grows as h shrinks: that is rounding of "
            "a loss near a million.",
        ),
        Misconception(
            "d", "its error falls with h until it is below the smallest number shown: no mistake."
        ),
    ),
    explanation=(
        "In c the derivative of the last term, $w_1$, is missing: the first component should be "
        "$e^{w_1} w_2^2 + 1$. The error is 3 % at every $h$, small enough to overlook in a plot."
    ),
)


def descent_cone() -> float:
    """Return the fraction of directions with cos θ ≤ −1/2: θ from 2π/3 to π, on both sides."""
    first = np.arccos(-1 / 2)
    return 2 * (np.pi - first) / (2 * np.pi)


DESCENT_CONE = Exercise(
    slug="02-descent-cone",
    title="How wide is good enough?",
    minutes=6,
    difficulty=2,
    reference=descent_cone,
    tolerance=4e-3,
    remark="A third of all directions: near its best, the cosine is flat.",
    hints=(
        r"The best decrease is $-|\nabla L||dw|$. Half of it or better means "
        r"$\cos\theta \le -\tfrac12$.",
        r"$\cos\theta = -\tfrac12$ at $\theta = 2\pi/3$. The directions from there to $\pi$ lie on "
        r"both sides of $-\nabla L$; divide their angle by the full turn $2\pi$.",
    ),
    misconceptions=(
        Misconception(
            0.5,
            "1/2 is the fraction of all descent directions, cos θ < 0; here cos θ ≤ −1/2.",
        ),
        Misconception(1 / 6, "1/6 is one side of −∇L; the directions on its other side count too."),
        Misconception(
            0.25,
            "1/4 comes from halving the angle; the decrease goes with cos θ: −1/2 at θ = 2π/3.",
        ),
        Misconception(
            2 / 3,
            "2/3 is the rest of the circle, or all with |cos θ| ≥ 1/2; cos θ ≤ −1/2 is asked for.",
        ),
        Misconception(120, "this is an angle in degrees; divide it by the full turn of 360."),
        Misconception(60, "this is half of the cone in degrees; divide the whole cone by 360."),
        Misconception(
            2 * np.pi / 3, "this is an angle in radians; divide it by the full turn of 2π."
        ),
        Misconception(
            np.pi / 3, "this is half of the cone in radians; divide the whole cone by 2π."
        ),
        Misconception(
            100 / 3, "this is in percent; as a fraction of 1 it is a hundred times less."
        ),
    ),
)

EXERCISES = (DIFFERENTIAL, BEST_STEP, ANGLE, DESCENT_CONE, CENTRAL_DIFFERENCE, WRONG_GRADIENT)
