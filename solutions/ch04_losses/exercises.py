"""Exercises of chapter 4: losses, likelihood, information, and what a network should minimise.

Distributions are drawn without ties, so that p and q swapped always show; what is compared with 0
or with a limit is exact in binary. Right and wrong answers are written as students write them, not
as a linter would.
"""
# ruff: noqa: E731, RET503, RET505, SIM108, SIM114, SIM300, NPY002

import numpy as np

from autograder.spec import DEFAULT_MODULES, Chapter, case, choice
from dlkit.check import accept, source_rules

chapter = Chapter(
    "ch04_losses",
    coverage="C4",
    modules=(
        *DEFAULT_MODULES,
        "dlkit.explorers",
        "dlkit.nn",
        "dlkit.optim",
        "dlkit.torch_nn",
    ),
)

LIBRARY = "taken from a library"
LIBRARY_HINT = (
    "A library does the work here. This exercise is to write the formula yourself; everything of "
    "NumPy is allowed."
)


def write_it_yourself(part, *names):
    """Refuse these functions of libraries, those of dlkit wherever they are called from."""
    part.forbidden = tuple(name for name in names if name.startswith("dlkit."))
    part.difference_trap(LIBRARY, code="raised:ForbiddenCall", hint=LIBRARY_HINT)
    part.source_trap(LIBRARY, rule=source_rules.uses(calls=names))


def eighths(rng, *shape, largest=2):
    """Random multiples of 1/8 between -largest and largest."""
    return rng.integers(-8 * largest, 8 * largest + 1, size=shape) / 8


def distribution(rng, k, zeros=0):
    """k probabilities that sum to 1; the first `zeros` of them, in random places, are 0."""
    p = rng.uniform(0.1, 1.0, size=k)
    p[rng.permutation(k)[:zeros]] = 0
    return p / p.sum()


# -- mse -----------------------------------------------------------------------------------------

mse_ = chapter.exercise("mse", points=1, accept=accept.close())


@mse_.inputs
def inputs(rng):
    yield case([3, 5], [1, 6], label="two numbers in lists")
    yield case([2.5], [2.0], label="a single number")
    yield case(np.array([1, 2, 3]), np.array([1, 2, 5]), label="whole numbers")
    yield case([[1, 2], [3, 4], [5, 6]], [[0, 2], [3, 1], [5, 8]], label="a table in lists")
    yield case(np.array([[1.0], [4.0]]), np.array([[2.0], [2.0]]), label="a column")
    for kind in [np.float64] * 6 + [np.float32] * 3:
        n, k = int(rng.integers(2, 7)), int(rng.integers(2, 5))
        pred, target = eighths(rng, n, k) + 0.25, eighths(rng, n, k) - 5
        label = f"a table ({kind.__name__})"
        yield case(pred.astype(kind), target.astype(kind), label=label)
        pred, target = eighths(rng, n + 1), eighths(rng, n + 1) - 5
        yield case(pred.astype(kind), target.astype(kind), label=f"a row ({kind.__name__})")


@mse_.reference
def mse(pred, target):
    return np.mean((np.asarray(pred) - np.asarray(target)) ** 2)


@mse_.right
def mse(pred, target):
    difference = np.subtract(target, pred).ravel()
    return difference @ difference / len(difference)


@mse_.right
def mse(pred, target):
    total, count = 0.0, 0
    for a, b in zip(np.ravel(pred), np.ravel(target), strict=True):
        total += (float(a) - float(b)) * (float(a) - float(b))
        count += 1
    return total / count


HALF = (
    "Your number is exactly half of the right one. Some books put a ½ in front so that the 2 of "
    "the derivative goes away; the course does not, and neither does torch."
)


@mse_.trap("½", hint=HALF)
def mse(pred, target):
    return 0.5 * np.mean((np.asarray(pred) - np.asarray(target)) ** 2)


@mse_.trap("½")
def mse(pred, target):
    return np.mean((pred - target) ** 2) / 2


SUM = (
    "You add the squares up. Twice as many examples would then cost twice as much: what does "
    "the first letter of its name ask for?"
)


@mse_.trap("sum", hint=SUM)
def mse(pred, target):
    return np.sum((np.asarray(pred) - np.asarray(target)) ** 2)


@mse_.trap("sum")
def mse(pred, target):
    return np.sum((pred - target) ** 2)


@mse_.trap("sum")
def mse(pred, target):
    return 0.5 * np.sum((np.asarray(pred) - np.asarray(target)) ** 2)


@mse_.trap("sum over the columns", hint=(
    "You divide by the number of rows, but a table has more entries than rows: the mean is "
    "over all of them."
))  # fmt: skip
def mse(pred, target):
    difference = np.asarray(pred) - np.asarray(target)
    return np.sum(difference**2) / len(difference)


@mse_.trap("root of the mean", hint=(
    "You took a root at the end. That is another measure, the root mean squared error."
))  # fmt: skip
def mse(pred, target):
    return np.sqrt(np.mean((np.asarray(pred) - np.asarray(target)) ** 2))


@mse_.trap("absolute differences", hint=(
    "You average the sizes of the differences. Their squares are asked for: a difference of 3 "
    "must count nine times as much as one of 1."
))  # fmt: skip
def mse(pred, target):
    return np.mean(np.abs(np.asarray(pred) - np.asarray(target)))


@mse_.trap("squares the mean difference", hint=(
    "You take the mean before you square. Then a difference of +1 and one of −1 cancel, and the "
    "loss is 0 although both predictions are wrong."
))  # fmt: skip
def mse(pred, target):
    return np.mean(np.asarray(pred) - np.asarray(target)) ** 2


@mse_.trap("one number for each column", hint=(
    "For a table you give several numbers: the squares without a mean, or with a mean along one "
    "axis only. The cost is a single one."
))  # fmt: skip
def mse(pred, target):
    return np.mean((np.asarray(pred) - np.asarray(target)) ** 2, axis=0)


@mse_.trap("one number for each column")
def mse(pred, target):
    return np.mean((np.asarray(pred) - np.asarray(target)) ** 2, axis=-1)


@mse_.trap("one number for each column")
def mse(pred, target):
    return (np.asarray(pred) - np.asarray(target)) ** 2


@mse_.wrong
def mse(pred, target):
    return np.mean(np.asarray(pred) ** 2 - np.asarray(target) ** 2)


@mse_.wrong
def mse(pred, target):
    print(np.mean((np.asarray(pred) - np.asarray(target)) ** 2))


@mse_.wrong
def mse(pred, target):
    return int(np.mean((np.asarray(pred) - np.asarray(target)) ** 2))


# -- bernoulli_nll, bernoulli_mle ------------------------------------------------------------------

bernoulli_ = chapter.exercise(
    "bernoulli_nll", points=2, names=["bernoulli_nll", "bernoulli_mle"], accept=accept.close()
)
nll_, mle_ = bernoulli_["bernoulli_nll"], bernoulli_["bernoulli_mle"]


@nll_.inputs
def inputs(rng):
    yield case(0.3, 3, 10, label="3 heads in 10 tosses")
    yield case(0.5, 1, 1, label="one toss, heads")
    yield case(0.75, 0, 4, label="no heads")
    yield case(0.25, 6, 6, label="heads only")
    yield case(0.3, 900, 3000, label="3000 tosses")
    yield case(0.625, 2000, 3200, label="3200 tosses")
    for _ in range(10):
        tosses = int(rng.integers(5, 31))
        heads = int(rng.integers(1, tosses))
        yield case(float(rng.uniform(0.05, 0.95)), heads, tosses, label="random numbers")


@nll_.reference
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log(theta) - (tosses - heads) * np.log(1 - theta)


@nll_.right
def bernoulli_nll(theta, heads, tosses):
    import math

    total = 0.0
    for toss in range(tosses):
        total -= math.log(theta if toss < heads else 1 - theta)
    return total


@nll_.right
def bernoulli_nll(theta, heads, tosses):
    t = np.repeat([1, 0], [heads, tosses - heads])
    return -np.sum(t * np.log(theta) + (1 - t) * np.log1p(-theta))


@nll_.right
def bernoulli_nll(theta, heads, tosses):
    return tosses * np.dot([heads / tosses, 1 - heads / tosses], -np.log([theta, 1 - theta]))


SIGN_NLL = (
    "Your number is negative. A probability is below 1, so its logarithm is below 0, and the "
    'first word of "negative log-likelihood" turns that round.'
)


@nll_.trap("sign", hint=SIGN_NLL)
def bernoulli_nll(theta, heads, tosses):
    return heads * np.log(theta) + (tosses - heads) * np.log(1 - theta)


@nll_.trap("sign")
def bernoulli_nll(theta, heads, tosses):
    return np.log(theta**heads * (1 - theta) ** (tosses - heads))


COEFFICIENT = (
    "You multiply by the number of orders in which the heads can come. That is the probability of "
    "the count; here one given sequence has happened, and it has one order."
)


@nll_.trap("binomial coefficient", hint=COEFFICIENT)
def bernoulli_nll(theta, heads, tosses):
    import math

    orders = math.log(math.comb(tosses, heads))
    return -orders - heads * np.log(theta) - (tosses - heads) * np.log(1 - theta)


@nll_.trap("binomial coefficient")
def bernoulli_nll(theta, heads, tosses):
    import math

    likelihood = math.comb(tosses, heads) * theta**heads * (1 - theta) ** (tosses - heads)
    return -np.log(likelihood)


