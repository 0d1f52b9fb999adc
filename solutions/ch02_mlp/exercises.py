"""Exercises of chapter 2: layers, the forward pass, activations, approximation, a small project.

Most inputs are multiples of 1/8, which a computer holds exactly. Ties, thresholds and places where
rounding could decide are left out, except where an exercise is about them. Right and wrong answers
are written as students write them, not as a linter would.
"""
# ruff: noqa: E731, RET503, RET505, SIM108, B905

import numpy as np

from autograder.spec import DEFAULT_MODULES, Chapter, case, choice
from dlkit.check import accept, source_rules
from dlkit.check.codec import Fn

PARTS = ("datasets", "explorers", "nn", "optim", "plots", "torch_nn", "training")

chapter = Chapter(
    "ch02_mlp",
    coverage="C2",
    modules=(*DEFAULT_MODULES, *(f"dlkit.{part}" for part in PARTS)),
)

FOUR = [[0, 0], [0, 1], [1, 0], [1, 1]]
KINDS = (np.float64, np.float32)


def eighths(rng, *shape, largest=2):
    """Random multiples of 1/8 between -largest and largest."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


def whole(rng, *shape, largest=4):
    """Random whole numbers between -largest and largest, none of them 0."""
    return rng.integers(1, largest + 1, size=shape) * rng.choice([-1, 1], size=shape)


def elementwise(rng, largest=6):
    """(x, label) of every kind that an elementwise function takes; each holds both signs and 0."""
    yield 2, "a whole number"
    yield -3, "a whole number below 0"
    yield -1.25, "a number below 0"
    yield 0.0, "the number 0"
    yield np.float64(0.75), "a NumPy number"
    yield [-2.5, 0.0, 1.5], "a list"
    yield [[1, -2], [0, 3], [-1, 2]], "a list of lists of whole numbers"
    yield np.array([-3, -1, 0, 2, 4]), "an array of whole numbers"
    yield np.array([-1.5]), "a single entry"
    for kind in KINDS:
        for shape in ((7,), (2, 5), (4, 4), (2, 3, 2)):
            x = eighths(rng, *shape, largest=largest)
            x.flat[:3] = 0, -1.5, 2.25
            yield x.astype(kind), f"random numbers of shape {shape}, {kind.__name__}"


# -- what several exercises share ------------------------------------------------------------------

ARRAYS_ONLY = "works for arrays only"
ARRAYS_ONLY_HINT = (
    "The numbers may also come as a list, and a list does not compute: -x, x / 2 or x > 0 is an "
    "error. np.asarray turns it into an array and leaves an array as it is."
)
LISTS_TOO_HINT = (
    "The numbers may also come as lists, and lists know neither the sign @ nor .dot. np.asarray "
    "turns a list into an array and leaves an array as it is."
)
ONE_BY_ONE = "works for single numbers only"
ONE_BY_ONE_HINT = (
    "With more than one number Python cannot tell which way to go: `if`, `max` and the functions "
    "of `math` want a single number. Look for NumPy's way to treat every entry."
)
FORGETS_B = "forgets b"
FORGETS_B_HINT = "Two layers with the same W and another b give the same result. Where is b?"


def library(*names):
    """A source rule: one of these functions of a library is used instead of one's own."""
    places = ("dlkit.nn", "dlkit.torch_nn", "nn", "torch_nn")
    places += ("torch", "torch.nn", "torch.nn.functional", "F", "scipy.special", "special")
    return source_rules.uses(calls=[f"{place}.{name}" for place in places for name in names])


LIBRARY = "a library's function"
LIBRARY_HINT = (
    "A library computes it here, or the code hides what it calls (with getattr, eval or the like). "
    "The point of this exercise is to write the formula down yourself, for all to see."
)

# -- count_parameters ------------------------------------------------------------------------------

count_ = chapter.exercise("count_parameters", points=1, accept=accept.exact())


@count_.inputs
def inputs(rng):
    yield case([4, 5], label="one layer")
    yield case([784, 50, 100, 10], label="the layers of a textbook")
    yield case((3, 1), label="a tuple")
    for layers in (1, 2, 2, 3, 3, 4, 6):
        sizes = rng.integers(2, 30, size=layers + 1)
        yield case(sizes.tolist(), label=f"{layers} weighted layers")


@count_.reference
def count_parameters(sizes):
    return sum(d * m + m for d, m in zip(sizes[:-1], sizes[1:]))


@count_.right
def count_parameters(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += (sizes[i - 1] + 1) * sizes[i]
    return total


@count_.right
def count_parameters(sizes):
    sizes = np.asarray(sizes)
    return np.sum(sizes[:-1] * sizes[1:]) + sizes[1:].sum()


@count_.right
def count_parameters(sizes):
    params = [(np.zeros((a, b)), np.zeros(b)) for a, b in zip(sizes, sizes[1:])]
    return sum(W.size + b.size for W, b in params)


BIASES_MISSING = (
    "Your number counts the arrows between the layers only. What else does each unit have that "
    "training may change?"
)


@count_.trap("forgets biases", hint=BIASES_MISSING)
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:]))


@count_.trap("forgets the output's biases", hint=(
    "Your number has the hidden units' biases and all weights. Which column computes, too?"
))  # fmt: skip
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes[1:-1])


@count_.trap("one bias a layer", hint=(
    "You count one bias for a whole layer. Who has a bias of its own?"
))  # fmt: skip
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:])) + len(sizes) - 1


COUNTS_INPUT = (
    "Your number is too large by as many as there are inputs. The inputs are given, not computed: "
    "has an input a bias of its own?"
)


@count_.trap("counts the input layer", hint=COUNTS_INPUT)
def count_parameters(sizes):
    return sum(a * b for a, b in zip(sizes, sizes[1:])) + sum(sizes)


@count_.trap("biases of the wrong layer", hint=(
    "Each unit has one bias. You took as many biases as a layer has inputs, not as it has units."
))  # fmt: skip
def count_parameters(sizes):
    return sum(a * b + a for a, b in zip(sizes, sizes[1:]))


@count_.trap("counts units instead of connections", hint=(
    "You counted units. Every unit has one weight for each of its inputs, so a layer with 4 inputs "
    "and 5 units has many more weights than 9."
))  # fmt: skip
def count_parameters(sizes):
    return sum(sizes)


@count_.wrong
def count_parameters(sizes):
    return int(np.prod(sizes))


@count_.wrong
def count_parameters(sizes):
    return sum(sizes[1:])


@count_.wrong
def count_parameters(sizes):
    return [a * b + b for a, b in zip(sizes, sizes[1:])]


# -- dense_forward ---------------------------------------------------------------------------------

dense_ = chapter.exercise("dense_forward", points=1, accept=accept.close())


@dense_.inputs
def inputs(rng):
    yield case([[1, 2]], [[3, 0, -1], [1, -1, 2]], [10, 20, 30], label="lists of whole numbers")
    yield case(whole(rng, 3, 2), whole(rng, 2, 4), whole(rng, 4), label="arrays of whole numbers")
    yield case([[0.5, -1.0], [2.0, 0.25]], [[1.0], [-0.5]], [0.125], label="lists, one unit")
    X, W, b = whole(rng, 3, 2), whole(rng, 2, 4), whole(rng, 4)
    yield case(X, W, b + 0.5, label="whole X and W, b with fractions")
    yield case(X, W / 8, b + 0.5, label="whole X, W and b with fractions")
    for shapes in ((3, 3, 3), (2, 2, 2), (5, 4, 4), (4, 3, 4), (1, 3, 2), (1, 2, 2), (6, 1, 3)):
        n, d, m = shapes
        for kind in KINDS:
            X, W, b = eighths(rng, n, d), eighths(rng, d, m), whole(rng, m)
            W[0] += np.arange(m)  # no two columns alike, and W is never its own transpose
            W[-1, 0] += 9
            label = f"{n} rows, {d} inputs, {m} units ({kind.__name__})"
            yield case(X.astype(kind), W.astype(kind), b.astype(kind), label=label)


@dense_.reference
def dense_forward(X, W, b):
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)


@dense_.right
def dense_forward(X, W, b):
    out = []
    for x in X:
        row = []
        for j in range(len(b)):
            row.append(sum(x[i] * W[i][j] for i in range(len(x))) + b[j])
        out.append(row)
    return out


@dense_.right
def dense_forward(X, W, b):
    return np.einsum("nd,dm->nm", X, W) + np.array(b)[None, :]


@dense_.right
def dense_forward(X, W, b):
    longer = np.column_stack([X, np.ones(len(X))])
    return longer @ np.vstack([W, b])


TRANSPOSED = (
    "You use W as if it had one row for each unit. Here W has one row for each input and one "
    "column for each unit. Write the shapes of X and W side by side: which two numbers must agree?"
)


@dense_.trap("W transposed", hint=TRANSPOSED)
def dense_forward(X, W, b):
    return np.asarray(X) @ np.asarray(W).T + np.asarray(b)


@dense_.trap("W transposed")
def dense_forward(X, W, b):
    return X @ W.T + b


@dense_.trap("W transposed")
def dense_forward(X, W, b):
    return np.array([[np.dot(x, w) + bias for w, bias in zip(W, b)] for x in X])


@dense_.trap("W transposed")
def dense_forward(X, W, b):
    return np.einsum("nd,md->nm", X, W) + np.asarray(b)


@dense_.trap("W transposed")
def dense_forward(X, W, b):
    return np.asarray(W) @ np.asarray(X).T + np.asarray(b)


@dense_.trap("W transposed")
def dense_forward(X, W, b):
    return [[sum(x * w for x, w in zip(row, W[j])) + b[j] for j in range(len(b))] for row in X]


B_AXIS = (
    "Your b runs down the rows. It holds one number for each unit, so each column of the result "
    "gets one of them, the same in every row."
)


@dense_.trap("b added to the wrong axis", hint=B_AXIS)
def dense_forward(X, W, b):
    return np.asarray(X) @ np.asarray(W) + np.asarray(b)[:, None]


@dense_.trap("b added to the wrong axis")
def dense_forward(X, W, b):
    return X @ W + b.reshape(-1, 1)


@dense_.trap("b added to the wrong axis")
def dense_forward(X, W, b):
    S = np.array(np.asarray(X) @ np.asarray(W), dtype=float)
    for n in range(len(S)):
        S[n, :] += b[n]
    return S


@dense_.trap("turned round before b is added", hint=(
    "You turn X @ W round before you add b. Its rows are the examples and its columns the units: "
    "for which of the two does b hold the numbers?"
))  # fmt: skip
def dense_forward(X, W, b):
    return (np.asarray(X) @ np.asarray(W)).T + np.asarray(b)


