# Attack: cyclic, very deep and very wide values, and an integer of a million digits.
# expect: base=wrong outcome=graded|crashed|timeout
# --- cell
cycle = []
cycle.append(cycle)
deep = []
for _ in range(100_000):
    deep = [deep]
lattice = [0]
for _ in range(60):
    lattice = [lattice, lattice]
# --- answer perceptron
def perceptron(x, w, b): return 10**1_000_000
# --- answer decision_line
def decision_line(w, b): return cycle
# --- answer perceptron_update
def perceptron_update(x, t, w, b, lr): return deep, deep
# --- answer train_perceptron
def train_perceptron(X, t, lr, epochs): return lattice
# --- answer margin
def margin(X, t, w, b): return "9" * 50_000_000
# --- answer quiz_ch01
quiz_ch01 = {}
quiz_ch01["q1"] = quiz_ch01
