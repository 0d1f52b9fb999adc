# Attack: an attribute of an attribute, thousands deep, where the code is looked through.
# expect: base=right outcome=graded lost=xor
# --- notebook
for cell in nb["cells"]:
    if cell["metadata"].get("nbgrader", {}).get("grade_id") == "xor":
        cell["source"] = "def other():\n    x1" + ".a" * 2500 + "\n" + "".join(cell["source"])
        cell["source"] = cell["source"].replace("x2):\n", "x2):\n    other\n", 1)
