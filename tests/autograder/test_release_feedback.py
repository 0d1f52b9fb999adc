"""Pages go back through nbgrader's exchange: the right ones, each to the student who handed in."""

import shutil

import pytest
import tiny
from nbgrader.utils import notebook_hash
from sqlalchemy import create_engine, text

from autograder.errors import AutograderError
from autograder.feedback import feedback, page_path
from autograder.gradebook import Gradebook
from autograder.nbconfig import course_config, run
from autograder.paths import Classroom
from autograder.release_feedback import CarefulReleaseFeedback
from autograder.submission import submissions


def secret_of(student):
    return f"what nbgrader left with {student}'s hand-in"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """ada and bob handed in through the exchange, eve by mail; all are graded and have pages."""
    root = tmp_path_factory.mktemp("graded")
    notebook = tiny.released(root)
    classroom = Classroom(root / "classroom")
    for student in ("ada", "bob", "eve"):
        folder = tiny.hand_in(root, student, notebook, "2030-01-01 10:00:00 UTC")
        if student != "eve":
            (folder / "submission_secret.txt").write_text(secret_of(student))
    with Gradebook(classroom, root / "course") as gradebook:
        for submission in submissions(classroom, tiny.ID):
            result = tiny.result(submission.student, notebook, double=1.0, triple=0.0)
            gradebook.record(result, submission)
    feedback(tiny.ID, classroom)
    return root


@pytest.fixture
def classroom(graded, tmp_path):
    shutil.copytree(graded, tmp_path, dirs_exist_ok=True)
    return Classroom(tmp_path / "classroom")


def release(classroom, **course_directory):
    root = classroom.root.parent
    run(
        CarefulReleaseFeedback,
        course_config(classroom, root),
        assignment_id=tiny.ID,
        **course_directory,
    )


def released(classroom):
    """The students whose pages lie in the exchange, where they look for them."""
    folder = classroom.exchange / "deep-learning" / "feedback"
    places = {
        student: folder / f"{notebook_hash(secret=secret_of(student), notebook_id=tiny.ID)}.html"
        for student in ("ada", "bob")
    }
    assert set(folder.iterdir()) <= set(places.values())
    return {
        student: path.read_bytes() == page_path(classroom, tiny.ID, student).read_bytes()
        for student, path in places.items()
        if path.exists()
    }


def test_a_page_goes_to_whom_the_exchange_can_return_it(classroom):
    release(classroom)
    assert released(classroom) == {"ada": True, "bob": True}


def test_one_student_is_released_alone(classroom):
    release(classroom, student_id="bob")
    assert released(classroom) == {"bob": True}


def test_an_excluded_student_is_not_released(classroom):
    release(classroom, student_id_exclude="ada,eve")
    assert released(classroom) == {"bob": True}


def test_a_page_that_marks_have_overtaken_stays_and_the_others_go(classroom):
    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(
            text(
                "UPDATE comment SET manual_comment = 'New' WHERE notebook_id = (SELECT n.id FROM "
                "submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                "WHERE a.student_id = 'ada')"
            )
        )
    with pytest.raises(AutograderError, match="newer than their pages: ada. Press Generate"):
        release(classroom)
    assert released(classroom) == {"bob": True}
    feedback(tiny.ID, classroom)
    release(classroom)
    assert released(classroom) == {"ada": True, "bob": True}


@pytest.mark.parametrize("secret", [None, b"", b"\xff\xfe"])
def test_what_was_handed_in_elsewhere_is_not_returned_here_and_that_is_said(classroom, secret):
    if secret is not None:
        path = page_path(classroom, tiny.ID, "eve").with_name("submission_secret.txt")
        path.write_bytes(secret)
    with pytest.raises(AutograderError, match="through the exchange.*: eve. They lie in"):
        release(classroom, student_id="eve")
    assert released(classroom) == {}


def test_who_has_nothing_graded_has_nothing_to_be_released(classroom):
    with pytest.raises(AutograderError, match="Nobody asked for has a graded hand-in"):
        release(classroom, student_id="zoe")
