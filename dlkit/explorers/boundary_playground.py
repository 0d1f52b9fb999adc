"""Decision-boundary playground: a small network learns, step by step, to part two classes."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import button, choice, scale, slider

SEEDS, MOST_UNITS = 10, 8
BANDS = {  # of the share of points that are right, each with its least
    "under 70 %": 0.0,
    "70 to 90 %": 0.7,
    "90 % or more, not all": 0.9,
    "all points": 1.0,
}


def boundary_playground():
    """A network of one or two hidden layers, trained before your eyes on points of two classes.

    The large map is the output: blue where it says class 1 (triangles), red where class 0
    (circles), pale where it is unsure; the line is where both are equally likely, and wrong points
    are ringed. Each small map is a hidden unit, with the line where its sum is 0. A step is one of
    gradient descent on the cross-entropy of all points; a run has 1000.

    What to try
    -----------
    - Predict first: will this net have all points right at the end of its run? Count the lines that
      the hidden units of one layer can draw, and how many it takes.
    - XOR gate: do two hidden units suffice from every seed? What does one that fails look like?
    - Rings: how few units of one layer close a line round the inner ring? `state["fewest"]`
      remembers the fewest hidden units that had all right.
    - Spirals: 8 units in one layer, or 4 in each of two: which has fewer parameters, and which is
      done sooner?
    - ReLU or tanh: what are the small maps, and the line, made of? Find a seed with dead units.
    - Rates from 0.03 to 10: where does it creep, and where does the loss jump?

    A seed s starts as dlkit does: with rng = np.random.default_rng(s) and layers
    nn.Linear(2, units, rng=rng), the activation, …, nn.Linear(units, 1, rng=rng).

    Returns an explorer: `.state` reads all that is seen, `.move(units=3)` and `.press("play")` act
    like a hand.
    """
    return BoundaryPlayground()


class BoundaryPlayground(BrowserExplorer):
    module = "boundary_playground"
    title = "Decision-boundary playground"
    controls = (
        choice("points", "points", ("two blobs", "XOR gate", "moons", "rings", "spirals")),
        slider("layers", "hidden layers", 1, 2, 1),
        slider("units", "units in each", 1, MOST_UNITS, 1),
        choice("activation", "activation", ("tanh", "ReLU", "sigmoid")),
        scale("lr", "learning rate", (0.03, 0.1, 0.3, 1, 3, 10)),
        slider("seed", "seed of the weights", 0, SEEDS - 1, 1),
        choice("guess", "Predict: right at the end of the run", BANDS),
        button("show", "Show"),
        button("step", "Step"),
        button("play", "Play / pause"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {
        "points": "moons", "layers": 1, "units": 3, "activation": "tanh", "lr": 1, "seed": 3,
        "guess": "under 70 %",
    }  # fmt: skip

    @classmethod
    def data(cls):
        weights = 2 * MOST_UNITS + MOST_UNITS**2 + MOST_UNITS
        normals = [np.random.default_rng(s).normal(size=weights).tolist() for s in range(SEEDS)]
        return {"points": _points(), "normals": normals, "bands": list(BANDS.items())}


def _points():
    from dlkit.datasets import gate, moons, rings, spirals

    def rng():
        return np.random.default_rng(0)

    return {
        "two blobs": _fitted(*_blobs(120, rng())),
        "XOR gate": _fitted(*gate("XOR")),
        "moons": _fitted(*moons(120, rng=rng())),
        "rings": _fitted(*rings(120, rng=rng(), noise=0.08)),
        "spirals": _fitted(*spirals(120, rng=rng(), noise=0.03)),
    }


def _blobs(n, rng):
    """Two round clouds that a straight line parts."""
    t = np.arange(n) % 2
    middles = np.where(t[:, None] == 1, [0.8, 0.5], [-0.8, -0.5])
    return middles + rng.normal(0, 0.28, size=(n, 2)), t


def _fitted(X, t):
    """Points and targets as lists, moved to the middle and stretched to ±1.2."""
    X = X - (X.min(axis=0) + X.max(axis=0)) / 2
    X = X * (1.2 / np.abs(X).max())
    return {"points": X.round(3).tolist(), "targets": t.tolist()}
