"""Downloads of learning platforms, made for the tests of collect, and what was taken of them."""

import io
import zipfile

import tiny

from autograder.paths import Classroom
from autograder.submission import submissions

RIGHT = f"{tiny.ID}.ipynb"


def zipped(files: dict[str, str | bytes]) -> bytes:
    """A zip of {name: content}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return made.getvalue()


def collected(classroom: Classroom) -> dict[str, str]:
    """{student: the notebook's text} of all that lies in submitted/."""
    found = submissions(classroom, tiny.ID)
    return {each.student: (each.folder / RIGHT).read_text() for each in found}
