"""Runs a step of the pipeline, killed at its first write, then at its second, and so on to the end.

`python killed_at_every_write.py STEP FOLDER` prints a JSON object: how many writes there are, and
where a second run did not end with what an undisturbed one leaves. Each run is a fork, so that
the imports are paid for once.
"""

import itertools
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import nbformat
import tiny
from rows import tables
from sqlalchemy import Engine, create_engine, event, text

from autograder import atomic, feedback, fingerprint, grade, pool, release
from autograder.collect import collect
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
from autograder.submission import submissions

RIGHT = {"double": "def double(x):\n    return 2 * x", "written_ch99": "Because."}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CHANGING = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")


# -- the steps, on a class of the tiny chapter ---


class Course:
    """The tiny chapter in `root`; what takes long and writes nothing there is done once."""

    def __init__(self, root, made):
        self.root, self.classroom = root, Classroom(root / "classroom")
        self.really = self._make, self._pages = release.make, feedback._generate
        self.students = ("ada", "bob")
        self.made, self.text, self.pages = made, tiny.TEXT, {}

    def prepare(self, step):
        if step == "first_release":
            return
        if step in ("regrade", "feedback"):
            self.students = ("ada",)
        notebook = self.notebook = tiny.released(self.root)
        if step == "collect":
            self.lay_out("ada", notebook, "2030-01-01")
            collect(self.root / "inbox", tiny.ID, self.classroom)
            answered = tiny.answers(notebook, **RIGHT)
            for student in self.students:
                self.lay_out(student, answered, "2030-01-02")
            return
        for student in self.students:
            answered = tiny.answers(notebook, **RIGHT)
            tiny.hand_in(self.root, student, answered, "2030-01-01 10:00:00.000000 UTC")
        if step != "grade":
            self.patch()
            self.grade()
        if step == "release":
            self.text = tiny.TEXT + tiny.MORE
        if step == "regrade":
            for row in ("grade SET manual_score = 0.5", "comment SET manual_comment = 'See me.'"):
                execute(self.classroom, f"UPDATE {row}")

    def lay_out(self, student, notebook, day):
        folder = self.root / "inbox" / student
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "mine.ipynb")
        (folder / "timestamp.txt").write_text(f"{day} 10:00:00 UTC")

    def patch(self):
        """Stand-ins for what runs elsewhere: the sandbox, and nbgrader in a scratch folder."""
        release.make = self.make
        feedback._generate = self.generate
        fingerprint.of_setting = lambda setting: b""
        pool.judged = self.judged

    def make(self, chapter_id, scratch, build):
        if not self.made.exists():
            self._make(chapter_id, self.made, build)
        shutil.copytree(self.made, scratch, dirs_exist_ok=True)
        return scratch / "release" / chapter_id

    def generate(self, chapter_id, classroom, students, scratch):
        for student in students:
            if student not in self.pages:
                self.pages |= self._pages(chapter_id, classroom, [student], scratch / student)
        return {student: self.pages[student] for student in students}

    def judged(self, setting, docket, jobs):
        while docket.fresh:
            (hand_in,) = docket.batch(1)
            notebook = tiny.answers(self.notebook, **RIGHT)
            yield tiny.result(hand_in.student, notebook, double=1.0, triple=0.5)

    # each step as a person runs it
    def first_release(self):
        tiny.released(self.root, self.text)

    release = first_release

    def collect(self):
        collect(self.root / "inbox", tiny.ID, self.classroom)

    def grade(self):
        grade.grade(tiny.ID, self.classroom, course_dir=self.root / "course")

    def regrade(self):
        with Gradebook(self.classroom, self.root / "course", root=self.root) as gradebook:
            for submission in submissions(self.classroom, tiny.ID):
                notebook = tiny.answers(self.notebook, **RIGHT)
                result = tiny.result(submission.student, notebook, double=0.0, triple=2.0)
                gradebook.record(result, submission, "anew")

    def feedback(self):
        feedback.feedback(tiny.ID, self.classroom, root=self.root)


def execute(classroom, command):
    engine = create_engine(classroom.database_url)
    with engine.begin() as connection:
        connection.execute(text(command))
    engine.dispose()


# -- killing ---


class Killer:
    """Kills this process at its `at`-th write below `root` (a transaction's end counts, too)."""

    def __init__(self, root, at):
        self.root, self.at, self.seen, self.busy = str(root), at, 0, False
        self.opened = None
        sys.addaudithook(self.hear)
        event.listen(Engine, "commit", lambda connection: self.write())
        exchange = atomic._exchange

        def watched(new, old):
            self.write()
            done = exchange(new, old)
            self.write()
            return done

        atomic._exchange = watched

    def hear(self, name, arguments):
        if self.busy:
            return
        if name == "open" and self.concerns(arguments[0]) and arguments[2] & WRITING:
            if arguments[0] != self.opened:  # one opening may be heard twice
                self.write(arguments)
            self.opened = arguments[0]
        elif name in CHANGING and any(map(self.concerns, arguments[:2])):
            self.write()

    def concerns(self, path):
        path = os.fsdecode(path) if isinstance(path, str | bytes) else ""
        return path.startswith(self.root) and "/.release-" not in path

    def write(self, opened=None):
        self.seen += 1
        if self.seen <= self.at:
            return
        if opened:  # the file is there, and empty
            self.busy = True
            os.close(os.open(opened[0], opened[2] & ~os.O_EXCL, 0o666))
        os.kill(os.getpid(), signal.SIGKILL)


def in_a_fork(action, words=None):
    """Run `action`, its stderr into the file `words`; the exit status, negative where killed."""
    child = os.fork()
    if not child:
        try:
            if words:
                os.dup2(os.open(words, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            action()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def state(course):
    """All that is left: files, and the gradebook's rows."""
    left = {
        str(path.relative_to(course.root)): path.read_bytes()
        for path in sorted(course.root.rglob("*"))
        if path.is_file() and path.name not in ("gradebook.db", "secret")
    }
    return {
        "files": {n: c for n, c in left.items() if not n.startswith("classroom/replaced")},
        "rows": tables(course.classroom.database_url),
    }


def reset(template, root):
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(template, root)


def main(step, folder):
    template, root = folder / "template", folder / "work"
    root.mkdir()
    course = Course(root, made=folder / "made")
    course.prepare(step)
    course.patch()
    shutil.copytree(root, template)
    run = getattr(course, step)
    run()  # once in this process, so that the stand-ins have what they need
    expected = state(course)
    wrong = []
    for at in itertools.count():
        reset(template, root)

        def killed(at=at):
            Killer(root, at)
            run()

        if in_a_fork(killed) == 0:
            break
        status = in_a_fork(run)
        found = state(course)
        for part in expected:
            differing = [
                name
                for name in expected[part].keys() | found[part].keys()
                if expected[part].get(name) != found[part].get(name)
            ]
            if differing or status:
                wrong.append([at, status, part, sorted(differing)])
    print(json.dumps({"writes": at, "wrong": wrong}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
