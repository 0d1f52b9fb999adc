# Attack: one cell of four megabytes of nested brackets.
# expect: base=right outcome=graded
# --- notebook
nb["cells"].insert(1, {"cell_type": "code", "id": "big", "metadata": {}, "source": "(" * 4_000_000})
nb["cells"].insert(1, {"cell_type": "code", "id": "nest", "metadata": {}, "source": "x = " + "-" * 100_000 + "1"})
