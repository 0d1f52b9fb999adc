# Attack: one instruction that runs in C for ever, where no interrupt arrives.
# expect: base=right outcome=timeout|crashed
# --- cell
9 ** 9 ** 9
