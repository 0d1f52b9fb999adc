"""Writes docs/api/, the reference of dlkit, from its docstrings: python -m docs.write_api"""

import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import dlkit

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "api"
NOTE = "<!-- Written by `make api` from the docstrings: change those, not this. -->\n\n"

LISTS = ("Parameters", "Attributes", "Returns", "Raises")  # terms, each with an indented text
REFERENCES = "References"


def pages():
    """{file name: Markdown} of the whole reference."""
    parts = {}
    for name in (*dlkit.__all__, "errors"):
        package = importlib.import_module(f"dlkit.{name}")
        parts[name] = package, public(package)
    written = {f"{name}.md": _page(package, items) for name, (package, items) in parts.items()}
    return written | {"README.md": _index(parts)}


def public(package):
    """{name: object} of what a package offers; a module among it offers its own functions."""
    names = getattr(package, "__all__", None) or _own(package)
    found = {}
    for name in names:
        item = getattr(package, name)
        if isinstance(item, ModuleType):
            found |= {f"{name}.{inner}": getattr(item, inner) for inner in _own(item)}
        else:
            found[name] = item
    return found


def _own(module):
    """Names of a module's own public classes and functions, in the order of the file."""
    return [
        name
        for name, item in vars(module).items()
        if not name.startswith("_") and getattr(item, "__module__", None) == module.__name__
    ]


def _index(parts):
    lines = [
        NOTE + "# Reference of dlkit\n",
        "What `import dlkit` offers; `dlkit.nn` loads when it is first used, and so do the others.",
        "Letters and shapes are those of [notation.md](../notation.md).\n",
    ]
    for name, (package, items) in parts.items():
        lines.append(f"## [dlkit.{name}]({name}.md)\n\n{_escape(_summary(package))}\n")
        lines.append(", ".join(f"`{item}`" for item in items) + "\n")
    return "\n".join(lines)


def _page(package, items):
    lines = [NOTE + f"# {package.__name__}\n", _markdown(inspect.getdoc(package))]
    links, seen = [], {}
    for name, item in items.items():
        slug = re.sub(r"[^\w-]", "", name.lower())
        seen[slug] = seen.get(slug, -1) + 1
        anchor = f"{slug}-{seen[slug]}" if seen[slug] else slug
        links.append(f"| [`{name}`](#{anchor}) | {_escape(_summary(item))} |")
    lines += ["| name | what it is |", "|---|---|", *links, ""]
    lines += [_item(name, item) for name, item in items.items()]
    return "\n".join(lines)


def _item(name, item):
    """The section of one class, function or constant."""
    head = f"## {name}\n"
    if not callable(item):
        return f"{head}\n```python\n{name} = {item!r}\n```\n"
    source = Path(inspect.getsourcefile(inspect.unwrap(item))).relative_to(ROOT)
    lines = [head, f"```python\n{name}{_signature(item)}\n```\n", _markdown(_doc(item))]
    if inspect.isclass(item):
        bases = [base.__name__ for base in item.__bases__ if base is not object]
        lines.append(f"Base: `{'`, `'.join(bases)}`\n" if bases else "")
        lines += [_method(*method) for method in vars(item).items()]
    lines.append(f"[{source.as_posix()}](../../{source.as_posix()})\n")
    return "\n".join(line for line in lines if line)


def _method(name, method):
    """A method's line, where the class itself has words for it."""
    if name.startswith("_") or not inspect.isfunction(method) or not method.__doc__:
        return ""
    first, *rest = inspect.getdoc(method).split("\n\n")
    text = _escape(" ".join(first.split()))
    more = "\n" + _markdown("\n\n".join(rest)) if rest else ""
    return f"**`.{name}{_signature(method)}`** {text}\n{more}"


def _signature(item):
    """The arguments, with defaults as one writes them: np.float32 rather than <class …>."""
    if inspect.isclass(item) and not inspect.isfunction(item.__init__):
        return ""  # it takes what its base, written in C, takes
    signature = inspect.signature(item)
    arguments = [
        p.replace(default=_Name(p.default)) if _has_name(p.default) else p
        for p in signature.parameters.values()
        if p.name != "self"
    ]
    return str(signature.replace(parameters=arguments))


