"""Who is in the class, and what Canvas and Moodle call them: classroom/students.csv.

The file is made by hand (`id,name,email,canvas_id,moodle_id`; only `id` must be there), or it is
Canvas's gradebook export, or Moodle's grading worksheet, as downloaded.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.paths import Classroom
from autograder.submission import STUDENT_PATTERN
from autograder.tables import columns, read_rows

FILE = "students.csv"


@dataclass(frozen=True)
class Student:
    """One student. `id` is the one of the gradebook; what is not known is empty.

    `moodle_id` is Moodle's participant number, which is another one in each of its assignments.
    """

    id: str
    name: str = ""
    email: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    login: str = ""  # Canvas: SIS Login ID
    number: str = ""  # Canvas: SIS User ID; Moodle: ID number
    section: str = ""


class Roster:
    """The students of a class, in the file's order; look-ups return None where there is no one."""

    def __init__(self, students: Iterable[Student] = ()):
        self.students = tuple(students)
        self._id = {student.id: student for student in self.students}
        self._canvas = {s.canvas_id: s for s in self.students if s.canvas_id}
        self._moodle = {s.moodle_id: s for s in self.students if s.moodle_id}
        self._called = self._only_one(
            lambda s: {x.casefold() for x in (s.id, s.email, s.login, s.number, s.canvas_id)}
        )
        self._named = self._only_one(lambda s: name_keys(s.name))

    def __bool__(self) -> bool:
        return bool(self.students)

    def get(self, student_id: str) -> Student | None:
        return self._id.get(student_id)

    def canvas(self, user_id: str) -> Student | None:
        """The student with this user id of Canvas."""
        return self._canvas.get(user_id)

    def moodle(self, participant: str) -> Student | None:
        """The student with this participant number of Moodle."""
        return self._moodle.get(participant)

    def named(self, name: str) -> Student | None:
        """The only student of this name: `Jane Doe`, `Doe, Jane` and `doejane` are one."""
        return self._named.get(_letters(name))

    def find(self, text: str) -> Student | None:
        """The student who has `text` as id, e-mail address, login, number or Canvas's id."""
        text = text.casefold()
        return self.get(text) or self._called.get(text)

    def same_as(self, other: Student) -> Student | None:
        """Whoever `other` of another list is here: by e-mail address, number, login or name."""
        texts = filter(None, (other.email, other.number, other.login))
        return next(filter(None, map(self.find, texts)), None) or self.named(other.name)

    def _only_one(self, keys: Callable[[Student], set[str]]) -> dict[str, Student]:
        """By each key the student who alone has it."""
        having = defaultdict(list)
        for student in self.students:
            for key in keys(student) - {""}:
                having[key].append(student)
        return {key: found[0] for key, found in having.items() if len(found) == 1}


def path_of(classroom: Classroom) -> Path:
    return classroom.root / FILE


def read(classroom: Classroom) -> Roster:
    """The classroom's roster; an empty one where it has no students.csv."""
    path = path_of(classroom)
    return load(path) if path.is_file() else Roster()


def load(path: Path) -> Roster:
    """The roster in the file at `path`. Raises AutograderError, which names line and slip."""
    names = {name.casefold() for name in columns(path)}
    if {"student", "id"} <= names:
        make = from_canvas
    elif "id" in names:
        make = _by_hand
    elif "identifier" in names:
        make = from_moodle
    else:
        raise AutograderError(
            f"{path}: expected a column `id`, or Canvas's gradebook export (Student, ID, …), or "
            f"Moodle's grading worksheet (Identifier, Full name, …) in English; found the columns "
            f"{', '.join(columns(path)) or 'none'}"
        )
    students = {}
    for line, row in read_rows(path):
        student = make(row)
        if student is None:
            continue
        if not STUDENT_PATTERN.fullmatch(student.id):
            raise AutograderError(
                f"{path}, line {line}: a student's id should have only letters, digits and "
                f"_ . @ + -, and begin with a letter, a digit, _, @ or -; found {student.id!r}"
            )
        students[line] = student
    _refuse_twins(path, students)
    return Roster(students.values())


def _by_hand(row: dict[str, str]) -> Student:
    known = {name: row.get(name, "") for name in Student.__dataclass_fields__}
    return Student(**known)


def from_canvas(row: dict[str, str]) -> Student | None:
    """None for the lines that are no student's (points possible, manual posting)."""
    if not row["id"].isdigit():
        return None
    login, number = row.get("sis login id", ""), row.get("sis user id", "")
    return Student(
        id=_first_fit(login, number, row["id"]),
        name=row["student"],
        email=login if "@" in login else "",
        canvas_id=row["id"],
        login=login,
        number=number,
        section=row.get("section", ""),
    )


def from_moodle(row: dict[str, str]) -> Student | None:
    participant = re.search(r"\d+$", row["identifier"])
    if participant is None:
        return None
    number, email = row.get("id number", ""), row.get("email address", "")
    return Student(
        id=_first_fit(number, email, participant[0]),
        name=row.get("full name", ""),
        email=email,
        moodle_id=participant[0],
        number=number,
    )


def _first_fit(*ids: str) -> str:
    return next(id for id in ids if STUDENT_PATTERN.fullmatch(id))


def _refuse_twins(path: Path, students: dict[int, Student]) -> None:
    for field in ("id", "canvas_id", "moodle_id"):
        values = Counter(value for s in students.values() if (value := getattr(s, field)))
        for value, count in values.items():
            if count > 1:
                lines = [str(n) for n, s in students.items() if getattr(s, field) == value]
                raise AutograderError(
                    f"{path}: expected each {field} once, found {value!r} in lines "
                    f"{', '.join(lines)}. Which of them is it?"
                )


def name_keys(name: str) -> set[str]:
    """The letters of a name in every order in which given and family names are put."""
    words = name.replace(",", " ").split()
    return {_letters("".join(words[i:] + words[:i])) for i in range(max(len(words), 1))} - {""}


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
