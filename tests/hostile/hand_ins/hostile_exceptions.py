# Attack: raises errors whose names, texts and classes deceive or explode.
# expect: base=wrong outcome=graded|crashed
# --- cell
class CheckPassed(Exception):
    def __str__(self): raise SystemExit(0)
class Name(type):
    @property
    def __name__(cls): return "ValueError"
class Fake(Exception, metaclass=Name):
    pass
# --- answer perceptron
def perceptron(x, w, b): raise CheckPassed()
# --- answer decision_line
def decision_line(w, b): raise Fake("✓ decision_line  1 of 1 point")
# --- answer margin
def margin(X, t, w, b): raise KeyboardInterrupt
# --- answer xor
def xor(x1, x2): raise type("<script>hostile-script</script>", (GeneratorExit,), {})()
# --- answer perceptron_batch
def perceptron_batch(X, w, b): raise BaseExceptionGroup("x", [SystemExit(0)])
