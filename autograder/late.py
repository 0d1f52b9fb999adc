"""Lateness in the gradebook: due dates, extensions and penalties as classroom/late.toml says.

Without that file they are nbgrader's own, and so is the penalty where the file has no [penalty].
"""

from difflib import get_close_matches
from pathlib import Path

import click
from nbgrader.api import Assignment, Student, SubmittedAssignment
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from traitlets import Instance
from traitlets.config import Config

from autograder import chapters, database
from autograder.late_rules import LateRules, Penalty, read
from autograder.nbconfig import settings
from autograder.paths import ROOT, Classroom

FILE = "late.toml"


class LateFilePlugin(LateSubmissionPlugin):
    """nbgrader's late plugin whose rule is the [penalty] of late.toml."""

    penalty = Instance(Penalty, ()).tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late) -> float | None:
        share = self.penalty.share(total_seconds_late)
        return score * share if share else None


def configured(config: Config, rules: LateRules | None) -> Config:
    """nbgrader's configuration with the file's penalty, where it has one."""
    config = Config(config)
    if rules is not None and rules.penalty is not None:
        config.AssignLatePenalties.plugin_class = LateFilePlugin
        config.LateFilePlugin.penalty = rules.penalty
    return config


def seconds_late(hand_in: SubmittedAssignment) -> float:
    """After the due date and the student's extension; 0 where nothing is due."""
    return hand_in.total_seconds_late if hand_in.assignment.duedate else 0.0


def bring_up_to_date(classroom: Classroom, root: Path = ROOT) -> None:
    """Apply the rules to what is in the gradebook; the caller holds the classroom's lock."""
    database.existing(classroom)
    with database.writing(classroom.database_url) as connection, Session(connection) as session:
        LatePolicy(session, classroom, settings(classroom, root)).apply()


class LatePolicy:
    """A classroom's rules, read once, for an open gradebook.

    Raises AutograderError where late.toml is wrong; nothing is changed then.
    """

    def __init__(self, session: Session, classroom: Classroom, config: Config):
        self._session, self._classroom = session, classroom
        with session.begin():
            registered = set(session.scalars(select(Assignment.name)))
        path = classroom.root / FILE
        self.rules = read(path, registered.union(chapters.all_ids())) if path.is_file() else None
        # beside the file, so that its extensions are taken back when it is removed
        self._applied = classroom.root / "late.applied"
        self._step = AssignLatePenalties(config=configured(config, self.rules))
        self._step.init_plugin()

    def apply(self) -> None:
        """Bring all due dates, extensions and penalties up to date in one transaction.

        No hand-in is run. What was changed, and what looks like a slip, is told on stderr.
        """
        if self.rules is not None:
            self._applied.touch()
        with self._session.begin():
            told = self._strangers()
            for assignment in self._session.scalars(select(Assignment).order_by(Assignment.name)):
                told += self._apply(assignment)
        if self.rules is None:
            self._applied.unlink(missing_ok=True)
        for line in told:
            click.echo(line, err=True)

    def _apply(self, assignment: Assignment) -> list[str]:
        told = self._due(assignment) + self._idle(assignment)
        query = (
            select(SubmittedAssignment)
            .where(SubmittedAssignment.assignment_id == assignment.id)
            .options(selectinload(SubmittedAssignment.notebooks))
        )
        extensions = penalties = 0
        for hand_in in self._session.scalars(query):
            changed = self.settle(hand_in)
            extensions, penalties = extensions + changed[0], penalties + changed[1]
        if extensions or penalties:
            told.append(
                f"{assignment.name}: extensions changed: {extensions}, "
                f"late penalties changed: {penalties}"
            )
        return told

    def settle(self, hand_in: SubmittedAssignment) -> tuple[bool, bool]:
        """Set one hand-in's extension and penalty, as nbgrader's AssignLatePenalties would.

        Its marks and timestamp are in the database already. Returns whether each was changed.
        """
        extension = self._extension(hand_in)
        longer = extension != hand_in.extension
        if longer:
            hand_in.extension = extension
        late_s, penalised = seconds_late(hand_in), False
        for notebook in hand_in.notebooks:
            penalty = None
            if late_s > 0:
                penalty = self._step.plugin_inst.late_submission_penalty(
                    hand_in.student_id, notebook.score, late_s
                )
            if penalty is not None:
                penalty = self._step._check_late_penalty(notebook, penalty)
            if penalty != notebook.late_submission_penalty:
                notebook.late_submission_penalty, penalised = penalty, True
        return longer, penalised

    def _extension(self, hand_in: SubmittedAssignment):
        assignment = hand_in.assignment
        if self.rules is not None:
            return self.rules.extension(hand_in.student_id, assignment.name, assignment.duedate)
        return None if self._applied.is_file() else hand_in.extension

    def _due(self, assignment: Assignment) -> list[str]:
        due = self.rules.due.get(assignment.name) if self.rules else None
        if due is None or due == assignment.duedate:
            return []
        before, assignment.duedate = assignment.duedate, due
        was = f", it was {before} UTC" if before else ""
        return [f"{assignment.name}: due {due} UTC, as {FILE} says{was}"]

    def _idle(self, assignment: Assignment) -> list[str]:
        """Extensions of this very chapter that have no effect."""
        due, name = assignment.duedate, assignment.name
        return [
            f"{FILE}: the extension of {student} for {name} has no effect: "
            + (f"it ends before the chapter is due, {due} UTC" if due else "nothing is due")
            for student, given in (self.rules.extensions if self.rules else {}).items()
            if name in given and self.rules.extension(student, name, due) is None
        ]

    def _strangers(self) -> list[str]:
        """A line for each student who has an extension and is not known."""
        if self.rules is None:
            return []
        known = set(self._session.scalars(select(Student.id)))
        known |= {folder.name for folder in self._classroom.submitted.glob("*")}
        told = []
        for student in self.rules.extensions.keys() - known:
            near = get_close_matches(student, known, 1)
            like = f"; was {near[0]} meant?" if near else ""
            told.append(f"{FILE}: no hand-in of {student} is known yet{like}")
        return sorted(told)
