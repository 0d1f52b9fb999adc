"""Gate explorer: the gates and the memory of an LSTM or a GRU over a sequence."""

import numpy as np

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider

# each step: a value, whether it is to be written (1 or 0), whether the memory is to be read
_VALUES = (0.4, 0.9, -0.6, 0.5, -0.8, 0.7, -0.3, 0.6, -0.5, 0.8)
_WRITES = {
    "one to keep": (1,),
    "one, then another": (1, 6),
    "none to keep": (),
    "each step to keep": tuple(range(10)),
}
_FREE = "as computed"
_HELD = (_FREE, "open (1)", "shut (0)")


def gate_explorer():
    """One unit of memory, its gates, and ten steps: what is written, kept and read.

    A step brings a value and two signals, write and read. With the weights "set by hand" the gates
    do what they are called after: on write, the new value is let in and the old memory let go; on
    read, an LSTM lets its memory out. The row "left at the end" says how much of each step's
    candidate the last memory still holds. Point at a step, or move the slider, for its numbers.

    What to try
    -----------
    - Predict first: from the gates and candidates, which you see, what the memory holds after the
      last step.
    - LSTM, one to keep: hold the forget gate open (1), then shut (0). Open means keep: say before
      what each does to the memory.
    - LSTM, one to keep: hold the input gate open. Which steps are in the memory now?
    - LSTM: hold the input and the forget gate open. Can the memory leave −1 … 1? Can a GRU's?
    - GRU: one gate decides both what is kept and what is written. Hold it at 1, then at 0.
    - GRU, one, then another: hold the reset gate open. What gets into the second write?
    - Untrained weights: no gate is wide open or shut. How many steps does the memory reach back?

    Returns an explorer: `.state` reads all that is seen, `.move(f="shut (0)")` acts like a hand.
    """
    return GateExplorer()


class GateExplorer(BrowserExplorer):
    module = "gate_explorer"
    title = "Gate explorer"
    controls = (
        choice("cell", "cell", ("LSTM", "GRU")),
        choice("weights", "weights", ("set by hand", "untrained")),
        choice("sequence", "sequence", _WRITES),
        choice("i", "input gate i", _HELD),
        choice("f", "forget gate f", _HELD),
        choice("o", "output gate o", _HELD),
        choice("r", "reset gate r", _HELD),
        choice("z", "keep gate z", _HELD),
        slider("step", "step looked at", 0, 9, 1),
        slider("guess", "Predict: the last memory, to the nearest half", -4, 4, 0.5),
        *GUESS_BUTTONS,
    )
    start = {
        "cell": "LSTM",
        "weights": "set by hand",
        "sequence": "one to keep",
        **dict.fromkeys("iforz", _FREE),
        "step": 1,
        "guess": 0,
    }

    @classmethod
    def data(cls):
        weights = {"set by hand": by_hand(), "untrained": _untrained()}
        return {"weights": weights, "sequences": {name: sequence(name) for name in _WRITES}}


def sequence(name):
    """The steps (value, write, read); the last one is read."""
    writes, last = _WRITES[name], len(_VALUES) - 1
    return [[value, int(t in writes), int(t == last)] for t, value in enumerate(_VALUES)]


def by_hand():
    """Weights that make each gate do what it is called after: Wx (3, G), Wh (1, G), b (G,)."""
    lstm = {
        #       i    f    g    o
        "Wx": [[0, 0, 2, 0], [12, -12, 0, 0], [0, 0, 0, 12]],
        "Wh": [[0, 0, 0, 0]],
        "b": [-6, 6, 0, -6],
    }
    gru = {
        #       r    z    n
        "Wx": [[0, 0, 2], [-12, -12, 0], [0, 0, 0]],
        "Wh": [[0, 0, 1]],
        "b": [6, 6, 0],
    }
    return {"LSTM": lstm, "GRU": gru}


def _untrained():
    """What dlkit's layers start with."""
    from dlkit import nn

    rng = np.random.default_rng(0)
    layers = {"LSTM": nn.LSTM(3, 1, rng=rng), "GRU": nn.GRU(3, 1, rng=rng)}
    return {
        name: {key: value.tolist() for key, value in layer.params.items()}
        for name, layer in layers.items()
    }
