"""Networks equal PyTorch's: a stored reference, and live PyTorch where it is installed."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

from descentlab import losses, network
from descentlab.network import BatchNorm, Network
from descentlab.optimizers import Adam, GradientDescent

FOLDER = Path(__file__).parent / "reference"
REFERENCE = json.loads((FOLDER / "torch_network.json").read_text())
CASES = REFERENCE["cases"]
RULES = {
    "sgd": GradientDescent(REFERENCE["rates"]["sgd"]),
    "adam": Adam(REFERENCE["rates"]["adam"], eps=REFERENCE["eps"]),
}
LOSSES = {
    "softmax": losses.softmax_cross_entropy,
    "binary": losses.binary_cross_entropy,
    "squared": losses.squared_error,
}
TOLERANCE = {"rtol": 1e-10, "atol": 1e-10}


def build(case):
    layers = [getattr(network, name)(*rest) for name, *rest in case["layers"]]
    return Network(layers, LOSSES[case["loss_kind"]])


def arrays(case):
    return np.array(case["w"]), np.array(case["X"]), np.array(case["y"])


def assert_same_statistics(net, state, running):
    ours = [s for layer, s in zip(net.layers, state) if isinstance(layer, BatchNorm)]
    assert len(ours) == len(running)
    for mine, (mean, var) in zip(ours, running):
        np.testing.assert_allclose(mine.mean[0], mean, **TOLERANCE)
        np.testing.assert_allclose(mine.var[0], var, **TOLERANCE)


def assert_same_first_step(case):
    net, (w, X, y) = build(case), arrays(case)
    loss, g, state = net.loss_and_gradient(w, X, y)
    np.testing.assert_allclose(loss, case["loss"], **TOLERANCE)
    np.testing.assert_allclose(g, case["gradient"], **TOLERANCE)
    assert_same_statistics(net, state, case["running"])
    np.testing.assert_allclose(net.logits(w, X, state).ravel(), case["evaluated"], **TOLERANCE)
    np.testing.assert_allclose(net.value(w, X, y, state), case["evaluated_loss"], **TOLERANCE)


def assert_same_training(case, method):
    net, (w, X, y), rule = build(case), arrays(case), RULES[method]
    state, memory, seen = None, rule.init(w), []
    for rows in case["batches"]:
        loss, g, state = net.loss_and_gradient(w, X[rows], y[rows], state)
        w, memory = rule.step(w, g, memory)
        seen.append(loss)
    assert len(seen) == 100
    np.testing.assert_allclose(seen[::10], case[method]["losses"], **TOLERANCE)
    np.testing.assert_allclose(w, case[method]["w"], **TOLERANCE)
    assert_same_statistics(net, state, case[method]["running"])


@pytest.mark.parametrize("name", CASES)
def test_forward_loss_gradient_and_statistics_equal_the_stored_ones(name):
    assert_same_first_step(CASES[name])


@pytest.mark.parametrize("method", RULES)
@pytest.mark.parametrize("name", CASES)
def test_a_hundred_training_steps_equal_the_stored_ones(name, method):
    assert_same_training(CASES[name], method)


def test_the_reference_is_small():
    assert (FOLDER / "torch_network.json").stat().st_size <= 200_000


@pytest.fixture(scope="module")
def live():
    pytest.importorskip("torch", reason="torch is not installed; the stored reference was compared")
    path = FOLDER / "make_torch_network.py"
    spec = importlib.util.spec_from_file_location("make_torch_network", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_live_torch_gives_the_same_answers(live):
    for case in live.answers().values():
        assert_same_first_step(case)
        for method in RULES:
            assert_same_training(case, method)


PEERS = {
    "lecun_normal": ("kaiming_normal_", {"nonlinearity": "linear"}),
    "lecun_uniform": ("kaiming_uniform_", {"nonlinearity": "linear"}),
    "xavier_normal": ("xavier_normal_", {}),
    "xavier_uniform": ("xavier_uniform_", {}),
    "he_normal": ("kaiming_normal_", {"nonlinearity": "relu"}),
    "he_uniform": ("kaiming_uniform_", {"nonlinearity": "relu"}),
}


@pytest.mark.parametrize("name", PEERS)
def test_initialisers_spread_as_live_torch_does(live, name):
    peer, options = PEERS[name]
    live.torch.manual_seed(0)
    theirs = getattr(live.torch.nn.init, peer)(live.torch.empty(300, 500), **options).numpy()
    ours = getattr(network, name)(500, 300, np.random.default_rng(0))
    assert abs(ours.std() / theirs.std() - 1) < 0.01
    if name.endswith("uniform"):
        assert abs(np.abs(ours).max() / np.abs(theirs).max() - 1) < 1e-3
