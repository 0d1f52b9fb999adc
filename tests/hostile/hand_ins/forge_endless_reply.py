# Attack: a reply that announces much and then trickles without end.
# expect: base=right outcome=timeout|crashed|graded
# --- cell
import json, os, stat, struct, sys, threading, time
def channel():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            pass
def send(message):
    raw = json.dumps(message).encode()
    os.write(channel(), struct.pack("!I", len(raw)) + raw)
def request():
    frame = sys._getframe()
    while frame:
        if isinstance(frame.f_locals.get("request"), dict) and "id" in frame.f_locals["request"]:
            return frame.f_locals["request"]
        frame = frame.f_back

while True:
    os.write(channel(), struct.pack("!I", 1_900_000))
    for _ in range(1000):
        os.write(channel(), b" ")
        time.sleep(0.01)
