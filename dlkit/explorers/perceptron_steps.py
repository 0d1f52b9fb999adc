"""Perceptron learning step by step: the point looked at, the weights before and after, the line."""

from dlkit.explorers import learning_run
from dlkit.explorers.controls import button, choice, slider
from dlkit.explorers.explore import Explorer, Scene
from dlkit.explorers.learning_run import LearningRun
from dlkit.explorers.svg import Picture, Plane, number, table, text, weighted_sum

_PLANE = Plane(-1.25, 1.25, size=290)
_DATA = ("AND gate", "separable", "not separable")
_NO_GUESS, _NEVER = "choose first", "never"
_GUESSES = (_NO_GUESS, *map(str, range(1, 16)), _NEVER)


def perceptron_steps():
    """The perceptron's learning rule, one point at a time, on a few points in the plane.

    A triangle is a point of class 1, a circle one of class 0, and the number beside it is its turn.
    The ring is round the point looked at; the dashed line is the one before the step, the full line
    the one after it; the shaded side is where the unit fires.

    What to try
    -----------
    - Predict first: which epoch will be the first without an error? Your guess stands as a dashed
      line among the bars.
    - Step: before each click, say whether the line will move, and to which side.
    - Does the line always move so far that the point looked at is right afterwards?
    - Another learning rate with the same points: what changes, and what does not?
    - Points that no line separates: what do the errors do, and does w ever come to rest?

    Returns an explorer: `.state` reads all that is seen, `.move(seed=3)` and `.press("step")` act
    like a hand.
    """
    return PerceptronSteps()


