# Attack: writes to every open descriptor, in case one is the warm parent's or the judge's.
# expect: base=right outcome=crashed|graded|timeout
# --- cell
import os
for fd in range(3, 256):
    try:
        os.write(fd, b'{"op": "exit"}\n' * 3)
    except OSError:
        pass
