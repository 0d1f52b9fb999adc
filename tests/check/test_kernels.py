"""Edge, sharpen and blur: any kernels that work pass, others are told what theirs lack."""

import numpy as np
import pytest

from dlkit.check import accept

EDGE = [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]
SHARPEN = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
BLUR = np.outer([1, 2, 1], [1, 2, 1]) / 16
RIGHT = {"edge": EDGE, "sharpen": SHARPEN, "blur": BLUR}


def judge(**others):
    return accept.judge(accept.kernels(), None, {**RIGHT, **others})


@pytest.mark.parametrize(
    ("name", "kernel"),
    [
        ("edge", EDGE),
        ("edge", ((0, 0, 0), (-1, 1, 0), (0, 0, 0))),
        ("edge", [[0.1, -0.2, 0.1]] * 3),
        ("edge", 1e6 * np.array([[1, 0, -1]] * 3)),
        ("sharpen", SHARPEN),
        ("sharpen", np.full((3, 3), -0.1) + 1.9 * np.diag([0, 1, 0])),
        ("blur", BLUR.astype(np.float32)),
        ("blur", BLUR.tolist()),
    ],
)
def test_a_kernel_that_works_passes(name, kernel):
    assert judge(**{name: kernel}) is None


@pytest.mark.parametrize(
    ("name", "kernel", "code"),
    [
        ("edge", SHARPEN, "edge:sum"),
        ("edge", np.zeros((3, 3)), "edge:empty"),
        ("edge", np.array([[1, 0, -1]] * 3) + 1e-3, "edge:sum"),
        ("sharpen", EDGE, "sharpen:sum"),
        ("sharpen", BLUR, "sharpen:negative"),
        ("sharpen", [[0, 1, 0], [-1, 1, -1], [0, 1, 0]], "sharpen:centre"),
        ("blur", 16 * BLUR, "blur:undivided"),
        ("blur", np.ones((3, 3)) / 9, "blur:box"),
        ("blur", BLUR + 1e-3, "blur:value"),
        ("blur", [[1, 2, 1], [2, 4, 2]], "form"),
        ("edge", [-1, 2, -1], "form"),
        ("edge", np.full((3, 3), np.nan), "form"),
        ("edge", "eight", "form"),
        ("edge", None, "form"),
        ("sharpen", 1j * np.ones((3, 3)), "form"),
    ],
)
def test_a_kernel_that_does_not_is_told_why(name, kernel, code):
    assert judge(**{name: kernel}).code == code


def test_a_key_is_missing_and_no_dict_at_all():
    assert accept.judge(accept.kernels(), None, {"edge": EDGE}).code == "missing:sharpen"
    assert accept.judge(accept.kernels(), None, [EDGE, SHARPEN, BLUR]).code == "type"
