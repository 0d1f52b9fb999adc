"""Explorers: a picture that answers at once when a control moves, shown by one line in a cell."""

from dlkit.explorers.activation_explorer import activation_explorer
from dlkit.explorers.approximator import approximator
from dlkit.explorers.boundary_playground import boundary_playground
from dlkit.explorers.convolution_stepper import convolution_stepper
from dlkit.explorers.entropy_explorer import entropy_explorer
from dlkit.explorers.explore import explore
from dlkit.explorers.feature_maps import feature_maps
from dlkit.explorers.gate_explorer import gate_explorer
from dlkit.explorers.gate_playground import gate_playground
from dlkit.explorers.gradient_through_time import gradient_through_time
from dlkit.explorers.graph_stepper import graph_stepper
from dlkit.explorers.kernel_lab import kernel_lab
from dlkit.explorers.learning_rate_explorer import learning_rate_explorer
from dlkit.explorers.loss_surfaces import loss_surfaces
from dlkit.explorers.optimizer_race import optimizer_race
from dlkit.explorers.overfitting_lab import overfitting_lab
from dlkit.explorers.penalty_contours import penalty_contours
from dlkit.explorers.perceptron_steps import perceptron_steps
from dlkit.explorers.schedule_explorer import schedule_explorer
from dlkit.explorers.signal_through_depth import signal_through_depth
from dlkit.explorers.size_calculator import size_calculator
from dlkit.explorers.temperature_sampler import temperature_sampler

__all__ = [
    "activation_explorer",
    "approximator",
    "boundary_playground",
    "convolution_stepper",
    "entropy_explorer",
    "explore",
    "feature_maps",
    "gate_explorer",
    "gate_playground",
    "gradient_through_time",
    "graph_stepper",
    "kernel_lab",
    "learning_rate_explorer",
    "loss_surfaces",
    "optimizer_race",
    "overfitting_lab",
    "penalty_contours",
    "perceptron_steps",
    "schedule_explorer",
    "signal_through_depth",
    "size_calculator",
    "temperature_sampler",
]
