"""What the tests of each chapter's text share: its reference functions, and its figures' script."""

import pytest

from autograder.chapters import load, resolve
from autograder.paths import SOLUTIONS
from tests.chapters.test_figures import load_script


def _id(request):
    """The chapter that a file test_chNN_….py is about."""
    return resolve(request.path.name.removeprefix("test_")[:4])


@pytest.fixture(scope="module")
def right(request):
    """The chapter's reference functions by name."""
    exercises = (e for e in load(_id(request)).exercises.values() if e.kind == "code")
    parts = (part for exercise in exercises for part in exercise.parts.values())
    return {part.name: part.answer.function for part in parts}


@pytest.fixture(scope="module")
def script(request):
    """The module that draws the chapter's figures."""
    return load_script(SOLUTIONS / _id(request))
