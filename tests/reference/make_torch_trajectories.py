"""Make torch_trajectories.json again: PyTorch's optimizers on three problems, 200 steps each.

In an environment of its own with ``pip install torch==2.13.0`` (the CPU build):

    python tests/reference/make_torch_trajectories.py --check   # compare with the stored file
    python tests/reference/make_torch_trajectories.py           # write the file

PyTorch has no Lion. The stored file had it from Optax; here it is written in plain Python numbers
(Chen et al. 2023, algorithm 2), a second implementation that shares nothing with the course's.
"""

import argparse
import json
import platform
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch

FILE = Path(__file__).with_name("torch_trajectories.json")
STEPS, RECORDED, TOLERANCE = 200, [1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 50, 100, 200], 1e-12
NAMES = ["quadratic", "rosenbrock", "logreg"]

PROBLEMS = {
    "quadratic": {
        "kind": "quadratic",
        "formula": "f(x) = 0.5 x^T A x - b^T x",
        "A": [[5.15, -8.573651], [-8.573651, 15.05]],
        "b": [1.0, -0.5],
        "start": [-2.0, 1.5],
        "eigenvalues": [0.2000004308181409, 19.99999956918186],
    },
    "rosenbrock": {
        "kind": "rosenbrock",
        "formula": "f(x,y) = (a-x)^2 + c (y-x^2)^2",
        "a": 1.0,
        "c": 100.0,
        "start": [-1.2, 1.0],
    },
    "logreg": {
        "kind": "logistic_regression",
        "formula": (
            "mean binary cross-entropy of sigmoid(X w + b); parameter vector = [w..., b]"
        ),
        "X": [
            [-1.124, 2.127], [-0.571, -0.918], [0.225, -1.882], [-1.068, 0.898],
            [0.661, -4.306], [2.647, 1.537], [-0.459, 1.404], [-0.167, -0.521],
            [1.089, -2.913], [0.876, 2.398], [1.622, -0.999], [1.203, -3.643],
        ],
        "y": [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0],
        "start": [0.1, -0.2, 0.05],
    },
}  # fmt: skip

