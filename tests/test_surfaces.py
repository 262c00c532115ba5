"""The surfaces: derivatives against differences, minima, broadcasting, and bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descentlab import surfaces
from descentlab.gradcheck import central_difference, relative_error
from strategies import points

ALL = {
    "quadratic": surfaces.quadratic(7.0, 0.3),
    "ravine": surfaces.ravine(),
    "turned ravine": surfaces.ravine(np.pi / 4),
    "rosenbrock": surfaces.rosenbrock(),
    "beale": surfaces.beale(),
    "himmelblau": surfaces.himmelblau(),
    "saddle": surfaces.saddle(),
    "two_wells": surfaces.two_wells(),
}
every_surface = pytest.mark.parametrize("surface", ALL.values(), ids=ALL)
coordinates = st.floats(-2, 2)


@every_surface
@given(st.tuples(coordinates, coordinates).map(np.array))
def test_gradient_and_hessian_are_the_derivatives(surface, w):
    measured = central_difference(surface.value, w)
    np.testing.assert_allclose(surface.gradient(w), measured, rtol=1e-6, atol=2e-6)
    rows = [central_difference(lambda v, i=i: surface.gradient(v)[i], w) for i in (0, 1)]
    np.testing.assert_allclose(surface.hessian(w), rows, rtol=1e-6, atol=2e-5)


@every_surface
def test_the_minima_are_minima_and_the_lowest_comes_first(surface):
    np.testing.assert_allclose(surface.gradient(surface.minima), 0, atol=1e-12)
    assert (np.linalg.eigvalsh(surface.hessian(surface.minima)) > 0).all()
    values = surface.value(surface.minima)
    assert values[0] <= values.min() + 1e-12
    np.testing.assert_array_equal(surface.minimum, surface.minima[0])


@every_surface
def test_start_and_minima_lie_in_the_drawn_box(surface):
    low, high = np.array(surface.box).T
    for w in (*surface.minima, surface.start):
        assert (low <= w).all()
        assert (w <= high).all()


@every_surface
@given(points(coordinates))
def test_leading_axes_are_evaluated_one_by_one_bit_for_bit(surface, w):
    for method, extra in ((surface.value, 0), (surface.gradient, 1), (surface.hessian, 2)):
        together = method(w)
        assert together.shape == w.shape[:-1] + (2,) * extra
        for index in np.ndindex(w.shape[:-1]):
            np.testing.assert_array_equal(together[index], method(w[index]))


@every_surface
def test_float32_stays_float32(surface):
    w = np.array([[0.5, 0.25]], dtype=np.float32)
    assert surface.value(w).dtype == surface.gradient(w).dtype == np.float32


def test_the_ravine_is_the_one_of_the_book():
    w = np.array([-7.0, 2.0])
    np.testing.assert_allclose(surfaces.ravine().value(w), 6.45)
    np.testing.assert_allclose(np.linalg.eigvalsh(surfaces.ravine(0.7).hessian(w)), [0.1, 2])


@given(st.floats(-4, 4), st.tuples(coordinates, coordinates).map(np.array))
def test_turning_the_ravine_turns_its_gradient(angle, w):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    straight, turned = surfaces.ravine(), surfaces.ravine(angle)
    np.testing.assert_allclose(turned.value(turn @ w), straight.value(w), atol=1e-13)
    np.testing.assert_allclose(turned.gradient(turn @ w), turn @ straight.gradient(w), atol=1e-13)


def test_bad_input_is_named():
    with pytest.raises(
        ValueError, match=r"ravine takes w of shape \(\.\.\., 2\), got shape \(3,\)"
    ):
        surfaces.ravine().value(np.zeros(3))
    with pytest.raises(ValueError, match="kappa must be a finite number >= 0, got -1"):
        surfaces.quadratic(-1)


def test_relative_error_of_a_surface_gradient_is_small():
    w = np.array([0.3, -0.8])
    surface = surfaces.beale()
    assert relative_error(surface.gradient(w), central_difference(surface.value, w)) < 1e-8
