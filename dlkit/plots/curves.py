"""Curves: losses and errors over the epochs, and the step beside the sigmoid."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import BLUE, INK, LINES, RED

MOST_LABELS = 25  # bars; over more of them numbers could not be read


@on_axes
def errors_per_epoch(ax, errors):
    """One bar for each epoch, with its number of errors on top where there is room.

    Raises
    ------
    ShapeError
        if `errors` is not a list of numbers, or empty.
    """
    if as_float(errors).ndim != 1 or len(errors) == 0:
        raise ShapeError(f"errors_per_epoch expected shape (n,), n ≥ 1, got {np.shape(errors)}.")
    epochs = np.arange(1, len(errors) + 1)
    bars = ax.bar(epochs, errors, width=0.7, color=RED)
    if len(errors) <= MOST_LABELS:
        ax.bar_label(bars)
        ax.set_xticks(epochs)
    ax.set(xlabel="epoch", ylabel="errors", ylim=(0, max(errors) * 1.15 + 0.1))
    ax.yaxis.get_major_locator().set_params(integer=True)
    return ax


@on_axes
def step_and_sigmoid(ax, reach=6):
    """The step (dashed) and the sigmoid (full) over the sum s."""
    s = np.linspace(-reach, reach, 301)
    ax.plot([-reach, 0], [0, 0], [0, reach], [1, 1], color=INK, linestyle="--", lw=2)
    ax.plot(0, 0, "o", color=INK, ms=7)
    ax.plot(0, 1, "o", color=INK, ms=7, mfc="white")
    ax.plot(s, 1 / (1 + np.exp(-s)), color=BLUE, lw=2.5)
    ax.plot(0, 0.5, "D", color=BLUE, ms=6)
    ax.annotate("step: 1 only where s > 0", (1.2, 1), (1.2, 1.07), va="center", color=INK)
    ax.annotate("sigmoid 1 / (1 + e⁻ˢ)", (1.1, 0.62), color=BLUE)
    ax.set(xlabel="sum s = w·x + b", ylabel="output", ylim=(-0.1, 1.18), yticks=(0, 0.5, 1))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


@on_axes
def curves(ax, named, x=None, xlabel="epoch", ylabel="loss", log=False):
    """Curves over the epochs, one a name, such as the history of a training.

    Parameters
    ----------
    named : dict of str to numbers
        At most six, such as {"training": […], "validation": […]}. A gap stands where a number is
        nan or infinite; a number between two gaps is a dot.
    x : numbers, optional
        Where the values stand; 1, 2, 3, … if it is left out.
    xlabel, ylabel : str
    log : bool
        A logarithmic scale for the values; those that are not above 0 are left out.

    Raises
    ------
    ShapeError
        if a curve is not a list of numbers, or has another length than x.
    ValueError
        if there is no curve, or there are more than six.
    """
    if not isinstance(named, dict):
        raise TypeError(
            f"curves expected a dict of names and numbers, got {type(named).__name__}. For one "
            'curve: {"training": losses}.'
        )
    if not 0 < len(named) <= len(LINES):
        raise ValueError(f"curves expected 1 to {len(LINES)} curves, got {len(named)}.")
    for (name, values), look in zip(named.items(), LINES, strict=False):
        values = as_float(values)
        if values.ndim != 1 or (x is not None and values.shape != np.shape(x)):
            wanted = "(n,)" if x is None else f"{np.shape(x)}, as x"
            raise ShapeError(f"curve {name!r} expected shape {wanted}, got {values.shape}.")
        at = np.arange(1, len(values) + 1) if x is None else x
        shown = np.where(np.isfinite(values) & ((values > 0) | (not log)), values, np.nan)
        dots = {"marker": "o", "markevery": alone} if (alone := _alone(shown)) else {}
        ax.plot(at, shown, lw=2, label=name, **look, **dots)
    if x is None:
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(xlabel=xlabel, ylabel=ylabel, yscale="log" if log else "linear")
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False)
    return ax


def _alone(values):
    """Which values have no neighbour, so that no line would lead to them."""
    there = np.concatenate([[False], np.isfinite(values), [False]])
    return list(np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:]))
