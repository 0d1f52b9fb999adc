# Attack: changes its inputs and what it returned before, hoping that one is compared with the other.
# expect: base=wrong outcome=graded|crashed
# --- cell
seen = []
class Late(list):
    pass
# --- answer perceptron_batch
def perceptron_batch(X, w, b):
    out = np.zeros(len(X), int)
    seen.append(out)
    for old in seen:
        old[:] = 1
    X[:] = 0
    return out
# --- answer perceptron_update
def perceptron_update(x, t, w, b, lr):
    seen.append(w)
    w *= 0
    return w, b
# --- answer margin
def margin(X, t, w, b):
    import sys
    frame = sys._getframe()
    while frame:
        for name, value in list(frame.f_locals.items()):
            if name in ("expected", "cases", "calls", "found"):
                try: value.clear()
                except Exception: pass
        frame = frame.f_back
    return 0.0
