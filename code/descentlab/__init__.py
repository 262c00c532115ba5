"""Optimizers, losses, networks, exercises and interactive figures of the course Downhill.

Import what you need from the modules: ``from descentlab.optimizers import GradientDescent``.
"""

__version__ = "0.1.0"
