"""`explore`: an explorer out of one function that draws on axes, for a quick look at anything."""

import numpy as np

from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.canvas import Canvas
from dlkit.explorers.controls import button


def explore(draw, *controls, title, width=640, height=320):
    """Controls beside a picture that `draw` makes anew at each move.

    Parameters
    ----------
    draw : function (ax, **values) → str or (str, str)
        Draws on the empty axes what the controls' values give, and returns a sentence that says
        what is seen; a second text, where it gives one, is the picture's alternative text.
    controls : from dlkit.explorers.controls
        Sliders, scales, choices, ticks; each starts at its lowest value or first option, unless
        it is given as a pair (control, start).
    title : str
    width, height : int
        Of the picture, in pixels.

    Returns an explorer: `.state` reads the values, `.move(name=value)` sets them.

    >>> from dlkit.explorers.controls import slider
    >>> def parabola(ax, a):
    ...     ax.plot([-1, 0, 1], [a, 0, a])
    ...     return f"A parabola that is {a} at 1."
    >>> explore(parabola, slider("a", "a", 1, 3, 0.5), title="Parabola").sentence
    'A parabola that is 1 at 1.'
    """
    pairs = [given if isinstance(given, tuple) else (given, _first(given)) for given in controls]
    start = {control["name"]: value for control, value in pairs}
    return _Sketch(draw, start, [control for control, _ in pairs], title, width, height)


def _first(control):
    """Where a control starts if nobody says otherwise."""
    if control["kind"] == "slider":
        return control["min"]
    if control["kind"] == "ticks":
        return [False] * len(control["options"])
    return control["options"][0]


class _Sketch(Explorer):
    def __init__(self, draw, start, controls, title, width, height):
        self.title, self.start = title, start
        self.controls = (*controls, button("reset", "Reset"))
        self._draw = draw
        self._canvas = Canvas(width, height, lambda figure: figure.add_subplot())
        super().__init__()

    def pressed(self, name):
        self.widget.values = dict(self.start)

    def scene(self):
        said = []

        def update(ax):
            _wipe(ax)
            told = self._draw(ax, **self.values)
            said.extend((told, told) if isinstance(told, str) else told)
            return said[1]

        page = self.widget
        picture = self._canvas.picture(update, dark=page.dark, dots=page.dots)
        return Scene([picture], "", said[0])


def _wipe(ax):
    """Take away what was drawn; `ax.clear()` would make all ticks anew, half of a move's time."""
    for artist in (*ax.lines, *ax.patches, *ax.collections, *ax.images, *ax.texts):
        artist.remove()
    if ax.get_legend():
        ax.get_legend().remove()
    ax.set_title("")
    ax.set_prop_cycle(None)
    ax.dataLim.set_points(np.array([[np.inf, np.inf], [-np.inf, -np.inf]]))
    ax.ignore_existing_data_limits = True
    ax.autoscale()
