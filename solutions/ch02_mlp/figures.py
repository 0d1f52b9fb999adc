"""Draws chapter 2's figures into figures/: python solutions/ch02_mlp/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

layers               A network from left to right: three circles x1 to x3, four circles h1 to h4,
                     two circles y1 and y2; all of a column are joined to all of the next. Above
                     the lines: W (3, 4) and W (4, 2).
collapse             A square grid of dots in three pictures: as it is; after two layers without an
                     activation, slanted, its lines still straight and parallel; after the same two
                     layers with a ReLU between them, folded.
activations          Two rows of five plots over x from -4 to 4. Above: step, sigmoid, tanh, ReLU
                     and leaky ReLU (slope 0.1, so that it can be seen). Below: their slopes.
xor_fold             Left: the inputs of XOR, full circles at (0, 1) and (1, 0). Right: where two
                     ReLU units put them: (0, 0), (1, 0) twice and (2, 1); a line parts (1, 0) from
                     the others.
saturation           The sigmoid and its slope over x from -8 to 8. Where the slope is under 0.05
                     the ground is shaded; the slope's peak is marked 0.25.
dead                 Two clouds of points, each with the line of a ReLU unit; the side where it is
                     active is shaded. Left the line cuts the cloud, right it has passed the cloud.
bumps                Left: three ReLU pieces that start at 0, 1 and 2. Middle: their sum, a hat with
                     its tip at (1, 1). Right: a smooth wave and a polyline of nine pieces near it.
tents                Three plots over x from 0 to 1: one tent, two tents, four tents.
activation_explorer  The explorer at its start: sigmoid and slope, flat ends shaded, bars of the
                     inputs below and of the outputs on the right.
approximator         The explorer at its start: a dashed wave in a shaded band, the polyline of four
                     ReLU units, ticks where they bend; on the right the largest error, which falls
                     with the number of units.
boundary_playground  The explorer after a run of 1000 steps: two moons and the boundary of a network
                     with three tanh units between them; three small maps, one a hidden unit, each
                     cut by a line; the loss, which falls.
"""

import numpy as np
from matplotlib import pyplot as plt

from autograder.drawing import draw, folder_for, stills
from dlkit import nn, plots
from dlkit.gates import GATES, INPUTS
from dlkit.plots.style import BLUE, GREY, INK, PALE, RED

SUBSCRIPTS = "₁₂₃₄"


def layers():
    fig, ax = plt.subplots(figsize=(6.5, 3.6))
    sizes = {"x": 3, "h": 4, "y": 2}
    columns = [{f"{c}{i}": f"{c}{SUBSCRIPTS[i]}" for i in range(n)} for c, n in sizes.items()]
    wires = [
        (tail, tip, "")
        for left, right in zip(columns, columns[1:], strict=False)
        for tail in left
        for tip in right
    ]
    plots.network(ax, columns, wires)
    for x, words in ((0, "input"), (3, "layer 0\n(hidden)"), (6, "layer 1\n(output)")):
        ax.text(x, -1.1, words, ha="center", va="top", color=INK)
    for x, words in ((1.5, "W₀ (3, 4)\nb₀ (4,)"), (4.5, "W₁ (4, 2)\nb₁ (2,)")):
        ax.text(x, 8.3, words, ha="center", va="top", color=RED)
    ax.set_ylim(-1.8, 8.5)
    return fig


def collapse():
    fig, axes = plt.subplots(1, 3, figsize=(9, 3.1))
    W0, b0 = np.array([[1.0, -1.0, -0.2], [0.3, -0.3, 1.0]]), np.array([0.2, -0.2, 3.0])
    W1 = np.array([[1.3, 0.0], [0.5, 0.12], [0.0, 1.0]])  # x₁ is folded, x₂ goes through

    def stack(points, bend):
        return bend(points @ W0 + b0) @ W1

    looks = {
        "before": lambda points: points,
        "two layers of sums": lambda points: stack(points, lambda s: s),
        "with ReLU between them": lambda points: stack(points, nn.relu),
    }
    for ax, (title, move) in zip(axes, looks.items(), strict=True):
        _grid_lines(ax, move)
        ax.set(title=title, aspect="equal", xticks=(), yticks=())
        ax.spines[:].set_visible(False)
    return fig