@dense_.trap(FORGETS_B, hint=FORGETS_B_HINT)
def dense_forward(X, W, b):
    return np.asarray(X) @ np.asarray(W)


@dense_.trap("all biases added to every unit", hint=(
    "Every unit gets the sum of all biases from you. Each unit has one bias of its own."
))  # fmt: skip
def dense_forward(X, W, b):
    return np.asarray(X) @ np.asarray(W) + np.sum(b)


@dense_.trap("X and W swapped", hint=(
    "W @ X is another product than X @ W. Which of the two has N rows, one for each example?"
))  # fmt: skip
def dense_forward(X, W, b):
    return np.asarray(W) @ np.asarray(X) + np.asarray(b)


@dense_.trap("X and W swapped")
def dense_forward(X, W, b):
    return np.einsum("ij,jk->ik", W, X) + np.asarray(b)


@dense_.trap(ARRAYS_ONLY, hint=LISTS_TOO_HINT)
def dense_forward(X, W, b):
    return X @ W + b


@dense_.trap(ARRAYS_ONLY)
def dense_forward(X, W, b):
    return X.dot(W) + b


@dense_.wrong
def dense_forward(X, W, b):
    return (np.asarray(X) @ np.asarray(W) + np.asarray(b)).T


@dense_.wrong
def dense_forward(X, W, b):
    return np.maximum(np.asarray(X) @ np.asarray(W) + np.asarray(b), 0)


@dense_.wrong
def dense_forward(X, W, b):
    S = np.asarray(X) @ np.asarray(W)
    S += b
    return S


@dense_.wrong
def dense_forward(X, W, b):
    X, W = np.asarray(X), np.asarray(W)
    S = np.zeros((X.shape[0], W.shape[1]), dtype=X.dtype)
    S[...] = X @ W + b
    return S


@dense_.wrong
def dense_forward(X, W, b):
    return np.asarray(X)[0] @ np.asarray(W) + np.asarray(b)


# -- collapse_linear -------------------------------------------------------------------------------

collapse_ = chapter.exercise("collapse_linear", points=2, accept=accept.close())


def random_params(rng, sizes, kind=np.float64, numbers=eighths):
    """A list of (W, b) for layers of these sizes; no bias is 0, no square W is symmetric."""
    params = []
    for d, m in zip(sizes, sizes[1:]):
        W = numbers(rng, d, m)
        W[0, -1] += 3
        params.append((W.astype(kind), whole(rng, m, largest=2).astype(kind)))
    return params


@collapse_.inputs
def inputs(rng):
    yield case([([[1, 2], [0, 1]], [1, -1]), ([[1], [3]], [2])], label="lists of whole numbers")
    whole_params = random_params(rng, [2, 3, 2], int, whole)
    yield case(whole_params, label="arrays of whole numbers")
    halves = [(W, b + 0.5) for W, b in random_params(rng, [2, 3, 2], int, whole)]
    yield case(halves, label="whole W, b with fractions")
    yield case([[[[0.5, -1.0]], [0.25, 0.0]]], label="a stack of one layer, as lists")
    square, others = ((2, 2, 2), (3, 3, 3, 3), (2, 2, 2, 2)), ((4, 3, 2), (3, 5, 1), (1, 4, 2, 3))
    for sizes in (*square, *others, (2, 3)):
        for kind in KINDS:
            label = f"layers {' → '.join(map(str, sizes))} ({kind.__name__})"
            yield case(random_params(rng, sizes, kind), label=label)


@collapse_.reference
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W @ np.asarray(V), b @ np.asarray(V) + np.asarray(c)
    return W, b


@collapse_.right
def collapse_linear(params):
    def run(X):
        for W, b in params:
            X = X @ np.array(W, dtype=float) + np.array(b, dtype=float)
        return X

    d = len(params[0][0])
    b = run(np.zeros((1, d)))[0]
    return run(np.eye(d)) - b, b


@collapse_.right
def collapse_linear(params):
    total = None
    for W, b in params:
        W, b = np.asarray(W, dtype=float), np.asarray(b, dtype=float)
        block = np.zeros((W.shape[0] + 1, W.shape[1] + 1))
        block[:-1, :-1], block[-1, :-1], block[-1, -1] = W, b, 1
        total = block if total is None else total.dot(block)
    return [total[:-1, :-1], total[-1, :-1]]


@collapse_.right
def collapse_linear(params):
    if len(params) == 1:
        return tuple(params[0])
    (W, b), (V, c), *rest = params
    first = (np.dot(W, V), np.dot(b, V) + np.array(c))
    return collapse_linear([first, *rest])


ORDER = (
    "Something is multiplied in the wrong order, the matrices or b with a matrix. The rows of X "
    "meet the first layer's W first; write (X @ W0 + b0) @ W1 down and multiply it out."
)


@collapse_.trap("order", hint=ORDER)
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = np.asarray(V) @ W, np.asarray(V) @ b + np.asarray(c)
    return W, b


@collapse_.trap("order")
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = np.asarray(V) @ W, b @ np.asarray(V) + np.asarray(c)
    return W, b


@collapse_.trap("order")
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[-1])
    for V, c in params[-2::-1]:
        W, b = W @ np.asarray(V), b @ np.asarray(V) + np.asarray(c)
    return W, b


@collapse_.trap("order")
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W @ np.asarray(V), np.asarray(V) @ b + np.asarray(c)
    return W, b


LOSES_BIASES = (
    "What some layers add is lost on the way. Put a row of zeros through the stack by hand: which "
    "biases are in what comes out?"
)


@collapse_.trap("loses biases", hint=LOSES_BIASES)
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W @ np.asarray(V), np.asarray(c)
    return W, b


@collapse_.trap("loses biases")
def collapse_linear(params):
    W = np.asarray(params[0][0])
    for V, _ in params[1:]:
        W = W @ np.asarray(V)
    return W, np.zeros(W.shape[1])


@collapse_.trap("loses biases")
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, _ in params[1:]:
        W, b = W @ np.asarray(V), b @ np.asarray(V)
    return W, b


@collapse_.trap("adds the biases up as they are", hint=(
    "You add the biases of all layers. But the first layer's b is part of what the second layer "
    "multiplies: what happens to it there?"
))  # fmt: skip
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W @ np.asarray(V), b + np.asarray(c)
    return W, b


@collapse_.trap("multiplies entry by entry", hint=(
    "* multiplies two arrays entry by entry. One layer after another is a matrix product."
))  # fmt: skip
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W * np.asarray(V), b * np.asarray(V) + np.asarray(c)
    return W, b


@collapse_.trap(ARRAYS_ONLY, hint=LISTS_TOO_HINT)
def collapse_linear(params):
    W, b = params[0]
    for V, c in params[1:]:
        W, b = W @ V, b @ V + c
    return W, b


@collapse_.wrong
def collapse_linear(params):
    return params[-1]


@collapse_.wrong
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    for V, c in params[1:]:
        W, b = W @ np.asarray(V), b @ np.asarray(V) + np.asarray(c)
    return W


@collapse_.wrong
def collapse_linear(params):
    W, b = (np.asarray(part) for part in params[0])
    V, c = (np.asarray(part) for part in params[-1])
    return W @ V, b @ V + c


# -- sigmoid ---------------------------------------------------------------------------------------

sigmoid_ = chapter.exercise(
    "sigmoid", points=1, accept=accept.close(), forbidden=("dlkit.nn.sigmoid",)
)
sigmoid_.difference_trap(LIBRARY, code="raised:ForbiddenCall", hint=LIBRARY_HINT)


@sigmoid_.inputs
def inputs(rng):
    for x, label in elementwise(rng):
        yield case(x, label=label)
    yield case(np.array([-40.0, 40.0, -700.0, 700.0]), label="large numbers")
    yield case(np.array([-1e4, 1e4, -1000.0, 1000.0]), label="very large numbers")
    yield case([-1000, 1000, 10000, -10000], label="a list of very large whole numbers")
    yield case(10_000.0, label="the number 10,000")
    yield case(-10_000.0, label="the number -10,000")
    far = np.array([[-100, 100, 0], [1e4, -1e4, 1]], dtype=np.float32)
    yield case(far, label="large numbers, float32")


@sigmoid_.reference
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


@sigmoid_.right
def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=np.float64)))


@sigmoid_.right
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    y = np.empty_like(x)
    up = x >= 0
    y[up] = 1 / (1 + np.exp(-x[up]))
    e = np.exp(x[~up])
    y[~up] = e / (1 + e)
    return y


@sigmoid_.right
def sigmoid(x):
    import math

    if isinstance(x, (list, tuple, np.ndarray)):
        return [sigmoid(entry) for entry in x]
    if x < -40:
        return 0.0
    return 1 / (1 + math.exp(-x))


@sigmoid_.right
def sigmoid(x):
    return (np.tanh(np.asarray(x) / 2) + 1) / 2


@sigmoid_.right
def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -50, 50)))


OVERFLOW = (
    "Far from 0 a power of e is beyond what a computer can hold. Python stops there with an error. "
    "NumPy makes it infinity, and infinity divided by infinity is nan. Is there a form of the "
    "formula in which e only gets negative powers?"
)


@sigmoid_.trap("overflow to nan", hint=OVERFLOW)
def sigmoid(x):
    return np.exp(x) / (1 + np.exp(x))


@sigmoid_.trap("overflow to nan")
def sigmoid(x):
    e = np.exp(np.asarray(x, dtype=float))
    return np.where(np.asarray(x) >= 0, e / (1 + e), 1 / (1 + np.exp(-np.asarray(x, dtype=float))))


@sigmoid_.trap("overflow to nan")
def sigmoid(x):
    x = np.asarray(x)
    return 1 - np.exp(-x) / (1 + np.exp(-x))


@sigmoid_.trap("overflow to nan")
def sigmoid(x):
    x = np.asarray(x) / 2
    return np.exp(x) / (np.exp(x) + np.exp(-x))


sigmoid_.difference_trap("overflow to nan", code="raised:OverflowError")


@sigmoid_.falls_into("overflow to nan")
def sigmoid(x):
    import math

    if isinstance(x, (list, np.ndarray)):
        return np.array([sigmoid(entry) for entry in x])
    return 1 / (1 + math.exp(-x))


@sigmoid_.falls_into("overflow to nan")
def sigmoid(x):
    import math

    return np.vectorize(lambda v: math.exp(v) / (1 + math.exp(v)), otypes=[float])(x)


SIGN = (
    "Your curve falls where it should rise. A large sum should give an answer near 1: look at the "
    "signs, in an exponent and outside."
)


