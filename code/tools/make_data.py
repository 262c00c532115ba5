"""Write the data files of descentlab from the copies bundled with scikit-learn.

Needed only to make the files again; neither the package nor the course uses scikit-learn. In an
environment of its own:

    python -m venv sk && sk/bin/pip install scikit-learn
    sk/bin/python code/tools/make_data.py

It prints the checksums that stand in descentlab/data/README.md. The values are scikit-learn's,
unscaled; only the container and, for the digits, the number type change.
"""

import argparse
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
from sklearn import datasets

FOLDER = Path(__file__).parents[1] / "descentlab" / "data"
DAY = (2000, 1, 1, 0, 0, 0)  # a fixed date, so that the same data give the same file


def tables() -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of each file."""
    diabetes = datasets.load_diabetes(scaled=False)
    cancer = datasets.load_breast_cancer()
    digits = datasets.load_digits()
    return {
        "diabetes": named(diabetes.data, diabetes.target, diabetes.feature_names, ["progression"]),
        "breast_cancer": named(
            cancer.data, cancer.target.astype(np.uint8), cancer.feature_names, cancer.target_names
        ),
        "digits": named(
            digits.data.astype(np.uint8),
            digits.target.astype(np.uint8),
            digits.feature_names,
            [str(k) for k in digits.target_names],
        ),
    }


def named(X: np.ndarray, y: np.ndarray, features: list, targets: list) -> dict[str, np.ndarray]:
    names = {"feature_names": np.array(features, str), "target_names": np.array(targets, str)}
    return {"X": X, "y": y, **names}


def write(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an .npz file that depends on its arrays alone."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            stream = io.BytesIO()
            np.lib.format.write_array(stream, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", DAY)
            archive.writestr(entry, stream.getvalue(), zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where to write")
    folder = parser.parse_args().folder
    for name, arrays in tables().items():
        path = folder / f"{name}.npz"
        write(path, arrays)
        print(hashlib.sha256(path.read_bytes()).hexdigest(), path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
