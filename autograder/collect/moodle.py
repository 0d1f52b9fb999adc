"""How Moodle names files: `Jane Doe_NUMBER_assignsubmission_file_/name.ipynb`, or without a folder.

NUMBER is the participant's in this assignment; Moodle puts a space for each `_` in a name.
"""

import re
from collections.abc import Iterable

from autograder.collect.archive import File
from autograder.collect.lms import Piece
from autograder.roster import Roster, Student

NAME = "Moodle"
PERSON = "Moodle participant"
NO_TIME = "Moodle's download does not say when a file was handed in"

_NAME = re.compile(
    r"(?P<who>[^_/]+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(_?/|_)(?P<name>.+)",
    re.DOTALL,
)


def is_moodle(name: str) -> bool:
    return bool(_NAME.fullmatch(name))


def pieces(files: Iterable[File], roster: Roster) -> Iterable[Piece | File]:
    """Each file with its owner; a file of which Moodle does not say it comes back as it is."""
    for file in files:
        found = _NAME.fullmatch(file.name)
        if found is None:
            yield file
            continue
        piece = Piece(file, found["number"], found["who"], found["name"], -found["name"].count("/"))
        if found["kind"] != "file":
            piece.problem = f"{file.label} was written into Moodle ({found['kind']}), it is no file"
        yield piece


def student_of(piece: Piece, roster: Roster) -> Student | None:
    return roster.moodle(piece.owner)


def original(stem: str) -> str:
    return stem
