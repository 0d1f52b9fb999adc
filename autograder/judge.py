"""The judge: runs a notebook through the sandbox and decides, importing no student code.

The student's process returns values; every verdict is made here, on inputs that are drawn from the
classroom's secret, so nothing that a notebook patches or prints can earn a point.
"""

import hashlib
import hmac
import time
from dataclasses import dataclass, field, replace

import numpy as np

from autograder.compile import compile_part, traps_like
from autograder.needed import needless
from autograder.result import ExerciseMark, Result
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.spec import Chapter, Exercise
from dlkit.check.calls import live
from dlkit.check.part import PartCheck, Verdict
from dlkit.check.report import PartReport, hint, text
from dlkit.check.source import Source
from dlkit.check.yardsticks import best_seconds, by_name

TIMED_RUNS = 9
AROUND = 5  # a timed call may have so many times around it what making its inputs takes here
SPARED = "Not run when graded: no mark depends on it.\n"
HOPELESS = 3  # so many times over the limit that no further run can change it


@dataclass
class Judge:
    """One submission's judge: its hidden inputs follow from secret, student, chapter, exercise."""

    chapter: Chapter
    secret: bytes
    student: str
    release: str = ""
    spared: frozenset[str] = frozenset()  # texts of cells that are not run
    endless: set[str] = field(default_factory=set)
    timed_runs: int = 0
    _parts: dict[str, list[PartCheck]] = field(default_factory=dict)

    def parts(self, name: str) -> list[PartCheck]:
        """An exercise's parts on this student's inputs, drawn once."""
        if name not in self._parts:
            self._parts[name] = [
                compile_part(self.chapter, part, self._rng(name, key), for_release=False)
                for key, part in self.chapter.exercises[name].parts.items()
            ]
        return self._parts[name]

    def _rng(self, *names):
        text = "\0".join([self.student, self.chapter.id, *names, self.release])
        digest = hmac.new(self.secret, text.encode(), hashlib.sha256).digest()
        return np.random.default_rng(int.from_bytes(digest))

    def reports(self, exercise: Exercise, session: Session, source: Source) -> list[PartReport]:
        """Probe an exercise as the session stands; `source` is the code that ran so far."""
        return [
            PartReport(part, self._verdict(exercise, key, part, session, source))
            for key, part in zip(exercise.parts, self.parts(exercise.name), strict=True)
        ]

    def _verdict(self, exercise, key, part, session, source):
        found = session.probe(part)
        if isinstance(found, str):
            return Verdict(False, None, f"`{found}` is not defined in the notebook.")
        if any(outcome.raised[:1] == ["TimeLimit"] for outcome in found):
            self.endless.add(exercise.name)
        verdict = part.verdict(found, source)
        if verdict.ok:
            return self._timed(exercise, key, part, session) if part.time else verdict
        if verdict.unwritten or part.source_trap(source):
            return verdict
        traps = traps_like(self.chapter, part, exercise.parts[key], found)
        if not traps:
            return verdict
        return replace(part, traps=[*part.traps, *traps]).verdict(found, source)

    def _timed(self, exercise, key, part, session):
        """The time rule: both sides' best of some runs, so that a busy machine cannot refuse.

        Each run has inputs of its own, and little time around the call: neither what was
        remembered, nor what was calculated before the clock ran or after it stopped, helps.
        """
        rule, spec = part.time, exercise.parts[key]
        reference = measured = around = own = float("inf")
        for _ in range(TIMED_RUNS):
            self.timed_runs += 1
            case = spec.time.inputs(self._rng(exercise.name, key, f"run {self.timed_runs}"))
            timed = replace(part, time=replace(rule, case=case))
            args, seconds = _drawn(case)
            own = min(own, seconds)
            expected = spec.answer.function(*args)
            *seconds, outcome = session.time(timed)
            if difference := timed.large_difference(expected, outcome):
                return Verdict(False, None, f"On a large input: {difference.text}")
            measured, around = min(measured, seconds[0]), min(around, seconds[1])
            reference = min(reference, best_seconds(by_name(rule.yardstick), args, at_least=0.01))
            limit = rule.ratio * reference
            if measured <= limit and measured + around <= limit + AROUND * own:
                return Verdict(True)
            if measured + around > HOPELESS * (limit + AROUND * own):
                break
        return Verdict(False, rule.trap, rule.hint)


