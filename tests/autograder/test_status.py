"""One line a chapter says where it stands."""

import tiny

from autograder.feedback import feedback
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
from autograder.status import status
from autograder.submission import submissions


def line(tmp_path, chapter_id=tiny.ID):
    text = status([chapter_id], Classroom(tmp_path / "classroom"), tmp_path / "course")
    return text.split("\n")[-1].split()


def test_it_follows_a_chapter_from_release_to_feedback(tmp_path):
    classroom = Classroom(tmp_path / "classroom")
    release = tiny.released(tmp_path)
    assert line(tmp_path) == [tiny.ID, "yes", "0", "0", "0", "0", "-"]

    for student in ("ada", "bob", "eve"):
        tiny.hand_in(tmp_path, student, tiny.answers(release, written_ch99="Because."))
    assert line(tmp_path) == [tiny.ID, "yes", "3", "0", "0", "0", "-"]

    outcomes = {"ada": "graded", "bob": "timeout", "eve": "no_verdict"}
    with Gradebook(classroom, tmp_path / "course") as gradebook:
        for submission in submissions(classroom, tiny.ID):
            notebook = tiny.answers(release, written_ch99="Because.")
            outcome = outcomes[submission.student]
            result = tiny.result(submission.student, notebook, outcome, double=1.0, triple=0.0)
            gradebook.record(result, submission)
    assert line(tmp_path)[1:6] == ["yes", "3", "2", "2", "0"]
    assert line(tmp_path)[6:] == ["1", "graded,", "1", "no_verdict,", "1", "timeout"]

    feedback(tiny.ID, classroom)
    assert line(tmp_path)[5] == "2"


def test_a_chapter_that_is_not_released_and_no_classroom(tmp_path):
    assert line(tmp_path) == [tiny.ID, "no", "0", "0", "0", "0", "-"]
    assert not (tmp_path / "classroom").exists()
