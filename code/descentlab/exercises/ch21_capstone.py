"""Exercises of chapter 21, choosing an optimizer.

Paired intervals by hand and in code, a fair protocol, choosing on one part of the data and
reporting on another, ranks by several criteria, and what the best of thirteen equals gains.
"""

import numpy as np

from descentlab.exercises.exercise import Exercise, Misconception, Probe

_A, _B = np.array([95.0, 98, 96, 99]), np.array([94.0, 96, 96, 98])


def half_width() -> float:
    """Return t₃ times the standard error of the four differences."""
    d = np.array([1, 2, 0, 1])
    return 3.18 * d.std(ddof=1) / np.sqrt(4)


HALF_WIDTH = Exercise(
    slug="21-half-width",
    title="An interval by hand",
    minutes=6,
    difficulty=1,
    reference=half_width,
    tolerance=5e-3,
    remark="d = (1, 2, 0, 1): mean 1, s² = 2/3, so 1 ± 1.30. Four seeds do not leave out 0.",
    hints=(
        "Take the difference of each seed first. Everything else is computed from these four.",
        r"$d = (1, 2, 0, 1)$ has the mean 1; $s^2 = (0 + 1 + 1 + 0)/3$. Then the standard error.",
    ),
    misconceptions=(
        Misconception(
            3.18 * np.sqrt((_A.var(ddof=1) + _B.var(ddof=1)) / 4),
            "this is the unpaired width; take the differences first, then their spread.",
        ),
        Misconception(
            3.18 * np.sqrt(2 / 3), "this is t·s, for a single difference; the mean of 4 has s/√4."
        ),
        Misconception(
            3.18 * np.sqrt(1 / 2) / 2, "the squares were divided by 4; for s² divide by n − 1 = 3."
        ),
        Misconception(
            1.96 * np.sqrt(2 / 3) / 2, "1.96 is for a known spread; four values need t₃ = 3.18."
        ),
        Misconception(np.sqrt(2 / 3) / 2, "this is the standard error; multiply it by t₃ = 3.18."),
        Misconception(
            3.18 * 2 / 3 / 2, "the variance s² was used; the standard error has s = √s²."
        ),
        Misconception(3.18 * np.sqrt(2 / 3) / 4, "s was divided by n; the standard error is s/√n."),
        Misconception(1.0, "this is the mean difference; the half width of its interval is asked."),
        Misconception(
            3.18 * np.sqrt(2 / 3) / np.sqrt(3),
            "divided by √3; only s² has n − 1, the mean has s/√n.",
        ),
        Misconception(
            1 - half_width(), "this is the interval's lower end; half its length is asked for."
        ),
        Misconception(
            1 + half_width(), "this is the interval's upper end; half its length is asked for."
        ),
    ),
)


def paired_interval(a, b, factor):
    """Return the lower and the upper end of the paired interval for the mean of a − b."""
    d = np.asarray(a, float) - np.asarray(b, float)
    half = factor * d.std(ddof=1) / np.sqrt(len(d))
    return np.array([d.mean() - half, d.mean() + half])


def _ends(center, half):
    """Return an answer with another center or another half width, functions of a and b."""

    def answer(a, b, factor):
        a, b = np.asarray(a, float), np.asarray(b, float)
        middle, width = center(a, b), factor * half(a, b)
        return np.array([middle - width, middle + width])

    return answer


def _mean(a, b):
    return (a - b).mean()


def _error(a, b):
    return (a - b).std(ddof=1) / np.sqrt(len(a))


_RNG = np.random.default_rng(21)

