"""The convolution stepper, its module run under Node: its output is dlkit's convolution."""

from itertools import product

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.convolution_stepper import KERNELS, PICTURES, ConvolutionStepper
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

DATA = ConvolutionStepper.data()


def last(*steps):
    """What is seen after these steps."""
    return walk(ConvolutionStepper, *steps)[-1]


def test_the_output_is_dlkits_convolution():
    settings = list(product(PICTURES, KERNELS, (1, 2, 3), (0, 1, 2)))
    jobs = [
        {
            "module": "convolution_stepper",
            "call": ["convolve", DATA["pictures"][p], DATA["kernels"][k], stride, padding],
        }
        for p, k, stride, padding in settings
    ]
    for (p, k, stride, padding), output in zip(settings, drive(jobs), strict=True):
        x, W = (np.array(a, float)[None, None] for a in (DATA["pictures"][p], DATA["kernels"][k]))
        expected = nn.conv2d(x, W, stride=stride, padding=padding)[0, 0]
        np.testing.assert_array_equal(output, expected, err_msg=f"{p}, {k}, {stride}, {padding}")


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_products_in_a_window_are_a_row_of_im2col_times_the_kernel(stride):
    image, kernel = np.random.default_rng(0).integers(0, 3, (6, 6)), KERNELS["sharpen"]
    size = nn.conv_output_size(6, 3, 1, stride)
    called = [
        ("products", image.tolist(), kernel, stride, 1, place) for place in np.ndindex(size, size)
    ]
    pairs = drive([{"module": "convolution_stepper", "call": c} for c in called])
    rows = nn.im2col(image[None, None].astype(float), 3, stride, 1)
    np.testing.assert_array_equal(np.reshape(pairs, rows.shape), rows * np.ravel(kernel))


def test_the_window_is_what_lies_under_the_kernel():
    seen = last(("move", {"stride": 2, "padding": 1}), SHOW, ("press", "step"))
    image = np.pad(DATA["pictures"]["digit"], 1)
    assert seen["state"]["place"] == [0, 1]
    np.testing.assert_array_equal(seen["state"]["window"], image[0:3, 2:5])


def test_zeros_of_the_padding_are_counted():
    jobs, expected = [], []
    for n, k, stride, padding in product((5, 6), (2, 3), (1, 2, 3), (0, 1, 2)):
        inside = np.pad(np.ones((n, n)), padding)
        size = nn.conv_output_size(n, k, padding, stride)
        for i, j in np.ndindex(size, size):
            window = inside[i * stride : i * stride + k, j * stride : j * stride + k]
            call = ["zeros", [i, j], n, k, stride, padding]
            jobs.append({"module": "convolution_stepper", "call": call})
            expected.append((window == 0).sum())
    assert max(expected) == 8
    assert drive(jobs) == expected


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {},
            "You predicted 0; it is 1. y[0, 0] = 1. The output is smaller than the picture: "
            "⌊(8 + 2·0 − 3) / 1⌋ + 1 = 6. Filled: 1 of 36 cells.",
        ),
        (
            {"padding": 1},
            "y[0, 0] = 0; 5 of the window's 9 pixels are padding. The output is as large as the "
            "picture: ⌊(8 + 2·1 − 3) / 1⌋ + 1 = 8. Filled: 1 of 64 cells.",
        ),
        (
            {"padding": 2, "kernel": "sum of 2 × 2", "picture": "single pixel"},
            "y[0, 0] = 0; 4 of the window's 4 pixels are padding. The output is larger than the "
            "picture: ⌊(5 + 2·2 − 2) / 1⌋ + 1 = 8. Filled: 1 of 64 cells.",
        ),
        (
            {"stride": 3},
            "y[0, 0] = 1. The output is smaller than the picture: ⌊(8 + 2·0 − 3) / 3⌋ + 1 = 2. "
            "The stride leaves the last 2 rows and columns unseen. Filled: 1 of 4 cells.",
        ),
        (
            {"stride": 2},
            "y[0, 0] = 1. The output is smaller than the picture: ⌊(8 + 2·0 − 3) / 2⌋ + 1 = 3. "
            "The stride leaves the last row and column unseen. Filled: 1 of 9 cells.",
        ),
    ],
)
def test_the_sentence_says_what_is_seen(values, sentence):
    assert last(SHOW, ("move", values))["sentence"] == sentence


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"picture": "cross", "kernel": "all edges"}), ("press", "step"))
    assert seen["sentence"].startswith("Predict first")
    assert seen["state"]["value"] is None
    assert seen["state"]["output"] is None
    assert seen["state"]["filled"] == 0
    assert "= ?" in seen["pictures"][1]["marks"]
    assert not any(
        word in str(seen["pictures"][1]) for word in ("sum: 0", "sum: −", "The sum is 0")
    )
    assert "dlk-plus" not in seen["pictures"][2]["marks"]


