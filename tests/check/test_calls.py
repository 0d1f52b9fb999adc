"""Calls are recorded as they went: values as of now, arguments as they are left, errors by name."""

import enum
import math

import numpy as np
import pytest

from dlkit.check.calls import Outcome, run_case
from dlkit.check.codec import CodecError, Draw, Fn, Opaque, Rng, from_text, pack, to_text, unpack
from dlkit.check.remote import finish, outcomes, prepare, request, serve


def _append(values):
    values.append(0)


def _fill(array):
    array[:] = 0


def _nested(pair):
    pair["w"][0][0] = 9


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (_append, [1, 2]),
        (_fill, np.ones(3)),
        (_nested, {"w": [np.ones(2)]}),
        (lambda d: d.pop("w"), {"w": 1}),
        (lambda d: d.update(b=1), {"w": 1}),
        (lambda x: x.resize(1, refcheck=False), np.ones(3)),
        (lambda x: x.__setitem__(0, -0.0), np.zeros(2)),
    ],
)
def test_a_changed_argument_is_seen(function, argument):
    assert run_case((function,), "call", (argument,)).changed


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        (np.sort, np.array([2.0, math.nan, 1.0])),
        (lambda x: x, [1, 2]),
        (lambda rng: rng.normal(), Rng(3)),
        (lambda f: f(np.ones(2)), Fn("sum_of_squares")),
        (lambda x: x.sort(), Draw(1, (4,))),
        (lambda x: x, math.nan),
    ],
)
def test_an_argument_that_was_left_alone_is_seen_too(function, argument):
    assert not run_case((function,), "call", (argument,)).changed


def test_a_value_is_kept_as_it_was_returned():
    shared = np.zeros(2)

    def count(x):
        shared[0] += 1
        return [shared]

    first, second = (run_case((count,), "call", (0,)).value for _ in range(2))
    assert (first[0][0], second[0][0]) == (1, 2)


def test_what_is_raised_is_named_with_its_bases():
    def singular():
        raise np.linalg.LinAlgError("singular")

    assert run_case((singular,), "call").raised[:2] == ["LinAlgError", "ValueError"]
    assert run_case((exit,), "call").raised[0] == "SystemExit"


ROUND_TRIPS = [
    None, True, 3, -2.5, "text", [1, [2]], (1, (2.0,)), {1: "a", "b": (2,)}, {1, 2}, 1 + 2j,
    math.inf, Fn("scale", (2.0,)), Rng(7), Draw(3, (2, 2), 0, 9, "int64"), Opaque("a.B", "b"),
]  # fmt: skip


@pytest.mark.parametrize("value", ROUND_TRIPS, ids=repr)
def test_plain_data_keeps_its_type(value):
    for back in (unpack(*pack(value)), from_text(to_text(value))):
        assert back == value
        assert type(back) is type(value)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float32", "float64", "complex128"])
def test_arrays_keep_their_type_and_shape(dtype):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    for value in (array, array.T, array[:0], array[0, 0]):
        for back in (unpack(*pack(value)), from_text(to_text(value))):
            np.testing.assert_array_equal(back, value)
            assert back.dtype == value.dtype
            assert type(back) is type(value)


@pytest.mark.parametrize("of", [int, float, bool, np.int64, np.float32, np.bool_])
@pytest.mark.parametrize("container", [list, tuple])
def test_a_long_list_of_numbers_keeps_its_types(container, of):
    value = container(of(i % 2) for i in range(250_000))
    for back in (unpack(*pack(value)), from_text(to_text(value))):
        assert type(back) is container
        assert back == value
        assert {type(item) for item in back} == {of}


@pytest.mark.parametrize("odd", [2**70, "text", 1.5, None])
def test_a_long_list_of_other_things_arrives_too(odd):
    value = [1] * 200 + [odd]
    assert unpack(*pack(value)) == value


def test_pictures_in_nested_lists_of_numpys_numbers_take_few_arrays():
    pictures = [[[np.float64(i * j + n) for j in range(3)] for i in range(4)] for n in range(120)]
    tree, arrays = pack(pictures)
    assert len(arrays) < 1000 < 120 * 12
    found = unpack(tree, arrays)
    assert found == pictures
    assert {type(v) for picture in found for row in picture for v in row} == {np.float64}


