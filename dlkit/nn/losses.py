"""Losses: one number for a batch, and its gradient."""

import numpy as np

from dlkit.errors import OrderError, ShapeError
from dlkit.nn.layer import as_float
from dlkit.nn.sigmoid import sigmoid


class BinaryCrossEntropyWithLogits:
    """Cross-entropy of a sigmoid unit, from its sum z (the logit) and its target t.

    loss = mean(−t ln σ(z) − (1 − t) ln(1 − σ(z))) = mean(ln(e⁰ + eᶻ) − z t)

    `logaddexp` computes the second form without overflow. With z = x W + b this is logistic
    regression [1].

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

    def __init__(self):
        self._kept = None

    def __call__(self, z, t):
        return self.forward(z, t)

    def forward(self, z, t):
        """The loss of the batch."""
        z, t = as_float(z), np.asarray(t)
        check_shapes(z.shape, t.shape)
        check_targets(t)
        self._kept = z, t
        return float(np.mean(np.logaddexp(0, z) - z * t))

    def backward(self):
        """The gradient of the loss by z."""
        if self._kept is None:
            raise OrderError(
                "BinaryCrossEntropyWithLogits.backward needs the values that its forward stores, "
                "and forward has not run yet. Call loss.forward(z, t) first."
            )
        z, t = self._kept
        return (sigmoid(z) - t) / z.size


def check_shapes(z_shape, t_shape):
    """A ShapeError with the likely slip, unless both shapes are the same."""
    z_shape, t_shape = tuple(z_shape), tuple(t_shape)
    if z_shape == t_shape:
        return
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
