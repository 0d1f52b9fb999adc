"""Losses: one number for a batch, and its gradient by what the network put out."""

import numpy as np

from dlkit.errors import ShapeError
from dlkit.nn.layer import as_float, kept


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


class MeanSquaredError(Loss):
    """loss = mean((y − t)²) over all entries: no ½, and not the sum over outputs.

    It is the negative log-likelihood of normal noise around y, up to scale and shift [1, §1.2.5].

    Shapes
    ------
    y, t, dy : any, all the same      loss : a float

    Gradients
    ---------
    dy = 2 (y − t) / number of entries

    Raises
    ------
    ShapeError
        if y and t have different shapes, or are empty.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Bishop 2006, Pattern Recognition and Machine Learning, Springer.

    >>> MeanSquaredError().forward([1.0, 2.0], [1.0, 4.0])
    2.0
    """

    def forward(self, y, t):
        y = as_float(y)
        t = as_float(t).astype(y.dtype, copy=False)
        check_shapes(y.shape, t.shape, "MeanSquaredError")
        self._kept = y - t
        return float(np.mean(np.square(self._kept)))

    def backward(self):
        difference = self._cached()
        return 2 * difference / difference.size


def check_shapes(scores_shape, targets_shape, name):
    """A ShapeError with the likely slip, unless both have one shape and at least one entry."""
    scores_shape, targets_shape = tuple(scores_shape), tuple(targets_shape)
    check_some(scores_shape, name)
    if scores_shape == targets_shape:
        return
    slip = "One target for each score."
    if scores_shape == (*targets_shape, 1):
        slip = "The scores are a column, the targets flat: pass scores[:, 0], or targets[:, None]."
    elif (*scores_shape, 1) == targets_shape:
        slip = "The targets are a column, the scores flat: pass targets[:, 0], or scores[:, None]."
    raise ShapeError(
        f"{name} expected targets of the shape of the scores, {scores_shape}, got "
        f"{targets_shape}. {slip}"
    )


def check_some(scores_shape, name):
    """A ShapeError for an empty batch: of nothing there is no mean."""
    if 0 in scores_shape:
        raise ShapeError(
            f"{name} expected at least one score, got scores of shape {tuple(scores_shape)}."
        )
