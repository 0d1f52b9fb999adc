"""The layers of dlkit.nn on torch tensors: the same names, and autograd does the backward pass."""

from dlkit.torch_nn.linear import Linear
from dlkit.torch_nn.losses import BinaryCrossEntropyWithLogits
from dlkit.torch_nn.residual import Residual
from dlkit.torch_nn.sequential import Sequential
from dlkit.torch_nn.sigmoid import Sigmoid
from dlkit.torch_nn.step import Step
from dlkit.torch_nn.tools import copy_params, default_device

__all__ = [
    "BinaryCrossEntropyWithLogits",
    "Linear",
    "Residual",
    "Sequential",
    "Sigmoid",
    "Step",
    "copy_params",
    "default_device",
]
