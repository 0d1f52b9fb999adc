"""The documents name only files and commands that exist, and CI runs the README's test command."""

import re

import pytest

from autograder.cli import main as cli
from autograder.paths import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
MAKE = re.compile(r"(?:^ {4}|`)make ([a-z]+)", re.MULTILINE)
COMMAND = re.compile(r"python -m autograder ([a-z]+)")


def targets():
    text = (ROOT / "Makefile").read_text() + (ROOT / "authors.mk").read_text()
    return set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE))


def dead(text, folder):
    """What a document names and is not there: links, make's targets, the autograder's commands."""
    links = [link for link in LINK.findall(text) if not (folder / link).exists()]
    made = [f"make {name}" for name in MAKE.findall(text) if name not in targets()]
    commands = [name for name in COMMAND.findall(text) if name not in cli.commands]
    return links + made + commands


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_what_is_there(document):
    assert dead(document.read_text(encoding="utf-8"), document.parent) == []


@pytest.mark.parametrize("text", [
    "see [there](docs/nowhere.md)", "    make nothing", "`make nothing`",
    "python -m autograder nothing",
])  # fmt: skip
def test_what_is_not_there_is_found(text):
    assert len(dead(text, ROOT)) == 1


def test_ci_runs_the_readmes_test_command():
    assert "    make test " in (ROOT / "README.md").read_text()
    last = (ROOT / ".ci" / "run").read_text().splitlines()[-1]
    assert last == "exec make test </dev/null"
