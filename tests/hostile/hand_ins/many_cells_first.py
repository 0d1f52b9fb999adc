# Attack: a hundred thousand cells of text before the first answer.
# expect: base=right outcome=unreadable
# --- notebook
nb["cells"][1:1] = [{"cell_type": "markdown", "source": "# x", "metadata": {}} for _ in range(100_000)]
