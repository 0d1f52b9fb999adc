"""Curves: errors over the epochs, and the step beside the sigmoid."""

import numpy as np

from dlkit.plots.style import BLUE, INK, RED


def errors_per_epoch(ax, errors):
    """One bar for each epoch, with its number of errors on top."""
    epochs = np.arange(1, len(errors) + 1)
    bars = ax.bar(epochs, errors, width=0.7, color=RED)
    ax.bar_label(bars)
    ax.set(xlabel="epoch", ylabel="errors", xticks=epochs, ylim=(0, max(errors) * 1.15 + 0.1))
    ax.yaxis.get_major_locator().set_params(integer=True)
    return ax


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
