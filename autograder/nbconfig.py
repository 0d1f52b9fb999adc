"""nbgrader's configuration for a classroom, and its converters run quietly in this process."""

import logging
import sys
from pathlib import Path

from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import AutograderError
from autograder.paths import COURSE_ID, ROOT, Classroom
from autograder.refusals import explained

CONFIG_FILE = "nbgrader_config.py"


def course_config(classroom: Classroom, root: Path = ROOT) -> Config:
    """Where nbgrader finds the course in `root` and the classroom, which may lie elsewhere."""
    config = Config()
    config.CourseDirectory.course_id = COURSE_ID
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "build/source"
    config.CourseDirectory.release_directory = "course"
    config.CourseDirectory.submitted_directory = _from(root, classroom.submitted)
    config.CourseDirectory.autograded_directory = _from(root, classroom.autograded)
    config.CourseDirectory.feedback_directory = _from(root, classroom.feedback)
    config.CourseDirectory.db_url = classroom.database_url
    config.Exchange.root = str(classroom.exchange)
    config.Exchange.assignment_dir = str(root / "work")
    return config


def _from(root: Path, path: Path) -> str:
    """The path as seen from `root`, or whole where it lies outside.

    nbgrader puts these into regular expressions, and only the root is escaped there.
    """
    return str(path.relative_to(root) if path.is_relative_to(root) else path)


def classroom_of(coursedir: CourseDirectory) -> Classroom:
    """The classroom to which course_config pointed nbgrader."""
    return Classroom(Path(coursedir.root, coursedir.submitted_directory).parent)


def settings(classroom: Classroom, root: Path = ROOT) -> Config:
    """What nbgrader_config.py says (late penalties, say), for this classroom."""
    config = Config()
    if (root / CONFIG_FILE).is_file():
        config.merge(PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config())
    config.merge(course_config(classroom, root))
    return config


def run(kind: type, config: Config, **course_directory) -> None:
    """Run nbgrader's converter or exchange action `kind`; its log is shown only where it fails."""
    log, messages, refusals = _silent_log()
    config = Config(config)
    config.CourseDirectory.update(course_directory)
    options = {"coursedir": CourseDirectory(config=config, log=log), "config": config, "log": log}
    if hasattr(kind, "authenticator"):
        options["authenticator"] = Authenticator(config=config, log=log)
    try:
        kind(**options).start()
    except Exception as error:  # nbgrader raises RuntimeError, OSError and its own kinds alike
        if refusals:  # a full disk, say: nbgrader's own words for it are a traceback
            raise refusals[-1] from error
        told = "\n".join(messages) or str(error)
        raise AutograderError(f"nbgrader's {kind.__name__} failed:\n{told}") from error


def _silent_log() -> tuple[logging.Logger, list[str], list[OSError]]:
    """A logger, what it was told, and what the machine refused when it was told that."""
    messages, refusals = [], []

    class Keep(logging.Handler):
        def emit(self, record):
            messages.append(record.getMessage())
            problem = sys.exc_info()[1]
            if isinstance(problem, OSError) and explained(problem):
                refusals.append(problem)

    log = logging.Logger("nbgrader", logging.ERROR)
    log.addHandler(Keep())
    return log, messages, refusals
