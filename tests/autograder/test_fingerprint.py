"""A result is made again when what made it changes, and only then."""

from datetime import datetime

import pytest

from autograder import fingerprint
from autograder.work import HandIn


@pytest.fixture
def solutions(tmp_path, monkeypatch):
    monkeypatch.setattr(fingerprint, "SOLUTIONS", tmp_path)
    for chapter in ("ch01_a", "ch02_b"):
        (tmp_path / chapter).mkdir()
        (tmp_path / chapter / "exercises.py").write_text("points = 1")
    return tmp_path


def test_a_mended_exercise_is_graded_again_in_its_own_chapter_only(solutions):
    before = {chapter: fingerprint.of_code(chapter) for chapter in ("ch01_a", "ch02_b")}
    (solutions / "ch01_a" / "exercises.py").write_text("points = 2")
    assert fingerprint.of_code("ch01_a") != before["ch01_a"]
    assert fingerprint.of_code("ch02_b") == before["ch02_b"]


def test_another_notebook_or_time_makes_another_fingerprint():
    time = datetime(2030, 1, 1)
    one = fingerprint.of_hand_in(b"common", HandIn("ada", b"{}"), time)
    assert one == fingerprint.of_hand_in(b"common", HandIn("ada", b"{}"), time)
    others = [
        fingerprint.of_hand_in(b"other", HandIn("ada", b"{}"), time),
        fingerprint.of_hand_in(b"common", HandIn("ada", b"{} "), time),
        fingerprint.of_hand_in(b"common", HandIn("ada", b"{}"), time.replace(hour=1)),
        fingerprint.of_hand_in(b"common", HandIn("ada", problem="empty"), time),
    ]
    assert len({one, *others}) == 5
