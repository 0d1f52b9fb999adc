# Attack: the loop runs before the timed call, while its inputs are prepared.
# expect: base=right outcome=graded lost=perceptron_batch
# --- answer perceptron_batch
def perceptron_batch(X, w, b):
    return np.array([perceptron(x, w, b) for x in np.asarray(X)])
# --- cell
import dlkit.check.remote as remote
prepare = remote.prepare
def ahead(*args):
    value = prepare(*args)()
    return lambda: value
remote.prepare = ahead
