"""Gradient through time: the norm of a state forward, and of its gradient back, step by step."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer, base64_of
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider

UNITS = 16
_RADII = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5, 2.0)
_MATRICES = ("random", "orthogonal")
_SEEDS = range(10)


def gradient_through_time():
    """A recurrent layer without input, hₜ = f(hₜ₋₁ Wh), and its gradient on the way back.

    The line is the norm of the state of 16 units at each step, from 1 at the start. The dashed line
    is the norm of the loss's gradient by that state, from 1 at the last step: read it from right to
    left. The axis counts in powers of ten. Beside it stand the eigenvalues of Wh; the spectral
    radius is how far the farthest is from 0.

    What to try
    -----------
    - Predict first: does the gradient that reaches the first step vanish (less than a tenth), keep
      its size, or explode (more than ten times)?
    - Linear, orthogonal: work out the gradient after 40 steps with radius 0.9, and with 1.1.
    - Random, linear: the same radius. Does the norm follow the radius from the first step on?
    - Random, radius 1.5: the linear layer explodes. Why does the one with tanh not do so?
    - ReLU with radius 1: what does each step do to about half of the units?
    - Linear, orthogonal, radius 0.8: at how many steps does the gradient begin to vanish?

    Returns an explorer: `.state` reads all that is seen, `.move(radius=1.1)` and `.press("show")`
    act like a hand.
    """
    return GradientThroughTime()


class GradientThroughTime(BrowserExplorer):
    module = "gradient_through_time"
    title = "Gradient through time"
    controls = (
        scale("radius", "spectral radius of Wh", _RADII),
        choice("activation", "activation f", ("linear", "tanh", "ReLU")),
        choice("matrix", "matrix Wh", _MATRICES),
        slider("steps", "steps", 5, 60, 1),
        slider("seed", "seed", _SEEDS[0], _SEEDS[-1], 1),
        choice(
            "guess",
            "Predict: the gradient at the first step is",
            ("less than a tenth", "about as large", "more than ten times"),
        ),
        *GUESS_BUTTONS,
    )
    start = {"radius": 0.9, "activation": "tanh", "matrix": "random", "steps": 40, "seed": 0}
    start |= {"guess": "about as large"}

    @classmethod
    def data(cls):
        weights = {kind: [unit_matrix(kind, seed) for seed in _SEEDS] for kind in _MATRICES}
        found = {kind: [_eigenvalues(W) for W in weights[kind]] for kind in _MATRICES}
        return {
            "units": UNITS,
            "weights": {kind: base64_of(weights[kind], "<f8") for kind in _MATRICES},
            "eigenvalues": {kind: base64_of(found[kind], "<f4") for kind in _MATRICES},
            "starts": base64_of([starts(seed) for seed in _SEEDS], "<f8"),
        }


def unit_matrix(kind, seed):
    """Wh (UNITS, UNITS) of spectral radius 1."""
    W = np.random.default_rng(seed).normal(size=(UNITS, UNITS))
    if kind == "orthogonal":
        return np.linalg.qr(W)[0]
    return W / np.abs(np.linalg.eigvals(W)).max()


def starts(seed):
    """The first state and the last gradient, both of norm 1: they are drawn after the matrix."""
    rng = np.random.default_rng(seed)
    rng.normal(size=(UNITS, UNITS))
    vectors = rng.normal(size=(2, UNITS))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _eigenvalues(W):
    """Real and imaginary parts, in one order on every machine."""
    found = sorted(np.linalg.eigvals(W), key=lambda v: (round(v.real, 6), round(v.imag, 6)))
    return [(v.real, v.imag) for v in found]
