# Attack: kills its parents, its group and everything that it may signal.
# expect: base=right outcome=graded|crashed
# --- cell
import os, signal
for pid in (os.getppid(), 1, 2, -1, 0):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError as error:
        print(error)