PAIRED = Exercise(
    slug="21-paired-interval",
    title="A paired interval",
    minutes=6,
    difficulty=1,
    reference=paired_interval,
    remark="Pairing takes out what the seeds have in common, here the division and the start.",
    hints=(
        "One line makes the differences; after it `a` and `b` are not needed any more.",
        "The half width is `factor` times the standard error: the standard deviation with "
        "`ddof=1`, over the root of the number of seeds.",
    ),
    probes=tuple(
        Probe(f"{n} seeds, factor {factor}", (common + x, common + y, factor))
        for n, factor in ((4, 3.18), (12, 2.2), (3, 4.3))
        for common in (90 + _RNG.normal(0, 3, n),)
        for x, y in (_RNG.normal(0, 1, (2, n)),)
    ),
    misconceptions=(
        Misconception(
            _ends(_mean, lambda a, b: np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))),
            "this is the unpaired interval: take the difference of each seed first.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a - b).std(ddof=1)),
            "the standard deviation stands for the standard error: divide by √n.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a - b).std() / np.sqrt(len(a))),
            "the squares were divided by n: np.std needs ddof=1 here.",
        ),
        Misconception(
            _ends(lambda a, b: (b - a).mean(), _error),
            "this is the interval of b − a; a − b is asked for.",
        ),
        Misconception(
            lambda a, b, factor: _ends(_mean, _error)(a, b, 1.0),
            "the factor is missing: this is one standard error to each side.",
        ),
        Misconception(
            lambda a, b, factor: _ends(_mean, _error)(a, b, 1.96),
            "1.96 stands for the factor; with few seeds Student's is larger.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a - b).var(ddof=1) / np.sqrt(len(a))),
            "the variance stands for the standard deviation: take its root.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a - b).std(ddof=1) / np.sqrt(len(a) - 1)),
            "n − 1 belongs in s only; the standard error is s/√n.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a - b).std(ddof=1) / len(a)),
            "divided by n; the standard error is s/√n.",
        ),
        Misconception(
            _ends(_mean, lambda a, b: (a.std(ddof=1) + b.std(ddof=1)) / np.sqrt(len(a))),
            "the half widths of a and b were added; use the spread of the differences.",
        ),
        Misconception(
            _ends(lambda a, b: np.abs(a - b).mean(), _error),
            "the differences lost their signs: those below 0 must count as such.",
        ),
        Misconception(
            lambda a, b, factor: np.array([_mean(a, b), factor * _error(a, b)]),
            "these are the mean and the half width; the two ends are asked for.",
        ),
        Misconception(
            lambda a, b, factor: paired_interval(a, b, factor)[::-1],
            "the ends are exchanged: the lower one comes first.",
        ),
    ),
)


def fair_protocol():
    """Return the letter of the protocol with equal trials, an honest choice and all seeds."""
    protocols = {
        "a": {"equal trials": False, "chosen on validation": True, "all seeds": True},
        "b": {"equal trials": True, "chosen on validation": False, "all seeds": True},
        "c": {"equal trials": True, "chosen on validation": True, "all seeds": False},
        "d": {"equal trials": True, "chosen on validation": True, "all seeds": True},
    }
    return next(letter for letter, kept in protocols.items() if all(kept.values()))


PROTOCOL = Exercise(
    slug="21-protocol",
    title="Which protocol is fair?",
    minutes=6,
    difficulty=2,
    reference=fair_protocol,
    options="abcd",
    remark="Nine trials each. How a procedure spends them is its own affair, and is reported.",
    hints=(
        "Count the trials of each rule. Look at which examples take part in the choice.",
        "And who is left out of the mean? A rule that fails in two of ten seeds should show it.",
    ),
    misconceptions=(
        Misconception(
            "a", "Adam gets 81 trials against 9: more search finds better settings, for any rule."
        ),
        Misconception(
            "b", "the rate is chosen on the test examples, so its accuracy there is optimistic."
        ),
        Misconception(
            "c", "seeds are left out by their result: a rule is rewarded for failing on hard ones."
        ),
    ),
    explanation=(
        "In d the two search spaces differ, but each procedure has nine trials. With three rates "
        "Adam's grid may miss the best one; then the report is a fair statement about this way to "
        "spend nine trials, not about the best that Adam can do."
    ),
)


def report(validation, test):
    """Return each seed's test accuracy at the rate that is best on its validation examples."""
    best = np.nanargmax(validation, axis=0)
    return test[best, np.arange(test.shape[1])]


def _filled(values):
    return np.where(np.isnan(values), -np.inf, values)


def _last_of_equals(validation, test):
    places = len(validation) - 1 - np.argmax(_filled(validation)[::-1], axis=0)
    return test[places, np.arange(test.shape[1])]


def _one_rate(validation, test):
    return test[np.argmax(_filled(validation).mean(axis=1))]


def _nan_chosen(validation, test):
    best = np.argmax(validation, axis=0)
    return test[best, np.arange(test.shape[1])]


_nan = np.nan
_V = np.array([[0.9, 0.95, 0.7], [0.95, 0.9, 0.96], [0.9, 0.95, 0.96]])
_T = np.array([[0.91, 0.93, 0.72], [0.92, 0.94, 0.95], [0.97, 0.96, 0.98]])
_VN = np.array([[0.8, _nan, 0.6, 0.9], [0.7, 0.9, _nan, 0.8], [_nan, 0.85, 0.65, 0.7]])
_TN = np.array([[0.75, _nan, 0.62, 0.81], [0.79, 0.84, _nan, 0.83], [_nan, 0.88, 0.6, 0.72]])

