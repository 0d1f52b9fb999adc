"""Draws chapter 6's figures into figures/: python solutions/ch06_optimizers/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

walks             Thirty steps of SGD, momentum and Nesterov in the valley ½x² + 10y², rate 0.02.
                  SGD creeps along the floor, momentum swings and overshoots, Nesterov bends less.
look_ahead        One step in a bowl from one w with one v, which carries past the lowest place.
                  Momentum's gradient, taken at w, pushes on; Nesterov's, at w + βv, pulls back.
correction        Length of Adam's step on an even slope: 1 with the correction; without it 3.2 at
                  first, 6.6 near step 12, then sinking slowly.
hollows           The loss (w² − 1)² + 0.3 w with a ball in the shallow hollow near w = 0.96; the
                  deep one is near −1.04.
scaled            Contours and the path of twelve steps with the best rate. Raw features: long
                  ellipses, half of the way; standardised: a short way to the lowest place.
grid_random       25 trials in a square, on a grid and at random, and above them how good a value of
                  the first hyperparameter is: five values tried, or 25.
optimizer_race    The explorer at its start: six rules in the narrow valley, and their losses.
schedule_explorer The explorer at its start: warm-up and cosine, one run, and the mean loss of
                  twenty runs beside that at the full rate.
"""

import numpy as np
from matplotlib import pyplot as plt

from autograder.drawing import draw, folder_for, stills
from dlkit import optim, plots
from dlkit.plots.style import BLUE, GREY, INK, RED

# -- three rules in the valley ---------------------------------------------------------------------

CURVATURE = np.array([1.0, 20.0])
START, RATE = np.array([-2.2, 1.0]), 0.02


def valley(x, y):
    return (x**2 + 20 * y**2) / 2


def slope(w):
    return CURVATURE * w


WALKS = {
    "SGD": lambda w, v: (optim.sgd_step(w, slope(w), RATE), v),
    "momentum": lambda w, v: optim.momentum_step(w, slope(w), v, RATE),
    "Nesterov": lambda w, v: optim.nesterov_step(w, slope, v, RATE),
}


def walk(step, count=30):
    """The points visited, the start first."""
    points, v = [START], np.zeros(2)
    for _ in range(count):
        w, v = step(points[-1], v)
        points.append(w)
    return np.round(points, 3)


def walks():
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.7), sharey=True)
    for ax, (name, step) in zip(axes, WALKS.items(), strict=True):
        plots.paths(ax, valley, {name: walk(step)}, (-2.5, 1.2), (-1.2, 1.2), levels=8)
        ax.get_legend().remove()
        ax.set_title(name)
        ax.plot(0, 0, "*", color=RED, ms=13)
    for ax in axes[1:]:
        ax.set_ylabel("")
    return fig


# -- looking ahead ---------------------------------------------------------------------------------


def look_ahead():
    w, v, lr, beta = np.array([-1.6, 0.9]), np.array([2.9, -1.5]), 0.4, 0.9
    curvature = np.array([1.0, 1.6])
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.1), sharey=True)
    ahead = w + beta * v
    cases = (("momentum", w, (-0.1, -0.95)), ("Nesterov", ahead, (1.05, -0.3)))
    for ax, (name, at, place) in zip(axes, cases, strict=True):
        plots.paths(
            ax, lambda x, y: x**2 + 1.6 * y**2, {}, (-2.2, 2.6), (-1.6, 1.5),
            levels=[0.1, 0.5, 1.2, 2.2, 3.6],
        )  # fmt: skip
        pull = -lr * curvature * at
        arrow(ax, w, ahead, INK)
        ax.text(-0.2, 0.35, "βv", color=INK)
        arrow(ax, ahead, ahead + pull, RED)
        ax.text(*place, "−η · gradient", color=RED)
        ax.plot(*at, "o", color=RED, ms=8, mfc="white", mew=2)
        ax.plot(*(ahead + pull), "o", color=BLUE, ms=9)
        ax.plot(0, 0, "*", color=GREY, ms=13)
        ax.annotate("w", w, w + [-0.25, 0.15], color=INK)
        ax.set(title=f"{name}: the slope is taken at the ring", aspect="equal")
    axes[1].set_ylabel("")
    return fig


