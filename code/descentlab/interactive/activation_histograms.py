"""The figure of chapter 18: the outputs of every layer for each start and activation."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from descentlab.interactive.base import ASSETS, CourseWidget
from descentlab.interactive.bundle import bundle

RANGES = {"tanh": (-1.0, 1.0), "ReLU": (0.0, 4.0)}
BINS = 40


def summarise(outputs: Any, activation: str) -> dict[str, list[Any]]:
    """Return a histogram and three numbers for every layer.

    Parameters
    ----------
    outputs : sequence of array_like
        The outputs of one layer each, of any shape.
    activation : "tanh" or "ReLU"
        Its range is divided into 40 bins: -1 to 1, or 0 to 4.

    Returns
    -------
    dict of lists with an entry per layer
        ``shares`` in ten thousandths, one per bin; ``rms``, the root mean square with four digits;
        ``zero``, the share of exact zeros; ``beyond``, the share above the range for ReLU, and of
        outputs larger than 0.99 in size for tanh. The shares count all outputs.

    Raises
    ------
    traitlets.TraitError
        If there is no layer, a layer is empty or not finite, or the activation is another one.
    """
    if activation not in RANGES:
        raise traitlets.TraitError(f"activation must be tanh or ReLU, got {activation!r}")
    found: dict[str, list[Any]] = {"shares": [], "rms": [], "zero": [], "beyond": []}
    edge = 0.99 if activation == "tanh" else RANGES[activation][1]
    for layer in outputs:
        h = np.asarray(layer, dtype=float).ravel()
        if h.size == 0 or not np.isfinite(h).all():
            raise traitlets.TraitError("outputs must hold finite numbers for every layer")
        counts, _ = np.histogram(h, BINS, RANGES[activation])
        found["shares"].append((counts * 10_000 / h.size).round().astype(int).tolist())
        found["rms"].append(float(f"{np.sqrt(np.mean(h**2)):.4g}"))
        found["zero"].append(round(float(np.mean(h == 0)), 4))
        found["beyond"].append(round(float(np.mean(np.abs(h) > edge)), 4))
    if not found["rms"]:
        raise traitlets.TraitError("outputs must hold at least one layer")
    return found


class ActivationHistograms(CourseWidget):
    """Histogram of the outputs of one layer, and their root mean square in all layers.

    The outputs are computed in Python and kept as histograms, so the figure needs no kernel.

    Parameters
    ----------
    outputs : dict of dict of sequence of array_like
        ``outputs[scheme][activation][k]`` are the outputs of layer k + 1. Every scheme has the same
        activations, "tanh", "ReLU" or both, and as many layers as the others.
    scheme : str, optional
        The scheme that is shown; by default the first.
    activation : "tanh" or "ReLU", optional
        By default the first.
    layer : int, 1 ... number of layers, default 1
        The layer of the histogram.

    Raises
    ------
    traitlets.TraitError
        If an argument or a later assignment is outside what is said above.

    Examples
    --------
    >>> ActivationHistograms({"He": {"ReLU": [[0.0, 1.0], [0.0, 2.0]]}}, layer=2)
    ActivationHistograms(1 scheme, scheme='He', activation='ReLU', layer=2)
    """

    shown: ClassVar = ("scheme", "activation", "layer")
    _module = traitlets.Unicode("activation_histograms.js").tag(sync=True)
    _esm = bundle(ASSETS / "activation_histograms.js")
    data = traitlets.Dict().tag(sync=True)
    scheme = traitlets.Unicode().tag(sync=True)
    activation = traitlets.Unicode().tag(sync=True)
    layer = traitlets.Int(1, min=1).tag(sync=True)

    def __init__(
        self,
        outputs: dict[str, dict[str, Any]],
        scheme: str | None = None,
        activation: str | None = None,
        layer: int = 1,
    ) -> None:
        data = {
            name: {kind: summarise(layers, kind) for kind, layers in of.items()}
            for name, of in outputs.items()
        }
        shapes = {tuple((kind, len(s["rms"])) for kind, s in of.items()) for of in data.values()}
        if len(shapes) != 1 or len({n for _, n in next(iter(shapes))}) != 1:
            raise traitlets.TraitError("every scheme needs the same activations and layers")
        names, kinds = list(data), list(next(iter(data.values())))
        super().__init__(data=data)
        self.scheme = names[0] if scheme is None else scheme
        self.activation = kinds[0] if activation is None else activation
        self.layer = layer

    @traitlets.validate("scheme", "activation")
    def _known(self, proposal: dict[str, Any]) -> str:
        first = next(iter(self.data.values()))
        names = self.data if proposal["trait"].name == "scheme" else first
        if proposal["value"] not in names:
            raise traitlets.TraitError(
                f"{proposal['trait'].name} must be one of {', '.join(names)}; "
                f"got {proposal['value']!r}"
            )
        return str(proposal["value"])

    @traitlets.validate("layer")
    def _there(self, proposal: dict[str, Any]) -> int:
        first = next(iter(next(iter(self.data.values())).values()))
        if proposal["value"] > len(first["rms"]):
            raise traitlets.TraitError(
                f"layer must be at most {len(first['rms'])}, got {proposal['value']}"
            )
        return int(proposal["value"])

    def __repr__(self) -> str:
        count = f"{len(self.data)} scheme{'s' if len(self.data) > 1 else ''}"
        rest = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.shown)
        return f"{type(self).__name__}({count}, {rest})"
