"""Schedule explorer: the learning rate over time, and what a small noisy run does under it."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

SCHEDULES = ("constant", "step", "inverse", "exponential", "cosine", "warm-up, then cosine")
FATES = ("blows up", "falls short", "rattles", "settles")
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
TIMES = (5, 10, 20, 40, 80, 160)
RUNS, STEPS = 20, 200


def schedule_explorer():
    """The learning rate as a function of the step, and twenty small runs of 200 steps under it.

    A run has one weight w and the loss ½ w² + ¼ w⁴, steep far out and flat at its lowest place, 0;
    its gradient has noise, as a mini-batch's has. The time is the step at which the rate has halved
    (step, inverse, exponential: the step schedule halves it again every so often), is 0 (cosine),
    or has been warmed up. Point at a picture, or move the step, to read rate, weight and loss.

    What becomes of the runs has a name. Blows up: the steps overshoot further and further. Falls
    short: the runs have not arrived, since the rate was too small or gone too soon. Rattles: noise
    leaves over a third of the loss that it leaves at the full rate. Settles: none of these.

    What to try
    -----------
    - Predict first: how far can the run get before the rate is gone, and how small is the rate in
      the end?
    - Constant: which rate is quickest, and which has the smallest loss in the end? Can one be both?
    - No noise: what is a decay good for then?
    - Exponential: the shorter its time the smaller the rate in the end. Where does that turn from
      good to bad? Try the same times with inverse and with cosine.
    - A start of 3.5 with rate 0.3: why does it blow up there, and not from 2? Is a warm-up of five
      steps enough?

    Returns an explorer: `.state` reads all that is seen, `.move(schedule="cosine")` and
    `.press("show")` act like a hand.
    """
    return ScheduleExplorer()


class ScheduleExplorer(BrowserExplorer):
    module = "schedule_explorer"
    title = "Schedule explorer"
    controls = (
        choice("schedule", "schedule", SCHEDULES),
        scale("lr0", "full rate η₀", RATES),
        scale("time", "time, in steps", TIMES),
        slider("start", "start w", 0.5, 4, 0.5),
        scale("sigma", "noise of the gradient", (0, 0.1, 0.2, 0.4)),
        slider("seed", "run shown", 0, RUNS - 1, 1),
        slider("t", "step t to look at", 0, STEPS, 1),
        choice("guess", "Predict: what becomes of the runs?", FATES),
        *GUESS_BUTTONS,
    )
    start = {"schedule": "constant", "lr0": 0.1, "time": 40, "start": 2, "sigma": 0.4, "seed": 0}
    start |= {"t": 50, "guess": FATES[0]}

    @classmethod
    def data(cls):
        return {"noises": np.random.default_rng(0).normal(size=(RUNS, STEPS)).round(3).tolist()}
