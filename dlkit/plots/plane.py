"""Points of two classes in the plane, the line of a unit, the side that fires, the margin."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.gates import INPUTS
from dlkit.nn.layer import as_float
from dlkit.plots.axes import on_axes
from dlkit.plots.style import CLASS_MARKS, GREY, INK, PALE, RED, SHADES


@on_axes
def points(ax, X, t, size=90):
    """Points of the plane, in the shape and colour of their class.

    Open circles are class 0, full ones class 1; further classes have other shapes.

    Parameters
    ----------
    X : array (N, 2)
    t : array (N,)
        Classes, whole numbers from 0 to 7.
    size : float
        Area of a mark, in points².

    Raises
    ------
    ShapeError
        if X is not (N, 2), or t not (N,).
    ValueError
        if a class is not 0 … 7.
    """
    X, t = _checked(X, t)
    for label in range(max(2, int(t.max(initial=0)) + 1)):
        ax.scatter(*X[t == label].T, s=size, zorder=3, **CLASS_MARKS[label])
    return ax


@on_axes
def line(ax, w, b, shade=True, **style):
    """The line w·x + b = 0 over the Axes as it is now, and the side that fires shaded.

    With w = (0, 0) there is no line; the whole of the Axes is shaded if b > 0. `style` goes to
    the line, such as linestyle="--".

    Raises
    ------
    ShapeError
        if w has not two entries.
    """
    if as_float(w).shape != (2,):
        raise ShapeError(f"line expected w of shape (2,), one weight an axis, got {np.shape(w)}.")
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


@on_axes
def decision_regions(ax, classify, X, t, size=90):
    """Which class `classify` says where, as shades, under the points X with their classes t.

    Class 0 has no shade.

    Parameters
    ----------
    classify : function (M, 2) → (M,)
        Gives the class of each row: 0, 1, … 7.
    X, t, size
        As in `points`; classes that only `classify` knows are shaded, too.

    Raises
    ------
    ShapeError
        if `classify` gives no class, or several numbers, for each row.
    """
    points(ax, X, t, size)
    x1, x2 = _grid(ax, steps=300)
    places = np.column_stack([x1.ravel(), x2.ravel()])
    answers = as_float(classify(places))
    if answers.shape != (len(places),):
        raise ShapeError(
            f"classify expected to give one class a row, shape ({len(places)},), gave "
            f"{answers.shape}. From scores (M, K), take scores.argmax(axis=1); from one column, "
            "take scores[:, 0] > 0."
        )
    answers = _classes(answers, "what classify gives").reshape(x1.shape)
    for label in range(1, int(answers.max()) + 1):
        here = (answers == label).astype(float)
        if here.any():
            ax.contourf(x1, x2, here, levels=[0.5, 1.5], colors=[SHADES[label]], zorder=0)
        if here.any() and not here.all():
            ax.contour(x1, x2, here, levels=[0.5], colors=INK, linewidths=1.5, zorder=1)
    return ax


@on_axes
def gate(ax, outputs, w=None, b=None, title=None, size=90, labels=True):
    """The four inputs of a gate with its outputs for 00, 01, 10, 11, and a unit's line if given."""
    if (w is None) != (b is None):
        raise ValueError("gate expected w and b together: a line needs both.")
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


@on_axes
def margin(ax, X, t, w, b):
    """Points, a line, and a perpendicular from the nearest point of each class to the line.

    The shorter of the two, which is the margin, is drawn thick and carries its length.

    Raises
    ------
    ShapeError
        if X is not (N, 2) with N ≥ 1, t not (N,), or w not (2,).
    ValueError
        if a class is not 0 or 1, or w is 0: then there is no line.
    """
    (X, t), w = _checked(X, t), as_float(w)
    if len(X) == 0:
        raise ShapeError("margin expected at least one point, got none.")
    if not np.isin(t, (0, 1)).all():
        raise ValueError(f"margin expected classes 0 and 1, got {np.max(t)}.")
    if not w.any():
        raise ValueError("margin expected weights that are not all 0: without them is no line.")
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


def _checked(X, t):
    """X as floats (N, 2) and t as classes (N,), or an error with the likely slip."""
    X = as_float(X)
    if X.ndim != 2 or X.shape[1] != 2:
        slip = " X looks transposed: try X.T." if X.ndim == 2 and len(X) == 2 else ""
        raise ShapeError(f"expected points X of shape (N, 2), got {X.shape}.{slip}")
    t = np.asarray(t)
    if t.shape != (len(X),):
        slip = " From one-hot rows, take t.argmax(axis=1)." if t.ndim == 2 else ""
        raise ShapeError(f"expected one class for each of {len(X)} points, got {t.shape}.{slip}")
    return X, _classes(t, "t")


def _classes(t, name):
    """t, if it holds whole numbers for which there are marks."""
    wrong = np.setdiff1d(t, range(len(CLASS_MARKS)))
    if wrong.size:
        raise ValueError(
            f"expected classes 0 to {len(CLASS_MARKS) - 1} in {name}, got {wrong[0]}. Classes −1 "
            "and 1 become (t + 1) / 2."
        )
    return t
