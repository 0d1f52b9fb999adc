# Attack: gives its tests the names of others, of paths and of exercises that do not exist.
# expect: base=wrong outcome=graded
# --- notebook
names = iter(["../../../secret", "test_quiz_ch01", "a" * 10_000, "'; drop table grade; --", "\u0000", "", "test_xor"] * 9)
for cell in nb["cells"]:
    meta = cell["metadata"].get("nbgrader")
    if meta and meta.get("grade"):
        meta["grade_id"] = cell["id"] = next(names)
