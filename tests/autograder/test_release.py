"""What reaches students: reproducible, without solutions, swapped whole, and marks survive it."""

import shutil
import subprocess
import sys

import nbformat
import pytest
import tiny
from sqlalchemy import create_engine, text

from autograder import leaks
from autograder.chapters import all_ids
from autograder.errors import AutograderError, SourceError
from autograder.gradebook import Gradebook
from autograder.paths import COURSE, Classroom
from autograder.release import release
from autograder.submission import submissions


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def release_again(tmp_path, source_text, **options):
    release(
        [tiny.ID],
        Classroom(tmp_path / "classroom"),
        tmp_path / "course",
        echo=lambda message: None,
        build=options.get("build") or tiny.build(tmp_path, source_text),
        source_dir=tmp_path / "build" / "source",
        pages=None,
    )


def test_the_same_source_gives_the_same_bytes(tmp_path):
    tiny.released(tmp_path / "a")
    tiny.released(tmp_path / "b")
    assert content(tmp_path / "a" / "course") == content(tmp_path / "b" / "course")


def test_students_get_the_notebook_checks_and_figures_only(tmp_path):
    notebook = tiny.released(tmp_path)
    assert list(content(tmp_path / "course" / tiny.ID)) == [
        "ch99_tiny.ipynb",
        "checks.json",
        "figures/dots.svg",
    ]
    nbformat.validate(notebook)
    source = {cell.id: cell.source for cell in notebook.cells}
    assert source["double"].endswith("raise NotImplementedError()")
    assert source["written_ch99"] == "YOUR ANSWER HERE"
    assert not list((tmp_path / "build").glob(".release-*")), "the scratch folder stays behind"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda folder: (folder / "exercises.py").write_text("x"), "exercises.py must not be"),
        (lambda folder: (folder / "figures" / "draw.py").write_text("x"), "draw.py must not be"),
        (lambda folder: (folder / "link.svg").symlink_to("/etc/hostname"), "link.svg must not be"),
        (
            lambda folder: (folder / "checks.json").write_text('"### BEGIN SOLUTION"'),
            "checks.json still contains 'BEGIN SOLUTION'",
        ),
    ],
)
def test_what_students_may_not_see_is_found(tmp_path, change, says):
    tiny.released(tmp_path)
    before = content(tmp_path / "course")
    make = tiny.build(tmp_path)

    def build(chapter_id, into):
        folder = make(chapter_id, into)
        change(folder)
        return folder

    with pytest.raises(SourceError, match=says):
        release_again(tmp_path, tiny.TEXT, build=build)
    assert content(tmp_path / "course") == before


@pytest.mark.parametrize(
    "leak", ["    return x + x  # the answer", "A model answer that only the author sees."]
)
def test_a_solution_shown_elsewhere_is_found(tmp_path, leak):
    with pytest.raises(SourceError, match="cell `cell-1`: students are shown a solution"):
        tiny.released(tmp_path, tiny.TEXT.replace("# Tiny", f"# Tiny\n\n{leak}\n"))


def test_one_line_of_a_longer_solution_may_stand_in_an_example(tmp_path):
    longer = tiny.TEXT.replace("return x + x  # the answer", "y = x + x\n    return y  # so")
    tiny.released(tmp_path, longer.replace("# Tiny", "# Tiny\n\n    y = x + x\n"))
    with pytest.raises(SourceError, match="students are shown a solution"):
        tiny.released(
            tmp_path, longer.replace("# Tiny", "# Tiny\n\n    y = x + x\n    return y  # so\n")
        )


def test_a_solution_that_was_not_stripped_is_found(tmp_path):
    folder = tiny.build(tmp_path)(tiny.ID, tmp_path / "into")
    source = nbformat.read(folder / f"{tiny.ID}.ipynb", as_version=4)
    for cell in source.cells:
        cell.source = cell.source.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
    nbformat.write(source, folder / f"{tiny.ID}.ipynb")
    source = nbformat.read(tiny.build(tmp_path)(tiny.ID, tmp_path / "b") / f"{tiny.ID}.ipynb", 4)
    with pytest.raises(SourceError, match="cell `double`: students are shown"):
        leaks.check(folder, source)


