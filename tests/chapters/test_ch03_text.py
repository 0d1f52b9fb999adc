"""Chapter 3: the numbers that its text states beside its cells are recomputed here."""

import numpy as np
import pytest

from autograder.paths import SOLUTIONS
from dlkit.autograd import Value
from dlkit.explorers import learning_rate_explorer
from dlkit.explorers.graph_stepper import GRAPHS
from dlkit.nn import sigmoid
from tests.chapters.test_figures import load_script

X, T = np.array([0.35, 0.9]), 0.5
W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
NOTES = np.array([[0.09661944, 0.78985831], [0.39661944, 0.58985831]])
TEXT = (SOLUTIONS / "ch03_backprop" / "ch03_backprop.md").read_text("utf-8")


def example_loss(W0, W1):
    return (sigmoid(W1 @ sigmoid(W0 @ X)) - T) ** 2 / 2


# -- slopes and steps ----------------------------------------------------------------------------


def test_the_slopes_found_by_hand(right):
    low, high = (4 * x**2 for x in (1.9, 2.1))
    assert (low, high, (high - low) / 0.2) == pytest.approx((14.44, 17.64, 16))
    gradient = right["numerical_gradient"](lambda x: x[0] ** 2 + 3 * x[1], [2, 5])
    assert gradient == pytest.approx([4, 3])


def test_errors_fall_tenfold_on_one_side_and_hundredfold_on_both():
    for h in (0.1, 0.01):
        one_sided = [((1 + s) ** 3 - 1) / s - 3 for s in (h, h / 10)]
        central = [((1 + s) ** 3 - (1 - s) ** 3) / (2 * s) - 3 for s in (h, h / 10)]
        assert 9 < one_sided[0] / one_sided[1] < 11
        assert 99 < central[0] / central[1] < 101


def test_the_best_step_is_near_1e_5_and_gives_ten_digits(right):
    steps = 10.0 ** -np.arange(1, 16)
    errors = [abs(right["numerical_gradient"](np.exp, 1.0, h) - np.e) for h in steps]
    assert 1e-7 <= steps[np.argmin(errors)] <= 1e-4
    assert errors[4] < 1e-10 * np.e
    assert errors[-1] > 0.01


def test_in_float32_the_same_step_is_useless():
    h = np.float32(1e-5)
    up, down = np.exp(np.float32(1) + h), np.exp(np.float32(1) - h)
    assert abs((up - down) / (2 * h) - np.e) > 0.01


def test_the_gradient_is_steeper_than_its_largest_entry(right):
    d = right["steepest_direction"]([3, 4])
    assert d == pytest.approx([0.6, 0.8])
    assert np.array([3, 4]) @ d == pytest.approx(5)
    assert np.linalg.norm([6, -8]) == 10


def test_the_steps_found_by_hand(right):
    path = right["gradient_descent"](lambda x: 8 * x, 2.0, 0.1, 2)
    assert path == pytest.approx([2, 0.4, 0.08])
    assert 4 * path**2 == pytest.approx([16, 0.64, 0.0256])
    growing = 4 * right["gradient_descent"](lambda x: 8 * x, 2.0, 0.4, 3) ** 2
    assert growing == pytest.approx([16, 77.44, 374.8096, 1814.078464])
    assert growing[1:] / growing[:-1] == pytest.approx(4.84)


@pytest.mark.parametrize(("lr", "factor"), [(0.125, 0), (0.25, -1), (0.4, -2.2), (0.26, -1.08)])
def test_each_step_multiplies_by_the_same_number(right, lr, factor):
    path = right["gradient_descent"](lambda x: 8 * x, 2.0, lr, 3)
    assert path == pytest.approx(2 * float(factor) ** np.arange(4), abs=1e-12)


def test_the_explorer_starts_with_the_texts_parabola():
    values = learning_rate_explorer().widget.values
    assert {"surface": "bowl", "curvature": 8, "start": 2, "rate": 0.2}.items() <= values.items()
    assert 1 / 8 < values["rate"] < 2 / 8  # from side to side, and nearer


# -- graphs --------------------------------------------------------------------------------------


