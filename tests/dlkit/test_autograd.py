"""Value: right values and gradients for every operation and any graph, and a true drawing of it."""

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlkit.autograd import Value, graph_svg
from dlkit.autograd.graph import sources_first
from dlkit.autograd.layout import layout

STEP = 1e-6
OPERATIONS = {
    "add": (lambda a, b: a + b, (1.3, -0.4)),
    "add number": (lambda a: a + 2, (1.3,)),
    "number add": (lambda a: 2 + a, (1.3,)),
    "subtract": (lambda a, b: a - b, (1.3, -0.4)),
    "subtract number": (lambda a: a - 2, (1.3,)),
    "number subtract": (lambda a: 2 - a, (1.3,)),
    "multiply": (lambda a, b: a * b, (1.3, -0.4)),
    "multiply number": (lambda a: a * 3, (1.3,)),
    "number multiply": (lambda a: 3 * a, (1.3,)),
    "divide": (lambda a, b: a / b, (1.3, -0.4)),
    "divide number": (lambda a: a / 4, (1.3,)),
    "number divide": (lambda a: 4 / a, (1.3,)),
    "square": (lambda a: a**2, (-1.3,)),
    "root": (lambda a: a**0.5, (1.3,)),
    "inverse": (lambda a: a**-1, (-1.3,)),
    "negative": (lambda a: -a, (1.3,)),
    "exp": (lambda a: a.exp(), (1.3,)),
    "log": (lambda a: a.log(), (1.3,)),
    "tanh": (lambda a: a.tanh(), (1.3,)),
    "sigmoid": (lambda a: a.sigmoid(), (1.3,)),
    "sigmoid below 0": (lambda a: a.sigmoid(), (-1.3,)),
    "relu": (lambda a: a.relu(), (1.3,)),
    "relu below 0": (lambda a: a.relu(), (-1.3,)),
    "used twice": (lambda a: a * a, (1.3,)),
    "used by itself and by others": (lambda a, b: a * (a + b) / b - a.exp() * b, (1.3, -0.4)),
    "several paths": (lambda a, b: ((s := a * b).tanh() + s) * s - s, (0.7, -0.4)),
}


def gradients(f, numbers):
    """The gradients by Value, and by central differences of the same function."""
    inputs = [Value(x) for x in numbers]
    f(*inputs).backward()
    differences = []
    for i in range(len(numbers)):
        ends = [
            f(*(Value(x + side * STEP * (i == j)) for j, x in enumerate(numbers))).data
            for side in (1, -1)
        ]
        differences.append((ends[0] - ends[1]) / (2 * STEP))
    return [x.grad for x in inputs], differences


@pytest.mark.parametrize(("f", "numbers"), OPERATIONS.values(), ids=OPERATIONS)
def test_gradients_match_central_differences(f, numbers):
    found, expected = gradients(f, numbers)
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda a, b: a + b, 0.5),
        (lambda a, b: 7 - a, 5.0),
        (lambda a, b: a * b, -3.0),
        (lambda a, b: 1 / a, 0.5),
        (lambda a, b: b / a, -0.75),
        (lambda a, b: a**3, 8.0),
        (lambda a, b: -a, -2.0),
        (lambda a, b: a.exp(), math.e**2),
        (lambda a, b: a.log(), math.log(2)),
        (lambda a, b: b.tanh(), math.tanh(-1.5)),
        (lambda a, b: b.sigmoid(), 1 / (1 + math.exp(1.5))),
        (lambda a, b: b.relu(), 0.0),
        (lambda a, b: np.float64(3) * a, 6.0),
        (lambda a, b: np.float32(3) - a, 1.0),
        (lambda a, b: np.int64(3) / a, 1.5),
    ],
)
def test_an_operation_gives_the_right_value(f, expected):
    y = f(Value(2), Value(-1.5))
    assert isinstance(y, Value)
    assert isinstance(y.data, float)
    assert y.data == pytest.approx(expected, rel=1e-12)


