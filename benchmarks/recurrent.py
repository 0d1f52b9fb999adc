"""What a recurrent layer takes, forward and backward, beside torch's own: float32, one thread.

    python benchmarks/recurrent.py [--rounds 15]

Ours and torch's run in turn; a figure is the median of the rounds, with the fastest round behind
it, in milliseconds, and the ratio that of the medians. Before that, values and gradients of both
are compared. NumPy's products are OpenBLAS's: where OPENBLAS_CORETYPE holds it to an older kind of
processor than torch uses, the first line says so.
"""

import os

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import statistics
import time

import click
import numpy as np
import torch

from dlkit import nn, torch_nn

T = N = D = 64
H = 128
ROWS = {  # name: layer of dlkit, its options, goal
    "LSTM": ("LSTM", {}, 1.3),
    "GRU, reset after (torch's form)": ("GRU", {"reset_after": True}, 0.9),
    "GRU, reset before": ("GRU", {}, 0.9),
    "RNN": ("RNN", {}, None),
}


def ours(name, options, x, dy):
    """(layer, a function that runs it forward and backward and returns (y, dx, dWh))."""
    layer = getattr(nn, name)(D, H, rng=np.random.default_rng(0), **options).astype(np.float32)

    def run():
        y = layer(x)
        return y, layer.backward(dy), layer.grads["Wh"]

    return layer, run


def torch_s_own(name, layer, x, dy, device="cpu"):
    """The same of torch.nn, with the layer's parameters."""
    module = getattr(torch.nn, name)(D, H)
    zeros = torch.zeros_like(module.bias_hh_l0)
    with torch.no_grad():
        module.weight_ih_l0.copy_(torch.tensor(layer.params["Wx"].T))
        module.weight_hh_l0.copy_(torch.tensor(layer.params["Wh"].T))
        module.bias_ih_l0.copy_(torch.tensor(layer.params["b"]))
        module.bias_hh_l0.copy_(torch.tensor(layer.params["bh"]) if name == "GRU" else zeros)
    dWh = lambda: module.weight_hh_l0.grad.T  # noqa: E731
    return on_tensors(lambda x: module(x)[0], module, dWh, x, dy, device)


def twin(name, options, layer, x, dy, device="cpu"):
    """The same of dlkit.torch_nn."""
    module = getattr(torch_nn, name)(D, H, rng=np.random.default_rng(0), **options)
    torch_nn.copy_params(layer, module)
    return on_tensors(module, module, lambda: module.Wh.grad, x, dy, device)


def on_tensors(forward, module, dWh, x, dy, device):
    module.to(device)
    x = torch.tensor(x, device=device, requires_grad=True)
    dy = torch.tensor(dy, device=device)

    def run():
        x.grad = None
        module.zero_grad()
        y = forward(x)
        y.backward(dy)
        return y.detach(), x.grad, dWh()

    return run


def times_ms(runs, rounds):
    """The milliseconds of each function, round by round."""
    found = [[] for _ in runs]
    for _ in range(rounds):
        for run, times in zip(runs, found, strict=True):
            started = time.perf_counter()
            run()
            times.append(1000 * (time.perf_counter() - started))
    return found


def recurrent_runs(name, device="cpu"):
    """Three functions, for dlkit.nn, torch.nn and torch_nn, the last two on `device`; compared."""
    kind, options, _goal = ROWS[name]
    rng = np.random.default_rng(0)
    x, dy = (rng.normal(size=(T, N, M)).astype(np.float32) for M in (D, H))
    layer, run = ours(kind, options, x, dy)
    same_form = kind != "GRU" or options
    beside = nn.GRU(D, H, reset_after=True, rng=rng).astype("float32") if not same_form else layer
    runs = [run, torch_s_own(kind, beside, x, dy, device)]
    runs += [twin(kind, options, layer, x, dy, device)]
    for other in runs[1:] if same_form else runs[2:]:
        for a, b in zip(run(), other(), strict=True):
            b = b.cpu()
            np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3 * np.abs(a).max())
    return runs


@click.command(help=__doc__.splitlines()[0])
@click.option("--rounds", default=15, show_default=True)
def main(rounds):
    torch.set_num_threads(1)
    if held := os.environ.get("OPENBLAS_CORETYPE"):
        print(f"OPENBLAS_CORETYPE={held}: NumPy's products use the instructions of that kind only.")
    print(f"T {T}, N {N}, D {D}, H {H}: ms, median (fastest)")
    print(f"{'':34}{'dlkit.nn':>16}{'torch.nn':>16}{'torch_nn':>16}{'nn':>7}{'goal':>7}{'twin':>7}")
    for name in ROWS:
        goal, found = ROWS[name][2], times_ms(recurrent_runs(name), rounds)
        medians = [statistics.median(times) for times in found]
        cells = "".join(
            f"{f'{median:.1f} ({min(times):.1f})':>16}"
            for median, times in zip(medians, found, strict=True)
        )
        ratios = f"{medians[0] / medians[1]:7.2f}{goal or '':>7}{medians[2] / medians[1]:7.2f}"
        print(f"{name:34}{cells}{ratios}")


if __name__ == "__main__":
    main()
