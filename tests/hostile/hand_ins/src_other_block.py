# Attack: a decoy in a block, which is noted after the definition that counts.
# expect: base=right outcome=graded lost=xor
# --- answer xor
if True:
    def xor(x1, x2):
        return perceptron([x1, x2], [1, 1], -0.5)
def xor(x1, x2):
    return x1 ^ x2
