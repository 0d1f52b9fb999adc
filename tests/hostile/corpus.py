"""The hand-ins of `hand_ins/`: what each file says of itself, and the notebook made from it.

    # Attack: what it attacks          (or Oddity: an honest one, or Broken: no notebook at all)
    # expect: base=wrong outcome=graded|crashed lost=margin,xor
    # --- cell | answer NAME | last    an own cell below the imports, an answer, a cell at the end
    # --- notebook | bytes | folder    Python that changes `nb`, `data`, or files in `folder`

The answers around it are right or wrong (`base`); base=raw is the file itself, as bytes. `lost`
names exercises that are wrong by themselves, and `any` allows fewer marks, never more. CLASSROOM
and ROOT stand for the real folders: an attacker may know them. Only the code of the last three
kinds runs here, and it only writes files; everything else runs in the sandbox.
"""

import copy
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder import chapters, source
from autograder.paths import COURSE, ROOT

ID = "ch01_perceptron"
FOLDER = Path(__file__).parent / "hand_ins"
_SECTION = re.compile(rb"^# --- (\w+) ?(\w*)\n", re.MULTILINE)


@dataclass
class HandIn:
    name: str
    purpose: str
    base: str
    outcomes: set[str]
    lost: set[str] = field(default_factory=set)
    fewer: bool = False
    body: bytes = b""

    @classmethod
    def read(cls, path: Path) -> "HandIn":
        purpose, expect, body = path.read_bytes().split(b"\n", 2)
        words = expect.decode().removeprefix("# expect: ").split()
        said = dict(word.split("=") for word in words if "=" in word)
        return cls(
            path.stem,
            purpose.decode().removeprefix("# "),
            said["base"],
            set(said["outcome"].split("|")),
            set(filter(None, said.get("lost", "").split(","))),
            "any" in words,
            body,
        )

    def sections(self, classroom: Path) -> list[tuple[str, str, str]]:
        """(kind, name, text) of each section, the real folders filled in."""
        parts = _SECTION.split(self.body)[1:]
        triples = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        places = {"CLASSROOM": str(classroom), "ROOT": str(ROOT)}
        return [
            tuple(re.sub("CLASSROOM|ROOT", lambda m: places[m[0]], p.decode()) for p in triple)
            for triple in triples
        ]


def read_all() -> list[HandIn]:
    return [HandIn.read(path) for path in sorted(FOLDER.iterdir()) if path.is_file()]


def bases() -> dict[str, nbformat.NotebookNode]:
    """The released notebook with all answers right, in full and without its demonstrations; and
    with all of them wrong."""
    release = nbformat.read(COURSE / ID / f"{ID}.ipynb", as_version=4)
    solution = source.read_chapter(chapters.source_path(ID), chapters.load(ID))
    answers = {label(cell): cell.source for cell in solution.cells if label(cell)}
    full = _answered(release, answers)
    short = copy.deepcopy(full)
    code = [cell for cell in short.cells if cell.cell_type == "code" and not label(cell)]
    short.cells = [cell for cell in short.cells if cell not in code[1:]]
    wrong = {name: f"def {name}(*args, **kwargs):\n    return 0\n" for name in answers}
    wrong["quiz_ch01"] = "quiz_ch01 = {}"
    return {"full": full, "right": short, "wrong": _answered(short, wrong)}


def label(cell) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _answered(notebook, answers):
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") and cell.cell_type == "code":
            cell.source = answers[meta["grade_id"]]
    return notebook


def write(hand_in: HandIn, base: dict, classroom: Path) -> None:
    """Hand it in: its folder in `classroom`, under its own name."""
    folder = classroom / "submitted" / hand_in.name / ID
    folder.mkdir(parents=True)
    notebook = folder / f"{ID}.ipynb"
    sections = [] if hand_in.base == "raw" else hand_in.sections(classroom)
    content = hand_in.body if hand_in.base == "raw" else _bytes(base[hand_in.base], sections)
    notebook.write_bytes(content)
    for kind, _, text in sections:
        if kind == "folder":
            exec(text, {"folder": folder, "notebook": notebook, "classroom": classroom})


def _bytes(notebook, sections) -> bytes:
    nb = json.loads(nbformat.writes(notebook))
    top = next(i for i, cell in enumerate(nb["cells"]) if cell["cell_type"] == "code") + 1
    for kind, name, text in sections:
        if kind == "answer":
            next(cell for cell in nb["cells"] if label(cell) == name)["source"] = text
        elif kind in ("cell", "last"):
            place = len(nb["cells"]) if kind == "last" else top
            top += kind == "cell"
            own = {"cell_type": "code", "id": f"mine-{len(nb['cells'])}", "metadata": {}}
            own |= {"source": text, "outputs": [], "execution_count": None}
            nb["cells"].insert(place, own)
        elif kind == "notebook":
            exec(text, {"nb": nb})
    names = {"data": json.dumps(nb).encode()}
    for kind, _, text in sections:
        if kind == "bytes":
            exec(text, names)
    return names["data"]
