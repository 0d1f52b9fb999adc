"""A chapter of awkward exercises: one of each kind that the syllabus holds."""

import numpy as np

from autograder.spec import Chapter, case, choice
from dlkit.check import accept
from dlkit.check.codec import Fn, Rng

chapter = Chapter("ch99_specimen", coverage="C99")

# -- a function as argument, purity ----------------------------------------------------------------
gradient_ = chapter.exercise("numerical_gradient", points=2, accept=accept.close())


@gradient_.inputs
def inputs(rng):
    yield case(Fn("sum_of_squares"), rng.normal(size=(2, 3)), label="a matrix")
    yield case(Fn("sum_of_squares"), np.array([1, 2, 3]), label="integers")


@gradient_.reference
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@gradient_.right
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + s) - f(x - s)) / (2 * h) for s in steps]).reshape(x.shape)


@gradient_.trap("leaves x changed", hint="After the call x must be what it was before.")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        up = f(x)
        x[index] = old - h
        down = f(x)
        gradient[index] = (up - down) / (2 * h)
    return gradient


# -- an aliased array ------------------------------------------------------------------------------
descent_ = chapter.exercise("gradient_descent", points=1, accept=accept.close())


@descent_.inputs
def inputs(rng):
    yield case(Fn("quadratic_gradient", (np.eye(2), np.zeros(2))), rng.normal(size=2), 0.25, 3)


@descent_.reference
def gradient_descent(grad, x0, lr, steps):
    points = [np.asarray(x0, dtype=float)]
    for _ in range(steps):
        points.append(points[-1] - lr * grad(points[-1]))
    return np.array(points)


@descent_.trap("stores one array many times", hint="Every row is the same point, the last one.")
def gradient_descent(grad, x0, lr, steps):
    x = np.array(x0, dtype=float)
    points = [x]
    for _ in range(steps):
        x -= lr * grad(x)
        points.append(x)
    return np.array(points)


# -- draws -----------------------------------------------------------------------------------------
draws_ = chapter.exercise("he_normal", points=1, accept=accept.statistics(), probe="same_seed")


@draws_.inputs
def inputs(rng):
    yield case(300, 200, seed=int(rng.integers(2**31)))


@draws_.reference
def he_normal(n_in, n_out, rng):
    return rng.normal(0, np.sqrt(2 / n_in), size=(n_in, n_out))


@draws_.right
def he_normal(n_in, n_out, rng):
    return rng.standard_normal((n_out, n_in)).T * (2 / n_in) ** 0.5


@draws_.trap("variance for std", hint="The second argument of normal is the deviation.")
def he_normal(n_in, n_out, rng):
    return rng.normal(0, 2 / n_in, size=(n_in, n_out))


@draws_.wrong
def he_normal(n_in, n_out, rng):
    limit = np.sqrt(6 / n_in)
    return rng.uniform(-limit, limit, size=(n_in, n_out))


@draws_.wrong
def he_normal(n_in, n_out, rng):
    return np.random.default_rng().normal(0, np.sqrt(2 / n_in), size=(n_in, n_out))


sample_ = chapter.exercise("sample_next", points=1, accept=accept.frequencies(), probe="repeat")


@sample_.inputs
def inputs(rng):
    yield case(4000, np.log([0.5, 0.3, 0.2]), 0.5, Rng(int(rng.integers(2**31))))


@sample_.reference
def sample_next(logits, temperature, rng):
    p = np.exp(np.asarray(logits) / temperature)
    return int(rng.choice(len(p), p=p / p.sum()))


@sample_.right
def sample_next(logits, temperature, rng):
    noise = -np.log(-np.log(rng.random(len(logits))))
    return np.argmax(np.asarray(logits) / temperature + noise)


@sample_.trap("multiplies", hint="A low temperature must make the likely items likelier.")
def sample_next(logits, temperature, rng):
    p = np.exp(np.asarray(logits) * temperature)
    return int(rng.choice(len(p), p=p / p.sum()))


# -- a partition, from a generator -----------------------------------------------------------------
kfold_ = chapter.exercise("kfold", points=1, accept=accept.partition("n", "k"), probe="dealt_out")


@kfold_.inputs
def inputs(rng):
    yield case(13, 4, seed=int(rng.integers(2**31)))


@kfold_.reference
def kfold(n, k, rng):
    folds = np.array_split(rng.permutation(n), k)
    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]


@kfold_.right
def kfold(n, k, rng):
    order = rng.permutation(n)
    for i in range(k):
        held = order[i::k]
        yield [j for j in range(n) if j not in held], held


kfold_.difference_trap(
    "overlap", code="overlap", hint="A row that is trained on cannot judge the model."
)


@kfold_.falls_into("overlap")
def kfold(n, k, rng):
    return [(np.arange(n), fold) for fold in np.array_split(rng.permutation(n), k)]


# -- a span ----------------------------------------------------------------------------------------
span_ = chapter.exercise("linear_autoencoder", points=1, accept=accept.same_span())


@span_.inputs
def inputs(rng):
    yield case(rng.normal(size=(30, 5)) * [5, 4, 1, 0.5, 0.1], 2)


@span_.reference
def linear_autoencoder(X, k):
    basis = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:k]
    return basis.T, basis


