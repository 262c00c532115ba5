"""Run the whole comparison of chapter 21 and write its results: ``make capstone``.

1440 trainings: thirteen optimizers, nine rates each and the libraries' defaults, twelve seeds. A
few minutes on one core, with a progress bar. The file is the same on every run of one computer;
on another one, rounding can turn a few predictions.
"""

import argparse
import platform
from pathlib import Path

import numpy as np
from tqdm import tqdm

from descentlab import capstone
from descentlab.data.capstone import COLUMNS, Trials

FILE = Path(__file__).parents[1] / "descentlab" / "data" / "capstone.csv"


def rows(name: str, trials: Trials) -> list[str]:
    """Return one line per run: a rate after the other, and a seed after the other in each."""
    return [
        f"{name},{rate:.6g},{seed},{trials.test_errors[i, k]},"
        + " ".join(map(str, trials.validation_errors[i, k]))
        for i, rate in enumerate(trials.rates)
        for k, seed in enumerate(trials.seeds)
    ]


def head() -> list[str]:
    """Return the line of versions and the line of column names."""
    versions = f"python {platform.python_version()}; numpy {np.__version__}"
    return [f"# {versions}; platform {platform.machine()}", ",".join(COLUMNS)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=FILE, help="where to write")
    lines = head()
    file = parser.parse_args().file
    jobs = [(name, seed) for name in capstone.LOWEST for seed in capstone.SEEDS]
    found: dict[str, list[Trials]] = {}
    for name, seed in tqdm(jobs, unit="fit"):
        one = capstone.run(name, capstone.rates_to_run(name), [seed])
        found.setdefault(name, []).append(one)
    for name, parts in found.items():
        lines += rows(name, join(parts))
    file.write_text("\n".join(lines) + "\n")
    print(f"{file}: {len(lines) - 2} runs")


def join(parts: list[Trials]) -> Trials:
    """Return the runs of several seeds as one."""
    held = np.concatenate([part.validation_errors for part in parts], axis=1)
    test = np.concatenate([part.test_errors for part in parts], axis=1)
    return Trials(parts[0].rates, np.concatenate([part.seeds for part in parts]), held, test)


if __name__ == "__main__":
    main()
