"""Layers and networks: the chain rule through each, modes, stacking, purity, bad input."""

import dataclasses
import types
import warnings
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descentlab import network as nn
from descentlab.gradcheck import central_difference, relative_error
from descentlab.losses import binary_cross_entropy, softmax, softmax_cross_entropy, squared_error
from descentlab.network import (
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LeakyReLU,
    Network,
    ReLU,
    Running,
    Sigmoid,
    Tanh,
)

LAYERS = [
    Dense(4, 3),
    Sigmoid(),
    Tanh(),
    ReLU(),
    LeakyReLU(0.2),
    BatchNorm(4),
    BatchNorm(4, eps=0.1),
    Dropout(0.3),
]
each_layer = pytest.mark.parametrize("layer", LAYERS, ids=[str(layer) for layer in LAYERS])


def rng(seed=0):
    return np.random.default_rng(seed)


def differences(f, x, h=1e-6):
    """Central differences of f with respect to every entry of an array of any shape."""
    slopes = np.empty_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = h
        slopes[i] = (f(x + e) - f(x - e)) / (2 * h)
    return slopes


def parameters_of(layer, x):
    """Random parameters, none of which is 0 or 1; for Dropout its mask."""
    if isinstance(layer, Dropout):
        return (layer.mask(x, rng(4)),)
    return tuple(rng(i).normal(0.5, 1.0, shape) for i, shape in enumerate(layer.shapes()))


@each_layer
@pytest.mark.parametrize("runs", [(), (3,)])
def test_backward_equals_central_differences(layer, runs):
    x = rng().normal(size=(*runs, 6, 4))
    w = parameters_of(layer, x)
    y, cache = layer.forward(x, *w)
    dy = rng(9).normal(size=y.shape)

    def total(x, *w):
        return (dy * layer.forward(x, *w)[0]).sum()

    dx = layer.backward(dy, cache, *w)
    np.testing.assert_allclose(dx, differences(lambda v: total(v, *w), x), rtol=1e-7, atol=1e-8)
    for i, slope in enumerate(layer.gradients(dy, cache, *w)):
        measured = differences(lambda v, i=i: total(x, *w[:i], v, *w[i + 1 :]), w[i])
        summed = slope.sum(axis=0) if runs else slope
        np.testing.assert_allclose(summed, measured, rtol=1e-7, atol=1e-8)


@each_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_layers_keep_dtype_and_change_nothing(layer, dtype):
    x = rng().normal(size=(6, 4)).astype(dtype)
    w = tuple(a.astype(dtype) for a in parameters_of(layer, x))
    state = layer.start((), dtype)
    given = [x, *w, *(state or ())]
    before = [a.copy() for a in given]
    own = () if isinstance(layer, Dropout) else w
    y, cache, after = layer.train(x, *own, state=state, rng=rng())
    dy = np.ones_like(y)
    results = [y, layer.backward(dy, cache, *w), *layer.gradients(dy, cache, *w)]
    results += [layer.evaluate(x, *own, state=after), *(after or ())]
    assert {a.dtype for a in results} == {np.dtype(dtype)}
    for now, old in zip(given, before):
        np.testing.assert_array_equal(now, old)


@each_layer
def test_parameters_have_the_stated_shapes_and_layers_cannot_change(layer):
    assert tuple(a.shape for a in layer.init(rng(), float)) == layer.shapes()
    with pytest.raises(dataclasses.FrozenInstanceError):
        layer.cache = 0


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (LeakyReLU, ["slope"]),
        (Dropout, ["rate"]),
        (lambda v: BatchNorm(4, eps=v), ["eps"]),
        (lambda v: BatchNorm(4, momentum=v), ["momentum"]),
        (lambda v: Network([Dense(4, 2)], l2=v), ["l2"]),
    ],
)
def test_hyperparameters_are_plain_numbers_that_change_no_dtype_and_cannot_change(make, names):
    made = make(np.float64(0.25))
    for name in names:
        assert type(getattr(made, name)) is float
        assert getattr(made, name) == 0.25
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(made, name, 0.5)


