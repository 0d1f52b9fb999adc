"""The wire between judge and worker: what goes in comes out, and nothing else is taken."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.inside import wire

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


def sent(message, arrays=()):
    return b"".join(wire.encode(message, arrays))


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), plain))
def test_messages_arrive_as_they_were_sent(message):
    message.pop("arrays", None)
    found, arrays = wire.read_message(io.BytesIO(sent(message)))
    expected = json.dumps(message).encode("utf-8", "replace")
    assert json.dumps(found).encode("utf-8", "replace") == expected or "\\ud" in expected.decode()
    assert arrays == []


@given(st.binary(max_size=200))
def test_any_bytes_are_a_header_or_malformed(raw):
    try:
        message, layout = wire.decode_header(raw)
    except wire.Malformed:
        return
    assert isinstance(message, dict)
    assert sum(size for _, _, size in layout) <= wire.MAX_BUFFERS


@given(plain, plain)
def test_any_description_of_an_array_is_one_or_malformed(dtype, shape):
    raw = json.dumps({"arrays": [{"dtype": dtype, "shape": shape}]}).encode()
    with pytest.raises(wire.Malformed):
        wire.decode_header(raw)


def test_arrays_arrive_in_order():
    arrays = [np.arange(3), np.ones((2, 2), np.float32), np.array(True)]
    _, found = wire.read_message(io.BytesIO(sent({"op": "x"}, arrays)))
    for before, after in zip(arrays, found, strict=True):
        assert before.dtype == after.dtype
        np.testing.assert_array_equal(before, after)


def test_the_end_of_the_stream_is_no_message():
    with pytest.raises(wire.Closed):
        wire.read_message(io.BytesIO(b""))


def test_the_largest_message_passes_and_a_larger_one_does_not():
    room = wire.MAX_HEADER - len(json.dumps({"t": "", "arrays": []}))
    assert len(sent({"t": "x" * room})) == wire.MAX_HEADER + wire.PREFIX.size
    with pytest.raises(ValueError, match="more than 2000000"):
        wire.encode({"t": "x" * (room + 1)})
    with pytest.raises(wire.Malformed):
        wire.header_length(wire.PREFIX.pack(wire.MAX_HEADER + 1))


def test_nesting_is_counted_without_recursion():
    def nested(levels):
        return json.dumps({"arrays": [], "x": json.loads("[" * levels + "]" * levels)}).encode()

    wire.decode_header(nested(wire.MAX_DEPTH - 2))
    with pytest.raises(wire.Malformed, match="nested deeper"):
        wire.decode_header(nested(wire.MAX_DEPTH))


@pytest.mark.parametrize("dtype", ["O", "U3", "S3", "M8[s]", "V8", "g"])
def test_other_kinds_of_arrays_are_not_sent(dtype):
    if np.dtype(dtype).itemsize == 8 and dtype == "g":
        pytest.skip("a long double is an ordinary one on this machine")
    with pytest.raises(ValueError, match="cannot be sent"):
        wire.encode({}, [np.zeros(1, dtype)])