def _drawn(case):
    """The arguments of a case, and how many seconds it took to make them."""
    start = time.perf_counter()
    args = live(case.args)
    return args, time.perf_counter() - start


def grade(
    notebook: dict,
    chapter: Chapter,
    sandbox: Sandbox,
    *,
    student: str,
    secret: bytes,
    release: str = "",
    given: frozenset[str] = frozenset(),
    notes: tuple[str, ...] = (),
) -> Result:
    """Run and judge a notebook whose test cells are the release's (see `intake.parse`).

    Cells that are word for word among `given`, the release's, run only where a mark may depend on
    them. Returns the result with the executed notebook; the test cells' outputs are the judge's
    own.
    """
    start = time.perf_counter()
    judge = Judge(chapter, secret, student, release, _spared(notebook, chapter, given))
    reports: dict[str, list[PartReport]] = {}
    with Session(sandbox, _seed(judge)) as session:
        source = _run(notebook, judge, session, reports)
        _second_look(judge, session, source, reports)
    again = _follow_through(notebook, judge, sandbox, session, source, reports)
    for cell in notebook["cells"]:
        if name := _tested(cell, chapter):
            cell["outputs"] = [_output(chapter.exercises[name], reports[name])]
    marks = {name: _mark(chapter.exercises[name], reports[name]) for name in reports}
    return Result(
        student=student,
        chapter=chapter.id,
        outcome=_outcome(session),
        score=sum(mark.score for mark in marks.values()),
        max_score=chapter.max_score,
        seconds=time.perf_counter() - start,
        notes=[*notes, *_losses(session, sandbox.limits.cell_s), *again],
        exercises={name: marks[name] for name in chapter.exercises if name in marks},
        notebook=notebook,
    )


def _seed(judge):
    return int(judge._rng("session").integers(2**32))


def given_cells(release: dict) -> frozenset[str]:
    """The texts of a release's code cells that are neither a student's to write nor a test."""
    return frozenset(
        _text(cell)
        for cell in release["cells"]
        if cell["cell_type"] == "code"
        and not (_nbgrader(cell).get("grade") or _nbgrader(cell).get("solution"))
    )


def _spared(notebook, chapter, given):
    """The texts of the cells that need not run: they only show something."""
    asked, shown = [], []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not _tested(cell, chapter):
            (shown if _text(cell) in given else asked).append(_text(cell))
    names = set()
    for exercise in chapter.exercises.values():
        names.update(*(part.objects for part in exercise.parts.values()))
        if exercise.kind == "code":  # the right code may stand in for a wrong one
            asked.append(exercise.cell())
    return needless(shown, asked, names)


def _run(notebook, judge, session, reports):
    """Run every code cell in order; at each test cell its exercise is probed instead."""
    source, count = Source(), 0
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        if name := _tested(cell, judge.chapter):
            exercise = judge.chapter.exercises[name]
            reports[name] = judge.reports(exercise, session, source)
        elif _text(cell) in judge.spared:
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": SPARED}]
            source.add(_text(cell))
            continue
        else:
            cell["outputs"] = _numbered(session.run_cell(_text(cell)).outputs, count + 1)
            source.add(_text(cell))
        count += 1
        cell["execution_count"] = count
    return source


def _second_look(judge, session, source, reports):
    """Cells in another order cost nothing: what failed is probed again after the last cell."""
    for name, before in reports.items():
        passed = all(report.verdict.ok for report in before)
        if passed or session.losses or name in judge.endless:
            continue
        after = judge.reports(judge.chapter.exercises[name], session, source)
        if sum(r.score for r in after) > sum(r.score for r in before):
            reports[name] = after


