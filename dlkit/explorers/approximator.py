"""Approximator: hidden units of one layer follow a curve, the closer the more there are."""

import numpy as np

from dlkit.explorers import approximation
from dlkit.explorers.approximation import COUNTS, EVEN, KINDS, NONE, TARGETS, X
from dlkit.explorers.axes import Axes
from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import GUESS_BUTTONS, choice, scale, slider
from dlkit.svg import Picture, number, text

NEAR = 0.1  # an error that is smaller is close enough
NEVER = "more than 64"
_FEW = 8  # so many units can be told apart in the picture
_LEAST = 1e-3  # the smallest error that the picture shows
_DRAWN = slice(None, None, 5)  # of the points of X
_CURVE = Axes(38, 28, 270, 200, (-1, 1), (-1.6, 1.6))
_ERRORS = Axes(50, 28, 188, 200, (-0.4, 6.4), (-3.2, 0.6))  # log2 of the units, log10 of the error


def approximator():
    """A network with one hidden layer follows a curve: how many hidden units does it take?

    The dashed line is the target, the full line the network; the shaded band is 0.1 wide to either
    side of the target. Thin lines are what each of up to 8 hidden units adds, and the ticks below
    the curve are where the units bend or are steepest. On the right, the largest error for every
    number of units; both of its axes multiply.

    "Side by side": ReLU units with evenly spaced kinks, the weights to the output set by hand, so
    that the curve goes through the target at each kink. "At random": kinks and slopes are drawn and
    stay, and only the weights to the output are fitted, by least squares.

    What to try
    -----------
    - Predict first: how many hidden units keep the network inside the band? Count straight pieces.
    - Wave, ReLU side by side: twice the units, how much smaller an error?
    - Tent: why are two units enough there, and how many does a tanh net need?
    - No activation: what do 64 hidden units draw, and why?
    - Jump: does the largest error go to 0? What does become smaller? (The theorem is about
      continuous curves.)
    - At random: do other seeds need other numbers of units?

    Returns an explorer: `.state` reads all that is seen, `.move(units=8)` and `.press("show")` act
    like a hand.
    """
    return Approximator()


