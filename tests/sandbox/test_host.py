"""What the sandbox asks of the machine, and what happens where the machine has it not."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from autograder.errors import AutograderError, SandboxUnavailable
from autograder.paths import ROOT
from autograder.sandbox import Sandbox, isolation, probe_host
from autograder.sandbox.memory import family

from .conftest import FILES, all_gone, runs, value

sandboxed = pytest.mark.sandbox
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become another user")


@sandboxed
def test_the_probe_of_the_host_isolates_a_notebook_for_real():
    assert probe_host() in ("warm", "single")


def test_without_bwrap_nothing_runs_and_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(SandboxUnavailable) as refusal:
        probe_host()
    assert refusal.value.exit_code == 4
    assert "apt install" in refusal.value.message


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is for Linux")
def test_a_bwrap_that_cannot_make_namespaces_counts_as_none(monkeypatch):
    words = "bwrap: setting up uid map: Permission denied"
    with tempfile.TemporaryDirectory() as folder:  # pytest's own is closed to the sandbox's user
        Path(folder).chmod(0o755)
        program = Path(folder, "bwrap")
        program.write_text(f"#!/bin/sh\necho '{words}' >&2\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        with pytest.raises(SandboxUnavailable) as refusal:
            probe_host()
    assert words in refusal.value.message
    assert "docs/sandbox.md" in refusal.value.message


def test_there_is_no_way_to_ask_for_less_isolation_by_mode():
    with pytest.raises(ValueError, match="not 'plain'"):
        Sandbox(mode="plain")


def test_another_system_is_refused(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxUnavailable, match="This is darwin"):
        probe_host()


@sandboxed
def test_where_namespaces_cannot_be_nested_each_worker_gets_a_bwrap_of_its_own(monkeypatch):
    usual = isolation._namespaces()
    monkeypatch.setattr(isolation, "_namespaces", lambda: [*usual, "--disable-userns"])
    with Sandbox() as sandbox:
        assert sandbox.mode == "single"
        with sandbox.spawn() as first, sandbox.spawn() as second:
            assert value(first, "x = 1; x") == 1
            assert value(second, "'x' in globals()") is False


@sandboxed
def test_a_warm_parent_that_was_killed_is_started_again():
    with Sandbox() as sandbox:
        with sandbox.spawn():
            sandbox._parent.process.kill()
            sandbox._parent.process.wait()
        with sandbox.spawn() as worker:
            assert value(worker, "1") == 1


@sandboxed
@pytest.mark.parametrize("isolated", [True, False])
def test_a_module_that_cannot_be_imported_is_named(isolated):
    with pytest.raises(AutograderError) as problem, Sandbox(("no_such",), isolated=isolated):
        pass
    assert not isinstance(problem.value, SandboxUnavailable)
    assert "No module named 'no_such'" in problem.value.message


def test_an_interpreter_in_a_folder_that_the_sandbox_covers_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "base_prefix", "/tmp/python")
    with pytest.raises(SandboxUnavailable, match="lies in /tmp/python, which the sandbox covers"):
        isolation.bwrap_command(tmp_path, "{}", 64, single=False)


def test_root_binds_elsewhere_only_what_an_ordinary_user_cannot_reach(monkeypatch, tmp_path):
    monkeypatch.setattr(isolation, "_needed", lambda program: program)
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    prefix, binds = isolation._as_ordinary_user(tmp_path, [("/usr", "/a")])
    assert prefix[0] == "setpriv"
    assert binds == [("/usr", "/a")]
    prefix, binds = isolation._as_ordinary_user(tmp_path, [(private, "/b")])
    assert prefix[:2] == ["unshare", "--mount"]
    assert binds == [(Path("/mnt/0"), "/b")]  # this test's folder is itself closed to others
    monkeypatch.setattr(isolation, "_reachable", lambda path: path != private)
    _, binds = isolation._as_ordinary_user(tmp_path, [(private, "/b")])
    assert binds == [(tmp_path / "mounts" / "0", "/b")]


@sandboxed
@as_root
@pytest.mark.parametrize("mode", ["warm", "single"])
def test_temporary_files_may_lie_where_only_root_can_go(mode, monkeypatch, tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setattr("tempfile.tempdir", str(private))
    with Sandbox(mode=mode, files={"data.txt": b"here"}) as sandbox, sandbox.spawn() as worker:
        assert value(worker, "open('data.txt').read()") == "here"
    assert list(private.iterdir()) == []


@sandboxed
@as_root
def test_root_becomes_an_ordinary_user_before_anything_runs(warm):
    with warm.spawn() as worker:
        assert value(worker, "import os; os.getuid(), os.getgid()") == (61000, 61000)
        status = Path(f"/proc/{worker.process.root()}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert set(fields["Uid"].split()) == {"61000"}
    assert fields["Groups"].strip() == ""


AS_USER = """
from autograder.sandbox import Sandbox
import os
for mode in ("warm", "single"):
    with Sandbox(("numpy",), mode=mode) as sandbox, sandbox.spawn() as worker:
        run = worker.run_cell("import os; print(os.getuid(), os.path.exists('/etc/passwd'))")
        print(mode, os.getuid(), run.outputs[0]["text"].strip())
