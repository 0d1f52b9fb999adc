# Attack: NaN, infinities, empty, object, masked and structured arrays as wild cards.
# expect: base=wrong outcome=graded
# --- answer perceptron
def perceptron(x, w, b): return np.ma.masked
# --- answer decision_line
def decision_line(w, b): return np.nan, np.inf
# --- answer perceptron_batch
def perceptron_batch(X, w, b): return np.ma.masked_all(len(X), int)
# --- answer perceptron_update
def perceptron_update(x, t, w, b, lr): return np.full(np.shape(w), np.nan), np.nan
# --- answer train_perceptron
def train_perceptron(X, t, lr, epochs): return np.array([None] * 2, object), np.float64("inf"), []
# --- answer margin
def margin(X, t, w, b): return np.array([], dtype=float)
# --- answer first_counterexample
def first_counterexample(w, b, targets): return np.zeros(2, dtype=[("x1", "i4"), ("x2", "O")])
# --- answer is_linearly_separable
def is_linearly_separable(targets): return np.array([])
# --- answer rings_counterexample
def rings_counterexample(): return np.full((3, 2), np.nan), np.array([0, 1, 1])
# --- answer gates
def gates(): return {k: (np.array([np.nan, np.nan]), np.nan) for k in ("AND", "NAND", "OR")}
