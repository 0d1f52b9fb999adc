"""Attention: weighted averages, masks, queries that see nothing, heads in their own columns."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import DtypeError, ShapeError


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def drawn(rng, *shapes):
    return [rng.normal(size=shape) for shape in shapes]


def test_attention_is_a_weighted_average_of_the_values():
    Q, K = np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[np.sqrt(2), 5.0], [0.0, 7.0]])
    out, weights = nn.attention(Q, K, np.array([[1.0], [3.0]]))
    p = np.exp(2) / (np.exp(2) + 1)  # the scores are 2 √2 / √2 = 2 and 0
    assert np.allclose(weights, [[p, 1 - p], [0.5, 0.5]], rtol=1e-12)
    assert np.allclose(out, [[p + 3 * (1 - p)], [2]], rtol=1e-12)


def test_what_is_hidden_has_no_weight(rng):
    Q, K, V = drawn(rng, (2, 3, 4), (2, 5, 4), (2, 5, 6))
    mask = rng.random((3, 5)) < 0.6
    mask[0] = [True, False, True, False, False]
    out, weights = nn.attention(Q, K, V, mask)
    assert np.all((weights > 0) == mask)
    assert np.allclose(weights.sum(axis=-1), 1)
    seen, _ = nn.attention(Q[:, :1], K[:, [0, 2]], V[:, [0, 2]])
    assert np.allclose(out[:, :1], seen, rtol=1e-12)


def test_a_query_with_nothing_to_see_gets_zeros_and_passes_none_on(rng):
    layer = nn.Attention()
    Q, K, V = drawn(rng, (3, 4), (5, 4), (5, 6))
    mask = np.ones((3, 5), dtype=bool)
    mask[1] = False
    mask[:, 4] = False
    out = layer(Q, K, V, mask)
    assert not out[1].any()
    assert not layer.weights[1].any()
    dQ, dK, dV = layer.backward(rng.normal(size=out.shape))
    assert not dQ[1].any()
    assert not dK[4].any()
    assert not dV[4].any()
    assert dQ[[0, 2]].all()
    assert dK[:4].all()
    assert dV[:4].all()


def test_no_key_at_all_gives_zeros(rng):
    out, weights = nn.attention(*drawn(rng, (3, 4), (0, 4), (0, 6)))
    assert out.tolist() == np.zeros((3, 6)).tolist()
    assert weights.shape == (3, 0)


def test_scores_far_out_are_right():
    out, weights = nn.attention([[1e6]], [[1e3], [-1e3]], [[1.0], [2.0]])
    assert weights.tolist() == [[1, 0]]
    assert out.tolist() == [[1]]


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        (((4,), (5, 4), (5, 6)), r"One query is Q\[None\]"),
        (((3, 4), (5, 2), (5, 6)), "queries and keys of one length"),
        (((3, 4), (5, 4), (2, 6)), "a value for each key"),
        (((2, 3, 4), (5, 4), (5, 6)), "np.broadcast_to"),
    ],
)
def test_shapes_that_do_not_fit_are_explained(shapes, says, rng):
    with pytest.raises(ShapeError, match=says):
        nn.attention(*drawn(rng, *shapes))


def test_a_mask_is_of_booleans_and_broadcasts(rng):
    QKV = drawn(rng, (2, 3, 4), (2, 5, 4), (2, 5, 6))
    with pytest.raises(DtypeError, match=r"got dtype float64.*mask == 0"):
        nn.attention(*QKV, np.zeros((3, 5)))
    for shape in ((5, 3), (2, 2, 5), (1, 2, 3, 5)):
        with pytest.raises(ShapeError, match="queries are its rows"):
            nn.attention(*QKV, np.ones(shape, dtype=bool))
    everything = nn.attention(*QKV)[0]
    for shape in ((), (5,), (3, 1), (2, 1, 5), (2, 3, 5)):
        assert np.array_equal(nn.attention(*QKV, np.ones(shape, dtype=bool))[0], everything)


def test_each_head_attends_in_its_own_columns(rng):
    layer = nn.MultiHeadAttention(6, 3, rng=rng)
    for value in layer.params.values():
        value += rng.normal(size=value.shape)
    x, p = rng.normal(size=(4, 1, 6)), layer.params
    Q, K, V = (x[:, 0] @ p[f"W{letter}"] + p[f"b{letter}"] for letter in "qkv")
    columns = [slice(0, 2), slice(2, 4), slice(4, 6)]
    heads = [nn.attention(Q[:, c], K[:, c], V[:, c]) for c in columns]
    expected = np.hstack([out for out, _ in heads]) @ p["Wo"] + p["bo"]
    assert np.allclose(layer(x)[:, 0], expected, rtol=1e-12)
    assert np.allclose(layer.weights[0], [weights for _, weights in heads], rtol=1e-12)


def test_a_step_that_sees_no_later_one_does_not_depend_on_it(rng):
    layer = nn.MultiHeadAttention(4, 2, rng=rng)
    x, mask = rng.normal(size=(5, 3, 4)), np.tril(np.ones((5, 5), dtype=bool))
    before = layer(x, mask=mask)
    x[3:] += 1
    after = layer(x, mask=mask)
    assert np.allclose(before[:3], after[:3], rtol=1e-12, atol=1e-14)
    assert not np.allclose(before[3:], after[3:])


def test_a_mask_may_differ_from_example_to_example(rng):
    layer = nn.MultiHeadAttention(4, 2, rng=rng)
    query, memory = drawn(rng, (3, 2, 4), (5, 2, 4))
    mask = rng.random((2, 3, 5)) < 0.5
    y = layer(query, memory, memory, mask)
    for n in range(2):
        alone = layer(query[:, [n]], memory[:, [n]], memory[:, [n]], mask[n])
        assert np.allclose(y[:, [n]], alone, rtol=1e-12, atol=1e-14)


def test_heads_share_the_features_evenly(rng):
    for heads in (4, 0, -2):
        with pytest.raises(ValueError, match="divide the 6 features"):
            nn.MultiHeadAttention(6, heads, rng=rng)


def test_first_weights_follow_the_seed_and_glorot():
    layer, again = (nn.MultiHeadAttention(96, 4, rng=np.random.default_rng(0)) for _ in range(2))
    for name, value in layer.params.items():
        assert np.array_equal(value, again.params[name])
        if name.startswith("W"):
            assert value.std() == pytest.approx(np.sqrt(2 / (2 * 96)), rel=0.03)
        else:
            assert not value.any()


@pytest.mark.parametrize(
    ("shapes", "says"),
    [
        (((3, 4),), r"x\[:, None\]"),
        (((3, 2, 5),), "time, batch and features, in this order"),
        (((3, 2, 4), (5, 2, 4), (6, 2, 4)), "come in pairs"),
        (((3, 2, 4), (5, 1, 4), (5, 1, 4)), "Is the batch first"),
    ],
)
def test_inputs_that_do_not_fit_are_explained(shapes, says, rng):
    with pytest.raises(ShapeError, match=says):
        nn.MultiHeadAttention(4, 2, rng=rng)(*drawn(rng, *shapes))


def test_key_and_value_come_together(rng):
    layer = nn.MultiHeadAttention(4, 2, rng=rng)
    x = np.ones((3, 2, 4))
    with pytest.raises(ShapeError, match="a query with key and value"):
        layer(x, x)
