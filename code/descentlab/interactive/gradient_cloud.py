"""The figure of chapter 06: mini-batch gradients as a cloud around the gradient of all examples."""

from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number, Point
from descentlab.interactive.bundle import bundle
from descentlab.interactive.sgd_paths import Labels, Rows


class GradientCloud(CourseWidget):
    """Gradients of 400 mini-batches of logistic regression in two parameters, at one point w.

    One panel shows the loss with the point, the other the gradients there: of single examples, of
    the batches, and of all examples, with the circle whose radius is the root mean square distance
    that theory gives. The status sentence compares it with the 400 batches.

    Parameters
    ----------
    x : array_like, shape (n, 2)
        Two features; kept with three decimals.
    y : array_like, shape (n,)
        Labels 0 and 1, both of them present.
    l2 : float, >= 0, default 0.01
        Weight of the penalty l2/2 |w|^2.
    batch_size : int, 1 ... n, default 8
        Examples in a batch, s.
    replace : bool, default False
        Draw the examples of a batch with replacement.
    w : two finite floats, default (-1, 1.5)
        The point.
    seed : int, >= 0, default 1
        Which 400 batches.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above, or x and y differ in
        length.

    Examples
    --------
    >>> GradientCloud([[0, 1], [2, 1], [1, 0]], [0, 1, 1], batch_size=2)
    GradientCloud(3 examples, l2=0.01, batch_size=2, replace=False, w=(-1.0, 1.5), seed=1)
    """

    shown: ClassVar = ("x", "y", "l2", "batch_size", "replace", "w", "seed")
    _module = traitlets.Unicode("gradient_cloud.js").tag(sync=True)
    _esm = bundle(ASSETS / "gradient_cloud.js")
    x = Rows([[0.0, 1.0], [1.0, 0.0]]).tag(sync=True)
    y = Labels([0, 1]).tag(sync=True)
    l2 = Number(0.01, 0.0).tag(sync=True)
    batch_size = traitlets.Int(1, min=1).tag(sync=True)
    replace = traitlets.Bool(False).tag(sync=True)
    w = Point((-1.0, 1.5)).tag(sync=True)
    seed = traitlets.Int(1, min=0).tag(sync=True)

    def __init__(
        self,
        x: Any,
        y: Any,
        l2: float = 0.01,
        batch_size: int = 8,
        replace: bool = False,
        w: Any = (-1.0, 1.5),
        seed: int = 1,
    ) -> None:
        super().__init__(x=x, y=y, l2=l2, replace=replace, w=w, seed=seed)
        self.batch_size = batch_size

    @traitlets.validate("x", "y")
    def _paired(self, proposal: dict[str, Any]) -> Any:
        given = {"x": self.x, "y": self.y, proposal["trait"].name: proposal["value"]}
        if len(given["x"]) != len(given["y"]):
            raise traitlets.TraitError(
                f"x and y must have one length, got {len(given['x'])} and {len(given['y'])}"
            )
        return proposal["value"]

    @traitlets.validate("batch_size")
    def _part_of_the_data(self, proposal: dict[str, Any]) -> int:
        if proposal["value"] > len(self.x):
            raise traitlets.TraitError(
                f"batch_size must be at most n = {len(self.x)}, got {proposal['value']}"
            )
        return int(proposal["value"])

    def __repr__(self) -> str:
        rest = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown[2:])
        return f"GradientCloud({len(self.x)} examples, {rest})"
