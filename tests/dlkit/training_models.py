"""A model with everything that a checkpoint must hold, and a run of fit on it."""

import numpy as np

from dlkit import nn, optim, training

EPOCHS = 6


class Noise(nn.Layer):
    """Adds noise in training and keeps a running mean: a generator and a buffer of its own."""

    def __init__(self, rng):
        super().__init__()
        self.rng = rng
        self.buffers = {"mean": np.zeros(())}

    def forward(self, x):
        if not self.training:
            return x - self.buffers["mean"]
        self.buffers["mean"] = np.asarray(0.9 * self.buffers["mean"] + 0.1 * x.mean())
        return x + self.rng.normal(0, 0.1, size=x.shape)

    def backward(self, dy):
        return dy


def data(N=50):
    X = np.random.default_rng(3).normal(size=(N, 3))
    return X, (X[:, :1] * X[:, 1:2] > 0).astype(float)


def network(rng, package=nn, noise=Noise, **place):
    return package.Sequential(
        package.Linear(3, 8, rng=rng, **place),
        package.Sequential(package.Sigmoid(), noise(np.random.default_rng(7))),
        package.Linear(8, 1, rng=rng, **place),
    )


def numpy_parts(seed=0):
    """(model, loss, optimizer, rng), the same for the same seed."""
    rng = np.random.default_rng(seed)
    model = network(rng)
    optimizer = optim.Adam(model, 0.05, weight_decay=1e-4)
    return model, nn.BinaryCrossEntropyWithLogits(), optimizer, rng


def torch_parts(seed=0):
    import torch

    from dlkit import torch_nn

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = network(rng, torch_nn, _torch_noise, dtype=torch.float64)
    optimizer = torch.optim.AdamW(model.parameters(), 0.05)
    return model, torch_nn.BinaryCrossEntropyWithLogits(), optimizer, rng


def _torch_noise(rng):
    """Three generators: torch's own, one of NumPy, one of torch; and a buffer."""
    import torch

    class TorchNoise(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.rng, self.own = rng, torch.Generator()
            self.drop = torch.nn.Dropout(0.1)
            self.register_buffer("mean", torch.zeros((), dtype=torch.float64))

        def forward(self, x):
            if not self.training:
                return x - self.mean
            self.mean.mul_(0.9).add_(0.1 * x.detach().mean())
            drawn = torch.rand(x.shape, generator=self.own) + torch.as_tensor(rng.random(x.shape))
            return self.drop(x + 0.1 * drawn)

    return TorchNoise()


PARTS = {"numpy": numpy_parts, "torch": torch_parts}


def run(parts, epochs, history=None, **more):
    """fit these parts with schedule, clipping, metrics and validation; the history."""
    model, loss, optimizer, rng = parts
    return training.fit(
        model,
        loss,
        optimizer,
        data(),
        epochs=epochs,
        rng=rng,
        batch_size=16,
        validation=data(20),
        metrics={"accuracy": training.binary_accuracy},
        schedule=optim.WarmUp(1, then=optim.Cosine(0.05, total=EPOCHS)),
        clip_norm=1.0,
        history=history,
        progress=False,
        **more,
    )


def go_on(kind, source, target):
    """In a process of its own: load `source`, train to the end, save as `target`."""
    parts = PARTS[kind](seed=99)  # other weights and generators, which loading replaces
    model, _, optimizer, rng = parts
    history = training.load_checkpoint(source, model, optimizer, rng)
    history = run(parts, EPOCHS, history)
    training.save_checkpoint(target, model, optimizer, rng, history)
