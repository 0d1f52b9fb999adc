"""Explorers: a picture that answers at once when a control moves, shown by one line in a cell."""

from dlkit.explorers.gate_playground import gate_playground

__all__ = ["gate_playground"]
