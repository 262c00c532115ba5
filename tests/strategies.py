"""Hypothesis strategies shared by the tests."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

finite = st.floats(-1e3, 1e3, allow_nan=False, width=64)


def vectors(p: int | None = None, low: int = 1, high: int = 6) -> st.SearchStrategy:
    """Float vectors of shape (p,)."""
    shape = (p,) if p else st.integers(low, high).map(lambda n: (n,))
    return hnp.arrays(np.float64, shape, elements=finite)


def points(elements: st.SearchStrategy = finite) -> st.SearchStrategy:
    """Points in the plane with any leading axes, shape (..., 2)."""
    shapes = hnp.array_shapes(min_dims=0, max_dims=2, max_side=4).map(lambda s: (*s, 2))
    return hnp.arrays(np.float64, shapes, elements=elements)
