"""Dropout: in training each entry is left out by chance, so that no unit relies on another."""

from dlkit.nn.layer import Layer, as_float


class Dropout(Layer):
    """In training y = x · mask: 0 with probability p, else x / (1 − p) [1].

    Dividing by the probability to keep leaves the mean of y what it was, so that evaluation has
    nothing to scale: there y = x ("inverted" dropout; in [1] evaluation multiplies by 1 − p).

    Parameters
    ----------
    p : float
        Probability to leave an entry out, 0 ≤ p < 1.
    rng : numpy.random.Generator
        Source of the masks: a new one for every forward in training.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = dy · mask, the mask of the last forward; dx = dy in evaluation

    Raises
    ------
    ValueError
        if p is outside [0, 1).
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, Dropout: A Simple Way to
        Prevent Neural Networks from Overfitting, JMLR.

    >>> import numpy as np
    >>> y = Dropout(0.5, rng=np.random.default_rng(0)).forward(np.ones(1000))
    >>> sorted(set(y.tolist()))
    [0.0, 2.0]
    """

    def __init__(self, p=0.5, *, rng):
        super().__init__()
        self.p = checked_probability(p)
        self.rng = rng

    def forward(self, x):
        x = as_float(x)
        if not self.training:
            self._kept = x.shape, None
            return x
        drawn = self.rng.random(x.shape, dtype="float32")  # the same for float32 and float64
        mask = (drawn >= self.p).astype(x.dtype) / (1 - self.p)
        self._kept = x.shape, mask
        return x * mask

    def backward(self, dy):
        shape, mask = self._cached()
        dy = self._checked_dy(dy, shape)
        return dy if mask is None else dy * mask


def checked_probability(p):
    """p as a float, or a ValueError with the likely slip unless 0 ≤ p < 1."""
    if not 0 <= p < 1:
        slip = " Percent? Divide by 100." if 1 < p < 100 else ""
        raise ValueError(
            f"Dropout expected p, the probability to leave an entry out, in [0, 1), got {p}.{slip}"
        )
    return float(p)
