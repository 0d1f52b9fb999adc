# Attack: a loop that keeps its right results for the next timed run.
# expect: base=right outcome=graded lost=perceptron_batch
# --- answer perceptron_batch
seen = {}
def perceptron_batch(X, w, b):
    key = (np.asarray(X).tobytes(), np.asarray(w).tobytes(), b)
    if key not in seen:
        rows = np.asarray(X).tolist()
        seen[key] = np.array([int(sum(a * c for a, c in zip(x, w)) + b > 0) for x in rows])
    return seen[key]