def test_what_nbgrader_cannot_convert_is_told_with_its_words(tmp_path):
    def build(chapter_id, into):
        folder = tiny.build(tmp_path)(chapter_id, into)
        path = folder / f"{tiny.ID}.ipynb"
        path.write_text(path.read_text().replace('"schema_version": 3', '"schema_version": 9', 1))
        return folder

    with pytest.raises(AutograderError, match="GenerateAssignment failed"):
        release_again(tmp_path, tiny.TEXT, build=build)
    assert not (tmp_path / "course").exists()


def test_killed_while_it_works_the_old_release_is_whole(tmp_path):
    tiny.released(tmp_path)
    before = content(tmp_path / "course")
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; import tiny; from autograder import release as r\n"
        "r.replace_folder = lambda new, old: os._exit(9)\n"
        "tiny.released(Path(sys.argv[1]), tiny.TEXT + tiny.MORE)"
    )
    here = str(tmp_path), tiny.__file__.rpartition("/")[0]
    done = subprocess.run([sys.executable, "-c", code, *here], timeout=120)
    assert done.returncode == 9
    assert content(tmp_path / "course") == before
    tiny.released(tmp_path, tiny.TEXT + tiny.MORE)  # and the next one works
    assert content(tmp_path / "course") != before


def test_one_bad_chapter_keeps_all_others_as_they_were(tmp_path, monkeypatch):
    tiny.released(tmp_path)
    before = content(tmp_path / "course")
    with pytest.raises(SourceError):
        release_again(tmp_path, tiny.TEXT.replace("(1 point)", "(9 points)"))
    assert content(tmp_path / "course") == before


# -- marks survive a release ---


def rows(tmp_path, table):
    with create_engine(Classroom(tmp_path / "classroom").database_url).connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table}"))
        return {row.id: dict(row._mapping) for row in found}


def record(tmp_path, notebook, **scores):
    classroom = Classroom(tmp_path / "classroom")
    with Gradebook(classroom, tmp_path / "course") as gradebook:
        for submission in submissions(classroom, tiny.ID):
            gradebook.record(tiny.result(submission.student, notebook, **scores), submission)


def test_releasing_again_with_a_test_cell_added_loses_nothing(tmp_path):
    notebook = tiny.released(tmp_path)
    for student in ("ada", "bob"):
        tiny.hand_in(tmp_path, student, notebook, "2030-01-01 10:00:00 UTC")
    record(tmp_path, notebook, double=1.0, triple=1.5)
    with create_engine(Classroom(tmp_path / "classroom").database_url).begin() as connection:
        connection.execute(text("UPDATE grade SET manual_score = 0.25 WHERE auto_score = 1"))
        connection.execute(text("UPDATE comment SET manual_comment = 'Well done'"))
    tables = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")
    before = {table: rows(tmp_path, table) for table in tables}

    longer = tiny.released(tmp_path, tiny.TEXT + tiny.MORE)

    for table in tables:
        after = rows(tmp_path, table)
        kept = {key: after.get(key) for key in before[table]}
        assert kept == before[table], table
    new = [g for key, g in rows(tmp_path, "grade").items() if key not in before["grade"]]
    assert [g["auto_score"] for g in new] == [None, None]
    record(tmp_path, longer, double=1.0, triple=1.5, half=3.0)
    assert sorted(g["auto_score"] or 0 for g in rows(tmp_path, "grade").values()) == [
        *(0, 0, 1.0, 1.0, 1.5, 1.5, 3.0, 3.0)
    ]
    assert sum(g["manual_score"] == 0.25 for g in rows(tmp_path, "grade").values()) == 2


def test_changed_points_and_text_reach_the_gradebook(tmp_path):
    tiny.released(tmp_path)
    tiny.released(tmp_path, tiny.TEXT.replace("points: 1,", "points: 5,").replace("(1 p", "(5 p"))
    assert 5.0 in [cell["max_score"] for cell in rows(tmp_path, "grade_cells").values()]


