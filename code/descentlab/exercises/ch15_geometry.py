"""Exercises of chapter 15, one inner product, many metrics.

The dual norms by hand, matching steps to balls, the steepest direction in a diagonal metric and in
the spectral ball, and the turn that Adam notices.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def ratio_of_decreases() -> float:
    """Return sum |g| over max |g| for g = (2, −5, 0, 1): the dual norms of ℓ∞ and ℓ₁."""
    g = np.array([2.0, -5.0, 0.0, 1.0])
    return float(np.abs(g).sum() / np.abs(g).max())


DECREASE = Exercise(
    slug="15-decrease",
    title="The best decrease by hand",
    minutes=5,
    difficulty=1,
    reference=ratio_of_decreases,
    remark="The dual of ℓ∞ is ℓ₁ and the other way round: 8 against 5.",
    hints=(
        r"In the ball of ℓ∞ every coordinate may move by 1. In the ball of ℓ₁ the coordinates "
        r"share a total of 1. Write down the best $d$ in each case.",
        r"ℓ∞: $d = (-1, 1, 0, -1)$, and the decrease is $-\langle g, d\rangle$. ℓ₁: only the "
        r"coordinate with the largest $|g_i|$ moves.",
    ),
    misconceptions=(
        Misconception(
            0.625, "this is ℓ₁ over ℓ∞: in ℓ∞ all coordinates move, so its decrease is larger."
        ),
        Misconception(
            8.0, "8 is the decrease in the ball of ℓ∞; divide it by that in the ball of ℓ₁."
        ),
        Misconception(
            5.0, "5 is the decrease in the ball of ℓ₁; that of ℓ∞ is to be divided by it."
        ),
        Misconception(
            4.0, "4 would hold if all |gᵢ| were equal: use the entries of g, not their number."
        ),
        Misconception(3.0, "this is the difference 8 − 5; how many *times* as large was asked."),
        Misconception(
            -1.6, "both decreases are positive: −⟨g, d⟩ is 8 and 5, so their ratio is positive."
        ),
        Misconception(
            0.4,
            "the entries were added with their signs; dᵢ = −sign(gᵢ) makes every term −|gᵢ|.",
        ),
        Misconception(
            np.sqrt(30.0) / 5, "√30 is the decrease in the ball of ℓ₂; in ℓ∞ it is the sum of |gᵢ|."
        ),
        Misconception(
            8 / np.sqrt(30.0),
            "√30 is the decrease in the ball of ℓ₂; in ℓ₁ it is the largest |gᵢ|.",
        ),
    ),
)


def balls_of_the_steps() -> str:
    """Return the letter: take step 2 as −g and compare each step with the four closed forms."""
    g, D = np.array([0.2, -1.0, 0.1]), np.array([1.0, 4.0, 1.0])
    steps = np.array([[-1, 1, -1], [-0.2, 1, -0.1], [0, 1, 0], [-0.8, 1, -0.4]])
    best = {"ℓ₁": -np.sign(g) * (np.abs(g) == 1), "ℓ₂": -g, "ℓ∞": -np.sign(g), "diagonal": -g / D}
    order = [
        ball for step in steps for ball, d in best.items() if np.allclose(d / np.abs(d).max(), step)
    ]
    return {
        "ℓ₁, ℓ₂, ℓ∞, diagonal": "a",
        "ℓ∞, ℓ₂, ℓ₁, diagonal": "b",
        "ℓ∞, diagonal, ℓ₁, ℓ₂": "c",
        "ℓ₂, ℓ∞, ℓ₁, diagonal": "d",
    }[", ".join(order)]


MATCH = Exercise(
    slug="15-match",
    title="Which ball took this step?",
    minutes=5,
    difficulty=1,
    reference=balls_of_the_steps,
    options="abcd",
    remark="Step 4 is step 2 divided by D = (1, 4, 1), then by its largest entry.",
    hints=(
        "Two of the steps have a form that only one ball gives: all entries of equal size, and "
        "one entry alone.",
        r"One of the other two is $-g$ up to a factor. Divide each of them by $(1, 4, 1)$, then "
        "by its largest entry: which one becomes the other?",
    ),
    misconceptions=(
        Misconception(
            "a",
            "ℓ₁ and ℓ∞ are exchanged: in ℓ∞ every coordinate moves by the same, in ℓ₁ only one.",
        ),
        Misconception(
            "c",
            "2 and 4 are exchanged: divide step 4 by D = (1, 4, 1); it does not become step 2.",
        ),
        Misconception(
            "d",
            "equal entries are the corner of ℓ∞; the step of ℓ₂ is in proportion to the gradient.",
        ),
    ),
    explanation=(
        r"Step 2 divided by $(1, 4, 1)$ is $(-0.2, 0.25, -0.1)$, and by its largest entry "
        r"$(-0.8, 1, -0.4)$: step 4. So step 2 is along $-g$, that is ℓ₂, and step 4 is along "
        r"$-D^{-1}g$."
    ),
)


def steepest(g, D):
    """Return the best move of length 1 in the metric D: −D⁻¹g over the root of Σ g²/D."""
    scaled = g / D
    return -scaled / np.sqrt(np.sum(g * scaled))


DIAGONAL = Exercise(
    slug="15-diagonal",
    title="Steepest in a diagonal metric",
    minutes=8,
    difficulty=2,
    reference=steepest,
    remark="With D = √h it is AdaGrad's direction, with D = 1 that of gradient descent.",
    hints=(
        r"Put $e_i = \sqrt{D_i}\,d_i$. The constraint becomes $|e| = 1$; what stands before $e_i$ "
        r"in $\langle g, d\rangle$?",
        r"$d$ is along $-g/D$. Divide it by its length in the metric, "
        r"$\sqrt{\sum_i D_i d_i^2}$, not by its Euclidean length.",
    ),
    probes=(
        Probe("g (3, −4), D (1, 4)", (np.array([3.0, -4.0]), np.array([1.0, 4.0]))),
        Probe(
            "g (−1, 2, 0.5), D (0.25, 9, 1)",
            (np.array([-1.0, 2.0, 0.5]), np.array([0.25, 9.0, 1.0])),
        ),
        Probe("g (2), D (5)", (np.array([2.0]), np.array([5.0]))),
        Probe(
            "g (0, 0.1, −3, 7), D (2, 0.5, 3, 0.1)",
            (np.array([0.0, 0.1, -3.0, 7.0]), np.array([2.0, 0.5, 3.0, 0.1])),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda g, D: g / D / np.sqrt(np.sum(g**2 / D)),
            "the direction goes uphill: the sign is turned round.",
        ),
        Misconception(
            lambda g, D: -g / D, "the direction is right, its length is not 1: divide by √Σ Dᵢdᵢ²."
        ),
        Misconception(
            lambda g, D: -g / D / np.linalg.norm(g / D),
            "this has Euclidean length 1; its length in the metric D has to be 1.",
        ),
        Misconception(
            lambda g, D: -g / D / np.sum(g**2 / D),
            "the root is missing: Σ g²/D is the square of the length.",
        ),
        Misconception(
            lambda g, D: -g / np.linalg.norm(g),
            "this is −g with Euclidean length 1: the metric was not used.",
        ),
        Misconception(
            lambda g, D: -g / np.sqrt(np.sum(D * g**2)),
            "this is −g scaled to length 1 in D; another direction decreases more, along −g/D.",
        ),
        Misconception(
            lambda g, D: -g / np.sqrt(D) / np.linalg.norm(g / np.sqrt(D)),
            "this is e: go back to d by dividing by √D once more.",
        ),
        Misconception(
            lambda g, D: -g / np.sqrt(D) / np.sqrt(np.sum(g**2)),
            "you divided by √D; the direction is g/D, because the root comes in twice.",
        ),
        Misconception(
            lambda g, D: -g * D / np.sqrt(np.sum(D * (g * D) ** 2)),
            "you multiplied by D: where D is large a move is expensive, so it must be shorter.",
        ),
        Misconception(
            lambda g, D: -g * D / np.sqrt(np.sum(g**2 * D)),
            "you multiplied by D: where D is large a move is expensive, so it must be shorter.",
        ),
        Misconception(
            lambda g, D: -g / D**2 / np.sqrt(np.sum(g**2 / D**3)),
            "you divided by D²; the squared length has D once, so divide by D.",
        ),
        Misconception(
            lambda g, D: -np.sign(g) / np.sqrt(np.sum(D * np.sign(g) ** 2)),
            "this is the corner of ℓ∞, scaled; in a diagonal metric the sizes of g count.",
        ),
        Misconception(
            lambda g, D: -np.sqrt(np.sum(g**2 / D)),
            "this is ⟨g, d⟩, the best change; the move d that reaches it is asked for.",
        ),
    ),
)


def spectral_step(G, length):
    """Return −length · UVᵀ of G = USVᵀ: all singular values of the step are equal."""
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return -length * U @ Vt


def _with_spectrum(transform):
    """Return a wrong step: minus G with other singular values."""

    def step(G, length):
        U, s, Vt = np.linalg.svd(G, full_matrices=False)
        return -length * (U * transform(s)) @ Vt

    return step


def _full_matrices(G, length):
    U, _, Vt = np.linalg.svd(G)
    return -length * U @ Vt


def _v_not_transposed(G, length):
    U, _, Vt = np.linalg.svd(G, full_matrices=False)
    return -length * U @ Vt.T


SPECTRAL = Exercise(
    slug="15-spectral",
    title="The spectral ball",
    minutes=8,
    difficulty=2,
    reference=spectral_step,
    remark="Muon takes this direction for its averaged gradient, by matrix products alone.",
    hints=(
        "`np.linalg.svd(G, full_matrices=False)` returns $U$, the singular values, and "
        r"$V^\mathsf{T}$, already transposed.",
        "Leave the singular values out: multiply the first by the third with `@`, then think of "
        "the sign and of the length.",
    ),
    probes=(
        Probe("G = diag(3, −0.5), length 1", (np.diag([3.0, -0.5]), 1.0)),
        Probe("G 2 × 2, length 0.1", (np.array([[1.0, 2.0], [-0.5, 4.0]]), 0.1)),
        Probe("G 2 × 3, length 2", (np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]), 2.0)),
        Probe(
            "G 4 × 2, length 0.5",
            (np.array([[1.0, 0.0], [2.0, 1.0], [0.0, -3.0], [1.0, 1.0]]), 0.5),
        ),
        Probe("G 1 × 2, length 3", (np.array([[3.0, -4.0]]), 3.0)),
    ),
    misconceptions=(
        Misconception(
            lambda G, length: length * spectral_step(G, -1.0),
            "this is +UVᵀ, the steepest ascent: the sign is missing.",
        ),
        Misconception(
            lambda G, length: spectral_step(G, 1.0),
            "the direction is right, its spectral norm is 1: multiply by length.",
        ),
        Misconception(
            lambda G, length: -length * G / np.linalg.norm(G, 2),
            "this is −G, scaled: only its largest singular value is length, all may be.",
        ),
        Misconception(
            lambda G, length: -length * G / np.linalg.norm(G),
            "this is gradient descent's step: the Frobenius norm is the Euclidean length.",
        ),
        Misconception(
            lambda G, length: spectral_step(G, length / np.sqrt(min(G.shape))),
            "here the Frobenius norm is length; it is the largest singular value that has to be.",
        ),
        Misconception(
            lambda G, length: -length * np.sign(G),
            "this is the sign of each entry, the ball of ℓ∞ on the entries.",
        ),
        Misconception(
            _with_spectrum(lambda s: s),
            "this is −G times length: leave the singular values out.",
        ),
        Misconception(
            _with_spectrum(lambda s: 1 / s),
            "the singular values were inverted; they have to become 1 before the length comes in.",
        ),
        Misconception(
            _with_spectrum(np.sqrt),
            "the singular values became their roots; they have to be 1 before the length comes in.",
        ),
        Misconception(
            _with_spectrum(lambda s: s == s.max()),
            "only the largest singular value is kept; the ball allows all of them to be as large.",
        ),
        Misconception(
            _v_not_transposed,
            "the third result of svd is Vᵀ already: do not transpose it again.",
        ),
        Misconception(
            _full_matrices,
            "for G that is not square U and Vᵀ do not fit: use full_matrices=False.",
        ),
        Misconception(
            lambda G, length: spectral_step(G, length).T,
            "the result is transposed: the step needs the shape of G.",
        ),
        Misconception(
            lambda G, length: -length * np.linalg.svd(G, compute_uv=False).sum(),
            "this is ⟨G, d⟩, the best change; the matrix d that reaches it is asked for.",
        ),
    ),
)


def why_45_degrees() -> str:
    """Return the letter: the ball on the axes is left as it is by 90°, not by 45°."""
    half = np.sqrt(0.5)
    R45, R90 = np.array([[half, -half], [half, half]]), np.array([[0.0, -1.0], [1.0, 0.0]])
    D = np.diag([0.6, 5.0])
    turned = {"45": R45 @ D @ R45.T, "90": R90 @ D @ R90.T}
    on_axes = {name: np.allclose(M, np.diag(np.diag(M))) for name, M in turned.items()}
    return "b" if on_axes["90"] and not on_axes["45"] else "a"


TURN = Exercise(
    slug="15-turn",
    title="Turned by 45° and by 90°",
    minutes=12,
    difficulty=3,
    reference=why_45_degrees,
    options="abcd",
    remark="A turn goes unnoticed when it maps the family of balls onto itself.",
    hints=(
        "Each explanation says what would change the output. Set both β to 0, then `eps` to 0, "
        "then the rate to 0.03, and then replace the rule.",
        "`GradientDescent` and `RMSProp` come with the imports of the chapter. What do they give "
        "at 45° and at 90°?",
    ),
    misconceptions=(
        Misconception(
            "a",
            "with beta1 = beta2 = 0 Adam is sign descent, and it still differs at 45°: try it.",
        ),
        Misconception(
            "c", "with eps=0 the difference at 45° is the same to the digits shown: try it."
        ),
        Misconception(
            "d",
            "with lr=0.03 the paths at 45° differ still, by far more than a thousandth: try it.",
        ),
    ),
    explanation=(
        "Gradient descent prints *same* twice, RMSProp behaves like Adam. A turn by 90° exchanges "
        r"the axes, and $\sqrt v$ with them; at 45° the ellipses would have to stand aslant."
    ),
)

EXERCISES = (DECREASE, MATCH, DIAGONAL, SPECTRAL, TURN)
