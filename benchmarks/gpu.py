"""What a GPU gives: the twins beside torch.nn on it, and from which size on a step is faster there.

    python benchmarks/gpu.py [--rounds 15]

Where there is no CUDA GPU it says so. Both tables are float32 without TF32; results are compared
before anything is timed. A step is forward, loss, backward, update; the CPU's uses all its cores.
"""

# isort: off
from layers import (
    ROWS,
    check,
    layer_runs,
    medians_ms,
)  # first, because it sets the number of threads

import os

import click
import torch

import networks
import recurrent
# isort: on

GOAL = 1.5


def in_time(run):
    """The same, ended only when the GPU has done it."""

    def timed():
        found = run()
        torch.cuda.synchronize()
        return found

    return timed


def twins(rounds):
    head = "ms on the GPU, forward and backward"
    print(f"{head:44}{'torch.nn':>10}{'torch_nn':>10}{'twin':>8}{'goal':>7}")
    for name, row in ROWS.items():
        runs = layer_runs(row, "cuda")
        check(runs)
        print_twin(f"{name} {row.shape}", runs, rounds)
    for name in recurrent.ROWS:
        print_twin(f"{name} (64, 64, 64) → 128", recurrent.recurrent_runs(name, "cuda"), rounds)


def print_twin(name, runs, rounds):
    known, twin = medians_ms([in_time(run) for run in runs[1:]], rounds)
    print(f"{name:44}{known:10.3f}{twin:10.3f}{twin / known:8.2f}{GOAL:7}")


def mlp_of(width):
    """Builders of an MLP 784-width-10, ours and torch's."""

    def build(p):
        draw = networks.rng()
        return p.Sequential(p.Linear(784, width, rng=draw), p.ReLU(), p.Linear(width, 10, rng=draw))

    n = torch.nn
    return build, lambda: n.Sequential(n.Linear(784, width), n.ReLU(), n.Linear(width, 10))


def sizes():
    """(name, builders, shape of x) of the steps, small to large."""
    for width in (16, 256, 1024, 4096, 16384):
        yield f"MLP 784-{width}-10, N 256", mlp_of(width), (256, 784)
    for N in (1, 16, 64, 256, 1024, 4096):
        yield f"LeNet-5, N {N}", (networks.lenet, networks.known_lenet), (N, 1, 28, 28)


def steps(rounds):
    print(f"\n{'ms a step of torch_nn':44}{'CPU':>10}{'GPU':>10}{'GPU / CPU':>11}")
    torch.set_num_threads(os.cpu_count())
    for name, builders, shape in sizes():
        on_cpu = networks.step_runs(*builders, shape)[2]
        on_gpu = networks.step_runs(*builders, shape, device="cuda")[2]
        check([on_cpu, on_gpu])
        cpu, gpu = medians_ms([on_cpu, in_time(on_gpu)], rounds)
        print(f"{name:44}{cpu:10.3f}{gpu:10.3f}{gpu / cpu:11.2f}")


@click.command(help=__doc__.splitlines()[0])
@click.option("--rounds", default=15, show_default=True)
def main(rounds):
    if not torch.cuda.is_available():
        print("No CUDA GPU here: nothing to measure.")
        return
    torch.backends.cudnn.allow_tf32 = False
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, {os.cpu_count()} CPU cores")
    twins(rounds)
    steps(rounds)


if __name__ == "__main__":
    main()
