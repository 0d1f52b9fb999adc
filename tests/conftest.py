"""What every test shares: homes of its own for Jupyter, and skips that are counted aloud."""

import importlib.util
import os
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# how long an example takes says something of the machine, nothing of the code
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

_NEEDS = {
    "postgres": "PostgreSQL's server, which is not installed (Debian: apt install postgresql)",
    "browser": "Chromium, which is not installed (Debian: apt install chromium)",
    "node": "Node.js 18 or newer, which is not installed (Debian: apt install nodejs)",
    "sandbox": "a working bubblewrap, which this machine has not (Debian: apt install bubblewrap)",
    "torch": "torch, which is not installed",
}
# what a person or `make test` has set, and a test's own commands must not see
OF_THE_COURSE = ("CLASSROOM", "GRADEBOOK_URL", "JUPYTER_CONFIG_PATH")
OF_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")


@cache
def _has(marker):
    if marker == "browser":
        return chromium() is not None
    if marker == "node":
        return shutil.which("node") is not None
    if marker == "sandbox":
        return _bubblewrap_works()
    if marker == "postgres":
        return postgres_program("initdb") is not None
    return importlib.util.find_spec("torch") is not None


def chromium():
    """Where Chromium is, or None: $CHROMIUM, else the first of the usual names on PATH."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


def postgres_program(name):
    """Where PostgreSQL's program is (Debian keeps them off PATH), the newest; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: p.parts[-3])
    return str(found[-1]) if found else shutil.which(name)


def _bubblewrap_works():
    """Whether bubblewrap makes a namespace here; being on PATH is not enough."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def pytest_collection_modifyitems(items):
    for item in items:
        for marker in _NEEDS:
            if item.get_closest_marker(marker) and not _has(marker):
                item.add_marker(pytest.mark.skip(reason=f"needs {_NEEDS[marker]}"))


def pytest_terminal_summary(terminalreporter):
    """Say how many tests did not run, and why, where nobody can miss it."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("NOT TESTED HERE", bold=True, yellow=True)
    for reason, count in reasons.items():
        terminalreporter.line(f"{count} test{'s' if count > 1 else ''} skipped: {reason}")


@pytest.fixture(scope="session", autouse=True)
def _jupyter_home(tmp_path_factory):
    """Jupyter, IPython and matplotlib write to a temporary folder, never to the user's home."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_DIR", str(home / "jupyter"))
        patch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(home / "runtime"))
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        patch.setenv("MPLBACKEND", "agg")
        for variable in (*OF_THE_COURSE, *OF_MAKE):
            patch.delenv(variable, raising=False)
        yield
