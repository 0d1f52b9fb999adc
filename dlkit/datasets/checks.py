"""Clear errors for arguments that several data sets share."""

import math
from numbers import Real

import numpy as np


def check_count(name, value, least=1):
    """A ValueError unless `value` is a whole number, `least` or more."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name} expected a whole number from {least} up, got {value!r}.")


def check_rng(rng):
    """A TypeError unless `rng` is a numpy.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng expected a numpy.random.Generator, got {type(rng).__name__}. "
            "Make one with np.random.default_rng(0)."
        )


def check_noise(noise):
    """A ValueError unless `noise` is a number, 0 or more and finite."""
    if not isinstance(noise, Real) or not 0 <= noise < math.inf:
        raise ValueError(f"noise expected a deviation of 0 or more, got {noise!r}.")
