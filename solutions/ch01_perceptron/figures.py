"""Draws chapter 1's figures into figures/: python solutions/ch01_perceptron/figures.py [FOLDER]

The same source gives the same bytes. What each figure shows, for its alternative text:

neuron            Left: a nerve cell with dendrites, cell body and an axon to other cells. Right:
                  the model; inputs x1 and x2 times weights w1 and w2 enter a sum with the bias b,
                  then a step gives the output y.
gates             AND, NAND and OR. The four inputs are the corners of a square, full circles where
                  the gate gives 1. In each plot a line parts full from open circles, and the side
                  where the unit fires is shaded.
notes_or          A figure from the old notes, headed OR. The circles at (0, 1), (1, 0) and (1, 1)
                  are full, but the shaded side of the line holds (1, 1) alone.
xor               XOR: the full circles (0, 1) and (1, 0) lie on one diagonal of the square, the
                  open circles (0, 0) and (1, 1) on the other.
xor_network       A network. x1 and x2 feed s1, a NAND with weights -0.5 and -0.5 and bias 0.7, and
                  s2, an OR with weights 0.5 and 0.5 and bias -0.2. s1 and s2 feed y, an AND with
                  weights 0.5 and 0.5 and bias -0.7.
separable         The sixteen truth tables as squares, each headed by its outputs for 00, 01, 10,
                  11. A line is drawn in fourteen of them, or the whole square fires or does not;
                  0110 and 1001 have a thick frame and the words "no line".
learning          Eight points of two classes before and after one step. A ringed point of class 1
                  lies outside the shaded side before the step and inside it afterwards.
epochs            Left: eight points and the line after each epoch, the later the darker; the last
                  one separates them. Right: errors in epochs 1 to 6: 2, 2, 3, 2, 2, 0.
margin            Points of two classes on either side of a line. A dashed perpendicular leads from
                  the nearest point of each class to the line; the shorter one, 0.70, is the margin.
step_sigmoid      The step, 0 up to and with s = 0 and 1 after it, and the sigmoid, which rises
                  smoothly from 0 to 1 and is 0.5 at s = 0.
gate_playground   The playground at its start: the line 1.0 x1 + 0.5 x2 - 0.7 = 0 on the inputs of
                  AND. (1, 1) and (1, 0) are on the firing side; (1, 0) is ringed as wrong.
perceptron_steps  The explorer in epoch 4. Left: eight numbered points, the line before the step
                  dashed, after it full. Right: errors 2, 2, 3 and the guess, epoch 4, as a line.
"""

from itertools import product

import numpy as np
from matplotlib import pyplot as plt

from autograder.drawing import draw, folder_for, stills
from dlkit import plots
from dlkit.explorers import learning_run, perceptron_steps
from dlkit.gates import GATES, INPUTS
from dlkit.plots.style import INK, RED


def neuron():
    fig, (left, right) = plt.subplots(1, 2, figsize=(9, 2.8))
    plots.nerve_cell(left)
    plots.neuron_model(right)
    return fig


def gates():
    fig, axes = plt.subplots(1, 3, figsize=(8, 2.9))
    units = {"AND": ((0.5, 0.5), -0.7), "NAND": ((-0.5, -0.5), 0.7), "OR": ((0.5, 0.5), -0.2)}
    for ax, (name, (w, b)) in zip(axes, units.items(), strict=True):
        plots.gate(ax, GATES[name], w, b, title=name)
    return fig


def notes_or():
    """The figure of the old notes: the outputs of OR with a line that is not OR's."""
    fig, ax = plt.subplots(figsize=(2.9, 2.9))
    plots.gate(ax, GATES["OR"], (1, 1), -1.5, title="OR, as the notes draw it")
    return fig


def xor():
    fig, ax = plt.subplots(figsize=(2.9, 2.9))
    plots.gate(ax, GATES["XOR"], title="XOR")
    return fig


def xor_network():
    fig, ax = plt.subplots(figsize=(6, 3.4))
    columns = [
        {"x1": "x₁", "x2": "x₂"},
        {"nand": "s₁\nNAND: b = 0.7", "or": "s₂\nOR: b = −0.2"},
        {"and": "y\nAND: b = −0.7"},
    ]
    wires = [("x1", "nand", "−0.5"), ("x2", "nand", "−0.5"), ("x1", "or", "0.5")]
    wires += [("x2", "or", "0.5"), ("nand", "and", "0.5"), ("or", "and", "0.5")]
    plots.network(ax, columns, wires)
    return fig


