"""Cells run and show what they would in JupyterLab, as nbformat 4 outputs."""

import base64

import nbformat
import pytest

from autograder.sandbox import Limits, Sandbox

from .conftest import printed, value

pytestmark = pytest.mark.sandbox


def errors(run):
    return [output for output in run.outputs if output["output_type"] == "error"]


def test_values_prints_displays_and_errors_come_in_the_order_of_the_cell(worker):
    run = worker.run_cell(
        "import os, sys\n"
        "print('one'); os.system('echo two'); print('three'); sys.stderr.write('four\\n')\n"
        "display('five'); print('six')\n"
        "7"
    )
    assert (run.status, run.error) == ("ok", None)
    assert run.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "one\ntwo\nthree\n"},
        {"output_type": "stream", "name": "stderr", "text": "four\n"},
        {"output_type": "display_data", "data": {"text/plain": "'five'"}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": "six\n"},
        {
            "output_type": "execute_result",
            "execution_count": 1,
            "data": {"text/plain": "7"},
            "metadata": {},
        },
    ]


def test_all_outputs_are_valid_nbformat_4(worker):
    source = (
        "print(1)\ndisplay(2)\n%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])"
    )
    outputs = worker.run_cell(source).outputs + worker.run_cell("1/0").outputs
    cell = nbformat.v4.new_code_cell(source, outputs=[nbformat.from_dict(o) for o in outputs])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    kinds = {output["output_type"] for output in outputs}
    assert kinds == {"stream", "display_data", "execute_result", "error"}


def test_cells_are_numbered_in_the_order_in_which_they_run(worker):
    counts = [worker.run_cell("0").outputs[0]["execution_count"] for _ in range(3)]
    assert counts == [1, 2, 3]
    assert value(worker, "Out[2]") == 0


def test_names_live_from_cell_to_cell(worker):
    worker.run_cell("x = 20")
    assert value(worker, "x + 1") == 21


def test_a_semicolon_hides_the_value(worker):
    assert worker.run_cell("1 + 1;").outputs == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("nothing", "NameError"),
        ("def f(:", "SyntaxError"),
        ("%no_such_magic", "UsageError"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise ExceptionGroup('several', [ValueError(1)])", "ExceptionGroup"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    ],
)
def test_an_error_ends_the_cell_and_not_the_notebook(worker, source, name):
    run = worker.run_cell(source)
    assert (run.status, run.error) == ("error", name)
    assert [error["ename"] for error in errors(run)] == [name]
    assert value(worker, "1") == 1


def test_an_error_that_cannot_be_shown_is_an_error_all_the_same(worker):
    run = worker.run_cell("raise type('Odd', (Exception,), {'__str__': lambda self: 1 / 0})()")
    assert run.status == "error"
    assert value(worker, "1") == 1


def test_a_traceback_names_the_cell_and_no_path_of_the_host(worker):
    run = worker.run_cell("import json\njson.loads('{')")
    (error,) = errors(run)
    text = "\n".join(error["traceback"])
    assert "Cell In[1], line 2" in text
    assert "lib/python3" in text
    assert "\x1b" not in text
    for path in ("/root", "/home", "/work", "/course/venv"):
        assert path not in text


def test_a_long_traceback_is_cut_in_the_middle(worker):
    worker.run_cell("def f(n):\n    if n == 0:\n        raise ValueError('end')\n    g(n)")
    run = worker.run_cell("def g(n):\n    f(n - 1)\nf(100)")
    (error,) = errors(run)
    assert len(error["traceback"]) <= 62
    assert error["traceback"][-1] == "ValueError: end"


def test_colours_and_control_characters_are_taken_out(worker):
    run = worker.run_cell(r"print('\x1b[31mred\x1b[0m \x00\x08\ud800 ok')")
    assert printed(run) == "red ? ok\n"


def test_output_from_below_python_is_caught(worker):
    run = worker.run_cell(
        "import ctypes, os, subprocess\n"
        "os.write(1, b'write\\n'); os.write(2, b'error\\n')\n"
        "libc = ctypes.CDLL(None); libc.puts(b'puts'); libc.fflush(None)\n"
        "subprocess.run(['echo', 'child'])"
    )
    assert printed(run) == "write\nputs\nchild\n"
    assert printed(run, "stderr") == "error\n"


def test_a_cell_that_cuts_its_own_output_file_costs_itself_only(worker):
    run = worker.run_cell("import os\nos.write(1, b'x' * 99)\nprint('a')\nos.ftruncate(1, 0)")
    assert printed(run) == "x" * 99 + "a\n"
    assert printed(worker.run_cell("os.system('echo next')")) == "next\n"


