"""Heavy packages load only when something needs them; each case in a fresh interpreter."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "matplotlib", "ipywidgets", "anywidget", "IPython", "sklearn"}


def loaded_by(code):
    code = f"import sys; {code}; print(*sorted({HEAVY!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "code",
    [
        "import dlkit",
        "import dlkit; dlkit.nn.Linear",
        "import dlkit.optim, dlkit.training",
        "import dlkit.gates, dlkit.errors",
        "from dlkit.check import check",
        "from dlkit.home import home",
        "import dlkit.lab, dlkit.home.merge, dlkit.home.review, dlkit.home.drawing",
        "import dlkit.autograd",
        "import dlkit; dlkit.datasets.digits()",
    ],
)
def test_nothing_heavy_loads(code):
    assert loaded_by(code) == set()


def test_a_download_is_the_only_thing_that_loads_the_network():
    code = "import sys, dlkit.datasets; print('urllib.request' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_plots_load_matplotlib_only():
    assert loaded_by("import dlkit.plots") == {"matplotlib"}


def test_explorers_load_neither_matplotlib_nor_torch():
    assert not loaded_by("import dlkit.explorers") & {"matplotlib", "torch"}


def test_the_test_sees_what_is_loaded():
    assert loaded_by("import matplotlib") == {"matplotlib"}


def test_an_unknown_name_is_an_attribute_error():
    import dlkit

    with pytest.raises(AttributeError, match="no attribute 'nm'"):
        _ = dlkit.nm
