"""A web server on loopback that serves bytes, and can cut, lie, or not know of ranges."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Web(ThreadingHTTPServer):
    """`files` by path; `cuts` are the numbers of bytes after which the next answers break off.

    `garbage`, where there is some, is sent instead of any answer.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files, self.cuts, self.ranges, self.asked = {}, [], True, []
        self.wrong_range, self.garbage = False, b""

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = self.headers.get("Range", "")
        self.server.asked.append(asked)
        if self.server.garbage:
            self.wfile.write(self.server.garbage)
            return
        found = self.server.files.get(self.path)
        if not isinstance(found, bytes):
            self.send_error(found or 404)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if self.server.ranges else 0
        if start and start >= len(found):
            self.send_error(416)
            return
        self.send_response(206 if self.server.ranges else 200)
        if self.server.ranges:
            said = start + 1 if self.server.wrong_range else start
            self.send_header("Content-Range", f"bytes {said}-{len(found) - 1}/{len(found)}")
        self.send_header("Content-Length", str(len(found) - start))
        self.end_headers()
        cut = self.server.cuts.pop(0) if self.server.cuts else len(found)
        self.wfile.write(found[start : start + cut])

    def log_message(self, *_):
        pass


@contextmanager
def web():
    server = Web()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
