"""Exercises of chapter 8: counted language models, recurrent layers, gates, sampling.

Most traps are the plain answer with one slip: `slip` writes them. Numbers of both signs, several
steps and unequal widths tell each from a right answer, and norms stay far from what they are
clipped to. Right and wrong answers are written as students write them, not as a linter would.
"""
# ruff: noqa: B007, B023, C400, E731, PERF401, RET503, RET504, RET505, SIM108, SIM113, SIM118

from itertools import permutations

import numpy as np

from autograder.errors import SourceError
from autograder.spec import DEFAULT_MODULES, Chapter, case, choice
from dlkit.check import accept

LIBRARY = ("datasets", "explorers", "nn", "optim", "plots", "torch_nn", "training")

chapter = Chapter(
    "ch08_rnn",
    coverage="C8",
    # torch's optimisers import torch._dynamo when the first of them is made: a second or more
    modules=(*DEFAULT_MODULES, *(f"dlkit.{name}" for name in LIBRARY), "torch._dynamo"),
)


def seed_of(rng):
    return int(rng.integers(2**31))


def slip(text, *changes):
    """The text of an answer with each (old, new) changed, which must occur in it."""
    for old, new in changes:
        if old not in text:
            raise SourceError(f"a slip changes {old!r}, and the answer has no such text")
        text = text.replace(old, new)
    return text


# -- bigram_probabilities ------------------------------------------------------------------------

bigram_ = chapter.exercise("bigram_probabilities", points=2, accept=accept.close())


@bigram_.inputs
def inputs(rng):
    letters = ["a", "b", "c", "d"]
    yield case(list("abacabad"), letters, label="letters, the last one without a follower")
    yield case(list("abacabad"), letters, 1, label="letters, alpha = 1")
    yield case(list("abacabad"), letters, 0.5, label="letters, alpha = 0.5")
    yield case(["the", "cat", "saw", "the", "dog"], ["dog", "saw", "the", "cat"], label="words")
    words = ["dog", "the", "saw", "cat"]
    yield case(["the", "cat", "saw", "the", "dog"], words, 0.25, label="words, alpha = 0.25")
    yield case(list("abba"), list("abxy"), label="two items that never occur")
    yield case(list("abba"), list("xaby"), 2.0, label="two items that never occur, alpha = 2")
    yield case([7, 3, 3, 7, 5, 7, 3], [3, 5, 7], label="items that are whole numbers")
    yield case(["b"], ["a", "b"], label="a single token")
    yield case(["b"], ["a", "b"], 1.5, label="a single token, alpha = 1.5")
    for alpha in (0.0, 0.0, 0.1, 3):
        vocab = rng.permutation(list("abcdefg")).tolist()
        tokens = rng.choice(vocab[:5], size=80, p=rng.dirichlet(np.ones(5))).tolist()
        tokens += [vocab[0], vocab[1], vocab[0], vocab[6]]
        yield case(tokens, vocab, alpha, label=f"random letters, alpha = {alpha}")


@bigram_.reference
def bigram_probabilities(tokens, vocab, alpha=0.0):
    V = len(vocab)
    place = {item: i for i, item in enumerate(vocab)}
    counts = np.full((V, V), float(alpha))
    for previous, following in zip(tokens, tokens[1:], strict=False):
        counts[place[previous], place[following]] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1), 1 / V)


@bigram_.right
def bigram_probabilities(tokens, vocab, alpha=0.0):
    rows = []
    for previous in vocab:
        followers = [b for a, b in zip(tokens[:-1], tokens[1:], strict=True) if a == previous]
        total = len(followers) + alpha * len(vocab)
        if total == 0:
            rows.append([1 / len(vocab)] * len(vocab))
        else:
            rows.append([(followers.count(item) + alpha) / total for item in vocab])
    return rows


@bigram_.right
def bigram_probabilities(tokens, vocab, alpha=0.0):
    ids = np.array([vocab.index(token) for token in tokens])
    counts = np.zeros((len(vocab), len(vocab)))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    counts = counts + alpha
    empty = counts.sum(axis=1) == 0
    counts[empty] = 1
    return counts / counts.sum(axis=1)[:, None]


BIGRAM = """\
def bigram_probabilities(tokens, vocab, alpha=0.0):
    V = len(vocab)
    counts = np.zeros((V, V))
    for a, b in zip(tokens, tokens[1:]):
        counts[vocab.index(a), vocab.index(b)] += 1
    totals = counts.sum(axis=1, keepdims=True)
    probs = np.full((V, V), 1 / V)
    for i in range(V):
        if totals[i, 0] + alpha * V > 0:
            probs[i] = (counts[i] + alpha) / (totals[i, 0] + alpha * V)
    return probs
"""
COUNT, DIVIDE = "counts[vocab.index(a), vocab.index(b)]", "/ (totals[i, 0] + alpha * V)"
SEEN = "if totals[i, 0] + alpha * V > 0"
COLUMNS = (
    "Rows and columns are exchanged: in the table, or where you count or divide. A row belongs to "
    "the item that comes first, the previous one, and a row is what has to add up to 1."
)
bigram_.trap_text("columns", slip(BIGRAM, ("return probs", "return probs.T")), hint=COLUMNS)
bigram_.trap_text("columns", slip(BIGRAM, (COUNT, "counts[vocab.index(b), vocab.index(a)]")))
bigram_.trap_text(
    "columns",
    slip(
        BIGRAM,
        ("axis=1, keepdims=True", "axis=0, keepdims=True"),
        ("totals[i, 0]", "totals[0, i]"),
        ("probs[i] = (counts[i] +", "probs[:, i] = (counts[:, i] +"),
    ),
)
bigram_.trap_text(
    "columns",
    slip(
        BIGRAM,
        ("axis=1, keepdims=True", "axis=0, keepdims=True"),
        (SEEN, "with np.errstate(all='ignore')"),
        ("totals[i, 0]", "totals[0, i]"),
        ("probs[i] = (counts[i] +", "probs[:, i] = (counts[:, i] +"),
    ),
)
bigram_.trap_text(
    "a total that counts the last token",
    slip(
        BIGRAM,
        (
            "totals = counts.sum(axis=1, keepdims=True)",
            "totals = np.array([[tokens.count(item)] for item in vocab])",
        ),
    ),
    hint="One of your rows adds up to less than 1: you divide by how often its item occurs. The "
    "text's last token occurs, but nothing follows it.",
)
bigram_.trap_text(
    "alpha forgotten in the divisor",
    slip(BIGRAM, (DIVIDE, "/ max(totals[i, 0], 1)"), (SEEN, "if totals[i, 0] > 0 or alpha")),
    hint="With alpha above 0, rows that have counts add up to more than 1 in your table. Every one "
    "of the V followers has got alpha counts more; what does that do to their total?",
)
bigram_.trap_text(
    "alpha forgotten in the divisor",
    slip(BIGRAM, (DIVIDE, "/ totals[i, 0]"), (SEEN, "if totals[i, 0] > 0")),
)
bigram_.trap_text(
    "alpha added once",
    slip(BIGRAM, (DIVIDE, "/ (totals[i, 0] + alpha)"), (SEEN, "if totals[i, 0] + alpha > 0")),
    hint="With alpha above 0 your rows add up to more than 1: the total has grown by alpha, but "
    "alpha went to each of the V followers.",
)
UNSEEN = (
    "A row of an item that nothing follows has no counts, and 0/0 is nothing. What should such a "
    "row say when alpha is 0?"
)
bigram_.trap_text(
    "nothing in an unseen row",
    slip(BIGRAM, ("np.full((V, V), 1 / V)", "np.zeros((V, V))")),
    hint=UNSEEN,
)
bigram_.trap_text(
    "nothing in an unseen row", slip(BIGRAM, (SEEN, "with np.errstate(all='ignore')"))
)
bigram_.trap_text(
    "alpha left out",
    slip(
        BIGRAM,
        ("(counts[i] + alpha)", "counts[i]"),
        (DIVIDE, "/ totals[i, 0]"),
        (SEEN, "if totals[i, 0] > 0"),
    ),
    hint="alpha changes nothing in your answer. With alpha = 1, every pair counts as if it had "
    "been seen once more.",
)
JOINT = (
    "You divide by the number of all pairs, so the whole table adds up to 1. Each row has to: it "
    "says what comes next when its own item was the previous one."
)
for guard in ("if total > 0", "with np.errstate(all='ignore')"):
    bigram_.trap_text(
        "joint probabilities",
        slip(
            BIGRAM,
            ("totals = counts.sum(axis=1, keepdims=True)", "total = counts.sum() + alpha * V * V"),
            (SEEN, guard),
            (DIVIDE, "/ total"),
        ),
        hint=JOINT,
    )


@bigram_.wrong
def bigram_probabilities(tokens, vocab, alpha=0.0):
    V = len(vocab)
    counts = np.zeros((V, V))
    for a, b in zip(tokens, tokens[1:], strict=False):
        counts[vocab.index(a), vocab.index(b)] += 1
    return counts


@bigram_.wrong
def bigram_probabilities(tokens, vocab, alpha=0.0):
    ordered = sorted(vocab)
    V = len(vocab)
    counts = np.full((V, V), float(alpha))
    for a, b in zip(tokens, tokens[1:], strict=False):
        counts[ordered.index(a), ordered.index(b)] += 1
    totals = counts.sum(axis=1, keepdims=True)
    return np.where(totals > 0, counts / np.where(totals > 0, totals, 1), 1 / V)


@bigram_.wrong
def bigram_probabilities(tokens, vocab, alpha=0.0):
    shares = np.array([tokens.count(item) + alpha for item in vocab], dtype=float)
    return np.tile(shares / shares.sum(), (len(vocab), 1))


# -- sentence_log_prob ---------------------------------------------------------------------------

sentence_ = chapter.exercise("sentence_log_prob", points=1, accept=accept.close())


def chain(rng, V):
    """Random probabilities (V, V), each row summing to 1, none near 0."""
    p = rng.dirichlet(np.full(V, 2.0), size=V) + 0.02
    return p / p.sum(axis=1, keepdims=True)


@sentence_.inputs
def inputs(rng):
    halves = [[0.5, 0.5], [0.25, 0.75]]
    yield case([0, 1, 1, 0], halves, 0, label="lists")
    yield case(np.array([1]), np.array(halves), 1, label="one token")
    yield case([], halves, 0, label="no tokens")
    yield case([1, 1], [[0, 1], [0, 1]], 0, label="whole numbers, all certain")
    yield case([0, 1, 0], [[0.5, 0.5], [0.0, 1.0]], 0, label="a probability of 0")
    yield case(np.array([1, 0, 1]), np.array([[0.5, 0.5], [0, 1]]), 0, label="a probability of 0")
    for V in (3, 4, 6):
        tokens = rng.integers(V, size=9)
        yield case(tokens, chain(rng, V), int(rng.integers(V)), label=f"{V} items")
        yield case(tokens.tolist(), chain(rng, V).tolist(), int(rng.integers(V)), label="lists")
    p = chain(rng, 5).astype(np.float32)
    yield case(rng.integers(5, size=7), p, int(rng.integers(5)), label="float32")
    # an improbable text may be short enough for recursion and still underflow a longdouble
    p = 1e-13 * rng.uniform(0.5, 1, size=(5, 5))
    p[:, 0] = 1 - p[:, 1:].sum(axis=1)
    yield case(rng.integers(1, 5, size=400), p, 3, label="a text of 400 improbable steps")


