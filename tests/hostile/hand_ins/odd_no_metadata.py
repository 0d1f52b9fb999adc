# Oddity: an editor dropped all metadata and ids; only the sources are left.
# expect: base=right outcome=graded
# --- notebook
for cell in nb["cells"]:
    cell["metadata"] = {}
    cell.pop("id", None)
