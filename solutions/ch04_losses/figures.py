"""Draws chapter 4's figures into figures/: python solutions/ch04_losses/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

squares           Four days; a circle marks the measured temperature, a dot the predicted one. From
                  dot to circle stands a square whose area, the loss, is 4, 0, 9 and 16.
coin              3 heads in 10 tosses, over theta. Left: the likelihood, a hill with its top at
                  0.3. Right: its negative logarithm, a valley lowest at 0.3.
bells             Three predictions as dots on a line, a bell curve over each; a vertical line at
                  each target, as high as the bell there: high near the middle, low far out.
surprise          −log2 p over p: 0 at p = 1, rising without limit towards 0. Marked are 1 bit at
                  1/2, 2 bits at 1/4 and 3 bits at 1/8.
code_tree         A tree: 0 is sun (1/2), 10 cloud (1/4), 110 rain and 111 snow (1/8 each).
gap               p = (0.3, 0.7), q = (theta, 1 − theta). The cross-entropy over theta touches the
                  horizontal line of the entropy, 0.6109 nats, at 0.3; the shaded gap between them
                  is the divergence.
stack             p = (0.5, 0.3, 0.2) and four q. Each bar is the entropy, 1.0297 nats, with the
                  divergence on top: 0, 0.0253, 0.0690 and 0.6758 nats.
ln_line           ln x and the line x − 1 over x from 0 to 3; the line is above the curve and
                  touches it at x = 1.
shift             Left: bars for the scores 1010, 1000, 990. Middle: the same less 1010, so 0, −10
                  and −20. Right: the softmax of both, 0.99995 for the first.
logit_losses      A sigmoid unit with target 1, over its logit z from −8 to 8. Left: cross-entropy,
                  8 at z = −8 and almost a straight line down to 0; squared error, flat at 1, then
                  flat at 0. Right: the sizes of their slopes; on the left the first's is near 1,
                  the second's near 0.
race              From z = −6 with target 1 and rate 1: sigma(z) over the steps. With cross-entropy
                  it passes 0.5 in step 7, with squared error in step 214.
accuracy          Twelve examples, over one weight of a sigmoid unit: the accuracy is a staircase,
                  the cross-entropy a smooth valley.
objective         Left: the losses of four examples as bars, their mean, the cost, dashed. Middle:
                  the cost as one bar. Right: the penalty on top of it; together the objective.
entropy_explorer  The explorer at its start. Left: bars of p, 0.90, 0.05, 0.05, and q, 0.40, 0.30,
                  0.30. Right, lengths in bits: H(p) 0.569; with D(p‖q) end to end 1.363, as long as
                  H(p, q); D(p‖q) 0.794; D(q‖p) 1.083.
loss_surfaces     The explorer at its start, w = −6, b = −3, after 40 steps. Left: the walk under
                  the squared error ends at w = −6.23, b = −2.18 on a dark plateau. Right: under the
                  cross-entropy it ends in the only valley, at w = 1.35, b = −0.01.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from autograder.drawing import draw, folder_for, stills
from dlkit import nn, plots
from dlkit.plots.style import BLUE, GREEN, GREY, INK, ORANGE, PALE, RED

DARK_GREY = "#5a5a5a"


def squares():
    fig, ax = plt.subplots(figsize=(7, 3.3))
    for day, (y, t) in enumerate(zip((21, 18, 25, 20), (19, 18, 22, 24), strict=True)):
        x, size = 5.5 * day, abs(y - t)
        box = {"facecolor": PALE, "edgecolor": BLUE, "lw": 1.2}
        ax.add_patch(Rectangle((x, min(y, t)), size, size, **box))
        ax.scatter(x, t, s=70, zorder=3, facecolor="white", edgecolor=INK, linewidth=1.6)
        ax.scatter(x, y, s=70 if size else 22, zorder=4, color=RED)
        ax.text(x + max(size, 0.5) + 0.25, (y + t) / 2, f"{size**2}", va="center", fontsize=13)
    ax.scatter([], [], s=70, color=RED, label="predicted")
    ax.scatter([], [], s=70, facecolor="white", edgecolor=INK, linewidth=1.6, label="measured")
    ax.set(xlim=(-1.5, 23.5), ylim=(17, 26.3), aspect="equal", ylabel="degrees")
    ax.set_xticks([5.5 * day for day in range(4)], [f"day {day}" for day in (1, 2, 3, 4)])
    ax.legend(frameon=False, loc="upper left", fontsize=10)
    return fig


def coin():
    theta = np.linspace(0.001, 0.999, 500)
    likelihood = theta**3 * (1 - theta) ** 7
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 2.9))
    for ax, curve in ((left, 1000 * likelihood), (right, -np.log(likelihood))):
        ax.plot(theta, curve, color=BLUE, lw=2.5)
        best = 1000 * 0.3**3 * 0.7**7 if ax is left else -np.log(0.3**3 * 0.7**7)
        ax.plot([0.3, 0.3], [0, best], color=RED, linestyle="--", lw=1.5)
        ax.plot(0.3, best, "o", color=RED, ms=8)
        ax.set(xlabel="θ, probability of heads", xlim=(0, 1), xticks=(0, 0.3, 0.5, 1))
    left.set(title="likelihood of the ten tosses, in thousandths", ylim=(0, 2.5))
    right.set(title="its negative logarithm", ylim=(0, 25))
    return fig


def bells():
    fig, ax = plt.subplots(figsize=(7.5, 2.6))
    x = np.linspace(-4, 4, 201)
    for centre, off in ((0, 0.4), (8, -1.1), (16, 2.2)):
        bell = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
        height = np.exp(-(off**2) / 2) / np.sqrt(2 * np.pi)
        ax.plot(centre + x, bell, color=BLUE, lw=2.2)
        ax.plot([centre + off] * 2, [0, height], color=RED, lw=2.5)
        ax.plot(centre + off, 0, "o", ms=8, mfc="white", mec=INK, zorder=4)
        ax.plot(centre, 0, "o", color=BLUE, ms=8, zorder=3)
        ground = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        at = (centre + off + (0.35 if off > 0 else -0.35), 0.1 if height > 0.1 else 0.16)
        side = "left" if off > 0 else "right"
        ax.text(*at, f"{height:.2f}", ha=side, va="center", color=RED, bbox=ground)
    ax.text(0, -0.075, "prediction", ha="center", color=BLUE)
    ax.text(9.8, 0.3, "bell around\nthe prediction", ha="left", color=BLUE, fontsize=10)
    ax.annotate(
        "target",
        (18.3, 0),
        (19.4, -0.075),
        color=INK,
        arrowprops={"arrowstyle": "-", "color": GREY},
    )
    ax.set(xlim=(-4, 21.5), ylim=(-0.1, 0.47), yticks=(), xticks=())
    ax.axhline(0, color=GREY, lw=1, zorder=0)
    ax.spines[:].set_visible(False)
    return fig


def surprise():
    fig, ax = plt.subplots(figsize=(5.5, 3))
    p = np.linspace(0.008, 1, 400)
    ax.plot(p, -np.log2(p), color=BLUE, lw=2.5)
    for bits in (1, 2, 3):
        ax.plot([0, 0.5**bits, 0.5**bits], [bits, bits, 0], color=GREY, linestyle=":", lw=1.3)
        ax.plot(0.5**bits, bits, "o", color=RED, ms=7)
        name = ("½", "¼", "⅛")[bits - 1]
        ax.annotate(f"{name}: {bits} bit{'s' if bits > 1 else ''}", (0.5**bits + 0.02, bits + 0.15))
    ax.set(xlabel="probability p", ylabel="surprise −log₂ p, bits", xlim=(0, 1), ylim=(0, 7))
    return fig


def code_tree():
    fig, ax = plt.subplots(figsize=(6.5, 3))
    leaves = [("sun", "½", "0"), ("cloud", "¼", "10"), ("rain", "⅛", "110"), ("snow", "⅛", "111")]
    forks = [(0, 3), (1.6, 2), (3.2, 1)]
    for i, (x, y) in enumerate(forks):
        ends = [(x + 1.6, y + 0.45, "0"), (x + 1.6, y - 1, "1")]
        if i == 2:
            ends[1] = (x + 1.6, y - 0.55, "1")
        for end_x, end_y, bit in ends:
            ax.plot([x, end_x], [y, end_y], color=BLUE, lw=2)
            ax.text((x + end_x) / 2, (y + end_y) / 2 + 0.17, bit, ha="center", color=RED)
    places = [(1.6, 3.45), (3.2, 2.45), (4.8, 1.45), (4.8, 0.45)]
    for (name, chance, word), (x, y) in zip(leaves, places, strict=True):
        ax.plot([x, 5.2], [y, y], color=GREY, linestyle=":", lw=1.2, zorder=0)
        ax.plot(x, y, "o", color=BLUE, ms=7)
        for column, words in ((5.3, name), (6.4, chance), (7.1, word)):
            ax.text(column, y, words, va="center", family="monospace" if words == word else None)
    for column, head in ((5.3, "report"), (6.4, "p"), (7.1, "code word")):
        ax.text(column, 4.05, head, color=DARK_GREY, fontsize=10)
    ax.set(xlim=(-0.2, 8.4), ylim=(0, 4.4))
    ax.axis("off")
    return fig


def gap():
    fig, ax = plt.subplots(figsize=(6, 3.4))
    theta = np.linspace(0.01, 0.99, 400)
    crossed = -0.3 * np.log(theta) - 0.7 * np.log(1 - theta)
    entropy = nn.entropy([0.3, 0.7], base=np.e)
    ax.fill_between(theta, entropy, crossed, color=PALE)
    ax.plot(theta, crossed, color=BLUE, lw=2.5)
    ax.axhline(entropy, color=RED, lw=2, linestyle="--")
    ax.plot(0.3, entropy, "o", color=RED, ms=8)
    ax.annotate("cross-entropy H(p, q)", (0.52, 1.42), color=BLUE)
    ax.annotate(f"entropy H(p) = {entropy:.4f}", (0.02, 0.42), color=RED)
    ax.annotate("divergence\nD(p ‖ q)", (0.875, 0.83), ha="center", va="center", color=INK)
    ax.set(xlabel="believed probability of heads θ; really it is 0.3", ylabel="nats")
    ax.set(xlim=(0, 1), ylim=(0, 2.2), xticks=(0, 0.3, 0.5, 1))
    return fig


def stack():
    fig, ax = plt.subplots(figsize=(6.5, 3.4))
    p = [0.5, 0.3, 0.2]
    beliefs = [p, [0.4, 0.4, 0.2], [1 / 3] * 3, [0.1, 0.2, 0.7]]
    names = ["q = p", "(0.4, 0.4, 0.2)", "(⅓, ⅓, ⅓)", "(0.1, 0.2, 0.7)"]
    entropy = nn.entropy(p, base=np.e)
    for i, q in enumerate(beliefs):
        more = nn.kl_divergence(p, q, base=np.e)
        ax.bar(i, entropy, width=0.6, color=PALE, edgecolor=BLUE)
        ax.bar(i, more, width=0.6, bottom=entropy, color=ORANGE, edgecolor=INK, hatch="//")
        ax.text(i, entropy / 2, f"{entropy:.4f}", ha="center", va="center")
        ax.text(i, entropy + more + 0.03, f"+ {more:.4f}", ha="center")
    ax.axhline(entropy, color=RED, lw=1.5, linestyle="--", zorder=0)
    ax.text(3.42, entropy / 2, "entropy\nH(p)", va="center", color=BLUE)
    ax.text(3.42, entropy + 0.34, "divergence\nD(p ‖ q)", va="center", color=INK)
    ax.set_xticks(range(4), names)
    ax.set(xlim=(-0.5, 4.3), ylim=(0, 1.95), ylabel="nats", xlabel="believed distribution q")
    return fig


def ln_line():
    fig, ax = plt.subplots(figsize=(4.6, 3))
    x = np.linspace(0.05, 3, 300)
    ax.plot(x, x - 1, color=RED, lw=2, linestyle="--")
    ax.plot(x, np.log(x), color=BLUE, lw=2.5)
    ax.plot(1, 0, "o", color=INK, ms=7)
    ax.annotate("x − 1", (2.15, 1.5), color=RED, ha="right")
    ax.annotate("ln x", (2.4, 0.5), color=BLUE)
    ax.set(xlabel="x", xlim=(0, 3), ylim=(-3, 2.1), xticks=range(4), yticks=range(-3, 3))
    ax.axhline(0, color=GREY, lw=0.8, zorder=0)
    return fig


def shift():
    fig, axes = plt.subplots(1, 3, figsize=(8, 2.7))
    scores = np.array([1010.0, 1000.0, 990.0])
    shifted = scores - scores.max()
    panels = [("scores", scores, ".0f"), ("less the largest", shifted, ".0f")]
    panels.append(("softmax of both", nn.softmax(scores), ".5f"))
    for ax, (title, values, form) in zip(axes, panels, strict=True):
        base = 980 if title == "scores" else 0
        ax.bar(range(3), values - base, bottom=base, color=(BLUE, ORANGE, GREEN), edgecolor=INK)
        for i, value in enumerate(values):
            words = f"{value:{form}}".replace("-", "−")
            above = value if value > 0 else 0
            ax.text(i, above, words, ha="center", va="bottom", fontsize=10)
        ax.set(title=title, xticks=(), yticks=())
        ax.spines["left"].set_visible(False)
    axes[0].set_ylim(980, 1014)
    axes[1].set_ylim(-30, 4)
    axes[1].axhline(0, color=INK, lw=0.8)
    axes[1].spines["bottom"].set_visible(False)
    axes[2].set_ylim(0, 1.13)
    return fig


def logit_losses():
    z = np.linspace(-8, 8, 400)
    y = nn.sigmoid(z)
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.1))
    named = {"cross-entropy": -np.log(y), "squared error": (y - 1) ** 2}
    plots.curves(left, named, x=z, xlabel="logit z, target 1", ylabel="loss")
    named = {"cross-entropy": 1 - y, "squared error": 2 * (1 - y) ** 2 * y}
    plots.curves(right, named, x=z, xlabel="logit z, target 1", ylabel="size of the slope")
    right.set_ylim(0, 1.15)
    return fig


def race():
    fig, ax = plt.subplots(figsize=(6.5, 3))
    named = {"cross-entropy": race_path(-6, False), "squared error": race_path(-6, True)}
    plots.curves(ax, named, x=np.arange(251), xlabel="step", ylabel="σ(z), target 1")
    ax.axhline(0.5, color=GREY, lw=1, linestyle=":")
    ax.set(ylim=(0, 1.05), xticks=(0, 7, 50, 100, 150, 214, 250))
    ax.legend(frameon=False, loc=(0.33, 0.58))
    return fig


def race_path(z, squared, steps=250):
    """σ(z) of a unit with target 1 before each step of gradient descent on z, and at the end."""
    path = [nn.sigmoid(z)]
    for _ in range(steps):
        y = path[-1]
        z += 2 * (1 - y) ** 2 * y if squared else 1 - y
        path.append(nn.sigmoid(z))
    return np.array(path)


def accuracy():
    rng = np.random.default_rng(5)
    x = np.round(rng.normal(size=12), 2)
    t = (x + 0.8 * rng.normal(size=12) > 0.2).astype(float)
    w = np.linspace(-3, 6, 1801)
    y = nn.sigmoid(np.outer(w, x) - 0.5)
    crossed = -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y), axis=1)
    fig, (top, bottom) = plt.subplots(2, 1, figsize=(6, 3.8), sharex=True)
    top.plot(w, np.mean((y > 0.5) == t, axis=1), color=RED, lw=2)
    top.set(ylabel="accuracy", ylim=(0, 1.05))
    bottom.plot(w, crossed, color=BLUE, lw=2.5)
    bottom.plot(w[np.argmin(crossed)], crossed.min(), "o", color=BLUE, ms=7)
    bottom.set(ylabel="cross-entropy", xlabel="weight w", ylim=(0, None), xlim=(-3, 6))
    return fig


def objective():
    fig, ax = plt.subplots(figsize=(7, 3.2))
    losses, penalty = [0.25, 1.0, 0.75, 4.0], 1.0
    cost = float(np.mean(losses))
    ax.bar(range(4), losses, width=0.7, color=PALE, edgecolor=BLUE)
    ax.plot([-0.5, 7.9], [cost, cost], color=RED, linestyle="--", lw=1.5)
    for x in (5.5, 7.5):
        ax.bar(x, cost, width=0.8, color=BLUE, edgecolor=INK)
        ax.text(x, cost / 2, "cost", color="white", ha="center", va="center")
    ax.bar(7.5, penalty, width=0.8, bottom=cost, color=ORANGE, edgecolor=INK, hatch="//")
    label = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    ax.text(7.5, cost + penalty / 2, "penalty", ha="center", va="center", bbox=label, fontsize=10)
    ax.annotate("", (8.2, 0), (8.2, cost + penalty), arrowprops={"arrowstyle": "<->", "color": INK})
    ax.text(8.35, (cost + penalty) / 2, "objective", va="center")
    ax.text(0.2, cost + 0.12, "mean", color=RED)
    ax.set_xticks([1.5, 5.5, 7.5], ["losses of four examples", "cost", "cost + penalty"])
    ax.set(xlim=(-0.6, 9.9), ylim=(0, 4.2), yticks=range(5))
    return fig


FIGURES = [squares, coin, bells, surprise, code_tree, gap, stack, ln_line, shift, logit_losses]
FIGURES += [race, accuracy, objective]
STILLS = stills("entropy_explorer", "loss_surfaces")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch04", axes_spines_top=False, axes_spines_right=False)


if __name__ == "__main__":
    draw_all(folder_for(__file__))
