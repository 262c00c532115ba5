"""The interactive figures of the course: Jupyter widgets that also live on a page without a kernel.

``assets`` holds the JavaScript and the style sheet, for Jupyter and for the site alike.
"""

from descentlab.interactive.activation_histograms import ActivationHistograms
from descentlab.interactive.adam_anatomy import AdamAnatomy
from descentlab.interactive.direction_dial import DirectionDial
from descentlab.interactive.gradient_cloud import GradientCloud
from descentlab.interactive.gradient_flow import GradientFlow
from descentlab.interactive.line_fit import LineFit
from descentlab.interactive.momentum_map import MomentumMap
from descentlab.interactive.network_by_hand import NetworkByHand
from descentlab.interactive.norm_ball import NormBall
from descentlab.interactive.playground import Playground
from descentlab.interactive.rate_explorer import RateExplorer
from descentlab.interactive.schedule_explorer import ScheduleExplorer
from descentlab.interactive.sgd_paths import SgdPaths
from descentlab.interactive.training_scrubber import TrainingScrubber
from descentlab.interactive.walkers import Walkers

__all__ = [
    "ActivationHistograms",
    "AdamAnatomy",
    "DirectionDial",
    "GradientCloud",
    "GradientFlow",
    "LineFit",
    "MomentumMap",
    "NetworkByHand",
    "NormBall",
    "Playground",
    "RateExplorer",
    "ScheduleExplorer",
    "SgdPaths",
    "TrainingScrubber",
    "Walkers",
]
