"""The judge gives points for right values and for nothing else, whatever a notebook does."""

import pytest

from autograder import judge
from autograder.judge import Judge
from autograder.sandbox import Limits, Sandbox
from dlkit.check import calls
from tests.autograder.lessons import FILES, RIGHT, chapter, notebook

SECRET = b"s" * 32
LIMITS = Limits(cell_s=2.0, notebook_s=60.0)


@pytest.fixture(scope="module")
def plain():
    """For the judge's own logic: no isolation, the tests' own code only."""
    with Sandbox(chapter.modules, FILES, LIMITS, isolated=False) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def isolated():
    with Sandbox(chapter.modules, FILES, LIMITS) as sandbox:
        yield sandbox


def _grade(sandbox, nb):
    return judge.grade(nb, chapter, sandbox, student="ada", secret=SECRET)


def _scores(result):
    return {name: mark.score for name, mark in result.exercises.items()}


FULL = {"double": 1, "quadruple": 2, "total": 2, "quiz_ch98": 2}


def test_right_answers_get_everything(plain):
    result = _grade(plain, notebook())
    assert _scores(result) == FULL
    assert (result.outcome, result.score, result.max_score) == ("graded", 7, 7)
    assert all(mark.hint is mark.trap is None for mark in result.exercises.values())


def test_a_trap_is_named_and_the_feedback_holds_its_hint(plain):
    result = _grade(plain, notebook(double="def double(x):\n    return np.asarray(x) ** 2"))
    mark = result.exercises["double"]
    assert (mark.score, mark.trap) == (0, "squares")
    assert mark.hint == "Twice a number is not the number times itself."
    cell = next(c for c in result.notebook["cells"] if c.source.startswith('check("double"'))
    assert cell.outputs[0]["ename"] == "CheckFailed"
    assert mark.hint in " ".join(line.strip() for line in cell.outputs[0]["traceback"])


def test_a_later_exercise_survives_a_wrong_earlier_one(plain):
    """Follow-through: the right `double` stands in, and the note says so."""
    wrong = "def double(x):\n    return np.asarray(x) ** 2"
    result = _grade(plain, notebook(double=wrong, quadruple=RIGHT["quadruple"]))
    assert _scores(result) == {**FULL, "double": 0}
    assert result.notes == ["quadruple was judged with the right double in place."]


def test_follow_through_pays_for_nothing_else(plain):
    """A wrong exercise that happens to call an earlier wrong one stays wrong, hint unchanged."""
    spy = (
        "def quadruple(x):\n"
        "    import inspect\n"
        "    return inspect.getsource(double) if 'np.asarray(x)\\n' in str(In) else double(x)"
    )
    result = _grade(plain, notebook(double="def double(x):\n    return x", quadruple=spy))
    assert _scores(result) == {**FULL, "double": 0, "quadruple": 0}
    assert "2 *" not in result.exercises["quadruple"].hint
    assert result.notes == []


def test_follow_through_never_answers_an_earlier_exercise_with_a_later_one(plain):
    """Moved to the end, `double` cannot lean on the right `quadruple`, which was not solved."""
    nb = notebook(
        double="def double(x):\n    return quadruple(x) / 2",
        quadruple="def quadruple(x):\n    return 0",
    )
    moved = [
        c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id", "")[-6:] == "double"
    ]
    nb.cells = [c for c in nb.cells if c not in moved] + moved
    result = _grade(plain, nb)
    assert _scores(result) == {**FULL, "double": 0, "quadruple": 0}
    assert result.notes == []


def test_an_unfinished_exercise_is_told(plain):
    stub = "def double(x):\n    raise NotImplementedError()"
    assert "Not written yet" in _grade(plain, notebook(double=stub)).exercises["double"].hint
    gone = _grade(plain, notebook(double="# nothing here"))
    assert gone.exercises["double"].hint == "`double` is not defined in the notebook."


def test_each_question_of_the_quiz_counts(plain):
    result = _grade(plain, notebook(quiz_ch98='quiz_ch98 = {"q1": "c", "q2": "A"}'))
    mark = result.exercises["quiz_ch98"]
    assert (mark.score, mark.trap, mark.hint) == (1, "q1: c", "q1: It is the opposite.")


def test_a_loop_is_too_slow_although_its_values_are_right(plain):
    slow = "def total(X, w, b):\n    return np.array([int(sum(x * w) + b > 0) for x in X])"
    assert _grade(plain, notebook(total=slow)).exercises["total"].trap == "loops"


def test_being_fast_and_wrong_on_large_inputs_gets_nothing(plain):
    quick = (
        "def total(X, w, b):\n"
        "    if len(X) > 1000: return np.zeros(len(X), dtype=int)\n"
        "    return (X @ w + b > 0).astype(int)"
    )
    mark = _grade(plain, notebook(total=quick)).exercises["total"]
    assert (mark.score, mark.trap) == (0, None)
    assert mark.hint.startswith("On a large input")


def test_cells_in_another_order_cost_nothing(plain):
    nb = notebook()
    solution = next(i for i, c in enumerate(nb.cells) if c.source == RIGHT["double"])
    nb.cells.append(nb.cells.pop(solution))
    assert _scores(_grade(plain, nb)) == FULL


