"""The size calculator, its module run under Node: its sizes are dlkit's, its fields where gradients
arrive."""

import re
from itertools import product

import numpy as np
import pytest

from dlkit import nn
from dlkit.explorers.size_calculator import STACKS, SizeCalculator
from dlkit.explorers.stills import call, drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node


def last(*steps):
    """What is seen after these steps."""
    return walk(SizeCalculator, *steps)[-1]


def some_stacks(how_many, rng):
    """Stacks of up to four layers that fit into 20 pixels."""
    stacks = []
    while len(stacks) < how_many:
        draws = rng.integers([1, 1, 0], [6, 4, 4], size=(rng.integers(1, 5), 3)).tolist()
        sizes = [20]
        for kernel, stride, padding in draws:
            sizes.append((sizes[-1] + 2 * padding - kernel) // stride + 1)
        if min(sizes) > 0:
            stacks.append(draws)
    return stacks


def network(layers):
    """Convolutions all of whose weights are 1."""
    rng = np.random.default_rng(0)
    convs = [nn.Conv2d(1, 1, k, stride=s, padding=p, rng=rng) for k, s, p in layers]
    for conv in convs:
        conv.params["W"][...] = 1.0
    return nn.Sequential(*convs)


def pixels_seen(layers, n, unit):
    """The rows of the input that have a gradient from one unit of the last layer."""
    net = network(layers)
    y = net.forward(np.zeros((1, 1, n, n)))
    dy = np.zeros_like(y)
    dy[0, 0, unit, unit] = 1.0
    return np.flatnonzero(net.backward(dy)[0, 0].any(axis=1)).tolist()


def test_sizes_are_dlkits():
    stacks = some_stacks(60, np.random.default_rng(1))
    jobs = [{"module": "fields", "call": ["levels", 20, layers]} for layers in stacks]
    for layers, levels in zip(stacks, drive(jobs), strict=True):
        sizes = [20]
        for kernel, stride, padding in layers:
            sizes.append(nn.conv_output_size(sizes[-1], kernel, padding, stride))
        assert [level["size"] for level in levels] == sizes
        assert network(layers).forward(np.zeros((1, 1, 20, 20))).shape[-1] == sizes[-1]


def test_a_unit_sees_the_pixels_that_have_a_gradient():
    jobs, expected = [], []
    for layers in some_stacks(40, np.random.default_rng(2)):
        size = network(layers).forward(np.zeros((1, 1, 20, 20))).shape[-1]
        for unit in {0, size // 2, size - 1}:
            jobs.append({"module": "fields", "call": ["dependsOn", 20, layers, unit]})
            expected.append(pixels_seen(layers, 20, unit))
    assert [levels[0] for levels in drive(jobs)] == expected
    assert [] in expected  # padding alone is among them
    assert any(rows and rows[-1] - rows[0] >= len(rows) for rows in expected)  # so are gaps


def test_the_field_and_the_step_are_what_units_amid_a_large_picture_see():
    for layers in some_stacks(12, np.random.default_rng(3)):
        n = 20
        while network(layers).forward(np.zeros((1, 1, n, n))).shape[-1] < 30:
            n *= 2
        middle = network(layers).forward(np.zeros((1, 1, n, n))).shape[-1] // 2
        here, next_one = (pixels_seen(layers, n, unit) for unit in (middle, middle + 1))
        level = call("fields", "levels", n, layers)[-1]
        assert level["field"] == here[-1] - here[0] + 1
        assert level["jump"] == next_one[0] - here[0]


def test_known_networks():
    sizes = {name: last(SHOW, ("move", {"stack": name}))["state"] for name in STACKS}
    assert sizes["LeNet-5"]["sizes"] == [32, 28, 14, 10, 5, 1]
    assert sizes["LeNet-5"]["fields"] == [1, 5, 6, 14, 16, 32]
    assert sizes["AlexNet's first five"]["sizes"] == [227, 55, 27, 27, 13, 13]
    assert sizes["three of 3 × 3"]["fields"][-1] == sizes["one of 7 × 7"]["fields"][-1] == 7


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"asked": "output size"},
            "Each unit of the last layer sees 32 × 32 pixels; there is only one. "
            "Unit 0 sees the whole picture. ",
        ),
        (
            {"stack": "one of 7 × 7"},
            "Each unit of the last layer sees 7 × 7 pixels; there are 16 × 16 of them, 1 pixel "
            "apart. Unit 8 sees pixels 5 to 11. ",
        ),
        (
            {"stack": "AlexNet's first five", "layers": 1, "stride": 3},
            "Each unit of the last layer sees 11 × 11 pixels; there are 73 × 73 of them, "
            "3 pixels apart. Unit 6 sees pixels 18 to 28. ",
        ),
        (
            {"layers": 1, "kernel": 1, "padding": 5},
            "Each unit of the last layer sees 1 × 1 pixels; there are 42 × 42 of them, 1 pixel "
            "apart. Unit 0 sees nothing but padding. ",
        ),
        (
            {"layers": 1, "stride": 2, "padding": 2},
            "Each unit of the last layer sees 5 × 5 pixels; there are 16 × 16 of them, 2 pixels "
            "apart. Unit 0 sees pixels 0 to 2 and looks over the edge. "
            "Layer 1 rounds down: a rest of 1 is left over.",
        ),
        (
            {"n": 16, "layers": 2, "stride": 4, "kernel": 3},
            "Each unit of the last layer sees 7 × 7 pixels; there are 2 × 2 of them, 8 pixels "
            "apart. Unit 0 sees 6 of the pixels 0 to 6. "
            "Layer 1's stride is larger than its kernel: pixels are skipped. "
            "Layer 1 rounds down: a rest of 1 is left over.",
        ),
        (
            {"layer": 4, "kernel": 11},
            "Layer 4 does not fit: a kernel of 11 is larger than 10 + 2·0 = 10.",
        ),
    ],
)
def test_the_sentence_says_what_is_seen(values, sentence):
    stack = {key: values[key] for key in values if key == "stack"}
    others = {key: values[key] for key in values if key != "stack"}
    assert last(SHOW, ("move", stack), ("move", others))["sentence"] == sentence


