"""Gradient through time: the norm of a state forward, and of its gradient back, step by step."""

from dataclasses import dataclass

import numpy as np

from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider
from dlkit.explorers.gradient_scene import EDGE, REGIMES, eigenvalues, plot, times
from dlkit.svg import number

UNITS = 16
_RADII = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5, 2.0)
_ACTIVATIONS = {  # the function, and its slope in terms of what goes in and what comes out
    "linear": (lambda s: s, lambda s, h: np.ones_like(s)),
    "tanh": (np.tanh, lambda s, h: 1 - h**2),
    "ReLU": (lambda s: np.maximum(s, 0), lambda s, h: (s > 0).astype(float)),
}


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


class GradientThroughTime(Explorer):
    title = "Gradient through time"
    controls = (
        scale("radius", "spectral radius of Wh", _RADII),
        choice("activation", "activation f", _ACTIVATIONS),
        choice("matrix", "matrix Wh", ("random", "orthogonal")),
        slider("steps", "steps", 5, 60, 1),
        slider("seed", "seed", 0, 9, 1),
        choice("guess", "Predict: the gradient at the first step is", REGIMES.values()),
        *GUESS_BUTTONS,
    )
    start = {"radius": 0.9, "activation": "tanh", "matrix": "random", "steps": 40, "seed": 0}
    start |= {"guess": REGIMES["keeps its size"]}
    ask = (
        "Predict first: the state's norm is seen. What becomes of the gradient on its way back "
        "to the first step? Choose it, then press Show."
    )
    about = ("radius", "activation", "matrix", "steps", "seed")

    def begin(self):
        self.run = _run(self.values)

    def moved(self, names):
        if names - {"guess"}:
            self.run = _run(self.values)

    def truth(self):
        return REGIMES[self.run.regime]

    def more_state(self):
        run = self.run
        known = {"Wh": run.W.tolist(), "forward": run.forward.tolist()}
        if self.hidden:
            return known
        known |= {"backward": run.backward.tolist(), "slope": run.slope, "factor": run.factor}
        return known | {"regime": run.regime}

    def scene(self):
        pictures = [plot(self.run, self.hidden, self.committed), eigenvalues(self.run)]
        return Scene(pictures, "", self._said())

    def _said(self):
        run, steps, radius = self.run, self.values["steps"], number(self.values["radius"])
        if run.backward[0] == 0:
            return "No gradient reaches the first step: every path has a unit that does not fire."
        told = (
            f"After {steps} steps back the gradient is {times(run.backward[0])} as large: "
            f"it {run.regime}. A step multiplies it by {number(run.factor, 2)} on average, with a "
            f"spectral radius of {radius}"
        )
        if self.values["activation"] == "linear":
            return f"{told}."
        return f"{told} and a mean slope of {self.values['activation']} of {number(run.slope, 2)}."


@dataclass(frozen=True)
class Run:
    """What one setting gives: norms at steps 0 to T, the mean slope, and their words."""

    W: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    slope: float

    @property
    def factor(self):
        """What a step multiplies the gradient's norm by, in the geometric mean."""
        return float(self.backward[0] ** (1 / (len(self.backward) - 1)))

    @property
    def regime(self):
        if self.backward[0] < 10.0**-EDGE:
            return "vanishes"
        return "explodes" if self.backward[0] > 10.0**EDGE else "keeps its size"


def through_time(W, h0, dh, activation, steps):
    """Norms of the states from h0 on, norms of their gradients back from dh, and the mean slope."""
    f, slope_of = _ACTIVATIONS[activation]
    states, slopes = [h0], []
    for _ in range(steps):
        s = states[-1] @ W
        states.append(f(s))
        slopes.append(slope_of(s, states[-1]))
    gradients = [dh]
    for slope in reversed(slopes):
        gradients.append((gradients[-1] * slope) @ W.T)
    norms = (np.linalg.norm(rows, axis=1) for rows in (states, gradients[::-1]))
    return *norms, float(np.mean(slopes))


def recurrent_matrix(kind, radius, rng):
    """Wh (H, H) with this spectral radius."""
    W = rng.normal(size=(UNITS, UNITS))
    if kind == "orthogonal":
        return radius * np.linalg.qr(W)[0]
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


def _run(values):
    rng = np.random.default_rng(values["seed"])
    W = recurrent_matrix(values["matrix"], values["radius"], rng)
    h0, dh = (v / np.linalg.norm(v) for v in rng.normal(size=(2, UNITS)))
    return Run(W, *through_time(W, h0, dh, values["activation"], values["steps"]))
