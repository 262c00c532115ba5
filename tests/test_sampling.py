"""Oracles: unbiased, of the right variance, each example once an epoch; runs apart and together."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descentlab.data import load_breast_cancer, standardise
from descentlab.loops import descend
from descentlab.models import LinearRegression, LogisticRegression, SoftmaxRegression
from descentlab.network import BatchNorm, Dense, Dropout, Network, Tanh
from descentlab.optimizers import GradientDescent
from descentlab.sampling import Batches, full_batch, mini_batch, single_example

MODEL = LogisticRegression(l2=0.1)


def rng(seed=0):
    return np.random.default_rng(seed)


def tiny(n=6, d=3):
    return rng(5).normal(size=(n, d)), rng(6).integers(2, size=n), rng(7).normal(size=d)


def test_the_mean_of_all_single_gradients_is_the_full_gradient():
    data = load_breast_cancer()
    X, y = standardise(data.X)[0], data.y
    w = rng().normal(size=X.shape[1])
    full = full_batch(LogisticRegression(), X, y)(w)
    oracle = single_example(LogisticRegression(), X, y, rng())
    singles = np.array([oracle(w) for _ in range(len(X))])
    scale = np.abs(singles).max()
    assert np.abs(singles.mean(axis=0) - full).max() < 1e-14 * scale
    assert oracle.epoch == 1
    assert oracle.examples_seen == 569


def variance(gradients):
    """Mean squared distance from the mean: the trace of the covariance."""
    gradients = np.asarray(gradients)
    return ((gradients - gradients.mean(axis=0)) ** 2).sum(axis=-1).mean()


@pytest.mark.parametrize("s", [1, 2, 3, 6])
def test_batch_variance_by_enumeration_of_all_batches(s):
    X, y, w = tiny()
    each = MODEL.per_example_gradients(w, X, y)
    sigma2, n = variance(each), len(X)
    drawn = [MODEL.gradient(w, X[list(b)], y[list(b)]) for b in product(range(n), repeat=s)]
    chosen = [MODEL.gradient(w, X[list(b)], y[list(b)]) for b in combinations(range(n), s)]
    assert variance(drawn) == pytest.approx(sigma2 / s, rel=1e-12)
    expected = sigma2 / s * (n - s) / (n - 1)
    assert variance(chosen) == pytest.approx(expected, rel=1e-12, abs=1e-28)
    full = MODEL.gradient(w, X, y)
    np.testing.assert_allclose(np.mean(drawn, axis=0), full, atol=1e-14)
    np.testing.assert_allclose(np.mean(chosen, axis=0), full, atol=1e-14)


@pytest.mark.parametrize("replace", [True, False])
@pytest.mark.parametrize("s", [1, 2, 4])
def test_batch_variance_of_the_oracle_by_statistics(s, replace):
    X, y, w = tiny()
    runs, epochs, n = 4000, 10, len(X)
    oracle = mini_batch(MODEL, X, y, s, rng(1).spawn(runs), replace)
    stacked = np.tile(w, (runs, 1))
    steps = [oracle(stacked) for _ in range(epochs * oracle.batches_per_epoch)]
    first = np.concatenate(steps[:: oracle.batches_per_epoch])
    each = MODEL.per_example_gradients(w, X, y)
    expected = variance(each) / s * (1 if replace else (n - s) / (n - 1))
    assert variance(first) == pytest.approx(expected, rel=0.03)
    error = np.abs(first.mean(axis=0) - each.mean(axis=0)).max()
    assert error < 5 * np.sqrt(expected / len(first))


@given(st.integers(1, 20), st.integers(1, 20), st.booleans(), st.integers(0, 10))
def test_an_epoch_shows_every_example_exactly_once(n, s, drop_last, seed):
    s = min(s, n)
    batches = Batches(n, s, rng(seed), drop_last=drop_last)
    for _ in range(3):
        epoch = [next(batches) for _ in range(len(batches))]
        seen = np.concatenate(epoch)
        assert len(np.unique(seen)) == len(seen)
        assert len(seen) == (n - n % s if drop_last else n)
        assert all(len(batch) == s for batch in epoch[:-1])
        assert len(epoch[-1]) == (s if drop_last else (n - 1) % s + 1)


def test_each_epoch_has_its_own_order():
    batches = Batches(50, 50, rng())
    assert (next(batches) != next(batches)).any()


def test_with_replacement_batches_are_full_and_examples_repeat():
    batches = Batches(10, 4, rng(), replace=True)
    drawn = [next(batches) for _ in range(300)]
    assert {len(batch) for batch in drawn} == {4}
    assert any(len(set(batch)) < 4 for batch in drawn)
    counts = np.bincount(np.concatenate(drawn), minlength=10)
    assert (abs(counts - 120) < 5 * np.sqrt(120 * 0.9)).all()


@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.booleans())
def test_a_generator_is_asked_once_per_pass_for_the_rows_of_that_pass(n, s, replace, drop_last):
    s = min(s, n)
    batches, twin = Batches(n, s, rng(), replace, drop_last), rng()
    count = n // s if drop_last else -(-n // s)
    for _ in range(3):
        rows = np.concatenate([next(batches) for _ in range(count)])
        drawn = twin.integers(n, size=count * s) if replace else twin.permutation(n)
        np.testing.assert_array_equal(rows, drawn[: count * s])


def test_counts_of_examples_and_epochs():
    X, y, w = tiny(n=7)
    oracle = mini_batch(MODEL, X, y, 3, rng())
    assert (oracle.batches_per_epoch, oracle.epoch, oracle.examples_seen) == (3, 0, 0)
    assert oracle.batch is None
    seen = []
    for _ in range(4):
        oracle(w)
        seen.append((oracle.examples_seen, oracle.epoch, len(oracle.batch)))
    assert seen == [(3, 0, 3), (6, 0, 3), (7, 1, 1), (10, 1, 3)]
    dropping = mini_batch(MODEL, X, y, 3, rng(), drop_last=True)
    [dropping(w) for _ in range(4)]
    assert (dropping.batches_per_epoch, dropping.epoch, dropping.examples_seen) == (2, 2, 12)
    full = full_batch(MODEL, X, y)
    full(w), full(w)
    assert (full.epoch, full.examples_seen, full.batches_per_epoch) == (2, 14, 1)


def test_the_gradient_is_that_of_the_reported_batch():
    X, y, w = tiny()
    oracle = mini_batch(MODEL, X, y, 4, rng())
    for _ in range(3):
        g = oracle(w)
        expected = MODEL.gradient(w, X[oracle.batch], y[oracle.batch].astype(float))
        np.testing.assert_array_equal(g, expected)


def test_a_single_example_is_a_mini_batch_of_one():
    X, y, w = tiny()
    for replace in (False, True):
        one, batch = (
            single_example(MODEL, X, y, rng(3), replace),
            mini_batch(MODEL, X, y, 1, rng(3), replace),
        )
        for _ in range(10):
            np.testing.assert_array_equal(one(w), batch(w))


def test_one_generator_gives_all_runs_the_same_batch():
    X, y, _ = tiny()
    w = rng(8).normal(size=(5, 3))
    together, alone = mini_batch(MODEL, X, y, 2, rng(1)), mini_batch(MODEL, X, y, 2, rng(1))
    g = together(w)
    np.testing.assert_array_equal(g[2], alone(w[2]))
    np.testing.assert_array_equal(together.batch, alone.batch)


@pytest.mark.parametrize("model", [MODEL, LinearRegression(), SoftmaxRegression(classes=2)])
@pytest.mark.parametrize("replace", [False, True])
def test_one_generator_per_run_equals_each_run_alone_bit_for_bit(model, replace):
    X, y, _ = tiny(n=7)
    starts = rng(8).normal(size=(5, model.size(3)))
    rule = GradientDescent(lr=0.3)
    oracle = mini_batch(model, X, y, 3, rng(1).spawn(5), replace)
    together = descend(oracle, starts, rule, 20)
    for start, own, run in zip(starts, rng(1).spawn(5), range(5)):
        alone = descend(mini_batch(model, X, y, 3, own, replace), start, rule, 20)
        np.testing.assert_array_equal(together.w[:, run], alone.w)
    assert oracle.batch.shape[0] == 5
    assert (oracle.epoch, oracle.examples_seen) == (6, 60 if replace else 48)
    assert len({tuple(batch) for batch in oracle.batch}) > 1


def test_nothing_given_is_changed_or_copied():
    X, y, w = tiny()
    before = X.copy(), y.copy(), w.copy()
    oracle = mini_batch(MODEL, X, y, 2, rng())
    [oracle(w) for _ in range(5)]
    for now, old in zip((X, y, w), before):
        np.testing.assert_array_equal(now, old)
    assert oracle._X is X


def test_the_gradient_has_the_dtype_of_w():
    X, y, w = tiny()
    for make in (full_batch, lambda *a: mini_batch(*a, 2, rng())):
        assert make(MODEL, X, y)(w.astype(np.float32)).dtype == np.float32
        assert make(MODEL, X.astype(np.float32), y)(w.astype(np.float32)).dtype == np.float32


def test_a_plain_network_is_a_model_too():
    X, y, _ = tiny()
    network = Network([Dense(3, 4), Tanh(), Dense(4, 2)])
    w = network.init(rng())
    g = full_batch(network, X, y)(w)
    np.testing.assert_array_equal(g, network.loss_and_gradient(w, X, y)[1])
    for layer in (BatchNorm(4), Dropout()):
        network = Network([Dense(3, 4), layer, Dense(4, 2)])
        with pytest.raises(ValueError, match="use loss_and_gradient or fit"):
            full_batch(network, X, y)(network.init(rng()))


@pytest.mark.parametrize("bad", [0, np.random.RandomState(0), None, [], [rng(), 3], np.random])
def test_a_seed_is_no_generator(bad):
    X, y, _ = tiny()
    with pytest.raises(ValueError, match=r"^rng.* must be a np.random.Generator, got .*default"):
        mini_batch(MODEL, X, y, 2, bad)


@pytest.mark.parametrize("s", [0, -1, 2.0, True, None])
def test_a_bad_batch_size_is_refused(s):
    X, y, _ = tiny()
    with pytest.raises(ValueError, match=r"^batch_size must be a whole number >= 1, got"):
        mini_batch(MODEL, X, y, s, rng())


def test_more_bad_input_is_named():
    X, y, w = tiny()
    with pytest.raises(ValueError, match=r"^batch_size must be at most n = 6, got 7"):
        mini_batch(MODEL, X, y, 7, rng())
    with pytest.raises(ValueError, match="y must hold labels 0 and 1"):
        full_batch(MODEL, X, y + 1)
    with pytest.raises(ValueError, match="X must be finite"):
        single_example(MODEL, X * np.nan, y, rng())
    with pytest.raises(ValueError, match=r"w must have shape \(\.\.\., 3\), got shape \(2,\)"):
        full_batch(MODEL, X, y)(w[:2])
    with pytest.raises(ValueError, match=r"w must have shape \(\.\.\., 3\), got shape \(4,\)"):
        full_batch(MODEL, X, y)(np.ones(4))
    with pytest.raises(ValueError, match=r"w must have shape \(4, 3\).*4 generators"):
        mini_batch(MODEL, X, y, 2, rng().spawn(4))(w)
    with pytest.raises(ValueError, match=r"w must have shape \(4, 3\).*got shape \(5, 3\)"):
        mini_batch(MODEL, X, y, 2, rng().spawn(4))(np.ones((5, 3)))
    with pytest.raises(ValueError, match=r"w must have shape \(3, 3\).*got shape \(3,\)"):
        mini_batch(MODEL, X, y, 2, rng().spawn(3))(w)
    with pytest.raises(ValueError, match=r"^n must be a whole number >= 1, got 0"):
        Batches(0, 1, rng())
