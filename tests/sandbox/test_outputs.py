"""What a worker says that a cell showed becomes nbformat outputs, or is refused."""

import base64
import struct

import pytest

from autograder.sandbox.inside.wire import Malformed
from autograder.sandbox.outputs import NO_PICTURE, PNG_START, clean, to_nbformat


def picture(width=10, height=10, start=PNG_START):
    raw = start + struct.pack("!I4sII", 13, b"IHDR", width, height)
    return {"kind": "display", "data": {"image/png": base64.b64encode(raw).decode()}}


def test_each_kind_takes_the_form_of_nbformat():
    items = [
        {"kind": "stream", "name": "stderr", "text": "a"},
        {"kind": "result", "data": {"text/plain": "b"}},
        {"kind": "error", "ename": "E", "evalue": "v", "traceback": ["t"]},
        picture(),
    ]
    outputs = to_nbformat(items, 7, 1000)
    assert [o["output_type"] for o in outputs] == [
        "stream",
        "execute_result",
        "error",
        "display_data",
    ]
    assert outputs[1]["execution_count"] == 7


@pytest.mark.parametrize(
    "text",
    ["\x1b[31mred\x1b[0m", "\x1b]0;title\x07red", "r\x00e\x08d", "\x9bred", "re\ufffed"],
)
def test_terminal_codes_and_control_characters_go(text):
    assert clean(text) == "red"


def test_lines_tabs_and_other_scripts_stay():
    assert clean("a\n\tb\r c 感知机 ∂") == "a\n\tb\r c 感知机 ∂"


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "display", "data": {"image/png": ["A"]}},
        {"kind": "display", "data": {"image/svg+xml": "<svg/>"}},
        {"kind": "display", "data": {}},
        {"kind": "display", "data": []},
        {"kind": "result"},
        {"kind": "stream", "name": "stdin", "text": ""},
        {"kind": "stream", "name": ["stdout"], "text": ""},
        {"kind": "stream", "name": "stdout"},
        {"kind": "error", "ename": "E", "evalue": "v", "traceback": "text"},
        {"kind": "error", "ename": "E", "evalue": "v", "traceback": [1]},
        {"kind": "error", "ename": None, "evalue": "v", "traceback": []},
        {"kind": ["stream"]},
        None,
        [],
    ],
)
def test_what_no_worker_makes_is_refused(item):
    with pytest.raises(Malformed):
        to_nbformat([item], 1, 1000)


@pytest.mark.parametrize(
    "item",
    [
        picture(width=0),
        picture(width=100_000, height=10_000),
        picture(height=2**31),
        picture(start=b"GIF89a\x00\x00"),
        {"kind": "display", "data": {"image/png": "not base64!"}},
        {"kind": "display", "data": {"image/png": ""}},
    ],
)
def test_a_picture_that_cannot_be_shown_leaves_the_text_or_a_word(item):
    assert to_nbformat([item], 1, 1000)[0]["data"] == {"text/plain": NO_PICTURE}
    with_text = {**item, "data": {**item["data"], "text/plain": "kept"}}
    assert to_nbformat([with_text], 1, 1000)[0]["data"] == {"text/plain": "kept"}


def test_much_more_than_allowed_is_refused():
    items = [{"kind": "stream", "name": "stdout", "text": "x" * 200_000}]
    assert to_nbformat(items, 1, 100_000)
    with pytest.raises(Malformed, match="larger than"):
        to_nbformat(items * 2, 1, 100_000)
