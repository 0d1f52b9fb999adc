"""A matplotlib figure that stays, so that a move changes only what moved."""

import base64
import io

from dlkit.svg import PixelPicture

_DOTS = 1.5  # dots a pixel of the page, so that letters are sharp on most screens
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
        turns dark or light.

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
        self._figure = Figure(figsize=size, dpi=100 * _DOTS, layout="constrained")
        self._agg = FigureCanvasAgg(self._figure)
        self._parts, self._dark = None, None

    def picture(self, update, *, dark=False):
        """What the figure shows after `update(parts)`, which returns the words that say so."""
        from matplotlib import rc_context
        from PIL import Image

        with rc_context(_colours(dark)):
            if dark != self._dark:
                self._figure.clear()
                self._figure.set_facecolor(_GROUND[dark])
                self._parts, self._dark = self._build(self._figure), dark
            alt = update(self._parts)
            self._agg.draw()
        file, size = io.BytesIO(), self._agg.get_width_height(physical=True)
        pixels = Image.frombuffer("RGBA", size, self._agg.buffer_rgba(), "raw", "RGBA", 0, 1)
        pixels.convert("RGB").save(file, "png", compress_level=1)
        return PixelPicture(base64.b64encode(file.getvalue()).decode(), *self._size, alt)


def _colours(dark):
    ink, ground = _INK[dark], _GROUND[dark]
    names = ("text.color", "axes.labelcolor", "axes.edgecolor", "axes.titlecolor")
    names += ("xtick.color", "ytick.color")
    return {**dict.fromkeys(names, ink), "axes.facecolor": ground, "figure.facecolor": ground}
