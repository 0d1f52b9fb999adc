"""Pictures as SVG text: a plane with points, lines and half-planes, in the colours of picture.css.

A picture is a `Picture`: its marks, its size and the words that say what it shows. Colours are
classes, so that the same picture is right on light and dark pages.
"""

import base64
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from math import hypot, isfinite

CSS = files(__package__).joinpath("picture.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Picture:
    marks: str
    width: int
    height: int
    alt: str

    def inline(self):
        """SVG to stand inside a page whose style sheet has the colours."""
        return (
            f'<svg class="dlk-picture" role="img" aria-label="{escape(self.alt)}" '
            f'viewBox="0 0 {self.width} {self.height}" width="{self.width}">{self.marks}</svg>'
        )


class PixelPicture(Picture):
    """A picture of pixels: base64 of a PNG, its size on the page, and its words."""

    def __init__(self, png, width, height, alt):
        source = f"data:image/png;base64,{png}"
        image = f'<image width="{width}" height="{height}" href="{source}"/>'
        super().__init__(image, width, height, alt)

    def inline(self):
        """An image, which a browser decodes before it is shown."""
        source = self.marks.split('"')[-2]
        return (
            f'<img class="dlk-picture" alt="{escape(self.alt)}" width="{self.width}" '
            f'decoding="sync" src="{source}">'
        )


def standalone(pictures):
    """One SVG file with the pictures side by side, on a ground of its own."""
    parts, left = [], 0
    for picture in pictures:
        parts.append(f'<g transform="translate({left} 0)">{picture.marks}</g>')
        left += picture.width
    height = max(picture.height for picture in pictures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dlk-picture" role="img" '
        f'aria-label="{escape(" ".join(p.alt for p in pictures))}" '
        f'viewBox="0 0 {left} {height}" width="{left}" height="{height}">'
        f'<style>{CSS}</style><rect class="dlk-ground" width="{left}" height="{height}"/>'
        f"{''.join(parts)}</svg>\n"
    )


def image(pictures):
    """The pictures as an HTML image with alternative text, which needs nothing from its page."""
    data = base64.b64encode(standalone(pictures).encode()).decode()
    alt = escape(" ".join(picture.alt for picture in pictures))
    return f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'


def text(x, y, words, kind="", anchor="middle"):
    """Words at a place in pixels."""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def number(value, digits=None):
    """A number as text, with a true minus; as short as it is, or with so many digits."""
    words = f"{value:g}" if digits is None else f"{value:.{digits}f}"
    if not float(words):
        words = words.removeprefix("-")  # 0, and what is rounded to it, has no sign
    return words.replace("-", "−")


def short(value, digits=3):
    """A number in so many digits, with a power of ten where it is large or tiny: 1.5·10⁻⁷."""
    rounded = float(f"{value:.{digits}g}")
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e5 or not isfinite(rounded):
        return number(rounded)
    front, power = f"{rounded:.{digits - 1}e}".split("e")
    return f"{number(float(front))}·{ten_to(int(power))}"


def ten_to(power):
    """A power of ten, such as 10⁻⁷."""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def weighted_sum(w, b, digits=None):
    """The sum with its numbers, such as 1.5 x₁ − 0.5 x₂ − 1."""
    parts = [f"{number(w[0], digits)} x₁"]
    for value, unit in ((w[1], " x₂"), (b, "")):
        parts.append(f"{'−' if value < 0 else '+'} {number(abs(value), digits)}{unit}")
    return " ".join(parts)


def table(caption, heads, rows):
    """An HTML table with a caption and one row of headings."""
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return (
        f'<table class="dlk-table"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


class Plane:
    """A square of the plane, `low` to `high` on both axes, drawn in `size` pixels."""

    def __init__(self, low, high, size=300, edge=34):
        self.low, self.high, self.size, self.edge = low, high, size, edge

    def x(self, value):
        return self.edge + (value - self.low) / (self.high - self.low) * (self.size - 2 * self.edge)

    def y(self, value):
        return self.size - self.x(value)

    def place(self, point):
        return f"{self.x(point[0]):.1f},{self.y(point[1]):.1f}"

    def axes(self, marks, names=("x₁", "x₂")):
        """The frame, a number at each of `marks` on both axes, and the axes' names."""
        start, end, middle = self.x(self.low), self.x(self.high), self.size / 2
        lines = [
            f'<rect class="dlk-frame" x="{start:.1f}" y="{start:.1f}" '
            f'width="{end - start:.1f}" height="{end - start:.1f}"/>'
        ]
        for mark in marks:
            words = number(mark)
            lines.append(text(self.x(mark), end + 14, words, "dlk-small"))
            lines.append(text(start - 5, self.y(mark) + 4, words, "dlk-small", "end"))
        lines.append(text(middle, end + 28, names[0]))
        lines.append(text(start - 24, middle, names[1]))
        return "".join(lines)

    def half_plane(self, w, b, kind="dlk-fires"):
        """The part of the square where w·x + b > 0."""
        corners = self._cut(w, b)
        if not corners:
            return ""
        return f'<polygon class="{kind}" points="{" ".join(map(self.place, corners))}"/>'

    def line(self, w, b, kind="dlk-line"):
        """The line w·x + b = 0 where it crosses the square; nothing when it does not."""
        ends = self.ends(w, b)
        if ends is None:
            return ""
        (x1, y1), (x2, y2) = ends
        return (
            f'<line class="{kind}" x1="{self.x(x1):.1f}" y1="{self.y(y1):.1f}" '
            f'x2="{self.x(x2):.1f}" y2="{self.y(y2):.1f}"/>'
        )

    def normal(self, w, b, length=0.22):
        """An arrow from the line towards the side that fires, in the direction of w."""
        ends = self.ends(w, b)
        if ends is None:
            return ""
        span = (self.high - self.low) * length / hypot(*w)
        tail = [(ends[0][i] + ends[1][i]) / 2 for i in (0, 1)]
        tip = [tail[i] + span * w[i] for i in (0, 1)]
        return self._arrow(tail, tip)

    def ends(self, w, b):
        """The two points where w·x + b = 0 enters and leaves the square, or None."""
        near = 1e-9 * (abs(w[0]) + abs(w[1])) * max(abs(self.low), abs(self.high))
        on_line = [p for p in self._cut(w, b) if abs(w[0] * p[0] + w[1] * p[1] + b) <= near]
        if not any(w) or len(on_line) < 2 or on_line[0] == on_line[1]:
            return None
        return on_line[0], on_line[1]

    def _cut(self, w, b):
        """The square's corners where w·x + b > 0, with the points where the line cuts its edges."""
        low, high = self.low, self.high
        square = [(low, low), (high, low), (high, high), (low, high)]
        height = [w[0] * p[0] + w[1] * p[1] + b for p in square]
        kept = []
        for i, here in enumerate(square):
            there, this, that = square[i - 1], height[i], height[i - 1]
            if (this > 0) != (that > 0):
                share = this / (this - that)
                kept.append(tuple(h + share * (t - h) for h, t in zip(here, there, strict=True)))
            if this > 0:
                kept.append(here)
        return kept

    def _arrow(self, tail, tip):
        x1, y1, x2, y2 = self.x(tail[0]), self.y(tail[1]), self.x(tip[0]), self.y(tip[1])
        dx, dy = (x2 - x1) / hypot(x2 - x1, y2 - y1), (y2 - y1) / hypot(x2 - x1, y2 - y1)
        base, half = (x2 - 9 * dx, y2 - 9 * dy), (-4.5 * dy, 4.5 * dx)
        head = f"{x2:.1f},{y2:.1f} " + " ".join(
            f"{base[0] + s * half[0]:.1f},{base[1] + s * half[1]:.1f}" for s in (1, -1)
        )
        return (
            f'<line class="dlk-arrow" x1="{x1:.1f}" y1="{y1:.1f}" '
            f'x2="{base[0]:.1f}" y2="{base[1]:.1f}"/>'
            f'<polygon class="dlk-arrow" points="{head}"/>'
        )