@sentence_.reference
def sentence_log_prob(tokens, probs, start):
    probs, previous, total = np.asarray(probs), start, 0.0
    with np.errstate(divide="ignore"):
        for token in tokens:
            total += float(np.log(probs[previous, token]))
            previous = token
    return total


@sentence_.right
def sentence_log_prob(tokens, probs, start):
    tokens = np.asarray(tokens, dtype=int)
    before = np.append(start, tokens)[:-1].astype(int)
    return np.sum(np.log(np.asarray(probs, dtype=float)[before, tokens]))


@sentence_.right
def sentence_log_prob(tokens, probs, start):
    import math

    log = lambda p: math.log(p) if p > 0 else -math.inf
    pairs = zip([start, *tokens], tokens, strict=False)
    return math.fsum([log(probs[a][b]) for a, b in pairs])


@sentence_.right
def sentence_log_prob(tokens, probs, start):
    if len(tokens) == 0:
        return 0
    first = probs[start][tokens[0]]
    rest = sum(np.log(probs[a][b]) for a, b in zip(tokens, tokens[1:], strict=False))
    return np.log(first) + rest


SENTENCE = """\
def sentence_log_prob(tokens, probs, start):
    probs, total = np.asarray(probs), 0.0
    for token in tokens:
        total = total + np.log(probs[start, token])
        start = token
    return total
"""
STEP = "total = total + np.log(probs[start, token])"
PRODUCT = slip(SENTENCE, (", 0.0", ", 1.0"), (STEP, "total = total * probs[start, token]"))
sentence_.trap_text(
    "product underflows",
    slip(PRODUCT, ("return total", "return np.log(total)")),
    hint="Your product for a long text becomes 0 although no step is impossible. A product of "
    "hundreds of small numbers becomes 0 in a computer before the logarithm can save it.",
)
sentence_.trap_text(
    "product underflows",
    slip(PRODUCT, ("return total", "return np.log(total) if total > 0 else -np.inf")),
)
sentence_.trap_text(
    "product underflows",
    slip(PRODUCT, ("return total", "import math\n    return math.log(total)")),
)
for tiny in ("1e-12", "1e-300"):
    sentence_.trap_text(
        "product underflows",
        slip(PRODUCT, ("return total", f"return np.log(total + {tiny})")),
    )
for tiny in ("1e-8", "1e-9", "1e-10", "1e-12", "1e-15", "1e-16", "1e-300"):
    for guarded in (f"probs[start, token] + {tiny}", f"np.maximum(probs[start, token], {tiny})"):
        sentence_.trap_text(
            "something tiny for 0",
            slip(SENTENCE, ("probs[start, token]", guarded)),
            hint="You put something tiny in the place of a probability of 0. Here 0 means "
            "impossible, and the logarithm should say so: −inf.",
        )
sentence_.trap_text(
    "start left out",
    slip(
        SENTENCE,
        (
            "for token in tokens:",
            "start = tokens[0] if len(tokens) else 0\n    for token in tokens[1:]:",
        ),
    ),
    hint="The first token is a step too: its probability is that of following `start`. Your sum "
    "begins one token later.",
)
sentence_.trap_text(
    "rows and columns exchanged",
    slip(SENTENCE, ("probs[start, token]", "probs[token, start]")),
    hint="You look up the row of the token that follows. A row of probs belongs to the previous "
    "item.",
)
sentence_.trap_text(
    "always after start",
    slip(SENTENCE, ("        start = token\n", "")),
    hint="Every token of yours is read as if it followed `start`. What is the previous item of the "
    "second token?",
)
sentence_.trap_text(
    "the probability itself",
    PRODUCT,
    hint="That is the product of the probabilities. Asked for is its logarithm, and it should be "
    "added up, not taken at the end.",
)
sentence_.trap_text(
    "logarithm to base 2",
    slip(SENTENCE, ("np.log(", "np.log2(")),
    hint="Those are bits. In this course a logarithm is the natural one unless it says otherwise.",
)
sentence_.trap_text(
    "a mean for the sum",
    slip(SENTENCE, ("return total", "return total / max(len(tokens), 1)")),
    hint="You divide by the number of tokens. The logarithm of a product is a sum; the mean is the "
    "next exercise's business.",
)
sentence_.trap_text(
    "a mean for the sum",
    slip(SENTENCE, ("return total", "return total / np.float64(len(tokens))")),
)


@sentence_.trap(
    "math.log refuses 0",
    hint="math.log raises an error for 0. The logarithm of a probability of 0 is −inf, and that is "
    "what your function should return.",
)
def sentence_log_prob(tokens, probs, start):
    import math

    total = 0.0
    for token in tokens:
        total += math.log(probs[start][token])
        start = token
    return total


sentence_.trap_text(
    "an array asked whether it is empty",
    slip(SENTENCE, ("    for token", "    if not tokens:\n        return 0.0\n    for token")),
    hint="Your function raises an error where the tokens are an array. Of a list, `not tokens` or "
    "`tokens == []` says whether it is empty; of an array of several numbers it cannot.",
)


@sentence_.wrong
def sentence_log_prob(tokens, probs, start):
    total = 0.0
    for token in tokens:
        total += np.log(np.asarray(probs)[start, token] + 1e-10)
        start = token
    return total


@sentence_.wrong
def sentence_log_prob(tokens, probs, start):
    return -np.sum(np.log(np.asarray(probs)[np.append(start, tokens[:-1]).astype(int), tokens]))


@sentence_.wrong
def sentence_log_prob(tokens, probs, start):
    return [np.log(probs[a][b]) for a, b in zip([start, *tokens], tokens, strict=False)]


# -- perplexity ----------------------------------------------------------------------------------

perplexity_ = chapter.exercise("perplexity", points=1, accept=accept.close())


@perplexity_.inputs
def inputs(rng):
    yield case(np.log([0.5, 0.25, 0.25, 0.5]).tolist(), label="a list")
    yield case(np.log(np.full(12, 1 / 7)), label="7 equally likely items")
    yield case([-1, -2, -3], label="whole numbers")
    yield case(np.array([-2, -1, -1, -3]), label="whole numbers")
    yield case([-0.75], label="one token")
    yield case(np.zeros(5), label="everything certain")
    yield case([-1.0, -np.inf, -2.0], label="a token of probability 0")
    for n in (3, 20):
        yield case(np.log(rng.uniform(0.05, 0.9, size=n)), label=f"{n} tokens")
    yield case(np.log(rng.uniform(0.05, 0.9, size=8)).astype(np.float32), label="float32")
    yield case(np.log(rng.uniform(0.01, 0.2, size=3000)), label="3,000 tokens")


@perplexity_.reference
def perplexity(log_probs):
    return np.exp(-np.mean(log_probs))


@perplexity_.right
def perplexity(log_probs):
    import math

    return math.exp(-sum(log_probs) / len(log_probs))


@perplexity_.right
def perplexity(log_probs):
    inverse = np.exp(-np.asarray(log_probs, dtype=float) / len(log_probs))
    return float(np.prod(inverse))


PERPLEXITY = "def perplexity(log_probs):\n    return np.exp(-np.mean(log_probs))\n"
OF_THE_SUM = (
    "Your number grows with the length of the text: it is one over the probability of the whole. "
    "Perplexity is per token, so that texts of different lengths can be compared."
)
perplexity_.trap_text("of the sum", slip(PERPLEXITY, ("np.mean", "np.sum")), hint=OF_THE_SUM)
perplexity_.trap_text(
    "of the sum", "def perplexity(log_probs):\n    return 1 / np.exp(np.sum(log_probs))\n"
)
perplexity_.trap_text(
    "sign",
    slip(PERPLEXITY, ("-np.mean", "np.mean")),
    hint="A model that is less sure gets a smaller number from you. Logarithms of probabilities "
    "are negative; perplexity is at least 1.",
)
perplexity_.trap_text(
    "base 2 and base e mixed",
    slip(PERPLEXITY, ("np.exp(-", "2 ** (-")),
    hint="The logarithms are natural ones, so the power that undoes them has the base e, not 2.",
)
perplexity_.trap_text(
    "no exp",
    slip(PERPLEXITY, ("np.exp(-np.mean(log_probs))", "-np.mean(log_probs)")),
    hint="That is the cross-entropy in nats. One step is missing on the way from there to a number "
    "of choices.",
)
perplexity_.trap_text(
    "the mean of the inverses",
    slip(PERPLEXITY, ("np.exp(-np.mean(log_probs))", "np.mean(np.exp(-np.asarray(log_probs)))")),
    hint="You take the mean last. The mean of the logarithms and the mean of the numbers are not "
    "the same thing: which one does the definition ask for?",
)
perplexity_.trap_text(
    "takes probabilities",
    slip(PERPLEXITY, ("np.mean(log_probs)", "np.mean(np.log(log_probs))")),
    hint="What comes in are logarithms already; you take the logarithm of a negative number.",
)


@perplexity_.wrong
def perplexity(log_probs):
    return np.exp(-np.median(log_probs))


@perplexity_.wrong
def perplexity(log_probs):
    return int(np.round(np.exp(-np.mean(log_probs))))


@perplexity_.wrong
def perplexity(log_probs):
    return np.exp(-np.asarray(log_probs))


# -- rnn_step ------------------------------------------------------------------------------------

step_ = chapter.exercise("rnn_step", points=1, accept=accept.close())


def weights(rng, D, H, gates=1):
    """(Wx, Wh, b) of moderate size, so that nothing saturates."""
    return (
        rng.normal(size=(D, gates * H)) / np.sqrt(D),
        rng.normal(size=(H, gates * H)) / np.sqrt(H),
        rng.uniform(0.2, 0.6, size=gates * H) * rng.choice([-1, 1], size=gates * H),
    )


def steps(rng, gates=1, states=1):
    """Cases (x, state…, Wx, Wh, b) of one step, of several shapes and kinds of number."""

    def one(N, D, H):
        return [
            rng.normal(size=(N, D)),
            *rng.normal(size=(states, N, H)),
            *weights(rng, D, H, gates),
        ]

    for N, D, H in ((4, 3, 5), (6, 4, 2), (3, 3, 3), (1, 2, 4), (2, 1, 1)):
        yield case(*one(N, D, H), label=f"N = {N}, D = {D}, H = {H}")
    yield case(*(a.astype(np.float32) for a in one(5, 3, 4)), label="float32")
    yield case(*(a.tolist() for a in one(3, 2, 4)), label="lists")
    x, *hs, Wx, Wh, b = one(3, 4, 2)
    whole = [np.round(2 * a).astype(int) for a in (x, *hs)]
    yield case(*whole, Wx, Wh, b, label="whole numbers for x and the state")
    yield case(*whole, *(np.sign(a).astype(int) for a in (Wx, Wh, b)), label="whole numbers")
    yield case(
        *(np.sign(a).astype(int).tolist() for a in (x, *hs, Wx, Wh, b)), label="whole numbers"
    )
    zero = [np.zeros_like(h) for h in hs]
    yield case(x, *zero, Wx, Wh, b, label="a state of zeros")


@step_.inputs
def inputs(rng):
    yield from steps(rng)


