"""Exercises of chapter 3: gradients, the computational graph, backpropagation, gradient checks.

Inputs of gradient exercises stay away from kinks, from gradients near 0 and from the thresholds
that the text names, so that no rounding can refuse a right answer. Right and wrong answers are
written as students write them, not as a linter would. Families of them are written by a program.
"""
# ruff: noqa: B023, C408, E731, RET503, RET505, SIM102, SIM103, SIM108, SIM110, SIM114

from itertools import combinations

import numpy as np

from autograder.spec import DEFAULT_MODULES, Chapter, case, choice
from dlkit.check import accept, source_rules
from dlkit.check.codec import Fn, Rng

chapter = Chapter(
    "ch03_backprop",
    coverage="C3",
    modules=(*DEFAULT_MODULES, "dlkit.explorers", "dlkit.nn", "dlkit.autograd", "dlkit.torch_nn"),
)


def positive(rng, *shape):
    """Random numbers between 0.5 and 2."""
    return rng.uniform(0.5, 2.0, size=shape)


def away_from_0(rng, *shape):
    """Random numbers whose size is between 0.25 and 2.25, of either sign."""
    return rng.uniform(0.25, 2.25, size=shape) * rng.choice([-1.0, 1.0], size=shape)


def two_layers(rng, hidden=3, inputs=2):
    """(x, t, W1) of a network with one output, and weights W0 of its first layer."""
    x, W1 = away_from_0(rng, inputs), away_from_0(rng, hidden)
    W0 = rng.normal(size=(hidden, inputs)) / 2
    return (x, float(rng.uniform(0.05, 0.2)), W1), W0


# -- numerical_gradient --------------------------------------------------------------------------

numerical_ = chapter.exercise("numerical_gradient", points=2, accept=accept.close())


@numerical_.inputs
def inputs(rng):
    # x is positive, so no entry of the gradient is near 0; (sum of x)² ties the entries together
    yield case(Fn("cubic", (1.0,)), 1.5, label="a single number")
    yield case(Fn("cubic", (positive(rng),)), 2, label="a single whole number")
    yield case(Fn("cubic", (positive(rng, 3),)), positive(rng, 3), label="a vector")
    yield case(Fn("cubic", (positive(rng, 3),)), positive(rng, 3).tolist(), label="a list")
    yield case(Fn("cubic", (positive(rng, 3),)), [3, 1, 2], label="a list of whole numbers")
    for whole in ([1, 2, 3], [4, 1]):
        f = Fn("cubic", (positive(rng, len(whole)),))
        yield case(f, np.array(whole), label="an array of whole numbers")
    f = Fn("cubic", (positive(rng, 2, 2),))
    yield case(f, np.array([[1, 2], [3, 1]]), label="a matrix of whole numbers")
    yield case(f, positive(rng, 2, 2).tolist(), label="a list of lists")
    yield case(Fn("cubic", (positive(rng, 2, 3),)), positive(rng, 2, 3), label="a matrix")
    f = Fn("cubic", (positive(rng, 2, 1, 3),))
    yield case(f, positive(rng, 2, 1, 3), label="an array of three axes")
    for shape in ((3,), (2, 2)):
        f, x = Fn("cubic", (positive(rng, *shape),)), positive(rng, *shape)
        yield case(f, x.astype(np.float32), label="float32")
    tiny = np.concatenate([positive(rng, 1), positive(rng, 5) * [1, 1e-8, 1e-7, 1e-6, 1e-9]])
    f = Fn("cubic", (positive(rng, 6),))
    yield case(f, tiny, label="entries of very different size")
    f = Fn("cubic", (positive(rng, 2, 3),))
    yield case(f, positive(rng, 2, 3), 0.125, label="a step of 0.125")
    yield case(f, np.array([[1, 2, 1], [3, 1, 2]]), h=0.25, label="whole numbers, h = 0.25")
    yield case(Fn("cubic", (1.0,)), 1.25, h=0.5, label="a single number, h = 0.5")
    for shape in ((4,), (3, 2), (5, 4)):
        f = Fn("cubic", (positive(rng, *shape),))
        yield case(f, positive(rng, *shape), label="random numbers")


@numerical_.reference
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.right
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64).copy()
    gradient = np.empty_like(x)
    walk = np.nditer(x, flags=["multi_index"])
    while not walk.finished:
        i = walk.multi_index
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h
        below = f(x)
        x[i] = old
        gradient[i] = (above - below) / (2 * h)
        walk.iternext()
    return gradient


@numerical_.right
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    shifts = h * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + shift) - f(x - shift)) / (2 * h) for shift in shifts]
    return np.reshape(slopes, x.shape)


@numerical_.right
def numerical_gradient(f, x, h=1e-5):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / 2 / h
    point = np.array(x, dtype=float)
    flat, result = point.reshape(-1), []
    for i in range(flat.size):
        kept = flat[i]
        values = []
        for step in (h, -h):
            flat[i] = kept + step
            values.append(f(point))
        flat[i] = kept
        result.append((values[0] - values[1]) / (2 * h))
    return np.array(result).reshape(point.shape)


ONE_SIDED = (
    "Your slope looks to one side only, so its error shrinks in step with h. Central differences "
    "look equally far to both sides of x."
)


@numerical_.trap("forward difference", hint=ONE_SIDED)
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up = x.copy()
        up[index] += h
        gradient[index] = (f(up) - f(x)) / h
    return gradient


@numerical_.trap("forward difference")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        down = x.copy()
        down[index] -= h
        gradient[index] = (f(x) - f(down)) / h
    return gradient


LEAVES_X = (
    "After the call, and already between two entries, x has to be what it was, to the last bit. "
    "Adding h, taking it away again, or not putting the old number back: which of these does "
    "your loop do?"
)


@numerical_.trap("leaves x changed", hint=LEAVES_X)
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = f(x)
        x[index] = old - h
        down = f(x)
        gradient[index] = (up - down) / (2 * h)
    return gradient


@numerical_.trap("leaves x changed")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = f(x)
        x[index] = old - h
        down = f(x)
        gradient[index] = (up - down) / (2 * h)
    return gradient


@numerical_.trap("leaves x changed")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        up = f(x)
        x[index] -= 2 * h
        down = f(x)
        gradient[index] = (up - down) / (2 * h)
    return gradient


@numerical_.trap("leaves x changed")
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = f(x)
        x[index] = old - h
        down = f(x)
        gradient[index] = (up - down) / (2 * h)
    return gradient


numerical_.difference_trap("leaves x changed", code="changed")


@numerical_.falls_into("leaves x changed")
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        up = f(x)
        x[index] -= 2 * h
        down = f(x)
        x[index] += h
        gradient[index] = (up - down) / (2 * h)
    return gradient


WHOLE = (
    "With whole numbers it goes wrong. An integer array holds no fraction: a step of 0.00001, or a "
    "slope of 2.75, is cut off there or refused. What type do your arrays have?"
)


@numerical_.trap("integer x", hint=WHOLE)
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] = x[index] + h
        down[index] = x[index] - h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("integer x")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x)
    x = x.astype(float) if x.dtype.kind == "f" else x
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] = x[index] + h
        down[index] = x[index] - h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("integer x")
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.astype(float), x.astype(float)
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("integer x")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = f(x)
        x[index] = old - h
        down = f(x)
        x[index] = old
        gradient[index] = (up - down) / (2 * h)
    return gradient


@numerical_.trap("integer x")
def numerical_gradient(f, x, h=1e-5):
    if np.ndim(x) == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    x = np.array(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] = x[index] + h
        down[index] = x[index] - h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("integer x")
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        up, down = x.copy(), x.copy()
        up += step
        down -= step
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


for safe in ("np.ndim(x) == 0", "not isinstance(x, np.ndarray)"):
    for zeros, copy, up, down in (
        ("np.zeros_like(x)", "x.astype(float)", "+= h", "-= h"),
        ("np.zeros(x.shape)", "x.copy()", "= x[index] + h", "= x[index] - h"),
    ):
        numerical_.trap_text(
            "integer x",
            f"""def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float) if {safe} else np.array(x)
    gradient = {zeros}
    for index in np.ndindex(x.shape):
        up, down = {copy}, {copy}
        up[index] {up}
        down[index] {down}
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient
""",
        )

numerical_.difference_trap("integer x", code="raised:UFuncTypeError")


@numerical_.falls_into("integer x")
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x)
    x = x.astype(float) if x.dtype == np.float32 else x
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        up, down = x.copy(), x.copy()
        up += step
        down -= step
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("steps in float32", hint=(
    "float32 keeps about seven digits. Of a step of 0.00001 beside a 1, two or three of them are "
    "left: take the differences in float64, whatever type x has."
))  # fmt: skip
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x)
    x = x.copy() if x.dtype == np.float32 else x.astype(float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("divides by the wrong width", hint=(
    "The width that you divide by is not the distance between your two points. Where do they lie, "
    "and how far apart are they?"
))  # fmt: skip
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / h
    return gradient


@numerical_.trap("divides by the wrong width")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h / 2
        down[index] -= h / 2
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("ignores h", hint="The step h is an argument. Your function always takes its own.")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    h, gradient = 1e-5, np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@numerical_.trap("all entries move at once", hint=(
    "You move every entry of x at the same time, and get the slope of that one direction. A "
    "partial derivative moves one entry and holds the others still."
))  # fmt: skip
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@numerical_.trap("all entries move at once")
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h)


@numerical_.wrong
def numerical_gradient(f, x, h=1e-5):
    return 2 * np.asarray(x)


@numerical_.wrong
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(len(x))
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@numerical_.wrong
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float).ravel()
    gradient = np.zeros(x.size)
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# -- steepest_direction (find the mistake) -------------------------------------------------------

steepest_ = chapter.exercise("steepest_direction", points=1, accept=accept.close())


@steepest_.inputs
def inputs(rng):
    yield case([3.0, 4.0], label="the gradient (3, 4)")
    yield case(np.array([3, -4]), label="whole numbers")
    yield case([0, 0, -2], label="a list of whole numbers, one not 0")
    yield case([5.0], label="one number")
    yield case([1.0, 1.0, 1.0, 1.0], label="four equal entries")
    yield case(np.array([1e-6, -2e-6]), label="a small gradient")
    for kind in [np.float64] * 4 + [np.float32] * 2:
        g = away_from_0(rng, int(rng.integers(2, 6)))
        g[0] = -3.0
        yield case(g.astype(kind), label=f"random numbers ({kind.__name__})")


@steepest_.reference
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / np.linalg.norm(g)


@steepest_.right
def steepest_direction(g):
    length = sum(float(v) ** 2 for v in g) ** 0.5
    return [float(v) / length for v in g]


@steepest_.right
def steepest_direction(g):
    g = np.array(g, dtype=float)
    return g / np.sqrt(g @ g)


LARGEST = (
    "Only the largest derivative decides where you go. That is the sentence of the notes. Compute "
    "the slope of your direction, and that of the gradient's own, both with length 1."
)


@steepest_.trap("the largest derivative alone", hint=LARGEST)
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    d = np.zeros(g.shape)
    d[np.argmax(np.abs(g))] = np.sign(g[np.argmax(np.abs(g))])
    return d


@steepest_.trap("the largest derivative alone")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    d = np.zeros(g.shape)
    d[np.argmax(np.abs(g))] = 1
    return d


@steepest_.trap("the largest derivative alone")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    d = np.zeros(g.shape)
    d[np.argmax(g)] = 1
    return d


@steepest_.trap("the largest derivative alone")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return np.where(np.abs(g) == np.abs(g).max(), g, 0)


NOT_1 = (
    "The way points right, but its length is not 1. The length of a vector is the root of the sum "
    "of the squares of its entries."
)


@steepest_.trap("its length is not 1", hint=NOT_1)
def steepest_direction(g):
    return np.asarray(g, dtype=float)


@steepest_.trap("its length is not 1")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / np.sum(np.abs(g))


@steepest_.trap("its length is not 1")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / np.max(np.abs(g))


@steepest_.trap("its length is not 1")
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / np.sum(g**2)


@steepest_.trap("points downhill", hint=(
    "Along your direction the function falls fastest. Here it is the steepest way up that is "
    "asked for."
))  # fmt: skip
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return -g / np.linalg.norm(g)


@steepest_.wrong
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return np.sign(g) / np.sqrt(len(g))


@steepest_.wrong
def steepest_direction(g):
    return np.linalg.norm(g)


@steepest_.wrong
def steepest_direction(g):
    g = np.asarray(g, dtype=float)
    return g / np.linalg.norm(g, ord=1) * len(g)


# -- gradient_descent ----------------------------------------------------------------------------

descent_ = chapter.exercise("gradient_descent", points=2, accept=accept.close())


def bowl(rng, n):
    """(A, b) of a bowl 0.5 xT A x - bT x whose curvatures lie between 0.5 and 2."""
    turn = np.linalg.qr(rng.normal(size=(n, n)))[0]
    A = (turn * rng.uniform(0.5, 2.0, size=n)) @ turn.T
    return A, away_from_0(rng, n)


