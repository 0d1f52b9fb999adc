"""Optimizer race: SGD, momentum, Nesterov, AdaGrad, RMSprop and Adam from one start."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import button, choice, scale, slider, ticks

SURFACES = ("narrow valley", "bent valley", "saddle", "plain with a hole")
METHODS = ("SGD", "momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam")
RATES = (0.002, 0.005, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2)
OWN_RATES = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1)


def optimizer_race():
    """Six update rules race down one surface from one start, a hundred steps each.

    Thin lines join places of equal loss; the lowest place has loss 0. Who comes under 1 % of the
    first loss, and stays there, has arrived. SGD, momentum and Nesterov share one rate; AdaGrad,
    RMSprop and Adam, which divide each gradient by its own size so far, share another. Point at the
    picture to move the start. "Play" runs the race again from its start.

    What to try
    -----------
    - Predict first: who arrives first? Work out SGD's first step: which direction of the valley
      limits its rate, and what is left for the other one?
    - The narrow valley: raise the first rate until SGD is lost. Which of momentum and Nesterov is
      lost before it, which after it?
    - Put the start on a corner of the narrow valley: who runs across it first, who sets off at 45°?
      Why does the steepness of a direction not matter to AdaGrad's first step?
    - A large second rate: who arrives and stays, who passes and does not stay? What does AdaGrad do
      that RMSprop does not?
    - The saddle: y = 0 is its ridge. Who leaves it from y = 0.2, and who from y = 0?
    - The plain: start far from the hole, where there is hardly any slope. Who gets there at all?

    Returns an explorer: `.state` reads all that is seen, `.move(lr=0.05)` and `.press("show")` act
    like a hand.
    """
    return OptimizerRace()


class OptimizerRace(BrowserExplorer):
    module = "optimizer_race"
    title = "Optimizer race"
    controls = (
        choice("surface", "surface", SURFACES),
        slider("x", "start x", -2.4, 2.4, 0.2),
        slider("y", "start y", -1.8, 1.8, 0.2),
        slider("steps", "steps shown", 0, 100, 1),
        scale("lr", "rate of SGD, momentum, Nesterov", RATES),
        scale("own", "rate of AdaGrad, RMSprop, Adam", OWN_RATES),
        scale("beta", "β of momentum, Nesterov", (0, 0.5, 0.8, 0.9, 0.95, 0.98)),
        ticks("shown", "drawn", METHODS),
        choice("guess", "Predict: who arrives first?", (*METHODS, "none")),
        button("show", "Show"),
        button("play", "Play / pause"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {"surface": "narrow valley", "x": -2.2, "y": 1, "steps": 100, "lr": 0.02, "own": 0.1}
    start |= {"beta": 0.9, "shown": [True] * 6, "guess": METHODS[0]}
