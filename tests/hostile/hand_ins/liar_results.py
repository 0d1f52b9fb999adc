# Attack: every answer returns an object that equals everything.
# expect: base=wrong outcome=graded
# --- cell
class Liar:
    """Equal to, larger than and convertible into whatever one wishes."""
    def _yes(self, *a, **k): return True
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = __bool__ = _yes
    __hash__ = object.__hash__
    def __ne__(self, other): return False
    def __array__(self, *a, **k): return np.zeros(1)
    def __len__(self): return 2**62
    def __repr__(self): return "✓" * 10**6
    def __index__(self): return 1
    def __float__(self): return 1.0
    def __iter__(self): return iter([self] * 2)
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
# --- answer perceptron
def perceptron(*a, **k):
    return Liar()
# --- answer gates
def gates(*a, **k):
    return Liar()
# --- answer decision_line
def decision_line(*a, **k):
    return Liar()
# --- answer first_counterexample
def first_counterexample(*a, **k):
    return Liar()
# --- answer xor
def xor(*a, **k):
    return Liar()
# --- answer is_linearly_separable
def is_linearly_separable(*a, **k):
    return Liar()
# --- answer perceptron_batch
def perceptron_batch(*a, **k):
    return Liar()
# --- answer perceptron_update
def perceptron_update(*a, **k):
    return Liar()
# --- answer train_perceptron
def train_perceptron(*a, **k):
    return Liar()
# --- answer margin
def margin(*a, **k):
    return Liar()
# --- answer rings_counterexample
def rings_counterexample(*a, **k):
    return Liar()