@descent_.inputs
def inputs(rng):
    slope = Fn("scale", (8.0,))
    yield case(slope, 2.0, 0.1, 4, label="y = 4x² from x = 2")
    yield case(slope, 2, 0.4, 5, label="y = 4x² from a whole number, a rate too large")
    yield case(slope, [1.0, -2.0, 0.5], 0.05, 3, label="a list")
    yield case(slope, [3, -1], 0.03125, 4, label="a list of whole numbers")
    yield case(slope, np.array([5, 2, -4]), 0.02, 3, label="an array of whole numbers")
    yield case(slope, away_from_0(rng, 2, 3), 0.07, 4, label="a matrix of numbers")
    yield case(slope, np.array([[1, -2], [3, 4]]), 0.01, 2, label="a matrix of whole numbers")
    yield case(slope, away_from_0(rng, 3), 0.1, 0, label="no step at all")
    yield case(slope, away_from_0(rng, 3), 0.1, 1, label="one step")
    for kind in [np.float64] * 5 + [np.float32] * 2:
        n = int(rng.integers(2, 5))
        A, b = bowl(rng, n)
        x0 = (away_from_0(rng, n) * 3).astype(kind)
        lr = float(rng.uniform(0.1, 0.4))
        yield case(Fn("quadratic_gradient", (A, b)), x0, lr, 6, label=f"a bowl ({kind.__name__})")


@descent_.reference
def gradient_descent(grad, x0, lr, steps):
    points = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return np.array(points)


@descent_.right
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    for i in range(steps):
        x = x - lr * grad(x)
        path[i + 1] = x
    return path


@descent_.right
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    path = [x.copy()]
    for _ in range(steps):
        x -= lr * np.asarray(grad(x))
        path.append(x.copy())
    return np.stack(path)


UPHILL = "The steps go uphill. Which way does the gradient point, and which way do you want to go?"


@descent_.trap("ascends", hint=UPHILL)
def gradient_descent(grad, x0, lr, steps):
    points = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] + lr * grad(points[-1]))
    return np.array(points)


ONE_ARRAY = (
    "Rows that should differ are the same point, the last one. The list holds one array several "
    "times, and a step in place (x -= …) changes them all: keep a copy, or make a new array."
)


@descent_.trap("stores one array many times", hint=ONE_ARRAY)
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    points = [x]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return np.array(points)


@descent_.trap("stores one array many times")
def gradient_descent(grad, x0, lr, steps):
    x = x0
    points = [x]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return np.array(points)


@descent_.trap("stores one array many times")
def gradient_descent(grad, x0, lr, steps):
    x = np.asarray(x0, dtype=float)
    points = [x]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return np.array(points)


@descent_.trap("stores one array many times")
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    points = [np.array(x0, dtype=float)]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return np.array(points)


@descent_.trap("stores one array many times")
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    points = [x] * (steps + 1)
    for _ in range(steps):
        x -= lr * grad(x)
    return np.array(points)


descent_.difference_trap("changes x0", code="changed", hint=(
    "The points are right, but whoever called your function has lost the starting point: x0 has "
    "changed. Is your x the same array as x0?"
))  # fmt: skip


@descent_.falls_into("changes x0")
def gradient_descent(grad, x0, lr, steps):
    x = np.asarray(x0, dtype=float)
    points = [x.copy()]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x.copy())
    return np.array(points)


STEEP_AT_THE_START = (
    "Every step is the same: you measure the slope at x0 only. Where do you stand after a step, "
    "and how steep is it there?"
)


@descent_.trap("the slope of the start for all steps", hint=STEEP_AT_THE_START)
def gradient_descent(grad, x0, lr, steps):
    points = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[0]))
    return np.array(points)


@descent_.trap("the start is missing", hint=(
    "Your rows begin with the point after the first step. Row 0 is x0 itself."
))  # fmt: skip
def gradient_descent(grad, x0, lr, steps):
    x, points = np.asarray(x0, dtype=float), []
    for _ in range(steps):
        x = x - lr * grad(x)
        points.append(x)
    return np.array(points)


@descent_.trap("the last step is missing", hint=(
    "After `steps` steps you have been at one point more than you took steps. Your last step is "
    "not among the rows."
))  # fmt: skip
def gradient_descent(grad, x0, lr, steps):
    x, points = np.asarray(x0, dtype=float), []
    for _ in range(steps):
        points.append(x)
        x = x - lr * grad(x)
    return np.array(points)


@descent_.trap(
    "only the last point", hint="All points on the way are asked for, not the last alone."
)
def gradient_descent(grad, x0, lr, steps):
    x = np.asarray(x0, dtype=float)
    for _ in range(steps):
        x = x - lr * grad(x)
    return x


@descent_.trap("whole numbers cut off", hint=(
    "From a start of whole numbers your points stay whole. The array that you write them into took "
    "its type from x0."
))  # fmt: skip
def gradient_descent(grad, x0, lr, steps):
    x = np.asarray(x0)
    path = np.zeros((steps + 1, *x.shape), dtype=x.dtype)
    path[0] = x
    for i in range(steps):
        path[i + 1] = path[i] - lr * grad(path[i])
    return path


@descent_.trap("whole numbers cut off")
def gradient_descent(grad, x0, lr, steps):
    x = np.asarray(x0)
    path = np.zeros((steps + 1, *x.shape), dtype=x.dtype)
    path[0] = x
    for i in range(steps):
        x = x - lr * grad(x)
        path[i + 1] = x
    return path


@descent_.trap("forgets the learning rate", hint=(
    "Your step is the whole gradient. The learning rate says what part of it to take."
))  # fmt: skip
def gradient_descent(grad, x0, lr, steps):
    points = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - grad(points[-1]))
    return np.array(points)


@descent_.wrong
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    return np.array([x - i * lr * grad(x) for i in range(steps)])


@descent_.wrong
def gradient_descent(grad, x0, lr, steps):
    return [x0]


@descent_.wrong
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    points = [x]
    for _ in range(steps):
        g = grad(x)
        x = x - lr * g / (np.linalg.norm(g) + 1e-12)
        points.append(x)
    return np.array(points)


# -- mul_backward --------------------------------------------------------------------------------

mul_ = chapter.exercise("mul_backward", points=1, accept=accept.close())


@mul_.inputs
def inputs(rng):
    yield case(1.0, 3.0, 5.0, label="single numbers")
    yield case(2, 3, -5, label="single whole numbers")
    yield case([1.0, 2.0], [3.0, -4.0], [5.0, 6.0], label="lists")
    yield case([1, 2], [3, -4], [5, 6], label="lists of whole numbers")
    whole = [rng.integers(1, 9, size=(2, 3)) for _ in range(3)]
    yield case(*whole, label="arrays of whole numbers")
    for kind in (np.float64, np.float32):
        for shape in ((4,), (2, 3), (1, 1), (2, 1, 2)):
            arrays = [away_from_0(rng, *shape).astype(kind) for _ in range(3)]
            yield case(*arrays, label=f"shape {shape}, {kind.__name__}")


@mul_.reference
def mul_backward(dout, x, y):
    dout, x, y = np.asarray(dout), np.asarray(x), np.asarray(y)
    return dout * y, dout * x


@mul_.right
def mul_backward(dout, x, y):
    return np.multiply(dout, y), np.multiply(dout, x)


@mul_.right
def mul_backward(dout, x, y):
    dx = np.array(y, dtype=float) * dout
    dy = np.array(x, dtype=float) * dout
    return [dx, dy]


MUL_SWAPPED = (
    "The two gradients stand in each other's place. Let x grow by 1: by how much does x·y grow, "
    "and which of the two numbers says so?"
)


@mul_.trap("swapped", hint=MUL_SWAPPED)
def mul_backward(dout, x, y):
    dout, x, y = np.asarray(dout), np.asarray(x), np.asarray(y)
    return dout * x, dout * y


@mul_.trap("forgets what comes from above", hint=(
    "You return the local derivatives alone. Each is to be multiplied by what comes from above, "
    "dout."
))  # fmt: skip
def mul_backward(dout, x, y):
    return np.asarray(y), np.asarray(x)


@mul_.trap("treats it as a sum", hint=(
    "Your node passes dout on unchanged. That is what a plus does; with a product, one more of x "
    "adds y to the result."
))  # fmt: skip
def mul_backward(dout, x, y):
    return np.asarray(dout), np.asarray(dout)


@mul_.wrong
def mul_backward(dout, x, y):
    return np.asarray(dout) * x * y


@mul_.wrong
def mul_backward(dout, x, y):
    return np.sum(np.multiply(dout, y)), np.sum(np.multiply(dout, x))


@mul_.wrong
def mul_backward(dout, x, y):
    return np.asarray(dout) / y, np.asarray(dout) / x


# -- sigmoid_backward and relu_backward ----------------------------------------------------------

squash_ = chapter.exercise(
    "sigmoid_backward",
    points=2,
    names=["sigmoid_backward", "relu_backward"],
    accept=accept.close(),
)


@squash_["sigmoid_backward"].inputs
def inputs(rng):
    yield case(1.0, 0.5, label="single numbers")
    yield case(3, 0.25, label="a whole dout")
    yield case([1.0, -2.0], [0.25, 0.75], label="lists")
    yield case([1, -2, 3], [0.5, 0.125, 0.9], label="a list of whole numbers from above")
    yield case(
        np.array([2, -3]), np.array([0.25, 0.5]), label="an array of whole numbers from above"
    )
    yield case(np.array([1.0, 2.0]), np.array([0.0, 1.0]), label="outputs of exactly 0 and 1")
    yield case([2.0, 1.0, 3.0], [0, 1, 1], label="saturated outputs as whole numbers")
    for kind in [np.float64] * 4 + [np.float32] * 2:
        shape = [(4,), (3, 2), (1, 5), (2, 2, 2)][int(rng.integers(4))]
        y = rng.uniform(0.02, 0.98, size=shape).astype(kind)
        dout = away_from_0(rng, *shape).astype(kind)
        yield case(dout, y, label=f"random numbers ({kind.__name__})")


@squash_["sigmoid_backward"].reference
def sigmoid_backward(dout, y):
    dout, y = np.asarray(dout), np.asarray(y)
    return dout * y * (1 - y)


@squash_["sigmoid_backward"].right
def sigmoid_backward(dout, y):
    y = np.array(y, dtype=float)
    return np.multiply(dout, y - y**2)


@squash_["sigmoid_backward"].right
def sigmoid_backward(dout, y):
    slope = np.vectorize(lambda v: v * (1.0 - v), otypes=[float])
    return slope(y) * np.asarray(dout)


SIGMOID_AGAIN = (
    "y is already the sigmoid's output. You put it through the sigmoid once more, or treat it as "
    "the input; the slope can be written with y alone."
)


@squash_["sigmoid_backward"].trap("applies sigmoid again", hint=SIGMOID_AGAIN)
def sigmoid_backward(dout, y):
    dout, s = np.asarray(dout), 1 / (1 + np.exp(-np.asarray(y, dtype=float)))
    return dout * s * (1 - s)


@squash_["sigmoid_backward"].trap("applies sigmoid again")
def sigmoid_backward(dout, y):
    y = np.asarray(y, dtype=float)
    return np.asarray(dout) * (1 - y) / (1 + np.exp(-y))


@squash_["sigmoid_backward"].trap("applies sigmoid again")
def sigmoid_backward(dout, y):
    y = np.asarray(y, dtype=float)
    return np.asarray(dout) * y * (1 - 1 / (1 + np.exp(-y)))


@squash_["sigmoid_backward"].trap("forgets what comes from above", hint=(
    "This is the slope of the sigmoid by itself. What comes from above, dout, has no part in it."
))  # fmt: skip
def sigmoid_backward(dout, y):
    y = np.asarray(y, dtype=float)
    return y * (1 - y)


@squash_["sigmoid_backward"].trap("the slope of tanh", hint=(
    "One minus the square of the output: that is the slope of another function, tanh."
))  # fmt: skip
def sigmoid_backward(dout, y):
    return np.asarray(dout) * (1 - np.asarray(y, dtype=float) ** 2)


@squash_["sigmoid_backward"].trap("whole numbers cut off", hint=(
    "Where what comes from above is whole, your result is whole too: it is written into an array "
    "that took its type from dout."
))  # fmt: skip
def sigmoid_backward(dout, y):
    dout, y = np.asarray(dout), np.asarray(y)
    dx = np.zeros_like(dout)
    dx[...] = dout * y * (1 - y)
    return dx


@squash_["sigmoid_backward"].wrong
def sigmoid_backward(dout, y):
    return np.asarray(dout) * np.asarray(y)


@squash_["sigmoid_backward"].wrong
def sigmoid_backward(dout, y):
    return np.asarray(dout) * (1 - np.asarray(y))


@squash_["relu_backward"].inputs
def inputs(rng):
    yield case(1.5, 2.0, label="single numbers")
    yield case(1.5, -2.0, label="single numbers, x below 0")
    yield case(1.5, 0.0, label="x exactly 0")
    yield case(2, 0, label="x exactly 0, whole numbers")
    yield case([1.5, 2.5, 3.5], [-1.0, 0.0, 1.0], label="lists, with a 0")
    yield case([1, 2, 3, 4], [-1, 0, 1, 2], label="lists of whole numbers, with a 0")
    yield case(np.array([5, -6, 7]), np.array([0, 1, -1]), label="whole numbers, with a 0")
    yield case(np.array([1.0, 2.0]), np.array([0.0, -0.0]), label="twice 0")
    yield case(np.array([1.25, -2.5]), np.array([2, 3]), label="whole x, fractions from above")
    for kind in [np.float64] * 4 + [np.float32] * 2:
        shape = [(4,), (3, 2), (1, 5), (2, 2, 2)][int(rng.integers(4))]
        x, dout = (away_from_0(rng, *shape).astype(kind) for _ in range(2))
        x.flat[0], x.flat[1], x.flat[2] = 0.0, 0.75, -0.75
        yield case(dout, x, label=f"random numbers and a 0 ({kind.__name__})")


