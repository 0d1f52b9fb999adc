"""The student's home: the map of the course, the student's own progress, and review questions."""


def home():
    """The map with your progress, what to do next, and today's review questions."""
    from dlkit.home.page import Home  # anywidget loads here, not with `check`

    return Home()
