"""Temporary folders that go with their owner: the next one made removes what a killed one left."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path


class ScratchFolder:
    """A new folder `parent/prefix…` (by default in the system's temporary folder).

    Its owner holds a lock on it, which ends with the owner. Folders of the same prefix that nobody
    holds are removed first, so `prefix` has to be one that no other program uses.
    """

    def __init__(self, prefix: str, parent: Path | None = None):
        parent = parent or Path(tempfile.gettempdir())
        for left in parent.glob(f"{prefix}*"):
            _remove_if_left(left)
        self._lock = None
        while self._lock is None:
            self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
            self._lock = _hold(self.path)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder; what cannot be removed is left to a later run."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _hold(folder: Path) -> int | None:
    """A descriptor that holds the folder; None where another run took it for one that was left."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # a file system without locks: nobody can take it for one that was left
        return descriptor
    if not folder.exists():
        os.close(descriptor)
        return None
    return descriptor


def _remove_if_left(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        if os.fstat(descriptor).st_uid == os.geteuid():
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        pass
    finally:
        os.close(descriptor)
