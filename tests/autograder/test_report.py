"""The report says what the gradebook says, and what a student wrote never acts in it."""

import csv
import re
from xml.etree import ElementTree

import pytest
import tiny

from autograder.errors import AutograderError
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
from autograder.report import report
from autograder.report.figures import SECONDS, Bin, bins, gather
from autograder.report.page import MOST_PAIRS, page
from autograder.result import ExerciseMark, Result
from autograder.submission import submissions

HOSTILE = '"><script>alert(1)</script><img src=http://x.example/ onerror=alert(1)>'
LONG = """def triple(x):
    total, steps = 0, []
    for index in range(3):
        total += x if index < 3 else -x
        steps.append((index, total))
    print("sum", steps[-1][1], max(steps), len(steps) * 2)
    return steps[-1][1] if steps else total
"""
CLASS = {  # double of 1 point, triple of 2; a trap of double; seconds
    "ada": ("graded", 1.0, 2.0, None, 0.3),
    "bob": ("graded", 0.0, 2.0, "squares", 0.4),
    "cyd": ("graded", 0.0, 0.0, "squares", 1.5),
    "dan": ("timeout", 1.0, 1.0, None, 25.0),
    "eve": ("unreadable", 0.0, 0.0, None, 0.0),
    "fay": ("no_verdict", 0.0, 0.0, None, 0.0),
}


def record(root, student, outcome="graded", double=1.0, triple=2.0, trap=None, **options):
    """Hand in and grade one notebook of the tiny chapter, with these marks."""
    classroom, release = Classroom(root / "classroom"), tiny.released(root)
    code = options.get("code", "def triple(x): return 3 * x")
    notebook = tiny.answers(release, triple=code, written_ch99="Because.")
    tiny.hand_in(root, student, notebook)
    (submission,) = (s for s in submissions(classroom, tiny.ID) if s.student == student)
    marks = {
        "double": ExerciseMark(double, 1.0, trap, options.get("hint", "Not x times x.")),
        "triple": ExerciseMark(triple, 2.0),
    }
    result = Result(
        student=student,
        chapter=tiny.ID,
        outcome=outcome,
        seconds=options.get("seconds", 0.3),
        notes=options.get("notes", []),
        exercises={} if outcome in ("unreadable", "no_verdict") else marks,
        notebook=None if outcome in ("unreadable", "no_verdict") else notebook,
    )
    with Gradebook(classroom, root / "course", root=root) as gradebook:
        gradebook.record(result, submission)


def found(root):
    return gather(tiny.ID, Classroom(root / "classroom"), root / "course")


def written(root):
    """The page's text and the CSV's rows."""
    classroom = Classroom(root / "classroom")
    html, table = report(tiny.ID, classroom, course_dir=root / "course")
    return html.read_text("utf-8"), list(csv.reader(table.read_text("utf-8").splitlines()))


@pytest.fixture
def small_class(tmp_path):
    for student, (outcome, double, triple, trap, seconds) in CLASS.items():
        code = LONG.replace("steps", "sums") if student == "bob" else LONG
        code = code if student in ("ada", "bob") else "def triple(x): return 3 * x"
        record(tmp_path, student, outcome, double, triple, trap, seconds=seconds, code=code)
    return tmp_path


def test_the_numbers_are_those_of_the_class(small_class):
    tiny.hand_in(small_class, "gus", tiny.released(small_class))
    figures = found(small_class)
    assert figures.outcomes == {
        "graded": 3,
        "timeout": 1,
        "unreadable": 1,
        "no_verdict": 1,
        "not graded": 1,
    }
    assert sorted(figures.totals) == [0, 0, 2, 2, 3]
    assert [one.count for one in figures.marks] == [2, 0, 2, 1, 0]
    rates = {one.name: (one.marked, one.right, one.mean) for one in figures.exercises}
    assert rates == {"double": (4, 2, 0.5), "triple": (4, 2, 1.25), "written_ch99": (0, 0, 0.0)}
    (trap,) = figures.traps
    assert (trap.exercise, trap.name, trap.count) == ("double", "squares", 2)
    assert trap.hint == "Not x times x."
    waiting = {(case.student, case.outcome) for case in figures.cases}
    assert waiting == {
        ("dan", "timeout"),
        ("eve", "unreadable"),
        ("fay", "no_verdict"),
        ("gus", "not graded"),
    }
    assert figures.unmarked == {"written_ch99": 4}
    assert (figures.seconds[-1], len(figures.seconds)) == (25.0, 6)
    assert [pair.students for pair in figures.pairs] == [("ada", "bob")]
    assert figures.pairs[0].exercises == {"triple": 1.0}


