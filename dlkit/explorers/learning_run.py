"""The perceptron's learning rule, one point at a time, on a small set of points in the plane."""

from dataclasses import dataclass, field

import numpy as np

from dlkit.gates import GATES, INPUTS


@dataclass(frozen=True)
class Step:
    """What one step looked at and did."""

    index: int  # which point, from 0
    output: int  # what the unit gave
    w_before: tuple
    b_before: float
    w: tuple
    b: float

    @property
    def moved(self):
        return self.w != self.w_before or self.b != self.b_before


@dataclass
class LearningRun:
    """w += lr (t − y) x and b += lr (t − y), point after point, from zeros, until a clean epoch.

    Points and learning rates are multiples of 1/4, which a computer holds exactly: a sum of
    exactly 0 is seen as 0, and does not fire.
    """

    points: list
    targets: list
    lr: float = 1.0
    most_epochs: int = 20
    w: tuple = (0.0, 0.0)
    b: float = 0.0
    errors: list = field(default_factory=list)  # one count for each epoch that ended
    running: int = 0  # errors so far in the present epoch
    updates: int = 0
    last: Step | None = None

    @property
    def clean(self):
        return bool(self.errors) and self.errors[-1] == 0

    @property
    def ended(self):
        return self.clean or len(self.errors) >= self.most_epochs

    @property
    def next_index(self):
        return 0 if self.last is None else (self.last.index + 1) % len(self.points)

    def fires(self, x):
        """What the unit gives for the point x."""
        return int(self.w[0] * x[0] + self.w[1] * x[1] + self.b > 0)

    def wrong(self):
        """How many points are on the wrong side now."""
        return sum(self.fires(x) != t for x, t in zip(self.points, self.targets, strict=True))

    def step(self):
        """Look at the next point and, where the unit is wrong, move w and b."""
        i, before, b_before = self.next_index, self.w, self.b
        x, t = self.points[i], self.targets[i]
        y = self.fires(x)
        self.w = tuple(w + self.lr * (t - y) * v for w, v in zip(before, x, strict=True))
        self.b = b_before + self.lr * (t - y)
        self.last = Step(i, y, before, b_before, self.w, self.b)
        self.running += y != t
        self.updates += y != t
        if i == len(self.points) - 1:
            self.errors.append(self.running)
            self.running = 0

    def epoch(self):
        """Steps up to the end of the present epoch."""
        done = len(self.errors)
        while len(self.errors) == done:
            self.step()


def and_gate():
    return [(float(x1), float(x2)) for x1, x2 in INPUTS], list(GATES["AND"])


def separable(seed, size=8, gap=0.08):
    """Points that a line through the picture separates, none nearer to it than `gap`."""
    rng = np.random.default_rng(seed)
    angle, offset = rng.uniform(0, 2 * np.pi), rng.choice([-0.5, 0.5])
    points, targets = [], []
    while len(points) < size:
        x = tuple((rng.integers(-4, 5, size=2) / 4).tolist())
        side = x[0] * np.cos(angle) + x[1] * np.sin(angle) + offset
        if x in points or abs(side) < gap or targets.count(int(side > 0)) == size // 2:
            continue
        points.append(x)
        targets.append(int(side > 0))
    return points, targets


def not_separable(seed):
    """Points that no line separates: a pair of either class has the origin as its middle."""
    points, targets = separable(seed, size=4, gap=0.0)
    pairs = {1: (0.75, 0.25), 0: (-0.25, 0.75)}
    extra = [(s * x1, s * x2) for s in (1, -1) for x1, x2 in pairs.values()]
    kept = [(x, t) for x, t in zip(points, targets, strict=True) if x not in extra]
    kept += list(zip(extra, [1, 0, 1, 0], strict=True))
    order = np.random.default_rng(seed).permutation(len(kept))
    return [kept[i][0] for i in order], [kept[i][1] for i in order]