@step_.reference
def rnn_step(x, h, Wx, Wh, b):
    return np.tanh(np.asarray(x) @ np.asarray(Wx) + np.asarray(h) @ np.asarray(Wh) + np.asarray(b))


@step_.right
def rnn_step(x, h, Wx, Wh, b):
    return np.tanh(np.hstack([x, h]) @ np.vstack([Wx, Wh]) + b)


@step_.right
def rnn_step(x, h, Wx, Wh, b):
    import math

    new = []
    for xn, hn in zip(x, h, strict=True):
        row = []
        for j in range(len(b)):
            s = b[j] + sum(xn[d] * Wx[d][j] for d in range(len(xn)))
            row.append(math.tanh(s + sum(hn[k] * Wh[k][j] for k in range(len(hn)))))
        new.append(row)
    return new


@step_.right
def rnn_step(x, h, Wx, Wh, b):
    s = np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", h, Wh) + np.array(b)[None, :]
    return 1 - 2 / (np.exp(2 * s) + 1)


RNN_STEP = """\
def rnn_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    return np.tanh(x @ Wx + h @ Wh + b)
"""
STATE_FORGOTTEN = "The old state plays no part in your answer. Then the layer has no memory at all."
step_.trap_text(
    "the old state is forgotten", slip(RNN_STEP, (" + h @ Wh", "")), hint=STATE_FORGOTTEN
)
B_LEFT_OUT = "b plays no part in your answer."
step_.trap_text("b is forgotten", slip(RNN_STEP, (" + b", "")), hint=B_LEFT_OUT)
step_.trap_text(
    "Wh transposed",
    slip(RNN_STEP, ("h @ Wh", "h @ Wh.T")),
    hint="Wh is (H, H), so its shape does not tell which way it goes. A state is a row, as x is: "
    "h_{t−1} W_h.",
)
step_.trap_text(
    "no tanh",
    slip(RNN_STEP, ("np.tanh", "")),
    hint="Those are the sums. The activation that keeps the state between −1 and 1 is missing.",
)
SIGMOID = "Your new state lies between 0 and 1: that is the sigmoid. Here the activation is tanh."
step_.trap_text(
    "sigmoid for tanh",
    slip(RNN_STEP, ("np.tanh(x @ Wx + h @ Wh + b)", "1 / (1 + np.exp(-(x @ Wx + h @ Wh + b)))")),
    hint=SIGMOID,
)
step_.trap_text(
    "only a part in the tanh",
    slip(RNN_STEP, ("np.tanh(x @ Wx + h @ Wh + b)", "np.tanh(x @ Wx + b) + h @ Wh")),
    hint="Part of the sum stands outside of the tanh. Everything that comes together in a unit is "
    "added first; then the activation acts on the whole.",
)
step_.trap_text(
    "only a part in the tanh",
    slip(RNN_STEP, ("np.tanh(x @ Wx + h @ Wh + b)", "np.tanh(x @ Wx + h @ Wh) + b")),
)
step_.trap_text(
    "two tanhs",
    slip(RNN_STEP, ("np.tanh(x @ Wx + h @ Wh + b)", "np.tanh(x @ Wx) + np.tanh(h @ Wh + b)")),
    hint="Your input and your old state pass a tanh each. Everything that comes together in a unit "
    "is added first; then the activation acts on the whole.",
)
step_.trap_text(
    "old and new state mixed",
    slip(RNN_STEP, ("np.tanh(x @ Wx + h @ Wh + b)", "h + np.tanh(x @ Wx + h @ Wh + b)")),
    hint="You add the old state to the new one. The old state enters once, through Wh.",
)


@step_.wrong
def rnn_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    h = np.tanh(x @ Wx + h @ Wh + b)
    return h, h


@step_.wrong
def rnn_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    return np.maximum(x @ Wx + h @ Wh + b, 0)


# -- rnn_forward ---------------------------------------------------------------------------------

forward_ = chapter.exercise("rnn_forward", points=2, accept=accept.close())


def sequences(rng):
    """(label, x, h0, Wx, Wh, b) of whole sequences."""
    for T, N, D, H in ((5, 4, 3, 6), (7, 3, 4, 2), (3, 2, 3, 3), (4, 1, 2, 3), (1, 3, 2, 4)):
        label = f"T = {T}, N = {N}, D = {D}, H = {H}"
        yield label, rng.normal(size=(T, N, D)), rng.normal(size=(N, H)), *weights(rng, D, H)
    x, h0 = rng.integers(-2, 3, size=(4, 3, 2)), rng.integers(-2, 3, size=(3, 5))
    yield "whole numbers for x and h0", x, h0, *weights(rng, 2, 5)


@forward_.inputs
def inputs(rng):
    for label, *values in sequences(rng):
        yield case(*values, label=label)
    values = rng.normal(size=(5, 2, 3)), np.zeros((2, 4)), *weights(rng, 3, 4)
    yield case(*values, label="a first state of zeros")
    yield case(*(a.tolist() for a in values), label="lists")
    yield case(*(a.astype(np.float32) for a in values), label="float32")
    yield case(*(np.sign(a).astype(int) for a in values), label="whole numbers")


@forward_.reference
def rnn_forward(x, h0, Wx, Wh, b):
    h, hs = np.asarray(h0), []
    for step in np.asarray(x):
        h = np.tanh(step @ np.asarray(Wx) + h @ np.asarray(Wh) + np.asarray(b))
        hs.append(h)
    return np.stack(hs)


@forward_.right
def rnn_forward(x, h0, Wx, Wh, b):
    hs = [h0]
    for t in range(len(x)):
        hs.append(rnn_step(x[t], hs[-1], Wx, Wh, b))
    return np.array(hs[1:])


@forward_.right
def rnn_forward(x, h0, Wx, Wh, b):
    s = np.asarray(x) @ np.asarray(Wx) + b
    hs = np.empty(s.shape, dtype=s.dtype if s.dtype.kind == "f" else float)
    for t in range(len(s)):
        np.tanh(s[t] + np.dot(hs[t - 1] if t else h0, Wh), out=hs[t])
    return hs


@forward_.right
def rnn_forward(x, h0, Wx, Wh, b):
    from itertools import accumulate

    states = accumulate(x, lambda h, step: rnn_step(step, h, Wx, Wh, b), initial=h0)
    return list(states)[1:]


RNN_FORWARD = """\
def rnn_forward(x, h0, Wx, Wh, b):
    x, Wx, Wh, b = (np.asarray(a) for a in (x, Wx, Wh, b))
    h = np.array(h0, dtype=float)
    hs = []
    for t in range(len(x)):
        h = np.tanh(x[t] @ Wx + h @ Wh + b)
        hs.append(h)
    return np.stack(hs)
"""
SHARED = (
    "All your steps are the same: the last one. Your list holds one array many times, and each "
    "step writes into it; or the result is filled with the last state."
)
forward_.trap_text(
    "shares one array", slip(RNN_FORWARD, ("        h = np", "        h[:] = np")), hint=SHARED
)
forward_.trap_text(
    "shares one array",
    slip(RNN_FORWARD, ("np.stack(hs)", "np.stack([h] * len(x))")),
)
forward_.trap_text(
    "no state is handed on",
    slip(
        RNN_FORWARD,
        (
            "h = np.tanh(x[t] @ Wx + h @ Wh + b)\n        hs.append(h)",
            "hs.append(np.tanh(x[t] @ Wx + h @ Wh + b))",
        ),
    ),
    hint="Each step of yours starts from h0. A step has to start from the state that the step "
    "before left behind.",
)
forward_.trap_text(
    "starts from zero",
    slip(RNN_FORWARD, ("np.array(h0, dtype=float)", "np.zeros((x.shape[1], len(b)))")),
    hint="Your first step ignores h0. With a first state of zeros nobody would notice, but a "
    "sequence may also go on from where another one ended.",
)
forward_.trap_text(
    "h0 is among the results",
    slip(RNN_FORWARD, ("hs = []", "hs = [h]"), ("np.stack(hs)", "np.stack(hs[:-1])")),
    hint="Your result begins with h0, so each state stands one step too late. The first entry "
    "should be the state after the first input.",
)
forward_.trap_text(
    "h0 is among the results",
    slip(RNN_FORWARD, ("hs = []", "hs = [h]")),
)
forward_.trap_text(
    "only the last state",
    slip(RNN_FORWARD, ("np.stack(hs)", "h")),
    hint="That is the last state alone. Asked for are the states of all steps, (T, N, H).",
)
forward_.trap_text(
    "batch and time exchanged",
    slip(RNN_FORWARD, ("np.stack(hs)", "np.stack(hs, axis=1)")),
    hint="Your result is (N, T, H). In this course time comes first, for the states as for x.",
)
forward_.trap_text(
    "backwards in time",
    slip(RNN_FORWARD, ("range(len(x))", "reversed(range(len(x)))")),
    hint="You read the sequence from its end. The state of a step may only depend on what came "
    "before it.",
)


@forward_.wrong
def rnn_forward(x, h0, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h0, Wx, Wh, b))
    hs = np.zeros((*x.shape[:2], h.shape[1]), dtype=h.dtype)
    for t in range(len(x)):
        hs[t] = h = np.tanh(x[t] @ Wx + h @ Wh + b)
    return hs


@forward_.wrong
def rnn_forward(x, h0, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h0, Wx, Wh, b))
    hs = []
    for t in range(len(x)):
        h = x[t] @ Wx + h @ Wh + b
        hs.append(np.tanh(h))
    return np.stack(hs)


@forward_.wrong
def rnn_forward(x, h0, Wx, Wh, b):
    return np.tanh(np.asarray(x) @ np.asarray(Wx) + np.asarray(h0) @ np.asarray(Wh) + b)[::-1]


# -- rnn_backward --------------------------------------------------------------------------------

backward_ = chapter.exercise("rnn_backward", points=4, accept=accept.close())


@backward_.inputs
def inputs(rng):
    def made(x, h0, Wx, Wh, b):
        hs = rnn_forward(x, h0, Wx, Wh, b)
        return [rng.normal(size=hs.shape), x, h0, hs, Wx, Wh]

    for label, *values in sequences(rng):
        yield case(*made(*values), label=label)
    values = made(rng.normal(size=(5, 2, 3)), np.zeros((2, 4)), *weights(rng, 3, 4))
    yield case(*values, label="a first state of zeros")
    yield case(*(a.tolist() for a in values), label="lists")
    yield case(*(a.astype(np.float32) for a in values), label="float32")
    dh, *rest = made(rng.normal(size=(4, 3, 2)), rng.normal(size=(3, 5)), *weights(rng, 2, 5))
    yield case(np.round(2 * dh).astype(int), *rest, label="whole numbers for dh")
    dh = dh.copy()
    dh[:-1] = 0
    yield case(dh, *rest, label="a gradient from above at the last step alone")


@backward_.reference
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    dh, x, h0, hs, Wx, Wh = (np.asarray(a) for a in (dh, x, h0, hs, Wx, Wh))
    olds = np.concatenate([h0[None], hs[:-1]])
    ds, later = [None] * len(x), 0
    for t in reversed(range(len(x))):
        ds[t] = (dh[t] + later) * (1 - hs[t] ** 2)
        later = ds[t] @ Wh.T
    ds = np.stack(ds)
    dWx, dWh = (np.einsum("tni,tnh->ih", a, ds) for a in (x, olds))
    return ds @ Wx.T, later, dWx, dWh, ds.sum(axis=(0, 1))