def _grid_lines(ax, move):
    """A square grid of lines and dots, each moved; a quarter of it has another colour."""
    steps, fine = np.linspace(-1, 1, 9), np.linspace(-1, 1, 201)
    for level in steps:
        across = np.column_stack([fine, np.full_like(fine, level)])
        for points in (across, across[:, ::-1]):
            ax.plot(*move(points).T, color=GREY, lw=0.8, zorder=1)
    dots = np.array([(x, y) for x in steps for y in steps])
    chosen = (dots[:, 0] < 0) & (dots[:, 1] > 0)
    ax.scatter(*move(dots[~chosen]).T, s=16, color=BLUE, zorder=2)
    ax.scatter(*move(dots[chosen]).T, s=26, marker="s", color=RED, zorder=3)


def activations():
    x = np.linspace(-4, 4, 401)
    y, t = nn.sigmoid(x), np.tanh(x)
    up = np.where(x > 0, 1.0, 0.0)
    shown = {
        "step": (up, 0 * x),
        "sigmoid": (y, y * (1 - y)),
        "tanh": (t, 1 - t**2),
        "ReLU": (nn.relu(x), up),
        "leaky ReLU": (nn.leaky_relu(x, 0.1), np.where(x > 0, 1.0, 0.1)),
    }
    fig, axes = plt.subplots(2, 5, figsize=(9.5, 3.8), sharex=True, sharey="row")
    for (above, below), (name, (value, slope)) in zip(axes.T, shown.items(), strict=True):
        for ax, curve, color in ((above, value, BLUE), (below, slope, RED)):
            ax.axhline(0, color=GREY, lw=0.8)
            ax.axvline(0, color=GREY, lw=0.8)
            ax.plot(x, _broken(x, curve), color=color, lw=2.2)
            ax.spines[["top", "right"]].set_visible(False)
        above.set(title=name, ylim=(-1.3, 2.2), yticks=(-1, 0, 1, 2))
        below.set(ylim=(-0.1, 1.15), yticks=(0, 0.25, 1), xticks=(-4, 0, 4), xlabel="x")
    axes[0, 0].set_ylabel("output")
    axes[1, 0].set_ylabel("slope")
    return fig


def _broken(x, curve):
    """The curve with a gap where it jumps at 0."""
    jumps = np.abs(np.diff(curve)) > 0.5
    return np.where(np.append(jumps, False), np.nan, curve)


def xor_fold():
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.1))
    plots.gate(left, GATES["XOR"], title="the inputs")
    X = np.array(INPUTS, dtype=float)
    sums = X.sum(axis=1)
    hidden = np.column_stack([nn.relu(sums), nn.relu(sums - 1)])
    right.set(xlim=(-0.5, 2.5), ylim=(-0.5, 1.5), aspect="equal", xticks=(0, 1, 2), yticks=(0, 1))
    plots.line(right, (1, -2), -0.5)
    plots.points(right, hidden, GATES["XOR"])
    names = {(0, 0): ("00", (0, 16)), (1, 0): ("01 and 10", (0, -17)), (2, 1): ("11", (-15, 0))}
    for place, (words, aside) in names.items():
        look = {"ha": "center", "va": "center", "textcoords": "offset points"}
        right.annotate(words, place, aside, **look)
    right.set(title="after two ReLU units", xlabel="h₁")
    right.set_ylabel("h₂", rotation=0, labelpad=10)
    return fig


