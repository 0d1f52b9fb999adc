"""Hand-ins from nbgrader's exchange: those that nbgrader would collect, but read with care."""

import os
from datetime import UTC, datetime, timedelta

import pytest
import tiny
from downloads import RIGHT, collected
from nbgrader.exchange.default import ExchangeCollect, ExchangeSubmit

from autograder import database
from autograder.collect import EXCHANGE, collect, exchange
from autograder.errors import AutograderError
from autograder.nbconfig import course_config, run
from autograder.paths import COURSE_ID, Classroom
from autograder.submission import submissions


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


@pytest.fixture
def inbound(classroom):
    made = classroom.exchange / COURSE_ID / "inbound"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def submit(tmp_path, classroom, inbound):
    """Hands in what nbgrader's own `nbgrader submit` would, as a student at the Assignment List."""
    released = classroom.exchange / COURSE_ID / "outbound" / tiny.ID
    work = tmp_path / "work" / tiny.ID
    for folder in (released, work):
        folder.mkdir(parents=True)
        (folder / RIGHT).write_text("released")

    def submit(student, text):
        (work / RIGHT).write_text(text)
        config = course_config(classroom, tmp_path)
        config.ExchangeSubmit.assignment_dir = str(tmp_path / "work")
        config.ExchangeSubmit.cache = str(tmp_path / "cache")
        run(ExchangeSubmit, config, assignment_id=tiny.ID, student_id=student)

    return submit


TIME = "2027-06-07 10:00:00.000000 UTC"


def put(inbound, student, text="{}", time=TIME, written=None, random="+aBc-_123"):
    folder = inbound / f"{student}+{tiny.ID}+{time}{random}"
    folder.mkdir()
    (folder / RIGHT).write_text(text)
    (folder / "timestamp.txt").write_text(written or time)
    return folder


def take(classroom):
    notes = collect(EXCHANGE, tiny.ID, classroom)
    assert len(dict(notes)) == len(notes)
    return dict(notes)


