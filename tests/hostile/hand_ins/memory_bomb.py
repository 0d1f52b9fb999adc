# Attack: takes all memory in one process.
# expect: base=right outcome=graded|timeout|crashed any
# --- cell
hoard = []
while True:
    hoard.append(bytearray(50_000_000))
