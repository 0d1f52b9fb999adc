"""One table of all layers, gathered from `cases`; tests of gradients, twins and types read it."""

import importlib
import inspect
import pkgutil

import pytest

from dlkit import nn
from tests.dlkit import cases

FAMILIES = [
    importlib.import_module(f"{cases.__name__}.{found.name}")
    for found in pkgutil.iter_modules(cases.__path__)
]


def gather(table):
    """The families' dicts of this name as one; a name that two of them use is an error."""
    found = {}
    for family in FAMILIES:
        entries = getattr(family, table, {})
        if set(found) & set(entries):
            raise ValueError(f"{table}: {sorted(set(found) & set(entries))} is there twice")
        found |= entries
    return found


CASES, RANDOM, LOSSES = gather("CASES"), gather("RANDOM"), gather("LOSSES")
BASES = {"Container", "Layer", "Loss", "Recurrent"}


def every(table):
    """pytest's parameters for each case of a table."""
    return pytest.mark.parametrize("case", table.values(), ids=table)


def covered(table):
    """The classes' names of a table."""
    return {name.split(",")[0] for name in table}


def public(kind):
    """The public classes of dlkit.nn that are layers (or losses), without their bases."""
    return {
        name
        for name in nn.__all__
        if inspect.isclass(getattr(nn, name)) and issubclass(getattr(nn, name), kind)
    } - BASES


def prepared(case, rng, dtype="float64"):
    """The case's layer of dlkit.nn with random parameters and buffers: nothing is 0 or 1."""
    layer = case.build(nn, rng)
    for value in layer.params.values():
        value += rng.normal(0, 0.3, size=value.shape)
    for value in layer.buffers.values():
        value[...] = rng.uniform(0.5, 1.5, size=value.shape)
    return layer.astype(dtype)


def forward(case, layer, inputs):
    """The outputs, a tuple."""
    case.before(layer)
    return several(layer(*inputs))


def several(values):
    """A tuple of what a layer takes or returns, one or more."""
    return values if isinstance(values, tuple) else (values,)


def floats(inputs):
    """Which inputs have a gradient."""
    return [i for i, x in enumerate(inputs) if x.dtype.kind == "f"]
