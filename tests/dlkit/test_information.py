"""Entropies: known values, zeros, and the identity that ties the three together."""

import numpy as np
import pytest

from dlkit import nn
from dlkit.errors import ShapeError


def test_known_values_in_bits_and_in_nats():
    assert nn.self_information([1, 0.5, 0.125, 0]).tolist() == [0, 1, 3, np.inf]
    assert nn.self_information(np.exp(-2.0), base=np.e) == pytest.approx(2)
    assert nn.entropy([0.25] * 4) == 2
    assert nn.entropy([1, 0, 0]) == 0
    assert nn.kl_divergence([1, 0], [0.25, 0.75]) == 2
    assert nn.cross_entropy([0.5, 0.5], [0.25, 0.25]) == 2


def test_what_is_certain_has_no_information_and_no_sign():
    for nothing in (nn.self_information(1), nn.entropy([1, 0]), nn.kl_divergence([1], [1])):
        assert nothing == 0
        assert not np.signbit(nothing)


def test_what_cannot_be_coded_costs_infinitely_much():
    assert nn.kl_divergence([0.5, 0.5], [1, 0]) == np.inf
    assert nn.cross_entropy([0.5, 0.5], [1, 0]) == np.inf
    assert nn.kl_divergence([1, 0], [0.5, 0.5]) == 1


def test_cross_entropy_is_entropy_and_divergence():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(6), size=2)
    assert nn.cross_entropy(p, q) == pytest.approx(nn.entropy(p) + nn.kl_divergence(p, q))
    assert nn.kl_divergence(p, q) > 0
    assert nn.kl_divergence(p, q) != pytest.approx(nn.kl_divergence(q, p))


def test_softmax_cross_entropy_is_the_same_in_nats():
    z, t = np.random.default_rng(0).normal(size=(1, 4)), [2]
    p, q = nn.one_hot(t, 4)[0], nn.softmax(z)[0]
    assert nn.SoftmaxCrossEntropy()(z, t) == pytest.approx(nn.cross_entropy(p, q, base=np.e))


def test_what_is_no_distribution_is_refused():
    with pytest.raises(ValueError, match="probabilities from 0 to 1, got -1 to 2"):
        nn.entropy([-1, 2])
    with pytest.raises(ValueError, match="from 0 to 1, got nan to nan"):
        nn.entropy([np.nan, 0.5, 0.5])
    with pytest.raises(ShapeError, match=r"got \(2,\) and \(3,\)"):
        nn.kl_divergence([0.5, 0.5], [0.2, 0.3, 0.5])
    with pytest.raises(ShapeError, match=r"one shape \(K,\)"):
        nn.entropy([[0.5, 0.5]])
