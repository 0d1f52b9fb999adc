"""The logbook keeps what checks found, survives what befalls files, and is not kept elsewhere."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest

from autograder.compile import compile_checks
from autograder.sandbox import Sandbox
from dlkit.check import CheckFailed, check
from dlkit.home import logbook
from dlkit.home.logbook import CHECK, FOLDER, Event, add, read
from tests.check.specimen import chapter

AT = datetime(2026, 3, 5, 20, 40, tzinfo=UTC)


@pytest.fixture
def course(tmp_path):
    """A student's copy of a course: the folder `.course` says so."""
    (tmp_path / "work" / FOLDER).mkdir(parents=True)
    return tmp_path / "work"


@pytest.fixture
def specimen(course, monkeypatch):
    """The folder of a chapter in it, in which a notebook runs."""
    folder = course / chapter.id
    folder.mkdir()
    (folder / "checks.json").write_text(compile_checks(chapter), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return folder


def relu(x):
    return x * (x > 0)


def leaky_relu(x, slope=0.01):
    return x * (x > 0) + slope * x * (x <= 0)


def test_an_event_is_read_as_it_was_written(course):
    assert add(course, CHECK, "ch01_x", "double", 0.5, AT)
    assert read(course) == [Event(CHECK, "ch01_x", "double", 0.5, AT)]


def test_a_check_that_passes_and_one_that_does_not_are_remembered(course, specimen):
    check("relu", relu, leaky_relu)
    with pytest.raises(CheckFailed):
        check("relu", relu, lambda x, slope=0.01: x)
    with pytest.raises(CheckFailed):
        check("relu", lambda x: None, lambda x, slope=0.01: x)
    found = [(event.did, event.chapter, event.name, event.share) for event in read(course)]
    assert found == [(CHECK, chapter.id, "relu", share) for share in (1.0, 0.5, 0.0)]


def test_a_slip_in_the_test_cell_is_no_result(course, specimen):
    for slip in (lambda: check("relu", relu), lambda: check("rleu", relu)):
        with pytest.raises(CheckFailed):
            slip()
    assert read(course) == []


# -- where nothing is to be left -------------------------------------------------------------------


def test_without_a_students_folder_nothing_is_left(course, specimen):
    (course / FOLDER).rmdir()
    before = sorted(course.rglob("*"))
    check("relu", relu, leaky_relu)
    assert sorted(course.rglob("*")) == before


def test_a_copy_of_a_chapter_under_another_name_does_not_count(course, specimen, monkeypatch):
    specimen.rename(course / "old copy")
    monkeypatch.chdir(course / "old copy")
    check("relu", relu, leaky_relu)
    assert read(course) == []


def test_a_moved_course_goes_on(course, specimen, monkeypatch):
    check("relu", relu, leaky_relu)
    moved = course.rename(course.parent / "elsewhere")
    monkeypatch.chdir(moved / chapter.id)
    check("relu", relu, leaky_relu)
    assert len(read(moved)) == 2


def test_in_the_graders_sandbox_a_check_leaves_nothing():
    files = {"checks.json": compile_checks(chapter).encode()}
    code = (
        "from dlkit.check import check\n"
        "relu = lambda x: x * (x > 0)\n"
        "check('relu', relu, lambda x, slope=0.01: relu(x) - slope * relu(-x))\n"
        "import pathlib\n"
        "print([str(p) for p in pathlib.Path('..').rglob('logbook*')])"
    )
    with Sandbox(("numpy",), files, isolated=False) as sandbox, sandbox.spawn() as worker:
        run = worker.run_cell(code)
    text = "".join(output.get("text", "") for output in run.outputs)
    assert text == "✓ relu  1 of 1 point\n[]\n"


def test_validate_leaves_nothing(course, specimen):
    cells = [
        nbformat.v4.new_code_cell(
            "from dlkit.check import check\ndef relu(x):\n    return x * (x > 0)\n"
            "def leaky_relu(x, slope=0.01):\n    return x * (x > 0) + slope * x * (x <= 0)"
        ),
        nbformat.v4.new_code_cell('check("relu", relu, leaky_relu)'),
    ]
    cells[1].metadata.nbgrader = {
        "schema_version": 3, "cell_type": "code", "grade_id": "test_relu", "grade": True,
        "points": 1, "solution": False, "locked": True, "task": False,
    }  # fmt: skip
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, specimen / f"{chapter.id}.ipynb")
    before = sorted(course.rglob("*"))
    command = [sys.executable, "-m", "nbgrader", "validate", f"{chapter.id}.ipynb"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=specimen, check=False)
    assert "Success! Your notebook passes all the tests." in done.stdout, done.stderr
    assert [path for path in sorted(course.rglob("*")) if path not in before] == []
    assert read(course) == []


