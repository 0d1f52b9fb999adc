"""Marks out of the gradebook: a plain table, and the sheets that Canvas and Moodle read."""

from autograder.export.canvas import to_canvas
from autograder.export.moodle import to_moodle
from autograder.export.sheet import Options
from autograder.export.table import COLUMNS, export, harmless

LAYOUTS = {
    "csv": lambda chapter_ids, classroom, sheet, options: (export(chapter_ids, classroom), []),
    "canvas": to_canvas,
    "moodle": to_moodle,
}
__all__ = ["COLUMNS", "LAYOUTS", "Options", "export", "harmless", "to_canvas", "to_moodle"]