@backward_.right
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    dh, x, h0, hs, Wx, Wh = (np.array(a, dtype=float) for a in (dh, x, h0, hs, Wx, Wh))
    dx, dWx, dWh, db = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    carried = np.zeros_like(h0)
    for t in range(len(x) - 1, -1, -1):
        ds = (dh[t] + carried) * (1 - hs[t] * hs[t])
        dx[t] = ds @ Wx.T
        dWx += x[t].T @ ds
        dWh += (hs[t - 1] if t > 0 else h0).T @ ds
        db += ds.sum(axis=0)
        carried = ds @ Wh.T
    return dx, carried, dWx, dWh, db


@backward_.right
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    # path by path: what each step's gradient from above gives to it and to all steps before
    dh, x, h0, hs, Wx, Wh = (np.array(a, dtype=float) for a in (dh, x, h0, hs, Wx, Wh))
    olds, ds, dh0 = np.concatenate([h0[None], hs])[:-1], np.zeros_like(hs), 0
    for t in range(len(x)):
        g = dh[t]
        for k in range(t, -1, -1):
            g = g * (1 - hs[k] ** 2)
            ds[k] += g
            g = g @ Wh.T
        dh0 = dh0 + g
    rows = ds.reshape(-1, ds.shape[2])
    dWx, dWh = x.reshape(len(rows), -1).T @ rows, olds.reshape(len(rows), -1).T @ rows
    return [np.matmul(ds, Wx.T), dh0, dWx, dWh, rows.sum(0)]


@backward_.right
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    import torch

    x, h0, Wx, Wh = (torch.tensor(a, dtype=torch.float64) for a in (x, h0, Wx, Wh))
    dh, hs = (torch.tensor(a, dtype=torch.float64) for a in (dh, hs))
    # b is what must have stood in the sums
    before = torch.cat([h0[None], hs[:-1]])
    b = (torch.atanh(hs) - x @ Wx - before @ Wh).detach()
    for a in (x, h0, Wx, Wh, b):
        a.requires_grad_()
    h, loss = h0, 0
    for t in range(len(x)):
        h = torch.tanh(x[t] @ Wx + h @ Wh + b[t])
        loss = loss + (h * dh[t]).sum()
    loss.backward()
    return tuple(a.grad.numpy() for a in (x, h0, Wx, Wh)) + (b.grad.numpy().sum(axis=(0, 1)),)


RNN_BACKWARD = """\
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    dh, x, h0, hs, Wx, Wh = (np.asarray(a, dtype=float) for a in (dh, x, h0, hs, Wx, Wh))
    dx, dWx, dWh = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh)
    db, later = np.zeros(Wh.shape[1]), np.zeros_like(h0)
    for t in reversed(range(len(x))):
        before = hs[t - 1] if t > 0 else h0
        ds = (dh[t] + later) * (1 - hs[t] ** 2)
        dx[t] = ds @ Wx.T
        dWx += x[t].T @ ds
        dWh += before.T @ ds
        db += ds.sum(axis=0)
        later = ds @ Wh.T
    return dx, later, dWx, dWh, db
"""
ARRIVES, LATER = "(dh[t] + later)", "        later = ds @ Wh.T\n"
NO_PATH = (
    "The last step is right and the ones before are not: what comes back from the step after is "
    "missing. A state is read twice, from above and by the next step."
)
backward_.trap_text(
    "forgets the path through time", slip(RNN_BACKWARD, (ARRIVES, "dh[t]")), hint=NO_PATH
)
backward_.trap_text(
    "forgets the path through time",
    slip(RNN_BACKWARD, (ARRIVES, "dh[t]"), (LATER, "")),
)
for dh0 in ("dh[0] @ Wh.T", "dh[0]", "((1 - hs[-1] ** 2) * dh[-1]) @ Wh.T"):
    backward_.trap_text(
        "forgets the path through time",
        slip(RNN_BACKWARD, (ARRIVES, "dh[t]"), ("return dx, later", f"return dx, {dh0}")),
    )
backward_.trap_text(
    "forgets the path through time",
    slip(RNN_BACKWARD, (ARRIVES, "dh[t]"), ("later = ds", "later = later + ds")),
)
backward_.trap_text(
    "the path ends after one step",
    slip(RNN_BACKWARD, ("later = ds @ Wh.T", "later = dh[t] @ Wh.T")),
    hint="What you hand to the step before is only what came to this step from above. What came "
    "to it from later has to go on as well, and both pass this step's tanh.",
)
backward_.trap_text(
    "the path ends after one step",
    slip(RNN_BACKWARD, ("later = ds @ Wh.T", "later = (dh[t] * (1 - hs[t] ** 2)) @ Wh.T")),
)
backward_.trap_text(
    "what comes from later passes no tanh",
    slip(RNN_BACKWARD, ("(dh[t] + later) * (1 - hs[t] ** 2)", "dh[t] * (1 - hs[t] ** 2) + later")),
    hint="What comes from above and what comes from the step after both arrive at the same state. "
    "In your answer only one of them passes its tanh.",
)
backward_.trap_text(
    "only the last step's gradient",
    slip(RNN_BACKWARD, (ARRIVES, "((dh[t] if t == len(x) - 1 else 0) + later)")),
    hint="Of the gradients from above you use only the last step's. Every step has one of its own, "
    "which joins what comes back from later steps.",
)
backward_.trap_text(
    "no slope of tanh",
    slip(RNN_BACKWARD, (" * (1 - hs[t] ** 2)", "")),
    hint="On the way back through a step, the gradient has to pass the tanh: its slope is missing.",
)
TWICE = (
    "The slope of tanh at s is 1 − tanh²(s), and tanh(s) is the h that you have. You apply tanh to "
    "it once more."
)
backward_.trap_text(
    "tanh of h", slip(RNN_BACKWARD, ("1 - hs[t] ** 2", "1 - np.tanh(hs[t]) ** 2")), hint=TWICE
)
backward_.trap_text(
    "the slope of the sigmoid",
    slip(RNN_BACKWARD, ("(1 - hs[t] ** 2)", "hs[t] * (1 - hs[t])")),
    hint="y (1 − y) is the slope of the sigmoid. The step has a tanh.",
)
backward_.trap_text(
    "dWh from the state after the step",
    slip(RNN_BACKWARD, ("before.T @ ds", "hs[t].T @ ds")),
    hint="Everything but dWh is right. Wh was multiplied by a state: by the one that the step "
    "made, or by the one that it found?",
)
backward_.trap_text(
    "h0 has no part in dWh",
    slip(RNN_BACKWARD, ("else h0", "else np.zeros_like(h0)")),
    hint="dWh lacks what the first step gives. Its old state is h0, which need not be zero.",
)
backward_.trap_text(
    "Wh not transposed",
    slip(RNN_BACKWARD, ("ds @ Wh.T", "ds @ Wh")),
    hint="What goes back to the step before passes Wh in the other direction. Which matrix did the "
    "gradient by a layer's input need?",
)
backward_.trap_text(
    "the gradients of one step only",
    slip(RNN_BACKWARD, ("dWx += ", "dWx = "), ("dWh += ", "dWh = "), ("db += ", "db = ")),
    hint="Your weights' gradients are those of a single step. All steps share one set of weights, "
    "so what the steps give adds up.",
)
backward_.trap_text(
    "dx in the order of the loop",
    slip(RNN_BACKWARD, ("dx[t] = ", "dx[len(x) - 1 - t] = ")),
    hint="Your dx stands in the order in which the loop goes, the last step first. dx[0] belongs "
    "to x[0].",
)
backward_.trap_text(
    "means for sums",
    slip(
        RNN_BACKWARD,
        (
            "return dx, later, dWx, dWh, db",
            "return dx, later, dWx / len(x), dWh / len(x), db / len(x)",
        ),
    ),
    hint="You take a mean over steps or sequences. Whoever computed dh has averaged already, if "
    "there was anything to average; weights that are used many times get the sum of the gradients.",
)
backward_.trap_text(
    "means for sums",
    slip(
        RNN_BACKWARD,
        (
            "return dx, later, dWx, dWh, db",
            "return dx, later, dWx / len(h0), dWh / len(h0), db / len(h0)",
        ),
    ),
)
backward_.trap_text(
    "means for sums",
    slip(RNN_BACKWARD, ("db += ds.sum(axis=0)", "db += ds.mean(axis=0)")),
)
backward_.trap_text(
    "forwards in time",
    slip(RNN_BACKWARD, ("reversed(range(len(x)))", "range(len(x))")),
    hint="You go from the first step to the last. The gradient of a state needs that of the state "
    "after it, so which step has to come first?",
)
backward_.trap_text(
    "dh0 stops before the first step",
    slip(
        RNN_BACKWARD,
        (
            "        later = ds @ Wh.T\n",
            "        last = dh[t] + later\n        later = ds @ Wh.T\n",
        ),
        ("return dx, later", "return dx, last"),
    ),
    hint="Your dh0 is the gradient of the state *after* the first step. It has one more step to go "
    "back.",
)
backward_.trap_text(
    "dh0 stops inside the first step",
    slip(RNN_BACKWARD, ("return dx, later", "return dx, ds")),
    hint="Your dh0 is the gradient of the first step's sum, inside the tanh. What stands between "
    "that sum and h0?",
)


@backward_.wrong
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    return tuple(np.zeros_like(a, dtype=float) for a in (x, h0, Wx, Wh)) + (np.zeros(len(Wh)),)


@backward_.wrong
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    dh, x, h0, hs, Wx, Wh = (np.asarray(a, dtype=float) for a in (dh, x, h0, hs, Wx, Wh))
    dWx, dWh, db, later = 0, 0, 0, 0
    for t in reversed(range(len(x))):
        ds = (dh[t] + later) * (1 - hs[t] ** 2)
        dWx, dWh = dWx + x[t].T @ ds, dWh + (hs[t - 1] if t else h0).T @ ds
        db, later = db + ds.sum(axis=0), ds @ Wh.T
    return dWx, dWh, db


@backward_.wrong
def rnn_backward(dh, x, h0, hs, Wx, Wh):
    dh, x, h0, hs, Wx, Wh = (np.asarray(a, dtype=float) for a in (dh, x, h0, hs, Wx, Wh))
    dx, dWx, dWh, db, later = np.zeros_like(x), 0, 0, 0, 0
    for t in reversed(range(len(x))):
        ds = (dh[t] + later) * (1 - hs[t] ** 2)
        dx[t] = ds @ Wx.T
        dWx, dWh = dWx + x[t].T @ ds, dWh + (hs[t - 1] if t else h0).T @ ds
        db, later = db + ds, ds @ Wh.T
    return dx, later, dWx, dWh, db


# -- clip_by_norm --------------------------------------------------------------------------------

clip_ = chapter.exercise(
    "clip_by_norm", points=2, accept=accept.close(), forbidden=("dlkit.optim.clip_by_norm",)
)