# -- what befalls files ----------------------------------------------------------------------------


def test_a_damaged_line_costs_itself_alone(course):
    add(course, CHECK, "ch01_x", "double", 1, AT)
    with logbook.path(course).open("ab") as file:
        file.write(b'\n{"at": "2026-03-05T2')  # cut off in the middle of a write
    add(course, CHECK, "ch01_x", "triple", 1, AT)
    assert [event.name for event in read(course)] == ["double", "triple"]


GOOD = {"at": AT.isoformat(), "did": CHECK, "chapter": "c", "name": "n", "share": 1}


@pytest.mark.parametrize(
    "line",
    [
        b"", b"\xff\xfe\x00", b"[]", b"null", b"7", b"[" * 9999,
        *(
            json.dumps({**GOOD, **wrong}).encode()
            for wrong in (
                {"at": "yesterday"}, {"at": 5}, {"at": "2026-03-05T20:40:00"}, {"name": 3},
                {"chapter": None}, {"share": 2}, {"share": -1}, {"share": "much"},
                {"share": float("nan")}, {"at": "0001-01-01T00:00:00+00:00"},
            )
        ),
    ],
)  # fmt: skip
def test_a_line_of_another_form_is_passed_over(course, line):
    logbook.path(course).write_bytes(line + b"\n" + json.dumps(GOOD).encode())
    names = [event.name for event in read(course) if event.day.year > 1]
    assert names == ["n"]


def spoil_by_folder(course):
    logbook.path(course).mkdir()


def spoil_by_file(course):
    (course / FOLDER).rmdir()
    (course / FOLDER).write_text("")


def spoil_by_garbage(course):
    logbook.path(course).write_bytes(bytes(range(256)) * 99)


@pytest.mark.parametrize("spoil", [spoil_by_folder, spoil_by_file, spoil_by_garbage])
def test_no_state_of_the_file_disturbs_a_check(course, specimen, spoil, capsys):
    spoil(course)
    check("relu", relu, leaky_relu)
    assert "✓ relu" in capsys.readouterr().out
    assert len(read(course)) <= 1


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), OSError(28, "No space left")])
def test_a_file_that_cannot_be_written_does_not_disturb_a_check(
    course, specimen, monkeypatch, capsys, error
):
    def refused(self, *options, **more):
        if self.name == logbook.NAME:
            raise error
        return opened(self, *options, **more)

    opened = Path.open
    monkeypatch.setattr(Path, "open", refused)
    check("relu", relu, leaky_relu)
    assert "✓ relu" in capsys.readouterr().out
    assert read(course) == []


def test_two_notebooks_at_once_lose_nothing(course):
    code = (
        "import sys; from pathlib import Path; from dlkit.home.logbook import add\n"
        "for i in range(300): add(Path(sys.argv[1]), 'check', sys.argv[2], f'{i}' * 40, 1)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(course), name]) for name in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    events = read(course)
    for name in "abc":
        assert [e.name for e in events if e.chapter == name] == [f"{i}" * 40 for i in range(300)]
