"""Time the optimizers, each against its peer in one run: ``python tests/benchmarks/optimizers.py``.

Ours and the peer take turns, so that a busy moment of the computer meets both. A row tells the
median time of each, the median ratio with its quartiles, and the ratio that is asked for. With
torch 2.13.0 (CPU) installed its optimizers are the peer; without it those rows are left out.
"""

import time
from collections.abc import Callable

import numpy as np

from descentlab import optimizers as opt
from descentlab.loops import descend
from descentlab.surfaces import rosenbrock

try:
    import torch
except ImportError:
    torch = None

RULES = {
    "GradientDescent": (opt.GradientDescent(), "SGD", {}),
    "Momentum": (opt.Momentum(), "SGD", {"momentum": 0.9}),
    "Nesterov": (opt.Nesterov(), "SGD", {"momentum": 0.9, "nesterov": True}),
    "AdaGrad": (opt.AdaGrad(), "Adagrad", {}),
    "RMSProp": (opt.RMSProp(), "RMSprop", {}),
    "Adadelta": (opt.Adadelta(), "Adadelta", {}),
    "Adam": (opt.Adam(), "Adam", {}),
    "AMSGrad": (opt.AMSGrad(), "Adam", {"amsgrad": True}),
    "AdamW": (opt.AdamW(), "AdamW", {}),
    "NAdam": (opt.NAdam(), "NAdam", {}),
    "Adamax": (opt.Adamax(), "Adamax", {}),
    "RAdam": (opt.RAdam(), "RAdam", {}),
}
Work = Callable[[], object]


def seconds(work: Work, repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        work()
    return (time.perf_counter() - start) / repeats


def compare(name: str, ours: Work, peer: Work, target: float, rounds: int, repeats: int) -> None:
    seconds(ours, min(repeats, 20)), seconds(peer, min(repeats, 20))
    pairs = np.array([(seconds(ours, repeats), seconds(peer, repeats)) for _ in range(rounds)])
    a, b = 1e6 * np.median(pairs, axis=0)
    low, ratio, high = np.quantile(pairs[:, 0] / pairs[:, 1], [0.25, 0.5, 0.75])
    verdict = "ok" if ratio <= target else "MISSED"
    spread = f"[{low:.3g}, {high:.3g}]"
    print(f"{name:42} {a:12.1f} {b:12.1f} {ratio:8.3g} {spread:>16} {target:7.3g} {verdict}")


def our_step(rule: opt.Optimizer, g: np.ndarray) -> Work:
    at = {"w": np.zeros_like(g), "state": rule.init(g)}

    def step() -> None:
        at["w"], at["state"] = rule.step(at["w"], g, at["state"])

    return step


def torch_step(name: str, options: dict, g: np.ndarray) -> Work:
    w = torch.zeros(g.shape, dtype=getattr(torch, str(g.dtype)), requires_grad=True)
    w.grad = torch.tensor(g)
    return getattr(torch.optim, name)([w], **{"lr": 1e-3} | options).step


def against_torch() -> None:
    g = np.array([-0.7, 4.0])
    for name, (rule, theirs, options) in RULES.items():
        label = f"{name}, one step on 2 parameters"
        compare(label, our_step(rule, g), torch_step(theirs, options, g), 0.6, 15, 500)
    g = np.random.default_rng(0).normal(size=101_770).astype(np.float32)
    threads = torch.get_num_threads()
    for n in {threads, 1}:
        torch.set_num_threads(n)
        label = f"Adam, 101 770 float32, torch with {n} thread{'s' * (n > 1)}"
        compare(label, our_step(opt.Adam(), g), torch_step("Adam", {}, g), 1.1, 30, 50)
    torch.set_num_threads(threads)


def without_trace(w: np.ndarray, rule: opt.Optimizer, steps: int) -> np.ndarray:
    gradient, state = rosenbrock().gradient, rule.init(w)
    for _ in range(steps):
        w, state = rule.step(w, gradient(w), state)
    return w


def stacked_runs() -> None:
    rule, steps = opt.Adam(lr=0.01), 1000
    starts = np.random.default_rng(0).uniform(-2, 2, (200, 2))

    def stacked() -> np.ndarray:
        return without_trace(starts, rule, steps)

    def one_by_one() -> list[np.ndarray]:
        return [without_trace(start, rule, steps) for start in starts]

    def traced() -> object:
        return descend(rosenbrock().gradient, starts, rule, steps)

    assert (stacked() == np.array(one_by_one())).all()
    compare("200 runs x 1000 Adam steps, stack/loop", stacked, one_by_one, 1 / 50, 3, 1)
    compare("the same stack with/without its Trace", traced, stacked, 2.0, 15, 1)


def main() -> None:
    heads = f"{'ours':>12} {'peer':>12} {'ratio':>8} {'quartiles':>16} {'target':>7}"
    print(f"{'microseconds':42} {heads}")
    if torch is None:
        print("torch is not installed: the rows against it are left out")
    else:
        against_torch()
    stacked_runs()


if __name__ == "__main__":
    main()
