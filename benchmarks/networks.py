"""What a step of training takes, beside torch's own: forward, loss, backward, update.

    python benchmarks/networks.py [--rounds 15]

Read as the table of benchmarks/layers.py. An epoch is so many steps: 938 of 64 for 60 000 images.
"""

# isort: off
from layers import print_head, print_row  # first, because it sets the number of threads

import click
import numpy as np
import torch
# isort: on

from dlkit import nn, optim, torch_nn

SIZES = 784, 256, 10


def rng():
    return np.random.default_rng(0)


def mlp(p):
    draw, (D, H, K) = rng(), SIZES
    return p.Sequential(p.Linear(D, H, rng=draw), p.ReLU(), p.Linear(H, K, rng=draw))


def known_mlp():
    D, H, K = SIZES
    return torch.nn.Sequential(torch.nn.Linear(D, H), torch.nn.ReLU(), torch.nn.Linear(H, K))


def lenet(p):
    """LeNet-5 as it is taught today: ReLU, maxima, all maps joined, 28×28 pixels."""
    draw = rng()
    return p.Sequential(
        *(p.Conv2d(1, 6, 5, padding=2, rng=draw), p.ReLU(), p.MaxPool2d(2)),
        *(p.Conv2d(6, 16, 5, rng=draw), p.ReLU(), p.MaxPool2d(2), p.Flatten()),
        *(p.Linear(400, 120, rng=draw), p.ReLU(), p.Linear(120, 84, rng=draw), p.ReLU()),
        p.Linear(84, 10, rng=draw),
    )


def known_lenet():
    n = torch.nn
    return n.Sequential(
        *(n.Conv2d(1, 6, 5, padding=2), n.ReLU(), n.MaxPool2d(2)),
        *(n.Conv2d(6, 16, 5), n.ReLU(), n.MaxPool2d(2), n.Flatten()),
        *(n.Linear(400, 120), n.ReLU(), n.Linear(120, 84), n.ReLU(), n.Linear(84, 10)),
    )


def step_runs(build, build_known, shape, device="cpu"):
    """A step of the same network, three times, the last two on `device`; each returns [loss]."""
    draw = rng()
    x, t = draw.normal(size=shape).astype(np.float32), draw.integers(10, size=shape[0])
    model, twin, known = build(nn), build(torch_nn), build_known()
    model.astype(np.float32).needs_dx = False
    loss, update = nn.SoftmaxCrossEntropy(), optim.SGD(model, lr=0.01)
    with torch.no_grad():
        for p, ours in zip(known.parameters(), twin.parameters(), strict=True):
            p.copy_(ours.T if ours.ndim == 2 else ours)

    def run():
        value = loss(model(x), t)
        model.backward(loss.backward())
        update.step()
        return [np.float32(value)]

    def on_tensors(module, loss):
        module.to(device)
        there, labels = torch.tensor(x, device=device), torch.tensor(t, device=device)
        update = torch.optim.SGD(module.parameters(), lr=0.01)

        def run():
            update.zero_grad()
            value = loss(module(there), labels)
            value.backward()
            update.step()
            return [value.detach()]

        return run

    return [
        run,
        on_tensors(known, torch.nn.CrossEntropyLoss()),
        on_tensors(twin, torch_nn.SoftmaxCrossEntropy()),
    ]


@click.command(help=__doc__.splitlines()[0])
@click.option("--rounds", default=15, show_default=True)
def main(rounds):
    print_head()
    for N in (64, 256):
        name = f"MLP {'-'.join(map(str, SIZES))}, N {N}"
        print_row(name, step_runs(mlp, known_mlp, (N, SIZES[0])), rounds, goal=1.05)
    steps = step_runs(lenet, known_lenet, (64, 1, 28, 28))
    print_row("LeNet-5 on 28×28, N 64", steps, rounds, goal=1.0)


if __name__ == "__main__":
    main()
