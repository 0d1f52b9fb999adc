"""Step: the threshold of the perceptron, 1 where the sum is above 0."""

import numpy as np

from dlkit.nn.layer import Layer, as_float


class Step(Layer):
    """The threshold unit's activation: y = 1 where x > 0, else 0 [1].

    A sum of exactly 0 does not fire.

    Shapes
    ------
    x, dx, y, dy : any, all the same

    Gradients
    ---------
    dx = 0. The function is flat on both sides of its jump, and `backward` says 0 at the jump too:
    nothing can be learned through it by following a slope, which is why the sigmoid replaces it.

    Raises
    ------
    ShapeError
        if dy is not the shape of the last y.
    OrderError
        if `backward` runs before `forward`.

    References
    ----------
    [1] McCulloch & Pitts 1943, A logical calculus of the ideas immanent in nervous activity,
        Bulletin of Mathematical Biophysics.

    >>> Step().forward(np.array([-1.0, 0.0, 0.5]))
    array([0., 0., 1.])
    """

    def forward(self, x):
        x = as_float(x)
        y = (x > 0).astype(x.dtype)
        self._kept = y.shape
        return y

    def backward(self, dy):
        dy = self._checked_dy(dy, self._cached())
        return np.zeros_like(dy)
