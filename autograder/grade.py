"""`grade`: every hand-in of a chapter judged in the sandbox, in parallel; one process writes."""

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path

from nbformat import NotebookNode

from autograder import chapters, intake, judge
from autograder.errors import AutograderError, NoVerdict
from autograder.gradebook import Gradebook, read_results
from autograder.paths import COURSE, DLKIT, ROOT, SOLUTIONS, Classroom
from autograder.result import ExerciseMark, Result
from autograder.sandbox import Limits, Sandbox, probe_host
from autograder.submission import Submission, submissions

JUDGING = ("compile", "intake", "judge", "repair", "session", "spec")
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Setting:
    """What all hand-ins of one run share; sent once to every process of the pool."""

    chapter_id: str
    release: NotebookNode
    files: dict[str, bytes]
    secret: bytes
    limits: Limits

    @property
    def release_id(self) -> str:
        """Changes with every change of the released notebook; hidden inputs are drawn from it."""
        return hashlib.sha256(repr(self.release).encode()).hexdigest()


def grade(
    chapter_id: str,
    classroom: Classroom,
    *,
    students: tuple[str, ...] = (),
    jobs: int | None = None,
    force: bool = False,
    limits: Limits | None = None,
    course_dir: Path = COURSE,
    progress: Callable[[int, int, Result], None] = lambda done, total, result: None,
) -> list[Result]:
    """Grade what is new or changed (with `force`, everything), and return every result.

    Raises SandboxUnavailable where isolation does not work; nothing is run then.
    """
    probe_host()
    handed_in = _chosen(submissions(classroom, chapter_id), students, chapter_id)
    with Gradebook(classroom, course_dir) as gradebook:
        setting = Setting(
            chapter_id,
            gradebook.release_of(chapter_id),
            _released_files(course_dir / chapter_id),
            classroom.secret(),
            limits or Limits(),
        )
        base = _base_fingerprint(setting)
        known = read_results(classroom, chapter_id)
        prints = {s.student: _fingerprint(base, s) for s in handed_in}
        results = {} if force else _unchanged(known, prints)
        pending = [s for s in handed_in if s.student not in results]
        total = len(pending)
        for done, (submission, result) in enumerate(_judged(setting, pending, jobs), start=1):
            try:
                gradebook.record(result, submission, prints[submission.student])
            except NoVerdict as problem:
                result = _no_verdict(submission, problem.message)
                gradebook.record(result, submission)
            results[result.student] = result
            progress(done, total, result)
    return [results[student] for student in sorted(results)]


def _chosen(handed_in, students, chapter_id):
    if not students:
        if not handed_in:
            raise AutograderError(
                f"nobody has handed in {chapter_id} yet. Hand-ins lie in "
                f"submitted/STUDENT/{chapter_id}/; python -m autograder collect puts them there."
            )
        return handed_in
    by_student = {submission.student: submission for submission in handed_in}
    if unknown := [student for student in students if student not in by_student]:
        raise AutograderError(f"no hand-in of {chapter_id} by {', '.join(unknown)}")
    return [by_student[student] for student in students]


# -- what makes a result, so that an unchanged one is not made again -----------------------------


def _released_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb"
    }


def _base_fingerprint(setting: Setting) -> bytes:
    digest = hashlib.sha256(setting.release_id.encode())
    sources = [SOLUTIONS / setting.chapter_id / "exercises.py"]
    sources += [ROOT / "autograder" / f"{name}.py" for name in JUDGING]
    for folder in (DLKIT, ROOT / "autograder" / "sandbox"):
        sources += sorted(folder.rglob("*.py"))
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    for name, content in setting.files.items():
        digest.update(name.encode() + content)
    return digest.digest()


def _fingerprint(base: bytes, submission: Submission) -> str:
    digest = hashlib.sha256(base + repr(submission.timestamp).encode())
    for path in sorted(submission.folder.rglob("*.ipynb")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                digest.update(path.name.encode() + file.read(intake.MAX_BYTES + 1))
    return digest.hexdigest()


def _unchanged(known: dict[str, dict], prints: dict[str, str]) -> dict[str, Result]:
    return {
        student: _from_json(entry)
        for student, entry in known.items()
        if entry.get("fingerprint") and entry["fingerprint"] == prints.get(student)
    }


def _from_json(entry: dict) -> Result:
    fields = {key: value for key, value in entry.items() if key != "fingerprint"}
    fields["exercises"] = {n: ExerciseMark(**mark) for n, mark in entry["exercises"].items()}
    return Result(**fields)


# -- the pool --------------------------------------------------------------------------------------


def _judged(
    setting: Setting, pending: list[Submission], jobs: int | None
) -> Iterator[tuple[Submission, Result]]:
    """Results as they come; what a broken process held is tried once more, alone."""
    lost = []
    for submission, result in _pool_run(setting, pending, jobs):
        if result.outcome == "no_verdict":
            lost.append(submission)
        else:
            yield submission, result
    for submission in lost:
        yield from _pool_run(setting, [submission], 1)


def _pool_run(setting, pending, jobs):
    if not pending:
        return
    jobs = min(jobs or os.cpu_count() or 1, len(pending))
    for name in THREADS:  # inherited: a process a core, each with one thread
        os.environ[name] = "1"
    context = get_context("forkserver")
    context.set_forkserver_preload(["autograder.grade"])
    with ProcessPoolExecutor(jobs, context, _start, (setting,)) as pool:
        futures = {pool.submit(_grade_one, s.student, s.folder): s for s in pending}
        for future in as_completed(futures):
            submission = futures[future]
            try:
                yield submission, future.result()
            except BrokenProcessPool:
                yield submission, _no_verdict(submission, "a grading process ended unexpectedly")
            except Exception as error:  # our fault whatever it is: said, never a zero
                yield submission, _no_verdict(submission, f"{type(error).__name__}: {error}")


def _no_verdict(submission, reason):
    return Result(
        submission.student,
        submission.chapter,
        "no_verdict",
        notes=[f"Not graded, by no fault of the hand-in: {reason}. Run grade again."],
    )


_STATE: dict = {}


def _start(setting: Setting) -> None:
    chapter = chapters.load(setting.chapter_id)
    sandbox = Sandbox(chapter.modules, setting.files, setting.limits)
    _STATE.update(setting=setting, chapter=chapter, sandbox=sandbox.__enter__())
    Finalize(None, sandbox.__exit__, (None, None, None), exitpriority=10)  # atexit does not run


def _grade_one(student: str, folder: Path) -> Result:
    setting, chapter = _STATE["setting"], _STATE["chapter"]
    found = intake.find(folder, chapter.id)
    if found.path is None:
        outcome = "unreadable" if any(folder.glob("*.ipynb")) else "missing"
        return _ungraded(student, chapter, outcome, found.problem)
    taken = intake.read(found.path, setting.release)
    if taken.problem:
        return _ungraded(student, chapter, "unreadable", taken.problem)
    return judge.grade(
        taken.notebook,
        chapter,
        _STATE["sandbox"],
        student=student,
        secret=setting.secret,
        release=setting.release_id,
        notes=(*found.notes, *taken.notes),
    )


def _ungraded(student, chapter, outcome, problem):
    """No notebook that could be run: every exercise at 0, and the reason in a note."""
    return Result(
        student,
        chapter.id,
        outcome,
        max_score=chapter.max_score,
        notes=[problem],
        exercises={n: ExerciseMark(0.0, e.points) for n, e in chapter.exercises.items()},
    )