@nll_.trap("divided by the binomial coefficient", hint=(
    "You add the logarithm of the number of orders in which the heads can come, so you divide the "
    "likelihood by that number. Here one given sequence has happened, and it has one order."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    import math

    orders = math.log(math.comb(tosses, heads))
    return orders - heads * np.log(theta) - (tosses - heads) * np.log(1 - theta)


@nll_.trap("binomial coefficient")
def bernoulli_nll(theta, heads, tosses):
    import math

    orders = math.log(math.comb(tosses, heads))
    return orders + heads * np.log(theta) + (tosses - heads) * np.log(1 - theta)


UNDERFLOW = (
    "Right for few tosses. With thousands of them the product of the probabilities is smaller "
    "than any number that the computer holds, and becomes 0. What does the logarithm make of a "
    "product?"
)


@nll_.trap("product underflows", hint=UNDERFLOW)
def bernoulli_nll(theta, heads, tosses):
    return -np.log(theta**heads * (1 - theta) ** (tosses - heads))


@nll_.trap("product underflows")
def bernoulli_nll(theta, heads, tosses):
    import math

    return -math.log(theta**heads * (1 - theta) ** (tosses - heads))


@nll_.trap("product underflows")
def bernoulli_nll(theta, heads, tosses):
    return -(np.log(theta**heads) + np.log((1 - theta) ** (tosses - heads)))


@nll_.trap("divided by the number of tosses", hint=(
    "You give the mean of one toss. The likelihood is that of all tosses together."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return -(heads * np.log(theta) + (tosses - heads) * np.log(1 - theta)) / tosses


@nll_.trap("another logarithm", hint=(
    "Your numbers are the right ones in another unit: here the logarithm is the natural one."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log2(theta) - (tosses - heads) * np.log2(1 - theta)


@nll_.trap("another logarithm")
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log10(theta) - (tosses - heads) * np.log10(1 - theta)


@nll_.trap("heads and tails swapped", hint=(
    "theta is the probability of heads. Which exponent belongs to it?"
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return -(tosses - heads) * np.log(theta) - heads * np.log(1 - theta)


@nll_.trap("all tosses counted as tails", hint=(
    "heads + (what you take for the tails) is more than tosses: the third argument counts all "
    "tosses, not the tails."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log(theta) - tosses * np.log(1 - theta)


@nll_.trap("the tails are missing", hint=(
    "Only the heads are in your sum. The tails have happened as well, each with its own "
    "probability."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log(theta)


@nll_.trap("the likelihood without its logarithm", hint=(
    "This is the likelihood itself. Two things are still to be done to it; the name says which."
))  # fmt: skip
def bernoulli_nll(theta, heads, tosses):
    return theta**heads * (1 - theta) ** (tosses - heads)


@nll_.wrong
def bernoulli_nll(theta, heads, tosses):
    return -np.log(heads / tosses)


@nll_.wrong
def bernoulli_nll(theta, heads, tosses):
    return -heads * np.log(theta) + (tosses - heads) * np.log(1 - theta)


@nll_.wrong
def bernoulli_nll(theta, heads, tosses):
    return -tosses * (theta * np.log(theta) + (1 - theta) * np.log(1 - theta))


@mle_.inputs
def inputs(rng):
    yield case(3, 10, label="3 heads in 10 tosses")
    yield case(0, 7, label="no heads")
    yield case(5, 5, label="heads only")
    yield case(1, 1, label="one toss, heads")
    yield case(2, 3, label="2 heads in 3 tosses")
    for _ in range(6):
        tosses = int(rng.integers(3, 200))
        yield case(int(rng.integers(1, tosses)), tosses, label="random numbers")


@mle_.reference
def bernoulli_mle(heads, tosses):
    return heads / tosses


@mle_.right
def bernoulli_mle(heads, tosses):
    return np.mean([1] * heads + [0] * (tosses - heads))


@mle_.right
def bernoulli_mle(heads, tosses):
    slope = lambda theta: -heads * (1 - theta) + (tosses - heads) * theta
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if slope(middle) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


@mle_.trap("cut off to a whole number", hint=(
    "A probability between 0 and 1 came out as a whole number: `//` and `int` cut off what comes "
    "after the point."
))  # fmt: skip
def bernoulli_mle(heads, tosses):
    return heads // tosses


@mle_.trap("the share of tails", hint=(
    "theta is the probability of heads, and you give the share of tails."
))  # fmt: skip
def bernoulli_mle(heads, tosses):
    return 1 - heads / tosses


@mle_.trap("heads against tails", hint=(
    "You compare the heads with the tails. theta is their share in all tosses."
))  # fmt: skip
def bernoulli_mle(heads, tosses):
    return heads / (tosses - heads) if heads < tosses else float("inf")


@mle_.trap("heads against tails")
def bernoulli_mle(heads, tosses):
    return heads / (tosses - heads)


@mle_.trap("two tosses that never happened", hint=(
    "You count one head and one tail more than there were. That is a good habit with few data, "
    "but it is no longer the theta that makes these tosses most probable."
))  # fmt: skip
def bernoulli_mle(heads, tosses):
    return (heads + 1) / (tosses + 2)


GRID = (
    "Near, but not exact: you try some values of theta, and the best one may lie between two of "
    "them, or at an edge. Where is the slope of (4.2) exactly 0? If it is 0 nowhere, towards which "
    "edge does the valley fall?"
)


@mle_.trap("tries some values only", hint=GRID)
def bernoulli_mle(heads, tosses):
    grid = np.linspace(0.01, 0.99, 99)
    nll = -heads * np.log(grid) - (tosses - heads) * np.log(1 - grid)
    return grid[np.argmin(nll)]


@mle_.trap("tries some values only")
def bernoulli_mle(heads, tosses):
    grid = np.linspace(0.001, 0.999, 999)
    nll = -heads * np.log(grid) - (tosses - heads) * np.log(1 - grid)
    return grid[np.argmin(nll)]


@mle_.trap("tries some values only")
def bernoulli_mle(heads, tosses):
    grid = np.arange(1, 10) / 10
    nll = -heads * np.log(grid) - (tosses - heads) * np.log(1 - grid)
    return grid[np.argmin(nll)]


@mle_.wrong
def bernoulli_mle(heads, tosses):
    return 0.5


@mle_.wrong
def bernoulli_mle(heads, tosses):
    return -np.log(heads / tosses) if heads else 0.0


@mle_.wrong
def bernoulli_mle(heads, tosses):
    return tosses / heads


# -- binomial_gap (find the mistake) ---------------------------------------------------------------

gap_ = chapter.exercise("binomial_gap", points=1, accept=accept.close())


@gap_.inputs
def inputs(rng):
    yield case(3, 10, label="3 heads in 10 tosses")
    yield case(0, 5, label="no heads")
    yield case(5, 5, label="heads only")
    yield case(1, 2, label="one head in two tosses")
    yield case(1, 7, label="one head in seven tosses")
    for _ in range(8):
        tosses = int(rng.integers(4, 21))
        yield case(int(rng.integers(2, tosses - 1)), tosses, label="random numbers")


@gap_.reference
def binomial_gap(heads, tosses):
    import math

    return math.log(math.comb(tosses, heads))


@gap_.right
def binomial_gap(heads, tosses):
    total = 0.0
    for k in range(1, heads + 1):
        total += np.log((tosses - heads + k) / k)
    return total


@gap_.right
def binomial_gap(heads, tosses):
    import math

    theta = 0.4
    orders = math.factorial(tosses) / (math.factorial(heads) * math.factorial(tosses - heads))
    count = orders * theta**heads * (1 - theta) ** (tosses - heads)
    return bernoulli_nll(theta, heads, tosses) + math.log(count)


@gap_.trap("the other way round", hint=(
    "Yours is negative. The sequence is less probable than the count, so which of the two numbers "
    "is larger, the one of the sequence or the one of the count?"
))  # fmt: skip
def binomial_gap(heads, tosses):
    import math

    return -math.log(math.comb(tosses, heads))


@gap_.trap("the number of orders itself", hint=(
    "This is how many orders there are. The gap lies between two logarithms."
))  # fmt: skip
def binomial_gap(heads, tosses):
    import math

    return math.comb(tosses, heads)


@gap_.trap("orders of tosses that look alike", hint=(
    "You count the orders of the tosses as if every head were different from every other head. "
    "Two heads that change places give the same sequence."
))  # fmt: skip
def binomial_gap(heads, tosses):
    import math

    return math.log(math.factorial(tosses))


@gap_.trap("orders of tosses that look alike")
def binomial_gap(heads, tosses):
    import math

    return math.log(math.perm(tosses, heads))


@gap_.trap("another logarithm", hint=(
    "Right, but in another unit: the logarithm is the natural one, as in bernoulli_nll."
))  # fmt: skip
def binomial_gap(heads, tosses):
    import math

    return math.log2(math.comb(tosses, heads))


@gap_.wrong
def binomial_gap(heads, tosses):
    return 0.0


@gap_.wrong
def binomial_gap(heads, tosses):
    return bernoulli_nll(0.3, heads, tosses)


@gap_.wrong
def binomial_gap(heads, tosses):
    return np.log(tosses * heads + 1)


# -- self_information ----------------------------------------------------------------------------

information_ = chapter.exercise("self_information", points=1, accept=accept.close())


@information_.inputs
def inputs(rng):
    yield case(0.5, label="one fair toss")
    yield case(0.125, label="one card of eight")
    yield case(1, label="what is certain")
    yield case(0, label="what never happens")
    yield case(0.0, base=10, label="what never happens, in base 10")
    yield case([0.5, 0.25, 0.125, 0.125], label="a list")
    yield case([0, 1, 0.5], 4, label="a list with 0 and 1, in base 4")
    yield case(np.array([0, 1]), label="whole numbers")
    yield case(np.array([0.25, 0.0, 0.75], dtype=np.float32), label="float32 with a 0")
    yield case(0.001, base=10, label="base 10")
    yield case(0.3, base=np.e, label="the natural logarithm")
    for base in (2, 3, 10, np.e):
        yield case(rng.uniform(0.01, 0.9, size=4), base=base, label=f"four numbers, base {base:g}")
        yield case(rng.uniform(0.01, 0.9, size=(2, 3)), base, label=f"a table, base {base:g}")


@information_.reference
def self_information(p, base=2):
    with np.errstate(divide="ignore"):
        return -np.log(p) / np.log(base)


@information_.right
def self_information(p, base=2):
    with np.errstate(divide="ignore"):
        return np.log(1 / np.asarray(p, dtype=float)) / np.log(base)


@information_.right
def self_information(p, base=2):
    import math

    if np.ndim(p) > 0:
        return np.array([self_information(entry, base) for entry in p])
    return math.inf if p == 0 else -math.log(p, base)


@information_.right
def self_information(p, base=2):
    p = np.array(p, dtype=float)
    bits = np.full(p.shape, np.inf)
    np.log2(p, where=p > 0, out=bits)
    return np.where(p > 0, -bits, np.inf) / np.log2(base)


SIGN_BITS = (
    "Your numbers are negative: the logarithm of a probability is. A rare event must tell a lot, "
    "and a certain one nothing."
)


@information_.trap("sign", hint=SIGN_BITS)
def self_information(p, base=2):
    return np.log(p) / np.log(base)


@information_.trap("sign")
def self_information(p, base=2):
    return np.log2(p)


@information_.trap("sign")
def self_information(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.where(p > 0, np.log(np.where(p > 0, p, 1)) / np.log(base), np.inf)


NATURAL = (
    "A fair toss must tell exactly 1 bit. The logarithm that you take does not have the base that "
    "the argument `base` asks for."
)


@information_.trap("natural log", hint=NATURAL)
def self_information(p, base=2):
    return -np.log(p)


@information_.trap("natural log")
def self_information(p, base=2):
    return np.log(p)


@information_.trap("another base where none is given", hint=(
    "Right where `base` is given. Where it is not, your numbers are in another unit: a fair toss "
    "must then tell exactly 1 bit. What does the first line of your function put in its place?"
))  # fmt: skip
def self_information(p, base=np.e):
    return -np.log(p) / np.log(base)


@information_.trap("ignores base", hint=(
    "Right in bits. With another `base` your numbers stay the same, and they should not."
))  # fmt: skip
def self_information(p, base=2):
    return -np.log2(p)


@information_.trap("multiplies by the logarithm of the base", hint=(
    "A larger base must give smaller numbers: a logarithm to another base is a quotient of two "
    "logarithms."
))  # fmt: skip
def self_information(p, base=2):
    return -np.log(p) * np.log(base)


EPSILON = (
    "For what never happens you give a large but finite number: the logarithm of something tiny "
    "that was added to p, or put in its place. Here the answer is infinity."
)
information_.difference_trap("adds epsilon", code="ε", hint=EPSILON)


@information_.falls_into("adds epsilon")
def self_information(p, base=2):
    return -np.log(np.asarray(p) + 1e-12) / np.log(base)


@information_.falls_into("adds epsilon")
def self_information(p, base=2):
    return -np.log(np.maximum(p, 1e-15)) / np.log(base)


@information_.falls_into("adds epsilon")
def self_information(p, base=2):
    return -np.log(np.asarray(p) + np.finfo(float).eps) / np.log(base)


@information_.trap("0 for what never happens", hint=(
    "You give 0 for an event that never happens. It would be the greatest surprise of all."
))  # fmt: skip
def self_information(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.where(p > 0, -np.log(np.where(p > 0, p, 1)) / np.log(base), 0.0)


@information_.trap("entropy's terms", hint=(
    "You weigh the information with p. That is a step towards the entropy, which comes next; here "
    "one event is asked for."
))  # fmt: skip
def self_information(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.where(p > 0, -p * np.log(np.where(p > 0, p, 1)) / np.log(base), 0.0)


@information_.trap("entropy's terms")
def self_information(p, base=2):
    return -p * np.log(p) / np.log(base)


@information_.wrong
def self_information(p, base=2):
    return 1 / np.asarray(p, dtype=float)


@information_.wrong
def self_information(p, base=2):
    import math

    return -math.log(p, base)


@information_.wrong
def self_information(p, base=2):
    return np.log(1 - np.asarray(p) * 0.5) / np.log(base)


write_it_yourself(
    information_, "dlkit.nn.self_information", "dlkit.nn.information.self_information"
)


@information_.falls_into(LIBRARY)
def self_information(p, base=2):
    from dlkit import nn

    return nn.self_information(p, base)


# -- entropy -------------------------------------------------------------------------------------

entropy_ = chapter.exercise("entropy", points=2, accept=accept.close())


@entropy_.inputs
def inputs(rng):
    yield case([0.5, 0.5], label="a fair coin")
    yield case([0.5, 0.25, 0.125, 0.125], label="four letters")
    yield case([0.5, 0.3, 0.2], base=np.e, label="three events, natural logarithm")
    yield case([1.0], label="a single event")
    yield case([0, 1, 0], label="whole numbers, one event is certain")
    yield case(np.array([0, 1]), label="an array of whole numbers, one event is certain")
    yield case([0.5, 0.0, 0.5], label="an event of probability 0")
    yield case(np.array([0.25, 0.0, 0.75], dtype=np.float32), label="float32, with a 0")
    yield case([0.25] * 4, base=4, label="base 4")
    for base in (2, 3, 10, np.e):
        k = int(rng.integers(3, 8))
        yield case(distribution(rng, k), base=base, label=f"{k} events, base {base:g}")
        yield case(distribution(rng, k, 2), base, label=f"{k} events, two impossible")
        yield case(distribution(rng, k, 1).tolist(), label="a list, one event impossible")


@entropy_.reference
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return np.sum(p * np.log(1 / p)) / np.log(base)


@entropy_.right
def entropy(p, base=2):
    import math

    return sum(-entry * math.log(entry, base) for entry in p if entry > 0)


@entropy_.right
def entropy(p, base=2):
    p = np.array(p)
    bits = np.where(p == 0, 0, self_information(np.where(p == 0, 1, p), base))
    return p @ bits


@entropy_.right
def entropy(p, base=2):
    with np.errstate(all="ignore"):
        return np.nansum(-np.asarray(p) * np.log(p)) / np.log(base)


NAN = (
    "An event of probability 0 turns your result into nan or an error: log 0 is minus infinity, "
    "and 0 times infinity is not defined. An event that never happens adds nothing."
)


@entropy_.trap("nan at 0", hint=NAN)
def entropy(p, base=2):
    return -np.sum(p * np.log(p)) / np.log(base)


@entropy_.trap("nan at 0")
def entropy(p, base=2):
    import math

    return -sum(entry * math.log(entry, base) for entry in p)


@entropy_.trap("nan at 0")
def entropy(p, base=2):
    return -np.sum(np.asarray(p) * np.log(p))


@entropy_.trap("nan at 0")
def entropy(p, base=2):
    return -np.sum(np.asarray(p) * np.log2(p))


@entropy_.trap("infinite at 0", hint=(
    "An event that never happens makes your result infinite. Its information is, but how often "
    "does it come into the mean?"
))  # fmt: skip
def entropy(p, base=2):
    total = 0.0
    for entry in p:
        total += np.inf if entry == 0 else -entry * np.log(entry) / np.log(base)
    return total


@entropy_.trap("natural log", hint=NATURAL)
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.sum(p * np.log(p))


@entropy_.trap("ignores base", hint=(
    "Right in bits. With another `base` your number stays the same, and it should not."
))  # fmt: skip
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.sum(p * np.log2(p))


@entropy_.trap("sign", hint=(
    "An entropy is never negative: it is a mean of self-informations, and these are not."
))  # fmt: skip
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return np.sum(p * np.log(p)) / np.log(base)


PLAIN_MEAN = (
    "You weigh all events alike. A mean over what happens gives each event the weight of its "
    "probability."
)


@entropy_.trap("a plain mean", hint=PLAIN_MEAN)
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.mean(np.log(p)) / np.log(base)


@entropy_.trap("a plain mean")
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.sum(np.log(p)) / np.log(base)


MEAN_OF_TERMS = (
    "You weigh each surprise by its probability, and then divide by the number of events as well. "
    "The probabilities sum to 1: weighing with them is the mean already."
)


@entropy_.trap("divided by the number of events", hint=MEAN_OF_TERMS)
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    p = p[p > 0]
    return -np.mean(p * np.log(p)) / np.log(base)


@entropy_.trap("divided by the number of events")
def entropy(p, base=2):
    total = 0.0
    for one in p:
        if one > 0:
            total -= one * np.log(one) / np.log(base)
    return total / len(p)


@entropy_.trap("one number for each event", hint=(
    "You give one number for each event. The entropy is one number for the whole distribution."
))  # fmt: skip
def entropy(p, base=2):
    p = np.asarray(p, dtype=float)
    return np.where(p > 0, -p * np.log(np.where(p > 0, p, 1)), 0.0) / np.log(base)


@entropy_.wrong
def entropy(p, base=2):
    return np.log(len(p)) / np.log(base)


@entropy_.wrong
def entropy(p, base=2):
    return -np.sum(np.asarray(p) * np.log(np.asarray(p) + 1e-3)) / np.log(base)


@entropy_.wrong
def entropy(p, base=2):
    return float(np.sum(np.asarray(p) ** 2))


write_it_yourself(
    entropy_,
    "dlkit.nn.entropy",
    "dlkit.nn.cross_entropy",
    "dlkit.nn.information.entropy",
    "scipy.stats.entropy",
    "scipy.special.entr",
    "torch.special.entr",
)


@entropy_.falls_into(LIBRARY)
def entropy(p, base=2):
    from dlkit.nn import entropy as ready

    return ready(p, base)


@entropy_.falls_into(LIBRARY)
def entropy(p, base=2):
    import scipy.stats

    return scipy.stats.entropy(p, base=base)


# -- kl_divergence -------------------------------------------------------------------------------

kl_ = chapter.exercise("kl_divergence", points=2, accept=accept.close())


def pairs(rng):
    """Cases (p, q, base) for the two functions of two distributions."""
    yield case([0.5, 0.3, 0.2], [0.4, 0.4, 0.2], base=np.e, label="three events, natural logarithm")
    yield case([0.5, 0.5], [0.25, 0.75], label="two coins, in bits")
    yield case([0.25, 0.75], [0.25, 0.75], label="two equal distributions")
    yield case([1, 0, 0], [0.5, 0.25, 0.25], label="a p that is certain")
    yield case([0, 1], [1, 0], label="whole numbers, and a q that calls impossible what happens")
    yield case([0.5, 0.5], [1.0, 0.0], label="a q that calls impossible what happens")
    yield case([0.5, 0.5, 0.0], [0.25, 0.75, 0.0], label="an event impossible under both")
    yield case([0.0, 0.5, 0.5], [0.5, 0.25, 0.25], label="an event that never happens")
    for base in (2, 3, 10, np.e):
        k = int(rng.integers(3, 7))
        label = f"{k} events, base {base:g}"
        yield case(distribution(rng, k), distribution(rng, k), base=base, label=label)
        yield case(distribution(rng, k, 1), distribution(rng, k), base, label=label)
    for _ in range(3):
        p, q = distribution(rng, 4, 1), distribution(rng, 4)
        yield case(p.tolist(), q.tolist(), label="lists, one event never happens")
        yield case(q, p, label="a q that calls impossible what happens")
        q = np.sort(distribution(rng, 3)).astype(np.float32)  # far from p: float32 rounds
        yield case(np.float32([0.6, 0.3, 0.1]), q, label="float32")


@kl_.inputs
def inputs(rng):
    yield from pairs(rng)


@kl_.reference
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return np.sum(p * (np.log(p) - np.log(q))) / np.log(base)


@kl_.right
def kl_divergence(p, q, base=2):
    import math

    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a == 0:
            continue
        if b == 0:
            return math.inf
        total += a * math.log(a / b, base)
    return total


@kl_.right
def kl_divergence(p, q, base=2):
    p, q = np.array(p, dtype=float), np.array(q, dtype=float)
    if np.any((q == 0) & (p > 0)):
        return np.inf
    q[q == 0] = 1
    ratio = np.where(p > 0, p, q) / q
    return (p * np.log(ratio)).sum() / np.log(base)


@kl_.right
def kl_divergence(p, q, base=2):
    happens = [i for i in range(len(p)) if p[i] > 0]
    crossed = sum(p[i] * self_information(q[i], base) for i in happens)
    return crossed - entropy(p, base)


SWAPPED = (
    "You have p and q exchanged. p says how often each event really happens, so p is the weight; "
    "q is what was believed."
)


@kl_.trap("swapped", hint=SWAPPED)
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[q > 0], q[q > 0]
    with np.errstate(divide="ignore"):
        return np.sum(q * (np.log(q) - np.log(p))) / np.log(base)


@kl_.trap("swapped")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return np.sum(q * np.log(q / p)) / np.log(base)


@kl_.trap("swapped")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(all="ignore"):
        return np.sum(np.where(q > 0, q * (np.log(q) - np.log(p)), 0)) / np.log(base)


SYMMETRISED = (
    "Your number does not change when p and q are exchanged. This divergence is not symmetric: "
    "what p costs with q's code is one thing, what q costs with p's code another."
)


@kl_.trap("symmetrised", hint=SYMMETRISED)
def kl_divergence(p, q, base=2):
    def one_way(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        a, b = a[a > 0], b[a > 0]
        with np.errstate(divide="ignore"):
            return np.sum(a * (np.log(a) - np.log(b))) / np.log(base)

    return one_way(p, q) + one_way(q, p)


@kl_.trap("symmetrised")
def kl_divergence(p, q, base=2):
    def one_way(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        a, b = a[a > 0], b[a > 0]
        with np.errstate(divide="ignore"):
            return np.sum(a * (np.log(a) - np.log(b))) / np.log(base)

    return (one_way(p, q) + one_way(q, p)) / 2


@kl_.trap("symmetrised")
def kl_divergence(p, q, base=2):
    def one_way(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        a, b = a[a > 0], b[a > 0]
        with np.errstate(divide="ignore"):
            return np.sum(a * (np.log(a) - np.log(b))) / np.log(base)

    middle = (np.asarray(p, dtype=float) + np.asarray(q, dtype=float)) / 2
    return (one_way(p, middle) + one_way(q, middle)) / 2


@kl_.trap("symmetrised")
def kl_divergence(p, q, base=2):
    def one_way(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        a, b = a[a > 0], b[a > 0]
        with np.errstate(divide="ignore"):
            return np.sum(a * (np.log(a) - np.log(b))) / np.log(base)

    return max(one_way(p, q), one_way(q, p))


SIZES = (
    "You take the size of each term. Terms below 0 belong to the sum as they are; only the whole "
    "is never negative."
)


@kl_.trap("sizes of the terms", hint=SIZES)
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return np.sum(np.abs(p * (np.log(p) - np.log(q)))) / np.log(base)


@kl_.trap("sizes of the terms")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return np.sum(np.abs(p * (np.log(p) - np.log(q)))) / np.log(base)


NAN_IN_SUM = (
    "Where p is 0 your sum gets nan or an error: 0 times infinity is not defined. An event that "
    "never happens costs nothing, whatever q says of it."
)


@kl_.trap("nan where p is 0", hint=NAN_IN_SUM)
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return np.sum(p * np.log(p / q)) / np.log(base)


@kl_.trap("nan where p is 0")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return np.sum(p * (np.log(p) - np.log(q))) / np.log(base)


@kl_.trap("nan where p is 0")
def kl_divergence(p, q, base=2):
    import math

    return sum(a * math.log(a / b, base) for a, b in zip(p, q, strict=True))


@kl_.trap("nan where p is 0")
def kl_divergence(p, q, base=2):
    import math

    total = 0
    for a, b in zip(p, q, strict=True):
        total += a * math.log(a / b) / math.log(base)
    return total


FINITE = (
    "q calls something impossible that does happen, and you give a finite number. No code for it "
    "exists: the answer is infinity."
)


@kl_.trap("finite where q is 0", hint=FINITE)
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    both = (p > 0) & (q > 0)
    return np.sum(p[both] * np.log(p[both] / q[both])) / np.log(base)


@kl_.trap("finite where q is 0")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float) + 1e-12
    p, q = p[p > 0], q[p > 0]
    return np.sum(p * np.log(p / q)) / np.log(base)


@kl_.trap("finite where q is 0")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float) + 1e-12, np.asarray(q, dtype=float) + 1e-12
    return np.sum(p * np.log(p / q)) / np.log(base)


@kl_.trap("finite where q is 0")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float) + 1e-15
    p, q = p[p > 0], q[p > 0]
    return np.sum(p * np.log(p / q)) / np.log(base)


@kl_.trap("finite where q is 0")
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float) + 1e-10
    p, q = p[p > 0], q[p > 0]
    return np.sum(p * np.log(p / q)) / np.log(base)


@kl_.trap("sign", hint=(
    "Your divergence is negative. Believing the wrong distribution never saves anything: which of "
    "the two belongs in the numerator, and which sign in front?"
))  # fmt: skip
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return np.sum(p * (np.log(q) - np.log(p))) / np.log(base)


@kl_.trap("natural log", hint=NATURAL)
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return np.sum(p * (np.log(p) - np.log(q)))


@kl_.trap("ignores base", hint=(
    "Right in bits. With another `base` your number stays the same, and it should not."
))  # fmt: skip
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return np.sum(p * (np.log2(p) - np.log2(q)))


@kl_.trap("the whole cost", hint=(
    "This is what p costs with q's code. The divergence is only what it costs more than with its "
    "own code."
))  # fmt: skip
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        return -np.sum(p * np.log(q)) / np.log(base)


@kl_.trap("a difference of two entropies", hint=(
    "You subtract the entropy of one from that of the other. In the mean of what q's code costs, "
    "the weights are p's in both terms."
))  # fmt: skip
def kl_divergence(p, q, base=2):
    return entropy(q, base) - entropy(p, base)


@kl_.trap("a difference of two entropies")
def kl_divergence(p, q, base=2):
    return entropy(p, base) - entropy(q, base)


@kl_.wrong
def kl_divergence(p, q, base=2):
    return np.sum((np.asarray(p) - np.asarray(q)) ** 2)


@kl_.wrong
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return np.max(np.abs(np.log(np.maximum(p, 1e-9)) - np.log(np.maximum(q, 1e-9))))


@kl_.wrong
def kl_divergence(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return np.where((p > 0) & (q > 0), p * np.log(np.maximum(p, 1e-9) / np.maximum(q, 1e-9)), 0)


write_it_yourself(
    kl_,
    "dlkit.nn.kl_divergence",
    "dlkit.nn.cross_entropy",
    "dlkit.nn.information.kl_divergence",
    "scipy.stats.entropy",
    "scipy.special.rel_entr",
    "scipy.special.kl_div",
    "torch.nn.functional.kl_div",
)


@kl_.falls_into(LIBRARY)
def kl_divergence(p, q, base=2):
    import dlkit.nn

    return dlkit.nn.kl_divergence(p, q, base)


# -- cross_entropy -------------------------------------------------------------------------------

cross_ = chapter.exercise("cross_entropy", points=1, accept=accept.close())


@cross_.inputs
def inputs(rng):
    yield from pairs(rng)


@cross_.reference
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.sum(p[p > 0] * np.log(q[p > 0])) / np.log(base)


@cross_.right
def cross_entropy(p, q, base=2):
    return entropy(p, base) + kl_divergence(p, q, base)


@cross_.right
def cross_entropy(p, q, base=2):
    import math

    total = 0.0
    for a, b in zip(p, q, strict=True):
        if a > 0:
            total += a * (math.inf if b == 0 else -math.log(b, base))
    return total


@cross_.right
def cross_entropy(p, q, base=2):
    with np.errstate(all="ignore"):
        terms = -np.asarray(p) * np.log(q) / np.log(base)
    return terms[np.asarray(p) > 0].sum()


@cross_.trap("swapped", hint=SWAPPED)
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.sum(q[q > 0] * np.log(p[q > 0])) / np.log(base)


@cross_.trap("swapped")
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(all="ignore"):
        return -np.sum(q * np.log(p)) / np.log(base)


@cross_.trap("swapped")
def cross_entropy(p, q, base=2):
    return entropy(q, base) + kl_divergence(q, p, base)


ONE_PART_SWAPPED = "One of your two parts has p and q exchanged: H(p, q) = H(p) + D(p‖q)."


@cross_.trap("one part swapped", hint=ONE_PART_SWAPPED)
def cross_entropy(p, q, base=2):
    return entropy(p, base) + kl_divergence(q, p, base)


@cross_.trap("one part swapped")
def cross_entropy(p, q, base=2):
    return entropy(q, base) + kl_divergence(p, q, base)


@cross_.trap("nan where p and q are 0", hint=(
    "Where p and q are both 0 your sum gets nan: 0 times infinity is not defined. An event that "
    "never happens costs nothing, whatever q says of it."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    with np.errstate(all="ignore"):
        return -np.sum(np.asarray(p) * np.log(q)) / np.log(base)


@cross_.trap("nan where p and q are 0")
def cross_entropy(p, q, base=2):
    with np.errstate(all="ignore"):
        return np.sum(np.asarray(p) * self_information(q, base))


@cross_.trap("log 0 is an error", hint=(
    "`math.log(0)` is an error in Python. Where q is 0, two cases differ: an event that happens "
    "all the same, and one that never does."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    import math

    return -sum(a * math.log(b, base) for a, b in zip(p, q, strict=True))


@cross_.trap("log 0 is an error")
def cross_entropy(p, q, base=2):
    import math

    return sum(-a * math.log(b, base) for a, b in zip(p, q, strict=True) if a > 0)


@cross_.trap("finite where q is 0", hint=FINITE)
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    both = (p > 0) & (q > 0)
    return -np.sum(p[both] * np.log(q[both])) / np.log(base)


@cross_.trap("finite where q is 0")
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(q + 1e-12)) / np.log(base)


@cross_.trap("finite where q is 0")
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(q + 1e-15)) / np.log(base)


@cross_.trap("finite where q is 0")
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(q + 1e-10)) / np.log(base)


@cross_.trap("finite where q is 0")
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    return -np.sum(p * np.log(np.clip(q, 1e-7, 1))) / np.log(base)


@cross_.trap("sign", hint=(
    "A cross-entropy is never negative: it is a mean of self-informations, and these are not."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return np.sum(p[p > 0] * np.log(q[p > 0])) / np.log(base)


@cross_.trap("natural log", hint=NATURAL)
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.sum(p[p > 0] * np.log(q[p > 0]))


@cross_.trap("ignores base", hint=(
    "Right in bits. With another `base` your number stays the same, and it should not."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.sum(p[p > 0] * np.log2(q[p > 0]))


@cross_.trap("ignores base")
def cross_entropy(p, q, base=2):
    return entropy(p) + kl_divergence(p, q)


@cross_.trap("divided by the number of events", hint=MEAN_OF_TERMS)
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.mean(p[p > 0] * np.log(q[p > 0])) / np.log(base)


@cross_.trap("a plain mean", hint=PLAIN_MEAN)
def cross_entropy(p, q, base=2):
    p, q = np.asarray(p, dtype=float), np.asarray(q, dtype=float)
    with np.errstate(divide="ignore"):
        return -np.mean(np.log(q[p > 0])) / np.log(base)


@cross_.trap("the divergence alone", hint=(
    "You give what q's code costs *more* than the best one. The cross-entropy is all that it costs."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    return kl_divergence(p, q, base)


@cross_.trap("a difference instead of a sum", hint=(
    "You subtract one of the two parts from the other. What q's code costs is what p needs anyway "
    "and what it costs more."
))  # fmt: skip
def cross_entropy(p, q, base=2):
    return kl_divergence(p, q, base) - entropy(p, base)


@cross_.trap("a difference instead of a sum")
def cross_entropy(p, q, base=2):
    return entropy(p, base) - kl_divergence(p, q, base)


@cross_.wrong
def cross_entropy(p, q, base=2):
    return -np.log(np.asarray(q)[np.argmax(p)]) / np.log(base)


@cross_.wrong
def cross_entropy(p, q, base=2):
    return entropy(p, base) + entropy(q, base)


write_it_yourself(
    cross_,
    "dlkit.nn.cross_entropy",
    "dlkit.nn.information.cross_entropy",
    "torch.nn.functional.cross_entropy",
)


@cross_.falls_into(LIBRARY)
def cross_entropy(p, q, base=2):
    from dlkit.nn.information import cross_entropy as ready

    return ready(p, q, base)


# -- one_hot -------------------------------------------------------------------------------------

one_hot_ = chapter.exercise("one_hot", points=1, accept=accept.floats())


@one_hot_.inputs
def inputs(rng):
    yield case([2, 0, 1], 3, label="three labels of three classes, a list")
    yield case(np.array([1, 1, 0, 3]), 5, label="a class that no label names")
    yield case(np.array([0]), 1, label="a single class")
    yield case([1], 4, label="a single label")
    yield case(np.array([2, 1, 0], dtype=np.int32), 4, label="int32")
    yield case([0, -1, 1], 3, label="a label of −1")
    yield case(np.array([-3, 0]), 3, label="a label of −3")
    yield case([0, 3, 1], 3, label="a label that is too large by one")
    yield case(np.array([7]), 3, label="a label far too large")
    for _ in range(6):
        n, k = int(rng.integers(2, 8)), int(rng.integers(2, 6))
        yield case(rng.integers(0, k, size=n), k, label="random labels")
        wrong = rng.integers(0, k, size=n)
        wrong[int(rng.integers(n))] = -1 - int(rng.integers(k))
        yield case(wrong, k, label="one label below 0")


@one_hot_.reference
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError("a label is out of range")
    return np.eye(num_classes)[labels]


@one_hot_.right
def one_hot(labels, num_classes):
    rows = []
    for label in labels:
        row = [0.0] * num_classes
        if not 0 <= label < num_classes:
            raise ValueError(f"{label} is no class")
        row[label] = 1.0
        rows.append(row)
    return rows


@one_hot_.right
def one_hot(labels, num_classes):
    hits = np.asarray(labels)[:, None] == np.arange(num_classes)
    if not hits.any(axis=1).all():
        raise ValueError
    return hits.astype(np.float32)


@one_hot_.right
def one_hot(labels, num_classes):
    if any(label not in range(num_classes) for label in labels):
        raise ValueError("out of range")
    out = np.zeros((len(labels), num_classes))
    out[np.arange(len(labels)), labels] = 1
    return out


WRAPS = (
    "A label below 0 gives you a row as if nothing were wrong: NumPy and Python count negative "
    "positions from the end. Say so with a ValueError before you use it."
)


@one_hot_.trap("wraps negative labels", hint=WRAPS)
def one_hot(labels, num_classes):
    return np.eye(num_classes)[np.asarray(labels)]


@one_hot_.trap("wraps negative labels")
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.max() >= num_classes:
        raise ValueError("a label is out of range")
    return np.eye(num_classes)[labels]


@one_hot_.trap("takes a remainder", hint=(
    "A label that is no class gives you the row of another class: a remainder makes a class of "
    "every number, and nobody hears of it. Expected is a ValueError."
))  # fmt: skip
def one_hot(labels, num_classes):
    return np.eye(num_classes)[np.mod(labels, num_classes)]


ZEROS = (
    "A label that is no class gives you a row of zeros, and nobody hears of it. Expected is a "
    "ValueError."
)


@one_hot_.trap("a row of zeros for no class", hint=ZEROS)
def one_hot(labels, num_classes):
    return (np.asarray(labels)[:, None] == np.arange(num_classes)).astype(float)


@one_hot_.trap("another error than ValueError", hint=(
    "A label that is no class ends in another error: NumPy's own IndexError, say, or that of an "
    "`assert`. Expected is a ValueError, for those below 0 and those too large alike."
))  # fmt: skip
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0:
        raise ValueError("a label is below 0")
    return np.eye(num_classes)[labels]


@one_hot_.trap("another error than ValueError")
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise AssertionError
    return np.eye(num_classes)[labels]


@one_hot_.trap("another error than ValueError")
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise IndexError("a label is out of range")
    return np.eye(num_classes)[labels]


@one_hot_.trap("classes across, labels down", hint=(
    "Your table lies on its side. One row for each label, one column for each class."
))  # fmt: skip
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError("a label is out of range")
    return np.eye(num_classes)[labels].T


@one_hot_.trap("as many columns as the largest label needs", hint=(
    "The number of columns depends on the labels in this batch. A class may be missing from it, "
    "and still has its column."
))  # fmt: skip
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError("a label is out of range")
    return np.eye(labels.max() + 1)[labels]


one_hot_.difference_trap(
    "whole numbers",
    code="type:whole",
    hint="A float table is asked for, and yours holds whole numbers, or True and False. In a NumPy "
    "array of such a type, a fraction that you write into it later is lost.",
)


@one_hot_.falls_into("whole numbers")
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 0 or labels.max() >= num_classes:
        raise ValueError("a label is out of range")
    return np.eye(num_classes, dtype=int)[labels]


@one_hot_.falls_into("whole numbers")
def one_hot(labels, num_classes):
    if min(labels) < 0 or max(labels) >= num_classes:
        raise ValueError("a label is out of range")
    return [[int(k == label) for k in range(num_classes)] for label in labels]


@one_hot_.wrong
def one_hot(labels, num_classes):
    return np.eye(num_classes)


@one_hot_.wrong
def one_hot(labels, num_classes):
    return np.ones((len(labels), num_classes)) / num_classes


@one_hot_.wrong
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.min() < 1 or labels.max() > num_classes:
        raise ValueError("a label is out of range")
    return np.eye(num_classes)[labels - 1]


write_it_yourself(
    one_hot_, "dlkit.nn.one_hot", "dlkit.nn.one_hot.one_hot", "torch.nn.functional.one_hot"
)


@one_hot_.falls_into(LIBRARY)
def one_hot(labels, num_classes):
    from dlkit import nn

    return nn.one_hot(labels, num_classes)


# -- digits_of_exp (find the mistake) --------------------------------------------------------------

digits_ = chapter.exercise("digits_of_exp", points=1, accept=accept.exact())


@digits_.inputs
def inputs(rng):
    yield case(10, label="n = 10")
    yield case(100, label="n = 100")
    yield case(0, label="n = 0")
    yield case(2, label="n = 2")
    yield case(709, label="n = 709")
    yield case(710, label="n = 710")
    yield case(1000, label="n = 1000")
    yield case(100_000, label="n = 100,000")
    for _ in range(6):
        yield case(int(rng.integers(3, 700)), label="random n below 700")
        yield case(int(rng.integers(800, 50_000)), label="random n above 800")


@digits_.reference
def digits_of_exp(n):
    return int(n / np.log(10)) + 1


@digits_.right
def digits_of_exp(n):
    from decimal import Decimal

    return Decimal(n).exp().adjusted() + 1


@digits_.right
def digits_of_exp(n):
    import math

    return math.floor(n * math.log10(math.e)) + 1


OVERFLOWS = (
    "Right as long as e^n is a number that the computer can hold. Above n = 709 NumPy makes it "
    "infinite, plain Python stops with an error, and neither has digits. The logarithm to base 10 "
    "of e^n can be had without e^n."
)


@digits_.trap("computes e^n first", hint=OVERFLOWS)
def digits_of_exp(n):
    return len(str(int(np.exp(n))))


@digits_.trap("computes e^n first")
def digits_of_exp(n):
    import math

    return math.floor(math.log10(math.exp(n))) + 1


@digits_.trap("computes e^n first")
def digits_of_exp(n):
    return np.floor(np.log10(np.exp(n))) + 1


@digits_.trap("computes e^n first")
def digits_of_exp(n):
    import math

    return len(str(int(math.e**n)))


@digits_.trap("one digit short", hint=(
    "One short: 10 has two digits, and its logarithm to base 10 is 1."
))  # fmt: skip
def digits_of_exp(n):
    return int(n / np.log(10))


@digits_.trap("rounds to the nearest", hint=(
    "Some of your numbers are right and some are one short: you round to the nearest whole number. "
    "11 and 99 both have two digits, but their logarithms to base 10 round to 1 and to 2."
))  # fmt: skip
def digits_of_exp(n):
    return round(n / np.log(10))


@digits_.trap("multiplies instead of dividing", hint=(
    "Your numbers are too large: e^n = 10^m, so n = m · ln 10. What is m?"
))  # fmt: skip
def digits_of_exp(n):
    return int(n * np.log(10)) + 1


@digits_.wrong
def digits_of_exp(n):
    return n // 2 + 1


@digits_.wrong
def digits_of_exp(n):
    return n / np.log(10) + 1


@digits_.wrong
def digits_of_exp(n):
    return len(str(n))


# -- log_softmax ---------------------------------------------------------------------------------

log_softmax_ = chapter.exercise("log_softmax", points=2, accept=accept.close())


@log_softmax_.inputs
def inputs(rng):
    yield case([2.0, 1.0, 0.1], label="three scores in a list")
    yield case([1, 2, 3], label="a list of whole numbers")
    yield case(np.array([[3, 0], [1, 5]]), label="a table of whole numbers")
    yield case(np.array([1e4, -1e4, 0.0]), label="scores of ±10,000")
    yield case(np.array([[1010.0, 1000.0, 990.0]]), label="the scores 1010, 1000, 990")
    yield case(np.array([[1e4, 9999.0], [-1e4, -9998.0]]), label="two rows far apart")
    yield case(np.array([[-5000.0, 3.0], [-5001.0, 5000.0]]), axis=0, label="columns far apart")
    yield case(np.array([[0.5]]), label="a single score")
    yield case(np.float32([[1e4, -1e4], [20.0, 22.0]]), label="float32, large")
    for kind in [np.float64] * 3 + [np.float32]:
        name = kind.__name__
        x = rng.normal(size=(3, 4)).astype(kind) * 2
        yield case(x, label=f"a table ({name})")
        yield case(x, 0, label=f"a table along axis 0 ({name})")
        yield case(x.tolist(), axis=1, label="a table in lists")
        y = rng.normal(size=(2, 3, 4)).astype(kind) * 3
        yield case(y, axis=1, label=f"three axes, along the middle one ({name})")
        yield case(y, axis=-3, label=f"three axes, along the first one ({name})")


@log_softmax_.reference
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max(axis=axis, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


@log_softmax_.right
def log_softmax(x, axis=-1):
    x = np.array(x, dtype=float)
    return x - np.logaddexp.reduce(x, axis=axis, keepdims=True)


@log_softmax_.right
def log_softmax(x, axis=-1):
    import math

    def one(scores):
        top = max(scores)
        total = sum(math.exp(s - top) for s in scores)
        return [s - top - math.log(total) for s in scores]

    return np.apply_along_axis(one, axis, np.asarray(x, dtype=float))


LOG_OF_SOFTMAX = (
    "Large scores make your result nan or infinite. If softmax is computed first, a probability "
    "can become exactly 0, and then its logarithm is lost. Take the logarithm on paper first: "
    "what remains of the exp in the numerator?"
)


@log_softmax_.trap("log of softmax", hint=LOG_OF_SOFTMAX)
def log_softmax(x, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(x)
        return np.log(e / e.sum(axis=axis, keepdims=True))


@log_softmax_.trap("log of softmax")
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max(axis=axis, keepdims=True))
        return np.log(e / e.sum(axis=axis, keepdims=True))


@log_softmax_.trap("log of softmax")
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        e = np.exp(x - x.max())
        return np.log(e / e.sum(axis=axis, keepdims=True))


@log_softmax_.trap("no shift", hint=(
    "The logarithm is taken on paper, well. But exp still meets the scores as they are, and of "
    "1000 it is infinite. A shift of a whole row changes nothing in a softmax."
))  # fmt: skip
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


@log_softmax_.trap("one maximum for all rows", hint=(
    "You shift all rows by the same number. In a row far below it every exp becomes 0, and the "
    "logarithm of 0 is minus infinity."
))  # fmt: skip
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max()
    with np.errstate(all="ignore"):
        return x - np.log(np.sum(np.exp(x), axis=axis, keepdims=True))


AXIS = (
    "Your result is right for the last axis and does not change with `axis`. Both the maximum and "
    "the sum run along the axis that is asked for."
)


@log_softmax_.trap("axis ignored", hint=AXIS)
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.sum(np.exp(x), axis=-1, keepdims=True))


@log_softmax_.trap("axis ignored")
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    return x - np.logaddexp.reduce(x, axis=-1, keepdims=True)


@log_softmax_.trap("sums over everything", hint=(
    "Your sum runs over all entries, so the whole table shares one total. Each row has its own."
))  # fmt: skip
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max()
    return x - np.log(np.sum(np.exp(x)))


EPSILON_LOG = (
    "Very unlikely classes all get the same number: the logarithm of something tiny that was added "
    "to the probability, or put in its place. The true one is finite and far below."
)
log_softmax_.difference_trap("adds epsilon", code="ε", hint=EPSILON_LOG)


@log_softmax_.falls_into("adds epsilon")
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.log(e / e.sum(axis=axis, keepdims=True) + 1e-12)


@log_softmax_.falls_into("adds epsilon")
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return np.log(np.maximum(e / e.sum(axis=axis, keepdims=True), 1e-15))


@log_softmax_.trap("without the logarithm", hint=(
    "These are the probabilities. Their logarithms are asked for."
))  # fmt: skip
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


@log_softmax_.wrong
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max(axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=True)) - x


@log_softmax_.wrong
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    return x - x.max(axis=axis, keepdims=True)


@log_softmax_.wrong
def log_softmax(x, axis=-1):
    x = np.asarray(x)
    x = x - x.max(axis=axis)
    return x - np.log(np.sum(np.exp(x), axis=axis))


write_it_yourself(
    log_softmax_,
    "dlkit.nn.log_softmax",
    "dlkit.nn.softmax.log_softmax",
    "scipy.special.log_softmax",
    "torch.log_softmax",
    "torch.nn.functional.log_softmax",
)


@log_softmax_.falls_into(LIBRARY)
def log_softmax(x, axis=-1):
    from dlkit.nn.softmax import log_softmax as ready

    return ready(x, axis)


# -- softmax_cross_entropy -------------------------------------------------------------------------

softmax_ce_ = chapter.exercise("softmax_cross_entropy", points=3, accept=accept.close())


@softmax_ce_.inputs
def inputs(rng):
    yield case([[2.0, 1.0, 0.1]], [0], label="one row in lists")
    yield case([[1, 2], [3, 0], [1, 1]], [1, 1, 0], label="whole numbers in lists")
    yield case(np.array([[0.0, 0.0], [1.0, -1.0]]), np.array([1, 0]), label="two rows")
    yield case(np.array([[1e4, -1e4, 0.0]]), np.array([1]), label="one row, sure and wrong")
    yield case(np.array([[-300.0, 700.0]]), np.array([0]), label="one row, sure and wrong")
    yield case(np.array([[1010.0, 1000.0, 990.0], [0.0, 1.0, 2.0]]), [2, 1], label="a large row")
    yield case(np.array([[1e4, 9999.0], [-1e4, -9998.0]]), np.array([0, 0]), label="rows far apart")
    yield case(np.float32([[2e3, -1e3], [0.5, 0.25]]), np.array([1, 0]), label="float32, large")
    for kind in [np.float64] * 6 + [np.float32] * 2:
        n, k = int(rng.integers(2, 6)), int(rng.integers(2, 6))
        logits = 2 * rng.normal(size=(n, k)).astype(kind)
        yield case(logits, rng.integers(0, k, size=n), label=f"random logits ({kind.__name__})")


@softmax_ce_.reference
def softmax_cross_entropy(logits, labels):
    logits, rows = np.asarray(logits), np.arange(len(labels))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dlogits = np.exp(log_p)
    dlogits[rows, labels] -= 1
    return -log_p[rows, labels].mean(), dlogits / len(rows)


@softmax_ce_.right
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p) / len(t), (np.exp(log_p) - t) / len(t)


@softmax_ce_.right
def softmax_cross_entropy(logits, labels):
    import math

    total, gradient = 0.0, []
    for row, label in zip(logits, labels, strict=True):
        top = max(row)
        log_sum = top + math.log(sum(math.exp(z - top) for z in row))
        total += log_sum - row[label]
        gradient.append([math.exp(z - log_sum) - (k == label) for k, z in enumerate(row)])
    n = len(labels)
    return total / n, [[g / n for g in row] for row in gradient]


@softmax_ce_.right
def softmax_cross_entropy(logits, labels):
    z = np.array(logits, dtype=float)
    n, k = z.shape
    log_sum = np.logaddexp.reduce(z, axis=-1)
    loss = np.mean(log_sum - np.take_along_axis(z, np.asarray(labels)[:, None], 1)[:, 0])
    return [loss, (np.exp(z - log_sum[:, None]) - np.eye(k)[labels]) / n]


NOT_BY_N = (
    "Your loss, your gradient or both are too large by a factor, the number of rows. The loss is a "
    "mean over the batch, and the gradient is the gradient of that mean."
)


@softmax_ce_.trap("not divided by N", hint=NOT_BY_N)
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p) / len(t), np.exp(log_p) - t


@softmax_ce_.trap("not divided by N")
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p), np.exp(log_p) - t


@softmax_ce_.trap("not divided by N")
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p), (np.exp(log_p) - t) / len(t)


EPSILON_CE = (
    "Where an answer is sure and wrong your loss is the logarithm of something tiny that was added "
    "to the probability, or put in its place. The true loss is finite and much larger: compute "
    "the logarithm without the probability."
)
softmax_ce_.difference_trap("adds epsilon", code="ε", hint=EPSILON_CE)


@softmax_ce_.falls_into("adds epsilon")
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(labels))
    loss = -np.mean(np.log(p[rows, labels] + 1e-12))
    p[rows, labels] -= 1
    return loss, p / len(rows)


@softmax_ce_.falls_into("adds epsilon")
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(labels))
    loss = -np.mean(np.log(np.clip(p[rows, labels], 1e-15, 1 - 1e-15)))
    p[rows, labels] -= 1
    return loss, p / len(rows)


@softmax_ce_.falls_into("adds epsilon")
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p, t = e / e.sum(axis=1, keepdims=True), one_hot(labels, logits.shape[1])
    return -np.sum(t * np.log(p + 1e-7)) / len(t), (p - t) / len(t)


@softmax_ce_.trap("log of softmax", hint=LOG_OF_SOFTMAX)
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(labels))
        loss = -np.mean(np.log(p[rows, labels]))
    p[rows, labels] -= 1
    return loss, p / len(rows)


@softmax_ce_.trap("log of softmax")
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        p, rows = e / e.sum(axis=1, keepdims=True), np.arange(len(labels))
        loss = -np.mean(np.log(p[rows, labels]))
    p[rows, labels] -= 1
    return loss, p / len(rows)


@softmax_ce_.trap("log of softmax")
def softmax_cross_entropy(logits, labels):
    logits = np.asarray(logits)
    with np.errstate(all="ignore"):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        p, t = e / e.sum(axis=1, keepdims=True), one_hot(labels, logits.shape[1])
        return -np.sum(t * np.log(p)) / len(t), (p - t) / len(t)


@softmax_ce_.trap("log of softmax")
def softmax_cross_entropy(logits, labels):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        p = e / e.sum(axis=1, keepdims=True)
        t = one_hot(labels, p.shape[1])
        return -np.sum(t * np.log(p)) / len(t), (p - t) / len(t)


@softmax_ce_.trap("mean over all entries", hint=(
    "You divide by the number of entries, rows times classes. Each row has one loss, so the mean "
    "is over the rows."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.mean(t * log_p), (np.exp(log_p) - t) / t.size


@softmax_ce_.trap("mean over all entries")
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.mean(t * log_p), (np.exp(log_p) - t) / len(t)


@softmax_ce_.trap("the targets are not subtracted", hint=(
    "Your loss is right, your gradient is not: it is above 0 everywhere, also for the right class. "
    "A step against it would push the right score down."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p) / len(t), np.exp(log_p) / len(t)


@softmax_ce_.trap("the gradient points downhill", hint=(
    "Your loss is right, your gradient has the opposite sign. The gradient points to where the "
    "loss grows; turning round is the optimiser's work."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p) / len(t), (t - np.exp(log_p)) / len(t)


@softmax_ce_.trap("the gradient by the probabilities", hint=(
    "Your loss is right. Your gradient is by the probabilities; asked for is the gradient by the "
    "logits, one step further back."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    with np.errstate(all="ignore"):
        return -np.sum(t * log_p) / len(t), np.where(t > 0, -1 / np.exp(log_p), 0.0) / len(t)


@softmax_ce_.trap("the gradient by the probabilities")
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    with np.errstate(all="ignore"):
        return -np.sum(t * log_p) / len(t), -t / np.exp(log_p) / len(t)


@softmax_ce_.trap("sign of the loss", hint=(
    "Your loss is below 0. A logarithm of a probability is; the loss is its negative."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return np.sum(t * log_p) / len(t), (np.exp(log_p) - t) / len(t)


@softmax_ce_.trap("one loss for each row", hint=(
    "You give a loss for each row. Their mean, one number, is asked for."
))  # fmt: skip
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p, axis=1), (np.exp(log_p) - t) / len(t)


@softmax_ce_.wrong
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=1)
    return -np.mean(log_p[np.arange(len(labels)), labels])


@softmax_ce_.wrong
def softmax_cross_entropy(logits, labels):
    t = one_hot(labels, np.shape(logits)[1])
    return np.mean((np.asarray(logits) - t) ** 2), 2 * (np.asarray(logits) - t) / t.size


@softmax_ce_.wrong
def softmax_cross_entropy(logits, labels):
    log_p = log_softmax(logits, axis=0)
    t = one_hot(labels, log_p.shape[1])
    return -np.sum(t * log_p) / len(t), (np.exp(log_p) - t) / len(t)


write_it_yourself(
    softmax_ce_,
    "dlkit.nn.SoftmaxCrossEntropy",
    "dlkit.nn.cross_entropy.SoftmaxCrossEntropy",
    "dlkit.nn.log_softmax",
    "torch.nn.functional.cross_entropy",
    "torch.nn.functional.nll_loss",
    "torch.nn.CrossEntropyLoss",
)


@softmax_ce_.falls_into(LIBRARY)
def softmax_cross_entropy(logits, labels):
    from dlkit import nn

    loss = nn.SoftmaxCrossEntropy()
    return loss(logits, labels), loss.backward()


# -- binary_cross_entropy_with_logits --------------------------------------------------------------

bce_ = chapter.exercise("binary_cross_entropy_with_logits", points=2, accept=accept.close())


@bce_.inputs
def inputs(rng):
    yield case([0.0, 0.0], [0, 1], label="two logits of 0 in lists")
    yield case([2, -1, 3], [1, 0, 0], label="whole numbers in lists")
    yield case(np.array([2, -3]), np.array([1, 1]), label="arrays of whole numbers")
    yield case(np.array([40.0]), np.array([0.0]), label="z = 40 and t = 0")
    yield case(np.array([1e4]), np.array([1.0]), label="z = 10,000 and t = 1")
    yield case(np.array([1e4]), np.array([0.0]), label="z = 10,000 and t = 0")
    yield case(np.array([-1e4]), np.array([1.0]), label="z = −10,000 and t = 1")
    yield case(np.array([-1e4]), np.array([0.0]), label="z = −10,000 and t = 0")
    yield case(np.array([800.0, -800.0]), np.array([0.25, 0.75]), label="z = ±800, t in between")
    yield case(np.float32([2e3, -3e3, 0.5]), np.float32([0, 1, 1]), label="float32, large")
    for kind in [np.float64] * 4 + [np.float32] * 2:
        name = kind.__name__
        n = int(rng.integers(2, 7))
        z, t = 2 * rng.normal(size=(n, 3)).astype(kind), rng.uniform(size=(n, 3)).astype(kind)
        yield case(z, t, label=f"a table, t in between ({name})")
        yield case(z[:, :1], np.round(t[:, :1]), label=f"a column, t 0 or 1 ({name})")
        yield case(z[0], np.round(t[0]).astype(int), label=f"a row, t 0 or 1 ({name})")


@bce_.reference
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    return np.mean(np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - z * t)


@bce_.right
def binary_cross_entropy_with_logits(z, t):
    return (np.logaddexp(0, z) - np.multiply(z, t)).mean()


@bce_.right
def binary_cross_entropy_with_logits(z, t):
    import math

    def softplus(s):
        return s + math.log1p(math.exp(-s)) if s > 0 else math.log1p(math.exp(s))

    pairs = [*zip(np.ravel(z).tolist(), np.ravel(t).tolist(), strict=True)]
    return sum(b * softplus(-a) + (1 - b) * softplus(a) for a, b in pairs) / len(pairs)


@bce_.right
def binary_cross_entropy_with_logits(z, t):
    z, t = np.ravel(z), np.ravel(t)
    log_p = log_softmax(np.column_stack([np.zeros(len(z)), z]), axis=1)
    return -np.mean((1 - t) * log_p[:, 0] + t * log_p[:, 1])


SIGMOID_FIRST = (
    "Large logits end in nan, in infinity, in an error, or in the number at which a logarithm was "
    "cut off. The sigmoid rounds to exactly 0 or 1 there, and its logarithm is lost. Write ln σ(z) "
    "in terms of z first, then compute."
)


@bce_.trap("sigmoid then log", hint=SIGMOID_FIRST)
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        return -np.mean(np.where(t == 1, np.log(p), np.log(1 - p)))


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        p = 0.5 * (1 + np.tanh(z / 2))
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        p = np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), 1 - 1 / (1 + np.exp(-np.abs(z))))
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        q = np.exp(-z) / (1 + np.exp(-z))
        return -np.mean(t * np.log(p) + (1 - t) * np.log(q))


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    import math

    total, count = 0.0, 0
    for a, b in zip(np.ravel(z), np.ravel(t), strict=True):
        p = 1 / (1 + math.exp(-a))
        total -= b * math.log(p) + (1 - b) * math.log(1 - p)
        count += 1
    return total / count


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        yes = np.where(t > 0, -t * np.log(p), 0)
        no = np.where(t < 1, -(1 - t) * np.log(1 - p), 0)
        return np.mean(yes + no)


@bce_.trap("sigmoid then log")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        yes, no = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
        return -np.mean(t * yes + (1 - t) * no)


bce_.difference_trap("adds epsilon", code="ε", hint=EPSILON_CE)


@bce_.falls_into("adds epsilon")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
    return -np.mean(t * np.log(p + 1e-12) + (1 - t) * np.log(1 - p + 1e-12))


@bce_.falls_into("adds epsilon")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        p = np.maximum(1 / (1 + np.exp(-z)), 1e-7)
        q = np.maximum(1 - 1 / (1 + np.exp(-z)), 1e-7)
    return -np.mean(t * np.log(p) + (1 - t) * np.log(q))


@bce_.trap("exp overflows", hint=(
    "exp of a large number is infinite, and its logarithm, too. Call the number in your exp s: for "
    "s far above 0, what is ln(1 + e^s) nearly?"
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        return np.mean(np.log(1 + np.exp(z)) - z * t)


@bce_.trap("exp overflows")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        return np.mean(np.log(1 + np.exp(-z)) + (1 - t) * z)


@bce_.trap("exp overflows")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    with np.errstate(all="ignore"):
        return np.mean(t * np.log(1 + np.exp(-z)) + (1 - t) * np.log(1 + np.exp(z)))


@bce_.trap("sum instead of mean", hint=(
    "Your loss grows with the number of entries, or of columns. It is the mean over all entries, "
    "rows times columns."
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    return np.sum(np.logaddexp(0, z) - np.multiply(z, t))


@bce_.trap("sum instead of mean")
def binary_cross_entropy_with_logits(z, t):
    return np.sum(np.logaddexp(0, z) - np.multiply(z, t)) / len(z)


@bce_.trap("targets swapped", hint=(
    "With t and 1 − t exchanged your numbers would be right. A large z says that t = 1 is likely, "
    "and then t = 1 costs little."
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    return np.mean(np.logaddexp(0, z) - np.multiply(z, np.subtract(1, t)))


@bce_.trap("t must be exactly 0 or 1", hint=(
    "Right for t = 0 and t = 1. A target may lie in between, such as 0.25, and then both terms of "
    "the formula count."
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    return np.mean(np.where(t == 1, np.logaddexp(0, -z), np.logaddexp(0, z)))


@bce_.trap("t must be exactly 0 or 1")
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    return np.mean(np.where(t > 0.5, np.logaddexp(0, -z), np.logaddexp(0, z)))


@bce_.trap("one term only", hint=(
    "Where t = 0 your loss is 0, whatever z is. The formula has a second term for that case."
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    return np.mean(np.multiply(t, np.logaddexp(0, np.negative(z))))


@bce_.trap("one loss for each entry", hint=(
    "You give a loss for each entry. Their mean, one number, is asked for."
))  # fmt: skip
def binary_cross_entropy_with_logits(z, t):
    return np.logaddexp(0, z) - np.multiply(z, t)


@bce_.wrong
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    return np.mean((0.5 * (1 + np.tanh(z / 2)) - t) ** 2)


@bce_.wrong
def binary_cross_entropy_with_logits(z, t):
    return np.mean(np.multiply(z, t) - np.logaddexp(0, z))


@bce_.wrong
def binary_cross_entropy_with_logits(z, t):
    z, t = np.asarray(z), np.asarray(t)
    p = 1 / (1 + np.exp(-np.clip(z, -20, 20)))
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


write_it_yourself(
    bce_,
    "dlkit.nn.BinaryCrossEntropyWithLogits",
    "dlkit.nn.cross_entropy.BinaryCrossEntropyWithLogits",
    "torch.nn.functional.binary_cross_entropy_with_logits",
    "torch.nn.BCEWithLogitsLoss",
)


@bce_.falls_into(LIBRARY)
def binary_cross_entropy_with_logits(z, t):
    from dlkit.nn import BinaryCrossEntropyWithLogits

    return BinaryCrossEntropyWithLogits()(z, t)


# -- saturation_gap ------------------------------------------------------------------------------

gap_of_ = chapter.exercise("saturation_gap", points=2, accept=accept.close())


@gap_of_.inputs
def inputs(rng):
    yield case(-6.0, 1, label="z = −6 and t = 1, sure and wrong")
    yield case(6, 0, label="z = 6 and t = 0, sure and wrong")
    yield case(0.0, 1.0, label="z = 0")
    yield case(2, 1, label="whole numbers")
    yield case([-2, 0, 1], [1, 1, 0], label="lists of whole numbers")
    yield case(np.array([-9.0, 9.0]), np.array([1.0, 1.0]), label="far left, far right")
    yield case(np.array([-3, 4]), np.array([0, 1]), label="arrays of whole numbers")
    for kind in [np.float64] * 4 + [np.float32] * 2:
        z, t = 3 * rng.normal(size=5).astype(kind), rng.integers(0, 2, size=5)
        yield case(z, t.astype(kind), label=f"t 0 or 1 ({kind.__name__})")
        z, t = 3 * rng.normal(size=(2, 3)).astype(kind), rng.uniform(size=(2, 3)).astype(kind)
        yield case(z, t, label=f"t in between ({kind.__name__})")


@gap_of_.reference
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return 2 * difference * p * (1 - p), difference


@gap_of_.right
def saturation_gap(z, t):
    if np.ndim(z) == 0:
        import math

        p = 1 / (1 + math.exp(-z))
        return abs(2 * (p - t) * p * (1 - p)), abs(p - t)
    pairs = [saturation_gap(a, b) for a, b in zip(z, t, strict=True)]
    return np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])


@gap_of_.right
def saturation_gap(z, t):
    z, t, h = np.asarray(z, dtype=float), np.asarray(t, dtype=float), 1e-5
    sigma = lambda s: 0.5 * (1 + np.tanh(s / 2))
    squared = lambda s: (sigma(s) - t) ** 2
    slope = (squared(z - 2 * h) - 8 * squared(z - h) + 8 * squared(z + h) - squared(z + 2 * h)) / (
        12 * h
    )
    return [np.abs(slope), np.abs(sigma(z) - t)]


NO_SLOPE = (
    "The slope of the sigmoid is missing. The squared error changes with σ, and σ changes with z: "
    "by the chain rule both belong into the product."
)


@gap_of_.trap("forgets σ'", hint=NO_SLOPE)
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return 2 * difference, difference


@gap_of_.trap("forgets σ'")
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return difference, difference


@gap_of_.trap("forgets σ'")
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return 2 * (p - np.asarray(t)), p - np.asarray(t)


@gap_of_.trap("the sign is kept", hint=(
    "Some of your numbers are negative. How strong a gradient is, is its size without the sign."
))  # fmt: skip
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = p - np.asarray(t)
    return 2 * difference * p * (1 - p), difference


@gap_of_.trap("the 2 is missing", hint=(
    "Your first number is half of the right one: here the squared error is (σ − t)², without a ½."
))  # fmt: skip
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return difference * p * (1 - p), difference


@gap_of_.trap("σ' in the cross-entropy too", hint=(
    "In the cross-entropy's gradient the sigmoid's slope appears twice, once on top and once "
    "below. Write it out: what is left?"
))  # fmt: skip
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return 2 * difference * p * (1 - p), difference * p * (1 - p)


@gap_of_.trap("the cross-entropy by p", hint=(
    "Your second number is the gradient by σ(z). The gradient by z is asked for: one factor more."
))  # fmt: skip
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return 2 * difference * p * (1 - p), difference / (p * (1 - p))


@gap_of_.trap("the two are swapped", hint=(
    "The order is: squared error first, cross-entropy second."
))  # fmt: skip
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return difference, 2 * difference * p * (1 - p)


@gap_of_.trap("z for σ(z)", hint=(
    "You take z for the unit's output. Between z and the loss there is the sigmoid."
))  # fmt: skip
def saturation_gap(z, t):
    z, t = np.asarray(z, dtype=float), np.asarray(t, dtype=float)
    return np.abs(2 * (z - t) * z * (1 - z)), np.abs(z - t)


@gap_of_.wrong
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return (p - np.asarray(t)) ** 2, -np.log(np.where(np.asarray(t) > 0.5, p, 1 - p))


@gap_of_.wrong
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    return np.abs(p - np.asarray(t))


@gap_of_.wrong
def saturation_gap(z, t):
    p = 1 / (1 + np.exp(-np.asarray(z, dtype=float)))
    difference = np.abs(p - np.asarray(t))
    return np.mean(2 * difference * p * (1 - p)), np.mean(difference)


# -- objective -----------------------------------------------------------------------------------

objective_ = chapter.exercise("objective", points=1, accept=accept.close())


@objective_.inputs
def inputs(rng):
    yield case(1.5, [np.array([3.0, 4.0])], 0.5, label="one array of weights")
    yield case(2.0, [np.array([[1, 2], [3, 4]]), np.array([5])], 2, label="whole numbers")
    yield case(0.75, [np.array([1.0, -2.0]), np.array([[2.0]])], 0.0, label="lambda = 0")
    yield case(3, [np.array([[-1.0, 2.0, 0.5]])], 0.25, label="a negative weight")
    yield case(0.0, [np.ones((2, 3)), np.ones(3), np.ones((3, 1))], 1.0, label="three arrays")
    yield case(1.0, [np.ones(3), np.ones(3)], 0.5, label="two arrays of equal numbers")
    for kind in [np.float64] * 5 + [np.float32] * 2:
        n, m = (int(v) for v in rng.integers(2, 5, size=2))
        weights = [rng.normal(size=(n, m)), rng.normal(size=m), rng.normal(size=(m, n + 1))]
        weights = [w.astype(kind) for w in weights]
        lam = float(rng.uniform(0.1, 2.0))
        yield case(float(rng.uniform(0.5, 3)), weights, lam, label=f"a network ({kind.__name__})")


@objective_.reference
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.sum(w**2) for w in weights)


@objective_.right
def objective(data_loss, weights, lam):
    everything = np.concatenate([np.ravel(w) for w in weights])
    return data_loss + lam / 2 * everything @ everything


@objective_.right
def objective(data_loss, weights, lam):
    penalty = 0.0
    for w in weights:
        for entry in np.asarray(w, dtype=float).flat:
            penalty += entry * entry
    return float(data_loss + lam * penalty / 2)


@objective_.trap("no ½", hint=(
    "Your penalty is twice the right one. The ½ is there so that the gradient of the penalty is "
    "simply λ times w."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + lam * sum(np.sum(w**2) for w in weights)


MEAN_SQUARES = (
    "You average the squares. Then a larger network would pay less for each weight: the penalty is "
    "a sum."
)


@objective_.trap("mean of squares", hint=MEAN_SQUARES)
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.mean(w**2) for w in weights)


@objective_.trap("mean of squares")
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * np.mean(np.concatenate([np.ravel(w) for w in weights]) ** 2)


@objective_.trap("mean of squares")
def objective(data_loss, weights, lam):
    return data_loss + lam * sum(np.mean(w**2) for w in weights)


@objective_.trap("mean over the arrays", hint=(
    "You add the squares in each array, and then divide by the number of arrays. In a network of "
    "more layers each weight would cost less: the penalty is one sum over all weights."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * np.mean([np.sum(w**2) for w in weights])


@objective_.trap("mean of squares")
def objective(data_loss, weights, lam):
    return data_loss + lam * np.mean(np.concatenate([np.ravel(w) for w in weights]) ** 2)


@objective_.trap("the first array only", hint=(
    "Only one array of weights comes into your penalty. `weights` is a list, and every array in it "
    "counts once."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * np.sum(weights[0] ** 2)


@objective_.trap("the first array only")
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * np.sum(weights[-1] ** 2)


@objective_.trap("sizes instead of squares", hint=(
    "You add the sizes of the weights. That is a penalty, too (chapter 5 has it); here it is the "
    "squares."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.sum(np.abs(w)) for w in weights)


@objective_.trap("sizes instead of squares")
def objective(data_loss, weights, lam):
    return data_loss + lam * sum(np.sum(np.abs(w)) for w in weights)


@objective_.trap("the length instead of its square", hint=(
    "A root was taken that is not in the formula: the penalty is the sum of the squares."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.linalg.norm(w) for w in weights)


@objective_.trap("the length instead of its square")
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * np.sqrt(sum(np.sum(w**2) for w in weights))


@objective_.trap("the penalty alone", hint=(
    "You give the penalty. The objective is the cost and the penalty together."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return 0.5 * lam * sum(np.sum(w**2) for w in weights)


@objective_.trap("the cost once for each array", hint=(
    "The cost comes into your result as often as there are arrays. It counts once."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return sum(data_loss + 0.5 * lam * np.sum(w**2) for w in weights)


@objective_.trap("squares the sum", hint=(
    "You add the weights first and square the sum. Then +1 and −1 cost nothing together; square "
    "each weight first."
))  # fmt: skip
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.sum(w) for w in weights) ** 2


@objective_.trap("squares the sum")
def objective(data_loss, weights, lam):
    return data_loss + 0.5 * lam * sum(np.sum(w) ** 2 for w in weights)


@objective_.wrong
def objective(data_loss, weights, lam):
    return data_loss * (1 + lam)


@objective_.wrong
def objective(data_loss, weights, lam):
    return data_loss - 0.5 * lam * sum(np.sum(w**2) for w in weights)


@objective_.wrong
def objective(data_loss, weights, lam):
    return data_loss + lam


# -- which_number (find the mistake) ---------------------------------------------------------------

which_ = chapter.exercise("which_number", points=1, accept=accept.exact())


def told_apart(rng):
    """(losses, weights, lam), all exact in binary, whose five numbers lie apart from each other."""
    while True:
        losses = rng.integers(1, 40, size=4) / 8
        weights = [eighths(rng, 2, 2), eighths(rng, 2) + 1]
        lam = float(rng.integers(1, 16) / 8)
        penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
        cost = losses.mean()
        numbers = [
            *set(losses),
            cost,
            lam,
            penalty,
            cost + penalty,
            2 * penalty,
            cost + 2 * penalty,
        ]
        if np.diff(np.sort(numbers)).min() > 0.05:
            return losses, weights, lam


@which_.inputs
def inputs(rng):
    for _ in range(4):
        losses, weights, lam = told_apart(rng)
        cost, squares = float(losses.mean()), sum(float(np.sum(w**2)) for w in weights)
        numbers = {
            "one of the losses": float(losses[int(rng.integers(4))]),
            "the mean of the losses": cost,
            "lambda": lam,
            "half lambda times the squares": lam / 2 * squares,
            "everything together": cost + lam / 2 * squares,
        }
        for label, number in numbers.items():
            yield case(number, losses, weights, lam, label=label)
            yield case(number, losses.tolist(), weights, lam, label=label)


@which_.reference
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    names = {
        "cost": np.mean(losses),
        "coefficient": lam,
        "penalty": penalty,
        "objective": np.mean(losses) + penalty,
    }
    for name, value in names.items():
        if np.isclose(number, value):
            return name
    return "loss"


@which_.right
def which_number(number, losses, weights, lam):
    if number in losses:
        return "loss"
    if number == lam:
        return "coefficient"
    cost = sum(losses) / len(losses)
    if number == cost:
        return "cost"
    return "objective" if number == objective(cost, weights, lam) else "penalty"


@which_.right
def which_number(number, losses, weights, lam):
    cost = float(np.mean(losses))
    named = [("loss", loss) for loss in losses]
    named += [("cost", cost), ("coefficient", lam)]
    named += [("penalty", objective(0, weights, lam)), ("objective", objective(cost, weights, lam))]
    return min(named, key=lambda pair: abs(pair[1] - number))[0]


@which_.trap("cost and loss under one name", hint=(
    "You mix up the loss and the cost, as the notes do. A loss belongs to one example; the cost is "
    "the mean of the losses."
))  # fmt: skip
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, penalty):
        return "penalty"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    return "coefficient" if np.isclose(number, lam) else "loss"


@which_.trap("cost and loss under one name")
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, penalty):
        return "penalty"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    return "coefficient" if np.isclose(number, lam) else "cost"


@which_.trap("cost and loss under one name")
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, penalty):
        return "penalty"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    if np.isclose(number, np.mean(losses)):
        return "loss"
    return "coefficient" if np.isclose(number, lam) else "cost"


@which_.trap("coefficient and penalty under one name", hint=(
    "You mix up λ, the coefficient, and the penalty, as the notes do. λ is the price; the penalty "
    "is what is paid for the weights that there are."
))  # fmt: skip
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    return "penalty" if np.isclose(number, [lam, penalty]).any() else "loss"


@which_.trap("coefficient and penalty under one name")
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    return "coefficient" if np.isclose(number, [lam, penalty]).any() else "loss"


@which_.trap("coefficient and penalty under one name")
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    if np.isclose(number, lam):
        return "penalty"
    return "coefficient" if np.isclose(number, penalty) else "loss"


@which_.trap("no ½", hint=(
    "Your penalty is λ times the squares. The ½ is missing, so the penalty and the objective are "
    "not recognised."
))  # fmt: skip
def which_number(number, losses, weights, lam):
    penalty = lam * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    if np.isclose(number, lam):
        return "coefficient"
    return "penalty" if np.isclose(number, penalty) else "loss"


@which_.trap("no ½")
def which_number(number, losses, weights, lam):
    penalty = lam * sum(np.sum(w**2) for w in weights)
    if any(np.isclose(number, losses)):
        return "loss"
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "objective"
    if np.isclose(number, lam):
        return "coefficient"
    if np.isclose(number, penalty):
        return "penalty"


@which_.trap("penalty and objective swapped", hint=(
    "The penalty is a part of the objective; the objective is the cost with the penalty added."
))  # fmt: skip
def which_number(number, losses, weights, lam):
    penalty = lam / 2 * sum(np.sum(w**2) for w in weights)
    if np.isclose(number, np.mean(losses)):
        return "cost"
    if np.isclose(number, np.mean(losses) + penalty):
        return "penalty"
    if np.isclose(number, lam):
        return "coefficient"
    return "objective" if np.isclose(number, penalty) else "loss"


@which_.wrong
def which_number(number, losses, weights, lam):
    return "loss"


@which_.wrong
def which_number(number, losses, weights, lam):
    return None


@which_.wrong
def which_number(number, losses, weights, lam):
    if number == lam:
        return "Coefficient"
    return "Loss" if number in losses else "Cost"


# -- the project: four tasks -----------------------------------------------------------------------

project_ = chapter.exercise(
    "predict_level",
    points=4,
    names=["predict_level", "predict_fault", "predict_bird", "predict_tags"],
    accept=None,
)
level_, fault_, bird_, tags_ = project_.parts.values()
level_.accept = accept.predictions("numbers", 0.15)
fault_.accept = accept.predictions("yes or no", 0.12)
bird_.accept = accept.predictions("one of many", 0.13)
tags_.accept = accept.predictions("several", 0.3)

SEEN, UNSEEN, CASES = 240, 100, 3


def rows(rng):
    """(X to learn from, X to predict for, weights' directions of length 1, 4 columns)."""
    d = int(rng.integers(2, 5))
    X = np.round(rng.normal(size=(SEEN + UNSEEN, d)) * 8) / 8
    W = rng.normal(size=(d, 4))
    return X[:SEEN], X[SEEN:], W / np.linalg.norm(W, axis=0)


@level_.inputs
def inputs(rng):
    for turn in range(CASES):
        X, X_new, W = rows(rng)
        bias = (-1, 1)[turn % 2] * rng.uniform(6, 10)  # who forgets it must not pass
        t = X @ W[:, 0] * 8 + bias + rng.normal(size=SEEN) * 2
        yield case(X, np.round(t * 8) / 8, X_new, label="levels of a river")


@level_.reference
def predict_level(X, t, X_new):
    def with_ones(rows):
        return np.column_stack([rows, np.ones(len(rows))])

    return with_ones(X_new) @ np.linalg.lstsq(with_ones(X), t, rcond=None)[0]


@level_.right
def predict_level(X, t, X_new):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(400):
        difference = X @ w + b - t
        w, b = w - 0.2 * X.T @ difference / len(X), b - 0.2 * difference.mean()
    return X_new @ w + b


@level_.right
def predict_level(X, t, X_new):
    from dlkit import nn, optim

    model, loss = nn.Linear(X.shape[1], 1, rng=np.random.default_rng(0)), nn.MeanSquaredError()
    optimizer = optim.SGD(model, lr=0.1)
    for _ in range(300):
        loss(model(X), t[:, None])
        model.backward(loss.backward())
        optimizer.step()
    return model(X_new)[:, 0]


BOUNDED = (
    "Levels run from far below 0 to far above 1, and your predictions never leave 0 to 1. A unit "
    "that squeezes its sum cannot say such a number."
)
CUT_OFF = (
    "Your predictions are never below 0, and the river's levels are. What does the output unit do "
    "to a negative sum?"
)
level_.difference_trap("a squeezing unit for a number", code="bounded", hint=BOUNDED)
level_.difference_trap("a unit that cuts off at 0", code="cut off", hint=CUT_OFF)


@level_.falls_into("a squeezing unit for a number")
def predict_level(X, t, X_new):
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(300):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        slope = 2 * (p - t) * p * (1 - p)
        w, b = w - 0.1 * X.T @ slope / len(X), b - 0.1 * slope.mean()
    return 1 / (1 + np.exp(-(X_new @ w + b)))


@level_.falls_into("a unit that cuts off at 0")
def predict_level(X, t, X_new):
    w, b = np.zeros(X.shape[1]), 1.0
    for _ in range(300):
        s = X @ w + b
        slope = 2 * (np.maximum(s, 0) - t) * (s > 0)
        w, b = w - 0.1 * X.T @ slope / len(X), b - 0.1 * slope.mean()
    return np.maximum(X_new @ w + b, 0)


@level_.wrong
def predict_level(X, t, X_new):
    return np.full(len(X_new), t.mean())


@level_.wrong
def predict_level(X, t, X_new):
    return X_new @ np.linalg.lstsq(X, t > 0, rcond=None)[0] - 0.1


@level_.wrong
def predict_level(X, t, X_new):
    return X_new @ np.linalg.lstsq(X, t, rcond=None)[0]


@level_.wrong
def predict_level(X, t, X_new):
    ones = np.column_stack([X, np.ones(len(X))])
    return ones @ np.linalg.lstsq(ones, t, rcond=None)[0]


@fault_.inputs
def inputs(rng):
    for _ in range(CASES):
        X, X_new, W = rows(rng)
        p = 1 / (1 + np.exp(-(X @ W[:, 0] * 2.5 + rng.uniform(-1, 0.5))))
        yield case(X, (rng.random(SEEN) < p).astype(int), X_new, label="faults of a pump")


@fault_.reference
def predict_fault(X, t, X_new):
    def with_ones(rows):
        return np.column_stack([rows, np.ones(len(rows))])

    A, w = with_ones(X), np.zeros(X.shape[1] + 1)
    for _ in range(1500):
        w = w - A.T @ (1 / (1 + np.exp(-(A @ w))) - t) / len(A)
    return 1 / (1 + np.exp(-(with_ones(X_new) @ w)))


@fault_.right
def predict_fault(X, t, X_new):
    from dlkit import nn, optim

    model = nn.Linear(X.shape[1], 1, rng=np.random.default_rng(0))
    model.params["b"][:] = -8.0
    loss, optimizer = nn.BinaryCrossEntropyWithLogits(), optim.SGD(model, lr=0.5)
    for _ in range(500):
        loss(model(X), t[:, None])
        model.backward(loss.backward())
        optimizer.step()
    return nn.sigmoid(model(X_new))[:, 0]


@fault_.right
def predict_fault(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(A.shape[1])
    for _ in range(10):
        p = 1 / (1 + np.exp(-(A @ w)))
        w = w - np.linalg.solve((A.T * p * (1 - p)) @ A, A.T @ (p - t))
    return [1 / (1 + np.exp(-(row @ w[:-1] + w[-1]))) for row in X_new]


NO_UNIT = (
    "Some of your predictions lie outside 0 to 1, and such a number is no probability. Which unit "
    "turns any sum into one?"
)
DECIDED = (
    "You decide, 0 or 1, and are asked how probable it is. One wrong decision costs infinitely "
    "many nats."
)
STUCK = (
    "Some of your probabilities are almost 0 or 1, and wrong. A unit that starts out sure and "
    "wrong has to get away from there: which loss gives it a gradient (section 4.10)? And do you "
    "give back what was asked for, the probability of 1?"
)
for part in (fault_, bird_, tags_):
    part.difference_trap("no output unit", code="range", hint=NO_UNIT)
    part.difference_trap("decisions instead of probabilities", code="decisions", hint=DECIDED)
for part in (fault_, tags_):
    part.difference_trap("stuck where it is sure and wrong", code="sure and wrong", hint=STUCK)


@fault_.falls_into("no output unit")
def predict_fault(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.linalg.lstsq(A, t, rcond=None)[0]
    return 3 * (X_new @ w[:-1] + w[-1]) - 1


@fault_.falls_into("decisions instead of probabilities")
def predict_fault(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.linalg.lstsq(A, 2 * t - 1, rcond=None)[0]
    return (X_new @ w[:-1] + w[-1] > 0).astype(int)


@fault_.falls_into("stuck where it is sure and wrong")
def predict_fault(X, t, X_new):
    w, b = np.zeros(X.shape[1]), -8.0
    for _ in range(500):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        slope = 2 * (p - t) * p * (1 - p)
        w, b = w - 0.5 * X.T @ slope / len(X), b - 0.5 * slope.mean()
    return 1 / (1 + np.exp(-(X_new @ w + b)))


@fault_.wrong
def predict_fault(X, t, X_new):
    return np.full(len(X_new), t.mean())


@fault_.wrong
def predict_fault(X, t, X_new):
    return np.full((len(X_new), 1), 0.5)


@fault_.wrong
def predict_fault(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    w = np.zeros(A.shape[1])
    for _ in range(1500):
        w = w - A.T @ (1 / (1 + np.exp(-(A @ w))) - t) / len(A)
    return 1 / (1 + np.exp(X_new @ w[:-1] + w[-1]))


@bird_.inputs
def inputs(rng):
    for turn in range(CASES):
        X, X_new, W = rows(rng)
        k = 3 + turn % 2
        scores = X @ W[:, :k] * 2 + rng.uniform(-0.5, 0.5, size=k)
        t = np.argmax(scores + rng.gumbel(size=scores.shape), axis=1)
        t[:k] = np.arange(k)  # each class is seen
        yield case(X, t, X_new, label=f"birds of {k} kinds")


@bird_.reference
def predict_bird(X, t, X_new):
    def probabilities(A):
        s = A @ W
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    A, T = np.column_stack([X, np.ones(len(X))]), np.eye(t.max() + 1)[t]
    W = np.zeros((A.shape[1], T.shape[1]))
    for _ in range(1500):
        W = W - A.T @ (probabilities(A) - T) / len(A)
    return probabilities(np.column_stack([X_new, np.ones(len(X_new))]))


@bird_.right
def predict_bird(X, t, X_new):
    from dlkit import nn, optim

    model = nn.Linear(X.shape[1], int(t.max()) + 1, rng=np.random.default_rng(0))
    loss, optimizer = nn.SoftmaxCrossEntropy(), optim.SGD(model, lr=0.5)
    for _ in range(500):
        loss(model(X), t)
        model.backward(loss.backward())
        optimizer.step()
    return nn.softmax(model(X_new))


@bird_.right
def predict_bird(X, t, X_new):
    k = len(np.unique(t))
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    for _ in range(600):
        dlogits = softmax_cross_entropy(X @ W + b, t)[1]
        W, b = W - 0.5 * X.T @ dlogits, b - 0.5 * dlogits.sum(axis=0)
    return np.exp(log_softmax(X_new @ W + b))


bird_.difference_trap("one sigmoid for each class", code="sums", hint=(
    "The probabilities of a row do not sum to 1, and every bird is of exactly one kind. Units that "
    "know nothing of each other cannot share out one whole. And if yours is a softmax: over what "
    "does its sum run?"
))  # fmt: skip


@bird_.falls_into("one sigmoid for each class")
def predict_bird(X, t, X_new):
    T = np.eye(t.max() + 1)[t]
    W, b = np.zeros((X.shape[1], T.shape[1])), np.zeros(T.shape[1])
    for _ in range(500):
        d = (1 / (1 + np.exp(-(X @ W + b))) - T) / len(X)
        W, b = W - 0.5 * X.T @ d, b - 0.5 * d.sum(axis=0)
    return 1 / (1 + np.exp(-(X_new @ W + b)))


@bird_.falls_into("no output unit")
def predict_bird(X, t, X_new):
    T = np.eye(t.max() + 1)[t]
    A = np.column_stack([X, np.ones(len(X))])
    return np.column_stack([X_new, np.ones(len(X_new))]) @ (
        5 * np.linalg.lstsq(A, T, rcond=None)[0]
    )


@bird_.falls_into("decisions instead of probabilities")
def predict_bird(X, t, X_new):
    T = np.eye(t.max() + 1)[t]
    A = np.column_stack([X, np.ones(len(X))])
    scores = np.column_stack([X_new, np.ones(len(X_new))]) @ np.linalg.lstsq(A, T, rcond=None)[0]
    return np.eye(T.shape[1])[scores.argmax(axis=1)]


@bird_.wrong
def predict_bird(X, t, X_new):
    return np.tile(np.bincount(t) / len(t), (len(X_new), 1))


@bird_.wrong
def predict_bird(X, t, X_new):
    T = np.eye(t.max() + 1)[t]
    A = np.column_stack([X, np.ones(len(X))])
    scores = np.column_stack([X_new, np.ones(len(X_new))]) @ np.linalg.lstsq(A, T, rcond=None)[0]
    return scores.argmax(axis=1)


@bird_.wrong
def predict_bird(X, t, X_new):
    k = len(np.unique(t))
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    for _ in range(600):
        dlogits = softmax_cross_entropy(X @ W + b, t)[1]
        W, b = W - 0.5 * X.T @ dlogits, b - 0.5 * dlogits.sum(axis=0)
    return np.exp(log_softmax(np.exp(log_softmax(X_new @ W + b))))  # softmax twice


@bird_.wrong
def predict_bird(X, t, X_new):
    k = int(t.max()) + 1
    return np.full((k, len(X_new)), 1 / k)


@tags_.inputs
def inputs(rng):
    for turn in range(CASES):
        X, X_new, W = rows(rng)
        k = 3 + turn % 2
        scores = X @ W[:, :k] * 2.5 + rng.uniform(0.0, 1.0, size=k)
        t = (rng.random(scores.shape) < 1 / (1 + np.exp(-scores))).astype(int)
        yield case(X, t, X_new, label=f"pictures with {k} tags")


@tags_.reference
def predict_tags(X, t, X_new):
    def with_ones(rows):
        return np.column_stack([rows, np.ones(len(rows))])

    A, W = with_ones(X), np.zeros((X.shape[1] + 1, t.shape[1]))
    for _ in range(1500):
        W = W - A.T @ (1 / (1 + np.exp(-(A @ W))) - t) / len(A)
    return 1 / (1 + np.exp(-(with_ones(X_new) @ W)))


@tags_.right
def predict_tags(X, t, X_new):
    from dlkit import nn, optim

    model = nn.Linear(X.shape[1], t.shape[1], rng=np.random.default_rng(0))
    loss, optimizer = nn.BinaryCrossEntropyWithLogits(), optim.SGD(model, lr=1.0)
    for _ in range(800):
        loss(model(X), t)
        model.backward(loss.backward())
        optimizer.step()
    return nn.sigmoid(model(X_new))


@tags_.right
def predict_tags(X, t, X_new):
    return np.column_stack([predict_fault(X, column, X_new) for column in t.T])


tags_.difference_trap("softmax where several may be true", code="one of many", hint=(
    "Your probabilities sum to 1 in every row, as if exactly one tag were true. A picture may have "
    "three of them, or none."
))  # fmt: skip


@tags_.falls_into("softmax where several may be true")
def predict_tags(X, t, X_new):
    shares = t / np.maximum(t.sum(axis=1, keepdims=True), 1)
    W, b = np.zeros((X.shape[1], t.shape[1])), np.zeros(t.shape[1])
    for _ in range(500):
        e = np.exp(X @ W + b)
        d = (e / e.sum(axis=1, keepdims=True) - shares) / len(X)
        W, b = W - 0.5 * X.T @ d, b - 0.5 * d.sum(axis=0)
    e = np.exp(X_new @ W + b)
    return e / e.sum(axis=1, keepdims=True)


@tags_.falls_into("stuck where it is sure and wrong")
def predict_tags(X, t, X_new):
    W, b = np.zeros((X.shape[1], t.shape[1])), np.full(t.shape[1], -8.0)
    for _ in range(500):
        p = 1 / (1 + np.exp(-(X @ W + b)))
        d = 2 * (p - t) * p * (1 - p) / t.size
        W, b = W - 0.5 * X.T @ d, b - 0.5 * d.sum(axis=0)
    return 1 / (1 + np.exp(-(X_new @ W + b)))


@tags_.falls_into("no output unit")
def predict_tags(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    return np.column_stack([X_new, np.ones(len(X_new))]) @ (
        5 * np.linalg.lstsq(A, t, rcond=None)[0]
    )


@tags_.falls_into("decisions instead of probabilities")
def predict_tags(X, t, X_new):
    A = np.column_stack([X, np.ones(len(X))])
    scores = np.column_stack([X_new, np.ones(len(X_new))]) @ np.linalg.lstsq(A, t, rcond=None)[0]
    return (scores > 0.5).astype(float)


@tags_.wrong
def predict_tags(X, t, X_new):
    return np.tile(t.mean(axis=0), (len(X_new), 1))


@tags_.wrong
def predict_tags(X, t, X_new):
    return np.full((len(X_new), t.shape[1]), 0.5)


@tags_.wrong
def predict_tags(X, t, X_new):
    return predict_fault(X, t[:, 0], X_new)


# -- the quiz ------------------------------------------------------------------------------------

chapter.quiz(
    q1=choice(
        "b",
        a="A loss belongs to one example. What is done with the 32 of a batch?",
        c="An objective has a penalty in it; nothing here speaks of weights.",
        d="A likelihood is a probability of the data, and larger is better. The notes of training "
        "show what is made small.",
    ),
    q2=choice(
        "c",
        a="A fair coin does this once in 16 times. Another θ makes it more probable still.",
        b="0.8 gives 0.8⁴ = 0.41. Try a larger θ.",
        d="ln 0 would come in with the tails, and there are none: their term is 0 times it. The "
        "likelihood itself needs no logarithm.",
    ),
    q3=choice(
        "a",
        b="The output *is* the prediction. From what does it differ?",
        c="A gradient is computed anew in each step. What is moved along it?",
        d="The output is the prediction, so it cannot differ from it.",
    ),
    q4=choice(
        "c",
        a="0.99 is near 1, but 0.01 is not near 0 for a logarithm: −log₂ 0.01 is finite, −log₂ 0 "
        "is not.",
        b="Everything that happens has a probability above 0 under q, so it has a code word of "
        "finite length.",
        d="The divergence is a mean over p; the order does not come into it.",
    ),
    q5=choice(
        "d",
        a="−1/0.2 = −5 is the gradient by the probability. One step further back are the logits.",
        b="That is truth minus belief: the signs are turned round, and the loss would grow.",
        c="These are the probabilities. The right score would be pushed down as well.",
    ),
    q6=choice(
        "b",
        a="They measure different things: the one how probable the truth was, the other only "
        "which side was chosen.",
        c="Then the accuracy would have fallen.",
        d="An accuracy counts; there is no logarithm in it.",
    ),
    q7=choice(
        "d",
        a="Then the loss would go on falling, slowly. It has stopped, at a telling number.",
        b="The number of rows scales the loss; it does not stop it at one place.",
        c="The labels are certain, one class each, and the entropy of what is certain is 0.",
    ),
    q8=choice(
        "a",
        b="Softmax's outputs lie between 0 and 1 and sum to 1; a bell reaches to both sides "
        "without end.",
        c="One is a shape of how numbers scatter, the other something that is done to them.",
        d="Any positive numbers can be scaled so that they sum to 1.",
    ),
)
chapter.written(points=2)
