"""Cross-entropies from logits: the losses of two classes and of many."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float, as_integers
from dlkit.nn.losses import Loss, check_shapes, check_some
from dlkit.nn.one_hot import check_range
from dlkit.nn.sigmoid import sigmoid
from dlkit.nn.softmax import log_softmax


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
        if z and t have different shapes, or are empty.
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
        check_shapes(z.shape, t.shape, "BinaryCrossEntropyWithLogits")
        check_targets(t)
        self._kept = z, t
        return float(np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - z * t))

    def backward(self):
        z, t = self._cached()
        return (sigmoid(z) - t) / z.size


class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of a softmax, from its sums z (the logits) and the right labels t.

    loss = mean(−ln softmax(z)[t]) over the rows of z

    Shapes
    ------
    z, dz : (N, K), or with more axes in front, (T, N, K)      t : (N,), whole numbers 0 … K − 1
    loss : a float

    Gradients
    ---------
    dz = (softmax(z) − one_hot(t)) / number of rows: the gradient of the mean   [1, §4.3.4]

    Raises
    ------
    ShapeError
        if t has not one label for each row of z, or there is no row.
    DtypeError
        if the labels are not whole numbers.
    ValueError
        if a label is outside 0 … K − 1.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Bishop 2006, Pattern Recognition and Machine Learning, Springer.

    >>> loss = SoftmaxCrossEntropy()
    >>> round(loss.forward(np.zeros((2, 4)), [0, 3]), 6) == round(float(np.log(4)), 6)
    True
    """

    def forward(self, z, t):
        z, t = as_float(z), as_integers(t, "labels")
        check_labels(z.shape, t)
        log_p = log_softmax(z).reshape(-1, z.shape[-1])
        rows = np.arange(len(log_p))
        self._kept = log_p, rows, t.ravel(), z.shape
        return float(-np.mean(log_p[rows, t.ravel()]))

    def backward(self):
        log_p, rows, t, shape = self._cached()
        dz = np.exp(log_p)
        dz[rows, t] -= 1
        return (dz / len(rows)).reshape(shape)


def check_targets(t):
    """A ValueError with the likely slip, unless all targets are from 0 to 1."""
    if ((t < 0) | (t > 1)).any():
        raise ValueError(
            f"BinaryCrossEntropyWithLogits expected targets from 0 to 1, got {float(t.min()):g} to "
            f"{float(t.max()):g}. Classes −1 and 1 become (t + 1) / 2."
        )


def check_labels(z_shape, t):
    """An error with the likely slip, unless t has a label of 0 … K − 1 for each row of z."""
    z_shape, t_shape = tuple(z_shape), tuple(t.shape)
    name = "SoftmaxCrossEntropy"
    if not z_shape:
        raise ShapeError(f"{name} expected scores of shape (N, K), got one number.")
    check_some(z_shape, name)
    if z_shape[:-1] != t_shape:
        slip = "One label for each row."
        if z_shape == t_shape:
            slip = "The labels look one-hot: pass labels.argmax(axis=-1)."
        elif (*z_shape[:-1], 1) == t_shape:
            slip = "The labels are a column: pass labels[:, 0]."
        raise ShapeError(
            f"{name} expected labels of shape {z_shape[:-1]} for scores of shape {z_shape}, got "
            f"{t_shape}. {slip}"
        )
    check_range(t, z_shape[-1], "labels", "classes")
