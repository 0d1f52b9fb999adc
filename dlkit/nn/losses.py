"""Losses: one number for a batch, and its gradient."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float, kept
from dlkit.nn.sigmoid import sigmoid


class Loss:
    """loss = forward(scores, targets), a float; then dscores = backward(), its gradient."""

    def __init__(self):
        self._kept = None

    def __call__(self, scores, targets):
        return self.forward(scores, targets)

    def __repr__(self):
        return f"{type(self).__name__}()"

    def forward(self, scores, targets):
        """The mean loss of the batch; keeps what `backward` needs."""
        raise NotImplementedError

    def backward(self):
        """The gradient of the mean loss by the scores."""
        raise NotImplementedError

    def _cached(self):
        return kept(self._kept, type(self).__name__, "loss.forward(scores, targets)")


class BinaryCrossEntropyWithLogits(Loss):
    """Cross-entropy of a sigmoid unit, from its sum z (the logit) and its target t.

    loss = mean(−t ln σ(z) − (1 − t) ln(1 − σ(z))) = mean(ln(1 + eᶻ) − z t)

    where ln(1 + eᶻ) = max(z, 0) + ln(1 + e^−|z|), which cannot overflow. With z = x W + b this is
    logistic regression [1].

    Shapes
    ------
    z, t, dz : any, all the same      loss : a float      t between 0 and 1

    Gradients
    ---------
    dz = (σ(z) − t) / number of entries: the gradient of the mean   [1, §4.3.2]

    Raises
    ------
    ShapeError
        if z and t have different shapes.
    ValueError
        if a target is outside [0, 1].
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Bishop 2006, Pattern Recognition and Machine Learning, Springer.

    >>> loss = BinaryCrossEntropyWithLogits()
    >>> round(loss.forward(np.array([0.0, 0.0]), np.array([0, 1])), 6)
    0.693147
    """

    def forward(self, z, t):
        z = as_float(z)
        t = as_float(t).astype(z.dtype, copy=False)
        check_shapes(z.shape, t.shape)
        check_targets(t)
        self._kept = z, t
        return float(np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - z * t))

    def backward(self):
        z, t = self._cached()
        return (sigmoid(z) - t) / z.size


def check_shapes(z_shape, t_shape):
    """A ShapeError with the likely slip, unless both shapes are the same."""
    z_shape, t_shape = tuple(z_shape), tuple(t_shape)
    if z_shape == t_shape:
        return check_some(z_shape, "BinaryCrossEntropyWithLogits")
    slip = "One target for each entry of z."
    if z_shape == (*t_shape, 1):
        slip = "z is a column and t is flat: pass z[:, 0], or t[:, None]."
    elif (*z_shape, 1) == t_shape:
        slip = "t is a column and z is flat: pass t[:, 0], or z[:, None]."
    raise ShapeError(
        f"BinaryCrossEntropyWithLogits expected t of the shape of z, {z_shape}, got {t_shape}. "
        f"{slip}"
    )


def check_targets(t):
    """A ValueError with the likely slip, unless all targets are from 0 to 1."""
    if ((t < 0) | (t > 1)).any():
        raise ValueError(
            f"BinaryCrossEntropyWithLogits expected targets from 0 to 1, got {float(t.min()):g} to "
            f"{float(t.max()):g}. Classes −1 and 1 become (t + 1) / 2."
        )


def check_some(shape, name):
    """A ShapeError for an empty batch: nothing has no mean."""
    if 0 in shape:
        raise ShapeError(f"{name} expected at least one example, got scores of shape {shape}.")
