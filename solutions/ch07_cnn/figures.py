"""Draws chapter 7's figures into figures/: python solutions/ch07_cnn/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

sliding              A picture of 4×4 numbers with a frame around the upper left 3×3 window; a
                     3×3 kernel of −1, 0, 1; an output of 2×2, its upper left cell, 11, framed.
channels             A stack of three input channels with a window; two kernels, each three
                     channels deep; each kernel leads to one output map.
matrix               The matrix of a 2×2 kernel on a 4×4 picture: 9 rows, 16 columns, in each
                     row the four weights, each in its own colour with its name.
turned               A picture of 4×4, the same moved by one pixel, the same turned by a quarter;
                     below each what 2×2 max pooling makes of it.
lenet                LeNet-5 as a row of blocks with their shapes: four stacks of maps, the
                     features, and three columns of numbers, the classifier.
blocks               Three blocks as boxes and arrows: plain, Inception, residual.
convolution_stepper  The explorer in the middle of a walk: a 4, a framed window, nine products and
                     their sum, −3, and the output filled as far as the ringed cell.
kernel_lab           The explorer: the pagoda, and bright outlines on black, the result of "edge".
size_calculator      The explorer: LeNet-5's first four layers over 32 pixels, one unit's cone, and
                     the 16 by 16 pixels that it sees.
feature_maps         The explorer: a 4, the kernel of map 3 of C1, the six maps of C1, the answers
                     of map 3 to four strokes, and eight digits that it answers to most.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

from autograder.drawing import draw, folder_for, stills
from dlkit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED

PICTURE = np.array([[0, 0, 4, 4], [0, 0, 4, 4], [1, 0, 4, 4], [0, 0, 4, 4]])
KERNEL = np.array([[-1, 0, 1]] * 3)


def blank(width, height, figsize):
    """(fig, ax) without axes; y runs down, as in pictures."""
    fig, ax = plt.subplots(figsize=figsize)
    ax.set(xlim=(-0.2, width), ylim=(height, -0.2), aspect="equal")
    ax.set_axis_off()
    return fig, ax


def table(ax, numbers, left, top, side=1.0, shaded=lambda value: False):
    """A table of numbers; some cells are shaded."""
    for (i, j), value in np.ndenumerate(numbers):
        corner = (left + side * j, top + side * i)
        face = PALE if shaded(value) else "white"
        ax.add_patch(Rectangle(corner, side, side, facecolor=face, edgecolor=GREY, lw=0.8))
        words = f"{value:g}".replace("-", "−")
        ax.text(corner[0] + side / 2, corner[1] + side / 2, words, ha="center", va="center")


def frame(ax, left, top, width, height, colour=RED):
    ax.add_patch(Rectangle((left, top), width, height, fill=False, edgecolor=colour, lw=3))


def words(ax, x, y, text, **look):
    ax.text(x, y, text, **{"ha": "center", "va": "center", "color": INK, **look})


def arrow(ax, start, end, **look):
    style = {"arrowstyle": "-|>", "color": INK, "lw": 1.2, "shrinkA": 0, "shrinkB": 0, **look}
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


def sliding():
    fig, ax = blank(14.6, 5, (8, 2.9))
    table(ax, PICTURE, 0, 0.7, shaded=lambda value: value > 1)
    table(ax, KERNEL, 6, 1.2)
    output = [[(PICTURE[i : i + 3, j : j + 3] * KERNEL).sum() for j in (0, 1)] for i in (0, 1)]
    table(ax, np.array(output), 11.2, 1.7)
    frame(ax, 0, 0.7, 3, 3)
    frame(ax, 11.2, 1.7, 1, 1)
    for x, text in ((2, "picture"), (7.5, "kernel"), (12.2, "output")):
        words(ax, x, 0.3, text)
    words(ax, 5, 2.7, "·", fontsize=22)
    words(ax, 10.1, 2.7, "=", fontsize=18)
    return fig


# -- channels --------------------------------------------------------------------------------------


def stack(ax, left, top, size, count, colour="white", shift=0.35, window=None):
    """Squares behind each other, the last one on top; a window in the same place of each."""
    for c in range(count):
        x, y = left + shift * c, top + shift * c
        ax.add_patch(Rectangle((x, y), size, size, facecolor=colour, edgecolor=INK, lw=1))
        if window:
            at, side = window
            ax.add_patch(
                Rectangle((x + at, y + at), side, side, facecolor=PALE, edgecolor=RED, lw=2)
            )


def channels():
    fig, ax = blank(15, 6.2, (8, 3.4))
    stack(ax, 0, 1, 3.4, 3, window=(0.5, 1.1))
    for k, (colour, name) in enumerate(((ORANGE, "kernel 1"), (GREEN, "kernel 2"))):
        top = 1 + 2.6 * k
        stack(ax, 7, top, 1.1, 3, colour=colour)
        ax.add_patch(Rectangle((12, top - 0.1), 1.9, 1.9, facecolor=colour, edgecolor=INK, lw=1))
        words(ax, 8, top - 0.4, name)
        words(ax, 12.95, top - 0.4, f"map {k + 1}")
        arrow(ax, (4.7, 3), (6.7, top + 0.9))
        arrow(ax, (9.2, top + 0.9), (11.7, top + 0.9))
        words(ax, 10.4, top + 0.5, "one sum", fontsize=9)
    words(ax, 2.1, 0.5, "3 channels")
    return fig


# -- the matrix ------------------------------------------------------------------------------------


def matrix():
    fig, ax = blank(17.4, 10.2, (8, 4.6))
    for place in range(9):
        i, j = divmod(place, 3)
        words(ax, 0.2, 1.5 + place, f"place {place}", ha="right", fontsize=9)
        for pixel in range(16):
            ax.add_patch(
                Rectangle((0.5 + pixel, 1 + place), 1, 1, facecolor="white", edgecolor=GREY, lw=0.5)
            )
        for k, (name, colour) in enumerate(
            zip(("w₀₀", "w₀₁", "w₁₀", "w₁₁"), (ORANGE, BLUE, GREEN, RED), strict=True)
        ):
            pixel = (i + k // 2) * 4 + j + k % 2
            corner = (0.5 + pixel, 1 + place)
            ax.add_patch(
                Rectangle(corner, 1, 1, facecolor=colour, edgecolor=INK, lw=0.8, alpha=0.4)
            )
            words(ax, corner[0] + 0.5, corner[1] + 0.5, name, fontsize=9)
    for pixel in range(16):
        words(ax, 1 + pixel, 0.6, f"{pixel}", fontsize=9)
    words(ax, 8.5, -0.05, "pixel", fontsize=10)
    ax.set_xlim(-2.2, 17)
    ax.set_ylim(10.2, -0.5)
    return fig


def turned():
    fig, ax = blank(17.5, 8.4, (8, 4))
    picture = np.zeros((4, 4))
    picture[::2, ::2] = [[4, 3], [2, 1]]
    moved = np.pad(picture, ((0, 0), (1, 0)))[:, :4]
    kinds = (("as it is", picture), ("moved by 1", moved), ("turned by 90°", np.rot90(picture)))
    for k, (name, shown) in enumerate(kinds):
        left = 6.3 * k
        words(ax, left + 2, 0.2, name)
        table(ax, shown, left, 0.7, shaded=bool)
        ax.plot([left + 2] * 2, [0.7, 4.7], color=INK, lw=1.8)
        ax.plot([left, left + 4], [2.7] * 2, color=INK, lw=1.8)
        arrow(ax, (left + 2, 4.9), (left + 2, 5.8))
        pooled = shown.reshape(2, 2, 2, 2).max(axis=(1, 3))
        table(ax, pooled, left + 1, 6, shaded=lambda value: True)
    return fig


def lenet():
    fig, ax = blank(25.5, 8, (10, 3.3))
    blocks = (
        ("input", 1, 4.2, "1×32×32"), ("C1", 6, 3.4, "6×28×28"), ("S2", 6, 2.0, "6×14×14"),
        ("C3", 9, 1.5, "16×10×10"), ("S4", 9, 0.9, "16×5×5"),
    )  # fmt: skip
    left = 0.0
    for name, count, size, shape in blocks:
        depth = 0.12 * (count - 1)
        top = 3.4 - (size + depth) / 2
        stack(ax, left, top, size, count, colour=PALE if name[0] == "S" else "white", shift=0.12)
        middle = left + (size + depth) / 2
        words(ax, middle, 0.5, name, fontsize=12)
        words(ax, middle, 6.3, shape, fontsize=9)
        left += size + depth + 0.75
    for name, tall in (("120", 4.0), ("84", 3.2), ("10", 1.6)):
        ax.add_patch(
            Rectangle((left, 3.4 - tall / 2), 0.45, tall, facecolor="white", edgecolor=INK, lw=1)
        )
        words(ax, left + 0.22, 6.3, name, fontsize=9)
        left += 1.7
    first = left - 3 * 1.7
    for start, end, name in ((5.0, first - 0.6, "features"), (first - 0.2, left - 1, "classifier")):
        ax.plot([start, start, end, end], [6.9, 7.1, 7.1, 6.9], color=INK, lw=1.2)
        words(ax, (start + end) / 2, 7.6, name)
    ax.set_xlim(-0.3, left)
    return fig


# -- three kinds of blocks -------------------------------------------------------------------------


def box(ax, x, y, text, width=1.9, colour="white"):
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - 0.3), width, 0.6, boxstyle="round,pad=0,rounding_size=0.12",
            facecolor=colour, edgecolor=INK, lw=1,
        )
    )  # fmt: skip
    words(ax, x, y, text, fontsize=9)


def blocks():
    fig, ax = blank(17.6, 7, (9.4, 3.9))
    for x, name in ((1.2, "plain"), (8.1, "Inception"), (15.6, "residual")):
        words(ax, x, 0.1, name)
    for y, text in ((2.4, "3×3, relu"), (4.2, "3×3, relu")):
        box(ax, 1.2, y, text)
    for start, end in ((0.6, 2.1), (2.7, 3.9), (4.5, 6.4)):
        arrow(ax, (1.2, start), (1.2, end))
    branches = ((4.8, ("1×1",)), (7, ("1×1", "3×3")), (9.2, ("1×1", "5×5")), (11.4, ("max", "1×1")))
    for x, kernels in branches:
        rows = (2.4, 4.2)[: len(kernels)]
        for y, text in zip(rows, kernels, strict=True):
            box(ax, x, y, text, 1.4)
        arrow(ax, (8.1, 0.6), (x, rows[0] - 0.3))
        if len(kernels) > 1:
            arrow(ax, (x, 2.7), (x, 3.9))
        arrow(ax, (x, rows[-1] + 0.3), (8.1 + (x - 8.1) / 3, 5.4))
    box(ax, 8.1, 5.7, "maps joined", 3, PALE)
    arrow(ax, (8.1, 6), (8.1, 6.7))
    box(ax, 15, 2.2, "3×3, relu")
    box(ax, 15, 3.6, "3×3")
    words(ax, 15, 4.8, "+", fontsize=16)
    box(ax, 15, 5.8, "relu", 1.4)
    for start, end in ((0.6, 1.9), (2.5, 3.3), (3.9, 4.5), (5.05, 5.5), (6.1, 6.8)):
        arrow(ax, (15, start), (15, end))
    ax.plot([15, 17, 17], [1.1, 1.1, 4.8], color=RED, lw=2)
    arrow(ax, (17, 4.8), (15.3, 4.8), color=RED, lw=2)
    words(ax, 17.15, 3, "x", ha="left", color=RED)
    return fig


FIGURES = [sliding, channels, matrix, turned, lenet, blocks]
STILLS = stills("convolution_stepper", "kernel_lab", "size_calculator", "feature_maps")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch07")


if __name__ == "__main__":
    draw_all(folder_for(__file__))
