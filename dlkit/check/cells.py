"""A notebook cell's text as a syntax tree, without IPython's magics and shell commands."""

import ast
import re

LONGEST = 100_000  # characters; more is data, or is meant to keep the parser busy

_WRITES = re.compile(r"\s*%%(?:writefile|file)\s+[\"']?(?:\./)?(\w+)\.py[\"']?\s*?\n")
_TIMED = re.compile(r"^(\s*)%time\s+(?=\S)")
_COMMAND = re.compile(r"^(\s*)(?:[%!?].*|\w[\w.]*\?\??\s*)$")
_RESULT = re.compile(r"^(\s*\w+(?:\s*,\s*\w+)*\s*=)\s*[%!].*$")


def parse(text: str) -> ast.Module | None:
    """The syntax tree of a cell of at most LONGEST characters; None where it is no Python."""
    if text.lstrip().startswith("%%"):
        text = text.lstrip().partition("\n")[2]
    for attempt in (text, without_commands(text)):
        try:
            return ast.parse(attempt)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def written_module(text: str) -> str | None:
    """The module that a `%%writefile NAME.py` cell makes."""
    match = _WRITES.match(text)
    return match and match[1]


def without_commands(text: str) -> str:
    """The text with its magic, shell and help lines blanked, so that it parses as Python."""
    return "\n".join(map(_without_command, text.split("\n")))


def _without_command(line: str) -> str:
    line = _TIMED.sub(r"\1", line)
    return _COMMAND.sub(r"\1pass", _RESULT.sub(r"\1 None", line))
