"""When each student handed in, as `--times FILE` says, since Canvas's and Moodle's zips do not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil import parser

from autograder import roster as rosters
from autograder.errors import AutograderError
from autograder.roster import Roster, Student
from autograder.tables import columns, read_rows

_SUBMITTED = "last modified (submission)"


class Times:
    """Times (UTC) by the gradebook's ids, and who Moodle's participants are."""

    def __init__(self, times: dict[str, datetime] | None = None, participants=None):
        self._times, self._participants = times or {}, participants or {}

    def of(self, student_id: str) -> datetime | None:
        return self._times.get(student_id)

    def participant(self, number: str) -> Student | None:
        """The student whom the worksheet calls by this number."""
        return self._participants.get(number)


def read(path: Path, roster: Roster, zone: ZoneInfo | None = None) -> Times:
    """The times in the file at `path`.

    It is a CSV with columns `id` (whatever the roster finds a student by) and `submitted_at`, or
    Moodle's grading worksheet, or what Canvas's API lists as an assignment's submissions (.json).
    Times that state no zone are in `zone`; without it they are an error.
    """
    if path.suffix.lower() == ".json":
        return _of_canvas(path, roster, zone)
    names = {name.casefold() for name in columns(path)}
    if _SUBMITTED in names and "identifier" in names:
        return _of_worksheet(path, roster, zone)
    if {"id", "submitted_at"} <= names:
        times = {}
        for line, row in read_rows(path):
            student = roster.find(row["id"])
            if time := _time(path, f"line {line}", row["submitted_at"], zone):
                times[student.id if student else row["id"]] = time
        return Times(times)
    raise AutograderError(
        f"{path}: expected the columns id and submitted_at, or Moodle's grading worksheet in "
        f"English (Identifier, …, Last modified (submission)); found {', '.join(columns(path))}"
    )


def _of_canvas(path: Path, roster: Roster, zone: ZoneInfo | None) -> Times:
    try:
        submissions = json.loads(path.read_text(encoding="utf-8-sig"))
        listed = [(str(entry["user_id"]), entry["submitted_at"]) for entry in submissions]
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise AutograderError(
            f"{path}: expected Canvas's list of submissions, each with user_id and submitted_at "
            f"({type(error).__name__}: {error})"
        ) from None
    times = {}
    for number, (user_id, text) in enumerate(listed, start=1):
        student = roster.canvas(user_id)
        if time := _time(path, f"entry {number}", str(text or ""), zone):
            times[student.id if student else user_id] = time
    return Times(times)


def _of_worksheet(path: Path, roster: Roster, zone: ZoneInfo | None) -> Times:
    listed = {student.moodle_id: student for student in rosters.load(path).students}
    participants = {n: roster.same_as(student) or student for n, student in listed.items()}
    times = {}
    for line, row in read_rows(path):
        number = row["identifier"].rpartition(" ")[2]
        time = _time(path, f"line {line}", row[_SUBMITTED], zone)
        if time and number in participants:
            times[participants[number].id] = time
    return Times(times, participants)


def _time(path: Path, where: str, text: str, zone: ZoneInfo | None) -> datetime | None:
    """None where the cell says that there is none (`-`)."""
    if text in ("", "-"):
        return None
    try:
        time = parser.parse(text)
    except (ValueError, OverflowError):
        raise AutograderError(
            f"{path}, {where}: expected a time such as 2027-06-07 14:14 or Monday, 7 June "
            f"2027, 2:14 PM, found {text!r}"
        ) from None
    if time.tzinfo is None and zone is None:
        raise AutograderError(
            f"{path}, {where}: {text} has no time zone. Say which it is with --timezone "
            'Europe/Berlin (or yours), or timezone = "Europe/Berlin" in classroom/late.toml'
        )
    if time.tzinfo is None:
        time = time.replace(tzinfo=zone)
    return time.astimezone(UTC).replace(tzinfo=None)