def test_a_layer_must_bring_its_own_way_forward_and_back_and_nothing_else():
    x = np.zeros((2, 2))
    assert Layer().widths is Layer().start((), float) is None
    with pytest.raises(NotImplementedError):
        Layer().forward(x)
    with pytest.raises(NotImplementedError):
        Layer().backward(x, None)


def test_slopes_at_zero_are_the_stated_ones():
    zero, one = np.zeros((1, 1)), np.ones((1, 1))
    assert ReLU().backward(one, ReLU().forward(zero)[1]) == 0
    assert LeakyReLU(0.2).backward(one, LeakyReLU(0.2).forward(zero)[1]) == 0.2


def test_activations_at_extreme_inputs():
    x = np.array([[-1e4, 1e4]])
    with np.errstate(all="raise", under="ignore"):
        assert Sigmoid().forward(x)[0].tolist() == [[0, 1]]
        assert Tanh().forward(x)[0].tolist() == [[-1, 1]]
        assert ReLU().forward(x)[0].tolist() == [[0, 1e4]]
        assert LeakyReLU().forward(x)[0].tolist() == [[-100, 1e4]]


# BatchNorm


def test_batchnorm_gives_each_column_mean_beta_and_deviation_gamma():
    layer, x = BatchNorm(3, eps=0.0), rng().normal(5.0, 3.0, (50, 3))
    gamma, beta = np.array([[1.0, 2.0, -3.0]]), np.array([[0.0, 1.0, 2.0]])
    y = layer.forward(x, gamma, beta)[0]
    np.testing.assert_allclose(y.mean(axis=0), beta[0], atol=1e-13)
    np.testing.assert_allclose(y.std(axis=0), np.abs(gamma[0]), rtol=1e-13)


def test_running_statistics_take_a_tenth_of_the_mean_and_of_the_unbiased_variance():
    layer, x = BatchNorm(2), np.array([[1.0, 0.0], [3.0, 4.0], [5.0, 2.0]])
    w = layer.init(rng(), float)
    state = layer.start((), float)
    _, _, after = layer.train(x, *w, state=state, rng=None)
    np.testing.assert_allclose(after.mean, [[0.3, 0.2]])
    np.testing.assert_allclose(after.var, [[0.9 + 0.1 * 4, 0.9 + 0.1 * 4]])
    np.testing.assert_array_equal(state.mean, [[0, 0]])
    y = layer.evaluate(x, *w, state=after)
    np.testing.assert_allclose(y[0], (x[0] - [0.3, 0.2]) / np.sqrt(1.3 + 1e-5))
    batch = layer.forward(x, *w)[0]
    np.testing.assert_allclose(batch[:, 0], (x[:, 0] - 3) / np.sqrt(8 / 3 + 1e-5))


def test_momentum_one_keeps_the_last_batch_alone():
    layer, x = BatchNorm(2, momentum=1.0), rng().normal(size=(6, 2))
    after = layer.train(x, *layer.init(rng(), float), state=None, rng=None)[2]
    np.testing.assert_allclose(after.mean[0], x.mean(axis=0))
    np.testing.assert_allclose(after.var[0], x.var(axis=0, ddof=1))


@pytest.mark.parametrize("shape", [(6, 3), (4, 6, 3)])
def test_without_statistics_evaluation_starts_from_mean_0_and_variance_1(shape):
    layer, x = BatchNorm(3, eps=0.5), rng().normal(size=shape).astype(np.float32)
    gamma, beta = (a.astype(np.float32) for a in parameters_of(layer, x))
    y = layer.evaluate(x, gamma, beta, state=None)
    np.testing.assert_allclose(y, gamma * x / np.sqrt(1.5) + beta, rtol=1e-5, atol=1e-6)
    assert (y.shape, y.dtype) == (shape, np.float32)


