"""Networks of one hidden layer that follow a curve: their units, and by how much they miss."""

import functools
from dataclasses import dataclass

import numpy as np

from dlkit.nn import relu

COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)  # hidden units to choose from
X = np.linspace(-1, 1, 1001)
TARGETS = {
    "wave": lambda x: np.sin(np.pi * x),
    "tent": lambda x: 1 - 2 * np.abs(x),
    "wiggle": lambda x: np.sin(4 * np.pi * x),
    "jump": lambda x: np.where(x > 0, 1.0, -1.0),
}
EVEN, RELU, TANH, NONE = "ReLU, side by side", "ReLU, at random", "tanh, at random", "no activation"
KINDS = (EVEN, RELU, TANH, NONE)
_ACTIVATIONS = {EVEN: relu, RELU: relu, TANH: np.tanh, NONE: lambda s: s}


@dataclass(frozen=True)
class Net:
    """y = f(x W + b) V + c with one input and one output; `parts` are the units' shares of y."""

    params: list
    parts: np.ndarray
    y: np.ndarray

    @property
    def middles(self):
        """Where each unit's sum is 0: the kink of a ReLU, the steepest place of a tanh."""
        (W, b), _ = self.params
        return -b / W[0]


@functools.lru_cache(maxsize=8)
def nets(target, kind, seed):
    """The Net for each of COUNTS: units of one kind, with weights to the output that fit."""
    return {count: _net(target, kind, seed, count) for count in COUNTS}


def errors(target, kind, seed):
    """The largest distance from the target over X, for each of COUNTS."""
    t = TARGETS[target](X)
    found = nets(target, kind, seed)
    return {count: float(np.abs(net.y - t).max()) for count, net in found.items()}


def _net(target, kind, seed, count):
    W, b = _side_by_side(count) if kind == EVEN else _drawn(kind, seed, count)
    H = _ACTIVATIONS[kind](X[:, None] @ W + b)
    if kind == EVEN:
        V, c = _through_knots(TARGETS[target], -b, count)
    else:
        V, c = _least_squares(H, TARGETS[target](X))
    return Net([(W, b), (V, c)], H * V[:, 0], H @ V[:, 0] + c)


def _side_by_side(count):
    """Kinks at the left ends of `count` equal parts of [−1, 1]."""
    return np.ones((1, count)), 1 - 2 * np.arange(count) / count


def _through_knots(f, kinks, count):
    """Each unit bends the curve by as much as its slope has to change there."""
    heights = f(np.append(kinks, 1.0))
    slopes = np.diff(heights) * count / 2
    return np.diff(slopes, prepend=0.0)[:, None], heights[:1]


def _drawn(kind, seed, count):
    """The first `count` of as many units as there can be, so that more units keep the old ones."""
    rng, most = np.random.default_rng(seed), COUNTS[-1]
    kinks = rng.uniform(-1, 1, size=most)
    signs = rng.choice([-1.0, 1.0], size=most)
    steep = rng.uniform(2, 10, size=most) if kind == TANH else np.ones(most)
    W = (signs * steep)[None, :count]
    return W, -W[0] * kinks[:count]


def _least_squares(H, t):
    """V and c with the smallest Σ (H V + c − t)²."""
    columns = np.column_stack([H, np.ones(len(H))])
    found = np.linalg.lstsq(columns, t, rcond=None)[0]
    return found[:-1, None], found[-1:]
