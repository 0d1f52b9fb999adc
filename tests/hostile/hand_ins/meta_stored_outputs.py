# Attack: hands in tests with the outputs and execution counts of a pass, and results in the metadata.
# expect: base=wrong outcome=graded
# --- notebook
nb["metadata"]["nbgrader"] = {"score": 99, "auto_score": 99, "extra_credit": 50}
for cell in nb["cells"]:
    if cell["cell_type"] == "code":
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "✓ 3 of 3 points"}]
        cell["execution_count"] = 1
    cell["metadata"].update(score=99, extra_credit=50, late_penalty=-5, trusted=True)