class Approximator(Explorer):
    title = "Approximator"
    controls = (
        choice("target", "target curve", TARGETS),
        choice("kind", "hidden units", KINDS),
        scale("units", "how many", COUNTS),
        slider("seed", "seed of the units", 0, 9, 1),
        choice("guess", "Predict: fewest units inside the band", (*map(str, COUNTS), NEVER)),
        *GUESS_BUTTONS,
    )
    start = {"target": "wave", "kind": EVEN, "units": 4, "seed": 0, "guess": "1"}
    ask = (
        f"Predict first: how many hidden units keep the network within {NEAR} of the target? Think "
        "of the pieces that such a net is made of, choose, then press Show."
    )
    about = ("target", "kind", "seed")

    def truth(self):
        return fewest(self._errors())

    def more_state(self):
        if self.hidden:
            return {"error": None, "errors": None, "fewest": None, "regime": None, "params": None}
        found, net = self._errors(), self._net()
        params = [(W.tolist(), b.tolist()) for W, b in net.params]
        return {
            "error": found[self.values["units"]],
            "errors": found,
            "fewest": fewest(found),
            "regime": self._regime(),
            "params": params,
        }

    def scene(self):
        resting = ["units"] if self.hidden else []
        if self.values["kind"] in (EVEN, NONE):
            resting.append("seed")
        return Scene([self._draw_curve(), self._draw_errors()], "", self._in_words(), resting)

    def _chosen(self):
        return tuple(self.values[name] for name in ("target", "kind", "seed"))

    def _errors(self):
        return approximation.errors(*self._chosen())

    def _net(self):
        return approximation.nets(*self._chosen())[self.values["units"]]

    def _regime(self):
        if self.values["kind"] == NONE:
            return "straight line"
        if self.values["target"] == "jump":
            return "cannot jump"
        return "inside the band" if self._errors()[self.values["units"]] < NEAR else "outside"

    def _in_words(self):
        target, units = self.values["target"], self.values["units"]
        found = self._errors()
        error, needed = found[units], fewest(found)
        many = "1 hidden unit" if units == 1 else f"{units} hidden units"
        seen = f"{many}: the largest error is {_in_words(error)}, "
        if self.values["kind"] == NONE:
            return f"{seen}as with any number: without an activation the net is a straight line."
        if target == "jump":
            mean = np.abs(self._net().y - TARGETS[target](X)).mean()
            seen += f"the mean error {_in_words(mean)}. Such a net is continuous: it cannot jump, "
            return f"{seen}but the stretch where it is wrong becomes narrow."
        place = X[np.abs(self._net().y - TARGETS[target](X)).argmax()]
        seen += "inside the band" if error < NEAR else f"outside the band at x = {number(place, 2)}"
        if needed == NEVER:
            return f"{seen}. Not even 64 suffice."
        return f"{seen}. The fewest that stay inside: {needed}."

    def _draw_curve(self):
        axes, target = _CURVE, self.values["target"]
        t = TARGETS[target](X)
        marks = [_band(axes, t), axes.frame((-1, 0, 1), (-1, 0, 1), ("x", ""))]
        alt = f"The target, a {target}, dashed, in a band of {NEAR} to either side."
        title = f"{target} and band"
        if not self.hidden:
            net, units = self._net(), self.values["units"]
            if units <= _FEW:
                marks += [axes.path(X[_DRAWN], y, "dlk-frame") for y in net.parts[_DRAWN].T]
            if self.values["kind"] != NONE:
                marks += [_tick(axes, middle) for middle in net.middles]
            marks.append(axes.path(X[_DRAWN], net.y[_DRAWN]))
            title = f"{target} (dashed) and the net of {units}"
            alt += f" The network of {units} hidden units, {self.values['kind']}, is off by up to "
            alt += f"{_in_words(self._errors()[units])}."
        marks.append(axes.path(X[_DRAWN], t[_DRAWN], "dlk-before"))
        marks.append(text(axes.left, 16, title, "dlk-strong", "start"))
        return Picture("".join(marks), 320, 270, alt)

    def _draw_errors(self):
        axes = _ERRORS
        counts = {
            np.log2(count): str(count) for count in COUNTS if count in (1, 2, 4, 8, 16, 32, 64)
        }
        powers = {0: "1", -1: "0.1", -2: "0.01", -3: "0.001"}
        edge = np.log10(NEAR)
        marks = [
            axes.frame(counts, powers, ("hidden units", "")),
            axes.path(axes.xs, (edge, edge), "dlk-before"),
            text(
                axes.left,
                16,
                "largest error" + (": ?" if self.hidden else ""),
                "dlk-strong",
                "start",
            ),
        ]
        if self.hidden:
            alt = "The errors for each number of units are hidden until you have predicted."
            return Picture("".join(marks), 250, 270, alt)
        found = self._errors()
        places = {count: _place(count, error) for count, error in found.items()}
        marks.append(axes.path(*zip(*places.values(), strict=True)))
        for count, (x, y) in places.items():
            now = count == self.values["units"]
            marks.append(
                _dot(axes.x(x), axes.y(y), "dlk-on" if now else "dlk-off", 7 if now else 4)
            )
        said = ""
        if self.committed is not None:
            marks.append(_guess(axes, self.committed))
            said = f" Your guess: {self.committed}."
        listed = ", ".join(f"{count}: {_in_words(error)}" for count, error in found.items())
        return Picture("".join(marks), 250, 270, f"Largest error by hidden units: {listed}.{said}")


def fewest(found):
    """The smallest number of units whose error is under NEAR, in the words of the guess."""
    for count, error in found.items():
        if error < NEAR:
            return str(count)
    return NEVER


def _in_words(error):
    return number(error, 3) if error >= 0.0005 else "under 0.001"


def _place(count, error):
    return np.log2(count), np.log10(max(error, _LEAST))


def _band(axes, t):
    xs = axes.x(X[_DRAWN]).tolist()
    upper, lower = (axes.y(t[_DRAWN] + by).tolist() for by in (NEAR, -NEAR))
    points = [*zip(xs, upper, strict=True), *reversed([*zip(xs, lower, strict=True)])]
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polygon class="dlk-fires" points="{places}"/>'


def _tick(axes, middle):
    x, floor = axes.x(middle), axes.top + axes.height
    return f'<path class="dlk-arrow" d="M{x:.1f} {floor}v-8"/>'


def _dot(x, y, kind, r):
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'


def _guess(axes, guess):
    x = axes.left + axes.width if guess == NEVER else axes.x(np.log2(int(guess)))
    line = f'<path class="dlk-guess" d="M{x:.1f} {axes.top}v{axes.height}"/>'
    beside, anchor = (-6, "end") if x > axes.left + 100 else (6, "start")
    return line + text(x + beside, axes.top + axes.height - 6, "your guess", "dlk-small", anchor)
