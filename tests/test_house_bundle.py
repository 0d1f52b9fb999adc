"""The students' package: whole, the same bytes each time, and without an answer."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder import bundle
from autograder.errors import AutograderError
from autograder.paths import ROOT

ALLOWED = {"course", "dlkit", "README.md", *bundle.FILES}
GIVEAWAYS = ("BEGIN SOLUTION", "BEGIN HIDDEN", "import autograder", "from autograder")


def leaks(folder):
    """What a package holds that students must not see: paths, or paths and a giveaway in them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    wrong = [path for path in files if path.relative_to(folder).parts[0] not in ALLOWED]
    return sorted(str(path.relative_to(folder)) for path in wrong) + [
        f"{path.relative_to(folder)}: {text}"
        for path in files
        for text in GIVEAWAYS
        if text.encode() in path.read_bytes()
    ]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The real package, unpacked."""
    folder = tmp_path_factory.mktemp("package")
    bundle.main.callback(folder / "students.zip")
    with zipfile.ZipFile(folder / "students.zip") as packed:
        packed.extractall(folder)
    return folder / bundle.TOP


def test_nothing_in_it_gives_an_answer_away(package):
    assert leaks(package) == []


@pytest.mark.parametrize("path", [
    "solutions/ch01/exercises.py", "tests/test_x.py", "course/ch01/ch01.ipynb", "dlkit/nn/x.py",
])  # fmt: skip
def test_a_leak_would_be_found(tmp_path, path):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("### BEGIN SOLUTION")
    assert path in leaks(tmp_path)[0]


def test_every_released_file_is_in_it(package):
    released = {p.relative_to(ROOT) for p in (ROOT / "course").rglob("*") if p.is_file()}
    packed = {p.relative_to(package) for p in (package / "course").rglob("*") if p.is_file()}
    assert packed == {p for p in released if not any(part.startswith(".") for part in p.parts)}
    assert any(p.suffix == ".ipynb" for p in packed)


def test_its_makefile_lists_what_a_student_needs_and_makes_the_environment(package):
    listed = subprocess.run(["make"], cwd=package, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in listed.stdout.splitlines()] == ["help", "env", "lab"]
    planned = subprocess.run(
        ["make", "-n", "env"], cwd=package, capture_output=True, text=True, check=True
    ).stdout
    assert '-e "."' in planned
    assert "autograder" not in planned


def test_dlkit_and_the_launcher_work_from_it_alone(package):
    code = (
        "import sys; sys.modules['autograder'] = None\n"
        "import dlkit, dlkit.lab; from dlkit.check import check\n"
        "print(dlkit.__file__)"
    )
    environ = {**os.environ, "PYTHONPATH": str(package)}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=package, env=environ, capture_output=True, text=True
    )
    assert answer.stdout.strip() == str(package / "dlkit" / "__init__.py"), answer.stderr


@pytest.fixture
def house(tmp_path):
    """A small project to pack."""
    for name in (*bundle.FILES, bundle.README, "course/index.ipynb", "dlkit/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_the_same_files_give_the_same_bytes(house):
    bundle.write(house / "a.zip", bundle.contents(house))
    os.utime(house / "Makefile", (0, 0))
    bundle.write(house / "b.zip", bundle.contents(house))
    assert (house / "a.zip").read_bytes() == (house / "b.zip").read_bytes()


def test_scratch_files_stay_out(house):
    before = bundle.contents(house)
    for name in ("dlkit/__pycache__/x.pyc", "course/.ipynb_checkpoints/x.ipynb", "dlkit/.DS_Store"):
        (house / name).parent.mkdir(exist_ok=True)
        (house / name).write_text("")
    assert bundle.contents(house) == before


@pytest.mark.parametrize("lost", ["course", "Makefile"])
def test_what_is_missing_is_named(house, lost):
    path = house / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(AutograderError, match=lost):
        bundle.contents(house)