@sigmoid_.trap("sign", hint=SIGN)
def sigmoid(x):
    return 1 / (1 + np.exp(np.asarray(x, dtype=float)))


@sigmoid_.trap("sign")
def sigmoid(x):
    return 1 / (1 + np.exp(x))


@sigmoid_.trap("sign")
def sigmoid(x):
    x = np.asarray(x, dtype=float)
    return np.exp(-x) / (1 + np.exp(-x))


@sigmoid_.trap("sign")
def sigmoid(x):
    return 1 - 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@sigmoid_.trap(ARRAYS_ONLY, hint=ARRAYS_ONLY_HINT)
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@sigmoid_.trap(ONE_BY_ONE, hint=ONE_BY_ONE_HINT)
def sigmoid(x):
    if x >= 0:
        return 1 / (1 + np.exp(-x))
    return np.exp(x) / (1 + np.exp(x))


@sigmoid_.trap(ONE_BY_ONE)
def sigmoid(x):
    import math

    return 1 / (1 + math.exp(-x))


@sigmoid_.trap("one minus instead of one plus", hint=(
    "At 0 your function divides by nothing. Which sign stands in the denominator?"
))  # fmt: skip
def sigmoid(x):
    return 1 / (1 - np.exp(-np.asarray(x, dtype=float)))


sigmoid_.source_trap(LIBRARY, rule=library("sigmoid", "expit", "Sigmoid"), hint=LIBRARY_HINT)


@sigmoid_.falls_into(LIBRARY)
def sigmoid(x):
    from dlkit import nn

    return nn.Sigmoid()(np.asarray(x))


@sigmoid_.falls_into(LIBRARY)
def sigmoid(x):
    import torch

    return torch.sigmoid(torch.as_tensor(x, dtype=torch.float64)).numpy()


@sigmoid_.wrong
def sigmoid(x):
    return np.tanh(x)


@sigmoid_.wrong
def sigmoid(x):
    return (np.asarray(x) > 0).astype(float)


@sigmoid_.wrong
def sigmoid(x):
    y = np.zeros_like(x)
    x = np.asarray(x, dtype=float)
    y[...] = 0.5 * (1 + np.tanh(x / 2))
    return y


# -- relu and leaky_relu ---------------------------------------------------------------------------

relus_ = chapter.exercise("relu", names=["relu", "leaky_relu"], points=2, accept=accept.close())
relu_, leaky_ = relus_["relu"], relus_["leaky_relu"]


@relu_.inputs
def inputs(rng):
    for x, label in elementwise(rng):
        yield case(x, label=label)
    yield case(np.array([-1e4, 1e4]), label="large numbers")


@relu_.reference
def relu(x):
    return np.maximum(x, 0)


@relu_.right
def relu(x):
    return np.where(np.asarray(x) > 0, x, 0)


@relu_.right
def relu(x):
    x = np.asarray(x)
    return x * (x > 0)


@relu_.right
def relu(x):
    if isinstance(x, (list, np.ndarray)):
        return [relu(entry) for entry in x]
    return max(x, 0)


@relu_.right
def relu(x):
    x = np.array(x)
    x[x < 0] = 0
    return x


CHANGES_X = (
    "The numbers that were handed in have changed. x[x < 0] = …, x *= … and out=x all write into "
    "the caller's array; np.asarray makes no copy of an array."
)
relu_.difference_trap("changes x", code="changed", hint=CHANGES_X)


@relu_.falls_into("changes x")
def relu(x):
    x = np.asarray(x)
    x[x < 0] = 0
    return x


@relu_.falls_into("changes x")
def relu(x):
    x[x < 0] = 0
    return x


@relu_.falls_into("changes x")
def relu(x):
    if isinstance(x, np.ndarray):
        return np.maximum(x, 0, out=x)
    return np.maximum(x, 0)


@relu_.trap(ARRAYS_ONLY, hint=ARRAYS_ONLY_HINT)
def relu(x):
    return x * (x > 0)


@relu_.trap(ONE_BY_ONE, hint=ONE_BY_ONE_HINT)
def relu(x):
    return max(0, x)


@relu_.trap(ONE_BY_ONE)
def relu(x):
    if x > 0:
        return x
    return 0


@relu_.trap("takes the size of x", hint=(
    "You turn what is below 0 round. ReLU lets it end at 0."
))  # fmt: skip
def relu(x):
    return np.abs(x)


@relu_.trap("the wrong half", hint=(
    "You keep what is below 0 and drop what is above it."
))  # fmt: skip
def relu(x):
    return np.minimum(x, 0)


relu_.source_trap(LIBRARY, rule=library("relu", "ReLU", "relu_"), hint=LIBRARY_HINT)


@relu_.falls_into(LIBRARY)
def relu(x):
    import torch

    return torch.relu(torch.as_tensor(np.asarray(x))).numpy()


@relu_.wrong
def relu(x):
    return (np.asarray(x) > 0) * 1.0


@relu_.wrong
def relu(x):
    return np.clip(x, 0, 1)


@relu_.wrong
def relu(x):
    return np.max(np.maximum(x, 0))


@leaky_.inputs
def inputs(rng):
    slopes = (0.2, 0.0, 1.0, 0.5, 0.25)
    for i, (x, label) in enumerate(elementwise(rng)):
        if i % 3:
            yield case(x, slopes[i % 5], label=f"slope {slopes[i % 5]}, {label}")
        else:
            yield case(x, label=f"the default slope, {label}")
    yield case(np.array([-2.0, 3.0, 0.0]), slope=0.3, label="slope=0.3 by its name")
    yield case(np.array([-1e4, 1e4]), 0.1, label="large numbers")


@leaky_.reference
def leaky_relu(x, slope=0.01):
    x = np.asarray(x)
    return np.where(x > 0, x, slope * x)


@leaky_.right
def leaky_relu(x, slope=0.01):
    return np.maximum(x, slope * np.asarray(x))


@leaky_.right
def leaky_relu(x, slope=0.01):
    return np.maximum(x, 0) + slope * np.minimum(x, 0)


@leaky_.right
def leaky_relu(x, slope=0.01):
    y = np.array(x, dtype=float)
    y[y < 0] *= slope
    return y


@leaky_.right
def leaky_relu(x, slope=0.01):
    if isinstance(x, (list, np.ndarray)):
        return np.array([leaky_relu(entry, slope) for entry in x])
    return x if x > 0 else slope * x


WRONG_SIDE = (
    "Above 0 your function has the small slope, and below 0 it lets everything through. On which "
    "side should the small slope be?"
)


@leaky_.trap("slope on the wrong side", hint=WRONG_SIDE)
def leaky_relu(x, slope=0.01):
    x = np.asarray(x)
    return np.where(x > 0, slope * x, x)


@leaky_.trap("slope on the wrong side")
def leaky_relu(x, slope=0.01):
    return np.minimum(x, slope * np.asarray(x))


@leaky_.trap("slope on the wrong side")
def leaky_relu(x, slope=0.01):
    return np.where(x < 0, x, slope * x)


@leaky_.trap("slope on the wrong side")
def leaky_relu(x, slope=0.01):
    x = np.asarray(x)
    return np.maximum(slope * x, 0) + np.minimum(x, 0)


IGNORES_SLOPE = "Your function gives the same result whatever slope it is called with."


@leaky_.trap("ignores slope", hint=IGNORES_SLOPE)
def leaky_relu(x, slope=0.01):
    x = np.asarray(x)
    return np.where(x > 0, x, 0.01 * x)


@leaky_.trap("ignores slope")
def leaky_relu(x, slope=0.01):
    return np.where(x > 0, x, 0.01 * x)


@leaky_.trap("ignores slope")
def leaky_relu(x, slope=0.01):
    return np.maximum(x, 0)


@leaky_.trap("ignores slope")
def leaky_relu(x, slope=0.01):
    return np.where(np.asarray(x) > 0, x, 0.1 * np.asarray(x))


@leaky_.trap("the slope's sign is turned", hint=(
    "Below 0 your function is positive. A slope times a number below 0 stays below 0."
))  # fmt: skip
def leaky_relu(x, slope=0.01):
    x = np.asarray(x)
    return np.where(x > 0, x, -slope * x)


@leaky_.trap("the slope itself below 0", hint=(
    "Below 0 your function is the slope itself, the same number everywhere. A slope is what x is "
    "multiplied with."
))  # fmt: skip
def leaky_relu(x, slope=0.01):
    return np.where(np.asarray(x) > 0, x, slope)


@leaky_.trap("the slope itself below 0")
def leaky_relu(x, slope=0.01):
    return np.maximum(x, slope)


leaky_.difference_trap("changes x", code="changed", hint=CHANGES_X)


@leaky_.falls_into("changes x")
def leaky_relu(x, slope=0.01):
    x[x < 0] = slope * x[x < 0]
    return x


@leaky_.falls_into("changes x")
def leaky_relu(x, slope=0.01):
    x = np.asarray(x, dtype=float)
    x[x < 0] *= slope
    return x


@leaky_.trap(ARRAYS_ONLY, hint=ARRAYS_ONLY_HINT)
def leaky_relu(x, slope=0.01):
    return np.where(x > 0, x, slope * x)


@leaky_.trap(ONE_BY_ONE, hint=ONE_BY_ONE_HINT)
def leaky_relu(x, slope=0.01):
    return max(x, slope * x)


@leaky_.trap(ONE_BY_ONE)
def leaky_relu(x, slope=0.01):
    if x > 0:
        return x
    return slope * x


leaky_.source_trap(LIBRARY, rule=library("leaky_relu", "LeakyReLU"), hint=LIBRARY_HINT)


@leaky_.falls_into(LIBRARY)
def leaky_relu(x, slope=0.01):
    from dlkit import nn

    return nn.leaky_relu(x, slope)


@leaky_.wrong
def leaky_relu(x, slope=0.01):
    return np.asarray(x) * slope


@leaky_.wrong
def leaky_relu(x, slope=0.01):
    y = np.array(x)
    y[y < 0] = slope * y[y < 0]
    return y


# -- mlp_forward -----------------------------------------------------------------------------------

mlp_ = chapter.exercise("mlp_forward", points=3, accept=accept.close())


def as_lists(params):
    """Parameters with plain lists in the place of arrays."""
    return [(W.tolist(), b.tolist()) for W, b in params]


