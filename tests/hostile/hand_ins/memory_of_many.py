# Attack: takes memory in many processes, each below the limit.
# expect: base=right outcome=out_of_memory|graded|crashed
# --- cell
import os, time
for _ in range(12):
    if os.fork() == 0:
        hoard = bytearray(300_000_000)
        for i in range(0, len(hoard), 4096):
            hoard[i] = 1
        time.sleep(30)
        os._exit(0)
time.sleep(1.5)