def test_nothing_is_given_away_before_the_guess():
    seen = last(("move", {"stack": "AlexNet's first five"}), ("press", "left"))
    assert seen["sentence"].startswith("Predict first")
    assert all(seen["state"][key] is None for key in ("sizes", "fields", "jump", "seen"))
    assert "side by side, field" not in str(seen["pictures"])
    assert "dlk-plus" not in str(seen["pictures"])
    words = [re.findall(">([^<]+)<", p["marks"]) + [p["alt"]] for p in seen["pictures"]]
    assert not any(size in f"{words}{seen['table']}" for size in ("55", "13", "99"))


def test_the_guess_is_about_what_is_asked():
    field = last(("move", {"guess": 32}), SHOW)
    assert field["sentence"].startswith("You predicted 32: right. ")
    assert "your guess of the receptive field: 32" in field["table"]
    size = last(("move", {"asked": "output size", "guess": 5}), SHOW, ("press", "left"))
    assert size["sentence"].startswith("You predicted 5; it is 1. ")
    moved = last(("move", {"guess": 32}), SHOW, ("move", {"kernel": 3}))
    assert "predicted" not in moved["sentence"]
    looked_at = last(("move", {"guess": 32}), SHOW, ("move", {"layer": 3}))
    assert looked_at["sentence"].startswith("You predicted 32: right. ")


def test_a_stack_that_does_not_fit_has_no_right_guess():
    seen = last(("move", {"n": 6}), SHOW)
    assert seen["sentence"].startswith("Layer 3 does not fit: a kernel of 5 is larger than 1")
    assert "predicted" not in seen["sentence"]
    assert not seen["state"]["fits"]
    assert "does not fit" in seen["table"]
    assert "does not fit" in seen["pictures"][0]["marks"]


def test_a_layer_is_chosen_and_changed():
    chosen, changed, back = walk(
        SizeCalculator,
        SHOW,
        ("move", {"layer": 2}),
        ("move", {"kernel": 3}),
        ("move", {"layer": 1}),
    )[2:]
    assert chosen["values"]["kernel"] == chosen["values"]["stride"] == 2
    assert chosen["values"]["stack"] == "LeNet-5"
    assert changed["values"]["stack"] == "your own"
    assert changed["state"]["stack_of_layers"][1] == [3, 2, 0]
    assert back["values"]["kernel"] == 5
    assert back["state"]["stack_of_layers"][1] == [3, 2, 0]


def test_python_may_choose_and_change_a_layer_in_one_move():
    seen = last(SHOW, ("move", {"layer": 4, "kernel": 3, "padding": 1}))
    assert seen["state"]["stack_of_layers"][3] == [3, 2, 1]
    assert seen["state"]["stack_of_layers"][0] == [5, 1, 0]


def test_fewer_layers_take_the_chosen_one_along():
    seen = last(SHOW, ("move", {"layer": 5}), ("move", {"layers": 2}))
    assert seen["values"]["layer"] == 2
    assert len(seen["state"]["stack_of_layers"]) == 2


def test_units_are_chosen_by_buttons_and_by_pointing():
    shown, left, right, edge = walk(
        SizeCalculator,
        SHOW,
        ("move", {"stack": "strides alone"}),
        ("press", "left"),
        ("press", "right"),
        ("point", 0, 9, 20),
    )[2:]
    assert shown["state"]["unit"] == right["state"]["unit"] == 2
    assert left["state"]["unit"] == 1
    assert edge["state"]["unit"] == 0
    assert last(SHOW, *[("press", "left")] * 9)["state"]["unit"] == 0
    hidden = walk(SizeCalculator, ("move", {"stack": "strides alone"}), ("point", 0, 9, 20))
    assert hidden[1]["state"]["unit"] == hidden[2]["state"]["unit"]


def test_reset_is_the_start():
    start, *_, end = walk(
        SizeCalculator,
        ("move", {"stack": "strides alone"}),
        ("move", {"kernel": 7, "guess": 9}),
        SHOW,
        ("press", "left"),
        ("press", "reset"),
    )
    assert end == start


def test_every_setting_is_drawn():
    steps = [SHOW]
    for n, layers, kernel, stride, padding in product((6, 227), (1, 6), (1, 11), (1, 4), (0, 5)):
        steps.append(("move", {"n": n, "layers": layers, "layer": layers}))
        steps.append(("move", {"kernel": kernel, "stride": stride, "padding": padding}))
    for seen in walk(SizeCalculator, *steps):
        assert not any(odd in str(seen) for odd in ("NaN", "undefined", "Infinity"))
