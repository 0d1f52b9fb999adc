"""Draws chapter 8's figures into figures/: python solutions/ch08_rnn/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

unfolded          Left, folded: a box h with an arrow from x (Wx), one to y (Wy) and one into itself
                  (Wh). Right, unfolded: h1, h2, h3 after h0, each with its own x and y; the arrows
                  of one kind bear the same name.
paths             Three states with a loss above each, three times; thick are the paths to the loss
                  from h3 (one), from h2 (two) and from h1 (three).
gates             Left a GRU: the old state goes straight on, times z, and the candidate n is added,
                  times 1 − z. Right an LSTM: the old cell goes straight on, times f, plus i times
                  g; the new cell, through tanh and times o, is the new state.
reach             Norm of the gradient over 0 to 40 steps back, on a logarithmic scale, of untrained
                  layers: RNN, GRU and LSTM with a bias of 0 fall to about 10⁻⁸, the LSTM with 1 to
                  about 10⁻³, the GRU with 2 to about 10⁻²; the LSTM with 3 falls at once to about
                  ¼ and then rises slowly, to 1.7.
temperature       The probabilities of five items with the logits 2, 1, 0, −1, −2 at temperatures of
                  0.5 (0.86 for the first), 1 (0.64) and 2 (0.43).
gate_explorer     The explorer at its start: an LSTM that writes at step 1, keeps, and shows its
                  memory at step 9.
gradient_through_time  The explorer at its start: tanh, a random matrix of spectral radius 0.9; the
                  norms of state and gradient fall over 40 steps; the eigenvalues, inside a circle.
temperature_sampler  The explorer at its start: after "th", at temperature 0.5; the letter e has
                  0.957, and 0.693 at temperature 1 (hollow bars).
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle, FancyBboxPatch

from autograder.drawing import draw, folder_for, stills
from dlkit import nn, plots
from dlkit.plots.style import BLUE, GREY, INK, PALE, RED

# -- parts of diagrams -----------------------------------------------------------------------------


def blank(ax, xlim, ylim):
    ax.set(xlim=xlim, ylim=ylim, aspect="equal")
    ax.set_axis_off()


def box(ax, place, words, fill=PALE, size=0.42):
    """A box with words in it, centred at `place`."""
    corner = (place[0] - size, place[1] - size)
    look = {"facecolor": fill, "edgecolor": INK, "lw": 1.6, "zorder": 2}
    ax.add_patch(FancyBboxPatch(corner, 2 * size, 2 * size, boxstyle="round,pad=0.02", **look))
    ax.text(*place, words, ha="center", va="center", zorder=3)


def disc(ax, place, words, fill="white", radius=0.27):
    look = {"facecolor": fill, "edgecolor": INK, "lw": 1.4, "zorder": 2}
    ax.add_patch(Circle(place, radius, **look))
    ax.text(*place, words, ha="center", va="center", zorder=3)


def arrow(ax, tail, tip, colour=INK, lw=1.6, bend=0.0):
    style = {"arrowstyle": "-|>", "color": colour, "lw": lw, "shrinkA": 0, "shrinkB": 0}
    style |= {"connectionstyle": f"arc3,rad={bend}", "mutation_scale": 12 + 2 * lw}
    ax.annotate("", tip, tail, arrowprops=style, zorder=1)


def name(ax, place, words, colour=RED, **more):
    ax.text(*place, words, color=colour, va="center", **({"ha": "center"} | more))


# -- folded and unfolded ---------------------------------------------------------------------------


def unfolded():
    fig, ax = plt.subplots(figsize=(9, 3.6))
    blank(ax, (-1.4, 11.4), (-2.2, 2.3))
    steps = [(0, "h", "x", "y")]
    steps += [(4.4 + 2.4 * i, f"h{k}", f"x{k}", f"y{k}") for i, k in enumerate("₁₂₃")]
    for x, state, given, out in steps:
        box(ax, (x, 0), state)
        ax.text(x, -1.9, given, ha="center", va="center")
        ax.text(x, 1.95, out, ha="center", va="center")
        arrow(ax, (x, -1.65), (x, -0.46))
        arrow(ax, (x, 0.46), (x, 1.7))
        name(ax, (x + 0.12, -1.05), "Wx", ha="left")
        name(ax, (x + 0.12, 1.1), "Wy", ha="left")
    ax.annotate(
        "", (-0.46, -0.2), (-0.46, 0.25),
        arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6, "shrinkA": 0, "shrinkB": 0,
                    "connectionstyle": "arc,angleA=180,angleB=180,armA=38,armB=38,rad=12"},
    )  # fmt: skip
    name(ax, (-1.32, 0.0), "Wh", ha="right")
    ax.text(1.9, 0, "unrolled:", ha="center", va="center", color=GREY)
    ax.text(2.95, 0, "h₀", ha="center", va="center")
    for tail in (3.2, 4.86, 7.26):
        tip = tail + (0.74 if tail < 4 else 1.48)
        arrow(ax, (tail, 0), (tip, 0))
        name(ax, ((tail + tip) / 2 - 0.05, 0.25), "Wh")
    arrow(ax, (9.66, 0), (10.6, 0), GREY)
    ax.text(10.95, 0, "…", ha="center", va="center", color=GREY)
    return fig


# -- the paths of three states ---------------------------------------------------------------------


def paths():
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.5))
    for ax, start in zip(axes, (3, 2, 1), strict=True):
        blank(ax, (0.3, 5.7), (-0.7, 2.5))
        count = 4 - start
        ax.set_title(f"from h{'₁₂₃'[start - 1]}: {count} path{'s' if count > 1 else ''}")
        for k in (1, 2, 3):
            x = 2 * k - 1
            box(ax, (x, 0), f"h{'₁₂₃'[k - 1]}", PALE if k >= start else "white")
            disc(ax, (x, 2), f"L{'₁₂₃'[k - 1]}", radius=0.34)
            on = k >= start
            arrow(ax, (x, 0.46), (x, 1.64), BLUE if on else GREY, 3 if on else 1)
            if k < 3:
                arrow(ax, (x + 0.46, 0), (x + 1.54, 0), BLUE if on else GREY, 3 if on else 1)
    return fig


# -- GRU and LSTM ----------------------------------------------------------------------------------


def gates():
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    blank(left, (-0.9, 7.4), (-2.6, 1.6))
    left.set_title("GRU")
    line(left, "h (old)", "h (new)", 6.3)
    disc(left, (2.4, 0), "×")
    disc(left, (5, 0), "+")
    name(left, (2.4, 1.15), "z", BLUE)
    arrow(left, (2.4, 0.95), (2.4, 0.29), BLUE)
    disc(left, (5, -1.0), "×")
    arrow(left, (5, -0.72), (5, -0.29))
    name(left, (6.3, -1.0), "1 − z", BLUE)
    arrow(left, (5.85, -1.0), (5.29, -1.0), BLUE)
    box(left, (5, -2.1), "n", size=0.34)
    arrow(left, (5, -1.74), (5, -1.29))
    disc(left, (1.2, -2.1), "×")
    left.plot([1.2, 1.2], [0, -1.8], color=INK, lw=1.6, zorder=1)
    arrow(left, (1.2, -1.5), (1.2, -1.81))
    name(left, (0.1, -2.1), "r", BLUE)
    arrow(left, (0.3, -2.1), (0.91, -2.1), BLUE)
    arrow(left, (1.49, -2.1), (4.62, -2.1))
    name(left, (3.0, -1.83), "tanh, with x", GREY)

    blank(right, (-0.9, 7.4), (-2.6, 1.6))
    right.set_title("LSTM")
    line(right, "c (old)", "c (new)", 6.3)
    disc(right, (1.2, 0), "×")
    name(right, (1.2, 1.15), "f", BLUE)
    arrow(right, (1.2, 0.95), (1.2, 0.29), BLUE)
    disc(right, (2.7, 0), "+")
    disc(right, (2.7, -1.0), "×")
    arrow(right, (2.7, -0.72), (2.7, -0.29))
    name(right, (1.3, -1.0), "i", BLUE)
    arrow(right, (1.5, -1.0), (2.41, -1.0), BLUE)
    box(right, (2.7, -2.1), "g", size=0.34)
    arrow(right, (2.7, -1.74), (2.7, -1.29))
    name(right, (0.9, -2.1), "x, h (old)", GREY)
    arrow(right, (1.6, -2.1), (2.32, -2.1), GREY)
    box(right, (4.6, -1.0), "tanh", "white", size=0.4)
    arrow(right, (4.6, 0), (4.6, -0.56))
    disc(right, (4.6, -2.1), "×")
    arrow(right, (4.6, -1.44), (4.6, -1.81))
    name(right, (3.75, -2.1), "o", BLUE)
    arrow(right, (3.92, -2.1), (4.31, -2.1), BLUE)
    arrow(right, (4.89, -2.1), (6.2, -2.1))
    right.text(6.3, -2.1, "h (new)", va="center")
    return fig


def line(ax, old, new, end):
    """The straight way of the memory, from left to right."""
    ax.text(-0.1, 0.32, old, ha="center", va="center")
    ax.text(end + 0.45, 0.32, new, ha="center", va="center")
    arrow(ax, (-0.8, 0), (end + 1, 0), RED, 3)


# -- how far back the gradient reaches -------------------------------------------------------------


def reach():
    """Untrained layers of 20 units over 40 random steps, a batch of 50."""
    fig, ax = plt.subplots(figsize=(7, 3.6))
    layers = {
        "RNN": (nn.RNN, None),
        "GRU, z's bias 0": (nn.GRU, 0),
        "LSTM, f's bias 0": (nn.LSTM, 0),
        "LSTM, f's bias 1": (nn.LSTM, 1),
        "GRU, z's bias 2": (nn.GRU, 2),
        "LSTM, f's bias 3": (nn.LSTM, 3),
    }
    named = {words: gradient_norms(*setting) for words, setting in layers.items()}
    plots.curves(
        ax, named, x=np.arange(41), xlabel="steps back", ylabel="norm of the gradient", log=True
    )
    ax.set(ylim=(1e-12, 3))
    ax.legend(frameon=False, loc="lower left", ncols=2, fontsize=9)
    return fig


def gradient_norms(kind, bias):
    """The norm of the gradient by the state (and cell) 0 to 40 steps before the last one."""
    H, norms = 20, []
    layer = kind(4, H, rng=np.random.default_rng(1))
    if bias is not None:
        layer.params["b"][H : 2 * H] = bias
    rng = np.random.default_rng(2)
    letters, last = np.eye(4)[rng.integers(4, size=(40, 50))], rng.normal(size=(1, 50, H))
    for back in range(41):
        states = layer.zero_states(50)
        if back < 40:
            _, *states = layer(letters[: 40 - back], *states)
        if back:
            layer(letters[40 - back :], *states)
            zero = np.zeros((back, 50, H))
            _, *dstates = layer.backward(zero, last, *(np.zeros_like(last) for _ in states[1:]))
        else:
            dstates = [last]
        norms.append(np.sqrt(sum(np.sum(d**2) for d in dstates) / np.sum(last**2)))
    return 10 ** np.round(np.log10(norms), 3)


# -- temperature -----------------------------------------------------------------------------------


def temperature():
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.6), sharey=True)
    logits = np.array([2.0, 1.0, 0.0, -1.0, -2.0])
    for ax, t in zip(axes, (0.5, 1, 2), strict=True):
        bars = ax.bar(range(5), np.round(nn.softmax(logits / t), 4), color=BLUE, width=0.7)
        ax.bar_label(bars, fmt="%.2f")
        ax.set(title=f"temperature {t}", ylim=(0, 1.05), xticks=range(5), yticks=(0, 0.5, 1))
        ax.set_xticklabels([f"{s:g}".replace("-", "−") for s in logits])
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("probability")
    axes[1].set_xlabel("logit")
    return fig


FIGURES = [unfolded, paths, gates, reach, temperature]
STILLS = stills("gate_explorer", "gradient_through_time", "temperature_sampler")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch08")


if __name__ == "__main__":
    draw_all(folder_for(__file__))
