"""The library behind the course's notebooks; each subpackage loads when it is first used."""

import importlib

_SUBPACKAGES = (
    "autograd",
    "check",
    "datasets",
    "explorers",
    "nn",
    "optim",
    "plots",
    "torch_nn",
    "training",
)

__all__ = list(_SUBPACKAGES)


def __getattr__(name):  # PEP 562: importing dlkit loads neither torch, matplotlib nor ipywidgets
    if name in _SUBPACKAGES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *_SUBPACKAGES])
