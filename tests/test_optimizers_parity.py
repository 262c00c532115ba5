"""Every rule against PyTorch: stored trajectories, and PyTorch itself where it is installed."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from descentlab import optimizers as rules
from descentlab.optimizers import Optimizer

STORED = json.loads((Path(__file__).parent / "reference/torch_trajectories.json").read_text())
RECORDED = STORED["meta"]["recorded_steps"]

# PyTorch options the course does not teach; every other case of the file is compared.
UNCOVERED = {
    "Momentum dampening": "dampening weighs the first gradient otherwise than the rest",
    "RMSprop momentum default": "a velocity behind RMSProp: the course goes on to Adam instead",
    "RMSprop momentum alt": "a velocity behind RMSProp: the course goes on to Adam instead",
}
# What is an option in PyTorch and a class here, and how its other options are called.
RENAMED = {"momentum": "beta", "alpha": "beta", "rho": "beta"}
KEPT = {"lr", "eps", "centered", "momentum_decay"}


def rule_of(optimizer: str, hyper: dict) -> Optimizer:
    """Return the course's rule for a call of torch.optim; refuse an option it would drop."""
    left = dict(hyper)
    given = {k: left.pop(k) for k in KEPT & left.keys()}
    names = {"Adagrad": "AdaGrad", "RMSprop": "RMSProp"}
    name = names.get(optimizer, optimizer)
    if optimizer == "SGD":
        momentum, nesterov = left.pop("momentum"), left.pop("nesterov")
        name = "Nesterov" if nesterov else "Momentum" if momentum else "GradientDescent"
        given |= {"beta": momentum} if momentum else {}
    if optimizer == "Adam" and left.pop("amsgrad"):
        name = "AMSGrad"
    if optimizer in ("AdamW", "Lion"):
        given["weight_decay"] = left.pop("weight_decay")
    if "betas" in left:
        given["beta1"], given["beta2"] = left.pop("betas")
    given |= {RENAMED[k]: left.pop(k) for k in RENAMED.keys() & left.keys() if left[k]}
    handled = {"weight_decay", "lr_decay", "initial_accumulator_value"}
    assert not {k: v for k, v in left.items() if v and k not in handled}, left
    return getattr(rules, name)(**given)


def gradient_of(problem: dict, l2: float):
    def quadratic(w):
        return np.array(problem["A"]) @ w - np.array(problem["b"])

    def rosenbrock(w):
        a, c, (x, y) = problem["a"], problem["c"], w
        return np.array([-2 * (a - x) - 4 * c * x * (y - x**2), 2 * c * (y - x**2)])

    def logistic_regression(w):
        X = np.column_stack([problem["X"], np.ones(len(problem["X"]))])
        p = 1 / (1 + np.exp(-X @ w))
        return X.T @ (p - problem["y"]) / len(X)

    gradient = locals()[problem["kind"]]
    return lambda w: gradient(w) + l2 * w


def follow(case: dict) -> np.ndarray:
    """Return the course's parameters at the recorded steps of a stored case.

    An L2 penalty (weight_decay of SGD and Adam) is a term of the gradient, a first value of
    AdaGrad's sum is a start of the state, and its lr_decay is the schedule 1 / (1 + decay t).
    """
    hyper, problem = case["hyper"], STORED["problems"][case["problem"]]
    rule = rule_of(case["optimizer"], hyper)
    l2 = 0.0 if hasattr(rule, "weight_decay") else hyper.get("weight_decay", 0.0)
    gradient = gradient_of(problem, l2)
    w = np.array(problem["start"])
    state = rule.init(w)
    if hyper.get("initial_accumulator_value"):
        state["h"] = state["h"] + hyper["initial_accumulator_value"]
    path = []
    for t in range(STORED["meta"]["steps"]):
        lr = rule.lr / (1 + t * hyper.get("lr_decay", 0))
        w, state = replace(rule, lr=lr).step(w, gradient(w), state)
        path.append(w)
    return np.array(path)[np.array(RECORDED) - 1]


COVERED = [case for case in STORED["cases"] if case["label"] not in UNCOVERED]


def test_only_the_listed_cases_are_left_out():
    assert len(STORED["cases"]) == 102
    assert len(COVERED) == 93


