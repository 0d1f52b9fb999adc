"""Axes of a plot: pixels of values, numbers at marks, curves that stay inside."""

import re

from dlkit.explorers.axes import Axes

AXES = Axes(10, 20, 100, 50, (0, 10), (-1, 1))


def test_values_have_pixels_with_y_upwards():
    assert (AXES.x(0), AXES.x(10)) == (10, 110)
    assert (AXES.y(1), AXES.y(-1)) == (20, 70)


def test_marks_are_numbers_or_have_words():
    assert re.findall(">([^<]+)<", AXES.frame((0, 5), (-1,))) == ["0", "5", "−1"]
    named = AXES.frame({0: "start"}, {}, ("time", "height"))
    assert re.findall(">([^<]+)<", named) == ["start", "time", "height"]


def test_a_curve_is_broken_where_it_is_not_finite_or_leaves_the_frame():
    xs, ys = (0, 1, 2, 3, 4, 5, 6), (0, 0, float("nan"), 0, 2, -2, 0)
    drawn = AXES.path(xs, ys, "dlk-slope")
    assert re.search(' d="([^"]+)"', drawn)[1] == "M10.0 45.0L20.0 45.0M40.0 45.0M70.0 45.0"
    assert 'class="dlk-slope"' in drawn
