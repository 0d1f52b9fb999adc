"""Charts as SVG text: bars with their numbers, and a label that says all of them in words."""

from html import escape

from autograder.report.figures import Bin

_WIDTH, _HEIGHT, _FOOT, _HEAD = 640, 220, 34, 22
_ROW, _LABEL, _VALUE = 26, 210, 130


def histogram(bins: list[Bin], title: str, unit: str) -> str:
    """A column a bin; `unit` is what the axis counts."""
    tallest = max((one.count for one in bins), default=0) or 1
    step = _WIDTH / len(bins)
    room = _HEIGHT - _FOOT - _HEAD
    drawn = []
    for place, one in enumerate(bins):
        height = room * one.count / tallest
        middle, top = (place + 0.5) * step, _HEAD + room - height
        drawn.append(_bar(place * step + 3, top, step - 6, height))
        if one.count:
            drawn.append(_text(middle, top - 6, str(one.count), "middle"))
        drawn.append(_text(middle, _HEIGHT - _FOOT + 18, f"{one.low:.3g}–{one.high:.3g}", "middle"))
    base = _HEAD + room
    drawn.append(f'<line class="axis" x1="0" y1="{base}" x2="{_WIDTH}" y2="{base}"/>')
    said = ", ".join(
        f"{one.count} with {one.low:.3g} to {one.high:.3g}" for one in bins if one.count
    )
    return _svg(_HEIGHT, f"{title}, in {unit}: {said or 'nobody'}.", drawn)


def bars(shares: list[tuple[str, float, str]], title: str) -> str:
    """A line a name, with its share (0 to 1) as a bar and the words that stand beside it."""
    full = _WIDTH - _LABEL - _VALUE
    drawn = []
    for place, (name, share, words) in enumerate(shares):
        top, middle = place * _ROW + 5, place * _ROW + 19
        drawn.append(_text(_LABEL - 10, middle, name, "end"))
        drawn.append(f'<rect class="track" x="{_LABEL}" y="{top}" width="{full}" height="18"/>')
        drawn.append(_bar(_LABEL, top, full * share, 18))
        drawn.append(_text(_LABEL + full + 10, middle, words, "start"))
    said = ", ".join(f"{name} {words}" for name, _, words in shares)
    return _svg(len(shares) * _ROW + 6, f"{title}: {said}.", drawn)


def _svg(height: float, label: str, drawn: list[str]) -> str:
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {_WIDTH} {height}">'
        f"{''.join(drawn)}</svg>"
    )


def _bar(x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