@squash_["relu_backward"].reference
def relu_backward(dout, x):
    return np.asarray(dout) * (np.asarray(x) > 0)


@squash_["relu_backward"].right
def relu_backward(dout, x):
    return np.where(np.asarray(x) > 0, dout, 0)


@squash_["relu_backward"].right
def relu_backward(dout, x):
    dx = np.array(dout, dtype=float)
    dx[np.asarray(x) <= 0] = 0
    return dx


@squash_["relu_backward"].trap("`>=` at 0", hint=(
    "Look at an x of exactly 0. Your node lets the gradient, or a part of it, through there; this "
    "course takes the slope of ReLU at 0 to be 0."
))  # fmt: skip
def relu_backward(dout, x):
    return np.asarray(dout) * (np.asarray(x) >= 0)


@squash_["relu_backward"].trap("`>=` at 0")
def relu_backward(dout, x):
    return np.asarray(dout) * np.where(np.asarray(x) == 0, 0.5, np.asarray(x) > 0)


@squash_["relu_backward"].trap("looks at dout instead of x", hint=(
    "You ask for the sign of what comes from above. Whether the gate was open was decided on the "
    "way forward, by x."
))  # fmt: skip
def relu_backward(dout, x):
    return np.maximum(np.asarray(dout), 0)


@squash_["relu_backward"].trap("multiplies by the output", hint=(
    "You multiply by ReLU's output. Its slope is asked for: how much does the output grow when x "
    "grows a little?"
))  # fmt: skip
def relu_backward(dout, x):
    return np.asarray(dout) * np.maximum(np.asarray(x), 0)


squash_["relu_backward"].difference_trap("changes an argument", code="changed", hint=(
    "The result is right, but an array that was handed in, dout or x, has changed with it. Whoever "
    "sent it may still need it: work on a copy."
))  # fmt: skip


@squash_["relu_backward"].falls_into("changes an argument")
def relu_backward(dout, x):
    dout = np.asarray(dout)
    if dout.ndim == 0:
        return dout * (x > 0)
    dout[np.asarray(x) <= 0] = 0
    return dout


@squash_["relu_backward"].falls_into("changes an argument")
def relu_backward(dout, x):
    x = np.asarray(x)
    x[x > 0] = 1
    x[x <= 0] = 0
    return dout * x


@squash_["relu_backward"].trap("forgets what comes from above", hint=(
    "You return the slope of ReLU alone, 0 or 1. What comes from above, dout, has no part in it."
))  # fmt: skip
def relu_backward(dout, x):
    return (np.asarray(x) > 0).astype(float)


@squash_["relu_backward"].wrong
def relu_backward(dout, x):
    return np.where(np.asarray(x) > 0, dout, 0.01 * np.asarray(dout))


@squash_["relu_backward"].wrong
def relu_backward(dout, x):
    return np.asarray(dout) * (np.asarray(x) < 0)


# -- dense_backward ------------------------------------------------------------------------------

dense_ = chapter.exercise("dense_backward", points=3, accept=accept.close())


@dense_.inputs
def inputs(rng):
    yield case([[1.0], [2.0]], [[3.0, 4.0], [5.0, 6.0]], [[0.5], [0.25]], label="lists")
    yield case([[1, 2]], [[3, 4, 5]], [[1, 2], [3, 4], [5, 6]], label="lists, a batch of one row")
    whole = [rng.integers(1, 9, size=shape) for shape in ((3, 2), (3, 4), (4, 2))]
    yield case(*whole, label="arrays of whole numbers")
    whole = [rng.integers(1, 9, size=(3, 3)) for _ in range(3)]
    yield case(*whole, label="square arrays of whole numbers")
    sizes = [(5, 4, 2), (2, 3, 5), (1, 3, 2), (6, 1, 1), (3, 3, 3), (4, 4, 4), (2, 2, 2), (5, 5, 5)]
    for n, d, m in sizes:
        for kind in (np.float64, np.float32):
            dout, X, W = (away_from_0(rng, *s).astype(kind) for s in ((n, m), (n, d), (d, m)))
            label = f"N = {n}, D_in = {d}, D_out = {m}, {kind.__name__}"
            yield case(dout, X, W, label=label)


@dense_.reference
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout.sum(axis=0)


@dense_.right
def dense_backward(dout, X, W):
    dX = np.einsum("nm,dm->nd", dout, W)
    dW = np.einsum("nd,nm->dm", X, dout)
    return dX, dW, np.einsum("nm->m", np.asarray(dout))


@dense_.right
def dense_backward(dout, X, W):
    N, D, M = len(X), len(W), len(W[0])
    dX, dW, db = np.zeros((N, D)), np.zeros((D, M)), np.zeros(M)
    for n in range(N):
        for m in range(M):
            db[m] += dout[n][m]
            for d in range(D):
                dX[n, d] += dout[n][m] * W[d][m]
                dW[d, m] += dout[n][m] * X[n][d]
    return dX, dW, db


@dense_.right
def dense_backward(dout, X, W):
    dout = np.array(dout, dtype=float)
    dW = sum(np.outer(x, d) for x, d in zip(np.array(X), dout, strict=True))
    return np.dot(dout, np.transpose(W)), dW, np.ones(len(dout)) @ dout


NOT_SUMMED = (
    "db is not what all the rows together send back. They share the same b, and each row sends its "
    "part back to it: what becomes of several parts?"
)


@dense_.trap("db not summed", hint=NOT_SUMMED)
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout


@dense_.trap("db not summed")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout[0]


MEAN = (
    "You divide by the number of rows, in one of the gradients or in several. dout, the gradient "
    "of the loss, already contains any 1/N; dividing once more makes a gradient N times too small."
)


@dense_.trap("mean instead of sum", hint=MEAN)
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout.mean(axis=0)


@dense_.trap("mean instead of sum")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout / len(X), dout.mean(axis=0)


@dense_.trap("mean instead of sum")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout / len(X), dout.sum(axis=0)


@dense_.trap("mean instead of sum")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T / len(X), X.T @ dout / len(X), dout.mean(axis=0)


TRANSPOSES = (
    "Something is transposed that should not be, or the other way round. A gradient has the shape "
    "of the thing it belongs to: write the shapes of X, W and dout under your products."
)


@dense_.trap("transposes", hint=TRANSPOSES)
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W, X.T @ dout, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X @ dout, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X @ dout.T, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, dout.T @ X, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W, X @ dout, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W, dout.T @ X, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return W @ dout.T, X.T @ dout, dout.sum(axis=0)


@dense_.trap("transposes")
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return W @ dout.T, dout.T @ X, dout.sum(axis=0)


@dense_.trap("three gradients in one array", hint=(
    "Your function ends with an error whatever the shapes are, also where all of them are square: "
    "no transpose is the cause. Read its last line. Arrays of different shapes do not fit into one."
))  # fmt: skip
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return np.array([dout @ W.T, X.T @ dout, dout.sum(axis=0)])


OTHER_AXIS = (
    "db is summed along each row, over the units. b has one entry a unit, so what is added up are "
    "the rows."
)


@dense_.trap("db summed along the rows", hint=OTHER_AXIS)
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout.sum(axis=1)


@dense_.trap("db summed over everything", hint=(
    "db is one number for the whole layer: the sum ran over all axes. Each unit has its own b."
))  # fmt: skip
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout.sum()


@dense_.trap("db keeps an axis", hint=(
    "The numbers of db are right, but it has two axes, (1, D_out). A gradient has the shape of "
    "what it belongs to, and b is (D_out,)."
))  # fmt: skip
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout, dout.sum(axis=0, keepdims=True)


@dense_.wrong
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return X.T @ dout, dout @ W.T, dout.sum(axis=0)


@dense_.wrong
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ dout


@dense_.wrong
def dense_backward(dout, X, W):
    dout, X, W = np.asarray(dout), np.asarray(X), np.asarray(W)
    return dout @ W.T, X.T @ (X @ W), dout.sum(axis=0)


# -- worked_example ------------------------------------------------------------------------------

worked_ = chapter.exercise(
    "worked_example",
    points=3,
    accept=accept.close(relative=0.0, absolute=1e-9),
    probe="flat",
    sealed=True,
)


@worked_.inputs
def inputs(rng):
    yield case(label="the numbers of the example")


@worked_.reference
def worked_example():
    def sigma(z):
        return 1 / (1 + np.exp(-z))

    x, t, lr = np.array([0.35, 0.9]), 0.5, 1.0
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = sigma(W0 @ x)
    y = sigma(W1 @ h)
    delta = (y - t) * y * (1 - y)
    dW1 = delta * h
    dW0 = np.outer(delta * W1 * h * (1 - h), x)
    W0_new, W1_new = W0 - lr * dW0, W1 - lr * dW1
    error_after = sigma(W1_new @ sigma(W0_new @ x)) - t
    return {
        "y": y,
        "C": (y - t) ** 2 / 2,
        "dW1": dW1,
        "dW0": dW0,
        "W0_new": W0_new,
        "W1_new": W1_new,
        "error_after": error_after,
    }


@worked_.right
def worked_example():
    from math import exp

    def unit(w, inputs):
        return 1 / (1 + exp(-sum(a * b for a, b in zip(w, inputs, strict=True))))

    def network(W0, W1):
        hidden = [unit(row, x) for row in W0]
        return hidden, unit(W1, hidden)

    x, t = [0.35, 0.9], 0.5
    W0, W1 = [[0.1, 0.8], [0.4, 0.6]], [0.3, 0.9]
    h, y = network(W0, W1)
    d = (y - t) * y * (1 - y)
    g1 = [d * h[0], d * h[1]]
    g0 = [[d * W1[i] * h[i] * (1 - h[i]) * x[j] for j in range(2)] for i in range(2)]
    W0_new = [[W0[i][j] - g0[i][j] for j in range(2)] for i in range(2)]
    W1_new = [W1[i] - g1[i] for i in range(2)]
    after = network(W0_new, W1_new)[1] - t
    result = dict(y=y, C=0.5 * (y - t) ** 2, dW1=g1, dW0=g0)
    return dict(result, W0_new=W0_new, W1_new=W1_new, error_after=after)


@worked_.right
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, W0, W1 = (
        np.array([[0.35], [0.9]]),
        np.array([[0.1, 0.8], [0.4, 0.6]]),
        np.array([[0.3, 0.9]]),
    )
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - 0.5) * y * (1 - y)
    d1 = (W1.T @ d2) * h * (1 - h)
    out = {"y": y, "C": 0.5 * (y - 0.5) ** 2, "dW1": d2 @ h.T, "dW0": d1 @ x.T}
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - 0.5
    return out


COPIED = (
    "This is the widely copied mistake, computed or typed in: both hidden units take the same "
    "step. Why must the two rows of dW0 differ, with 0.3 and 0.9 behind them?"
)
PRINTED_WEIGHTS = (
    "In W0_new stand the numbers that the old notes print. They do not come from your W0 and your "
    "dW0: how does a step of gradient descent make the new weights?"
)
PRINTED_ERROR = (
    "Your gradients and weights are right, but error_after is 0.165, the number that the old notes "
    "print. Run the network with your own new weights: what is y − t there?"
)


@worked_.trap("the copied mistake", hint=COPIED)
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([[0.35, 0.9]]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([[0.3, 0.9]])
    h = s(W0 @ x.T)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    dW0 = np.broadcast_to(x @ (d2 * W1 * (h * (1 - h))), (2, 2))
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 @ h.T, "dW0": dW0}
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - dW0
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x.T)) - t
    return out


@worked_.trap("the copied mistake")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([[0.35, 0.9]]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([[0.3, 0.9]])
    h = s(W0 @ x.T)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    dW0 = x @ (d2 * W1 * (h * (1 - h)))
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 @ h.T, "dW0": dW0}
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - dW0
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x.T)) - t
    return out


@worked_.trap("the copied mistake")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([[0.35, 0.9]]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([[0.3, 0.9]])
    h = s(W0 @ x.T)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    dW0 = np.broadcast_to(x @ (d2 * W1 * (h * (1 - h))), (2, 2))
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 @ h.T, "dW0": dW0}
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - dW0
    out["error_after"] = 0.165
    return out


@worked_.trap("the printed weights", hint=PRINTED_WEIGHTS)
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"] = W1 - out["dW1"]
    out["W0_new"] = np.array([[0.09662, 0.78986], [0.39662, 0.58986]])
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("the printed weights")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"] = W1 - out["dW1"]
    out["W0_new"] = np.array([[0.09661944, 0.78985831], [0.39661944, 0.58985831]])
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("the printed weights")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"] = W1 - out["dW1"]
    out["W0_new"] = np.array([[0.09662, 0.78986], [0.39662, 0.58986]])
    out["error_after"] = 0.165
    return out


@worked_.trap("the printed error", hint=PRINTED_ERROR)
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = 0.165
    return out


for printed in (
    "[[0.09662, 0.78986], [0.39662, 0.58986]]",
    "[[0.09661944, 0.78985831], [0.39661944, 0.58985831]]",
):
    for after in ("s(out['W1_new'] @ s(out['W0_new'] @ x)) - t", "0.165"):
        worked_.trap_text(
            "the copied mistake",
            f"""def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    dW1 = (y - t) * y * (1 - y) * h
    out = dict(y=y, C=0.5 * (y - t) ** 2, dW1=dW1, W1_new=W1 - dW1)
    out["W0_new"] = np.array({printed})
    out["dW0"] = W0 - out["W0_new"]
    out["error_after"] = {after}
    return out
""",
        )


