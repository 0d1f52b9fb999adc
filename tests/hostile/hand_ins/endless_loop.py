# Attack: a cell that never ends and swallows every interrupt.
# expect: base=right outcome=timeout
# --- cell
import time
while True:
    try:
        while True:
            time.sleep(0.01)
    except BaseException:
        pass