def _has_name(default):
    return default is not inspect.Parameter.empty and hasattr(default, "__name__")


class _Name:
    """Something whose repr is its name."""

    def __init__(self, item):
        self.item = item

    def __repr__(self):
        package = "np." if self.item.__module__ == "numpy" else ""
        return package + self.item.__name__


def _doc(item):
    """An object's own docstring: a class does not borrow that of its base."""
    return inspect.cleandoc(item.__doc__ or "")


def _summary(item):
    """The first sentence."""
    if not callable(item) and not isinstance(item, ModuleType):
        return f"A constant, {type(item).__name__}."
    first = " ".join(_doc(item).split("\n\n")[0].split())
    return re.split(r"(?<=[^A-Z0-9]\.) ", first)[0].rstrip(".:") + "."


def _markdown(doc):
    """A docstring as Markdown: sections become small headings, formulas and tables stay as set."""
    lines, title, out = doc.split("\n"), None, []
    body = []
    for i, line in enumerate(lines):
        below = lines[i + 1] if i + 1 < len(lines) else ""
        if line and re.fullmatch("-{3,}", below) and len(below) == len(line):
            out.append(_section(title, body))
            title, body = line, []
        elif not (re.fullmatch("-{3,}", line) and body == [] and title):
            body.append(line)
    out.append(_section(title, body))
    return "\n".join(part for part in out if part)


def _section(title, lines):
    head = f"**{title}**\n\n" if title else ""
    blocks = _blocks(lines)
    if title in LISTS and any(line.startswith(" ") or " : " in line for line in lines):
        terms = [block for block in blocks if not block.startswith(">>>")]
        return head + _terms("\n".join(terms)) + _rest(blocks, terms)
    if title == REFERENCES:
        cited = [block for block in blocks if not block.startswith(">>>")]
        return head + _references("\n".join(cited)) + _rest(blocks, cited)
    if title and title not in LISTS:  # Shapes, Gradients, …: set in columns
        fixed = [block for block in blocks if not block.startswith(">>>")]
        return head + _fence("\n\n".join(fixed)) + _rest(blocks, fixed)
    return head + "\n".join(map(_paragraph, blocks)) if blocks else ""


def _rest(blocks, done):
    """The examples that end a section."""
    return "".join("\n" + _paragraph(block) for block in blocks if block not in done)


def _blocks(lines):
    text = "\n".join(lines).strip("\n")
    return [block for block in re.split(r"\n\s*\n", text) if block.strip()]


def _paragraph(block):
    if block.startswith(">>>"):
        return _fence(block, "pycon")
    formula = " = " in block and not block.rstrip().endswith((".", ":", ";", ","))
    drawn = block.startswith(" ") or "├" in block
    if formula or drawn:
        return _fence(block)
    return _escape(" ".join(block.split())) + "\n"


def _terms(text):
    """`name : type` and the lines indented below it, as a list."""
    items = []
    for line in text.split("\n"):
        if line.startswith(" ") and items:
            items[-1][1].append(line.strip())
        elif line:
            items.append((line, []))
    return "".join(
        f"- `{term}` {_escape(' '.join(words))}".rstrip() + "\n" for term, words in items
    )


def _references(text):
    """One citation an item."""
    items = []
    for line in text.split("\n"):
        if line.startswith(" ") or (items and not re.match(r'\[\d+\]|"', line)):
            items[-1] += f" {line.strip()}"
        else:
            items.append(line)
    return "".join(f"- {_escape(item)}\n" for item in items)


def _fence(text, language="text"):
    return f"```{language}\n{text}\n```\n"


def _escape(text):
    """Text with Markdown's signs made harmless, except within backticks."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(p if p.startswith("`") else re.sub(r"([*_<|\\])", r"\\\1", p) for p in parts)


def write(folder=FOLDER):
    """Write the pages, and delete those of what is no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