def test_warnings_and_prints_cost_nothing(plain):
    loud = (
        "def double(x):\n"
        "    import sys\n"
        "    print('here'); print('there', file=sys.stderr)\n"
        "    np.log(np.zeros(1))\n"
        "    return 2 * np.asarray(x)"
    )
    assert _scores(_grade(plain, notebook(double=loud))) == FULL


def test_inputs_are_the_students_own_and_the_same_again():
    def first_input(student, secret=SECRET, release=""):
        part = Judge(chapter, secret, student, release).parts("double")[0]
        return part.cases[0].args[0].tolist()

    assert first_input("ada") == first_input("ada")
    others = [first_input("bob"), first_input("ada", b"t" * 32), first_input("ada", release="2")]
    assert all(other != first_input("ada") for other in others)


# -- hostile ---------------------------------------------------------------------------------------

WRONG = {
    "double": "def double(x):\n    return 0",
    "quadruple": "def quadruple(x):\n    return 0",
    "total": "def total(X, w, b):\n    return 0",
    "quiz_ch98": "quiz_ch98 = {}",
}
PATCHES = {
    "replaces check": "import dlkit.check\ncheck = lambda *a: None\ndlkit.check.check = check",
    "replaces numpy's comparisons": (
        "for name in ('allclose', 'isclose', 'array_equal', 'abs', 'all'):\n"
        "    setattr(np, name, lambda *a, **k: True)\n"
        "np.testing.assert_allclose = lambda *a, **k: None"
    ),
    "replaces run_cell": (
        "import IPython.core.interactiveshell as shell\n"
        "shell.InteractiveShell.run_cell = lambda *a, **k: None\n"
        "shell.InteractiveShell.run_cell_async = lambda *a, **k: None"
    ),
    "replaces the display hook": (
        "import sys\nsys.displayhook = lambda value: print('✓ double  1 of 1 point')"
    ),
    "replaces the judge's comparison": (
        "import dlkit.check.accept as accept, dlkit.check.part as part\n"
        "accept.judge = lambda *a, **k: None\n"
        "part.PartCheck.verdict = lambda *a: part.Verdict(True)"
    ),
    "replaces the probe": (
        "import dlkit.check.calls as calls, dlkit.check.remote as remote\n"
        "calls.run_case = remote.run_cases = lambda *a, **k: calls.Outcome(True)\n"
        "remote.serve = lambda *a: ({'outcomes': []}, [])"
    ),
    "an object that equals everything": (
        "class Yes(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __array__(self, *a, **k): return np.zeros(3)\n"
        "always = np.zeros(3).view(Yes)"
    ),
    "reads the stored values": (
        "import json\nstored = json.load(open('checks.json'))['exercises']\n"
        "from dlkit.check.codec import from_text"
    ),
    "prints the pass line": "print('✓ double  1 of 1 point')",
}
ANSWERS = {
    "an object that equals everything": {"double": "def double(x):\n    return always"},
    "reads the stored values": {
        "double": (
            "def double(x):\n    return from_text(stored['double']['parts'][0]['expected'][0])"
        )
    },
}


@pytest.mark.sandbox
@pytest.mark.parametrize("patch", PATCHES)
def test_an_attack_gains_nothing(isolated, patch):
    result = _grade(isolated, notebook(PATCHES[patch], **{**WRONG, **ANSWERS.get(patch, {})}))
    assert result.score == 0
    assert set(_scores(result)) == set(FULL)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("cell", "outcome", "told"),
    [
        ("while True: pass", "timeout", "1 cell was stopped after"),
        ("import os; os._exit(3)", "crashed", "exit status 3"),
        # the first process of a namespace cannot be killed from inside
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "graded", ""),
        (
            "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "timeout",
            "did not stop when interrupted",
        ),
    ],
)
def test_a_cell_that_hangs_or_kills_costs_only_itself(isolated, cell, outcome, told):
    result = _grade(isolated, notebook(cell))
    assert result.outcome == outcome
    assert told in " ".join(result.notes)
    assert _scores(result) == FULL


@pytest.mark.sandbox
@pytest.mark.parametrize(("way", "lost"), [("serve", set(FULL)), ("finish", {"total"})])
def test_a_forged_missing_name_is_the_hand_ins_own_crash(isolated, way, lost):
    forge = (
        "import dlkit.check.remote as remote\n"
        f"remote.{way} = lambda *a: ({{'missing': 'forged' * 999}}, [])"
    )
    result = _grade(isolated, notebook(forge))
    assert result.outcome == "crashed"
    assert _scores(result) == {n: 0 if n in lost else s for n, s in FULL.items()}
    assert "forged" not in str(result.exercises)


@pytest.mark.sandbox
def test_a_function_that_kills_its_process_costs_its_exercise(isolated):
    killer = "def double(x):\n    import os\n    os._exit(0)"
    result = _grade(
        isolated, notebook(double=killer, quadruple="def quadruple(x):\n    return 4 * x")
    )
    assert result.outcome == "crashed"
    assert _scores(result) == {**FULL, "double": 0}


@pytest.mark.sandbox
def test_an_endless_function_is_named(isolated, monkeypatch):
    endless = "def double(x):\n    while True: pass"
    result = _grade(
        isolated, notebook(double=endless, quadruple="def quadruple(x):\n    return 4 * x")
    )
    assert f"stopped after {calls.CASE_SECONDS} seconds" in result.exercises["double"].hint
    assert _scores(result) == {**FULL, "double": 0}
