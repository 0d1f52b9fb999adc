# Attack: the clock and the sleeping calls that measure it are replaced; the answer loops.
# expect: base=right outcome=graded|timeout lost=perceptron_batch
# --- cell
import time
time.perf_counter = time.monotonic = time.time = lambda: 0.0
# --- answer perceptron_batch
def perceptron_batch(X, w, b):
    out = []
    for x in X:
        s = 0.0
        for j in range(len(w)):
            s += x[j] * w[j]
        out.append(int(s + b > 0))
    return np.array(out)
