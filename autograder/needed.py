"""Which of a notebook's cells have to run for its marks: the student's own, and what these use.

A chapter trains and draws much that nobody is marked for. A cell of the release that nobody has
changed runs only where it sets a name that is needed, or may change what such a name stands for.
"""

import ast
import functools
import re
import symtable
from collections.abc import Iterable
from dataclasses import dataclass

from dlkit.check import cells
from dlkit.check.source import LONGEST, names_from_outside, outside_functions

# code that says one of these may reach any name, or an earlier cell's result
ANY_NAME = re.compile(
    "globals|locals|vars|eval|exec|get_ipython|__main__|modules|_getframe|currentframe"
    r"|f_(globals|locals|back)|__globals__|__builtins__|get_objects|In|Out|_+|_[io]?h?\d*"
)
# what these set holds for the whole notebook, whoever needs the cell's names
SETTINGS = re.compile(
    r"\.(seed|manual_seed|seterr|set_default_\w+|set_num_threads|filterwarnings|simplefilter"
    r"|setrecursionlimit|environ|rcParams)\b"
)


def needless(given: Iterable[str], asked: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """The texts among `given` that need not run.

    given : the release's cells that are as they were released
    asked : all other cells, which run in any case
    names : what the marks are given for

    Cells are not followed through time: one that sets a needed name runs, whether it comes first
    or last. None is left out where an asked cell may reach a name unseen, such as by `globals()`.
    """
    needed, asked = set(names), list(asked)
    if sum(map(len, asked)) > LONGEST:
        return frozenset()
    for text in asked:
        used = _used(text)
        if used is None:
            return frozenset()
        needed |= used
    left = {text: _Given.read(text) for text in given}
    values = {name for cell in left.values() if cell for name in cell.values}
    alive = needed & values
    while True:
        run = [t for t, cell in left.items() if not cell or cell.set & needed or cell.used & alive]
        if not run:
            return frozenset(left)
        for text in run:
            if cell := left.pop(text):
                needed |= cell.used
                alive |= needed & values
                # what else a cell sets may be a part of such a value, or a second name for it
                if (cell.set | cell.used) & alive:
                    alive |= cell.set & values


@functools.lru_cache(maxsize=256)  # most hand-ins share the reference answers and the release
def _used(text: str) -> frozenset[str] | None:
    """The names that a student's cell takes from the notebook; None where they cannot be known."""
    if len(text) > cells.LONGEST:
        return None
    tree = cells.parse(text)
    if tree is None:
        return frozenset()  # it does not run either
    if cells.without_commands(text) != text or text.lstrip().startswith("%%"):
        return None  # a magic may hand any name to other code
    used, said = _taken(tree.body, set()), names_from_outside(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [getattr(node, "module", None) or "", *(name.name for name in node.names)]
            said.update(part for module in modules for part in module.split("."))
        elif isinstance(node, ast.Attribute):
            said.add(node.attr)
        elif isinstance(node, ast.Global):
            used.update(node.names)
    for node, _ in outside_functions(tree):
        if isinstance(node, ast.AugAssign):
            used.add(_base(node.target))
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            used.add(node.id)
    return None if any(map(ANY_NAME.fullmatch, said)) else frozenset(used)


@dataclass(frozen=True)
class _Given:
    """A released cell: the names that it takes from others, those it sets, the values of these.

    A value, unlike a function, a class or a module, may be changed by whoever uses it.
    """

    used: frozenset[str]
    set: frozenset[str]
    values: frozenset[str]

    @classmethod
    @functools.lru_cache(maxsize=256)
    def read(cls, text: str) -> "_Given | None":
        """None where the cell is to run in any case: what it does cannot be seen."""
        tree = cells.parse(text)
        if tree is None or cells.without_commands(text) != text or text.lstrip().startswith("%"):
            return None
        if SETTINGS.search(text) or any(
            isinstance(node, ast.Global)
            or (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
            for node in ast.walk(tree)
        ):
            return None
        symbols = symtable.symtable(text, "notebook", "exec").get_symbols()
        bound = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
        fixed = {s.get_name() for s in symbols if s.is_imported() or s.is_namespace()}
        attributes = {
            _base(node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute | ast.Subscript) and not _is_read(node)
        }
        used = _taken(tree.body, set()) | attributes
        return cls(*map(frozenset, (used, bound | attributes, bound - fixed)))


def _taken(statements: list[ast.stmt], own: set[str]) -> set[str]:
    """The names that these statements take from elsewhere; `own`, those set here, grows."""
    taken = set()
    for statement in statements:
        if isinstance(statement, ast.For):
            taken |= _names(statement.iter) - own
            own |= _stored(statement.target)
            taken |= _taken(statement.body, own) | _taken(statement.orelse, own)
        else:
            taken |= _names(statement) - own
            if isinstance(statement, ast.Assign):
                own |= set().union(*map(_stored, statement.targets))
            elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
                own.add(statement.name)
    return taken


def _names(node):
    body = [ast.Expr(node)] if isinstance(node, ast.expr) else [node]
    return names_from_outside(ast.Module(body, []))


def _stored(target):
    return {
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _is_read(node):
    return isinstance(node.ctx, ast.Load)


def _base(node):
    """The name at the beginning of `a.b[c].d`; "" where there is none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
