"""Does a function tell cases apart by inequalities one after another, as no single unit can?

One threshold has two outcomes: `return 1` and `return 0`, in any layout. Three or more outcomes in
one function, or a band such as `0 < s < 2`, are cases that a person sorted, not a unit. Branches on
something else (`if name == "AND"`) are alternatives: the one with most outcomes counts.
"""

import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
INEQUALITIES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


def has_chain(function: ast.AST) -> bool:
    """True for a chain of cases in this function's own body (or that of a lambda)."""
    own = list(_own_nodes(function))
    statements = [] if isinstance(function, ast.Lambda) else function.body
    return (
        _outcomes(statements, _returned) > 2
        or any(_outcomes(statements, _sets(name)) > 2 for name in _decided(own))
        or any(_leaves(node) > 2 for node in own if isinstance(node, ast.IfExp))
        or any(_is_band(node) for node in own)
    )


def _own_nodes(function):
    """The nodes of a function without those of functions inside it and without asserts."""
    queue = list(ast.iter_child_nodes(function))
    while queue:
        node = queue.pop(0)
        if not isinstance(node, (*DEFINITIONS, ast.Assert)) and not _refuses(node):
            yield node
            queue += ast.iter_child_nodes(node)


def _refuses(node):
    return isinstance(node, ast.If) and all(isinstance(part, ast.Raise) for part in node.body)


def _is_threshold(node):
    """An `if` (statement or expression) on an inequality."""
    return isinstance(node, ast.If | ast.IfExp) and any(
        isinstance(sub, ast.Compare) and any(isinstance(op, INEQUALITIES) for op in sub.ops)
        for sub in ast.walk(node.test)
    )


def _outcomes(statements, weigh):
    """How many outcomes a block has, if a threshold decides about any of them; else 0."""
    decided = any(
        _is_threshold(node) and any(weigh(sub) for sub in ast.walk(node))
        for statement in statements
        for node in ast.walk(statement)
    )
    return _count(statements, weigh) if decided else 0


def _count(statements, weigh):
    total = 0
    for position, node in enumerate(statements):
        if isinstance(node, DEFINITIONS) or _refuses(node):
            continue
        if not isinstance(node, ast.If):
            blocks = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
            total += weigh(node) + sum(_count(block, weigh) for block in blocks)
            continue
        below, otherwise = _count(node.body, weigh), _count(node.orelse, weigh)
        if _is_threshold(node):
            total += below + otherwise
        elif isinstance(node.body[-1], ast.Return) and not node.orelse:
            return total + max(below, _count(statements[position + 1 :], weigh))
        else:
            total += max(below, otherwise)
    return total


def _returned(node):
    if not isinstance(node, ast.Return) or node.value is None:
        return 0
    return 1 if isinstance(node.value, ast.Constant) else 2


def _sets(name):
    """1 for a statement that sets `name` to a constant."""

    def weigh(node):
        return int(
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        )

    return weigh


def _decided(own):
    """The names that are set to a constant somewhere."""
    assigns = [node for node in own if isinstance(node, ast.Assign)]
    return {
        target.id
        for node in assigns
        if isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _leaves(node):
    """The number of outcomes of a conditional expression."""
    if not isinstance(node, ast.IfExp):
        return 1 if isinstance(node, ast.Constant) else 2
    both = _leaves(node.body), _leaves(node.orelse)
    if _is_threshold(node):
        return sum(both)
    return max(both)


def _is_band(node):
    return (
        isinstance(node, ast.Compare) and sum(isinstance(op, INEQUALITIES) for op in node.ops) > 1
    )
