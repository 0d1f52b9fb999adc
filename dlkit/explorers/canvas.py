"""A matplotlib figure that stays, so that a move changes only what moved."""

import base64

import numpy as np

from dlkit.explorers.png import rgba_png
from dlkit.svg import PixelPicture

_INK = {False: "#222222", True: "#e6e6e6"}
_GROUND = {False: "#ffffff", True: "#111111"}


class Canvas:
    """A figure of `width` × `height` pixels; `build(figure)` makes its artists, once.

    Parameters
    ----------
    width, height : int
        Size on the page in pixels.
    build : function (figure) → parts
        Makes axes and artists; what it returns is handed to `update`. Called again when the page
        turns dark or light, or has other dots.

    >>> canvas = Canvas(300, 200, lambda figure: figure.add_subplot().plot([0, 1], [0, 0])[0])
    >>> def rise(line):
    ...     line.set_ydata([0, 1])
    ...     return "A line that rises."
    >>> canvas.picture(rise).alt
    'A line that rises.'
    """

    def __init__(self, width, height, build):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._size, self._build = (width, height), build
        size = (width / 100, height / 100)
        self._figure = Figure(figsize=size, dpi=100)
        self._agg = FigureCanvasAgg(self._figure)
        self._parts, self._look = None, None
        self._causes, self._seen, self._ground = None, None, None

    def picture(self, update, *, dark=False, dots=1.0):
        """What the figure shows after `update(parts)`, which returns the words that say so.

        dots : how many dots of the screen a pixel of the page has, so that letters are sharp
        """
        from matplotlib import rc_context

        with rc_context(_colours(dark)):
            if (dark, dots) != self._look:
                self._figure.clear()
                self._figure.set_dpi(100 * dots)
                self._figure.set_layout_engine("constrained")
                self._causes, self._seen = None, None
                self._figure.set_facecolor(_GROUND[dark])
                self._parts, self._look = self._build(self._figure), (dark, dots)
            alt = update(self._parts)
            self._draw()
        png = rgba_png(np.asarray(self._agg.buffer_rgba()))
        return PixelPicture(base64.b64encode(png).decode(), *self._size, alt)

    def _draw(self):
        """Axes, ticks and labels are drawn only when they changed: they take longest."""
        figure, agg = self._figure, self._agg
        moving = [a for a in figure.get_children() if a not in (figure.patch, *figure.axes)]
        for ax in figure.axes:
            still = {ax.patch, ax.xaxis, ax.yaxis, *ax.spines.values()}
            moving += sorted(set(ax.get_children()) - still, key=lambda artist: artist.zorder)
        if self._seen is None:
            agg.draw()  # with everything, so that there is room for it
            figure.set_layout_engine("none")
        causes = [_causes(ax) for ax in figure.axes]
        seen = self._seen if causes == self._causes else [_frame(ax) for ax in figure.axes]
        self._causes = causes
        if seen != self._seen:
            shown = [artist for artist in moving if artist.get_visible()]
            for artist in shown:
                artist.set_visible(False)
            agg.draw()
            for artist in shown:
                artist.set_visible(True)
            self._seen, self._ground = seen, agg.copy_from_bbox(figure.bbox)
        agg.restore_region(self._ground)
        for artist in moving:
            figure.draw_artist(artist)


def _causes(ax):
    """What the frame of the axes follows from: as long as it is the same, so is the frame."""
    limits = (*ax.get_xlim(), *ax.get_ylim(), ax.get_xlabel(), ax.get_ylabel())
    look = (ax.get_facecolor(), ax.axison, ax.get_visible(), ax.get_position().bounds)
    makers = [
        make
        for axis in (ax.xaxis, ax.yaxis)
        for make in (axis.get_major_locator(), axis.get_major_formatter())
    ]
    return limits, look, makers


def _frame(ax):
    """What is seen of the frame of the axes; other makers of ticks may give the same ones."""
    limits, look, _makers = _causes(ax)
    ticks = [*ax.get_xticks(), *ax.get_yticks()]
    words = [text.get_text() for text in (*ax.get_xticklabels(), *ax.get_yticklabels())]
    return limits, look, ticks, words


def _colours(dark):
    ink, ground = _INK[dark], _GROUND[dark]
    names = ("text.color", "axes.labelcolor", "axes.edgecolor", "axes.titlecolor")
    names += ("xtick.color", "ytick.color")
    return {**dict.fromkeys(names, ink), "axes.facecolor": ground, "figure.facecolor": ground}
