"""The figure of chapters 19 to 21: training runs made in Python, looked through step by step."""

import gzip
import json
from collections.abc import Mapping
from math import atan, pi, sqrt
from typing import Any, ClassVar

import numpy as np
import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget
from descentlab.interactive.bundle import bundle
from descentlab.plots import COLORS, LINE_STYLES
from descentlab.validation import Array

LIMIT = 60_000  # bytes of data, compressed
LONGEST = 40  # characters of a label
PALETTE = ("step", "gradient", "descent", "minimum", "RMSProp", "Adamax")


def t95(df: int) -> float:
    """Return the number that a t variable exceeds in size with probability 5 %.

    Parameters
    ----------
    df : int
        Degrees of freedom, at least 1.

    Examples
    --------
    >>> [round(t95(df), 3) for df in (1, 9, 30)]
    [12.706, 2.262, 2.042]
    """

    def inside(angle: float) -> float:
        """P(|T| < sqrt(df) tan(angle)), a finite sum (Abramowitz and Stegun, 26.7.3-4)."""
        sin, cos = np.sin(angle), np.cos(angle)
        odd = df % 2
        term = total = 0.0 if df == 1 else (cos if odd else 1.0)
        for k in range(2 + odd, df - 1, 2):
            term *= cos**2 * (k - 1) / k
            total += term
        return 2 / pi * (angle + sin * total) if odd else sin * total

    low, high = 0.0, atan(np.inf)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < 0.95 else (low, middle)
    return float(sqrt(df) * np.tan(low))


def rounded(values: Array) -> list[float | None]:
    """Return ``values`` with four significant digits, None for what is not finite."""
    return [float(f"{v:.4g}") if np.isfinite(v) else None for v in values.tolist()]


def summarise_runs(runs: Array) -> dict[str, Any]:
    """Return mean and half width of its 95 % t interval at every step, of the finite runs.

    Parameters
    ----------
    runs : (R, T) array
        What R runs had at T steps. Values that are not finite are left out.

    Returns
    -------
    dict
        ``mean`` and ``half``, T numbers with four digits each; a mean is None where no run is
        finite, a half width where fewer than two are. ``finite``, how many are finite at each
        step. ``runs``, R.
    """
    good = np.isfinite(runs)
    count = good.sum(axis=0)
    kept = np.where(good, runs, 0.0)
    size = np.maximum(np.abs(kept).max(axis=0), np.finfo(float).tiny)  # squares must not overflow
    kept = kept / size
    mean = kept.sum(axis=0) / np.maximum(count, 1)
    square = (np.where(good, kept - mean, 0.0) ** 2).sum(axis=0)
    factor = {n: t95(n - 1) / sqrt(n * (n - 1)) for n in set(count.tolist()) if n > 1}
    with np.errstate(over="ignore"):
        half = np.array([factor.get(n, np.nan) for n in count.tolist()]) * np.sqrt(square) * size
    return {
        "mean": rounded(np.where(count > 0, np.clip(mean * size, -1e308, 1e308), np.nan)),
        "half": rounded(half),
        "finite": count.tolist(),
        "runs": len(runs),
    }


