"""A merge takes text and checks from the release, and answers from the student, bit for bit."""

import copy
import json

import nbformat
import pytest

from autograder import chapters
from autograder.demo.pupils import answers, fill
from autograder.paths import COURSE
from dlkit.home.merge import NEWS, merge, tell, untouched
from tests.home.books import at, book, code, exercise, first_release, sources, text

ANSWER = "def double(x):\n\n    # mine,\twith a tab  \n    return x + x"


@pytest.fixture
def base():
    return first_release()


@pytest.fixture
def mine(base):
    """The first release with an answer, a written answer, and a cell of the student's own."""
    mine = copy.deepcopy(base)
    answer = at(mine, "double")
    answer["source"], answer["execution_count"] = ANSWER, 7
    answer["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]
    at(mine, "written_ch01")["source"] = "Because *it* adds."
    place = mine["cells"].index(at(mine, "test_double")) + 1
    mine["cells"].insert(place, text("b7c1", "My own note"))
    return mine


def changed(base, place, cell):
    """The release with one cell in another's place, or with `cell` None without it."""
    cells = copy.deepcopy(base["cells"])
    cells[place : place + 1] = [cell] if cell else []
    return book(*cells)


def inserted(base, place, *cells):
    all_cells = copy.deepcopy(base["cells"])
    all_cells[place:place] = cells
    return book(*all_cells)


def check_form(notebook):
    nbformat.validate(nbformat.from_dict(notebook))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)


def merged(base, new, mine):
    before = copy.deepcopy((base, new, mine))
    result, notes = merge(base, new, mine)
    assert (base, new, mine) == before, "the merge changed what it was given"
    check_form(result)
    again, more = merge(new, new, result)
    assert (again, more) == (result, []), "a second merge of the same changed something"
    cut_short, _ = merge(base, new, result)
    assert sources(cut_short) == sources(result), "a merge that was not noted was not recognised"
    return result, notes


def test_an_answer_stays_bit_for_bit_and_a_new_cell_appears(base, mine):
    new = inserted(base, 2, text("", "A picture first."))
    new = inserted(new, len(new["cells"]), *exercise("half"))
    result, notes = merged(base, new, mine)
    assert at(result, "double") == at(mine, "double")
    assert at(result, "written_ch01")["source"] == "Because *it* adds."
    assert "A picture first." in sources(result)
    assert at(result, "half") == at(new, "half")
    assert notes == []
    assert len(result["cells"]) == len(new["cells"]) + 1


def test_an_own_cell_stays_below_what_it_stood_below(base, mine):
    result, _ = merged(base, inserted(base, 0, text("", "News"), text("", "More news")), mine)
    place = sources(result).index("My own note")
    assert result["cells"][place] == at(mine, "b7c1")
    assert result["cells"][place - 1]["id"] == "test_double"


def test_an_own_cell_at_the_top_stays_there(base, mine):
    mine["cells"].insert(0, text("0a", "Mine, above all"))
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert sources(result)[0] == "Mine, above all"


def test_text_and_stubs_that_were_not_touched_and_checks_are_the_releases(base, mine):
    new = changed(base, 0, text("", "# One\n\nWhat this is really about."))
    new["cells"][6]["source"] = "def triple(x):\n    ...\n    raise NotImplementedError()"
    new["cells"][7]["source"] = 'check("triple", triple)  # as before'
    at(mine, "test_triple")["source"] = "print('✓ triple 1 of 1 point')"
    at(mine, "test_triple")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "✓"}]
    result, notes = merged(base, new, mine)
    assert sources(result)[0] == "# One\n\nWhat this is really about."
    assert at(result, "triple") == at(new, "triple")
    assert at(result, "test_triple") == at(new, "test_triple")
    assert notes == []