ROUNDED = (
    "Your numbers lie near the right ones and then part from them. Something was rounded, on the "
    "way or at the end, or typed in from the text: let the computer keep all its digits."
)


@worked_.trap("rounded in between", hint=ROUNDED)
def worked_example():
    return {
        "y": 0.69028,
        "C": 0.018104,
        "dW1": [0.027674, 0.027002],
        "dW0": [[0.000929, 0.002389], [0.002860, 0.007354]],
        "W0_new": [[0.099071, 0.797611], [0.397140, 0.592646]],
        "W1_new": [0.272326, 0.872998],
        "error_after": 0.1820,
    }


@worked_.trap("rounded in between")
def worked_example():
    return {
        "y": 0.690283,
        "C": 0.018104,
        "dW1": [0.027674, 0.027002],
        "dW0": [[0.000929, 0.002389], [0.002860, 0.007354]],
        "W0_new": [[0.099071, 0.797611], [0.397140, 0.592646]],
        "W1_new": [0.272326, 0.872998],
        "error_after": 0.182019,
    }


ROUNDINGS = {  # what is rounded: every step, every sigmoid, outputs of both layers or one, answers
    "cut, keep, cut, cut, keep": (2, 3, 4, 5, 6),
    "keep, cut, keep, keep, keep": (2, 3, 4, 5, 6),
    "keep, keep, cut, cut, keep": (3, 4, 5),
    "keep, keep, keep, cut, keep": (3, 4),
    "keep, keep, cut, keep, keep": (3, 4),
    "keep, keep, keep, keep, cut": (3, 4, 5, 6),
}


def rounded(digits, what):
    """The answer of somebody who rounds `what` to so many digits, as text."""
    return f"""def worked_example():
    keep, cut = lambda v: v, lambda v: np.round(v, {digits})
    step, sigma, output, hidden, answer = {what}
    s = lambda z: sigma(1 / (1 + np.exp(-z)))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = hidden(s(step(W0 @ x)))
    y = output(s(step(W1 @ h)))
    d2 = step((y - t) * y * (1 - y))
    d1 = step(d2 * W1 * h * (1 - h))
    out = dict(y=y, C=step((y - t) ** 2 / 2), dW1=step(d2 * h), dW0=step(np.outer(d1, x)))
    out["W1_new"], out["W0_new"] = step(W1 - out["dW1"]), step(W0 - out["dW0"])
    after = step(s(step(out["W1_new"] @ step(s(step(out["W0_new"] @ x))))))
    out["error_after"] = step(after - t)
    return dict((name, answer(value)) for name, value in out.items())
"""


for what, all_digits in ROUNDINGS.items():
    for digits in all_digits:
        worked_.trap_text("rounded in between", rounded(digits, what))


@worked_.trap("C in the place of the error", hint=(
    "error_after is y − t after the step. You return the loss, half of its square; the two are "
    "easily taken for each other, and notes have done it."
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = (s(out["W1_new"] @ s(out["W0_new"] @ x)) - t) ** 2 / 2
    return out


@worked_.trap("columns for hidden units", hint=(
    "Your W0 has a column for each hidden unit. In this example each row is one: the first unit's "
    "weights are 0.1 and 0.8."
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.4], [0.8, 0.6]]), np.array([0.3, 0.9])
    h = s(x @ W0)
    y = s(h @ W1)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(x, d2 * W1 * h * (1 - h))
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(s(x @ out["W0_new"]) @ out["W1_new"]) - t
    return out


@worked_.trap("columns for hidden units")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(x @ W0)
    y = s(h @ W1)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(x, d2 * W1 * h * (1 - h))
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(s(x @ out["W0_new"]) @ out["W1_new"]) - t
    return out


OUTPUT_SLOPE = (
    "A sigmoid is left out on the way back. The path from the loss to a weight passes through the "
    "output's sigmoid, and for W0 through a hidden unit's as well; each has its slope."
)


@worked_.trap("a sigmoid's slope is missing", hint=OUTPUT_SLOPE)
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = y - t
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("a sigmoid's slope is missing")
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h, "dW0": np.outer(d2 * W1, x)}
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("W1 is updated too early", hint=(
    "dW0 is computed with the new W1. Both gradients belong to the same moment: take all of them "
    "with the old weights, then make the step."
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["W1_new"] = W1 = W1 - out["dW1"]
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W0_new"] = W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("only W0 has moved", hint=(
    "For error_after you run the network with the new W0 and the old W1. The step moves both."
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(W1 @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("the ½ is missing", hint=(
    "The loss of this example is half the squared error. Without the half, every gradient and "
    "every step is twice as large."
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = 2 * (y - t) * y * (1 - y)
    out = {"y": y, "C": (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.trap("the ½ is missing in C", hint=(
    "Your gradients are those of half the squared error, as in this example. Of what is your C the "
    "value?"
))  # fmt: skip
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 - out["dW1"], W0 - out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


@worked_.wrong
def worked_example():
    return {"y": 0.6902834929076443, "C": 0.01810390383656677}


@worked_.wrong
def worked_example():
    return 0.6902834929076443, 0.01810390383656677


@worked_.wrong
def worked_example():
    s = lambda z: 1 / (1 + np.exp(-z))
    x, t = np.array([0.35, 0.9]), 0.5
    W0, W1 = np.array([[0.1, 0.8], [0.4, 0.6]]), np.array([0.3, 0.9])
    h = s(W0 @ x)
    y = s(W1 @ h)
    d2 = (y - t) * y * (1 - y)
    out = {"y": y, "C": 0.5 * (y - t) ** 2, "dW1": d2 * h}
    out["dW0"] = np.outer(d2 * W1 * h * (1 - h), x)
    out["W1_new"], out["W0_new"] = W1 + out["dW1"], W0 + out["dW0"]
    out["error_after"] = s(out["W1_new"] @ s(out["W0_new"] @ x)) - t
    return out


# -- mlp_gradients -------------------------------------------------------------------------------

mlp_ = chapter.exercise("mlp_gradients", points=4, accept=accept.close())


@mlp_.inputs
def inputs(rng):
    W = [[0.1, 0.4], [0.8, 0.6]], [[0.3], [0.9]]
    params = [(np.array(W[0]), np.zeros(2)), (np.array(W[1]), np.zeros(1))]
    yield case(np.array([[0.35, 0.9]]), np.array([[0.5]]), params, label="a batch of one row")
    for n, sizes in (
        (4, (3, 2)),
        (5, (2, 3, 1)),
        (3, (4, 3, 2)),
        (6, (3, 4, 5, 2)),
        (2, (2, 2, 2)),
    ):
        yield network_case(rng, n, sizes, f"{n} rows, layers of {sizes}")
    X, t, params = network_case(rng, 4, (2, 3, 2)).args
    yield case(X.tolist(), t.tolist(), params, label="X and t as lists")
    X, t = rng.integers(-2, 3, size=(4, 2)), rng.integers(-2, 3, size=(4, 2))
    yield case(X, t, params, label="X and t as whole numbers")
    whole = [(rng.integers(1, 4, size=s), rng.integers(1, 4, size=s[1])) for s in ((2, 3), (3, 2))]
    yield case(X / 2, t, whole, label="weights as whole numbers")
    for _ in range(2):
        X, t, params = network_case(rng, 5, (3, 4, 3, 2)).args
        params = [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
        yield case(X.astype(np.float32), t.astype(np.float32), params, label="float32")
    for _ in range(3):
        n, sizes = int(rng.integers(2, 7)), tuple(int(v) for v in rng.integers(2, 6, size=4))
        yield network_case(rng, n, sizes, "random sizes")


def network_case(rng, n, sizes, label=""):
    pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
    params = [(away_from_0(rng, d, m) / np.sqrt(d), away_from_0(rng, m) / 4) for d, m in pairs]
    return case(away_from_0(rng, n, sizes[0]), away_from_0(rng, n, sizes[-1]), params, label=label)


@mlp_.reference
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.right
def mlp_gradients(X, t, params):
    def forward(h, layer):
        W, b = params[layer]
        z = h @ W + b
        if layer == len(params) - 1:
            dz = (z - t) / len(X)
            rest = []
        else:
            y = 1 / (1 + np.exp(-z))
            dy, rest = forward(y, layer + 1)
            dz = sigmoid_backward(dy, y)
        dh, dW, db = dense_backward(dz, h, W)
        return dh, [(dW, db), *rest]

    return forward(np.asarray(X, dtype=float), 0)[1]


@mlp_.right
def mlp_gradients(X, t, params):
    total = [(np.zeros(np.shape(W)), np.zeros(np.shape(b))) for W, b in params]
    for x, target in zip(np.array(X, dtype=float), np.array(t, dtype=float), strict=True):
        h = [x]
        for W, b in params:
            h.append(h[-1] @ W + b if len(h) == len(params) else 1 / (1 + np.exp(-(h[-1] @ W + b))))
        delta = h[-1] - target
        for layer in range(len(params) - 1, -1, -1):
            total[layer][0][...] += np.outer(h[layer], delta) / len(X)
            total[layer][1][...] += delta / len(X)
            delta = (params[layer][0] @ delta) * h[layer] * (1 - h[layer])
    return total


HALF_OR_N = (
    "All your gradients are off by one and the same factor. C is half the squared error, summed "
    "over the outputs and averaged over the rows: which factors does that leave on y − t?"
)


@mlp_.trap("forgets ½ or N", hint=HALF_OR_N)
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = 2 * (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("forgets ½ or N")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = outputs[-1] - np.asarray(t)
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("forgets ½ or N")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = 2 * (outputs[-1] - np.asarray(t))
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("forgets ½ or N")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / (2 * len(outputs[0]))
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("averages over the outputs too", hint=(
    "You divide by the number of all entries of t. The squared errors of one row are added up; the "
    "mean is taken over the rows."
))  # fmt: skip
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / outputs[-1].size
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


UPDATED = (
    "On its way back your gradient meets weights that have already been changed. All gradients "
    "belong to the weights of the forward pass: take them all first, and change nothing here."
)


def updated(lr, where):
    """The answer of somebody who makes a step with the rate lr before he goes on back, as text."""
    change = {
        "copy": f"W = np.asarray(params[i][0]) - {lr} * dW",
        "in place": f"W = params[i][0]\n        W -= {lr} * dW",
    }[where]
    return f"""def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        dW, db = outputs[i].T @ d, d.sum(axis=0)
        grads.append((dW, db))
        {change}
        d = (d @ W.T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]
"""


for where in ("copy", "in place"):
    for lr in (0.01, 0.1, 0.5, 1.0):
        mlp_.trap_text("uses updated weights", updated(lr, where), hint=UPDATED)

mlp_.difference_trap("changes an argument", code="changed", hint=(
    "The gradients are right, but something that was handed in has changed: X, t, the weights, or "
    "the list that they stand in. This function only measures; leave everything as it was."
))  # fmt: skip


@mlp_.falls_into("changes an argument")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        dW, db = outputs[i].T @ d, d.sum(axis=0)
        grads.append((dW, db))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
        if params[i][0].dtype.kind == "f":
            params[i][0][...] -= 0.1 * dW
    return grads[::-1]


@mlp_.falls_into("changes an argument")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    while params:
        W = params.pop()[0]
        h = outputs[len(params)]
        grads.append((h.T @ d, d.sum(axis=0)))
        d = (d @ W.T) * h * (1 - h)
    return grads[::-1]


SIGMOID_AT_THE_END = (
    "Your last layer goes through a sigmoid, or its slope. In this network the last layer is "
    "linear: its output is the weighted sum itself."
)


@mlp_.trap("a sigmoid on the last layer", hint=SIGMOID_AT_THE_END)
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for W, b in params:
        outputs.append(1 / (1 + np.exp(-(outputs[-1] @ W + b))))
    y = outputs[-1]
    d = (y - np.asarray(t)) * y * (1 - y) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("a sigmoid on the last layer")
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    y = outputs[-1]
    d = (y - np.asarray(t)) * y * (1 - y) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.trap("the hidden sigmoids have no slope", hint=(
    "On the way back you pass the weights but not the sigmoids. Each hidden unit multiplies what "
    "comes from above by the slope of its sigmoid."
))  # fmt: skip
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = d @ np.asarray(params[i][0]).T
    return grads[::-1]


@mlp_.trap("the list is backwards", hint=(
    "The gradients are right, in the order in which you met them on the way back. The list begins "
    "with the first layer, as params does."
))  # fmt: skip
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads


@mlp_.trap("the sign of the error", hint=(
    "All your gradients point the other way. If y lies above t, does C rise or fall when y grows? "
    "Which sign does its slope have then?"
))  # fmt: skip
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (np.asarray(t) - outputs[-1]) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * outputs[i] * (1 - outputs[i])
    return grads[::-1]


@mlp_.wrong
def mlp_gradients(X, t, params):
    return [(np.zeros_like(W), np.zeros_like(b)) for W, b in params]


@mlp_.wrong
def mlp_gradients(X, t, params):
    y = np.asarray(X) @ params[-1][0] + params[-1][1]
    return [(np.asarray(X).T @ (y - t) / len(X), (y - t).mean(axis=0))]


@mlp_.wrong
def mlp_gradients(X, t, params):
    outputs = [np.asarray(X, dtype=float)]
    for i, (W, b) in enumerate(params):
        z = outputs[-1] @ W + b
        outputs.append(z if i == len(params) - 1 else 1 / (1 + np.exp(-z)))
    d = (outputs[-1] - np.asarray(t)) / len(outputs[0])
    grads = []
    for i in reversed(range(len(params))):
        grads.append((outputs[i].T @ d, d.sum(axis=0)))
        d = (d @ np.asarray(params[i][0]).T) * (1 - outputs[i] ** 2)
    return grads[::-1]


# -- relative_error ------------------------------------------------------------------------------

relative_ = chapter.exercise("relative_error", points=1, accept=accept.close())


@relative_.inputs
def inputs(rng):
    yield case([1.0, 2.0], [1.0, 2.5], label="lists")
    yield case([2, -3, 5], [2, -4, 5], label="lists of whole numbers")
    yield case(np.array([1, -2]), np.array([3, 2]), label="whole numbers of opposite sign")
    yield case([0.0, 1.0, 0.0], [0.0, 1.25, 0.0], label="places where both are 0")
    yield case(np.array([0, 0, 4]), np.array([0, 0, 5]), label="whole numbers, places of both 0")
    yield case([0.0, 0.0], [0.0, 0.0], label="nothing but 0")
    yield case([0.0, 1.0], [1e-3, 1.0], label="one of them 0")
    yield case([2e-9, 3.0], [1e-9, 3.0], label="small entries that differ much")
    yield case([1000.0, 1.0], [1001.0, 1.5], label="large and small entries")
    yield case(away_from_0(rng, 2, 3), away_from_0(rng, 2, 3), label="matrices")
    for kind in [np.float64] * 3 + [np.float32] * 2:
        a = away_from_0(rng, 5)
        b = a * rng.uniform(0.5, 1.5, size=5)
        a[1], b[1] = 0.0, 0.0
        yield case(a.astype(kind), b.astype(kind), label=f"random numbers ({kind.__name__})")


@relative_.reference
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    return np.max(np.abs(a - b) / np.where(largest == 0, 1, largest))


@relative_.right
def relative_error(a, b):
    worst = 0.0
    for p, q in zip(np.ravel(a), np.ravel(b), strict=True):
        p, q = float(p), float(q)
        if p != 0 or q != 0:
            worst = max(worst, abs(p - q) / max(abs(p), abs(q)))
    return worst


@relative_.right
def relative_error(a, b):
    a, b = np.array(a, dtype=float), np.array(b, dtype=float)
    top, bottom = np.abs(a - b), np.maximum(np.abs(a), np.abs(b))
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0).max()


BY_0 = (
    "Where both numbers are 0 you divide 0 by 0. NumPy makes nan of it, plain Python an error; and "
    "where everything is 0, nothing else is left. There the two agree perfectly: which number "
    "should stand for that?"
)
NOTHING_LEFT = (
    "You throw away the places where both numbers are 0. Where everything is 0, nothing is left, "
    "and NumPy finds no largest of nothing. Which number should stand for two that agree perfectly?"
)
YES_OR_NO = (
    "Your function ends with an error whatever the numbers are, not only where they are 0. Python's"
    " `max` and `if` want one yes or no, and a comparison of arrays has one for each entry."
)


@relative_.trap("divides by 0", hint=BY_0)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(all="ignore"):
        return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@relative_.trap("nothing is left", hint=NOTHING_LEFT)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    ratio = np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))
    return np.max(ratio[~np.isnan(ratio)])


@relative_.trap("nothing is left")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    return np.max(np.abs(a - b)[largest > 0] / largest[largest > 0])


@relative_.trap("one yes or no for an array", hint=YES_OR_NO)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.max(np.abs(a - b) / max(np.abs(a), np.abs(b)))


@relative_.trap("one yes or no for an array")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if a == 0 and b == 0:
        return 0.0
    return np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@relative_.trap("divides by 0")
def relative_error(a, b):
    pairs = zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True)
    return max(abs(p - q) / max(abs(p), abs(q)) for p, q in pairs)


@relative_.trap("divides by 0")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.nanmax(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@relative_.trap("mean", hint=(
    "You average over the entries. One wrong entry among a thousand right ones would then hardly "
    "show: the worst one counts."
))  # fmt: skip
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    return np.mean(np.abs(a - b) / np.where(largest == 0, 1, largest))


@relative_.trap("mean")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(all="ignore"):
        return np.mean(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@relative_.trap("mean")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(all="ignore"):
        return np.nanmean(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)))


@relative_.trap("mean")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    some = largest > 0
    return np.mean(np.abs(a - b)[some] / largest[some]) if some.any() else 0.0


@relative_.trap("the sum in the place of the larger", hint=(
    "You divide by |a| + |b|. That is another measure, at most twice as small; here the larger of "
    "the two is meant."
))  # fmt: skip
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    total = np.abs(a) + np.abs(b)
    return np.max(np.abs(a - b) / np.where(total == 0, 1, total))


ONE_OF_TWO = (
    "You always divide by the same one of the two. Exchange a and b: your result changes, and "
    "where that one is 0 it breaks."
)


@relative_.trap("divides by one of the two", hint=ONE_OF_TWO)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(all="ignore"):
        return np.max(np.where(a == b, 0, np.abs(a - b) / np.abs(b)))


@relative_.trap("divides by one of the two")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    with np.errstate(all="ignore"):
        return np.max(np.where(a == b, 0, np.abs(a - b) / np.abs(a)))


ONE_FOR_ALL = (
    "You have one scale for all entries: the largest of them, or the length of the whole array. A "
    "small entry may then be all wrong without showing: each difference is measured by its own two "
    "numbers."
)


@relative_.trap("one scale for all entries", hint=ONE_FOR_ALL)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    scale = max(np.abs(a).max(), np.abs(b).max())
    return np.abs(a - b).max() / scale if scale else 0.0


@relative_.trap("one scale for all entries")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return np.linalg.norm(a - b) / scale if scale else 0.0


SMALL_ADDED = (
    "Something small is added to the denominator, or it is not let below a bound. For entries that "
    "are themselves so small, the error then looks harmless."
)


@relative_.trap("a small number in the denominator", hint=SMALL_ADDED)
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.max(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8))


@relative_.trap("a small number in the denominator")
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b))))


