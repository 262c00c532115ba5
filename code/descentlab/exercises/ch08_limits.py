"""Exercises of chapter 08, two assumptions.

The best single rate from the deviations of two features, a sweep over stacked runs, the condition
number that scaling the parameters leaves, loss curves to be read, and a ravine that is turned.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe


def rate_from_deviations() -> float:
    """Return 2/(μ + λ_max) for the curvatures 2s² of two uncorrelated features."""
    deviations = np.array([6.0, 2.0])
    curvatures = 2 * deviations**2
    return 2 / curvatures.sum()


BEST_RATE = Exercise(
    slug="08-best-rate",
    title="The best rate from two deviations",
    minutes=5,
    difficulty=1,
    reference=rate_from_deviations,
    tolerance=2e-4,
    remark="The curvatures are 72 and 8, κ is 9, and the best rate 2/80 = 0.025.",
    hints=(
        "The matrix of second derivatives is twice the matrix of variances and covariances. Which "
        "of its entries are zero?",
        r"The curvatures are $2 s_1^2$ and $2 s_2^2$; chapter 03 gives the best rate for two "
        r"curvatures, $2/(\mu + \lambda_{\max})$.",
    ),
    misconceptions=(
        Misconception(
            0.05, "the curvatures are 2s², not s²: this error has no factor ½ to cancel the 2."
        ),
        Misconception(
            0.125, "the curvatures are the squares of the deviations, times 2, not 2·6 and 2·2."
        ),
        Misconception(0.25, "a deviation is not a curvature: square it, and multiply by 2."),
        Misconception(
            0.0125, "2/(μ + λ_max), not 1/(μ + λ_max): the rate lies just below the edge 2/λ_max."
        ),
        Misconception(
            1 / 72, "this is 1/λ_max: cautious, but 2/(μ + λ_max) is nearly twice as fast."
        ),
        Misconception(
            1 / 36, "this is 2/λ_max, the edge: there the steep part does not shrink at all."
        ),
        Misconception(9.0, "this is κ = (6/2)²; the rate is asked for."),
        Misconception(0.8, "this is the factor per step, (κ − 1)/(κ + 1); the rate is asked for."),
        Misconception(
            1.0, "a rate of 1 would be best for standardised features with the factor ½."
        ),
        Misconception(
            0.5, "this is best for standardised features, curvatures 2 and 2; these are raw."
        ),
        Misconception(
            2 / 64, "a sign slipped: the rate is 2 over the sum of the curvatures, 72 + 8."
        ),
    ),
)


def best_rate(loss, gradient, w, rates, steps):
    """Return the rate whose run has the lowest loss after the last step."""
    w = np.tile(w, (len(rates), 1))
    for _ in range(steps):
        w = w - rates[:, None] * gradient(w)
    return rates[np.nanargmin(loss(w))]


def _ravine(w: np.ndarray) -> np.ndarray:
    return w[..., 0] ** 2 / 20 + w[..., 1] ** 2


def _ravine_gradient(w: np.ndarray) -> np.ndarray:
    return np.stack([w[..., 0] / 10, 2 * w[..., 1]], axis=-1)


_COUPLED = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])


def _coupled(w: np.ndarray) -> np.ndarray:
    return np.sum(w * (w @ _COUPLED), axis=-1) / 2


def _coupled_gradient(w: np.ndarray) -> np.ndarray:
    return w @ _COUPLED


def _quartic(w: np.ndarray) -> np.ndarray:
    return np.sum((w - 1) ** 4, axis=-1)


def _quartic_gradient(w: np.ndarray) -> np.ndarray:
    return 4 * (w - 1) ** 3


def _runs(gradient, w, rates, steps):
    path = [np.tile(w, (len(rates), 1))]
    for _ in range(steps):
        path.append(path[-1] - rates[:, None] * gradient(path[-1]))
    return path


def _nan_chosen(loss, gradient, w, rates, steps):
    return rates[np.argmin(loss(_runs(gradient, w, rates, steps)[-1]))]


def _index(loss, gradient, w, rates, steps):
    return np.nanargmin(loss(_runs(gradient, w, rates, steps)[-1]))


def _lowest_loss(loss, gradient, w, rates, steps):
    return np.nanmin(loss(_runs(gradient, w, rates, steps)[-1]))


def _on_the_way(loss, gradient, w, rates, steps):
    losses = np.array([loss(point) for point in _runs(gradient, w, rates, steps)])
    return rates[np.nanargmin(np.nanmin(losses, axis=0))]


def _highest(loss, gradient, w, rates, steps):
    return rates[np.nanargmax(loss(_runs(gradient, w, rates, steps)[-1]))]


def _shortest_gradient(loss, gradient, w, rates, steps):
    last = gradient(_runs(gradient, w, rates, steps)[-1])
    return rates[np.nanargmin(np.linalg.norm(last, axis=-1))]


def _in_turn(loss, gradient, w, rates, steps):
    losses = []
    for rate in rates:
        for _ in range(steps):
            w = w - rate * gradient(w)
        losses.append(loss(w))
    return rates[np.nanargmin(losses)]


def _first_gradient(loss, gradient, w, rates, steps):
    moved = w - steps * rates[:, None] * gradient(w)
    return rates[np.nanargmin(loss(moved))]


def _uphill(loss, gradient, w, rates, steps):
    return rates[np.nanargmin(loss(_runs(gradient, w, -rates, steps)[-1]))]


def _largest_that_fell(loss, gradient, w, rates, steps):
    path = _runs(gradient, w, rates, steps)
    return rates[loss(path[-1]) < loss(path[0])].max()


SWEEP = Exercise(
    slug="08-sweep",
    title="A sweep",
    minutes=10,
    difficulty=2,
    reference=best_rate,
    remark="All runs advanced together: one line per step, whatever the number of rates.",
    hints=(
        "Give every rate its own row: `np.tile` repeats `w`, and `rates[:, None]` is a column that "
        "multiplies each row by its rate. The step is the usual one.",
        "After the loop, `loss(w)` holds one loss per rate. `np.nanargmin` finds the place of the "
        "smallest and passes over NaN; the place is not yet the rate.",
    ),
    probes=(
        Probe(
            "the ravine, w (-7, 2), rates 0.3, 0.95, 0.9, 0.6, 5 steps",
            (_ravine, _ravine_gradient, np.array([-7.0, 2.0]), np.array([0.3, 0.95, 0.9, 0.6]), 5),
        ),
        Probe(
            "the ravine, w (-7, 2), rates 4, 0.9, 0.95, 0.99, 400 steps: one run overflows",
            (_ravine, _ravine_gradient, np.array([-7.0, 2.0]), np.array([4, 0.9, 0.95, 0.99]), 400),
        ),
        Probe(
            "three coupled parameters, w (1, -2, 0.5), six rates, 2 steps",
            (
                _coupled,
                _coupled_gradient,
                np.array([1.0, -2.0, 0.5]),
                np.array([0.5, 0.05, 0.45, 0.4, 0.3, 0.2]),
                2,
            ),
        ),
        Probe(
            "sum of (wᵢ − 1)⁴, w (2, 1.2), rates 30, 0.2, 0.5, 0.01, 0.05, 20 steps: overflow",
            (
                _quartic,
                _quartic_gradient,
                np.array([2.0, 1.2]),
                np.array([30.0, 0.2, 0.5, 0.01, 0.05]),
                20,
            ),
        ),
        Probe(
            "the ravine, w (-7, 2), rates 0.73, 0.515, 0.65, 0.56, 2 steps",
            (
                _ravine,
                _ravine_gradient,
                np.array([-7.0, 2.0]),
                np.array([0.73, 0.515, 0.65, 0.56]),
                2,
            ),
        ),
        Probe(
            "the ravine, w (-7, 0.001), rates 1.05, 0.3, 60 steps",
            (_ravine, _ravine_gradient, np.array([-7.0, 0.001]), np.array([1.05, 0.3]), 60),
        ),
        Probe(
            "the ravine, w (0.001, 2), rates 0.2, 0.5, 1.01, 1 step",
            (_ravine, _ravine_gradient, np.array([0.001, 2.0]), np.array([0.2, 0.5, 1.01]), 1),
        ),
    ),
    misconceptions=(
        Misconception(
            _nan_chosen,
            "np.argmin takes NaN for the smallest: a run that overflowed was chosen.",
        ),
        Misconception(_index, "this is the place of the best rate in the array; return the rate."),
        Misconception(_lowest_loss, "this is the lowest loss; return the rate that led to it."),
        Misconception(
            _on_the_way, "the lowest loss on the way was compared; the one after the last step is."
        ),
        Misconception(_highest, "this rate has the highest loss; take the lowest."),
        Misconception(
            _shortest_gradient,
            "the lengths of the gradients were compared, not the losses.",
        ),
        Misconception(
            _in_turn, "each run went on where the last one ended: all start from the same w."
        ),
        Misconception(
            _first_gradient,
            "the gradient was computed once, at the start: compute it anew at each point.",
        ),
        Misconception(_uphill, "the runs went along +∇L, uphill: subtract rate times gradient."),
        Misconception(
            _largest_that_fell,
            "this is the largest rate whose loss fell at all; take the lowest loss.",
        ),
        Misconception(
            lambda loss, gradient, w, rates, steps: best_rate(loss, gradient, w, rates, steps + 1),
            "one step too many: compare the losses after exactly steps steps.",
        ),
        Misconception(
            lambda loss, gradient, w, rates, steps: best_rate(
                loss, gradient, w, rates, max(steps - 1, 1)
            ),
            "one step is missing: compare the losses after exactly steps steps.",
        ),
    ),
)


def scaled_condition(H):
    """Return κ after every parameter is scaled to the curvature 1."""
    scale = np.sqrt(np.diag(H))
    curvatures = np.linalg.eigvalsh(H / np.outer(scale, scale))
    return curvatures[-1] / curvatures[0]


def _condition(H: np.ndarray) -> float:
    curvatures = np.linalg.eigvalsh(H)
    return curvatures[-1] / curvatures[0]


SCALED_CONDITION = Exercise(
    slug="08-scaled-condition",
    title="What scaling leaves",
    minutes=8,
    difficulty=2,
    reference=scaled_condition,
    remark="For a diagonal matrix 1 is left: then a rate per parameter is the whole cure.",
    hints=(
        r"Write $\tilde w_i = s_i w_i$. The chain rule is used twice, so entry $ij$ of the matrix "
        r"is divided by $s_i$ and by $s_j$. Which $s_i$ makes entry $ii$ equal to 1?",
        r"$s_i = \sqrt{H_{ii}}$. `np.outer(s, s)` holds all products $s_i s_j$, and "
        "`np.linalg.eigvalsh` gives the eigenvalues in rising order.",
    ),
    probes=(
        Probe("H = [[8, 2], [2, 2]]", (np.array([[8.0, 2.0], [2.0, 2.0]]),)),
        Probe("a diagonal matrix (5, 0.1, 3)", (np.diag([5.0, 0.1, 3.0]),)),
        Probe(
            "H = [[9, 1, -2], [1, 0.5, 0.3], [-2, 0.3, 4]]",
            (np.array([[9.0, 1.0, -2.0], [1.0, 0.5, 0.3], [-2.0, 0.3, 4.0]]),),
        ),
        Probe("the ravine at 45 degrees", (np.array([[1.05, -0.95], [-0.95, 1.05]]),)),
    ),
    misconceptions=(
        Misconception(_condition, "this is κ of H itself: scale first, so that the diagonal is 1."),
        Misconception(
            lambda H: 1 / scaled_condition(H), "κ is the largest over the smallest, not inverse."
        ),
        Misconception(
            lambda H: np.diag(H).max() / np.diag(H).min(),
            "the diagonal entries are not the curvatures unless H is diagonal; find eigenvalues.",
        ),
        Misconception(
            lambda H: 1.0,
            "ones on the diagonal do not make all curvatures 1: the other entries stay.",
        ),
        Misconception(
            lambda H: _condition(H / np.outer(np.diag(H), np.diag(H))),
            "entry ij was divided by HᵢᵢHⱼⱼ; the diagonal is 1 after division by the root of that.",
        ),
        Misconception(
            lambda H: _condition(H * np.outer(np.sqrt(np.diag(H)), np.sqrt(np.diag(H)))),
            "multiplied where it should be divided: the diagonal is now H² and not 1.",
        ),
        Misconception(
            lambda H: _condition(H / np.sqrt(np.diag(H))),
            "only the columns were scaled: the chain rule acts twice, on rows and on columns.",
        ),
        Misconception(
            lambda H: _condition(H / np.diag(H)),
            "the columns were divided by Hᵢᵢ; that is not symmetric, and eigvalsh sees half of it.",
        ),
        Misconception(
            lambda H: scaled_condition(H) ** 0.5,
            "this is the root of κ: eigenvalues of H are curvatures already, not deviations.",
        ),
        Misconception(
            lambda H: np.linalg.eigvalsh(H / np.sqrt(np.outer(np.diag(H), np.diag(H))))[-1],
            "this is the largest curvature after scaling; divide it by the smallest.",
        ),
    ),
)


def _bowl(curvatures: list[float], noise: float = 0.0) -> tuple:
    rng = np.random.default_rng(8)
    H = np.array(curvatures)
    return lambda w: w @ (H * w) / 2, lambda w: H * w + noise * rng.standard_normal(2)


def _soft_walls() -> tuple:
    """ln(1 + e^w) - 0.8 w in each parameter, less its minimum: curved at the bottom only."""
    low = np.log(5.0) - 0.8 * np.log(4.0)
    return (
        lambda w: np.sum(np.logaddexp(0, w) - 0.8 * w - low),
        lambda w: 1 / (1 + np.exp(-w)) - 0.8,
    )


def loss_curve(letter: str, factor: float = 1.0) -> np.ndarray:
    """Return the loss at steps 0 to 200 of run a, b, c or d, with its rate times ``factor``."""
    (loss, gradient), lr, w = {
        "a": (_bowl([1.0, 399.0]), 0.005, np.array([2.0, 0.1])),
        "b": (_bowl([1.0, 1.0], noise=0.3), 0.4, np.array([2.0, 1.0])),
        "c": (_bowl([1.0, 0.8]), 0.005, np.array([2.0, 1.5])),
        "d": (_soft_walls(), 14.0, np.array([2.0, 2.0])),
    }[letter]
    losses = [loss(w)]
    for _ in range(200):
        w = w - factor * lr * gradient(w)
        losses.append(loss(w))
    return np.array(losses)


def too_small_rate():
    """Return the letter of the run that gains most, in its last 50 losses, from twice the rate."""
    gains = {}
    for letter in "abcd":
        before, after = loss_curve(letter), loss_curve(letter, 2.0)
        gains[letter] = after[-50:].mean() / before[-50:].mean()
    return min(gains, key=lambda letter: gains[letter])


TOO_SMALL = Exercise(
    slug="08-too-small",
    title="Which rate is too small?",
    minutes=8,
    difficulty=2,
    reference=too_small_rate,
    options="abcd",
    remark="Its line gets twice as steep at twice the rate; the line of a looks the same before.",
    hints=(
        "Set `factor` to 2, then to 0.5, and compare the four curves with those of factor 1.",
        "A line that gets steeper with the rate is what you look for. What would you try for a run "
        "that diverges at twice its rate, and for one whose level rises?",
    ),
    misconceptions=(
        Misconception(
            "a", "at twice its rate this run diverges: its rate is right and κ = 399 makes it slow."
        ),
        Misconception(
            "b", "its floor comes from noise in the gradient; a larger rate raises the floor."
        ),
        Misconception(
            "d",
            "it jumps between two levels, and at twice the rate they are higher; half the rate "
            "ends that.",
        ),
    ),
    explanation=(
        "Run a is a valley at its best rate, b a round bowl with a noisy gradient, c a round bowl "
        "with a small rate, d a loss whose bottom is more curved than its walls, above the edge."
    ),
)


def half_cured_angle():
    """Return the first angle in degrees at which the scaled ravine still has κ of 10 or more."""
    for degrees in np.arange(0, 45, 0.05):
        cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        R = np.array([[cos, -sin], [sin, cos]])
        H = R @ np.diag([0.1, 2.0]) @ R.T
        scale = np.sqrt(np.diag(H))
        curvatures = np.linalg.eigvalsh(H / np.outer(scale, scale))
        if curvatures.max() >= 10 * curvatures.min():
            return degrees


def _angle(kappa: float, steep: float = 2.0, flat: float = 0.1) -> float:
    r = (kappa - 1) / (kappa + 1)
    sine = 2 * r * np.sqrt(flat * steep / (1 - r**2)) / (steep - flat)
    return np.degrees(np.arcsin(sine)) / 2


TURNED = Exercise(
    slug="08-turned",
    title="How much turning spoils the cure?",
    minutes=12,
    difficulty=3,
    reference=half_cured_angle,
    tolerance=0.024,
    remark="A turn of 21 degrees leaves half of κ: rates per parameter need the axes to fit.",
    hints=(
        "For one angle: the matrix from the cell, scaled to ones on its diagonal, and the ratio of "
        "its eigenvalues. Then let the angle run from 0 to 45.",
        "`scaled_condition(ravine(angle=np.radians(degrees)).hessian(start))` in a loop over "
        "`np.arange(0, 45, 0.1)`; print it where it first reaches 10.",
    ),
    misconceptions=(
        Misconception(
            90 - _angle(10), "κ is 10 here too, on the way back to 0; the smallest angle is asked."
        ),
        Misconception(np.radians(_angle(10)), "this is the angle in radians; give it in degrees."),
        Misconception(22.5, "half the angle is not half of κ: the curve is no straight line."),
        Misconception(45.0, "at 45 degrees all of κ = 20 is left; half of it is asked for."),
        Misconception(2 * _angle(10), "this is twice the angle; H holds the double angle, sin 2φ."),
        Misconception(
            _angle(np.sqrt(20)),
            "here κ is the root of 20, half on a logarithmic scale; 10 is asked.",
        ),
        Misconception(_angle(5), "here κ is 5; look for 10, half of the ravine's 20."),
    ),
)

EXERCISES = (BEST_RATE, SWEEP, SCALED_CONDITION, TOO_SMALL, TURNED)
