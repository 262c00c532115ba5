"""The comparison of chapter 21: its protocol, its stored results, and a row of them run again."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from descentlab import capstone, optimizers
from descentlab.data import capstone as stored_runs
from descentlab.data import capstone_versions, load_capstone, load_digits

TOOL = Path(__file__).parents[1] / "code" / "tools" / "capstone.py"


@pytest.fixture(scope="module")
def stored():
    return load_capstone()


def tool():
    """Return the module of the tool, whose name is also that of the protocol's."""
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location("capstone_tool", TOOL)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def on_grid(stored):
    return {name: trials.at(capstone.grid(name)) for name, trials in stored.items()}


def test_every_rule_of_the_course_has_nine_rates():
    every = [rule.__name__ for rule in optimizers.Optimizer.__subclasses__()]
    every.insert(every.index("AMSGrad") + 1, "AdamW")
    assert list(capstone.LOWEST) == every
    for name in capstone.LOWEST:
        grid = capstone.grid(name)
        assert len(grid) == capstone.TRIALS == 9
        np.testing.assert_allclose(grid[::2] / grid[0], 10.0 ** np.arange(5))
        np.testing.assert_allclose(grid[1::2] / grid[:-1:2], 3)


def test_default_rates_are_those_of_the_package_where_pytorch_has_the_rule():
    for name, rate in capstone.DEFAULTS["PyTorch"].items():
        assert getattr(optimizers, name)().lr == rate
    assert set(capstone.LOWEST) - set(capstone.DEFAULTS["PyTorch"]) == {"Lion"}
    assert set(capstone.LOWEST) - set(capstone.DEFAULTS["Keras"]) == {"RAdam"}


@pytest.mark.parametrize("seed", [0, 11])
def test_the_three_parts_have_no_common_example_and_together_are_the_digits(seed):
    (training, held, test), _ = capstone.parts(seed)
    assert [len(y) for _, y in (training, held, test)] == [
        1078,
        stored_runs.VALIDATION,
        stored_runs.TEST,
    ]
    rows = np.concatenate([X for X, _ in (training, held, test)])
    digits = load_digits()
    order = np.lexsort(rows.T), np.lexsort((digits.X / 16).T)
    np.testing.assert_array_equal(rows[order[0]], digits.X[order[1]] / 16)
    assert len(np.unique(digits.X, axis=0)) == len(digits.X), "then no example is in two parts"


def test_all_rules_and_rates_have_the_same_start_and_batches(monkeypatch):
    seen = []
    train_step = type(capstone.NETWORK).train_step

    def spy(network, w, X, y, *rest):
        if not seen[-1]:
            assert (w == w[0]).all(), "the rates differ in their start"
            seen[-1].append(w[0].copy())
        seen[-1].append(X.copy())
        return train_step(network, w, X, y, *rest)

    monkeypatch.setattr(type(capstone.NETWORK), "train_step", spy)
    for name in capstone.LOWEST:
        seen.append([])
        capstone.run(name, capstone.grid(name)[:2], [3], epochs=2)
    assert len(seen[0]) == 1 + 2 * 34
    for calls in seen[1:]:
        for one, other in zip(seen[0], calls, strict=True):
            np.testing.assert_array_equal(one, other)


def test_seeds_differ_in_division_and_start():
    (first, _, _), rng = capstone.parts(0)
    (second, _, _), other = capstone.parts(1)
    assert not np.array_equal(first[0], second[0])
    assert not np.array_equal(capstone.NETWORK.init(rng), capstone.NETWORK.init(other))


def test_a_run_in_a_stack_is_the_run_alone():
    stack = capstone.run("Adam", [0.001, 0.01], [0, 1], epochs=2)
    alone = capstone.run("Adam", [0.01], [1], epochs=2)
    np.testing.assert_array_equal(stack.validation_errors[1:, 1:], alone.validation_errors)
    np.testing.assert_array_equal(stack.test_errors[1:, 1:], alone.test_errors)


def test_a_run_that_diverges_has_all_examples_wrong():
    with np.errstate(all="ignore"):
        trials = capstone.run("GradientDescent", [1e200], [0], epochs=1)
    assert trials.validation_errors.item() == stored_runs.VALIDATION
    assert trials.test_errors.item() == stored_runs.TEST


