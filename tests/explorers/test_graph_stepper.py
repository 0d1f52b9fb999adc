"""The graph stepper, its module run under Node: values and gradients are those of dlkit's Value."""

import numpy as np
import pytest

from dlkit.autograd import Value
from dlkit.explorers.graph_stepper import BANDS, GRAPHS, GraphStepper
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node

STEP, BACK = ("press", "step"), ("press", "back")
DATA = GraphStepper.data()["graphs"]


def last(*steps):
    """What is seen after these steps."""
    return walk(GraphStepper, *steps)[-1]


def as_values(nodes):
    """The same nodes as dlkit's Values."""
    made = []
    for node in nodes:
        ins = [made[i] for i in node.get("inputs", ())]
        made.append(_OPS[node["op"]](ins) if "op" in node else Value(node["value"]))
    return made


_OPS = {
    "+": lambda v: v[0] + v[1],
    "−": lambda v: v[0] - v[1],
    "×": lambda v: v[0] * v[1],
    "Σ": lambda v: sum(w * x for w, x in zip(v[::2], v[1::2], strict=True)),
    "σ": lambda v: v[0].sigmoid(),
    "relu": lambda v: v[0].relu(),
    "½( )²": lambda v: (v[0] - v[1]) ** 2 / 2,
}


def random_graph(rng):
    """Given numbers, then operations on any nodes before; the same input may come twice."""
    nodes = [{"name": f"x{i}", "value": float(x)} for i, x in enumerate(rng.normal(size=4))]
    for i in range(8):
        op = str(rng.choice(list(_OPS)))
        count = {"Σ": 4, "σ": 1, "relu": 1}.get(op, 2)
        inputs = rng.integers(len(nodes), size=count).tolist()
        nodes.append({"name": f"y{i}", "op": op, "inputs": inputs})
    return nodes


def test_values_and_gradients_are_those_of_dlkits_value():
    graphs = [graph["nodes"] for graph in DATA.values()]
    graphs += [random_graph(np.random.default_rng(seed)) for seed in range(40)]
    values = drive([{"module": "graph", "call": ["forward", nodes]} for nodes in graphs])
    calls = [["backward", *one] for one in zip(graphs, values, strict=True)]
    gradients = drive([{"module": "graph", "call": call} for call in calls])
    used = set()
    for nodes, seen, back in zip(graphs, values, gradients, strict=True):
        made = as_values(nodes)
        made[-1].backward()
        np.testing.assert_allclose(seen, [v.data for v in made], rtol=1e-12, atol=1e-15)
        found = [0 if g is None else g for g in back["gradients"]]
        np.testing.assert_allclose(found, [v.grad for v in made], rtol=1e-10, atol=1e-13)
        used |= {node["op"] for node in nodes if "op" in node}
    assert used == set(_OPS)


def test_the_worked_example_has_the_chapters_numbers():
    seen = last(("move", {"graph": "worked example"}), SHOW, *[STEP] * 14)
    values, gradients = seen["state"]["values"], seen["state"]["gradients"]
    x, W0 = np.array([0.35, 0.9]), np.array([[0.1, 0.8], [0.4, 0.6]])
    W1, t = np.array([0.3, 0.9]), 0.5
    h = 1 / (1 + np.exp(-W0 @ x))
    y = 1 / (1 + np.exp(-W1 @ h))
    above = (y - t) * y * (1 - y)
    dW0 = np.outer(above * W1 * h * (1 - h), x)
    assert [values["y"], values["C"]] == pytest.approx([y, (y - t) ** 2 / 2])
    assert [gradients[n] for n in ("v₁", "v₂")] == pytest.approx(above * h)
    assert [gradients[f"w{n}"] for n in ("₁₁", "₁₂", "₂₁", "₂₂")] == pytest.approx(dW0.ravel())
    assert values["C"] == pytest.approx(0.018104, abs=5e-7)
    assert gradients["w₂₂"] == pytest.approx(0.007354, abs=5e-7)