def test_the_network_for_digits_has_so_many_weights():
    sizes = (784, 100, 10)
    count = sum((d + 1) * m for d, m in zip(sizes[:-1], sizes[1:], strict=True))
    for number in (count, 2 * count):
        assert f"{number:,}" in TEXT


def test_the_couriers_gradients():
    price, km, fee, tip = map(Value, (2, 4, 3, 1.5))
    pay = (price * km + fee) * tip
    pay.backward()
    assert pay.data == 16.5
    assert [v.grad for v in (price, km, fee, tip)] == [6, 3, 1.5, 11]
    assert (0.1 * km.grad, 3**10) == (pytest.approx(0.3), 59_049)


def test_a_node_that_is_too_early_sends_2_in_the_place_of_14():
    x = Value(1.0)
    a = x * 2
    b = a * 3
    (a + b * 2).backward()
    assert (a.grad, x.grad) == (7, 14)
    a.backward()  # the direct part alone
    assert x.grad == 2


def test_the_stepper_has_the_graphs_that_the_text_speaks_of():
    asked, nodes = GRAPHS["a bill"]
    value = {node["name"]: node.get("value") for node in nodes}
    assert asked == "cake"
    assert value["pieces"] * value["tax"] == pytest.approx(2.4)
    assert value["tea"] * value["cups"] + value["cake"] * value["pieces"] == 14
    assert {"used twice", "ReLU off", "worked example"} < GRAPHS.keys()
    made = [(n["name"], n["op"], n["inputs"]) for n in GRAPHS["used twice"][1] if "op" in n]
    assert made == [("u", "×", ["x", "y"]), ("v", "×", ["x", "x"]), ("L", "−", ["u", "v"])]
    assert "Three paths end at x (two of them through x · x)" in TEXT
    assert sum(inputs.count("x") for _, _, inputs in made) == 3


def test_ten_sigmoids_let_less_than_a_millionth_back():
    assert 0.25**10 < 1e-6
    assert f"{sigmoid(10.0):.6f}" == "0.999955"


