# Attack: forged outcomes with odd kinds: raised without names, floats for ints, huge texts.
# expect: base=wrong outcome=crashed|graded
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

# --- answer perceptron
def perceptron(x, w, b):
    asked = request()
    outcome = [None, [None], "x" * 10000, False, "", ""]
    send({"id": asked["id"], "ok": True, "reply": {"outcomes": [outcome] * 54}, "arrays": []})
    os._exit(0)
