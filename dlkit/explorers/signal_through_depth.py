"""Signal through depth: what twenty layers leave of a signal and of its gradient."""

import numpy as np

from dlkit.explorers.axes import Axes
from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider
from dlkit.explorers.signal_run import ACTIVATIONS, DEPTH, INITS, send
from dlkit.svg import Picture, short, table, ten_to, text

_REGIMES = ("faded", "kept", "exploded", "saturated")
_SHOWN = (1, 5, 10, 15, 20)
_LOWEST, _HIGHEST = -12, 12  # powers of ten on the axis of sizes
_SIZES = Axes(52, 30, 250, 220, (0.2, DEPTH + 0.8), (_LOWEST, _HIGHEST))


def signal_through_depth():
    """A batch of normal inputs goes through twenty layers of 100 units, and a gradient comes back.

    On the left is the spread of each layer's outputs (dots) and of the gradient by each layer's
    sums (squares), in powers of ten; the gradient comes from the right. Below are the outputs of
    five layers as bars, each on its own axis.

    What to try
    -----------
    - Predict first: what becomes of the signal? A layer's sum adds up 100 terms: how large is it if
      each weight has this spread?
    - tanh with Xavier, then with weights twice as large: which of the two curves tells you more?
    - ReLU with Xavier and with He: what does the factor 2 under the root make up for?
    - Sigmoid: is there any start from which the gradient arrives at layer 1?
    - Zeros: what do all the units of a layer have in common, and what can they learn?

    Returns an explorer: `.state` reads all that is seen, `.move(init="He")` and `.press("show")`
    act like a hand.
    """
    return SignalThroughDepth()


class SignalThroughDepth(Explorer):
    title = "Signal through depth"
    controls = (
        choice("init", "first weights", INITS),
        scale("factor", "weights times", (0.25, 0.5, 0.7, 1, 1.4, 2, 4)),
        choice("activation", "activation", ACTIVATIONS),
        slider("seed", "seed", 0, 9, 1),
        choice("guess", "Predict: the signal", _REGIMES),
        *GUESS_BUTTONS,
    )
    start = {"init": "normal, std 0.01", "factor": 1, "activation": "tanh", "seed": 0}
    start = {**start, "guess": "kept"}
    about = ("init", "factor", "activation", "seed")
    ask = "Predict first: what is left of the signal after twenty layers? Choose, then press Show."

    def begin(self):
        self._send()

    def moved(self, names):
        if names & set(self.about):
            self._send()

    def truth(self):
        return self._signal.regime

    def more_state(self):
        if self.hidden:
            return {}
        signal = self._signal
        return {"stds": signal.stds, "grad_stds": signal.grad_stds, "regime": signal.regime}

    def scene(self):
        pictures = [self._sizes(), self._histograms()]
        return Scene(pictures, self._table(), self._sentence())

    # -- inside --

    def _send(self):
        self._signal = send(*(self.values[name] for name in self.about))

    def _sentence(self):
        signal = self._signal
        back = _times(signal.grad_stds[0], signal.grad_stds[-1])
        if signal.stds[0] == 0:
            return "The signal is faded: every output is 0 from layer 1 on, and so is the gradient."
        seen = f"The signal is {signal.regime}: after {DEPTH} layers its spread is "
        seen += f"{_times(signal.stds[-1], signal.stds[0])} what it was after the first"
        if signal.regime == "saturated":
            seen += f", and {signal.flat:.0%} of the last outputs are where the function is flat"
        return f"{seen}. The gradient at layer 1 is {back} that at layer {DEPTH}."

    def _sizes(self):
        marks = [_frame()]
        alt = (
            "Spread of outputs and gradients at each of 20 layers: hidden until you have predicted."
        )
        if not self.hidden:
            signal = self._signal
            layers = range(1, DEPTH + 1)
            powers = [_power(value) for value in signal.stds]
            grad_powers = [_power(value) for value in signal.grad_stds]
            marks.append(_SIZES.path(layers, powers))
            marks.append(_SIZES.path(layers, grad_powers, "dlk-before"))
            marks += map(_dot, layers, powers)
            marks += map(_square, layers, grad_powers)
            ends = [short(values[i]) for values in (signal.stds, signal.grad_stds) for i in (0, -1)]
            alt = (
                f"Spread at each of 20 layers, on a scale of powers of ten: outputs from {ends[0]} "
                f"to {ends[1]}, gradients {ends[2]} at layer 1 and {ends[3]} at layer 20."
            )
        return Picture("".join(marks), 310, 310, alt)

    def _histograms(self):
        marks = [text(150, 16, "outputs of five layers", "dlk-strong")]
        for turn, layer in enumerate(_SHOWN):
            top = 30 + turn * 54
            marks.append(text(8, top + 26, f"layer {layer}", "dlk-small", "start"))
            if self.hidden:
                marks.append(text(180, top + 26, "?", "dlk-strong"))
            else:
                marks.append(_bars(self._signal.outputs[layer - 1], top))
        alt = "The outputs of layers 1, 5, 10, 15 and 20 as bars: hidden until you have predicted."
        if not self.hidden:
            spans = [self._signal.outputs[layer - 1] for layer in _SHOWN]
            said = "; ".join(
                f"layer {layer} from {short(y.min())} to {short(y.max())}"
                for layer, y in zip(_SHOWN, spans, strict=True)
            )
            alt = f"Bars of outputs: {said}."
        return Picture("".join(marks), 320, 310, alt)

    def _table(self):
        rows = []
        for layer in _SHOWN:
            seen = self._signal.stds[layer - 1], self._signal.grad_stds[layer - 1]
            rows.append([layer, *("?" if self.hidden else short(value) for value in seen)])
        return table("Spread at each layer", ("layer", "outputs", "gradient"), rows)


