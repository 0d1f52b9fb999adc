"""A small network in unknown units whose rate and momentum are to be found: a task for a search.

The network has one layer with softmax on top, and reads digits whose pixels are multiplied by
`unit`. The rates that work are smaller by that factor's square, so no rate is good for every task.
A task is the pair (number, unit); the number is the seed of its rows and of their order.
"""

import functools
import math

import numpy as np

from dlkit.check.differences import Difference, as_numbers, shown
from dlkit.datasets import digits
from dlkit.nn.softmax import log_softmax, softmax
from dlkit.optim.momentum import momentum_step

ROWS, HELD_OUT, STEPS, BATCH = 300, 400, 40, 100
BROKEN_OFF = 10.0  # a loss above which a run is given up, in nats
UNSEEN_RUNS = 5


class BudgetUsedUp(RuntimeError):
    """A trial was asked for after the last one that the budget allows."""


class Trials:
    """trial(lr, beta) → the validation loss (nats) after a short training; nan if it blew up.

    Parameters
    ----------
    task : (int, float)
        The number, and the unit of the pixels.
    budget : int
        How many trials there are.

    Attributes
    ----------
    used : int
        Trials made so far.
    budget : int
        As above; neither can be set.

    >>> trial = Trials((1, 2.0), budget=2)
    >>> trial(0.1, 0.9) < trial(1e-5, 0.9)
    True
    >>> trial.used
    2
    """

    def __init__(self, task, budget):
        self._task, self._budget, self._used = task, budget, 0

    @property
    def used(self):
        return self._used

    @property
    def budget(self):
        return self._budget

    def __repr__(self):
        return f"Trials(used {self.used} of {self.budget})"

    def __call__(self, lr, beta):
        lr, beta = checked(lr, beta)
        if self.used >= self.budget:
            raise BudgetUsedUp(f"the budget of {self.budget} trials is used up")
        self._used += 1
        number, unit = self._task
        return validation_loss(lr, beta, number, unit)


def checked(lr, beta):
    """Both as floats; a ValueError where they are no rate above 0 and no β from 0 to below 1."""
    lr, beta = float(lr), float(beta)
    if not 0 < lr < math.inf or not 0 <= beta < 1:
        raise ValueError(f"expected lr above 0 and 0 ≤ beta < 1, got lr = {lr:g}, beta = {beta:g}.")
    return lr, beta


def validation_loss(lr, beta, number, unit, *, unseen=False):
    """The loss after STEPS steps with momentum; on the test digits if `unseen`. Too large: nan."""
    (X, t), test = pictures()
    rng = np.random.default_rng(number)
    rows = rng.permutation(len(X))
    learnt, held_out = rows[:ROWS], rows[ROWS : ROWS + HELD_OUT]
    batches = learnt[rng.integers(ROWS, size=(STEPS, BATCH))]
    targets = np.eye(10)[t]
    W, v = np.zeros((2, 64, 10))
    with np.errstate(over="ignore", invalid="ignore"):
        for batch in batches:
            x = unit * X[batch]
            g = x.T @ (softmax(x @ W) - targets[batch]) / BATCH
            W, v = momentum_step(W, g, v, lr, beta)
        x, labels = test if unseen else (X[held_out], t[held_out])
        logs = log_softmax(unit * x @ W)
        loss = -float(np.mean(logs[np.arange(len(labels)), labels]))
    return loss if loss < BROKEN_OFF else math.nan


@functools.cache
def pictures():
    """The digits (N, 64) with their labels, to learn from and to test with; as datasets.digits."""
    return digits(flat=True, dtype=np.float64)


def tuned(expected, found, call, limit):
    """(lr, beta) whose loss on unseen digits, a mean over runs of other seeds, is under `limit`."""
    values = as_numbers(found)
    if values is None or values.shape != (2,) or values.dtype.kind == "c":
        return Difference(f"expected a pair (lr, beta), got {shown(found)}.", "form")
    lr, beta = (float(value) for value in values)
    if not 0 < lr < math.inf or not 0 <= beta < 1:
        text = f"it chose lr = {lr:g} and beta = {beta:g}, expected lr > 0 and 0 ≤ beta < 1."
        return Difference(text, "form")
    number, unit = call[0][0]
    losses = _unseen(lr, beta, number, unit)
    if losses.mean() < limit:
        return None
    text = f"it chose lr = {lr:.3g} and beta = {beta:.3g}, and with these "
    if np.median(losses) == BROKEN_OFF:
        return Difference(text + "the training of new runs blows up.", "blows up")
    text += (
        f"new runs reach a loss of {losses.mean():.3g} on unseen digits, expected under {limit}."
    )
    slow = _unseen(3 * lr, beta, number, unit).mean() < losses.mean()
    return Difference(text, "too small" if slow else "too large")


def _unseen(lr, beta, number, unit):
    """The losses of runs with seeds that follow from the task's number; BROKEN_OFF at most."""
    seeds = np.random.SeedSequence(number).generate_state(UNSEEN_RUNS)
    losses = [validation_loss(lr, beta, seed, unit, unseen=True) for seed in seeds]
    return np.nan_to_num(losses, nan=BROKEN_OFF)