SGD = {"momentum": 0, "dampening": 0, "nesterov": False, "weight_decay": 0}
ADAGRAD = {"lr_decay": 0, "weight_decay": 0, "initial_accumulator_value": 0}
RMSPROP = {"weight_decay": 0, "momentum": 0, "centered": False}
ADAM = {"betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0}
PLAIN, AMS = {"amsgrad": False}, {"amsgrad": True}

# label, optimizer, learning rate (one, or one per problem), the other hyper-parameters
CASES = [
    ("SGD default", "SGD", 0.001, SGD),
    ("SGD alt", "SGD", (0.08, 0.0005, 0.5), SGD),
    ("Momentum default", "SGD", 0.001, SGD | {"momentum": 0.9}),
    ("Momentum alt", "SGD", (0.05, 0.0008, 0.2), SGD | {"momentum": 0.5}),
    ("Momentum dampening", "SGD", (0.03, 0.0008, 0.2), SGD | {"momentum": 0.8, "dampening": 0.3}),
    ("NAG default", "SGD", (0.001, 0.0005, 0.001), SGD | {"momentum": 0.9, "nesterov": True}),
    ("NAG alt", "SGD", (0.02, 0.0004, 0.2), SGD | {"momentum": 0.7, "nesterov": True}),
    ("SGD weight_decay", "SGD", (0.05, 0.0005, 0.5), SGD | {"weight_decay": 0.05}),
    ("Adagrad default", "Adagrad", 0.01, ADAGRAD | {"eps": 1e-10}),
    ("Adagrad alt", "Adagrad", 0.3, ADAGRAD | {"eps": 1e-6}),
    ("Adagrad init+lr_decay", "Adagrad", 0.2,
     ADAGRAD | {"lr_decay": 0.01, "initial_accumulator_value": 0.1, "eps": 1e-10}),
    ("RMSprop default", "RMSprop", 0.01, {"alpha": 0.99, "eps": 1e-8} | RMSPROP),
    ("RMSprop alt", "RMSprop", 0.003, {"alpha": 0.95, "eps": 1e-6} | RMSPROP),
    ("RMSprop centered default", "RMSprop", 0.01,
     {"alpha": 0.99, "eps": 1e-8} | RMSPROP | {"centered": True}),
    ("RMSprop centered alt", "RMSprop", 0.002,
     {"alpha": 0.95, "eps": 1e-3} | RMSPROP | {"centered": True}),
    ("RMSprop momentum default", "RMSprop", 0.01,
     {"alpha": 0.99, "eps": 1e-8} | RMSPROP | {"momentum": 0.9}),
    ("RMSprop momentum alt", "RMSprop", 0.002,
     {"alpha": 0.95, "eps": 1e-8} | RMSPROP | {"momentum": 0.5}),
    ("Adadelta default", "Adadelta", 1.0, {"rho": 0.9, "eps": 1e-6, "weight_decay": 0}),
    ("Adadelta alt", "Adadelta", 0.7, {"rho": 0.95, "eps": 1e-5, "weight_decay": 0}),
    ("Adam default", "Adam", 0.001, ADAM | PLAIN),
    ("Adam alt", "Adam", 0.05, ADAM | {"betas": [0.8, 0.99], "eps": 1e-6} | PLAIN),
    ("Adam L2 weight_decay", "Adam", 0.02, ADAM | {"weight_decay": 0.05} | PLAIN),
    ("AMSGrad default", "Adam", 0.001, ADAM | AMS),
    ("AMSGrad alt", "Adam", 0.05, ADAM | {"betas": [0.9, 0.99]} | AMS),
    ("AdamW default", "AdamW", 0.001, ADAM | {"weight_decay": 0.01} | PLAIN),
    ("AdamW alt", "AdamW", 0.02, ADAM | {"betas": [0.85, 0.98], "weight_decay": 0.1} | PLAIN),
    ("NAdam default", "NAdam", 0.002, ADAM | {"momentum_decay": 0.004}),
    ("NAdam alt", "NAdam", 0.02, ADAM | {"betas": [0.8, 0.99], "momentum_decay": 0.01}),
    ("RAdam default", "RAdam", 0.001, ADAM),
    ("RAdam alt", "RAdam", (0.03, 0.001, 0.03), ADAM | {"betas": [0.8, 0.98]}),
    ("Adamax default", "Adamax", 0.002, ADAM),
    ("Adamax alt", "Adamax", 0.05, ADAM | {"betas": [0.8, 0.99]}),
    ("Lion default(optax)", "Lion", 0.001, {"betas": [0.9, 0.99], "weight_decay": 0.001}),
    ("Lion alt", "Lion", 0.01, {"betas": [0.95, 0.98], "weight_decay": 0.1}),
]  # fmt: skip

Loss = Callable[[torch.Tensor], torch.Tensor]


def loss_of(problem: dict) -> Loss:
    """Return the problem's loss as a function of a tensor; its gradient comes from autograd."""
    if problem["kind"] == "quadratic":
        a, b = torch.tensor(problem["A"]), torch.tensor(problem["b"])
        return lambda w: 0.5 * (w @ a @ w) - b @ w
    if problem["kind"] == "rosenbrock":
        return lambda w: (problem["a"] - w[0]) ** 2 + problem["c"] * (w[1] - w[0] ** 2) ** 2
    x, y = torch.tensor(problem["X"]), torch.tensor(problem["y"])
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits
    return lambda w: cross_entropy(x @ w[:-1] + w[-1], y)


def torch_run(optimizer: str, hyper: dict, loss: Loss, start: list[float]) -> Iterable[list[float]]:
    """Yield the parameters after each step of ``torch.optim``."""
    w = torch.tensor(start, requires_grad=True)
    rule = getattr(torch.optim, optimizer)([w], **hyper)
    for _ in range(STEPS):
        rule.zero_grad()
        loss(w).backward()
        rule.step()
        yield w.tolist()


def lion_run(hyper: dict, loss: Loss, start: list[float]) -> Iterable[list[float]]:
    """Yield the parameters after each step of Lion, coordinate by coordinate."""
    (beta1, beta2), lr, decay = hyper["betas"], hyper["lr"], hyper["weight_decay"]
    w, m = list(start), [0.0] * len(start)
    for _ in range(STEPS):
        tensor = torch.tensor(w, requires_grad=True)
        loss(tensor).backward()
        for i, g in enumerate(tensor.grad.tolist()):
            c = beta1 * m[i] + (1 - beta1) * g
            sign = (c > 0) - (c < 0)
            w[i] -= lr * (sign + decay * w[i])
            m[i] = beta2 * m[i] + (1 - beta2) * g
        yield list(w)


def run(case: dict, problem: dict, scale: float = 1.0) -> list[list[float]]:
    """Return the parameters after each of the 200 steps, from ``scale`` times the start."""
    loss, start = loss_of(problem), [scale * x for x in problem["start"]]
    if case["optimizer"] == "Lion":
        return list(lion_run(case["hyper"], loss, start))
    return list(torch_run(case["optimizer"], case["hyper"], loss, start))


def cases() -> Iterable[dict]:
    """Yield each case with its parameters and losses at the recorded steps."""
    for label, optimizer, rates, hyper in CASES:
        for name, lr in zip(NAMES, rates if isinstance(rates, tuple) else (rates,) * 3):
            case = {
                "label": label,
                "optimizer": optimizer,
                "hyper": {"lr": lr} | hyper,
                "problem": name,
                "source": "plain Python" if optimizer == "Lion" else "torch",
                "tol": TOLERANCE,
            }
            path = run(case, PROBLEMS[name])
            if optimizer != "Lion":
                shifted = run(case, PROBLEMS[name], scale=1 + 1e-13)
                growth = np.abs(np.subtract(shifted, path)).max() / 1e-13
                case["amplification"] = float(f"{growth:.2g}")
            case["params"] = [path[t - 1] for t in RECORDED]
            loss = loss_of(PROBLEMS[name])
            case["loss"] = [loss(torch.tensor(w)).item() for w in case["params"]]
            yield case


def reference() -> dict:
    """Return what the file holds."""
    meta = {
        "title": "primary parity reference",
        "source": f"torch {torch.__version__} (torch.optim, float64, 1 thread, CPU)",
        "lion": "plain Python numbers, Chen et al. (2023), algorithm 2; gradients by autograd",
        "numpy": np.__version__,
        "python": platform.python_version(),
        "steps": STEPS,
        "recorded_steps": RECORDED,
        "note": (
            "params[k] is the parameter vector AFTER step recorded_steps[k] (1 = after the first "
            "update); loss[k] is the loss at it. amplification = how much a 1e-13 relative change "
            "of the start grows in max-abs over the 200 steps; a correct float64 implementation is "
            "expected within tol (absolute) of params."
        ),
    }
    return {"meta": meta, "problems": PROBLEMS, "cases": list(cases())}


def largest_difference(new: dict, stored: dict) -> float:
    """Return the largest difference of a parameter; refuse files that list other cases."""
    identity = ("label", "optimizer", "hyper", "problem", "tol")
    if new["problems"] != stored["problems"]:
        raise SystemExit("the problems differ")
    if [[c[k] for k in identity] for c in new["cases"]] != [
        [c[k] for k in identity] for c in stored["cases"]
    ]:
        raise SystemExit("the cases differ")
    worst = 0.0
    for a, b in zip(new["cases"], stored["cases"]):
        worst = max(worst, float(np.abs(np.subtract(a["params"], b["params"])).max()))
    return worst


def main() -> None:
    """Write the file, or with ``--check`` compare a new run with it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    check = parser.parse_args().check
    new = reference()
    if not check:
        FILE.write_text(json.dumps(new, separators=(",", ":")))
        return
    worst = largest_difference(new, json.loads(FILE.read_text()))
    print(f"{len(new['cases'])} cases; largest difference of a parameter {worst:.2g}")
    if worst > TOLERANCE:
        raise SystemExit(f"more than {TOLERANCE}")


if __name__ == "__main__":
    main()
