"""Sequential: modules one after another, on tensors."""

import torch


class Sequential(torch.nn.Module):
    """y = fₙ(… f₁(f₀(x))), as dlkit.nn.Sequential; parameters are called "0.W", "2.b".

    Parameters
    ----------
    *layers : torch.nn.Module
        In the order in which x passes them.
    """

    def __init__(self, *layers):
        super().__init__()
        for i, layer in enumerate(layers):
            self.add_module(str(i), layer)

    @property
    def layers(self):
        """As torch knows them now; tools such as `convert_sync_batchnorm` put others there."""
        return tuple(self._modules.values())

    def __getitem__(self, i):
        return self.layers[i]

    def __len__(self):
        return len(self.layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
