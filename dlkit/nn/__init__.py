"""Layers written by hand in NumPy, with forward and backward passes; torch_nn has their twins."""

from dlkit.nn.container import Container
from dlkit.nn.layer import Layer
from dlkit.nn.linear import Linear
from dlkit.nn.losses import BinaryCrossEntropyWithLogits, Loss
from dlkit.nn.residual import Residual
from dlkit.nn.sequential import Sequential
from dlkit.nn.sigmoid import Sigmoid, sigmoid
from dlkit.nn.step import Step

__all__ = [
    "BinaryCrossEntropyWithLogits",
    "Container",
    "Layer",
    "Linear",
    "Loss",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Step",
    "sigmoid",
]
