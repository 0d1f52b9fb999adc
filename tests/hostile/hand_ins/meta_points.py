# Attack: raises the points of its tests, unlocks them, and makes them manual.
# expect: base=wrong outcome=graded
# --- notebook
for cell in nb["cells"]:
    meta = cell["metadata"].get("nbgrader")
    if meta and meta.get("grade"):
        meta.update(points=1000, locked=False, solution=True, task=True, checksum="0")
        cell["source"] = "pass"