def _times(part, whole):
    return f"{short(part / whole if whole else 0.0)} times"


def _power(value):
    """The power of ten that a size is; what is beyond the axis, and 0, stands at its end."""
    return _LOWEST if value <= 0 else min(max(np.log10(value), _LOWEST), _HIGHEST)


def _frame():
    powers = {p: "1" if p == 0 else ten_to(p) for p in range(-12, 13, 4)}
    title = text(177, 16, "spread: ● outputs, □ gradient", "dlk-strong")
    return _SIZES.frame(_SHOWN, powers, ("layer", "")) + title


def _dot(layer, power):
    return f'<circle class="dlk-on" cx="{_SIZES.x(layer):.1f}" cy="{_SIZES.y(power):.1f}" r="4.5"/>'


def _square(layer, power):
    x, y = _SIZES.x(layer) - 3.5, _SIZES.y(power) - 3.5
    return f'<rect class="dlk-off" x="{x:.1f}" y="{y:.1f}" width="7" height="7"/>'


def _bars(outputs, top, bins=41, left=60, wide=245, tall=34):
    """Outputs as bars over their own range, with its ends below."""
    low, high = float(outputs.min()), float(outputs.max())
    if low == high:
        low, high = low - 1, high + 1
    place = ((outputs.ravel() - low) * (bins / (high - low))).astype(int)
    counts = np.bincount(np.minimum(place, bins - 1), minlength=bins)
    width, floor = wide / bins, top + tall
    heights = (tall * counts / counts.max()).tolist()
    d = "".join(
        f"M{left + i * width:.1f} {floor}v{-height:.1f}h{width - 0.8:.1f}V{floor}z"
        for i, height in enumerate(heights)
        if height
    )
    ends = text(left, top + tall + 12, short(low), "dlk-small", "start")
    ends += text(left + wide, top + tall + 12, short(high), "dlk-small", "end")
    return f'<path class="dlk-bar" d="{d}"/>{ends}'
