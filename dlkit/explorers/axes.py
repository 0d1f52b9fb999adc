"""Axes of a plot as SVG text, as in svg.js: a frame with numbers, and curves in it."""

import numpy as np

from dlkit.svg import number, text


class Axes:
    """A frame of `width` × `height` pixels; `x(value)` and `y(value)` give pixels."""

    def __init__(self, left, top, width, height, xs, ys):
        self.left, self.top, self.width, self.height = left, top, width, height
        self.xs, self.ys = xs, ys

    def x(self, value):
        return self.left + (value - self.xs[0]) / (self.xs[1] - self.xs[0]) * self.width

    def y(self, value):
        return self.top + (self.ys[1] - value) / (self.ys[1] - self.ys[0]) * self.height

    def frame(self, x_marks, y_marks, names=("", "")):
        """The frame; marks are numbers, or a dict of value → words; `names` are the axes'."""
        floor = self.top + self.height
        marks = [
            f'<rect class="dlk-frame" x="{self.left:.1f}" y="{self.top:.1f}" '
            f'width="{self.width:.1f}" height="{self.height:.1f}"/>'
        ]
        for value, words in _worded(x_marks):
            marks.append(text(self.x(value), floor + 14, words, "dlk-small"))
        for value, words in _worded(y_marks):
            marks.append(text(self.left - 5, self.y(value) + 4, words, "dlk-small", "end"))
        marks.append(text(self.left + self.width / 2, floor + 29, names[0]))
        marks.append(text(self.left, self.top - 8, names[1], "", "start"))
        return "".join(marks)

    def path(self, xs, ys, kind="dlk-line"):
        """A curve, broken where it is not finite or leaves the frame upwards or downwards."""
        xs, ys = np.asarray(xs, float), np.asarray(ys, float)
        seen = (self.ys[0] <= ys) & (ys <= self.ys[1])
        places = (self.x(xs), self.y(ys), seen)
        d, pen = [], "M"
        # a list's numbers become text several times faster than those of an array
        for x, y, inside in zip(*(one.tolist() for one in places), strict=True):
            if not inside:
                pen = "M"
                continue
            d.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        return f'<path class="{kind}" fill="none" d="{"".join(d)}"/>'


def _worded(marks):
    return marks.items() if isinstance(marks, dict) else ((mark, number(mark)) for mark in marks)