@relative_.wrong
def relative_error(a, b):
    return np.max(np.abs(np.asarray(a) - np.asarray(b)))


@relative_.wrong
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.where(largest == 0, 1, largest)


@relative_.wrong
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    largest = np.maximum(np.abs(a), np.abs(b))
    return np.max((a - b) / np.where(largest == 0, 1, largest))


# -- find_wrong_gradient -------------------------------------------------------------------------

find_ = chapter.exercise("find_wrong_gradient", points=2, accept=accept.exact(), probe="collect")

SLIGHTLY = 1 + 1e-5  # relative; such an entry is right, since 1e-4 is allowed


@find_.inputs
def inputs(rng):
    # every difference is 10 times larger, or smaller, than what is allowed
    x = np.array([1.0, 2.0, 3.0])
    yield case(Fn("sum_of_squares"), x, np.array([2.0, 4.0, 6.0]), label="a right gradient")
    yield case(Fn("sum_of_squares"), x, np.array([2.0, 5.0, 6.0]), label="one wrong entry")
    yield case(Fn("sum_of_squares"), [1, 2, 3], [2, 4, -6], label="lists of whole numbers")
    whole = np.array([[1, 2], [3, 4]])
    yield case(Fn("sum_of_squares"), whole, np.array([[2, 3], [6, 9]]), label="whole numbers")
    yield case(Fn("sum_of_squares"), [[1.0, 2.0]], [[3.0, 4.0]], label="lists of lists")
    yield case(Fn("sum_of_squares"), np.array([0.0, 1.0]), np.array([1e-9, 2.0]), label="nearly 0")

    w = np.array([[1e-4, 40.0], [2e-4, 60.0], [1e-4, 50.0]])
    x = positive(rng, 3, 2)
    claimed = 2 * w * x * SLIGHTLY
    label = "large and small entries, all right but for rounding"
    yield case(Fn("weighted_squares", (w,)), x, claimed, label=label)
    claimed = claimed * np.array([[1.4, 1.0], [1.0, 1.0], [0.7, 1.0]])
    label = "large and small entries, two small ones wrong"
    yield case(Fn("weighted_squares", (w,)), x, claimed, label=label)

    for shape in ((4,), (3, 2), (2, 3), (2, 2, 2)):
        for kind in (np.float64, np.float32):
            w, x = positive(rng, *shape), positive(rng, *shape).astype(kind)
            exact = 3 * w * x.astype(float) ** 2 + 2 * x.astype(float).sum()
            wrong = rng.random(shape) < 0.4
            wrong.flat[0], wrong.flat[-1] = False, True
            factor = np.where(wrong, rng.choice([-1.0, 0.5, 0.97, 1.05], size=shape), 1.0)
            label = f"shape {shape}, {kind.__name__}"
            yield case(Fn("cubic", (w,)), x, exact * factor, label=label)
    settings, W0 = two_layers(rng)
    yield case(Fn("network_loss", settings), W0, np.ones(W0.shape), label="a network, all wrong")


@find_.reference
def find_wrong_gradient(f, x, claimed):
    claimed = np.asarray(claimed, dtype=float)
    measured = numerical_gradient(f, x)
    difference = np.abs(claimed - measured)
    largest = np.maximum(np.abs(claimed), np.abs(measured))
    wrong = (difference > 1e-4 * largest) & (difference > 1e-7)
    return [tuple(int(i) for i in index) for index in np.argwhere(wrong)]


@find_.right
def find_wrong_gradient(f, x, claimed):
    measured, wrong = np.asarray(numerical_gradient(f, x)), []
    for index in np.ndindex(measured.shape):
        c, m = np.asarray(claimed)[index], measured[index]
        if abs(c - m) > 1e-7 and abs(c - m) / max(abs(c), abs(m)) > 1e-4:
            wrong.append(index)
    return wrong


@find_.right
def find_wrong_gradient(f, x, claimed):
    point, h = np.array(x, dtype=float), 1e-5
    slopes = np.zeros(point.shape)
    for i in range(point.size):
        step = np.zeros(point.size)
        step[i] = h
        step = step.reshape(point.shape)
        slopes.ravel()[i] = (f(point + step) - f(point - step)) / (2 * h)
    right = np.isclose(claimed, slopes, rtol=1e-4, atol=1e-7)
    return list(zip(*np.nonzero(~right), strict=True))


ABSOLUTE = (
    "You measure all entries with the same absolute yardstick. Then a large entry is accused for "
    "its rounding, or a small one may be all wrong unseen: compare each difference with its own "
    "entry, too."
)


def absolute_only(tolerance):
    """The answer of somebody who knows one absolute tolerance, as text."""
    return f"""def find_wrong_gradient(f, x, claimed):
    difference = np.abs(np.asarray(claimed) - numerical_gradient(f, x))
    return [tuple(int(i) for i in index) for index in np.argwhere(difference > {tolerance})]
"""


