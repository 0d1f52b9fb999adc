# Attack: array, int, str, float, dict and list subclasses whose comparisons lie.
# expect: base=wrong outcome=graded
# --- cell
def lying(base):
    yes = lambda self, *a: True
    return type("Lying" + base.__name__, (base,), {
        "__eq__": yes, "__ne__": lambda self, o: False, "__lt__": yes, "__gt__": yes,
        "__hash__": lambda self: 0, "__getitem__": lambda self, key: self,
        "get": lambda self, *a: lying(str)("z")})
Int, Float, Str, Dict, List = (lying(base) for base in (int, float, str, dict, list))
class Array(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __sub__(self, other): return np.zeros(self.shape)
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
# --- answer perceptron
def perceptron(x, w, b): return Int(7)
# --- answer gates
def gates(): return Dict()
# --- answer decision_line
def decision_line(w, b): return List([Float(1), Float(2)])
# --- answer xor
def xor(x1, x2): return Int(0)
# --- answer perceptron_batch
def perceptron_batch(X, w, b): return np.zeros(len(X), int).view(Array)
# --- answer margin
def margin(X, t, w, b): return Float(0)
# --- answer quiz_ch01
quiz_ch01 = Dict({f"q{i}": Str("z") for i in range(1, 9)})
