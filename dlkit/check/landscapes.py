"""Functions of one array that give one number: landscapes whose gradient an exercise asks for."""

import numpy as np


def weighted_squares(weights):
    """x of the weights' shape -> the sum of w x²; its gradient is 2 w x."""
    return _of_shape(weights, lambda w, x: np.sum(w * x**2))


def cubic(weights):
    """x of the weights' shape -> the sum of w x³ plus (the sum of x)²: no entry is on its own."""
    return _of_shape(weights, lambda w, x: np.sum(w * x**3) + np.sum(x) ** 2)


def network_loss(x, t, W1):
    """W0 (H, D) -> ½ (σ(W1 · σ(W0 x)) − t)², for one input x (D,), weights W1 (H,), no biases."""
    any_weights = np.zeros((len(W1), len(x)))
    return _of_shape(any_weights, lambda _, W0: (_sigmoid(_sigmoid(W0 @ x) @ W1) - t) ** 2 / 2)


def _of_shape(weights, f):
    """x -> f(weights, x) as a float, for x of the weights' shape; one number may come as (1,)."""
    weights = np.asarray(weights, dtype=float)

    def checked(x):
        x = np.asarray(x, dtype=float)
        if weights.ndim == 0 and x.size == 1:
            x = x.reshape(())
        if x.shape != weights.shape:
            raise ValueError(f"f takes an x of shape {weights.shape}, and was given {x.shape}")
        return float(f(weights, x))

    return checked


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))
