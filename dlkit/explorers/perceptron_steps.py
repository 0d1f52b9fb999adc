"""Perceptron learning step by step: the point looked at, the weights before and after, the line."""

from dlkit.explorers import learning_run
from dlkit.explorers.base import Explorer, Scene
from dlkit.explorers.controls import button, choice, slider
from dlkit.explorers.learning_run import LearningRun
from dlkit.explorers.learning_scene import pictures, sentence, step_table

_DATA = ("AND gate", "separable", "not separable")
_NO_GUESS = "choose first"
_GUESSES = (_NO_GUESS, *map(str, range(1, 16)), "never")


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
        return self._scene(self.run)

    def still_scene(self):
        run = self.run
        if run.last is None:  # a page where nobody can press Step shows the rule at work
            run = _new_run(self.values)
            run.epoch()
            run.epoch()
        return self._scene(run)

    def _scene(self, run):
        resting = []
        if self.values["guess"] == _NO_GUESS or run.ended:
            resting += ["step", "epoch"]
        if run.last is not None:
            resting.append("guess")
        if self.values["data"] == "AND gate":
            resting.append("seed")
        guess = None if self.values["guess"] == _NO_GUESS else self.values["guess"]
        parts = pictures(run, guess), step_table(run), sentence(run, guess)
        return Scene(*parts, tuple(resting))


def _new_run(values):
    make = {
        "AND gate": learning_run.and_gate,
        "separable": lambda: learning_run.separable(values["seed"]),
        "not separable": lambda: learning_run.not_separable(values["seed"]),
    }
    return LearningRun(*make[values["data"]](), lr=float(values["lr"]))
