"""Plots of data, training and layers: what is drawn is what came in, and slips are explained."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt
from matplotlib.image import AxesImage

from dlkit import plots
from dlkit.errors import DtypeError, ShapeError
from dlkit.plots.style import BLUE, BOTH_SIGNS, CLASS_MARKS, GREY, INK, LINES, RED, SHADES
from tests.dlkit.test_plots import CALLS

NUMBERS = np.random.default_rng(0).normal(size=(6, 1, 3, 3))


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def words(ax):
    return [text.get_text() for text in ax.texts]


def sheet(ax):
    (image,) = [child for child in ax.get_children() if isinstance(child, AxesImage)]
    return image, np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)


# -- classes --


def test_several_classes_differ_in_shape_and_have_regions_of_their_own(ax):
    X = np.array([(0, 0), (1, 0), (2, 0), (3, 0)])
    plots.decision_regions(ax, lambda P: P[:, 0].round().clip(0, 3), X, [0, 1, 2, 3])
    marks = [m for m in ax.collections if not hasattr(m, "levels")]
    shapes = {m.get_paths()[0].vertices.tobytes() for m in marks[1:]}
    assert len(shapes) == 3
    regions = [c for c in ax.collections if getattr(c, "filled", False)]
    edges = [np.concatenate([p.vertices for p in c.get_paths()])[:, 0] for c in regions]
    assert [(e.min(), e.max()) for e in edges] == [
        pytest.approx((0.5, 1.5), abs=0.02),
        pytest.approx((1.5, 2.5), abs=0.02),
        pytest.approx((2.5, ax.get_xlim()[1]), abs=0.02),
    ]
    assert len({tuple(c.get_facecolor()[0]) for c in regions}) == 3


def test_no_two_classes_or_curves_share_shape_and_fill_or_dashes():
    assert len({(m["marker"], m["facecolor"] == "white") for m in CLASS_MARKS}) == len(CLASS_MARKS)
    assert len({str(line["linestyle"]) for line in LINES}) == len(LINES)
    assert len({line["color"] for line in LINES}) == len(LINES)


# what eyes without one kind of cones see of linear red, green and blue: Machado, Oliveira &
# Fernandes 2009, A Physiologically-Based Model for Simulation of Color Vision Deficiency
SEEN = {
    "all cones": np.eye(3),
    "no long waves": [(0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
                      (-0.003882, -0.048116, 1.051998)],
    "no middle waves": [(0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                        (-0.011820, 0.042940, 0.968881)],
    "no short waves": [(1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
                       (0.004733, 0.691367, 0.303900)],
}  # fmt: skip


def lab(colour, eyes):
    """The colour in CIE L*a*b*, where a distance of about 2 is just seen."""
    rgb = np.array(colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = [(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)]
    xyz = np.array(to_xyz) @ np.clip(np.array(SEEN[eyes]) @ linear, 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize(
    ("shown", "least"),
    [
        ([line["color"] for line in LINES], 15),
        ([mark["facecolor"] for mark in CLASS_MARKS], 8),
        (SHADES, 8),
        ([BOTH_SIGNS(0.0), BOTH_SIGNS(0.5), BOTH_SIGNS(1.0)], 50),
        ([BLUE, RED, GREY, INK], 30),
    ],
    ids=["lines", "marks", "shades", "signs", "words"],
)
def test_colours_can_be_told_apart_with_any_eyes(shown, least, eyes):
    places = [lab(colour, eyes) for colour in shown]
    apart = [np.linalg.norm(a - b) for a, b in combinations(places, 2)]
    assert min(apart) > least


# -- curves --


def test_curves_have_their_values_and_names(ax):
    plots.curves(ax, {"training": [3, 2, 1], "validation": [3.5, 2.5, np.nan]}, ylabel="error")
    assert [line.get_ydata().tolist() for line in ax.lines][0] == [3, 2, 1]
    assert ax.lines[1].get_xdata().tolist() == [1, 2, 3]
    assert np.isnan(ax.lines[1].get_ydata()[2])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["training", "validation"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_yscale()) == ("epoch", "error", "linear")


def test_a_logarithmic_curve_leaves_out_what_is_not_above_0(ax):
    plots.curves(ax, {"loss": [1.0, 0.0, np.inf, 0.1]}, x=[0, 10, 20, 30], log=True)
    assert ax.get_yscale() == "log"
    assert np.isfinite(ax.lines[0].get_ydata()).tolist() == [True, False, False, True]
    assert ax.lines[0].get_xdata()[-1] == 30


@pytest.mark.parametrize(
    ("values", "dots"),
    [([1.0], [0]), ([1, np.nan, 2, 3, np.inf, 4], [0, 5]), ([np.nan, 1, 2], None), ([], None)],
)
def test_a_value_that_no_line_leads_to_is_a_dot(values, dots, ax):
    plots.curves(ax, {"loss": values})
    assert ax.lines[0].get_markevery() == dots
    assert ax.lines[0].get_marker() == ("o" if dots else "None")
    ax.figure.canvas.draw()


# -- layers --


def test_histograms_count_the_values_of_each_layer(ax):
    plots.histograms(ax, {"narrow": [0, 0, 0, 1], "wide": [-1, 0, 1, np.nan]}, bins=4)
    first, second = (np.array(patch.get_data().values) for patch in ax.patches)
    assert first == pytest.approx(0.85 * np.array([0, 0, 1, 1 / 3]))
    assert second == pytest.approx(-1 + 0.85 * np.array([1, 0, 1, 1]))
    assert words(ax) == ["std 0.433", "std 0.816\n25% not finite"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["narrow", "wide"]
    assert ax.get_xlim() == (-1, 1)


@pytest.mark.parametrize(
    "values",
    [[0, 0], [np.nan, np.inf], [1e17, 1e17], np.full(3, 1e8, "f4"), np.array([-3e38, 3e38], "f4")],
)
def test_a_layer_of_one_value_or_none_or_of_huge_ones_is_drawn(values, ax):
    plots.histograms(ax, [values])
    ax.figure.canvas.draw()
    assert ("100% not finite" in words(ax)) == (not np.isfinite(values).any())


def test_gradient_flow_shows_mean_and_largest_of_each_layer(ax):
    grads = {"0.W": [[1, -3]], "1.W": [0, 0], "2.W": [np.nan, 1], "3.W": [1e-9]}
    plots.gradient_flow(ax, grads)
    tops, means = (line.get_ydata() for line in ax.lines)
    assert tops == pytest.approx([3, np.nan, np.nan, 1e-9], nan_ok=True)
    assert means == pytest.approx([2, np.nan, np.nan, 1e-9], nan_ok=True)
    assert [(t.get_text(), t.get_position()[0]) for t in ax.texts] == [
        ("all 0", 1),
        ("not finite", 2),
    ]
    assert ax.get_yscale() == "log"
    assert ax.get_xlim() == (-0.5, 3.5)


# -- pictures --


def test_images_stand_in_rows_with_their_labels(ax):
    plots.images(ax, NUMBERS, labels=[7, 8, 9, 1, 2, 3], columns=4)
    _, shown = sheet(ax)
    assert shown.shape == (2 * (3 + 1 + 2) - 1, 4 * (3 + 1) - 1)
    assert (shown[2:5, 0:3] == NUMBERS[0, 0]).all()
    assert (shown[8:11, 4:7] == NUMBERS[5, 0]).all()
    assert np.isnan(shown[8:11, 8:11]).all()
    assert words(ax) == ["7", "8", "9", "1", "2", "3"]


def test_images_may_be_coloured_or_without_a_channel(ax):
    colours = np.random.default_rng(0).uniform(size=(2, 3, 4, 5))
    plots.images(ax, colours, columns=1)
    _, shown = sheet(ax)
    assert (shown[:4] == colours[0].transpose(1, 2, 0)).all()
    ax.clear()
    plots.images(ax, NUMBERS[:, 0], columns=6)
    assert sheet(ax)[1].shape == (3, 23)


def test_a_filters_zero_is_white_and_signs_have_colours(ax):
    plots.filters(ax, NUMBERS[:1])
    image, shown = sheet(ax)
    reach = np.abs(NUMBERS[0]).max()
    assert (shown == NUMBERS[0, 0]).all()
    assert image.get_clim() == pytest.approx((-reach, reach))
    ends = [image.cmap(image.norm(v)) for v in (-reach, 0, reach)]
    assert [colors.to_hex(c) for c in (ends[0], ends[2])] == [BLUE, RED]
    assert ends[1][:3] == pytest.approx((1, 1, 1), abs=0.01)
    assert len(ax.figure.axes) == 2  # the bar with the numbers


def test_filters_with_several_channels_are_rows(ax):
    W = np.arange(24.0).reshape(3, 2, 2, 2)
    plots.filters(ax, W)
    _, shown = sheet(ax)
    assert shown.shape == (8, 5)
    assert (shown[3:5, 3:5] == W[1, 1]).all()


@pytest.mark.parametrize("W", [np.zeros((1, 1, 2, 2)), np.full((1, 1, 2, 2), np.nan)])
def test_filters_of_zeros_or_nan_are_drawn(W, ax):
    plots.filters(ax, W)
    ax.figure.canvas.draw()


def test_feature_maps_share_a_scale_and_bear_their_number(ax):
    plots.feature_maps(ax, NUMBERS[:, 0])
    image, _ = sheet(ax)
    assert image.get_clim() == pytest.approx((NUMBERS.min(), NUMBERS.max()))
    assert words(ax) == list("012345")


# -- attention --


def test_attention_is_a_map_with_words_and_numbers(ax):
    plots.attention(ax, [[0.9, 0.1], [0, 0]], queries=["a", "b"])
    image, shown = sheet(ax)
    assert shown.tolist() == [[0.9, 0.1], [0, 0]]
    assert image.get_clim() == (0, 1)
    assert words(ax) == ["0.90", "0.10", "0.00", "0.00"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["a", "b"]


def test_a_number_can_be_read_on_its_cell(ax):
    plots.attention(ax, np.array([[0.95, 0.05]]))
    image, _ = sheet(ax)
    for text, weight in zip(ax.texts, (0.95, 0.05), strict=True):
        ground = np.array(image.cmap(image.norm(weight))[:3])
        ink = np.array(colors.to_rgb(text.get_color()))
        assert abs((ground - ink) @ [0.3, 0.6, 0.1]) > 0.4


def test_a_large_map_has_no_numbers(ax):
    plots.attention(ax, np.eye(20))
    assert words(ax) == []


# -- what is wrong is explained --

X4 = np.ones((4, 2))
WRONG = {
    "points transposed": (lambda ax: plots.points(ax, X4.T, [0] * 4), ShapeError, "try X.T"),
    "points in space": (lambda ax: plots.points(ax, np.ones((4, 3)), [0] * 4), ShapeError,
                        r"shape \(N, 2\), got \(4, 3\)"),
    "one-hot": (lambda ax: plots.points(ax, X4, np.ones((4, 2))), ShapeError, "argmax"),
    "classes of -1": (lambda ax: plots.points(ax, X4, [-1, 1, 1, 1]), ValueError,
                      r"\(t \+ 1\) / 2"),
    "class 8": (lambda ax: plots.points(ax, X4, [0, 1, 2, 8]), ValueError, "classes 0 to 7 in t"),
    "class 0.5": (lambda ax: plots.points(ax, X4, [0, 0.5, 1, 1]), ValueError, "got 0.5"),
    "words": (lambda ax: plots.points(ax, [["a", "b"]], [0]), DtypeError, "real numbers"),
    "scores": (lambda ax: plots.decision_regions(ax, lambda P: P, X4, [0] * 4), ShapeError,
               r"scores.argmax\(axis=1\)"),
    "margin": (lambda ax: plots.margin(ax, X4, [0], (1, 1), 0), ShapeError, "one class for each"),
    "margin of no points": (lambda ax: plots.margin(ax, np.ones((0, 2)), [], (1, 1), 0), ShapeError,
                            "at least one point"),
    "margin of -1 to 2": (lambda ax: plots.margin(ax, X4, [0, 1, 2, 1], (1, 1), 0), ValueError,
                          "classes 0 and 1, got 2"),
    "margin without a line": (lambda ax: plots.margin(ax, X4, [0] * 4, (0, 0), 1), ValueError,
                              "not all 0"),
    "three weights": (lambda ax: plots.line(ax, (1, 1, 1), 0), ShapeError, r"\(2,\), .* \(3,\)"),
    "w without b": (lambda ax: plots.gate(ax, [0] * 4, (1, 1)), ValueError, "w and b together"),
    "no epoch": (lambda ax: plots.errors_per_epoch(ax, []), ShapeError, r"got \(0,\)"),
    "no bins": (lambda ax: plots.histograms(ax, [[1]], bins=0), ValueError, "bins expected a"),
    "bytes for colours": (lambda ax: plots.images(ax, np.full((2, 3, 4, 4), 200)), ValueError,
                          r"got 200 to 200\. .* X / 255"),
    "columns to the left": (lambda ax: plots.images(ax, np.ones((2, 4, 4)), columns=-1), ValueError,
                            "columns expected a whole"),
    "a bare curve": (lambda ax: plots.curves(ax, [1, 2]), TypeError, '{"training": losses}'),
    "no curve": (lambda ax: plots.curves(ax, {}), ValueError, "1 to 6 curves, got 0"),
    "seven curves": (lambda ax: plots.curves(ax, dict.fromkeys("abcdefg", [1])), ValueError,
                     "got 7"),
    "another length": (lambda ax: plots.curves(ax, {"a": [1, 2]}, x=[1]), ShapeError,
                       r"curve 'a' expected shape \(1,\), as x, got \(2,\)"),
    "no list": (lambda ax: plots.curves(ax, {"a": 1}), ShapeError, r"shape \(n,\), got \(\)"),
    "no layer": (lambda ax: plots.histograms(ax, {}), ShapeError, "there is none"),
    "an empty layer": (lambda ax: plots.gradient_flow(ax, {"0.W": []}), ShapeError,
                       "layer '0.W' is empty"),
    "rows for images": (lambda ax: plots.images(ax, np.ones((5, 64))), ShapeError,
                        r"X.reshape\(-1, 1, H, W\)"),
    "channels last": (lambda ax: plots.images(ax, np.ones((5, 8, 8, 3))), ShapeError,
                      r"X.transpose\(0, 3, 1, 2\)"),
    "a label short": (lambda ax: plots.images(ax, np.ones((5, 8, 8)), [1]), ShapeError,
                      "expected 5 labels, one an image, got 1"),
    "weights of units": (lambda ax: plots.filters(ax, np.ones((64, 5))), ShapeError,
                         r"W.T.reshape\(-1, 1, H, W\)"),
    "a batch of maps": (lambda ax: plots.feature_maps(ax, np.ones((2, 3, 4, 4))), ShapeError,
                        r"maps\[0\]"),
    "several heads": (lambda ax: plots.attention(ax, np.ones((2, 3, 3)) / 3), ShapeError,
                      r"weights\[0\]"),
    "scores for weights": (lambda ax: plots.attention(ax, [[1.0, 0], [2, 3]]), ValueError,
                           "row 1 sums to 5. Pass what softmax gives"),
    "negative weights": (lambda ax: plots.attention(ax, [[2.0, -1]]), ValueError, "row 0 sums"),
    "nan weights": (lambda ax: plots.attention(ax, [[np.nan, 1]]), ValueError, "row 0 sums to nan"),
    "a word short": (lambda ax: plots.attention(ax, np.eye(2), ["a"]), ShapeError,
                     "expected 2 words along an axis, got 1"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "says"), WRONG.values(), ids=WRONG)
def test_a_slip_is_explained(call, error, says, ax):
    with pytest.raises(error, match=says):
        call(ax)


@pytest.mark.parametrize("name", CALLS)
def test_what_is_no_axes_is_refused(name, ax):
    for wrong, says in [
        (ax.figure, r"a Figure: pass figure.gca\(\)"),
        (np.array([ax, ax]), "an array of 2 Axes, as plt.subplots gives: pass one"),
        ([1, 2], "list. Make one with: figure, ax = plt.subplots"),
    ]:
        with pytest.raises(TypeError, match=f"{name} expected an Axes first, got {says}"):
            CALLS[name](wrong)
