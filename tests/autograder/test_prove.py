"""Each claim of `prove` holds for a fair chapter and is shown to fail for an unfair one."""

import copy

import nbformat
import pytest

from autograder import prove
from autograder.chapters import all_ids
from autograder.sandbox import Sandbox
from autograder.spec import Answer, TrapSpec, case
from tests.autograder.lessons import FILES, RIGHT, chapter, notebook

STUBS = {name: "raise NotImplementedError()" for name in RIGHT}
OTHER_WAYS = {
    "double": "def double(x):\n    return np.add(x, x)\n",
    "quadruple": "def quadruple(x):\n    return [4 * v for v in x]\n",
    "total": "def total(X, w, b):\n    return np.heaviside(X.dot(w) + b, 0)\n",
}
MARKED = "### BEGIN SOLUTION\n{}\n### END SOLUTION"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(chapter.modules, FILES, isolated=False) as sandbox:
        yield sandbox


@pytest.fixture
def subject(tmp_path, monkeypatch):
    """A copy of the lessons that a test may spoil, released into tmp_path."""
    released = tmp_path / chapter.id
    released.mkdir()
    release = notebook(**STUBS)
    release.cells[0].metadata["tags"] = ["C98.1"]
    nbformat.write(release, released / f"{chapter.id}.ipynb")
    for name, content in FILES.items():
        (released / name).write_bytes(content)
    coverage = tmp_path / "coverage.md"
    coverage.write_text("- **C98.1** doubling\n")
    monkeypatch.setattr(prove, "COVERAGE", coverage)
    ours = copy.deepcopy(chapter)
    for name, text in OTHER_WAYS.items():
        ours.exercises[name].parts[name].rights.append(Answer(None, text))
    return prove.Subject(ours, notebook(), released)


def _spoil_release(subject, **answers):
    path = subject.released / f"{chapter.id}.ipynb"
    nbformat.write(notebook(**{**STUBS, **answers}), path)


def test_all_claims_of_a_fair_chapter(subject, sandbox):
    for title, claim in prove.CLAIMS.items():
        assert list(claim(subject, sandbox)) == [], title


def test_one_right_answer_is_too_few(subject, sandbox):
    subject.chapter.exercises["double"].parts["double"].rights.clear()
    (problem,) = prove.right_answers_pass(subject, sandbox)
    assert problem == "double has fewer than two differently written right answers"


def test_a_solution_that_loses_a_point(subject, sandbox):
    subject.solution = notebook(double="def double(x):\n    return 3 * np.asarray(x)")
    (problem,) = prove.solution_gets_everything(subject, sandbox)
    assert problem.startswith("the solution of double gets 0 of 1")


def test_a_free_point(subject, sandbox):
    _spoil_release(subject, double=RIGHT["double"])
    assert list(prove.release_gets_nothing(subject, sandbox)) == [
        "the untouched release gets 1 for double"
    ]


def test_a_right_answer_that_is_refused(subject, sandbox):
    wrong = Answer(None, "def double(x):\n    return 3 * np.asarray(x)\n")
    subject.chapter.exercises["double"].parts["double"].rights.append(wrong)
    problems = list(prove.right_answers_pass(subject, sandbox))
    assert any(p.startswith("double: a right answer is refused") for p in problems)


def test_a_trap_told_to_who_has_written_nothing(subject, sandbox):
    _spoil_release(subject, double="def double(x):\n    return np.asarray(x) ** 2")
    assert list(prove.release_gets_nothing(subject, sandbox)) == [
        "the untouched release is told the trap 'squares' of double"
    ]


def _traps(subject):
    return subject.chapter.exercises["double"].parts["double"].traps


def test_a_trap_without_its_hint(subject, sandbox):
    _traps(subject)[0].hint = "Another hint than the released one."
    (problem,) = prove.traps_are_told(subject, sandbox)
    assert problem.startswith("double: check does not tell the hint of 'squares'")
    _traps(subject)[0].hint = " "
    assert "double: the trap 'squares' has no hint" in prove.traps_are_told(subject, sandbox)


