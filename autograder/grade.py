"""`grade`: every hand-in of a chapter judged in a sandbox, in parallel; this process writes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import nbformat

from autograder import fingerprint, pool
from autograder.docket import Docket
from autograder.errors import AutograderError, NoVerdict
from autograder.gradebook import Gradebook, read_results
from autograder.paths import COURSE, Classroom
from autograder.result import Result
from autograder.sandbox import Limits
from autograder.submission import Submission, submissions
from autograder.work import HandIn, Setting, no_verdict, take
from dlkit.home.course import REVIEW


def grade(
    chapter_id: str,
    classroom: Classroom,
    *,
    students: tuple[str, ...] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    force: bool = False,
    limits: Limits | None = None,
    course_dir: Path = COURSE,
    progress: Callable[[int, int, Result], None] = lambda done, total, result: None,
    say: Callable[[str], None] = lambda text: None,
) -> list[Result]:
    """Grade what is new or changed (with `force`, everything), and return every result.

    With `scheduler`, the address of one of Dask's, on its workers, else in `jobs` processes here.
    `progress` is told of each result, `say` of workers that are refused or lost.
    Raises SandboxUnavailable where isolation does not work; nothing is run then.
    """
    handed_in = _chosen(submissions(classroom, chapter_id), students, chapter_id)
    with Gradebook(classroom, course_dir) as gradebook:
        setting = _setting(gradebook, chapter_id, limits or Limits())
        gradebook.apply_late_rules()
        waiting = _Waiting(setting, handed_in)
        results = {} if force else waiting.unchanged(read_results(classroom, chapter_id))
        pending = [s for s in waiting.submissions if s not in results]
        docket = Docket(chapter_id, pending, waiting.take)
        with closing(_judged(setting, docket, jobs, scheduler, say)) as judged:
            for done, result in enumerate(judged, start=1):
                submission = waiting.submissions[result.student]
                try:
                    gradebook.record(result, submission, waiting.prints[result.student])
                except NoVerdict as problem:
                    result = no_verdict(result.student, chapter_id, problem.message)
                    gradebook.record(result, submission)
                results[result.student] = result
                progress(done, len(pending), result)
    return [results[student] for student in sorted(results)]


def _judged(setting, docket, jobs, scheduler, say) -> Iterator[Result]:
    if not docket:
        return
    if scheduler is None:
        yield from pool.judged(setting, docket, jobs)
        return
    from autograder import cluster  # takes as long to import as all the rest

    yield from cluster.judged(setting, docket, scheduler, say)


class _Waiting:
    """A run's hand-ins, read from the disk when their turn comes, with what made each result."""

    def __init__(self, setting: Setting, handed_in: list[Submission]):
        self.submissions = {submission.student: submission for submission in handed_in}
        self.prints: dict[str, str] = {}
        self._common = fingerprint.of_setting(setting)

    def take(self, student: str) -> HandIn:
        submission = self.submissions[student]
        hand_in = take(student, submission.folder, submission.chapter)
        made_of = fingerprint.of_hand_in(self._common, hand_in, submission.timestamp)
        self.prints[student] = made_of
        return hand_in

    def unchanged(self, known: dict[str, dict]) -> dict[str, Result]:
        """The known results that would be made again of the same."""
        for student in self.submissions:
            self.take(student)
        return {
            student: Result.from_json(entry)
            for student, entry in known.items()
            if entry.get("fingerprint") and entry["fingerprint"] == self.prints.get(student)
        }


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


def _setting(gradebook: Gradebook, chapter_id: str, limits: Limits) -> Setting:
    folder = gradebook.course_dir / chapter_id
    release = nbformat.writes(gradebook.release_of(chapter_id))
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".ipynb" and path.name != REVIEW
    }
    return Setting(chapter_id, release, files, limits, gradebook.classroom.secret())
