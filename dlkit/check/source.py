"""A notebook's code as one table of definitions, and what a function of it refers to."""

import ast
import re
import symtable
from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from dlkit.check import cells
from dlkit.check.if_chains import FUNCTIONS

LONGEST = 1_000_000  # characters; a chapter has a twentieth of it
MOST_NODES = 10_000  # of the syntax tree; an exercise's function has a few hundred
_BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)


class TooLarge(Exception):
    """More code than can be looked through in reasonable time."""


@dataclass
class Source:
    """All code that ran before the check, as one table of definitions.

    The last definition of a name counts, and with it those that stand inside an `if`, a loop or a
    `try` behind it. `unread` are the cells that were too long to be looked through.
    """

    definitions: dict[str, list[ast.AST]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    modules: dict[str, ast.Module] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    length: int = 0
    _imported: list[ast.Module] = field(default_factory=list)
    _names: dict[int, set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: list[str]) -> "Source":
        """From the cells' texts, in the order they ran."""
        source = cls()
        for text in texts:
            source.add(text)
        return source

    def add(self, cell: str) -> None:
        """Note what one more cell defines; nothing where it does not parse."""
        if len(cell) > cells.LONGEST or self.length + len(cell) > LONGEST:
            self.unread.append(cell)
            return
        self.length += len(cell)
        tree = cells.parse(cell)
        if tree is None:
            return
        if module := cells.written_module(cell):
            self.modules[module] = tree
        else:
            self._note_all(tree)

    def _note_all(self, tree):
        for node, inner in outside_functions(tree):
            self._note(node, inner)

    def _note_module(self, name):
        """Python runs a module once, however often it is imported."""
        if self.modules[name] not in self._imported:
            self._imported.append(self.modules[name])
            self._note_all(self.modules[name])

    def _note(self, node, inner):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._define(node.name, node, inner)
            for name in _set_from_inside(node):
                self._define(name, node, True)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value, inner)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            self._bind(node.target, node.value, inner)
        elif isinstance(node, ast.For):
            self._bind(node.target, node.iter, inner)
        elif isinstance(node, ast.Import):
            for name in node.names:
                self._import_module(name)
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                self._import(node.module or "", name)

    def _define(self, name, node, inner):
        before = self.definitions.get(name, []) if inner else []
        self.definitions[name] = [*before, node]
        self.aliases.pop(name, None)

    def _bind(self, target, value, inner):
        parts = ast.Tuple | ast.List
        if isinstance(target, ast.Name):
            self._define(target.id, value, inner)
        elif isinstance(target, parts):
            same = isinstance(value, parts) and len(value.elts) == len(target.elts)
            for i, part in enumerate(target.elts):
                self._bind(part, value.elts[i] if same else value, inner)

    def _import_module(self, name):
        top = name.name.split(".")[0]
        self.aliases[name.asname or top] = name.name if name.asname else top
        if top in self.modules:
            self._note_module(top)
            self.definitions[name.asname or top] = [self.modules[top]]

    def _import(self, module, name):
        own = self.modules.get(module)
        if own is not None:
            self._note_module(module)
        if name.name == "*":
            self.stars += [module] if own is None else []
            return
        bound = name.asname or name.name
        if own is not None and name.name in self.definitions:
            self.definitions[bound] = self.definitions[name.name]
            return
        self.definitions[bound] = [_attribute(module, name.name)]
        self.aliases[bound] = f"{module}.{name.name}"

    def reachable(self, name: str) -> list[ast.AST]:
        """The definition of `name`, then everything of the student's own that it refers to.

        Raises TooLarge where that is more than MOST_NODES nodes.
        """
        found, queue, left = [], deque([name]), MOST_NODES
        seen = set()
        while queue:
            current = queue.popleft()
            if current in seen:
                continue
            seen.add(current)
            for node in self._meanings(current):
                left -= sum(1 for _ in islice(ast.walk(node), left + 1))
                if left < 0:
                    raise TooLarge(f"{name} and what it uses")
                found.append(node)
                queue += sorted(self._needs(node))
        return found

    def _needs(self, node):
        """`names_from_outside` of a definition, remembered."""
        if id(node) not in self._names:
            self._names[id(node)] = names_from_outside(node)
        return self._names[id(node)]

    def _meanings(self, name):
        """The definitions of a name; else what it is if an `import *` brought it."""
        if name in self.definitions:
            return self.definitions[name]
        return [_attribute(module, name) for module in self.stars]

    def is_hidden(self, name: str) -> bool:
        """Whether an unread cell may define `name`, or what its definition refers to."""
        names = {name}.union(*map(self._needs, self.reachable(name))) - self.aliases.keys()
        any_of = "|".join(map(re.escape, sorted(names)))
        binding = re.compile(
            rf"(?:def|class|as|import|for)\s+(?:{any_of})\b|\b(?:{any_of})\s*[:,=)]"
        )
        return any(binding.search(cell) for cell in self.unread)

    def reaches(self, name: str, other: str) -> bool:
        """Does the definition of `name`, or anything it refers to, mention `other`?"""
        try:
            return any(other in self._needs(node) for node in self.reachable(name))
        except TooLarge:
            return False

    def dotted(self, node: ast.AST) -> str:
        """`np.abs` as "numpy.abs", `abs` as "abs"; "" where it is no plain name."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            below = self.dotted(node.value)
            return f"{below}.{node.attr}" if below else ""
        return ""


def outside_functions(tree):
    """Every node of a cell that is not in a function or class, and whether it is in a block."""
    stack = [(node, False) for node in reversed(tree.body)]
    while stack:
        node, inner = stack.pop()
        yield node, inner
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            inner = inner or isinstance(node, _BLOCKS)
            stack += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]


def _set_from_inside(node):
    """The notebook's names that a function may set."""
    return {name for sub in ast.walk(node) if isinstance(sub, ast.Global) for name in sub.names}


def _attribute(module, name):
    return ast.Attribute(ast.Name(module, ast.Load()), name, ast.Load())


def names_from_outside(node):
    """The names that a definition takes from the notebook: not its arguments and own variables."""
    try:
        tables = [symtable.symtable(ast.unparse(node), "notebook", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # nested too deeply, say
        return {sub.id for sub in ast.walk(node) if isinstance(sub, ast.Name)}
    found = set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
    return found