def test_a_stub_that_changed_under_an_answer_is_told(base, mine):
    new = copy.deepcopy(base)
    at(new, "double")["source"] = "def double(x, y):\n    raise NotImplementedError()"
    at(new, "double")["metadata"]["nbgrader"]["points"] = 3
    result, notes = merged(base, new, mine)
    assert at(result, "double")["source"] == ANSWER
    assert at(result, "double")["metadata"] == at(new, "double")["metadata"]
    assert notes == ["`double` starts otherwise now; your answer stayed."]


def test_the_answer_to_a_removed_exercise_is_kept_at_the_end_with_a_word(base, mine):
    new = book(*[cell for cell in base["cells"] if "double" not in cell["id"]])
    result, notes = merged(base, new, mine)
    last = result["cells"][-1]
    assert last["source"].endswith(f"\n{ANSWER}")
    assert last["source"].startswith("# Your answer `double`. The release has this exercise no")
    assert "nbgrader" not in last["metadata"]
    assert "test_double" not in [cell["id"] for cell in result["cells"]]
    assert "My own note" in sources(result)
    assert len(notes) == 1


def test_an_untouched_stub_of_a_removed_exercise_goes(base, mine):
    new = book(*[cell for cell in base["cells"] if "triple" not in cell["id"]])
    result, notes = merged(base, new, mine)
    assert not [source for source in sources(result) if "def triple" in source]
    assert notes == []


def test_a_renamed_exercise_begins_anew_and_the_old_answer_is_kept(base, mine):
    new = copy.deepcopy(base)
    new["cells"][3:5] = exercise("twice")
    result, notes = merged(base, new, mine)
    assert at(result, "twice") == at(new, "twice")
    assert result["cells"][-1]["source"].endswith(ANSWER)
    assert "`double` is no exercise any more" in notes[0]


def test_a_removed_written_answer_is_kept_as_text(base, mine):
    result, _ = merged(base, changed(base, 9, None), mine)
    assert result["cells"][-1]["cell_type"] == "markdown"
    assert result["cells"][-1]["source"].startswith("*Your answer `written_ch01`.")


# -- text that the student edited ------------------------------------------------------------------


def test_text_that_only_the_student_changed_stays(base, mine):
    mine["cells"][2]["source"] = "Think about doubling first. I did."
    result, notes = merged(base, inserted(base, 0, text("", "News")), mine)
    assert "Think about doubling first. I did." in sources(result)
    assert "Think about doubling first." not in sources(result)
    assert notes == []


def test_text_that_both_changed_is_the_releases_with_the_students_below(base, mine):
    mine["cells"][2]["source"] = "Think about doubling first. I did."
    new = changed(base, 2, text("", "Think about doubling first, with a pencil."))
    result, notes = merged(base, new, mine)
    place = sources(result).index("Think about doubling first, with a pencil.")
    below = sources(result)[place + 1]
    assert below.startswith("*Your version of the cell above")
    assert below.endswith("\n\nThink about doubling first. I did.")
    assert notes == ["A cell that you had changed is another now; yours is below it."]


def test_code_that_both_changed_still_runs_below(base, mine):
    at(mine, "cell-9")["source"] = "for x in (10, 20):\n    print(double(x))"
    new = changed(base, 8, code("", "for x in (1, 2, 3, 4):\n    print(double(x))"))
    result, _ = merged(base, new, mine)
    place = sources(result).index("for x in (1, 2, 3, 4):\n    print(double(x))")
    compile(sources(result)[place + 1], "cell", "exec")
    assert "for x in (10, 20)" in sources(result)[place + 1]


def test_text_that_the_student_changed_and_the_release_removed_stays_in_its_place(base, mine):
    mine["cells"][2]["source"] = "What I think of doubling."
    result, notes = merged(base, changed(base, 2, None), mine)
    place = next(
        i for i, s in enumerate(sources(result)) if s.endswith("What I think of doubling.")
    )
    assert sources(result)[place - 1] == "import numpy as np"
    assert len(notes) == 1


def test_deleted_text_stays_deleted_unless_it_is_new(base, mine):
    del mine["cells"][2]
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert "Think about doubling first." not in sources(result)
    new = changed(base, 2, text("", "Think about doubling first, with a pencil."))
    result, _ = merged(base, new, mine)
    assert "Think about doubling first, with a pencil." in sources(result)


