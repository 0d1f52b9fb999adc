"""Activation explorer: a function, its slope, and what it makes of a thousand inputs."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

FUNCTIONS = ("step", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU")
BANDS = {  # of shares that may be guessed, each with its end
    "under 1 %": 0.01,
    "1 to 10 %": 0.1,
    "10 to 40 %": 0.4,
    "40 to 90 %": 0.9,
    "over 90 %": 1.0,
}


def activation_explorer():
    """An activation function, its slope, and what it makes of a thousand normal inputs.

    The full line is the function, the dashed one its slope; where the slope is under 0.05 the
    picture is shaded: there the function is flat, and hardly any gradient comes back through it.
    Bars below are the inputs, bars on the right the outputs, on the same axes; the outermost bars
    hold all that lies beyond. Point at the curve, or move x, to read value and slope. The leaky
    ReLU has slope 0.1 below 0.

    What to try
    -----------
    - Predict first: for how many inputs is the function flat? Move x until the slope falls under
      0.05, and look how many inputs lie further out.
    - Sigmoid, spread from 0.25 to 4: where do the outputs gather? What is the mean slope, and what
      is left of a gradient after ten such layers?
    - Sigmoid against tanh with inputs of mean 0: which outputs have mean 0, too?
    - ReLU: which mean of the inputs makes a unit dead? Can a leaky ReLU die?
    - Step: why can nothing be learned through it, wherever the inputs lie?

    Returns an explorer: `.state` reads all that is seen, `.move(spread=2)` and `.press("show")` act
    like a hand.
    """
    return ActivationExplorer()


class ActivationExplorer(BrowserExplorer):
    module = "activation_explorer"
    title = "Activation explorer"
    controls = (
        choice("activation", "function", FUNCTIONS),
        scale("spread", "spread of the inputs", (0.1, 0.25, 0.5, 1, 2, 4)),
        slider("centre", "mean of the inputs", -6, 6, 0.5),
        slider("x", "x to look at", -8, 8, 0.1),
        choice("guess", "Predict: inputs where it is flat", BANDS),
        *GUESS_BUTTONS,
    )
    start = {"activation": "sigmoid", "spread": 2, "centre": 0, "x": 1, "guess": "under 1 %"}

    @classmethod
    def data(cls):
        half = np.random.default_rng(0).normal(size=500)
        half /= np.sqrt(np.mean(half**2))
        normals = np.concatenate([half, -half]).round(4).tolist()
        return {"normals": normals, "bands": list(BANDS.items())}
