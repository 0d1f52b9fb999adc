# Oddity: the file was saved as UTF-16.
# expect: base=right outcome=graded
# --- bytes
data = data.decode().encode("utf-16")
