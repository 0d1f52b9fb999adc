"""Cases of the layers that normalise, and of dropout."""

import numpy as np
from hypothesis import strategies as st

from tests.dlkit.cases import Case


def scale_and_shift(p):
    return {"weight": p["gamma"], "bias": p["beta"]}


def norm(build, shape, known, **more):
    return Case(build, shape, known=known, state=scale_and_shift, **more)


def batch_norm(shape):
    C = shape[1]
    return norm(
        lambda package, rng, **place: package.BatchNorm(C, **place),
        shape,
        lambda torch: (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(C),
        batches=(0, 2, 5),
        alone=False,
    )


def batch_norm_evaluation(shape):
    C = shape[1]
    return norm(
        lambda package, rng, **place: package.BatchNorm(C, **place).eval(),
        shape,
        lambda torch: (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(C).eval(),
    )


def layer_norm(shape):
    D = shape[-1]
    return norm(
        lambda package, rng, **place: package.LayerNorm(D, **place),
        shape,
        lambda torch: torch.nn.LayerNorm(D),
    )


def group_norm(num_groups, channels, N, H, W):
    C = num_groups * channels
    return norm(
        lambda package, rng, **place: package.GroupNorm(num_groups, C, **place),
        (N, C, H, W),
        lambda torch: torch.nn.GroupNorm(num_groups, C),
    )


def instance_norm(shape):
    C = shape[1]
    return norm(
        lambda package, rng, **place: package.InstanceNorm(C, **place),
        shape,
        lambda torch: torch.nn.InstanceNorm2d(C, affine=True),
    )


def dropout(shape):
    return Case(
        lambda package, rng, **place: package.Dropout(0.4, rng=rng),
        shape,
        alone=False,
        before=start_again,
        unknown="torch.nn draws other masks; in evaluation it is compared",
    )


def start_again(layer):
    layer.rng = np.random.default_rng(7)


CASES = {
    "BatchNorm": batch_norm((5, 3)),
    "BatchNorm, images": batch_norm((2, 3, 2, 2)),
    "BatchNorm, evaluation": batch_norm_evaluation((4, 3)),
    "BatchNorm, evaluation of images": batch_norm_evaluation((2, 3, 2, 2)),
    "LayerNorm": layer_norm((4, 3)),
    "LayerNorm, sequences": layer_norm((2, 3, 4)),
    "GroupNorm": group_norm(2, 2, 2, 3, 2),
    "GroupNorm, one group": group_norm(1, 3, 2, 2, 2),
    "InstanceNorm": instance_norm((2, 3, 2, 2)),
    "Dropout": dropout((4, 3)),
    "Dropout, evaluation": Case(
        lambda package, rng, **place: package.Dropout(0.4, rng=rng).eval(),
        (4, 3),
        known=lambda torch: torch.nn.Dropout(0.4).eval(),
    ),
}

few, some = st.integers(1, 3), st.integers(2, 3)
RANDOM = {
    "BatchNorm": st.builds(batch_norm, st.tuples(st.integers(2, 4), few, few, few)),
    "Dropout": st.builds(dropout, st.lists(st.integers(0, 3), max_size=3)),
    "LayerNorm": st.builds(layer_norm, st.tuples(st.integers(0, 3), few, some)),
    "GroupNorm": st.builds(group_norm, few, few, st.integers(0, 3), few, some),
    "InstanceNorm": st.builds(instance_norm, st.tuples(st.integers(0, 3), few, few, some)),
}
