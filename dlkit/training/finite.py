"""Finds the layer whose output first held nan or infinity."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Stage:
    """A layer: what it is called, its parameters, itself."""

    name: str
    params: Mapping
    layer: object


def named_layers(layer, name=""):
    """(name, layer) of this layer and all its parts, outside first; names are dotted."""
    yield name or "(the model)", layer
    for part_name, part in getattr(layer, "parts", {}).items():
        yield from named_layers(part, f"{name}.{part_name}" if name else part_name)


def first_not_finite(stages, forward, watch):
    """In words, the first stage whose output is not finite while forward() runs, or None.

    A container's output comes after those of its parts. watch(layer, see) calls see(outputs) after
    each forward of the layer, and returns what undoes that.
    """
    found = []

    def seer(stage):
        def see(outputs):
            if not all(is_finite(y) for y in outputs):
                found.append(stage)

        return see

    undo = [watch(stage.layer, seer(stage)) for stage in stages]
    try:
        forward()
    finally:
        for back in undo:
            back()
    if not found:
        return None
    stage = found[0]
    words = f"The first output that is not finite is that of {stage.name}"
    bad = [name for name, value in stage.params.items() if not is_finite(value)]
    if bad:
        return f"{words}: an update has already made its {' and '.join(bad)} not finite."
    if not stage.params:
        return f"{words}."
    largest = max(float(np.abs(value).max(initial=0)) for value in stage.params.values())
    return f"{words}; its parameters are finite, up to {largest:.2g}."


def is_finite(values):
    """Whether no entry is nan or infinite; whole numbers always are."""
    values = np.asarray(values)
    return values.dtype.kind != "f" or bool(np.isfinite(values).all())
