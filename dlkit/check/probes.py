"""Probes: how a student's object is asked for values, in `check` and in the grader's sandbox.

A probe is a function `(student_object, *inputs) -> plain data`. It returns values, never a verdict.
"""

import copy
import itertools

import numpy as np

from dlkit.check.differences import as_numbers

MAX_ITEMS = 10_000


def call(function, *args, **kwargs):
    """The plain call."""
    return function(*args, **kwargs)


def first(function, *args, **kwargs):
    """The first of the values that a call returns; the others are the student's own affair."""
    return function(*args, **kwargs)[0]


def made(function, *_args, **_kwargs):
    """What a function without arguments gives; the inputs are the acceptor's alone."""
    return function()


def flat(function, *args, **kwargs):
    """A dict of numbers and arrays, each array as one row: (2,), (1, 2) and (2, 1) are the same."""
    found = function(*args, **kwargs)
    return {k: _row(v) for k, v in found.items()} if isinstance(found, dict) else found


def _row(value):
    try:
        row = as_numbers(value)
    except (TypeError, RuntimeError):  # such as a tensor that still records what is done to it
        row = None
    if row is None:
        return value
    return row.ravel()[0] if row.size == 1 else row.ravel()


def collect(function, *args, **kwargs):
    """The items of the iterable that a call returns (a list, a generator), at most 10,000."""
    return list(itertools.islice(iter(function(*args, **kwargs)), MAX_ITEMS))


def item(mapping, key):
    """One entry of a dict, such as one question of a quiz; None where it is missing."""
    return mapping.get(key)


def repeat(function, times, *args, **kwargs):
    """The values of many calls in a row with the same arguments (one generator for all)."""
    return [function(*args, **kwargs) for _ in range(times)]


def same_seed(function, *args, seed):
    """Three calls: two with new generators of one seed as last argument, one with the first again.

    So the first two results are the same, and the third is drawn later and is not.
    """
    rng = np.random.default_rng(seed)
    drawn = []
    for generator in (rng, np.random.default_rng(seed), rng):
        drawn.append(_as_arrays(function(*args, generator)))
    return drawn


def masks(function, x, *args, seed):
    """Dropout: what same_seed gives, and how many zeros 40 more masks of a small x have."""
    drawn = same_seed(function, x, *args, seed=seed)
    rng = np.random.default_rng(seed)
    more = [_as_arrays(function(x, *args, rng)) for _ in range(40 if np.size(x) < 100 else 0)]
    pairs = [pair for pair in more if isinstance(pair, list) and len(pair) == 2]
    return [*drawn, [int(np.sum(np.equal(mask, 0))) for _, mask in pairs]]


def _as_arrays(value):
    """A copy, which later calls cannot change; lists of lists of numbers become arrays.

    Hundreds of rows as lists are more than one message may hold.
    """
    if isinstance(value, tuple | list) and len(value) <= 3:
        return [_as_arrays(item) for item in value]
    array = np.array(value) if isinstance(value, list) else None
    return copy.deepcopy(value) if array is None or array.dtype.kind not in "biuf" else array


def sampled(function, times, *args, seed):
    """The values of `times` calls with one generator, and the first 20 of another of its seed.

    An array is given as a list: thousands of arrays would be too many to send.
    """

    def draws(n):
        rng = np.random.default_rng(seed)
        return [plain(function(*args, rng)) for _ in range(n)]

    def plain(value):
        return value.tolist() if isinstance(value, np.ndarray) else copy.deepcopy(value)

    return draws(times), draws(min(times, 20))


def dealt_out(function, *args, seed):
    """As same_seed, for a function that gives an iterable: three lists of its items.

    Only the first call gets the arguments themselves; what it does to them is seen nowhere else.
    """
    rng = np.random.default_rng(seed)
    copies = [copy.deepcopy(args) for _ in range(2)]
    turns = zip((args, *copies), (rng, np.random.default_rng(seed), rng), strict=True)
    return [list(map(_pair, collect(function, *given, gen))) for given, gen in turns]


def _pair(item):
    """A pair of lists as arrays: hundreds of rows as lists are too many for one message."""
    if not isinstance(item, tuple | list) or len(item) != 2:
        return item
    arrays = [as_numbers(part) for part in item]
    return tuple(p if a is None else a for p, a in zip(item, arrays, strict=True))


def updates(optimizer, settings, params, gradients):
    """The parameters of a fresh optimizer(**settings) after each update(params, grads)."""
    made, params, seen = optimizer(**settings), copy.deepcopy(params), []
    for grads in gradients:
        made.update(params, copy.deepcopy(grads))
        seen.append(copy.deepcopy(params))
    return seen


def searched(search, task, budget, seed):
    """What search(trial, budget, rng) chooses for a task of dlkit.check.tuning."""
    from dlkit.check.tuning import Trials

    return search(Trials(task, budget), budget, np.random.default_rng(seed))


def expression(cls, program):
    """Run a small program on objects of a class with `.data`, `.grad` and `.backward()`.

    program is a list of steps: a number makes a leaf `cls(number)`; `(op, i)` or `(op, i, j)`
    applies an operator or method to earlier results, where an operand given as `("number", v)`
    stays a plain number. Returns the last result's `data`, and the `grad` of every leaf.
    """
    results, leaves = [], []
    for step in program:
        if isinstance(step, tuple | list):
            operands = [
                entry[1] if isinstance(entry, tuple | list) else results[entry]
                for entry in step[1:]
            ]
            results.append(_apply(step[0], operands))
        else:
            results.append(cls(step))
            leaves.append(results[-1])
    results[-1].backward()
    return {"data": results[-1].data, "grad": [leaf.grad for leaf in leaves]}


def _apply(name, operands):
    operators = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "**": lambda a, b: a**b,
        "neg": lambda a: -a,
    }
    if name in operators:
        return operators[name](*operands)
    return getattr(operands[0], name)(*operands[1:])


def cached(function, *args, **kwargs):
    """Three results of a call, the second left out: a cache is the student's own affair."""
    result = function(*args, **kwargs)
    if isinstance(result, tuple | list) and len(result) == 3:
        return result[0], None, result[2]
    return result


def trained(train, X, t, unseen, seed):
    """predict = train(X, t, rng), asked for the rows that it learned from and for unseen ones."""
    predict = train(X, t, np.random.default_rng(seed))
    return predict(X), predict(unseen)


def forward_backward(functions, dout, *args, **kwargs):
    """The gradients of a pair (backward, forward), where forward's second result is its cache."""
    backward, forward = functions
    cache = forward(*args, **kwargs)[1]
    return backward(dout, cache)


_PROBES = (
    "call",
    "first",
    "made",
    "flat",
    "collect",
    "item",
    "repeat",
    "same_seed",
    "masks",
    "sampled",
    "dealt_out",
    "updates",
    "searched",
    "expression",
    "cached",
    "trained",
    "forward_backward",
)


def by_name(name: str):
    """The probe called `name`; ValueError for a name that is not listed."""
    if name not in _PROBES:
        raise ValueError(f"no probe {name!r} here: expected one of {', '.join(_PROBES)}")
    return globals()[name]
