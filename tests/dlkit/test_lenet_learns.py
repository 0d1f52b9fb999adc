"""A small LeNet learns real digits in NumPy, and takes the same twenty steps in torch."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from dlkit import datasets, nn, optim


def lenet(package, seed, **place):
    """Two convolutions, one pooling, two layers on top: 8×8 pixels to 10 scores."""
    rng = np.random.default_rng(seed)
    return package.Sequential(
        package.Conv2d(1, 16, 3, padding=1, rng=rng, **place),
        package.ReLU(),
        package.Conv2d(16, 32, 3, padding=1, rng=rng, **place),
        package.ReLU(),
        package.MaxPool2d(2),
        package.Flatten(),
        package.Linear(512, 64, rng=rng, **place),
        package.ReLU(),
        package.Linear(64, 10, rng=rng, **place),
    )


@pytest.fixture(autouse=True)
def one_thread():
    """On matrices as small as these, threads that wait for each other cost more than they bring."""
    with threadpool_limits(1):
        yield


def test_a_small_lenet_reads_98_of_100_digits():
    """Weights that were kept from an earlier step would fail here, if nowhere else."""
    (X, t), (X_test, t_test) = datasets.digits()
    rng, model, loss = (
        np.random.default_rng(0),
        lenet(nn, 0).astype("float32"),
        nn.SoftmaxCrossEntropy(),
    )
    model.needs_dx = False
    descent, steps = optim.Adam(model, lr=2e-3), 12 * 45
    losses = []
    for epoch in range(12):
        for i, batch in enumerate(np.array_split(rng.permutation(len(X)), 45)):
            descent.lr = 2e-3 * (1 - (45 * epoch + i) / steps)
            losses.append(loss(model(X[batch]), t[batch]))
            model.backward(loss.backward())
            descent.step()
    model.eval()
    assert model(X_test).dtype == np.float32
    assert np.mean(losses[:10]) > 20 * np.mean(losses[-45:])
    assert (model(X_test).argmax(axis=1) == t_test).mean() >= 0.98


@pytest.mark.torch
def test_the_same_seed_gives_the_same_twenty_losses():
    pytest.importorskip("torch")
    (X, t), _ = datasets.digits(dtype=np.float64)
    batches = np.random.default_rng(1).permutation(len(X))[:640].reshape(20, 32)
    ours, others = _numpy_losses(X, t, batches), _torch_losses(X, t, batches)
    assert ours[-1] < 0.8 * ours[0]
    assert np.allclose(ours, others, rtol=1e-9)


def _numpy_losses(X, t, batches):
    model, loss = lenet(nn, 0), nn.SoftmaxCrossEntropy()
    descent = optim.Momentum(model, lr=0.05)
    losses = []
    for batch in batches:
        losses.append(loss(model(X[batch]), t[batch]))
        model.backward(loss.backward())
        descent.step()
    return losses


def _torch_losses(X, t, batches):
    import torch

    from dlkit import torch_nn

    model, loss = lenet(torch_nn, 0, dtype=torch.float64), torch_nn.SoftmaxCrossEntropy()
    descent = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for batch in batches:
        value = loss(model(torch.tensor(X[batch])), torch.tensor(t[batch]))
        descent.zero_grad()
        value.backward()
        descent.step()
        losses.append(value.item())
    return losses