@clip_.inputs
def inputs(rng):
    yield case([[3.0, 0.0], [4.0]], 1.0, label="lists, the norm is 5")
    yield case([[3, 0], [0, 4]], 2, label="lists of whole numbers, the norm is 5")
    yield case([np.array([[3, 4]]), np.array([12])], 6.5, label="whole numbers, the norm is 13")
    yield case([np.array([0.3, 0.0]), np.array([[0.4]])], 2.0, label="a short gradient")
    yield case([np.array([1, 2]), np.array([-2])], 30, label="a short gradient, whole numbers")
    yield case([np.zeros((2, 3)), np.zeros(3)], 1.0, label="zero gradients")
    yield case([np.array([6.0, 8.0])], 2.5, label="a single gradient, the norm is 10")
    yield case([np.array([3.0]), np.array([4.0])], 5.0, label="a norm of exactly max_norm")
    shapes = ((3, 4), (4,), (2, 3, 2))
    for factor, limit in ((10.0, 1.0), (3.0, 0.25), (1e6, 5.0), (0.01, 1.0)):
        grads = [factor * (rng.normal(size=shape) + 0.5) for shape in shapes]
        yield case(grads, limit, label=f"three gradients of a size of about {factor:g}")
    grads = [20 * rng.normal(size=(4, 4)), 0.01 * rng.normal(size=(4, 4))]
    yield case(grads, 1.0, label="a long and a short gradient")
    grads = [(5 * rng.normal(size=shape) + 2).astype(np.float32) for shape in shapes]
    yield case(grads, 1.0, label="float32")


@clip_.reference
def clip_by_norm(grads, max_norm):
    grads = [np.asarray(g) for g in grads]
    norm = np.sqrt(sum(float(np.sum(np.square(g, dtype=float))) for g in grads))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * scale for g in grads], norm


@clip_.right
def clip_by_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads]))
    if norm <= max_norm:
        return [np.array(g) for g in grads], norm
    return tuple(np.array(g) / norm * max_norm for g in grads), norm


@clip_.right
def clip_by_norm(grads, max_norm):
    import math

    norm = math.hypot(*(np.linalg.norm(np.asarray(g)) for g in grads))
    scale = min(1, max_norm / (norm + 1e-6))
    return list(map(lambda g: np.multiply(g, scale), grads)), norm


@clip_.right
def clip_by_norm(grads, max_norm):
    total = 0
    for g in grads:
        for v in np.asarray(g, dtype=float).flat:
            total += v * v
    norm = total**0.5
    return (grads if norm <= max_norm else [max_norm * np.array(g) / norm for g in grads], norm)


CLIP = """\
def clip_by_norm(grads, max_norm):
    grads = [np.array(g, dtype=float) for g in grads]
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    if norm > max_norm:
        clipped = [g * max_norm / norm for g in grads]
    else:
        clipped = grads
    return clipped, norm
"""
SHORTENED, OTHERWISE = "[g * max_norm / norm for g in grads]", "clipped = grads"
CUT = "[np.clip(g, -max_norm, max_norm) for g in grads]"
ROOT = "np.sqrt(sum(np.sum(g**2) for g in grads))"
NORM, ELSE = f"norm = {ROOT}", "    else:\n        clipped = grads\n"
EACH = (
    "You shorten each gradient for itself. Then long ones are cut and short ones are not, and the "
    "step points elsewhere: all must be multiplied by the same number."
)
ALONE = "[g * min(1, max_norm / max(np.linalg.norm(g), 1e-12)) for g in grads]"
clip_.trap_text("each alone", slip(CLIP, (SHORTENED, ALONE)), hint=EACH)
clip_.trap_text("each alone", slip(CLIP, (OTHERWISE, "clipped = " + ALONE), (SHORTENED, ALONE)))
for norm in ("max(norms)", "sum(norms)", "norms[-1]", "norms[0]"):
    norms = f"norms = [np.linalg.norm(g) for g in grads]\n    norm = {norm}"
    clip_.trap_text(
        "each alone",
        slip(CLIP, (SHORTENED, ALONE), (OTHERWISE, "clipped = " + ALONE), (NORM, norms)),
    )
clip_.trap_text(
    "each alone",
    """\
def clip_by_norm(grads, max_norm):
    clipped, norms = [], []
    for g in grads:
        g = np.asarray(g, dtype=float)
        n = np.linalg.norm(g)
        norms.append(n)
        clipped.append(g * max_norm / n if n > max_norm else g)
    return clipped, norms
""",
)
UP = (
    "Your gradients have the norm max_norm even where they were shorter before. Clipping cuts long "
    "ones; short ones stay as they are."
)
clip_.trap_text("scales up", slip(CLIP, ("if norm > max_norm", "if norm > 0")), hint=UP)
clip_.trap_text(
    "scales up", slip(CLIP, ("if norm > max_norm", "with np.errstate(all='ignore')"), (ELSE, ""))
)
clip_.trap_text(
    "scales up",
    slip(
        CLIP,
        ("if norm > max_norm", "if True"),
        (SHORTENED, "[g * max_norm / (norm + 1e-12) for g in grads]"),
    ),
)
clip_.trap_text(
    "short ones for long ones",
    slip(CLIP, ("if norm > max_norm", "if 0 < norm < max_norm")),
    hint="It is the wrong way round: your short gradients are made longer, and the long ones stay "
    "as they are. Which of the two should clipping leave alone?",
)
clip_.trap_text(
    "0/0",
    slip(
        CLIP,
        ("if norm > max_norm", "with np.errstate(all='ignore')"),
        (SHORTENED, "[g / norm * min(norm, max_norm) for g in grads]"),
        (ELSE, ""),
    ),
    hint="Zero gradients became nan: you divide by a norm of 0.",
)
clip_.trap_text(
    "the norm after clipping",
    slip(CLIP, ("return clipped, norm", "return clipped, min(norm, max_norm)")),
    hint="The gradients are right. The norm that you return is the one after clipping, which is "
    "known anyway; the one before says how steep it was.",
)
clip_.trap_text(
    "entry by entry",
    slip(CLIP, (SHORTENED, CUT)),
    hint="You cut each number for itself. That bends the gradient: its direction should stay.",
)
clip_.trap_text(
    "entry by entry",
    slip(CLIP, (SHORTENED, CUT), (OTHERWISE, "clipped = " + CUT)),
)
clip_.trap_text(
    "no root",
    slip(CLIP, (ROOT, "sum(np.sum(g**2) for g in grads)")),
    hint="Your norm is the sum of the squares. A length is its root.",
)
clip_.trap_text(
    "the norms are added",
    slip(CLIP, (ROOT, "sum(np.linalg.norm(g) for g in grads)")),
    hint="You add the gradients' norms. The norm of all together is the length of one long vector "
    "that holds all their numbers: 3 and 4 make 5.",
)
clip_.trap_text(
    "nothing is clipped",
    slip(CLIP, ("if norm > max_norm", "if False")),
    hint="Your gradients come back as they were, also where their norm is above max_norm.",
)
clip_.trap_text(
    "the norm is missing",
    slip(CLIP, ("return clipped, norm", "return clipped")),
    hint="You return the gradients alone. Asked for is a pair: the gradients, and the norm that "
    "all of them had before clipping.",
)
clip_.trap_text(
    "cut, but not to max_norm",
    slip(CLIP, ("g * max_norm / norm", "g / norm")),
    hint="You shorten to a norm of 1, whatever max_norm is.",
)


@clip_.wrong
def clip_by_norm(grads, max_norm):
    return [np.sign(g) * max_norm for g in grads], max_norm


@clip_.wrong
def clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    return norm, [np.asarray(g) * min(1, max_norm / (norm + 1e-9)) for g in grads]


@clip_.wrong
def clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    for i, g in enumerate(grads):
        grads[i] = np.asarray(g) * min(1, max_norm / max(norm, 1e-12))
    return grads, norm


# -- gru_step ------------------------------------------------------------------------------------

gru_ = chapter.exercise("gru_step", points=3, accept=accept.close())


@gru_.inputs
def inputs(rng):
    yield from steps(rng, gates=3)


@gru_.reference
def gru_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    H = h.shape[1]
    s = x @ Wx + b
    rz = 1 / (1 + np.exp(-(s[:, : 2 * H] + h @ Wh[:, : 2 * H])))
    r, z = rz[:, :H], rz[:, H:]
    n = np.tanh(s[:, 2 * H :] + (r * h) @ Wh[:, 2 * H :])
    return (1 - z) * n + z * h


@gru_.right
def gru_step(x, h, Wx, Wh, b):
    Wr, Wz, Wn = np.split(np.array(Wx), 3, axis=1)
    Ur, Uz, Un = np.split(np.array(Wh), 3, axis=1)
    br, bz, bn = np.split(np.array(b), 3)

    def sigma(s):
        return 0.5 * np.tanh(0.5 * s) + 0.5

    r = sigma(np.dot(x, Wr) + np.dot(h, Ur) + br)
    z = sigma(np.dot(x, Wz) + np.dot(h, Uz) + bz)
    n = np.tanh(np.dot(x, Wn) + np.dot(r * np.array(h), Un) + bn)
    return n + z * (np.array(h) - n)


@gru_.right
def gru_step(x, h, Wx, Wh, b):
    import math

    H = len(h[0])
    new = []
    for xn, hn in zip(x, h, strict=True):

        def total(j, state):
            s = b[j] + sum(v * Wx[d][j] for d, v in enumerate(xn))
            return s + sum(v * Wh[k][j] for k, v in enumerate(state))

        r = [1 / (1 + math.exp(-total(j, hn))) for j in range(H)]
        z = [1 / (1 + math.exp(-total(H + j, hn))) for j in range(H)]
        kept = [a * c for a, c in zip(r, hn, strict=True)]
        n = [math.tanh(total(2 * H + j, kept)) for j in range(H)]
        new.append([(1 - z[j]) * n[j] + z[j] * hn[j] for j in range(H)])
    return new


GRU = """\
def gru_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    sigmoid = lambda s: 1 / (1 + np.exp(-s))
    Wr, Wz, Wn = np.split(Wx, 3, axis=1)
    Ur, Uz, Un = np.split(Wh, 3, axis=1)
    br, bz, bn = np.split(b, 3)
    r = sigmoid(x @ Wr + h @ Ur + br)
    z = sigmoid(x @ Wz + h @ Uz + bz)
    n = np.tanh(x @ Wn + (r * h) @ Un + bn)
    return (1 - z) * n + z * h
"""
CANDIDATE = "(r * h) @ Un + bn"
gru_.trap_text(
    "update gate swapped",
    slip(GRU, ("(1 - z) * n + z * h", "z * n + (1 - z) * h")),
    hint="Where the update gate's sum is large your unit takes the candidate. In this course it "
    "keeps then: z, the sigmoid of that sum, is the share of the old state. (Some papers have it "
    "the other way round.)",
)
AFTER = (
    "Your reset gate acts on h @ Un, after the product. Here it acts before: the candidate's "
    "matrix gets to see only what the gate lets through. (torch does it your way.)"
)
gru_.trap_text("r after the product", slip(GRU, (CANDIDATE, "r * (h @ Un) + bn")), hint=AFTER)
gru_.trap_text("r after the product", slip(GRU, (CANDIDATE, "r * (h @ Un + bn)")))
gru_.trap_text(
    "r after the product and update gate swapped",
    slip(GRU, (CANDIDATE, "r * (h @ Un) + bn"), ("(1 - z) * n + z * h", "z * n + (1 - z) * h")),
    hint="Two things: which of z and 1 − z belongs to the old state, and whether the reset gate "
    "acts before the product with Un or after it.",
)
GATES = (
    "Your gates sit on other columns than they should. They are packed r, z, n: which H columns "
    "belong to which?"
)
for order in permutations("rzn"):
    if "".join(order) != "rzn":
        names = [", ".join(f"{letter}{gate}" for gate in order) for letter in "WUb"]
        gru_.trap_text(
            "gates in another order",
            slip(GRU, ("Wr, Wz, Wn", names[0]), ("Ur, Uz, Un", names[1]), ("br, bz, bn", names[2])),
            hint=GATES,
        )
