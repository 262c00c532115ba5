"""For every test: one thread for linear algebra, and in kernels deprecations are errors."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PYTHONWARNINGS", "error::DeprecationWarning")