class PerceptronSteps(Explorer):
    title = "Perceptron learning, step by step"
    controls = (
        choice("data", "points", _DATA),
        slider("seed", "seed of the points", 0, 9, 1),
        choice("lr", "learning rate", ("0.25", "0.5", "1")),
        choice("guess", "Predict: the first epoch without an error", _GUESSES),
        button("step", "Step"),
        button("epoch", "Run epoch"),
        button("reset", "Reset"),
    )
    start = {"data": "separable", "seed": 2, "lr": "1", "guess": _NO_GUESS}

    def __init__(self):
        self.run = _new_run(self.start)
        super().__init__()

    def moved(self, names):
        if names - {"guess"}:
            self.run = _new_run(self.values)
            self.widget.values = {**self.values, "guess": _NO_GUESS}

    def pressed(self, name):
        if name == "reset":
            self.run = _new_run(self.values)
            self.widget.values = {**self.values, "guess": _NO_GUESS}
        elif name == "step":
            self.run.step()
        else:
            self.run.epoch()

    def more_state(self):
        run = self.run
        return {
            "points": list(run.points),
            "targets": list(run.targets),
            "w": run.w,
            "b": run.b,
            "errors_per_epoch": list(run.errors),
            "updates": run.updates,
            "looked_at": None if run.last is None else run.last.index,
        }

    def scene(self):
        resting = []
        if self.values["guess"] == _NO_GUESS or self.run.ended:
            resting += ["step", "epoch"]
        if self.run.last is not None:
            resting.append("guess")
        if self.values["data"] == "AND gate":
            resting.append("seed")
        pictures = [self._plane(), self._bars()]
        return Scene(pictures, self._table(), self._sentence(), tuple(resting))

    # -- the sentence --

    def _sentence(self):
        run, step = self.run, self.run.last
        if step is None:
            if self.values["guess"] == _NO_GUESS:
                return "Predict first: in which epoch will no point be wrong any more?"
            return "w = (0, 0) and b = 0: no line yet, the unit fires nowhere. Press Step."
        if run.clean:
            return f"Epoch {len(run.errors)} had no error: w rests after {self._updates()}." + (
                self._verdict()
            )
        x, t = run.points[step.index], run.targets[step.index]
        at = f"Point {step.index + 1} at {_pair(x)} is of class {t}; the unit said {step.output}"
        if not step.moved:
            return f"{at}: right, so nothing moves.{self._tired()}"
        sign = "plus" if t else "minus"
        change = f"w becomes w {sign} {_times(run.lr)}x and b becomes b {sign} {number(run.lr)}"
        return f"{at}: wrong, so {change}.{self._tired()}"

    def _updates(self):
        return "1 update" if self.run.updates == 1 else f"{self.run.updates} updates"

    def _verdict(self):
        guess, truth = self.values["guess"], str(len(self.run.errors))
        return f" You predicted {guess}{': right!' if guess == truth else '.'}"

    def _tired(self):
        run = self.run
        if not run.ended:
            return ""
        said = f" You predicted {self.values['guess']}."
        return f" {len(run.errors)} epochs, and none without an error: the run stops here.{said}"

    # -- the pictures and the table --

    def _plane(self):
        run, step = self.run, self.run.last
        marks = [_PLANE.axes((-1, 0, 1)), _PLANE.half_plane(run.w, run.b)]
        if step is not None and step.moved:
            marks.append(_PLANE.line(step.w_before, step.b_before, "dlk-before"))
        marks += [_PLANE.line(run.w, run.b), _PLANE.normal(run.w, run.b)]
        for i, (x, t) in enumerate(zip(run.points, run.targets, strict=True)):
            marks.append(self._point(i, x, t))
        line = f"{weighted_sum(run.w, run.b)} > 0"
        marks.append(text(145, 22, f"fires where {line}", "dlk-strong"))
        looked = "" if step is None else f" The ring is round point {step.index + 1}."
        alt = (
            f"{len(run.points)} points of two classes; the unit fires where {line}; "
            f"{self._wrong_now()} of them on the wrong side.{looked}"
        )
        return Picture("".join(marks), 290, 290, alt)

    def _wrong_now(self):
        run = self.run
        fires = [run.w[0] * x[0] + run.w[1] * x[1] + run.b > 0 for x in run.points]
        return sum(f != bool(t) for f, t in zip(fires, run.targets, strict=True))

    def _point(self, i, point, target):
        x, y = _PLANE.x(point[0]), _PLANE.y(point[1])
        if target:
            mark = f'<path class="dlk-on" d="M{x:.1f} {y - 9:.1f}l8.5 15h-17z"/>'
        else:
            mark = f'<circle class="dlk-off" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'
        if self.run.last is not None and self.run.last.index == i:
            mark += f'<circle class="dlk-ring" cx="{x:.1f}" cy="{y:.1f}" r="14"/>'
        return mark + text(x + 15, y - 9, str(i + 1), "dlk-small")

    def _bars(self):
        run, left, floor, height = self.run, 24, 256, 200
        most, shown = len(run.points), max(10, len(run.errors))
        wide = 196 / shown
        marks = [
            f'<path class="dlk-frame" d="M{left} {floor - height}V{floor}h196"/>',
            text(left + 98, 22, "errors in each epoch", "dlk-strong"),
            text(left + 98, floor + 28, "epoch"),
            text(left - 6, floor + 4, "0", "dlk-small", "end"),
            text(left - 6, floor - height + 4, str(most), "dlk-small", "end"),
        ]
        for i, count in enumerate(run.errors):
            x, tall = left + wide * i, height * count / most
            marks.append(
                f'<rect class="dlk-bar" x="{x + wide * 0.15:.1f}" y="{floor - tall:.1f}" '
                f'width="{wide * 0.7:.1f}" height="{tall:.1f}"/>'
            )
            marks.append(text(x + wide / 2, floor - tall - 5, str(count), "dlk-small"))
            marks.append(text(x + wide / 2, floor + 14, str(i + 1), "dlk-small"))
        if self.values["guess"] not in (_NO_GUESS, _NEVER) and int(self.values["guess"]) <= shown:
            x = left + wide * (int(self.values["guess"]) - 0.5)
            marks.append(
                f'<path class="dlk-guess" d="M{x:.1f} {floor}V{floor - height}"/>'
                + text(x, floor - height - 6, "your guess", "dlk-small")
            )
        counts = ", ".join(map(str, run.errors)) or "no epoch has ended yet"
        return Picture("".join(marks), 225, 290, f"Errors in each epoch: {counts}.")

    def _table(self):
        run, step = self.run, self.run.last
        heads = ("x", "class", "unit", "", "w, b before", "w, b after")
        if step is None:
            return table("The last step", heads, [["–"] * len(heads)])
        x, t = run.points[step.index], run.targets[step.index]
        row = [_pair(x), t, step.output, "✓ right" if step.output == t else "✗ wrong"]
        row += [f"{_pair(step.w_before)}, {number(step.b_before)}"]
        row += [f"{_pair(step.w)}, {number(step.b)}"]
        epoch = len(run.errors) + (step.index < len(run.points) - 1)
        return table(f"Epoch {epoch}, point {step.index + 1} of {len(run.points)}", heads, [row])


def _new_run(values):
    make = {
        "AND gate": learning_run.and_gate,
        "separable": lambda: learning_run.separable(values["seed"]),
        "not separable": lambda: learning_run.not_separable(values["seed"]),
    }
    return LearningRun(*make[values["data"]](), lr=float(values["lr"]))


def _pair(pair):
    return f"({number(pair[0])}, {number(pair[1])})"


def _times(lr):
    return "" if lr == 1 else f"{number(lr)} "
