"""Loss surfaces: one sigmoid unit, one start, and two costs to walk down."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

# one input and a target each; no unit has all of them right
POINTS = ((-2, 0), (-1, 0), (-0.5, 1), (0.5, 0), (1, 1), (2, 1))
_GUESSES = ("up to 10 times as long", "10 to 100 times as long", "over 100 times as long")


def loss_surfaces():
    """Gradient descent on the cost of one sigmoid unit σ(wx + b), which has six points to learn.

    On the left the cost is the mean squared error, on the right the mean cross-entropy; the bluer,
    the larger. Both walks begin at the ringed place, with the same learning rate; the full dot is
    where they are after the steps.

    What to try
    -----------
    - Predict first: how much longer is the first step under the cross-entropy? Think of a unit
      that is sure of itself and wrong: what does σ′ do to the gradient of the squared error?
    - Start at w = −6: where is the squared error's surface flat, and is the cost small there?
    - Start at w = 0, b = 0: how much do the two walks differ now?
    - Click into a picture to start there. Find a start from which both end alike.
    - How many steps does each need to have five of the six points right?

    Returns an explorer: `.state` reads all that is seen, `.move(w=-3)` and `.press("show")` act
    like a hand.
    """
    return LossSurfaces()


class LossSurfaces(BrowserExplorer):
    module = "loss_surfaces"
    title = "Loss surfaces"
    controls = (
        slider("w", "weight w at the start", -8, 8, 0.5),
        slider("b", "bias b at the start", -8, 8, 0.5),
        scale("lr", "learning rate", (0.1, 0.3, 1, 3)),
        slider("steps", "steps", 1, 200, 1),
        choice("guess", "Predict: the first step under cross-entropy is", _GUESSES),
        *GUESS_BUTTONS,
    )
    start = {"w": -6, "b": -3, "lr": 1, "steps": 40, "guess": _GUESSES[0]}

    @classmethod
    def data(cls):
        return {"points": POINTS}
