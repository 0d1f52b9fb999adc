"""Recurrent layers: each step is the chapter's, states travel, layers and directions compose."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import ShapeError

LAYERS = {
    "RNN": (nn.RNN, {}),
    "GRU": (nn.GRU, {}),
    "GRU, reset after": (nn.GRU, {"reset_after": True}),
    "LSTM": (nn.LSTM, {}),
}
each_layer = pytest.mark.parametrize(("kind", "more"), LAYERS.values(), ids=LAYERS)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def built(kind, more, rng, D=3, H=2, **sizes):
    """A layer with random biases, too."""
    layer = kind(D, H, rng=rng, **sizes, **more)
    for value in layer.params.values():
        value += rng.normal(0, 0.5, size=value.shape)
    return layer


def states(layer, rng, N):
    return [rng.normal(size=state.shape) for state in layer.zero_states(N)]


def stepped(layer, x, firsts):
    """y and the last states, by the step functions."""
    now = [first[0] for first in firsts]
    p, y = layer.params, []
    for row in x:
        if isinstance(layer, nn.LSTM):
            now = nn.lstm_step(row, *now, p["Wx"], p["Wh"], p["b"])
        elif isinstance(layer, nn.GRU):
            now = [nn.gru_step(row, *now, p["Wx"], p["Wh"], p["b"], p.get("bh"))]
        else:
            now = [nn.rnn_step(row, *now, p["Wx"], p["Wh"], p["b"])]
        y.append(now[0])
    return np.array(y), [state[None] for state in now]


@each_layer
def test_a_layer_is_its_step_again_and_again(kind, more, rng):
    layer = built(kind, more, rng)
    x = rng.normal(size=(5, 4, 3))
    firsts = states(layer, rng, 4)
    y, *lasts = layer(x, *firsts)
    expected, now = stepped(layer, x, firsts)
    assert np.allclose(y, expected, rtol=1e-12, atol=1e-14)
    assert np.allclose(lasts, now, rtol=1e-12, atol=1e-14)
    assert np.array_equal(layer(x), layer(x, *layer.zero_states(4))[0])


def test_the_gates_of_an_lstm_stand_in_the_order_i_f_g_o():
    """Biases of ±40 force gates open and shut."""
    x, h, c, W = np.zeros((1, 1)), np.zeros((1, 1)), np.array([[2.0]]), np.zeros((1, 4))
    opened = 40.0

    def new(i, f, g, o):
        return [v.item() for v in nn.lstm_step(x, h, c, W, W, [i, f, g, o])]

    assert new(-opened, opened, opened, opened) == pytest.approx([np.tanh(2), 2])
    assert new(opened, -opened, opened, opened) == pytest.approx([np.tanh(1), 1])
    assert new(opened, -opened, -opened, opened) == pytest.approx([np.tanh(-1), -1])
    assert new(opened, opened, opened, -opened) == pytest.approx([0, 3])


def test_the_gates_of_a_gru_stand_in_the_order_r_z_n():
    x, h, Wx = np.zeros((1, 1)), np.array([[0.5]]), np.zeros((1, 3))
    Wh = np.array([[0.0, 0.0, 1.0]])

    def new(r, z, n, bh=None):
        return nn.gru_step(x, h, Wx, Wh, [r, z, n], bh).item()

    assert new(0, 40, 9) == pytest.approx(0.5)
    assert new(40, -40, 0.25) == pytest.approx(np.tanh(0.75))
    assert new(-40, -40, 0.25) == pytest.approx(np.tanh(0.25))
    # a bias that the reset gate shuts off, and one that it does not
    assert new(-40, -40, 0.25, [0, 0, 7]) == pytest.approx(np.tanh(0.25))
    assert new(40, -40, 0.25, [0, 0, 7]) == pytest.approx(np.tanh(7.75))


@each_layer
def test_a_sequence_in_two_parts_is_the_sequence(kind, more, rng):
    layer = built(kind, more, rng, num_layers=2)
    x = rng.normal(size=(7, 4, 3))
    firsts = states(layer, rng, 4)
    y, *lasts = layer(x, *firsts)
    half, *now = layer(x[:3], *firsts)
    rest, *now = layer(x[3:], *now)
    assert np.allclose(np.concatenate([half, rest]), y, rtol=1e-12, atol=1e-14)
    assert np.allclose(now, lasts, rtol=1e-12, atol=1e-14)


@each_layer
def test_the_second_direction_reads_from_the_end(kind, more, rng):
    layer = built(kind, more, rng, bidirectional=True)
    x = rng.normal(size=(5, 4, 3))
    y = layer(x)
    for part, ending, reverse in ((y[..., :2], "", 1), (y[..., 2:], "_reverse", -1)):
        alone = kind(3, 2, rng=rng, **more)
        for name in alone.params:
            alone.params[name][...] = layer.params[name + ending]
        assert np.allclose(part, alone(x[::reverse])[::reverse], rtol=1e-12, atol=1e-14)


@each_layer
def test_the_second_layer_reads_what_the_first_puts_out(kind, more, rng):
    layer = built(kind, more, rng, num_layers=2, bidirectional=True)
    first = kind(3, 2, bidirectional=True, rng=rng, **more)
    second = kind(4, 2, bidirectional=True, rng=rng, **more)
    for part, number in ((first, ""), (second, "_1")):
        for name, value in part.params.items():
            letters, _, ending = name.partition("_")
            value[...] = layer.params[letters + number + (f"_{ending}" if ending else "")]
    x = rng.normal(size=(5, 4, 3))
    assert np.allclose(layer(x), second(first(x)), rtol=1e-12, atol=1e-14)


@each_layer
def test_no_step_at_all_leaves_the_state(kind, more, rng):
    layer = built(kind, more, rng, num_layers=2, bidirectional=True)
    firsts = states(layer, rng, 4)
    y, *lasts = layer(np.zeros((0, 4, 3)), *firsts)
    assert y.shape == (0, 4, 4)
    assert np.array_equal(lasts, firsts)
    dlasts = states(layer, rng, 4)
    dx, *dfirsts = layer.backward(y, *dlasts)
    assert dx.shape == (0, 4, 3)
    assert np.array_equal(dfirsts, dlasts)
    assert not any(gradient.any() for gradient in layer.grads.values())


@each_layer
def test_a_last_state_without_a_gradient_has_zero(kind, more, rng):
    layer = built(kind, more, rng)
    y, *lasts = layer(rng.normal(size=(5, 4, 3)), *states(layer, rng, 4))
    alone = layer.backward(y)
    zeros = layer.backward(y, *(np.zeros_like(last) for last in lasts))
    assert len(alone) == 1 + len(lasts)
    assert all(np.array_equal(a, b) for a, b in zip(alone, zeros, strict=True))


@each_layer
def test_dx_is_left_out_where_nobody_needs_it(kind, more, rng):
    layer = built(kind, more, rng, num_layers=2)
    y = layer(rng.normal(size=(5, 4, 3)))
    layer.backward(y)
    expected = layer.grads
    layer.needs_dx = False
    assert layer.backward(y) is None
    assert all(np.array_equal(layer.grads[name], g) for name, g in expected.items())
    y, *_ = layer(np.zeros((5, 4, 3)), *states(layer, rng, 4))
    assert layer.backward(y)[0] is None


@each_layer
def test_the_wider_type_wins(kind, more, rng):
    layer = built(kind, more, rng).astype("float32")
    x = rng.normal(size=(5, 4, 3)).astype("float32")
    for state in (states(layer, rng, 4), [s.astype("float32") for s in states(layer, rng, 4)]):
        y, *lasts = layer(x, *state)
        assert {y.dtype, *(last.dtype for last in lasts)} == {state[0].dtype}


@each_layer
def test_gradients_of_first_states_are_not_rounded_to_another_type(kind, more, rng):
    layer = built(kind, more, rng)
    y, *_ = layer(rng.normal(size=(5, 4, 3)), *states(layer, rng, 4))
    dy = rng.normal(size=y.shape).astype("float32")
    for narrow, wide in zip(layer.backward(dy), layer.backward(dy.astype(float)), strict=True):
        assert narrow.dtype == wide.dtype == np.float64
        assert np.array_equal(narrow, wide)


@pytest.mark.parametrize("num_layers", [0, -1])
@each_layer
def test_there_is_at_least_one_layer(kind, more, num_layers, rng):
    with pytest.raises(ValueError, match=f"num_layers of 1 or more, got {num_layers}"):
        kind(3, 2, num_layers=num_layers, rng=rng, **more)


@each_layer
def test_backward_may_run_twice(kind, more, rng):
    layer = built(kind, more, rng)
    y = layer(rng.normal(size=(5, 4, 3)))
    dy = rng.normal(size=y.shape)
    dx, grads = layer.backward(dy), layer.grads
    assert np.array_equal(layer.backward(dy), dx)
    assert all(np.array_equal(layer.grads[name], g) for name, g in grads.items())


@each_layer
def test_first_weights_follow_the_seed(kind, more):
    layer, again = (kind(50, 100, rng=np.random.default_rng(3), **more) for _ in range(2))
    for name, value in layer.params.items():
        assert np.array_equal(value, again.params[name])
        if name.startswith("W"):
            assert 0.099 < np.abs(value).max() <= 0.1
            assert value.std() == pytest.approx(0.1 / np.sqrt(3), rel=0.05)
    forgets = layer.params["b"].reshape(-1, 100)[1] if kind is nn.LSTM else 0
    assert np.all(forgets == (kind is nn.LSTM))
    assert layer.params["b"].sum() == (100 if kind is nn.LSTM else 0)


@pytest.mark.parametrize(
    ("shape", "says"),
    [
        ((5, 3), r"x\[:, None\]"),
        ((4, 3, 5), "time, batch and features, in this order"),
        ((3,), "time, batch and features"),
    ],
)
@each_layer
def test_a_wrong_sequence_is_explained(kind, more, shape, says, rng):
    with pytest.raises(ShapeError, match=says):
        built(kind, more, rng)(np.ones(shape))


@each_layer
def test_wrong_states_are_explained(kind, more, rng):
    layer = built(kind, more, rng)
    x, first = np.ones((5, 4, 3)), layer.zero_states(4)
    with pytest.raises(ShapeError, match=r"expected h0 of shape \(1, 4, 2\), got \(4, 2\).*None"):
        layer(x, *(state[0] for state in first))
    with pytest.raises(ShapeError, match="got x and 3 states"):
        layer(x, *first[:1] * 3)
    y, *_ = layer(x, *first)
    with pytest.raises(ShapeError, match="backward expected dy alone, or with"):
        layer.backward(y, *(state[0] for state in first))


def test_an_lstm_has_two_states(rng):
    layer = built(nn.LSTM, {}, rng)
    with pytest.raises(ShapeError, match="x with h0 and c0, got x and 1 state"):
        layer(np.ones((5, 4, 3)), np.zeros((1, 4, 2)))
