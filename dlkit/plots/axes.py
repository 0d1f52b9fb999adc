"""What every figure's function shares: it takes an Axes first, and says so where it got another."""

from functools import wraps

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure


def on_axes(draw):
    """`draw` with a TypeError where its first argument is no Axes."""

    @wraps(draw)
    def checked(ax, *args, **named):
        if not isinstance(ax, Axes):
            raise TypeError(f"{draw.__name__} expected an Axes first, got {_what(ax)}")
        return draw(ax, *args, **named)

    return checked


def _what(ax):
    if isinstance(ax, Figure):
        return "a Figure: pass figure.gca()."
    if isinstance(ax, np.ndarray) and ax.size and isinstance(ax.flat[0], Axes):
        return f"an array of {ax.size} Axes, as plt.subplots gives: pass one of them."
    return f"{type(ax).__name__}. Make one with: figure, ax = plt.subplots()."