def test_batchnorm_trains_on_two_rows():
    after = BatchNorm(1).train(np.array([[1.0], [3.0]]), *np.ones((2, 1, 1)), state=None, rng=None)
    np.testing.assert_allclose(after[2].var, [[0.9 + 0.1 * 2]])


def test_evaluation_of_one_row_does_not_depend_on_the_others():
    net = Network([Dense(3, 4), BatchNorm(4), ReLU(), Dropout(0.4), Dense(4, 2)])
    w, X = net.init(rng()), rng(1).normal(size=(8, 3))
    _, _, state = net.loss_and_gradient(w, X, np.zeros(8, int), rng=rng())
    together = net.logits(w, X, state)
    np.testing.assert_allclose(together[3], net.logits(w, X[3:4], state)[0], rtol=1e-12)


def test_batchnorm_refuses_one_row_in_training_and_takes_it_in_evaluation():
    net = Network([Dense(3, 4), BatchNorm(4), Dense(4, 2)])
    w, x = net.init(rng()), np.ones((1, 3))
    with pytest.raises(ValueError, match=r"batch of at least 2 rows in training, got 1.*drop_last"):
        net.loss_and_gradient(w, x, np.array([0]))
    assert net.predict(w, x).shape == (1,)


# Dropout


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_dropout_keeps_the_expectation(rate):
    layer, x = Dropout(rate), np.ones((1000, 200))
    mask = layer.mask(x, rng())
    assert set(np.unique(mask)) <= {0, 1 / (1 - rate)}
    n = mask.size
    deviation = np.sqrt(rate / (1 - rate) / n)
    assert abs(mask.mean() - 1) <= 5 * deviation
    assert abs((mask == 0).mean() - rate) <= 5 * np.sqrt(rate * (1 - rate) / n)
    y, cache, _ = layer.train(x, state=None, rng=rng())
    np.testing.assert_array_equal(y, mask)
    np.testing.assert_array_equal(layer.backward(x, cache), mask)
    assert layer.evaluate(x, state=None) is x


def test_dropout_of_rate_0_drops_nothing_even_when_0_is_drawn():
    drawn = types.SimpleNamespace(random=np.zeros)
    assert Dropout(0.0).mask(np.ones((2, 3)), drawn).all()
    assert not Dropout(0.5).mask(np.ones((2, 3)), drawn).any()


def test_masks_are_new_at_each_call_and_shared_or_own_as_asked():
    layer, x, one = Dropout(), np.ones((3, 20, 10)), rng()
    assert (layer.mask(x, one) != layer.mask(x, one)).any()
    assert layer.mask(x, one).shape == (20, 10)
    own = layer.mask(x, [rng(1), rng(2), rng(1)])
    assert own.shape == (3, 20, 10)
    np.testing.assert_array_equal(own[0], layer.mask(x[0], rng(1)))
    np.testing.assert_array_equal(own[0], own[2])
    assert (own[0] != own[1]).any()
    with pytest.raises(ValueError, match="rng must be given: Dropout"):
        layer.train(x, state=None, rng=None)


# Initialisers

VARIANCES = {
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2 / fan_in,
}


