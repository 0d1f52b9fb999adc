"""An author's text becomes a source notebook, and its slips are named."""

import nbformat
import pytest
import tiny

from autograder import source
from autograder.errors import SourceError


def read(tmp_path, text=tiny.TEXT, chapter=None):
    folder = tiny.author(tmp_path, text)
    return source.read_chapter(folder / f"{tiny.ID}.md", chapter or tiny.chapter(tiny.TEXT))


def test_the_same_text_gives_the_same_bytes(tmp_path):
    first, second = (nbformat.writes(read(tmp_path)) for _ in range(2))
    assert first == second


def test_cells_are_named_by_grade_id_or_place(tmp_path):
    ids = [cell.id for cell in read(tmp_path).cells]
    assert ids[:4] == ["cell-1", "cell-2", "cell-3", "double"]
    assert ids[4] == "test_double"


def test_only_test_cells_may_raise_without_stopping_run_all(tmp_path):
    tagged = [
        c.id for c in read(tmp_path).cells if "raises-exception" in c.metadata.get("tags", [])
    ]
    assert tagged == ["test_double", "test_triple"]


def test_the_notebook_names_the_kernel_and_nothing_else(tmp_path):
    assert set(read(tmp_path).metadata) == {"kernelspec", "language_info"}


def test_what_is_built_is_the_notebook_its_figures_and_the_checks(tmp_path):
    built = tiny.build(tmp_path)(tiny.ID, tmp_path / "into")
    files = sorted(str(f.relative_to(built)) for f in built.rglob("*") if f.is_file())
    assert files == ["ch99_tiny.ipynb", "checks.json", "figures/dots.svg"]


def test_a_cell_may_have_a_solution_for_each_name_that_it_defines(tmp_path):
    two = "    ### END SOLUTION\n\n\ndef twice(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n"
    two += "    ### END SOLUTION\n"
    folder = tiny.author(tmp_path, tiny.TEXT.replace("    ### END SOLUTION\n", two, 1))
    notebook = source.read_chapter(folder / f"{tiny.ID}.md", tiny.chapter())
    (cell,) = (cell for cell in notebook.cells if cell.id == "double")
    assert cell.source.count("### END SOLUTION") == 2


@pytest.mark.parametrize(
    ("old", "new", "cell", "says"),
    [
        ('check("double", double)', 'check("double", double);', "test_double", "one line"),
        ('check("double", double)', 'check("triple", double)', "test_double", "one line"),
        ("points: 1", "points: 2", "test_double", "heading says 1 points, its metadata 2"),
        ("twice (1 point)", "twice", "", None),
        ("points: 2, solution: false", "points: 4, solution: false", "test_triple", "heading says"),
        ("grade_id: triple", "grade_id: double", "double", "once, found it 2 times"),
        ("grade_id: test_triple", "grade_id: test_third", "test_third", "one line"),
        ("    ### END SOLUTION\n", "", "double", "found BEGIN"),
        ("    ### BEGIN SOLUTION\n", "", "double", "found END"),
        ("### END SOLUTION", "### END SOLUTION\n    ### BEGIN SOLUTION", "double", "END BEGIN."),
        (
            "### BEGIN SOLUTION",
            "### BEGIN SOLUTION\n    ### BEGIN SOLUTION",
            "double",
            "BEGIN BEGIN",
        ),
        ("locked: true, task", "locked: false, task", "test_double", "locked: true"),
        ("grade: true, points: 1", "grade: true", "test_double", "expected points"),
        (
            "    ### END SOLUTION",
            "    # long" * 13 + "\n    ### END SOLUTION",
            "double",
            "at most 100",
        ),
        ("figures/dots.svg", "figures/lost.svg", "", "lost.svg"),
        ("figures/dots.svg", "figures/draw.py", "", "one of .svg"),
        ("nbgrader: {schema", "nbgrader: {{schema", "", "no MyST notebook"),
    ],
)
def test_an_authors_slip_is_named(tmp_path, old, new, cell, says):
    assert old in tiny.TEXT
    folder = tiny.author(tmp_path, tiny.TEXT.replace(old, new, 1))
    if says is None:
        source.write(folder, tmp_path / "into", tiny.chapter(), tiny.CHECKS)
        return
    with pytest.raises(SourceError) as error:
        source.write(folder, tmp_path / "into", tiny.chapter(), tiny.CHECKS)
    assert says in str(error.value)
    assert cell in str(error.value)


def test_a_cell_may_leave_several_functions_to_be_written(tmp_path):
    again = "def also(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"
    text = tiny.TEXT.replace("### END SOLUTION", f"### END SOLUTION\n\n\n{again}", 1)
    source.write(tiny.author(tmp_path, text), tmp_path / "into", tiny.chapter(), tiny.CHECKS)


def test_a_solution_without_its_test_cell_is_named(tmp_path):
    start = tiny.TEXT.index(
        "```{code-cell} ipython3\n---\n"
        "nbgrader: {schema_version: 3, cell_type: code, grade_id: test_triple"
    )
    end = tiny.TEXT.index("+++\n\n## In your words")
    with pytest.raises(SourceError, match="`triple`: expected a test cell `test_triple`"):
        read(tmp_path, tiny.TEXT[:start] + tiny.TEXT[end:])


def test_points_that_differ_from_the_exercises_are_named(tmp_path):
    chapter = tiny.chapter()
    chapter.exercises["triple"].points = 3
    with pytest.raises(SourceError, match="test_triple.*expected the 3 points.*found 2"):
        read(tmp_path, chapter=chapter)


def test_a_test_cell_that_hands_over_too_few_names_is_named(tmp_path):
    chapter = tiny.chapter()
    chapter.exercises["triple"].names = ["triple", "quadruple"]
    with pytest.raises(SourceError, match="test_triple.*triple, quadruple"):
        read(tmp_path, chapter=chapter)


def test_a_written_answer_that_differs_from_the_exercises_is_named(tmp_path):
    chapter = tiny.chapter()
    chapter.written_points = 3
    with pytest.raises(SourceError, match="written_ch99.*expected the 3 points.*found 2"):
        read(tmp_path, chapter=chapter)
    chapter.written_points = None
    with pytest.raises(SourceError, match="expected no written answer"):
        read(tmp_path, chapter=chapter)


def test_an_exercise_only_in_one_of_the_two_files_is_named(tmp_path):
    chapter = tiny.chapter()
    chapter.exercises["more"] = chapter.exercises.pop("triple")
    with pytest.raises(SourceError, match="expected the exercise `more`"):
        read(tmp_path, chapter=chapter)
    del chapter.exercises["more"]
    with pytest.raises(SourceError, match="expected `triple` in exercises.py"):
        read(tmp_path, chapter=chapter)


def test_a_missing_text_is_named(tmp_path):
    with pytest.raises(SourceError, match="is missing"):
        source.read_chapter(tmp_path / "ch98.md")
