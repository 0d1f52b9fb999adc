"""Plots: each function draws on the Axes it got and returns it, and what it draws is true."""

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt

from dlkit import plots
from dlkit.gates import GATES, INPUTS
from dlkit.plots.style import BLUE, RED

NUMBERS = np.random.default_rng(0).normal(size=(3, 8))
CALLS = {
    "points": lambda ax: plots.points(ax, INPUTS, GATES["AND"]),
    "line": lambda ax: plots.line(ax, (1, 1), -1.5),
    "decision_regions": lambda ax: plots.decision_regions(ax, first, INPUTS, GATES["x1"]),
    "gate": lambda ax: plots.gate(ax, GATES["AND"], (1, 1), -1.5, title="AND"),
    "margin": lambda ax: plots.margin(ax, INPUTS, GATES["AND"], (1, 1), -1.5),
    "errors_per_epoch": lambda ax: plots.errors_per_epoch(ax, [3, 1, 0]),
    "step_and_sigmoid": plots.step_and_sigmoid,
    "nerve_cell": plots.nerve_cell,
    "neuron_model": plots.neuron_model,
    "curves": lambda ax: plots.curves(ax, {"training": [3, 2, 1], "validation": [3, 2.5, 2]}),
    "histograms": lambda ax: plots.histograms(ax, {"a": NUMBERS, "b": 2 * NUMBERS}),
    "gradient_flow": lambda ax: plots.gradient_flow(ax, {"0.W": NUMBERS, "0.b": NUMBERS[0]}),
    "images": lambda ax: plots.images(ax, NUMBERS.reshape(3, 1, 2, 4), "abc"),
    "filters": lambda ax: plots.filters(ax, NUMBERS.reshape(3, 2, 2, 2)),
    "feature_maps": lambda ax: plots.feature_maps(ax, NUMBERS.reshape(3, 2, 4)),
    "runs": lambda ax: plots.runs(ax, {"dropout": [-1.0, -2.0, 0.5], "nothing": [0]}),
    "paths": lambda ax: plots.paths(
        ax, lambda x, y: x**2 + y**2, {"SGD": NUMBERS[:, :2]}, (-1, 1), (-1, 1)
    ),
    "attention": lambda ax: plots.attention(ax, np.full((3, 4), 0.25)),
    "network": lambda ax: plots.network(ax, [{"a": "x"}, {"b": "y\nAND"}], [("a", "b", "1")]),
}


def first(X):
    return X[:, 0] > 0.5


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def side(ax, kind="fill"):
    """The corners of the shaded polygon, or the points of the line."""
    shapes = [c for c in ax.collections if hasattr(c, "levels")]
    filled = (
        [c for c in shapes if c.filled] if kind == "fill" else [c for c in shapes if not c.filled]
    )
    return np.concatenate([path.vertices for c in filled for path in c.get_paths()])


def test_no_public_plot_is_missing_from_the_table():
    assert set(plots.__all__) == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
def test_the_axes_come_back_with_something_on_them(name, ax):
    before = len(ax.get_children())
    assert CALLS[name](ax) is ax
    assert len(ax.get_children()) > before
    ax.figure.canvas.draw()


@pytest.mark.parametrize(
    ("w", "b"), [((1, 1), -1.5), ((-0.5, 0.25), 0.2), ((0, 2), -1), ((1, 0), 0)]
)
def test_the_line_is_where_the_sum_is_zero_and_the_shade_where_it_fires(w, b, ax):
    plots.gate(ax, GATES["AND"], w, b)
    assert np.allclose(side(ax, "line") @ w + b, 0, atol=1e-9)
    sums = side(ax) @ w + b
    assert sums.min() > -1e-9
    assert sums.max() > 0.1


@pytest.mark.parametrize(("b", "shaded"), [(1.0, 1), (-1.0, 0), (0.0, 0)])
def test_without_weights_all_or_nothing_fires(b, shaded, ax):
    plots.line(ax, (0, 0), b)
    assert len(ax.collections) == shaded


def test_classes_differ_in_fill_and_outline_not_in_colour_alone(ax):
    plots.points(ax, INPUTS, GATES["AND"])
    open_ones, full = ax.collections
    assert open_ones.get_offsets().tolist() == [[0, 0], [0, 1], [1, 0]]
    assert full.get_offsets().tolist() == [[1, 1]]
    bright = [
        colors.to_rgb(mark.get_facecolor()[0]) @ np.array([0.3, 0.6, 0.1])
        for mark in (open_ones, full)
    ]
    assert bright[0] - bright[1] > 0.5


def test_points_outside_the_limits_stay_outside(ax):
    ax.set(xlim=(0, 2), ylim=(-1, 1))
    plots.line(ax, (1, -1), 0.0)
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 2), (-1, 1))


def test_regions_follow_the_classifier(ax):
    plots.decision_regions(ax, first, INPUTS, GATES["x1"])
    assert side(ax)[:, 0].min() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("answer", [0, 1])
def test_regions_of_one_class_have_no_line(answer, ax):
    plots.decision_regions(ax, lambda X: np.full(len(X), answer), INPUTS, GATES["AND"])
    assert sum(hasattr(c, "levels") for c in ax.collections) == answer


def test_the_margin_is_the_smallest_distance(ax):
    plots.margin(ax, [(0, 0), (3, 4)], [0, 1], (3, 4), -10)
    assert [text.get_text() for text in ax.texts] == ["margin 2.00"]
    lengths = [np.linalg.norm(np.diff(line.get_xydata(), axis=0)) for line in ax.lines]
    assert lengths == pytest.approx([2, 3])
    assert [line.get_color() == RED for line in ax.lines] == [True, False]


def test_the_margin_is_negative_on_the_wrong_side(ax):
    plots.margin(ax, [(0, 0), (3, 4)], [1, 1], (3, 4), -10)
    assert [text.get_text() for text in ax.texts] == ["margin -2.00"]


def test_bars_have_the_height_of_the_errors(ax):
    plots.errors_per_epoch(ax, [3, 1, 0])
    assert [bar.get_height() for bar in ax.patches] == [3, 1, 0]
    assert [text.get_text() for text in ax.texts] == ["3", "1", "0"]


def test_a_first_epoch_without_errors_is_drawn(ax):
    assert plots.errors_per_epoch(ax, [0]).get_ylim()[1] > 0


def test_bars_of_a_long_training_bear_no_numbers(ax):
    plots.errors_per_epoch(ax, [5] * 200)
    assert len(ax.patches) == 200
    assert not ax.texts
    assert len(ax.get_xticks()) < 20


def test_the_sigmoid_is_a_half_where_the_step_jumps(ax):
    plots.step_and_sigmoid(ax)
    sigmoid = next(
        line for line in ax.lines if line.get_color() == BLUE and len(line.get_xdata()) > 1
    )
    values = dict(zip(sigmoid.get_xdata(), sigmoid.get_ydata(), strict=True))
    assert values[0.0] == 0.5
    assert values[6.0] == pytest.approx(1 / (1 + np.exp(-6)))
