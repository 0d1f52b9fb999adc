"""The files of a release: their digests, reading a notebook, and writing whole files only."""

import contextlib
import hashlib
import json
import os

SCRATCH = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


def listed(released, deep):
    """{name: digest} of what is released in a folder; with `deep` also below it."""
    found = released.rglob("*") if deep else released.glob("*")
    return {
        path.relative_to(released).as_posix(): digest(path)
        for path in sorted(found)
        if path.is_file() and not SCRATCH & set(path.relative_to(released).parts)
    }


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def is_book(name):
    return name.endswith(".ipynb")


def differs(path, known):
    """Whether a file is another than the one whose digest is known, or is missing."""
    return not path.is_file() or digest(path) != known


class Unreadable(Exception):
    """A file that should be a notebook."""


def read_book(path):
    """A notebook as nbformat 4 JSON."""
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(book["metadata"], dict) and all(
            isinstance(cell["cell_type"], str) and isinstance(cell["source"], str | list)
            for cell in book["cells"]
        ):
            return book
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise Unreadable(path.name)


def as_bytes(book):
    """As Jupyter writes it."""
    text = json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def write(target, content):
    """All of the content or none: an interrupted write leaves no half file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    os.replace(part, target)


@contextlib.contextmanager
def alone(lock):
    """Whether nobody else holds the file `lock` at this moment; then it is held here."""
    with lock.open("ab") as file:
        try:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:  # Windows: two at once would do the same twice
            pass
        except OSError:
            yield False
            return
        yield True
