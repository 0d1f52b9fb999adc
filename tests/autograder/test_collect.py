"""Hand-ins come from folders of several layouts; nothing is dropped without a word."""

import os
from datetime import datetime

import pytest
import tiny

from autograder.collect import collect
from autograder.errors import AutograderError, ClassroomBusy
from autograder.lock import ClassroomLock
from autograder.paths import Classroom
from autograder.submission import Submission, submissions


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "hand-ins"
    made.mkdir()
    return made


def put(path, text="{}", time=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if time:
        stamp = datetime.fromisoformat(f"{time}+00:00").timestamp()
        os.utime(path, (stamp, stamp))


def taken(classroom, student):
    return (classroom.submitted / student / tiny.ID / f"{tiny.ID}.ipynb").read_text()


@pytest.mark.parametrize(
    "path",
    [
        "ada/homework.ipynb",
        f"ada/{tiny.ID}.ipynb",
        f"ada/{tiny.ID}/{tiny.ID}.ipynb",
        f"ada/{tiny.ID}/Untitled.ipynb",
        f"ada_{tiny.ID}.ipynb",
        "ada.ipynb",
    ],
)
def test_every_layout_is_understood(folder, classroom, path):
    put(folder / path, "mine")
    ((student, note),) = collect(folder, tiny.ID, classroom)
    assert student == "ada"
    assert note.startswith("collected.")
    assert taken(classroom, "ada") == "mine"
    named = path.endswith((f"{tiny.ID}.ipynb", "ada.ipynb"))
    assert ("was called" in note) is not named


def test_the_time_is_the_files_own_in_utc(folder, classroom):
    put(folder / "ada.ipynb", time="2030-01-02T03:04:05")
    collect(folder, tiny.ID, classroom)
    target = classroom.submitted / "ada" / tiny.ID
    assert (target / "timestamp.txt").read_text() == "2030-01-02 03:04:05.000000 UTC"
    time = datetime(2030, 1, 2, 3, 4, 5)
    assert submissions(classroom, tiny.ID) == [Submission("ada", tiny.ID, target, time)]


@pytest.mark.parametrize(
    "written", ["2030-01-02 03:04:05 UTC", "2030-01-02T05:04:05+02:00", "2030-01-02 05:04:05 +0200"]
)
def test_a_timestamp_beside_the_file_counts_more(folder, classroom, written):
    put(folder / "ada" / "a.ipynb", time="2031-01-01T00:00:00")
    put(folder / "ada" / "timestamp.txt", written)
    collect(folder, tiny.ID, classroom)
    assert submissions(classroom, tiny.ID)[0].timestamp == datetime(2030, 1, 2, 3, 4, 5)


def test_a_timestamp_that_is_none_is_passed_over(folder, classroom):
    put(folder / "ada" / "a.ipynb", time="2031-01-01T00:00:00")
    put(folder / "ada" / "timestamp.txt", "yesterday, I think")
    collect(folder, tiny.ID, classroom)
    assert submissions(classroom, tiny.ID)[0].timestamp == datetime(2031, 1, 1)


def test_a_later_hand_in_replaces_an_earlier_one_which_is_kept(folder, classroom):
    put(folder / "ada.ipynb", "first", "2030-01-01T00:00:00")
    collect(folder, tiny.ID, classroom)
    put(folder / "ada.ipynb", "second", "2030-01-02T00:00:00")
    ((_, note),) = collect(folder, tiny.ID, classroom)
    assert taken(classroom, "ada") == "second"
    assert "the earlier one lies in replaced/ada" in note
    kept = list((classroom.root / "replaced").rglob("*.ipynb"))
    assert [path.read_text() for path in kept] == ["first"]


def test_an_older_hand_in_replaces_nothing(folder, classroom):
    put(folder / "ada.ipynb", "second", "2030-01-02T00:00:00")
    collect(folder, tiny.ID, classroom)
    put(folder / "ada.ipynb", "first", "2030-01-01T00:00:00")
    ((_, note),) = collect(folder, tiny.ID, classroom)
    assert taken(classroom, "ada") == "second"
    assert note.startswith("not collected: a later hand-in, of 2030-01-02")


def test_of_two_files_in_one_folder_the_later_counts(folder, classroom):
    put(folder / "ada.ipynb", "second", "2030-01-02T00:00:00")
    put(folder / f"ada_{tiny.ID}.ipynb", "first", "2030-01-01T00:00:00")
    assert len(collect(folder, tiny.ID, classroom)) == 2
    assert taken(classroom, "ada") == "second"


def test_collecting_again_changes_nothing(folder, classroom):
    put(folder / "ada.ipynb", "mine", "2030-01-01T00:00:00")
    collect(folder, tiny.ID, classroom)
    put(folder / "ada.ipynb", "mine", "2030-02-02T00:00:00")
    ((_, note),) = collect(folder, tiny.ID, classroom)
    assert note.startswith("not changed")
    assert submissions(classroom, tiny.ID)[0].timestamp == datetime(2030, 1, 1)


@pytest.mark.parametrize("name", ["..", "a b", ".hidden", "a;rm", "x" * 101, "é", "=1+1", "+1"])
def test_a_strange_id_is_named_and_not_used_as_a_path(folder, classroom, name):
    path = f"{name}_{tiny.ID}.ipynb"
    put(folder / path)
    told = collect(folder, tiny.ID, classroom)
    assert not classroom.submitted.exists()
    if not path.startswith("."):
        assert told[0][0] == name
        assert told[0][1].startswith("not collected: a student's id")


def test_links_are_not_followed(folder, classroom, tmp_path):
    put(tmp_path / "secret" / f"{tiny.ID}.ipynb", "another student's")
    (folder / "a").symlink_to(tmp_path / "secret")
    (folder / "b.ipynb").symlink_to(tmp_path / "secret" / f"{tiny.ID}.ipynb")
    (folder / "c").mkdir()
    (folder / "c" / tiny.ID).symlink_to(tmp_path / "secret")
    (folder / "d").mkdir()
    (folder / "d" / f"{tiny.ID}.ipynb").symlink_to(tmp_path / "secret" / f"{tiny.ID}.ipynb")
    told = collect(folder, tiny.ID, classroom)
    assert [student for student, _ in told] == ["a", "b.ipynb", "c", "d"]
    assert all("link" in note for _, note in told)
    assert not classroom.submitted.exists()


def test_a_link_inside_the_classroom_is_not_written_through(folder, classroom, tmp_path):
    put(folder / "ada.ipynb")
    (tmp_path / "elsewhere").mkdir()
    classroom.submitted.mkdir(parents=True)
    (classroom.submitted / "ada").symlink_to(tmp_path / "elsewhere")
    ((_, note),) = collect(folder, tiny.ID, classroom)
    assert "is a link" in note
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_what_is_no_hand_in_is_named(folder, classroom):
    put(folder / "marks.xlsx")
    put(folder / "bob" / "answer.py")
    put(folder / "eve" / "a.ipynb")
    put(folder / "eve" / "b.ipynb")
    told = dict(collect(folder, tiny.ID, classroom))
    assert "is no notebook" in told["marks.xlsx"]
    assert "There is no notebook" in told["bob"]
    assert "several notebooks" in told["eve"]


def test_another_chapters_file_is_not_taken_for_this_one(folder, classroom):
    put(folder / "ada_ch02_mlp.ipynb")
    put(folder / "bob" / "ch02_mlp.ipynb")
    told = dict(collect(folder, tiny.ID, classroom))
    assert told["ada"] == "not collected: ada_ch02_mlp.ipynb is called after another chapter"
    assert "There is no notebook" in told["bob"]


def test_a_missing_folder_is_an_error(classroom, tmp_path):
    with pytest.raises(AutograderError, match="folder of hand-ins"):
        collect(tmp_path / "nowhere", tiny.ID, classroom)


def test_it_waits_for_no_one(folder, classroom):
    put(folder / "ada.ipynb")
    with ClassroomLock(classroom), pytest.raises(ClassroomBusy):
        collect(folder, tiny.ID, classroom)
