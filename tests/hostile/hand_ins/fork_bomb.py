# Attack: forks without end.
# expect: base=right outcome=graded|timeout|crashed|out_of_memory
# --- cell
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