@settings(max_examples=60)
@given(
    st.lists(st.floats(-1.5, 1.5), min_size=2, max_size=4),
    st.lists(st.tuples(*[st.integers(0, 99)] * 3), min_size=1, max_size=12),
)
def test_any_graph_has_the_gradients_of_central_differences(numbers, steps):
    def f(*inputs):
        known = list(inputs)
        for kind, i, j in steps:
            a, b = known[i % len(known)], known[j % len(known)]
            known.append([a + b, a - b, (a * b).tanh(), a.sigmoid(), 0.5 * b][kind % 5])
        return sum(known)

    found, expected = gradients(f, numbers)
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-5)


@pytest.mark.torch
def test_a_network_has_the_gradients_of_torch():
    torch = pytest.importorskip("torch")

    def loss(a, b, c):
        return (((a * b + c).tanh() * a).exp() + (b / c).sigmoid().log()) ** 2

    ours = [Value(x) for x in (0.3, -0.8, 1.7)]
    theirs = [torch.tensor(x.data, dtype=torch.float64, requires_grad=True) for x in ours]
    loss(*ours).backward()
    loss(*theirs).backward()
    assert [x.grad for x in ours] == pytest.approx([x.grad.item() for x in theirs], rel=1e-12)


def test_the_slope_at_the_corners_is_stated():
    for f, x, slope in [
        (Value.relu, 0.0, 0.0),
        (lambda v: v**0, 0.0, 0.0),
        (lambda v: v**0.5, 0.0, math.inf),
        (lambda v: v**1, 0.0, 1.0),
    ]:
        leaf = Value(x)
        f(leaf).backward()
        assert leaf.grad == slope


def test_sigmoid_does_not_overflow():
    assert [Value(x).sigmoid().data for x in (-1e4, 0, 1e4)] == [0.0, 0.5, 1.0]


def test_backward_sets_and_does_not_accumulate():
    x = Value(3.0)
    for _ in range(2):
        (x * x).backward()
    assert x.grad == 6.0


def test_gradients_of_values_on_the_way_are_kept():
    x = Value(2.0)
    s = x * 3
    (s * s).backward()
    assert (s.grad, x.grad) == (12.0, 36.0)


@pytest.mark.parametrize("nodes", [10_000, 100_000])
def test_a_deep_graph_needs_no_recursion(nodes):
    x = y = Value(1.0)
    for _ in range(nodes):
        y = y + x
    y.backward()
    assert x.grad == nodes + 1
    assert y._repr_svg_() is None
    assert y._repr_html_() is None
    with pytest.raises(ValueError, match=f"has {nodes + 1} nodes, and a drawing of more than 100"):
        graph_svg(y)
    del y  # freeing it must not recurse either


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (lambda: Value("2"), TypeError, "expected one number, got str"),
        (lambda: Value(None), TypeError, "expected one number, got NoneType"),
        (lambda: Value(1j), TypeError, "expected one number, got complex"),
        (lambda: Value(np.complex128(1)), TypeError, "expected one number, got complex"),
        (lambda: Value(np.ones(3)), TypeError, r"ndarray of shape \(3,\): make one Value of each"),
        (lambda: Value([1, 2]), TypeError, "got list: make one Value of each"),
        (lambda: Value(Value(1)), TypeError, "it is one already"),
        (lambda: Value(1) + "2", TypeError, "expected one number, got str"),
        (lambda: Value(1) ** Value(2), TypeError, r"write \(n \* x.log\(\)\).exp\(\)"),
        (lambda: Value(-8) ** 0.5, ValueError, "a fractional power needs x ≥ 0"),
        (lambda: Value(0).log(), ValueError, "needs a number above 0"),
        (lambda: Value(-1).log(), ValueError, "needs a number above 0"),
        (lambda: 1 / Value(0), ZeroDivisionError, "division by zero"),
        (lambda: Value(1000).exp(), OverflowError, "range error"),
    ],
)
def test_what_is_no_number_is_refused(wrong, error, says):
    with pytest.raises(error, match=says):
        wrong()