@pytest.mark.parametrize(
    ("name", "rates", "seeds", "told"),
    [
        ("SGD", [0.1], [0], "name must be one of GradientDescent"),
        ("Adam", [], [0], "rates and seeds must be lists with entries"),
        ("Adam", [0.1], [], "rates and seeds must be lists with entries"),
        ("Adam", [-0.1], [0], "lr"),
    ],
)
def test_what_cannot_be_run_is_said(name, rates, seeds, told):
    with pytest.raises(ValueError, match=told):
        capstone.run(name, rates, seeds)


def test_the_choice_is_the_fewest_errors_then_the_best_path_then_the_smallest_rate(stored):
    paths = [[[9, 3], [9, 4]], [[5, 3], [5, 9]], [[8, 2], [5, 9]]]
    validation = np.array(paths)  # three rates, two seeds, two epochs
    trials = replace(stored["Adam"], validation_errors=validation)
    assert capstone.choose(trials).tolist() == [2, 0]
    tied = replace(trials, validation_errors=validation[[0, 1, 1]])
    assert capstone.choose(tied).tolist() == [1, 0]


def test_test_examples_have_no_part_in_the_choice(stored):
    for trials in on_grid(stored).values():
        other = replace(trials, test_errors=trials.test_errors[::-1])
        np.testing.assert_array_equal(capstone.choose(trials), capstone.choose(other))


def test_the_stored_runs_are_those_of_the_protocol(stored):
    assert list(stored) == list(capstone.LOWEST)
    for name, trials in stored.items():
        np.testing.assert_allclose(trials.rates, capstone.rates_to_run(name), rtol=1e-6)
        assert trials.seeds.tolist() == list(capstone.SEEDS)
        shape = len(trials.rates), len(capstone.SEEDS)
        assert trials.test_errors.shape == shape
        assert trials.validation_errors.shape == (*shape, capstone.EPOCHS)
        assert trials.validation.min() >= 0
        assert trials.test.max() <= 1
        assert not trials.test_errors.flags.writeable
        with pytest.raises(ValueError, match="rates must be among"):
            trials.at([0.0123])
    assert all(capstone_versions())


# GradientDescent's slow row and a row near Adam's best rate.
@pytest.mark.parametrize(("name", "rate"), [("GradientDescent", 1e-3), ("Adam", 1e-2)])
def test_a_stored_row_is_computed_again(stored, name, rate):
    again = capstone.run(name, [rate], [0, 5])
    row = stored[name].at([rate])
    for found, kept in [
        (again.validation_errors[0], row.validation_errors[0][[0, 5]]),
        (again.test_errors[0], row.test_errors[0][[0, 5]]),
    ]:
        # Sums in another order (another BLAS) change logits in the last digit: two ties may turn.
        np.testing.assert_allclose(found, kept, atol=2)


def test_the_tool_writes_what_the_loader_reads(stored, monkeypatch, tmp_path):
    script = tool()
    lines = script.head()
    for name, trials in stored.items():
        lines += script.rows(name, trials)
    kept = script.FILE.read_text().splitlines()
    assert lines[1:] == kept[1:]
    assert kept[0].startswith("# python 3.")
    assert len(kept) == 2 + sum(trials.test.size for trials in stored.values())
    parts = [script.capstone.run("Adam", [0.01], [seed], 1) for seed in (0, 1)]
    both = script.join(parts)
    assert both.seeds.tolist() == [0, 1]
    assert both.validation_errors.shape == (1, 2, 1)


def test_no_chosen_rate_lies_at_an_edge_of_its_grid(stored):
    for name, trials in on_grid(stored).items():
        places = capstone.choose(trials)
        assert places.min() > 0, name
        assert places.max() < capstone.TRIALS - 1, name


def test_the_network_reaches_97_percent_on_test(stored):
    means = {
        name: trials.test[capstone.choose(trials), np.arange(12)].mean()
        for name, trials in on_grid(stored).items()
    }
    assert max(means.values()) >= 0.97
    by_validation = max(
        on_grid(stored),
        key=lambda name: max(on_grid(stored)[name].validation[..., -1].mean(axis=1)),
    )
    assert means[by_validation] >= 0.97