@pytest.mark.parametrize("graph", GRAPHS)
def test_each_step_adds_one_value_then_one_nodes_contributions(graph):
    nodes = DATA[graph]["nodes"]
    count = sum("op" in node for node in nodes)
    seen = walk(GraphStepper, ("move", {"graph": graph}), SHOW, *[STEP] * (2 * count))[2:]
    known = [sum(v is not None for v in one["state"]["values"].values()) for one in seen]
    given = len(nodes) - count
    assert known == [*range(given, given + count + 1), *[len(nodes)] * count]
    made = as_values(nodes)
    made[-1].backward()
    for one in seen[: count + 1]:
        assert set(one["state"]["gradients"].values()) == {None}
    done = seen[-1]["state"]["gradients"]
    assert done == pytest.approx({n["name"]: v.grad for n, v in zip(nodes, made, strict=True)})
    # a node is walked through only when its gradient is complete
    for turn, one in enumerate(seen[count + 1 :]):
        through = [node["name"] for node in nodes if "op" in node][count - 1 - turn]
        assert one["state"]["gradients"][through] == pytest.approx(done[through])


def test_paths_that_meet_add_up_one_after_the_other():
    steps = walk(GraphStepper, ("move", {"graph": "used twice"}), SHOW, *[STEP] * 6)
    assert steps[-2]["state"]["gradients"]["x"] == pytest.approx(-3.2)
    assert steps[-1]["state"]["gradients"]["x"] == pytest.approx(-0.2)
    assert "∂ −3.2 …" in steps[-2]["pictures"][0]["marks"]
    assert "∂ −0.2<" in steps[-1]["pictures"][0]["marks"]


@pytest.mark.parametrize(
    ("graph", "steps", "sentence"),
    [
        (
            "a bill", 0,
            "The given values are there; ∂bill/∂cake is looked for. Press Step to go forward.",
        ),
        ("a bill", 1, "Forward 1 of 4: teas = tea × cups = 2 × 3 = 6."),
        (
            "a bill", 4,
            "Forward 4 of 4: bill = sum × tax = 14 × 1.2 = 16.8. This is the result, bill; now "
            "backward.",
        ),
        (
            "a bill", 5,
            "Backward 1 of 4, through bill = sum × tax: The derivative of bill by itself is 1. "
            "sum gets 1 × 1.2 = 1.2, tax gets 1 × 14 = 14.",
        ),
        ("sigmoid unit", 2, "Forward 2 of 3: s = wx + b = 3 + (−1) = 2."),
        (
            "sigmoid unit", 4,
            "Backward 1 of 3, through y = σ(s): The derivative of y by itself is 1. "
            "s gets 1 × 0.105 = 0.105.",
        ),
        (
            "used twice", 5,
            "Backward 2 of 3, through v = x × x: x gets −1 × 1.6 = −1.6, x gets −1 × 1.6 = −1.6. "
            "Paths add: x has now −3.2.",
        ),
        (
            "ReLU off", 10,
            "You predicted below −1; it is exactly 0. Backward 5 of 5, through s₁ = w₁ × x: "
            "w₁ gets 0 × 2 = 0, x gets 0 × (−0.5) = 0. Paths add: x has now 1. "
            "Done: ∂y/∂w₁ = 0; measured by moving w₁ a little: 0.",
        ),
        (
            "worked example", 1,
            "Forward 1 of 7: s₁ = w₁₁ × x₁ + w₁₂ × x₂ = 0.1 × 0.35 + 0.8 × 0.9 = 0.755.",
        ),
        (
            "worked example", 14,
            "You predicted below −1; it is 0 to 0.01. Backward 7 of 7, through s₁ = w₁₁ × x₁ + "
            "w₁₂ × x₂: each input gets 0.00265 times its slope, as in the table. Paths add: x₁ has "
            "now 0.00353, x₂ has now 0.00703. Done: ∂C/∂w₁₁ = 0.000929; measured",
        ),
        ("worked example", 7, "Forward 7 of 7: C = ½ (y − t)² = ½ (0.6903 − 0.5)² = 0.0181. This"),
    ],
)  # fmt: skip
def test_the_sentence_does_the_step_in_numbers(graph, steps, sentence):
    said = last(("move", {"graph": graph}), SHOW, *[STEP] * steps)["sentence"]
    assert said.startswith(sentence)


def test_a_corner_of_relu_is_told_where_measuring_finds_something_else():
    seen = last(("move", {"graph": "ReLU off", "shift": 0.5}), SHOW, *[STEP] * 10)
    assert seen["state"]["gradients"]["w₁"] == 0
    assert seen["sentence"].endswith(
        "measured by moving w₁ a little: 1, as relu has a corner here."
    )