@pytest.mark.parametrize("shape", ["normal", "uniform"])
@pytest.mark.parametrize("family", VARIANCES)
def test_initialisers_have_the_variance_and_the_bounds_of_their_formula(family, shape):
    init = getattr(nn, f"{family}_{shape}")
    W = init(300, 500, rng())
    std = np.sqrt(VARIANCES[family](300, 500))
    assert W.dtype == np.float64
    kurtosis = {"normal": 3.0, "uniform": 1.8}[shape]
    assert abs(W.std() / std - 1) < 5 * np.sqrt((kurtosis - 1) / 4 / W.size)
    assert abs(W.mean()) < 5 * std / np.sqrt(W.size)
    assert np.mean(W**4) / std**4 == pytest.approx(kurtosis, rel=0.03)
    if shape == "uniform":
        assert np.sqrt(3) * std * (1 - 1e-3) < np.abs(W).max() <= np.sqrt(3) * std
    assert (init(2, 3, rng(), shape=(7,)).shape, init(1, 1, rng()).shape) == ((7,), (1, 1))
    single = init(2, 3, rng(), dtype=np.float32)
    np.testing.assert_array_equal(single, init(2, 3, rng()).astype(np.float32), strict=True)
    for name, *bad in [
        ("fan_in", 0, 3, rng()),
        ("fan_in", 1.5, 3, rng()),
        ("fan_out", 2, 0, rng()),
        ("fan_out", 2, 1.5, rng()),
        ("rng", 2, 3, 0),
    ]:
        with pytest.raises(ValueError, match=f"^{name} must"):
            init(*bad)


# Networks


class Square(Layer):
    """A layer of one's own, y = w² x with one w for each of 3 columns: both ways back need w."""

    def shapes(self):
        return ((1, 3),)

    def forward(self, x, *w):
        return w[0] ** 2 * x, x

    def backward(self, dy, cache, *w):
        return w[0] ** 2 * dy

    def gradients(self, dy, cache, *w):
        return ((2 * w[0] * cache * dy).sum(axis=-2, keepdims=True),)


NETWORKS = {
    "relu": Network([Dense(3, 5), ReLU(), Dense(5, 4)]),
    "deep": Network([Dense(3, 5), Tanh(), Dense(5, 4), Sigmoid(), Dense(4, 3)], l2=0.1),
    "batchnorm": Network([Dense(3, 5), BatchNorm(5), LeakyReLU(), Dense(5, 4)]),
    "batchnorm_first": Network([BatchNorm(3), Dense(3, 4)]),
    "dropout": Network([Dropout(0.2), Dense(3, 9), Tanh(), Dropout(), Dense(9, 4)]),
    "everything": Network([Dense(3, 8), BatchNorm(8), Sigmoid(), Dropout(0.3), Dense(8, 4)],
                          l2=0.01),
    "own": Network([Dense(3, 3), Square(), Tanh(), Square(), Dense(3, 4)]),
    "binary": Network([Dense(3, 5), Tanh(), Dense(5, 1)], binary_cross_entropy),
    "squared": Network([Tanh(), Dense(3, 5), ReLU(), Dense(5, 1)], squared_error),
}  # fmt: skip
each_network = pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)


def problem(net, n=9, runs=(), dtype=np.float64):
    X = rng(1).normal(size=(n, 3)).astype(dtype)
    if net.loss is softmax_cross_entropy:
        y = rng(2).integers(3, size=n)
    elif net.loss is binary_cross_entropy:
        y = rng(2).integers(2, size=n)
    else:
        y = rng(2).normal(size=n)
    return rng(3).normal(0, 0.7, (*runs, net.p)).astype(dtype), *net.check(X, y)


@each_network
def test_the_gradient_equals_central_differences(net):
    w, X, y = problem(net)
    _, g, _ = net.loss_and_gradient(w, X, y, rng=rng(5))
    measured = central_difference(lambda v: net.loss_and_gradient(v, X, y, rng=rng(5))[0], w)
    assert relative_error(g, measured) < 1e-7


