"""nbgrader's configuration: this course, its classroom, and buttons that run our own grader."""

from pathlib import Path

from autograder.formgrader import configure

c = get_config()  # noqa: F821 - given by nbgrader
configure(c, Path(__file__).resolve().parent)

# Late hand-ins: "none" takes nothing off, "zero" takes everything. A [penalty] in the classroom's
# late.toml counts instead.
c.LateSubmissionPlugin.penalty_method = "none"
