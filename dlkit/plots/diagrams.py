"""Drawings without numbers on their axes: a nerve cell, its model, and small networks of units."""

import numpy as np
from matplotlib.patches import Circle, Polygon

from dlkit.plots.axes import on_axes
from dlkit.plots.style import BLUE, GREY, INK, PALE, RED


@on_axes
def neuron_model(ax):
    """The model of a neuron: inputs, weights, sum with a bias, step, output."""
    _blank(ax, (0, 10), (0, 6))
    for y, k in ((4.6, "₁"), (1.8, "₂")):
        _node(ax, (1, y), 0.55, f"x{k}")
        _arrow(ax, (1.55, y), (4.28, 3.2 + (y - 3.2) * 0.3))
        ax.text(2.8, y + (0.3 if y > 3 else -0.3), f"w{k}", ha="center", va="center", color=RED)
    _node(ax, (5, 3.2), 0.8, "Σ", PALE)
    _arrow(ax, (5, 5.2), (5, 4.05))
    ax.text(5, 5.5, "b", ha="center", va="center", color=RED)
    _arrow(ax, (5.8, 3.2), (6.7, 3.2))
    _step_box(ax, (7.4, 3.2))
    _arrow(ax, (8.1, 3.2), (9.2, 3.2))
    ax.text(9.55, 3.2, "y", ha="center", va="center")
    for x, words in ((1, "inputs"), (2.8, "weights"), (5, "sum"), (7.4, "step"), (9.5, "output")):
        ax.text(x, 0.5, words, ha="center", color=GREY_TEXT)
    return ax


@on_axes
def nerve_cell(ax):
    """A nerve cell, much simplified: dendrites, cell body, axon with its ends."""
    _blank(ax, (0, 10), (0, 6))
    for tip, fork in (((0.6, 5.2), (1.5, 4.6)), ((0.4, 3.3), (1.4, 3.4)), ((0.7, 1.6), (1.5, 2.2))):
        ax.plot([fork[0], 2.8], [fork[1], 3.2], color=BLUE, lw=4, solid_capstyle="round")
        for spread in (-0.45, 0.45):
            end = (tip[0] + 0.15 * abs(spread), tip[1] + spread)
            ax.plot(*zip(fork, end, strict=True), color=BLUE, lw=2.2, solid_capstyle="round")
    angles = np.linspace(0, 2 * np.pi, 60)
    radius = 0.95 + 0.1 * np.cos(5 * angles)
    body = np.column_stack([3.3 + radius * np.cos(angles), 3.2 + radius * np.sin(angles)])
    ax.add_patch(Polygon(body, facecolor=PALE, edgecolor=BLUE, lw=2.5, zorder=2))
    ax.add_patch(Circle((3.3, 3.2), 0.34, facecolor=BLUE, zorder=3))
    x = np.linspace(4.2, 8.3, 50)
    ax.plot(x, 3.2 + 0.18 * np.sin(1.6 * (x - 4.2)), color=BLUE, lw=4, solid_capstyle="round")
    end = (8.3, 3.2 + 0.18 * np.sin(1.6 * 4.1))
    for dy in (-0.9, 0, 0.9):
        ax.plot([end[0], 9.3], [end[1], end[1] + dy], color=BLUE, lw=2.2)
        ax.plot(9.3, end[1] + dy, "o", color=BLUE, ms=7)
    for x, y, words in ((0.9, 0.5, "dendrites"), (3.3, 0.5, "cell body"), (6.3, 0.5, "axon")):
        ax.text(x, y, words, ha="center", color=GREY_TEXT)
    ax.text(9.1, 0.5, "to other cells", ha="center", color=GREY_TEXT)
    return ax


@on_axes
def network(ax, columns, wires):
    """A small network of units, from left to right.

    Parameters
    ----------
    columns : list of dict
        One a column: name of the node → what stands in it. Where the text has more than one line,
        the lines after the first stand beside the node.
    wires : list of (str, str, str)
        From a node to another, and the number beside the wire.
    """
    tall = max(len(column) for column in columns)
    _blank(ax, (-0.6, 3 * len(columns) - 2.4), (-1.2, 2.4 * tall - 1.1))
    places = {}
    for i, column in enumerate(columns):
        for j, (name, words) in enumerate(column.items()):
            places[name] = (3 * i, 2.4 * ((tall - 1) / 2 + (len(column) - 1) / 2 - j))
            first, *rest = words.split("\n")
            _node(ax, places[name], 0.52, first, PALE if i > 0 else "white")
            x, y = places[name]
            side = 1 if y > 1.2 * (tall - 1) else -1
            ax.text(x, y + 0.9 * side, "\n".join(rest), ha="center", va="center", color=RED)
    for start, end, number in wires:
        tail, tip = np.array(places[start]), np.array(places[end])
        way = (tip - tail) / np.linalg.norm(tip - tail)
        _arrow(ax, tail + 0.52 * way, tip - 0.56 * way)
        at = tail + 0.33 * (tip - tail)
        ax.text(*at, number, ha="center", va="center", color=RED, bbox=_PLATE)
    return ax


GREY_TEXT = "#595959"
_PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1}


def _blank(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.set_axis_off()


def _node(ax, place, radius, words, fill="white"):
    ax.add_patch(Circle(place, radius, facecolor=fill, edgecolor=INK, lw=1.6, zorder=2))
    ax.text(*place, words, ha="center", va="center", zorder=3)


def _arrow(ax, tail, tip):
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", tip, tail, arrowprops=style)


def _step_box(ax, place):
    x, y = place
    corners = [(x + dx, y + dy) for dx, dy in ((-0.7, -0.7), (0.7, -0.7), (0.7, 0.7), (-0.7, 0.7))]
    ax.add_patch(Polygon(corners, facecolor=PALE, edgecolor=INK, lw=1.6))
    ax.plot([x - 0.45, x, x, x + 0.45], [y - 0.3, y - 0.3, y + 0.3, y + 0.3], color=INK, lw=2)
    ax.plot([x - 0.45, x + 0.45], [y - 0.3, y - 0.3], color=GREY, lw=0.8)
