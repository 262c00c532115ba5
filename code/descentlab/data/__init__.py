"""Data of the course: three small real data sets, synthetic ones, what prepares them, stored runs.

The files, their sources, licences and checksums are described in ``README.md`` beside them.
"""

from descentlab.data.capstone import Trials, capstone_versions, load_capstone
from descentlab.data.prepare import split, standardise
from descentlab.data.real import Dataset, load_breast_cancer, load_diabetes, load_digits
from descentlab.data.synthetic import blobs, line, sparse_logistic, spirals
from descentlab.data.trajectories import Trajectory, load_trajectories

__all__ = [
    "Dataset",
    "Trajectory",
    "Trials",
    "blobs",
    "capstone_versions",
    "line",
    "load_breast_cancer",
    "load_capstone",
    "load_diabetes",
    "load_digits",
    "load_trajectories",
    "sparse_logistic",
    "spirals",
    "split",
    "standardise",
]
