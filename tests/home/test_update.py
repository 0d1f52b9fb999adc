"""work/ is made, completed and brought to newer releases; killed at any moment, nothing is lost."""

import copy
import json
import os
import shutil
from pathlib import Path

import pytest

from dlkit.home import update
from dlkit.home.logbook import FOLDER
from dlkit.home.merge import NEWS
from dlkit.home.update import BASE, EARLIER, update_work
from tests.home.books import CHAPTER, NOW, at, book, first_release, sources, text, write_course

BOOK = f"{CHAPTER}/{CHAPTER}.ipynb"
CHECKS = f"{CHAPTER}/checks.json"
OLD, NEW = '{"of": 1}', '{"of": 2}'
ANSWER = "def double(x):\n    return x + x"


@pytest.fixture
def course(tmp_path):
    write_course(tmp_path / "course", first_release())
    return tmp_path / "course"


@pytest.fixture
def work(course, tmp_path):
    """The student's copy, with an answer, a cell and a file of their own."""
    work = tmp_path / "work"
    bring(course, work)
    mine = read(work / BOOK)
    at(mine, "double")["source"] = ANSWER
    mine["cells"].insert(3, text("b7c1", "My own note"))
    save(work / BOOK, mine)
    (work / CHAPTER / "my data.csv").write_text("1,2")
    return work


def bring(course, work, **options):
    return update_work(course, work, now=lambda: NOW, **options)


def read(path):
    return json.loads(path.read_text("utf-8"))


def save(path, notebook):
    path.write_text(json.dumps(notebook), "utf-8")


def release_again(course):
    """A newer release: another first text, a new cell, other checks, another figure."""
    new = first_release()
    new["cells"][0]["source"] = "# One\n\nWhat this is really about."
    new = book(*new["cells"][:2], text("", "A picture first."), *new["cells"][2:])
    write_course(course, new, NEW, "<svg>2</svg>")
    (course / CHAPTER / "review.toml").write_text("")
    return new


