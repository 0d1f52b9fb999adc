"""Cases of the layers that make up a plain network, and of containers."""

from hypothesis import strategies as st

from tests.dlkit.cases import Case


def linear(D, M, *rows):
    """rows : the axes in front of D; the last of them is N"""
    return Case(
        lambda package, rng, **place: package.Linear(D, M, rng=rng, **place),
        (*rows, D),
        batch_axis=len(rows) - 1,
        known=lambda torch: torch.nn.Linear(D, M),
        state=lambda p: {"weight": p["W"].T, "bias": p["b"]},
    )


def network(package, rng, **place):
    return package.Sequential(
        package.Linear(3, 4, rng=rng, **place),
        package.Sigmoid(),
        package.Sequential(package.Linear(4, 2, rng=rng, **place)),
    )


def network_state(p):
    return {
        "0.weight": p["0.W"].T,
        "0.bias": p["0.b"],
        "2.weight": p["2.0.W"].T,
        "2.bias": p["2.0.b"],
    }


def known_network(torch):
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Sigmoid(), torch.nn.Linear(4, 2))


def sequential(D, H, M, N):
    def build(package, rng, **place):
        first, last = (package.Linear(*sizes, rng=rng, **place) for sizes in ((D, H), (H, M)))
        return package.Sequential(first, package.Tanh(), last)

    return Case(build, (N, D), unknown="for other sizes of `network`")


def residual(D, M, N):
    """With a shortcut where f changes the shape."""

    def build(package, rng, **place):
        ways = (package.Linear(D, M, rng=rng, **place) for _ in range(1 + (D != M)))
        return package.Residual(*ways)

    return Case(build, (N, D), unknown="torch.nn has no such container")


def with_shortcut(package, rng, **place):
    return package.Residual(
        package.Linear(3, 2, rng=rng, **place), package.Linear(3, 2, rng=rng, **place)
    )


def embedding(V, D, shape):
    """Whole numbers in; a batch of N is (N, *shape)."""
    return Case(
        lambda package, rng, **place: package.Embedding(V, D, rng=rng, **place),
        inputs=lambda rng, N: (rng.integers(V, size=(N, *shape)),),
        known=lambda torch: torch.nn.Embedding(V, D),
        state=lambda p: {"weight": p["W"]},
    )


def flatten(shape):
    return Case(
        lambda package, rng, **place: package.Flatten(),
        shape,
        known=lambda torch: torch.nn.Flatten(),
    )


CASES = {
    "Embedding": embedding(5, 3, (4,)),
    "Embedding, one id each": embedding(4, 2, ()),
    "Flatten": flatten((4, 2, 3, 2)),
    "Flatten, already flat": flatten((4, 3)),
    "Linear": linear(3, 2, 4),
    "Linear, one row": linear(3, 1, 1),
    "Linear, sequences": linear(3, 2, 5, 4),
    "Sequential": Case(network, (4, 3), known=known_network, state=network_state),
    "Residual": Case(
        lambda package, rng, **place: package.Residual(package.Linear(3, 3, rng=rng, **place)),
        (4, 3),
        unknown="torch.nn has no such container",
    ),
    "Residual, shortcut": Case(with_shortcut, (4, 3), unknown="torch.nn has no such container"),
}

few = st.integers(1, 5)
RANDOM = {
    "Linear": st.lists(st.integers(0, 4), min_size=1, max_size=3).flatmap(
        lambda rows: st.builds(linear, few, few, *map(st.just, rows))
    ),
    "Residual": st.builds(residual, few, few, st.integers(0, 5)),
    "Sequential": st.builds(sequential, few, few, few, st.integers(0, 5)),
    "Embedding": st.builds(embedding, few, few, st.lists(st.integers(0, 3), max_size=2)),
    "Flatten": st.builds(flatten, st.lists(st.integers(0, 3), min_size=1, max_size=4)),
}
