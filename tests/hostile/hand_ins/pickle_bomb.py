# Attack: returns an object whose __reduce__ runs a command where it is unpickled.
# expect: base=wrong outcome=graded
# --- cell
class Bomb:
    def __reduce__(self):
        return (open, ("CLASSROOM/hostile-was-here", "w"))
# --- answer perceptron
def perceptron(x, w, b):
    return Bomb()
# --- answer quiz_ch01
quiz_ch01 = {"q1": Bomb(), "q2": [Bomb()]}
