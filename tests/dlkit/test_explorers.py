"""The explorers' Python side: they say and draw what dlkit computes, and the guess comes first."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from dlkit import nn
from dlkit.explorers import gate_playground, learning_run, perceptron_steps
from dlkit.gates import GATES, INPUTS

ALL = [gate_playground, perceptron_steps]


def shown(**values):
    """A gate playground past its prediction, with controls set."""
    explorer = gate_playground()
    explorer.press("show")
    explorer.move(**values)
    return explorer


def guessed(guess="3", **values):
    """Perceptron learning with the prediction made."""
    explorer = perceptron_steps()
    explorer.move(**values)
    explorer.move(guess=guess)
    return explorer


# -- both --


@pytest.mark.parametrize("make", ALL)
def test_the_still_picture_is_svg_with_words(make):
    root = ElementTree.fromstring(make().still())
    assert root.get("role") == "img"
    assert len(root.get("aria-label")) > 30
    assert root.find(".//{*}style") is not None


@pytest.mark.parametrize("make", ALL)
def test_every_picture_on_the_page_has_a_text_alternative(make):
    scene = make().widget.scene
    pictures = re.findall(r"<svg[^>]*>", scene)
    assert pictures
    assert all(re.search(r'role="img" aria-label="[^"]{20,}"', tag) for tag in pictures)
    assert scene.count("<caption>") == 1


@pytest.mark.parametrize("make", ALL)
def test_the_docstring_says_what_to_try(make):
    assert "What to try\n" in make.__doc__
    assert "Predict first" in make.__doc__


@pytest.mark.parametrize("make", ALL)
def test_it_displays_without_a_front_end(make):
    shell = InteractiveShell.instance()
    shell.user_ns["explorer"] = make()
    with capture_output() as captured:
        result = shell.run_cell("explorer")
    InteractiveShell.clear_instance()
    assert result.success
    still, live = (output.data for output in captured.outputs)
    assert "application/vnd.jupyter.widget-view+json" in live
    picture = re.search(
        r'<img alt="[^"]{20,}" src="data:image/svg\+xml;base64,([^"]+)"', still["text/html"]
    )
    ElementTree.fromstring(base64.b64decode(picture[1]))
    assert shell.user_ns["explorer"].widget.still in still["text/html"]


def test_the_still_picture_hides_nothing():
    assert "?" not in ElementTree.fromstring(gate_playground().still()).itertext()
    assert "Errors in each epoch: 2, 2" in perceptron_steps().still()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"w3": 1}, "has no control 'w3'; it has w1, w2, b"),
        ({"w1": 5}, "w1 goes from -2 to 2, got 5"),
        ({"w1": "1"}, "expected a number"),
        ({"w1": float("nan")}, "goes from"),
        ({"gate": "MAYBE"}, "gate is one of AND, NAND"),
        ({"guess": [1, 0, 0, 1]}, "list of 4 booleans"),
        ({"reset": True}, "use press"),
    ],
)
def test_a_wrong_move_is_explained_and_changes_nothing(values, says):
    explorer = gate_playground()
    before = explorer.state
    with pytest.raises(ValueError) as error:
        explorer.move(**values)
    assert says in str(error.value)
    assert explorer.state == before


def test_only_buttons_are_pressed():
    with pytest.raises(ValueError, match="no button"):
        gate_playground().press("w1")


# -- gate playground --


def test_outputs_are_those_of_dlkits_units():
    layer, step = nn.Linear(2, 1, rng=np.random.default_rng(0)), nn.Step()
    explorer = gate_playground()
    for w1, w2, b in np.random.default_rng(1).integers(-4, 5, size=(30, 3)) / 2:
        explorer.move(w1=float(w1), w2=float(w2), b=float(b))
        layer.params["W"][...], layer.params["b"][...] = [[w1], [w2]], b
        assert explorer.state["outputs"] == step(layer(INPUTS))[:, 0].tolist()


def test_a_sum_that_is_zero_on_paper_does_not_fire():
    assert 0.1 + 0.2 - 0.3 > 0
    assert shown(w1=0.1, w2=0.2, b=-0.3).state["outputs"] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"w1": 0.5, "w2": 0.5, "b": -0.7}, "4 of 4 rows right: this unit is AND."),
        (
            {"w1": 1.0, "w2": 1.0, "b": -0.5, "gate": "XOR"},
            "3 of 4 rows right for XOR; the line has (1, 1) on the wrong side.",
        ),
        (
            {"w1": 0.5, "w2": 0.5, "b": -0.2},
            "2 of 4 rows right for AND; the line has (0, 1) and (1, 0) on the wrong side.",
        ),
        (
            {"w1": 0.0, "w2": 0.0, "b": 1.0},
            "1 of 4 rows right for AND; no line crosses the picture: "
            "the unit fires everywhere in it.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_is_seen(values, sentence):
    assert shown(**values).state["sentence"] == sentence


def test_wrong_rows_are_marked_by_words_and_shape():
    scene = shown(w1=1.0, w2=1.0, b=-0.5, gate="XOR").widget.scene
    assert scene.count("✗ wrong") == scene.count("dlk-ring") == 1
    assert scene.count("✓ right") == 3


def test_nothing_is_shown_before_the_guess():
    explorer = gate_playground()
    explorer.move(w1=2.0)
    scene = explorer.widget.scene
    assert explorer.state["sentence"].startswith("Predict first")
    assert all(mark not in scene for mark in ("dlk-fires", "dlk-line", "✓", "✗", "gives"))
    assert explorer.state["best"] == {}


def test_the_guess_stands_beside_the_truth():
    explorer = gate_playground()
    explorer.move(w1=0.5, w2=0.5, b=-0.2, guess=[False, True, True, False])
    explorer.press("show")
    assert explorer.state["committed"] == [0, 1, 1, 0]
    assert explorer.state["sentence"].startswith("You predicted 3 of 4 outputs.")
    assert "your guess" in explorer.widget.scene
    explorer.move(b=-0.3)
    assert "your guess" not in explorer.widget.scene
    assert "dlk-fires" in explorer.widget.scene


def test_predict_again_hides_and_keeps_the_unit():
    explorer = shown(w1=-1.0)
    explorer.press("predict")
    assert explorer.state["hidden"]
    assert explorer.state["w1"] == -1.0
    assert explorer.state["guess"] == [False] * 4


def test_reset_is_the_start():
    explorer = shown(w1=-1.0, gate="XOR", b=2.0)
    explorer.press("reset")
    assert explorer.state == gate_playground().state


def test_the_best_so_far_is_kept_for_each_gate():
    explorer = shown(w1=1.0, w2=1.0, b=-0.5, gate="XOR")
    explorer.move(b=2.0)
    explorer.move(gate="OR")
    assert explorer.state["best"]["XOR"] == 3
    assert explorer.state["best"]["OR"] == 3


def test_fourteen_gates_can_be_built_with_the_sliders():
    explorer = shown()
    for w1 in (-1.0, 0.0, 1.0):
        for w2 in (-1.0, 0.0, 1.0):
            for b in (-1.5, -0.5, 0.5, 1.5):
                explorer.move(w1=w1, w2=w2, b=b)
                for gate in GATES:
                    explorer.move(gate=gate)
    short = {gate: best for gate, best in explorer.state["best"].items() if best < 4}
    assert len(GATES) == 16
    assert short == {"XOR": 3, "XNOR": 3}


# -- perceptron steps --


def reference(points, targets, lr, epochs=20):
    """The learning rule in other words, on arrays."""
    X, w, b, errors = np.array(points), np.zeros(2), 0.0, []
    while len(errors) < epochs and 0 not in errors:
        errors.append(0)
        for x, t in zip(X, targets, strict=True):
            e = t - float(x @ w + b > 0)
            w, b, errors[-1] = w + lr * e * x, b + lr * e, errors[-1] + abs(int(e))
    return w.tolist(), b, errors


@pytest.mark.parametrize("lr", ["0.25", "0.5", "1"])
@pytest.mark.parametrize("data", ["AND gate", "separable", "not separable"])
def test_the_run_is_the_learning_rule(data, lr):
    for seed in range(10):
        explorer = guessed(data=data, lr=lr, seed=seed)
        while "epoch" not in explorer.widget.disabled:
            explorer.press("epoch")
        state = explorer.state
        expected = reference(state["points"], state["targets"], float(lr))
        assert (list(state["w"]), state["b"], state["errors_per_epoch"]) == expected
        assert (state["errors_per_epoch"][-1] == 0) == (data != "not separable")


@pytest.mark.parametrize("seed", range(10))
def test_no_line_separates_the_points_that_are_called_so(seed):
    points, targets = learning_run.not_separable(seed)
    pairs = {t: [(p, q) for p in points for q in points if targets[points.index(p)] == t
                 and targets[points.index(q)] == t and p < q] for t in (0, 1)}  # fmt: skip
    middles = [{(p[0] + q[0], p[1] + q[1]) for p, q in pairs[t]} for t in (0, 1)]
    assert len(set(points)) == len(points)
    assert middles[0] & middles[1]  # a point between two of either class


def test_nothing_moves_before_the_guess():
    explorer = perceptron_steps()
    explorer.press("step")
    assert explorer.state["looked_at"] is None
    assert explorer.state["sentence"].startswith("Predict first")
    explorer.move(guess="2")
    explorer.press("step")
    assert explorer.state["looked_at"] == 0
    assert "guess" in explorer.widget.disabled


def test_a_step_shows_the_weights_before_and_after():
    explorer = guessed(data="AND gate")
    for _ in range(4):
        explorer.press("step")
    assert explorer.state["sentence"] == (
        "Point 4 at (1, 1) is of class 1; the unit said 0: wrong, "
        "so w becomes w plus x and b becomes b plus 1."
    )
    assert "<td>(0, 0), 0</td><td>(1, 1), 1</td>" in explorer.widget.scene
    explorer.press("step")
    assert explorer.state["sentence"].endswith("so w becomes w minus x and b becomes b minus 1.")
    assert "dlk-before" in explorer.widget.scene


@pytest.mark.parametrize(("guess", "end"), [("6", "predicted 6: right!"), ("4", "predicted 4.")])
def test_the_prediction_is_told_at_the_end(guess, end):
    explorer = guessed(guess)
    for _ in range(9):
        explorer.press("epoch")
    assert explorer.state["errors_per_epoch"] == [2, 2, 3, 2, 2, 0]
    assert explorer.state["sentence"].startswith("Epoch 6 had no error: w rests after 11 updates.")
    assert explorer.state["sentence"].endswith(end)
    assert "your guess" in explorer.widget.scene


def test_points_without_a_line_end_in_words():
    explorer = guessed("never", data="not separable")
    for _ in range(25):
        explorer.press("epoch")
    assert len(explorer.state["errors_per_epoch"]) == 20
    assert explorer.state["sentence"].endswith("You predicted never: right!")


def test_other_points_and_reset_start_again():
    explorer = guessed()
    explorer.press("epoch")
    explorer.move(seed=4)
    assert explorer.state["looked_at"] is None
    assert explorer.state["guess"] == "choose first"
    explorer.move(guess="2")
    explorer.press("epoch")
    explorer.press("reset")
    assert explorer.state["updates"] == 0
    assert explorer.state["seed"] == 4