for tolerance in ("1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "1e-2"):
    find_.trap_text("tolerance absolute only", absolute_only(tolerance), hint=ABSOLUTE)


@find_.trap("tolerance relative only", hint=(
    "An entry that is 0 but for rounding counts as wrong with you: beside 0 every difference is "
    "large in proportion. That is what the absolute tolerance is for."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    largest = np.maximum(np.abs(claimed), np.abs(measured))
    wrong = np.abs(claimed - measured) > 1e-4 * largest
    return [tuple(int(i) for i in index) for index in np.argwhere(wrong)]


@find_.trap("lists the right entries", hint=(
    "You list the entries that agree. Those that do not are asked for."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    right = np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)
    return [tuple(int(i) for i in index) for index in np.argwhere(right)]


@find_.trap("only the first", hint=(
    "Your search ends at the first wrong entry. There may be more of them."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    right = np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)
    return [tuple(int(i) for i in index) for index in np.argwhere(~right)][:1]


@find_.trap("only the worst", hint=(
    "You name the worst entry alone. All of those that are wrong are asked for."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    difference = np.abs(claimed - measured)
    if np.isclose(claimed, measured, rtol=1e-4, atol=1e-7).all():
        return []
    return [tuple(int(i) for i in np.unravel_index(difference.argmax(), difference.shape))]


PLACES = (
    "A place in an array of two axes takes two numbers, (row, column), and in a vector one, (3,). "
    "You count through all entries, or leave out the brackets."
)


@find_.trap("numbers in the place of tuples", hint=PLACES)
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    right = np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)
    return [int(i) for i in np.flatnonzero(~right)]


@find_.trap("numbers in the place of tuples")
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    right = np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)
    return [(int(i),) for i in np.flatnonzero(~right)]


@find_.trap("rows and columns apart", hint=(
    "You return the numbers of all rows in one array and those of all columns in another, as "
    "np.where does. Each wrong entry should have a tuple of its own."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    return np.where(~np.isclose(claimed, measured, rtol=1e-4, atol=1e-7))


@find_.trap("column by column", hint=(
    "The right places in another order. Row by row means: all of row 0 first, from left to right, "
    "then row 1."
))  # fmt: skip
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    right = np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)
    return [tuple(int(i) for i in index[::-1]) for index in np.argwhere(~right.T)]


@find_.wrong
def find_wrong_gradient(f, x, claimed):
    return []


@find_.wrong
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    return ~np.isclose(claimed, measured, rtol=1e-4, atol=1e-7)


@find_.wrong
def find_wrong_gradient(f, x, claimed):
    claimed, measured = np.asarray(claimed, dtype=float), numerical_gradient(f, x)
    return [tuple(int(i) for i in index) for index in np.argwhere(claimed != measured)]


# -- class Value ---------------------------------------------------------------------------------

value_ = chapter.exercise("Value", points=4, accept=accept.close(), probe="expression")


def number(v):
    """An operand that stays a plain number."""
    return ("number", v)


def random_tree(rng, leaves):
    """A random expression in which every result is used once, with numbers on either side."""
    program = (away_from_0(rng, leaves)).tolist()
    values, free = list(program), list(range(leaves))
    while len(free) > 1:
        i = free.pop(int(rng.integers(len(free))))
        if rng.random() < 0.5:
            step = _random_unary(rng, i, values[i])
        else:
            j = free.pop(int(rng.integers(len(free))))
            step, value = [
                (("+", i, j), values[i] + values[j]),
                (("*", i, j), values[i] * values[j]),
                (("-", i, j), values[i] - values[j]),
            ][int(rng.integers(3))]
            step = (step, value)
        free.append(len(program))
        program.append(step[0])
        values.append(step[1])
    return program if all(0.05 < abs(v) < 20 for v in values) else random_tree(rng, leaves)


def _random_unary(rng, i, v):
    """(step, value) of an operation on the result number i, whose value is v."""
    c = float(away_from_0(rng))
    return [
        (("*", i, number(c)), v * c),
        (("+", number(c), i), v + c),
        (("-", number(c), i), c - v),
        (("/", number(c), i), c / v),
        (("/", i, number(c)), v / c),
        (("**", i, number(2)), v**2),
        (("neg", i), -v),
        (("tanh", i), float(np.tanh(v))),
        (("exp", i), float(np.exp(min(v, 4.0)))) if v < 3 else (("neg", i), -v),
    ][int(rng.integers(9))]


@value_.inputs
def inputs(rng):
    # whoever uses a node more than once sends it equal gradients: then a mistake in adding them up
    # has one face, in whatever order an answer goes through the graph
    x, y = positive(rng, 2).tolist()
    z = float(positive(rng)) + 0.5
    yield case([x], label="a single Value")
    for op in "+*":
        yield case([x, y, (op, 0, 1)], label=f"x {op} y")
    for n in (2, 3, 0.5, -1, -2, -1.5, 2.5):
        yield case([x, ("**", 0, number(n))], label=f"x ** {n}")
    yield case([-x, ("**", 0, number(3))], label="x ** 3, x below 0")
    yield case([-x, ("**", 0, number(-2))], label="x ** -2, x below 0")
    yield case([x, ("neg", 0)], label="-x")
    for op in "-/":
        yield case([x, y, (op, 0, 1)], label=f"x {op} y")
    for name in ("exp", "tanh", "relu"):
        yield case([x, (name, 0)], label=f"x.{name}()")
        yield case([-y, (name, 0)], label=f"x.{name}(), x below 0")
    for op in "+*-/":
        yield case([x, (op, 0, number(z))], label=f"x {op} 3, a number on the right")
        yield case([x, (op, number(z), 0)], label=f"3 {op} x, a number on the left")
    yield case([3, 4, ("*", 0, 1), ("-", number(1), 2)], label="whole numbers")
    yield case([2, ("**", 0, number(-1))], label="the whole number 2, ** -1")
    yield case([7, 2, ("/", 0, 1), ("*", number(3), 2)], label="a quotient of whole numbers")
    yield case([x, y, ("*", 0, number(2))], label="a Value that is not used")
    neuron = [x, -y, z, 0.3, -0.2, ("*", 0, 2), ("*", 1, 3), ("+", 5, 6), ("+", 7, 4), ("tanh", 8)]
    yield case(neuron, label="a unit, tanh(x1·w1 + x2·w2 + b)")

    yield case([x, ("*", 0, 0)], label="x * x, a node used twice")
    yield case([x, ("+", 0, 0)], label="x + x, a node used twice")
    yield case([x, ("*", 0, 0), ("*", 1, 0)], label="x * x * x")
    paths = [x, ("*", 0, number(3.0)), ("*", 0, number(3.0)), ("*", 1, 2)]
    yield case(paths, label="two paths of the same length")
    paths = [x, ("tanh", 0), ("tanh", 0), ("+", 1, 2)]
    yield case(paths, label="two paths through tanh")
    for op in "+-*/":
        twice = [x, y, (op, 0, 1), (op, 0, 1), ("+", 2, 3)]
        yield case(twice, label=f"x {op} y, made twice and added")
    for name in ("exp", "relu", "neg"):
        yield case([x, (name, 0), (name, 0), ("+", 1, 2)], label=f"two paths through {name}")
    paths = [x, ("**", 0, number(3)), ("**", 0, number(3)), ("+", 1, 2)]
    yield case(paths, label="two paths through ** 3")
    program = [x / 16] + [("+", i, i) for i in range(6)]
    yield case(program, label="a number that is doubled six times")
    program = [x, y, ("*", 0, 1), ("+", 2, 2), ("exp", 3)]
    yield case(program, label="an inner node used twice")
    crossed = [x, ("*", 0, number(2.0)), ("*", 0, number(2.0))]
    for node in (1, 2):
        crossed += [("*", node, number(3.0)), ("*", len(crossed), number(0.5))]
    crossed += [("*", 1, 6), ("*", 4, 2), ("+", 7, 8)]
    yield case(crossed, label="paths of different length that cross")
    program = [x]
    for i in range(120):
        program += [("*", 2 * i, number(0.99)), ("+", 2 * i + 1, number(0.02))]
    yield case(program, label="a chain of 240 nodes")
    program = [x, y] + [("+", 0 if i == 0 else i + 1, 1) for i in range(200)]
    yield case(program, label="a chain of 200 nodes that all use y")
    for _ in range(6):
        yield case(random_tree(rng, int(rng.integers(3, 7))), label="a random expression")


@value_.reference
class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self._parents = parents

    def _of(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def __add__(self, other):
        other = self._of(other)
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, n):
        return type(self)(float(self.data) ** n, [(self, n * float(self.data) ** (n - 1))])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + self._of(other) * -1.0

    def __truediv__(self, other):
        return self * self._of(other) ** -1.0

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._of(other) - self

    def __rtruediv__(self, other):
        return self._of(other) / self

    def exp(self):
        y = np.exp(self.data)
        return type(self)(y, [(self, y)])

    def tanh(self):
        y = np.tanh(self.data)
        return type(self)(y, [(self, 1 - y * y)])

    def relu(self):
        return type(self)(max(self.data, 0.0), [(self, float(self.data > 0))])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node._parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node._parents:
                parent.grad += slope * node.grad


@value_.right
class Value:
    tape = []

    def __init__(self, data):
        self.data, self.grad, self.push = float(data), 0.0, lambda: None
        type(self).tape.append(self)

    def made(self, data, *parents):
        out = type(self)(data)

        def push():
            for node, slope in parents:
                node.grad += slope * out.grad

        out.push = push
        return out

    def __add__(self, other):
        if not isinstance(other, type(self)):
            return self.made(self.data + other, (self, 1))
        return self.made(self.data + other.data, (self, 1), (other, 1))

    def __mul__(self, other):
        if not isinstance(other, type(self)):
            return self.made(self.data * other, (self, other))
        return self.made(self.data * other.data, (self, other.data), (other, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self):
        return self.made(-self.data, (self, -1))

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __pow__(self, n):
        return self.made(self.data**n, (self, n * self.data ** (n - 1)))

    def __truediv__(self, other):
        return self * other ** (-1)

    def __rtruediv__(self, other):
        return self**-1 * other

    def exp(self):
        return self.made(np.exp(self.data), (self, np.exp(self.data)))

    def tanh(self):
        return self.made(np.tanh(self.data), (self, 1 / np.cosh(self.data) ** 2))

    def relu(self):
        return self.made(self.data * (self.data > 0), (self, self.data > 0))

    def backward(self):
        self.grad = 1.0
        for node in reversed(type(self).tape):
            node.push()


@value_.right
class Value:
    __slots__ = ("data", "grad", "op", "args")

    def __init__(self, data, op=None, args=()):
        self.data, self.grad, self.op, self.args = data, 0, op, args

    def _new(self, data, op, *args):
        return type(self)(data, op, args)

    def _lift(self, v):
        return v if isinstance(v, type(self)) else type(self)(v)

    def __add__(self, o):
        o = self._lift(o)
        return self._new(self.data + o.data, "add", self, o)

    def __mul__(self, o):
        o = self._lift(o)
        return self._new(self.data * o.data, "mul", self, o)

    def __sub__(self, o):
        o = self._lift(o)
        return self._new(self.data - o.data, "sub", self, o)

    def __truediv__(self, o):
        o = self._lift(o)
        return self._new(self.data / o.data, "div", self, o)

    def __pow__(self, n):
        return self._new(self.data**n, ("pow", n), self)

    def __radd__(self, o):
        return self._lift(o) + self

    def __rmul__(self, o):
        return self._lift(o) * self

    def __rsub__(self, o):
        return self._lift(o) - self

    def __rtruediv__(self, o):
        return self._lift(o) / self

    def __neg__(self):
        return 0 - self

    def exp(self):
        return self._new(np.e**self.data, "exp", self)

    def tanh(self):
        return self._new(np.tanh(self.data), "tanh", self)

    def relu(self):
        return self._new(self.data if self.data > 0 else 0.0, "relu", self)

    def slopes(self):
        a = self.args[0].data
        b = self.args[1].data if len(self.args) > 1 else None
        match self.op:
            case "add":
                return 1, 1
            case "sub":
                return 1, -1
            case "mul":
                return b, a
            case "div":
                return 1 / b, -a / b**2
            case ("pow", n):
                return (n * a ** (n - 1),)
            case "exp":
                return (self.data,)
            case "tanh":
                return (1 - self.data**2,)
            case "relu":
                return (1 if a > 0 else 0,)

    def backward(self):
        uses, stack = {}, [self]
        while stack:
            node = stack.pop()
            for arg in node.args:
                if arg not in uses:
                    stack.append(arg)
                uses[arg] = uses.get(arg, 0) + 1
        self.grad, ready = 1, [self]
        while ready:
            node = ready.pop()
            for arg, slope in zip(node.args, node.slopes() if node.args else (), strict=True):
                arg.grad += slope * node.grad
                uses[arg] -= 1
                if uses[arg] == 0:
                    ready.append(arg)


BASE = """class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents

    def _of(self, other):
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other):
        other = self._of(other)
        return Value(self.data + other.data, [(self, 1.0, "+"), (other, 1.0, "+ right")])

    def __mul__(self, other):
        other = self._of(other)
        pair = [(self, other.data, "*"), (other, self.data, "* right")]
        return Value(self.data * other.data, pair)

    def __pow__(self, n):
        x = float(self.data)
        return Value(x**n, [(self, n * x ** (n - 1), "**")])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -self._of(other)

    def __truediv__(self, other):
        return self * self._of(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._of(other) - self

    def __rtruediv__(self, other):
        return self._of(other) / self

    def exp(self):
        y = np.exp(self.data)
        return Value(y, [(self, y, "exp")])

    def tanh(self):
        y = np.tanh(self.data)
        return Value(y, [(self, 1 - y * y, "tanh")])

    def relu(self):
        return Value(max(self.data, 0.0), [(self, float(self.data > 0), "relu")])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope, op in node.parents:
                parent.grad += slope * node.grad
"""


def value_with(*changes, backward=None):
    """BASE with some of its lines exchanged, and perhaps another `backward`."""
    text = BASE
    if backward:
        text = text[: text.index("    def backward(self):")] + backward
    for old, new in changes:
        text = text.replace(old, new)
    return text


def method(name):
    """The lines of one of BASE's methods."""
    start = BASE.index(f"    def {name}(")
    return BASE[start : BASE.index("    def ", start + 1)]


OVERWRITTEN = (
    "Where a node is used twice, only one of the two gradients is left. Two paths lead from it to "
    "the result; what becomes of what they bring?"
)
PLUS_EQUALS = "parent.grad += slope * node.grad"
value_.trap_text(
    "gradient overwritten instead of added when a node is used twice",
    value_with((PLUS_EQUALS, "parent.grad = slope * node.grad")),
    hint=OVERWRITTEN,
)
BY_PATHS = """    def backward(self, grad=1.0):
        self.grad = grad
        for parent, slope, op in self.parents:
            parent.backward(slope * grad)
"""
SUM, PRODUCT, ALONE = ["+", "+ right"], ["*", "* right"], ["**", "exp", "tanh", "relu"]
ONE_SIDE = (SUM[:1], SUM[1:], PRODUCT[:1], PRODUCT[1:], ["+", "*"], ["+ right", "* right"])
for ops in (SUM, PRODUCT, SUM + PRODUCT, ALONE, ["tanh"], *ONE_SIDE):
    mixed = f"parent.grad = slope * node.grad + (0 if op in {ops} else parent.grad)"
    value_.trap_text(value_.traps[-1].name, value_with((PLUS_EQUALS, mixed)))
value_.trap_text(value_.traps[-1].name, value_with(backward=BY_PATHS))

ORDER = (
    "A node hands its gradient on before all of it has arrived, or hands it on twice. What must "
    "have happened to everything that uses a node before it is that node's turn?"
)
ORDERS = {
    "depth first": """    def backward(self):
        self.grad, seen = 1.0, set()

        def visit(node):
            seen.add(id(node))
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
            for parent, _, _ in node.parents:
                if id(parent) not in seen:
                    visit(parent)

        visit(self)
""",
    "breadth first": """    def backward(self):
        self.grad, seen, queue = 1.0, {id(self)}, [self]
        while queue:
            node = queue.pop(0)
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
                if id(parent) not in seen:
                    seen.add(id(parent))
                    queue.append(parent)
""",
    "again, depth first": """    def backward(self):
        def push(node):
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
            for parent, _, _ in node.parents:
                push(parent)

        self.grad = 1.0
        push(self)
""",
    "again, depth first, each parent once": """    def backward(self):
        def push(node):
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
            for parent in {id(p): p for p, _, _ in node.parents}.values():
                push(parent)

        self.grad = 1.0
        push(self)
""",
    "again, at once": """    def backward(self):
        def push(node):
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
                push(parent)

        self.grad = 1.0
        push(self)
""",
    "again, breadth first": """    def backward(self):
        self.grad, queue = 1.0, [self]
        while queue:
            node = queue.pop(0)
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
                queue.append(parent)
""",
    "again, breadth first, each parent once": """    def backward(self):
        self.grad, queue = 1.0, [self]
        while queue:
            node = queue.pop(0)
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
            queue += {id(p): p for p, _, _ in node.parents}.values()
""",
    "again, last in first out": """    def backward(self):
        self.grad, stack = 1.0, [self]
        while stack:
            node = stack.pop()
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
                stack.append(parent)
""",
    "last in first out": """    def backward(self):
        self.grad, seen, stack = 1.0, set(), [self]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            for parent, slope, _ in node.parents:
                parent.grad += slope * node.grad
                stack.append(parent)
""",
}
for backward in ORDERS.values():
    value_.trap_text("order", value_with(backward=backward), hint=ORDER)
value_.trap_text("order", value_with(("in reversed(order)", "in order")))  # or the last step alone
value_.trap_text("order", value_with(("if id(node) not in seen", "if True")))
preorder = (
    """                for parent, _, _ in node.parents:
                    visit(parent)
                order.append(node)
""",
    """                order.append(node)
                for parent, _, _ in node.parents:
                    visit(parent)
""",
)
value_.trap_text("order", value_with(preorder, ("in reversed(order)", "in order")))
value_.trap_text("order", value_with(preorder))

LEFT = (
    "With a plain number on the left, as in 3 - x, Python asks the number first, and it knows no "
    "Values. Then it asks yours: for which method, and which of the two is taken from which?"
)
REFLECTED = ("__radd__", "__rmul__", "__rsub__", "__rtruediv__")
for missing in (REFLECTED, REFLECTED[2:], *[(name,) for name in REFLECTED]):
    changes = [(method(name), "") for name in missing]
    value_.trap_text("a number on the left", value_with(*changes), hint=LEFT)
MIRRORED_SUB = ("return self._of(other) - self", "return self - other")
MIRRORED_DIV = ("return self._of(other) / self", "return self / other")
for changes in ([MIRRORED_SUB], [MIRRORED_DIV], [MIRRORED_SUB, MIRRORED_DIV]):
    value_.trap_text("a number on the left", value_with(*changes))

NOT_THERE = (
    "An operator does not work yet even between Values, or on one. Begin without plain numbers: "
    "which of a + b, a * b, a - b, a / b, -a and a ** 2 ends with an error?"
)
MINUS, OVER = ("__sub__", "__rsub__"), ("__truediv__", "__rtruediv__")
PLUS_AND_TIMES = ("__pow__", "__neg__", *MINUS, *OVER)
for missing in (
    MINUS,
    OVER,
    ("__pow__",),
    ("__neg__",),
    ("__neg__", *MINUS),
    ("__pow__", *OVER),
    (*MINUS, *OVER),
    ("__neg__", *MINUS, *OVER),
    PLUS_AND_TIMES,
    (*PLUS_AND_TIMES, "__radd__", "__rmul__"),
    (*PLUS_AND_TIMES, "__radd__", "__rmul__", "__mul__"),
):
    changes = [(method(name), "") for name in missing]
    value_.trap_text("an operator is not there", value_with(*changes), hint=NOT_THERE)

ONE_ALONE = (
    "A single Value ends with an error already, before any operator is used. Make one with "
    "Value(2.0), call its backward() with nothing in the brackets, look at its .data and .grad, "
    "and read the last line of the error."
)
for change in (("def backward(self)", "def backward(self, grad)"), (".grad", ".gradient")):
    value_.trap_text("a single Value fails", value_with(change), hint=ONE_ALONE)

value_.trap_text(
    "a plain number as the other operand",
    value_with(("return other if isinstance(other, Value) else Value(other)", "return other")),
    hint="Your operations take `.data` of whatever stands on the other side. A plain number has "
    "none: what could you make of it first?",
)
value_.trap_text(
    "the result's own gradient is 0",
    value_with(("        self.grad = 1.0\n", "")),
    hint="All gradients are 0. Something has to start: by how much does the result change when the "
    "result itself grows by 1?",
)
value_.source_trap(
    "borrowed from a library",
    rule=source_rules.borrows("dlkit.autograd", "torch", "jax", "autograd", "micrograd"),
    hint="This class leans on a library that computes gradients by itself. Here you are the one "
    "who writes it.",
)


@value_.falls_into("borrowed from a library")
class Value:
    def __new__(cls, data):
        from dlkit.autograd import Value as Ready

        return Ready(data)


def value_wrong(*changes):
    """A further wrong answer: BASE with some of its lines exchanged."""
    value_.wrong_text(value_with(*changes))


value_wrong(("n * x ** (n - 1)", "n * x**n"))
value_wrong(("(self, 1 - y * y", "(self, 1 - self.data**2"))
value_wrong(("(self, y, ", "(self, self.data, "))
value_wrong(("return self * -1.0", "return Value(-self.data, [(self, 1.0, '-')])"))
value_wrong(("float(self.data > 0)", "1.0"))
value_wrong((method("tanh"), ""))
value_wrong(("        self.data = data", "        self.data = int(data)"))


# -- audit_step (find the mistake) ---------------------------------------------------------------

audit_ = chapter.exercise("audit_step", points=2, accept=accept.exact())

NOTES = [[0.09661944, 0.78985831], [0.39661944, 0.58985831]]


@audit_.inputs
def inputs(rng):
    W0 = np.array([[0.1, 0.8], [0.4, 0.6]])
    f = Fn("network_loss", (np.array([0.35, 0.9]), 0.5, np.array([0.3, 0.9])))
    yield case(f, W0, np.array(NOTES), 1.0, label="the step of the notes")
    parabola = Fn("weighted_squares", (np.array([4.0]),))
    yield case(parabola, [2.0], [0.4], 0.1, label="y = 4x² from x = 2, a right step")
    yield case(parabola, [2], [-4.4], 0.4, label="y = 4x², a right step that is too long")
    yield case(parabola, [2.0], [2.5], 0.1, label="y = 4x², a wrong step uphill")
    flat_bowl = Fn("weighted_squares", (np.array([0.1, 0.2]),))
    yield case(flat_bowl, [2.0, 3.0], [1.6, 1.8], 1.0, label="a right step with the rate 1")
    # a wrong entry, a sign, two equal rows: the loss falls all the same; a small rate, a large one
    for factor in ([[1.0, 1.0], [0.5, 1.0], [1.0, 1.0]], [[1.0, -0.2], [1.0, 1.0], [1.0, 0.9]]):
        settings, W0, g = falling(rng)
        lr = float(rng.choice([0.25, 0.5, 2.0]))
        after = W0 - lr * g * np.array(factor)
        yield case(
            Fn("network_loss", settings), W0, after, lr, label="a wrong step, the loss falls"
        )
    settings, W0, g = falling(rng)
    f = Fn("network_loss", settings)
    yield case(f, W0, W0 - 0.5 * g, 0.5, label="a right step, the loss falls")
    yield case(f, W0, W0 + 0.5 * g, 0.5, label="a step uphill, all wrong")
    yield case(f, W0.tolist(), (W0 - 0.125 * g[0]).tolist(), 0.125, label="equal steps, as lists")
    w, x = positive(rng, 2, 2), away_from_0(rng, 2, 2)
    lr = 1.5 / float(w.max())
    label = "right gradient, but the rate is too large"
    yield case(Fn("weighted_squares", (w,)), x, x - lr * 2 * w * x, lr, label=label)
    slope = 2 * w * x * np.array([[1.0, 1.0], [1.0, 1.05]])
    label = "one entry off by a twentieth"
    yield case(Fn("weighted_squares", (w,)), x, x - 0.05 * slope, 0.05, label=label)


def falling(rng):
    """(x, t, W1), W0 and the gradient by W0, with no entry near 0 and no two rows alike."""
    settings, W0 = two_layers(rng)
    x, t, W1 = settings
    h = 1 / (1 + np.exp(-W0 @ x))
    y = 1 / (1 + np.exp(-W1 @ h))
    g = np.outer((y - t) * y * (1 - y) * W1 * h * (1 - h), x)
    share = np.abs(g) / np.linalg.norm(g)
    apart = np.abs(g - g[0])[1:].min() > 0.2 * np.abs(g[0]).max()
    good = share.min() > 0.1 and np.abs(g).min() > 1e-4 and y - t > 0.1 and apart
    return (settings, W0, g) if good else falling(rng)


@audit_.reference
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) < f(before)), find_wrong_gradient(f, before, (before - after) / lr)


@audit_.right
def audit_step(f, before, after, lr):
    step = np.subtract(before, after)
    fell = f(before) - f(after) > 0
    return [fell, find_wrong_gradient(f, np.array(before), step / lr)]


@audit_.right
def audit_step(f, before, after, lr):
    W = np.array(before, dtype=float)
    wrong = []
    for index in np.ndindex(W.shape):
        step = np.zeros(W.shape)
        step[index] = 1e-5
        slope = (f(W + step) - f(W - step)) / 2e-5
        taken = (W[index] - np.asarray(after)[index]) / lr
        if abs(taken - slope) > max(1e-7, 1e-4 * max(abs(taken), abs(slope))):
            wrong.append(index)
    return f(np.asarray(after)) < f(W), wrong


FALLING = (
    "Because the loss falls you accuse nobody, or you accuse somebody because it rises. A wrong "
    "step may go down, and a right one that is too long goes up: let the gradient decide."
)


@audit_.trap("a falling loss taken for a proof", hint=FALLING)
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    fell = bool(f(after) < f(before))
    return fell, [] if fell else find_wrong_gradient(f, before, (before - after) / lr)


@audit_.trap("a falling loss taken for a proof")
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    fell = bool(f(after) < f(before))
    return fell, [] if fell else [tuple(map(int, i)) for i in np.argwhere(before != after)]


@audit_.trap("a falling loss taken for a proof")
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    fell = bool(f(after) < f(before))
    return fell, [] if fell else list(np.ndindex(before.shape))


STEP_SIGN = (
    "A right step looks wrong to you. A step of gradient descent goes against the gradient: what "
    "do before, after and the claimed gradient have to do with each other?"
)


@audit_.trap("the sign of the step", hint=STEP_SIGN)
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) < f(before)), find_wrong_gradient(f, before, (after - before) / lr)


STEP_RATE = (
    "A step is the learning rate times the gradient. You compare the step itself, or divide by the "
    "rate the wrong way round."
)


@audit_.trap("the learning rate in the step", hint=STEP_RATE)
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) < f(before)), find_wrong_gradient(f, before, before - after)


@audit_.trap("the learning rate in the step")
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) < f(before)), find_wrong_gradient(f, before, (before - after) * lr)


