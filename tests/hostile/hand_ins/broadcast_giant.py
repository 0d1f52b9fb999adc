# Attack: a tiny array that claims to be of exabytes, a memmap and a read-only view.
# expect: base=wrong outcome=graded|crashed|out_of_memory
# --- answer perceptron_batch
def perceptron_batch(X, w, b): return np.broadcast_to(np.int8(1), (2**40, 2**10))
# --- answer margin
def margin(X, t, w, b): return np.memmap("/dev/shm/map", dtype="f8", mode="w+", shape=(1000,))
# --- answer perceptron_update
def perceptron_update(x, t, w, b, lr): return np.lib.stride_tricks.as_strided(w, (10**9,), (0,)), b
