"""Learning-rate explorer: what thirty steps of gradient descent do, and where the limits lie."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

SURFACES = ("bowl", "valley", "wavy curve")
REGIMES = ("creeps", "converges", "oscillates", "diverges")
RATES = (0.003, 0.004, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09)
RATES += (0.1, 0.11, 0.12, 0.125, 0.13, 0.15, 0.17, 0.2, 0.22, 0.24, 0.25, 0.26, 0.28, 0.3, 0.35)
RATES += (0.4, 0.45, 0.5, 0.55, 0.6)


def learning_rate_explorer():
    """Thirty steps of gradient descent, w ← w − η · gradient: the path, the losses, the limits.

    The bowl is the curve ½ · curvature · x². The valley is ½ (x² + curvature · y²), seen from
    above: lines of equal loss, steep across and flat along. The wavy curve has two floors, and only
    the left one is the lowest place. The hollow dot is the start; point at the picture to move it.

    What the steps do has a name. Creeps: after thirty steps over 1 % of the loss is still there.
    Converges: it is not. Oscillates: the steps jump from one side to the other. Diverges: they end
    further out than they began. In a valley each direction has a name of its own; the whole
    diverges if one direction does, else oscillates if one does, else creeps if one does.

    What to try
    -----------
    - Predict first: work out the first step by hand, on which side of the floor does it land, and
      how far out? Then say what thirty such steps do.
    - The bowl: raise η until the steps begin to jump over the floor, then until they run away. What
      have these two rates to do with the curvature?
    - Does another start change what the steps do in a bowl? And on the wavy curve?
    - The valley: find the rate with the smallest loss after thirty steps. Make it steeper: what
      becomes of the best rate, and of the loss?
    - The wavy curve from 2.4: at which rates do the steps leave the right floor for the lower one
      on the left? Can they come to rest there?

    Returns an explorer: `.state` reads all that is seen, `.move(rate=0.1)` and `.press("show")` act
    like a hand.
    """
    return LearningRateExplorer()


class LearningRateExplorer(BrowserExplorer):
    module = "learning_rate_explorer"
    title = "Learning-rate explorer"
    controls = (
        choice("surface", "surface", SURFACES),
        scale("curvature", "curvature", (4, 8, 12, 16, 20)),
        slider("start", "start", -2.4, 2.4, 0.2),
        slider("steps", "steps shown", 1, 30, 1),
        scale("rate", "learning rate η", RATES),
        choice("guess", "Predict: what will it do?", REGIMES),
        *GUESS_BUTTONS,
    )
    start = {"surface": "bowl", "curvature": 8, "start": 2, "steps": 30, "rate": 0.2}
    start |= {"guess": REGIMES[0]}
