"""What a worker says that a cell showed, checked and shaped as nbformat 4 outputs."""

import base64
import binascii
import re
import struct
import sys

from autograder.paths import ROOT
from autograder.sandbox.inside.wire import Malformed

MAX_OUTPUTS = 1000
MAX_PIXELS = 40_000_000  # of a picture: 160 MB to whoever looks at it
NO_PICTURE = "[a picture that is no PNG file of at most 40 million pixels]"
PNG_START = b"\x89PNG\r\n\x1a\n"
TERMINAL_CODES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def to_nbformat(items, execution_count: int, output_bytes: int) -> list[dict]:
    """The outputs of one cell; Malformed where an item is none that a worker makes."""
    if not isinstance(items, list) or len(items) > MAX_OUTPUTS:
        raise Malformed(f"the outputs are no list of at most {MAX_OUTPUTS}")
    outputs = [_output(item, execution_count) for item in items]
    # a little more than a worker may show: its own count is in JSON characters
    if sum(map(size, outputs)) > 2 * output_bytes + 100_000:
        raise Malformed(f"the outputs are much larger than the {output_bytes} bytes allowed")
    return outputs


def _output(item, execution_count: int) -> dict:
    kind = item.get("kind") if isinstance(item, dict) else None
    if kind == "stream" and item.get("name") in ("stdout", "stderr"):
        return {"output_type": "stream", "name": item["name"], "text": clean(item.get("text"))}
    if kind == "display":
        return {"output_type": "display_data", "data": _data(item), "metadata": {}}
    if kind == "result":
        return {
            "output_type": "execute_result",
            "execution_count": execution_count,
            "data": _data(item),
            "metadata": {},
        }
    if kind == "error" and isinstance(item.get("traceback"), list):
        return {
            "output_type": "error",
            "ename": clean(item.get("ename")),
            "evalue": clean(item.get("evalue")),
            "traceback": [_without_host_paths(clean(line)) for line in item["traceback"]],
        }
    raise Malformed(f"an output of unknown kind {kind!r:.40}")


def clean(text) -> str:
    """The text without terminal codes and other control characters."""
    if not isinstance(text, str):
        raise Malformed(f"a text of an output is a {type(text).__name__}")
    return CONTROL_CHARACTERS.sub("", TERMINAL_CODES.sub("", text))


def _data(item: dict) -> dict[str, str]:
    data = item.get("data")
    if not isinstance(data, dict) or not set(data) <= {"text/plain", "image/png"} or not data:
        raise Malformed("a display that holds something else than text and a picture")
    checked = {}
    if "text/plain" in data:
        checked["text/plain"] = clean(data["text/plain"])
    if "image/png" in data and (picture := _picture(data["image/png"])):
        checked["image/png"] = picture
    return checked or {"text/plain": NO_PICTURE}


def _picture(text) -> str | None:
    """The base64 text of a PNG file, clean; None for any other, or where it would be too large."""
    if not isinstance(text, str):
        raise Malformed(f"a picture that is a {type(text).__name__}")
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        width, height = struct.unpack("!II", raw[16:24])
    except (ValueError, binascii.Error, struct.error):
        return None
    if not raw.startswith(PNG_START) or not 0 < width * height <= MAX_PIXELS:
        return None
    return base64.b64encode(raw).decode()


def _without_host_paths(line: str) -> str:
    for prefix in dict.fromkeys((sys.prefix, sys.base_prefix, str(ROOT), "/course/venv")):
        line = line.replace(f"{prefix}/", "")
    return line


def size(output: dict) -> int:
    """Characters of an output's texts and pictures."""
    texts = [*output.get("data", {}).values(), *output.get("traceback", []), output.get("text", "")]
    return sum(map(len, texts)) + len(output.get("evalue", "")) + len(output.get("ename", ""))
