"""What every figures.py does: draws a chapter's figures, the same source to the same bytes."""

import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")

from matplotlib import pyplot as plt

from dlkit import explorers

RULES = {"font.size": 11, "axes.titlesize": 11, "figure.constrained_layout.use": True}


def stills(*names):
    """{name: function that gives the still picture of dlkit's explorer of this name as SVG}."""
    return {name: lambda name=name: getattr(explorers, name)().still() for name in names}


def draw(folder, figures, texts, *, salt, **rules):
    """Write every figure into FOLDER as NAME.svg.

    Parameters
    ----------
    figures : list of functions () → matplotlib Figure, called as the file
    texts : dict of name → function () → str, for what is SVG already
    salt : str
        From which the ids in the files follow, such as the chapter's number.
    rules : matplotlib's settings besides RULES, with _ for their dots
    """
    folder.mkdir(exist_ok=True)
    more = {name.replace("_", "."): value for name, value in rules.items()}
    with matplotlib.rc_context(RULES | {"svg.hashsalt": salt} | more):
        for figure in figures:
            fig = figure()
            fig.savefig(folder / f"{figure.__name__}.svg", metadata={"Date": None, "Creator": None})
            plt.close(fig)
    for name, text in texts.items():
        (folder / f"{name}.svg").write_text(text(), encoding="utf-8")


def folder_for(script):
    """Where a figures.py draws when it is run: its argument, or figures/ beside it."""
    return Path(sys.argv[1]) if sys.argv[1:] else Path(script).parent / "figures"
