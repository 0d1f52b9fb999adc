"""Training on several GPUs: one process each, the same model in all, gradients averaged.

One process, on the fastest device here:

    python -m dlkit.torch_nn.train_ddp --batch 64

One process for each of four GPUs of this machine; torchrun starts them and tells each its number:

    torchrun --standalone --nproc-per-node 4 -m dlkit.torch_nn.train_ddp --batch 16

Two machines of four GPUs each; run this on both, with the address of the first:

    torchrun --nnodes 2 --nproc-per-node 4 --rdzv-backend c10d --rdzv-endpoint ADDRESS:29500 \\
        -m dlkit.torch_nn.train_ddp --batch 8

What makes it the same training: all processes start from the same weights (the same seed; and
DistributedDataParallel copies those of process 0), draw the same order of examples, and take each
its own part of every batch. `--batch` is one process's part. DistributedDataParallel averages the
gradients during `backward`; since each part is equally large, that is the gradient of the whole
batch's mean loss. So two processes with `--batch 32` take the steps of one with `--batch 64`, but
for rounding. Two things would not be the same: batch normalisation, which sees only its own part
(unless it becomes torch.nn.SyncBatchNorm), and dropout, which draws apart in each process.

Without a GPU the processes share the CPU: that tests the script and saves no time.
"""

import argparse
import json
import os
from contextlib import contextmanager

import numpy as np
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from dlkit import datasets, torch_nn


@contextmanager
def process_group():
    """(rank, number of processes, device); a process that torchrun did not start is alone."""
    if "LOCAL_RANK" not in os.environ:
        yield 0, 1, torch_nn.default_device()
        return
    local_rank = int(os.environ["LOCAL_RANK"])
    gpus = torch.cuda.device_count() >= int(os.environ["LOCAL_WORLD_SIZE"])
    device = torch.device("cuda", local_rank) if gpus else torch.device("cpu")
    if gpus:
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if gpus else "gloo")
    try:
        yield distributed.get_rank(), distributed.get_world_size(), device
        # while all wait, gloo's threads can let go of the last tensors; one that does so while
        # Python ends aborts its process
        distributed.barrier()
    finally:
        distributed.destroy_process_group()


def lenet(seed, dtype, device):
    """A small LeNet for 8×8 digits, of dlkit's own layers; the same weights in every process."""
    place = {"rng": np.random.default_rng(seed), "dtype": dtype, "device": device}
    return torch_nn.Sequential(
        *(torch_nn.Conv2d(1, 16, 3, padding=1, **place), torch_nn.ReLU()),
        *(torch_nn.Conv2d(16, 32, 3, padding=1, **place), torch_nn.ReLU()),
        *(torch_nn.MaxPool2d(2), torch_nn.Flatten()),
        *(torch_nn.Linear(512, 64, **place), torch_nn.ReLU(), torch_nn.Linear(64, 10, **place)),
    )


def parts(N, batch, rank, processes, rng):
    """This process's rows of each batch of an epoch; what does not fill a whole batch is left."""
    whole = batch * processes
    order = rng.permutation(N)[: N // whole * whole]
    return order.reshape(-1, processes, batch)[:, rank]


def train(options, rank, processes, device):
    """The losses of all steps, means over all processes."""
    dtype = getattr(torch, options.dtype)
    (X, t), test = datasets.digits()
    X, t = torch.tensor(X, dtype=dtype, device=device), torch.tensor(t, device=device)
    model = lenet(options.seed, dtype, device)
    if processes > 1:
        model = DistributedDataParallel(model)
    loss, descent = torch_nn.SoftmaxCrossEntropy(), torch.optim.Adam(model.parameters(), options.lr)
    rng, losses = np.random.default_rng(options.seed), []
    for epoch in range(options.epochs):
        for rows in torch.from_numpy(parts(len(X), options.batch, rank, processes, rng)):
            rows = rows.to(device)
            value = loss(model(X[rows]), t[rows])
            descent.zero_grad()
            value.backward()
            descent.step()
            losses.append(mean_over_processes(value.detach(), processes))
        if rank == 0:
            print(f"epoch {epoch + 1}  loss {losses[-1]:.4f}  test {score(model, test):.1%}")
    return losses


def mean_over_processes(value, processes):
    """The mean of a number that each process has; to log it, since each saw its part alone."""
    if processes > 1:
        distributed.all_reduce(value)
    return value.item() / processes


@torch.no_grad()
def score(model, test):
    """The share of test digits that are read right; process 0 alone asks."""
    X, t = test
    model = getattr(model, "module", model)  # without the wrapper: the others do not take part
    W = next(model.parameters())
    return (
        model(torch.tensor(X, dtype=W.dtype, device=W.device)).argmax(1).cpu().numpy() == t
    ).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=64, help="examples of one process at a time")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    parser.add_argument("--losses", help="file for the losses of all steps, JSON")
    options = parser.parse_args()
    with process_group() as (rank, processes, device):
        losses = train(options, rank, processes, device)
        if rank == 0 and options.losses:
            with open(options.losses, "w", encoding="utf-8") as file:
                json.dump({"processes": processes, "device": str(device), "losses": losses}, file)


if __name__ == "__main__":
    main()
