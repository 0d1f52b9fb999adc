"""A small LeNet for the digits of 8×8 pixels, with ready weights: what feature_maps looks into.

The weights are kept in a file (stored.py), so that every student sees the same maps.
"""

from importlib.resources import files

import numpy as np

FILE = "small_lenet.npz"
# before the fully connected ones: kernel, stride, padding, and how many layers of ours end there
LAYERS = {"C1": (3, 1, 1, 2), "S2": (2, 2, 0, 3), "C3": (3, 1, 1, 5), "S4": (2, 2, 0, 6)}


def network(rng):
    """C1, S2, C3, S4 as in LeNet-5, with smaller kernels, and two layers on top."""
    from dlkit import nn

    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2d(2)),  # C1, S2
        *(nn.Conv2d(6, 16, 3, padding=1, rng=rng), nn.ReLU(), nn.MaxPool2d(2)),  # C3, S4
        *(nn.Flatten(), nn.Linear(64, 32, rng=rng), nn.ReLU(), nn.Linear(32, 10, rng=rng)),
    )


def small_lenet():
    """The network with the ready weights, in float64."""
    model = network(np.random.default_rng(0))
    with np.load(files(__package__).joinpath(FILE)) as stored:
        for name, value in model.params.items():
            value[...] = stored[name]
    model.eval()
    return model


def maps_of(model, X):
    """What each of `LAYERS` puts out for images X (N, 1, 8, 8), after its ReLU, and the scores."""
    found, places = {}, {place - 1: name for name, (*_, place) in LAYERS.items()}
    for i, layer in enumerate(model.layers):
        X = layer(X)
        if i in places:
            found[places[i]] = X
    return found, X


def train():
    """The network, trained anew on the digits to learn from."""
    from dlkit import nn, optim
    from dlkit.datasets import digits
    from dlkit.training import fit

    rng = np.random.default_rng(2)
    model = network(rng)
    seen, _ = digits(dtype=np.float64)
    optimizer = optim.AdamW(model, lr=0.004, weight_decay=0.1)
    fit(model, nn.SoftmaxCrossEntropy(), optimizer, seen, epochs=30, rng=rng, progress=False)
    return model
