"""The figure of chapter 17: the gradient on its way back through a deep random network."""

from typing import ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle


class GradientFlow(CourseWidget):
    """Gradient norm per layer of a random network of 32 units a layer, beside its prediction.

    The network is drawn and computed in the figure. The prediction per layer is c times the root
    mean square of the layer's slopes.

    Parameters
    ----------
    activation : "sigmoid", "tanh", "relu", "leaky" or "gelu", default "sigmoid"
        Activation of every layer; the leaky ReLU has slope 0.1 for z <= 0.
    depth : int, 1 to 30, default 20
        Number of layers.
    scale : float, 0.1 to 12, default 1
        c: the weights are normal with variance c²/32.
    seed : int, 0 to 999, default 0
        Decides the draw of the input, the weights and the gradient that comes in.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> GradientFlow("relu", scale=1.4)
    GradientFlow(activation='relu', depth=20, scale=1.4, seed=0)
    """

    shown: ClassVar = ("activation", "depth", "scale", "seed")
    _module = traitlets.Unicode("gradient_flow.js").tag(sync=True)
    _esm = bundle(ASSETS / "gradient_flow.js")
    activation = traitlets.Enum(("sigmoid", "tanh", "relu", "leaky", "gelu"), "sigmoid").tag(
        sync=True
    )
    depth = traitlets.Int(20, min=1, max=30).tag(sync=True)
    scale = Number(1.0, 0.1, 12.0).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=999).tag(sync=True)

    def __init__(
        self, activation: str = "sigmoid", depth: int = 20, scale: float = 1.0, seed: int = 0
    ) -> None:
        super().__init__(activation=activation, depth=depth, scale=scale, seed=seed)
