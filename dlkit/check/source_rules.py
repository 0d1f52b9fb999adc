"""Source rules: what a student's code must not be built from, seen in its syntax tree.

A rule is data, `{"rule": name, ...}`, so that it can be stored with a chapter's checks. It looks
at the functions that the exercise's function can reach in the student's own code, never at cells
around them: a self-test such as `assert xor(0, 1) != 0` beside the function costs nothing.
"""

import ast

from dlkit.check.if_chains import FUNCTIONS, has_chain
from dlkit.check.source import Source, TooLarge

REPACKING = {"int", "bool", "str", "float", "tuple", "list", "len", "sum", "array", "asarray"}
# what runs code that no rule can see, or names an operator without writing it
HIDING = {"eval", "exec", "compile", "getattr", "globals", "locals", "vars", "__import__"}
HIDING |= {"get_ipython", "operator.attrgetter", "operator.methodcaller", "sys.modules"}
HIDING |= {"importlib.import_module", "builtins"}
_PLAIN = "init call name doc class int float iter next len add radd sub rsub mul rmul matmul neg"
_PLAIN_METHODS = {f"__{name}__" for name in [*_PLAIN.split(), "gt", "ge", "lt", "le", "truediv"]}
OPERATORS = (ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


# -- making rules (what an author writes) --------------------------------------------------------


def uses(nodes=(), calls=()) -> dict:
    """Syntax nodes by name ("BitXor", "NotEq", "Mod") or functions by full name ("numpy.abs")."""
    return {"rule": "uses", "nodes": list(nodes), "calls": list(calls)}


def calls_on_inputs(calls) -> dict:
    """Functions by full name ("max", "numpy.prod"), called with the function's own arguments."""
    return {"rule": "calls_on_inputs", "calls": list(calls)}


def looks_up_inputs() -> dict:
    """A table (dict, list, array) indexed by the function's own arguments, or `.get` with them."""
    return {"rule": "looks_up_inputs"}


def branches_on_inputs() -> dict:
    """Cases told apart by ==, !=, `is`, `in`, `match`, or the bare truth of the arguments.

    An inequality (`if w1*x1 + w2*x2 + b > 0`) is a unit's threshold and is allowed.
    """
    return {"rule": "branches_on_inputs"}


def multiplies_inputs() -> dict:
    """A product of two of the function's own arguments, or a power of an expression with them."""
    return {"rule": "multiplies_inputs"}


def lacks_threshold(units=()) -> dict:
    """No inequality anywhere and none of the `units` (names of trusted functions) called."""
    return {"rule": "lacks_threshold", "units": list(units)}


def sorts_cases(units=()) -> dict:
    """Three outcomes or more told apart by inequalities in one function, or a band `0 < s < 2`.

    One `if` with two outcomes is a unit's threshold and is allowed; `units` are not looked into.
    """
    return {"rule": "sorts_cases", "units": list(units)}


def borrows(*modules: str) -> dict:
    """The name comes from one of these modules, is derived from it, or leans on it."""
    return {"rule": "borrows", "modules": list(modules)}


def undefined() -> dict:
    """The name is not defined by `def` or as a lambda in the notebook's own code."""
    return {"rule": "undefined"}


def matches(rule: dict, source: Source, name: str) -> bool:
    """Does the student's function `name` break the rule? Code that hides from the rule does."""
    kind = rule["rule"]
    if kind == "undefined":
        made = source.definitions.get(name, [None])
        return not isinstance(made[-1], (*FUNCTIONS, ast.ClassDef))
    try:
        nodes = source.reachable(name)
        if kind == "uses" and source.is_hidden(name):
            return True
        if not nodes:
            return kind == "lacks_threshold"
        return _RULES[kind](rule, source, nodes)
    except (TooLarge, RecursionError):  # larger, or nested deeper, than what a person writes
        return True


# -- finding them --------------------------------------------------------------------------------


def _walk(nodes):
    """Every node of the definitions, without tests that only refuse bad input."""
    for node in nodes:
        queue = [node]
        while queue:
            current = queue.pop()
            if isinstance(current, ast.Assert):
                continue
            if _only_raises(current):
                queue.extend(current.orelse)
                continue
            yield current
            queue.extend(ast.iter_child_nodes(current))


def _only_raises(node):
    return isinstance(node, ast.If) and all(isinstance(part, ast.Raise) for part in node.body)


def _uses(rule, source, nodes):
    for node in _walk(nodes):
        if _hides(node, source):
            return True
        if isinstance(node, OPERATORS):
            continue  # looked at together with its operands
        if type(node).__name__ in rule["nodes"]:
            return True
        if isinstance(node, ast.BinOp | ast.AugAssign) and _text_formatting(node):
            continue
        operator = getattr(node, "op", None)
        if type(operator).__name__ in rule["nodes"]:
            return True
        if isinstance(node, ast.Compare) and any(
            type(op).__name__ in rule["nodes"] for op in node.ops
        ):
            return True
        if isinstance(node, ast.Name | ast.Attribute) and source.dotted(node) in rule["calls"]:
            return True
    return False


def _hides(node, source):
    if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
        return node.attr.endswith("__") and node.attr not in _PLAIN_METHODS
    if isinstance(node, ast.Name) and node.id in source.definitions and node.id in HIDING:
        return False
    return isinstance(node, ast.Name | ast.Attribute) and source.dotted(node) in HIDING


def _text_formatting(node):
    left = node.left if isinstance(node, ast.BinOp) else None
    return isinstance(left, ast.Constant) and isinstance(left.value, str)


def _inputs(node):
    """The argument names of a function, and names that only repackage them, such as `(x1, x2)`."""
    if not isinstance(node, FUNCTIONS):
        return set()
    arguments = node.args
    names = {a.arg for a in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]}
    names |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a}
    for sub in ast.walk(node):
        if isinstance(sub, ast.Assign) and _repackages(sub.value, names):
            names |= {t.id for t in ast.walk(sub) if isinstance(t, ast.Name)} & _targets(sub)
    return names


