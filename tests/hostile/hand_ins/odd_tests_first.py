# Oddity: all tests moved to the top.
# expect: base=right outcome=graded
# --- notebook
def is_test(cell):
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id")).startswith("test_")
nb["cells"].sort(key=lambda cell: not is_test(cell))
