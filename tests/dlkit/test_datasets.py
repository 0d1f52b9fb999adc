"""Data sets: their form, that a seed gives the same data again, that they are what they say."""

import subprocess
import sys

import numpy as np
import pytest

from dlkit import datasets
from dlkit.datasets import files
from dlkit.datasets.licences import LICENCES
from dlkit.errors import DtypeError, ShapeError
from dlkit.gates import GATES

POINTS = {"spirals": datasets.spirals, "moons": datasets.moons, "rings": datasets.rings}


def seeded(seed=0):
    return np.random.default_rng(seed)


# -- real sets --


def test_the_digits_are_those_of_scikit_learn():
    (X, t), (X_test, t_test) = datasets.digits(flat=True, dtype=np.float64)
    original = files.digits()
    found = np.column_stack([np.concatenate([X, X_test]) * 16, np.concatenate([t, t_test])])
    expected = np.column_stack([original["images"].reshape(-1, 64), original["labels"]])
    assert found.shape == (1797, 65)
    assert sorted(map(tuple, found)) == sorted(map(tuple, expected.astype(float)))


def test_a_digits_label_fits_its_picture():
    (X, t), (X_test, t_test) = datasets.digits(flat=True)
    means = np.stack([X[t == k].mean(axis=0) for k in range(10)])
    nearest = np.linalg.norm(X_test[:, None] - means, axis=2).argmin(axis=1)
    assert (nearest == t_test).mean() > 0.85


@pytest.mark.parametrize(("flat", "shape"), [(False, (1, 8, 8)), (True, (64,))])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_digits_have_the_form_of_the_course(flat, shape, dtype):
    (X, t), (X_test, t_test) = datasets.digits(flat=flat, dtype=dtype)
    assert X.shape == (1437, *shape)
    assert X_test.shape == (360, *shape)
    assert X.dtype == X_test.dtype == dtype
    assert t.dtype == t_test.dtype == np.int64
    assert (X.min(), X.max()) == (0, 1)
    assert np.bincount(t_test).min() > 20


def test_digits_are_always_parted_alike_and_are_the_callers_own():
    (X, t), _ = datasets.digits()
    assert t[:10].tolist() == [4, 9, 5, 8, 5, 3, 3, 9, 7, 1]
    X[:] = 0
    assert datasets.digits()[0][0].max() == 1


def test_images_are_floats_only():
    with pytest.raises(TypeError, match=r"expected a kind of float, such as np.float32, got uint8"):
        datasets.digits(dtype=np.uint8)
    with pytest.raises(TypeError, match="got int64"):
        datasets.photograph(dtype=np.int64)


@pytest.mark.parametrize("name", ["pagoda", "flower"])
def test_a_photograph_is_grey_or_coloured(name):
    grey, colours = datasets.photograph(name), datasets.photograph(name, grey=False)
    assert (grey.shape, colours.shape) == ((1, 120, 160), (3, 120, 160))
    assert grey.dtype == np.float64
    assert datasets.photograph(name, dtype=np.float32).dtype == np.float32
    assert colours.min() >= 0
    assert colours.max() <= 1
    assert grey.std() > 0.15
    assert np.allclose(grey[0], 0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2])


def test_the_stored_photographs_are_made_of_the_originals():
    with np.load(files.HERE / "photographs.npz") as stored:
        for name, made in files.photographs().items():
            assert np.abs(made.astype(int) - stored[name]).mean() < 2  # Pillow's filters may differ


def test_an_unknown_photograph_is_refused():
    with pytest.raises(ValueError, match="has pagoda and flower, not 'china'"):
        datasets.photograph("china")


def test_the_stored_files_are_small():
    assert (files.HERE / "digits.npz").stat().st_size < 150_000
    assert (files.HERE / "photographs.npz").stat().st_size < 100_000


# -- text --


def test_english_is_prose_and_no_sentence_is_in_both_parts():
    train, test = datasets.english()
    assert len(train) > 100_000
    assert 0.08 < len(test) / len(train + test) < 0.13
    assert (train + test).isascii()
    assert "::=" not in train + test
    assert not set(train.split("\n")) & set(test.split("\n"))
    share = sum(c.isalpha() or c == " " for c in train) / len(train)
    assert share > 0.93
    assert train.count(" the ") > 1000