def content(folder):
    """The files that a student sees, as bytes."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.name != BASE and not {FOLDER, EARLIER} & set(path.relative_to(folder).parts)
    }


def test_work_begins_as_a_copy_of_the_course(course, tmp_path):
    (course / CHAPTER / ".ipynb_checkpoints").mkdir()
    (course / CHAPTER / ".ipynb_checkpoints" / "x.ipynb").write_text("")
    changes = bring(course, tmp_path / "work")
    shutil.rmtree(course / CHAPTER / ".ipynb_checkpoints")
    assert content(tmp_path / "work") == content(course)
    assert list(changes.lines()) == ["work/ has 5 new files of the course."]
    assert list(bring(course, tmp_path / "work").lines()) == []


def test_without_a_new_release_nothing_is_touched(course, work):
    before = content(work)
    assert list(bring(course, work).lines()) == []
    assert content(work) == before


def test_a_chapter_released_later_and_files_deleted_or_damaged_are_added(course, work):
    shutil.copytree(course / CHAPTER, course / "ch02_y")
    (work / CHECKS).unlink()
    (work / CHAPTER / "figures" / "a.svg").write_text("<sv")
    changes = bring(course, work)
    assert changes.added[:2] == [CHECKS, f"{CHAPTER}/figures/a.svg"]
    assert all(name.startswith("ch02_y/") for name in changes.added[2:])
    assert (work / CHECKS).read_text() == OLD
    assert at(read(work / BOOK), "double")["source"] == ANSWER


def test_a_newer_release_is_merged_and_told(course, work):
    before = (work / BOOK).read_bytes()
    new = release_again(course)
    changes = bring(course, work)
    mine = read(work / BOOK)
    assert at(mine, "double")["source"] == ANSWER
    assert {"My own note", "A picture first.", new["cells"][0]["source"]} <= set(sources(mine))
    assert (work / CHECKS).read_text() == NEW
    assert (work / CHAPTER / "figures" / "a.svg").read_text() == "<svg>2</svg>"
    assert (work / CHAPTER / "my data.csv").read_text() == "1,2"
    earlier = work / EARLIER / f"{CHAPTER}_2026-03-05_2140"
    assert (earlier / f"{CHAPTER}.ipynb").read_bytes() == before
    assert (earlier / "checks.json").read_text() == OLD
    assert f"{EARLIER}/{earlier.name}" in at(mine, NEWS)["source"]
    assert list(changes.lines()) == [
        f"work/{CHAPTER} was brought up to date; your answers stayed as they were."
    ]


def test_twice_in_a_row_changes_nothing(course, work):
    release_again(course)
    bring(course, work)
    before = content(work)
    assert list(bring(course, work).lines()) == []
    assert content(work) == before
    assert len(list((work / EARLIER).iterdir())) == 1


def test_two_releases_in_one_minute_keep_both_old_ones(course, work):
    release_again(course)
    bring(course, work)
    write_course(course, first_release(), OLD)
    bring(course, work)
    assert len(list((work / EARLIER).iterdir())) == 2
    assert at(read(work / BOOK), "double")["source"] == ANSWER


def test_a_chapter_that_was_only_run_is_replaced_without_a_word_in_it(course, tmp_path):
    work = tmp_path / "work"
    bring(course, work)
    ran = read(work / BOOK)
    at(ran, "cell-2")["execution_count"] = 1
    save(work / BOOK, ran)
    new = release_again(course)
    bring(course, work)
    assert read(work / BOOK) == new
    assert not (work / EARLIER).exists()


def test_other_checks_and_figures_alone_leave_the_notebooks_bytes(course, work):
    before = (work / BOOK).read_bytes()
    write_course(course, first_release(), NEW, "<svg>2</svg>")
    assert list(bring(course, work).lines()) == []
    assert (work / BOOK).read_bytes() == before
    assert (work / CHECKS).read_text() == NEW
    assert (work / CHAPTER / "my data.csv").exists()


def test_a_figure_that_is_released_no_more_goes_unless_it_was_changed(course, work):
    (course / CHAPTER / "figures" / "b.svg").write_text("<svg/>")
    bring(course, work)
    (work / CHAPTER / "figures" / "b.svg").write_text("mine")
    release_again(course)
    for name in ("a.svg", "b.svg"):
        (course / CHAPTER / "figures" / name).unlink()
    bring(course, work)
    assert [path.name for path in (work / CHAPTER / "figures").iterdir()] == ["b.svg"]


def test_the_index_keeps_what_was_written_into_it(course, work):
    index = read(work / "index.ipynb")
    index["cells"].append(text("c0de", "My plan: a chapter a week"))
    save(work / "index.ipynb", index)
    save(course / "index.ipynb", book(text("", "# The map, with chapter 2")))
    changes = bring(course, work)
    mine = read(work / "index.ipynb")
    assert sources(mine)[0] == "# The map, with chapter 2"
    assert sources(mine)[-1] == "My plan: a chapter a week"
    assert read(work / EARLIER / "index_2026-03-05_2140" / "index.ipynb") == index
    assert list(changes.merged) == ["index.ipynb"]
    assert list(bring(course, work).lines()) == []


# -- what cannot be merged stays as it is ----------------------------------------------------------


def test_with_jupyterlab_open_nothing_changes_but_what_is_missing_comes(course, work):
    before = content(work)
    release_again(course)
    shutil.copytree(course / CHAPTER, course / "ch02_y")
    changes = bring(course, work, busy=True)
    after = content(work)
    assert {name: after[name] for name in before} == before
    assert "ch02_y/checks.json" in after
    assert "JupyterLab is open on it" in changes.stayed[CHAPTER]
    assert CHAPTER in bring(course, work).merged


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", '{"cells": 3, "metadata": {}}', '{"worksheets": []}', "\x00", "[" * 9999],
)
def test_a_broken_notebook_is_left_alone_with_its_checks(course, work, broken):
    (work / BOOK).write_text(broken)
    before = content(work)
    release_again(course)
    changes = bring(course, work)
    assert content(work) == before
    assert f"{CHAPTER}.ipynb cannot be read as a notebook" in changes.stayed[CHAPTER]


def test_without_permission_nothing_is_lost(course, work, monkeypatch):
    before = content(work)
    release_again(course)

    def refused(source, target, *_):
        if Path(source) == work / CHAPTER:
            raise PermissionError(13, "Permission denied", str(source))
        return rename(source, target)

    rename = os.rename
    monkeypatch.setattr(update.os, "rename", refused)
    changes = bring(course, work)
    assert content(work) == before
    assert "Permission denied" in changes.stayed[CHAPTER]
    monkeypatch.undo()
    assert CHAPTER in bring(course, work).merged


def test_a_swap_that_fails_in_the_middle_is_taken_back(course, work, monkeypatch):
    before = content(work)
    release_again(course)

    def refused(source, target, *_):
        if Path(source).parent.name == "incoming" and Path(target) == work / CHAPTER:
            raise OSError(28, "No space left on device")
        return rename(source, target)

    rename = os.rename
    monkeypatch.setattr(update.os, "rename", refused)
    assert CHAPTER in bring(course, work).stayed
    assert content(work) == before


def test_a_folder_that_cannot_be_written_is_told(course, tmp_path):
    (tmp_path / "work").write_text("a file in the way")
    (line,) = bring(course, tmp_path / "work").lines()
    assert line.startswith("work/ stays as it is: ")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"files": {}}', None])
def test_a_base_that_is_lost_is_found_again_or_the_chapter_stays(course, work, damage):
    def spoil():
        base = work / CHAPTER / BASE
        base.unlink() if damage is None else base.write_text(damage)

    spoil()
    before = content(work)
    assert list(bring(course, work).lines()) == []
    release_again(course)
    spoil()
    changes = bring(course, work)
    assert content(work) == before
    assert "is not known any more" in changes.stayed[CHAPTER]


def test_a_chapter_begins_afresh_when_its_folder_was_renamed(course, work):
    (work / CHAPTER).rename(work / "my old one")
    changes = bring(course, work)
    assert BOOK in changes.added
    assert read(work / BOOK) == first_release()
    assert (work / "my old one" / "my data.csv").exists()


def test_two_at_once_do_not_meet(course, work):
    fcntl = pytest.importorskip("fcntl")
    before = content(work)
    release_again(course)
    with (work / FOLDER / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert list(bring(course, work).lines()) == []
        assert content(work) == before
    assert CHAPTER in bring(course, work).merged


# -- killed ----------------------------------------------------------------------------------------


class Killed(BaseException):
    """As if the process ended here."""


def kill_at(monkeypatch, number):
    """Let the process end before its `number`-th step that others can see."""
    steps = 0

    def step(function):
        def counted(*args, **kwargs):
            nonlocal steps
            steps += 1
            if steps == number:
                raise Killed
            return function(*args, **kwargs)

        return counted

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, step(getattr(os, name)))
    monkeypatch.setattr(shutil, "rmtree", step(shutil.rmtree))
    monkeypatch.setattr(Path, "write_bytes", step(Path.write_bytes))


def test_killed_at_any_moment_nothing_is_lost_and_the_next_run_goes_on(
    course, work, tmp_path, monkeypatch
):
    save_index = read(work / "index.ipynb")
    save_index["cells"].append(text("c0de", "My plan"))
    save(work / "index.ipynb", save_index)
    old = content(work)
    shutil.copytree(work, tmp_path / "kept")
    release_again(course)
    save(course / "index.ipynb", book(text("", "# The map, with chapter 2")))
    bring(course, work)
    new = content(work)
    number = 0
    while True:
        number += 1
        shutil.rmtree(work)
        shutil.copytree(tmp_path / "kept", work)
        with monkeypatch.context() as patch:
            kill_at(patch, number)
            try:
                bring(course, work)
                break
            except Killed:
                pass
        found = content(work)
        state = [found.get(name) for name in (BOOK, CHECKS)]
        assert state in ([old[BOOK], old[CHECKS]], [new[BOOK], new[CHECKS]], [None, None]), number
        everywhere = b"".join(p.read_bytes() for p in work.rglob("*.ipynb"))
        assert b"return x + x" in everywhere
        assert b"My plan" in everywhere
        bring(course, work)
        assert told_of_no_copy(content(work)) == told_of_no_copy(new), number
        assert not list((work / FOLDER / "incoming").iterdir())
    assert number > 20


def told_of_no_copy(files):
    """The files without what names the copy that was kept, of which there may be two now."""
    files = copy.deepcopy(files)
    for name in (BOOK, "index.ipynb"):
        notebook = json.loads(files[name])
        files[name] = [source for source in sources(notebook) if EARLIER not in source]
    return files