def test_a_mended_exercise_with_other_points_keeps_what_a_person_gave(tmp_path):
    notebook = tiny.released(tmp_path)
    for student in ("ada", "bob"):
        tiny.hand_in(tmp_path, student, notebook, "2030-01-01 10:00:00 UTC")
    record(tmp_path, notebook, double=1.0, triple=0.0)
    engine = create_engine(Classroom(tmp_path / "classroom").database_url)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE grade SET manual_score = 0.75, extra_credit = 0.5 WHERE auto_score = 1")
        )
        connection.execute(text("UPDATE comment SET manual_comment = 'Well done'"))
    engine.dispose()
    before = rows(tmp_path, "grade")

    mended = tiny.TEXT.replace("points: 2, solution: false", "points: 4, solution: false")
    notebook = tiny.released(tmp_path, mended.replace("thrice (2 points)", "thrice (4 points)"))
    record(tmp_path, notebook, double=0.0, triple=4.0)

    after = rows(tmp_path, "grade")
    by_hand = ("manual_score", "extra_credit")
    assert {id: [g[c] for c in by_hand] for id, g in after.items()} == {
        id: [g[c] for c in by_hand] for id, g in before.items()
    }
    assert [g["manual_score"] for g in after.values()].count(0.75) == 2
    assert sorted(g["auto_score"] for g in after.values()) == [0, 0, 0, 0, 4.0, 4.0]
    assert {c["manual_comment"] for c in rows(tmp_path, "comment").values()} == {"Well done"}
    assert sorted(c["max_score"] for c in rows(tmp_path, "grade_cells").values()) == [1, 2, 4]


def test_an_exercise_that_has_marks_cannot_be_renamed(tmp_path):
    notebook = tiny.released(tmp_path)
    tiny.hand_in(tmp_path, "ada", notebook)
    record(tmp_path, notebook, double=1.0, triple=2.0)
    before = content(tmp_path / "course"), rows(tmp_path, "grade")
    with pytest.raises(AutograderError, match="the cells test_double are gone, but 1 hand-ins"):
        tiny.released(tmp_path, tiny.TEXT.replace("double", "twice"))
    assert (content(tmp_path / "course"), rows(tmp_path, "grade")) == before


def test_a_test_cell_that_has_marks_cannot_be_taken_away(tmp_path):
    notebook = tiny.released(tmp_path, tiny.TEXT + tiny.MORE)
    tiny.hand_in(tmp_path, "ada", notebook)
    record(tmp_path, notebook, double=0.0, triple=0.0, half=3.0)
    before = content(tmp_path / "course")
    with pytest.raises(AutograderError, match="test_half are gone, but 1 hand-ins have marks"):
        tiny.released(tmp_path)
    assert content(tmp_path / "course") == before
    shutil.rmtree(tmp_path / "classroom")
    tiny.released(tmp_path)  # nobody has handed in


def test_the_release_is_published_where_assignment_list_fetches_it(tmp_path):
    tiny.released(tmp_path)
    tiny.released(tmp_path, tiny.TEXT + tiny.MORE)
    published = tmp_path / "classroom" / "exchange" / "deep-learning" / "outbound" / tiny.ID
    assert content(published) == content(tmp_path / "course" / tiny.ID)


# -- the course itself ---


def release_pages(tmp_path, chapters=(), **options):
    """Release into tmp_path/course, without a classroom."""
    build = tmp_path / "build" / "source"
    release(chapters, None, tmp_path / "course", lambda line: None, source_dir=build, **options)


def test_pages_beside_the_chapters_become_notebooks(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# The course\n\n[One](ch01/ch01.ipynb)\n")
    release(
        [], None, tmp_path / "course", pages=tmp_path / "pages", source_dir=tmp_path / "b" / "s"
    )
    notebook = nbformat.read(tmp_path / "course" / "index.ipynb", as_version=4)
    assert notebook.cells[0].source == "# The course\n\n[One](ch01/ch01.ipynb)"


def test_the_committed_course_is_what_its_sources_give(tmp_path):
    release_pages(tmp_path, all_ids())
    fresh, committed = content(tmp_path / "course"), content(COURSE)
    assert fresh.keys() == committed.keys()
    assert [name for name in fresh if fresh[name] != committed[name]] == [], "run: make release"
