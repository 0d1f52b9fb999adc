"""Tests whose needs are missing are skipped, and said aloud at the end of the run."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from autograder.paths import ROOT


def run_tests(path, folder):
    """pytest's exit code and words for one file, where PATH holds nothing but `folder`."""
    environ = {**os.environ, "PATH": str(folder)}
    environ.pop("CHROMIUM", None)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_without_chromium_browser_tests_are_counted_aloud(tmp_path):
    code, said = run_tests("tests/browser/test_lab.py", tmp_path)
    assert code == 0
    assert "NOT TESTED HERE" in said
    assert re.search(r"^\d+ tests? skipped: needs Chromium", said, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")
def test_a_bubblewrap_that_does_not_work_counts_as_none(tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    (tmp_path / "sh").symlink_to(shutil.which("sh"))
    code, said = run_tests("tests/sandbox/test_probes.py", tmp_path)
    assert code == 0
    assert "skipped: needs a working bubblewrap" in said
