# Attack: hundreds of cells that each show as much as one may.
# expect: base=right outcome=graded
# --- notebook
for i in range(60):
    nb["cells"].append({"cell_type": "code", "metadata": {}, "id": f"much-{i}", "outputs": [],
                        "execution_count": None, "source": "print('x' * 970_000)"})
