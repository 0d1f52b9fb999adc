"""Killed at any write and run again, each step leaves what an undisturbed run leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.paths import ROOT

SCRIPT = Path(__file__).with_name("killed_at_every_write.py")


@pytest.mark.parametrize(
    ("step", "least"),
    [
        ("first_release", 15),
        ("release", 10),
        ("collect", 15),
        ("grade", 40),
        ("regrade", 15),
        ("feedback", 10),
    ],
)
def test_killed_at_every_write_and_run_again(step, least, tmp_path):
    done = subprocess.run(
        [sys.executable, SCRIPT, step, tmp_path],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["writes"] >= least
    assert told["wrong"] == [], done.stderr