def _follow_through(notebook, judge, sandbox, session, source, reports):
    """Judge what relies on a wrong earlier exercise once more, with the right one in its place.

    Only verdicts come back: what this worker prints, and why an answer is still wrong, is dropped,
    since the right code of the earlier exercises is in its memory. Returns notes.
    """
    wrong = [name for name, found in reports.items() if not all(r.verdict.ok for r in found)]
    if len(wrong) < 2:
        return []
    notes, helpers = [], _helpers(wrong, judge.chapter)
    relying = {
        name: helped
        for place, name in enumerate(wrong)
        if judge.chapter.exercises[name].kind == "code"
        and (helped := [e for e in wrong[:place] if e in helpers and source.reaches(name, e)])
    }
    with Session(sandbox, session.seed, _rest(session)) as again:
        ran = Source()
        for cell in notebook["cells"]:
            if not relying:
                break
            name = _tested(cell, judge.chapter)
            if cell["cell_type"] != "code" or (not name and _text(cell) in session.unfinished):
                continue
            if not name:
                if _text(cell) not in judge.spared:
                    again.run_cell(_text(cell))
                ran.add(_text(cell))
            elif helped := relying.pop(name, None):
                before = reports[name]
                after = judge.reports(judge.chapter.exercises[name], again, ran)
                better = [a if a.verdict.ok else b for a, b in zip(after, before, strict=True)]
                if sum(r.score for r in better) > sum(r.score for r in before):
                    reports[name] = better
                    notes.append(f"{name} was judged with the right {', '.join(helped)} in place.")
            if name in helpers:
                again.run_cell(judge.chapter.exercises[name].cell())
    return notes


def _rest(session):
    """Seconds for a second run: what the first one left, but at least half of a notebook's."""
    return max(session.left_s, session.sandbox.limits.notebook_s / 2)


def _helpers(wrong, chapter):
    """The wrong exercises whose right code may help those that are tested after them.

    Not where a test was moved behind the test of a later exercise: that one's right code could
    answer the earlier one.
    """
    rank = list(chapter.exercises).index
    return {
        name
        for place, name in enumerate(wrong)
        if chapter.exercises[name].kind == "code"
        and all(rank(name) < rank(later) for later in wrong[place + 1 :])
    }


def _tested(cell, chapter):
    """The exercise that a test cell tests; None for any other cell."""
    meta = _nbgrader(cell)
    name = str(meta.get("grade_id", "")).removeprefix("test_")
    is_test = meta.get("grade") and not meta.get("solution") and name in chapter.exercises
    return name if is_test else None


def _nbgrader(cell):
    return cell["metadata"].get("nbgrader", {})


def _text(cell):
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _numbered(outputs, count):
    for output in outputs:
        if output["output_type"] == "execute_result":
            output["execution_count"] = count
    return outputs


def _output(exercise, reports):
    """The test cell's output that the student reads in the feedback."""
    words = text(exercise.name, exercise.points, reports)
    if all(report.verdict.ok for report in reports):
        return {"output_type": "stream", "name": "stdout", "text": words + "\n"}
    return {
        "output_type": "error",
        "ename": "CheckFailed",
        "evalue": words.splitlines()[0],
        "traceback": words.splitlines(),
    }


def _mark(exercise, reports):
    wrong = [report for report in reports if not report.verdict.ok]
    traps = [report.verdict.trap for report in wrong if report.verdict.trap]
    hints = [hint(report, len(reports) > 1) for report in wrong]
    return ExerciseMark(
        score=sum(report.score for report in reports),
        max_score=exercise.points,
        trap=", ".join(traps) or None,
        hint="\n".join(hints) or None,
    )


def _losses(session, cell_s):
    """In words, what was stopped or ended before it was done."""
    if session.stopped:
        cells = "1 cell was" if session.stopped == 1 else f"{session.stopped} cells were"
        yield f"{cells} stopped after {cell_s:g} s."
    yield from dict.fromkeys(lost.message for lost in session.losses)


def _outcome(session):
    if session.losses:
        return session.losses[0].reason
    return "timeout" if session.stopped else "graded"