def separable():
    fig, axes = plt.subplots(2, 8, figsize=(9, 2.9))
    for ax, outputs in zip(axes.flat, product((0, 1), repeat=4), strict=True):
        unit = _unit_for(outputs)
        title = "".join(map(str, outputs))
        plots.gate(ax, outputs, *(unit or ()), title=title, size=45, labels=False)
        if unit is None:
            ax.set_title(f"{title}: no line", color=RED)
            ax.spines[:].set(color=RED, linewidth=2)
    return fig


def learning():
    """The plane before and after one step of the learning rule."""
    step, run = _first_helpful_step()
    fig, axes = plt.subplots(1, 2, figsize=(7, 3.4))
    looked = run.points[step.index]
    for ax, words in zip(axes, ("before the step", "after the step"), strict=True):
        _square(ax, words)
        plots.points(ax, run.points, run.targets)
        ax.scatter(*looked, s=330, facecolor="none", edgecolor=RED, linewidth=2.5)
    plots.line(axes[0], step.w_before, step.b_before)
    plots.line(axes[1], step.w_before, step.b_before, shade=False, linestyle=":")
    plots.line(axes[1], step.w, step.b)
    return fig


def epochs():
    """The line after every update on one data set, and the errors in each epoch."""
    run = learning_run.LearningRun(*learning_run.separable(2))
    fig, (left, right) = plt.subplots(1, 2, figsize=(7, 3.4))
    _square(left, "the line after each epoch")
    plots.points(left, run.points, run.targets)
    lines = []
    while not run.ended:
        run.epoch()
        lines.append((run.w, run.b))
    for i, (w, b) in enumerate(lines[:-2]):
        grey = f"{0.8 - 0.5 * i / len(lines):.2f}"
        plots.line(left, w, b, shade=False, color=grey, linewidth=1.2)
    plots.line(left, *lines[-1])
    plots.errors_per_epoch(right, run.errors)
    right.set_title("errors in each epoch")
    return fig


def margin():
    fig, ax = plt.subplots(figsize=(4.2, 3.4))
    X = [(0.5, 2.5), (1.0, 1.25), (0.25, 0.75), (2.5, 2.75), (3.25, 1.5), (2.0, 3.5), (3.5, 3.0)]
    ax.set(xlim=(-0.25, 4.75), ylim=(0, 4), aspect="equal", xticks=range(5), yticks=range(5))
    ax.set_xlabel("x₁")
    ax.set_ylabel("x₂", rotation=0, labelpad=10)
    plots.margin(ax, X, [0, 0, 0, 1, 1, 1, 1], (1, 0.75), -3.5)
    return fig


def step_sigmoid():
    fig, ax = plt.subplots(figsize=(5.5, 2.9))
    plots.step_and_sigmoid(ax)
    return fig


def steps_still():
    explorer = perceptron_steps()
    explorer.move(guess="4")
    for _ in range(3):
        explorer.press("epoch")
    while not explorer.run.last.moved:
        explorer.press("step")
    return explorer.still()


FIGURES = [neuron, gates, notes_or, xor, xor_network, separable, learning, epochs, margin]
FIGURES += [step_sigmoid]
STILLS = stills("gate_playground") | {"perceptron_steps": steps_still}


def draw_all(folder):
    """Write every figure into the folder."""
    draw(folder, FIGURES, STILLS, salt="ch01")


def _unit_for(outputs):
    """Some (w, b) with these outputs, or None: the ones that exist are all among these few."""
    for *w, b in product((-1, 0, 1), (-1, 0, 1), (-1.5, -0.5, 0.5, 1.5)):
        if [int(np.dot(w, x) + b > 0) for x in INPUTS] == list(outputs):
            return w, b
    return None


def _first_helpful_step():
    """A step that puts a point of class 1 from the wrong side of the line to the right one."""
    run = learning_run.LearningRun(*learning_run.separable(2))
    while True:
        run.step()
        step, x = run.last, run.points[run.last.index]
        right = np.dot(step.w, x) + step.b > 0
        if step.moved and run.targets[step.index] and right and any(step.w_before):
            return step, run


def _square(ax, title):
    ax.set(xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), aspect="equal", xticks=(-1, 0, 1))
    ax.set(yticks=(-1, 0, 1), xlabel="x₁", title=title)
    ax.set_ylabel("x₂", rotation=0, color=INK)


if __name__ == "__main__":
    draw_all(folder_for(__file__))
