"""The figure of chapter 16: a 2-2-1 network forward and backward, number by number."""

from collections.abc import Sequence
from typing import Any, ClassVar

import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget, Number
from descentlab.interactive.bundle import bundle

PARAMETERS = ("W11", "W12", "W21", "W22", "b1", "b2", "v1", "v2", "c")
_BY_HAND = (1.0, -1.0, 1.0, 2.0, 0.0, -1.0, 2.0, -1.0, 0.0)


class NetworkByHand(CourseWidget):
    """A network of two inputs, two hidden units and one output, with all its derivatives.

    The input is (1, 2), the target 3, the loss the squared error. The picture shows the output
    of every unit and the derivative of the loss with respect to its sum; beside it stands the loss
    against one parameter with the line that its derivative predicts.

    Parameters
    ----------
    parameters : nine floats from -3 to 3, optional
        W11, W12, W21, W22, b1, b2, v1, v2, c; by default those computed by hand in the chapter.
    chosen : str, default "W11"
        Name of the parameter that the slider moves.
    activation : "relu", "tanh" or "sigmoid", default "relu"
        Activation of the hidden units.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> NetworkByHand(chosen="b2").activation
    'relu'
    """

    shown: ClassVar = ("parameters", "chosen", "activation")
    _module = traitlets.Unicode("network_by_hand.js").tag(sync=True)
    _esm = bundle(ASSETS / "network_by_hand.js")
    parameters = traitlets.Tuple(*(Number(value, -3.0, 3.0) for value in _BY_HAND)).tag(sync=True)
    chosen = traitlets.Enum(PARAMETERS, "W11").tag(sync=True)
    activation = traitlets.Enum(("relu", "tanh", "sigmoid"), "relu").tag(sync=True)

    def __init__(
        self,
        parameters: Sequence[Any] = _BY_HAND,
        chosen: str = "W11",
        activation: str = "relu",
    ) -> None:
        super().__init__(
            parameters=tuple(float(value) for value in parameters),
            chosen=chosen,
            activation=activation,
        )
