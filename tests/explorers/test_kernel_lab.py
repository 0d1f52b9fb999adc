"""The kernel lab: its result is dlkit's convolution, and it is shown as it says."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from dlkit import nn
from dlkit.datasets import photograph
from dlkit.explorers import kernel_lab
from dlkit.explorers.kernel_lab import PRESETS, KernelLab
from dlkit.explorers.stills import call, walk
from tests.explorers.steps import SHOW, after, shown

pytestmark = pytest.mark.node


def bytes_of(photo):
    """The photograph in steps of 1/255, as the explorer has it."""
    return np.rint(255 * photograph(photo))


def definition(values):
    """dlkit's convolution of the photograph."""
    W = np.array(values["kernel"], float).reshape(1, 1, 3, 3) / values["divide"]
    return nn.conv2d(bytes_of(values["photo"])[None] / 255, W)[0, 0]


def images(seen):
    """The pixels of the pictures on the page."""
    marks = "".join(picture["marks"] for picture in seen["pictures"])
    sources = re.findall(r'href="data:image/png;base64,([^"]+)"', marks)
    return [np.array(Image.open(io.BytesIO(base64.b64decode(source)))) for source in sources]


def test_the_photographs_are_dlkits_and_small():
    data = KernelLab.data()
    for name, photo in data["photos"].items():
        found = np.reshape(call("bytes", "bytes", photo), (-1, data["columns"]))
        np.testing.assert_array_equal(found, bytes_of(name)[0])
        assert np.abs(found / 255 - photograph(name)[0]).max() <= 0.5 / 255 + 1e-9
    assert sum(map(len, data["photos"].values())) < 60_000


@pytest.mark.parametrize("preset", PRESETS)
def test_the_result_is_dlkits_convolution(preset):
    kernel, divide = PRESETS[preset]
    y = definition({"photo": "flower", "kernel": kernel, "divide": divide})
    image = bytes_of("flower")[0].ravel().tolist()
    found = call("kernel_lab", "convolve", image, 160, kernel, divide)
    np.testing.assert_allclose(np.reshape(found, y.shape), y, rtol=1e-12, atol=1e-12)
    state = shown(KernelLab, preset=preset, photo="flower")["state"]
    assert state["lowest"] == pytest.approx(y.min(), abs=1e-12)
    assert state["highest"] == pytest.approx(y.max())
    near = 1e-9  # what rounding makes of an even area is not outside
    assert state["outside"] == pytest.approx(((y < -near) | (y > 1 + near)).mean())


def test_a_kernel_of_ones_own_is_used_row_by_row():
    kernel = [0, 0, 3.5, 0, 0, 0, -1, 0, 0]
    image = bytes_of("pagoda")[0]
    found = call("kernel_lab", "convolve", image.ravel().tolist(), 160, kernel, 4)
    expected = (3.5 * image[:-2, 2:] - image[2:, :-2]) / (4 * 255)
    np.testing.assert_allclose(np.reshape(found, expected.shape), expected, atol=1e-12)
    assert shown(KernelLab, kernel=kernel, divide=4)["values"]["preset"] == "your own"


@pytest.mark.parametrize(
    ("display", "level"),
    [
        ("clipped to 0 … 1", lambda y: y),
        ("0 as mid grey", lambda y: (y + 1) / 2),
        ("size without sign", abs),
    ],
)
def test_the_pixels_on_the_page_are_the_result(display, level):
    seen = shown(KernelLab, preset="emboss", display=display)
    photo, result = images(seen)
    np.testing.assert_array_equal(photo, bytes_of("pagoda")[0])
    expected = np.clip(level(definition(seen["values"])), 0, 1) * 255
    assert np.abs(result - expected).max() <= 0.5 + 1e-6


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
    moves = [after(**{name: value}) for name, value in values.items()]
    seen = walk(KernelLab, *moves, after(guess=guess), SHOW)[-1]
    assert seen["sentence"].startswith(f"You predicted {guess}: right. ")
    assert words in seen["sentence"]
    kernel = np.reshape(seen["values"]["kernel"], (1, 1, 3, 3)) / seen["values"]["divide"]
    even = nn.conv2d(np.full((1, 1, 3, 3), 0.5), kernel).item()
    meant = {"below 0": even < 0, "0": abs(even) < 1e-12, "darker": 0 < even < 0.5}
    meant |= {"unchanged": abs(even - 0.5) < 1e-12, "brighter": even > 0.5}
    assert [name for name in meant if meant[name]] == [guess]


def test_an_even_area_becomes_zero_exactly():
    assert set(call("kernel_lab", "convolve", [77] * 25, 5, PRESETS["edge"][0], 1)) == {0}


def test_nothing_is_given_away_before_the_guess():
    seen = walk(KernelLab, after(preset="blur"))[-1]
    assert seen["sentence"].startswith("Predict first")
    assert len(images(seen)) == 1
    assert "sum" not in seen["state"]
    assert "The result is hidden" in seen["pictures"][1]["alt"]


def test_a_wrong_guess_is_told_until_the_kernel_moves():
    other = after(display="size without sign", photo="flower")
    _start, shown, looked, moved = walk(KernelLab, SHOW, other, after(divide=2))
    assert shown["sentence"].startswith("You predicted unchanged; it is 0. ")
    assert looked["sentence"].startswith("You predicted unchanged; it is 0. ")
    assert "predicted" not in moved["sentence"]


def test_a_preset_sets_the_weights_and_a_weight_leaves_the_preset():
    steps = after(preset="blur"), after(divide=9), after(preset="blur"), after(preset="your own")
    blur, own, again, freed = (seen["values"] for seen in walk(KernelLab, SHOW, *steps)[2:])
    assert (blur["kernel"], blur["divide"]) == PRESETS["blur"]
    assert own["preset"] == "your own"
    assert again == blur
    assert freed == {**blur, "preset": "your own"}


@pytest.mark.parametrize("kernel", [[1] * 8, [1] * 8 + [10], [1] * 8 + [True], [1] * 8 + ["1"], 1])
def test_what_is_no_kernel_is_refused(kernel):
    explorer = kernel_lab()
    with pytest.raises(ValueError, match="expected a (list of 9 numbers|number)|goes from -9 to 9"):
        explorer.move(kernel=kernel)
    assert explorer.values["kernel"] == PRESETS["edge"][0]


def test_reset_is_the_start():
    other = after(preset="emboss", photo="flower", display="0 as mid grey")
    start, *_rest, back = walk(KernelLab, SHOW, other, ("press", "reset"))
    assert back == start
    assert back["state"]["hidden"]
