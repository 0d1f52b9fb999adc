"""Gate playground: two weights and a bias move a line over the four inputs of a logic gate."""

from dlkit.explorers.controls import button, choice, slider, ticks
from dlkit.explorers.explore import Explorer, Scene
from dlkit.gates import GATES, INPUTS
from dlkit.svg import Picture, Plane, table, text, weighted_sum

_PLANE = Plane(-0.5, 1.5, size=290)


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


class GatePlayground(Explorer):
    title = "Gate playground"
    controls = (
        slider("w1", "weight w₁", -2, 2, 0.1),
        slider("w2", "weight w₂", -2, 2, 0.1),
        slider("b", "bias b", -3, 3, 0.1),
        choice("gate", "gate to build", GATES),
        ticks("guess", "Predict: which inputs fire?", [f"({x1}, {x2})" for x1, x2 in INPUTS]),
        button("show", "Show"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {"w1": 1.0, "w2": 0.5, "b": -0.7, "gate": "AND", "guess": [False] * 4}

    def __init__(self):
        self._hidden = True  # until the student has committed to a guess
        self._committed = None  # the guess, as long as the unit is the one it was made for
        self._best = {}
        super().__init__()

    def moved(self, names):
        if names & {"w1", "w2", "b"}:
            self._committed = None
        self._remember_best()

    def pressed(self, name):
        if name == "show":
            self._hidden = False
            self._committed = [int(fires) for fires in self.values["guess"]]
            self._remember_best()
            return
        self._hidden, self._committed = True, None
        if name == "reset":
            self._best = {}
            self.widget.values = {**self.start, "guess": [False] * 4}
        else:
            self.widget.values = {**self.values, "guess": [False] * 4}

    def more_state(self):
        return {
            "outputs": self.outputs(),
            "right": self._right(),
            "best": dict(self._best),
            "hidden": self._hidden,
            "committed": self._committed,
        }

    def outputs(self):
        """What the unit gives for the inputs 00, 01, 10, 11."""
        w1, w2, b = (self.values[name] for name in ("w1", "w2", "b"))
        # the sliders move in tenths: a sum that is 0 on paper is 0 here too
        return [int(round(w1 * x1 + w2 * x2 + b, 6) > 0) for x1, x2 in INPUTS]

    def scene(self):
        return self._scene(self._hidden)

    def still_scene(self):
        return self._scene(hidden=False)

    # -- inside --

    def _scene(self, hidden):
        resting = ("predict",) if hidden else ("guess", "show")
        parts = [self._picture(hidden)], self._table(hidden), self._sentence(hidden)
        return Scene(*parts, resting)

    def _targets(self):
        return GATES[self.values["gate"]]

    def _right(self):
        return sum(y == t for y, t in zip(self.outputs(), self._targets(), strict=True))

    def _remember_best(self):
        if not self._hidden:
            gate = self.values["gate"]
            self._best[gate] = max(self._right(), self._best.get(gate, 0))

    def _sentence(self, hidden):
        if hidden:
            return "Predict first: tick the inputs for which this unit fires, then press Show."
        said = ""
        if self._committed is not None:
            agree = sum(g == y for g, y in zip(self._committed, self.outputs(), strict=True))
            said = f"You predicted {agree} of 4 outputs. "
        return said + self._seen()

    def _seen(self):
        gate, right = self.values["gate"], self._right()
        if right == 4:
            return f"4 of 4 rows right: this unit is {gate}."
        wrong = [
            f"({x1}, {x2})"
            for (x1, x2), y, t in zip(INPUTS, self.outputs(), self._targets(), strict=True)
            if y != t
        ]
        rows = f"{right} of 4 rows right for {gate}; "
        if _PLANE.ends(self._w(), self.values["b"]) is None:
            side = "everywhere" if self.outputs()[0] else "nowhere"
            return f"{rows}no line crosses the picture: the unit fires {side} in it."
        points = wrong[0] if len(wrong) == 1 else f"{', '.join(wrong[:-1])} and {wrong[-1]}"
        return f"{rows}the line has {points} on the wrong side."

    def _w(self):
        return self.values["w1"], self.values["w2"]

    def _picture(self, hidden):
        w, b = self._w(), self.values["b"]
        marks = []
        if not hidden:
            marks = [_PLANE.half_plane(w, b), _PLANE.line(w, b), _PLANE.normal(w, b)]
        marks.insert(0, _PLANE.axes((0, 1)))
        for point, y, t in zip(INPUTS, self.outputs(), self._targets(), strict=True):
            marks.append(self._point(point, y, t, hidden))
        marks.append(text(145, 22, f"fires where {weighted_sum(w, b, digits=1)} > 0", "dlk-strong"))
        return Picture("".join(marks), 290, 290, self._alt(hidden))

    def _point(self, point, output, target, hidden):
        x, y = _PLANE.x(point[0]), _PLANE.y(point[1])
        words = f"should be {target}"
        if hidden:
            return text(x, y + 6, "?", "dlk-strong") + text(x, y + 24, words, "dlk-small")
        dot = f'<circle class="dlk-{"on" if output else "off"}" cx="{x:.1f}" cy="{y:.1f}" r="8"/>'
        if output != target:
            dot += f'<circle class="dlk-ring" cx="{x:.1f}" cy="{y:.1f}" r="14"/>'
            words = f"✗ {words}"
        return dot + text(x, y + 29, words, "dlk-small")

    def _alt(self, hidden):
        if hidden:
            return "The four inputs of the gate. The line is hidden until you have predicted."
        rows = "; ".join(
            f"({x1}, {x2}) gives {y}, should be {t}"
            for (x1, x2), y, t in zip(INPUTS, self.outputs(), self._targets(), strict=True)
        )
        return (
            f"The line {weighted_sum(self._w(), self.values['b'], 1)} = 0 over the four inputs of "
            f"{self.values['gate']}: {rows}."
        )

    def _table(self, hidden):
        gate, guess = self.values["gate"], self._committed
        rows = [[x1, x2, t] for (x1, x2), t in zip(INPUTS, GATES[gate], strict=True)]
        for i, row in enumerate(rows):
            row.append("?" if hidden else self._output_cell(i))
            if guess is not None:
                row.append(guess[i])
        heads = ["x₁", "x₂", gate, "unit", *(["your guess"] if guess is not None else [])]
        best = f"most rows so far: {self._best[gate]}" if gate in self._best else "truth table"
        return table(f"{gate}, {best}", heads, rows)

    def _output_cell(self, i):
        output = self.outputs()[i]
        return f"{output} ✓ right" if output == self._targets()[i] else f"{output} ✗ wrong"
