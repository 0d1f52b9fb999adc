"""Points of two classes in the plane, the line of a unit, the side that fires, the margin."""

import numpy as np

from dlkit.gates import INPUTS
from dlkit.plots.style import CLASS_MARKS, GREY, INK, PALE, RED


def points(ax, X, t, size=90):
    """Points X (N, 2) with their classes t (N,): full circles are class 1, open ones class 0."""
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    for label, mark in enumerate(CLASS_MARKS):
        ax.scatter(*X[t == label].T, s=size, zorder=3, **mark)
    return ax


def line(ax, w, b, shade=True, **style):
    """The line w·x + b = 0 over the Axes as it is now, and the side that fires shaded.

    With w = (0, 0) there is no line; the whole of the Axes is shaded if b > 0. `style` goes to
    the line, such as linestyle="--".
    """
    x1, x2 = _grid(ax)
    height = w[0] * x1 + w[1] * x2 + b
    if shade and height.max() > 0:
        ax.contourf(x1, x2, height, levels=[0, np.inf], colors=[PALE], zorder=0)
    if height.min() < 0 < height.max():
        look = {"colors": INK, "linewidths": 2, "zorder": 1}
        look |= {_PLURALS.get(name, name): value for name, value in style.items()}
        ax.contour(x1, x2, height, levels=[0], **look)
    return ax


_PLURALS = {"color": "colors", "linestyle": "linestyles", "linewidth": "linewidths"}


def decision_regions(ax, classify, X, t):
    """Where `classify` says class 1, shaded, under the points X with their classes t.

    classify : function (N, 2) → (N,)
        Gives 0 or 1 for each row.
    """
    points(ax, X, t)
    x1, x2 = _grid(ax, steps=300)
    answers = np.asarray(classify(np.column_stack([x1.ravel(), x2.ravel()])), dtype=float)
    answers = answers.reshape(x1.shape)
    if answers.max() > 0:
        ax.contourf(x1, x2, answers, levels=[0.5, 1.5], colors=[PALE], zorder=0)
    if answers.min() < answers.max():
        ax.contour(x1, x2, answers, levels=[0.5], colors=INK, linewidths=1.5, zorder=1)
    return ax


def gate(ax, outputs, w=None, b=None, title=None, size=90, labels=True):
    """The four inputs of a gate with its outputs for 00, 01, 10, 11, and a unit's line if given."""
    ax.set(xlim=(-0.5, 1.5), ylim=(-0.5, 1.5), aspect="equal", xticks=(0, 1), yticks=(0, 1))
    if w is not None:
        line(ax, w, b)
    points(ax, INPUTS, outputs, size=size)
    if labels:
        ax.set_xlabel("x₁")
        ax.set_ylabel("x₂", rotation=0)
    else:
        ax.set(xticks=(), yticks=())
    if title:
        ax.set_title(title)
    return ax


def margin(ax, X, t, w, b):
    """Points, a line, and a perpendicular from the nearest point of each class to the line.

    The shorter of the two, which is the margin, is drawn thick and carries its length.
    """
    X, t, w = np.asarray(X, dtype=float), np.asarray(t), np.asarray(w, dtype=float)
    points(ax, X, t)
    line(ax, w, b)
    signed = (X @ w + b) / np.linalg.norm(w) * (2 * t - 1)
    nearest = [min(np.flatnonzero(t == label), key=lambda i: signed[i]) for label in np.unique(t)]
    smallest = min(nearest, key=lambda i: signed[i])
    for i in nearest:
        foot = X[i] - (X[i] @ w + b) / (w @ w) * w
        look = {"color": RED, "lw": 2.5} if i == smallest else {"color": GREY, "lw": 1.8}
        ax.plot(*zip(X[i], foot, strict=True), linestyle=(0, (2, 1.2)), zorder=2, **look)
        if i == smallest:
            at, words = (X[i] + foot) / 2, f"margin {signed[i]:.2f}"
            ax.annotate(words, at, (8, -4), textcoords="offset points", color=RED, va="top")
    return ax


def _grid(ax, steps=3):
    """Coordinates over the Axes' limits, which stay as they are from now on."""
    low, high = zip(ax.get_xlim(), ax.get_ylim(), strict=True)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    axes = [np.linspace(a, z, steps) for a, z in zip(low, high, strict=True)]
    return np.meshgrid(*axes)