def test_what_a_forked_child_prints_is_kept(worker):
    run = worker.run_cell(
        "import os\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    print('child'); os._exit(0)\n"
        "os.waitpid(pid, 0);"
    )
    assert printed(run) == "child\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("!echo $((6 * 7))", "42"),
        ("out = !echo captured\nprint(out[0])", "captured"),
        ("%%bash\necho from bash", "from bash"),
        ("%timeit -n 2 -r 2 sum(range(10))", "loop"),
        ("%%time\nsum(range(10))", "Wall time"),
        ("%%capture kept\nprint('hidden')\n", ""),
        ("%pwd", ""),
        ("%%writefile helper.py\ny = 5\n", "Writing helper.py"),
        ("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')", "awaited"),
        ("print(get_ipython().__class__.__name__)", "NotebookShell"),
        ("%config InlineBackend.figure_format = 'retina'", ""),
        ("%matplotlib inline", ""),
        ("%load_ext autoreload\n%autoreload 2", ""),
        ("exit()\nprint('still here')", "still here"),
        ("quit", ""),
        ("len?", ""),
    ],
)
def test_magics_and_the_habits_of_notebooks_work(worker, source, text):
    run = worker.run_cell(source)
    assert run.status == "ok", run
    assert text in printed(run)
    assert value(worker, "2") == 2


def test_a_module_written_by_a_cell_can_be_imported(worker):
    worker.run_cell("%%writefile helper.py\ny = 5\n")
    assert value(worker, "import helper; helper.y") == 5


@pytest.mark.parametrize("source", ["input('name? ')", "from getpass import getpass; getpass()"])
def test_input_fails_at_once_and_says_why(worker, source):
    run = worker.run_cell(source)
    assert run.error == "StdinNotImplementedError"
    assert "nobody sits at the keyboard" in errors(run)[0]["evalue"]
    assert run.seconds < 5


def pictures(run):
    return [o["data"]["image/png"] for o in run.outputs if "image/png" in o.get("data", {})]


@pytest.mark.parametrize(
    "source",
    [
        "import matplotlib.pyplot as plt; plt.plot([1, 2])",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
        "import matplotlib.pyplot as plt; f, a = plt.subplots(); display(f); plt.close(f)",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()",
        "from IPython.display import Image; import matplotlib.pyplot as plt\n"
        "plt.plot([1]); plt.savefig('a.png'); plt.close(); display(Image('a.png'))",
    ],
)
def test_a_figure_becomes_one_picture(worker, source):
    (picture,) = pictures(worker.run_cell(source))
    assert base64.b64decode(picture).startswith(b"\x89PNG\r\n\x1a\n")


def test_a_figure_needs_no_preloaded_matplotlib(single):
    with single.spawn() as worker:
        run = worker.run_cell("import matplotlib.pyplot as plt; plt.title('a'); plt.plot([1, 2])")
    assert len(pictures(run)) == 1
    assert printed(run, "stderr") == ""


def test_html_and_scripts_are_left_out_and_their_text_is_kept(worker):
    run = worker.run_cell("from IPython.display import HTML\nHTML('<script>alert(1)</script>')")
    assert run.outputs[0]["data"] == {"text/plain": "<IPython.core.display.HTML object>"}


def test_widgets_do_not_fail_without_a_front_end(worker):
    run = worker.run_cell(
        "import ipywidgets as widgets\n"
        "slider = widgets.IntSlider(3)\n"
        "display(slider)\n"
        "widgets.interact(lambda x: print('x is', x), x=(0, 4))\n"
        "slider.value = 4\n"
        "out = widgets.Output()\n"
        "with out: print('inside')\n"
        "slider"
    )
    assert run.status == "ok", run
    assert "IntSlider" in run.outputs[0]["data"]["text/plain"]


def test_clear_output_and_updated_displays_leave_the_last_state(worker):
    run = worker.run_cell(
        "from IPython.display import clear_output\n"
        "for i in range(3):\n    clear_output(wait=True); print(i)\n"
    )
    assert printed(run) == "2\n"
    run = worker.run_cell("handle = display('first', display_id=True)\nhandle.update('second')")
    assert [o["data"]["text/plain"] for o in run.outputs] == ["'second'"]


def test_the_seed_decides_what_global_generators_draw(warm):
    source = "import random, numpy as np; (random.random(), float(np.random.rand()))"
    draws = []
    for seed in (1, 1, 2):
        with warm.spawn(seed=seed) as worker:
            draws.append(value(worker, source))
    assert draws[0] == draws[1]
    assert draws[0][0] != draws[2][0]
    assert draws[0][1] != draws[2][1]


@pytest.mark.torch
def test_torch_trains_is_seeded_and_loads_data_with_child_processes():
    source = """
import torch
from torch.utils.data import DataLoader, TensorDataset
data = TensorDataset(torch.randn(64, 4), torch.randn(64, 1))
model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in DataLoader(data, batch_size=16, num_workers=2):
    optimizer.zero_grad(); loss = (model(x) - y).pow(2).mean(); loss.backward(); optimizer.step()
float(loss)
"""
    losses = []
    with Sandbox(("torch",), limits=Limits(cell_s=60)) as sandbox:
        assert sandbox.mode == "warm"
        for seed in (3, 3, 4):
            with sandbox.spawn(seed=seed) as worker:
                losses.append(value(worker, source))
    assert losses[0] == losses[1] != losses[2]