@mlp_.inputs
def inputs(rng):
    functions = (Fn("relu"), Fn("tanh"), Fn("scale", (2.0,)))
    lists = as_lists(random_params(rng, [2, 3, 1]))
    yield case([[1.0, -0.5], [0.25, 2.0]], lists, Fn("relu"), label="lists")
    params = random_params(rng, [2, 2, 2], int, whole)
    yield case(whole(rng, 3, 2), params, Fn("relu"), label="whole numbers")
    halves = [(W, b + 0.5) for W, b in random_params(rng, [2, 2, 2], int, whole)]
    yield case(whole(rng, 3, 2), halves, Fn("relu"), label="whole X and W, b with fractions")
    for i, sizes in enumerate(
        [(3, 2), (2, 4, 3), (3, 3, 3), (2, 2, 2), (4, 5, 3, 2), (3, 2, 4, 5, 1), (2, 6, 2)] * 2
    ):
        n, kind = (1, 3, 4, 2, 5, 1, 6)[i % 7], KINDS[i // 7]
        X = eighths(rng, n, sizes[0]).astype(kind)
        label = f"{n} rows, layers {' → '.join(map(str, sizes))} ({kind.__name__})"
        yield case(X, random_params(rng, sizes, kind), functions[i % 3], label=label)


@mlp_.reference
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i < len(params) - 1:
            X = activation(X)
        outputs.append(X)
    return outputs


@mlp_.right
def mlp_forward(X, params, activation):
    outputs = [X]
    for W, b in params[:-1]:
        outputs.append(activation(dense_forward(outputs[-1], W, b)))
    W, b = params[-1]
    return outputs[1:] + [dense_forward(outputs[-1], W, b)]


@mlp_.right
def mlp_forward(X, params, activation):
    (W, b), *rest = params
    sums = np.dot(X, W) + b
    if not rest:
        return [sums]
    Y = activation(sums)
    return [Y, *mlp_forward(Y, rest, activation)]


@mlp_.right
def mlp_forward(X, params, activation):
    def layer(X, W, b, last):
        rows = []
        for x in X:
            row = [sum(x[i] * W[i][j] for i in range(len(W))) + b[j] for j in range(len(b))]
            rows.append(row if last else [float(activation(s)) for s in row])
        return rows

    found = ()
    for number, (W, b) in enumerate(params, start=1):
        X = layer(X, W, b, number == len(params))
        found += (X,)
    return found


ON_THE_LAST = (
    "The last layer has an activation in your network. Its sums, the logits, should come out as "
    "they are: look at which layers your activation reaches."
)


@mlp_.trap("activation on the last", hint=ON_THE_LAST)
def mlp_forward(X, params, activation):
    outputs = []
    for W, b in params:
        X = activation(np.asarray(X) @ np.asarray(W) + np.asarray(b))
        outputs.append(X)
    return outputs


@mlp_.trap("activation on the last")
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i == len(params) - 1:
            X = activation(X)
        outputs.append(X)
    return outputs


@mlp_.trap("activation on the last")
def mlp_forward(X, params, activation):
    outputs = []
    for W, b in params:
        X = activation(X @ W + b)
        outputs.append(X)
    return outputs


MISSING = (
    "No activation is to be seen in your hidden layers: what comes out are the plain sums of a "
    "linear stack, which is one layer in disguise."
)


@mlp_.trap("missing", hint=MISSING)
def mlp_forward(X, params, activation):
    outputs = []
    for W, b in params:
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        outputs.append(X)
    return outputs


@mlp_.trap("missing")
def mlp_forward(X, params, activation):
    outputs = []
    for W, b in params:
        X = X @ W + b
        outputs.append(X)
    return outputs


@mlp_.trap("the sums are listed, not the outputs", hint=(
    "The hidden layers in your list are the sums before the activation. What does a layer hand on "
    "to the next one?"
))  # fmt: skip
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        sums = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        outputs.append(sums)
        X = activation(sums) if i < len(params) - 1 else sums
    return outputs


@mlp_.trap("the sums go on to the next layer", hint=(
    "Your list is right for the first layer, but the next layer gets the sums, not what the "
    "activation made of them."
))  # fmt: skip
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        outputs.append(activation(X) if i < len(params) - 1 else X)
    return outputs


@mlp_.trap("the input is in the list", hint=(
    "Your list has one entry too many: the input is no layer's output."
))  # fmt: skip
def mlp_forward(X, params, activation):
    outputs = [np.asarray(X)]
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i < len(params) - 1:
            X = activation(X)
        outputs.append(X)
    return outputs


@mlp_.trap("only the last output", hint=(
    "You return the last layer's output alone. All are asked for, in order: the next chapter needs "
    "them."
))  # fmt: skip
def mlp_forward(X, params, activation):
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i < len(params) - 1:
            X = activation(X)
    return X


@mlp_.trap("always the same activation", hint=(
    "Called with another activation, your function still uses its own. The activation is the third "
    "argument."
))  # fmt: skip
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i < len(params) - 1:
            X = np.maximum(X, 0)
        outputs.append(X)
    return outputs


@mlp_.trap("activation before the layer", hint=(
    "The activation acts on the input of a layer in your network. It belongs behind the sums: "
    "first X @ W + b, then the activation."
))  # fmt: skip
def mlp_forward(X, params, activation):
    outputs = []
    for W, b in params:
        X = activation(np.asarray(X)) @ np.asarray(W) + np.asarray(b)
        outputs.append(X)
    return outputs


@mlp_.trap(ARRAYS_ONLY, hint=LISTS_TOO_HINT)
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = X @ W + b
        if i < len(params) - 1:
            X = activation(X)
        outputs.append(X)
    return outputs


@mlp_.wrong
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, _) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W)
        if i < len(params) - 1:
            X = activation(X)
        outputs.append(X)
    return outputs


@mlp_.wrong
def mlp_forward(X, params, activation):
    return [activation(np.asarray(X) @ np.asarray(W) + np.asarray(b)) for W, b in params[:1]]


@mlp_.wrong
def mlp_forward(X, params, activation):
    outputs = []
    for i, (W, b) in enumerate(params):
        X = np.asarray(X) @ np.asarray(W) + np.asarray(b)
        if i < len(params) - 1:
            X = activation(X)
        outputs.insert(0, X)
    return outputs


# -- xor_mlp ---------------------------------------------------------------------------------------

xor_ = chapter.exercise(
    "xor_mlp", points=2, accept=accept.network(FOUR, [0, 1, 1, 0], [[2, 2], [2, 1]])
)


@xor_.inputs
def inputs(rng):
    yield case(label="your network")


@xor_.reference
def xor_mlp():
    return [([[1, 1], [1, 1]], [0, -1]), ([[1], [-2]], [0])]


