"""Update rules written out in full, schedules of the learning rate, and clipping of gradients."""

from dlkit.optim.adadelta import Adadelta, adadelta_step
from dlkit.optim.adagrad import AdaGrad, adagrad_step
from dlkit.optim.adam import Adam, adam_step
from dlkit.optim.adamw import AdamW
from dlkit.optim.clipping import clip_by_norm, clip_by_value
from dlkit.optim.momentum import Momentum, momentum_step
from dlkit.optim.nesterov import Nesterov, nesterov_step
from dlkit.optim.optimizer import Optimizer
from dlkit.optim.rmsprop import RMSprop, rmsprop_step
from dlkit.optim.schedules import (
    Constant,
    Cosine,
    Exponential,
    Inverse,
    Joined,
    Steps,
    WarmUp,
    cosine_decay,
    exponential_decay,
    inverse_decay,
    step_decay,
)
from dlkit.optim.sgd import SGD, sgd_step

__all__ = [
    "AdaGrad",
    "Adadelta",
    "Adam",
    "AdamW",
    "Constant",
    "Cosine",
    "Exponential",
    "Inverse",
    "Joined",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSprop",
    "SGD",
    "Steps",
    "WarmUp",
    "adadelta_step",
    "adagrad_step",
    "adam_step",
    "clip_by_norm",
    "clip_by_value",
    "cosine_decay",
    "exponential_decay",
    "inverse_decay",
    "momentum_step",
    "nesterov_step",
    "rmsprop_step",
    "sgd_step",
    "step_decay",
]
