"""Cases of the losses: scores and targets, and torch's value for them."""

from tests.dlkit.cases import LossCase

LOSSES = {
    "BinaryCrossEntropyWithLogits": LossCase(
        lambda rng, N: (rng.normal(size=(N, 2)), rng.uniform(size=(N, 2))),
        lambda torch: torch.nn.BCEWithLogitsLoss(),
    ),
}
