"""A student's cells put back into the order of the release: what is graded is there, just once."""

import re
from copy import deepcopy
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_DEFINITION = re.compile(r"^(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_TYPES = ("code", "markdown", "raw")
_IMAGES = ("image/png", "image/jpeg", "image/gif")


def repair(content: dict, release: NotebookNode, notes: list[str]) -> NotebookNode:
    """A new notebook of the student's sources and the release's metadata.

    The student's own cells and their order stay. Cells of the release get back their label, kind
    and, where locked, their text; a deleted one comes back. Outputs and other metadata go.
    """
    released = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in release.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    _note_kernel(content, notes)
    cells = [_Cell.read(cell, released) for cell in content["cells"] if isinstance(cell, dict)]
    _recognise(cells, released, notes)
    cells = _deduplicate(cells, released, notes)
    for cell in cells:
        if cell.name:
            cell.restore(released[cell.name], notes)
    _add_deleted(cells, release, notes)
    _sort_tests(cells, released, notes)
    notebook = nbformat.v4.new_notebook(metadata=deepcopy(release.metadata))
    notebook.cells = [cell.node for cell in cells]
    _name_cells(notebook, cells)
    return notebook


@dataclass
class _Cell:
    """A cell of the hand-in, rebuilt; `name` is its grade_id where it is one of the release's."""

    node: NotebookNode
    name: str | None = None
    was_type: str | None = None

    @classmethod
    def read(cls, raw: dict, released: dict) -> "_Cell":
        kind = raw.get("cell_type")
        source = raw.get("source", "")
        if isinstance(source, list):
            source = "".join(line for line in source if isinstance(line, str))
        node = _new(kind if kind in _TYPES else "raw", _without_surrogates(str(source)))
        if node.cell_type == "markdown" and (attached := _images(raw.get("attachments"))):
            node.attachments = attached
        if isinstance(raw.get("id"), str) and _ID.fullmatch(raw["id"]):
            node.id = raw["id"]
        return cls(node, _label(raw, released), kind)

    def restore(self, original: NotebookNode, notes: list[str]) -> None:
        """Make it the release's cell again, with the student's answer."""
        source = self.node.source
        if self.was_type != original.cell_type:
            notes.append(f"`{self.name}` was no {original.cell_type} cell any more; it is again.")
        if is_locked(original):
            if source.strip() != original.source.strip():
                notes.append(f"`{self.name}` had been edited; its original text was put back.")
            source = original.source
        attachments = self.node.get("attachments")
        self.node = _new(original.cell_type, source)
        self.node.metadata = deepcopy(original.metadata)
        if attachments and original.cell_type == "markdown":
            self.node.attachments = attachments


def _new(kind: str, source: str) -> NotebookNode:
    """A cell as nbformat.v4 makes it; the whole notebook is validated at the end, once."""
    node = NotebookNode(id="", cell_type=kind, metadata=NotebookNode(), source=source)
    if kind == "code":  # its id is given at the end, by _name_cells
        node.update(execution_count=None, outputs=[])
    return node


def _without_surrogates(text: str) -> str:
    """The text without halves of characters, which JSON can hold and no file can."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _images(attachments) -> dict:
    """Pictures that were pasted into a text, and nothing else."""
    kept = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind, data in bundle.items() if isinstance(bundle, dict) else ():
            if kind in _IMAGES and isinstance(data, str) and re.fullmatch(r"[\w+/=\s]*", data):
                kept[_without_surrogates(name)] = {kind: data}
    return kept


def _label(raw: dict, released: dict) -> str | None:
    """The grade_id that the cell carries in its metadata, or else as its id."""
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    label = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    for name in (label, raw.get("id")):
        if isinstance(name, str) and name in released:
            return name
    return None


def _note_kernel(content: dict, notes: list[str]) -> None:
    metadata = content.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if isinstance(language, str) and language.lower() != "python":
        notes.append(f"The notebook was saved for {language[:40]}; it was run with Python.")


# -- cells that lost their label, or are there twice -----------------------------------------------


def _recognise(cells: list[_Cell], released: dict, notes: list[str]) -> None:
    """Give a label back to the last unlabelled cell that defines what a missing solution should."""
    present = {cell.name for cell in cells}
    defined: dict[int, set[str]] = {}
    for name, original in released.items():
        if name in present or not is_solution(original) or original.cell_type != "code":
            continue
        wanted = _defines(original.source)
        for cell in reversed(cells):
            if cell.name or cell.was_type != "code":
                continue
            if id(cell) not in defined:
                defined[id(cell)] = _defines(cell.node.source)
            if wanted & defined[id(cell)]:
                cell.name = name
                notes.append(f"The cell of `{name}` had lost its label; it was known by its names.")
                break


def _defines(source: str) -> set[str]:
    """The names that a cell defines at its top level, found without parsing what may be huge."""
    return {name for pair in _DEFINITION.findall(source) for name in pair if name}


def _deduplicate(cells: list[_Cell], released: dict, notes: list[str]) -> list[_Cell]:
    """Of cells with one label the last changed one keeps it; untouched copies go, others stay."""
    groups: dict[str, list[_Cell]] = {}
    for cell in cells:
        if cell.name:
            groups.setdefault(cell.name, []).append(cell)
    dropped = []
    for name, group in groups.items():
        if len(group) == 1:
            continue
        original = released[name].source.strip()
        changed = [cell for cell in group if cell.node.source.strip() != original]
        winner = (changed or group)[-1] if is_solution(released[name]) else group[-1]
        notes.append(f"`{name}` was there {len(group)} times; the last one counts.")
        for cell in group:
            if cell is not winner:
                cell.name = None
                if cell not in changed:
                    dropped.append(id(cell))
    return [cell for cell in cells if id(cell) not in dropped]


# -- cells that are gone, or stand too early -------------------------------------------------------


def _add_deleted(cells: list[_Cell], release: NotebookNode, notes: list[str]) -> None:
    """Put back what is graded or locked: a test after its solution, text after what it followed."""
    above = None
    for original in release.cells:
        name = original.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            continue
        present = {cell.name for cell in cells}
        if name in present:
            above = name
        elif is_solution(original) and not is_grade(original):
            notes.append(f"The cell for the answer `{name}` is gone.")
        else:
            notes.append(f"`{name}` had been deleted and was put back.")
            is_test = is_grade(original) and not is_solution(original)
            after = name.removeprefix("test_") if is_test else above
            place = 0 if after is None else _place_after(cells, after)
            cells.insert(place, _Cell(deepcopy(original), name))
            above = name


def _place_after(cells: list[_Cell], name: str) -> int:
    """The index behind the cell `name`; the end where there is none."""
    return next((i + 1 for i, cell in enumerate(cells) if cell.name == name), len(cells))


def _sort_tests(cells: list[_Cell], released: dict, notes: list[str]) -> None:
    """Move a test that stands above its solution to just below it."""
    for name in released:
        places = {cell.name: index for index, cell in enumerate(cells)}
        solution = name.removeprefix("test_")
        if solution != name and places.get(name, len(cells)) < places.get(solution, -1):
            cell = cells.pop(places[name])
            cells.insert(_place_after(cells, solution), cell)
            notes.append(f"`{name}` stood above its answer and was moved below it.")


def _name_cells(notebook: NotebookNode, cells: list[_Cell]) -> None:
    """Give each cell an id of its own; the release's cells keep theirs."""
    taken = {cell.name for cell in cells if cell.name}
    for index, cell in enumerate(cells):
        wanted = cell.name or cell.node.id
        if not cell.name and (not wanted or wanted in taken):
            wanted = f"own-{index + 1}"
            while wanted in taken:
                wanted += "-"
        cell.node.id = wanted
        taken.add(wanted)
