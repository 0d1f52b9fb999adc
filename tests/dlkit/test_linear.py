"""Linear: its formula, its first weights, its errors, and what one unit can learn."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import ShapeError


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def linear(rng, inputs=3, outputs=2):
    return nn.Linear(inputs, outputs, rng=rng)


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


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((4,), "shape (N, 3), got (4,)"),
        ((3,), "pass x[None, :]"),
        ((3, 4), "try x.T"),
        ((2, 3, 1), "x.reshape(len(x), -1)"),
        ((4, 5), "another in_features"),
        ((2, 3, 4), "another in_features"),
        ((), "another in_features"),
    ],
)
def test_linear_explains_a_wrong_shape(shape, says, rng):
    with pytest.raises(ShapeError) as error:
        linear(rng).forward(np.ones(shape))
    assert says in str(error.value)


def test_each_step_of_a_sequence_gets_the_same_map(rng):
    """Scores at every step, as a language model has them, are those of each step by itself."""
    layer, x, dy = linear(rng), rng.normal(size=(5, 4, 3)), rng.normal(size=(5, 4, 2))
    assert np.allclose(layer(x), [layer(step) for step in x], rtol=1e-12)
    W, b = np.zeros((3, 2)), np.zeros(2)
    for step, dstep in zip(x, dy, strict=True):
        layer(step)
        layer.backward(dstep)
        W += layer.grads["W"]
        b += layer.grads["b"]
    layer(x)
    assert np.allclose(layer.backward(dy), dy @ layer.params["W"].T, rtol=1e-12)
    assert np.allclose(layer.grads["W"], W, rtol=1e-12)
    assert np.allclose(layer.grads["b"], b, rtol=1e-12)


def test_sequences_have_scores_and_a_loss_at_every_step(rng):
    model = nn.Sequential(
        nn.Embedding(4, 3, rng=rng), nn.LSTM(3, 5, rng=rng), nn.Linear(5, 4, rng=rng)
    )
    ids, loss = rng.integers(4, size=(6, 2)), nn.SoftmaxCrossEntropy()
    before = loss(model(ids), ids)
    for _ in range(60):
        model.backward(loss.backward())
        for name, gradient in model.grads.items():
            model.params[name] -= gradient
        after = loss(model(ids), ids)
    assert after < before / 2


def test_a_layer_says_what_it_holds(rng):
    assert repr(linear(rng)) == "Linear(W (3, 2), b (2,))"


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
