# Attack: an answer that swallows whatever should stop it.
# expect: base=right outcome=timeout lost=margin any
# --- answer margin
def margin(X, t, w, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
