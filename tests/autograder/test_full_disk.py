"""On a full or read-only disk each step says so, leaves nothing half-written, and can go on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import ROOT

SCRIPT = Path(__file__).with_name("on_a_full_disk.py")


@pytest.mark.sandbox  # it mounts a small disk where nobody else sees it
@pytest.mark.parametrize("step", ["first_release", "collect", "grade", "feedback"])
def test_a_step_on_a_full_disk(step, tmp_path):
    as_user = [] if os.geteuid() == 0 else ["--map-current-user", "--keep-caps"]
    done = subprocess.run(
        ["unshare", *as_user, "--mount", sys.executable, SCRIPT, step, tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["wrong"] == []
    read_only = told["said"].pop("read-only")
    *full, (last, _) = told["said"].values()
    assert last == 0
    assert len(full) >= 3
    for status, words in full:
        assert status == 1
        assert "No space left on device" in words or "disk is full" in words
        assert "AutograderError: " in words
    assert read_only[0] == 1
    assert "Read-only file system" in read_only[1]