def saturation():
    fig, ax = plt.subplots(figsize=(6, 2.9))
    x = np.linspace(-8, 8, 401)
    y = nn.sigmoid(x)
    slope = y * (1 - y)
    flat = x[slope < 0.05]
    for left, right in ((flat.min(), flat[flat < 0].max()), (flat[flat > 0].min(), flat.max())):
        ax.axvspan(left, right, color=PALE)
    ax.plot(x, y, color=BLUE, lw=2.2, label="sigmoid")
    ax.plot(x, slope, color=RED, lw=2.2, ls="--", label="its slope")
    ax.annotate("0.25", (0, 0.25), (0, 5), textcoords="offset points", ha="center", color=RED)
    for at in (-5.6, 5.6):
        ax.text(at, 0.5, "flat", ha="center", color=INK)
    ax.set(xlabel="x", xlim=(-8, 8), ylim=(-0.05, 1.1), yticks=(0, 0.25, 0.5, 1))
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(0.0, 1.0))
    return fig


def dead():
    fig, axes = plt.subplots(1, 2, figsize=(7, 3.2))
    cloud = np.random.default_rng(5).normal(size=(60, 2))
    for ax, b, title in zip(axes, (0.3, -4.2), ("a living unit", "a dead unit"), strict=True):
        ax.set(
            xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal", xticks=(), yticks=(), title=title
        )
        plots.line(ax, (1.0, 0.8), b)
        ax.scatter(*cloud.T, s=22, color=INK, zorder=3)
        ax.text(2.2, 2.75, "active", ha="center", color=BLUE)
    return fig


def bumps():
    fig, axes = plt.subplots(1, 3, figsize=(9.5, 2.9))
    x = np.linspace(-0.5, 3, 351)
    parts = {0: 1, 1: -2, 2: 1}
    looks = (("-", BLUE), ("--", RED), ("-.", INK))
    for (start, slope), (line, color) in zip(parts.items(), looks, strict=True):
        words = f"{slope} · max(x{f' − {start}' if start else ''}, 0)".replace("-", "−")
        axes[0].plot(x, slope * nn.relu(x - start), line, color=color, lw=2, label=words)
    axes[0].legend(frameon=False, fontsize=9, loc="lower left")
    axes[0].set(title="three units", ylim=(-4.2, 3.2))
    hat = sum(slope * nn.relu(x - start) for start, slope in parts.items())
    axes[1].plot(x, hat, color=BLUE, lw=2.2)
    axes[1].set(title="their sum", ylim=(-0.4, 1.4), yticks=(0, 1))
    fine = np.linspace(0, 4, 401)
    knots = np.linspace(0, 4, 10)
    axes[2].plot(fine, _wave(fine), color=GREY, lw=4, label="wave")
    axes[2].plot(knots, _wave(knots), "o-", ms=4, color=RED, lw=1.8, label="9 hidden units")
    axes[2].set(title="many kinks", ylim=(-1.4, 4))
    axes[2].legend(frameon=False, fontsize=9, loc="upper left")
    for ax in axes:
        ax.set_xlabel("x")
        ax.spines[["top", "right"]].set_visible(False)
    return fig


def _wave(x):
    return np.sin(3 * x) + x / 2


def tents():
    fig, axes = plt.subplots(1, 3, figsize=(8.5, 2.4), sharey=True)
    x = np.linspace(0, 1, 801)
    y = x
    for ax, title in zip(axes, ("1 layer of 2 units", "2 layers", "3 layers"), strict=True):
        y = 2 * nn.relu(y) - 4 * nn.relu(y - 0.5)
        ax.plot(x, y, color=BLUE, lw=2)
        ax.set(title=title, xlabel="x", xticks=(0, 0.5, 1), yticks=(0, 1), ylim=(-0.05, 1.1))
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("output")
    return fig


FIGURES = [layers, collapse, activations, xor_fold, saturation, dead, bumps, tents]
STILLS = stills("activation_explorer", "approximator", "boundary_playground")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch02")


if __name__ == "__main__":
    draw_all(folder_for(__file__))
