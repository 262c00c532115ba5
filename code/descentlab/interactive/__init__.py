"""The interactive figures of the course: Jupyter widgets that also live on a page without a kernel.

``assets`` holds the JavaScript and the style sheet, for Jupyter and for the site alike.
"""

from descentlab.interactive.direction_dial import DirectionDial
from descentlab.interactive.line_fit import LineFit
from descentlab.interactive.playground import Playground
from descentlab.interactive.rate_explorer import RateExplorer

__all__ = ["DirectionDial", "LineFit", "Playground", "RateExplorer"]
