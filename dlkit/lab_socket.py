"""The server's end of a kernel's messages to the page, each sent at once.

A server that waits until the page has confirmed a small message before it sends the next one
(Nagle's algorithm) meets a page that confirms only after 40 ms: a slider would stand still so long.
"""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()