@xor_.right
def xor_mlp():
    W = np.array([[1.0, -1.0], [-1.0, 1.0]])
    return [(W, np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]


@xor_.right
def xor_mlp():
    first = [np.array([[-2, 3], [-2, 3]]), np.array([2, -3])]
    second = [np.array([[-0.5], [-1 / 3]]), np.array([1.0])]
    return [first, second]


@xor_.right
def xor_mlp():
    return (([[4, 4], [4, 4]], [4, -4]), ([[0.25], [-0.5]], [-1]))


ROUNDED = (
    "Rounded to whole numbers your answers are right, but they must be 0 and 1 within 1e-9. ReLU "
    "is made of straight pieces, so small whole numbers can do it exactly. Work it out by hand."
)
xor_.difference_trap("right only by rounding", code="rounded", hint=ROUNDED)


@xor_.falls_into("right only by rounding")
def xor_mlp():
    return [([[1, 1], [1, 1]], [0, -1]), ([[1.001], [-2]], [0])]


@xor_.falls_into("right only by rounding")
def xor_mlp():
    W = np.array([[1.01, 0.98], [0.99, 1.02]])
    return [(W, np.array([0.0, -1.01])), (np.array([[0.97], [-1.95]]), np.array([0.02]))]


@xor_.falls_into("right only by rounding")
def xor_mlp():
    return [([[1, 1], [1, 1]], [0, -1]), ([[1], [-1.75]], [1e-6])]


STEPS = (
    "These would be the right numbers if every unit were a threshold of chapter 1. Here the hidden "
    "units are ReLUs, which hand on how far the sum is above 0, and the output has no threshold."
)
xor_.difference_trap("weights of threshold units", code="steps", hint=STEPS)


@xor_.falls_into("weights of threshold units")
def xor_mlp():
    return [([[-0.5, 0.5], [-0.5, 0.5]], [0.7, -0.2]), ([[0.5], [0.5]], [-0.7])]


@xor_.falls_into("weights of threshold units")
def xor_mlp():
    return [([[1, 1], [1, 1]], [-0.5, -1.5]), ([[1], [-2]], [-0.5])]


xor_.difference_trap(
    "W transposed",
    code="transposed",
    hint="Your first W is turned round: its rows are the inputs and its columns are the units.",
)


@xor_.falls_into("W transposed")
def xor_mlp():
    return [([[1, -1], [-2, 2]], [0, 0]), ([[1], [0.5]], [0])]


@xor_.wrong
def xor_mlp():
    return [([[1, 1], [1, 1]], [0, -1]), ([[1], [-1]], [0])]


@xor_.wrong
def xor_mlp():
    return [([[1, 1], [1, 1]], [0, -1]), ([1, -2], 0)]


@xor_.wrong
def xor_mlp():
    return [0, 1, 1, 0]


@xor_.wrong
def xor_mlp():
    W = np.array([[1, 1, 1], [1, 1, 1]])
    return [(W, np.array([0, -1, 0])), (np.array([[1], [-2], [0]]), np.array([0]))]


# -- softmax ---------------------------------------------------------------------------------------

softmax_ = chapter.exercise(
    "softmax", points=3, accept=accept.close(), forbidden=("dlkit.nn.softmax",)
)
softmax_.difference_trap(LIBRARY, code="raised:ForbiddenCall", hint=LIBRARY_HINT)


@softmax_.inputs
def inputs(rng):
    yield case([1, 2, 3], label="a list of whole numbers")
    yield case([[0.5, -1.0, 2.0], [1.0, 1.0, 1.0]], label="two rows, as lists")
    yield case(np.array([[3, 0], [-2, 1], [0, 5]]), label="whole numbers")
    yield case([[3, 0], [-2, 1]], axis=0, label="axis=0 by its name")
    yield case(np.array([[2.0, -1.0, 0.5]]), label="one row")
    yield case(np.array([1010.0, 1000.0, 990.0]), label="large numbers")
    yield case([-1000, -1001, -1003], label="a list of numbers far below 0")
    far = np.array([[1000.0, 1001.0], [-1000.0, -1002.0], [0.0, 1.0]])
    yield case(far, label="rows far from each other")
    yield case(far.T, 0, label="columns far from each other, axis 0")
    yield case(far.astype(np.float32), label="rows far from each other (float32)")
    above = np.array([[2000.0, 1.0, 0.0], [0.0, -2000.0, 1.0], [1.0, 0.0, 3000.0]])
    yield case(above, label="single numbers far from the rest of their row")
    for kind in KINDS:
        for shape, axis in (
            ((5,), -1), ((5,), 0), ((3, 4), -1), ((3, 4), 0), ((3, 3), 1), ((3, 3), 0),
            ((4, 4), -1), ((2, 3, 4), -1), ((2, 3, 4), 1), ((3, 3, 3), 0), ((2, 2, 2), 1),
            ((2, 3, 2, 2), 2),
        ):  # fmt: skip
            x = eighths(rng, *shape, largest=3).astype(kind)
            yield case(x, axis, label=f"shape {shape}, axis {axis} ({kind.__name__})")


@softmax_.reference
def softmax(x, axis=-1):
    x = np.asarray(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@softmax_.right
def softmax(x, axis=-1):
    x = np.moveaxis(np.asarray(x, dtype=float), axis, 0)
    e = np.exp(x - np.max(x, axis=0))
    return np.moveaxis(e / np.sum(e, axis=0), 0, axis)


@softmax_.right
def softmax(x, axis=-1):
    def one(row):
        top = max(row)
        powers = [np.exp(value - top) for value in row]
        return [power / sum(powers) for power in powers]

    return np.apply_along_axis(one, axis, np.array(x, dtype=float))


@softmax_.right
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    return np.exp(x - np.logaddexp.reduce(x, axis=axis, keepdims=True))


@softmax_.right
def softmax(x, axis=-1):
    x = np.array(x, dtype=np.float64)
    x -= np.expand_dims(x.max(axis), axis)
    np.exp(x, out=x)
    x /= np.expand_dims(x.sum(axis), axis)
    return x


NO_SHIFT = (
    "For large inputs e to the power x is infinity, for very negative ones 0. Infinity / infinity "
    "and 0 / 0 are nan, and the logarithms of infinity and of 0 are infinite. The same number may "
    "be taken from all entries of a row without changing the result: which one keeps every power "
    "at most 1?"
)


@softmax_.trap("no shift", hint=NO_SHIFT)
def softmax(x, axis=-1):
    e = np.exp(x)
    return e / np.sum(e, axis=axis, keepdims=True)


@softmax_.trap("no shift")
def softmax(x, axis=-1):
    x = np.moveaxis(np.asarray(x, dtype=float), axis, -1)
    e = np.exp(x)
    return np.moveaxis(e / e.sum(axis=-1)[..., None], -1, axis)


@softmax_.trap("no shift")
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    e = np.exp(x - x.min(axis=axis, keepdims=True) * 0)
    return e / e.sum(axis=axis, keepdims=True)


@softmax_.trap("no shift")
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    return np.exp(x - np.log(np.exp(x).sum(axis=axis, keepdims=True)))


OTHER_SHIFT = (
    "Something is taken from each row, but where one number lies far above the rest its power is "
    "still beyond all bounds. After the right shift, no exponent is above 0."
)


@softmax_.trap("shifted by too little", hint=OTHER_SHIFT)
def softmax(x, axis=-1):
    e = np.exp(x - np.mean(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


@softmax_.trap("shifted by too little")
def softmax(x, axis=-1):
    e = np.exp(x - np.min(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


@softmax_.trap("shifted by too little")
def softmax(x, axis=-1):
    e = np.exp(x - np.median(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


GLOBAL = (
    "You take one maximum from all rows. A row that lies far below it has only powers that are 0, "
    "and 0 / 0 is nan. Which maximum does each row need?"
)


@softmax_.trap("one global maximum for all rows", hint=GLOBAL)
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=axis, keepdims=True)


@softmax_.trap("one global maximum for all rows")
def softmax(x, axis=-1):
    x = np.moveaxis(np.asarray(x, dtype=float), axis, 0)
    e = np.exp(x - x.max())
    return np.moveaxis(e / e.sum(axis=0), 0, axis)


EVERYTHING = (
    "All your numbers together add up to 1. Each row (along the axis) should add up to 1 by "
    "itself: over what does your sum run?"
)


@softmax_.trap("sums over everything", hint=EVERYTHING)
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


@softmax_.trap("sums over everything")
def softmax(x, axis=-1):
    e = np.exp(x)
    return e / np.sum(e)


@softmax_.trap("sums over everything")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e)


@softmax_.trap("sums over everything")
def softmax(x):
    e = np.exp(x)
    return e / np.sum(e)


@softmax_.trap("sums over everything")
def softmax(x):
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


AXIS = (
    "You work along the same axis whatever `axis` says. Both the maximum and the sum have to run "
    "along the axis that is asked for."
)


@softmax_.trap("axis ignored", hint=AXIS)
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax_.trap("axis ignored")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@softmax_.trap("axis ignored")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


@softmax_.trap("axis ignored")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=0))
    return e / np.sum(e, axis=0)


@softmax_.trap("axis ignored")
def softmax(x, axis=-1):
    e = np.exp((np.asarray(x).T - np.max(x, axis=-1)).T)
    return (e.T / np.sum(e, axis=-1)).T


@softmax_.trap("cannot be told the axis", hint=(
    "Your function takes x alone, so nobody can tell it an axis. Compare its first line with the "
    "one that you were given."
))  # fmt: skip
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


ONE_AXIS = (
    "The maximum or the sum runs along the axis that is asked for, the other one does not. Both "
    "have to."
)


@softmax_.trap("axis heeded once only", hint=ONE_AXIS)
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


@softmax_.trap("axis heeded once only")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


KEEPDIMS = (
    "Without `keepdims` NumPy's max or sum along an axis gives an array with one axis less. That "
    "no longer lines up with x: in a square array it silently meets the wrong rows. Look at every "
    "place where you give an axis."
)


@softmax_.trap("the sum does not line up with the rows", hint=KEEPDIMS)
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis))
    return e / np.sum(e, axis=axis)


@softmax_.trap("the sum does not line up with the rows")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis)


@softmax_.trap("the sum does not line up with the rows")
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x))
    return e / np.sum(e, axis=axis)


@softmax_.trap("the sum does not line up with the rows")
def softmax(x, axis=-1):
    return np.exp(x) / np.sum(np.exp(x), axis=axis)


@softmax_.trap("divides without e", hint=(
    "You divide the numbers by their sum. A number below 0 would become a probability below 0: "
    "something must be done to the numbers first."
))  # fmt: skip
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    return x / x.sum(axis=axis, keepdims=True)


@softmax_.trap(ARRAYS_ONLY, hint=(
    "The numbers may also come as a list, and a list has no .max. np.asarray turns it into an "
    "array and leaves an array as it is."
))  # fmt: skip
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


softmax_.source_trap(LIBRARY, rule=library("softmax", "Softmax", "softmin"), hint=LIBRARY_HINT)


@softmax_.falls_into(LIBRARY)
def softmax(x, axis=-1):
    from dlkit.nn import softmax as ready

    return ready(x, axis)


@softmax_.falls_into(LIBRARY)
def softmax(x, axis=-1):
    import torch

    return torch.softmax(torch.as_tensor(np.asarray(x, dtype=float)), dim=axis).numpy()


@softmax_.wrong
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.max(axis=axis, keepdims=True)


@softmax_.wrong
def softmax(x, axis=-1):
    return 1 / (1 + np.exp(-np.asarray(x, dtype=float)))


@softmax_.wrong
def softmax(x, axis=-1):
    x = np.asarray(x, dtype=float)
    e = np.exp(x.max(axis=axis, keepdims=True) - x)
    return e / e.sum(axis=axis, keepdims=True)


# -- accuracy --------------------------------------------------------------------------------------

accuracy_ = chapter.exercise("accuracy", points=1, accept=accept.close())


def scores_and_labels(rng, n, k):
    """Scores (n, k) without a tie, and labels of which two thirds or so are the largest score's."""
    scores = np.array([rng.permutation(k) for _ in range(n)]) / 2 - 1
    best, other = scores.argmax(axis=1), rng.integers(1, k, size=n)
    wrong = rng.random(n) < 0.4
    wrong[0] = True
    return scores, np.where(wrong, (best + other) % k, best)


@accuracy_.inputs
def inputs(rng):
    yield case([[1, 3], [2, 0], [0, 5]], [1, 0, 0], label="lists of whole numbers")
    yield case([[0.5, -1.0, 2.0]], [2], label="one row, right")
    yield case(np.array([[0.5, -1.0, 2.0]]), np.array([0]), label="one row, wrong")
    tied = np.array([[2.0, 2.0, 1.0], [0.0, 3.0, 3.0], [1.0, 1.0, 1.0], [4.0, 0.0, 4.0]])
    yield case(tied, np.array([0, 1, 0, 0]), label="ties, the label is the first of them")
    yield case(tied, np.array([1, 2, 2, 2]), label="ties, the label is not the first of them")
    yield case(np.array([[3, 1], [0, 2], [5, 4]]), np.array([0, 1, 0]), label="all rows right")
    yield case(np.array([[3, 1], [0, 2], [5, 4]]), np.array([1, 0, 1]), label="all rows wrong")
    for n, k in ((5, 3), (3, 3), (10, 10), (24, 4), (7, 2), (4, 6), (3, 5)):
        for kind in KINDS:
            scores, labels = scores_and_labels(rng, n, k)
            yield case(scores.astype(kind), labels, label=f"{n} rows, {k} classes")


@accuracy_.reference
def accuracy(logits, labels):
    return float(np.mean(np.argmax(logits, axis=1) == np.asarray(labels)))


@accuracy_.right
def accuracy(logits, labels):
    right = 0
    for row, label in zip(logits, labels):
        row = list(row)
        right += row.index(max(row)) == label
    return right / len(labels)


@accuracy_.right
def accuracy(logits, labels):
    predicted = np.array(logits).argmax(-1)
    return np.count_nonzero(predicted == labels) / predicted.size


@accuracy_.right
def accuracy(logits, labels):
    logits = np.asarray(logits)
    order = np.argsort(-logits, axis=1, kind="stable")
    return 1 - np.mean((order[:, 0] - np.array(labels)) != 0)


ONE_HOT = (
    "You take the labels for rows of zeros with a single 1, or turn them into such rows. They are "
    "whole numbers, one a row, such as 3. Find out which class each row of logits votes for, and "
    "compare two lists of class numbers."
)


@accuracy_.trap("compares one-hot", hint=ONE_HOT)
def accuracy(logits, labels):
    logits = np.asarray(logits)
    hot = np.eye(logits.shape[1])[np.asarray(labels)]
    voted = np.eye(logits.shape[1])[logits.argmax(axis=1)]
    return np.mean(hot == voted)


