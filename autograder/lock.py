"""One writer for each classroom: a lock that the system drops when its holder dies."""

import contextlib
import fcntl
import os
import sys
import time
from pathlib import Path

from autograder import atomic
from autograder.errors import AutograderError, ClassroomBusy
from autograder.paths import Classroom


class ClassroomLock:
    """Held while something writes to the classroom; ClassroomBusy tells who else holds it.

    A holder's signature that is still there was left by one that was killed: what that one left
    unfinished is removed.
    """

    def __init__(self, classroom: Classroom):
        self.path = classroom.root / "writer.lock"
        self._file = None

    def __enter__(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115 - held, not scoped
        try:
            self._hold()
        except BaseException as error:
            self._drop(error)
            raise
        return self

    def _drop(self, error: BaseException) -> None:
        if isinstance(error, OSError) and not error.filename:
            error.filename = str(self.path)
        with contextlib.suppress(OSError):  # the signature that the full disk did not take
            self._file.close()

    def _hold(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = self.path.read_text(encoding="utf-8").strip() or "which has just started"
            raise ClassroomBusy(
                f"{self.path.parent} is being written to by another process ({holder}). "
                "Wait until it is done, or stop it; nothing was changed."
            ) from None
        except OSError as error:
            raise AutograderError(
                f"{self.path} could not be locked ({error.strerror}): a classroom has to lie on a "
                "file system that has locks, such as a disk of this machine."
            ) from None
        if self.path.stat().st_size:
            atomic.remove_unfinished(self.path.parent)
        self._file.truncate(0)
        started = time.strftime("%Y-%m-%d %H:%M:%S")
        self._file.write(f"process {os.getpid()}, {command()}, since {started}\n")
        self._file.flush()

    def __exit__(self, *error):
        try:
            self._file.truncate(0)
        finally:
            self._file.close()  # and with it the lock


def command() -> str:
    """This process's command in short: `grade ch01`."""
    program = Path(sys.argv[0]).name
    return f"`{' '.join([program, *sys.argv[1:3]])}`"
