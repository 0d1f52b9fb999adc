"""Messages between judge and warm parent: one line of JSON each, with file descriptors."""

import json
import os
import socket

MAX_BYTES = 65536


def send(channel: socket.socket, message: dict, descriptors=()) -> None:
    socket.send_fds(channel, [json.dumps(message).encode() + b"\n"], list(descriptors))


def receive(channel: socket.socket) -> tuple[dict | None, list[int]]:
    """The next message and its descriptors; (None, []) when the other side has gone.

    Both sides take turns, so a message never shares a read with the next one.
    """
    raw, descriptors = b"", []
    while not raw.endswith(b"\n"):
        part, new, _, _ = socket.recv_fds(channel, MAX_BYTES, 4)
        for descriptor in new:
            os.set_inheritable(descriptor, False)
        descriptors += new
        if not part or len(raw) > MAX_BYTES:
            return None, descriptors
        raw += part
    return json.loads(raw), descriptors
