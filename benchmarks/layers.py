"""What a layer takes, forward and backward, beside torch's own: float32, one thread.

    python benchmarks/layers.py [--rounds 15] [--only Conv2d]

dlkit.nn, torch.nn and dlkit.torch_nn run in turn; a figure is the median of the rounds in
milliseconds, `nn` and `twin` the ratios of dlkit.nn's and torch_nn's to torch.nn's. Before that,
values and gradients of all three are compared. NumPy's products are OpenBLAS's: where
OPENBLAS_CORETYPE holds it to an older kind of processor than torch uses, the first line says so.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
import numpy as np
import torch

from dlkit import nn, torch_nn

LEAST_S = 0.02  # a round repeats what is shorter than this


@dataclass(frozen=True)
class Row:
    """A layer and its counterpart.

    build : (package) → layer of dlkit.nn or torch_nn, called with a module
    known : () → torch.nn's module
    copies : {torch's parameter: (ours, transposed)}
    shape : of x; x holds whole numbers below `ids` where that is given
    """

    build: Callable
    known: Callable
    shape: tuple
    copies: dict
    ids: int = 0
    goal: float | None = None


def rng():
    return np.random.default_rng(0)


LINEAR = {"weight": ("W", True), "bias": ("b", False)}
NORM = {"weight": ("gamma", False), "bias": ("beta", False)}
CONV = {"weight": ("W", False), "bias": ("b", False)}
HIDDEN, IMAGES = (256, 512), (32, 32, 16, 16)


def conv(shape, M, k, padding, goal):
    """The row of a convolution of images of this shape with M kernels of k×k."""
    C = shape[1]
    return Row(
        lambda p: p.Conv2d(C, M, k, padding=padding, rng=rng()),
        lambda: torch.nn.Conv2d(C, M, k, padding=padding),
        shape,
        CONV,
        goal=goal,
    )


def max_pool(shape):
    return Row(lambda p: p.MaxPool2d(2), lambda: torch.nn.MaxPool2d(2), shape, {}, goal=0.5)


ROWS = {
    "Linear 512 → 512": Row(
        lambda p: p.Linear(512, 512, rng=rng()), lambda: torch.nn.Linear(512, 512), HIDDEN, LINEAR
    ),
    "Sigmoid": Row(lambda p: p.Sigmoid(), torch.nn.Sigmoid, HIDDEN, {}),
    "Tanh": Row(lambda p: p.Tanh(), torch.nn.Tanh, HIDDEN, {}),
    "ReLU": Row(lambda p: p.ReLU(), torch.nn.ReLU, HIDDEN, {}),
    "LeakyReLU": Row(lambda p: p.LeakyReLU(), torch.nn.LeakyReLU, HIDDEN, {}),
    "GELU": Row(lambda p: p.GELU(), lambda: torch.nn.GELU(approximate="tanh"), HIDDEN, {}),
    "Softmax": Row(lambda p: p.Softmax(), lambda: torch.nn.Softmax(dim=-1), HIDDEN, {}),
    "Embedding 1000 × 64": Row(
        lambda p: p.Embedding(1000, 64, rng=rng()),
        lambda: torch.nn.Embedding(1000, 64),
        (64, 64),
        {"weight": ("W", False)},
        ids=1000,
    ),
    "LayerNorm": Row(lambda p: p.LayerNorm(512), lambda: torch.nn.LayerNorm(512), HIDDEN, NORM),
    "BatchNorm": Row(lambda p: p.BatchNorm(512), lambda: torch.nn.BatchNorm1d(512), HIDDEN, NORM),
    "BatchNorm, images": Row(
        lambda p: p.BatchNorm(32), lambda: torch.nn.BatchNorm2d(32), IMAGES, NORM
    ),
    "GroupNorm, images": Row(
        lambda p: p.GroupNorm(8, 32), lambda: torch.nn.GroupNorm(8, 32), IMAGES, NORM
    ),
    "Conv2d 64, 3×3, pad 1": conv((32, 64, 32, 32), 64, 3, 1, 1.3),
    "Conv2d 16, 5×5": conv((64, 6, 14, 14), 16, 5, 0, 1.2),
    "Conv2d 6, 5×5, pad 2": conv((64, 1, 28, 28), 6, 5, 2, 0.35),
    "MaxPool2d 2×2": max_pool((64, 6, 28, 28)),
    "MaxPool2d 2×2, large": max_pool((32, 64, 32, 32)),
}


def layer_runs(row, device="cpu"):
    """Three functions, for dlkit.nn, torch.nn and torch_nn; each returns [y, dx, gradients …].

    The last two compute on `device`.
    """
    draw = rng()
    x = draw.normal(size=row.shape).astype(np.float32)
    if row.ids:
        x = draw.integers(row.ids, size=row.shape)
    layer = row.build(nn).astype(np.float32)
    dy = draw.normal(size=layer(x).shape).astype(np.float32)
    layer = row.build(nn).astype(np.float32)
    known, twin = row.known(), row.build(torch_nn)
    torch_nn.copy_params(layer, twin)
    parameters = dict(known.named_parameters())
    with torch.no_grad():
        for name, (ours, transposed) in row.copies.items():
            W = layer.params[ours]
            parameters[name].copy_(torch.tensor(W.T if transposed else W))

    def run():
        y = layer(x)
        dx = layer.backward(dy)
        return [y, *([] if dx is None else [dx]), *layer.grads.values()]

    def on_tensors(module, turned):
        there = torch.tensor(x, device=device, requires_grad=not row.ids)
        module.to(device)

        def run():
            there.grad = None
            module.zero_grad()
            y = module(there)
            y.backward(torch_dy)
            gradients = [p.grad.T if turned(n) else p.grad for n, p in module.named_parameters()]
            return [y.detach(), *([] if row.ids else [there.grad]), *gradients]

        return run

    torch_dy = torch.tensor(dy, device=device)
    turned = {name for name, (_, transposed) in row.copies.items() if transposed}
    return [run, on_tensors(known, turned.__contains__), on_tensors(twin, lambda name: False)]


def check(runs):
    """Raise unless all return the same; three times, since a step changes the weights."""
    for _ in range(3):
        first, *others = [run() for run in runs]
        for other in others:
            for a, b in zip(first, other, strict=True):
                a, b = (np.asarray(torch.as_tensor(value).cpu()) for value in (a, b))
                np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4 * np.abs(a).max())


def medians_ms(runs, rounds):
    """The median milliseconds of each function; they run in turn."""
    found = [[] for _ in runs]
    repeats = []
    for run in runs:
        started = time.perf_counter()
        run()
        repeats.append(1 + int(LEAST_S / (time.perf_counter() - started)))
    for _ in range(rounds):
        for run, times, count in zip(runs, found, repeats, strict=True):
            started = time.perf_counter()
            for _ in range(count):
                run()
            times.append(1000 * (time.perf_counter() - started) / count)
    return [statistics.median(times) for times in found]


def print_row(name, runs, rounds, goal=None):
    """Check that all functions agree, then print their times and ratios."""
    check(runs)
    ours, known, twin = medians_ms(runs, rounds)
    print(
        f"{name:34}{ours:11.3f}{known:11.3f}{twin:11.3f}{ours / known:8.2f}{goal or '':>7}"
        f"{twin / known:8.2f}"
    )


def print_head():
    """One thread for torch, and the table's first lines."""
    torch.set_num_threads(1)
    if held := os.environ.get("OPENBLAS_CORETYPE"):
        print(f"OPENBLAS_CORETYPE={held}: NumPy's products use the instructions of that kind only.")
    print(
        f"{'ms':34}{'dlkit.nn':>11}{'torch.nn':>11}{'torch_nn':>11}{'nn':>8}{'goal':>7}{'twin':>8}"
    )


@click.command(help=__doc__.splitlines()[0])
@click.option("--rounds", default=15, show_default=True)
@click.option("--only", default="", help="Rows whose name holds this.")
def main(rounds, only):
    print_head()
    for name, row in ROWS.items():
        if only in name:
            print_row(f"{name} {row.shape}", layer_runs(row), rounds, row.goal)


if __name__ == "__main__":
    main()