def arrow(ax, tail, tip, colour):
    style = {"arrowstyle": "-|>", "color": colour, "lw": 2, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", tip, tail, arrowprops=style)


# -- bias correction -------------------------------------------------------------------------------


def steps_of_adam(count=100):
    """Length of each step on a slope of 1 with rate 1: (with the correction, without)."""
    w = m = v = 0.0
    corrected, plain = [], []
    for t in range(1, count + 1):
        new, m, v = optim.adam_step(w, 1.0, m, v, t, lr=1.0)
        corrected.append(float(w - new))
        plain.append(float(m / np.sqrt(v)))
        w = new
    return corrected, plain


def correction():
    fig, ax = plt.subplots(figsize=(6.5, 2.8))
    corrected, plain = (np.round(lengths, 4) for lengths in steps_of_adam())
    curves = {"without the correction": plain, "with the correction": corrected}
    plots.curves(ax, curves, xlabel="step t", ylabel="length of the step, in η")
    ax.set_ylim(0, 7)
    return fig


# -- two hollows -----------------------------------------------------------------------------------


def hollows():
    fig, ax = plt.subplots(figsize=(6, 2.6))
    w = np.linspace(-1.7, 1.6, 201)
    loss = (w**2 - 1) ** 2 + 0.3 * w
    ax.plot(w, np.round(loss, 4), color=BLUE, lw=2.5)
    ax.plot(0.96, (0.96**2 - 1) ** 2 + 0.3 * 0.96 + 0.13, "o", color=RED, ms=13)
    ax.set(xlabel="w", ylabel="loss", ylim=(-0.6, 2))
    ax.spines[["top", "right"]].set_visible(False)
    return fig


# -- raw and standardised inputs -------------------------------------------------------------------


def scaled():
    fig, axes = plt.subplots(1, 2, figsize=(9, 3))
    rng = np.random.default_rng(6)
    raw = rng.normal(size=(300, 2)) @ np.array([[1.0, 1.2], [0, 5.0]])
    best, start = np.array([0.5, 0.2]), np.array([-1.5, 1.0])
    for ax, name in zip(axes, ("raw features", "standardised features"), strict=True):
        X = raw if name.startswith("raw") else (raw - raw.mean(axis=0)) / raw.std(axis=0)
        H = X.T @ X / len(X)
        low, high = np.linalg.eigvalsh(H)
        path = [start]
        for _ in range(12):
            path.append(path[-1] - 2 / (low + high) * H @ (path[-1] - best))

        def loss(x, y, H=H):
            d = np.stack([x - best[0], y - best[1]])
            return np.round(np.einsum("iyx,ij,jyx->yx", d, H, d), 4)

        limits = (-2.2, 1.8), (-1.2, 1.6)
        plots.paths(ax, loss, {name: np.round(path, 3)}, *limits, levels=9)
        ax.get_legend().remove()
        ax.plot(*best, "*", color=RED, ms=14)
        ax.set(title=name, xlabel="w₁")
        ax.set_ylabel("w₂", rotation=0)
    return fig


# -- grid and chance -------------------------------------------------------------------------------


def grid_random():
    fig, axes = plt.subplots(
        2, 2, figsize=(8, 4.6), sharex=True, gridspec_kw={"height_ratios": [1, 2.2]}
    )
    at = np.linspace(0, 1, 201)
    rng = np.random.default_rng(12)
    places = (np.arange(5) + 0.5) / 5
    grid = np.array([(x, y) for x in places for y in places])
    drawn = np.round(rng.uniform(size=(25, 2)), 3)

    def worth(x):
        return np.exp(-(((x - 0.62) / 0.07) ** 2)) + 0.15 * np.exp(-(((x - 0.4) / 0.4) ** 2))

    for column, (name, trials) in enumerate((("a grid", grid), ("at random", drawn))):
        top, square = axes[:, column]
        top.plot(at, np.round(worth(at), 4), color=BLUE, lw=2)
        top.plot(trials[:, 0], np.round(worth(trials[:, 0]), 4), "o", color=RED, ms=5)
        top.set(title=f"25 trials: {name}", yticks=())
        square.plot(*trials.T, "o", color=RED, ms=6)
        for x in trials[:, 0]:
            square.axvline(x, color=GREY, lw=0.5, zorder=0)
        square.set(xlim=(0, 1), ylim=(0, 1), xticks=(), yticks=(), xlabel="what matters")
        top.spines[["top", "right", "left"]].set_visible(False)
    axes[0, 0].set_ylabel("how good")
    axes[1, 0].set_ylabel("what does not")
    return fig


FIGURES = [walks, look_ahead, correction, hollows, scaled, grid_random]
STILLS = stills("optimizer_race", "schedule_explorer")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch06")


if __name__ == "__main__":
    draw_all(folder_for(__file__))
