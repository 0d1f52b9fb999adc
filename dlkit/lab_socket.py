"""The server's end of a kernel's messages to the page: a picture comes at once, and alone.

A server that waits until the page has confirmed a small message before it sends the next one
(Nagle's algorithm) meets a page that confirms only after 40 ms: a slider would stand still so long.

A kernel says that it is busy at each move of a widget, and idle after it. At both, JupyterLab
changes icons and draws frames, on the cores that the kernel needs for the picture. So the page is
told that a move keeps the kernel busy only when it takes long.
"""

import asyncio

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

LONG_S = 0.1  # what is over sooner seems to happen at once (Miller 1968)


class PromptConnection(ZMQChannelsWebsocketConnection):
    def __init__(self, **traits):
        super().__init__(**traits)
        self._untold = {}  # timer of each move whose "busy" waits, by the id of the move's message

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()

    def disconnect(self):
        for timer in self._untold.values():
            timer.cancel()
        self._untold.clear()
        return super().disconnect()

    def handle_outgoing_message(self, stream, outgoing_msg):
        move, state = self._state_of_move(outgoing_msg)
        if state == "busy":
            loop = asyncio.get_running_loop()
            late = (self._tell_late, move, stream, outgoing_msg)
            self._untold[move] = loop.call_later(LONG_S, *late)
            return
        if move in self._untold:  # it is idle again
            self._untold.pop(move).cancel()
        super().handle_outgoing_message(stream, outgoing_msg)

    def _tell_late(self, move, stream, message):
        del self._untold[move]
        if not stream.closed():
            super().handle_outgoing_message(stream, message)

    def _state_of_move(self, message):
        """(id of a widget's message, the kernel's state by it); (None, None) for all else."""
        if not message[0].endswith(b".status"):
            return None, None
        _signature, _header, parent, _metadata, content = self.session.feed_identities(message)[1]
        parent = self.session.unpack(parent)
        if parent.get("msg_type") != "comm_msg":
            return None, None
        return parent["msg_id"], self.session.unpack(content)["execution_state"]
