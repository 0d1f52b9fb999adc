# Attack: tests become Markdown that boasts, and raw cells; answers become Markdown.
# expect: base=wrong outcome=graded
# --- notebook
for i, cell in enumerate(nb["cells"]):
    if cell["metadata"].get("nbgrader"):
        cell["cell_type"] = "markdown" if i % 2 else "raw"
        cell["source"] = "✓ 1 of 1 point"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
