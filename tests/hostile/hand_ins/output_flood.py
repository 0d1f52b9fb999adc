# Attack: prints without end, on both streams and past Python.
# expect: base=right outcome=timeout|graded
# --- cell
import os, sys
while True:
    print("flood " * 1000)
    print("flood " * 1000, file=sys.stderr)
    os.write(1, b"flood " * 1000)
