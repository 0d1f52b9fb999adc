"""Sandboxes that many tests share; starting one costs a second, a worker a few milliseconds."""

import os
import time
from ast import literal_eval
from pathlib import Path

import pytest

from autograder.sandbox import Limits, Sandbox

SECRET = "what the judge's environment holds"
FILES = {"checks.json": b"{}", "figures/a.txt": b"text"}
SMALL = Limits(
    cell_s=10.0,
    notebook_s=60.0,
    memory_mib=256,
    processes=16,
    disk_mib=16,
    files=200,
    output_bytes=100_000,
)


def shared_sandbox(mode, modules=("numpy",)):
    os.environ["SANDBOX_TEST_SECRET"] = SECRET
    with Sandbox(modules, FILES, SMALL, mode=mode) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def warm():
    yield from shared_sandbox("warm", ("numpy", "matplotlib.pyplot"))


@pytest.fixture(scope="session")
def single():
    yield from shared_sandbox("single")


@pytest.fixture
def worker(warm):
    with warm.spawn() as worker:
        yield worker


@pytest.fixture(scope="module", params=["warm", "single"])
def submission(request):
    """One worker of each isolated mode, for tests that leave it as it was."""
    with request.getfixturevalue(request.param).spawn() as worker:
        yield worker


def value(worker, source):
    """What the cell's last line is, as Python data; fails when the cell does."""
    run = worker.run_cell(source)
    assert run.status == "ok", run
    return literal_eval(run.outputs[-1]["data"]["text/plain"])


def printed(run, name="stdout"):
    """All that a cell wrote to one stream."""
    texts = [o["text"] for o in run.outputs if o["output_type"] == "stream" and o["name"] == name]
    return "".join(texts)


def runs(pid):
    """Whether the process is there and is more than an entry that nobody has collected."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def all_gone(pids):
    """Wait up to five seconds for these processes to end."""
    give_up = time.monotonic() + 5
    while time.monotonic() < give_up:
        if not any(map(runs, pids)):
            return True
        time.sleep(0.02)
    return False