def test_english_can_be_parted_otherwise():
    train, test = datasets.english(test=0.5)
    assert train + "\n" + test == "\n".join(datasets.english(test=1e-9))
    assert 0.4 < len(test) / len(train + test) < 0.6


@pytest.mark.parametrize("test", [0, 1, -0.1, 20])
def test_a_share_is_between_0_and_1(test):
    with pytest.raises(ValueError, match="between 0 and 1"):
        datasets.english(test=test)


def test_characters_become_ids_and_come_back():
    text = "".join(datasets.english())
    vocab = datasets.vocabulary(text)
    assert len(vocab) < 100
    ids = datasets.encode(text, vocab)
    assert ids.shape == (len(text),)
    assert datasets.decode(ids, vocab) == text
    assert datasets.encode("", vocab).shape == (0,)
    assert datasets.decode([], vocab) == ""


def test_characters_and_ids_that_are_unknown_are_named():
    with pytest.raises(ValueError, match=r"not in vocab: 'xz'.*vocabulary\(train \+ test\)"):
        datasets.encode("axzax", ["a"])
    for ids in ([0, 1], [-1]):
        with pytest.raises(ValueError, match="expected ids from 0 to 0"):
            datasets.decode(ids, ["a"])
    with pytest.raises(DtypeError, match=r"ids to be whole numbers, got dtype float64"):
        datasets.decode([0.9], ["a"])


# -- made sets --


@pytest.mark.parametrize("make", POINTS.values(), ids=POINTS)
def test_points_are_shared_by_the_classes_and_follow_the_seed(make):
    X, t = make(101, rng=seeded())
    assert X.shape == (101, 2)
    assert X.dtype == np.float64
    assert t.dtype.kind == "i"
    assert np.bincount(t).tolist() == [51, 50]
    assert (np.diff(t) != 0).mean() < 0.9  # not in turn
    again, other = make(101, rng=seeded()), make(101, rng=seeded(1))
    assert (again[0] == X).all()
    assert not (other[0] == X).all()


@pytest.mark.parametrize("make", POINTS.values(), ids=POINTS)
def test_no_line_parts_the_points_but_their_neighbours_tell_the_class(make):
    X, t = make(400, rng=seeded())
    with_bias = np.column_stack([X, np.ones(len(X))])
    line = np.linalg.lstsq(with_bias, 2 * t - 1, rcond=None)[0]
    assert ((with_bias @ line > 0) == t).mean() < 0.92
    distances = np.linalg.norm(X[:, None] - X, axis=2) + 1e9 * np.eye(len(X))
    assert (t[distances.argmin(axis=1)] == t).mean() > 0.95


@pytest.mark.parametrize("make", [datasets.spirals, datasets.rings])
def test_there_may_be_more_classes(make):
    _, t = make(100, rng=seeded(), classes=5)
    assert np.bincount(t).tolist() == [20] * 5


def test_without_noise_the_points_lie_on_their_curves():
    X, t = datasets.moons(50, rng=seeded(), noise=0)
    centres = np.array([(0, 0), (1, 0.5)])[t]
    assert np.linalg.norm(X - centres, axis=1) == pytest.approx(1)
    X, t = datasets.rings(50, rng=seeded(), noise=0, classes=4)
    assert np.hypot(*X.T) == pytest.approx((t + 1) / 4)
    X, t = datasets.spirals(50, rng=seeded(), noise=0, classes=3, turns=2)
    radius = np.hypot(*X.T)
    turned = np.exp(1j * 2 * np.pi * (2 * radius + t / 3))
    assert pytest.approx(radius * turned) == X @ [1, 1j]


