"""A student's code owns the channel and may write anything: the judge takes nothing on trust."""

import json
import time

import pytest

from autograder.sandbox import WorkerLost

from .conftest import value

pytestmark = pytest.mark.sandbox

# what a hostile cell needs: the channel's descriptor, the request's token, a message's bytes
FORGE = """
import json, os, stat, struct, sys, threading, time

def channel():
    return next(fd for fd in range(3, 64) if is_socket(fd))

def is_socket(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False

def token():
    frame = sys._getframe()
    while "request" not in frame.f_locals or "reply_arrays" in frame.f_locals: frame = frame.f_back
    return frame.f_locals["request"]["id"]

def raw(header, tail=b""):
    return struct.pack("!I", len(header)) + header + tail

def send(data):
    os.write(channel(), data)

def message(arrays=(), tail=b"", **fields):
    body = {"id": token(), "ok": True, "error": None, "outputs": [], "arrays": list(arrays)}
    return raw(json.dumps({**body, **fields}).encode(), tail)

def then_hang():
    time.sleep(60)
"""

MALFORMED = {
    "huge header": (r"send(b'\xff' * 4)", "claims 4294967295 bytes"),
    "no JSON": ("send(raw(b'garbage'))", "no JSON"),
    "deep JSON": ("send(raw(b'[' * 10**5))", "no JSON (RecursionError)"),
    "nested JSON": ("send(message(x=json.loads('[' * 100 + ']' * 100)))", "nested deeper than"),
    "long integer": ("send(raw(b'1' * 10**5))", "no JSON (ValueError)"),
    "a list": ("send(raw(b'[]'))", "not an object"),
    "no arrays": ("send(raw(b'{}'))", "lists no arrays"),
    "another request": ("send(message(id='0000'))", "answers another request"),
    "objects": ("send(message([{'dtype': '|O', 'shape': [1]}]))", "not among those allowed"),
    "records": ("send(message([{'dtype': [['a', '<f8']], 'shape': [1]}]))", "not among those"),
    "negative": ("send(message([{'dtype': '<f8', 'shape': [-1]}]))", "of shape [-1]"),
    "fraction": ("send(message([{'dtype': '<f8', 'shape': [1.5]}]))", "of shape [1.5]"),
    "huge array": ("send(message([{'dtype': '<f8', 'shape': [10**7]}]))", "80000000 bytes"),
    "many huge": ("send(message([{'dtype': '<f8', 'shape': [10**6]}] * 9))", "72000000 bytes"),
    "empty but huge": (
        "send(message([{'dtype': '<f8', 'shape': [0, 10**7, 10**7]}]))",
        "too large",
    ),
    "too many": ("send(message([{'dtype': '<f8', 'shape': [0]}] * 1001))", "more than 1000"),
    "trailing bytes": ("send(message() + b'x')", "more bytes follow"),
    "two replies": ("send(message() + message())", "more bytes follow"),
    "no outputs": ("send(message(outputs=None))", "outputs are no list"),
    "1001 outputs": ("send(message(outputs=[{}] * 1001))", "outputs are no list"),
    "odd output": ("send(message(outputs=[{'kind': 'script'}]))", "unknown kind 'script'"),
    "output no dict": ("send(message(outputs=[3]))", "unknown kind None"),
    "text no text": (
        "send(message(outputs=[{'kind': 'stream', 'name': 'stdout', 'text': {}}]))",
        "a text of an output is a dict",
    ),
    "html": (
        "send(message(outputs=[{'kind': 'display', 'data': {'text/html': '<script>'}}]))",
        "something else than text and a picture",
    ),
    "picture no text": (
        "send(message(outputs=[{'kind': 'display', 'data': {'image/png': 5}}]))",
        "a picture",
    ),
    "no data": ("send(message(outputs=[{'kind': 'display', 'data': {}}]))", "a picture"),
    "large text": (
        "send(message(outputs=[{'kind': 'stream', 'name': 'stdout', 'text': 'x' * 10**6}]))",
        "larger than",
    ),
    "error no text": ("send(message(error=['NameError']))", "whether the cell raised"),
    "not ok": ("send(message(ok=False))", "whether the cell raised"),
}


