# Attack: a cell's forged outputs carry HTML and script past the worker.
# expect: base=right outcome=crashed|graded
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

asked = request()
send({"id": asked["id"], "ok": True, "error": None, "arrays": [], "outputs": [
    {"kind": "display", "data": {"text/html": "<script>alert('hostile-script')</script>"}}]})
os._exit(0)
