"""Sequential: layers one after another, each fed with what the one before put out."""

from dlkit.nn.container import Container


class Sequential(Container):
    """The composition of its layers: y = fₙ(… f₁(f₀(x))).

    `model[0]` is the first layer, `len(model)` their number; parameters are called "0.W", "2.b".

    Parameters
    ----------
    *layers : Layer
        In the order in which x passes them; each stands there once.

    Shapes
    ------
    x, dx : of the first layer      y, dy : of the last

    Gradients
    ---------
    dx = the layers' `backward`, from the last to the first: the chain rule   [1, §6.5]

    Raises
    ------
    ValueError
        if a layer stands there twice.
    ShapeError, OrderError
        as the layers do.

    References
    ----------
    [1] Goodfellow, Bengio & Courville 2016, Deep Learning, MIT Press.

    >>> import numpy as np
    >>> from dlkit import nn
    >>> rng = np.random.default_rng(0)
    >>> model = nn.Sequential(nn.Linear(3, 4, rng=rng), nn.Sigmoid(), nn.Linear(4, 2, rng=rng))
    >>> model(np.ones((5, 3))).shape
    (5, 2)
    >>> list(model.params)
    ['0.W', '0.b', '2.W', '2.b']
    """

    def __init__(self, *layers):
        super().__init__({str(i): layer for i, layer in enumerate(layers)})
        self.layers = layers

    def __getitem__(self, i):
        return self.layers[i]

    def __len__(self):
        return len(self.layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, dy):
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
            if dy is None:  # nobody below learns
                return None
        return dy

    def _first_parts(self):
        """Up to the first layer that learns: those below it have nothing to do with a gradient."""
        for layer in self.layers:
            yield layer
            if layer.params:
                return
