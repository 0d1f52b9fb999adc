"""`make lab`: the student's copy is completed, never overwritten; JupyterLab starts as promised."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from autograder.paths import ROOT
from dlkit import lab
from tests.lab_server import ask, running


@pytest.fixture
def course(tmp_path):
    chapter = tmp_path / "course" / "ch01_x"
    chapter.mkdir(parents=True)
    (chapter / "ch01_x.ipynb").write_text("released")
    (chapter / "checks.json").write_text("{}")
    (tmp_path / "course" / "index.ipynb").write_text("map")
    return tmp_path / "course"


def contents(folder):
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != lab.NOTES)
    return {p.relative_to(folder).as_posix(): p.read_text() for p in files}


def test_work_is_a_copy_of_the_course(course, tmp_path):
    added, changed = lab.update_work(course, tmp_path / "work")
    assert contents(tmp_path / "work") == contents(course)
    assert (len(added), changed) == (3, [])


def test_a_students_file_is_never_overwritten(course, tmp_path):
    lab.update_work(course, tmp_path / "work")
    mine = tmp_path / "work" / "ch01_x" / "ch01_x.ipynb"
    mine.write_text("my answers")
    (course / "ch01_x" / "ch01_x.ipynb").write_text("released again")
    lab.update_work(course, tmp_path / "work")
    assert mine.read_text() == "my answers"


def test_files_released_later_and_files_deleted_are_added(course, tmp_path):
    lab.update_work(course, tmp_path / "work")
    (course / "ch02_y").mkdir()
    (course / "ch02_y" / "ch02_y.ipynb").write_text("new")
    (tmp_path / "work" / "ch01_x" / "checks.json").unlink()
    added, changed = lab.update_work(course, tmp_path / "work")
    assert added == ["ch01_x/checks.json", "ch02_y/ch02_y.ipynb"]
    assert changed == []
    assert contents(tmp_path / "work") == contents(course)


def test_a_chapter_released_anew_is_announced_and_own_work_is_not(course, tmp_path):
    lab.update_work(course, tmp_path / "work")
    (tmp_path / "work" / "index.ipynb").write_text("my notes in the map")
    assert lab.update_work(course, tmp_path / "work") == ([], [])
    (course / "ch01_x" / "ch01_x.ipynb").write_text("released again")
    _, changed = lab.update_work(course, tmp_path / "work")
    assert changed == ["ch01_x/ch01_x.ipynb"]
    assert "work/ch01_x stays as it is" in lab.announce([], changed)[0]


@pytest.mark.parametrize("notes", ["", "{", "[]"])
def test_damaged_notes_lose_nothing(course, tmp_path, notes):
    lab.update_work(course, tmp_path / "work")
    (tmp_path / "work" / lab.NOTES).write_text(notes)
    (tmp_path / "work" / "index.ipynb").write_text("mine")
    (course / "index.ipynb").write_text("another map")
    (tmp_path / "work" / "ch01_x" / "checks.json").unlink()
    assert lab.update_work(course, tmp_path / "work") == (["ch01_x/checks.json"], [])
    assert (tmp_path / "work" / "index.ipynb").read_text() == "mine"


def test_scratch_files_are_not_copied(course, tmp_path):
    (course / "ch01_x" / ".ipynb_checkpoints").mkdir()
    (course / "ch01_x" / ".ipynb_checkpoints" / "ch01_x-checkpoint.ipynb").write_text("")
    added, _ = lab.update_work(course, tmp_path / "work")
    assert len(added) == 3


def test_an_interrupted_copy_leaves_no_half_file(course, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.update_work(course, tmp_path / "work")
    monkeypatch.undo()
    assert contents(tmp_path / "work").keys() & contents(course).keys() == set()
    lab.update_work(course, tmp_path / "work")
    assert contents(tmp_path / "work") == contents(course)


@pytest.mark.parametrize(("as_root", "options", "times"), [
    (True, [], 1), (True, ["--allow-root"], 1), (False, [], 0),
])  # fmt: skip
def test_root_is_allowed_by_itself(tmp_path, as_root, options, times):
    arguments = lab.lab_arguments(options, root=tmp_path, as_root=as_root)
    assert arguments.count("--allow-root") == times


def test_the_index_is_opened_where_there_is_one(course, tmp_path):
    def page():
        arguments = lab.lab_arguments([], root=tmp_path)
        return next(a for a in arguments if "default_url" in a).partition("=")[2]

    assert page() == "/lab"
    lab.update_work(course, tmp_path / "work")
    assert page() == "/lab/tree/work/index.ipynb"


def test_what_the_user_has_set_stays_behind_the_course(tmp_path):
    before = {"PATH": "/usr/bin", "JUPYTER_CONFIG_PATH": "/mine"}
    after = lab.lab_environment(before, classroom=tmp_path / "a" / ".." / "b")
    assert after["PATH"].endswith(f"{os.pathsep}/usr/bin")
    assert after["JUPYTER_CONFIG_PATH"] == f"{lab.SETTINGS}{os.pathsep}/mine"
    assert after["CLASSROOM"] == str(tmp_path / "b")
    assert "CLASSROOM" not in lab.lab_environment(before)


@pytest.fixture
def house(tmp_path, course):
    """A project folder that holds dlkit and a course of one empty chapter."""
    shutil.copytree(ROOT / "dlkit", tmp_path / "dlkit")
    return tmp_path


def test_jupyterlab_starts_on_the_next_port_without_asking_about_news(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running(house, "--port", str(port)) as notes:
            assert notes["port"] != port
            assert Path(notes["root_dir"]) == house
            kernel = ask(notes, "api/kernelspecs")["kernelspecs"]["python3"]
            assert kernel["spec"]["language"] == "python"
            setting = ask(notes, "lab/api/settings/@jupyterlab/apputils-extension:notification")
            assert setting["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert not list((house / "home").rglob("*.jupyterlab-settings"))
    assert contents(house / "work") == contents(house / "course")
