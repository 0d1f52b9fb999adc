"""Cases of the activations: elementwise functions and softmax."""

from hypothesis import strategies as st
from hypothesis.extra import numpy as shapes

from tests.dlkit.cases import Case


def activation(make, known=None, unknown=""):
    """shape → Case, for a function (package) → layer."""
    return lambda shape=(2, 4, 3), **more: Case(
        lambda package, rng, **place: make(package), shape, known=known, unknown=unknown, **more
    )


step = activation(lambda nn: nn.Step(), unknown="torch.nn has no threshold without a gradient")
sigmoid = activation(lambda nn: nn.Sigmoid(), lambda torch: torch.nn.Sigmoid())
tanh = activation(lambda nn: nn.Tanh(), lambda torch: torch.nn.Tanh())
relu = activation(lambda nn: nn.ReLU(), lambda torch: torch.nn.ReLU())
leaky_relu = activation(lambda nn: nn.LeakyReLU(0.2), lambda torch: torch.nn.LeakyReLU(0.2))
gelu = activation(lambda nn: nn.GELU(), lambda torch: torch.nn.GELU(approximate="tanh"))
softmax = activation(lambda nn: nn.Softmax(), lambda torch: torch.nn.Softmax(dim=-1))
softmax_1 = activation(lambda nn: nn.Softmax(axis=1), lambda torch: torch.nn.Softmax(dim=1))

CASES = {
    "Step": step(),
    "Sigmoid": sigmoid(),
    "Tanh": tanh(),
    "ReLU": relu(),
    "LeakyReLU": leaky_relu(),
    "GELU": gelu(),
    "Softmax": softmax(),
    "Softmax, axis 1": softmax_1(),
}

any_shape = shapes.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)
with_axis = shapes.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=3)
RANDOM = {
    "Step": st.builds(step, any_shape),
    "Sigmoid": st.builds(sigmoid, any_shape),
    "Tanh": st.builds(tanh, any_shape),
    "ReLU": st.builds(relu, any_shape),
    "LeakyReLU": st.builds(leaky_relu, any_shape),
    "GELU": st.builds(gelu, any_shape),
    "Softmax": st.builds(softmax, with_axis),
}
