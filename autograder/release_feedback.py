"""nbgrader's release_feedback, for our pages: it puts them where students fetch them."""

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.atomic import write_bytes
from autograder.feedback import page_path, up_to_date
from autograder.nbconfig import classroom_of


class CarefulReleaseFeedback(ExchangeReleaseFeedback):
    """Releases no page that marks have overtaken; what cannot be released stops no other.

    A student's list finds the page by a secret, which came with the hand-in through the exchange.
    """

    def copy_files(self):
        classroom, chapter = classroom_of(self.coursedir), self.coursedir.assignment_id
        old, elsewhere, done = [], [], []
        for student, current in up_to_date(chapter, classroom).items():
            page = page_path(classroom, chapter, student)
            secret = _secret_beside(page)
            if not self._is_asked_for(student):
                continue
            if not current:
                old.append(student)
            elif not secret:
                elsewhere.append(student)
            else:
                name = notebook_hash(secret=secret, notebook_id=chapter)
                write_bytes(Path(self.dest_path, f"{name}.html"), page.read_bytes())
                done.append(student)
        self.log.info("Feedback released to %d student(s): %s", len(done), ", ".join(done))
        notes = []
        if elsewhere:
            notes.append(
                "Not handed in through the exchange, so that it cannot return their pages: "
                f"{', '.join(elsewhere)}. They lie in {classroom.feedback}."
            )
        if old:
            notes.append(
                f"Not released, since their marks are newer than their pages: {', '.join(old)}. "
                f"Press Generate Feedback first, or run: python -m autograder feedback {chapter}"
            )
        if old or not done:
            self.fail(" ".join(notes) or f"Nobody asked for has a graded hand-in of {chapter}.")
        for note in notes:
            self.log.warning(note)

    def _is_asked_for(self, student: str) -> bool:
        excluded = self.coursedir.student_id_exclude.split(",")
        return self.coursedir.student_id in ("", "*", student) and student not in excluded


def _secret_beside(page: Path) -> str:
    """What nbgrader left with the hand-in; empty where there is none, or nothing readable."""
    try:
        return page.with_name("submission_secret.txt").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
