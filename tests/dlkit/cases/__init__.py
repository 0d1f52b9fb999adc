"""The cases that every layer goes through, a file a family; `layer_cases` gathers them.

A family's file has a dict CASES, name → `Case`; a name is the class's, or that and a remark after
a comma. It may have a dict RANDOM, class name → hypothesis strategy of `Case`, for sizes, strides
and paddings; and a dict LOSSES, name → `LossCase`. torch is imported where a test needs it, never
at a file's top.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """A layer, what goes into it, and its counterpart in torch.nn.

    build : (package, rng, **place) → layer
        `package` is dlkit.nn or dlkit.torch_nn; `place` (dtype, device) goes to classes of torch_nn
        that have parameters or buffers.
    shape : of x, one normal array. Where there are several inputs, or whole numbers, give `inputs`.
    inputs : (rng, N) → tuple of arrays
        For a batch of N. backward then returns a tuple: a gradient for each array of floats, None
        for whole numbers (one gradient alone, where there is one input).
    batch_axis : of x and y
    batches : batch sizes that must work, too
    alone : whether an example's y is the same in any batch
    before : (layer) → None, called before every forward; sets a generator back, for instance
    known : (torch) → torch.nn.Module or a wrapper of one, with the same inputs and outputs; None
        where torch has none, with the reason in `unknown`
    state : (params) → dict torch's name → array
        How the parameters are laid out there; it is applied to gradients as well, so it only
        transposes, reshapes, cuts and joins.
    learns : whether 20 training steps are compared (where there are parameters)
    """

    build: Callable
    shape: tuple = ()
    inputs: Callable | None = None
    batch_axis: int = 0
    batches: tuple = (0, 1, 5)
    alone: bool = True
    before: Callable = field(default=lambda layer: None)
    known: Callable | None = None
    unknown: str = ""
    state: Callable = field(default=lambda params: {})
    learns: bool = True

    def draw(self, rng, batch=None):
        """The inputs, a tuple; for another batch size than the case's own, if one is given."""
        if self.inputs is not None:
            return self.inputs(rng, 3 if batch is None else batch)
        shape = list(self.shape)
        if batch is not None:
            shape[self.batch_axis] = batch
        return (rng.normal(size=shape),)


@dataclass(frozen=True)
class LossCase:
    """A loss: inputs is (rng, N) → (scores, targets), known (torch) → torch's function of both."""

    inputs: Callable
    known: Callable
