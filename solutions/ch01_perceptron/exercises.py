"""Exercises of chapter 1: the perceptron, logic gates, the learning rule and the margin.

All inputs are multiples of 1/8 or 1/16, which a computer holds exactly: no order of adding them up
can move a sum across 0, so a right answer is never refused by a rounding error. Right and wrong
answers are written as students write them, not as a linter would.
"""
# ruff: noqa: E731, RET503, RET505, SIM103, SIM108, SIM114

import numpy as np

from autograder.spec import DEFAULT_MODULES, Chapter, case, choice
from dlkit.check import accept, source_rules
from dlkit.check.codec import Draw

chapter = Chapter(
    "ch01_perceptron",
    coverage="C1",
    modules=(*DEFAULT_MODULES, "dlkit.explorers", "dlkit.nn", "dlkit.torch_nn"),
)

FOUR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def eighths(rng, *shape, largest=2):
    """Random multiples of 1/8 between -largest and largest."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


def one_unit(rng):
    """(x, w, b) of a random unit with one to five inputs."""
    n = int(rng.integers(1, 6))
    return eighths(rng, n), eighths(rng, n), float(eighths(rng))


# -- perceptron ----------------------------------------------------------------------------------

perceptron_ = chapter.exercise("perceptron", points=1, accept=accept.integer())


@perceptron_.inputs
def inputs(rng):
    yield case([1, 1], [0.5, 0.5], -0.75, label="both inputs on")
    yield case([1, 0], [0.5, 0.5], -0.75, label="one input on")
    yield case([0, 0], [0.5, 0.5], 0.25, label="no input on, bias above 0")
    yield case([1, 1], [0.5, 0.5], -1.0, label="a sum of exactly 0")
    yield case(np.array([1.0, 0.0]), np.array([0.25, 0.5]), -0.25, label="a sum of exactly 0")
    yield case([2, -1, 3], [1, 4, -2], 9, label="lists of whole numbers, three inputs")
    yield case(np.array([2, -1, 3]), np.array([1, 4, -2]), 8, label="whole numbers, sum exactly 0")
    yield case(np.array([3]), np.array([-2]), 7, label="a unit with one input")
    for _ in range(6):
        x, w, _b = one_unit(rng)
        yield case(x, w, -float(x @ w), label="random numbers whose sum is exactly 0")
    for kind in [np.float64] * 24 + [np.float32] * 8:
        x, w, b = one_unit(rng)
        yield case(x.astype(kind), w.astype(kind), b, label=f"random numbers ({kind.__name__})")
    for _ in range(8):
        x, w, b = one_unit(rng)
        yield case(x.tolist(), w.tolist(), b, label="lists of random numbers")


@perceptron_.reference
def perceptron(x, w, b):
    return int(np.dot(x, w) + b > 0)


@perceptron_.right
def perceptron(x, w, b):
    total = b
    for i in range(len(x)):
        total += x[i] * w[i]
    if total > 0:
        return 1
    return 0


@perceptron_.right
def perceptron(x, w, b):
    return 1 if sum(xi * wi for xi, wi in zip(x, w, strict=True)) > -b else 0


@perceptron_.right
def perceptron(x, w, b):
    extended = np.append(np.asarray(x, dtype=float), 1.0)
    return int(np.heaviside(extended @ np.append(w, b), 0.0))


@perceptron_.right
def perceptron(x, w, b):
    weighted = np.asarray(x) * np.asarray(w)
    return bool(weighted.sum() + b > 0) * 1


EXACTLY_ZERO = (
    "Look at a sum of exactly 0. Your unit fires there; the definition says what the sum must be "
    "for the unit to fire, and 0 is not that."
)


@perceptron_.trap("fires at exactly 0", hint=EXACTLY_ZERO)
def perceptron(x, w, b):
    return int(np.dot(x, w) + b >= 0)


FORGETS_B = (
    "Two units with the same inputs and weights but a different b get the same answer from you: "
    "b plays no part in your sum."
)


@perceptron_.trap("forgets b", hint=FORGETS_B)
def perceptron(x, w, b):
    return int(np.dot(x, w) > 0)


@perceptron_.trap("forgets b", hint=FORGETS_B)
def perceptron(x, w, b):
    return int(np.dot(x, w) >= 0)


BOOL_OR_SUM = (
    "What you return is not what the unit puts out. A unit's output is 0 or 1, and here it has to "
    "be a Python int; True, 1.0 or the weighted sum itself is something else."
)


@perceptron_.trap("fires at exactly 0")
def perceptron(x, w, b):
    return int(x @ w + b >= 0)


@perceptron_.trap("forgets b")
def perceptron(x, w, b):
    return int(np.sum(x * w) > 0)


for kind in ("bool", "numpy.bool", "float", "numpy.float64", "numpy.float32"):
    code = f"type:{kind}"
    perceptron_.difference_trap("returns a bool or the sum", code=code, hint=BOOL_OR_SUM)


@perceptron_.falls_into("returns a bool or the sum")
def perceptron(x, w, b):
    return bool(np.dot(x, w) + b > 0)


@perceptron_.falls_into("returns a bool or the sum")
def perceptron(x, w, b):
    return np.dot(x, w) + b >= 0


@perceptron_.falls_into("returns a bool or the sum")
def perceptron(x, w, b):
    return np.dot(x, w) + b


@perceptron_.falls_into("returns a bool or the sum")
def perceptron(x, w, b):
    return sum(xi * wi for xi, wi in zip(x, w, strict=True)) + b


@perceptron_.falls_into("returns a bool or the sum")
def perceptron(x, w, b):
    return 1.0 if np.dot(x, w) + b > 0 else 0.0


@perceptron_.trap(
    "takes b for the threshold",
    hint="Your unit fires when the weighted sum is above b. That was the threshold's job; the bias "
    "has moved to the other side of the inequality, and what happens to its sign there?",
)
def perceptron(x, w, b):
    return int(np.dot(x, w) > b)


@perceptron_.trap("takes b for the threshold")
def perceptron(x, w, b):
    return int(np.dot(x, w) - b > 0)


@perceptron_.trap(
    "only the first two inputs",
    hint="A unit may have one input, or three, or five. Your sum never takes more than the first "
    "two.",
)
def perceptron(x, w, b):
    return int((x[0] * w[0] + x[1] * w[1] if len(x) > 1 else x[0] * w[0]) + b > 0)


@perceptron_.wrong
def perceptron(x, w, b):
    return 1


@perceptron_.wrong
def perceptron(x, w, b):
    return np.where(np.dot(x, w) + b > 0, 1, 0)


# -- gates ---------------------------------------------------------------------------------------

gates_ = chapter.exercise(
    "gates",
    points=2,
    accept=accept.truth_table({"AND": [0, 0, 0, 1], "NAND": [1, 1, 1, 0], "OR": [0, 1, 1, 1]}),
)


@gates_.inputs
def inputs(rng):
    yield case(label="all three gates")


@gates_.reference
def gates():
    return {
        "AND": ([0.5, 0.5], -0.7),
        "NAND": ([-0.5, -0.5], 0.7),
        "OR": ([0.5, 0.5], -0.2),
    }


@gates_.right
def gates():
    w = np.array([1, 1])
    return {"OR": (w, 0), "AND": (w, -1), "NAND": (-2 * w, 3)}


@gates_.right
def gates():
    table = {"AND": [(2.0, 3.0), -4.5], "OR": [(7.0, 1.0), -0.5]}
    w, b = table["AND"]
    table["NAND"] = [np.negative(w), -b]
    return table


UNFLIPPED = (
    "Your NAND never fires, not even with no input on, where only the bias is left. Look at the "
    "bias, then at the signs of the weights."
)
ONE_IS_ENOUGH = (
    "Your AND fires although only one input is on. The sum of one weight and the bias is already "
    "above 0: compare the bias with each weight alone, then with both together."
)


gates_.difference_trap("NAND with unflipped bias", code="NAND:0000", hint=UNFLIPPED)


@gates_.falls_into("NAND with unflipped bias")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], -0.7), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("NAND with unflipped bias")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([0.5, 0.5], -1.0), "OR": ([0.5, 0.5], -0.2)}


for code in ("AND:0111", "AND:0011", "AND:0101", "AND:1111"):
    gates_.difference_trap(
        "bias so small that one true input is enough for AND", code=code, hint=ONE_IS_ENOUGH
    )


@gates_.falls_into("bias so small that one true input is enough for AND")
def gates():
    return {"AND": ([0.5, 0.5], -0.2), "NAND": ([-0.5, -0.5], 0.7), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("bias so small that one true input is enough for AND")
def gates():
    return {"AND": ([1.0, 0.5], -0.75), "NAND": ([-0.5, -0.5], 0.7), "OR": ([0.5, 0.5], -0.2)}


gates_.difference_trap(
    "AND never fires",
    code="AND:0000",
    hint="With both inputs on your AND's sum is not above 0. A sum of exactly 0 does not fire.",
)
gates_.difference_trap(
    "NAND gives up too early",
    code="NAND:1000",
    hint="Your NAND is silent as soon as one input is on. One weight alone must not be able to use "
    "up the whole bias.",
)
gates_.difference_trap(
    "OR fires without any input",
    code="OR:1111",
    hint="With both inputs off, only the bias is left, and yours makes the unit fire.",
)


@gates_.falls_into("NAND gives up too early")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], 0.5), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("OR fires without any input")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], 0.7), "OR": ([0.5, 0.5], 0.2)}


gates_.difference_trap(
    "NAND always fires",
    code="NAND:1111",
    hint="Your NAND always fires. The bias makes it fire, and the weights do not hold it back "
    "enough when both inputs are on. Check their signs, then compare their sum with the bias.",
)
gates_.difference_trap(
    "OR wants both inputs",
    code="OR:0001",
    hint="Your OR fires only with both inputs on, so it is an AND. One weight and the bias "
    "together do not get above 0.",
)


@gates_.falls_into("AND never fires")
def gates():
    return {"AND": ([0.5, 0.5], -1.0), "NAND": ([-0.5, -0.5], 1.0), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("NAND always fires")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([0.5, 0.5], 0.7), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("NAND always fires")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], 1.5), "OR": ([0.5, 0.5], -0.2)}


@gates_.falls_into("OR wants both inputs")
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "NAND": ([-0.5, -0.5], 0.7), "OR": ([0.5, 0.5], -0.7)}


@gates_.wrong
def gates():
    return {"AND": ([0.5, 0.5], -0.7), "OR": ([0.5, 0.5], -0.2)}


@gates_.wrong
def gates():
    return {"AND": [0, 0, 0, 1], "NAND": [1, 1, 1, 0], "OR": [0, 1, 1, 1]}


# -- first_counterexample (find the mistake) -------------------------------------------------------

counter_ = chapter.exercise("first_counterexample", points=2, accept=accept.exact())


@counter_.inputs
def inputs(rng):
    yield case([0.5, 0.5], -0.75, [0, 0, 0, 1], label="AND, claimed to be AND")
    yield case([0.5, 0.5], -0.75, [0, 1, 1, 1], label="AND, claimed to be OR")
    yield case([0.5, 0.5], -0.5, [0, 1, 1, 1], label="a sum of exactly 0")
    yield case((-0.5, -0.5), 0.75, [1, 1, 0, 0], label="NAND, claimed to be NOT x1")
    yield case([0, 1], 0, [0, 1, 1, 1], label="x2, claimed to be OR")
    yield case([1, 1], -1, [0, 0, 0, 0], label="AND, claimed never to fire")
    for i in range(36):
        w, b = eighths(rng, 2), float(eighths(rng))
        fires = (np.array(FOUR) @ w + b > 0).astype(int)
        targets = fires if i % 4 == 0 else rng.integers(0, 2, size=4)
        if i % 2:
            yield case(w, b, targets, label="random numbers")
        else:
            yield case(w.tolist(), b, targets.tolist(), label="lists of random numbers")


@counter_.reference
def first_counterexample(w, b, targets):
    fires = (np.array([[0, 0], [0, 1], [1, 0], [1, 1]]) @ np.asarray(w) + b > 0).astype(int)
    wrong = np.flatnonzero(fires != np.asarray(targets))
    return (int(wrong[0]) // 2, int(wrong[0]) % 2) if len(wrong) else None


@counter_.right
def first_counterexample(w, b, targets):
    i = 0
    for x1 in [0, 1]:
        for x2 in [0, 1]:
            if perceptron([x1, x2], w, b) != targets[i]:
                return (x1, x2)
            i += 1
    return None


@counter_.right
def first_counterexample(w, b, targets):
    points = ([0, 0], [0, 1], [1, 0], [1, 1])
    for point, target in zip(points, targets, strict=True):
        output = 1 if w[0] * point[0] + w[1] * point[1] + b > 0 else 0
        if output != target:
            return point


@counter_.trap("fires at exactly 0", hint=EXACTLY_ZERO)
def first_counterexample(w, b, targets):
    points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) + b >= 0) != target:
            return point
    return None


LAST = (
    "You found an input that refutes the claim, but another one that does so comes earlier in the "
    "order 00, 01, 10, 11. Does your loop go on after the first hit?"
)


@counter_.trap("the last counter-example instead of the first", hint=LAST)
def first_counterexample(w, b, targets):
    points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    found = None
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) + b > 0) != target:
            found = point
    return found


@counter_.trap("gives up after the first input", hint=(
    "Your loop ends after one input, whatever it saw there. One agreement proves nothing: a claim "
    "about four inputs is right only when all four agree."
))  # fmt: skip
def first_counterexample(w, b, targets):
    points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) + b > 0) != target:
            return point
        return None


AGREES = (
    "You return an input on which the unit does what was claimed. A counter-example is an input on "
    "which it does something else."
)


@counter_.trap("returns an input that agrees", hint=AGREES)
def first_counterexample(w, b, targets):
    points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) + b > 0) == target:
            return point
    return None


@counter_.trap("forgets b", hint=FORGETS_B)
def first_counterexample(w, b, targets):
    points = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) > 0) != target:
            return point
    return None


@counter_.trap("the order of the inputs", hint=(
    "The targets stand in the order 00, 01, 10, 11: the second input changes first. Your loop goes "
    "through the inputs in another order."
))  # fmt: skip
def first_counterexample(w, b, targets):
    points = [(0, 0), (1, 0), (0, 1), (1, 1)]
    for point, target in zip(points, targets, strict=True):
        if int(np.dot(point, w) + b > 0) != target:
            return point
    return None


@counter_.wrong
def first_counterexample(w, b, targets):
    return None


@counter_.wrong
def first_counterexample(w, b, targets):
    for i, point in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        if int(np.dot(point, w) + b > 0) != targets[i]:
            return i
    return None


# -- decision_line -------------------------------------------------------------------------------

decision_ = chapter.exercise("decision_line", points=1, accept=accept.close())


@decision_.inputs
def inputs(rng):
    yield case([0.5, 0.5], -0.75, label="the AND unit")
    yield case([1, 2], 3, label="lists of whole numbers")
    yield case(np.array([3, -2]), -5, label="an array of whole numbers")
    yield case([0.0, 0.5], -0.25, label="a horizontal line (w1 = 0)")
    yield case([0.5, 0.0], -0.25, label="a vertical line (w2 = 0)")
    yield case(np.array([-0.75, 0.0]), 0.0, label="a vertical line (w2 = 0)")
    yield case([2, 0], 1, label="a vertical line (w2 = 0)")
    for kind in [np.float64] * 12 + [np.float32] * 3:
        w = (1 + rng.integers(0, 24, size=2)) / 8 * rng.choice([-1, 1], size=2)
        b = (1 + int(rng.integers(0, 24))) / 8 * int(rng.choice([-1, 1]))
        yield case(w.astype(kind), b, label=f"random numbers ({kind.__name__})")


@decision_.reference
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError("w2 is 0: the line is vertical and has no slope")
    return -w[0] / w[1], -b / w[1]


@decision_.right
def decision_line(w, b):
    w1, w2 = float(w[0]), float(w[1])
    if w2 == 0:
        raise ValueError
    at_zero = -b / w2
    at_one = -(w1 + b) / w2
    return np.array([at_one - at_zero, at_zero])


@decision_.right
def decision_line(w, b):
    try:
        slope = -float(w[0]) / float(w[1])
    except ZeroDivisionError as error:
        raise ValueError("vertical") from error
    return [slope, -float(b) / float(w[1])]


LINE_SIGN = (
    "A sign got lost while solving for x2. When a term moves to the other side of the equation, "
    "what happens to it? Try the line at x1 = 0 and at x1 = 1, and put both points back into the "
    "equation."
)


@decision_.trap("sign", hint=LINE_SIGN)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return w[0] / w[1], b / w[1]


@decision_.trap("sign", hint=LINE_SIGN)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return w[0] / w[1], -b / w[1]


@decision_.trap("sign", hint=LINE_SIGN)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return -w[0] / w[1], b / w[1]


@decision_.trap("sign")
def decision_line(w, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return w[0] / w[1], b / w[1]


@decision_.trap("sign")
def decision_line(w, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return w[0] / w[1], -b / w[1]


@decision_.trap("sign")
def decision_line(w, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -w[0] / w[1], b / w[1]


DIVIDES_BY_W1 = (
    "You divide by the first weight. The slope tells how x2 changes when x1 grows by one, so the "
    "equation has to be solved for x2. Which number stands in front of x2?"
)


@decision_.trap("divides by w1", hint=DIVIDES_BY_W1)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return -w[1] / w[0], -b / w[0]


@decision_.trap("divides by w1")
def decision_line(w, b):
    if w[0] == 0:
        raise ValueError("vertical")
    return -w[0] / w[1], -b / w[0]


@decision_.trap("divides by w1", hint=DIVIDES_BY_W1)
def decision_line(w, b):
    w = np.asarray(w, dtype=float)
    if w[1] == 0:
        raise ValueError
    with np.errstate(divide="ignore", invalid="ignore"):
        return -w[1] / w[0], -b / w[0]


@decision_.trap("divides by w1", hint=DIVIDES_BY_W1)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return -w[1] / w[0], -b / w[1]


@decision_.trap("divides by w1", hint=DIVIDES_BY_W1)
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return -w[0] / w[1], -b / w[0]


@decision_.trap("divides by w1", hint=DIVIDES_BY_W1)
def decision_line(w, b):
    if w[0] == 0:
        raise ValueError
    return -w[1] / w[0], -b / w[0]


@decision_.trap("divides by w1")
def decision_line(w, b):
    if w[0] == 0 or w[1] == 0:
        raise ValueError
    return -w[1] / w[0], -b / w[0]


@decision_.trap("divides by w1")
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return w[1] / w[0], b / w[0]


@decision_.trap("divides by w1")
def decision_line(w, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -w[1] / w[0], -b / w[0]


VERTICAL = (
    "When w2 is 0 the line is vertical: it has no slope. Python's own ZeroDivisionError, or an "
    "infinite slope, is not the error that the exercise names."
)


@decision_.trap("a vertical line is not refused", hint=VERTICAL)
def decision_line(w, b):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -w[0] / w[1], -b / w[1]


@decision_.trap("a vertical line is not refused", hint=VERTICAL)
def decision_line(w, b):
    w = np.asarray(w, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -w[0] / w[1], -b / w[1]


@decision_.trap("a vertical line is not refused", hint=VERTICAL)
def decision_line(w, b):
    return -float(w[0]) / float(w[1]), -float(b) / float(w[1])


@decision_.wrong
def decision_line(w, b):
    if w[1] == 0:
        raise ValueError
    return -b / w[1], -w[0] / w[1]


# -- xor -----------------------------------------------------------------------------------------

xor_ = chapter.exercise("xor", points=2, accept=accept.integer())


@xor_.inputs
def inputs(rng):
    for x1, x2 in FOUR:
        yield case(x1, x2, label=f"the inputs {x1} and {x2}")


@xor_.reference
def xor(x1, x2):
    s1 = perceptron([x1, x2], *gates()["NAND"])
    s2 = perceptron([x1, x2], *gates()["OR"])
    return perceptron([s1, s2], *gates()["AND"])


@xor_.right
def xor(x1, x2):
    def NAND(a, b):
        return int(-0.5 * a - 0.5 * b + 0.7 > 0)

    c = NAND(x1, x2)
    return NAND(NAND(x1, c), NAND(c, x2))


@xor_.right
def xor(x1, x2):
    def step(total):
        if total > 0:
            return 1
        return 0

    both = step(x1 + x2 - 1.5)
    return step(x1 + x2 - 2 * both - 0.5)


@xor_.right
def xor(x1, x2):
    x = np.array([x1, x2])
    hidden = np.where(x @ np.array([[-1, 1], [-1, 1]]) + np.array([1.5, -0.5]) > 0, 1, 0)
    return int(hidden @ np.array([1, 1]) - 1.5 > 0)


@xor_.right
def xor(x1, x2):
    if x1 - x2 > 0:
        first = 1
    else:
        first = 0
    if x2 - x1 > 0:
        second = 1
    else:
        second = 0
    if first + second - 0.5 > 0:
        return 1
    return 0


@xor_.right
def xor(x1, x2):
    unit = lambda a, b, w1, w2, bias: 1 if w1 * a + w2 * b + bias > 0 else 0
    return unit(unit(x1, x2, -1, -1, 1.5), unit(x1, x2, 1, 1, -0.5), 1, 1, -1.5)


NOT_OUT_OF_UNITS = "uses `!=`, `^`, `%`, `abs`, a table or an if-chain on the inputs"
UNITS_HINT = (
    "Python decides for you: an operator, a function, a table or cases told apart by hand. Here "
    "every decision has to be a unit's: weights times inputs, plus a bias, above 0 or not. Start "
    "from the three gates that you have."
)
OPERATORS = ["NotEq", "BitXor", "Mod", "FloorDiv", "Pow", "BitAnd", "BitOr", "Invert", "LShift"]
OPERATORS += ["RShift", "And", "Or", "Match", "Set", "SetComp"]
IN_OPERATOR = ["xor", "ne", "eq", "mod", "abs", "pow", "and_", "or_", "not_", "floordiv"]
IN_OPERATOR += ["is_", "is_not", "contains", "getitem", "itemgetter", "countOf", "indexOf"]
IN_MATH = ["fabs", "fmod", "hypot", "sin", "cos", "pow", "isclose", "dist", "remainder"]
IN_NUMPY = ["logical_xor", "bitwise_xor", "not_equal", "equal", "abs", "absolute", "fabs", "mod"]
IN_NUMPY += ["remainder", "fmod", "square", "power", "float_power", "hypot", "sin", "cos", "diff"]
IN_NUMPY += ["isclose", "allclose", "array_equal", "logical_and", "unique"]
IN_NUMPY += ["logical_or", "logical_not", "bitwise_and", "bitwise_or", "choose", "take", "select"]
IN_NUMPY += ["ptp", "linalg.norm"]
CALLS = ["abs", "divmod", "pow", "round"]
CALLS += [f"operator.{name}" for name in IN_OPERATOR] + [f"math.{name}" for name in IN_MATH]
CALLS += [f"numpy.{name}" for name in IN_NUMPY]
ON_INPUTS = ["set", "frozenset", "min", "max", "sorted", "math.prod"]
ON_INPUTS += [f"numpy.{name}" for name in ("maximum", "minimum", "prod", "multiply", "sort")]


xor_.source_trap(
    NOT_OUT_OF_UNITS, rule=source_rules.uses(nodes=OPERATORS, calls=CALLS), hint=UNITS_HINT
)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int(x1 != x2)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return x1 ^ x2


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return (x1 + x2) % 2


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return abs(x1 - x2)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int(np.logical_xor(x1, x2))


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    import operator

    return operator.xor(x1, x2)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    def differ(a, b):
        return a != b

    return int(differ(x1, x2))


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return len({x1, x2}) - 1


xor_.source_trap(NOT_OUT_OF_UNITS, rule=source_rules.calls_on_inputs(ON_INPUTS))


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int(max(x1, x2) - min([x1, x2]) > 0)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    x = np.array([x1, x2])
    return int(x.sum() - 2 * np.prod(x) > 0)


@xor_.right
def xor(x1, x2):
    def step(total):
        return np.maximum(np.sign(total), 0)

    hidden = [step(x1 - x2), step(x2 - x1)]
    return int(max(hidden) > 0.5)


xor_.source_trap(NOT_OUT_OF_UNITS, rule=source_rules.looks_up_inputs())


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return [0, 1, 1, 0][2 * x1 + x2]


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return "0110"[2 * x1 + x2].count("1")


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    table = {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0}
    return table[x1, x2]


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return {(0, 1): 1, (1, 0): 1}.get((x1, x2), 0)


xor_.source_trap(NOT_OUT_OF_UNITS, rule=source_rules.branches_on_inputs())


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    if x1 == 0 and x2 == 1 or x1 == 1 and x2 == 0:
        return 1
    return 0


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return 0 if x1 == x2 else 1


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int((x1, x2) in [(0, 1), (1, 0)])


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    if x1:
        return 1 - x2
    return x2


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int((x1 or x2) and not (x1 and x2))


xor_.source_trap(NOT_OUT_OF_UNITS, rule=source_rules.multiplies_inputs())


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return x1 + x2 - 2 * x1 * x2


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return x1 * (1 - x2) + x2 * (1 - x1)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return int((x1 - x2) * (x1 - x2) > 0)


NO_STEP = (
    "Your function has no step: nothing in it is asked whether it is above a limit, so no unit "
    "decides anything. A unit takes weights times inputs, plus a bias, and is 1 if that is above "
    "0, else 0. Start from the three gates that you have."
)


xor_.source_trap(
    "no step anywhere",
    rule=source_rules.lacks_threshold(["perceptron", "perceptron_batch"]),
    hint=NO_STEP,
)


@xor_.falls_into("no step anywhere")
def xor(x1, x2):
    from operator import ne

    return int(ne(x1, x2))


@xor_.falls_into("no step anywhere")
def xor(x1, x2):
    s1 = -0.5 * x1 - 0.5 * x2 + 0.7
    s2 = 0.5 * x1 + 0.5 * x2 - 0.2
    return int(0.5 * s1 + 0.5 * s2 - 0.7)


xor_.source_trap(
    NOT_OUT_OF_UNITS, rule=source_rules.sorts_cases(["perceptron", "perceptron_batch"])
)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    if x1 > x2:
        return 1
    elif x2 > x1:
        return 1
    else:
        return 0


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    if x1 + x2 > 1.5:
        return 0
    return int(x1 + x2 > 0.5)


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    out = 0
    if x1 + x2 > 0.5:
        out = 1
    if x1 + x2 > 1.5:
        out = 0
    return out


@xor_.falls_into(NOT_OUT_OF_UNITS)
def xor(x1, x2):
    return 1 if 0 < x1 + x2 < 2 else 0


@xor_.trap(
    "computes OR",
    hint="With both inputs on you give 1. One of your units has to say no there: which gate does?",
)
def xor(x1, x2):
    return perceptron([x1, x2], *gates()["OR"])


@xor_.trap(
    "computes AND",
    hint="Only both inputs together give 1. Look at your first layer: which of its units says no "
    "there? And does the last unit combine the outputs of that layer, or the inputs?",
)
def xor(x1, x2):
    return perceptron([x1, x2], *gates()["AND"])


@xor_.trap("computes AND")
def xor(x1, x2):
    s1 = perceptron([x1, x2], *gates()["AND"])
    s2 = perceptron([x1, x2], *gates()["OR"])
    return perceptron([s1, s2], *gates()["AND"])


@xor_.trap(
    "equal instead of different",
    hint="You give 1 where the inputs agree and 0 where they differ. What turns your answer round?",
)
def xor(x1, x2):
    s1 = perceptron([x1, x2], *gates()["NAND"])
    s2 = perceptron([x1, x2], *gates()["OR"])
    return perceptron([s1, s2], *gates()["NAND"])


@xor_.trap("equal instead of different")
def xor(x1, x2):
    s1 = perceptron([x1, x2], *gates()["NAND"])
    s2 = perceptron([x1, x2], *gates()["OR"])
    return 1 - perceptron([s1, s2], *gates()["AND"])


@xor_.wrong
def xor(x1, x2):
    return perceptron([x1, x2], *gates()["NAND"])


@xor_.wrong
def xor(x1, x2):
    return float(perceptron([x1 + x2], [1], -0.5)) - perceptron([x1 + x2], [1], -1.5)


# -- is_linearly_separable -------------------------------------------------------------------------

separable_ = chapter.exercise("is_linearly_separable", points=1, accept=accept.truth())


@separable_.inputs
def inputs(rng):
    for number in range(16):
        targets = [number >> 3 & 1, number >> 2 & 1, number >> 1 & 1, number & 1]
        label = f"the targets {''.join(map(str, targets))}"
        yield case(targets, label=label)
        yield case(np.array(targets), label=f"{label} as an array")


@separable_.reference
def is_linearly_separable(targets):
    return tuple(int(t) for t in targets) not in {(0, 1, 1, 0), (1, 0, 0, 1)}


@separable_.right
def is_linearly_separable(targets):
    weights = np.arange(-2, 3)
    for w1 in weights:
        for w2 in weights:
            for b in weights + 0.5:
                outputs = [w1 * x1 + w2 * x2 + b > 0 for x1 in (0, 1) for x2 in (0, 1)]
                if np.array_equal(outputs, targets):
                    return True
    return False


@separable_.right
def is_linearly_separable(targets):
    a, b, c, d = targets
    return not (a == d and b == c and a != b)


@separable_.right
def is_linearly_separable(targets):
    w, b = np.zeros(2), 0.0
    points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    for _ in range(50):
        errors = 0
        for x, t in zip(points, targets, strict=True):
            error = t - (x @ w + b > 0)
            w, b, errors = w + error * x, b + error, errors + (error != 0)
        if errors == 0:
            return np.True_
    return np.False_


ONLY_XOR = (
    "XOR is not alone. One more of the sixteen tables cannot be cut by one line: take XOR's four "
    "points and think about what happens when every 0 becomes a 1 and every 1 a 0."
)


@separable_.trap("only XOR refused (XNOR too)", hint=ONLY_XOR)
def is_linearly_separable(targets):
    return tuple(int(t) for t in targets) != (0, 1, 1, 0)


@separable_.trap("only XOR refused (XNOR too)", hint=ONLY_XOR)
def is_linearly_separable(targets):
    return targets != [0, 1, 1, 0]


@separable_.trap("only XOR refused (XNOR too)", hint=ONLY_XOR)
def is_linearly_separable(targets):
    if targets == [0, 1, 1, 0]:
        return False
    return True


@separable_.trap("only XNOR refused", hint=(
    "You refuse one table and let its mirror image, the chapter's own example, pass."
))  # fmt: skip
def is_linearly_separable(targets):
    return tuple(int(t) for t in targets) != (1, 0, 0, 1)


CONSTANT = (
    "You refuse a table whose four outputs are all the same. Can a unit be built that never fires, "
    "or always? Think of a bias far above 0, or far below."
)


@separable_.trap("constant outputs refused", hint=CONSTANT)
def is_linearly_separable(targets):
    t = tuple(int(t) for t in targets)
    return t not in {(0, 1, 1, 0), (1, 0, 0, 1), (0, 0, 0, 0), (1, 1, 1, 1)}


@separable_.trap("constant outputs refused", hint=CONSTANT)
def is_linearly_separable(targets):
    return tuple(int(t) for t in targets) not in {(0, 1, 1, 0), (1, 0, 0, 1), (0, 0, 0, 0)}


@separable_.trap("constant outputs refused", hint=CONSTANT)
def is_linearly_separable(targets):
    return tuple(int(t) for t in targets) not in {(0, 1, 1, 0), (1, 0, 0, 1), (1, 1, 1, 1)}


@separable_.trap("every table with two ones refused", hint=(
    "Two ones and two zeros are not the reason. Draw the table 0, 0, 1, 1: the ones lie side by "
    "side."
))  # fmt: skip
def is_linearly_separable(targets):
    return int(sum(targets)) != 2


@separable_.wrong
def is_linearly_separable(targets):
    return True


@separable_.wrong
def is_linearly_separable(targets):
    return targets not in ([0, 1, 1, 0], [1, 0, 0, 1])


# -- perceptron_batch ------------------------------------------------------------------------------

batch_ = chapter.exercise("perceptron_batch", points=2, accept=accept.integers())


@batch_.inputs
def inputs(rng):
    yield case(np.array(FOUR, dtype=float), np.array([0.5, 0.5]), -0.75, label="the AND unit")
    yield case(FOUR, [0.5, 0.5], -0.25, label="lists of numbers")
    yield case(FOUR, [0.5, 0.5], -0.5, label="sums of exactly 0")
    yield case([[3, -1, 2]], [1, 2, -1], 1, label="a batch of one row")
    yield case(np.array([[2, -1], [-3, 4], [0, 1]]), np.array([2, 3]), -1, label="whole numbers")
    yield case([[0.5], [-0.5], [0.0]], [-1.0], 0.0, label="rows of one number")
    shapes = [(3, 3), (2, 2), (5, 5), (4, 4), (6, 3), (2, 5), (1, 4), (17, 2), (30, 6), (9, 1)]
    for n, d in shapes:
        for kind in (np.float64, np.float32):
            X, w, b = eighths(rng, n, d), eighths(rng, d), float(eighths(rng))
            yield case(
                X.astype(kind), w.astype(kind), b, label=f"shape ({n}, {d}), {kind.__name__}"
            )


@batch_.reference
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w) + b > 0).astype(int)


@batch_.right
def perceptron_batch(X, w, b):
    return np.where(np.sum(np.asarray(X) * np.asarray(w), axis=1) > -b, 1, 0)


@batch_.right
def perceptron_batch(X, w, b):
    return np.einsum("nd,d->n", X, w).__add__(b).__gt__(0).view(np.int8)


@batch_.right
def perceptron_batch(X, w, b):
    return np.heaviside(np.dot(X, w) + b, 0).astype(np.uint8)


@batch_.right
def perceptron_batch(X, w, b):
    sums = np.asarray(w)[None, :] @ np.asarray(X).T + b
    return (sums[0] > 0) * 1


WRONG_AXIS = (
    "The sum runs along the wrong axis. Each row of X is one example and gets one answer, so it is "
    "the D numbers within a row that are added up. Write down the shapes of X and w side by side."
)


@batch_.trap("wrong axis", hint=WRONG_AXIS)
def perceptron_batch(X, w, b):
    return (np.sum(np.asarray(X) * np.asarray(w), axis=0) + b > 0).astype(int)


@batch_.trap("wrong axis", hint=WRONG_AXIS)
def perceptron_batch(X, w, b):
    return (np.asarray(X).T @ np.asarray(w) + b > 0).astype(int)


@batch_.trap("wrong axis", hint=WRONG_AXIS)
def perceptron_batch(X, w, b):
    return (np.asarray(w) @ np.asarray(X) + b > 0).astype(int)


@batch_.trap("wrong axis")
def perceptron_batch(X, w, b):
    return (np.sum(X * w, axis=0) + b > 0).astype(int)


@batch_.trap("wrong axis")
def perceptron_batch(X, w, b):
    return (X.T @ w + b > 0).astype(int)


@batch_.trap("wrong axis")
def perceptron_batch(X, w, b):
    return (w @ X + b > 0).astype(int)


ONE_ANSWER = (
    "All rows run together into one sum and get one answer. Each row of X is one example and gets "
    "an answer of its own: only the D numbers within a row are added up."
)


@batch_.trap("one answer for all rows", hint=ONE_ANSWER)
def perceptron_batch(X, w, b):
    return (np.sum(np.asarray(X) * np.asarray(w)) + b > 0).astype(int)


@batch_.trap("one answer for all rows", hint=ONE_ANSWER)
def perceptron_batch(X, w, b):
    return int(np.sum(np.asarray(X) @ np.asarray(w) + b) > 0)


@batch_.trap("one answer for all rows")
def perceptron_batch(X, w, b):
    return (np.sum(X * w) + b > 0).astype(int)


@batch_.trap("one weight for each row", hint=(
    "In your product a whole row meets one number of w. But w has one number for each column: "
    "within a row, every input meets its own weight. Write down the shapes side by side."
))  # fmt: skip
def perceptron_batch(X, w, b):
    return (np.sum(np.asarray(X) * np.asarray(w)[:, None], axis=1) + b > 0).astype(int)


BOOLS = (
    "A comparison of arrays gives an array of True and False. The answers of the units are the "
    "numbers 0 and 1: let the array take an integer type."
)
batch_.difference_trap("bools", code="type:bool", hint=BOOLS)


@batch_.falls_into("bools")
def perceptron_batch(X, w, b):
    return np.asarray(X) @ np.asarray(w) + b > 0


@batch_.falls_into("bools")
def perceptron_batch(X, w, b):
    return np.dot(X, w) > -b


@batch_.trap("fires at exactly 0", hint=EXACTLY_ZERO)
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w) + b >= 0).astype(int)


@batch_.trap("forgets b", hint=FORGETS_B)
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w) > 0).astype(int)


@batch_.trap("works for arrays only", hint=(
    "The numbers may come as lists, and lists can neither be multiplied with @ nor with each "
    "other. Turn them into arrays first: np.asarray does that and leaves an array as it is."
))  # fmt: skip
def perceptron_batch(X, w, b):
    return (X @ w + b > 0).astype(int)


@batch_.trap("fires at exactly 0")
def perceptron_batch(X, w, b):
    return (X @ w + b >= 0).astype(int)


@batch_.trap("forgets b")
def perceptron_batch(X, w, b):
    return (X @ w > 0).astype(int)


LOOPS = (
    "The values are right, but it took far longer than one matrix product: Python visits the rows "
    "one by one (np.vectorize and apply_along_axis do the same behind the scenes). Ask NumPy for "
    "all rows at once."
)


def large_batch(rng):
    """200,000 rows of 10 whole numbers, sent as a recipe."""
    X = Draw(int(rng.integers(2**31)), (200_000, 10), -8, 9, "float64")
    return case(X, eighths(rng, 10), 0.5, label="200,000 rows")


batch_.time_rule(inputs=large_batch, ratio=30, yardstick="matvec", trap="loops", hint=LOOPS)


@batch_.falls_into("loops")
def perceptron_batch(X, w, b):
    return np.array([perceptron(x, w, b) for x in X])


@batch_.falls_into("loops")
def perceptron_batch(X, w, b):
    return np.apply_along_axis(lambda x: int(np.dot(x, w) + b > 0), 1, np.asarray(X))


@batch_.falls_into("loops")
def perceptron_batch(X, w, b):
    X = np.asarray(X)
    unit = np.vectorize(lambda i: int(X[i] @ np.asarray(w) + b > 0))
    return unit(np.arange(len(X)))


@batch_.wrong
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w) + b > 0).astype(float)


@batch_.wrong
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w)[:, None] + b > 0).astype(int)


# -- perceptron_update -----------------------------------------------------------------------------

update_ = chapter.exercise("perceptron_update", points=2, accept=accept.close())


@update_.inputs
def inputs(rng):
    yield case([1.0, 1.0], 1, [0.0, 0.0], 0.0, 0.5, label="the first step, silent but t = 1")
    yield case([1.0, 0.0], 0, [0.5, 0.5], 0.0, 0.5, label="firing but t = 0")
    yield case([1.0, 1.0], 1, [0.5, 0.5], -0.25, 0.5, label="a right answer, t = 1")
    yield case([1.0, 0.0], 0, [0.5, 0.5], -0.75, 0.5, label="a right answer, t = 0")
    yield case([1.0, 1.0], 0, [0.5, 0.5], -1.0, 0.5, label="a sum of exactly 0, t = 0")
    yield case([1.0, 1.0], 1, [0.5, 0.5], -1.0, 0.5, label="a sum of exactly 0, t = 1")
    yield case(np.array([2, -1]), 1, np.array([-3, 4]), 2, 0.25, label="whole numbers, t = 1")
    yield case(np.array([2, 3]), 0, np.array([3, 1]), -2, 0.125, label="whole numbers, t = 0")
    yield case([2, -1, 1], 0, [3, 1, 1], -2, 0.25, label="lists of whole numbers")
    for kind in [np.float64] * 24 + [np.float32] * 6:
        x, w, b = one_unit(rng)
        t, lr = int(rng.integers(0, 2)), float(rng.choice([0.125, 0.25, 0.5, 2.0]))
        yield case(x.astype(kind), t, w.astype(kind), b, lr, label=f"random ({kind.__name__})")


@update_.reference
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w + lr * error * x, b + lr * error


@update_.right
def perceptron_update(x, t, w, b, lr):
    y = perceptron(x, w, b)
    if y == t:
        return w, b
    sign = 1 if t == 1 else -1
    return [wi + sign * lr * xi for wi, xi in zip(w, x, strict=True)], b + sign * lr


@update_.right
def perceptron_update(x, t, w, b, lr):
    new = np.array(w, dtype=float)
    fired = np.dot(x, w) + b > 0
    if fired and t == 0:
        new -= lr * np.array(x)
        b = b - lr
    elif not fired and t == 1:
        new += lr * np.array(x)
        b = b + lr
    return new, b


UPDATE_SIGN = (
    "The step goes the wrong way. Take a unit that stayed silent although t is 1: its sum was too "
    "small. After your step, is the sum for the same x larger or smaller?"
)


@update_.trap("sign flipped", hint=UPDATE_SIGN)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = int(x @ w + b > 0) - t
    return w + lr * error * x, b + lr * error


ONE_SIGN = (
    "One part of your step goes the right way, the other the wrong way. Take a unit that stayed "
    "silent although t is 1: its sum was too small. Compute w·x before and after your step, and "
    "look at b before and after: which of the two has become smaller?"
)


@update_.trap("one of the two signs flipped", hint=ONE_SIGN)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w - lr * error * x, b + lr * error


@update_.trap("one of the two signs flipped", hint=ONE_SIGN)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w + lr * error * x, b - lr * error


RIGHT_MOVED = (
    "The unit's answer was right, and your step moved the line all the same. What is t minus the "
    "unit's output when the answer is right?"
)


@update_.trap("updates when right", hint=RIGHT_MOVED)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    sign = 2 * t - 1
    return w + lr * sign * x, b + lr * sign


@update_.trap("updates when right", hint=RIGHT_MOVED)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    return w + lr * t * x, b + lr * t


@update_.trap("updates when right", hint=RIGHT_MOVED)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0) or 2 * t - 1
    return w + lr * error * x, b + lr * error


@update_.trap("updates when right", hint=RIGHT_MOVED)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = 1 if x @ w + b <= 0 else -1
    return w + lr * error * x, b + lr * error


B_STAYS = (
    "The weights move and b never does. With b = 0 the line can turn, but it never leaves the "
    "origin: treat b as the weight of one more input that is always 1."
)


@update_.trap("updates when right")
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x), np.asarray(w)
    if perceptron(x, w, b) != t:
        return w, b
    return w + lr * (2 * t - 1) * x, b + lr * (2 * t - 1)


@update_.trap("b not updated", hint=B_STAYS)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w + lr * error * x, b


@update_.trap("updates when right")
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    return w + lr * x, b + lr


@update_.trap("updates when right")
def perceptron_update(x, t, w, b, lr):
    return w + lr * (2 * t - 1) * x, b + lr * (2 * t - 1)


@update_.trap("sign flipped")
def perceptron_update(x, t, w, b, lr):
    error = perceptron(x, w, b) - t
    return w + lr * error * x, b + lr * error


@update_.trap("b not updated")
def perceptron_update(x, t, w, b, lr):
    return w + lr * (t - perceptron(x, w, b)) * x, b


IN_PLACE = (
    "An array or list that was handed in has changed, and its old numbers are gone. An assignment "
    "such as w += … or w[i] = … writes into what the caller still holds."
)

update_.difference_trap("changes w in place", code="changed", hint=IN_PLACE)


@update_.falls_into("changes w in place")
def perceptron_update(x, t, w, b, lr):
    error = t - int(np.dot(x, w) + b > 0)
    w += lr * error * np.asarray(x)
    b += lr * error
    return w, b


@update_.falls_into("changes w in place")
def perceptron_update(x, t, w, b, lr):
    error = t - int(np.dot(x, w) + b > 0)
    for i in range(len(w)):
        w[i] += lr * error * x[i]
    return w, b + lr * error


@update_.falls_into("changes w in place")
def perceptron_update(x, t, w, b, lr):
    error = t - int(np.dot(x, w) + b > 0)
    w = np.asarray(w, dtype=float)
    w += lr * error * np.asarray(x)
    return w, b + lr * error


@update_.falls_into("changes w in place")
def perceptron_update(x, t, w, b, lr):
    error = t - int(np.dot(x, w) + b > 0)
    if error:
        w[:] = np.asarray(w) + lr * error * np.asarray(x)
    return w, b + lr * error


@update_.trap("forgets lr", hint=(
    "Your step comes out the same, whatever the learning rate is."
))  # fmt: skip
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w + error * x, b + error


@update_.trap("x plays no part in the step", hint=(
    "All weights move by the same amount. An input that was 0 had no share in the mistake; its "
    "weight should stay."
))  # fmt: skip
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b > 0)
    return w + lr * error, b + lr * error


@update_.trap("uses the sum instead of the unit's output", hint=(
    "You compare t with the weighted sum. The rule compares it with what the unit said: 0 or 1."
))  # fmt: skip
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - (x @ w + b)
    return w + lr * error * x, b + lr * error


@update_.trap("fires at exactly 0", hint=EXACTLY_ZERO)
def perceptron_update(x, t, w, b, lr):
    x, w = np.asarray(x, dtype=float), np.asarray(w, dtype=float)
    error = t - int(x @ w + b >= 0)
    return w + lr * error * x, b + lr * error


@update_.wrong
def perceptron_update(x, t, w, b, lr):
    return w, b


# -- train_perceptron ------------------------------------------------------------------------------

train_ = chapter.exercise("train_perceptron", points=3, accept=accept.close())


@train_.inputs
def inputs(rng):
    yield case(FOUR, [0, 0, 0, 1], 0.5, 20, label="AND")
    yield case(np.array(FOUR), np.array([0, 1, 1, 1]), 0.25, 20, label="OR")
    yield case(np.array(FOUR, dtype=float), [1, 1, 1, 0], 1.0, 30, label="NAND")
    yield case(FOUR, [0, 1, 1, 0], 0.5, 12, label="XOR, which has no end")
    yield case(FOUR, [0, 0, 0, 1], 0.5, 3, label="AND with too few epochs")
    yield case(FOUR, [0, 0, 0, 0], 0.5, 5, label="targets that are all 0")
    yield case([[2.0, -1.0, 0.5]], [1], 0.5, 4, label="a single row")
    for kind in [np.float64] * 8 + [np.float32] * 2:
        n, d = int(rng.integers(6, 13)), int(rng.integers(2, 5))
        X, w, b = eighths(rng, n, d), eighths(rng, d), float(eighths(rng, largest=1))
        t = (X @ w + b > 0).astype(int)
        yield case(X.astype(kind), t, 0.25, 40, label=f"separable random rows ({kind.__name__})")
    for _ in range(6):
        n = int(rng.integers(5, 10))
        yield case(eighths(rng, n, 2), rng.integers(0, 2, size=n), 0.5, 6, label="random targets")


@train_.reference
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b = np.zeros(X.shape[1]), 0.0
    errors_per_epoch = []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
        errors_per_epoch.append(errors)
        if errors == 0:
            break
    return w, b, errors_per_epoch


@train_.right
def train_perceptron(X, t, lr, epochs):
    w, b, history, epoch = [0.0] * len(X[0]), 0.0, [], 0
    while epoch < epochs and (not history or history[-1] > 0):
        wrong = 0
        for i in range(len(X)):
            total = b
            for j in range(len(w)):
                total += w[j] * X[i][j]
            if total > 0 and t[i] == 0:
                w, b, wrong = [w[j] - lr * X[i][j] for j in range(len(w))], b - lr, wrong + 1
            if total <= 0 and t[i] == 1:
                w, b, wrong = [w[j] + lr * X[i][j] for j in range(len(w))], b + lr, wrong + 1
        history.append(wrong)
        epoch += 1
    return np.array(w), b, np.array(history)


@train_.right
def train_perceptron(X, t, lr, epochs):
    extended = np.column_stack([X, np.ones(len(X))])
    weights = np.zeros(extended.shape[1])
    history = []
    for _ in range(epochs):
        changes = 0
        for row, target in zip(extended, t, strict=True):
            error = target - (row @ weights > 0)
            weights += lr * error * row
            changes += abs(error)
        history.append(changes)
        if not changes:
            return [weights[:-1], weights[-1], history]
    return [weights[:-1], weights[-1], history]


BATCH = (
    "All rows of an epoch are judged with the same weights: a change counts only from the next "
    "epoch on. The rule goes row by row: the second row meets the weights that the first one left."
)


@train_.trap("batch update instead of one by one", hint=BATCH)
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - (X @ w + b > 0)
        w, b = w + lr * error @ X, b + lr * error.sum()
        history.append(int(np.abs(error).sum()))
        if history[-1] == 0:
            break
    return w, b, history


@train_.trap("batch update instead of one by one", hint=BATCH)
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - (X @ w + b > 0)
        w, b = w + lr * error @ X / len(X), b + lr * error.mean()
        history.append(int(np.abs(error).sum()))
        if history[-1] == 0:
            break
    return w, b, history


@train_.trap("batch update instead of one by one", hint=BATCH)
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - (X @ w + b > 0)
        w, b = w + lr * error @ X, b + lr * error.sum()
        history.append(int(np.abs(error).sum()))
    return w, b, history


@train_.trap("batch update instead of one by one", hint=BATCH)
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - (X @ w + b > 0)
        w, b = w + lr * error @ X / len(X), b + lr * error.mean()
        history.append(int(np.abs(error).sum()))
    return w, b, history


NEVER_STOPS = (
    "An epoch without a single error is the goal: nothing moves any more, and its 0 ends the list. "
    "Your list goes on with one 0 after another, as long as there are epochs. Where do they come "
    "from?"
)


@train_.trap("never stops", hint=NEVER_STOPS)
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
        history.append(errors)
    return w, b, history


train_.difference_trap(
    "never stops",
    code="endless",
    hint="Your training never comes back. Its loop needs two ways out: what ends it, besides an "
    "epoch without errors?",
)


@train_.falls_into("never stops")
def train_perceptron(X, t, lr, epochs):
    w, b, errors = np.zeros(np.shape(X)[1]), 0.0, []
    while errors[-1:] != [0]:
        errors.append(0)
        for x, target in zip(X, t, strict=True):
            errors[-1] += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
    return w, b, errors


@train_.trap("never stops")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
        history.append(errors)
    return w, b, history


@train_.trap("batch update instead of one by one")
def train_perceptron(X, t, lr, epochs):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - perceptron_batch(X, w, b)
        w, b = w + lr * error @ X, b + lr * error.sum()
        history.append(int(np.abs(error).sum()))
        if history[-1] == 0:
            break
    return w, b, history


@train_.trap("batch update instead of one by one")
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        error = t - (X @ w + b > 0)
        w, b = w + lr * error @ X, b + lr * error.sum()
        history.append(int(np.sum((X @ w + b > 0) != t)))
        if history[-1] == 0:
            break
    return w, b, history


@train_.trap("the clean epoch's 0 is missing", hint=(
    "Training stops at the right moment, but the last epoch, the one without errors, is not in "
    "your list."
))  # fmt: skip
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
        if errors == 0:
            break
        history.append(errors)
    return w, b, history


COUNTED_LATE = (
    "Your counts are not right: a row is counted after the weights have already moved, so training "
    "may also stop too early. An error is what the unit got wrong when it met the row."
)


@train_.trap("errors counted after the update", hint=COUNTED_LATE)
def train_perceptron(X, t, lr, epochs):
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        for x, target in zip(X, t, strict=True):
            w, b = perceptron_update(x, target, w, b, lr)
        history.append(int(np.sum(perceptron_batch(X, w, b) != t)))
        if history[-1] == 0:
            break
    return w, b, history


@train_.trap("errors counted after the update", hint=COUNTED_LATE)
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            w, b = perceptron_update(x, target, w, b, lr)
            errors += int(perceptron(x, w, b) != target)
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


@train_.trap("the count is not set back to 0", hint=(
    "Your counts only ever grow: the errors of earlier epochs are still in them."
))  # fmt: skip
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b, history, errors = np.zeros(X.shape[1]), 0.0, [], 0
    for _ in range(epochs):
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, b) != target)
            w, b = perceptron_update(x, target, w, b, lr)
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


@train_.trap("errors of opposite sign cancel", hint=(
    "You add up t minus output, so a +1 and a −1 make 0 and the epoch looks clean. Both are errors."
))  # fmt: skip
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(target) - perceptron(x, w, b)
            w, b = perceptron_update(x, target, w, b, lr)
        history.append(errors)
        if errors == 0:
            break
    return w, b, history


@train_.trap("b not updated", hint=B_STAYS)
def train_perceptron(X, t, lr, epochs):
    X = np.asarray(X, dtype=float)
    w, history = np.zeros(X.shape[1]), []
    for _ in range(epochs):
        errors = 0
        for x, target in zip(X, t, strict=True):
            errors += int(perceptron(x, w, 0.0) != target)
            w, _b = perceptron_update(x, target, w, 0.0, lr)
        history.append(errors)
        if errors == 0:
            break
    return w, 0.0, history


@train_.wrong
def train_perceptron(X, t, lr, epochs):
    return np.zeros(np.shape(X)[1]), 0.0, [0]


@train_.wrong
def train_perceptron(X, t, lr, epochs):
    w, b = np.ones(np.shape(X)[1]), 0.0
    for x, target in zip(X, t, strict=True):
        w, b = perceptron_update(x, target, w, b, lr)
    return w, b, [len(X)] * epochs


# -- margin --------------------------------------------------------------------------------------

margin_ = chapter.exercise("margin", points=2, accept=accept.close())


@margin_.inputs
def inputs(rng):
    yield case(FOUR, [0, 0, 0, 1], [0.5, 0.5], -0.75, label="the AND unit")
    yield case(np.array(FOUR), np.array([0, 1, 1, 1]), np.array([3, 4]), -2, label="whole numbers")
    yield case([[2, 1], [-1, -1]], [1, 0], [3, 4], 0, label="lists of whole numbers")
    yield case([[1.0, 1.0]], [1], [3.0, 4.0], -12.0, label="one point, on the wrong side")
    yield case([[1.0, 1.0]], [0], [3.0, 4.0], -12.0, label="one point, on the right side")
    yield case([[1.0, 1.0], [2.0, 2.0]], [0, 1], [3.0, 4.0], -7.0, label="a point on the line")
    yield case(FOUR, [0, 1, 1, 0], [1.0, 1.0], -0.5, label="XOR")
    for kind in [np.float64] * 12 + [np.float32] * 4:
        n, d = int(rng.integers(2, 9)), int(rng.integers(1, 5))
        X, w, b = eighths(rng, n, d), eighths(rng, d), float(eighths(rng))
        w[0] += 3.0
        t = (X @ w + b > 0).astype(int)
        yield case(X.astype(kind), t, w.astype(kind), b, label=f"all right ({kind.__name__})")
        t[int(rng.integers(n))] ^= 1
        yield case(X.astype(kind), t, w.astype(kind), b, label=f"one wrong ({kind.__name__})")


@margin_.reference
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min((2 * t - 1) * (X @ w + b)) / np.linalg.norm(w)


@margin_.right
def margin(X, t, w, b):
    length = sum(wi**2 for wi in w) ** 0.5
    distances = []
    for x, target in zip(X, t, strict=True):
        distance = (sum(xi * wi for xi, wi in zip(x, w, strict=True)) + b) / length
        distances.append(distance if target == 1 else -distance)
    return min(distances)


@margin_.right
def margin(X, t, w, b):
    w = np.array(w, dtype=float)
    signed = (np.array(X) @ w + b) / np.sqrt(w @ w)
    return float(np.where(np.array(t) == 1, signed, -signed).min())


NO_NORM = (
    "Multiply w and b by 10 and the line stays where it is, but your margin grows tenfold. A "
    "distance must not depend on how long w is."
)


@margin_.trap("not divided by the norm", hint=NO_NORM)
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min((2 * t - 1) * (X @ w + b))


@margin_.trap("not divided by the norm", hint=NO_NORM)
def margin(X, t, w, b):
    X, w = np.asarray(X), np.asarray(w)
    return np.min(np.abs(X @ w + b))


ABSOLUTE = (
    "Your margin is never below 0: somewhere a distance loses its sign. A point on its wrong side "
    "has to count as negative."
)


@margin_.trap("absolute value", hint=ABSOLUTE)
def margin(X, t, w, b):
    X, w = np.asarray(X), np.asarray(w)
    return np.min(np.abs(X @ w + b)) / np.linalg.norm(w)


@margin_.trap("absolute value", hint=ABSOLUTE)
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return abs(np.min((2 * t - 1) * (X @ w + b)) / np.linalg.norm(w))


@margin_.trap("not divided by the norm")
def margin(X, t, w, b):
    return np.min((2 * t - 1) * (X @ w + b))


@margin_.trap("absolute value")
def margin(X, t, w, b):
    return np.min(np.abs(X @ w + b)) / np.linalg.norm(w)


@margin_.trap("negative distances cut off", hint=(
    "Your margin is never below 0. A point on its wrong side has a negative distance, and the "
    "smallest one counts."
))  # fmt: skip
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return max(0.0, np.min((2 * t - 1) * (X @ w + b)) / np.linalg.norm(w))


@margin_.trap("ignores which side is right", hint=(
    "The distances of the points with t = 0 come out with the wrong sign: for them the right side "
    "is the one where the sum is negative."
))  # fmt: skip
def margin(X, t, w, b):
    X, w = np.asarray(X), np.asarray(w)
    return np.min(X @ w + b) / np.linalg.norm(w)


@margin_.trap("t used as it is", hint=(
    "A point with t = 0 is multiplied by 0, so its distance vanishes. Each point needs a sign, "
    "plus or minus, made from its t."
))  # fmt: skip
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min(t * (X @ w + b)) / np.linalg.norm(w)


@margin_.trap("divided by the squared norm", hint=(
    "You divide by w·w, the square of the length of w. Multiply w and b by 10: your margin shrinks "
    "to a tenth."
))  # fmt: skip
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min((2 * t - 1) * (X @ w + b)) / (w @ w)


@margin_.trap("b counted in the length of w", hint=(
    "Shift the line by changing b alone: the unit of length changes in your formula. Only the "
    "weights decide how steep the sum is."
))  # fmt: skip
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min((2 * t - 1) * (X @ w + b)) / np.linalg.norm(np.append(w, b))


@margin_.wrong
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.mean((2 * t - 1) * (X @ w + b)) / np.linalg.norm(w)


@margin_.wrong
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return (2 * t - 1) * (X @ w + b) / np.linalg.norm(w)


# -- rings_counterexample (find the mistake) -------------------------------------------------------

rings_ = chapter.exercise("rings_counterexample", points=2, accept=accept.not_separable((1, 2)))


@rings_.inputs
def inputs(rng):
    yield case(label="your points")


@rings_.reference
def rings_counterexample():
    return [[1, 0], [2, 0], [-2, 0]], [0, 1, 1]


@rings_.right
def rings_counterexample():
    angles = np.arange(8) * np.pi / 4
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    return np.vstack([0.9 * circle, 2.5 * circle]), np.repeat([0, 1], 8)


@rings_.right
def rings_counterexample():
    angles = np.arange(3) * 2 * np.pi / 3
    outer = 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    return np.vstack([[[0, 0]], outer]), [0, 1, 1, 1]


@rings_.right
def rings_counterexample():
    X = np.array([[0.0, 0.0], [2.0, 2.0], [-2.0, 2.0], [0.0, -3.0]])
    return X, np.array([0, 1, 1, 1])


STILL_SEPARABLE = (
    "One straight line does separate these points, so they prove nothing against the claim. Draw "
    "them: is there an inner point that outer points surround?"
)
rings_.difference_trap("points that a line separates", code="separable", hint=STILL_SEPARABLE)


@rings_.falls_into("points that a line separates")
def rings_counterexample():
    return [[1, 0], [2, 0]], [0, 1]


@rings_.falls_into("points that a line separates")
def rings_counterexample():
    return [[1, 0], [-1, 0], [0, 1], [0, -1]], [0, 0, 0, 0]


@rings_.falls_into("points that a line separates")
def rings_counterexample():
    return [[1, 0], [0, 1], [2, 0], [0, 2]], [0, 0, 1, 1]


rings_.difference_trap(
    "points off the rings",
    code="rings",
    hint="A point does not lie where its class belongs: class 0 is the inner ring, at most 1 from "
    "the origin, class 1 the outer one, at least 2 from it.",
)


@rings_.falls_into("points off the rings")
def rings_counterexample():
    return [[1, 0], [2, 0], [-2, 0]], [1, 0, 0]


@rings_.falls_into("points off the rings")
def rings_counterexample():
    return [[0, 0], [1, 1], [0, 1], [1, 0]], [0, 0, 1, 1]


@rings_.wrong
def rings_counterexample():
    return [[1, 0], [2, 0], [-2, 0]]


# -- the quiz ------------------------------------------------------------------------------------

chapter.quiz(
    q1=choice(
        "b",
        a="10 looks large beside the weights, but the sum is 10 − 20, and that is not above 0.",
        c="It is the sum that decides, and with b = −20 it never gets above 0.",
        d="One input brings 5. What is 5 − 20?",
    ),
    q2=choice(
        "d",
        a="With x1 = 0 both of the notes' products vanish, but w12·x2 need not.",
        b="With x2 = 0 the right formula loses its second product; the notes' formula keeps it.",
        c="Equal weights do not help: with x1 = 1 and x2 = 0 the notes count the 1 twice.",
    ),
    q3=choice(
        "c",
        a="The Chinese name of NOT stands above NAND's table in the notes, but NOT has one input.",
        b="NAND(0, 1) and NAND(1, 0) are both 1, so it does not turn round either input.",
        d="NOR is 1 only for 00; NAND is 0 only for 11.",
    ),
    q4=choice(
        "a",
        b="A bias that is added after the sum is right: it is added once for each output.",
        c="A sum may run over any letter; renaming it everywhere changes nothing.",
        d="Large and small letters are a habit, not a rule.",
    ),
    q5=choice(
        "b",
        a="Stacking alone is not what helped. Put one sum into the other and multiply out.",
        c="Larger weights move the line or turn it; they do not bend it.",
        d="Training can only choose among the lines that the unit can draw.",
    ),
    q6=choice(
        "c",
        a="The unit fired although it should not: the sum is too large, so nothing should grow.",
        b="The second input was 0. It had no share in the sum, and lr·(t − y)·0 is 0.",
        d="The rule rests only when the answer is right; here t − y is −1.",
    ),
    q7=choice(
        "a",
        b="The sums are ten times as large, but a distance is divided by the length of w, which is "
        "ten times as large too.",
        c="The sign of a sum times 10 is the sign of the sum.",
        d="The sigmoid sees sums ten times as large, so its values move towards 0 and 1.",
    ),
    q8=choice(
        "d",
        a="The sigmoid is curved over its input, but the question 'is it above 0.9?' is a question "
        "about one weighted sum.",
        b="The sum at which the sigmoid passes 0.9 is not 0.",
        c="The weights stay the same, and they alone give the line its direction.",
    ),
)
chapter.written(points=2)
