"""Figures of the course: each function takes a matplotlib Axes, draws on it and returns it.

Classes differ in fill and shape, not by colour alone; the colours follow Okabe and Ito's palette,
which colour-blind readers can tell apart.
"""

from dlkit.plots.attention import attention
from dlkit.plots.curves import curves, errors_per_epoch, step_and_sigmoid
from dlkit.plots.diagrams import nerve_cell, network, neuron_model
from dlkit.plots.landscape import paths
from dlkit.plots.layers import gradient_flow, histograms
from dlkit.plots.pictures import feature_maps, filters, images
from dlkit.plots.plane import decision_regions, gate, line, margin, points
from dlkit.plots.runs import runs

__all__ = [
    "attention",
    "curves",
    "decision_regions",
    "errors_per_epoch",
    "feature_maps",
    "filters",
    "gate",
    "gradient_flow",
    "histograms",
    "images",
    "line",
    "margin",
    "nerve_cell",
    "network",
    "neuron_model",
    "paths",
    "points",
    "runs",
    "step_and_sigmoid",
]
