"""A copied answer is found however it was dressed up; answers written apart are not."""

import pytest

from autograder.report.likeness import LONGEST, fingerprints, pairs, tokens

RELEASED = '''
def train(X, t, lr, epochs):
    """Train one unit."""
    # YOUR CODE HERE
    raise NotImplementedError()
'''
ANSWER = '''
def step(x, t, w, b, lr):
    """One step of the rule."""
    error = t - int(np.dot(x, w) + b > 0)
    return w + lr * error * x, b + lr * error


def mistakes(X, t, w, b):
    outputs = (X @ w + b > 0).astype(int)
    return int(np.sum(outputs != t))


def train(X, t, lr, epochs):
    """Train one unit."""
    X, t = np.asarray(X, dtype=float), np.asarray(t)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        history.append(mistakes(X, t, w, b))
        for x, target in zip(X, t):
            w, b = step(x, target, w, b, lr)
        if history[-1] == 0:  # nothing more to learn
            print("done")
            break
    return w, b, history
'''
COPY = """
def count_wrong(data, goal, weights, bias):
    guess = (data @ weights + bias > 0).astype( int )
    return int(np.sum(guess != goal))

def one_update(row, goal, weights, bias, rate):
    # my very own idea
    delta = goal - int(np.dot(row, weights) + bias > 0)

    return weights + rate * delta * row, bias + rate * delta

def train(data, goals, rate, rounds):
    '''How I train.'''
    data, goals = np.asarray(data, dtype=float), np.asarray(goals)
    weights, bias, log = np.zeros(data.shape[1]), 0.0, []
    for i in range(rounds):
        log.append(count_wrong(data, goals, weights, bias))
        for row, goal in zip(data, goals):
            weights, bias = one_update(row, goal, weights, bias, rate)
        if log[-1] == 0:
            print("finished!")
            break
    return weights, bias, log
"""
OTHER = """
def train(X, t, lr, epochs):
    w = [0.0] * len(X[0])
    b = 0
    errors_per_epoch = []
    while len(errors_per_epoch) < epochs:
        wrong = 0
        for i, row in enumerate(X):
            total = b
            for k in range(len(row)):
                total += w[k] * row[k]
            y = 1 if total > 0 else 0
            if y != t[i]:
                wrong += 1
                b = b + lr * (t[i] - y)
                w = [w[k] + lr * (t[i] - y) * row[k] for k in range(len(w))]
        errors_per_epoch += [wrong]
        if not wrong:
            return w, b, errors_per_epoch
    return w, b, errors_per_epoch
"""


def compare(*codes, released=RELEASED):
    answers = {f"s{place}": {"train": code} for place, code in enumerate(codes)}
    return pairs(answers, [released])


def test_a_copy_in_other_words_is_found():
    (pair,) = compare(ANSWER, OTHER, COPY)
    assert pair.students == ("s0", "s2")
    assert pair.likeness >= 0.9
    assert pair.exercises == {"train": pair.likeness}


def test_the_same_answer_has_likeness_1():
    (pair,) = compare(ANSWER, ANSWER)
    assert pair.likeness == 1


def test_answers_written_apart_are_not_alike():
    assert compare(ANSWER, OTHER) == []


def test_the_released_text_is_nobodys():
    assert compare(RELEASED, RELEASED) == []
    assert compare(ANSWER, ANSWER, released=ANSWER) == []


def test_a_short_answer_says_nothing():
    short = "def train(X, t):\n    return int(np.dot(X, t) > 0)"
    assert compare(short, short) == []


def test_what_much_of_the_class_wrote_is_usual():
    assert compare(*[ANSWER] * 10) != []
    assert compare(*[ANSWER] * 11) == []


def test_likeness_weighs_all_the_long_answers_that_both_gave():
    ada = {"train": ANSWER, "other": OTHER, "mine": OTHER}
    bob = {"train": ANSWER, "other": ANSWER}
    (pair,) = pairs({"ada": ada, "bob": bob}, [RELEASED])
    assert pair.exercises == {"train": 1.0}
    assert 0.3 < pair.likeness < 0.8


def test_the_pair_with_the_most_answers_alike_comes_first():
    both = {"train": ANSWER, "other": ANSWER, "third": OTHER}
    one = {"train": ANSWER}
    found = pairs({"ada": one, "bob": both, "cyd": both | {"third": ANSWER}}, [RELEASED])
    assert [pair.students for pair in found] == [("bob", "cyd"), ("ada", "bob"), ("ada", "cyd")]
    assert found[0].likeness < found[1].likeness == 1


def test_an_operator_or_a_number_makes_another_fingerprint():
    code = "return int(a * x + b > 0.5)"
    assert fingerprints(code) == fingerprints("return  int(u * v + w\\\n > 0.5)  # same")
    for other in ("int(a * x + b > 0.7)", "int(a * x - b > 0.5)", "int(a * x + a > 0.5)"):
        assert fingerprints(f"return {other}") != fingerprints(code)


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ('"""Doc."""\nx = 1', ["x", "=", "1"]),
        ("x = 'a' \"b\"", ["x", "=", "a string"]),
        ('f(\n  "a"\n)', ["f", "(", "a string", ")"]),
        ("np.dot # c", ["np", ".", "dot"]),
        ("x = rb'#' # '", ["x", "=", "a string"]),
        ("x = '''open\nx = 2", ["x", "=", "a string"]),
        ("%timeit f(", ["%", "timeit", "f", "("]),
        (")]x\n'd'\ny", [")", "]", "x", "y"]),
        ("\x00 § 变量", ["\x00", "§", "变量"]),
        ("", []),
    ],
)
def test_code_is_read_even_where_it_is_no_python(code, texts):
    assert [text for _, text in tokens(code)] == texts


def test_only_the_beginning_of_an_endless_answer_counts():
    assert fingerprints("x+" * LONGEST) == fingerprints("x+" * (LONGEST // 2))
