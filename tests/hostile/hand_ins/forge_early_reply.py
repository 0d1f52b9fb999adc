# Attack: answers the next question on the judge's channel before it is asked.
# expect: base=wrong outcome=crashed
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

def later():
    for _ in range(50):
        time.sleep(0.02)
        send({"id": "0", "ok": True, "reply": {"outcomes": [[1, [], "", False, "", ""]]}, "arrays": []})
threading.Thread(target=later).start()
