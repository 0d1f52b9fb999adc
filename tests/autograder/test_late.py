"""Lateness follows late.toml at every grade, feedback and export, without running a hand-in."""

import shutil
import warnings
from datetime import datetime, timedelta

import pytest
import tiny
from nbgrader.api import Gradebook as NbgraderGradebook
from test_gradebook import RIGHT, graded_by_nbgrader, open_gradebook, set_duedate, tables

from autograder import late
from autograder.errors import AutograderError
from autograder.export import export
from autograder.feedback import feedback, page_path
from autograder.paths import COURSE_ID, Classroom
from autograder.submission import submissions

RULES = """
[due]
ch99 = 2030-01-02T00:00:00Z

[penalty]
grace = "1 hour"
per_day = 0.1
at_most = 0.5
zero_after = "7 days"
"""
TIMES = {  # all have 3 marks
    "early": "2030-01-01 10:00:00 UTC",
    "graced": "2030-01-02 01:00:00 UTC",
    "hours": "2030-01-02 01:00:01 UTC",
    "days": "2030-01-03 12:00:00 UTC",
    "week": "2030-01-08 23:00:00 UTC",
    "never": "2030-02-08 00:00:00 UTC",
    "undated": None,
}
ANSWERS = {**RIGHT, "written_ch99": "Because."}
PENALTIES = {
    **{"early": None, "graced": None, "hours": 0.3, "days": 0.6, "week": 1.5, "never": 3.0},
    "undated": None,
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class, released and handed in, and not graded."""
    tmp_path = tmp_path_factory.mktemp("handed_in")
    release = tiny.released(tmp_path)
    for student, time in TIMES.items():
        tiny.hand_in(tmp_path, student, tiny.answers(release, **ANSWERS), time)
    return tmp_path


@pytest.fixture
def classroom(tmp_path, handed_in):
    """A copy of that class, to be changed."""
    shutil.copytree(handed_in, tmp_path, dirs_exist_ok=True)
    return Classroom(tmp_path / "classroom")


def grade(tmp_path):
    """What `grade` does, with every hand-in judged to be right."""
    classroom = Classroom(tmp_path / "classroom")
    with open_gradebook(tmp_path) as gradebook:
        gradebook.apply_late_rules()
        release = gradebook.release_of(tiny.ID)
        for submission in submissions(classroom, tiny.ID):
            notebook = tiny.answers(release, **ANSWERS)
            result = tiny.result(submission.student, notebook, double=1.0, triple=2.0)
            gradebook.record(result, submission, "print")


def grade_nothing_anew(tmp_path):
    """What `grade` does where no hand-in has changed."""
    with open_gradebook(tmp_path) as gradebook:
        gradebook.apply_late_rules()


def say(classroom, rules):
    (classroom.root / late.FILE).write_text(rules)


def opened(classroom):
    return NbgraderGradebook(classroom.database_url, COURSE_ID)


def penalties(classroom):
    with opened(classroom) as book:
        return {
            row.student_id: row.notebooks[0].late_submission_penalty
            for row in book.assignment_submissions(tiny.ID)
        }


def approximately(expected):
    return {student: value and pytest.approx(value) for student, value in expected.items()}


def test_each_started_day_costs_its_share(tmp_path, classroom):
    say(classroom, RULES)
    grade(tmp_path)
    assert penalties(classroom) == approximately(PENALTIES)


def test_a_changed_file_changes_the_penalties_without_grading(tmp_path, classroom, capsys):
    grade(tmp_path)
    assert set(penalties(classroom).values()) == {None}
    say(classroom, RULES)
    capsys.readouterr()
    grade_nothing_anew(tmp_path)
    assert penalties(classroom) == approximately(PENALTIES)
    told = capsys.readouterr().err
    assert f"{tiny.ID}: due 2030-01-02 00:00:00 UTC, as late.toml says" in told
    assert "extensions changed: 0, late penalties changed: 4" in told
    say(classroom, RULES.replace("0.1", "0.2"))
    grade_nothing_anew(tmp_path)
    assert penalties(classroom)["days"] == pytest.approx(1.2)
    capsys.readouterr()
    grade_nothing_anew(tmp_path)
    assert capsys.readouterr().err == ""


def test_an_extension_comes_and_goes_with_its_line(tmp_path, classroom):
    say(classroom, RULES)
    grade(tmp_path)
    extended = '\n[extensions]\nhours = "1 day"\nweek = { ch99 = 2030-01-08T00:00:00Z }\n'
    say(classroom, RULES + extended)
    grade_nothing_anew(tmp_path)
    expected = PENALTIES | {"hours": None, "week": 0.3}
    assert penalties(classroom) == approximately(expected)
    with opened(classroom) as book:  # as Formgrader and nbgrader's own exporters see it
        hand_in = book.find_submission(tiny.ID, "week")
        assert hand_in.extension == timedelta(days=6)
        assert hand_in.duedate == datetime(2030, 1, 8)
        assert hand_in.total_seconds_late == 23 * 3600
    grade(tmp_path)  # graded again, it stays
    assert penalties(classroom) == approximately(expected)
    say(classroom, RULES)
    grade_nothing_anew(tmp_path)
    assert penalties(classroom) == approximately(PENALTIES)
    with opened(classroom) as book:
        assert book.find_submission(tiny.ID, "week").extension is None


def test_a_removed_file_takes_its_extensions_and_penalties_with_it(tmp_path, classroom):
    say(classroom, RULES + '\n[extensions]\nhours = "1 day"\n')
    grade(tmp_path)
    (classroom.root / late.FILE).unlink()
    grade_nothing_anew(tmp_path)
    assert set(penalties(classroom).values()) == {None}
    with opened(classroom) as book:
        assert book.find_submission(tiny.ID, "hours").extension is None
        assert book.find_assignment(tiny.ID).duedate == datetime(2030, 1, 2)  # Formgrader's now
        book.grant_extension(tiny.ID, "hours", days=1)
    grade_nothing_anew(tmp_path)
    with opened(classroom) as book:
        assert book.find_submission(tiny.ID, "hours").extension == timedelta(days=1)


def test_without_a_file_nbgraders_extensions_and_plugin_count(tmp_path, classroom):
    set_duedate(classroom.database_url)
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    grade(tmp_path)
    with opened(classroom) as book:
        book.grant_extension(tiny.ID, "days", days=2)
    grade_nothing_anew(tmp_path)
    assert penalties(classroom) == {
        **{student: None for student in TIMES},
        **{student: 3.0 for student in ("graced", "hours", "week", "never")},
    }


def test_a_file_without_a_penalty_leaves_it_to_nbgraders_plugin(tmp_path, classroom):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    say(classroom, "due.ch99 = 2030-01-02T00:00:00Z\nextensions.days = '2 days'")
    grade(tmp_path)
    assert penalties(classroom)["hours"] == 3.0
    assert penalties(classroom)["days"] is None


def test_a_persons_mark_moves_the_penalty_with_the_score(tmp_path, classroom):
    say(classroom, RULES)
    grade(tmp_path)
    mark = {"week": 2.0, "never": 1.5, "days": -4.0}
    with opened(classroom) as book:
        for student, points in mark.items():
            row = book.find_grade("written_ch99", tiny.ID, tiny.ID, student)
            row.manual_score = points
        book.db.commit()
    expected = PENALTIES | {"week": 2.5, "never": 4.5, "days": 0.0}
    grade_nothing_anew(tmp_path)
    assert penalties(classroom) == approximately(expected)


@pytest.mark.parametrize("step", ["feedback", "export"])
def test_feedback_and_export_bring_it_up_to_date_too(tmp_path, classroom, step):
    grade(tmp_path)
    say(classroom, RULES)
    if step == "export":
        table = export([tiny.ID], classroom, tmp_path / "course", tmp_path)
        assert f"week,{tiny.ID},graded,2030-01-08 23:00:00,601200,1.5,1.5,5" in table
    else:
        feedback(tiny.ID, classroom, root=tmp_path)
        page = page_path(classroom, tiny.ID, "week").read_text()
        assert "Late submission penalty" in page
        assert "1.5" in page
    assert penalties(classroom) == approximately(PENALTIES)


def test_a_wrong_file_changes_nothing(tmp_path, classroom):
    say(classroom, RULES)
    grade(tmp_path)
    say(classroom, RULES.replace("0.1", "10").replace("01-02", "01-03"))
    with pytest.raises(AutograderError, match="between 0 and 1"):
        grade_nothing_anew(tmp_path)
    with pytest.raises(AutograderError, match="between 0 and 1"):
        export([tiny.ID], classroom, tmp_path / "course", tmp_path)
    assert penalties(classroom) == approximately(PENALTIES)
    with opened(classroom) as book:
        assert book.find_assignment(tiny.ID).duedate == datetime(2030, 1, 2)


def test_stopped_in_the_middle_nothing_is_changed(tmp_path, classroom, monkeypatch):
    grade(tmp_path)
    say(classroom, RULES)
    settle, calls = late.LatePolicy.settle, []

    def stopped(self, hand_in):
        calls.append(settle(self, hand_in))
        if len(calls) == len(TIMES):
            raise KeyboardInterrupt
        return calls[-1]

    monkeypatch.setattr(late.LatePolicy, "settle", stopped)
    with pytest.raises(KeyboardInterrupt):
        grade_nothing_anew(tmp_path)
    assert sum(penalised for _, penalised in calls) == 4
    assert set(penalties(classroom).values()) == {None}
    monkeypatch.undo()
    grade_nothing_anew(tmp_path)
    assert penalties(classroom) == approximately(PENALTIES)


def test_slips_that_are_no_errors_are_told(tmp_path, classroom, capsys):
    grade(tmp_path)
    say(
        classroom,
        'timezone = "UTC"\n[extensions]\nweak = "1 day"\nzzzzzz = "1 day"\n'
        "days = { ch99 = 2029-01-01T00:00:00 }\n",
    )
    capsys.readouterr()
    grade_nothing_anew(tmp_path)
    assert capsys.readouterr().err.splitlines() == [
        "late.toml: no hand-in of weak is known yet; was week meant?",
        "late.toml: no hand-in of zzzzzz is known yet",
        f"late.toml: the extension of days for {tiny.ID} has no effect: nothing is due",
    ]
    set_duedate(classroom.database_url)
    grade_nothing_anew(tmp_path)
    told = capsys.readouterr().err
    assert "it ends before the chapter is due, 2030-01-02 00:00:00 UTC" in told


def test_a_due_date_removed_in_formgrader_is_no_error(tmp_path, classroom):
    set_duedate(classroom.database_url)
    grade(tmp_path)
    with opened(classroom) as book:
        book.grant_extension(tiny.ID, "days", days=2)
        book.find_assignment(tiny.ID).duedate = None
        book.db.commit()
    grade_nothing_anew(tmp_path)
    assert "days" in export([tiny.ID], classroom, tmp_path / "course", tmp_path)


def test_a_late_class_gets_the_rows_that_nbgrader_writes_with_this_plugin(tmp_path, classroom):
    for student in TIMES.keys() - {"early", "hours", "week", "never"}:
        shutil.rmtree(classroom.submitted / student)
    say(classroom, RULES + '\n[extensions]\nweek = "5 days"\n')
    grade(tmp_path)
    grade(tmp_path)

    (tmp_path / "nbgrader_config.py").write_text(
        "from datetime import timedelta\n"
        "from autograder.late_rules import Penalty\n"
        "c = get_config()\n"
        "c.AssignLatePenalties.plugin_class = 'autograder.late.LateFilePlugin'\n"
        "c.LateFilePlugin.penalty = Penalty(timedelta(hours=1), 0.1, 0.5, timedelta(days=7))\n"
    )

    def extend(url):
        with NbgraderGradebook(url, COURSE_ID) as book:
            book.grant_extension(tiny.ID, "week", days=5)

    with warnings.catch_warnings():  # SQLAlchemy warns of nbgrader's own code
        warnings.simplefilter("ignore")
        theirs = tables(graded_by_nbgrader(tmp_path, after_first=extend))
    ours = tables(classroom.database_url)
    for table in theirs:
        assert ours[table] == theirs[table], table
    expected = {"early": None, "hours": 0.3, "week": 0.6, "never": 3.0}
    assert penalties(classroom) == approximately(expected)
