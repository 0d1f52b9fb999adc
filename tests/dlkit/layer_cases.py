"""One table of layers with an input shape each; tests of gradients, twins and types read it."""

CASES = {
    "Linear": (lambda package, rng, **more: package.Linear(3, 2, rng=rng, **more), (4, 3)),
    "Linear, one row": (lambda package, rng, **more: package.Linear(3, 1, rng=rng, **more), (1, 3)),
    "Step": (lambda package, rng, **more: package.Step(), (4, 3)),
    "Sigmoid": (lambda package, rng, **more: package.Sigmoid(), (2, 4, 3)),
}

# public names of dlkit.nn that are no layers with one input
OTHER = {"Layer", "BinaryCrossEntropyWithLogits"}


def covered():
    return {name.split(",")[0] for name in CASES}