@pytest.mark.parametrize(("attack", "says"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_ends_the_worker_and_says_what_was_wrong(worker, attack, says):
    worker.run_cell(FORGE)
    with pytest.raises(WorkerLost) as lost:
        worker.run_cell(f"{attack}; then_hang()", timeout_s=20)
    assert lost.value.reason == "crashed"
    assert says in lost.value.message


BAD_PICTURES = {
    "too short": "'AAAA'",
    "no base64": "'*'",
    "no PNG": "__import__('base64').b64encode(b'GIF89a' + bytes(40)).decode()",
    "of a gigabyte": (
        "__import__('base64').b64encode(b'\\x89PNG\\r\\n\\x1a\\n' + bytes(10)"
        " + b'\\xff\\xff\\x00\\x00\\xff\\xff').decode()"
    ),
}


@pytest.mark.parametrize("picture", BAD_PICTURES.values(), ids=BAD_PICTURES)
def test_a_bad_picture_is_named_and_costs_nothing_else(worker, picture):
    worker.run_cell(FORGE)
    data = f"{{'text/plain': 'kept', 'image/png': {picture}}}"
    run = worker.run_cell(
        f"send(message(outputs=[{{'kind': 'display', 'data': {data}}},"
        f" {{'kind': 'display', 'data': {{'image/png': {picture}}}}}])); then_hang()"
    )
    assert [output["data"].keys() for output in run.outputs] == [{"text/plain"}] * 2
    assert run.outputs[0]["data"]["text/plain"] == "kept"
    assert "no PNG" in run.outputs[1]["data"]["text/plain"]


ENDED = {
    "os._exit": ("os._exit(3)", "exit status 3"),
    "segmentation fault": ("import ctypes; ctypes.string_at(0)", "signal 11"),
    "closed channel": ("os.close(channel()); then_hang()", "closed its channel"),
    "half a reply": ("send(message()[:20]); os._exit(0)", "exit status 0"),
    "half an array": (
        "send(message([{'dtype': '<f8', 'shape': [10]}], bytes(8))); os._exit(0)",
        "exit status 0",
    ),
}


@pytest.mark.parametrize(("attack", "says"), ENDED.values(), ids=ENDED)
def test_a_worker_that_ends_is_crashed(worker, attack, says):
    worker.run_cell(FORGE)
    with pytest.raises(WorkerLost) as lost:
        worker.run_cell(attack, timeout_s=20)
    assert lost.value.reason == "crashed"
    assert says in lost.value.message


def test_a_reply_that_drips_is_a_timeout(worker):
    worker.run_cell(FORGE + "import signal; ignore = signal.SIG_IGN")
    source = "signal.signal(signal.SIGINT, ignore)\nfor byte in message(): send(bytes([byte])); "
    with pytest.raises(WorkerLost) as lost:
        worker.run_cell(source + "time.sleep(0.1)", timeout_s=0.5)
    assert lost.value.reason == "timeout"


def test_a_reply_before_the_question_is_refused(worker):
    worker.run_cell(FORGE)
    worker.run_cell("threading.Timer(0.1, send, [message()]).start()")
    time.sleep(0.5)
    with pytest.raises(WorkerLost) as lost:
        worker.run_cell("1")
    assert lost.value.reason == "crashed"
    assert "before it was asked" in lost.value.message


def test_a_well_formed_forged_reply_is_a_claim_like_any_other(worker):
    worker.run_cell(FORGE)
    items = [{"kind": "stream", "name": "stdout", "text": "\x1b[1mfull marks\x00"}]
    run = worker.run_cell(f"send(message(outputs={items!r})); then_hang()")
    assert run.status == "ok"
    assert run.outputs[0]["text"] == "full marks"


def test_surrogates_become_text_that_can_be_written(worker):
    worker.run_cell(FORGE)
    item = {"kind": "stream", "name": "stdout", "text": "\ud800 half"}
    run = worker.run_cell(f"send(message(outputs=json.loads({json.dumps(item)!r}.join('[]'))));1/0")
    assert run.outputs[0]["text"].encode() == b"? half"


def test_other_workers_go_on_after_a_hostile_one(warm):
    with warm.spawn() as hostile, pytest.raises(WorkerLost):
        hostile.run_cell("import os; os._exit(1)")
    with warm.spawn() as worker:
        assert value(worker, "6 * 7") == 42
