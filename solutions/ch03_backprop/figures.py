"""Draws chapter 3's figures into figures/: python solutions/ch03_backprop/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

both_sides        A curve that becomes steeper to the right, its tangent at x, the line from x to
                  x + h, which is steeper, and the line from x - h to x + h, nearly parallel to it.
step_size         The error of the measured slope of exp at 1 over h, both axes logarithmic. The
                  one-sided error falls until h is about 1e-8 and rises below; the central one
                  falls twice as steeply, is smallest at about 1e-5, and rises below.
steepest          Lines of equal height of a long bowl. From one point lead three arrows: along the
                  axis of the largest derivative, along the gradient (across the lines), against it.
learning_rates    y = 4x² with the points visited from x = 2 for lr 0.01 (five points close
                  together), 0.1 (straight to the bottom) and 0.26 (from side to side and up).
courier           The graph of (price · km + fee) · tip with 2, 4, 3 and 1.5: way 8, sum 11, pay
                  16.5; gradients pay 1, sum 1.5, tip 11, way 1.5, fee 1.5, price 6, km 3.
paths             Nodes x, m and y. Three wires a, b, c lead from x to m, three d, e, f from m to y.
worked            The network of the worked example with its weights: inputs 0.35 and 0.9, hidden
                  units with 0.1 and 0.8, 0.4 and 0.6, the output with 0.3 and 0.9, target 0.5.
order             The graph x, a = 2x, b = 3a, c = 2b, L = a + c with values and gradients: a leads
                  to L directly and over b and c, so its gradient is 7 and that of x is 14.
notes_step        The steps of the two hidden units as arrows. Left, the right step: both on the
                  line of the input, the second three times as long. Right, the notes' step: the
                  same arrow for both units, steeper than that line.
learning_rate_explorer
                  The explorer at its start: a bowl with the curvature 8, start 2, rate 0.2, with
                  the path, the losses of thirty steps and a ruler of rates with its limits.
graph_stepper     The stepper at the end of its graph "a bill": tea 2 times cups 3 gives 6, cake 4
                  times pieces 2 gives 8, their sum 14 times tax 1.2 gives 16.8; each box with its
                  gradient, cake's, which is dashed, 2.4.
"""

import numpy as np
from matplotlib import pyplot as plt

from autograder.drawing import draw, folder_for
from dlkit import plots
from dlkit.autograd import Value, graph_svg
from dlkit.explorers import graph_stepper, learning_rate_explorer
from dlkit.nn import sigmoid
from dlkit.plots.style import BLUE, GREY, INK, RED

RATES = {0.01: "too small", 0.1: "good", 0.26: "too large"}
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1}
X, T = np.array([0.35, 0.9]), 0.5
W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
NOTES = np.array([[0.09661944, 0.78985831], [0.39661944, 0.58985831]])


def both_sides():
    """A curve, its tangent, a one-sided and a central difference."""
    fig, ax = plt.subplots(figsize=(5.5, 3.3))
    at, h = 1.0, 0.6
    x = np.linspace(0.1, 1.9, 200)
    ax.plot(x, x**3, color=INK, lw=2.2)
    ends = np.array([0.15, 1.85])
    ax.plot(ends, 1 + 3 * (ends - at), color=GREY, ls=":", lw=2, label="slope at x")
    for start, end, look, words in (
        (at, at + h, {"color": RED, "ls": "--"}, "from x to x + h"),
        (at - h, at + h, {"color": BLUE, "ls": "-"}, "from x − h to x + h"),
    ):
        slope = (end**3 - start**3) / (end - start)
        ax.plot(ends, start**3 + slope * (ends - start), lw=2, label=words, **look)
    for place in (at - h, at, at + h):
        ax.plot(place, place**3, "o", color=INK, ms=7, zorder=3)
    ax.set_xticks([at - h, at, at + h], ["x − h", "x", "x + h"])
    ax.set(ylim=(-1.2, 5), yticks=())
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, loc="upper left")
    return fig


