"""Gate playground: two weights and a bias move a line over the four inputs of a logic gate."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import GUESS_BUTTONS, choice, slider, ticks
from dlkit.gates import GATES, INPUTS


def gate_playground():
    """One threshold unit on the four inputs of a gate: move w1, w2 and b until every row is right.

    The unit fires where w1 x1 + w2 x2 + b > 0: that side of the line is shaded, and the arrow is
    the vector w. A full dot fires, a hollow one does not; a ring and a ✗ mark a wrong row.

    What to try
    -----------
    - Predict first: tick the inputs for which the unit will fire, then show. Work out the four
      sums; do not guess by feeling.
    - AND with the weights (0.5, 0.5): between which two values may b lie?
    - Change only b: the line keeps its direction. Double w1, w2 and b: nothing moves.
    - Turn AND into NAND with as few moves as possible.
    - XOR: how many rows can you get right? `state["best"]` remembers the most so far for each gate.

    Returns an explorer: `.state` reads all that is seen, `.move(w1=1)` and `.press("reset")` act
    like a hand.
    """
    return GatePlayground()


class GatePlayground(BrowserExplorer):
    module = "gate_playground"
    title = "Gate playground"
    controls = (
        slider("w1", "weight w₁", -2, 2, 0.1),
        slider("w2", "weight w₂", -2, 2, 0.1),
        slider("b", "bias b", -3, 3, 0.1),
        choice("gate", "gate to build", GATES),
        ticks("guess", "Predict: which inputs fire?", [f"({x1}, {x2})" for x1, x2 in INPUTS]),
        *GUESS_BUTTONS,
    )
    start = {"w1": 1.0, "w2": 0.5, "b": -0.7, "gate": "AND", "guess": [False] * 4}

    @classmethod
    def data(cls):
        return {"gates": {gate: list(outputs) for gate, outputs in GATES.items()}, "inputs": INPUTS}
