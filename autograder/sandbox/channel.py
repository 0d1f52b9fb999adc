"""The judge's end of the socket to one worker: whole messages in time, or none.

The other end belongs to a student's code, which may write at any moment, anything, at any speed.
"""

import math
import select
import socket
import time
from collections.abc import Callable

import numpy as np

from autograder.sandbox.inside import wire

TICK_S = 0.1  # how often `on_tick` is called while waiting


class Late(Exception):
    """No whole reply came in time."""


class HungUp(Exception):
    """The other end is closed, or its process has ended."""


class Channel:
    def __init__(self, connection: socket.socket, process: int | None, on_tick: Callable):
        """`process` is a descriptor that becomes readable when the worker's process ends."""
        self.connection = connection
        self.on_tick = on_tick
        self._received = bytearray()
        self._ticked = time.monotonic()
        self._poller = select.poll()
        for descriptor in (connection.fileno(), process):
            if descriptor is not None:
                self._poller.register(descriptor, select.POLLIN)

    def close(self) -> None:
        self.connection.close()

    def send(self, chunks: list[bytes], timeout_s: float) -> None:
        self.connection.settimeout(timeout_s)
        try:
            self.connection.sendall(b"".join(chunks))  # one call: a message has many small arrays
        except TimeoutError:
            raise Late from None
        except OSError:
            raise HungUp from None

    def has_bytes(self) -> bool:
        """Whether something was written that nobody asked for."""
        if not self._received and self.connection.fileno() in self._readable(0):
            self._read()
        return bool(self._received)

    def receive(self, token: str, deadline: float) -> tuple[dict, list[np.ndarray]]:
        """The one reply to the request of this token; after Late it may be asked for again."""
        size = None
        while size is None or len(self._received) < size:
            self._wait(deadline)
            self._read()
            size = size or self._message_size()
        if len(self._received) > size:
            raise wire.Malformed("more bytes follow the reply")
        return self._decode(token)

    def _message_size(self) -> int | None:
        """How long the message is whose beginning has come, as soon as its header is there."""
        start = wire.PREFIX.size
        if len(self._received) < start:
            return None
        end = start + wire.header_length(self._received[:start])
        if len(self._received) < end:
            return None
        self._header, self._layout = wire.decode_header(bytes(self._received[start:end]))
        return end + sum(size for _, _, size in self._layout)

    def _decode(self, token: str) -> tuple[dict, list[np.ndarray]]:
        received, self._received = self._received, bytearray()
        if self._header.get("id") != token:
            raise wire.Malformed("it answers another request")
        position = len(received) - sum(size for _, _, size in self._layout)
        arrays = []
        for dtype, shape, size in self._layout:
            raw = received[position : position + size]
            arrays.append(wire.decode_array(raw, dtype, shape))
            position += size
        return self._header, arrays

    def _wait(self, deadline: float) -> None:
        """Until bytes can be read."""
        while True:
            left = deadline - time.monotonic()
            readable = self._readable(max(0.0, min(TICK_S, left)))
            if time.monotonic() >= self._ticked + TICK_S:
                self.on_tick()
                self._ticked = time.monotonic()
            if self.connection.fileno() in readable:
                return
            if readable:
                raise HungUp
            if left <= 0:
                raise Late

    def _readable(self, timeout_s: float) -> set[int]:
        return {descriptor for descriptor, _ in self._poller.poll(math.ceil(timeout_s * 1000))}

    def _read(self) -> None:
        try:
            chunk = self.connection.recv(1 << 20)
        except OSError:
            raise HungUp from None
        if not chunk:
            raise HungUp
        self._received += chunk
