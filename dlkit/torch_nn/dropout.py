"""Dropout: in training each entry is left out by chance, on tensors."""

import torch

from dlkit.nn.dropout import checked_probability


class Dropout(torch.nn.Module):
    """In training y = x · mask: 0 with probability p, else x / (1 − p), as dlkit.nn.Dropout.

    Parameters
    ----------
    p : float
        Probability to leave an entry out, 0 ≤ p < 1.
    rng : numpy.random.Generator or torch.Generator
        Source of the masks. NumPy's gives those of dlkit.nn.Dropout with the same seed; torch's, on
        the device of x, draws them there, which is faster on a GPU.

    Shapes
    ------
    x, y : any, both the same

    Raises
    ------
    ValueError
        if p is outside [0, 1).
    """

    def __init__(self, p=0.5, *, rng):
        super().__init__()
        self.p = checked_probability(p)
        self.rng = rng

    def forward(self, x):
        if not self.training:
            return x
        mask = (self._drawn(x) >= self.p).to(x.dtype) / (1 - self.p)
        return x * mask

    def _drawn(self, x):
        if isinstance(self.rng, torch.Generator):
            return torch.rand(x.shape, generator=self.rng, device=self.rng.device).to(x.device)
        return torch.as_tensor(self.rng.random(x.shape, dtype="float32"), device=x.device)
