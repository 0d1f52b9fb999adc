# Attack: a notebook of more than twenty megabytes.
# expect: base=right outcome=unreadable
# --- bytes
data = data[:-3] + b" " * 21_000_000 + data[-3:]
