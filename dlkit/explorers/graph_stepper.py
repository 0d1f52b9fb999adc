"""Graph stepper: values forward and gradients backward through a small graph, node by node."""

from dlkit.explorers.browser import BrowserExplorer
from dlkit.explorers.controls import button, choice, slider

BANDS = ("below −1", "−1 to −0.1", "−0.1 to 0", "exactly 0", "0 to 0.01", "0.01 to 0.1")
BANDS += ("0.1 to 1", "above 1")


def graph_stepper():
    """A small computational graph: step forward for the values, then backward for the gradients.

    Each box is a value: a given one, or one that is computed from those to its left by +, −, ×,
    σ (sigmoid), relu, Σ (a weighted sum) or ½( )². Under its name stands the value, and under that,
    after ∂, the gradient: the derivative of the last box by this one. Dots behind a gradient say
    that another path to it has not been walked yet. The dashed box is the one that you are asked
    about. Point at a box to go to the step that works on it.

    What to try
    -----------
    - Predict first: the gradient of the dashed box. Walk the path in your head: which slopes are
      multiplied, and does more than one path lead there?
    - A bill: what does one more cake cost, tax included? Read it off before you step.
    - Used twice: which three paths end at x? What would be wrong if each one's contribution
      replaced the one before?
    - ReLU off: which gradients are 0, and why all of them?
    - The worked example: how small do the gradients become from the right to the left, and which
      factor makes them smaller?
    - Back, then Step: which forward values does each step backward need?

    Returns an explorer: `.state` reads all that is seen, `.move(graph="used twice")` and
    `.press("step")` act like a hand.
    """
    return GraphStepper()


def given(name, value, column, row):
    return {"name": name, "value": value, "column": column, "row": row}


def computed(name, op, inputs, column, row):
    return {"name": name, "op": op, "inputs": inputs.split(), "column": column, "row": row}


# By name: the input asked about, and the nodes with their places in the drawing.
GRAPHS = {
    "a bill": (
        "cake",
        [
            given("tea", 2.0, 0, 0),
            given("cups", 3, 0, 1),
            given("cake", 4.0, 0, 2),
            given("pieces", 2, 0, 3),
            given("tax", 1.2, 2, 3),
            computed("teas", "×", "tea cups", 1, 0.5),
            computed("cakes", "×", "cake pieces", 1, 2.5),
            computed("sum", "+", "teas cakes", 2, 1.5),
            computed("bill", "×", "sum tax", 3, 2),
        ],
    ),
    "sigmoid unit": (
        "w",
        [
            given("x", 2.0, 0, 0),
            given("w", 1.5, 0, 1),
            given("b", -1.0, 1, 2),
            computed("wx", "×", "w x", 1, 0.5),
            computed("s", "+", "wx b", 2, 1.2),
            computed("y", "σ", "s", 3, 1.2),
        ],
    ),
    "used twice": (
        "x",
        [
            given("y", 3.0, 0, 0),
            given("x", 1.6, 0, 1.5),
            computed("u", "×", "x y", 1, 0.5),
            computed("v", "×", "x x", 1, 2),
            computed("L", "−", "u v", 2, 1.2),
        ],
    ),
    "ReLU off": (
        "w₁",
        [
            given("w₁", -0.5, 0, 0),
            given("x", 2.0, 0, 1.5),
            given("w₂", 1.0, 0, 3),
            computed("s₁", "×", "w₁ x", 1, 0.7),
            computed("s₂", "×", "w₂ x", 1, 2.3),
            computed("h₁", "relu", "s₁", 2, 0.7),
            computed("h₂", "relu", "s₂", 2, 2.3),
            computed("y", "+", "h₁ h₂", 3, 1.5),
        ],
    ),
    "worked example": (
        "w₁₁",
        [
            given("w₁₁", 0.1, 0, 0),
            given("w₁₂", 0.8, 0, 1),
            given("x₁", 0.35, 0, 2),
            given("x₂", 0.9, 0, 3),
            given("w₂₁", 0.4, 0, 4),
            given("w₂₂", 0.6, 0, 5),
            given("v₁", 0.3, 2, 0.2),
            given("v₂", 0.9, 2, 4.8),
            given("t", 0.5, 4, 3.8),
            computed("s₁", "Σ", "w₁₁ x₁ w₁₂ x₂", 1, 1.4),
            computed("s₂", "Σ", "w₂₁ x₁ w₂₂ x₂", 1, 3.6),
            computed("h₁", "σ", "s₁", 2, 1.4),
            computed("h₂", "σ", "s₂", 2, 3.6),
            computed("s₃", "Σ", "v₁ h₁ v₂ h₂", 3, 2.5),
            computed("y", "σ", "s₃", 4, 2.5),
            computed("C", "½( )²", "y t", 5, 3.1),
        ],
    ),
}


class GraphStepper(BrowserExplorer):
    module = "graph_stepper"
    title = "Graph stepper"
    controls = (
        choice("graph", "graph", GRAPHS),
        slider("shift", "added to the dashed input", -2, 2, 0.1),
        choice("guess", "Predict: its gradient", BANDS),
        button("show", "Show"),
        button("step", "Step"),
        button("back", "Back"),
        button("play", "Play / pause"),
        button("predict", "Predict again"),
        button("reset", "Reset"),
    )
    start = {"graph": "a bill", "shift": 0, "guess": BANDS[0]}

    @classmethod
    def data(cls):
        graphs = {}
        for graph, (asked, nodes) in GRAPHS.items():
            place = {node["name"]: i for i, node in enumerate(nodes)}
            numbered = [
                {**node, "inputs": [place[name] for name in node["inputs"]]}
                if "op" in node
                else node
                for node in nodes
            ]
            graphs[graph] = {"asked": place[asked], "nodes": numbered}
        return {"graphs": graphs}