@each_network
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [2, 9, 33])
def test_stacked_networks_equal_single_ones_bit_for_bit(net, n, dtype):
    w, X, y = problem(net, n, (4,), dtype)
    loss, g, state = net.loss_and_gradient(w, X, y, rng=rng(5).spawn(4))
    shared = net.loss_and_gradient(w, X, y, rng=rng(5))
    assert loss.dtype == g.dtype == dtype
    assert (loss.shape, g.shape) == ((4,), w.shape)
    for run, own in enumerate(rng(5).spawn(4)):
        alone = net.loss_and_gradient(w[run], X, y, rng=own)
        np.testing.assert_array_equal(loss[run], alone[0])
        np.testing.assert_array_equal(g[run], alone[1])
        for ours, theirs in zip(state, alone[2]):
            if ours is not None:
                np.testing.assert_array_equal(ours.mean[run], theirs.mean)
                np.testing.assert_array_equal(ours.var[run], theirs.var)
        same_mask = net.loss_and_gradient(w[run], X, y, rng=rng(5))
        np.testing.assert_array_equal(shared[1][run], same_mask[1])
        for name in ("logits", "predict", "value", "accuracy"):
            data = (X,) if name in ("logits", "predict") else (X, y)
            together = getattr(net, name)(w, *data, state)[run]
            np.testing.assert_array_equal(together, getattr(net, name)(w[run], *data, alone[2]))


@each_network
def test_one_batch_per_run_equals_each_run_alone(net):
    w, X, y = problem(net, 20, (4,))
    rows = rng(7).integers(20, size=(4, 6))
    _, g, _ = net.loss_and_gradient(w, X[rows], y[rows], rng=rng(5).spawn(4))
    for run, own in enumerate(rng(5).spawn(4)):
        alone = net.loss_and_gradient(w[run], X[rows[run]], y[rows[run]], rng=own)
        np.testing.assert_array_equal(g[run], alone[1])


@each_network
def test_no_method_changes_what_it_is_given(net):
    w, X, y = problem(net)
    state = net.start(w)
    given = [w, X, y, *(a for s in state if s for a in s)]
    before = [a.copy() for a in given]
    for array in given:
        array.flags.writeable = False
    first = net.loss_and_gradient(w, X, y, state, rng(5))
    again = net.loss_and_gradient(w, X, y, state, rng(5))
    np.testing.assert_array_equal(first[1], again[1])
    assert type(first[2]) is type(state) is tuple
    net.value(w, X, y, first[2]), net.predict(w, X), net.activations(w, X)
    for now, old in zip(given, before):
        np.testing.assert_array_equal(now, old)
    assert not np.shares_memory(first[1], w)


def test_w_is_split_into_views_in_the_order_of_the_layers():
    net = NETWORKS["batchnorm"]
    w = np.arange(float(net.p))
    (W, b), (gamma, beta), none, (V, c) = net.split(w)
    matrices = (W, b, gamma, beta, V, c)
    shapes = [(3, 5), (1, 5), (1, 5), (1, 5), (5, 4), (1, 4)]
    assert [a.shape for a in matrices] == shapes
    assert none == ()
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in matrices]), w)
    assert all(np.shares_memory(a, w) for a in matrices)
    stacked = net.split(np.stack([w, w]))
    assert stacked[0][0].shape == (2, 3, 5)


def test_init_sets_biases_to_zero_scales_to_one_and_follows_the_initialiser():
    net = Network([Dense(40, 50, nn.xavier_uniform), BatchNorm(50), Dense(50, 2)])
    w = net.init(rng())
    (W, b), (gamma, beta), (V, _) = net.split(w)
    np.testing.assert_array_equal(W, nn.xavier_uniform(40, 50, rng()))
    assert not b.any()
    assert not beta.any()
    assert (gamma == 1).all()
    assert V.std() == pytest.approx(np.sqrt(2 / 50), rel=0.3)
    assert net.init(rng(), np.float32).dtype == np.float32
    several = net.init(rng().spawn(3))
    assert several.shape == (3, net.p)
    np.testing.assert_array_equal(several[1], net.init(rng().spawn(3)[1]))
    assert net.init(rng().spawn(3), np.float32).dtype == np.float32


def test_layers_become_a_tuple_that_no_later_change_reaches():
    given = [Dense(3, 4), ReLU()]
    net = Network(given)
    given.append(Dense(4, 5))
    assert net.layers == (Dense(3, 4), ReLU())
    assert hash(net) == hash(Network([Dense(3, 4), ReLU()]))
    for layer in (*LAYERS, Square()):
        twin = dataclasses.replace(layer)
        assert (twin, hash(twin)) == (layer, hash(layer))