REPORT = Exercise(
    slug="21-report",
    title="Choose here, report there",
    minutes=8,
    difficulty=2,
    reference=report,
    remark="The test array is read only after all choices are made.",
    hints=(
        "Two steps: the place of the best rate for each seed, then these places in `test`. "
        "Which NumPy function finds the largest entry and skips `nan`?",
        "`np.nanargmax(..., axis=0)` gives one row number per seed. To take one entry per column, "
        "index with two arrays: rows and columns.",
    ),
    probes=(
        Probe("3 rates, 3 seeds, two ties", (_V, _T)),
        Probe("3 rates, 4 seeds, three diverged runs", (_VN, _TN)),
        Probe("2 rates, 1 seed", (np.array([[0.5], [0.6]]), np.array([[0.7], [0.4]]))),
    ),
    misconceptions=(
        Misconception(
            lambda validation, test: np.nanmax(test, axis=0),
            "this is the best on test: the test examples must have no part in the choice.",
        ),
        Misconception(
            lambda validation, test: np.nanmax(validation, axis=0),
            "these are the validation accuracies that made the choice; report those on test.",
        ),
        Misconception(_nan_chosen, "a diverged run was chosen: np.argmax takes nan for largest."),
        Misconception(
            lambda validation, test: np.nanargmax(validation, axis=0),
            "these are the places of the chosen rates; return the test accuracies there.",
        ),
        Misconception(
            _one_rate, "one rate was chosen for all seeds: each seed chooses its own here."
        ),
        Misconception(_last_of_equals, "among equal rates the last was chosen; take the first."),
        Misconception(
            lambda validation, test: test[np.nanargmin(validation, axis=0), range(test.shape[1])],
            "the rate with the lowest accuracy was chosen: higher is better.",
        ),
        Misconception(
            lambda validation, test: np.nanmean(test, axis=0),
            "these are means over all rates; only the chosen run of each seed is reported.",
        ),
        Misconception(
            lambda validation, test: report(validation, test).mean(),
            "this is the mean over the seeds; return one accuracy per seed.",
        ),
    ),
)


def ranks(scores, larger_is_better):
    """Return 1 plus the number of methods that are strictly better, for each criterion."""
    signed = np.where(larger_is_better, scores, -np.asarray(scores))
    better = signed[None, :, :] > signed[:, None, :]
    return 1 + better.sum(axis=1)


def _signed(scores, larger_is_better):
    return np.where(larger_is_better, scores, -np.asarray(scores, float))


def _places(scores, larger_is_better):
    return np.argsort(-_signed(scores, larger_is_better), axis=0, kind="stable")


def _no_ties(scores, larger_is_better):
    return 1 + np.argsort(_places(scores, larger_is_better), axis=0)


def _mean_of_ties(scores, larger_is_better):
    s = _signed(scores, larger_is_better)
    equal = (s[None] == s[:, None]).sum(axis=1)
    return ranks(scores, larger_is_better) + (equal - 1) / 2


def _dense(scores, larger_is_better):
    s = _signed(scores, larger_is_better)
    columns = [np.unique(-column, return_inverse=True)[1] for column in s.T]
    return 1 + np.stack(columns, axis=1)


def _worst_of_ties(scores, larger_is_better):
    s = _signed(scores, larger_is_better)
    return (s[None] >= s[:, None]).sum(axis=1)


