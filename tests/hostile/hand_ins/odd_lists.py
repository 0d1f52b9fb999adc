# Oddity: lists of 200,000 numbers, long doubles, and pictures that are none.
# expect: base=right outcome=graded
# --- cell
from IPython.display import Image, display
display(Image(data=b"no picture", format="png"))
# --- answer perceptron_batch
def perceptron_batch(X, w, b):
    return (np.asarray(X) @ np.asarray(w) + b > 0).astype(int).tolist()
# --- answer margin
def margin(X, t, w, b):
    X, t, w = np.asarray(X), np.asarray(t), np.asarray(w)
    return np.longdouble(np.min((2 * t - 1) * (X @ w + b)) / np.linalg.norm(w))
