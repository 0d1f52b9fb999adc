"""What made a result: the code that judges, the chapter as released, and the hand-in's bytes."""

import hashlib
from datetime import datetime

from autograder.paths import DLKIT, ROOT, SOLUTIONS
from autograder.work import HandIn, Setting

JUDGING = ("compile", "intake", "judge", "repair", "result", "session", "spec", "work")


def of_code(chapter_id: str, *others: str) -> str:
    """The sources that judge this chapter, as they lie on this machine.

    `others` are further modules of the autograder to take in.
    """
    digest = hashlib.sha256()
    sources = [SOLUTIONS / chapter_id / "exercises.py"]
    sources += [ROOT / "autograder" / f"{name}.py" for name in (*JUDGING, *others)]
    for folder in (DLKIT, ROOT / "autograder" / "sandbox"):
        sources += sorted(folder.rglob("*.py"))
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def of_setting(setting: Setting) -> bytes:
    """What all results of one run have in common."""
    digest = hashlib.sha256(setting.release_id.encode() + of_code(setting.chapter_id).encode())
    for name, content in setting.files.items():
        digest.update(name.encode() + content)
    return digest.digest()


def of_hand_in(common: bytes, hand_in: HandIn, timestamp: datetime | None) -> str:
    """One result's; `common` is that of its run's setting."""
    said = repr((timestamp, hand_in.notes, hand_in.problem))
    return hashlib.sha256(common + said.encode() + (hand_in.content or b"")).hexdigest()