RANKS = Exercise(
    slug="21-ranks",
    title="Ranks by several criteria",
    minutes=10,
    difficulty=2,
    reference=ranks,
    remark="A rank hides how large a difference is: 1 and 2 may be a tenth of a point apart.",
    hints=(
        "Make every criterion one in which larger is better. Then count, for each method, those "
        "above it.",
        "`signed[None, :, :] > signed[:, None, :]` compares every method with every other one, in "
        "each criterion.",
    ),
    probes=(
        Probe(
            "3 methods; accuracy and epochs",
            (np.array([[97.1, 6.0], [96.5, 4.0], [97.4, 5.0]]), np.array([True, False])),
        ),
        Probe(
            "4 methods with ties; three criteria",
            (
                np.array([[3.0, 1.0, 2.0], [5.0, 1.0, 2.0], [3.0, 4.0, 2.0], [1.0, 0.0, 2.0]]),
                np.array([True, False, True]),
            ),
        ),
        Probe(
            "5 methods, one criterion",
            (np.array([[2.0], [9.0], [4.0], [4.0], [7.0]]), np.array([True])),
        ),
    ),
    misconceptions=(
        Misconception(
            lambda scores, larger_is_better: ranks(scores, ~np.asarray(larger_is_better)),
            "the ranks are upside down: the best method has rank 1.",
        ),
        Misconception(
            lambda scores, larger_is_better: ranks(scores, np.ones(np.shape(scores)[1], bool)),
            "larger was taken as better everywhere: look at larger_is_better.",
        ),
        Misconception(
            lambda scores, larger_is_better: ranks(scores, larger_is_better) - 1,
            "counted from 0: the best method has rank 1.",
        ),
        Misconception(
            lambda scores, larger_is_better: 1 + _places(scores, larger_is_better),
            "argsort tells which method is at each place, not the place of each method.",
        ),
        Misconception(_no_ties, "equal scores got different ranks: count the strictly better."),
        Misconception(
            _mean_of_ties, "equal scores got their mean rank; here they share the best of them."
        ),
        Misconception(
            _dense, "after equal scores a rank must be left out: count methods, not values."
        ),
        Misconception(
            lambda scores, larger_is_better: 1 + _worst_of_ties(scores, larger_is_better),
            "each method was counted as better than itself: count the strictly better.",
        ),
        Misconception(
            _worst_of_ties, "equal scores count as better here: count the strictly better only."
        ),
        Misconception(
            lambda scores, larger_is_better: (
                1
                + (
                    _signed(scores, larger_is_better)[:, None, :]
                    > _signed(scores, larger_is_better)[:, :, None]
                ).sum(axis=2)
            ),
            "criteria were compared with each other: rank the methods within each column.",
        ),
        Misconception(
            lambda scores, larger_is_better: ranks(scores, larger_is_better).mean(axis=1),
            "these are mean ranks, one per method; return the ranks in every criterion.",
        ),
    ),
)


def best_of_thirteen() -> float:
    """Return how far the mean of the greatest of 13 accuracies lies above 97, in points."""
    rng = np.random.default_rng(0)
    right = rng.binomial(359, 0.97, size=(30_000, 13))
    return 100 * right.max(axis=1).mean() / 359 - 97


BEST = Exercise(
    slug="21-best-of-thirteen",
    title="The best of thirteen equals",
    minutes=12,
    difficulty=3,
    reference=best_of_thirteen,
    tolerance=0.015,
    remark="1.40 points, all of it luck. On fresh digits the winner has 97 % like the others.",
    hints=(
        "Draw the thirteen numbers many times, keep the greatest of each, and take the mean.",
        "`rng.binomial(359, 0.97, size=(repeats, 13))` draws many comparisons at once. With "
        "30 000 of them the mean is exact to less than 0.01 points.",
    ),
    misconceptions=(
        Misconception(
            0.0, "each method has 97 % on average, but the greatest of thirteen has more."
        ),
        Misconception(
            100 * np.sqrt(0.97 * 0.03 / 359),
            "this is the standard deviation of one accuracy; the greatest of 13 is further out.",
        ),
        Misconception(
            97 + best_of_thirteen(), "this is the mean of the greatest; subtract 97 points."
        ),
        Misconception(
            best_of_thirteen() * 359 / 100, "this is a number of digits; give points of 359 digits."
        ),
        Misconception(
            3.0, "100 % is the most that is possible; take the mean over many comparisons."
        ),
        Misconception(
            1.96 * 100 * np.sqrt(0.97 * 0.03 / 359),
            "this is the half width of an interval for one method, not the mean of the greatest.",
        ),
        Misconception(
            1.668 * 100 * np.sqrt(0.97 * 0.03 / 359),
            "normal numbers give this; near 100 % the counts are skewed: draw binomial ones.",
        ),
        Misconception(
            100 * 353 / 359 - 97, "this is the median of the greatest; its mean is asked for."
        ),
    ),
    explanation=(
        "A sum gives it without drawing: the greatest of thirteen is at most $k$ when all are, so "
        "its distribution function is the 13th power of one method's. In this chapter the methods "
        "share their test digits, which makes the luck smaller."
    ),
)

EXERCISES = (HALF_WIDTH, PAIRED, PROTOCOL, REPORT, RANKS, BEST)
