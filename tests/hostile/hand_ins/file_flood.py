# Attack: makes files without end.
# expect: base=right outcome=graded
# --- cell
try:
    for i in range(100_000):
        open(f"/tmp/file{i}", "w").close()
except OSError as error:
    print(error)