def test_a_trap_that_gets_full_marks(subject, sandbox):
    right = Answer(None, RIGHT["double"])
    _traps(subject).append(TrapSpec("doubles", "No.", code="never", examples=[right]))
    problems = list(prove.traps_are_told(subject, sandbox))
    assert problems[0].startswith("double: the trap 'doubles' gets full marks")


def test_a_trap_that_is_told_as_another(subject, sandbox):
    squares = _traps(subject)[0].variants[0]
    _traps(subject).append(TrapSpec("cubes", "No.", code="never", examples=[squares]))
    problems = list(prove.traps_are_told(subject, sandbox))
    assert problems[0].startswith("double: the trap 'cubes' is told as 'squares'")


def test_a_trap_without_an_answer_that_shows_it(subject, sandbox):
    _traps(subject).append(TrapSpec("cubes", "No.", code="never"))
    assert list(prove.traps_are_told(subject, sandbox)) == [
        "double: no answer shows the trap 'cubes'"
    ]


def test_a_wrong_answer_that_gets_full_marks(subject, sandbox):
    right = Answer(None, RIGHT["double"])
    subject.chapter.exercises["double"].parts["double"].wrongs.append(right)
    (problem,) = prove.wrong_answers_are_refused(subject, sandbox)
    assert problem.startswith("double: a wrong answer gets full marks")


def test_a_choice_whose_reason_is_not_told(subject, sandbox):
    quiz = subject.chapter.exercises["quiz_ch98"].parts["q1"]
    quiz.traps[0].hint = "Another reason than the released one."
    (problem,) = prove.quiz_choices_are_told(subject, sandbox)
    assert problem == "quiz_ch98: check does not say why q1: a is tempting"


def test_a_trap_that_does_not_show_on_hidden_inputs(subject, sandbox):
    zeros = case([0.0, 2.0])
    subject.chapter.exercises["double"].parts["double"].make_inputs = lambda rng: [zeros]
    problems = list(prove.hidden_inputs_tell(subject, sandbox))
    assert len(problems) == prove.SEEDS
    assert "the trap 'squares' gives the right values" in problems[0]


def test_a_leaked_solution(subject, sandbox):
    subject.solution = notebook(double=MARKED.format(RIGHT["double"]))
    assert list(prove.nothing_leaks(subject, sandbox)) == []
    _spoil_release(subject, double=RIGHT["double"])
    problems = list(prove.nothing_leaks(subject, sandbox))
    assert any("double" in problem and "solution" in problem for problem in problems)


def test_a_leaked_reference(subject, sandbox):
    (subject.released / "checks.json").write_text(
        "return (X @ w + b > 0).astype(int)", encoding="utf-8"
    )
    assert "the reference of total can be read in the release" in list(
        prove.nothing_leaks(subject, sandbox)
    )


def test_a_leaked_file(subject, sandbox):
    (subject.released / "exercises.py").write_text("double = 2")
    assert list(prove.nothing_leaks(subject, sandbox)) == [
        f"{chapter.id}: exercises.py must not be released."
    ]


def test_a_topic_without_a_cell(subject, sandbox):
    prove.COVERAGE.write_text("- **C98.1** doubling\n- **C98.2** halving\n")
    assert list(prove.topics_are_tagged(subject, sandbox)) == ["no cell is tagged C98.2"]


def test_a_chapter_may_take_some_topics_and_leave_others(subject, sandbox):
    prove.COVERAGE.write_text("- **C98.1** doubling\n- **C98.2** halving\n")
    subject.chapter.coverage = ("C98.1",)
    assert list(prove.topics_are_tagged(subject, sandbox)) == []
    subject.chapter.coverage = ("C98.1", "C98.2", "C98.3")
    assert list(prove.topics_are_tagged(subject, sandbox)) == [
        "no cell is tagged C98.2",
        "docs/coverage.md lists no topic C98.3",
    ]


def test_a_tag_that_is_no_topic(subject, sandbox):
    prove.COVERAGE.write_text("- **C98.3** halving\n")
    assert list(prove.topics_are_tagged(subject, sandbox)) == [
        "no cell is tagged C98.3",
        "the tag C98.1 is not a topic of docs/coverage.md",
    ]


@pytest.mark.parametrize("chapter_id", all_ids())
def test_every_chapter_is_fair(chapter_id):
    assert prove.prove(chapter_id, echo=lambda line: None) == []