gru_.trap_text(
    "no reset",
    slip(GRU, ("(r * h) @ Un", "h @ Un")),
    hint="r is computed and never used, or has no effect. It says how much of the old state the "
    "candidate may see.",
)
gru_.trap_text(
    "r resets the input",
    slip(GRU, ("x @ Wn + (r * h) @ Un", "(r * (x @ Wn)) + h @ Un")),
    hint="Your reset gate acts on the input's part. It is the old state that it may hold back.",
)
gru_.trap_text(
    "sigmoid in the candidate",
    slip(GRU, ("n = np.tanh(", "n = sigmoid(")),
    hint="Gates lie between 0 and 1, but the candidate is a state: between −1 and 1, by tanh.",
)
gru_.trap_text(
    "no candidate's tanh",
    slip(GRU, ("n = np.tanh(", "n = (")),
    hint="Your candidate is the bare sum. It may become a state, so it lies between −1 and 1.",
)
gru_.trap_text(
    "1 − r for r",
    slip(GRU, ("(r * h)", "((1 - r) * h)")),
    hint="Your reset gate hides the old state where it is 1. It says how much the candidate sees.",
)
gru_.trap_text(
    "tanh in the gates",
    slip(GRU, ("r = sigmoid(", "r = np.tanh("), ("z = sigmoid(", "z = np.tanh(")),
    hint="A gate is a share, between 0 and 1. Yours can be negative: which function has the right "
    "range?",
)
gru_.trap_text(
    "b is forgotten", slip(GRU, (" + br", ""), (" + bz", ""), (" + bn", "")), hint=B_LEFT_OUT
)
gru_.trap_text(
    "nothing is kept",
    slip(GRU, ("(1 - z) * n + z * h", "n")),
    hint="The old state has no share of its own in your new one: only the candidate has. The "
    "update gate mixes the two.",
)
gru_.trap_text(
    "nothing is kept",
    slip(GRU, ("(1 - z) * n + z * h", "(1 - z) * n")),
)


@gru_.wrong
def gru_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    return np.tanh(x @ Wx + h @ Wh + b)


@gru_.wrong
def gru_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    r, z, n = np.split(1 / (1 + np.exp(-(x @ Wx + h @ Wh + b))), 3, axis=1)
    return (1 - z) * n + z * h


@gru_.wrong
def gru_step(x, h, Wx, Wh, b):
    x, h, Wx, Wh, b = (np.asarray(a) for a in (x, h, Wx, Wh, b))
    (Wr, Wz, Wn), (Ur, Uz, Un) = np.split(Wx, 3, axis=1), np.split(Wh, 3, axis=1)
    br, bz, bn = np.split(b, 3)
    r = 1 / (1 + np.exp(-(x @ Wr + h @ Ur + br)))
    z = 1 / (1 + np.exp(-(x @ Wz + h @ Uz + bz)))
    n = np.tanh(x @ Wn + (r * h) @ Un + bn)
    return np.tanh((1 - z) * n + z * h)


# -- lstm_step -----------------------------------------------------------------------------------

lstm_ = chapter.exercise("lstm_step", points=3, accept=accept.close())


@lstm_.inputs
def inputs(rng):
    yield from steps(rng, gates=4, states=2)


@lstm_.reference
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(a) for a in (x, h, c, Wx, Wh, b))
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-s)) for s in (i, f, o))
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


@lstm_.right
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c = np.array(x), np.array(h), np.array(c)
    Wx, Wh, b = np.array(Wx), np.array(Wh), np.array(b)
    H = len(Wh)

    def gate(k, act):
        cols = slice(k * H, (k + 1) * H)
        return act(x @ Wx[:, cols] + h @ Wh[:, cols] + b[cols])

    sigma = lambda s: 0.5 * (1 + np.tanh(s / 2))
    c_new = gate(1, sigma) * c + gate(0, sigma) * gate(2, np.tanh)
    return [gate(3, sigma) * np.tanh(c_new), c_new]


@lstm_.right
def lstm_step(x, h, c, Wx, Wh, b):
    s = np.einsum("nd,dg->ng", x, Wx) + np.einsum("nh,hg->ng", h, Wh) + b
    s = s.reshape(len(s), 4, -1)
    gates = 1 / (1 + np.exp(-s))
    new = gates[:, 1] * c + gates[:, 0] * np.tanh(s[:, 2])
    return gates[:, 3] * np.tanh(new), new


LSTM = """\
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(a) for a in (x, h, c, Wx, Wh, b))
    sigmoid = lambda s: 1 / (1 + np.exp(-s))
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new
"""
ORDER = (
    "Your gates sit on other columns than they should. They are packed i, f, g, o, where g is the "
    "candidate: which H columns belong to which?"
)
for order in permutations("ifgo"):
    if "".join(order) != "ifgo":
        split = ", ".join(order) + " = np.split"
        lstm_.trap_text("gate order", slip(LSTM, ("i, f, g, o = np.split", split)), hint=ORDER)
NO_TANH = (
    "The cell is right, the state is not: what the output gate lets out is the cell after a tanh, "
    "so that the state stays between −1 and 1."
)
lstm_.trap_text("tanh missing on c", slip(LSTM, ("o * np.tanh(c_new)", "o * c_new")), hint=NO_TANH)
lstm_.trap_text(
    "tanh missing on c",
    slip(LSTM, ("o * np.tanh(c_new)", "np.tanh(o * c_new)")),
)
SQUASHED = slip(LSTM, ("c_new = f * c + i * g", "c_new = np.tanh(f * c + i * g)"))
lstm_.trap_text(
    "tanh on the cell itself",
    SQUASHED,
    hint="You squash the cell. It is a plain sum that may grow; the tanh belongs only to what is "
    "read out.",
)
lstm_.trap_text(
    "tanh on the cell itself",
    slip(SQUASHED, ("o * np.tanh(c_new)", "o * c_new")),
)
lstm_.trap_text(
    "reads the old cell",
    slip(LSTM, ("o * np.tanh(c_new)", "o * np.tanh(c)")),
    hint="The cell is right, but your state reads the cell as it was before this step.",
)
lstm_.trap_text(
    "cell and state exchanged",
    slip(LSTM, ("return o * np.tanh(c_new), c_new", "return c_new, o * np.tanh(c_new)")),
    hint="Both results are there, in the wrong order: the new state comes first, then the cell.",
)
lstm_.trap_text(
    "sigmoid in the candidate",
    slip(LSTM, ("np.tanh(g)", "sigmoid(g)")),
    hint="Gates lie between 0 and 1. The candidate g is what may be written, and it can be "
    "negative: it needs a tanh.",
)
lstm_.trap_text(
    "no candidate's tanh",
    slip(LSTM, ("np.tanh(g)", "g")),
    hint="Your candidate is the bare sum. What may be written lies between −1 and 1.",
)
for gate in "ifo":
    lstm_.trap_text(
        "tanh in a gate",
        slip(LSTM, (f"sigmoid({gate})", f"np.tanh({gate})")),
        hint="A gate is a share, between 0 and 1. One of yours can be negative: which function has "
        "the right range?",
    )
lstm_.trap_text(
    "only the state is returned",
    slip(LSTM, ("return o * np.tanh(c_new), c_new", "return o * np.tanh(c_new)")),
    hint="You return the new state alone. The next step needs the new cell as well.",
)
lstm_.trap_text(
    "1 − f for f",
    slip(LSTM, ("f * c + i * g", "(1 - f) * c + i * g")),
    hint="Your forget gate forgets where it is 1. In spite of its name it says how much is kept.",
)
lstm_.trap_text(
    "1 − f for i",
    slip(LSTM, ("f * c + i * g", "f * c + (1 - f) * g")),
    hint="You write where you forget, as a GRU does. Here writing has a gate of its own.",
)
lstm_.trap_text(
    "1 − i for f",
    slip(LSTM, ("f * c + i * g", "(1 - i) * c + i * g")),
    hint="You keep what you do not write, as a GRU does. Here keeping has a gate of its own.",
)
lstm_.trap_text("b is forgotten", slip(LSTM, (" + b, 4", ", 4")), hint=B_LEFT_OUT)
lstm_.trap_text(
    "a bias of 1 added",
    slip(LSTM, ("sigmoid(f)", "sigmoid(f + 1)")),
    hint="You add 1 in the forget gate. A bias that starts at 1 belongs into b when the layer is "
    "made, not into the step.",
)
lstm_.trap_text(
    "the old cell is forgotten",
    slip(LSTM, ("f * c + i * g", "i * g")),
    hint="The old cell plays no part in your new one. What is the forget gate for?",
)
lstm_.trap_text(
    "the old state is forgotten",
    slip(LSTM, (" + h @ Wh", "")),
    hint="The old state h plays no part in your answer. Gates and candidate see more than x.",
)


@lstm_.wrong
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(a) for a in (x, h, c, Wx, Wh, b))
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    return o * np.tanh(f * c + i * g), f * c + i * g


@lstm_.wrong
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(a) for a in (x, h, c, Wx, Wh, b))
    i, f, g, o = np.split(1 / (1 + np.exp(-(x @ Wx + h @ Wh + b))), 4, axis=1)
    c = f * c + i * (2 * g - 1)
    return o * np.tanh(c), c


@lstm_.wrong
def lstm_step(x, h, c, Wx, Wh, b):
    x, h, c, Wx, Wh, b = (np.asarray(a) for a in (x, h, c, Wx, Wh, b))
    i, f, g, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-s)) for s in (i, f, o))
    return o * np.tanh(f * h + i * np.tanh(g)), f * h + i * np.tanh(g)


# -- memory_refutations (find the mistakes) ------------------------------------------------------

EXPLODES, FORGETS = "an_lstm_never_explodes", "an_lstm_never_forgets"
BENDS = "clipping_each_alone_keeps_the_direction"
refute_ = chapter.exercise(
    "memory_refutations", points=2, accept=accept.refutes([EXPLODES, FORGETS, BENDS])
)


@refute_.inputs
def inputs(rng):
    yield case(label="your three answers")


@refute_.reference
def memory_refutations():
    return {
        "an_lstm_never_explodes": ([0, 0, 8, 0], [0, 0, 0, 0]),
        "an_lstm_never_forgets": 1.0,
        "clipping_each_alone_keeps_the_direction": ([10.0, 0.0], [1.0]),
    }


@refute_.right
def memory_refutations():
    Wh = np.array([[0.0, 0.0, 4.0, 0.0]])
    b = np.full((1, 4), 2.0) * [1, 1, 0, 1]
    return {
        "clipping_each_alone_keeps_the_direction": [np.array([[0.6, 0.7]]), np.full(4, 50)],
        "an_lstm_never_forgets": np.array([0.75]),
        "an_lstm_never_explodes": (Wh, b),
    }


