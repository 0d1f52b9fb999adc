"""`prove`: is the chapter fair? Each claim runs real answers through the judge and through `check`.

Nothing here needs bubblewrap: only the authors' own code runs.
"""

import copy
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import chapters, judge, leaks, release, source
from autograder.compile import add_trap_values, compile_part
from autograder.paths import ROOT
from autograder.result import ExerciseMark
from autograder.sandbox import Sandbox
from autograder.spec import Chapter, Exercise

SECRET = b"a secret of the proof's own, 32b."
SEEDS = 5
COVERAGE = ROOT / "docs" / "coverage.md"


@dataclass
class Subject:
    """A chapter with its solution notebook and its release."""

    chapter: Chapter
    solution: NotebookNode
    released: Path

    @cached_property
    def release(self) -> NotebookNode:
        return nbformat.read(self.released / f"{self.chapter.id}.ipynb", as_version=4)

    @property
    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.released).as_posix(): path.read_bytes()
            for path in self.released.rglob("*")
            if path.is_file() and path.suffix != ".ipynb"
        }


def prove(chapter_id: str, echo: Callable[[str], None] = print) -> list[str]:
    """Prove one chapter; returns what does not hold, in words (empty: everything holds)."""
    chapter = chapters.load(chapter_id)
    with tempfile.TemporaryDirectory() as scratch:
        subject = Subject(
            chapter,
            source.read_chapter(chapters.source_path(chapter_id), chapter),
            release.make(chapter_id, Path(scratch), source.build),
        )
        problems = []
        with Sandbox(chapter.modules, subject.files, isolated=False) as sandbox:
            for title, claim in CLAIMS.items():
                found = list(claim(subject, sandbox))
                echo(f"{'✗' if found else '✓'} {chapter_id}: {title}")
                problems += [f"{chapter_id}: {problem}" for problem in found]
    return problems


# -- the claims ------------------------------------------------------------------------------------