def test_a_network_may_begin_and_end_with_layers_of_any_width():
    net = Network([Tanh(), Dense(3, 5), ReLU(), Dropout()])
    assert (net.inputs, net.outputs, net.p) == (3, 5, 20)
    assert net.logits(net.init(rng()), np.ones((2, 3))).shape == (2, 5)


def test_the_way_back_ends_at_the_first_layer_with_parameters():
    class First(Dense):
        def backward(self, dy, cache, *w):
            raise AssertionError("nobody needs the derivative with respect to its input")

    plain = Network([Tanh(), Dense(3, 5), ReLU(), Dense(5, 4)])
    w, X, y = problem(plain)
    _, g, _ = Network([Tanh(), First(3, 5), *plain.layers[2:]]).loss_and_gradient(w, X, y)
    np.testing.assert_array_equal(g, plain.loss_and_gradient(w, X, y)[1])


def test_activations_hold_the_input_and_every_output():
    net = NETWORKS["relu"]
    w, X, _ = problem(net)
    outputs = net.activations(w, X)
    assert [a.shape for a in outputs] == [(9, 3), (9, 5), (9, 5), (9, 4)]
    np.testing.assert_array_equal(outputs[2], np.maximum(outputs[1], 0))
    np.testing.assert_array_equal(outputs[-1], net.logits(w, X))


def test_readouts_agree():
    net = NETWORKS["relu"]
    w, X, y = problem(net)
    q = net.probability(w, X)
    np.testing.assert_array_equal(q.argmax(axis=-1), net.predict(w, X))
    assert net.accuracy(w, X, y) == (net.predict(w, X) == y).mean()
    assert net.value(w, X, y) == pytest.approx(-np.log(q[np.arange(9), y]).mean(), rel=1e-12)
    binary = NETWORKS["binary"]
    w, X, y = problem(binary)
    assert binary.probability(w, X).shape == (9,)
    np.testing.assert_array_equal(binary.predict(w, X), binary.probability(w, X) > 0.5)


def test_every_readout_uses_the_given_statistics():
    net = NETWORKS["batchnorm"]
    w, X = net.init(rng()), rng(1).normal(size=(30, 3))
    fresh = net.start(w)
    state = (None, Running(rng(8).normal(size=(1, 5)), np.full((1, 5), 0.01)), None, None)
    z = net.activations(w, X, state)[-1]
    y = z.argmax(axis=-1)
    for name, expected in {"logits": z, "predict": y, "probability": softmax(z)}.items():
        readout = getattr(net, name)
        np.testing.assert_array_equal(readout(w, X, state), expected)
        assert (readout(w, X, fresh) != expected).any()
    assert net.accuracy(w, X, y, state) == 1 > net.accuracy(w, X, y, fresh)
    expected = net.loss.value(z, y).mean()
    assert net.value(w, X, y, state) == pytest.approx(expected, rel=1e-14)
    assert net.value(w, X, y, fresh) != pytest.approx(expected, rel=1e-2)