def test_every_gradient_lies_in_one_band_and_zero_in_its_own():
    inside = [-3, -0.5, -0.05, 0, 0.005, 0.05, 0.5, 3]
    edges = [-1, -0.1, -1e-12, 1e-12, 0.01, 0.1, 1]
    jobs = [{"module": "graph_stepper", "call": ["band", g]} for g in inside + edges]
    bands = drive(jobs)
    assert bands[:8] == list(BANDS)
    assert bands[8:] == [BANDS[i] for i in (1, 2, 2, 4, 5, 6, 7)]


def test_the_asked_inputs_lie_in_bands_that_take_thought():
    truths = {}
    for graph, made in ((g, as_values(d["nodes"])) for g, d in DATA.items()):
        made[-1].backward()
        (truths[graph],) = drive(
            [{"module": "graph_stepper", "call": ["band", made[DATA[graph]["asked"]].grad]}]
        )
    assert truths == {
        "a bill": "above 1",
        "sigmoid unit": "0.1 to 1",
        "used twice": "−1 to −0.1",
        "ReLU off": "exactly 0",
        "worked example": "0 to 0.01",
    }


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"graph": "sigmoid unit"}), STEP, ("point", 0, 270, 100))
    assert seen["sentence"].startswith("Predict first")
    assert {"step", "back", "play"} <= set(seen["disabled"])
    assert seen["state"]["step"] == 0
    assert seen["state"]["values"] == {"x": 2, "w": 1.5, "b": -1, "wx": None, "s": None, "y": None}
    assert seen["table"] == ""
    assert "0.88" not in str(seen)


def test_the_guess_stands_beside_the_truth_once_the_gradient_is_complete():
    seen = walk(GraphStepper, ("move", {"guess": "0.1 to 1"}), SHOW, *[STEP] * 8)[2:]
    assert not any("You predicted" in one["sentence"] for one in seen[:7])
    assert all("your guess: 0.1 to 1" in one["pictures"][0]["marks"] for one in seen)
    # through "cakes" the price of cake gets its whole gradient, one step before the end
    assert seen[7]["sentence"].startswith("You predicted 0.1 to 1; it is above 1. Backward 3 of 4")
    moved = last(("move", {"guess": "0.1 to 1"}), SHOW, STEP, ("move", {"shift": 0.5}))
    assert "your guess" not in moved["pictures"][0]["marks"]
    assert moved["state"]["step"] == 0
    assert moved["state"]["values"]["cake"] == 4.5


def test_back_takes_one_step_back_and_rests_at_the_start():
    one, two, back, start = walk(GraphStepper, SHOW, STEP, STEP, BACK, BACK)[2:]
    assert back == one != two
    assert "back" in start["disabled"]
    assert start["state"]["step"] == 0


def test_playing_ends_with_all_gradients_and_pauses():
    seen = last(SHOW, ("press", "play"), ("tick", 10_000))
    assert not seen["playing"]
    assert seen["state"]["step"] == seen["state"]["steps"] == 8
    assert {"step", "play"} <= set(seen["disabled"])
    paused = last(SHOW, ("press", "play"), ("tick", 50), ("press", "play"), ("tick", 1000))
    assert paused["state"]["step"] == 1


def test_pointing_at_a_box_goes_to_its_step_in_the_same_direction():
    cakes, cake, beside = (("point", 0, x, y) for x, y in ((157, 190), (47, 160), (1, 1)))
    assert last(SHOW, cakes)["sentence"].startswith("Forward 2 of 4: cakes")
    backward, *others = walk(GraphStepper, SHOW, *[STEP] * 5, cakes, cake, beside)[-3:]
    assert "Backward 3 of 4, through cakes" in backward["sentence"]
    assert others == [backward, backward]  # neither a given box nor the ground is a step


def test_reset_is_the_start():
    changed = {"graph": "ReLU off", "shift": -1.0, "guess": "above 1"}
    start, *_, end = walk(
        GraphStepper, ("move", changed), SHOW, STEP, ("press", "play"), ("press", "reset")
    )
    assert end == start


@pytest.mark.parametrize("shift", [-2, 2])
@pytest.mark.parametrize("graph", GRAPHS)
def test_the_ends_of_the_slider_are_drawn(graph, shift):
    moved = ("move", {"graph": graph, "shift": shift})
    for seen in walk(GraphStepper, moved, SHOW, *[STEP] * 14):
        assert not any(word in str(seen) for word in ("NaN", "nan", "undefined", "Infinity", "∞"))
