"""Data: the files, their checksums and what a plain wheel installs; synthetic sets; preparation."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from descentlab import data
from descentlab import optimizers as rules
from descentlab.loops import descend
from descentlab.surfaces import ravine

FOLDER = Path(data.__file__).parent
CODE = FOLDER.parents[1]
SETS = [data.load_diabetes, data.load_breast_cancer, data.load_digits]


def rng(seed=0):
    return np.random.default_rng(seed)


def test_the_checksums_are_those_of_the_files():
    listed = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (FOLDER / "README.md").read_text(), re.M))
    files = sorted(FOLDER.glob("*.npz"))
    actual = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in files}
    assert listed == actual
    assert len(actual) == 3
    assert sum(path.stat().st_size for path in files) <= 300_000


@pytest.mark.parametrize(
    ("load", "shape", "classes"),
    [(SETS[0], (442, 10), 0), (SETS[1], (569, 30), 2), (SETS[2], (1797, 64), 10)],
)
def test_shapes_names_and_dtypes(load, shape, classes):
    table = load()
    assert table.X.shape == shape
    assert table.X.dtype == np.float64
    assert table.y.shape == shape[:1]
    assert len(table.feature_names) == shape[1]
    assert len(table.target_names) == max(classes, 1)
    assert "\n" not in table.description
    assert np.isfinite(table.X).all()
    if classes:
        assert table.y.dtype == np.int64
        assert set(table.y.tolist()) == set(range(classes))


def test_known_values():
    assert data.load_diabetes().X[0].tolist() == [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87]
    assert data.load_diabetes().y[:3].tolist() == [151, 75, 141]
    assert data.load_breast_cancer().X[0, :3].tolist() == [17.99, 10.38, 122.8]
    assert np.bincount(data.load_breast_cancer().y).tolist() == [212, 357]
    assert data.load_digits().X[0, :8].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


@pytest.mark.parametrize("load", SETS)
def test_arrays_are_read_only(load):
    for array in (load().X, load().y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_they_equal_scikit_learns_where_it_is_installed():
    datasets = pytest.importorskip("sklearn.datasets")
    originals = (
        datasets.load_diabetes(scaled=False),
        datasets.load_breast_cancer(),
        datasets.load_digits(),
    )
    for load, theirs in zip(SETS, originals):
        np.testing.assert_array_equal(load().X, theirs.data)
        np.testing.assert_array_equal(load().y, theirs.target)


def test_a_plain_wheel_installs_the_data(tmp_path):
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path), CODE]
    quiet = {**os.environ, "PYTHONWARNINGS": ""}
    built = subprocess.run(pip, capture_output=True, text=True, env=quiet)
    if "No matching distribution found for flit_core" in built.stderr:
        pytest.skip("no package index from which to fetch flit_core, which builds the wheel")
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "site")
    program = (
        "from descentlab import data; print(data.__file__);"
        "print(len(data.load_diabetes().X), len(data.load_breast_cancer().X),"
        "len(data.load_digits().X), len(data.load_trajectories()))"
    )
    command = [sys.executable, "-c", program]
    options = {"cwd": tmp_path, "env": {"PYTHONPATH": str(tmp_path / "site")}, "text": True}
    out = subprocess.run(command, capture_output=True, check=True, **options).stdout.split("\n")
    assert out[0].startswith(str(tmp_path / "site"))
    assert out[1] == "442 569 1797 25"


def test_standardise_gives_mean_zero_and_deviation_one():
    X = data.load_breast_cancer().X
    Z, mean, std = data.standardise(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(Z.std(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(Z * std + mean, X, rtol=1e-12, atol=1e-9)
    assert data.standardise(X.astype(np.float32))[0].dtype == np.float32


def test_a_constant_column_is_named():
    X = np.array([[1.0, 5.0, 2.0], [2.0, 5.0, 2.0]])
    with pytest.raises(ValueError, match=r"X must have no constant column.* 1, 2$"):
        data.standardise(X)
    with pytest.raises(ValueError, match=r"1 \(b\), 2 \(c\)"):
        data.standardise(X, names=("a", "b", "c"))
    digits = data.load_digits()
    with pytest.raises(ValueError, match=r"0 \(pixel_0_0\), 32 \(pixel_4_0\), 39 \(pixel_4_7\)"):
        data.standardise(digits.X, digits.feature_names)


def test_split_uses_every_example_once():
    X, y = np.arange(22.0).reshape(11, 2), np.arange(11)
    parts = data.split(X, y, (0.6, 0.2, 0.2), rng())
    assert [len(part_y) for _, part_y in parts] == [7, 2, 2]
    assert sorted(np.concatenate([part_y for _, part_y in parts])) == list(range(11))
    for part_X, part_y in parts:
        np.testing.assert_array_equal(part_X, X[part_y])
        assert not np.shares_memory(part_X, X)
    again = data.split(X, y, (0.6, 0.2, 0.2), rng())
    np.testing.assert_array_equal(parts[0][1], again[0][1])


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (1.2, -0.2), (), (0.5, np.nan), (0.99, 0.01)])
def test_bad_fractions_are_refused(fractions):
    with pytest.raises(ValueError, match="fractions must"):
        data.split(np.ones((10, 1)), np.ones(10), fractions, rng())


def test_split_refuses_lengths_that_differ_and_a_seed():
    with pytest.raises(ValueError, match="X and y must have one length"):
        data.split(np.ones((10, 1)), np.ones(9), (0.5, 0.5), rng())
    with pytest.raises(ValueError, match=r"rng must be a np\.random.Generator, got int"):
        data.split(np.ones((10, 1)), np.ones(10), (0.5, 0.5), 0)


MAKERS = [data.line, data.blobs, data.spirals, data.sparse_logistic]


@pytest.mark.parametrize("make", MAKERS)
def test_synthetic_sets_are_repeatable_and_check_their_arguments(make):
    for one, two in zip(make(20, rng(3)), make(20, rng(3))):
        np.testing.assert_array_equal(one, two)
    assert len(make(20, rng())[0]) == 20
    for n in (0, -1, 2.5, None):
        with pytest.raises(ValueError, match="n must be a whole number >= 1"):
            make(n, rng())
    with pytest.raises(ValueError, match=r"rng must be a np\.random.Generator"):
        make(20, 3)


def test_synthetic_options_are_checked():
    for make, option in ((data.line, "noise"), (data.blobs, "spread"), (data.spirals, "noise"),
                         (data.spirals, "turns")):  # fmt: skip
        with pytest.raises(ValueError, match=f"{option} must be a finite number >= 0"):
            make(5, rng(), **{option: -1.0})
    for make in (data.blobs, data.spirals):
        with pytest.raises(ValueError, match="classes must be a whole number >= 2"):
            make(5, rng(), classes=1)
    with pytest.raises(ValueError, match="d must be a whole number >= 2"):
        data.sparse_logistic(5, rng(), d=1)
    with pytest.raises(ValueError, match="rarest must be a probability"):
        data.sparse_logistic(5, rng(), rarest=0.6)


def test_the_synthetic_truth_is_in_the_data():
    X, y = data.line(4000, rng(), slope=-3.0, intercept=0.5, noise=0.2)
    slope, intercept = np.polyfit(X[:, 0], y, 1)
    assert slope == pytest.approx(-3, abs=0.03)
    assert intercept == pytest.approx(0.5, abs=0.02)
    X, y = data.blobs(3000, rng(), classes=3, spread=0.3)
    centres = np.array([X[y == k].mean(axis=0) for k in range(3)])
    np.testing.assert_allclose(np.hypot(*centres.T), 2, atol=0.03)
    X, y = data.spirals(3000, rng(), classes=3, noise=0.0)
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    turned = (angle / (2 * np.pi) - 1.5 * radius - y / 3) % 1
    assert np.minimum(turned, 1 - turned).max() < 1e-9
    X, y, w = data.sparse_logistic(20_000, rng())
    share = X.mean(axis=0)
    assert share[0] == pytest.approx(0.5, abs=0.02)
    assert share[-1] == pytest.approx(0.01, abs=0.004)
    rare = X[:, -1] > 0
    assert y[rare].mean() < y[~rare].mean() - 0.1
    assert w[-1] == -2


def test_the_stored_runs_are_small_complete_and_read_only():
    assert (FOLDER / "trajectories.json").stat().st_size <= 10_000
    runs = data.load_trajectories()
    kinds = [(run.library, run.version) for run in runs]
    assert kinds == 12 * [("PyTorch", "2.13.0")] + 13 * [("Optax", "0.2.8")]
    for run in runs:
        assert run.steps.tolist() == [1, 2, 3, 5, 10, 20]
        assert run.w.shape == (6, 2)
        assert np.isfinite(run.w).all()
        assert 0.1 <= run.lr <= 1
        for array in (run.steps, run.w):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 1


PYTORCH = [
    rules.GradientDescent(0.5),
    rules.Momentum(0.1),
    rules.Nesterov(0.1),
    rules.AdaGrad(1.0),
    rules.RMSProp(0.1),
    rules.Adadelta(1.0),
    rules.Adam(0.1),
    rules.AMSGrad(0.1),
    rules.AdamW(0.1),
    rules.NAdam(0.1),
    rules.Adamax(0.1),
    rules.RAdam(0.1),
]


@pytest.mark.parametrize("number", range(12), ids=lambda n: type(PYTORCH[n]).__name__)
def test_the_rules_reproduce_every_stored_run_of_pytorch(number):
    run, surface, rule = data.load_trajectories()[number], ravine(), PYTORCH[number]
    path = descend(surface.gradient, surface.start, rule, 20).w[run.steps]
    nadam = isinstance(rule, rules.NAdam)
    np.testing.assert_allclose(path, run.w, rtol=0, atol=1e-8 if nadam else 1e-12)


def test_nadam_differs_only_by_a_product_that_pytorch_keeps_in_float32():
    run, surface, rule = data.load_trajectories()[9], ravine(), rules.NAdam(0.1)
    w, path = surface.start, [surface.start]
    state = rule.init(w)
    for t in range(1, 21):
        rounded = float(np.float32(state["mu_product"]) * np.float32(rule.mu(t)))
        w, state = rule.step(w, surface.gradient(w), state | {"mu_product": rounded / rule.mu(t)})
        path.append(w)
    assert run.name == "NAdam"
    np.testing.assert_allclose(np.array(path)[run.steps], run.w, rtol=0, atol=1e-12)