def step_size():
    """The error of both differences over h, for exp at 1."""
    fig, ax = plt.subplots(figsize=(5.8, 3.4))
    h = 10.0 ** np.linspace(-14, -0.5, 200)
    one_sided = np.abs((np.exp(1 + h) - np.e) / h - np.e)
    central = np.abs((np.exp(1 + h) - np.exp(1 - h)) / (2 * h) - np.e)
    ax.loglog(h, one_sided, ".", color=RED, ms=4, label="one-sided")
    ax.loglog(h, central, "^", color=BLUE, ms=3.5, label="central")
    ax.axvline(1e-5, color=GREY, ls=":", lw=1.5)
    ax.set(xlabel="step h", ylabel="error of the slope", ylim=(1e-13, 10))
    ax.set_xticks([1e-13, 1e-11, 1e-9, 1e-7, 1e-5, 1e-3, 1e-1])
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, loc="lower left", markerscale=2)
    return fig


def steepest():
    """The gradient beside the direction of the largest derivative."""
    fig, ax = plt.subplots(figsize=(5.4, 3.8))
    x, y = np.meshgrid(np.linspace(-1.2, 6.6, 200), np.linspace(-0.5, 3.7, 200))
    ax.contour(x, y, 0.3 * x**2 + y**2, levels=8, colors=GREY, linewidths=1)
    point = np.array([2.5, 1.0])
    g = np.array([0.6 * point[0], 2 * point[1]])
    arrows = (
        ((0.0, g[1]), "largest derivative\nalone", RED, (-0.1, -0.02), "right"),
        (g, "the gradient: up", BLUE, (0.1, 0.0), "left"),
        (-0.42 * g, "steepest down", BLUE, (-0.05, -0.22), "center"),
    )
    for (dx, dy), words, colour, shift, side in arrows:
        tip = point + (dx, dy)
        style = {"arrowstyle": "-|>", "color": colour, "lw": 2.4, "shrinkA": 0, "shrinkB": 0}
        style["linestyle"] = "--" if colour == RED else "-"
        ax.annotate("", tip, point, arrowprops=style)
        ax.text(*(tip + shift), words, color=colour, ha=side, va="center", bbox=PLATE)
    ax.plot(*point, "o", color=INK, ms=7)
    ax.set(aspect="equal", xticks=(), yticks=(), xlabel="x₀")
    ax.set_ylabel("x₁", rotation=0, labelpad=10)
    return fig


def learning_rates():
    """Steps on y = 4x² with three learning rates."""
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.9), sharey=True)
    x = np.linspace(-3.1, 3.1, 200)
    for ax, (lr, words) in zip(axes, RATES.items(), strict=True):
        path = 2 * (1 - 8 * lr) ** np.arange(5)
        ax.plot(x, 4 * x**2, color=GREY, lw=1.5)
        ax.plot(path, 4 * path**2, "o-", color=BLUE, ms=6, lw=1.3)
        ax.plot(path[0], 4 * path[0] ** 2, "o", mfc="white", mec=BLUE, mew=2, ms=9)
        ax.set(title=f"lr {lr}: {words}", xlabel="x", xticks=(-2, 0, 2), ylim=(-2, 38))
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("y = 4x²")
    return fig


def paths():
    """Three wires from x to m, three from m to y."""
    fig, ax = plt.subplots(figsize=(5.6, 1.9))
    ax.set(xlim=(-0.6, 6.6), ylim=(-1.25, 1.25), aspect="equal")
    ax.set_axis_off()
    for start, letters in ((0, "abc"), (3, "def")):
        for letter, bow in zip(letters, (-0.45, 0, 0.45), strict=True):
            style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 19, "shrinkB": 19}
            style["connectionstyle"] = f"arc3,rad={bow}"
            ax.annotate("", (start + 3, 0), (start, 0), arrowprops=style)
            at = (start + 1.5, -1.5 * bow)
            ax.text(*at, letter, ha="center", va="center", color=RED, bbox=PLATE)
    for place, name in ((0, "x"), (3, "m"), (6, "y")):
        ax.add_patch(
            plt.Circle((place, 0), 0.42, facecolor="white", edgecolor=INK, lw=1.6, zorder=3)
        )
        ax.text(place, 0, name, ha="center", va="center", zorder=4)
    return fig


