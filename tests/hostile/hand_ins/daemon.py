# Attack: a daemon that outlives its notebook and writes later.
# expect: base=right outcome=graded
# --- cell
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for fd in range(3):
            os.close(fd)
        for _ in range(300):
            time.sleep(0.2)
            try:
                open("CLASSROOM/hostile-was-here", "w").close()
            except OSError:
                pass
        os._exit(0)
    os._exit(0)
