"""Penalty contours: where the data's ellipses meet the diamond of L1 or the circle of L2."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider

_GUESSES = ("none", "one of them", "both")


def penalty_contours():
    """Two weights, pulled to the ringed place by the data and to 0 by a penalty.

    The ellipses are lines of equal data loss ½(w − m)ᵀA(w − m), smallest at the ring m. The shaded
    diamond (L1, λ(|w₁| + |w₂|)) or disc (L2, λ/2 (w₁² + w₂²)) holds all weights that cost no more
    than the best ones, the full dot, where the sum of both is smallest. The dashed line is the way
    of the best weights while λ grows from 0.

    What to try
    -----------
    - Predict first: how many weights will be exactly 0? Compare λ with how strongly the data pulls
      each weight away from 0.
    - L1, no stretch, the ring at (0.5, 0.4), λ = 0.1: is a weight 0? Which λ makes the first one 0?
    - L2: how large must λ be for a weight to be 0?
    - Stretch the ellipses: which weight goes first, the one the data cares about or the other?
    - Tilt them: can L1 drop a weight that is the larger one at the ring?

    Returns an explorer: `.state` reads all that is seen, `.move(lam=1)` and `.press("show")` act
    like a hand.
    """
    return PenaltyContours()


class PenaltyContours(BrowserExplorer):
    module = "penalty_contours"
    title = "L1 and L2 contours"
    controls = (
        choice("penalty", "penalty", ("L1", "L2")),
        slider("lam", "strength λ", 0, 4, 0.05),
        slider("m1", "w₁ at the data's minimum", -2, 2, 0.1),
        slider("m2", "w₂ at the data's minimum", -2, 2, 0.1),
        slider("stretch", "stretch of the ellipses", 1, 5, 0.5),
        slider("tilt", "tilt in degrees", 0, 60, 15),
        choice("guess", "Predict: weights that are exactly 0", _GUESSES),
        *GUESS_BUTTONS,
    )
    start = {"penalty": "L1", "lam": 0.8, "m1": 1.5, "m2": 0.5, "stretch": 1, "tilt": 0}
    start = {**start, "guess": "none"}
