"""Scalar automatic differentiation: `Value`, a number that remembers how it came about."""

from dlkit.autograd.graph import graph_svg
from dlkit.autograd.value import Value

__all__ = ["Value", "graph_svg"]
