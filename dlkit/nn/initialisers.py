"""Initialisers: what the weights are before training, drawn for a shape.

A shape is (D, M) for a matrix as in y = x W, or (C_out, C_in, kH, kW) for kernels. `n_in` and
`n_out` are the numbers of connections into and out of a unit, see `fans`. All return float64.
"""

import math

import numpy as np


def fans(shape):
    """(n_in, n_out): D and M of a matrix; C_in·kH·kW and C_out·kH·kW of kernels.

    Raises
    ------
    ValueError
        if the shape has fewer than two axes, or one of them has no entry.
    """
    if len(shape) < 2 or min(shape) < 1:
        raise ValueError(
            "expected the shape of weights, such as (D, M), all of them 1 or more, got "
            f"{tuple(shape)}."
        )
    if len(shape) == 2:
        return shape[0], shape[1]
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window


def zeros(shape, *, rng=None):
    """All 0: right for biases. As weights they would make all units of a layer the same."""
    return np.zeros(shape)


def normal(shape, std=0.01, *, rng):
    """N(0, std²)."""
    return rng.normal(0.0, std, size=shape)


def uniform(shape, limit=0.01, *, rng):
    """Uniform from −limit to limit; its standard deviation is limit / √3."""
    return rng.uniform(-limit, limit, size=shape)


def xavier_normal(shape, *, rng):
    """N(0, 2 / (n_in + n_out)): keeps the spread of tanh units, forward and backward.

    Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks,
    AISTATS.
    """
    n_in, n_out = fans(shape)
    return normal(shape, math.sqrt(2 / (n_in + n_out)), rng=rng)


def xavier_uniform(shape, *, rng):
    """Uniform with the deviation of `xavier_normal`: its limit is √(6 / (n_in + n_out))."""
    n_in, n_out = fans(shape)
    return uniform(shape, math.sqrt(6 / (n_in + n_out)), rng=rng)


def he_normal(shape, *, rng):
    """N(0, 2 / n_in): as ReLU cuts half of its input, the other half has twice the variance.

    He et al. 2015, Delving Deep into Rectifiers, arXiv:1502.01852, eq. 10.
    """
    n_in, _ = fans(shape)
    return normal(shape, math.sqrt(2 / n_in), rng=rng)


def he_uniform(shape, *, rng):
    """Uniform with the deviation of `he_normal`: its limit is √(6 / n_in)."""
    n_in, _ = fans(shape)
    return uniform(shape, math.sqrt(6 / n_in), rng=rng)


def orthogonal(shape, gain=1.0, *, rng):
    """A random matrix whose rows or columns (the shorter side) are orthonormal, times gain.

    Multiplying by a square one changes no length, which helps a recurrent layer's Wh. For kernels
    the matrix is (C_out, C_in·kH·kW).

    Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks, ICLR, arXiv:1312.6120.
    """
    fans(shape)
    rows, columns = shape[0], math.prod(shape[1:])
    tall = rng.normal(size=(max(rows, columns), min(rows, columns)))
    Q, R = np.linalg.qr(tall)
    Q = Q * np.sign(np.diag(R))  # without it the signs would not be drawn evenly
    return gain * (Q if rows >= columns else Q.T).reshape(shape)
