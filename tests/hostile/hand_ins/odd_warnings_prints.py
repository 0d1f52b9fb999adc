# Oddity: warnings, prints on both streams and logging, in cells and in answers.
# expect: base=right outcome=graded
# --- cell
import logging, sys, warnings
warnings.warn("an honest warning")
warnings.warn("deprecated", DeprecationWarning)
logging.warning("a log line")
print("to stderr", file=sys.stderr)
np.log(np.zeros(2)), np.array([1]) / 0
# --- answer margin
def margin(X, t, w, b):
    print("margin of", X)
    warnings.warn("careful")
    np.log(np.zeros(1))
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.min((2 * t - 1) * (X @ w + b)) / np.sqrt(np.sum(w * w))
