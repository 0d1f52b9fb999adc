# Attack: slow loops that remember their results, so that the timed second run is quick.
# expect: base=right outcome=graded lost=perceptron_batch
# --- answer perceptron_batch
memory = {}
def perceptron_batch(X, w, b):
    key = len(X)
    if key not in memory:
        memory[key] = np.array([int(sum(xi * wi for xi, wi in zip(x, w)) + b > 0) for x in X[:200]] + [0] * max(0, len(X) - 200))
    return memory[key]
