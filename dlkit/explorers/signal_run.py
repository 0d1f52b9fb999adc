"""What twenty layers make of a signal: sizes forward and backward, computed by dlkit's layers."""

import functools
from dataclasses import dataclass

import numpy as np

from dlkit import nn
from dlkit.nn import initialisers

DEPTH, WIDTH, N = 20, 100, 50
# the batch goes in parts, one by one: so small a product is not dealt out to cores, which is slower
_PARTS = 2
ACTIVATIONS = {"tanh": nn.Tanh, "ReLU": nn.ReLU, "sigmoid": nn.Sigmoid}
INITS = {
    "zeros": initialisers.zeros,
    "normal, std 0.01": initialisers.normal,
    "normal, std 1": lambda shape, *, rng: initialisers.normal(shape, 1.0, rng=rng),
    "Xavier": initialisers.xavier_normal,
    "He": initialisers.he_normal,
    "orthogonal": initialisers.orthogonal,
}
_FLAT = {"tanh": 0.05, "sigmoid": 0.0125}  # a twentieth of the largest slope
_FADED, _GROWN = 0.1, 10  # size of the last layer's outputs beside the first one's


@dataclass(frozen=True)
class Signal:
    """Outputs of each layer, spreads of outputs and of gradients, the last layer's flat share."""

    outputs: list
    stds: list
    grad_stds: list
    flat: float

    @property
    def regime(self):
        """What becomes of the signal: it is faded, kept, exploded or saturated."""
        if self.flat > 0.5:
            return "saturated"
        if self.stds[-1] <= _FADED * self.stds[0]:
            return "faded"
        return "exploded" if self.stds[-1] > _GROWN * self.stds[0] else "kept"


def send(init, factor, activation, seed):
    """N normal inputs through all layers, and a normal gradient back.

    `grad_stds[l]` is the spread of the gradient by layer l's sums, l = 0 … DEPTH − 1.
    """
    x, dy, weights = _drawn(init, seed)
    x, dy = (a.reshape(_PARTS, -1, WIDTH) for a in (x, dy))
    layers = [ACTIVATIONS[activation]() for _ in range(DEPTH)]
    outputs = []
    for W, layer in zip(weights, layers, strict=True):
        x = layer(factor * (x @ W))  # the product is smaller than W
        outputs.append(x.reshape(N, WIDTH))
    slopes = layers[-1].backward(np.ones_like(x))
    flat = float((np.abs(slopes) < _FLAT[activation]).mean()) if activation in _FLAT else 0.0
    grad_stds = []
    for W, layer in zip(reversed(weights), reversed(layers), strict=True):
        ds = layer.backward(dy)
        grad_stds.append(float(ds.std()))
        dy = factor * (ds @ W.T)
    return Signal(outputs, [float(y.std()) for y in outputs], grad_stds[::-1], flat)


@functools.lru_cache(maxsize=8)
def _drawn(init, seed):
    """Inputs, gradient and first weights: to draw them takes as long as half of the way."""
    rng = np.random.default_rng(seed)
    x, dy = rng.normal(size=(N, WIDTH)), rng.normal(size=(N, WIDTH))
    return x, dy, [INITS[init]((WIDTH, WIDTH), rng=rng) for _ in range(DEPTH)]
