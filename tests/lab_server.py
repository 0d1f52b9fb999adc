"""JupyterLab as `make lab` starts it, in a copy of the project, for the length of a test."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

from autograder.paths import ROOT

PARTS = ("autograder", "course", "dlkit", "solutions", "nbgrader_config.py")
START_S = 60


def copy_project(target):
    """The parts of the project that JupyterLab and Formgrader need, without anyone's work."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(ROOT / part, target / part, ignore=ignore)
        else:
            shutil.copy(ROOT / part, target / part)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(house, *options):
    """`python -m dlkit.lab` in `house`; yields the notes that the server leaves about itself."""
    runtime = house / "runtime"
    environ = {
        **os.environ,
        "HOME": str(house / "home"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_WORKSPACES_DIR": str(house / "workspaces"),
        "PYTHONPATH": str(house),
    }
    with (house / "lab.log").open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "dlkit.lab", "--no-browser", *options],
            cwd=house,
            env=environ,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _notes(server, house)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _notes(server, house):
    for _ in range(START_S * 10):
        with contextlib.suppress(OSError, ValueError):
            file = house / "runtime" / f"jpserver-{server.pid}.json"
            notes = json.loads(file.read_text())
            socket.create_connection((notes["hostname"], notes["port"])).close()
            return notes  # the server writes them a moment before it listens
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(house / 'lab.log').read_text()}")


def read(notes, path, data=None):
    """The text that the server answers to a GET, or to a POST of these bytes."""
    request = urllib.request.Request(
        notes["url"] + path, data, headers={"Authorization": f"token {notes['token']}"}
    )
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def ask(notes, path):
    """The server's JSON answer to a GET."""
    return json.loads(read(notes, path))


def post(notes, path, value):
    """The server's JSON answer to a POST of a value."""
    return json.loads(read(notes, path, json.dumps(value).encode()))
