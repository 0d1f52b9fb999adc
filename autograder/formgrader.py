"""Formgrader and Assignment List on this course; its buttons run our pipeline, never nbgrader's.

nbgrader's own Autograde would run student code on this machine, unprotected. Neither a button nor
the command line runs it here, or anything else that we do in another way.
"""

import os
import subprocess
import sys
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters.base import NbGraderException
from nbgrader.exchange.default import ExchangeCollect
from traitlets.config import Config

from autograder import database
from autograder.collect import EXCHANGE, collect
from autograder.marking_page import MarkingPageExporter
from autograder.nbconfig import classroom_of, course_config
from autograder.paths import Classroom
from autograder.release_feedback import CarefulReleaseFeedback


def configure(config: Config, root: Path) -> None:
    """Called by nbgrader_config.py in `root`, each time that nbgrader reads it."""
    classroom = Classroom.at(os.environ.get("CLASSROOM") or root / "classroom")
    config.merge(course_config(classroom, root))
    for converter in REFUSED:
        config[converter].exporter_class = _refused(converter)
    config.ExchangeFactory.collect = Collect
    config.ExchangeFactory.release_feedback = CarefulReleaseFeedback
    database.use_own_schema_version()
    _prepare_server(classroom, root)


def _prepare_server(classroom: Classroom, root: Path) -> None:
    """Where this process is a JupyterLab with nbgrader's extensions, make them ours."""
    if formgrader := sys.modules.get("nbgrader.server_extensions.formgrader.formgrader"):
        NbGraderAPI.autograde = autograde
        NbGraderAPI.generate_feedback = generate_feedback
        NbGraderAPI.generate_assignment = generate_assignment
        # its pages have the instructor's rights, and students' notebooks are shown in them
        formgrader.HTMLExporter = MarkingPageExporter
        formgrader.handlers.BaseHandler.on_finish = forget_what_was_read
    if "nbgrader.server_extensions.assignment_list.handlers" in sys.modules:
        # it reads the configuration again from within work/, where there is none
        known = os.environ.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)
        paths = dict.fromkeys([str(root), *filter(None, known)])
        os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
        os.environ["CLASSROOM"] = str(classroom.root)


def forget_what_was_read(handler) -> None:
    """After each request: the next one reads the gradebook anew, others may have written to it.

    nbgrader's server keeps one session, which would go on showing the rows that it holds.
    """
    if gradebook := handler.settings["nbgrader_gradebook"]:
        gradebook.db.rollback()


# -- buttons ---------------------------------------------------------------------------------------


def autograde(api: NbGraderAPI, assignment_id, student_id, force=True, create=True) -> dict:
    """Formgrader's Autograde: our grader, in a process of its own, in its sandbox."""
    chosen = [] if student_id == "*" else [f"--student={student_id}"]
    return _run(api, "grade", *chosen, "--force", "--", assignment_id)


def generate_feedback(api: NbGraderAPI, assignment_id, student_id=None, force=True) -> dict:
    """Formgrader's Generate Feedback: our pages."""
    chosen = [] if student_id in (None, "*") else [f"--student={student_id}"]
    return _run(api, "feedback", *chosen, "--", assignment_id)


def generate_assignment(api: NbGraderAPI, assignment_id, force=True, create=True) -> dict:
    """Formgrader's Generate: our release."""
    return _run(api, "release", "--", assignment_id)


def _run(api: NbGraderAPI, command: str, *arguments: str) -> dict:
    """Run `python -m autograder`, and tell the page what nbgrader's own methods tell it."""
    classroom = classroom_of(api.coursedir).root
    done = subprocess.run(
        [sys.executable, "-m", "autograder", command, f"--classroom={classroom}", *arguments],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    told = {"success": done.returncode == 0, "log": f"{done.stderr}\n{done.stdout}".strip()}
    if not told["success"]:
        told["error"] = done.stderr.strip()[-2000:]
    return told


# -- nbgrader's own commands -----------------------------------------------------------------------


REFUSED = {
    "Autograde": ("would run student code on this machine, unprotected", "grade"),
    "GenerateFeedback": ("would write pages that run what students put into them", "feedback"),
    "GenerateAssignment": ("would delete the released chapter before building it", "release"),
}


def _refused(converter: str) -> type[NotebookExporter]:
    """What stands in a converter's way before it has touched a file."""
    why, instead = REFUSED[converter]

    class Refused(NotebookExporter):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            message = (
                f"nbgrader's {converter} {why}. Run instead: python -m autograder {instead} CHAPTER"
            )
            self.log.error(message)
            raise NbGraderException(message)

    return Refused


class Collect(ExchangeCollect):
    """What nbgrader's collect does, as our command does it."""

    def start(self):
        classroom = classroom_of(self.coursedir)
        for student, note in collect(EXCHANGE, self.coursedir.assignment_id, classroom):
            self.log.info("%s: %s", student, note)
