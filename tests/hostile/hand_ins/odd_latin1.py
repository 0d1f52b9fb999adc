# Oddity: the file was saved as Latin-1.
# expect: base=right outcome=graded
# --- cell
name = "Zoë"  # É
# --- bytes
data = data.decode().encode("latin-1", "ignore")
