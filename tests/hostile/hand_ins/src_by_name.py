# Attack: the operator is named in a text, in an attribute and in a decorator.
# expect: base=right outcome=graded lost=xor
# --- answer xor
def use(function):
    return lambda given: function
@use(lambda a, b: int(getattr(a, "__x" + "or__")(b) > 0))
def xor(x1, x2):
    return int(x1 + x2 > 0)
