"""Normalising to mean 0 and variance 1 over some axes: the heart of all four norm layers."""

import numpy as np


def normalise(x, axes, eps):
    """(x̂, mean, var, std): x̂ = (x − mean) / std with std = √(var + eps), over the axes.

    Mean, var (the mean square, divided by n) and std keep the axes with length 1.
    """
    mean = x.mean(axis=axes, keepdims=True)
    centred = x - mean
    var = np.square(centred).mean(axis=axes, keepdims=True)
    std = np.sqrt(var + eps)
    return centred / std, mean, var, std


def normalise_backward(dx_hat, x_hat, std, axes):
    """dx from dx̂. Mean and variance depend on x, too, hence the two means [1].

    dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / std

    References
    ----------
    [1] Ioffe & Szegedy 2015, Batch Normalization: Accelerating Deep Network Training by Reducing
        Internal Covariate Shift, ICML, arXiv:1502.03167, §3.
    """
    along = (dx_hat * x_hat).mean(axis=axes, keepdims=True)
    return (dx_hat - dx_hat.mean(axis=axes, keepdims=True) - x_hat * along) / std
