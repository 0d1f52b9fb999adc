"""SVG: numbers as text, and lines of any weights that cross the plane."""

import numpy as np
import pytest

from dlkit.explorers.stills import call
from dlkit.svg import Plane, number, short


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (-1.5, None, "−1.5"),
        (2.0, None, "2"),
        (1e-5, None, "1e−05"),
        (-0.25, 1, "−0.2"),
        (0.0, None, "0"),
        (-0.0, None, "0"),
        (-0.001, 2, "0.00"),
    ],
)
def test_a_number_has_a_true_minus_and_zero_has_none(value, digits, words):
    assert number(value, digits) == words


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (0.0, 3, "0"),
        (1.23456, 3, "1.23"),
        (-0.00012345, 3, "−0.000123"),
        (-0.0000999, 2, "−0.0001"),
        (0.0000999, 3, "9.99·10⁻⁵"),
        (-8.96e-20, 2, "−9·10⁻²⁰"),
        (99_999, 4, "1·10⁵"),
        (99_999, 5, "99999"),
        (3.14159e12, 3, "3.14·10¹²"),
    ],
)
@pytest.mark.node
def test_a_large_or_tiny_number_has_a_power_of_ten_in_python_as_in_the_browser(
    value, digits, words
):
    assert short(value, digits) == words
    assert call("svg", "short", value, digits) == words


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e3, 1e9])
def test_a_line_is_where_it_is_whatever_the_size_of_its_weights(scale):
    plane = Plane(-0.5, 1.5)
    for w, b in [((0.7, 0.3), -0.61), ((-1.1, 2.3), 0.17), ((1, 0), -0.3), ((1, -1), 0.0)]:
        ends = plane.ends([scale * w[0], scale * w[1]], scale * b)
        assert ends is not None
        for point in ends:
            assert w[0] * point[0] + w[1] * point[1] + b == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_a_line_that_misses_the_square_or_touches_a_corner_has_no_ends(scale):
    plane = Plane(-0.5, 1.5)
    for w, b in [((1, 1), 2.0), ((1, 1), -4.0), ((1, 1), 1.0), ((0, 0), 1.0)]:
        assert plane.ends([scale * w[0], scale * w[1]], scale * b) is None


@pytest.mark.node
@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e3, 1e9])
def test_the_browser_finds_the_same_ends(scale):
    plane = Plane(-0.5, 1.5)
    lines = [((0.7, 0.3), -0.61), ((-1.1, 2.3), 0.17), ((1, 0), -0.3), ((1, 1), 2.0), ((0, 0), 1.0)]
    for w, b in lines:
        w, b = [scale * w[0], scale * w[1]], scale * b
        found = call("plane", "ends", {"low": plane.low, "high": plane.high}, w, b)
        ends = plane.ends(w, b)
        assert (found is None) == (ends is None)
        if ends:
            assert np.allclose(found, ends, rtol=0, atol=1e-12)
