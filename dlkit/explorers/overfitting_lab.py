"""Overfitting lab: capacity, noise, weight decay and dropout against two learning curves."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

N, N_VALIDATION, SEEDS = 15, 60, 5
_GUESSES = ("underfitting", "a good fit", "overfitting")


def overfitting_lab():
    """A model of K waves learns fifteen noisy points by gradient descent.

    It is a linear layer on K cosines of x, so K is its number of weights; fast cosines are smaller,
    so that slow ones are learnt first, as in networks. On the left: the points,
    what they were drawn from (thin), what has been learnt after the last epoch (full) and at the
    epoch with the smallest validation error (dashed). On the right: the squared errors on the
    fifteen points and on sixty others, epoch by epoch, on a logarithmic scale. It is called
    underfitting when the training error ends more than 0.1 above that of the thin line, and
    overfitting when the validation error ends more than a tenth above its smallest value.

    What to try
    -----------
    - Predict first: does it underfit, fit or overfit? Compare weights, points and noise.
    - 30 waves without noise, then with 0.5: what does the model learn first, what later?
    - Stop early: move the number of epochs to where the validation error was smallest.
    - The same model with a λ that helps, then with one that is too large. Does dropout help here?
    - Which hurts more with 15 points: too few waves or too many? Does another seed agree?

    Returns an explorer: `.state` reads all that is seen, `.move(waves=8)` and `.press("show")` act
    like a hand.
    """
    return OverfittingLab()


class OverfittingLab(BrowserExplorer):
    module = "overfitting_lab"
    title = "Overfitting lab"
    controls = (
        slider("waves", "waves K (capacity)", 1, 40, 1),
        slider("noise", "noise in the points", 0, 1, 0.1),
        scale("lam", "weight decay λ", (0, 0.003, 0.01, 0.03, 0.1, 0.3, 1)),
        scale("drop", "dropout", (0, 0.1, 0.2, 0.3, 0.5)),
        slider("epochs", "epochs", 10, 400, 10),
        slider("seed", "seed of the points", 0, SEEDS - 1, 1),
        choice("guess", "Predict: what is it?", _GUESSES),
        *GUESS_BUTTONS,
    )
    start = {"waves": 30, "noise": 0.6, "lam": 0, "drop": 0, "epochs": 300, "seed": 3}
    start = {**start, "guess": "a good fit"}

    @classmethod
    def data(cls):
        drawn = []
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            draw = {"x": rng.uniform(-1, 1, size=N), "z": rng.normal(size=N)}
            draw |= {"xv": rng.uniform(-1, 1, size=N_VALIDATION)}
            draw |= {"zv": rng.normal(size=N_VALIDATION)}
            drawn.append({name: values.round(3).tolist() for name, values in draw.items()})
        return {"drawn": drawn}
