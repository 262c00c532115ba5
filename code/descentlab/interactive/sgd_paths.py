"""The figure of chapter 05: batch and stochastic gradient descent at equal numbers of examples."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle


class Rows(traitlets.TraitType[list[list[float]], Any]):
    """A table of finite numbers with two columns and at least two rows."""

    info_text = "a table of finite numbers with two columns and at least two rows"

    def validate(self, obj: Any, value: Any) -> list[list[float]]:
        """Return ``value`` as a list of pairs, rounded to three decimals, or raise a TraitError."""
        try:
            table = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            self.error(obj, value)
        if table.ndim != 2 or len(table) < 2 or table.shape[1] != 2:
            self.error(obj, value)
        if not np.isfinite(table).all():
            self.error(obj, value)
        return table.round(3).tolist()


class Labels(traitlets.TraitType[list[int], Any]):
    """Labels 0 and 1, both of them present."""

    info_text = "labels 0 and 1, both of them present"

    def validate(self, obj: Any, value: Any) -> list[int]:
        """Return ``value`` as a list of int, or raise a TraitError."""
        try:
            labels = np.asarray(value)
        except ValueError:
            self.error(obj, value)
        if labels.ndim != 1 or labels.dtype.kind not in "biuf" or set(labels.tolist()) != {0, 1}:
            self.error(obj, value)
        return labels.astype(int).tolist()


class SgdPaths(CourseWidget):
    """Batch gradient descent and SGD on a logistic regression with two parameters.

    A batch step sees all n examples, a step of SGD one; both paths are drawn after the same number
    of passes, so that both have seen as many examples. Beside them stands the gap E - E* against
    the passes, with SGD under the chosen seed and, faintly, under the next four.

    Parameters
    ----------
    x : array_like, shape (n, 2)
        Two features; kept with three decimals.
    y : array_like, shape (n,)
        Labels 0 and 1.
    l2 : float, > 0, default 0.01
        Weight of the penalty l2/2 |w|^2.
    start : two finite floats, default (-1, 1.5)
        Start of both paths.
    batch_lr : float, 0 to 100, default 3
        Learning rate of batch gradient descent.
    lr : float, 0 to 100, default 0.1
        Learning rate of SGD.
    seed : int, 1 to 20, default 1
        Decides the examples that SGD sees.
    passes : int, 1 to 20, default 3
        Examples seen, in units of n.
    replace : bool, default True
        Draw each example from all n; otherwise each pass is a new random order.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above, or x and y differ in
        length.

    Examples
    --------
    >>> SgdPaths([[0, 1], [1, 0], [2, 2]], [0, 1, 1], passes=5).passes
    5
    """

    shown: ClassVar = (
        "x", "y", "l2", "start", "batch_lr", "lr", "seed", "passes", "replace",
    )  # fmt: skip
    _module = traitlets.Unicode("sgd_paths.js").tag(sync=True)
    _esm = bundle(ASSETS / "sgd_paths.js")
    x = Rows([[-1.0, 0.0], [1.0, 1.0]]).tag(sync=True)
    y = Labels([0, 1]).tag(sync=True)
    l2 = Number(0.01, 1e-6, 1e6).tag(sync=True)
    start = Point((-1.0, 1.5)).tag(sync=True)
    batch_lr = Number(3.0, 0.0, 100.0).tag(sync=True)
    lr = Number(0.1, 0.0, 100.0).tag(sync=True)
    seed = traitlets.Int(1, min=1, max=20).tag(sync=True)
    passes = traitlets.Int(3, min=1, max=20).tag(sync=True)
    replace = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        x: Any,
        y: Any,
        l2: float = 0.01,
        start: Any = (-1.0, 1.5),
        batch_lr: float = 3.0,
        lr: float = 0.1,
        seed: int = 1,
        passes: int = 3,
        replace: bool = True,
    ) -> None:
        super().__init__(
            x=x,
            y=y,
            l2=l2,
            start=start,
            batch_lr=batch_lr,
            lr=lr,
            seed=seed,
            passes=passes,
            replace=replace,
        )

    @traitlets.validate("x", "y")
    def _paired(self, proposal: dict[str, Any]) -> Any:
        given = {"x": self.x, "y": self.y, proposal["trait"].name: proposal["value"]}
        if len(given["x"]) != len(given["y"]):
            raise traitlets.TraitError(
                f"x and y must have one length, got {len(given['x'])} and {len(given['y'])}"
            )
        return proposal["value"]

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown[3:])
        return f"{type(self).__name__}({len(self.x)} examples, {settings})"
