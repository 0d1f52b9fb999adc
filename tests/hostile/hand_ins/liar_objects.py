# Attack: every answer is an object that equals everything.
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
perceptron = Liar()
# --- answer gates
gates = Liar()
# --- answer decision_line
decision_line = Liar()
# --- answer first_counterexample
first_counterexample = Liar()
# --- answer xor
xor = Liar()
# --- answer is_linearly_separable
is_linearly_separable = Liar()
# --- answer perceptron_batch
perceptron_batch = Liar()
# --- answer perceptron_update
perceptron_update = Liar()
# --- answer train_perceptron
train_perceptron = Liar()
# --- answer margin
margin = Liar()
# --- answer rings_counterexample
rings_counterexample = Liar()
# --- answer quiz_ch01
quiz_ch01 = Liar()