@pytest.mark.parametrize("make", [*POINTS.values(), lambda n, **k: datasets.sines(n, 5, **k)])
@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"n": 0}, ValueError, "n expected a whole number from 1 up, got 0"),
        ({"n": 2.5}, ValueError, "n expected a whole number"),
        ({"noise": -1}, ValueError, "noise expected a deviation of 0 or more, got -1"),
        ({"noise": float("nan")}, ValueError, "noise expected"),
        ({"noise": float("inf")}, ValueError, "noise expected"),
        ({"noise": None}, ValueError, "noise expected"),
        ({"rng": 0}, TypeError, r"rng expected a numpy.random.Generator, got int. Make one with"),
    ],
)
def test_wrong_arguments_are_explained(make, wrong, error, says):
    with pytest.raises(error, match=says):
        make(**{"n": 10, "rng": seeded(), **wrong})


@pytest.mark.parametrize("make", [datasets.spirals, datasets.rings])
def test_one_class_is_too_few(make):
    with pytest.raises(ValueError, match="classes expected a whole number from 2 up, got 1"):
        make(10, rng=seeded(), classes=1)


@pytest.mark.parametrize("name", GATES)
def test_a_gate_is_its_truth_table(name):
    X, t = datasets.gate(name)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert t.tolist() == list(GATES[name])


def test_an_unknown_gate_is_refused():
    with pytest.raises(ValueError, match="gate expected one of AND, NAND, .*; got 'xor'"):
        datasets.gate("xor")


def test_sines_are_waves_and_what_comes_next():
    x, y = datasets.sines(20, 50, rng=seeded())
    assert x.shape == y.shape == (50, 20, 1)
    assert (x[1:] == y[:-1]).all()
    # s(k+1) + s(k−1) = 2 cos(2π / period) s(k), so the wave tells its period
    period = 2 * np.pi / np.arccos(((y + np.roll(x, 1, 0)) / (2 * x))[1:].mean(axis=0))
    assert period.min() > 9.9
    assert period.max() < 25.1
    assert np.ptp(period) > 5
    noisy, _ = datasets.sines(20, 50, rng=seeded(), noise=0.1)
    assert 0.08 < (noisy - x).std() < 0.12


@pytest.mark.parametrize("periods", [(20, 10), (0, 1), (1, float("inf")), 10])
def test_periods_are_in_order(periods):
    with pytest.raises(ValueError, match="the shortest and the longest"):
        datasets.sines(2, 5, rng=seeded(), periods=periods)


# -- parting --


def test_split_keeps_examples_and_targets_together_and_loses_none():
    X = np.arange(20).reshape(10, 2)
    (X_train, t_train), (X_test, t_test) = datasets.split(X, X[:, 0], test=0.3, rng=seeded())
    assert len(X_test) == 3
    assert (X_train[:, 0] == t_train).all()
    assert (X_test[:, 0] == t_test).all()
    assert sorted([*t_train, *t_test]) == list(range(0, 20, 2))


@pytest.mark.parametrize(("test", "held_out"), [(0.001, 1), (0.5, 5), (0.999, 9)])
def test_neither_side_is_empty(test, held_out):
    assert len(datasets.split(np.eye(10), np.eye(10), test=test, rng=seeded())[1][0]) == held_out


@pytest.mark.parametrize(
    ("X", "t", "test", "error", "says"),
    [
        (np.ones((3, 2)), np.ones(2), 0.5, ShapeError, r"got X \(3, 2\) and t \(2,\)"),
        (np.ones((1, 2)), np.ones(1), 0.5, ShapeError, "two or more"),
        (1, 2, 0.5, ShapeError, "two or more"),
        (np.ones((3, 2)), np.ones(3), 2, ValueError, "A quarter is test=0.25"),
    ],
)
def test_what_cannot_be_parted_is_refused(X, t, test, error, says):
    with pytest.raises(error, match=says):
        datasets.split(X, t, test=test, rng=seeded())


# -- licences --


def test_each_set_that_others_made_has_its_licence():
    others = {"digits", "photographs", "english", "mnist", "fashion_mnist"}
    assert set(LICENCES) == others
    for name in others:
        assert "icence" in datasets.licence(name) or "MIT License" in datasets.licence(name)
    with pytest.raises(ValueError, match="expected one of digits"):
        datasets.licence("cifar")


def test_the_data_is_read_without_scikit_learn():
    code = (
        "import sys; sys.modules['sklearn'] = sys.modules['matplotlib'] = None\n"
        "from dlkit import datasets as d\n"
        "d.digits(), d.photograph(), d.english()"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