@accuracy_.trap("compares one-hot")
def accuracy(logits, labels):
    return np.mean(np.argmax(logits, axis=1) == np.argmax(labels, axis=1))


@accuracy_.trap("compares one-hot")
def accuracy(logits, labels):
    logits = np.asarray(logits)
    hot = np.eye(logits.shape[1])[np.asarray(labels)]
    return np.mean(np.all(logits == hot, axis=1))


@accuracy_.trap("compares one-hot")
def accuracy(logits, labels):
    logits = np.asarray(logits)
    hot = np.eye(logits.shape[1])[np.asarray(labels)]
    return np.mean((logits == logits.max(axis=1, keepdims=True)) == hot)


@accuracy_.trap("compares one-hot")
def accuracy(logits, labels):
    logits = np.asarray(logits)
    hot = np.eye(logits.shape[1])[np.asarray(labels)]
    return np.mean(logits == hot)


COUNTS = "You count the right rows. A share is asked for: it does not grow with the number of rows."


@accuracy_.trap("counts instead of mean", hint=COUNTS)
def accuracy(logits, labels):
    return float(np.sum(np.argmax(logits, axis=1) == np.asarray(labels)))


@accuracy_.trap("counts instead of mean")
def accuracy(logits, labels):
    right = 0
    for row, label in zip(logits, labels):
        if np.argmax(row) == label:
            right += 1
    return right


@accuracy_.trap("divided by the classes", hint=(
    "You divide by the number of classes. The share is one of the rows: how many are there?"
))  # fmt: skip
def accuracy(logits, labels):
    return np.sum(np.argmax(logits, axis=1) == labels) / np.asarray(logits).shape[1]


@accuracy_.trap("in per cent", hint="A share lies between 0 and 1; yours goes up to 100.")
def accuracy(logits, labels):
    return 100 * np.mean(np.argmax(logits, axis=1) == np.asarray(labels))


@accuracy_.trap("the last maximum wins a tie", hint=(
    "Where two scores of a row are equally large, the first of them counts as the answer."
))  # fmt: skip
def accuracy(logits, labels):
    logits = np.asarray(logits)
    k = logits.shape[1]
    return np.mean(k - 1 - np.argmax(logits[:, ::-1], axis=1) == np.asarray(labels))


@accuracy_.trap("any maximum wins a tie", hint=(
    "Where two scores of a row are equally large, only the first of them counts as the answer. You "
    "let each of them pass."
))  # fmt: skip
def accuracy(logits, labels):
    logits = np.asarray(logits)
    own = logits[np.arange(len(logits)), np.asarray(labels)]
    return np.mean(own == logits.max(axis=1))


@accuracy_.trap("wrong axis", hint=(
    "You look for the largest score down a column or in the whole table. Each row is one example: "
    "its largest score is looked for along the row."
))  # fmt: skip
def accuracy(logits, labels):
    return np.mean(np.argmax(logits, axis=0) == np.asarray(labels))


@accuracy_.trap("wrong axis")
def accuracy(logits, labels):
    return np.mean(np.argmax(logits) == np.asarray(labels))


@accuracy_.trap("the share of errors", hint="That is the share of wrong rows.")
def accuracy(logits, labels):
    return np.mean(np.argmax(logits, axis=1) != np.asarray(labels))


@accuracy_.wrong
def accuracy(logits, labels):
    return np.argmax(logits, axis=1) == np.asarray(labels)


@accuracy_.wrong
def accuracy(logits, labels):
    return np.mean(np.max(logits, axis=1) == np.asarray(labels))


@accuracy_.wrong
def accuracy(logits, labels):
    return float(np.all(np.argmax(logits, axis=1) == np.asarray(labels)))


# -- activation_grads ------------------------------------------------------------------------------

grads_ = chapter.exercise("activation_grads", points=2, accept=accept.close())


@grads_.inputs
def inputs(rng):
    for x, label in elementwise(rng, largest=4):
        yield case(x, label=label)
    yield case(np.array([-30.0, 30.0, 0.0]), label="numbers where sigmoid and tanh are flat")


@grads_.reference
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.right
def activation_grads(x):
    x = np.asarray(x)
    y = sigmoid(x)
    slope = np.asarray(y) - np.square(y)
    return {"relu": (x > 0) * 1, "sigmoid": slope, "tanh": np.cosh(x) ** -2.0}


@grads_.right
def activation_grads(x):
    import math

    if isinstance(x, (list, np.ndarray)):
        parts = [activation_grads(entry) for entry in x]
        return {key: [part[key] for part in parts] for key in ("sigmoid", "tanh", "relu")}
    s = 1 / (1 + math.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - math.tanh(x) ** 2, "relu": 1 if x > 0 else 0}


@grads_.right
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    return dict(
        sigmoid=np.exp(-x) / (1 + np.exp(-x)) ** 2,
        tanh=4 / (np.exp(x) + np.exp(-x)) ** 2,
        relu=np.heaviside(x, 0),
    )


OUTPUT_FOR_INPUT = (
    "s(1 − s) and 1 − t² are formulas for the unit's *output*: s and t are what sigmoid and tanh "
    "give. You put the input x itself in the place of s, of t or of both."
)


@grads_.trap("takes the output for the input", hint=OUTPUT_FOR_INPUT)
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    return {"sigmoid": x * (1 - x), "tanh": 1 - x**2, "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("takes the output for the input")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    return {"sigmoid": x * (1 - x), "tanh": 1 - np.tanh(x) ** 2, "relu": (x > 0) * 1.0}


@grads_.trap("takes the output for the input")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - x**2, "relu": (x > 0) * 1.0}


@grads_.trap("takes the output for the input")
def activation_grads(x):
    return {"sigmoid": x * (1 - x), "tanh": 1 - x**2, "relu": np.where(x > 0, 1.0, 0.0)}


TWICE = (
    "One function too many: sigmoid or tanh goes into its own slope formula a second time. The "
    "slope at x takes the output of x as it is."
)


@grads_.trap("the output is put in as x", hint=TWICE)
def activation_grads(x):
    def sigma(v):
        return 1 / (1 + np.exp(-v))

    x = np.asarray(x, dtype=float)
    s, t = sigma(sigma(x)), np.tanh(np.tanh(x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("the output is put in as x")
def activation_grads(x):
    def sigma(v):
        return 1 / (1 + np.exp(-v))

    x = np.asarray(x, dtype=float)
    s, t = sigma(sigma(x)), np.tanh(x)
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("the output is put in as x")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s, t = 1 / (1 + np.exp(-x)), np.tanh(np.tanh(x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - t**2, "relu": np.where(x > 0, 1.0, 0.0)}


NO_SQUARE = (
    "The slope of tanh is wrong: at a large negative x yours is near 2 or −2, so the curve would "
    "be steepest where it is flat. Something is squared in the formula."
)


@grads_.trap("`1 - tanh`", hint=NO_SQUARE)
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x), "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("`1 - tanh`")
def activation_grads(x):
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x), "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("`1 - tanh`")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s, t = 1 / (1 + np.exp(-x)), np.tanh(x)
    return {"sigmoid": s * (1 - s), "tanh": t * (1 - t), "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.trap("`1 - tanh`")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s, t = 1 / (1 + np.exp(-x)), np.tanh(x)
    return {"sigmoid": 1 - s, "tanh": 1 - t, "relu": np.where(x > 0, 1.0, 0.0)}


AT_ZERO = "Only the entries at exactly 0 are wrong. Which slope has been agreed on for ReLU there?"


@grads_.trap("ReLU's slope at 0", hint=AT_ZERO)
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": np.where(x >= 0, 1.0, 0.0)}


@grads_.trap("ReLU's slope at 0")
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": np.heaviside(x, 0.5)}


@grads_.trap("ReLU itself instead of its slope", hint=(
    "Entry 'relu' holds what ReLU gives, not how steep it is. Above 0, how much does it grow when "
    "x grows by 1?"
))  # fmt: skip
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": np.maximum(x, 0)}


@grads_.trap("the functions instead of their slopes", hint=(
    "These are the outputs of the three functions. Their slopes are asked for: how fast each "
    "output changes when x does."
))  # fmt: skip
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    return {"sigmoid": 1 / (1 + np.exp(-x)), "tanh": np.tanh(x), "relu": np.maximum(x, 0)}


@grads_.trap(ARRAYS_ONLY, hint=ARRAYS_ONLY_HINT)
def activation_grads(x):
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2, "relu": np.where(x > 0, 1.0, 0.0)}


@grads_.wrong
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return s * (1 - s), 1 - np.tanh(x) ** 2, np.where(x > 0, 1.0, 0.0)


@grads_.wrong
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(x) ** 2}


@grads_.wrong
def activation_grads(x):
    x = np.asarray(x, dtype=float)
    s = 1 / (1 + np.exp(-x))
    return {"sigmoid": 1 - s, "tanh": 1 - np.tanh(x) ** 2, "relu": np.where(x > 0, 1.0, 0.0)}


# -- dead_fraction ---------------------------------------------------------------------------------

dead_ = chapter.exercise("dead_fraction", points=1, accept=accept.close())


def relu_output(rng, n, d, dead):
    """A ReLU output (n, d), some rows all 0, in which exactly these units are 0 for every row."""
    H = rng.integers(1, 17, size=(n, d)) / 8
    H[rng.random((n, d)) < 0.5] = 0
    if n > 1:
        H[1] = 0
    for j in range(d):
        H[0 if n < 3 else n - 1, j] = (1 + j) / 8
        H[:, j] *= j not in dead
    return H


@dead_.inputs
def inputs(rng):
    yield case([[0, 2, 0], [0, 0, 0], [0, 1, 3]], label="lists of whole numbers")
    yield case(np.array([[0, 1], [0, 0]]), label="whole numbers")
    yield case([[0.0, 0.5, 0.0, 1.25]], label="one row, as a list")
    yield case(np.zeros((4, 3)), label="all units dead")
    yield case(np.ones((3, 2)), label="no unit dead")
    faint = np.array([[0, 0, 2], [0, 1 / 1024, 0], [0, 0, 1.5], [0, 0, 0]])
    yield case(faint, label="a unit that hardly fires, and once only")
    for n, d, dead in (
        (5, 4, (1,)), (4, 6, (0, 3, 5)), (3, 3, (2,)), (8, 5, ()), (2, 7, (0, 1, 2, 6)),
        (6, 2, (0,)), (4, 4, (0, 1)), (1, 5, (3,)),
    ):  # fmt: skip
        for kind in KINDS:
            H = relu_output(rng, n, d, dead).astype(kind)
            yield case(H, label=f"{n} rows, {d} units, {len(dead)} of them dead ({kind.__name__})")


