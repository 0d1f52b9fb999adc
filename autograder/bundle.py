"""The students' package, build/students.zip: the course and what it needs, and no answer.

python -m autograder.bundle [ZIP]
"""

import zipfile
from pathlib import Path

import click

from autograder.errors import AutograderError
from autograder.paths import BUILD, ROOT

FOLDERS = ("course", "dlkit")
FILES = ("LICENSE", "Makefile", "constraints.txt", "environment.yml", "pyproject.toml")
README = "docs/students.md"
TOP = "deep-learning-course"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same bytes


def contents(root=ROOT):
    """{name in the package: file of the repository}, in order."""
    named = {name: root / name for name in FILES}
    named["README.md"] = root / README
    for folder in FOLDERS:
        named |= {
            path.relative_to(root).as_posix(): path
            for path in (root / folder).rglob("*")
            if path.is_file() and not _is_scratch(path.relative_to(root))
        }
    missing = [str(path) for path in named.values() if not path.is_file()]
    missing += [f"{root / folder}/" for folder in FOLDERS if not (root / folder).is_dir()]
    if missing:
        raise AutograderError(
            f"The students' package needs {', '.join(missing)}, which is not there. "
            "Where it is the course that is missing, build it first: make release"
        )
    return dict(sorted(named.items()))


def _is_scratch(path):
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)


def write(target, named):
    """A zip file of `named`: the same bytes for the same files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w") as package:
        for name, path in named.items():
            entry = zipfile.ZipInfo(f"{TOP}/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            package.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    part.replace(target)


@click.command()
@click.argument("target", type=click.Path(path_type=Path), default=BUILD / "students.zip")
def main(target):
    """Write the students' package."""
    named = contents()
    write(target, named)
    click.echo(f"{len(named)} files, {target.stat().st_size / 1024:.0f} KiB: {target}")


if __name__ == "__main__":
    main()