def files(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_collected_is_what_nbgrader_collects(tmp_path, classroom, submit):
    submit("ada", "ada's first")
    submit("ada", "ada's")
    submit("bob", "bob's")
    told = take(classroom)
    theirs = Classroom(tmp_path / "theirs")
    theirs.root.mkdir()
    database.create(theirs.database_url)
    config = course_config(theirs, tmp_path)
    config.Exchange.root = str(classroom.exchange)
    run(ExchangeCollect, config, assignment_id=tiny.ID)
    ours = files(classroom.submitted)
    assert ours == files(theirs.submitted)
    assert sorted(ours) == sorted(
        f"{student}/{tiny.ID}/{name}"
        for student in ("ada", "bob")
        for name in (RIGHT, "submission_secret.txt", "timestamp.txt")
    )
    assert collected(classroom) == {"ada": "ada's", "bob": "bob's"}
    assert "1 earlier one(s) stay in the exchange" in told["ada"]


def test_a_new_hand_in_replaces_the_earlier_one_with_all_that_belongs_to_it(classroom, submit):
    submit("ada", "first")
    take(classroom)
    before = files(classroom.submitted / "ada")
    assert take(classroom)["ada"].startswith("not changed")
    assert files(classroom.submitted / "ada") == before
    submit("ada", "second")
    assert "the earlier one lies in replaced/ada" in take(classroom)["ada"]
    after = files(classroom.submitted / "ada")
    assert all(after[name] != before[name] for name in before)
    (kept,) = (classroom.root / "replaced" / "ada" / tiny.ID).iterdir()
    assert files(kept) == {name.rpartition("/")[2]: text for name, text in before.items()}


def test_the_same_notebook_again_has_the_new_time_and_secret(classroom, submit):
    submit("ada", "same")
    take(classroom)
    before = files(classroom.submitted / "ada")
    submit("ada", "same")
    assert take(classroom)["ada"].startswith("not changed, but its time is now")
    after = files(classroom.submitted / "ada")
    changed = {name.rpartition("/")[2] for name in before if before[name] != after[name]}
    assert changed == {"timestamp.txt", "submission_secret.txt"}


@pytest.mark.parametrize("random", ["", "+4aBc", "+2027-06-08 10:00:00 UTC"])
def test_names_are_read_from_their_end(classroom, inbound, random):
    put(inbound, "ada", "ada's", random=random)
    put(inbound, "bob+c", "bob's", random=random)
    put(inbound, f"eve+{tiny.ID}", "eve's", random=random)
    take(classroom)
    assert collected(classroom) == {"ada": "ada's", "bob+c": "bob's", f"eve+{tiny.ID}": "eve's"}
    assert {s.timestamp for s in submissions(classroom, tiny.ID)} == {datetime(2027, 6, 7, 10)}


def test_links_and_strange_names_are_not_taken(classroom, inbound, tmp_path):
    (tmp_path / "secret").write_text("another's")
    put(inbound, "ada", "ada's")
    bob = put(inbound, "bob")
    (bob / RIGHT).unlink()
    (bob / RIGHT).symlink_to(tmp_path / "secret")
    eve = put(inbound, "eve", "eve's")
    (eve / "timestamp.txt").unlink()
    (eve / "timestamp.txt").symlink_to(tmp_path / "secret")
    (inbound / f"kim+{tiny.ID}+2027-06-07 10:00:00 UTC+r").symlink_to(inbound / bob.name)
    (inbound / "notes.txt").write_text("?")
    (inbound / f"lea+{tiny.ID}+20xx").mkdir()
    put(inbound, "a b")
    put(inbound, "..")
    (inbound / "zoe+ch98_other+2027-06-07 10:00:00 UTC+r").mkdir()
    told = take(classroom)
    assert collected(classroom) == {"ada": "ada's", "eve": "eve's"}
    assert submissions(classroom, tiny.ID)[1].timestamp == datetime(2027, 6, 7, 10)
    assert "is a link" in told["bob"]
    assert "a student's id should have only" in told["a b"]
    assert "a student's id should have only" in told[".."]
    assert "links are not followed" in told[f"kim+{tiny.ID}+2027-06-07 10:00:00 UTC+r"]
    assert "is not named as nbgrader names hand-ins" in told["notes.txt"]
    assert "is not named as nbgrader names hand-ins" in told[f"lea+{tiny.ID}+20xx"]
    assert not [name for name in told if name.startswith("zoe")]


def test_a_folder_that_may_not_be_read_stops_nobody_else(classroom, inbound, monkeypatch):
    put(inbound, "ada", "ada's")
    closed = put(inbound, "bob")
    find = exchange.intake.find

    def find_or_fail(folder, chapter_id):
        if folder == closed:
            raise PermissionError(13, "Permission denied")
        return find(folder, chapter_id)

    monkeypatch.setattr(exchange.intake, "find", find_or_fail)
    assert take(classroom)["bob"] == "not collected: it cannot be read: Permission denied"
    assert collected(classroom) == {"ada": "ada's"}


def test_who_put_it_there_is_noted(classroom, inbound):
    put(inbound, "ada")
    assert "It was put there by the account" in take(classroom)["ada"]


def test_a_hand_in_that_another_account_forged_is_refused(classroom, inbound, monkeypatch):
    put(inbound, "daemon", "forged")  # an account of every Linux, and not the folder's owner
    monkeypatch.setattr(os, "getuid", lambda: 12345)  # nor is the instructor
    assert "not collected: it was put there by the account" in take(classroom)["daemon"]
    assert collected(classroom) == {}

    (trusting,) = exchange.hand_ins(classroom, tiny.ID, check_owner=False)
    assert trusting.read() == b"forged"


def test_a_time_that_was_written_by_hand_does_not_count(classroom, inbound):
    put(inbound, "ada", written="2020-01-01 00:00:00.000000 UTC")
    told = take(classroom)["ada"]
    assert "say different times; the later counts" in told
    assert submissions(classroom, tiny.ID)[0].timestamp == datetime(2027, 6, 7, 10)


def test_a_file_that_was_touched_after_its_time_is_noted(classroom, inbound):
    now = datetime.now(UTC)
    put(inbound, "ada", time=f"{now - timedelta(hours=1):%Y-%m-%d %H:%M:%S.%f} UTC")
    put(inbound, "bob", time=f"{now:%Y-%m-%d %H:%M:%S.%f} UTC")
    told = take(classroom)
    assert "was last touched at" in told["ada"]
    assert "was last touched at" not in told["bob"]


def test_without_an_exchange_it_is_said_what_to_do(classroom):
    with pytest.raises(AutograderError, match="autograder release"):
        collect(EXCHANGE, tiny.ID, classroom)


def test_the_exchange_knows_its_times(classroom, inbound, tmp_path):
    (tmp_path / "t.csv").write_text("id,submitted_at\n")
    with pytest.raises(AutograderError, match="not for the exchange"):
        collect(EXCHANGE, tiny.ID, classroom, times=tmp_path / "t.csv")
