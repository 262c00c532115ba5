"""Three small real data sets, installed with the package: nothing is downloaded."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from descentlab.validation import Array


@dataclass(frozen=True)
class Dataset:
    """A table of examples.

    Parameters
    ----------
    X : ndarray of float64, shape (n, d)
        Features as measured, not standardised. Read-only.
    y : ndarray of float64 or int64, shape (n,)
        Targets, or labels 0 ... K - 1. Read-only.
    feature_names : tuple of str, length d
        One name for each column of X.
    target_names : tuple of str
        The names of labels 0 ... K - 1, or the one name of a real target.
    description : str
        One line: what the rows are, and the source.
    """

    X: Array
    y: np.ndarray
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    description: str


def _load(name: str, y_dtype: type, description: str) -> Dataset:
    with (
        files("descentlab.data").joinpath(f"{name}.npz").open("rb") as stream,
        np.load(stream, allow_pickle=False) as archive,
    ):
        X, y = archive["X"].astype(float), archive["y"].astype(y_dtype)
        features, targets = archive["feature_names"].tolist(), archive["target_names"].tolist()
    X.flags.writeable = y.flags.writeable = False
    return Dataset(X, y, tuple(features), tuple(targets), description)


@cache
def load_diabetes() -> Dataset:
    """Return ten measurements of 442 patients and the progression of their diabetes.

    Returns
    -------
    Dataset
        X (442, 10) in the units of measurement: age in years, body mass index in kg/m^2, blood
        pressure, six blood values; y real, 25 ... 346, without unit. The arrays are read-only.

    References
    ----------
    Efron, Hastie, Johnstone & Tibshirani (2004), Least angle regression, Ann. Stat. 32.

    Examples
    --------
    >>> data = load_diabetes()
    >>> data.X.shape, data.feature_names[:4], data.X[0, :4].tolist(), data.y[0].item()
    ((442, 10), ('age', 'sex', 'bmi', 'bp'), [59.0, 2.0, 32.1, 101.0], 151.0)
    """
    return _load(
        "diabetes", float, "Diabetes progression of 442 patients (Efron et al. 2004), raw features."
    )


@cache
def load_breast_cancer() -> Dataset:
    """Return thirty properties of the cell nuclei of 569 breast masses, malignant or benign.

    Returns
    -------
    Dataset
        X (569, 30), raw: columns differ in scale by a factor of 10^5; y has 212 labels 0
        (malignant) and 357 labels 1 (benign).
        The arrays are read-only.

    References
    ----------
    Street, Wolberg & Mangasarian (1993), Nuclear feature extraction for breast tumor diagnosis.

    Examples
    --------
    >>> data = load_breast_cancer()
    >>> data.X.shape, data.target_names, data.y.sum().item()
    ((569, 30), ('malignant', 'benign'), 357)
    """
    return _load(
        "breast_cancer", np.int64, "Nuclei of 569 breast masses (Street et al. 1993), raw features."
    )


@cache
def load_digits() -> Dataset:
    """Return 1797 handwritten digits as images of 8 by 8 cells.

    Returns
    -------
    Dataset
        X (1797, 64), each value a count 0 ... 16 of dark pixels, rows of the image one after the
        other; y the digit, 0 ... 9. The arrays are read-only.

    References
    ----------
    Alpaydin & Kaynak (1998), Cascading classifiers, Kybernetika 34.

    Examples
    --------
    >>> data = load_digits()
    >>> data.X.shape, data.X.min(), data.X.max(), data.y[:5].tolist()
    ((1797, 64), np.float64(0.0), np.float64(16.0), [0, 1, 2, 3, 4])
    """
    return _load(
        "digits", np.int64, "Handwritten digits, 1797 images of 8x8 (Alpaydin & Kaynak 1998)."
    )
