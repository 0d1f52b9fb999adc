# Attack: memory in the buffers of sockets that nobody reads.
# expect: base=right outcome=graded|out_of_memory|crashed|timeout
# --- cell
import os, socket
kept = []
for _ in range(4):
    if os.fork() == 0:
        try:
            while True:
                kept += socket.socketpair()
                kept[-1].setblocking(False)
                try: kept[-1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
                except OSError: pass
                try:
                    while True: kept[-1].send(b"x" * 65536)
                except BlockingIOError: pass
        finally:
            os._exit(0)