def solution_gets_everything(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """The solution notebook gets all automatic marks."""
    for name, mark in _grade(subject, sandbox, subject.solution).items():
        if mark.score != mark.max_score:
            yield f"the solution of {name} gets {mark.score:g} of {mark.max_score:g}: {mark.hint}"


def release_gets_nothing(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """The untouched release gets exactly 0, and no trap is told."""
    for name, mark in _grade(subject, sandbox, subject.release).items():
        if mark.score != 0:
            yield f"the untouched release gets {mark.score:g} for {name}"
        if mark.trap:
            yield f"the untouched release is told the trap {mark.trap!r} of {name}"


def right_answers_pass(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """At least two differently written right answers an exercise get full marks."""
    for exercise in _code_exercises(subject):
        texts = [_solution_text(subject, exercise.name)]
        for part in exercise.parts.values():
            texts += [exercise.cell(**{part.name: a}) for a in [part.answer, *part.rights]]
        if len({_normal(text) for text in texts}) < 2:
            yield f"{exercise.name} has fewer than two differently written right answers"
        for text in dict.fromkeys(texts):
            mark, told = _answer(subject, sandbox, exercise, text)
            if mark.score != mark.max_score:
                yield f"{exercise.name}: a right answer is refused ({mark.hint}):\n{text}"
            elif told:
                yield f"{exercise.name}: check refuses a right answer ({told}):\n{text}"


def traps_are_told(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """Each trap loses its exercise and is told its own hint, by the grader and by check."""
    for exercise in _code_exercises(subject):
        for part in exercise.parts.values():
            for trap in [*part.traps, *([part.time] if part.time else [])]:
                yield from _trap(subject, sandbox, exercise, part, trap)


def _trap(subject, sandbox, exercise, part, trap):
    if not trap.hint.strip():
        yield f"{exercise.name}: the trap {trap.name!r} has no hint"
    if not any(other.answers for other in part.traps if other.name == trap.name) and not (
        trap.answers
    ):
        yield f"{exercise.name}: no answer shows the trap {trap.name!r}"
    for answer in trap.answers:
        text = exercise.cell(**{part.name: answer})
        mark, told = _answer(subject, sandbox, exercise, text)
        if mark.score >= mark.max_score:
            yield f"{exercise.name}: the trap {trap.name!r} gets full marks:\n{text}"
        elif mark.trap != trap.name:
            yield (
                f"{exercise.name}: the trap {trap.name!r} is told as {mark.trap!r} "
                f"({mark.hint}):\n{text}"
            )
        if trap.hint not in told:
            yield f"{exercise.name}: check does not tell the hint of {trap.name!r}: {told}\n{text}"


def wrong_answers_are_refused(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """Each other wrong answer is refused with words that a student can act on."""
    for exercise in _code_exercises(subject):
        for part in exercise.parts.values():
            for answer in part.wrongs:
                text = exercise.cell(**{part.name: answer})
                mark, told = _answer(subject, sandbox, exercise, text)
                if mark.score >= mark.max_score or not told:
                    yield f"{exercise.name}: a wrong answer gets full marks:\n{text}"
                elif not mark.hint:
                    yield f"{exercise.name}: a wrong answer is told nothing:\n{text}"


def quiz_choices_are_told(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """Each wrong choice of the quiz loses its point and is told why it is tempting."""
    for exercise in subject.chapter.exercises.values():
        if exercise.kind != "quiz":
            continue
        right = {key: part.answer.function[key] for key, part in exercise.parts.items()}
        for key, part in exercise.parts.items():
            for trap in part.traps:
                wrong = {**right, **trap.variants[0].function}
                text = f"{exercise.name} = {wrong!r}"
                mark, told = _answer(subject, sandbox, exercise, text)
                if mark.score != mark.max_score - 1 or mark.trap != trap.name:
                    yield f"{exercise.name}: {trap.name} gets {mark.score:g} ({mark.trap})"
                if trap.hint not in told or key not in told:
                    yield f"{exercise.name}: check does not say why {trap.name} is tempting"


def hidden_inputs_tell(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """On other seeds too, references pass and each trap shows on the inputs."""
    for exercise in subject.chapter.exercises.values():
        for key, part in exercise.parts.items():
            for seed in range(SEEDS):
                rng = judge.Judge(subject.chapter, SECRET, f"student {seed}")._rng(key)
                check = compile_part(subject.chapter, part, rng, for_release=False)
                yield from add_trap_values(subject.chapter, check, part)


def nothing_leaks(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """No solution, reference or hidden text is in the release."""
    try:
        leaks.check(subject.released, subject.solution)
    except leaks.SourceError as leak:
        yield leak.message
    everything = "\n".join(
        path.read_text("utf-8", "replace")
        for path in subject.released.rglob("*")
        if path.suffix in (".ipynb", ".json")
    )
    for exercise in _code_exercises(subject):
        for part in exercise.parts.values():
            lines = [line.strip() for line in part.answer.text.splitlines()[1:]]
            body = [line for line in lines if len(line) > 20 and "#" not in line]
            if body and all(line in everything for line in body):
                yield f"the reference of {part.name} can be read in the release"


def topics_are_tagged(subject: Subject, sandbox: Sandbox) -> Iterator[str]:
    """Every topic of docs/coverage.md that belongs to the chapter has a tagged cell."""
    listed = re.findall(r"\*\*(C\d+\.\d+)\*\*", COVERAGE.read_text("utf-8"))
    tagged = {tag for cell in subject.release.cells for tag in cell.metadata.get("tags", [])}
    coverage = subject.chapter.coverage
    for wanted in [coverage] if isinstance(coverage, str) else coverage:
        family, one = wanted.split(".")[0], "." in wanted
        topics = [t for t in listed if (t == wanted if one else t.startswith(f"{wanted}."))]
        if not topics:
            yield f"docs/coverage.md lists no topic {wanted if one else f'{wanted}.*'}"
        for topic in topics:
            if topic not in tagged:
                yield f"no cell is tagged {topic}"
    for tag in sorted(tagged):
        if re.fullmatch(rf"{family}\.\d+", tag) and tag not in listed:
            yield f"the tag {tag} is not a topic of docs/coverage.md"


CLAIMS = {
    "the solution notebook gets all automatic marks": solution_gets_everything,
    "the untouched release gets exactly 0": release_gets_nothing,
    "differently written right answers get full marks": right_answers_pass,
    "each trap loses its exercise and is told its own hint": traps_are_told,
    "each other wrong answer is refused with a reason": wrong_answers_are_refused,
    "each wrong choice of the quiz is told why it is tempting": quiz_choices_are_told,
    "traps show on hidden inputs too": hidden_inputs_tell,
    "no solution, reference or hidden text is released": nothing_leaks,
    "every topic has a tagged cell": topics_are_tagged,
}


# -- running answers -------------------------------------------------------------------------------


def _grade(subject, sandbox, notebook) -> dict[str, ExerciseMark]:
    notebook, given = copy.deepcopy(notebook), judge.given_cells(subject.release)
    result = judge.grade(
        notebook, subject.chapter, sandbox, student="proof", secret=SECRET, given=given
    )
    return result.exercises


def _answer(subject, sandbox, exercise: Exercise, text: str) -> tuple[ExerciseMark, str]:
    """(the judge's mark, what `check` told in one line: "" if right) for one solution cell."""
    notebook = _cut(subject.solution, exercise.name, text)
    result = judge.grade(notebook, subject.chapter, sandbox, student="proof", secret=SECRET)
    errors = [out for out in notebook.cells[-2].outputs if out["output_type"] == "error"]
    told = " ".join(" ".join(errors[0]["traceback"]).split()) if errors else ""
    return result.exercises[exercise.name], told


def _cut(solution, name, text) -> NotebookNode:
    """The solution notebook up to one exercise, with `text` as its answer.

    Only imports and solutions are kept. The last two cells are the test cell's line as a student
    runs it, and the test cell.
    """
    cells = []
    for cell in copy.deepcopy(solution.cells):
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("grade_id") == name:
            cell.source = text
        if meta.get("grade_id") == f"test_{name}":
            cells += [nbformat.v4.new_code_cell(cell.source), cell]
            break
        if cell.cell_type == "code" and (meta.get("solution") or "import" in cell.source):
            cells.append(cell)
    return nbformat.v4.new_notebook(cells=cells)


def _code_exercises(subject):
    return [e for e in subject.chapter.exercises.values() if e.kind == "code"]


def _solution_text(subject, name):
    for cell in subject.solution.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            return cell.source
    return ""


def _normal(text):
    return re.sub(r"#.*|\s+", "", text.replace("import numpy as np", ""))
