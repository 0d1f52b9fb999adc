"""Paths of descents over lines of equal loss: what is drawn, and what is refused."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from dlkit import plots
from dlkit.errors import ShapeError

PATH = np.array([[2.0, 1.0], [1.0, -0.5], [0.0, 0.0]])
BOX = ((-3, 3), (-2, 2))


def bowl(x, y):
    return x**2 + 4 * y**2


@pytest.fixture
def ax():
    return Figure().subplots()


def test_each_path_has_its_dots_its_look_and_its_name(ax):
    assert plots.paths(ax, bowl, {"a": PATH, "b": PATH / 2}, *BOX) is ax
    first, second = ax.lines
    np.testing.assert_array_equal(first.get_xydata(), PATH)
    assert (first.get_color(), first.get_linestyle()) != (
        second.get_color(),
        second.get_linestyle(),
    )
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert ax.get_xlim() == (-3, 3)
    assert ax.get_ylim() == (-2, 2)


def test_lines_of_equal_loss_may_be_counted_or_named(ax):
    plots.paths(ax, bowl, {}, *BOX, levels=4)
    plots.paths(ax, bowl, {}, *BOX, levels=[1, 9])
    counted, named = ax.collections
    assert len(counted.levels) == 4
    assert 0 < counted.levels[0] < counted.levels[-1] < 25
    assert list(named.levels) == [1, 9]
    assert ax.get_legend() is None


@pytest.mark.parametrize(
    ("named", "error", "says"),
    [
        ([PATH], TypeError, "expected a dict"),
        ({"a": PATH.T}, ShapeError, "shape (n, 2), got (2, 3)"),
        ({str(i): PATH for i in range(7)}, ValueError, "at most six paths, got 7"),
    ],
)
def test_what_is_no_path_is_refused(ax, named, error, says):
    with pytest.raises(error) as told:
        plots.paths(ax, bowl, named, *BOX)
    assert says in str(told.value)


def test_without_an_axes_it_says_so():
    with pytest.raises(TypeError, match="expected an Axes"):
        plots.paths(None, bowl, {}, *BOX)