def _targets(assign):
    return {t.id for target in assign.targets for t in ast.walk(target) if isinstance(t, ast.Name)}


def _repackages(value, names):
    """An expression over arguments without a comparison or a call to a unit of one's own."""
    if not _mentions(value, names):
        return False
    for sub in ast.walk(value):
        if isinstance(sub, ast.Compare):
            return False
        if isinstance(sub, ast.Call):
            called = getattr(sub.func, "id", getattr(sub.func, "attr", ""))
            if called not in REPACKING:
                return False
    return True


def _mentions(node, names):
    return any(isinstance(sub, ast.Name) and sub.id in names for sub in ast.walk(node))


def _root_with_locals(nodes):
    return nodes[0], _inputs(nodes[0])


def _borrows(rule, source, nodes):
    lenders = tuple(f"{module}." for module in rule["modules"])
    return any(
        f"{name}.".startswith(lenders)
        for node in _walk(nodes)
        for name in _full_names(node, source)
    )


def _full_names(node, source):
    """The dotted names that a node imports or refers to."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [source.dotted(node)] if isinstance(node, ast.Name | ast.Attribute) else []


def _calls_on_inputs(rule, source, nodes):
    root, names = _root_with_locals(nodes)
    return any(
        isinstance(node, ast.Call)
        and source.dotted(node.func) in rule["calls"]
        and any(_repackages(argument, names) for argument in node.args)
        for node in _walk([root])
    )


def _looks_up_inputs(rule, source, nodes):
    root, names = _root_with_locals(nodes)
    for node in _walk([root]):
        if isinstance(node, ast.Subscript) and _repackages(node.slice, names):
            return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("get", "__getitem__", "index", "item", "take")
            and any(_repackages(argument, names) for argument in node.args)
        ):
            return True
    return False


def _branches_on_inputs(rule, source, nodes):
    root, names = _root_with_locals(nodes)
    sharp = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)
    for node in _walk([root]):
        if (
            isinstance(node, ast.Compare)
            and any(isinstance(op, sharp) for op in node.ops)
            and any(_repackages(part, names) for part in [node.left, *node.comparators])
        ):
            return True
        if isinstance(node, ast.Match) and _repackages(node.subject, names):
            return True
        if isinstance(node, ast.If | ast.IfExp | ast.While) and _bare(node.test, names):
            return True
        if isinstance(node, ast.BoolOp) and any(_bare(part, names) for part in node.values):
            return True
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.Not)
            and _bare(node.operand, names)
        ):
            return True
    return False


def _bare(test, names):
    """The truth of an argument itself: `x1`, `not x1`, `x1 and x2`, `x1 - x2`."""
    if isinstance(test, ast.BoolOp):
        return any(_bare(value, names) for value in test.values)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _bare(test.operand, names)
    return _repackages(test, names)


def _multiplies_inputs(rule, source, nodes):
    root, names = _root_with_locals(nodes)
    for node in _walk([root]):
        if not isinstance(node, ast.BinOp):
            continue
        if isinstance(node.op, ast.Pow) and _repackages(node.left, names):
            return True
        if (
            isinstance(node.op, ast.Mult)
            and _scalar_mention(node.left, names)
            and _scalar_mention(node.right, names)
        ):
            return True
    return False


def _scalar_mention(node, names):
    return _repackages(node, names) and not any(
        isinstance(sub, ast.Call | ast.List | ast.Tuple) for sub in ast.walk(node)
    )


def _lacks_threshold(rule, source, nodes):
    inequality = (ast.Lt, ast.Gt, ast.LtE, ast.GtE)
    steps = {"numpy.heaviside", "numpy.greater", "numpy.less", "numpy.sign", "numpy.signbit"}
    steps |= {"operator.gt", "operator.lt", "operator.ge", "operator.le"}
    steps |= {"numpy.greater_equal", "numpy.less_equal", *rule["units"]}
    for node in _walk(nodes):
        if isinstance(node, ast.Compare) and any(isinstance(op, inequality) for op in node.ops):
            return False
        if isinstance(node, ast.Name | ast.Attribute) and source.dotted(node) in steps:
            return False
    return True


def _sorts_cases(rule, source, nodes):
    allowed = [node for name in rule["units"] for node in source.definitions.get(name, [])]
    functions = [
        sub
        for node in nodes
        if not any(node is unit for unit in allowed)
        for sub in ast.walk(node)
        if isinstance(sub, FUNCTIONS)
    ]
    return any(has_chain(function) for function in functions)


_RULES = {
    "uses": _uses,
    "borrows": _borrows,
    "calls_on_inputs": _calls_on_inputs,
    "looks_up_inputs": _looks_up_inputs,
    "branches_on_inputs": _branches_on_inputs,
    "multiplies_inputs": _multiplies_inputs,
    "lacks_threshold": _lacks_threshold,
    "sorts_cases": _sorts_cases,
}
