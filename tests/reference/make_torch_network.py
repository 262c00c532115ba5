"""Write torch_network.json: what PyTorch computes for the cases of test_network_parity.py.

    python -m venv /tmp/torch && /tmp/torch/bin/pip install numpy torch==2.13.0
    /tmp/torch/bin/python tests/reference/make_torch_network.py

Everything is float64 on the CPU. Inputs are drawn here with NumPy and stored with the answers.
Weights are stored in descentlab's order: W as (inputs, outputs), the transpose of torch's.
"""

import json
from pathlib import Path

import numpy as np

try:
    import torch
except ImportError:  # the tests only look at this file where torch is not installed
    torch = None

PATH = Path(__file__).with_name("torch_network.json")
STEPS = 100
RATES = {"sgd": 0.05, "adam": 0.01}
# A bias in front of BatchNorm has gradient 0 but for rounding, and Adam divides that by eps: with
# the default 1e-8 two exact implementations part by 1e-9 within a hundred steps.
EPS = 1e-5

# Each layer is its name and its arguments; the last width fits the loss.
CASES = {
    "softmax_relu": ("softmax", [("Dense", 5, 7), ("ReLU",), ("Dense", 7, 3)]),
    "softmax_tanh": ("softmax", [("Dense", 5, 6), ("Tanh",), ("Dense", 6, 4), ("Tanh",),
                                 ("Dense", 4, 3)]),
    "binary_sigmoid": ("binary", [("Dense", 5, 6), ("Sigmoid",), ("Dense", 6, 1)]),
    "squared_leaky": ("squared", [("Dense", 5, 6), ("LeakyReLU", 0.1), ("Dense", 6, 1)]),
    "softmax_batchnorm": ("softmax", [("Dense", 5, 6), ("BatchNorm", 6), ("ReLU",),
                                      ("Dense", 6, 4), ("BatchNorm", 4, 1e-3, 0.3), ("Tanh",),
                                      ("Dense", 4, 3)]),
    "batchnorm_first": ("softmax", [("BatchNorm", 5), ("Dense", 5, 3)]),
}  # fmt: skip
LOSSES = {"softmax": "CrossEntropyLoss", "binary": "BCEWithLogitsLoss", "squared": "MSELoss"}


def module(name, *arguments):
    """Make torch's counterpart of one of descentlab's layers."""
    if name == "Dense":
        return torch.nn.Linear(*arguments)
    if name == "BatchNorm":
        width, eps, momentum = (*arguments, 1e-5, 0.1)[:3]
        return torch.nn.BatchNorm1d(width, eps=eps, momentum=momentum)
    return getattr(torch.nn, name)(*arguments)


def in_our_order(net, of=lambda p: p.detach()):
    """Put a value of every parameter (itself or its gradient) into one flat vector."""
    values = [of(p) for p in net.parameters()]
    return torch.cat([v.T.reshape(-1) if v.ndim == 2 else v for v in values]).numpy().copy()


def set_parameters(net, w):
    """Copy a flat vector in descentlab's order into torch's parameters."""
    w, start = torch.tensor(w), 0
    with torch.no_grad():
        for p in net.parameters():
            part = w[start : start + p.numel()]
            p.copy_(part.reshape(p.shape[::-1]).T if p.ndim == 2 else part)
            start += p.numel()


def running(net):
    """Return mean and variance of each BatchNorm."""
    norms = [m for m in net if isinstance(m, torch.nn.BatchNorm1d)]
    return [[m.running_mean.tolist(), m.running_var.tolist()] for m in norms]


def make(layers, w):
    net = torch.nn.Sequential(*[module(*layer) for layer in layers]).double()
    set_parameters(net, w)
    return net


def loss_of(kind, net, X, y):
    z, mean_loss = net(X), getattr(torch.nn, LOSSES[kind])()
    return mean_loss(z if kind == "softmax" else z[:, 0], y)


def first_step(kind, layers, w, X, y):
    """Logits, loss, gradient and running statistics, in training and in evaluation mode."""
    net = make(layers, w)
    loss = loss_of(kind, net, X, y)
    loss.backward()
    answer = {
        "loss": loss.item(),
        "gradient": in_our_order(net, lambda p: p.grad).tolist(),
        "running": running(net),
    }
    net.eval()
    with torch.no_grad():
        answer["evaluated"] = net(X).reshape(-1).tolist()
        answer["evaluated_loss"] = loss_of(kind, net, X, y).item()
    return answer


def training(kind, layers, w, X, y, batches, method):
    """Parameters, running statistics and every tenth loss of STEPS steps on given batches."""
    net = make(layers, w)
    if method == "sgd":
        optimizer = torch.optim.SGD(net.parameters(), lr=RATES[method])
    else:
        optimizer = torch.optim.Adam(net.parameters(), lr=RATES[method], eps=EPS)
    losses = []
    for rows in batches:
        optimizer.zero_grad()
        loss = loss_of(kind, net, X[rows], y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"w": in_our_order(net).tolist(), "running": running(net), "losses": losses[::10]}


def targets(kind, rng, n):
    if kind == "softmax":
        return rng.integers(3, size=n)
    return rng.integers(2, size=n).astype(float) if kind == "binary" else rng.normal(size=n)


def case(kind, layers, seed):
    """Return the inputs of a case and torch's answers."""
    rng = np.random.default_rng(seed)
    X, y = rng.normal(0.5, 1.0, (12, 5)), targets(kind, rng, 12)
    net = torch.nn.Sequential(*[module(*layer) for layer in layers])
    w = rng.normal(0, 0.5, sum(p.numel() for p in net.parameters()))
    batches = [rng.permutation(12)[:8].tolist() for _ in range(STEPS)]
    data = torch.tensor(X), torch.tensor(y)
    return {
        "loss_kind": kind, "layers": layers, "X": X.tolist(), "y": y.tolist(), "w": w.tolist(),
        "batches": batches, **first_step(kind, layers, w, *data),
        **{m: training(kind, layers, w, *data, batches, m) for m in RATES},
    }  # fmt: skip


def answers():
    """Return all cases."""
    torch.use_deterministic_algorithms(True)
    return {name: case(*CASES[name], seed) for seed, name in enumerate(CASES)}


if __name__ == "__main__":
    cases = answers()
    head = {"torch": torch.__version__, "rates": RATES, "eps": EPS}
    PATH.write_text(json.dumps({**head, "cases": cases}, allow_nan=False) + "\n")
    print(f"{PATH.name}: {len(cases)} cases, {PATH.stat().st_size} bytes")
