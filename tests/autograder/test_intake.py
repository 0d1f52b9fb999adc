"""Every hand-in ends as a notebook that is safe to run, or with a problem in plain words."""

import json
import os

import nbformat
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import intake, submission, work

NAME = f"{tiny.ID}.ipynb"
GRADED = ["test_double", "test_triple", "written_ch99"]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return tiny.released(tmp_path_factory.mktemp("release"))


@pytest.fixture
def answered(release):
    return tiny.answers(release, double="def double(x):\n    return 2 * x")


def take(tmp_path, content, release):
    """Read `content` (a notebook, JSON data, text or bytes) as a hand-in."""
    if isinstance(content, nbformat.NotebookNode | dict | list):
        content = json.dumps(content)
    path = tmp_path / NAME
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    taken = intake.parse(intake.read_bytes(path), release)
    if taken.notebook is not None:
        nbformat.validate(taken.notebook)
        ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in taken.notebook.cells]
        assert sorted(i for i in ids if i in GRADED) == GRADED
    return taken


def sources(taken):
    return {cell.id: cell.source for cell in taken.notebook.cells}


def test_an_honest_hand_in_is_taken_as_it_is(tmp_path, release, answered):
    taken = take(tmp_path, answered, release)
    assert (taken.notes, taken.problem) == ([], None)
    assert taken.notebook == answered


# -- the file ---


def test_a_renamed_file_is_taken_with_a_note(tmp_path):
    (tmp_path / "Untitled.ipynb").write_text("{}")
    found = intake.find(tmp_path, tiny.ID)
    assert found.path.name == "Untitled.ipynb"
    assert f"called Untitled.ipynb, not {NAME}" in found.notes[0]


def test_the_right_name_wins_over_others(tmp_path):
    for name in ("a.ipynb", NAME):
        (tmp_path / name).write_text("{}")
    assert intake.find(tmp_path, tiny.ID) == intake.Found(tmp_path / NAME)


def test_several_and_none_called_right_is_a_problem(tmp_path):
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).write_text("{}")
    found = intake.find(tmp_path, tiny.ID)
    assert found.path is None
    assert "(a.ipynb, b.ipynb)" in found.problem


def test_no_notebook_is_a_problem(tmp_path):
    (tmp_path / "answer.py").write_text("")
    assert "no notebook" in intake.find(tmp_path, tiny.ID).problem


def test_links_are_never_followed(tmp_path, answered):
    nbformat.write(answered, tmp_path / "other.txt")
    (tmp_path / NAME).symlink_to(tmp_path / "other.txt")
    assert "is a link" in intake.find(tmp_path, tiny.ID).problem
    with pytest.raises(intake.Unreadable, match="is a link"):
        intake.read_bytes(tmp_path / NAME)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / NAME)
    with pytest.raises(intake.Unreadable, match="no ordinary file"):
        intake.read_bytes(tmp_path / NAME)


def test_a_huge_file_is_refused(tmp_path):
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(intake.MAX_BYTES + 1)
    with pytest.raises(intake.Unreadable, match="larger than 20 MB"):
        intake.read_bytes(tmp_path / NAME)


def test_a_hundred_thousand_cells_are_refused(tmp_path, release):
    cells = [{"cell_type": "code", "source": "1", "metadata": {}}] * (intake.MAX_CELLS + 1)
    (tmp_path / NAME).write_text(json.dumps({"nbformat": 4, "cells": cells}))
    taken = intake.parse(intake.read_bytes(tmp_path / NAME), release)
    assert "at most 5000 are read" in taken.problem


# -- encodings and JSON ---


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_read_with_a_note(tmp_path, release, answered, encoding):
    answered.cells[0].source = "# 感知机 é"
    text = json.dumps(answered, ensure_ascii=False)
    taken = take(tmp_path, text.encode(encoding), release)
    assert taken.notebook.cells[0].source == "# 感知机 é"
    assert len(taken.notes) == 1


def test_latin_1_is_read_with_a_note(tmp_path, release, answered):
    answered.cells[0].source = "# perceptrón"
    taken = take(tmp_path, json.dumps(answered, ensure_ascii=False).encode("latin-1"), release)
    assert taken.notebook.cells[0].source == "# perceptrón"
    assert "LATIN-1" in taken.notes[0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        (" \n", "is empty"),
        ('{"cells": [\n{"cell_type"', "breaks off at line 2, column 13"),
        ("print('hello')", "line 1, column 1"),
        ("[]", "no notebook"),
        ("{}", "no notebook"),
        ('{"cells": 3}', "no list of cells"),
        ('{"nbformat": 5, "cells": []}', "format 5 is not known"),
        ('{"nbformat": "four", "cells": []}', "'four' is not known"),
        ('{"nbformat": 3, "worksheets": 7}', "could not be converted"),
        ('{"a":' * 100_000, "can be read"),
        ('{"cells": [' + "9" * 5000 + "]}", "can be read"),
        (bytes(range(256)), "JSON breaks off"),
    ],
)
def test_what_is_no_notebook_is_told_in_plain_words(tmp_path, release, content, says):
    taken = take(tmp_path, content, release)
    assert taken.notebook is None
    assert says in taken.problem