@audit_.trap("the gradient after the step", hint=(
    "You measure the gradient where the step ended. It was taken where it began."
))  # fmt: skip
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) < f(before)), find_wrong_gradient(f, after, (before - after) / lr)


@audit_.wrong
def audit_step(f, before, after, lr):
    return bool(f(after) < f(before)), []


@audit_.wrong
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return bool(f(after) > f(before)), find_wrong_gradient(f, before, (before - after) / lr)


@audit_.wrong
def audit_step(f, before, after, lr):
    before, after = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    return find_wrong_gradient(f, before, (before - after) / lr)


# -- check_layer (the project) -------------------------------------------------------------------

layer_ = chapter.exercise("check_layer", points=4, accept=accept.exact())

DENSE = {  # the mistakes of dlkit/check/layers.py by number
    1: "b's gradient is a mean",
    2: "b's gradient is shared out evenly",
    3: "b's gradient has one axis too many",
    4: "b's gradient is missing",
    5: "W's gradient leaves out the last unit",
    6: "W's gradient is a mean",
    7: "x's gradient takes W as it is",
}


def layer_case(rng, name, number, inputs, label, fault=None):
    """One layer for the checker: its two passes, its inputs, a generator."""
    backward = ("layer_backward", (name, number) if fault is None else (name, number, fault))
    rng_ = Rng(int(rng.integers(2**31)))
    return case(Fn("layer_forward", (name,)), Fn(*backward), inputs, rng_, label=label)


def dense_inputs(rng, n=4, d=3, m=3):
    return dict(x=away_from_0(rng, n, d), W=away_from_0(rng, d, m), b=away_from_0(rng, m))


