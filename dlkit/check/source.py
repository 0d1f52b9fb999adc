"""A notebook's code as one table of definitions, and what a function of it refers to."""

import ast
import symtable
from dataclasses import dataclass, field

from dlkit.check.if_chains import FUNCTIONS


@dataclass
class Source:
    """All code that ran before the check, as one table of definitions (the last one counts)."""

    definitions: dict[str, ast.AST] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cells: list[str]) -> "Source":
        """From the cells' texts, in the order they ran."""
        source = cls()
        for text in cells:
            source.add(text)
        return source

    def add(self, cell: str) -> None:
        """Note what one more cell defines; nothing where it does not parse."""
        try:
            tree = ast.parse(without_magics(cell))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for node in _outside_functions(tree):
            self._note(node)

    def _note(self, node):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self._define(node.name, node)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.For):
            self._bind(node.target, node.iter)
        elif isinstance(node, ast.Import):
            for name in node.names:
                self.aliases[name.asname or name.name.split(".")[0]] = (
                    name.name if name.asname else name.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                self._import(node.module or "", name)

    def _define(self, name, node):
        self.definitions[name] = node
        self.aliases.pop(name, None)

    def _bind(self, target, value):
        parts = ast.Tuple | ast.List
        if isinstance(target, ast.Name):
            self._define(target.id, value)
        elif isinstance(target, parts):
            same = isinstance(value, parts) and len(value.elts) == len(target.elts)
            for i, part in enumerate(target.elts):
                self._bind(part, value.elts[i] if same else value)

    def _import(self, module, name):
        if name.name == "*":
            self.stars.append(module)
            return
        bound = name.asname or name.name
        self.definitions[bound] = _attribute(module, name.name)
        self.aliases[bound] = f"{module}.{name.name}"

    def reachable(self, name: str) -> list[ast.AST]:
        """The definition of `name`, then everything of the student's own that it refers to."""
        found, queue = [], [name]
        seen = set()
        while queue:
            current = queue.pop(0)
            if current in seen:
                continue
            seen.add(current)
            for node in self._meanings(current):
                found.append(node)
                queue += sorted(_names_from_outside(node))
        return found

    def _meanings(self, name):
        """The definition of a name; else what it is if an `import *` brought it."""
        if name in self.definitions:
            return [self.definitions[name]]
        return [_attribute(module, name) for module in self.stars]

    def reaches(self, name: str, other: str) -> bool:
        """Does the definition of `name`, or anything it refers to, mention `other`?"""
        return any(other in _names_from_outside(node) for node in self.reachable(name))

    def dotted(self, node: ast.AST) -> str:
        """`np.abs` as "numpy.abs", `abs` as "abs"; "" where it is no plain name."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            below = self.dotted(node.value)
            return f"{below}.{node.attr}" if below else ""
        return ""


def _outside_functions(tree):
    """Every node of a cell that is not inside a function or class body."""
    queue = list(ast.iter_child_nodes(tree))
    while queue:
        node = queue.pop(0)
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            queue.extend(ast.iter_child_nodes(node))


def _attribute(module, name):
    return ast.Attribute(ast.Name(module, ast.Load()), name, ast.Load())


def _names_from_outside(node):
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


def without_magics(text: str) -> str:
    """A cell's text with IPython's magic and shell lines blanked, so that it parses as Python."""
    if text.lstrip().startswith("%%"):
        text = text.lstrip().split("\n", 1)[-1]
    return "\n".join(
        "pass" if line.lstrip().startswith(("%", "!", "?")) and not line.startswith(" ") else line
        for line in text.split("\n")
    )
