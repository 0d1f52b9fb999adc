"""Cases of the activations: elementwise functions and softmax."""

from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from tests.dlkit.cases import Case


def case(build, shape=(2, 4, 3), known=None, unknown=""):
    return Case(lambda package, rng, **place: build(package), shape, known=known, unknown=unknown)


def sigmoid(shape):
    return case(lambda nn: nn.Sigmoid(), shape, lambda torch: torch.nn.Sigmoid())


CASES = {
    "Step": case(lambda nn: nn.Step(), unknown="torch.heaviside has no gradient"),
    "Sigmoid": sigmoid((2, 4, 3)),
}

any_shape = shapes.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
RANDOM = {"Sigmoid": st.builds(sigmoid, any_shape)}
