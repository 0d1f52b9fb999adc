# Oddity: own helpers, imports, classes, globals, a dataclass and a lambda in the answers.
# expect: base=right outcome=graded
# --- cell
import math, functools, itertools, collections, dataclasses, typing
from dataclasses import dataclass
@dataclass
class Unit:
    w: object
    b: float
    def fires(self, x):
        return int(sum(a * c for a, c in zip(x, self.w)) + self.b > 0)
check_again = 1
# --- answer perceptron
perceptron = lambda x, w, b: Unit(w, b).fires(x)
# --- answer margin
@functools.wraps(min)
def margin(X, t, w, b):
    return min((1 if k else -1) * (sum(map(float.__mul__, map(float, x), map(float, w))) + b) for x, k in zip(X, t)) / math.sqrt(sum(float(v) ** 2 for v in w))
