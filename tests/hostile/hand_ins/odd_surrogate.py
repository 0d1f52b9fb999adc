# Oddity: half a character in a comment, in a string and in the text.
# expect: base=right outcome=graded
# --- notebook
for cell in nb["cells"]:
    if cell["cell_type"] == "code" and not str(cell["metadata"].get("nbgrader", {}).get("grade_id")).startswith("test_"):
        cell["source"] += "\n# \ud83d half"
nb["cells"].append({"cell_type": "markdown", "id": "half", "metadata": {"\udc00": 1}, "source": "\udfff"})
