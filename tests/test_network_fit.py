"""Fitting a network: what is recorded, what is drawn, and what a diverging run leaves."""

import dataclasses
import sys
import types
import warnings

import numpy as np
import pytest

from descentlab.data import blobs, line, load_digits
from descentlab.losses import binary_cross_entropy, squared_error
from descentlab.network import BatchNorm, Dense, Dropout, History, Network, ReLU, Tanh, fit
from descentlab.optimizers import Adam, GradientDescent
from descentlab.sampling import Batches

NET = Network([Dense(2, 8), Tanh(), Dense(8, 3)])
NOISY = Network([Dense(2, 8), BatchNorm(8), ReLU(), Dropout(0.2), Dense(8, 3)], l2=1e-3)
RULE = GradientDescent(lr=0.3)


def rng(seed=0):
    return np.random.default_rng(seed)


X, Y = blobs(90, rng(), classes=3, spread=0.4)


def test_fit_is_the_loop_that_its_parts_make():
    w = NOISY.init(rng(1))
    history = fit(NOISY, w, X, Y, Adam(lr=0.01), 3, 25, rng(2))
    draws, state, memory = rng(2), None, Adam(lr=0.01).init(w)
    batches = Batches(90, 25, draws)
    losses, hits, sizes = [], [], []
    for _ in range(3 * 4):
        rows = next(batches)
        z, loss, g, state = NOISY.train_step(w, X[rows], Y[rows], state, draws)
        w, memory = Adam(lr=0.01).step(w, g, memory)
        losses.append(loss), hits.append((z.argmax(-1) == Y[rows]).mean()), sizes.append(len(rows))
    assert sizes[:4] == [25, 25, 25, 15]
    np.testing.assert_array_equal(history.w, w)
    np.testing.assert_array_equal(history.state[1].var, state[1].var)
    for epoch in range(3):
        part = slice(4 * epoch, 4 * epoch + 4)
        expected = np.average(losses[part], weights=sizes[part])
        assert history.loss[epoch] == pytest.approx(expected, rel=1e-14)
        expected = np.average(hits[part], weights=sizes[part])
        assert history.accuracy[epoch] == pytest.approx(expected, rel=1e-14)
    assert history.validation_loss is history.validation_accuracy is None


def test_digits_are_learnt():
    data = load_digits()
    net = Network([Dense(64, 32), ReLU(), Dense(32, 10)])
    images, held_out = data.X / 16, slice(1400, None)
    history = fit(net, net.init(rng()), images[:1400], data.y[:1400], Adam(lr=0.01), 8, 32, rng(1),
                  validation=(images[held_out], data.y[held_out]))  # fmt: skip
    assert history.loss[-1] < 0.1 < history.loss[0]
    assert history.validation_accuracy[-1] > 0.85
    assert history.accuracy[-1] > 0.97


@pytest.mark.parametrize("net", [NET, NOISY])
def test_stacked_fits_equal_single_fits_bit_for_bit(net):
    w = net.init(rng(1).spawn(4))
    together = fit(net, w, X, Y, Adam(lr=0.01), 3, 20, rng(2).spawn(4), (X[:30], Y[:30]))
    names = ["loss", "accuracy", "validation_loss", "validation_accuracy"]
    assert all(getattr(together, name).shape == (3, 4) for name in names)
    for run, own in enumerate(rng(2).spawn(4)):
        alone = fit(net, w[run], X, Y, Adam(lr=0.01), 3, 20, own, (X[:30], Y[:30]))
        np.testing.assert_array_equal(together.w[run], alone.w)
        for name in names:
            np.testing.assert_array_equal(getattr(together, name)[:, run], getattr(alone, name))
    shared = fit(net, w, X, Y, Adam(lr=0.01), 3, 20, rng(2))
    alone = fit(net, w[3], X, Y, Adam(lr=0.01), 3, 20, rng(2))
    np.testing.assert_array_equal(shared.w[3], alone.w)


def test_the_validation_loss_is_without_penalty_and_in_evaluation_mode():
    history = fit(NOISY, NOISY.init(rng()), X, Y, RULE, 2, 20, rng(), (X[:40], Y[:40]))
    value = NOISY.value(history.w, X[:40], Y[:40], history.state)
    penalty = NOISY.l2 / 2 * history.w @ history.w
    assert history.validation_loss[-1] == pytest.approx(value - penalty, rel=1e-12)
    expected = NOISY.accuracy(history.w, X[:40], Y[:40], history.state)
    assert history.validation_accuracy[-1] == expected


def test_the_validation_accuracy_counts_labels_missed_on_either_side():
    w = NET.init(rng(5))
    history = fit(NET, w, X, Y, GradientDescent(lr=0.0), 1, 30, rng(), (X, Y))
    predicted = NET.predict(w, X)
    assert (predicted < Y).any()
    assert (predicted > Y).any()
    assert history.validation_accuracy.tolist() == [(predicted == Y).mean()]