@dead_.reference
def dead_fraction(H):
    return float(np.mean(np.all(np.asarray(H) == 0, axis=0)))


@dead_.right
def dead_fraction(H):
    units = list(zip(*H))
    return sum(max(unit) == 0 for unit in units) / len(units)


@dead_.right
def dead_fraction(H):
    H = np.asarray(H)
    return 1 - np.count_nonzero(H.sum(axis=0)) / H.shape[1]


@dead_.right
def dead_fraction(H):
    return (~np.any(H, axis=0)).mean()


PER_ENTRY = (
    "A single 0 already counts in your function. A living ReLU is 0 for many rows, too; dead is a "
    "unit that is 0 for *all* of them."
)


@dead_.trap("per entry instead of per unit", hint=PER_ENTRY)
def dead_fraction(H):
    return float(np.mean(np.asarray(H) == 0))


@dead_.trap("per entry instead of per unit")
def dead_fraction(H):
    zeros = sum(value == 0 for row in H for value in row)
    return zeros / (len(H) * len(H[0]))


@dead_.trap("per entry instead of per unit")
def dead_fraction(H):
    return np.mean(np.any(np.asarray(H) == 0, axis=0))


@dead_.trap("rows instead of units", hint=(
    "You look along the rows, and so count examples for which no unit is active. A unit is a "
    "column."
))  # fmt: skip
def dead_fraction(H):
    return np.mean(np.all(np.asarray(H) == 0, axis=1))


@dead_.trap("the living instead of the dead", hint="That is the share of units that are alive.")
def dead_fraction(H):
    return np.mean(np.any(np.asarray(H) > 0, axis=0))


@dead_.trap("counts instead of a share", hint=(
    "You count the dead units. A share is asked for, between 0 and 1."
))  # fmt: skip
def dead_fraction(H):
    return np.sum(np.all(np.asarray(H) == 0, axis=0))


@dead_.trap("divided by the rows", hint=(
    "You divide by the number of rows. The share is one of the units: how many columns are there?"
))  # fmt: skip
def dead_fraction(H):
    return np.sum(np.all(np.asarray(H) == 0, axis=0)) / len(H)


@dead_.trap(ARRAYS_ONLY, hint=(
    "The numbers may also come as lists. A list has no .max or .shape, and list == 0 is a single "
    "False. np.asarray turns a list into an array and leaves an array as it is."
))  # fmt: skip
def dead_fraction(H):
    return np.mean((H == 0).all(axis=0))


@dead_.wrong
def dead_fraction(H):
    return np.all(np.asarray(H) == 0, axis=0)


@dead_.wrong
def dead_fraction(H):
    return float(np.all(np.asarray(H) == 0))


@dead_.wrong
def dead_fraction(H):
    return np.mean(np.asarray(H)[0] == 0)


@dead_.wrong
def dead_fraction(H):
    return float(np.mean(np.mean(H, axis=0) < 1e-3))


# -- interpolating_net -----------------------------------------------------------------------------

curve_ = chapter.exercise("interpolating_net", points=3, accept=accept.curve())


def knots_and_values(rng, points):
    """Unevenly spaced knots, and values whose first is not 0, with a bend at every inner knot."""
    knots = np.cumsum(rng.integers(1, 9, size=points)) / 4 - 2
    slopes = np.cumsum(whole(rng, points - 1, largest=3)) / 2
    slopes = slopes + (slopes == 0)
    values = np.concatenate([[0], np.cumsum(slopes * np.diff(knots))])
    return knots, values + 1 + int(rng.integers(1, 4)) / 8


@curve_.inputs
def inputs(rng):
    yield case([0, 1, 3], [1, 3, 0], label="lists of whole numbers")
    yield case(np.array([-2, 0, 1, 5]), np.array([3, -1, 2, 1]), label="arrays of whole numbers")
    yield case([0.5, 2.0], [1.5, -1.0], label="two points")
    for points in (2, 3, 3, 4, 5, 6, 8):
        for kind in KINDS:
            knots, values = knots_and_values(rng, points)
            yield case(
                knots.astype(kind), values.astype(kind), label=f"{points} points ({kind.__name__})"
            )


@curve_.reference
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    slopes = np.diff(values) / np.diff(knots)
    changes = np.diff(slopes, prepend=0)
    W, b = np.ones((1, len(slopes))), -knots[:-1]
    return [(W, b), (changes[:, None], values[:1])]


@curve_.right
def interpolating_net(knots, values):
    W, b, V, before = [], [], [], 0
    for i in range(len(knots) - 1):
        slope = (values[i + 1] - values[i]) / (knots[i + 1] - knots[i])
        W.append(1)
        b.append(-knots[i])
        V.append([slope - before])
        before = slope
    return [([W], b), (V, [values[0]])]


@curve_.right
def interpolating_net(knots, values):
    # units that look to the left; the curve is built from its right end
    knots, values = np.asarray(knots, float), np.asarray(values, float)
    slopes = np.diff(values) / np.diff(knots)
    changes = -(slopes - np.append(slopes[1:], 0))
    return [(-np.ones((1, len(slopes))), knots[1:]), (changes[:, None], values[-1:])]


@curve_.right
def interpolating_net(knots, values):
    # solve for the weights: one equation for each point
    x, y = np.asarray(knots, float), np.asarray(values, float)
    starts = x[:-1]
    hidden = np.maximum(x[:, None] - starts[None, :], 0)
    weights = np.linalg.solve(np.column_stack([hidden, np.ones(len(x))]), y)
    return [(np.ones((1, len(starts))), -starts), (weights[:-1].reshape(-1, 1), weights[-1:])]


SLOPES = (
    "Once a ReLU has started it never stops: behind the second knot the first unit still rises. So "
    "what each unit has to bring is neither the new rise nor the new slope, but what is missing to "
    "the new slope."
)


@curve_.trap("slopes instead of changes of slope", hint=SLOPES)
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    slopes = np.diff(values) / np.diff(knots)
    return [(np.ones((1, len(slopes))), -knots[:-1]), (slopes[:, None], values[:1])]


@curve_.trap("slopes instead of changes of slope")
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    return [
        (np.ones((1, len(knots) - 1)), -knots[:-1]), (np.diff(values)[:, None], values[:1])
    ]  # fmt: skip


@curve_.trap("steps not divided by the width", hint=(
    "Your weights come from how far the values rise, not from how steeply. Two knots that lie far "
    "apart need a gentler slope for the same rise."
))  # fmt: skip
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    changes = np.diff(np.diff(values), prepend=0)
    return [(np.ones((1, len(changes))), -knots[:-1]), (changes[:, None], values[:1])]


@curve_.trap("the curve starts at 0", hint=(
    "Your curve has the right shape at the wrong height. Before the first knot all units are "
    "silent: what is left then?"
))  # fmt: skip
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return [(np.ones((1, len(changes))), -knots[:-1]), (changes[:, None], np.zeros(1))]


@curve_.trap("the sign of the bias", hint=(
    "Your units start at minus the knots. A unit with weight 1 starts to rise where x + b is 0: "
    "which b puts that place at the knot?"
))  # fmt: skip
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return [(np.ones((1, len(changes))), knots[:-1]), (changes[:, None], values[:1])]


@curve_.trap("every unit one knot late", hint=(
    "Your units start one knot late: the first piece of the curve is flat. At which knot must the "
    "first unit start?"
))  # fmt: skip
def interpolating_net(knots, values):
    knots, values = np.asarray(knots, dtype=float), np.asarray(values, dtype=float)
    changes = np.diff(np.diff(values) / np.diff(knots), prepend=0)
    return [(np.ones((1, len(changes))), -knots[1:]), (changes[:, None], values[:1])]


@curve_.wrong
def interpolating_net(knots, values):
    return [(np.ones((1, 1)), np.zeros(1)), (np.ones((1, 1)), np.zeros(1))]


@curve_.wrong
def interpolating_net(knots, values):
    return lambda x: np.interp(x, knots, values)


@curve_.wrong
def interpolating_net(knots, values):
    n = len(knots) - 1
    return [(np.ones((n, 1)), -np.asarray(knots[:-1])), (np.ones((n, 1)), np.zeros(1))]


# -- notes_counterexamples (find the mistake) ------------------------------------------------------

SUMS, SIGNAL = "sigmoids_add_up_to_1", "saturation_stops_the_signal"
FLAT, DEAD = "relu_never_saturates", "a_dead_unit_stops_all_later_ones"

notes_ = chapter.exercise(
    "notes_counterexamples", points=2, accept=accept.refutes([SUMS, SIGNAL, FLAT, DEAD])
)


@notes_.inputs
def inputs(rng):
    yield case(label="your numbers")


@notes_.reference
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


@notes_.right
def notes_counterexamples():
    counter = {}
    counter["relu_never_saturates"] = np.float64(-0.001)
    counter["sigmoids_add_up_to_1"] = np.array([1.5, 1.5])
    counter["saturation_stops_the_signal"] = [20.0, -20.0]
    W, b = np.eye(2), np.array([0, -1])
    counter["a_dead_unit_stops_all_later_ones"] = [(W, b), (np.zeros((2, 1)), np.ones(1))]
    return counter


@notes_.right
def notes_counterexamples():
    return dict(
        sigmoids_add_up_to_1=[0.9, 10],
        saturation_stops_the_signal=np.array([7.5, -8.0]),
        relu_never_saturates=-100,
        a_dead_unit_stops_all_later_ones=(([[-1, 2], [-1, -1]], [0, 0.5]), ([[3], [4]], [0])),
    )


def notes_trap(name, claim, slip, hint):
    notes_.difference_trap(name, code=f"{claim}:{slip}", hint=hint)


notes_trap("two sigmoids that do add up to 1", SUMS, "agrees", (
    "These two outputs add up to 1, so they speak for the sentence. Nothing ties the two units "
    "together: choose the first sum without a thought of the second."
))  # fmt: skip


@notes_.falls_into("two sigmoids that do add up to 1")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (2, -2),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


notes_trap("outputs in the place of sums", SUMS, "outputs for sums", (
    "Your two numbers look like outputs of the units. Asked for are the sums that go into the "
    "sigmoids; the check puts them in."
))  # fmt: skip


@notes_.falls_into("outputs in the place of sums")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (0.8, 0.8),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


notes_trap("a sum that is not saturated", SIGNAL, "not saturated", (
    "At one of your two sums, or at both, the sigmoid is not flat enough. Saturated means that its "
    "slope is under 0.001: go further out."
))  # fmt: skip


