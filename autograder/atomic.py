"""Writing so that a reader, or a later run, finds either the old content or the new, never half."""

import ctypes
import os
import shutil
import sys
import uuid
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # Linux, renameat2
_RENAME_SWAP = 2  # macOS, renamex_np
_UNFINISHED = ".unfinished"  # how the name of a file ends that is still being written


def write_text(path: Path, text: str) -> None:
    """Put `text` (UTF-8) at `path` in one step."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes, mode: int = 0o666) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a write to a full disk does not name it
        raise
    finally:
        temporary.unlink(missing_ok=True)


def copy_folder(source: Path, target: Path) -> None:
    """A copy of the folder, links as links, which is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(target)
    try:
        shutil.copytree(source, temporary, symlinks=True)
        os.rename(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def replace_folder(new: Path, old: Path) -> None:
    """Put the folder `new` where `old` is, in one step where the system can swap two folders."""
    old.parent.mkdir(parents=True, exist_ok=True)
    if not old.exists():
        os.rename(new, old)
        return
    if not _exchange(new, old):  # pragma: no cover - file systems without an exchange
        aside = _beside(new)
        os.rename(old, aside)
        os.rename(new, old)
        new = aside
    shutil.rmtree(new)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}{_UNFINISHED}")


def remove_unfinished(root: Path) -> None:
    """Remove what killed writers left below `root`; nobody else may be writing there."""
    for folder, folders, names in os.walk(root):
        for name in filter(_is_unfinished, names):
            os.unlink(os.path.join(folder, name))
        for name in filter(_is_unfinished, list(folders)):
            shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
            folders.remove(name)


def _is_unfinished(name: str) -> bool:
    return name.startswith(".") and name.endswith(_UNFINISHED)


def _exchange(a: Path, b: Path) -> bool:
    """Swap the names of two folders; False where the system or the file system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(a), os.fsencode(b)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        return libc.renamex_np(*names, _RENAME_SWAP) == 0
    if hasattr(libc, "renameat2"):
        return libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0
    return False