def test_the_guess_stands_beside_the_sum_at_its_own_window_only():
    told, stepped, back = walk(
        ConvolutionStepper, ("move", {"guess": 2}), SHOW, ("press", "step"), ("press", "back")
    )[2:]
    for seen in (told, back):
        assert seen["sentence"].startswith("You predicted 2; it is 1. ")
        assert "your guess: 2" in seen["pictures"][1]["marks"]
    assert "predicted" not in stepped["sentence"]
    assert "your guess" not in stepped["pictures"][1]["marks"]
    assert last(("move", {"guess": 1}), SHOW)["sentence"].startswith("You predicted 1: right. ")


def test_predict_again_asks_for_the_next_cell_and_keeps_the_filled():
    seen = last(SHOW, ("press", "step"), ("press", "predict"))
    assert seen["state"]["hidden"]
    assert seen["state"]["place"] == [0, 2]
    assert seen["state"]["filled"] == 2
    told = last(SHOW, ("press", "predict"), ("move", {"guess": 4}), SHOW)
    assert told["sentence"].startswith("You predicted 4: right. y[0, 1] = 4.")
    everything = [SHOW, ("press", "play"), ("tick", 10_000), ("press", "predict")]
    assert last(*everything)["state"]["filled"] == 0


def test_playing_fills_every_cell_and_rests_then():
    seen = last(SHOW, ("press", "play"), ("tick", 10_000))
    assert not seen["playing"]
    assert seen["state"]["filled"] == 36
    assert "play" in seen["disabled"]
    assert "step" not in seen["disabled"]
    assert not last(SHOW, ("press", "play"), ("press", "play"))["playing"]


def test_pointing_at_a_cell_of_the_output_shows_its_window():
    before, pointed, beside = walk(
        ConvolutionStepper, SHOW, ("point", 2, 8 + 26 * 4.5, 34 + 26 * 2.5), ("point", 2, 2, 2)
    )[1:]
    assert pointed["state"]["place"] == [2, 4]
    assert pointed["state"]["filled"] == before["state"]["filled"] + 1
    assert beside["state"] == pointed["state"]
    assert last(("point", 2, 60, 60))["state"]["place"] == [0, 0]


def test_reset_is_the_start():
    changed = {"kernel": "sharpen", "stride": 2, "padding": 1, "picture": "cross", "guess": 5}
    start, *_, end = walk(
        ConvolutionStepper, ("move", changed), SHOW, ("press", "step"), ("press", "reset")
    )
    assert end == start


def test_every_setting_is_drawn():
    steps = [SHOW]
    for values in product(PICTURES, KERNELS, (1, 3), (0, 2)):
        steps.append(
            ("move", dict(zip(("picture", "kernel", "stride", "padding"), values, strict=True)))
        )
        steps.append(("press", "back"))  # to the last cell
    for seen in walk(ConvolutionStepper, *steps):
        assert "NaN" not in str(seen)
        assert "undefined" not in str(seen)
