"""Ready weights of a small network that reads the digits, so that it can be used before training.

python -m dlkit.datasets.ready_weights        (how they were made, in two seconds; an author's tool)
"""

from importlib.resources import files

import numpy as np

SIZES = (64, 32, 16, 10)


def digit_weights(*, dtype=np.float32):
    """The parameters of a network 64 → 32 → 16 → 10 with ReLU, trained on the digits to learn from.

    The first two layers end in a ReLU, the last one gives ten scores, the logits: the largest says
    which digit it is. Of the 360 digits to test with, none of which it has seen, it reads 351.

    Parameters
    ----------
    dtype : float type

    Returns
    -------
    list of three pairs (W, b)
        W (D_in, D_out) and b (D_out,), the first layer first; the caller's own.

    >>> [W.shape for W, b in digit_weights()]
    [(64, 32), (32, 16), (16, 10)]
    """
    with np.load(files(__package__).joinpath("digit_weights.npz")) as stored:
        return [(stored[f"W{i}"].astype(dtype), stored[f"b{i}"].astype(dtype)) for i in range(3)]


def train():
    """Train the network anew: {"W0": …, "b0": …, …}, from a fixed seed."""
    from dlkit import nn, optim
    from dlkit.datasets.digits import digits
    from dlkit.training import fit

    rng = np.random.default_rng(0)
    linear = [nn.Linear(d, m, rng=rng) for d, m in zip(SIZES, SIZES[1:], strict=False)]
    model = nn.Sequential(linear[0], nn.ReLU(), linear[1], nn.ReLU(), linear[2])
    optimizer = optim.AdamW(model, lr=0.005, weight_decay=0.05)
    seen, _ = digits(flat=True)
    fit(model, nn.SoftmaxCrossEntropy(), optimizer, seen, epochs=40, rng=rng, progress=False)
    named = {f"{key}{i}": layer.params[key] for i, layer in enumerate(linear) for key in "Wb"}
    return {name: value.astype(np.float32) for name, value in named.items()}


if __name__ == "__main__":
    np.savez_compressed(files(__package__).joinpath("digit_weights.npz"), **train())
