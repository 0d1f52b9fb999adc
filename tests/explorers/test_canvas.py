"""The figure that stays shows what a new one would, light and dark, also when its frame changes."""

import io

import numpy as np
import pytest
from PIL import Image

from dlkit.explorers.canvas import Canvas
from dlkit.explorers.png import rgba_png


def build(figure):
    ax = figure.add_subplot()
    (line,) = ax.plot([0, 1], [0, 0])
    ax.set_ylim(0, 5)
    return ax, line


def to(height, top=5, label=""):
    def update(parts):
        ax, line = parts
        line.set_ydata([0, height])
        ax.set_ylim(0, top)
        ax.set_ylabel(label)
        ax.set_title(f"up to {height}")
        return f"A line that rises to {height}."

    return update


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "end", [to(2), to(4, top=8), to(3, label="height")], ids=["line", "range", "label"]
)
def test_a_figure_that_was_moved_looks_like_a_new_one(end, dark):
    moved, new = Canvas(300, 200, build), Canvas(300, 200, build)
    moved.picture(to(1), dark=not dark)
    moved.picture(to(1), dark=dark)
    moved.picture(to(5), dark=dark)
    new.picture(to(1), dark=dark)
    assert moved.picture(end, dark=dark) == new.picture(end, dark=dark)


def test_what_moves_is_seen():
    canvas = Canvas(300, 200, build)
    first = canvas.picture(to(1))
    assert canvas.picture(to(2)).marks != first.marks
    assert canvas.picture(to(1), dark=True).marks != first.marks
    assert canvas.picture(to(1)) == first


def test_the_picture_has_its_size_and_words():
    picture = Canvas(300, 200, build).picture(to(1))
    assert (picture.width, picture.height) == (300, 200)
    assert picture.inline().startswith('<img class="dlk-picture" alt="A line that rises to 1."')


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (300, 400)])
def test_pixels_come_back_from_their_png(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 4), np.uint8)
    Image.open(io.BytesIO(rgba_png(pixels))).verify()
    np.testing.assert_array_equal(Image.open(io.BytesIO(rgba_png(pixels))), pixels)
