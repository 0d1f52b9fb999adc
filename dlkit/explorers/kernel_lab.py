"""Kernel lab: nine weights to edit, a photograph, and what the convolution makes of it."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer, base64_of
from dlkit.explorers.controls import GUESS_BUTTONS, choice, numbers, scale

_OWN = "your own"
# nine weights, row by row, and the number that divides them
PRESETS = {
    "identity": ([0, 0, 0, 0, 1, 0, 0, 0, 0], 1),
    "edge": ([-1, -1, -1, -1, 8, -1, -1, -1, -1], 1),
    "vertical edges": ([-1, 0, 1, -1, 0, 1, -1, 0, 1], 1),
    "horizontal edges": ([-1, -1, -1, 0, 0, 0, 1, 1, 1], 1),
    "sharpen": ([0, -1, 0, -1, 5, -1, 0, -1, 0], 1),
    "blur": ([1, 2, 1, 2, 4, 2, 1, 2, 1], 16),
    "emboss": ([-2, -1, 0, -1, 1, 1, 0, 1, 2], 1),
}
_SHOW = ("clipped to 0 … 1", "0 as mid grey", "size without sign")
_EVEN = ("below 0", "0", "darker", "unchanged", "brighter")
_PHOTOS = ("pagoda", "flower")


def kernel_lab():
    """A photograph and its convolution with a 3 × 3 kernel that you edit.

    Each pixel of the result is the sum of nine pixels of the photograph times the nine weights,
    divided by the chosen number (`dlkit.nn.conv2d`, without padding). Brightness goes from 0,
    black, to 1, white; the result may leave this range, and you choose how that is shown.

    What to try
    -----------
    - Predict first: what becomes of an even area, all of brightness 0.5? The nine weights decide.
    - "Vertical edges": what does the roof of the pagoda do, what do its pillars do? Then exchange
      the left and the right column: what changes with "0 as mid grey"?
    - Make the smallest change to "edge" that turns it into a kernel that sharpens.
    - "Blur" without its division by 16: why is all white?
    - Emboss: where does the light seem to come from? Turn it round.

    Returns an explorer: `.state` reads all that is seen, `.move(preset="blur")` and
    `.press("show")` act like a hand.
    """
    return KernelLab()


class KernelLab(BrowserExplorer):
    module = "kernel_lab"
    title = "Kernel lab"
    controls = (
        choice("photo", "photograph", _PHOTOS),
        choice("preset", "kernel", (*PRESETS, _OWN)),
        numbers("kernel", "its nine weights", 9, 3, -9, 9, 0.5),
        scale("divide", "divided by", (1, 2, 4, 8, 9, 16)),
        choice("display", "result shown", _SHOW),
        choice("guess", "Predict: an even area of 0.5 becomes", _EVEN),
        *GUESS_BUTTONS,
    )
    start = {
        "photo": "pagoda",
        "preset": "edge",
        "kernel": PRESETS["edge"][0],
        "divide": 1,
        "display": "clipped to 0 … 1",
        "guess": "unchanged",
    }

    @classmethod
    def data(cls):
        from dlkit.datasets import photograph

        grey = {name: np.rint(255 * photograph(name)[0]) for name in _PHOTOS}
        photos = {name: base64_of(image, "u1") for name, image in grey.items()}
        presets = {name: list(given) for name, given in PRESETS.items()}
        return {"photos": photos, "columns": grey["pagoda"].shape[1], "presets": presets}
