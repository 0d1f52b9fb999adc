"""Two processes take the same steps as one with the double batch: gloo, on this machine's CPU."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("torch")
pytestmark = pytest.mark.torch

TORCHRUN = ("torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m")
SCRIPT = "dlkit.torch_nn.train_ddp"


def run(tmp_path, batch, *launcher, **options):
    """What the script wrote, and what it printed."""
    path = tmp_path / "losses.json"
    options = {"epochs": 1, "batch": batch, "losses": path} | options
    flags = [str(flag) for name, value in options.items() for flag in (f"--{name}", value)]
    # each process on the loopback, one thread each, and no GPU
    network = {"GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else {}
    alone = {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(
        [sys.executable, "-m", *launcher, SCRIPT, *flags],
        env=os.environ | network | alone,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(path.read_text()), done.stdout


def test_two_processes_take_the_steps_of_one_with_the_double_batch(tmp_path):
    one, told = run(tmp_path, 96, dtype="float64")
    two, told_by_two = run(tmp_path, 48, *TORCHRUN, dtype="float64")
    assert (one["processes"], two["processes"]) == (1, 2)
    assert len(one["losses"]) == len(two["losses"]) == 1437 // 96
    assert one["losses"][-1] < 0.5 * one["losses"][0]
    assert np.allclose(one["losses"], two["losses"], rtol=1e-9)
    assert told == told_by_two  # one line an epoch, by process 0 alone
    assert told.count("\n") == 1


def test_each_example_of_an_epoch_is_in_one_part():
    from dlkit.torch_nn.train_ddp import parts

    shares = [parts(50, 8, rank, 3, np.random.default_rng(0)) for rank in range(3)]
    assert [share.shape for share in shares] == [(2, 8)] * 3
    assert len(np.unique(np.concatenate(shares))) == 48
    whole = parts(50, 24, 0, 1, np.random.default_rng(0))
    assert np.array_equal(np.sort(np.hstack(shares)), np.sort(whole))
