"""Moving parameters between the NumPy layers and their torch twins, and choosing a device."""

import torch

from dlkit.errors import DtypeError, ShapeError


def default_device():
    """The fastest device here: a CUDA GPU, else Apple's GPU, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def copy_params(source, target):
    """Copy parameters and buffers of a layer into its twin: from dlkit.nn to torch_nn, or back.

    The target keeps its own dtype and device, and shares no memory with the source.

    Raises
    ------
    ShapeError
        if a name or a shape differs; nothing is copied then.
    """
    old, new = _arrays(source), _arrays(target)
    shapes = [{name: tuple(p.shape) for name, p in side.items()} for side in (old, new)]
    if shapes[0] != shapes[1]:
        raise ShapeError(
            f"copy_params expected layers of the same names and shapes, got {shapes[0]} for the "
            f"source and {shapes[1]} for the target."
        )
    with torch.no_grad():
        for name, value in old.items():
            if isinstance(target, torch.nn.Module):
                new[name].copy_(torch.as_tensor(value))
            else:
                # NumPy does not know all types of torch, but float64 holds them all
                new[name][...] = torch.as_tensor(value).cpu().double().numpy()


def as_integers(x, what):
    """x as int64, which torch's functions want; `what` names it in the DtypeError."""
    if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
        raise DtypeError(
            f"expected {what} to be whole numbers, got dtype {x.dtype}. Pass {what}.long()."
        )
    return x.long()


def _arrays(layer):
    if isinstance(layer, torch.nn.Module):
        return dict(layer.named_parameters()) | dict(layer.named_buffers())
    return layer.params | layer.buffers
