"""Draws the still pictures of browser-side explorers: python -m dlkit.explorers.stills [NAME …]

For authors, who need Node.js (18 or newer) for it. `stills/NAME.json` holds the pictures, table and
sentence for pages where nothing can be moved, and what the explorer says at its start. The tests
run the modules in the same way.
"""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from dlkit import explorers

HERE = Path(__file__).resolve().parent


def browser_explorers():
    """The classes of all explorers that run in the browser, by their module's name."""
    found = {}
    for name in sorted(explorers.__all__):
        if (HERE / f"{name}.js").exists():
            module = import_module(f"dlkit.explorers.{name}")
            kinds = (kind for kind in vars(module).values() if isinstance(kind, type))
            (found[name],) = (kind for kind in kinds if getattr(kind, "module", None) == name)
    return found


def drive(jobs):
    """The results of jobs for drive.mjs; numbers that are not finite come as strings."""
    done = subprocess.run(
        ["node", str(HERE / "drive.mjs")],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Node could not run the explorer's module:\n{done.stderr}")
    return json.loads(done.stdout)


def walk(explorer, *steps):
    """What is seen of a class at the start and after each step, such as ("press", name)."""
    job = {"module": explorer.module, "start": explorer.start, "data": explorer.data()}
    return drive([{**job, "steps": steps}])[0]


def call(module, function, *arguments):
    """What a function that a module exports gives."""
    return drive([{"module": module, "call": [function, *arguments]}])[0]


def still(explorer):
    """The text of stills/NAME.json."""
    start, ready = walk(explorer, ("ready",))
    kept = {key: ready[key] for key in ("pictures", "table", "sentence")}
    kept["start"] = {**start["state"], "sentence": start["sentence"]}
    return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def main(names):
    for name, explorer in browser_explorers().items():
        if not names or name in names:
            (HERE / "stills" / f"{name}.json").write_text(still(explorer), encoding="utf-8")
            print(f"stills/{name}.json")


if __name__ == "__main__":
    main(sys.argv[1:])
