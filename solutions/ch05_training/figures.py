"""Draws chapter 5's figures into figures/: python solutions/ch05_training/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

signal            Spread of signal and gradient over layers 1 to 20 on logarithmic scales, for tanh
                  and ReLU and four kinds of first weights. std 0.01 falls, std 1 rises as straight
                  lines (tanh's signal stays near 1); Xavier keeps tanh, He keeps ReLU near 1.
curves            Training and validation loss of six real runs. 1 both fall; 2 validation falls and
                  rises again; 3 training falls, validation rises; 4 training stays, validation
                  falls; 5 both stay; 6 both rise.
bias_variance     A sine and twenty polynomials fitted to fifteen noisy points each. Degree 1: alike
                  and far from the sine; degree 3: alike and close; degree 11: they differ widely.
dropout           A network of three inputs, four hidden units and two outputs, three times: whole,
                  and with other hidden units crossed out and their connections gone.
bowl              Contours of a squared error over two weights with the path of descent. Raw inputs:
                  a long narrow ditch and a zigzag. Standardised: round contours, a short way.
norms             A block with the axes N, C and H·W, four times; coloured is what shares a mean:
                  one channel of all examples (batch), all channels of one example (layer), one
                  channel of one example (instance), two of four channels of one example (group).
signal_through_depth  The explorer at its start, tanh with a deviation of 0.01: dots (signal) fall
                  from layer 1 on to the scale's bottom, squares (gradient) from layer 20 back.
penalty_contours  The explorer at its start: circles around (1.5, 0.5), the diamond of L1 that they
                  touch in its right corner, (0.7, 0), and the way of the weights there.
overfitting_lab   The explorer at its start: fifteen points, a fit with many bends and the smoother
                  one of an early epoch; training's error falls, validation's turns near epoch 11.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle, Polygon

from autograder.drawing import draw, folder_for, stills
from dlkit import datasets, nn, optim, plots, training
from dlkit.nn import initialisers
from dlkit.plots.style import BLUE, GREY, INK, LINES, PALE, RED

# -- twenty layers, there and back -----------------------------------------------------------------

UNITS, DEPTH = 100, 20
RECIPES = {
    "σ = 0.01": lambda shape, rng: initialisers.normal(shape, 0.01, rng=rng),
    "σ = 1": lambda shape, rng: initialisers.normal(shape, 1.0, rng=rng),
    "Xavier": initialisers.xavier_normal,
    "He": initialisers.he_normal,
}


def spreads(recipe, activation):
    """(spread of the signal after each layer, spread of the gradient before each layer)."""
    rng = np.random.default_rng(5)
    signal, gradient, layers = [], [], []
    x = rng.normal(size=(300, UNITS))
    for _ in range(DEPTH):
        layers += [nn.Linear(UNITS, UNITS, rng=rng, init=recipe), activation()]
        x = layers[-1](layers[-2](x))
        signal.append(x.std())
    d = rng.normal(size=x.shape)
    for i, layer in enumerate(reversed(layers)):
        d = layer.backward(d)
        if i % 2:
            gradient.append(d.std())
    return signal, gradient[::-1]


def signal():
    fig, axes = plt.subplots(2, 2, figsize=(9, 5.4), sharex=True)
    for column, activation in enumerate((nn.Tanh, nn.ReLU)):
        for (name, recipe), look in zip(RECIPES.items(), LINES, strict=False):
            for row, values in enumerate(spreads(recipe, activation)):
                exponents = np.round(np.log10(values), 3)
                axes[row, column].plot(range(1, DEPTH + 1), exponents, lw=2, label=name, **look)
        for row, words in enumerate(("signal after the layer", "gradient before the layer")):
            ax = axes[row, column]
            ax.set(
                title=f"{activation.__name__}: {words}", ylim=(-24, 18), xticks=(1, 5, 10, 15, 20)
            )
            ax.set_yticks(range(-20, 20, 10), [f"$10^{{{e}}}$" for e in range(-20, 20, 10)])
            ax.axhline(0, color=GREY, lw=0.8)
            ax.spines[["top", "right"]].set_visible(False)
    axes[0, 0].legend(frameon=False, loc="lower left", ncols=2)
    for ax in axes[1]:
        ax.set_xlabel("layer")
    return fig


# -- six runs --------------------------------------------------------------------------------------


def six_runs():
    """Histories of six trainings on digits: name → (training loss, validation loss)."""
    (X, t), (X_val, t_val) = datasets.digits(flat=True, dtype=np.float64)
    few = slice(0, 200)
    return {
        "1: both fall": fitted(X, t, X_val, t_val, lr=0.001, epochs=20),
        "2: validation turns": fitted(
            X[few], wrong(t[few], 0.3), X_val, t_val, lr=0.004, epochs=50, hidden=128
        ),
        "3: only training falls": fitted(
            X[few], wrong(t[few], 0.9), X_val, t_val, lr=0.004, epochs=30, hidden=128
        ),
        "4: only validation falls": fitted(
            X, wrong(t, 0.75), X_val, t_val, lr=0.002, epochs=20, hidden=16
        ),
        "5: both stay": fitted(X, t, X_val, t_val, lr=1e-6, epochs=20),
        "6: both rise": rising(X, t, X_val, t_val),
    }


def wrong(t, share):
    """The labels, so many of them replaced by wrong ones."""
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(t))[: round(share * len(t))]
    t = t.copy()
    t[rows] = (t[rows] + rng.integers(1, 10, size=len(rows))) % 10
    return t


def fitted(X, t, X_val, t_val, lr, epochs, hidden=32):
    rng = np.random.default_rng(1)
    model = nn.Sequential(nn.Linear(64, hidden, rng=rng), nn.ReLU(), nn.Linear(hidden, 10, rng=rng))
    history = training.fit(
        model, nn.SoftmaxCrossEntropy(), optim.Adam(model, lr=lr), (X, t), epochs=epochs, rng=rng,
        validation=(X_val, t_val), progress=False,
    )  # fmt: skip
    return history["loss"], history["val_loss"]


def rising(X, t, X_val, t_val):
    """A linear model on squared error, with a rate just above what is stable."""
    W, targets, losses = np.zeros((64, 10)), np.eye(10), ([], [])
    rate = 2.15 / np.linalg.eigvalsh(X.T @ X / len(X)).max()
    for _ in range(15):
        for (inputs, labels), kept in zip(((X, t), (X_val, t_val)), losses, strict=True):
            kept.append(np.mean((inputs @ W - targets[labels]) ** 2))
        W = W - rate * X.T @ (X @ W - targets[t]) / len(X)
    return losses


def curves():
    fig, axes = plt.subplots(2, 3, figsize=(9, 5))
    for ax, (name, (train, val)) in zip(axes.flat, six_runs().items(), strict=True):
        plots.curves(ax, {"training": np.round(train, 3), "validation": np.round(val, 3)})
        ax.set(title=name, ylabel="", ylim=(0, 1.1 * np.round(max(*train, *val), 1)))
        if ax is not axes[0, 0]:
            ax.get_legend().remove()
    for ax in axes[:, 0]:
        ax.set_ylabel("loss")
    for ax in axes[0]:
        ax.set_xlabel("")
    return fig


# -- bias and variance -----------------------------------------------------------------------------


def bias_variance():
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.9), sharey=True)
    rng = np.random.default_rng(3)
    places, at = np.linspace(0, 1, 101), np.linspace(0, 1, 15)
    for ax, degree in zip(axes, (1, 3, 11), strict=True):
        for _ in range(20):
            points = np.sin(2 * np.pi * at) + 0.3 * rng.normal(size=15)
            fit = np.polynomial.Legendre.fit(at, points, degree)
            ax.plot(places, np.round(fit(places), 3), color=BLUE, lw=0.8, alpha=0.6)
        ax.plot(places, np.round(np.sin(2 * np.pi * places), 3), color=RED, lw=2.5, ls="--")
        ax.set(title=f"degree {degree}", ylim=(-2.2, 2.2), xticks=(0, 0.5, 1))
        ax.spines[["top", "right"]].set_visible(False)
    return fig


# -- dropout ---------------------------------------------------------------------------------------


def dropout():
    fig, axes = plt.subplots(1, 3, figsize=(9, 2.6))
    titles = ("in use: all units", "one step of training", "the next step")
    for ax, title, gone in zip(axes, titles, ((), (1, 3), (0, 1)), strict=True):
        ax.set(xlim=(-0.6, 4.6), ylim=(-2.1, 2.1), aspect="equal", title=title)
        ax.set_axis_off()
        inputs = [(0, y) for y in (-1, 0, 1)]
        hidden = [(2, y) for y in (1.5, 0.5, -0.5, -1.5)]
        outputs = [(4, y) for y in (0.5, -0.5)]
        for i, unit in enumerate(hidden):
            if i not in gone:
                for other in (*inputs, *outputs):
                    ax.plot(*zip(unit, other, strict=True), color=GREY, lw=1, zorder=1)
        for place in (*inputs, *hidden, *outputs):
            out = place in [hidden[i] for i in gone]
            look = {"facecolor": "white" if out else PALE, "edgecolor": GREY if out else INK}
            ax.add_patch(Circle(place, 0.3, lw=1.6, zorder=2, **look))
            if out:
                x, y = place
                for sign in (1, -1):
                    ends = ([x - 0.3, x + 0.3], [y - 0.3 * sign, y + 0.3 * sign])
                    ax.plot(*ends, color=RED, lw=2.5, zorder=3)
    return fig


# -- the ditch and the bowl ------------------------------------------------------------------------


def bowl():
    fig, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    rng = np.random.default_rng(2)
    raw = rng.normal(size=(200, 2)) * [1, 5]
    inputs = {"raw inputs": raw, "standardised inputs": raw / raw.std(axis=0)}
    for ax, (name, X) in zip(axes, inputs.items(), strict=True):
        best = np.array([1.0, 0.5])
        H = X.T @ X / len(X)
        rate, path = 1.85 / np.linalg.eigvalsh(H).max(), [np.array([-1.0, 1.2])]
        if name.startswith("st"):
            rate /= 2
        for _ in range(25):
            path.append(path[-1] - rate * H @ (path[-1] - best))
        w1, w2 = np.meshgrid(np.linspace(-1.5, 3.5, 81), np.linspace(-0.6, 1.6, 81))
        d = np.stack([w1 - best[0], w2 - best[1]])
        loss = np.round(np.einsum("iyx,ij,jyx->yx", d, H, d), 4)
        levels = np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.2, 3.5])
        ax.contour(w1, w2, loss, levels=levels * loss.max() / 8, colors=GREY, linewidths=1)
        ax.plot(*np.round(np.transpose(path), 3), "o-", color=BLUE, ms=4, lw=1.2)
        ax.plot(*best, "*", color=RED, ms=14)
        ax.set(title=name, xlabel="w₁", xlim=(-1.5, 3.5), ylim=(-0.6, 1.6), aspect="equal")
        ax.set_ylabel("w₂", rotation=0)
    return fig


# -- four ways to cut a block ----------------------------------------------------------------------

N, C, P = 4, 4, 4  # examples, channels, pixels of the block that is drawn
WAYS = {
    "batch": lambda n, c: c == 0,
    "layer": lambda n, c: n == N - 1,
    "instance": lambda n, c: n == N - 1 and c == 0,
    "group (2 groups)": lambda n, c: n == N - 1 and c < C // 2,
}


def norms():
    """Seen are three faces: the front (first channel), the right (last example), the top."""
    fig, axes = plt.subplots(1, 4, figsize=(9, 2.9))
    for ax, (name, chosen) in zip(axes, WAYS.items(), strict=True):
        for n in range(N):
            for p in range(P):
                cell(ax, (n, 0, p), (1, 0, 1), chosen(n, 0))
            for c in range(C):
                cell(ax, (n, c, P), (1, 1, 0), chosen(n, c))
        for c in range(C):
            for p in range(P):
                cell(ax, (N, c, p), (0, 1, 1), chosen(N - 1, c))
        for place, words in (((N / 2, 0, -0.7), "N"), ((N + 0.9, C / 2, -0.2), "C")):
            ax.text(*seen(place), words, ha="center", va="center", color=INK)
        ax.text(*seen((-0.5, 0, P / 2)), "H·W", ha="center", va="center", rotation=90, color=INK)
        ax.set(xlim=(-1, 7.4), ylim=(-1.2, 6.3), aspect="equal", title=name)
        ax.set_axis_off()
    return fig


def seen(place):
    """Where a corner (n, c, p) of the block lies on paper: c goes back, up and to the right."""
    n, c, p = place
    return n + 0.5 * c, p + 0.4 * c


def cell(ax, corner, size, coloured):
    """One cell of a face; size has a 0 where the face has no extent."""
    along = [np.eye(3)[i] for i in range(3) if size[i]]
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    places = [seen(np.array(corner) + a * along[0] + b * along[1]) for a, b in corners]
    colour = BLUE if coloured else "white"
    ax.add_patch(Polygon(places, facecolor=colour, edgecolor=INK, lw=0.8))


FIGURES = [signal, curves, bias_variance, dropout, bowl, norms]
STILLS = stills("signal_through_depth", "penalty_contours", "overfitting_lab")


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch05")


if __name__ == "__main__":
    draw_all(folder_for(__file__))