@refute_.right
def memory_refutations():
    return dict(
        an_lstm_never_explodes=[(1, 1, -10, 3), (5, 5, 0, 5)],
        an_lstm_never_forgets=np.float32(0.5),
        clipping_each_alone_keeps_the_direction=((3, 4), (0, 0, 1)),
        remark="all three are wrong",
    )


REFUTATIONS = """\
def memory_refutations():
    return {
        "an_lstm_never_explodes": ([0, 0, 8, 0], [0, 0, 0, 0]),
        "an_lstm_never_forgets": 1.0,
        "clipping_each_alone_keeps_the_direction": ([10.0, 0.0], [1.0]),
    }
"""
UNIT, BIAS, PAIR = "([0, 0, 8, 0], [0, 0, 0, 0])", "1.0,", "([10.0, 0.0], [1.0])"
for code, name, hint, examples in (
    (f"{EXPLODES}:vanishes", "a gradient that shrinks",
     "The gradient of your unit becomes smaller, not larger. Work out by what one step multiplies "
     "it near h = c = 0, and which weight carries the state back into the cell.",
     ["([0, 0, 0, 0], [0, 5, 0, 0])", "([5, 5, 0, 5], [0, 0, 0, 0])"]),
    (f"{EXPLODES}:short", "a gradient that grows too little",
     "The gradient grows, but not to 1000 within 20 steps. Which factor a step does that take, and "
     "what could be larger in your unit?",
     ["([0, 0, 2.5, 0], [0, 0, 0, 0])", "([0, 0, 1, 0], [0, 2, 0, 0])"]),
    (f"{EXPLODES}:driven", "a candidate that drives the cell away from 0",
     "Your candidate's bias drives the state away from 0, to where tanh is less steep. Set it to "
     "0; then work out by what one step multiplies, and whether that is enough.",
     ["([0, 0, 8, 0], [0, 0, 3, 0])", "([0, 0, 10, 0], [10, 10, 10, 10])",
      "([0, 0, 0, 0], [0, 0, 0.5, 0])", "([0, 0, 2.5, 0], [0, 0, 0.01, 0])"]),
    (f"{EXPLODES}:form", "not a unit's numbers",
     "A unit of an LSTM with one state has four weights from the state and four biases, packed "
     "i, f, g, o: a pair of two times four numbers, none beyond ±10.",
     ["([0, 0, 80, 0], [0, 0, 0, 0])", "[0, 0, 8, 0]"]),
    (f"{FORGETS}:keeps", "a gate that keeps more than 1 %",
     "After 20 steps more than a hundredth of the memory is left. Each step multiplies by the "
     "gate, the sigmoid of your bias: how small must the bias be?",
     ["2.0,", "5,"]),
    (f"{FORGETS}:shut", "a gate that is asked to forget",
     "A gate with so small a bias is not open far to begin with; that it forgets surprises "
     "nobody. The number has to be 0.5 or more.",
     ["-1.0,", "0.4,"]),
    (f"{BENDS}:both short", "two short gradients",
     "Neither gradient is longer than 1, so nothing is clipped. One of them has to be long.",
     ["([0.5, 0.5], [0.1])", "([0.3], [0.4])", "([1.0], [0.5])"]),
    (f"{BENDS}:alike", "a direction that hardly turns",
     "The direction turns by too little. Draw an arrow, as far to the right as the one norm says "
     "and up as the other says: at which angle does it rise before clipping, and after?",
     ["([3.0, 4.0], [5.0])", "([1.2], [0.9])", "([1000.0], [0.001])"]),
):  # fmt: skip
    refute_.difference_trap(name, code=code, hint=hint)
    old = UNIT if code.startswith(EXPLODES) else BIAS if code.startswith(FORGETS) else PAIR
    for new in examples:
        refute_.falls_into_text(name, slip(REFUTATIONS, (old, new)))


@refute_.wrong
def memory_refutations():
    return {"an_lstm_never_forgets": 1.0}


@refute_.wrong
def memory_refutations():
    return ([0, 0, 8, 0], [0, 0, 0, 0]), 1.0, ([10.0, 0.0], [1.0])


@refute_.wrong
def memory_refutations():
    return {
        "an_lstm_never_explodes": ([0, 0, 8, 0], [0, 0, 0, 0]),
        "an_lstm_never_forgets": "1.0 or so",
        "clipping_each_alone_keeps_the_direction": ([10.0, 0.0], [1.0]),
    }


# -- sample_next ---------------------------------------------------------------------------------

sample_ = chapter.exercise("sample_next", points=2, accept=accept.sampled(), probe="sampled")

DRAWS = 1000


@sample_.inputs
def inputs(rng):
    """Probabilities far apart at every temperature: each mistake misses by more than chance can."""

    def drawn(logits, temperature, label):
        return case(DRAWS, logits, temperature, seed=seed_of(rng), label=label)

    yield drawn(np.array([0.0, 1.0, 2.0, 3.0]), 2.0, "temperature 2")
    yield drawn([1.0, -1.0, 2.5], 0.5, "temperature 0.5, a list")
    yield drawn([3, 1, 2], 1, "whole numbers, temperature 1")
    yield drawn(np.array([2, 0, 4, 1], dtype=np.float32), 0.5, "float32")
    yield drawn(np.array([998.0, 1000.0, 999.0]), 1.0, "large logits")
    yield drawn(np.array([-1.0, 2.0, 0.5]), 0.01, "temperature 0.01")
    nearly = 0.1 * rng.normal(size=8)
    yield drawn(nearly, 1.0, "eight items that are nearly equal")
    yield drawn(nearly[::-1].copy(), 1.0, "eight items that are nearly equal")
    spread = rng.permutation([-6.0, -3.0, 0.0, 3.0, 6.0]) + 0.1 * rng.normal(size=5)
    yield drawn(spread, 3.0, "temperature 3")
    yield case(20, [1.0, 3.0, 3.0, 2.0], 0, seed=seed_of(rng), label="temperature 0, a tie")
    yield case(
        20, np.array([-1.0, -3.0, 0.5, 0.5]), 0.0, seed=seed_of(rng), label="temperature 0, a tie"
    )
    yield case(20, [5, 2, 4], 0.0, seed=seed_of(rng), label="temperature 0")


@sample_.reference
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    e = np.exp((logits - logits.max()) / temperature)
    return int(rng.choice(len(e), p=e / e.sum()))


@sample_.right
def sample_next(logits, temperature, rng):
    # Gumbel's trick
    logits = np.asarray(logits)
    if temperature > 0:
        logits = logits / temperature + rng.gumbel(size=len(logits))
    return logits.argmax()


@sample_.right
def sample_next(logits, temperature, rng):
    import math

    best = max(logits)
    if not temperature:
        return list(logits).index(best)
    shares = [math.exp((s - best) / temperature) for s in logits]
    mark = rng.random() * sum(shares)
    for i, share in enumerate(shares):
        mark -= share
        if mark < 0:
            return i
    return len(shares) - 1


@sample_.right
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return np.int32(np.argmax(logits))
    s = np.array(logits, dtype=float) / temperature
    p = np.exp(s - np.logaddexp.reduce(s))
    return np.searchsorted(np.cumsum(p / p.sum()), rng.uniform(), side="right")


SAMPLE = """\
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    s = logits / temperature
    p = np.exp(s - s.max())
    p = p / p.sum()
    return int(rng.choice(len(p), p=p))
"""
COLD, DRAW = "if temperature == 0:", "int(rng.choice(len(p), p=p))"
MULTIPLIES = (
    "At temperature 2 your draws are sharper than at 1, and at 0.5 flatter: it works the wrong way "
    "round. Hot should mean more even chances."
)
for code, name, hint, examples in (
    # the first two come first: of a draw without exp one temperature's shares look even, and of
    # one from a softmax of a softmax another's look multiplied
    ("no exp", "no exponential",
     "Your probabilities are the logits, shifted or not, divided by their sum. Logits become "
     "probabilities by the softmax.",
     [("p = np.exp(s - s.max())", "p = s - s.min()"), ("p = np.exp(s - s.max())", "p = s")]),
    ("uniform", "all equally likely",
     "For some logits that are far from equal every item comes about equally often. Did you hand "
     "the probabilities to the generator? If so, look at them: what has made them so even?",
     [(DRAW, "int(rng.integers(len(p)))")]),
    ("uniform", "all equally likely", "",
     [(DRAW, "rng.choice(len(p))"),
      ("s = logits / temperature",
       "s = np.exp(logits - logits.max())\n    s = s / s.sum() / temperature")]),
    ("multiplied", "multiplies", MULTIPLIES, [
        ("logits / temperature", "logits * temperature"),
        ("logits / temperature", "temperature * logits"),
        ("logits / temperature", "logits / (1 / temperature)"),
    ]),
    ("ignored", "temperature without effect",
     "Your draws are those of temperature 1, whatever the temperature is.",
     [("logits / temperature", "logits")]),
    ("ignored", "temperature without effect", "", [
        ("p = p / p.sum()", "p = np.exp(logits - logits.max())\n    p = p / p.sum()"),
        ("p = p / p.sum()", "p = p / temperature\n    p = np.exp(logits - logits.max())\n"
         "    p = p / p.sum()"),
    ]),
    ("always the same", "a generator of its own",
     "For some logits you draw the same item each time, though others have a chance. Two places "
     "are worth a look: a generator that is made anew in each call starts from the beginning each "
     "time, and large numbers in an exponential make probabilities nan.",
     [(DRAW, "int(np.random.default_rng(0).choice(len(p), p=p))"),
      (DRAW, "int(np.random.default_rng(4).choice(len(p), p=p))")]),
    ("always the same", "a generator of its own", "", [
        ("p = np.exp(s - s.max())\n    p = p / p.sum()\n    return " + DRAW,
         "with np.errstate(all='ignore'):\n        p = np.exp(s) / np.exp(s).sum()\n"
         "    return int(np.searchsorted(np.cumsum(p), rng.random()))"),
    ]),
    ("always the largest", "always the likeliest",
     "You always take the likeliest item. That is temperature 0; above 0 the others have their "
     "chance.", [(DRAW, "int(np.argmax(p))")]),
    ("seed", "another seed each time",
     "Two generators with the same seed gave different draws. Draw from rng and from nothing else.",
     [(DRAW, "int(np.random.choice(len(p), p=p))"),
      (DRAW, "int(np.random.default_rng().choice(len(p), p=p))")]),
    ("raised:ValueError", "probabilities that are refused",
     "Your function raises an error. The generator does so where probabilities do not add up to 1, "
     "or one is negative or nan. They are nan after a division by a temperature of 0, and after "
     "large numbers in an exponential.",
     [(COLD, "if temperature < 0:"), ("s - s.max()", "s"), ("p = p / p.sum()", "p = p / 1")]),
    ("raised:ZeroDivisionError", "divides by a temperature of 0",
     "You divide by the temperature even where it is 0. What is meant there instead?",
     [(COLD + "\n        return int(np.argmax(logits))\n    s = logits / temperature",
       "s = logits * (1 / temperature)")]),
    ("not the largest", "temperature 0 is not the likeliest",
     "At temperature 0 you do not take the likeliest item.",
     [("int(np.argmax(logits))", "int(np.argmin(logits))"),
      ("int(np.argmax(logits))", "int(rng.integers(len(logits)))")]),
    ("tie", "not the first of the largest",
     "At temperature 0 two items are equally good, and you do not always take the first.",
     [("int(np.argmax(logits))", "len(logits) - 1 - int(np.argmax(logits[::-1]))"),
      (COLD, "temperature = max(temperature, 1e-9)\n    if temperature == 0:"),
      ("int(np.argmax(logits))", "int(rng.choice(np.flatnonzero(logits == logits.max())))")]),
    ("array", "an array for an int",
     "You return an array or a list. A draw is one whole number, the place of one item.",
     [(DRAW, "rng.choice(len(p), 1, p=p)"), (DRAW, "rng.multinomial(1, p)"), (DRAW, "p")]),
):  # fmt: skip
    sample_.difference_trap(name, code=code, hint=hint or None)
    for change in examples:
        sample_.falls_into_text(name, slip(SAMPLE, change))


