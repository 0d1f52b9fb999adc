"""Everything that a cell shows, in the order in which it was shown."""

import base64
import fcntl
import io
import json
import os
import tempfile

TEXT_MIME = "text/plain"
PICTURE_MIME = "image/png"
MAX_ITEMS = 500
RESERVE = 50_000


class Outputs:
    """The outputs of the running cell, limited in size; written texts are merged by stream.

    Text reaches it from Python (`Stream`) and from below Python: C code and child processes write
    to the descriptors 1 and 2, which are two unlinked files. Before anything else is added, what
    lies new in those files is added first, so the order is kept.
    """

    def __init__(self, limit: int):
        self.limit = limit
        self.owner = os.getpid()
        self.below = {"stdout": _Below(1), "stderr": _Below(2)}
        self.start()

    def start(self) -> None:
        """Begin a new cell: forget what was shown before."""
        self._empty()
        self.by_display_id: dict[str, dict] = {}
        for below in self.below.values():
            below.clear()

    def _empty(self) -> None:
        self.items: list[dict] = []
        self.left = self.limit
        self.cut = False  # something was left out
        self.full = False  # nothing more is taken
        self.clear_next = False

    def text(self, name: str, text: str) -> None:
        self.collect()
        self._text(name, text)

    def collect(self) -> None:
        """Add what was written straight to the descriptors since the last time."""
        for name, below in self.below.items():
            if new := below.read_new(max(0, self.left)):
                self._text(name, new)

    def rich(self, kind: str, data: dict, display_id: str | None = None) -> None:
        """Add a display ("display") or the cell's value ("result"): text and picture are kept."""
        self.collect()
        self._make_way()
        if not self.full and (kept := self._affordable(data)):
            item = {"kind": kind, "data": kept}
            self._add(item)
            if display_id is not None:
                self.by_display_id[display_id] = item

    def update(self, data: dict, display_id: str | None) -> None:
        """Replace the display of that id, if it belongs to this cell."""
        item = self.by_display_id.get(display_id)
        if item is not None:
            self.left += _cost(item["data"])
            item["data"] = self._affordable(data)

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        self.collect()
        shown = {"ename": ename[:200], "evalue": evalue[:2000]}
        lines = _shortened(traceback)
        if self.left > -RESERVE:  # an error is shown also where the outputs before it were cut
            self._add({"kind": "error", **shown, "traceback": lines})
        else:
            self.cut = True
        self.left -= _cost(dict(enumerate(lines)))

    def clear(self, wait: bool) -> None:
        """`clear_output`: at once, or when the next output comes."""
        self.collect()
        if wait:
            self.clear_next = True
        else:
            self._empty()

    def _text(self, name: str, text: str) -> None:
        if not text or self.full:
            return
        self._make_way()
        cost = _cost({"": text})
        if cost > self.left:
            text = text[: max(0, self.left) * len(text) // cost]
            self.cut = self.full = True
        last = self.items[-1] if self.items else {}
        if last.get("kind") == "stream" and last["name"] == name:
            last["parts"].append(text)
        else:
            self._add({"kind": "stream", "name": name, "parts": [text]})
        self.left -= cost

    def _affordable(self, data: dict) -> dict[str, str]:
        """Text and picture of a display as far as there is room; a large picture gives way."""
        kept = {mime: _as_text(data[mime]) for mime in (TEXT_MIME, PICTURE_MIME) if mime in data}
        for mime in (PICTURE_MIME, TEXT_MIME):
            if mime in kept and _cost(kept) > self.left:
                del kept[mime]
                self.cut = True
        self.left -= _cost(kept)
        return kept

    def _make_way(self) -> None:
        if self.clear_next:
            self._empty()

    def _add(self, item: dict) -> None:
        self._make_way()
        if len(self.items) >= MAX_ITEMS and item["kind"] != "error":
            self.cut = self.full = True
        else:
            self.items.append(item)

    def finish(self) -> list[dict]:
        """All outputs of the cell as plain data; the judge shapes them for the notebook."""
        self.collect()
        done = [_joined(item) for item in self.items[-MAX_ITEMS:]]
        if self.cut:
            line = f"\n[output cut here: a cell may show {self.limit} bytes]\n"
            done.append({"kind": "stream", "name": "stderr", "text": line})
        return done


class _Below:
    """What is written straight to one file descriptor, kept in an unlinked file."""

    def __init__(self, descriptor: int):
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the worker)
        _append_only(self.file.fileno())
        os.dup2(self.file.fileno(), descriptor)
        self.seen = 0

    def read_new(self, most: int) -> str:
        size = os.fstat(self.file.fileno()).st_size
        if size <= self.seen:
            self.seen = size  # shorter: the student's code cut the file
            return ""
        # one byte more than may be shown is enough to notice that there is too much
        raw = os.pread(self.file.fileno(), min(size - self.seen, most + 1), self.seen)
        self.seen = size
        return raw.decode("utf-8", "replace")

    def clear(self) -> None:
        os.ftruncate(self.file.fileno(), 0)
        self.seen = 0


def _append_only(descriptor: int) -> None:
    """Let every write go to the end of the file, also after it was emptied."""
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_APPEND)


class Stream(io.TextIOBase):
    """sys.stdout and sys.stderr of a notebook."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, outputs: Outputs, name: str):
        self.outputs = outputs
        self.stream_name = name

    @property
    def name(self) -> str:
        return f"<{self.stream_name}>"

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self.stream_name]

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if os.getpid() == self.outputs.owner:
            self.outputs.text(self.stream_name, text)
        else:  # a child process, such as a DataLoader's worker: only the descriptor is shared
            os.write(self.fileno(), text.encode("utf-8", "replace"))
        return len(text)


def _cost(data: dict[str, str]) -> int:
    """What these texts take in the JSON that is sent."""
    return sum(len(json.dumps(text)) for text in data.values())


def _as_text(value) -> str:
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _joined(item: dict) -> dict:
    if item["kind"] != "stream":
        return item
    return {"kind": "stream", "name": item["name"], "text": "".join(item["parts"])}


def _shortened(traceback: list[str], most: int = 60) -> list[str]:
    """A traceback of at most `most` lines: the first and the last tell what happened."""
    lines = [line[:500] for part in traceback for line in str(part).split("\n")]
    if len(lines) <= most:
        return lines
    left_out = len(lines) - most
    return [*lines[: most // 3], f"   … {left_out} lines …", *lines[-(most - most // 3) :]]
