# Attack: metadata, sources and cells of kinds that no notebook has.
# expect: base=right outcome=graded|unreadable
# --- notebook
nb["metadata"] = [1, 2]
nb["nbformat_minor"] = {"x": []}
nb["cells"] += [None, 5, [], {}, {"cell_type": 7, "source": {"a": 1}, "metadata": 3, "id": [1]},
                {"cell_type": "code", "source": [None, 3, "x = 1\n"], "metadata": {"nbgrader": []}},
                {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": {"a": 1}}}, "source": None},
                {"cell_type": "heading", "level": "9", "source": "x"}]
