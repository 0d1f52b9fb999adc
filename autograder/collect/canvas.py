"""How Canvas names files: `doejane_[LATE_]USER_FILE_name.ipynb`, the name as the student gave it.

USER is the user's id, FILE the number of the upload. Canvas leaves only letters, digits and `_` of
a person's name, but anything in a file's name, so that some can be read in two ways.
"""

import re
from collections.abc import Iterable

from autograder.collect.archive import File
from autograder.collect.lms import Piece
from autograder.roster import Roster, Student, name_keys

NAME = "Canvas"
PERSON = "Canvas user"
NO_TIME = "Canvas's download does not say when a file was handed in"

_IDS = re.compile(r"_(LATE_)?(?=(\d+)_(\d+)_(.))", re.DOTALL)
_ANONYMOUS = re.compile(r"(LATE_)?(anon_[^\W_]+)_(\d+)_(.+)", re.DOTALL)
_BOX = re.compile(r"(.*?)_(LATE_)?(\d+)_(text|link)\.html", re.DOTALL)
_AGAIN = re.compile(r"-\d+$")


def is_canvas(name: str) -> bool:
    return "/" not in name and bool(_readings(File(name)))


def pieces(files: Iterable[File], roster: Roster) -> Iterable[Piece | File]:
    """Each file with its owner; a file of which Canvas does not say it comes back as it is."""
    readings = [(file, _readings(file) if "/" not in file.name else []) for file in files]
    sure = {(found[0].owner, found[0].who) for _, found in readings if len(found) == 1}
    for file, found in readings:
        yield _settle(found, sure, roster) if found else file


def student_of(piece: Piece, roster: Roster) -> Student | None:
    return roster.canvas(piece.owner)


def original(stem: str) -> str:
    """The name before Canvas put `-1`, `-2`, … to a file that was handed in again."""
    return _AGAIN.sub("", stem)


def _readings(file: File) -> list[Piece]:
    """All that the file's name may mean, the likeliest first."""
    if found := _BOX.fullmatch(file.name):
        who, late, owner, box = found.groups()
        what = "a text" if box == "text" else "a link"
        problem = f"{file.label} is {what} written into Canvas, no file"
        return [Piece(file, owner, who, "", 0, bool(late), problem=problem)]
    if found := _ANONYMOUS.fullmatch(file.name):
        late, owner, upload, name = found.groups()
        return [Piece(file, owner, "", name, int(upload), bool(late))]
    return [
        Piece(
            file,
            owner=found[2],
            who=file.name[: found.start()],
            name=file.name[found.start(4) :],
            order=int(found[3]),
            late=bool(found[1]),
        )
        for found in _IDS.finditer(file.name)
        if found.start() > 0
    ]


def _settle(found: list[Piece], sure: set[tuple[str, str]], roster: Roster) -> Piece:
    """The right one of several readings: one that another file, or the roster, bears out."""
    first = found[0]
    if len(found) == 1:
        return first
    known = [piece for piece in found if (piece.owner, piece.who) in sure or _is_in(piece, roster)]
    if len(known) == 1:
        return known[0]
    owners = " or ".join(dict.fromkeys(piece.owner for piece in found))
    doubt = f"{first.file.label} can be read as a file of {PERSON} {owners}"
    if any(owner == first.owner for owner, _ in sure):
        first.problem = f"{doubt}. Give it another name, or put the user into students.csv"
    else:
        first.notes.append(f"{doubt}: the first was taken.")
    return first


def _is_in(piece: Piece, roster: Roster) -> bool:
    student = roster.canvas(piece.owner)
    return student is not None and piece.who.replace("_", "") in name_keys(student.name)
