"""Activations: their values at the kinks and far out."""

import numpy as np

from dlkit import nn


def test_step_does_not_fire_at_zero():
    assert nn.Step()([-1, 0, 1e-9]).tolist() == [0, 0, 1]


def test_sigmoid_is_right_far_out():
    y = nn.Sigmoid()([-1e4, -40, 0, 40, 1e4])
    assert np.allclose(y, [0, np.exp(-40), 0.5, 1, 1], rtol=1e-12, atol=0)
