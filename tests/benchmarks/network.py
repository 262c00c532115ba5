"""Time networks and logistic regression against PyTorch and scikit-learn.

In an environment with torch==2.13.0 (CPU), scikit-learn and descentlab:

    python tests/benchmarks/network.py [rounds]

Every round runs each contender once, in turn, so that a busy computer slows all of them alike.
Medians, quartiles and ratios of medians are printed; a peer that is not installed is left out.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time
import warnings

import numpy as np

from descentlab.data import load_breast_cancer, load_digits, standardise
from descentlab.loops import descend
from descentlab.models import LogisticRegression, add_intercept
from descentlab.network import Dense, Network, ReLU, fit
from descentlab.optimizers import Adam, Nesterov
from descentlab.sampling import full_batch

try:
    import torch
except ImportError:
    torch = None
try:
    import sklearn
    from sklearn import linear_model, neural_network
except ImportError:
    sklearn = None

EPOCHS = 3  # per measurement
GAP = 1e-2  # E may exceed its minimum by this share


def ours(X, y, hidden, batch_size):
    """Return a function that trains descentlab's network for EPOCHS epochs."""
    network = Network([Dense(X.shape[1], hidden), ReLU(), Dense(hidden, 10)])
    w = network.init(np.random.default_rng(0), X.dtype)
    rng = np.random.default_rng(1)
    return lambda: fit(network, w, X, y, Adam(), EPOCHS, batch_size, rng)


def eager(X, y, hidden, batch_size, threads):
    """Return a function that trains the same network in PyTorch on ``threads`` threads."""
    X, y = torch.tensor(X), torch.tensor(y)
    layers = torch.nn.Linear(X.shape[1], hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10)
    net = torch.nn.Sequential(*layers).to(X.dtype)
    loss, optimizer = torch.nn.CrossEntropyLoss(), torch.optim.Adam(net.parameters())

    def epoch():
        for rows in torch.randperm(len(X)).split(batch_size):
            optimizer.zero_grad()
            loss(net(X[rows]), y[rows]).backward()
            optimizer.step()

    def run():
        torch.set_num_threads(threads)
        for _ in range(EPOCHS):
            epoch()

    return run


def classifier(X, y, hidden, batch_size):
    """Return a function that fits scikit-learn's MLPClassifier for EPOCHS epochs."""
    options = {"max_iter": EPOCHS, "n_iter_no_change": EPOCHS + 1, "tol": 0.0, "alpha": 0.0}
    model = neural_network.MLPClassifier((hidden,), batch_size=batch_size, **options)
    return lambda: model.fit(X, y)


def peers(X, y, hidden, batch_size, threads):
    """Return the contenders of one network by name, ours first."""
    contenders = {"descentlab": ours(X, y, hidden, batch_size)}
    for count in sorted({threads, 1}, reverse=True) if torch else []:
        contenders[f"torch eager, {count} thread(s)"] = eager(X, y, hidden, batch_size, count)
    if sklearn:
        contenders["sklearn MLPClassifier"] = classifier(X, y, hidden, batch_size)
    return contenders


def logistic():
    """Return contenders for the minimum of a penalised logistic loss, and how close they come."""
    data = load_breast_cancer()
    X, y = add_intercept(standardise(data.X)[0]), data.y
    n, p = X.shape
    model = LogisticRegression(l2=1 / n)  # scikit-learn's C = 1
    E = lambda w: model.value(w, X, y)  # noqa: E731
    lowest = E(newton(model, X, y))
    curvature = np.linalg.eigvalsh(X.T @ X / n)[-1] / 4 + model.l2
    beta = (1 - np.sqrt(model.l2 / curvature)) / (1 + np.sqrt(model.l2 / curvature))

    def nesterov(steps):
        rule = Nesterov(lr=1 / curvature, beta=beta)
        return descend(full_batch(model, X, y), np.zeros(p), rule, steps).w

    steps = int(np.argmax(E(nesterov(1000)) <= (1 + GAP) * lowest))
    contenders = {f"descentlab, Nesterov, {steps} steps": lambda: nesterov(steps)}
    if sklearn:
        lbfgs = linear_model.LogisticRegression(C=1.0, fit_intercept=False)
        contenders["sklearn lbfgs"] = lambda: lbfgs.fit(X, y)
        reached = E(lbfgs.fit(X, y).coef_[0]) / lowest - 1
        print(f"lbfgs stops at a relative gap of {reached:.1e}; Nesterov is stopped at {GAP:g}")
    return contenders


def newton(model, X, y):
    """Return the minimum of the logistic loss."""
    w = np.zeros(X.shape[1])
    for _ in range(30):
        q = model.probability(w, X)
        H = (X.T * (q * (1 - q))) @ X / len(X) + model.l2 * np.eye(len(w))
        w = w - np.linalg.solve(H, model.gradient(w, X, y))
    return w


def measure(title, contenders, rounds, per=1, target=""):
    """Run the contenders in turn and print a table."""
    times = {name: [] for name in contenders}
    for i in range(rounds + 1):  # the first round warms up
        for name, run in contenders.items():
            start = time.perf_counter()
            run()
            if i:
                times[name].append((time.perf_counter() - start) / per * 1e3)
    mine = np.median(next(iter(times.values())))
    print(f"\n{title}   (target: {target})")
    for name, values in times.items():
        low, median, high = np.percentile(values, [25, 50, 75])
        print(
            f"  {name:34} {median:8.2f} ms  [{low:.2f}, {high:.2f}]   ours/this {mine / median:.2f}"
        )


def main():
    """Print three tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    threads = torch.get_num_threads() if torch else 1
    warnings.filterwarnings("ignore", message="Stochastic Optimizer")
    for name, module in (("torch", torch), ("scikit-learn", sklearn)):
        print(f"{name} {module.__version__ if module else 'is not installed and is left out'}")
    blas = os.environ["OPENBLAS_NUM_THREADS"]
    print(f"NumPy {np.__version__}; threads by default: OpenBLAS {blas}, torch {threads}")
    digits = load_digits()
    small = peers(digits.X / 16, digits.y, 64, 32, threads)
    target = "<= 0.35 x torch eager, <= 0.6 x MLPClassifier"
    measure("digits 64-64-10, batch 32, float64, Adam, one epoch", small, rounds, EPOCHS, target)
    rng = np.random.default_rng(0)
    X, y = rng.random((10_000, 784), np.float32), rng.integers(10, size=10_000)
    large = {k: v for k, v in peers(X, y, 128, 128, threads).items() if "sklearn" not in k}
    target = "<= 0.9 x torch eager"
    measure("784-128-10, batch 128, float32, Adam, one epoch", large, rounds, EPOCHS, target)
    measure("logistic regression, breast cancer", logistic(), rounds, 1, "<= 5 x lbfgs")


if __name__ == "__main__":
    main()
