"""Convolution stepper: a kernel slides over a small picture and fills the output, cell by cell."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import button, choice, slider

KERNELS = {
    "vertical edge": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "horizontal edge": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "all edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "top left alone": [[1, 0, 0], [0, 0, 0], [0, 0, 0]],
    "sum of 2 × 2": [[1, 1], [1, 1]],
}
PICTURES = ("digit", "bright right half", "cross", "single pixel")


def convolution_stepper():
    """A kernel over a small picture: pixel times weight, cell by cell, and the output it fills.

    The frame in the picture is the window; beside it stands each pixel times its weight; their sum
    goes to the ringed cell of the output. Point at a cell of the output to see its window, or step.
    Blue is above 0, red below, and the stronger the colour the further.

    What to try
    -----------
    - Predict first: the sum for the framed window. Choose it, then show. "Predict again" asks for
      the next cell.
    - The bright right half: in which columns is "vertical edge" not 0, and where is "horizontal
      edge"? Say it before you play.
    - Padding 1 with a 3 × 3 kernel: how large is the output? Which cells see the zeros?
    - Stride 2 or 3: which pixels does no window reach?
    - "Top left alone" on the single pixel: which way does it move? A kernel that is flipped first,
      as mathematicians define convolution, would move it the other way.

    Returns an explorer: `.state` reads all that is seen, `.move(stride=2)` and `.press("step")` act
    like a hand.
    """
    return ConvolutionStepper()


class ConvolutionStepper(BrowserExplorer):
    module = "convolution_stepper"
    title = "Convolution stepper"
    controls = (
        choice("picture", "picture", PICTURES),
        choice("kernel", "kernel", KERNELS),
        slider("stride", "stride", 1, 3, 1),
        slider("padding", "padding", 0, 2, 1),
        slider("guess", "Predict: the sum for the framed window", -16, 16, 1),
        button("show", "Show"),
        button("step", "Step"),
        button("back", "Back"),
        button("play", "Play / pause"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {"picture": "digit", "kernel": "vertical edge", "stride": 1, "padding": 0, "guess": 0}

    @classmethod
    def data(cls):
        return {"kernels": KERNELS, "pictures": dict(zip(PICTURES, _pictures(), strict=True))}


def _pictures():
    """Whole numbers from 0 to 2: a digit, a half, a cross and a pixel."""
    from dlkit.datasets import digits

    (X, _t), _test = digits()
    four = np.rint(X[0, 0] * 16).astype(int) // 6
    half = np.repeat([[0, 0, 0, 2, 2, 2]], 6, axis=0)
    cross = np.zeros((7, 7), int)
    cross[3, 1:6] = cross[1:6, 3] = 2
    pixel = np.zeros((5, 5), int)
    pixel[2, 2] = 1
    return [image.tolist() for image in (four, half, cross, pixel)]
