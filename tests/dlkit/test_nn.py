"""The NumPy layers: values, gradients beside central differences, and errors that name the slip."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import OrderError, ShapeError
from tests.dlkit.gradients import differences, wrong_gradients
from tests.dlkit.layer_cases import CASES, OTHER, covered


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def linear(rng, inputs=3, outputs=2):
    return nn.Linear(inputs, outputs, rng=rng)


def test_no_public_layer_is_missing_from_the_table():
    assert set(nn.__all__) - OTHER == covered()


@pytest.mark.parametrize(("build", "shape"), CASES.values(), ids=CASES)
def test_backward_matches_central_differences(build, shape, rng):
    assert wrong_gradients(build(nn, rng), rng.normal(size=shape), rng) == []


class _Broken(nn.Linear):
    def backward(self, dy):
        dx = super().backward(dy)
        return self.slip(self.grads, dx)


def _wrong_sign(grads, dx):
    grads["W"] = -grads["W"]
    return dx


def _mean_for_sum(grads, dx):
    grads["b"] = grads["b"] / 4
    return dx


def _one_entry(grads, dx):
    dx[2, 1] += 1e-4
    return dx


@pytest.mark.parametrize(
    ("slip", "name"), [(_wrong_sign, "W"), (_mean_for_sum, "b"), (_one_entry, "x")]
)
def test_the_gradient_check_finds_a_wrong_backward(slip, name, rng):
    layer = _Broken(3, 2, rng=rng)
    layer.slip = slip
    assert wrong_gradients(layer, rng.normal(size=(4, 3)), rng) == [name]


def test_linear_is_x_w_plus_b(rng):
    layer = linear(rng)
    layer.params["W"][...] = [[1, 2], [3, 4], [5, 6]]
    layer.params["b"][...] = [10, 20]
    assert layer([[1, 0, 2]]).tolist() == [[21, 34]]


def test_linear_weights_follow_the_seed_and_he(rng):
    again = linear(np.random.default_rng(0))
    layer = linear(rng)
    assert np.array_equal(layer.params["W"], again.params["W"])
    assert layer.params["b"].tolist() == [0, 0]
    big = linear(np.random.default_rng(1), 200, 400)
    assert big.params["W"].std() == pytest.approx(np.sqrt(2 / 200), rel=0.02)


def test_step_does_not_fire_at_zero():
    assert nn.Step()([-1, 0, 1e-9]).tolist() == [0, 0, 1]


def test_sigmoid_is_right_far_out():
    y = nn.Sigmoid()([-1e4, -40, 0, 40, 1e4])
    assert np.allclose(y, [0, np.exp(-40), 0.5, 1, 1], rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, list])
@pytest.mark.parametrize(("build", "shape"), CASES.values(), ids=CASES)
def test_layers_take_all_numbers_and_change_no_argument(build, shape, kind, rng):
    layer = build(nn, rng)
    x = rng.integers(-2, 3, size=shape)
    given = x.tolist() if kind is list else x.astype(kind)
    kept = x.copy()
    assert np.allclose(layer.forward(given), layer.forward(x.astype(float)), atol=1e-6)
    assert np.array_equal(np.asarray(given), kept)


def test_activations_keep_float32():
    x = np.ones((2, 3), dtype=np.float32)
    assert nn.Sigmoid()(x).dtype == nn.Step()(x).dtype == np.float32


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((4,), "shape (N, 3), got (4,)"),
        ((3,), "pass x[None, :]"),
        ((3, 4), "try x.T"),
        ((2, 4, 3), "x.reshape(len(x), -1)"),
        ((4, 5), "another in_features"),
    ],
)
def test_linear_explains_a_wrong_shape(shape, says, rng):
    with pytest.raises(ShapeError) as error:
        linear(rng).forward(np.ones(shape))
    assert says in str(error.value)


@pytest.mark.parametrize(("build", "shape"), CASES.values(), ids=CASES)
def test_backward_explains_order_and_shape(build, shape, rng):
    layer = build(nn, rng)
    with pytest.raises(OrderError, match="forward has not run yet"):
        layer.backward(np.ones(shape))
    y = layer.forward(rng.normal(size=shape))
    with pytest.raises(ShapeError, match="backward expected dy of shape"):
        layer.backward(np.ones((*y.shape, 1)))


def test_a_layer_says_what_it_holds(rng):
    assert repr(linear(rng)) == "Linear(W (3, 2), b (2,))"


def test_cross_entropy_is_minus_the_mean_log_likelihood(rng):
    z, t = rng.normal(size=(5, 1)), rng.uniform(size=(5, 1))
    p = 1 / (1 + np.exp(-z))
    expected = np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))
    assert nn.BinaryCrossEntropyWithLogits()(z, t) == pytest.approx(expected, rel=1e-12)


def test_cross_entropy_is_right_far_out():
    loss = nn.BinaryCrossEntropyWithLogits()
    assert loss([1e4, -1e4], [1, 0]) == 0
    assert loss([1e4, -1e4], [0, 1]) == 1e4
    assert loss.backward().tolist() == [0.5, -0.5]


def test_cross_entropy_gradient_matches_central_differences(rng):
    loss = nn.BinaryCrossEntropyWithLogits()
    z, t = np.append(rng.normal(size=5), 0.0), rng.uniform(size=6)
    expected = differences(lambda: loss.forward(z, t), z)
    loss.forward(z, t)
    assert np.allclose(loss.backward(), expected, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("z", "t", "says"),
    [
        ((4, 1), (4,), r"pass z\[:, 0\]"),
        ((4,), (4, 1), r"pass t\[:, 0\]"),
        ((4,), (3,), "One target for each entry"),
    ],
)
def test_cross_entropy_explains_a_wrong_shape(z, t, says):
    with pytest.raises(ShapeError, match=says):
        nn.BinaryCrossEntropyWithLogits().forward(np.ones(z), np.ones(t))


def test_cross_entropy_refuses_other_targets_and_order():
    loss = nn.BinaryCrossEntropyWithLogits()
    with pytest.raises(ValueError, match="got -1 to 1. Classes"):
        loss.forward([0.0, 0.0], [-1, 1])
    with pytest.raises(OrderError, match="forward has not run yet"):
        loss.backward()


def test_logistic_regression_learns_or_but_not_xor(rng):
    """The smooth perceptron on gates: gradient descent with these two classes is all it takes."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])

    def right(t):
        layer, loss = linear(rng, 2, 1), nn.BinaryCrossEntropyWithLogits()
        for _ in range(500):
            loss.forward(layer.forward(x), t)
            layer.backward(loss.backward())
            for name, gradient in layer.grads.items():
                layer.params[name] -= 1.0 * gradient
        return int(((layer.forward(x) > 0) == t).sum())

    assert right(np.array([[0], [1], [1], [1]])) == 4
    assert right(np.array([[0], [1], [1], [0]])) < 4