@layer_.inputs
def inputs(rng):
    yield layer_case(rng, "dense", 0, dense_inputs(rng, 5, 4, 2), "a right dense layer")
    for number, what in DENSE.items():
        inputs = dense_inputs(rng, m=5 if number == 2 else 3)
        yield layer_case(rng, "dense", number, inputs, f"a dense layer: {what}")
    inputs = dense_inputs(rng)
    inputs["x"] = inputs["x"] * 1e-5
    yield layer_case(rng, "dense", 6, inputs, "a dense layer with tiny inputs: W's is a mean")
    inputs = dense_inputs(rng)
    inputs["x"], inputs["W"] = 8 * inputs["x"], 2 * inputs["W"]
    yield layer_case(rng, "dense", 0, inputs, "a right dense layer with large inputs")

    rows = [f"a right {name} layer" for name in ("sigmoid", "tanh", "relu", "square", "softmax")]
    for label in [*rows, "a right centre layer", "a right unit_rows layer"]:
        x = {"x": away_from_0(rng, 3, 4)}
        yield layer_case(rng, label.split()[2], 0, x, label.replace("_", " "))
    sure = away_from_0(rng, 3, 4)
    sure[:, 1] += 45.0
    label = "a right softmax layer that is very sure"
    yield layer_case(rng, "softmax", 0, {"x": sure}, label)
    for name, number, what in (
        ("sigmoid", 1, "takes x for y"),
        ("sigmoid", 2, "forgets what comes from above"),
        ("tanh", 1, "takes x for y"),
        ("relu", 1, "asks dout in the place of x"),
        ("square", 1, "one of two paths is missing"),
        ("softmax", 1, "each output by itself"),
        ("softmax", 2, "sums along the columns"),
        ("centre", 1, "the mean is taken for a constant"),
        ("unit_rows", 1, "the length is taken for a constant"),
    ):
        x = {"x": away_from_0(rng, *((8, 5) if name == "relu" else (3, 4)))}
        label = f"a {name.replace('_', ' ')} layer: {what}"
        yield layer_case(rng, name, number, x, label)
    steep = away_from_0(rng, 2, 3)
    yield layer_case(rng, "softplus", 0, {"x": steep}, "a right softplus layer")
    steep[0, 1] = 800.0
    yield layer_case(rng, "softplus", 1, {"x": steep}, "a softplus layer: nan for a large x")
    for number, what in enumerate(("right", "g's is not summed", "both factors are forgotten")):
        inputs = dict(x=away_from_0(rng, 4, 3), g=1 + positive(rng, 3))
        yield layer_case(rng, "scale", number, inputs, f"a scale layer: {what}")

    def mixed_inputs():
        return dense_inputs(rng, 4, 3, 2) | {"g": away_from_0(rng, 2)}

    yield layer_case(rng, "mixed", 0, mixed_inputs(), "a right layer with four inputs")
    faults = ["sign", "half", "first column", "last column", "flipped"]
    for kind, names in zip(faults, ("xWbg", "xWbg", "xW", "xW", "x"), strict=True):
        name = str(rng.choice(list(names)))  # where so many entries are wrong that none can hide it
        label = f"a layer with four inputs, {name}'s gradient wrong"
        yield layer_case(rng, "mixed", 0, mixed_inputs(), label, (name, kind))


@layer_.reference
def check_layer(forward, backward, inputs, rng):
    dout = rng.normal(size=np.shape(forward(**inputs)))
    claimed = backward(dout, **inputs)
    wrong = []
    for name, value in inputs.items():

        def loss(v):
            return np.sum(dout * forward(**{**inputs, name: v}))

        gradient = claimed.get(name)
        if gradient is None or np.shape(gradient) != np.shape(value):
            wrong.append(name)
        elif not np.all(np.isfinite(gradient)) or find_wrong_gradient(loss, value, gradient):
            wrong.append(name)
    return wrong


@layer_.right
def check_layer(forward, backward, inputs, rng):
    y = forward(**inputs)
    dout = rng.normal(size=y.shape)
    found = backward(dout, **inputs)

    def right(name):
        if name not in found or found[name].shape != inputs[name].shape:
            return False
        slopes = np.zeros(inputs[name].shape)
        for index in np.ndindex(slopes.shape):
            at = {key: value.copy() for key, value in inputs.items()}
            at[name][index] += 1e-5
            above = np.vdot(dout, forward(**at))
            at[name][index] -= 2e-5
            slopes[index] = (above - np.vdot(dout, forward(**at))) / 2e-5
        return np.allclose(found[name], slopes, rtol=1e-4, atol=1e-7)

    return [name for name in inputs if not right(name)]


@layer_.right
def check_layer(forward, backward, inputs, rng):
    shape = forward(**inputs).shape
    suspects = []
    dout = rng.normal(0, 1, shape)
    grads = dict(backward(dout, **inputs))
    for name in inputs:
        changed = dict(inputs)

        def total(v):
            changed[name] = v
            return float((dout * forward(**changed)).sum())

        numeric = numerical_gradient(total, inputs[name])
        given = np.asarray(grads.pop(name, np.nan), dtype=float)
        near = False
        if given.shape == numeric.shape:
            off = np.abs(given - numeric)
            near = np.all((off <= 1e-7) | (off <= 1e-4 * np.maximum(abs(given), abs(numeric))))
        if not near:
            suspects.append(name)
    return tuple(suspects)


CHECKER = """def check_layer(forward, backward, inputs, rng):
    dout = rng.normal(size=np.shape(forward(**inputs)))
    claimed = backward(dout, **inputs)
    wrong = []
    for name, value in inputs.items():

        def loss(v):
            return np.sum(dout * forward(**{**inputs, name: v}))

        gradient = claimed.get(name)
        if gradient is None or np.shape(gradient) != np.shape(value):
            wrong.append(name)
        elif not np.all(np.isfinite(gradient)) or find_wrong_gradient(loss, value, gradient):
            wrong.append(name)
    return wrong
"""


def checker_with(*changes):
    """CHECKER with some of its lines exchanged."""
    text = CHECKER
    for old, new in changes:
        text = text.replace(old, new)
    return text


ONES = (
    "Some mistakes pass you by: those that a dout of equal numbers cannot show. With ones for "
    "dout, a node that forgets what comes from above looks right; let the generator draw it."
)
ALARM = (
    "You accuse a right layer. Where a gradient is 0 but for rounding, every difference is large "
    "in proportion: what is the absolute tolerance for?"
)
SHAPES = (
    "A gradient of another shape than its input passes you, or your checker stumbles over it. "
    "(1, 3) and (3,) go together in NumPy without a word: compare the shapes before the numbers."
)
NAN = (
    "A gradient of nan passes you. nan is neither larger nor smaller than any number, so every "
    "comparison with it says no: ask for it by name."
)
SLIPS = {  # slip -> (trap, hint, what it changes in CHECKER); an answer may have several
    "ones": ("a dout of ones", ONES, ("rng.normal(size=np.shape(forward(**inputs)))", "1.0")),
    "relative": (
        "a false alarm",
        ALARM,
        (
            "find_wrong_gradient(loss, value, gradient)",
            "relative_error(numerical_gradient(loss, value), gradient) > 1e-4",
        ),
    ),
    "shape": ("shapes are not compared", SHAPES, (" or np.shape(gradient) != np.shape(value)", "")),
    "nan": ("nan passes", NAN, ("not np.all(np.isfinite(gradient)) or ", "")),
}
for size in (1, 2, 3, 4):
    for slips in combinations(SLIPS, size):
        trap, hint, _ = SLIPS[slips[0]]
        text = checker_with(*[SLIPS[slip][2] for slip in slips])
        if "ones" in slips:
            text = text.replace("backward(dout,", "backward(np.ones(np.shape(forward(**inputs))),")
        layer_.trap_text(trap, text, hint=hint)
ALLCLOSE = "not np.allclose(numerical_gradient(loss, value), gradient, rtol=1e-4, atol=1e-7)"
for slips in (("shape",), ("ones", "shape")):
    text = checker_with(*[SLIPS[slip][2] for slip in slips])
    if "ones" in slips:
        text = text.replace("backward(dout,", "backward(np.ones(np.shape(forward(**inputs))),")
    text = text.replace("find_wrong_gradient(loss, value, gradient)", ALLCLOSE)
    layer_.trap_text(SLIPS[slips[0]][0], text)

EVERY_LAYER = (
    "Your checker ends with an error at every layer, at the right ones too: the layers' mistakes "
    "are not the cause. Give it one right layer, and read the last line of the error."
)
for change in (
    ("gradient is None", "gradient == None"),
    (
        "return np.sum(dout * forward(**{**inputs, name: v}))",
        "return dout * forward(**{**inputs, name: v})",
    ),
    ("in inputs.items()", "in inputs"),
):
    layer_.trap_text("an error at every layer", checker_with(change), hint=EVERY_LAYER)

MISSING = (
    "A backward pass may forget one of its inputs, and then there is no gradient to compare. A "
    "missing gradient is a wrong one; which names are in the dict, and which does your loop use?"
)
for code in ("ValueError", "IndexError"):
    layer_.difference_trap("shapes are not compared", code=f"raised:{code}")
layer_.trap_text(
    "a missing gradient is not noticed", checker_with((".get(name)", "[name]")), hint=MISSING
)
layer_.trap_text(
    "a missing gradient is not noticed",
    checker_with(
        ("for name, value in inputs.items():", "for name in claimed:\n        value = inputs[name]")
    ),
)

layer_.difference_trap("a missing gradient is not noticed", code="raised:KeyError")

SMALL = (
    "A gradient that is small, and all wrong, passes you: your absolute tolerance is larger than "
    "all its errors. How small is that of section 3.10, and which other one goes with it?"
)
for tolerance in ("1e-4", "1e-3", "1e-2"):
    off = f"np.abs(numerical_gradient(loss, value) - gradient).max() > {tolerance}"
    change = ("find_wrong_gradient(loss, value, gradient)", off)
    layer_.trap_text("a small gradient passes", checker_with(change), hint=SMALL)
off = "not np.allclose(numerical_gradient(loss, value), gradient, atol=1e-4)"
change = ("find_wrong_gradient(loss, value, gradient)", off)
layer_.trap_text("a small gradient passes", checker_with(change))

ONE_ENTRY = (
    "You look at some entries and trust the others. A mistake may sit in a single column: compare "
    "all of them."
)
for place in ("0", "-1"):
    off = f"(numerical_gradient(loss, value) - gradient).flat[{place}]"
    change = ("find_wrong_gradient(loss, value, gradient)", f"abs({off}) > 1e-6")
    layer_.trap_text("not every entry is compared", checker_with(change), hint=ONE_ENTRY)

ONE_INPUT = (
    "A layer may be wrong by several of its inputs at once. Your search ends at the first, or "
    "looks at one of them only."
)
layer_.trap_text(
    "not every input is compared",
    checker_with(("wrong.append(name)", "return [name]")),
    hint=ONE_INPUT,
)
layer_.trap_text(
    "not every input is compared",
    checker_with(("in inputs.items()", "in list(inputs.items())[:1]")),
)

layer_.trap_text(
    "the loss is not the one that dout belongs to",
    checker_with(("np.sum(dout * forward", "np.sum(forward")),
    hint="You measure the slope of the sum of y, and compare it with what backward made of your "
    "dout. Of which number is backward(dout, …) the gradient?",
)

for change in (
    ("wrong.append(name)", "wrong.append(list(inputs).index(name))"),
    ("return wrong", "return [name for name in inputs if name not in wrong]"),
    ("return wrong", "return not wrong"),
    ("wrong = []", "return []"),
):
    layer_.wrong_text(checker_with(change))


# -- the quiz ------------------------------------------------------------------------------------

chapter.quiz(
    q1=choice(
        "b",
        a="8 is the largest derivative alone. The gradient's own direction is steeper: what is the "
        "length of (6, −8)?",
        c="6 + 8 is what you would get if a step of length s went s along each axis; it cannot.",
        d="The two entries belong to different directions and are not subtracted from each other.",
    ),
    q2=choice(
        "c",
        a="Jumping means that η·c lies above 1. What does doubling make of it, and where is the "
        "limit?",
        b="A larger curvature makes the jumps longer, not shorter.",
        d="It can be told: η·c was above 1, since they jumped. Double it and compare with 2.",
    ),
    q3=choice(
        "a",
        b="A smaller h made things better only while the curve's own error was the larger one. "
        "Here it is the rounding, and that grows.",
        c="One-sided differences suffer from the same rounding, and the curve's error is larger.",
        d="The same call gives the same number: this rounding is not random from call to call.",
    ),
    q4=choice(
        "c",
        a="That is the path over c alone. a is used once more.",
        b="That is the direct path alone. a is used in c as well.",
        d="Nothing is overwritten where two paths meet.",
    ),
    q5=choice(
        "a",
        b="The mean over the rows has the same shape as the sum over the rows.",
        c="The direction is right, only the length is not: such a step goes down.",
        d="Each gradient is computed by itself; db takes no part in dW.",
    ),
    q6=choice(
        "b",
        a="Its output is near 0 or 1, and the next layer reads it like any other number.",
        c="The two are exchanged: y is sent forward, and y(1 − y), the slope back, is near 0.",
        d="The forward value was 0.999955 in section 3.5: that is sent on in full.",
    ),
    q7=choice(
        "d",
        a="Measuring is what backpropagation avoids.",
        b="Training is often done in float32 or less, and using a network needs the weights, too.",
        c="There is a gradient for each weight, true, but it does not grow with the batch; what "
        "does?",
    ),
    q8=choice(
        "d",
        a="With a dout of ones a flipped sign is still a flipped sign.",
        b="A gradient that is not there is missing whatever dout is.",
        c="Twice too large is twice too large, with ones as well.",
    ),
)
chapter.written(points=2)