@span_.right
def linear_autoencoder(X, k):
    _, vectors = np.linalg.eigh(np.cov(X.T))
    basis = vectors[:, ::-1][:, :k]
    mix = np.array([[2.0, 1.0], [0.5, 3.0]])
    return basis @ mix, np.linalg.inv(mix) @ basis.T


@span_.wrong
def linear_autoencoder(X, k):
    basis = np.eye(X.shape[1])[:, -k:]
    return basis, basis.T


# -- a class ---------------------------------------------------------------------------------------
value_ = chapter.exercise("Value", points=2, accept=accept.close(), probe="expression")


@value_.inputs
def inputs(rng):
    a, b = rng.normal(size=2).tolist()
    yield case([a, b, ("*", 0, 1), ("+", 2, 0)], label="a node that is used twice")
    yield case([a, ("*", ("number", 3.0), 0)], label="a number on the left")


@value_.reference
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def _of(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def __add__(self, other):
        other = self._of(other)
        return type(self)(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, ((self, other.data), (other, self.data)))

    __rmul__ = __mul__
    __radd__ = __add__

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


@value_.trap("gradient overwritten", hint="Two paths lead to this node; their gradients add.")
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def _of(self, other):
        return other if isinstance(other, type(self)) else type(self)(other)

    def __add__(self, other):
        other = self._of(other)
        return type(self)(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        other = self._of(other)
        return type(self)(self.data * other.data, ((self, other.data), (other, self.data)))

    __rmul__ = __mul__

    def backward(self, grad=1.0):
        self.grad = grad
        for parent, slope in self.parents:
            parent.backward(slope * grad)


# -- two names in a row, one that raises, names that may not be called -----------------------------
relu_ = chapter.exercise("relu", points=1, names=["relu", "leaky_relu"], accept=accept.close())


@relu_["relu"].inputs
def inputs(rng):
    yield case(rng.normal(size=5))


@relu_["relu"].reference
def relu(x):
    return np.maximum(x, 0)


@relu_["leaky_relu"].inputs
def inputs(rng):
    yield case(rng.normal(size=5), slope=0.1)


@relu_["leaky_relu"].reference
def leaky_relu(x, slope=0.01):
    return np.where(np.asarray(x) > 0, x, slope * np.asarray(x))


@relu_["leaky_relu"].trap("ignores slope", hint="The slope is an argument.")
def leaky_relu(x, slope=0.01):
    return np.where(np.asarray(x) > 0, x, 0.01 * np.asarray(x))


newton_ = chapter.exercise(
    "newton_step",
    points=1,
    accept=accept.close(),
    forbidden=("numpy.linalg.inv", "numpy.linalg.pinv"),
)


@newton_.inputs
def inputs(rng):
    yield case(rng.normal(size=2), rng.normal(size=2), np.array([[2.0, 1.0], [1.0, 3.0]]))
    yield case(np.ones(2), np.ones(2), np.zeros((2, 2)), label="a singular matrix")


@newton_.reference
def newton_step(x, grad, hess):
    try:
        return x - np.linalg.solve(hess, grad)
    except np.linalg.LinAlgError as error:
        raise ValueError("singular") from error


@newton_.right
def newton_step(x, grad, hess):
    return np.asarray(x) - np.linalg.solve(hess, grad)


@newton_.wrong
def newton_step(x, grad, hess):
    return x - np.linalg.inv(hess) @ grad


# -- a pair of functions that share a cache of the student's own -----------------------------------
pair_ = chapter.exercise(
    "scale_forward", points=2, names=["scale_forward", "scale_backward"], accept=accept.close()
)
pair_["scale_backward"].probe = "forward_backward"
pair_["scale_backward"].uses = ("scale_forward",)
pair_["scale_forward"].probe = "first"


@pair_["scale_forward"].inputs
def inputs(rng):
    yield case(rng.normal(size=3), 2.5)


@pair_["scale_forward"].reference
def scale_forward(x, gamma):
    return gamma * x, (x, gamma)


@pair_["scale_backward"].inputs
def inputs(rng):
    yield case(rng.normal(size=3), rng.normal(size=3), 2.5)


@pair_["scale_backward"].reference
def scale_backward(dout, cache):
    x, gamma = cache
    return gamma * dout, np.sum(dout * x)


@pair_["scale_backward"].trap("swapped", hint="Which of the two has the shape of x?")
def scale_backward(dout, cache):
    x, gamma = cache
    return np.sum(dout * x), gamma * dout


# -- an answer without inputs, a quiz --------------------------------------------------------------
worked_ = chapter.exercise("worked_example", points=1, accept=accept.close(), sealed=True)


@worked_.reference
def worked_example():
    return {"C": 0.0181039, "dW": np.array([[0.1, 0.2], [0.3, 0.4]])}


@worked_.right
def worked_example():
    return {"dW": [[0.1, 0.2], [0.3, 0.4 + 1e-12]], "C": np.float64(0.0181039)}


@worked_.trap("rounded in between", hint="Keep every digit until the end.")
def worked_example():
    return {"C": 0.0181, "dW": np.array([[0.1, 0.2], [0.3, 0.4]])}


chapter.quiz(
    q1=choice("b", a="Tempting because it sounds alike.", c="That is its output."),
    q2=choice("a", b="That is the other way round."),
)
