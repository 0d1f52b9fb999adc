# Attack: tests in another order, so that a later exercise's reference answers an earlier exercise.
# expect: base=wrong outcome=graded
# --- answer perceptron
def perceptron(x, w, b):
    return int(perceptron_batch(np.array([x]), np.array(w), b)[0])
# --- notebook
ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in nb["cells"]]
late = [nb["cells"][ids.index(n)] for n in ("perceptron", "test_perceptron")]
nb["cells"] = [cell for cell in nb["cells"] if cell not in late] + late
