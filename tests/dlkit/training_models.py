"""A model with everything that a checkpoint must hold, and a run of fit on it."""

import numpy as np

from dlkit import nn, optim, training

EPOCHS = 6


def data(N=50):
    X = np.random.default_rng(3).normal(size=(N, 3))
    return X, (X[:, :1] * X[:, 1:2] > 0).astype(float)


def network(rng, package=nn, drop=nn.Dropout, **place):
    return package.Sequential(
        package.Linear(3, 8, rng=rng, **place),
        package.Sequential(package.Tanh(), drop(0.2, rng=np.random.default_rng(7))),
        package.BatchNorm(8, **place),
        package.Linear(8, 1, rng=rng, **place),
    )


def numpy_parts(seed=0):
    """(model, loss, optimizer, rng), the same for the same seed."""
    rng = np.random.default_rng(seed)
    model = network(rng)
    optimizer = optim.Adam(model, 0.05, weight_decay=1e-4)
    return model, nn.BinaryCrossEntropyWithLogits(), optimizer, rng


def torch_parts(seed=0):
    """The same in torch, with masks from a generator of NumPy, one of torch, and torch's own."""
    import torch

    from dlkit import torch_nn

    def drop(p, rng):
        return torch.nn.Sequential(
            torch_nn.Dropout(p, rng=rng),
            torch_nn.Dropout(p, rng=torch.Generator().manual_seed(seed)),
            torch.nn.Dropout(p),
        )

    torch.set_num_threads(1)  # how many share a sum decides its last bit
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = network(rng, torch_nn, drop, dtype=torch.float64)
    optimizer = torch.optim.AdamW(model.parameters(), 0.05)
    return model, torch_nn.BinaryCrossEntropyWithLogits(), optimizer, rng


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