def neuron():
    x, w = Value(2.0, name="x"), Value(-3.0, name="w<1>")
    s = x * w + 6.5
    s.name = "s"
    return s.sigmoid()


def texts(svg):
    root = ElementTree.fromstring(svg)
    return root, [e.text for e in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_drawing_has_each_name_operation_value_and_gradient():
    y = neuron()
    y.backward()
    _, words = texts(graph_svg(y))
    assert [w for w in words if not w.startswith(("data", "grad"))] == [
        "x", "w<1>", "×", "+", "s", "sigmoid",
    ]  # fmt: skip
    assert [w for w in words if w.startswith("data")] == [
        "data 2", "data −3", "data −6", "data 6.5", "data 0.5", "data 0.6225",
    ]  # fmt: skip
    assert "grad −0.705" in words
    assert words.count("grad 0.235") == 3


def test_the_drawing_says_in_words_what_it_shows():
    y = neuron()
    root, _ = texts(graph_svg(y))
    assert root.get("role") == "img"
    assert root.get("aria-label") == (
        "Computational graph of 6 values. x: data 2, gradient 0. w<1>: data −3, gradient 0. "
        "× of x and w<1>, data −6, gradient 0. data 6.5, gradient 0. "
        "s: + of −6 and 6.5, data 0.5, gradient 0. sigmoid of s, data 0.6225, gradient 0."
    )
    assert re.match(
        r'<img alt="Computational graph of 6 values\. [^"]+" src="data', y._repr_html_()
    )
    assert y._repr_svg_() == graph_svg(y)


def boxes(svg):
    root = ElementTree.fromstring(svg)
    rects = root.iter("{http://www.w3.org/2000/svg}rect")
    corners = [
        [float(r.get(k)) for k in ("x", "y", "width", "height")]
        for r in rects
        if r.get("class") == "dlk-off"
    ]
    return root, corners


@settings(max_examples=40)
@given(st.lists(st.tuples(*[st.integers(0, 99)] * 2), min_size=0, max_size=20))
def test_no_box_covers_another_or_leaves_the_picture(steps):
    known = [Value(1.0), Value(2.0)]
    for i, j in steps:
        known.append(known[i % len(known)] * known[-1 - j % len(known)])
    root, corners = boxes(graph_svg(known[-1]))
    width, height = float(root.get("width")), float(root.get("height"))
    for k, (x, y, w, h) in enumerate(corners):
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        for a, b, c, d in corners[:k]:
            assert x >= a + c or a >= x + w or y >= b + d or b >= y + h


def test_a_value_stands_right_of_what_it_was_computed_from_and_wires_pass_no_box():
    x = Value(1.0)
    near = x * 2
    far = ((near + 1) + 1) + x
    order = sources_first(far)
    places, wires = layout(order, 10)
    assert all(places[s][0] < places[n][0] for n in order for s in n.inputs)
    assert all(places[end][0] - places[start][0] == 1 for start, end, _ in wires)
    assert len(set(places.values())) == len(places)


def test_a_value_says_what_it_holds():
    assert repr(Value(2.5)) == "Value(data=2.5, grad=0)"
    assert repr(Value(-1, name="w")) == "Value('w', data=-1, grad=0)"


def test_a_notebook_shows_the_drawing_and_of_a_large_graph_the_text():
    from IPython.core.formatters import DisplayFormatter

    shown, _ = DisplayFormatter().format(neuron())
    assert set(shown) == {"text/plain", "text/html", "image/svg+xml"}
    large = sum((Value(1.0) for _ in range(100)), Value(0.0))
    shown, _ = DisplayFormatter().format(large)
    assert shown == {"text/plain": "Value(data=100, grad=0)"}