@notes_.falls_into("a sum that is not saturated")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (-3, 3),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


notes_trap("twice the same end", SIGNAL, "same end", (
    "Both sums are saturated at the same end, so the next layer sees the same value twice. A "
    "sigmoid is flat at two ends."
))  # fmt: skip


@notes_.falls_into("twice the same end")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (10, 20),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


notes_trap("a sum where ReLU rises", FLAT, "value", (
    "Around your number ReLU changes: a larger sum gives a larger output. Look on the other side."
))  # fmt: skip
notes_trap("a sum where ReLU rises", FLAT, "edge", (
    "At exactly 0 ReLU has its corner: a slightly larger sum does change the output."
))  # fmt: skip


@notes_.falls_into("a sum where ReLU rises")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": 0,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


NOT_ONE_DEAD = (
    "Exactly one of the two hidden units has to be dead: its sum at most 0 for all four inputs, "
    "while the other one is above 0 for at least one input. Compute the four sums of both units."
)
notes_trap("not exactly one dead unit", DEAD, "none dead", NOT_ONE_DEAD)
notes_trap("not exactly one dead unit", DEAD, "all dead", NOT_ONE_DEAD)


@notes_.falls_into("not exactly one dead unit")
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [-5, -5]), ([[1], [1]], [0])],
    }


@notes_.wrong
def notes_counterexamples():
    return {"relu_never_saturates": -1}


@notes_.wrong
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": 6,
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1, 1], [1, 1]], [0, -5]), ([[1], [1]], [0])],
    }


@notes_.wrong
def notes_counterexamples():
    return {
        "sigmoids_add_up_to_1": (3, 3),
        "saturation_stops_the_signal": (-10, 10),
        "relu_never_saturates": -1,
        "a_dead_unit_stops_all_later_ones": [([[1], [1]], [0]), ([[1]], [0])],
    }


# -- spiral_net (the project) ----------------------------------------------------------------------

BUDGET, LEAST = 150, 0.95
SPIRALS = {"turns": 2.0, "noise": 0.02}

spiral_ = chapter.exercise(
    "spiral_net",
    points=3,
    accept=accept.spiral_classifier(BUDGET, LEAST, **SPIRALS),
    probe="made",
)


@spiral_.inputs
def inputs(rng):
    yield case(seed=int(rng.integers(2**31)), label="new points of the two spirals")


@spiral_.reference
def spiral_net():
    first = [[-1.7, -3.2, -0.2, 3.9, 4.5, 1.1], [4.0, 2.6, -2.0, -1.3, 2.7, -4.0]]
    second = [
        [-6.1, -2.7, -4.2, 1.3, -0.4, -2.1],
        [1.2, -1.7, -3.0, 6.2, -2.4, -1.0],
        [3.0, -1.6, -0.1, -1.3, 3.3, -0.9],
        [-6.5, -2.6, -3.9, 1.8, 1.0, -2.2],
        [4.4, 0.3, 3.3, 4.0, -4.8, 2.5],
        [3.1, 1.5, 0.0, -0.6, 3.7, 3.5],
    ]
    third = [[5.9, -4.1], [2.8, -3.3], [-5.6, 5.9], [-3.9, 3.4], [-4.3, 4.9], [3.6, -4.7]]
    biases = [-1.7, 2.5, 0.2, -0.6, 2.7, -1.7], [-0.9, -1.0, -2.7, -0.7, 2.0, -1.2], [0.3, -0.3]
    return "tanh", [(first, biases[0]), (second, biases[1]), (third, biases[2])]


@spiral_.right
def spiral_net():
    from dlkit import datasets, nn, optim
    from dlkit.training import fit

    rng = np.random.default_rng(1)
    data = datasets.spirals(800, rng=rng, turns=2.0, noise=0.02)
    layers = [nn.Linear(2, 10, rng=rng), nn.Linear(10, 9, rng=rng), nn.Linear(9, 2, rng=rng)]
    model = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
    optimizer = optim.Adam(model, lr=0.02)
    loss = nn.SoftmaxCrossEntropy()
    fit(model, loss, optimizer, data, epochs=150, rng=rng, progress=False)
    return "relu", [(layer.params["W"], layer.params["b"]) for layer in layers]


@spiral_.right
def spiral_net():
    W = [
        [-0.3, 3.6, 3.7, -4.5, 4.6, -4.1, 0.1],
        [1.6, 2.2, -3.4, -2.3, -3.9, 0.8, -1.3],
    ]
    b = [-0.3, 2.1, -2.0, 2.7, 1.9, 0.1, -0.2]
    V = [
        [-4.8, 3.6, -1.7, -1.5, -3.2, -0.2],
        [3.1, -3.5, 3.0, -0.4, -5.1, -0.8],
        [-1.9, -0.7, -3.2, 4.3, 5.9, -3.3],
        [3.9, -3.9, 2.4, -4.1, -2.2, 1.7],
        [3.2, -3.4, -2.9, 4.0, -0.8, -2.8],
        [2.1, -3.1, -2.0, 4.0, 2.7, -2.6],
        [3.9, -4.3, -0.7, 3.1, 3.3, -0.1],
    ]
    c = [-0.9, 3.0, -3.2, -0.4, 0.0, -1.3]
    U = [[4.7, -4.2], [2.9, -3.8], [2.2, -2.0], [-2.9, 1.7], [5.0, -5.1], [-3.3, 3.9]]
    d = [-0.2, 0.2]
    return ["tanh", [[np.array(W), np.array(b)], [np.array(V), np.array(c)], [U, d]]]


spiral_.difference_trap(
    "over the budget",
    code="budget",
    hint="Your network has more parameters than are allowed. count_parameters tells you how many a "
    "list of sizes has; where two wide layers meet, it grows fastest.",
)


@spiral_.falls_into("over the budget")
def spiral_net():
    return "tanh", [(np.zeros((2, 40)), np.zeros(40)), (np.zeros((40, 2)), np.zeros(2))]


spiral_.difference_trap(
    "the two classes are swapped",
    code="swapped",
    hint="Your network is wrong nearly everywhere, which is as hard as being right. Column 0 of "
    "the last layer is the score of class 0.",
)


@spiral_.falls_into("the two classes are swapped")
def spiral_net():
    first = [[-1.7, -3.2, -0.2, 3.9, 4.5, 1.1], [4.0, 2.6, -2.0, -1.3, 2.7, -4.0]]
    second = [
        [-6.1, -2.7, -4.2, 1.3, -0.4, -2.1],
        [1.2, -1.7, -3.0, 6.2, -2.4, -1.0],
        [3.0, -1.6, -0.1, -1.3, 3.3, -0.9],
        [-6.5, -2.6, -3.9, 1.8, 1.0, -2.2],
        [4.4, 0.3, 3.3, 4.0, -4.8, 2.5],
        [3.1, 1.5, 0.0, -0.6, 3.7, 3.5],
    ]
    third = [[-4.1, 5.9], [-3.3, 2.8], [5.9, -5.6], [3.4, -3.9], [4.9, -4.3], [-4.7, 3.6]]
    biases = [-1.7, 2.5, 0.2, -0.6, 2.7, -1.7], [-0.9, -1.0, -2.7, -0.7, 2.0, -1.2], [-0.3, 0.3]
    return "tanh", [(first, biases[0]), (second, biases[1]), (third, biases[2])]


spiral_.difference_trap(
    "not right often enough",
    code="accuracy",
    hint="On new points of the spirals your network is not right often enough. Look at its "
    "picture: where is the boundary too stiff? Try the same number of parameters in two hidden "
    "layers, more epochs, or another seed.",
)


@spiral_.falls_into("not right often enough")
def spiral_net():
    return "relu", [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))]


@spiral_.falls_into("not right often enough")
def spiral_net():
    return "sigmoid", [(np.array([[1.0, -1.0], [2.0, -2.0]]), np.array([0.1, -0.1]))]


@spiral_.wrong
def spiral_net():
    return [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))]


@spiral_.wrong
def spiral_net():
    return "relu", [(np.eye(2), np.zeros(2)), (np.ones((2, 1)), np.zeros(1))]


@spiral_.wrong
def spiral_net():
    return "softplus", [(np.eye(2), np.zeros(2)), (np.eye(2), np.zeros(2))]


# -- the quiz ------------------------------------------------------------------------------------

chapter.quiz(
    q1=choice(
        "b",
        a="53 is the sum of all four numbers. The ten inputs compute nothing and have no biases, "
        "and a column without weights is not counted as a layer.",
        c="Three layers, yes. But the ten inputs have no biases.",
        d="The output layer has weights and biases, too.",
    ),
    q2=choice(
        "a",
        b="32 numbers cannot be dealt out to 360 rows. To whom does a bias belong: to an example, "
        "or to a unit?",
        c="The inner numbers, 64 and 64, vanish. Which of the outer two then stands in front?",
        d="NumPy lines up the last axes and repeats what is missing. What does that make of (32,)?",
    ),
    q3=choice(
        "c",
        a="The computer seems to prove the notes right. Look at what was missing to 1 in section "
        "2.4, and how far apart the numbers next to 1 are.",
        b="tanh only rises, and stays below 1 for ever.",
        d="It is defined for every number; it is only very flat out there.",
    ),
    q4=choice(
        "d",
        a="The order stays, but the numbers change: who asks how sure the network is needs the "
        "probabilities.",
        b="It is the other way round: the loss in training is made of the probabilities.",
        c="The largest logit stands where the largest probability stands, so for the question "
        "'which class?' it may.",
    ),
    q5=choice(
        "b",
        a="That is the sentence of the old notes. What is the sigmoid of 20? That number goes on.",
        c="Dead is a ReLU whose output is 0. This unit's output is nearly 1.",
        d="0.25 is the slope at 0, the steepest place. At 20 the curve is flat.",
    ),
    q6=choice(
        "c",
        a="A softmax shares one whole among the classes: it cannot say yes twice, nor no twice.",
        b="One number can answer one question; here there are two.",
        d="Bare sums are for questions like 'how much?'. A yes or no wants a number from 0 to 1.",
    ),
    q7=choice(
        "b",
        a="Without a bend, any number of layers is one layer: collapse them in your mind.",
        c="Larger weights move the line; it stays one straight line.",
        d="It gives some weighted sum of the inputs, and a good one has most inputs right.",
    ),
    q8=choice(
        "d",
        a="That is among the theorem's conditions.",
        b="That, too, is a condition: think of your own network far outside its knots.",
        c="A straight line would make the network collapse; the theorem rules it out.",
    ),
)
chapter.written(points=2)
