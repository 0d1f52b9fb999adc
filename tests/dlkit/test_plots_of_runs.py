"""The plot of runs: every run, the mean and its standard error are where they belong."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from dlkit import plots
from dlkit.errors import ShapeError


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_runs_mean_and_standard_error_are_drawn(ax):
    plots.runs(ax, {"a": [1, 2, 6], "b": [-4.0]})
    _, crosses, mean, *_ = ax.lines
    assert crosses.get_xdata().tolist() == [1, 2, 6]
    assert mean.get_xdata().tolist() == [3]
    (bar,) = ax.collections[0].get_segments()
    error = np.std([1, 2, 6], ddof=1) / np.sqrt(3)
    assert bar[:, 0].tolist() == pytest.approx([3 - error, 3 + error])
    assert len(ax.collections) == 1, "a single run has no error"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]
    assert ax.yaxis_inverted(), "the first name stands on top"


@pytest.mark.parametrize(
    ("named", "error", "says"),
    [
        ([1, 2], TypeError, "a dict of names"),
        ({}, ShapeError, "there are none"),
        ({"a": [1], "b": []}, ShapeError, "those of 'b'"),
        ({"a": [1, np.nan]}, ShapeError, "those of 'a'"),
        ({"a": 3}, ShapeError, "those of 'a'"),
    ],
)
def test_a_slip_is_explained(ax, named, error, says):
    with pytest.raises(error, match=says):
        plots.runs(ax, named)
