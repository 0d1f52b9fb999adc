"""A learning platform's download: whose each file is, and which of a student's files counts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType

from autograder import intake
from autograder.collect import archive
from autograder.collect.archive import File
from autograder.collect.hand_in import HandIn
from autograder.collect.times import Times
from autograder.intake import Unreadable, shown
from autograder.roster import Roster, Student, name_keys


@dataclass
class Piece:
    """A file that a student handed in. `owner` is the platform's id of the student, `who` their
    name there, `name` the file's as the student gave it; of two the higher `order` is the newer."""

    file: File
    owner: str
    who: str
    name: str
    order: int
    late: bool = False
    problem: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def stem(self) -> str:
        return self.name.rpartition("/")[2].rpartition(".")[0]

    def ends_with(self, suffix: str) -> bool:
        return self.name.lower().endswith(suffix)


def hand_ins(
    platform: ModuleType, files: list[File], chapter_id: str, roster: Roster, times: Times
) -> Iterator[HandIn]:
    """A hand-in, or a word, for each file of the download of `platform` (canvas or moodle)."""
    by_owner = defaultdict(list)
    for piece in platform.pieces((file for file in files if not file.is_junk), roster):
        if isinstance(piece, Piece):
            by_owner[piece.owner].append(piece)
        else:
            problem = piece.problem or f"is not named as {platform.NAME} names files"
            yield HandIn(piece.label, problem=problem)
    students = {owner: _student(platform, of[0], roster, times) for owner, of in by_owner.items()}
    for owner, pieces in by_owner.items():
        student, _ = students[owner]
        problem = _mistaken(platform, owner, students, roster)
        for hand_in in _of_one(platform, pieces, chapter_id):
            hand_in.student = student.id if student else owner
            if hand_in.read and problem:
                hand_in.read, hand_in.problem = None, problem
            elif hand_in.read:
                hand_in.notes += _doubts(platform, pieces[0], student, roster)
            yield hand_in
    if junk := sum(file.is_junk for file in files):
        yield HandIn("__MACOSX and the like", problem=f"{junk} file(s) that the system made")


def _student(platform, piece: Piece, roster: Roster, times: Times) -> tuple[Student | None, bool]:
    """Who that is (None where only the platform knows), and whether by number, not by name."""
    if student := times.participant(piece.owner) or platform.student_of(piece, roster):
        return student, True
    return roster.named(piece.who), False


def _mistaken(platform, owner: str, students: dict, roster: Roster) -> str | None:
    """Why the owner's hand-in may be taken for another's."""
    student, sure = students[owner]
    who = f"{platform.PERSON} {owner}"
    if student is None and roster.get(owner):
        return f"{who} is not in students.csv, and the number is someone's id there"
    twins = sorted(o for o, (other, _) in students.items() if other == student and o != owner)
    if student and twins and not sure:
        return (
            f"{who} is called as {', '.join(twins)}, who is {student.id}. Put their numbers into "
            "students.csv, or give Moodle's grading worksheet with --times"
        )
    return None


def _doubts(platform, piece: Piece, student: Student | None, roster: Roster) -> list[str]:
    if student is None and roster:
        return [f"{platform.PERSON} {piece.owner} ({shown(piece.who)}) is not in students.csv."]
    called = "".join(letter for letter in piece.who.casefold() if letter.isalnum())
    if student and student.name and called and called not in name_keys(student.name):
        return [f"{platform.NAME} calls them {shown(piece.who)}, students.csv {student.name}."]
    return []


def _of_one(platform, pieces: list[Piece], chapter_id: str) -> Iterator[HandIn]:
    """What became of each file of one student; at most one of them is the hand-in."""
    notebooks, rest = [], []
    for piece in pieces:
        is_notebook = piece.ends_with(".ipynb") and not (piece.problem or piece.file.problem)
        (notebooks if is_notebook else rest).append(piece)
    unpacked = []
    for piece in rest:
        found = None if notebooks else _unpack(piece)
        unpacked += found or []
        if not found:
            yield HandIn("", problem=_why_not(piece, bool(notebooks)))
    yield from _pick(platform, notebooks or unpacked, chapter_id)


def _why_not(piece: Piece, has_notebook: bool) -> str:
    if piece.problem:
        return piece.problem
    if piece.file.problem:
        return f"{piece.file.label} {piece.file.problem}"
    if piece.ends_with(".zip") and has_notebook:
        return f"{piece.file.label} was not opened, since there is a notebook beside it"
    return f"{piece.file.label} is no notebook (.ipynb)"


def _unpack(piece: Piece) -> list[Piece]:
    """The notebooks in a zip that a student handed in; where there is none, `problem` is set."""
    if piece.problem or piece.file.problem or not piece.ends_with(".zip"):
        return []
    try:
        files = archive.of_bytes(piece.file.read(archive.MAX_NESTED_BYTES))
    except Unreadable as error:
        piece.problem = f"{piece.file.label}: {error}"
        return []
    found = [
        Piece(
            file,
            piece.owner,
            piece.who,
            file.name,
            piece.order,
            piece.late,
            notes=[f"Taken from the zip {piece.file.label}."],
        )
        for file in files
        if file.name.lower().endswith(".ipynb") and not file.is_junk
    ]
    if not found:
        piece.problem = f"{piece.file.label} is a zip without a notebook (.ipynb)"
    return found


def _pick(platform, pieces: list[Piece], chapter_id: str) -> Iterator[HandIn]:
    """The chapter's notebook; one of another name where it is the only one."""
    mine = [p for p in pieces if not intake.is_other_chapter(platform.original(p.stem), chapter_id)]
    for piece in pieces:
        if piece not in mine:
            yield HandIn("", problem=f"{piece.file.label} is called after another chapter")
    named = [piece for piece in mine if platform.original(piece.stem) == chapter_id]
    chosen = named or mine
    if not chosen:
        return
    newest = max(chosen, key=lambda piece: piece.order)
    equals = [piece for piece in chosen if piece.order == newest.order]
    if len({platform.original(piece.stem) for piece in chosen}) > 1 or len(equals) > 1:
        names = ", ".join(piece.file.label for piece in chosen)
        problem = f"There are several notebooks ({names}), and none is called {chapter_id}.ipynb"
        if named:
            problem = f"There are several notebooks of that name: {names}"
        yield HandIn("", problem=problem)
        chosen = []
    for piece in mine:
        if chosen and piece is not newest:
            yield HandIn(
                "", problem=f"of {piece.file.label} and {newest.file.label} the latter counts"
            )
    if chosen:
        yield _taken(platform, newest, chapter_id)


def _taken(platform, piece: Piece, chapter_id: str) -> HandIn:
    notes = list(piece.notes)
    if platform.original(piece.stem) != chapter_id:
        notes.append(f"The file was called {shown(piece.name)}, not {chapter_id}.ipynb.")
    if piece.late:
        notes.append(f"{platform.NAME} marked it as late.")
    return HandIn("", read=piece.file.read, notes=notes)
