"""Make descentlab/data/trajectories.json again: the rules of PyTorch and Optax on the ravine.

The convention map compares its formulas with these runs. In one environment with torch 2.13.0 and
in another with optax 0.2.8 (each can be missing; the stored runs of a missing library are kept):

    python tests/reference/make_library_trajectories.py --check   # compare with the stored file
    python tests/reference/make_library_trajectories.py           # write the file
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

FILE = Path(__file__).parents[2] / "code" / "descentlab" / "data" / "trajectories.json"
START, CURVATURES, STEPS = (-7.0, 2.0), (0.1, 2.0), [1, 2, 3, 5, 10, 20]

try:
    import torch
except ImportError:
    torch = None
try:
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
except ImportError:
    optax = None

# name in the library, learning rate, every other hyper-parameter (the library's defaults, but for
# a momentum of 0.9)
TORCH = [
    ("SGD", 0.5, {"momentum": 0.0, "dampening": 0.0, "nesterov": False}),
    ("SGD", 0.1, {"momentum": 0.9, "dampening": 0.0, "nesterov": False}),
    ("SGD", 0.1, {"momentum": 0.9, "dampening": 0.0, "nesterov": True}),
    ("Adagrad", 1.0, {"lr_decay": 0.0, "initial_accumulator_value": 0.0, "eps": 1e-10}),
    ("RMSprop", 0.1, {"alpha": 0.99, "eps": 1e-8, "centered": False, "momentum": 0.0}),
    ("Adadelta", 1.0, {"rho": 0.9, "eps": 1e-6}),
    ("Adam", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8, "amsgrad": False}),
    ("Adam", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8, "amsgrad": True}),
    ("AdamW", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}),
    ("NAdam", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8, "momentum_decay": 0.004}),
    ("Adamax", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8}),
    ("RAdam", 0.1, {"betas": [0.9, 0.999], "eps": 1e-8}),
]
ADAM = {"b1": 0.9, "b2": 0.999, "eps": 1e-8, "eps_root": 0.0}
OPTAX = [
    ("sgd", 0.5, {"momentum": None, "nesterov": False}),
    ("sgd", 0.1, {"momentum": 0.9, "nesterov": False}),
    ("sgd", 0.1, {"momentum": 0.9, "nesterov": True}),
    ("adagrad", 1.0, {"initial_accumulator_value": 0.1, "eps": 1e-7}),
    ("rmsprop", 0.1, {"decay": 0.9, "eps": 1e-8, "eps_in_sqrt": True, "initial_scale": 0.0}),
    ("adadelta", 1.0, {"rho": 0.9, "eps": 1e-6}),
    ("adam", 0.1, ADAM),
    ("amsgrad", 0.1, ADAM),
    ("adamw", 0.1, ADAM | {"weight_decay": 1e-4}),
    ("nadam", 0.1, ADAM),
    ("adamax", 0.1, {"b1": 0.9, "b2": 0.999, "eps": 1e-8}),
    ("radam", 0.1, ADAM | {"threshold": 5.0}),
    ("lion", 0.1, {"b1": 0.9, "b2": 0.99, "weight_decay": 1e-3}),
]


def torch_run(name: str, lr: float, hyper: dict) -> Callable[[], list[float]]:
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    rule = getattr(torch.optim, name)([w], lr=lr, **hyper)

    def step() -> list[float]:
        w.grad = torch.tensor(CURVATURES, dtype=torch.float64) * w.detach()
        rule.step()
        return w.detach().tolist()

    return step


def optax_run(name: str, lr: float, hyper: dict) -> Callable[[], list[float]]:
    rule = getattr(optax, name)(lr, **hyper)
    w = jax.numpy.array(START)
    state = rule.init(w)

    def step() -> list[float]:
        nonlocal w, state
        updates, state = rule.update(jax.numpy.array(CURVATURES) * w, state, w)
        w = optax.apply_updates(w, updates)
        return [float(x) for x in w]

    return step


def cases(library: str, table: list, run: Callable) -> list[dict]:
    made = []
    for name, lr, hyper in table:
        step = run(name, lr, hyper)
        path = [step() for _ in range(max(STEPS))]
        made.append(
            {"library": library, "name": name, "lr": lr, "hyper": hyper}
            | {"w": [path[t - 1] for t in STEPS]}
        )
    return made


def made_now(stored: dict) -> dict:
    versions, found = dict(stored["versions"]), {"PyTorch": [], "Optax": []}
    for case in stored["cases"]:
        found[case["library"]].append(case)
    if torch is not None:
        versions["PyTorch"] = torch.__version__.split("+")[0]
        found["PyTorch"] = cases("PyTorch", TORCH, torch_run)
    if optax is not None:
        versions["Optax"] = optax.__version__
        found["Optax"] = cases("Optax", OPTAX, optax_run)
    return {
        "problem": "gradient (0.1 w1, 2 w2)",
        "start": list(START),
        "steps": STEPS,
        "versions": versions,
        "cases": found["PyTorch"] + found["Optax"],
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    empty = {"versions": {}, "cases": []}
    stored = json.loads(FILE.read_text()) if FILE.exists() else empty
    new = made_now(stored)
    if check:
        assert [{**c, "w": 0} for c in new["cases"]] == [{**c, "w": 0} for c in stored["cases"]]
        for a, b in zip(new["cases"], stored["cases"], strict=True):
            np.testing.assert_allclose(a["w"], b["w"], rtol=1e-13, atol=1e-15)
        print(f"{len(new['cases'])} runs as stored")
    else:
        FILE.write_text(json.dumps(new, separators=(",", ":")) + "\n")
        print(f"{len(new['cases'])} runs written")
