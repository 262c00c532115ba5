"""The figure of chapter 07: many runs of mini-batch descent at once on a loss with two minima."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle


class Sets(traitlets.TraitType[dict[str, list[list[float]]], Any]):
    """Data sets by name: pairs (x, y) of arrays of one length, at least two finite numbers each."""

    info_text = "a dict of names with pairs (x, y) of equally many finite numbers, two or more"

    def validate(self, obj: Any, value: Any) -> dict[str, list[list[float]]]:
        """Return ``value`` with lists of floats, or raise a TraitError."""
        if not isinstance(value, Mapping) or not value:
            self.error(obj, value)
        checked = {}
        for name, pair in value.items():
            try:
                data = np.asarray(pair, dtype=float)
            except (TypeError, ValueError):
                self.error(obj, value)
            if data.ndim != 2 or len(data) != 2 or data.shape[1] < 2 or not np.isfinite(data).all():
                self.error(obj, value)
            checked[str(name)] = data.tolist()
        return checked


class Walkers(CourseWidget):
    """200 walkers by mini-batch descent on E(w) = mean of 1 - exp(-(wx - y)^2 / 2).

    Each walker draws its own batches, with replacement; a batch of all examples is the exact
    gradient. Beside the walkers stands the share of them on either side of the barrier.

    Parameters
    ----------
    sets : dict of str to (x, y)
        Data sets by name; x and y have shape (n,), n >= 2, and are finite.
    data : str, optional
        The name of the set shown; by default the first.
    start : "left", "right" or "spread", default "left"
        All walkers within 0.05 of the left or right minimum, or spread evenly.
    batch_size : int, 1 to n, default 4
        Examples in a mini-batch, s.
    lr : float, 0 to 10, default 0.32
        Learning rate.
    seed : int, 0 to 50, default 7
        Decides all batches.
    steps : int, 1 to 1000, default 300
        Length of the run.
    t : int, 0 to ``steps``, default 0
        The step shown.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> Walkers({"two points": ([3.0, 1.0], [0.0, 2.0])}, batch_size=1)
    Walkers(1 set, start='left', batch_size=1, lr=0.32, seed=7, t=0)
    """

    shown: ClassVar = ("sets", "data", "start", "batch_size", "lr", "seed", "steps", "t")
    _module = traitlets.Unicode("walkers.js").tag(sync=True)
    _esm = bundle(ASSETS / "walkers.js")
    sets = Sets({"two points": [[3.0, 1.0], [0.0, 2.0]]}).tag(sync=True)
    data = traitlets.Unicode("two points").tag(sync=True)
    start = traitlets.Enum(("left", "right", "spread"), "left").tag(sync=True)
    batch_size = traitlets.Int(4, min=1).tag(sync=True)
    lr = Number(0.32, 0.0, 10.0).tag(sync=True)
    seed = traitlets.Int(7, min=0, max=50).tag(sync=True)
    steps = traitlets.Int(300, min=1, max=1000).tag(sync=True)
    t = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(
        self,
        sets: Any,
        data: str | None = None,
        start: str = "left",
        batch_size: int = 4,
        lr: float = 0.32,
        seed: int = 7,
        steps: int = 300,
        t: int = 0,
    ) -> None:
        super().__init__()
        self.sets = sets
        with self.hold_trait_notifications():
            self.data = next(iter(self.sets)) if data is None else data
            self.steps, self.start, self.lr, self.seed = steps, start, lr, seed
            self.batch_size, self.t = batch_size, t

    @traitlets.validate("data")
    def _known(self, proposal: dict[str, Any]) -> Any:
        if proposal["value"] not in self.sets:
            raise traitlets.TraitError(
                f"data must be one of {', '.join(self.sets)}; got {proposal['value']!r}"
            )
        return proposal["value"]

    @traitlets.validate("batch_size")
    def _possible(self, proposal: dict[str, Any]) -> Any:
        n = len(self.sets[self.data][0])
        if proposal["value"] > n:
            raise traitlets.TraitError(
                f"batch_size must be at most n = {n}, got {proposal['value']}"
            )
        return proposal["value"]

    @traitlets.validate("t")
    def _within(self, proposal: dict[str, Any]) -> Any:
        if proposal["value"] > self.steps:
            raise traitlets.TraitError(
                f"t must be at most steps = {self.steps}, got {proposal['value']}"
            )
        return proposal["value"]

    def __repr__(self) -> str:
        number = f"{len(self.sets)} set" + "s" * (len(self.sets) != 1)
        values = [f"{name}={getattr(self, name)!r}" for name in ("start", "batch_size", "lr")]
        values += [f"seed={self.seed!r}", f"t={self.t!r}"]
        return f"{type(self).__name__}({', '.join([number, *values])})"
