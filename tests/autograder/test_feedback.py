"""Feedback shows marks, hints and comments, and nothing in it acts."""

import re

import nbformat
import pytest
import tiny
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from sqlalchemy import create_engine, text

from autograder.errors import AutograderError
from autograder.feedback import feedback, page_path, up_to_date
from autograder.gradebook import Gradebook
from autograder.paths import Classroom
from autograder.sanitise import SafeHTMLExporter
from autograder.submission import submissions
from tests.pages import acting

HINT = "You added 1 & forgot <b>."


@pytest.fixture
def classroom(tmp_path):
    return Classroom(tmp_path / "classroom")


def graded(tmp_path, student="ada", extra=(), written="Because."):
    """A hand-in whose second exercise is wrong, recorded, with extra cells of the student's."""
    path = tmp_path / "course" / tiny.ID / f"{tiny.ID}.ipynb"
    release = nbformat.read(path, as_version=4) if path.exists() else tiny.released(tmp_path)
    notebook = tiny.answers(
        release, double="def double(x):\n    return 2 * x", written_ch99=written
    )
    notebook.cells += extra
    for cell in notebook.cells:
        if cell.id == "test_double":
            cell.outputs = [new_output("stream", text="✓ double  1 of 1 points\n")]
        if cell.id == "test_triple":
            cell.outputs = [
                new_output("error", ename="CheckFailed", evalue=HINT, traceback=[f"✗ {HINT}"])
            ]
    tiny.hand_in(tmp_path, student, notebook, "2030-01-01 10:00:00 UTC")
    classroom = Classroom(tmp_path / "classroom")
    with Gradebook(classroom, tmp_path / "course") as gradebook:
        (submission,) = (s for s in submissions(classroom, tiny.ID) if s.student == student)
        result = tiny.result(student, notebook, double=1.0, triple=0.0)
        gradebook.record(result, submission)


def page(tmp_path, student="ada"):
    feedback(tiny.ID, Classroom(tmp_path / "classroom"))
    path = page_path(Classroom(tmp_path / "classroom"), tiny.ID, student)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_it_shows_marks_hints_answers_and_figures(tmp_path):
    graded(tmp_path)
    soup = page(tmp_path)
    shown = re.sub(r"\s+", " ", soup.get_text())
    for expected in ("Score: 1.0 / 5.0", "✓ double", f"✗ {HINT}", "return 2 * x", "Because."):
        assert expected in shown
    assert soup.find("img")["src"].startswith("data:image/svg+xml;base64,")
    assert soup.find("img")["alt"] == "two dots"
    assert soup.find("a", href="#test_triple").text == "triple"


def test_formulas_are_drawn_and_dollars_in_code_stay(tmp_path):
    output = new_output("stream", text="$a$ and $b$")
    graded(tmp_path, extra=[new_code_cell("price = '$c$'", outputs=[output])], written="$w_1$")
    soup = page(tmp_path)
    assert [formula.get_text() for formula in soup.find_all("math")] == ["w1"]
    assert "$a$ and $b$" in soup.get_text()
    assert "'$c$'" in soup.get_text()


def test_it_shows_what_a_person_wrote_and_marked(tmp_path, classroom):
    graded(tmp_path)
    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(text("UPDATE comment SET manual_comment = 'A *fine* answer'"))
    before = page(tmp_path).get_text()
    assert "has still to be marked by a person" in before
    assert before.count("Score: – / 2.0") == 2, "in the list on top and above the answer"
    assert before.count("Score: 0.0 / 2.0") == 2, "a wrong answer is worth 0"

    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(text("UPDATE grade SET manual_score = 2 WHERE auto_score IS NULL"))
        (asked,) = connection.execute(text("SELECT sum(needs_manual_grade) FROM grade")).one()
    assert asked == 1, "as after grading again: the mark is there, to be looked at again"
    soup = page(tmp_path)
    assert "has still to be marked" not in soup.get_text()
    assert "A fine answer" in soup.get_text()
    assert soup.find("em", string="fine")
    assert soup.find("a", href="#comment-triple").text == "Comment on triple"
    assert "Score: 3.0 / 5.0" in soup.get_text()


def test_it_says_why_nothing_could_be_graded(tmp_path, classroom):
    tiny.hand_in(tmp_path, "ada", tiny.released(tmp_path))
    result = tiny.result("ada", None, "unreadable")
    result.notes = ["The file is empty."]
    with Gradebook(classroom, tmp_path / "course") as gradebook:
        gradebook.record(result, submissions(classroom, tiny.ID)[0])
    assert "The file is empty." in page(tmp_path).get_text()


# -- nothing acts ---

EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/pixel.png'>",
    "<img src='../../bob/ch99_tiny/ch99_tiny.html'>",
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<style>body { background: url(https://evil.example) }</style>",
    "<p style='background: url(https://evil.example)'>x</p>",
    "<form action='https://evil.example'><input name=a autofocus onfocus=alert(1)></form>",
    "<object data='https://evil.example'></object><embed src='https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example'><meta http-equiv=refresh content='0;url=x'>",
    "</div></body></html><script>alert(1)</script>",
    "<a href='/formgrader/submissions/1/evil.html'>x</a><a href='../evil.html'>x</a>",
    "<base href='https://evil.example'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
]


def evil_cells(html):
    """Every place in which a student's HTML could be shown."""
    data = {
        "text/html": html,
        "text/latex": html,
        "text/markdown": html,
        "image/svg+xml": html,
        "application/javascript": "alert(1)",
    }
    outputs = [new_output("display_data", data={kind: text}) for kind, text in data.items()]
    outputs += [
        new_output("display_data", data={"image/png": f'">{html}'}),
        new_output("display_data", data={"image/png": "AAAA"}, metadata={"width": f'"{html}'}),
        new_output("stream", text=html),
        new_output("error", ename=html, evalue=html, traceback=[html, f"\x1b[31m{html}"]),
    ]
    cells = [new_code_cell(html, outputs=outputs), new_markdown_cell(html)]
    return [*cells, nbformat.v4.new_raw_cell(html, metadata={"raw_mimetype": "text/html"})]


def test_whatever_a_student_writes_nothing_acts(tmp_path):
    extra = [cell for html in EVIL for cell in evil_cells(html)]
    graded(tmp_path, extra=extra, written="\n\n".join(EVIL))
    soup = page(tmp_path)
    assert acting(soup) == []
    assert "evil.example/pixel" not in str(soup.find_all("img"))
    policy = soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy
    assert str(soup).count("<body>") == 1


def test_the_search_for_what_acts_finds_it():
    for html in ("<script>1</script>", "<p onclick=a>", "<img src=//x>", "<a href=javascript:a>"):
        assert acting(BeautifulSoup(f"<body>{html}</body>", "html.parser")) != []


def test_what_harms_nobody_stays(tmp_path):
    table = "<table><tr><th>a</th><td>1</td></tr></table>"
    outputs = [
        new_output("execute_result", data={"text/html": table, "text/plain": "a 1"}),
        new_output("display_data", data={"image/png": "iVBORw0KGgo="}),
        new_output("display_data", data={"image/svg+xml": "<svg><circle r='1'/></svg>"}),
    ]
    graded(tmp_path, extra=[new_code_cell("1", outputs=outputs)])
    soup = page(tmp_path)
    assert soup.find("table").find("th").text == "a"
    kinds = [img["src"].split(";")[0] for img in soup.find_all("img")]
    assert kinds == ["data:image/svg+xml", "data:image/png", "data:image/svg+xml"]


# -- only what changed ---


def test_who_has_no_page_or_an_old_one_is_known(tmp_path, classroom):
    for student in ("ada", "bob"):
        graded(tmp_path, student)
    assert up_to_date(tiny.ID, classroom) == {"ada": False, "bob": False}
    feedback(tiny.ID, classroom)
    assert up_to_date(tiny.ID, classroom) == {"ada": True, "bob": True}
    page_path(classroom, tiny.ID, "ada").unlink()
    assert up_to_date(tiny.ID, classroom) == {"ada": False, "bob": True}


def test_only_pages_whose_marks_changed_are_written_again(tmp_path, classroom):
    for student in ("ada", "bob"):
        graded(tmp_path, student)
    assert feedback(tiny.ID, classroom) == ["ada", "bob"]
    assert feedback(tiny.ID, classroom) == []
    with create_engine(classroom.database_url).begin() as connection:
        connection.execute(
            text(
                "UPDATE comment SET manual_comment = 'New' WHERE notebook_id = (SELECT n.id FROM "
                "submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id "
                "WHERE a.student_id = 'bob')"
            )
        )
    assert feedback(tiny.ID, classroom) == ["bob"]
    page_path(classroom, tiny.ID, "ada").unlink()
    assert feedback(tiny.ID, classroom, ["ada"]) == ["ada"]


def test_a_student_without_a_graded_hand_in_is_named(tmp_path, classroom):
    graded(tmp_path)
    with pytest.raises(AutograderError, match="no graded hand-in of bob"):
        feedback(tiny.ID, classroom, ["ada", "bob"])


def test_the_page_is_returned_as_nbgrader_expects(tmp_path, classroom):
    graded(tmp_path)
    page(tmp_path)
    folder = classroom.feedback / "ada" / tiny.ID
    assert (folder / "timestamp.txt").read_text() == "2030-01-01 10:00:00 UTC"


def test_a_page_shows_long_sources_in_part():
    cells = [nbformat.v4.new_code_cell("x = 1\n" * 10_000) for _ in range(30)]
    html, _ = SafeHTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    text = BeautifulSoup(html, "html.parser").get_text()
    assert "30000 more characters are left out on this page" in text
    assert "60000 more characters are left out on this page" in text