def worked():
    """The network of the worked example."""
    fig, ax = plt.subplots(figsize=(6.4, 3.4))
    columns = [
        {"x1": "x₁\n0.35", "x2": "x₂\n0.9"},
        {"h1": "h₁", "h2": "h₂"},
        {"y": "y\ntarget 0.5"},
    ]
    wires = [("x1", "h1", "0.1"), ("x2", "h1", "0.8"), ("x1", "h2", "0.4"), ("x2", "h2", "0.6")]
    wires += [("h1", "y", "0.3"), ("h2", "y", "0.9")]
    plots.network(ax, columns, wires)
    return fig


def notes_step():
    """The right step and the notes' step of both hidden units, as arrows."""
    h = sigmoid(W0 @ X)
    y = sigmoid(W1 @ h)
    right = -np.outer((y - T) * y * (1 - y) * W1 * h * (1 - h), X)
    fig, axes = plt.subplots(1, 2, figsize=(7.4, 3.5), sharex=True, sharey=True)
    looks = ({"color": BLUE, "linestyle": "-", "lw": 5}, {"color": RED, "linestyle": "--", "lw": 2})
    steps = {"the right step": right, "the notes' step": NOTES - W0}
    for ax, (words, rows) in zip(axes, steps.items(), strict=True):
        end = -11.8 * X / X[1]
        ax.plot([0, end[0]], [0, end[1]], color=GREY, ls=":", lw=1.5, zorder=0)
        ax.text(end[0] + 0.25, end[1], "direction of x", color=GREY, va="center")
        for row, look in zip(1000 * rows, looks, strict=True):
            style = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **look}
            ax.annotate("", row, (0, 0), arrowprops=style)
        if np.allclose(rows[0], rows[1]):
            ax.text(*(1000 * rows[0] + (0.5, 0.3)), "hidden units 1 and 2", va="center")
        else:
            for number, (row, look) in enumerate(zip(1000 * rows, looks, strict=True), start=1):
                at = row + (0.5, 0.3)
                ax.text(*at, f"hidden unit {number}", color=look["color"], va="center")
        ax.set(title=words, xlabel="change of the first weight, thousandths")
        ax.set(xlim=(-6.2, 3.6), ylim=(-12.6, 0.8))
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("of the second weight, thousandths")
    return fig


def courier():
    price, km, fee = Value(2.0, "price"), Value(4.0, "km"), Value(3.0, "fee")
    tip = Value(1.5, "tip")
    way = _named(price * km, "way")
    pay = _named(_named(way + fee, "sum") * tip, "pay")
    pay.backward()
    return graph_svg(pay)


def order():
    x = Value(1.0, "x")
    a = _named(x * 2, "a")
    b = _named(a * 3, "b")
    L = _named(a + _named(b * 2, "c"), "L")
    L.backward()
    return graph_svg(L)


def rates_still():
    return learning_rate_explorer().still()


def stepper_still():
    return graph_stepper().still()


FIGURES = [both_sides, step_size, steepest, learning_rates, paths, worked, notes_step]
GRAPHS = [courier, order]
STILLS = {"learning_rate_explorer": rates_still, "graph_stepper": stepper_still}


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS | {graph.__name__: graph for graph in GRAPHS}, salt="ch03")


def _named(value, name):
    value.name = name
    return value


if __name__ == "__main__":
    draw_all(folder_for(__file__))
