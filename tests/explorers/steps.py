"""Steps of a hand on an explorer that the browser computes, for `walk`, and what they lead to."""

from dlkit.explorers.stills import walk

SHOW = ("press", "show")


def after(**values):
    """Controls are moved."""
    return ("move", values)


def shown(explorer, **values):
    """What is seen when the guess is made and these controls are moved."""
    return walk(explorer, SHOW, after(**values))[-1]