def test_lists_of_numbers_have_a_limit_together():
    tree = [{"l": [0, True, False]}] * 3
    with pytest.raises(CodecError, match="too long"):
        unpack(tree, [np.zeros(1_000_000)])
    with pytest.raises(CodecError, match="too long"):
        unpack({"l": [0, True, False]}, [np.zeros((2, 2))])


def test_a_long_double_travels_as_a_double():
    assert unpack(*pack(np.longdouble(0.5))) == 0.5
    assert unpack(*pack(np.ones(2, np.clongdouble))).dtype == np.complex128


def test_a_numpy_text_travels_as_a_text():
    names = np.array(["loss", "cost"])
    for value in (names[1], [names[1]], {"what": names[1]}):
        back = unpack(*pack(value))
        assert back == value
        assert "np.str_" not in repr(back)
    assert unpack(*pack(np.array("loss"))) == "loss"


def test_a_text_of_a_class_of_its_own_travels_as_its_text():
    class Named(str):
        def __str__(self):
            return "another"

    for value in (enum.StrEnum("Case", {"LOSS": "loss"}).LOSS, Named("loss")):
        assert type(unpack(*pack(value))) is str
        assert unpack(*pack(value)) == "loss"


def test_what_is_no_plain_data_arrives_as_its_name():
    class Odd:
        def __repr__(self):
            raise RuntimeError

    assert unpack(*pack([Odd()]))[0].type_name.endswith("Odd")
    assert unpack(*pack(np.array(["a"], dtype=object))).type_name == "numpy.ndarray"
    assert isinstance(unpack(*pack(10**5000)), Opaque)
    loop = []
    loop.append(loop)
    assert "list" in str(unpack(*pack(loop)))


MALFORMED = [
    {"a": 0}, {"a": -1}, {"a": True}, {"a": "x"}, {"t": 3}, {"d": [[1]]}, {"d": 5}, {"rng": "x"},
    {"zzz": 1}, {}, {"c": ["a", "b"]}, {"draw": [1]}, {"o": "x"}, {"d": [[{"d": []}]]},
]  # fmt: skip


@pytest.mark.parametrize("tree", MALFORMED, ids=repr)
def test_a_malformed_tree_is_refused(tree):
    with pytest.raises(CodecError):
        unpack(tree, [])


def test_a_tree_that_is_too_deep_is_refused():
    tree = []
    for _ in range(500):
        tree = [tree]
    with pytest.raises(CodecError, match="too deeply"):
        unpack(tree, [])
    with pytest.raises(CodecError, match="too many parts"):
        unpack([0] * 300_000, [])


def test_a_request_is_answered_in_the_students_namespace():
    message, arrays = request(["double"], "call", [((np.ones(2),), {}), ((3,), {})])
    reply, found = serve({"double": lambda x: 2 * x}, message, arrays)
    first, second = outcomes(reply, found)
    np.testing.assert_array_equal(first.value, [2, 2])
    assert second.value == 6
    assert serve({}, message, arrays) == ({"missing": "double"}, [])


def test_a_timed_call_returns_its_value():
    message, arrays = request(["double"], "call", [((Draw(1, (5,)),), {})])
    result = prepare({"double": lambda x: 2 * x}, message, arrays)()
    (outcome,) = outcomes(*finish(result))
    np.testing.assert_array_equal(outcome.value, 2 * Draw(1, (5,)).array())


def test_a_timed_call_whose_value_cannot_travel_says_so():
    (outcome,) = outcomes(*finish([[0] * 99] * 3000))
    assert outcome.raised == ["CodecError"]


def test_what_a_stranger_says_becomes_one_short_line():
    tree = [0, ["E\n\x1b[31m" + "x" * 999, 7], "a\nb" + "y" * 9999, False, "\x00", ""]
    outcome = Outcome.from_tree(tree)
    (name,) = outcome.raised
    assert name.startswith("E  [31mxxx")
    assert len(name) == 80
    assert outcome.message.startswith("a byyy")
    assert len(outcome.message) == 300
    assert outcome.warned == " "


@pytest.mark.parametrize("tree", [[], [1] * 6, "x", [0, [], "", 1, "", ""]], ids=repr)
def test_a_malformed_outcome_is_refused(tree):
    with pytest.raises(ValueError, match="list of six"):
        Outcome.from_tree(tree)
