"""Layers written by hand in NumPy, with forward and backward passes; torch_nn has their twins."""

from dlkit.nn.layer import Layer
from dlkit.nn.linear import Linear
from dlkit.nn.losses import BinaryCrossEntropyWithLogits
from dlkit.nn.sigmoid import Sigmoid
from dlkit.nn.step import Step

__all__ = ["BinaryCrossEntropyWithLogits", "Layer", "Linear", "Sigmoid", "Step"]