def test_diverged_is_the_first_bad_epoch_even_if_the_loss_comes_back():
    good, bad = 1.0, np.inf
    one = History(None, (), np.array([good, bad, good, np.nan]), None, None, None, [])
    assert one.diverged == 1
    assert type(one.diverged) is int
    loss = np.array([[good, good, bad], [good, bad, good], [good, good, good]])
    several = History(None, (), loss, None, None, None, [])
    assert several.diverged.tolist() == [-1, 1, 0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.loss = loss


@pytest.mark.parametrize("rows", [(), (2,)])
def test_a_diverging_fit_is_data_and_leaks_no_warning(rows):
    net = Network([Dense(1, 4), ReLU(), Dense(4, 1)], squared_error)
    x, y = line(40, rng())
    lr = np.array([[0.01], [1e6]]) if rows else 1e6
    w = net.init(rng().spawn(2) if rows else rng())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = fit(net, w, x, y, GradientDescent(lr=lr), 6, 10, rng(), (x, y))
    bad = history.loss[:, 1] if rows else history.loss
    first = history.diverged[1] if rows else history.diverged
    assert 0 <= first < 6
    assert np.isfinite(bad[:first]).all()
    assert not np.isfinite(bad[first:]).any()
    assert not np.isfinite(history.validation_loss[-1]).all()
    if rows:
        assert history.diverged[0] == -1
        assert np.isfinite(history.loss[:, 0]).all()
        assert np.isfinite(history.w[0]).all()


def test_accuracy_is_nan_after_divergence_and_for_squared_error():
    net = Network([Dense(2, 8), ReLU(), Dense(8, 3)])
    history = fit(net, net.init(rng()), X, Y, GradientDescent(lr=1e200), 3, 30, rng())
    assert not np.isfinite(history.loss[-1])
    assert np.isnan(history.accuracy[-1])
    net = Network([Dense(1, 1)], squared_error)
    assert np.isnan(fit(net, net.init(rng()), *line(20, rng()), RULE, 2, 5, rng()).accuracy).all()


def test_float32_stays_float32_from_float64_data():
    w = NOISY.init(rng(), np.float32)
    history = fit(NOISY, w, X, Y, Adam(lr=0.01), 2, 30, rng(), (X, Y))
    assert history.w.dtype == history.state[1].mean.dtype == np.float32
    assert history.loss.dtype == history.validation_loss.dtype == np.float64
    losses = NOISY.loss.value(NOISY.logits(history.w, X.astype(np.float32), history.state), Y)
    assert history.validation_loss[-1] == losses.mean(dtype=float) != losses.mean()
    net = Network([Dense(1, 1)], squared_error)
    history = fit(net, net.init(rng(), np.float32), *line(20, rng()), RULE, 2, 5, rng())
    assert history.w.dtype == np.float32
    rule, w = GradientDescent(lr=np.array([[0.1], [0.2]])), net.init(rng().spawn(2), np.float32)
    assert fit(net, w, *line(20, rng()), rule, 2, 5, rng()).w.dtype == np.float32


def test_a_schedule_counts_steps_through_all_epochs():
    seen = []

    def schedule(t):
        seen.append(t)
        return 1.0 if t < 3 else 0.0

    history = fit(NET, NET.init(rng()), X, Y, RULE, 2, 30, rng(2), schedule=schedule)
    assert seen == [0, 1, 2, 3, 4, 5]
    np.testing.assert_array_equal(history.w, fit(NET, NET.init(rng()), X, Y, RULE, 1, 30, rng(2)).w)


def test_nothing_given_is_changed_and_the_same_seed_gives_the_same_fit():
    w = NOISY.init(rng())
    state = NOISY.start(w)
    before = w.copy(), X.copy(), Y.copy(), state[1].mean.copy()
    one = fit(NOISY, w, X, Y, RULE, 2, 20, rng(1), state=state)
    two = fit(NOISY, w, X, Y, RULE, 2, 20, rng(1))
    np.testing.assert_array_equal(one.w, two.w)
    for now, old in zip((w, X, Y, state[1].mean), before):
        np.testing.assert_array_equal(now, old)


def test_a_fit_can_go_on_from_where_another_stopped():
    w, draws = NOISY.init(rng()), rng(1)
    whole = fit(NOISY, w, X, Y, RULE, 4, 20, rng(1))
    half = fit(NOISY, w, X, Y, RULE, 2, 20, draws)
    rest = fit(NOISY, half.w, X, Y, RULE, 2, 20, draws, state=half.state)
    np.testing.assert_array_equal(rest.w, whole.w)
    np.testing.assert_array_equal(np.append(half.loss, rest.loss), whole.loss)
    np.testing.assert_array_equal(rest.state[1], whole.state[1])


def test_zero_epochs_and_the_monitor():
    w = NET.init(rng())
    nothing = fit(NET, w, X, Y, RULE, 0, 20, rng(), (X, Y))
    np.testing.assert_array_equal(nothing.w, w)
    assert nothing.diverged == -1
    assert nothing.loss.shape == nothing.validation_accuracy.shape == (0,)
    history = fit(NET, w, X, Y, RULE, 3, 20, rng(), monitor=lambda w, state: w)
    assert len(history.monitored) == 3
    np.testing.assert_array_equal(history.monitored[-1], history.w)
    w = NOISY.init(rng())
    np.testing.assert_array_equal(
        fit(NOISY, w, X, Y, RULE, 0, 20, rng()).state[1], NOISY.start(w)[1]
    )
    history = fit(NOISY, w, X, Y, RULE, 2, 20, rng(), monitor=lambda w, state: (w, state))
    (_, early), (last_w, last_state) = history.monitored
    assert last_w is history.w
    assert last_state is history.state
    assert (early[1].mean != last_state[1].mean).any()


def test_dropping_the_last_batch_saves_batchnorm_from_one_row():
    w = NOISY.init(rng())
    with pytest.raises(ValueError, match="BatchNorm needs a batch of at least 2 rows"):
        fit(NOISY, w, X, Y, RULE, 1, 89, rng())
    assert np.isfinite(fit(NOISY, w, X, Y, RULE, 1, 89, rng(), drop_last=True).loss).all()


def test_the_progress_bar_is_imported_and_shown_only_when_asked(monkeypatch):
    shown = []
    fake = types.SimpleNamespace(
        tqdm=lambda epochs, unit: shown.append((len(epochs), unit)) or epochs
    )
    monkeypatch.setitem(sys.modules, "tqdm", fake)
    fit(NET, NET.init(rng()), X, Y, RULE, 2, 30, rng())
    assert shown == []
    fit(NET, NET.init(rng()), X, Y, RULE, 2, 30, rng(), progress=True)
    assert shown == [(2, "epoch")]


def test_binary_labels():
    net = Network([Dense(2, 4), Tanh(), Dense(4, 1)], binary_cross_entropy)
    x, y = blobs(100, rng(), spread=0.3)
    history = fit(net, net.init(rng()), x, y, Adam(lr=0.05), 10, 10, rng())
    assert history.accuracy[-1] > 0.95


GOOD = {"network": NET, "w0": NET.init(rng()), "X": X, "y": Y, "optimizer": RULE, "epochs": 1,
        "batch_size": 10, "rng": rng()}  # fmt: skip
BAD = [
    ({"network": "mlp"}, "network must be a Network"),
    ({"w0": np.ones(5)}, r"w0 must have shape \(51,\) or \(runs, 51\), got shape \(5,\)"),
    ({"w0": np.ones(52)}, r"w0 must have shape \(51,\) or \(runs, 51\), got shape \(52,\)"),
    ({"w0": np.ones((2, 2, 51))}, r"w0 must have shape \(51,\) or \(runs, 51\)"),
    ({"w0": np.full(51, np.nan)}, "w0 must be finite"),
    ({"w0": np.ones(51, int)}, "w0 must hold floating-point numbers"),
    ({"X": X[:0]}, r"X must have shape \(n, d\)"),
    ({"X": X * np.nan}, "X must be finite"),
    ({"X": X[:, :1]}, "X must have 2 columns"),
    ({"y": Y[:-1]}, r"y must have shape \(90,\)"),
    ({"y": Y + 1}, r"y must hold labels 0 \.\.\. 2, got 3"),
    ({"y": Y - 1}, r"y must hold labels 0 \.\.\. 2, got -1"),
    ({"optimizer": 0.1}, "optimizer must be a rule"),
    ({"epochs": -1}, "epochs must be a whole number >= 0"),
    ({"epochs": 1.5}, "epochs must be a whole number >= 0"),
    ({"batch_size": 0}, "batch_size must be a whole number >= 1"),
    ({"batch_size": 91}, "batch_size must be at most n = 90"),
    ({"rng": 0}, r"rng must be a np\.random\.Generator"),
    ({"rng": rng().spawn(3)}, "w0 must have one row for each of the 3 generators"),
    ({"w0": np.ones((4, 51)), "rng": rng().spawn(3)}, r"w0 .* 3 generators in rng, got .*4, 51"),
    ({"validation": (X, Y + 5)}, r"y must hold labels 0 \.\.\. 2"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_input_is_refused_with_its_reason(change, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        fit(**{**GOOD, **change})


def test_as_many_generators_as_parameters_are_no_runs():
    net = Network([Dense(1, 1)], squared_error)
    with pytest.raises(ValueError, match=r"each of the 2 generators in rng, got shape \(2,\)"):
        fit(net, np.ones(2), *line(20, rng()), RULE, 1, 5, rng().spawn(2))
