"""What gradient_through_time shows of a Run: two pictures, and factors as powers of ten.

`committed` is the student's guess, as `REGIMES` words it, or None.
"""

import numpy as np

from dlkit.explorers.cells import frame
from dlkit.svg import Picture, number, text

REGIMES = {  # what becomes of a gradient, and the guess that says so
    "vanishes": "less than a tenth",
    "keeps its size": "about as large",
    "explodes": "more than ten times",
}
EDGE = 1  # the power of ten beyond which a gradient explodes; below its inverse it vanishes
_LEFT, _TOP, _WIDE, _TALL = 46, 34, 290, 190  # the plot's frame


def plot(run, hidden, committed):
    """Both norms against the step, on an axis of powers of ten."""
    shown = np.concatenate([run.forward, [] if hidden else run.backward])
    powers = np.log10(shown[shown > 0])
    low, high = (int(p) for p in (np.floor(powers.min()), np.ceil(powers.max())))
    low, high = max(min(low, -3), -30), max(high, 3)
    last = len(run.forward) - 1

    def x(step):
        return _LEFT + _WIDE * step / last

    def y(value):
        return _TOP + _TALL * (high - np.log10(value)) / (high - low)

    marks = [_bands(y, low, high), frame(_LEFT, _TOP, _WIDE, _TALL)]
    every = -(-(high - low) // 6)
    for power in range(-(-low // every) * every, high + 1, every):
        label = _power(power)
        marks.append(text(_LEFT - 5, y(10.0**power) + 4, label, "dlk-small", "end"))
    for step in np.linspace(0, last, 6).round().astype(int):
        marks.append(text(x(step), _TOP + _TALL + 14, str(step), "dlk-small"))
    marks.append(text(_LEFT + _WIDE / 2, _TOP + _TALL + 30, "step"))
    marks.append(text(_LEFT, 14, "—  norm of the state", "dlk-small", "start"))
    marks.append(_curve(run.forward, x, y, low, "dlk-line"))
    if not hidden:
        marks.append(text(_LEFT, 28, "┄  norm of the gradient, ← back", "dlk-small", "start"))
        marks.append(_curve(run.backward, x, y, low, "dlk-slope"))
    if committed:
        marks.append(_guess(committed, y, low, high))
    return Picture("".join(marks), _LEFT + _WIDE + 8, _TOP + _TALL + 40, _described(run, hidden))


def _bands(y, low, high):
    """Where a gradient at step 0 is called vanishing or exploding."""
    marks = []
    for name, top, bottom in (("explodes", high, EDGE), ("vanishes", -EDGE, low)):
        if top > bottom:
            tall = y(10.0**bottom) - y(10.0**top)
            marks.append(
                f'<rect class="dlk-fires" x="{_LEFT}" y="{y(10.0**top):.1f}" width="{_WIDE}" '
                f'height="{tall:.1f}"/>'
            )
            middle = y(10.0**top) + tall / 2 + 4
            marks.append(text(_LEFT + _WIDE - 6, middle, name, "dlk-small", "end"))
    return "".join(marks)


def _curve(norms, x, y, low, kind):
    """A line through the norms; it ends where they leave the axis or are 0."""
    points, pen = [], "M"
    for step, value in enumerate(norms):
        if value < 10.0**low:
            pen = "M"
            continue
        points.append(f"{pen}{x(step):.1f} {y(value):.1f}")
        pen = "L"
    return f'<path class="{kind}" fill="none" d="{"".join(points)}"/>'


def _guess(committed, y, low, high):
    """A dashed mark at step 0 over the range that the guess names."""
    ends = zip(REGIMES.values(), ((-EDGE, low), (EDGE, -EDGE), (high, EDGE)), strict=True)
    top, bottom = dict(ends)[committed]
    from_y, to_y = y(10.0**top), y(10.0**bottom)
    return (
        f'<path class="dlk-guess" d="M{_LEFT + 3} {from_y:.1f}V{to_y:.1f}"/>'
        f"{text(_LEFT + 9, (from_y + to_y) / 2 + 4, 'your guess', 'dlk-small', 'start')}"
    )


def _described(run, hidden):
    last, steps = times(run.forward[-1]), len(run.forward) - 1
    told = f"The norm of the state goes from 1 to {last} in {steps} steps"
    if hidden:
        return f"{told}; that of the gradient is hidden until you have predicted."
    return f"{told}; that of the gradient goes back from 1 to {times(run.backward[0])}."


def eigenvalues(run):
    """The eigenvalues in the plane of complex numbers, with the circle of radius 1."""
    # in one order on every machine
    found = sorted(np.linalg.eigvals(run.W), key=lambda v: (round(v.real, 6), round(v.imag, 6)))
    far, middle, size = max(1.15, np.abs(found).max() * 1.1), 100, 84
    marks = [text(middle, 18, "eigenvalues of Wh", "dlk-strong")]
    marks.append(
        f'<path class="dlk-frame" d="M{middle - size} 118h{2 * size}M{middle} 34v{2 * size}"/>'
    )
    marks.append(
        f'<circle class="dlk-before" fill="none" cx="{middle}" cy="118" r="{size / far:.1f}"/>'
    )
    for value in found:
        cx, cy = middle + size * value.real / far, 118 - size * value.imag / far
        kind = "dlk-on" if abs(value) <= 1 + 1e-9 else "dlk-bar"
        marks.append(f'<circle class="{kind}" cx="{cx:.1f}" cy="{cy:.1f}" r="5"/>')
    outside = int((np.abs(found) > 1 + 1e-9).sum())
    marks.append(text(middle, 222, f"{outside} outside the circle of radius 1", "dlk-small"))
    radius = number(np.abs(found).max(), 2)
    alt = f"{len(found)} eigenvalues; the farthest is {radius} from 0, {outside} are beyond 1."
    return Picture("".join(marks), 200, 232, alt)


def times(value):
    """A factor in words of digits: 0.015, 12, 3.2·10⁸."""
    if value == 0 or 1e-3 <= value < 1e4:
        return number(value, 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 else 4)
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}·{_power(int(power))}"


def _power(n):
    return "10" + str(n).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
