"""The kernel lab: its result is the convolution as it is defined, and it is shown as it says."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlkit import nn
from dlkit.datasets import photograph
from dlkit.explorers import kernel_lab
from dlkit.explorers.kernel_lab import PRESETS
from dlkit.explorers.png import grey_png


def shown(**values):
    """The kernel lab after a guess and a move."""
    explorer = kernel_lab()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def definition(explorer):
    """The convolution of the photograph in loops."""
    values = explorer.values
    W = np.array(values["kernel"], float).reshape(1, 1, 3, 3) / values["divide"]
    return nn.conv2d_naive(photograph(values["photo"])[None], W)[0, 0]


def images(explorer):
    """The pixels of the pictures on the page."""
    sources = re.findall(r'src="data:image/png;base64,([^"]+)"', explorer.widget.scene)
    return [np.array(Image.open(io.BytesIO(base64.b64decode(source)))) for source in sources]


@pytest.mark.parametrize("preset", PRESETS)
def test_the_result_is_the_definition(preset):
    explorer = shown(preset=preset, photo="flower")
    y = definition(explorer)
    np.testing.assert_allclose(explorer.result(), y, rtol=1e-12, atol=1e-12)
    state = explorer.state
    assert state["lowest"] == pytest.approx(y.min())
    assert state["highest"] == pytest.approx(y.max())
    assert state["outside"] == pytest.approx(((y < 0) | (y > 1)).mean(), abs=1e-4)


def test_a_kernel_of_ones_own_is_used_row_by_row():
    explorer = shown(kernel=[0, 0, 3.5, 0, 0, 0, -1, 0, 0], divide=4)
    photo = photograph()[0]
    np.testing.assert_allclose(explorer.result(), (3.5 * photo[:-2, 2:] - photo[2:, :-2]) / 4)
    assert explorer.values["preset"] == "your own"


@pytest.mark.parametrize(
    ("display", "level"),
    [
        ("clipped to 0 … 1", lambda y: y),
        ("0 as mid grey", lambda y: (y + 1) / 2),
        ("size without sign", abs),
    ],
)
def test_the_pixels_on_the_page_are_the_result(display, level):
    explorer = shown(preset="emboss", display=display)
    photo, result = images(explorer)
    assert np.abs(photo - photograph()[0] * 255).max() <= 0.5 + 1e-6
    expected = np.clip(level(definition(explorer)), 0, 1) * 255
    assert np.abs(result - expected).max() <= 0.5 + 1e-6


def test_pixels_are_a_png_of_any_size_with_halves_rounded_up():
    for shape in ((1, 1), (3, 2), (300, 400)):  # the last has more bytes than one block holds
        image = np.random.default_rng(0).uniform(-0.2, 1.2, shape)
        read = Image.open(io.BytesIO(grey_png(image)))
        read.verify()
        levels = np.array(Image.open(io.BytesIO(grey_png(image))))
        assert levels.shape == shape
        np.testing.assert_array_equal(levels, np.rint(image.clip(0, 1) * 255))
    halves = np.array([[127.5, 128.5, 127.5 - 1e-9]]) / 255
    assert np.array(Image.open(io.BytesIO(grey_png(halves)))).tolist() == [[128, 129, 128]]


@pytest.mark.parametrize(
    ("values", "guess", "words"),
    [
        ({"preset": "edge"}, "0", "The weights sum to 0: even areas become 0, and only changes"),
        (
            {"preset": "blur"},
            "unchanged",
            "sum to 1: even areas keep their brightness. The kernel a",
        ),
        ({"preset": "sharpen"}, "unchanged", "brightness. The kernel compares neighbours."),
        (
            {"preset": "identity", "divide": 2},
            "darker",
            "sum to 0.5: even areas become darker. One",
        ),
        ({"preset": "blur", "divide": 8}, "brighter", "sum to 2: even areas become brighter."),
        ({"kernel": [0.1] * 3 + [-0.1] * 3 + [0] * 3}, "0", "sum to 0: even areas become 0"),
        ({"kernel": [-1] + [0] * 8}, "below 0", "sum to −1: even areas fall below 0."),
        ({"kernel": [0] * 9}, "0", "All weights are 0."),
    ],
)
def test_even_areas_follow_the_sum_of_the_weights(values, guess, words):
    explorer = kernel_lab()
    for name, value in values.items():
        explorer.move(**{name: value})
    explorer.move(guess=guess)
    explorer.press("show")
    assert explorer.sentence.startswith(f"You predicted {guess}: right. ")
    assert words in explorer.sentence
    even = nn.conv2d(np.full((1, 1, 3, 3), 0.5), explorer.kernel[None, None]).item()
    meant = {"below 0": even < 0, "0": abs(even) < 1e-12, "darker": 0 < even < 0.5}
    meant |= {"unchanged": abs(even - 0.5) < 1e-12, "brighter": even > 0.5}
    assert [name for name in meant if meant[name]] == [guess]


def test_nothing_is_given_away_before_the_guess():
    explorer = kernel_lab()
    explorer.move(preset="blur")
    assert explorer.sentence.startswith("Predict first")
    assert len(images(explorer)) == 1
    assert "sum" not in explorer.state
    assert "The result is hidden" in explorer.widget.scene


def test_a_wrong_guess_is_told_until_the_kernel_moves():
    explorer = shown()
    assert explorer.sentence.startswith("You predicted unchanged; it is 0. ")
    explorer.move(display="size without sign", photo="flower")
    assert explorer.sentence.startswith("You predicted unchanged; it is 0. ")
    explorer.move(divide=2)
    assert "predicted" not in explorer.sentence


def test_a_preset_sets_the_weights_and_a_weight_leaves_the_preset():
    explorer = shown(preset="blur")
    assert (explorer.values["kernel"], explorer.values["divide"]) == PRESETS["blur"]
    explorer.move(divide=9)
    assert explorer.values["preset"] == "your own"
    explorer.move(preset="blur", divide=16)
    assert explorer.values["preset"] == "blur"
    before = explorer.values
    explorer.move(preset="your own")
    assert explorer.values == {**before, "preset": "your own"}


@pytest.mark.parametrize("kernel", [[1] * 8, [1] * 8 + [10], [1] * 8 + [True], [1] * 8 + ["1"], 1])
def test_what_is_no_kernel_is_refused(kernel):
    explorer = kernel_lab()
    with pytest.raises(ValueError, match="expected a (list of 9 numbers|number)|goes from -9 to 9"):
        explorer.move(kernel=kernel)
    assert explorer.values["kernel"] == PRESETS["edge"][0]


def test_reset_is_the_start():
    explorer = shown(preset="emboss", photo="flower", display="0 as mid grey")
    explorer.press("reset")
    assert explorer.values == explorer.start
    assert explorer.widget.scene == kernel_lab().widget.scene
    assert explorer.state["hidden"]
