"""A temporary folder lives as long as its owner; what a killed one left goes with the next."""

import os
import signal
import subprocess
import sys

from autograder.paths import ROOT
from autograder.scratch import ScratchFolder

OWNER = """
import sys
from pathlib import Path
from autograder.scratch import ScratchFolder
folder = ScratchFolder("mine-", Path(sys.argv[1]))
(folder.path / "inside").mkdir()
(folder.path / "inside" / "file").touch()
print(folder.path, flush=True)
sys.stdin.read()
"""


def test_it_goes_when_it_is_left(tmp_path):
    with ScratchFolder("mine-", tmp_path) as folder:
        (folder / "file").touch()
    assert list(tmp_path.iterdir()) == []


def test_only_what_a_killed_owner_left_is_removed(tmp_path):
    (tmp_path / "mine-link").symlink_to(tmp_path / "theirs", target_is_directory=True)
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").touch()
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        left = tmp_path / owner.stdout.readline().strip()
        with ScratchFolder("mine-", tmp_path):
            assert (left / "inside" / "file").exists(), "a living owner's"
        os.kill(owner.pid, signal.SIGKILL)
    finally:
        owner.kill()
        owner.communicate()
    assert left.exists()
    with ScratchFolder("mine-", tmp_path):
        assert not left.exists()
    assert (tmp_path / "theirs" / "file").exists()
