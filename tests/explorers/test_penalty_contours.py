"""L1 and L2 contours, the module run under Node: the best weights are where dlkit finds them."""

import numpy as np
import pytest

from dlkit import optim
from dlkit.explorers.penalty_contours import PenaltyContours
from dlkit.explorers.stills import drive, walk
from tests.explorers.steps import SHOW

pytestmark = pytest.mark.node


def last(*steps):
    return walk(PenaltyContours, *steps)[-1]


def settings(count=25):
    """(λ, stretch, tilt, m) at random."""
    rng = np.random.default_rng(0)
    return [
        (rng.uniform(0, 2), rng.uniform(1, 5), rng.uniform(0, 60), rng.uniform(-2, 2, size=2))
        for _ in range(count)
    ]


def call(function, *arguments):
    return {"module": "penalty_contours", "call": [function, *arguments]}


def curvatures(found):
    jobs = [call("curvature", stretch, tilt) for _, stretch, tilt, _ in found]
    return [np.array(A) for A in drive(jobs)]


def best(kind, found, matrices):
    jobs = [
        call("best", kind, lam, A.tolist(), m.tolist())
        for (lam, _, _, m), A in zip(found, matrices, strict=True)
    ]
    return np.array(drive(jobs))


def test_the_ellipses_have_the_stretch_and_the_tilt():
    found = settings()
    for (_, stretch, tilt, _), A in zip(found, curvatures(found), strict=True):
        values, vectors = np.linalg.eigh(A)
        assert np.sqrt(values[1] / values[0]) == pytest.approx(stretch)
        long = np.degrees(np.arctan2(*vectors[::-1, 0])) % 180
        assert stretch < 1.05 or long == pytest.approx(tilt, abs=1e-6)


def test_l2_is_where_descent_with_weight_decay_ends():
    found = settings()
    matrices = curvatures(found)
    for (lam, _, _, m), A, w in zip(found, matrices, best("L2", found, matrices), strict=True):
        v = np.array(m)
        for _ in range(5000):
            v = optim.sgd_step(v, A @ (v - m) + lam * v, 0.3)
        assert w == pytest.approx(v, abs=1e-6)


def test_l1_is_the_minimum_with_its_zeros():
    found = settings()
    matrices = curvatures(found)
    zeros = 0
    for (lam, _, _, m), A, w in zip(found, matrices, best("L1", found, matrices), strict=True):
        gradient = A @ (w - m)
        at_zero = w == 0
        assert gradient[~at_zero] == pytest.approx(-lam * np.sign(w[~at_zero]), abs=1e-9)
        assert (np.abs(gradient[at_zero]) <= lam + 1e-9).all()
        zeros += at_zero.sum()
    assert 5 < zeros < 45


def test_often_is_not_always():
    values = {"m1": 0.5, "m2": 0.4, "lam": 0.1, "guess": "none"}
    seen = last(("move", values), SHOW)
    assert seen["state"]["w"] == pytest.approx([0.4, 0.3])
    assert seen["sentence"].startswith("You predicted none: right. ")
    assert "none is exactly 0" in seen["sentence"]


@pytest.mark.parametrize(
    ("values", "guess", "says"),
    [
        ({"lam": 0.8}, "one of them", "one of them is exactly 0 (L1 drops"),
        ({"lam": 2}, "both", "both are exactly 0 (L1 drops"),
        ({"lam": 4, "penalty": "L2"}, "none", "none is exactly 0 (L2 shrinks"),
        ({"lam": 0}, "none", "without a penalty"),
        ({"lam": 1, "penalty": "L2", "m2": 0}, "one of them", "one of them is exactly 0"),
    ],
)
def test_what_is_said_and_guessed(values, guess, says):
    seen = last(("move", {**values, "guess": guess}), SHOW)
    assert seen["sentence"].startswith(f"You predicted {guess}: right. ")
    assert says in seen["sentence"]


def test_the_best_place_waits_for_the_guess():
    seen = walk(PenaltyContours)[0]
    assert "?" in seen["table"]
    assert "dlk-fires" not in seen["pictures"][0]["marks"]


def test_a_click_moves_the_datas_minimum():
    seen = last(SHOW, ("point", 0, 36 + 150 + 60, 30 + 150))
    assert (seen["values"]["m1"], seen["values"]["m2"]) == (1, 0)
