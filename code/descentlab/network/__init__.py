"""Neural networks as pure functions of one flat parameter vector w.

``initializers`` draw the first w, ``layers`` hold the mathematics forward and backward, ``model``
puts layers together, and ``training`` fits a network. Nothing is changed in place: running
statistics are a value that is passed in and returned.
"""

from descentlab.network.initializers import (
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    xavier_normal,
    xavier_uniform,
)
from descentlab.network.layers import (
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    LeakyReLU,
    ReLU,
    Running,
    Sigmoid,
    Tanh,
)
from descentlab.network.model import Network
from descentlab.network.training import History, fit

__all__ = [
    "BatchNorm",
    "Dense",
    "Dropout",
    "History",
    "Layer",
    "LeakyReLU",
    "Network",
    "ReLU",
    "Running",
    "Sigmoid",
    "Tanh",
    "fit",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "xavier_normal",
    "xavier_uniform",
]