"""


@sandboxed
@as_root
def test_an_ordinary_user_needs_no_privilege(tmp_path):
    if any(not parent.stat().st_mode & stat.S_IXOTH for parent in (ROOT, *ROOT.parents)):
        pytest.skip("the project lies where only its owner can go")
    base = Path(sys.base_prefix).resolve()
    closed = [p for p in reversed(base.parents) if not p.stat().st_mode & stat.S_IXOTH]
    steps = f"mount --bind {base} {tmp_path}\nmount -t tmpfs -o mode=755 none {closed[0]}\n"
    steps += f"mkdir -p {base}\nmount --bind {tmp_path} {base}\n"
    script = f"set -e\n{steps if closed else ''}exec setpriv --reuid=61234 --regid=61234 "
    script += '--clear-groups "$@"'
    done = subprocess.run(
        [*("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh")]
        + [sys.executable, "-c", AS_USER],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == [
        f"{mode} 61234 61234 False" for mode in ("warm", "single")
    ], done.stderr


KILLED_JUDGE = """
import sys, time
from autograder.sandbox import Sandbox
from autograder.sandbox.memory import family
sandbox = Sandbox(**{options}).__enter__()
worker = sandbox.spawn()
worker.run_cell("import subprocess; child = subprocess.Popen(['sleep', '1000'])")
pids = family(sandbox._parent.process.pid) + family(worker.process.parent.process.pid)
print(sandbox._stage, *pids, flush=True)
worker.run_cell("while True: pass", timeout_s=60)
"""


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"mode": "warm"}, marks=sandboxed),
        pytest.param({"mode": "single"}, marks=sandboxed),
    ],
)
def test_when_the_judge_is_killed_nothing_runs_on(options):
    code = textwrap.dedent(KILLED_JUDGE.format(options=options))
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as judge:
        stage, *pids = judge.stdout.readline().split()
        time.sleep(0.3)
        pids = [
            pid for pid in map(int, pids) if runs(pid)
        ]  # some were there only while it warmed up
        judge.send_signal(signal.SIGKILL)
    shutil.rmtree(stage)
    assert len(pids) >= 4
    assert all_gone(pids)


# -- the same worker without isolation, for the authors' own code ------------------------------


def test_without_isolation_neither_bwrap_nor_root_is_needed(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with Sandbox(("numpy",), FILES, isolated=False) as sandbox:
        assert sandbox.mode == "plain"
        with sandbox.spawn(seed=1) as first:
            assert value(first, "import os; sorted(os.listdir('.'))") == ["checks.json", "figures"]
            assert value(first, "import numpy as np; np.pi = 3; open('new', 'w').close(); 1") == 1
        with sandbox.spawn(seed=1) as second:
            assert value(second, "import numpy as np, os; np.pi == 3, os.path.exists('new')") == (
                False,
                False,
            )
            assert second.run_cell("while True: pass", timeout_s=0.3).status == "timeout"
            assert value(second, "1") == 1


def test_without_isolation_a_workers_children_end_with_it():
    with Sandbox(isolated=False) as sandbox:
        with sandbox.spawn() as worker:
            source = "import subprocess; child = subprocess.Popen(['sleep', '1000']); child.pid"
            child = value(worker, source)
            pids = family(worker.process.pid)
        assert child in pids
        assert all_gone(pids)
