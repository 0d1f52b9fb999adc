# Attack: the easiest test a hundred times, each with its points.
# expect: base=wrong outcome=graded
# --- notebook
test = next(c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "test_gates")
nb["cells"] += [{**test, "id": f"again-{i}"} for i in range(100)]
