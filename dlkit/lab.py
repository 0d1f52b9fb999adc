"""`make lab`: the student's own copy of the course in work/, then JupyterLab on it.

    python -m dlkit.lab [--classroom DIR] [any option of jupyter lab]

A file that is in work/ is never written again: a chapter's notebook and its check data stay from
one release. What each file was copied from is noted in work/.released.json, so that a chapter that
has been released anew since then can be announced.
"""

import argparse
import hashlib
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Path(__file__).resolve().parent / "lab_config"
NOTES = ".released.json"
SKIPPED = {".ipynb_checkpoints", "__pycache__"}


def update_work(course, work):
    """Copy to `work` what it lacks of `course`; the paths added, and those released anew since."""
    notes = _read_notes(work / NOTES)
    known = dict(notes)
    added, changed = [], []
    for released in sorted(p for p in course.rglob("*") if p.is_file()):
        name = released.relative_to(course).as_posix()
        if SKIPPED & set(released.parts):
            continue
        digest = _digest(released)
        if not (work / name).exists():
            _copy(released, work / name)
            notes[name] = digest
            added.append(name)
        elif _digest(work / name) == digest:
            notes[name] = digest
        elif notes.get(name, digest) != digest:
            changed.append(name)
    if notes != known:
        _write(work / NOTES, json.dumps(notes, indent=1, sort_keys=True).encode())
    return added, changed


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read_notes(path):
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):  # lost or damaged: then nothing is announced
        return {}


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(target, source.read_bytes())


def _write(target, content):
    """All of the content or none: an interrupted copy leaves no half notebook."""
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    os.replace(part, target)


def announce(added, changed):
    """What a student should know about work/, in plain lines."""
    lines = []
    if added:
        lines.append(
            f"work/ has {len(added)} new file{'s' if len(added) > 1 else ''} of the course."
        )
    for chapter in sorted({Path(name).parts[0] for name in changed}):
        lines.append(
            f"work/{chapter} stays as it is, although it was released anew since you got it. "
            "To start from the new one, rename yours and run this again."
        )
    return lines


def lab_arguments(options, *, root=ROOT, as_root=None):
    """JupyterLab's command line; what the user gives comes last and so wins."""
    if as_root is None:
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    page = "/lab/tree/work/index.ipynb" if (root / "work" / "index.ipynb").exists() else "/lab"
    arguments = [f"--ServerApp.root_dir={root}", f"--LabApp.default_url={page}"]
    if as_root and "--allow-root" not in options:
        arguments.append("--allow-root")
    return arguments + list(options)


def lab_environment(environ, *, classroom=None, settings=SETTINGS):
    """The variables by which JupyterLab, its terminals and nbgrader find this course."""

    def first(path, variable):
        return os.pathsep.join(filter(None, [str(path), environ.get(variable)]))

    variables = {
        "JUPYTER_CONFIG_PATH": first(settings, "JUPYTER_CONFIG_PATH"),
        "PATH": first(Path(sys.executable).parent, "PATH"),
    }
    if classroom:
        variables["CLASSROOM"] = str(Path(classroom).resolve())
    return variables


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m dlkit.lab", allow_abbrev=False)
    parser.add_argument("--classroom", metavar="DIR", help="the classroom that Formgrader shows")
    known, options = parser.parse_known_args(argv)

    added, changed = update_work(ROOT / "course", ROOT / "work")
    for line in announce(added, changed):
        print(line, flush=True)
    os.environ.update(lab_environment(os.environ, classroom=known.classroom))
    os.chdir(ROOT)

    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(lab_arguments(options))


if __name__ == "__main__":
    main()