def test_page_and_csv_hold_the_numbers(small_class):
    html, rows = written(small_class)
    assert "Mean 1.4, median 2 of 5 points" in html
    assert '<td>double</td><td class="number">4</td><td class="number">2</td>' in html
    assert "a reason to talk with two students, not a proof" in html
    assert rows[0] == ["part", "name", "detail", "value"]
    assert ["exercise", "triple", "mean points", "1.25"] in rows
    assert ["trap", "double", "squares", "2"] in rows
    assert ["alike", "ada and bob", "triple", "1.0"] in rows
    assert ["to mark by hand", "written_ch99", "hand-ins", "4"] in rows


def test_each_chart_says_in_words_what_it_shows(small_class):
    html, _ = written(small_class)
    charts = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.S)]
    assert [chart.get("role") for chart in charts] == ["img"] * 3
    marks, exercises, seconds = (chart.get("aria-label") for chart in charts)
    assert marks == "Marks of 5 hand-ins, in points: 2 with 0 to 1, 2 with 2 to 3, 1 with 3 to 4."
    assert "double 2 of 4, triple 2 of 4" in exercises
    assert "1 with 20 to 60" in seconds


def test_the_page_loads_nothing_and_follows_the_readers_theme(small_class):
    html, _ = written(small_class)
    assert "Content-Security-Policy\" content=\"default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import", html)


def test_hostile_text_is_only_text(tmp_path):
    record(tmp_path, "@SUM+1", "timeout", trap=HOSTILE, hint=HOSTILE, notes=[HOSTILE])
    record(tmp_path, "bob", trap="=cmd|'/C calc'!A0", code=f"x = '''{HOSTILE}")
    html, rows = written(tmp_path)
    assert html.count("&lt;script&gt;") == 3
    assert not re.search(r"<script|<img", html)
    assert ["trap", "double", "'=cmd|'/C calc'!A0", "1"] in rows
    assert not [word for row in rows for word in row if word.startswith(("=", "+", "@"))]


def test_a_quiz_is_counted_by_question(small_class):
    classroom = Classroom(small_class / "classroom")
    path = classroom.results / tiny.ID / "ada.json"
    text = path.read_text("utf-8").replace('"double"', '"quiz_ch99"')
    text = text.replace('"trap": null', '"trap": "q1: a, q3: d"', 1)
    path.write_text(text.replace("Not x times x.", "q1: first.\\nq3: third."), "utf-8")
    quiz = [trap for trap in found(small_class).traps if trap.exercise == "quiz_ch99"]
    assert [(trap.name, trap.hint, trap.count) for trap in quiz] == [
        ("q1: a", "q1: first.", 1),
        ("q3: d", "q3: third.", 1),
    ]


def test_a_value_on_an_edge_counts_above_it_and_none_is_lost():
    assert bins([0, 1, 1.5, 2, 9, -1], [0, 1, 2]) == [Bin(0, 1, 2), Bin(1, 2, 4)]
    assert sum(one.count for one in bins([0.0, 5e3], SECONDS)) == 2


def test_a_class_with_many_pairs_shows_the_most_alike(small_class):
    figures = found(small_class)
    figures.pairs.extend(figures.pairs * MOST_PAIRS)
    html = page(figures)
    assert html.count("<td>ada</td><td>bob</td>") == MOST_PAIRS
    assert "<p>1 more in the CSV" in html


def test_a_class_without_mistakes_or_pairs_has_a_page(tmp_path):
    record(tmp_path, "ada", "no_verdict")
    html, _ = written(tmp_path)
    for words in ("No hand-in has marks yet", "Nobody fell into one", "No two."):
        assert words in html


def test_it_goes_where_it_is_told(small_class, tmp_path):
    classroom = Classroom(small_class / "classroom")
    paths = report(tiny.ID, classroom, tmp_path / "to" / "r.html", small_class / "course")
    assert paths == (tmp_path / "to" / "r.html", tmp_path / "to" / "r.csv")
    assert all(path.is_file() for path in paths)
    with pytest.raises(AutograderError, match=r"expected the page's, such as r\.html"):
        report(tiny.ID, classroom, tmp_path / "r.csv", small_class / "course")


def test_without_marks_it_says_what_to_run(tmp_path):
    with pytest.raises(AutograderError, match="Run: python -m autograder release"):
        written(tmp_path)
    tiny.released(tmp_path)
    with pytest.raises(AutograderError, match=f"Run: python -m autograder grade {tiny.ID}"):
        written(tmp_path)
    (tmp_path / "classroom" / "gradebook.db").unlink()
    with pytest.raises(AutograderError, match="has no gradebook yet"):
        written(tmp_path)