def test_the_layer_found_by_hand(right):
    dX, dW, db = right["dense_backward"]([[10, 0], [0, 100]], [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    assert dX.tolist() == [[50, 70], [600, 800]]
    assert dW.tolist() == [[10, 300], [20, 400]]
    assert db.tolist() == [10, 100]


def test_the_value_of_the_example():
    a, b = Value(2.0), Value(-3.0)
    L = (a * b + 1) ** 2
    L.backward()
    assert (a.grad, b.grad) == (30, -20)


# -- the worked example --------------------------------------------------------------------------


def test_every_number_of_the_worked_example(right):
    h = sigmoid(W0 @ X)
    y = sigmoid(W1 @ h)
    delta = (y - T) * y * (1 - y)
    stated = {
        "0.755": W0[0] @ X,
        "0.68 ": W0[1] @ X,
        "0.680267": h[0],
        "0.663739": h[1],
        "0.801445": W1 @ h,
        "0.690283": y,
        "0.190283": y - T,
        "0.018104": (y - T) ** 2 / 2,
        "0.213792": y * (1 - y),
        "0.040681": delta,
        "0.012204": delta * W1[0],
        "0.036613": delta * W1[1],
        "0.217504": h[0] * (1 - h[0]),
        "0.223190": h[1] * (1 - h[1]),
        "0.002654": delta * W1[0] * h[0] * (1 - h[0]),
        "0.008172": delta * W1[1] * h[1] * (1 - h[1]),
    }
    for words, number in stated.items():
        assert words in TEXT
        assert f"{number:.6f}".startswith(words.strip()), words
    result = right["worked_example"]()
    assert "(0.027674, 0.027002)" in TEXT
    assert np.round(result["dW1"], 6).tolist() == [0.027674, 0.027002]
    assert "((0.000929, 0.002389), (0.002860, 0.007354))" in TEXT
    assert np.round(result["dW0"], 6).tolist() == [[0.000929, 0.002389], [0.002860, 0.007354]]
    assert result["dW0"][1] / result["dW0"][0] == pytest.approx([3.08, 3.08], abs=0.01)


def test_the_example_after_the_step_and_central_differences_agree(right):
    result = right["worked_example"]()
    np.testing.assert_allclose(
        result["W0_new"], [[0.09907093, 0.79761096], [0.39713992, 0.59264552]], atol=5e-9
    )
    np.testing.assert_allclose(result["W1_new"], [0.27232597, 0.87299836], atol=5e-9)
    assert f"{result['error_after']:.4f}" == "0.1820"
    assert f"{result['error_after'] ** 2 / 2:.6f}" == "0.016565"
    measured = right["numerical_gradient"](lambda W0: example_loss(W0, W1), W0)
    assert right["relative_error"](measured, result["dW0"]) < 1e-7


def test_the_notes_fourth_digit():
    product = 0.190 * 0.690 * 0.310 * 0.680
    assert (f"{product:.6f}", f"{product:.5f}") == ("0.027636", "0.02764")


# -- the mistake behind a falling loss -----------------------------------------------------------


def test_a_silent_broadcast_gives_the_notes_eight_digits():
    row, hidden = X[None, :], sigmoid(W0 @ X)[:, None]
    y = sigmoid(W1 @ hidden)
    delta = (y - T) * y * (1 - y)
    product = (delta * W1[None, :]) * (hidden * (1 - hidden))
    assert product.shape == (2, 2)
    gradient = row @ product
    assert gradient.shape == (1, 2)
    assert np.round(W0 - gradient, 8).tolist() == NOTES.tolist()


def test_columns_and_the_other_order_give_the_right_gradient(right):
    row, hidden = X[None, :], sigmoid(W0 @ X)[:, None]
    y = sigmoid(W1 @ hidden)
    errors, slopes = ((y - T) * y * (1 - y) * W1)[None, :], hidden * (1 - hidden)
    product = errors.T * slopes
    assert "`product @ row_x`" in TEXT
    np.testing.assert_allclose(product @ row, right["worked_example"]()["dW0"])
    assert (row @ product).shape == (1, 1)  # columns alone are not enough
    with pytest.raises(ValueError, match="mismatch"):
        row @ (errors * slopes.T)  # nor are two rows


def test_the_loss_falls_further_with_the_wrong_step(right):
    result = right["worked_example"]()
    after = example_loss(NOTES, result["W1_new"]), example_loss(result["W0_new"], result["W1_new"])
    assert [f"{loss:.6f}" for loss in (example_loss(W0, W1), *after)] == [
        "0.018104",
        "0.016526",
        "0.016565",
    ]
    assert "The right loss, 0.016565, rounds to 0.0166; section 3.13 shows where 0.0165" in TEXT
    assert [f"{loss:.4f}" for loss in after] == ["0.0165", "0.0166"]


def test_the_notes_step_is_27_degrees_off_and_the_rows_have_the_ratio_of_W1(right):
    step, gradient = W0 - NOTES, right["worked_example"]()["dW0"]
    lengths = np.linalg.norm(step), np.linalg.norm(gradient)
    angle = np.degrees(np.arccos(np.sum(step * gradient) / np.prod(lengths)))
    assert (round(angle), round(lengths[0] / lengths[1], 1)) == (27, 1.8)
    assert step[:, 1] / step[:, 0] == pytest.approx([3, 3], rel=1e-5)
    assert X[1] / X[0] == pytest.approx(2.57, abs=0.005)


def test_the_audit_convicts_the_notes_and_acquits_a_right_step_uphill(right):
    places = [(0, 0), (0, 1), (1, 0), (1, 1)]
    audit = right["audit_step"]
    assert audit(lambda W: example_loss(W, W1), W0, NOTES, 1.0) == (True, places)
    assert audit(lambda x: 4 * x[0] ** 2, [2.0], [2 - 0.4 * 16], 0.4) == (False, [])


def test_the_figure_shows_the_same_step():
    script = load_script(SOLUTIONS / "ch03_backprop")
    assert script.NOTES.tolist() == NOTES.tolist()
    assert script.RATES.keys() == {0.01, 0.1, 0.26}
