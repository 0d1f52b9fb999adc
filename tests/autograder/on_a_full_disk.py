"""Runs a step of the pipeline on a disk with less and less room, then again with room enough.

`python on_a_full_disk.py STEP FOLDER`, where it may mount, prints a JSON object: what was said with
each number of free KiB and on a read-only disk, and where something was half-written, or the second
run did not end with what an undisturbed one leaves.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from killed_at_every_write import Course, in_a_fork, reset, state

from autograder import cli, feedback, release

DISK_KIB = 16 * 1024
FREE_KIB = (0, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def as_a_command(run):
    """`run` as the command line would run it."""
    group = cli._Commands()
    group.command("step")(run)
    return lambda: group.main(["step"], standalone_mode=False)


def fill(disk, free_kib):
    """Leave `free_kib` on the disk."""
    room = shutil.disk_usage(disk).free - free_kib * 1024
    with open(disk / "filler", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room)


def files(course):
    return {p: p.read_bytes() for p in course.root.rglob("*") if p.is_file()}


def half_written(course, before, after):
    """The files that are neither as they were nor as they should become."""
    return [
        str(path.relative_to(course.root))
        for path, content in files(course).items()
        if content not in (before.get(path), after.get(path))
        and not path.name.startswith(("gradebook.db", "writer.lock", "secret"))
        and not path.is_relative_to(course.root / "solutions")  # the author's, not ours
    ]


def main(step, folder):
    disk, template = folder / "disk", folder / "template"
    disk.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_KIB}k", "none", str(disk)], check=True
    )
    course = Course(disk / "work", made=folder / "made")
    course.root.mkdir()
    course.prepare(step)
    course.patch()
    release.make, feedback._generate = course.really  # nbgrader meets the full disk, too
    (disk / "tmp").mkdir()
    tempfile.tempdir = str(disk / "tmp")
    shutil.copytree(course.root, template)
    run = as_a_command(getattr(course, step))
    run()
    expected, after = state(course), files(course)
    said, wrong = {}, []

    def try_and_again(name, hinder, help_):
        reset(template, course.root)
        before = files(course)
        hinder()
        words = folder / "words"
        status = in_a_fork(run, words)
        said[name] = [status, words.read_text()]
        half = half_written(course, before, after) if status else []
        help_()
        again = in_a_fork(run, words)
        if again or half or state(course) != expected:
            wrong.append([name, half, again, words.read_text()])
        return status

    filler = disk / "filler"
    for free in FREE_KIB:
        if try_and_again(f"{free} KiB", lambda free=free: fill(disk, free), filler.unlink) == 0:
            break
    remount = ["mount", "-o"]
    try_and_again(
        "read-only",
        lambda: subprocess.run([*remount, "remount,ro", str(disk)], check=True),
        lambda: subprocess.run([*remount, "remount,rw", str(disk)], check=True),
    )
    print(json.dumps({"said": said, "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
