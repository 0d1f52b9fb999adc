"""Gradient through time: the norm of a state forward, and of its gradient back, step by step."""

from dataclasses import dataclass

import numpy as np

from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.cells import frame
from dlkit.explorers.controls import button, choice, scale, slider
from dlkit.svg import Picture, number, text

UNITS = 16
_RADII = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.5, 2.0)
_MUCH = 10.0  # times larger or smaller is called exploding or vanishing
REGIMES = {  # and the guess that says so
    "vanishes": "less than a tenth",
    "keeps its size": "about as large",
    "explodes": "more than ten times",
}
_ACTIVATIONS = {  # the function, and its slope in terms of what goes in and what comes out
    "linear": (lambda s: s, lambda s, h: np.ones_like(s)),
    "tanh": (np.tanh, lambda s, h: 1 - h**2),
    "ReLU": (lambda s: np.maximum(s, 0), lambda s, h: (s > 0).astype(float)),
}
_LEFT, _TOP, _WIDE, _TALL = 46, 34, 290, 190  # the plot's frame


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
        button("show", "Show"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
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
        pictures = [_plot(self.run, self.hidden, self.committed), _eigenvalues(self.run)]
        return Scene(pictures, "", self._said())

    def _said(self):
        run, steps, radius = self.run, self.values["steps"], number(self.values["radius"])
        if run.backward[0] == 0:
            return "No gradient reaches the first step: every path has a unit that does not fire."
        told = (
            f"After {steps} steps back the gradient is {_times(run.backward[0])} as large: "
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
        last = self.backward[0]
        return "vanishes" if last < 1 / _MUCH else "explodes" if last > _MUCH else "keeps its size"


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


# -- drawing --


def _plot(run, hidden, committed):
    """Both norms against the step, on an axis of powers of ten."""
    shown = np.concatenate([run.forward, [] if hidden else run.backward])
    powers = np.log10(shown[shown > 0])
    low, high = (int(p) for p in (np.floor(powers.min()), np.ceil(powers.max())))
    low, high = max(min(low, -3), -30), max(high, 3)
    last = len(run.forward) - 1

    def x(step):
        return _LEFT + _WIDE * step / last

    def y(value):
        return _TOP + _TALL * (high - np.log10(value)) / (high - low)

    marks = [_bands(y, low, high), frame(_LEFT, _TOP, _WIDE, _TALL)]
    every = -(-(high - low) // 6)
    for power in range(-(-low // every) * every, high + 1, every):
        label = _power(power)
        marks.append(text(_LEFT - 5, y(10.0**power) + 4, label, "dlk-small", "end"))
    for step in np.linspace(0, last, 6).round().astype(int):
        marks.append(text(x(step), _TOP + _TALL + 14, str(step), "dlk-small"))
    marks.append(text(_LEFT + _WIDE / 2, _TOP + _TALL + 30, "step"))
    marks.append(text(_LEFT, 14, "—  norm of the state", "dlk-small", "start"))
    marks.append(_curve(run.forward, x, y, low, "dlk-line"))
    if not hidden:
        marks.append(text(_LEFT, 28, "┄  norm of the gradient, ← back", "dlk-small", "start"))
        marks.append(_curve(run.backward, x, y, low, "dlk-slope"))
    if committed:
        marks.append(_guess(committed, y, low, high))
    return Picture("".join(marks), _LEFT + _WIDE + 8, _TOP + _TALL + 40, _described(run, hidden))


def _bands(y, low, high):
    """Where a gradient at step 0 is called vanishing or exploding."""
    marks = []
    for name, top, bottom in (("explodes", high, 1), ("vanishes", -1, low)):
        if top > bottom:
            tall = y(10.0**bottom) - y(10.0**top)
            marks.append(
                f'<rect class="dlk-fires" x="{_LEFT}" y="{y(10.0**top):.1f}" width="{_WIDE}" '
                f'height="{tall:.1f}"/>'
            )
            middle = y(10.0**top) + tall / 2 + 4
            marks.append(text(_LEFT + _WIDE - 6, middle, name, "dlk-small", "end"))
    return "".join(marks)


def _curve(norms, x, y, low, kind):
    """A line through the norms; it ends where they leave the axis or are 0."""
    points, pen = [], "M"
    for step, value in enumerate(norms):
        if value < 10.0**low:
            pen = "M"
            continue
        points.append(f"{pen}{x(step):.1f} {y(value):.1f}")
        pen = "L"
    return f'<path class="{kind}" fill="none" d="{"".join(points)}"/>'


def _guess(committed, y, low, high):
    """A dashed mark at step 0 over the range that the guess names."""
    ends = zip(REGIMES.values(), ((-1, low), (1, -1), (high, 1)), strict=True)
    top, bottom = dict(ends)[committed]
    from_y, to_y = y(10.0**top), y(10.0**bottom)
    return (
        f'<path class="dlk-guess" d="M{_LEFT + 3} {from_y:.1f}V{to_y:.1f}"/>'
        f"{text(_LEFT + 9, (from_y + to_y) / 2 + 4, 'your guess', 'dlk-small', 'start')}"
    )


def _described(run, hidden):
    last, steps = _times(run.forward[-1]), len(run.forward) - 1
    told = f"The norm of the state goes from 1 to {last} in {steps} steps"
    if hidden:
        return f"{told}; that of the gradient is hidden until you have predicted."
    return f"{told}; that of the gradient goes back from 1 to {_times(run.backward[0])}."


def _eigenvalues(run):
    """The eigenvalues in the plane of complex numbers, with the circle of radius 1."""
    found = np.linalg.eigvals(run.W)
    far, middle, size = max(1.15, np.abs(found).max() * 1.1), 100, 84
    marks = [text(middle, 18, "eigenvalues of Wh", "dlk-strong")]
    marks.append(
        f'<path class="dlk-frame" d="M{middle - size} 118h{2 * size}M{middle} 34v{2 * size}"/>'
    )
    marks.append(
        f'<circle class="dlk-before" fill="none" cx="{middle}" cy="118" r="{size / far:.1f}"/>'
    )
    for value in found:
        cx, cy = middle + size * value.real / far, 118 - size * value.imag / far
        kind = "dlk-on" if abs(value) <= 1 + 1e-9 else "dlk-bar"
        marks.append(f'<circle class="{kind}" cx="{cx:.1f}" cy="{cy:.1f}" r="5"/>')
    outside = int((np.abs(found) > 1 + 1e-9).sum())
    marks.append(text(middle, 222, f"{outside} outside the circle of radius 1", "dlk-small"))
    radius = number(np.abs(found).max(), 2)
    alt = f"The {UNITS} eigenvalues; the farthest is {radius} from 0, {outside} are farther than 1."
    return Picture("".join(marks), 200, 232, alt)


def _times(value):
    """A factor in words of digits: 0.015, 12, 3.2·10⁸."""
    if value == 0 or 1e-3 <= value < 1e4:
        return number(value, 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 4)
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·{_power(int(power))}"


def _power(n):
    return "10" + str(n).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