def _numbers(name: str, value: Any, shape: tuple[int | None, ...], meaning: str) -> Array:
    """Return ``value`` as an array of ``shape``, where None stands for any length from 1."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise traitlets.TraitError(f"{name} must hold numbers, {meaning}") from None
    fits = array.ndim == len(shape) and all(
        n > 0 and n == (want or n) for n, want in zip(array.shape, shape)
    )
    if not fits:
        raise traitlets.TraitError(f"{name} has shape {array.shape}; expected {meaning}")
    return array


def _names(what: str, given: Any, most: int, same: list[str] | None = None) -> list[str]:
    """Return the keys of ``given``: 1 to ``most`` texts, or those of ``same`` in any order."""
    if not isinstance(given, Mapping) or not 1 <= len(given) <= most:
        found = f"{len(given)} entries" if isinstance(given, Mapping) else repr(given)[:60]
        raise traitlets.TraitError(f"{what} must be a dict of 1 to {most} entries, got {found}")
    for name in given:
        _text(f"a name in {what}", name)
    if same is not None and set(given) != set(same):
        raise traitlets.TraitError(
            f"{what} has {', '.join(given)}; expected the same names as elsewhere: "
            f"{', '.join(same)}"
        )
    return list(given)


def _text(what: str, value: Any, least: int = 1) -> str:
    if not isinstance(value, str) or not least <= len(value) <= LONGEST:
        raise traitlets.TraitError(
            f"{what} must be a str of {least} to {LONGEST} characters, got {value!r}"
        )
    return value


def _increasing(what: str, values: Array) -> Array:
    if not (np.isfinite(values).all() and (np.diff(values) > 0).all()):
        raise traitlets.TraitError(f"{what} must be finite and increase from each to the next")
    return values


def _curves(curves: Any, count: int, log: bool) -> dict[str, Any]:
    """Return the summaries of all curves of all views, and the look of each curve."""
    views = _names("curves", curves, 16)
    names = _names(f"curves[{views[0]!r}]", curves[views[0]], 6)
    table: list[list[dict[str, Any]]] = []
    for view in views:
        _names(f"curves[{view!r}]", curves[view], 6, names)
        table.append([])
        for name in names:
            what = f"curves[{view!r}][{name!r}]"
            runs = _numbers(what, curves[view][name], (None, count), f"(runs, {count}) as steps")
            if log and (runs[np.isfinite(runs)] <= 0).any():
                low = runs[np.isfinite(runs)].min()
                raise traitlets.TraitError(
                    f"{what} has {low:.4g}; a logarithmic axis needs values > 0: use log=False"
                )
            table[-1].append(summarise_runs(runs))
    if all(m is None for of in table for one in of for m in one["mean"]):
        raise traitlets.TraitError("curves hold no finite value; give at least one")
    known = [name for name in names if name in COLORS and name[0].isupper()]
    taken = {COLORS[name] for name in known}
    free = iter([c for c in PALETTE if COLORS[c] not in taken] + list(PALETTE))
    looks = [[n if n in known else next(free), LINE_STYLES.get(n, "-")] for n in names]
    return {"views": views, "curves": names, "looks": looks, "table": table}


def _histograms(histograms: Any, edges: Any, views: list[str], count: int) -> dict[str, Any]:
    """Return the shares of all bins in ten thousandths, and the edges."""
    if histograms is None and edges is None:
        return {"items": [], "edges": [], "shares": []}
    if histograms is None or edges is None:
        missing = "histograms" if histograms is None else "edges"
        raise traitlets.TraitError(f"histograms and edges come together; {missing} is None")
    bounds = _increasing("edges", _numbers("edges", edges, (None,), "(bins + 1,)"))
    bins = len(bounds) - 1
    _names("histograms", histograms, 16, views)
    items = _names(f"histograms[{views[0]!r}]", histograms[views[0]], 6)
    shares: list[list[Any]] = []
    for view in views:
        _names(f"histograms[{view!r}]", histograms[view], 6, items)
        shares.append([])
        for item in items:
            what = f"histograms[{view!r}][{item!r}]"
            rows = _numbers(what, histograms[view][item], (count, bins), f"({count}, {bins})")
            if not (np.isfinite(rows).all() and (rows >= 0).all()):
                raise traitlets.TraitError(f"{what} must hold finite counts or shares >= 0")
            part = rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
            shares[-1].append((10_000 * part).round().astype(int).tolist())
    return {"items": items, "edges": [float(f"{e:.6g}") for e in bounds], "shares": shares}


class TrainingScrubber(CourseWidget):
    """Training curves with their bands, and histograms, at a step that a slider chooses.

    The runs are computed in Python and kept as means, half widths of the 95 % t interval of the
    mean, and numbers of finite runs, so the figure needs no kernel. All views share their axes. A
    curve named after an optimizer has that optimizer's colour and line style.

    Parameters
    ----------
    steps : (T,) array_like
        Increasing numbers, 2 <= T <= 400: where the runs were measured.
    curves : dict of dict of (runs, T) array_like
        ``curves[view][name]``, 1 to 16 views with the same 1 to 6 names. What is not finite is
        left out of the mean, and the figure says how many runs that are.
    step_name, quantity : str, optional
        Labels of the axes.
    log : bool, default False
        Whether the vertical axis is logarithmic; every finite value must be > 0.
    histograms : dict of dict of (T, bins) array_like, optional
        ``histograms[view][name]``, the same views and the same 1 to 6 names in each. A row with a
        sum above 1 holds counts and is divided by its sum; another one holds shares.
    edges : (bins + 1,) array_like, optional
        Edges of the bins, needed with ``histograms``.
    histogram_label : str, optional
        Label of the horizontal axis of the histogram.
    view : str, optional
        The view that is shown; by default the first.
    other : str, optional
        A second view, drawn faintly beside it.
    step : int, 0 ... T - 1, optional
        Index into ``steps`` of the chosen step; by default the last.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above, or the data take more
        than 60 000 bytes compressed.

    Examples
    --------
    >>> TrainingScrubber([0, 1], {"SGD": {"train": [[0.1, 0.8], [0.2, 0.9]]}}, step=0)
    TrainingScrubber(1 view, view='SGD', other=None, step=0)
    """

    shown: ClassVar = ("view", "other", "step")
    _module = traitlets.Unicode("training_scrubber.js").tag(sync=True)
    _esm = bundle(ASSETS / "training_scrubber.js")
    data = traitlets.Dict().tag(sync=True)
    view = traitlets.Unicode().tag(sync=True)
    other = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    step = traitlets.Int().tag(sync=True)
    item = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        steps: Any,
        curves: Any,
        *,
        step_name: str = "epoch",
        quantity: str = "accuracy",
        log: bool = False,
        histograms: Any = None,
        edges: Any = None,
        histogram_label: str = "",
        view: str | None = None,
        other: str | None = None,
        step: int | None = None,
    ) -> None:
        at = _increasing("steps", _numbers("steps", steps, (None,), "(T,)"))
        if not 2 <= len(at) <= 400:
            raise traitlets.TraitError(f"steps must be 2 to 400 numbers, got {len(at)}")
        data = {
            "steps": [float(f"{s:.9g}") for s in at.tolist()],
            "stepName": _text("step_name", step_name),
            "quantity": _text("quantity", quantity),
            "log": bool(log),
            "histogramLabel": _text("histogram_label", histogram_label, 0),
            **_curves(curves, len(at), log),
        }
        data |= _histograms(histograms, edges, data["views"], len(at))
        size = len(gzip.compress(json.dumps(data).encode(), mtime=0))
        if size > LIMIT:
            raise traitlets.TraitError(
                f"the data of this figure take {size} bytes compressed, the limit is {LIMIT}: "
                "give fewer steps, views, histograms or bins"
            )
        super().__init__(data=data)
        self.view = data["views"][0] if view is None else view
        self.other = other
        chosen = len(at) - 1 if step is None else step
        self.step = int(chosen) if isinstance(chosen, np.integer) else chosen

    @traitlets.validate("view", "other")
    def _known(self, proposal: dict[str, Any]) -> str | None:
        name, value = proposal["trait"].name, proposal["value"]
        if value not in self.data["views"] and not (name == "other" and value is None):
            raise traitlets.TraitError(
                f"{name} must be one of {', '.join(self.data['views'])}; got {value!r}"
            )
        return value

    @traitlets.validate("step", "item")
    def _there(self, proposal: dict[str, Any]) -> int:
        name, value = proposal["trait"].name, proposal["value"]
        last = len(self.data["steps" if name == "step" else "items"]) - 1
        if not 0 <= value <= max(last, 0):
            raise traitlets.TraitError(f"{name} must be an index from 0 to {last}, got {value}")
        return int(value)

    def __repr__(self) -> str:
        count = f"{len(self.data['views'])} view{'s' if len(self.data['views']) > 1 else ''}"
        rest = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown)
        return f"{type(self).__name__}({count}, {rest})"
