# Attack: ends its process with a good exit status, inside an answer.
# expect: base=right outcome=crashed lost=margin
# --- answer margin
def margin(X, t, w, b):
    import os
    os._exit(0)
