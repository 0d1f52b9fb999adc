# Attack: atexit, tracing, threads and destructors that strike when the notebook ends.
# expect: base=right outcome=graded
# --- cell
import atexit, os, sys, threading, time
def strike(*a):
    try:
        open("CLASSROOM/hostile-was-here", "w").close()
    except OSError:
        pass
    while True:
        time.sleep(1)
class Last:
    def __del__(self):
        strike()
last = Last()
atexit.register(strike)
sys.settrace(lambda *a: None)
threading.Thread(target=lambda: time.sleep(3) or strike(), daemon=False).start()