def test_a_deleted_exercise_comes_back(base, mine):
    gone = ("triple", "test_triple", "written_ch01")
    mine["cells"] = [cell for cell in mine["cells"] if cell["id"] not in gone]
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert [at(result, name)["id"] for name in gone] == list(gone)


def test_outputs_stay_where_the_text_did(base, mine):
    shown = [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    at(mine, "cell-9")["outputs"] = shown
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert at(result, "cell-10")["outputs"] == shown
    assert at(result, "test_double")["outputs"] == []


@pytest.mark.parametrize("chapter_id", sorted(path.name for path in COURSE.glob("ch*")))
def test_a_solved_chapter_of_the_course_keeps_every_answer(chapter_id):
    base = json.loads((COURSE / chapter_id / f"{chapter_id}.ipynb").read_text("utf-8"))
    chapter = chapters.load(chapter_id)
    mine = fill(base, chapter, answers(chapter, lambda part: part.answer))
    new = inserted(base, 3, text("", "A picture first."))
    new["cells"][0]["source"] = "".join(base["cells"][0]["source"]) + " And more."
    new = book(*new["cells"])
    result, notes = merged(base, new, mine)
    assert notes == []
    assert len(result["cells"]) == len(new["cells"])
    for name in [*chapter.exercises, chapter.written_name]:
        assert at(result, name)["source"] == at(mine, name)["source"]
    solutions = {*chapter.exercises, chapter.written_name}
    others = [cell["source"] for cell in new["cells"] if cell["id"] not in solutions]
    assert [c["source"] for c in result["cells"] if c["id"] not in solutions] == others


# -- notebooks in odd states -----------------------------------------------------------------------


def test_of_copies_of_an_answer_the_last_changed_one_counts_and_none_is_lost(base, mine):
    copied = copy.deepcopy(at(mine, "double"))
    copied |= {"id": "c0ffee", "source": "def double(x):\n    return 2 * x"}
    mine["cells"].append(copied)
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert at(result, "double")["source"] == "def double(x):\n    return 2 * x"
    assert sources(result).count(ANSWER) == 1


def test_a_notebook_without_ids_is_known_by_its_text(base, mine):
    for cell in mine["cells"]:
        del cell["id"]
    mine["nbformat_minor"] = 4
    new = inserted(base, 0, text("", "News"))
    result, _ = merge(base, new, mine)
    check_form(result)
    assert len(result["cells"]) == len(new["cells"]) + 1
    assert at(result, "double")["source"] == ANSWER


def test_sources_in_lines_are_the_same_sources(base, mine):
    for cell in [*base["cells"], *mine["cells"]]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    result, notes = merged(base, inserted(first_release(), 0, text("", "News")), mine)
    assert notes == []
    assert "".join(at(result, "double")["source"]) == ANSWER


def test_an_own_cell_with_an_id_of_the_new_release_gets_another(base, mine):
    at(mine, "b7c1")["id"] = "cell-11"
    result, _ = merged(base, inserted(base, 0, text("", "News")), mine)
    assert "My own note" in sources(result)


def test_what_was_merged_is_told_below_the_first_cell_and_only_once(base, mine):
    result, _ = merge(base, inserted(base, 1, text("", "News")), mine)
    told = tell(result, "first news")
    assert told["cells"][1]["id"] == NEWS
    newest = inserted(base, 1, text("", "News"), text("", "And more"))
    result, _ = merge(inserted(base, 1, text("", "News")), newest, told)
    assert "first news" not in sources(result)
    check_form(tell(result, "second news"))


def test_untouched_means_no_word_of_the_students(base, mine):
    ran = copy.deepcopy(base)
    at(ran, "cell-9")["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2\n"}]
    assert untouched(base, ran)
    assert untouched(base, tell(ran, "news"))
    assert not untouched(base, mine)
    assert not untouched(base, book(*base["cells"][:-1]))