def test_without_a_penalty_the_loss_survives_a_w_whose_square_overflows():
    net = Network([Dense(1, 2)])
    w, x, y = np.array([1e200, 0.0, 0.0, 0.0]), np.ones((1, 1)), np.array([1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loss, g, _ = net.loss_and_gradient(w, x, y)
    assert loss == 1e200
    np.testing.assert_array_equal(g, [1, -1, 1, -1])


@given(st.integers(0, 5))
def test_the_penalty_adds_half_the_square_and_its_slope(seed):
    plain, penalised = Network([Dense(3, 4)]), Network([Dense(3, 4)], l2=0.7)
    _, X, y = problem(plain)
    w = rng(seed).normal(size=plain.p)
    (loss, g, _), (more, slope, _) = (n.loss_and_gradient(w, X, y) for n in (plain, penalised))
    assert more - loss == pytest.approx(0.35 * (w @ w), rel=1e-12)
    np.testing.assert_allclose(slope - g, 0.7 * w, atol=1e-13)
    assert penalised.value(w, X, y) == pytest.approx(more, rel=1e-12)


BAD = [
    (lambda: Network([Dense(3, 4), Dense(5, 2)]), r"layers\[1\] takes 5 .*layers\[0\] gives 4"),
    (lambda: Network([Dense(3, 5), Dense(4, 2)]), r"layers\[1\] takes 4 .*layers\[0\] gives 5"),
    (lambda: Network([Dense(3, 4), ReLU(), BatchNorm(5), Dense(5, 2)]), r"layers\[2\] takes 5"),
    (lambda: Network([ReLU()]), "layers must hold at least one layer with parameters"),
    (lambda: Network([]), "layers must hold at least one layer with parameters"),
    (lambda: Network([Dense(3, 2), "relu"]), r"layers\[1\] must be a layer .*got 'relu'"),
    (lambda: Network([Dense(3, 2), ReLU]), r"layers\[1\] must be a layer"),
    (lambda: Network([Dense(3, 1)]), "loss softmax_cross_entropy needs 2 or more outputs, got 1"),
    (lambda: Network([Dense(3, 2)], squared_error), "loss squared_error needs one output, got 2"),
    (lambda: Network([Dense(3, 2)], "softmax"), "loss must be one of descentlab.losses"),
    (lambda: Network([Dense(3, 2)], l2=-1.0), "l2 must be a finite number >= 0"),
    (lambda: Dense(0, 2), "fan_in must be a whole number >= 1"),
    (lambda: Dense(2, 2.0), "fan_out must be a whole number >= 1"),
    (lambda: BatchNorm(0), "width must be a whole number >= 1"),
    (lambda: BatchNorm(2, eps=-1.0), "eps must be a finite number >= 0"),
    (lambda: BatchNorm(2, momentum=-0.5), "momentum must be a finite number >= 0"),
    (lambda: BatchNorm(2, momentum=1.5), r"momentum must be a number in \[0, 1\]"),
    (lambda: Dropout(1.0), r"rate must be a number in \[0, 1\)"),
    (lambda: Dropout(1.5), r"rate must be a number in \[0, 1\)"),
    (lambda: Dropout(-0.1), "rate must be a finite number >= 0"),
    (lambda: LeakyReLU(np.nan), "slope must be a finite number >= 0"),
    (lambda: NETWORKS["relu"].init(0), r"rng must be a np\.random\.Generator, got int"),
    (lambda: NETWORKS["relu"].init([]), r"rng must be a np\.random\.Generator, got list"),
    (lambda: NETWORKS["relu"].init([rng(), 3]), r"rng\[1\] must be a np\.random\.Generator"),
    (lambda: NETWORKS["relu"].check(np.ones((2, 4)), [0, 1]), "X must have 3 columns"),
    (lambda: NETWORKS["relu"].check(np.ones((2, 3)), [0, 4]), r"y .*labels 0 \.\.\. 3, got 4"),
    (lambda: NETWORKS["binary"].check(np.ones((2, 3)), [0, 2]), "y .* 0 and 1, got 2"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), BAD)
def test_bad_input_is_refused_with_its_reason(make, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        make()


def test_a_network_prints_the_same_in_every_process():
    assert repr(Dense(2, 3)) == "Dense(2, 3, he_normal)"
    assert " at 0x" not in repr(NETWORKS["everything"])
    drawn = partial(nn.he_normal, shape=(2, 3))
    assert repr(Dense(2, 3, drawn)) == f"Dense(2, 3, {drawn!r})"


def test_running_is_a_pair():
    assert Running._fields == ("mean", "var")
