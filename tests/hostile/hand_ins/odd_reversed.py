# Oddity: all cells in reversed order; imports come last.
# expect: base=right outcome=graded any
# --- notebook
nb["cells"].reverse()
