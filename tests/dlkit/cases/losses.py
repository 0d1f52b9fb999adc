"""Cases of the losses: scores and targets, and torch's value for them."""

from tests.dlkit.cases import LossCase

LOSSES = {
    "MeanSquaredError": LossCase(
        lambda rng, N: (rng.normal(size=(N, 2)), rng.normal(size=(N, 2))),
        lambda torch: torch.nn.MSELoss(),
    ),
    "BinaryCrossEntropyWithLogits": LossCase(
        lambda rng, N: (rng.normal(size=(N, 2)), rng.uniform(size=(N, 2))),
        lambda torch: torch.nn.BCEWithLogitsLoss(),
    ),
    "SoftmaxCrossEntropy": LossCase(
        lambda rng, N: (rng.normal(size=(N, 4)), rng.integers(4, size=N)),
        lambda torch: torch.nn.CrossEntropyLoss(),
    ),
    "SoftmaxCrossEntropy, sequences": LossCase(
        lambda rng, N: (rng.normal(size=(N, 3, 4)), rng.integers(4, size=(N, 3))),
        lambda torch: lambda z, t: torch.nn.CrossEntropyLoss()(z.reshape(-1, 4), t.reshape(-1)),
    ),
}
