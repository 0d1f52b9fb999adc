"""The Makefile: its list of targets, finding Python, and an environment that was interrupted."""

import os
import shutil
import subprocess
import sys

import pytest

from autograder.paths import ROOT

TARGETS = {"env", "lab", "test", "release", "demo", "bundle", "bench", "api", "help"}
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


@pytest.fixture
def house(tmp_path):
    """A folder with the Makefile, and a Python that writes down what it is asked to do."""
    for name in ("Makefile", "authors.mk", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "bin" / "python3.11"
    python.parent.mkdir()
    python.write_text(FAKE_PYTHON.format(real=sys.executable))
    python.chmod(0o755)
    return tmp_path


FAKE_PYTHON = """#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
case "$1 $2" in
"-c "*venv*) test -z "$NO_VENV"; exit ;;
"-c "*) exec {real} "$@" ;;
"-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo venv >> log ;;
"-m pip") echo "pip $*" >> log; case "$*" in *-e*) test -z "$NO_NET" ;; esac ;;
*) echo "run $*" >> log ;;
esac
"""


def make(folder, *arguments, **environ):
    """Run make with only that folder's bin/ and the plain tools on PATH."""
    path = os.pathsep.join([str(folder / "bin"), str(folder / "tools")])
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for tool in ("sh", "awk", "cat", "cp", "dirname", "mkdir", "rm", "test"):
        if not (tools / tool).exists():
            (tools / tool).symlink_to(shutil.which(tool))
    return subprocess.run(
        [shutil.which("make"), *arguments],
        cwd=folder,
        env={"PATH": path, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def log(folder):
    path = folder / "log"
    lines = path.read_text().splitlines() if path.exists() else []
    path.unlink(missing_ok=True)
    return lines


def test_make_alone_lists_every_target(house):
    listed = make(house).stdout
    assert {line.split()[1] for line in listed.splitlines()} == TARGETS


def test_env_is_made_once_with_torch_first(house):
    first = make(house, "env")
    assert first.returncode == 0, first.stderr
    made = log(house)
    assert made[0] == "venv"
    assert made[1].endswith("install -c constraints.txt torch")
    assert made[2].endswith("install -c constraints.txt -e .[autograder,test]")
    assert make(house, "env").returncode == 0
    assert log(house) == []


def test_an_interrupted_environment_is_made_anew(house):
    assert make(house, "env", NO_NET="1").returncode != 0
    log(house)
    assert make(house, "env").returncode == 0
    assert log(house)[0] == "venv"


def test_new_versions_are_installed_into_the_same_environment(house):
    make(house, "env")
    log(house)
    os.utime(house / "constraints.txt", (2**31, 2**31))
    assert make(house, "env").returncode == 0
    assert [line.split()[0] for line in log(house)] == ["pip", "pip"]


def test_an_interrupted_update_is_made_anew(house):
    make(house, "env")
    os.utime(house / "constraints.txt", (2**31, 2**31))
    assert make(house, "env", NO_NET="1").returncode != 0
    log(house)
    assert make(house, "env").returncode == 0
    assert log(house)[0] == "venv"


def test_a_moved_folder_gets_an_environment_of_its_own(house):
    make(house, "env")
    log(house)
    moved = house.rename(house.with_name("moved"))
    assert make(moved, "env").returncode == 0
    assert log(moved)[0] == "venv"


def test_an_environment_whose_python_is_gone_is_made_anew(house):
    make(house, "env")
    log(house)
    (house / ".venv" / "bin" / "python").unlink()
    assert make(house, "env").returncode == 0
    assert log(house)[0] == "venv"


def test_another_source_of_torch_serves_torch_alone(house):
    make(house, "env", "TORCH_INDEX=https://wheels.example/cpu")
    made = log(house)
    assert made[1].endswith("--extra-index-url https://wheels.example/cpu torch")
    assert "wheels.example" not in made[2]


def test_without_venv_make_says_what_to_install(house):
    refused = make(house, "lab", NO_VENV="1")
    assert refused.returncode != 0
    assert "apt install python3-venv (or python3.11-venv)" in refused.stderr
    assert log(house) == []


def test_without_a_new_enough_python_make_says_which_it_needs(house):
    (house / "bin" / "python3.11").write_text("#!/bin/sh\nexit 1\n")
    refused = make(house, "env")
    assert refused.returncode != 0
    assert "no Python from 3.11 to 3.13 was found" in refused.stderr


def test_arguments_reach_the_command(house):
    make(house, "lab", "ARGS=--no-browser --port 8899")
    assert log(house)[-1] == "run -m dlkit.lab --no-browser --port 8899"


def test_a_failing_test_fails_make(house):
    make(house, "env")
    (house / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    assert make(house, "test").returncode != 0