def test_a_notebook_of_format_3_is_brought_to_format_4(tmp_path, release, answered):
    cells = []
    for cell in answered.cells:
        old = {"cell_type": cell.cell_type, "metadata": cell.metadata}
        key = "input" if cell.cell_type == "code" else "source"
        old |= {key: cell.source.splitlines(keepends=True)}
        if cell.cell_type == "code":
            old |= {"language": "python", "outputs": [], "collapsed": False, "prompt_number": 1}
        cells.append(old)
    content = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    taken = take(tmp_path, content | {"worksheets": [{"cells": cells}]}, release)
    assert sources(taken)["double"] == "def double(x):\n    return 2 * x"
    assert "old format 3" in taken.notes[0]


def test_another_kernel_is_noted_and_replaced(tmp_path, release, answered):
    answered.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    taken = take(tmp_path, answered, release)
    assert taken.notes == ["The notebook was saved for R; it was run with Python."]
    assert taken.notebook.metadata == release.metadata


# -- cells ---


def cell(notebook, name):
    return next(c for c in notebook.cells if c.id == name)


def without(notebook, *names):
    notebook.cells = [c for c in notebook.cells if c.id not in names]
    return notebook


def order(taken):
    return [c.id for c in taken.notebook.cells]


def test_a_deleted_test_cell_comes_back_below_its_answer(tmp_path, release, answered):
    taken = take(tmp_path, without(answered, "test_double"), release)
    assert order(taken) == [c.id for c in release.cells]
    assert taken.notes == ["`test_double` had been deleted and was put back."]


def test_with_its_answer_deleted_too_the_test_goes_to_the_end(tmp_path, release, answered):
    own = nbformat.v4.new_code_cell("double = lambda x: 2 * x", id="mine")
    answered = without(answered, "test_double", "double")
    answered.cells.append(own)
    taken = take(tmp_path, answered, release)
    assert order(taken)[-2:] == ["double", "test_double"]
    assert "lost its label" in taken.notes[0]


def test_a_missing_answer_is_not_overwritten_by_the_stub(tmp_path, release, answered):
    answered = without(answered, "double")
    taken = take(tmp_path, answered, release)
    assert "double" not in order(taken)
    assert "The cell for the answer `double` is gone." in taken.notes


def test_an_empty_notebook_gets_all_that_is_graded(tmp_path, release):
    taken = take(tmp_path, {"cells": [], "metadata": {}, "nbformat": 4}, release)
    assert order(taken) == ["test_double", "note", "test_triple", "written_ch99"]


def test_an_edited_test_cell_and_locked_text_are_restored(tmp_path, release, answered):
    cell(answered, "test_double").source = "pass"
    cell(answered, "note").source = "## Exercise: thrice (99 points)"
    taken = take(tmp_path, answered, release)
    assert sources(taken)["test_double"] == 'check("double", double)'
    assert sources(taken)["note"] == "## Exercise: thrice (2 points)"
    assert [note.split("`")[1] for note in taken.notes] == ["test_double", "note"]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_retyped_cell_is_code_again(tmp_path, release, answered, kind):
    for name in ("double", "test_double"):
        changed = cell(answered, name)
        changed.cell_type = kind
        del changed["outputs"], changed["execution_count"]
    taken = take(tmp_path, answered, release)
    assert cell(taken.notebook, "double").cell_type == "code"
    assert cell(taken.notebook, "test_double").cell_type == "code"
    assert sources(taken)["double"] == "def double(x):\n    return 2 * x"
    assert len(taken.notes) == 2


def test_a_test_moved_above_its_answer_moves_back(tmp_path, release, answered):
    answered.cells.insert(0, answered.cells.pop(4))
    assert answered.cells[0].id == "test_double"
    taken = take(tmp_path, answered, release)
    assert order(taken) == [c.id for c in release.cells]
    assert "stood above its answer" in taken.notes[0]


def test_own_cells_and_own_order_stay(tmp_path, release, answered):
    own = nbformat.v4.new_code_cell("double(4)", id="try-it")
    answered.cells.insert(4, own)
    answered.cells.insert(0, answered.cells.pop(-1))
    taken = take(tmp_path, answered, release)
    assert order(taken) == [c.id for c in answered.cells]
    assert taken.notes == []


def test_metadata_and_outputs_are_the_releases_own(tmp_path, release, answered):
    first = cell(answered, "test_double")
    first.metadata.nbgrader.points = 1000
    first.metadata["evil"] = {"a": [1]}
    first.outputs = [nbformat.v4.new_output("stream", text="✓ double")]
    answered.cells.append(nbformat.v4.new_code_cell("1", id="own", metadata={"tags": ["x"]}))
    answered.metadata["widgets"] = {"evil": 1}
    taken = take(tmp_path, answered, release)
    assert cell(taken.notebook, "test_double") == cell(release, "test_double")
    assert cell(taken.notebook, "own").metadata == {}
    assert taken.notebook.metadata == release.metadata


