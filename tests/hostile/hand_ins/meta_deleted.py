# Attack: deletes the tests that it fails and keeps the others.
# expect: base=right outcome=graded lost=xor,margin,quiz_ch01
# --- answer xor
def xor(x1, x2): return 5
# --- answer margin
def margin(*a): return 5
# --- answer quiz_ch01
quiz_ch01 = {}
# --- notebook
gone = {"test_xor", "test_margin", "test_quiz_ch01"}
nb["cells"] = [c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in gone]
