"""`make lab`: the student's own copy of the course in work/, then JupyterLab on it.

    python -m dlkit.lab [--classroom DIR] [any option of jupyter lab]

How work/ is made, and brought to a newer release without touching an answer, is in
dlkit/home/update.py.
"""

import argparse
import os
import sys
from pathlib import Path

from dlkit.home.update import update_work

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = Path(__file__).resolve().parent / "lab_config"
EXTENSIONS = SETTINGS / "labextensions"
PAGES = SETTINGS / "nbconvert"  # what an exported notebook looks like


def is_open(root):
    """Whether a JupyterLab of this user serves the folder already."""
    from jupyter_server.serverapp import list_running_servers

    return any(Path(server["root_dir"]).resolve() == root for server in list_running_servers())


def lab_arguments(options, *, root=ROOT, as_root=None):
    """JupyterLab's command line; what the user gives comes last and so wins."""
    if as_root is None:
        as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    page = "/lab/tree/work/index.ipynb" if (root / "work" / "index.ipynb").exists() else "/lab"
    arguments = [
        f"--ServerApp.root_dir={root}",
        f"--LabApp.default_url={page}",
        f"--LabApp.extra_labextensions_path={EXTENSIONS}",
        f"--TemplateExporter.extra_template_basedirs={PAGES}",
        "--HTMLExporter.template_name=course",
        "--ServerApp.kernel_websocket_connection_class=dlkit.lab_socket.PromptConnection",
    ]
    if as_root and "--allow-root" not in options:
        arguments.append("--allow-root")
    return arguments + list(options)


def lab_environment(environ, *, classroom=None, settings=SETTINGS):
    """The variables by which JupyterLab, its terminals and nbgrader find this course."""

    def first(path, variable):
        return os.pathsep.join(filter(None, [str(path), environ.get(variable)]))

    variables = {
        "JUPYTER_CONFIG_PATH": first(settings, "JUPYTER_CONFIG_PATH"),
        "PATH": first(Path(sys.executable).parent, "PATH"),
    }
    if classroom:
        variables["CLASSROOM"] = str(Path(classroom).resolve())
    return variables


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m dlkit.lab", allow_abbrev=False)
    parser.add_argument("--classroom", metavar="DIR", help="the classroom that Formgrader shows")
    known, options = parser.parse_known_args(argv)

    for line in update_work(ROOT / "course", ROOT / "work", busy=is_open(ROOT)).lines():
        print(line, flush=True)
    os.environ.update(lab_environment(os.environ, classroom=known.classroom))
    os.chdir(ROOT)

    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(lab_arguments(options))


if __name__ == "__main__":
    main()
