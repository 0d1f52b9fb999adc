# Attack: the loop runs after the timed call, while its value is fetched.
# expect: base=right outcome=graded lost=perceptron_batch
# --- answer perceptron_batch
def perceptron_batch(X, w, b):
    return np.array([perceptron(x, w, b) for x in np.asarray(X)])
# --- cell
import dlkit.check.remote as remote
prepare, finish, calls = remote.prepare, remote.finish, []
def lazy(*args):
    calls.append(prepare(*args))
    return lambda: None
remote.prepare = lazy
remote.finish = lambda result: finish(calls[-1]())
