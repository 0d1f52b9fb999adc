# Attack: a hundred thousand cells.
# expect: base=right outcome=unreadable
# --- notebook
nb["cells"] += [{"cell_type": "code", "source": "1", "metadata": {}} for _ in range(100_000)]