def test_a_label_that_the_release_does_not_know_is_taken_away(tmp_path, release, answered):
    label = {"grade_id": "test_free", "grade": True, "points": 99, "locked": True}
    own = nbformat.v4.new_code_cell("1", metadata={"nbgrader": label}, id="mine")
    answered.cells.append(own)
    assert "nbgrader" not in cell(take(tmp_path, answered, release).notebook, "mine").metadata


def test_a_pasted_picture_stays_in_the_written_answer(tmp_path, release, answered):
    written = cell(answered, "written_ch99")
    written.attachments = {"a.png": {"image/png": "AAAA", "text/html": "<script>"}}
    taken = take(tmp_path, answered, release)
    assert cell(taken.notebook, "written_ch99").attachments == {"a.png": {"image/png": "AAAA"}}


# -- duplicates ---


def copy_of(notebook, name, **changes):
    made = nbformat.from_dict(dict(cell(notebook, name)))
    made.update(changes)
    return made


def test_of_two_answers_the_last_counts_and_both_are_run(tmp_path, release, answered):
    answered.cells.append(copy_of(answered, "double", id="copy", source="def double(x): return 0"))
    taken = take(tmp_path, answered, release)
    assert sources(taken)["double"] == "def double(x): return 0"
    assert "def double(x):\n    return 2 * x" in sources(taken).values()
    assert "`double` was there 2 times" in taken.notes[0]


def test_an_untouched_copy_does_not_count_as_the_last_answer(tmp_path, release, answered):
    answered.cells.append(copy_of(release, "double", id="copy"))
    taken = take(tmp_path, answered, release)
    assert sources(taken)["double"] == "def double(x):\n    return 2 * x"
    assert "copy" not in order(taken)


def test_a_test_cell_is_there_once(tmp_path, release, answered):
    answered.cells.append(copy_of(answered, "test_double", id="copy"))
    answered.cells.append(copy_of(answered, "test_double", id="mine", source="double(3)"))
    taken = take(tmp_path, answered, release)
    assert order(taken).count("test_double") == 1
    assert cell(taken.notebook, "test_double").source == 'check("double", double)'


def test_cell_ids_that_clash_are_made_distinct(tmp_path, release, answered):
    answered.cells[0].id = answered.cells[1].id = "same"
    answered.cells[2].id = "not allowed!"
    ids = order(take(tmp_path, answered, release))
    assert len(set(ids)) == len(ids)


# -- whatever JSON there is ---

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
LABELS = st.sampled_from(["double", "test_double", "triple", "test_triple", "note", "written_ch99"])
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "heading"]) | JSON,
        "id": LABELS | st.text(max_size=5) | JSON,
        "source": st.text(max_size=9) | st.lists(st.text(max_size=5)) | JSON,
        "attachments": JSON,
        "outputs": JSON,
        "metadata": JSON
        | st.fixed_dictionaries({"nbgrader": st.fixed_dictionaries({"grade_id": LABELS})}),
    },
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.lists(CELLS | JSON, max_size=8), JSON, st.sampled_from([2, 3, 4]))
def test_any_cells_end_as_a_valid_notebook_or_a_problem(
    tmp_path, release, cells, metadata, version
):
    content = {"cells": cells, "metadata": metadata, "nbformat": version, "worksheets": []}
    taken = take(tmp_path, content, release)
    assert (taken.notebook is None) == (taken.problem is not None)
    if version == 4:
        assert taken.notebook is not None
        nbformat.writes(taken.notebook).encode()


def test_a_name_that_is_no_text_can_be_written_down(tmp_path):
    (tmp_path / os.fsdecode(b"my\xff\n work.ipynb")).write_text("{}")
    (note,) = intake.find(tmp_path, tiny.ID).notes
    assert note.startswith(
        "The file was called my\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} "
    )
    note.encode()


def test_a_folder_that_nobody_may_look_into_is_unreadable(tmp_path, monkeypatch):
    def closed(self, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.stat", closed)
    hand_in = work.take("ada", tmp_path, tiny.ID)
    assert hand_in.outcome == "unreadable"
    assert "Permission denied" in hand_in.problem


@pytest.mark.parametrize("kind", ["folder", "pipe", "huge", "of year 1", "bytes"])
def test_a_time_stamp_that_is_none_is_as_if_it_were_not_there(tmp_path, kind):
    stamp = tmp_path / "timestamp.txt"
    {
        "folder": lambda: stamp.mkdir(),
        "pipe": lambda: os.mkfifo(stamp),
        "huge": lambda: (stamp.touch(), os.truncate(stamp, 2**40)),
        "of year 1": lambda: stamp.write_text("0001-01-01 00:00:00 +1400"),
        "bytes": lambda: stamp.write_bytes(b"\xff\xfe\x00"),
    }[kind]()
    assert submission.read_timestamp(tmp_path) is None
    assert set(submission.kept_files(tmp_path)) <= {"timestamp.txt"}
    assert (kind in ("of year 1", "bytes")) == bool(submission.kept_files(tmp_path))