@pytest.mark.parametrize("case", COVERED, ids=lambda c: f"{c['label']}-{c['problem']}")
def test_a_rule_follows_pytorch_for_200_steps(case):
    np.testing.assert_allclose(follow(case), case["params"], rtol=0, atol=case["tol"])


def test_every_rule_is_among_the_covered_cases():
    used = {type(rule_of(case["optimizer"], case["hyper"])) for case in COVERED}
    assert used == {kind for kind in every_rule(Optimizer) if kind is not Optimizer}


def every_rule(kind: type) -> set[type]:
    return {kind}.union(*(every_rule(sub) for sub in kind.__subclasses__()))


DEFAULTS = {
    "SGD default": rules.GradientDescent(),
    "Momentum default": rules.Momentum(),
    "NAG default": rules.Nesterov(),
    "Adagrad default": rules.AdaGrad(),
    "RMSprop default": rules.RMSProp(),
    "Adadelta default": rules.Adadelta(),
    "Adam default": rules.Adam(),
    "AMSGrad default": rules.AMSGrad(),
    "AdamW default": rules.AdamW(),
    "NAdam default": rules.NAdam(),
    "RAdam default": rules.RAdam(),
    "Adamax default": rules.Adamax(),
}


@pytest.mark.parametrize(("label", "ours"), DEFAULTS.items(), ids=DEFAULTS)
def test_the_defaults_are_those_of_pytorch(label, ours):
    case = next(case for case in COVERED if case["label"] == label)
    assert rule_of(case["optimizer"], case["hyper"]) == ours


def test_the_defaults_of_lion_are_its_authors():
    assert rules.Lion() == rules.Lion(lr=1e-4, beta1=0.9, beta2=0.99, weight_decay=0.0)
    assert rules.Optimizer() == rules.Optimizer(lr=1e-3)


LIVE = {
    "GradientDescent": ("SGD", {"lr": 0.03}),
    "Momentum": ("SGD", {"lr": 0.03, "momentum": 0.8}),
    "Nesterov": ("SGD", {"lr": 0.03, "momentum": 0.8, "nesterov": True}),
    "AdaGrad": ("Adagrad", {"lr": 0.1, "eps": 1e-5}),
    "RMSProp": ("RMSprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-5}),
    "RMSProp centered": ("RMSprop", {"lr": 0.01, "alpha": 0.9, "eps": 1e-2, "centered": True}),
    "Adadelta": ("Adadelta", {"lr": 0.8, "rho": 0.85, "eps": 1e-4}),
    "Adam": ("Adam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4}),
    "AMSGrad": ("Adam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "amsgrad": True}),
    "AdamW": ("AdamW", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.2}),
    "NAdam": ("NAdam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "momentum_decay": 0.02}),
    "Adamax": ("Adamax", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4}),
    "RAdam": ("RAdam", {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4}),
}


@pytest.fixture
def double():
    """PyTorch with double precision as its default: its NAdam keeps a product in that precision."""
    torch = pytest.importorskip("torch")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(before)


@pytest.mark.parametrize(("dtype", "tol"), [("float64", 1e-13), ("float32", 3e-6)])
@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize("defaults", [False, True])
def test_a_rule_equals_live_pytorch_on_the_same_gradients(double, name, dtype, tol, defaults):
    torch = double
    optimizer, hyper = LIVE[name]
    switches = {k: v for k, v in hyper.items() if v is True}
    if defaults:
        hyper = {"lr": hyper["lr"], **switches}
        hyper |= {"momentum": 0.9} if name in ("Momentum", "Nesterov") else {}
    rng = np.random.default_rng(4)
    w = rng.normal(size=(3, 7)).astype(dtype)
    tensor = torch.tensor(w, requires_grad=True)
    theirs = getattr(torch.optim, optimizer)([tensor], **hyper)
    rule = rule_of(optimizer, {"momentum": 0, "nesterov": False, "amsgrad": False,
                               "weight_decay": 0.01} | hyper)  # fmt: skip
    state = rule.init(w)
    for _ in range(100):
        g = (rng.normal(size=w.shape) * 10.0 ** rng.integers(-3, 3)).astype(dtype)
        tensor.grad = torch.tensor(g)
        theirs.step()
        w, state = rule.step(w, g, state)
    assert w.dtype == dtype
    scale = max(1.0, np.abs(w).max())
    np.testing.assert_allclose(w, tensor.detach().numpy(), rtol=0, atol=tol * scale)