@sample_.wrong
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return float(np.argmax(logits))
    p = np.exp((logits - logits.max()) / temperature)
    return float(rng.choice(len(p), p=p / p.sum()))


@sample_.wrong
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    p = np.exp((logits - logits.max()) / temperature)
    return p / p.sum()


@sample_.wrong
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    p = np.exp((logits - logits.max()) / temperature**2)
    return int(rng.choice(len(p), p=p / p.sum()))


# -- train_memory (the project) ------------------------------------------------------------------

# Of the unseen sequences, in 60 runs each: a GRU like the reference got 96 to 100 per cent right,
# a plain RNN trained in the same way and a network that looks at the last steps 20 to 32.
ENOUGH = 0.75

project_ = chapter.exercise(
    "train_memory", points=4, accept=accept.recognised(at_least=ENOUGH), probe="trained"
)


def marked(rng, T, N, mix, names):
    """Sequences (T, N, 6) and labels (N,): the letter that is shown at the marked step.

    A step shows one of four letters; one step of the first half bears the mark. Six sensors see a
    mixture of the five signals, with some noise.
    """
    letters, at = rng.integers(4, size=(T, N)), rng.integers(T // 2, size=N)
    signals = np.zeros((T, N, 5))
    signals[np.arange(T)[:, None], np.arange(N), letters] = 1
    signals[at, np.arange(N), 4] = 1
    x = signals @ mix + 0.1 * rng.normal(size=(T, N, 6))
    return x.astype(np.float32), names[letters[at, np.arange(N)]]


@project_.inputs
def inputs(rng):
    """400 sequences of 12 steps to learn from and 600 of 20; what the sensors see is drawn anew."""
    mix, names = np.linalg.qr(rng.normal(size=(6, 6)))[0][:5], rng.permutation(4)
    X, t = marked(rng, 12, 400, mix, names)
    unseen, truth = marked(rng, 20, 600, mix, names)
    yield case(X, t, unseen, seed_of(rng), label="400 sequences", truth=(t, truth))


@project_.reference
def train_memory(X, t, rng):
    from dlkit import nn, optim, training

    layer = nn.GRU(6, 24, rng=rng)
    layer.params["b"][24:48] = 2  # keep, to begin with
    last = nn.Linear(24, 4, rng=rng)
    loss = nn.SoftmaxCrossEntropy()
    optimizers = [optim.Adam(layer, lr=0.01), optim.Adam(last, lr=0.01)]
    X = np.asarray(X, dtype=float)
    for _ in range(20):
        for rows in training.minibatches(np.arange(400), np.arange(400), 25, rng):
            rows = rows[0]
            hs = layer(X[:, rows])
            loss(last(hs[-1]), t[rows])
            dh = np.zeros_like(hs)
            dh[-1] = last.backward(loss.backward())
            layer.backward(dh)
            for part in (layer, last):
                part.grads = optim.clip_by_norm(part.grads, 1.0)[0]
            for optimizer in optimizers:
                optimizer.step()
    return lambda X: last(layer(np.asarray(X, dtype=float))[-1]).argmax(axis=1)


@project_.right
def train_memory(X, t, rng):
    import torch

    torch.manual_seed(int(rng.integers(2**31)))
    lstm, last = torch.nn.LSTM(6, 32), torch.nn.Linear(32, 4)
    with torch.no_grad():
        lstm.bias_ih_l0[32:64] = 3.0
    optimizer = torch.optim.Adam([*lstm.parameters(), *last.parameters()], lr=0.01)
    X, t = torch.tensor(X), torch.tensor(t)
    for _ in range(20):
        for rows in torch.randperm(400).split(25):
            loss = torch.nn.functional.cross_entropy(last(lstm(X[:, rows])[0][-1]), t[rows])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)
            optimizer.step()

    @torch.no_grad()
    def predict(X):
        return last(lstm(torch.tensor(X))[0][-1]).argmax(dim=1).numpy()

    return predict


@project_.right
def train_memory(X, t, rng):
    # no network: steps are few kinds of things, and one kind comes once in each sequence
    points = X.reshape(-1, 6).astype(float)
    centres = points[:1]
    for _ in range(7):
        far = ((points[:, None] - centres) ** 2).sum(-1).min(1)
        centres = np.vstack([centres, points[far.argmax()]])
    for _ in range(10):
        near = ((points[:, None] - centres) ** 2).sum(-1).argmin(1)
        centres = np.array([points[near == k].mean(0) for k in range(8)])
    seen = lambda X: ((X[:, :, None] - centres) ** 2).sum(-1).argmin(-1)
    rare = np.argsort(np.bincount(seen(X).ravel(), minlength=8))[:4]
    which = lambda X: (seen(X)[:, :, None] == rare).any(0).argmax(1)
    labels = np.array([np.bincount(t[which(X) == k], minlength=4).argmax() for k in range(4)])
    return lambda X: labels[which(X)]


project_.difference_trap(
    "guesses",
    code="guesses",
    hint="On unseen sequences that is hardly better than guessing. Does what you train remember a "
    "step long past? And does it use the last state, whatever the number of steps?",
)
project_.difference_trap(
    "learned by heart",
    code="learned by heart",
    hint="Of its own 400 sequences it gets many more right than of others. Those are longer: the "
    "mark comes at another distance from the end. Has it learned where things stood, and not what "
    "they are?",
)
project_.difference_trap(
    "not trained enough",
    code="short",
    hint="It has learned something, and not enough. Look at the loss over the epochs: does it "
    "still fall, does it jump? Bias of the gates, learning rate, clipping, epochs are your knobs.",
)
project_.difference_trap(
    "scores instead of labels",
    code="scores",
    hint="predict gives a table, with a row for each sequence. Asked for is one label a sequence.",
)


@project_.falls_into("guesses")
def train_memory(X, t, rng):
    return lambda X: rng.integers(4, size=X.shape[1])


@project_.falls_into("guesses")
def train_memory(X, t, rng):
    from dlkit import nn, optim

    layer, last, loss = nn.RNN(6, 24, rng=rng), nn.Linear(24, 4, rng=rng), nn.SoftmaxCrossEntropy()
    optimizers = [optim.Adam(part, lr=0.01) for part in (layer, last)]
    for _ in range(60):
        rows = rng.integers(400, size=25)
        hs = layer(X[:, rows].astype(float))
        loss(last(hs[-1]), t[rows])
        dh = np.zeros_like(hs)
        dh[-1] = last.backward(loss.backward())
        layer.backward(dh)
        for optimizer in optimizers:
            optimizer.step()
    return lambda X: last(layer(X.astype(float))[-1]).argmax(axis=1)


@project_.falls_into("learned by heart")
def train_memory(X, t, rng):
    known = np.array(X).transpose(1, 0, 2).reshape(len(t), -1)

    def predict(X):
        rows = X[:12].transpose(1, 0, 2).reshape(X.shape[1], -1)
        return np.array([t[((known - row) ** 2).sum(axis=1).argmin()] for row in rows])

    return predict


@project_.falls_into("scores instead of labels")
def train_memory(X, t, rng):
    return lambda X: np.zeros((X.shape[1], 4))


@project_.falls_into("not trained enough")
def train_memory(X, t, rng):
    # right for about one in two: knows the answer and gives it half of the time
    points = X.reshape(-1, 6).astype(float)
    centres = points[:1]
    for _ in range(7):
        far = ((points[:, None] - centres) ** 2).sum(-1).min(1)
        centres = np.vstack([centres, points[far.argmax()]])
    for _ in range(10):
        near = ((points[:, None] - centres) ** 2).sum(-1).argmin(1)
        centres = np.array([points[near == k].mean(0) for k in range(8)])
    seen = lambda X: ((X[:, :, None] - centres) ** 2).sum(-1).argmin(-1)
    rare = np.argsort(np.bincount(seen(X).ravel(), minlength=8))[:4]
    which = lambda X: (seen(X)[:, :, None] == rare).any(0).argmax(1)
    labels = np.array([np.bincount(t[which(X) == k], minlength=4).argmax() for k in range(4)])
    return lambda X: np.where(np.arange(X.shape[1]) % 2, labels[which(X)], 0)


@project_.wrong
def train_memory(X, t, rng):
    return lambda X: np.zeros(X.shape[0], dtype=int)


@project_.wrong
def train_memory(X, t, rng):
    return rng.integers(4, size=600)


@project_.wrong
def train_memory(X, t, rng):
    return lambda X: ["a"] * X.shape[1]


# -- the quiz ------------------------------------------------------------------------------------

chapter.quiz(
    q1=choice(
        "c",
        a="Words that never occurred get probability 0, and so does every sentence with one: that "
        "is a flaw of the counts, and not what the chain rule says.",
        b="That is a bigram's approximation. The chain rule itself leaves nothing out.",
        d="Independent words would need no conditions at all; the order would not matter.",
    ),
    q2=choice(
        "b",
        a="10,000 is the number of words, and a table of pairs has a row for each of them.",
        c="That is the table of pairs, with 10⁸ entries. Here two words are known, one is to come.",
        d="The table grows by a factor with each word more, not by a summand.",
    ),
    q3=choice(
        "a",
        b="Wh leads from one state to the next. Its size is that of the state, at every step.",
        c="Each step has an input and a state of its own; the weights are one set.",
        d="The number of steps appears in no shape of Wx, Wh and b.",
    ),
    q4=choice(
        "d",
        a="That is h₅'s number: it feeds L₅ alone.",
        b="That is h₄'s number: L₄, and L₅ through h₅. h₁ can do all that, and more.",
        c="The paths end at losses. Do not forget the loss of step 1 itself.",
    ),
    q5=choice(
        "b",
        a="0.9 is one step's factor. The gradient has to go through 44 of them.",
        c="That would be 0.9 to the power of 40. There are four steps more.",
        d="A factor below 1 never makes anything larger.",
    ),
    q6=choice(
        "a",
        b="In this course z keeps. Papers differ, so always look at the formula.",
        c="The reset gate decides what the candidate sees. With z = 1, who uses the candidate?",
        d="That would take z = ½ and a candidate of 0.",
    ),
    q7=choice(
        "c",
        a="Halving a logit is what temperature 2 does to all of them, and it flattens.",
        b="The largest stays the largest at every temperature; its share does not stay.",
        d="Only at temperature 0 is all on one item.",
    ),
    q8=choice(
        "d",
        a="A longer text has a smaller probability, but perplexity is taken per token.",
        b="The units differ: a character is a smaller step than a word, so it is easier to guess.",
        c="It chooses less often, and each time among more. Which of the two counts for more?",
    ),
)
chapter.written(points=2)
