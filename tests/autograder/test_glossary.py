"""The glossary of the course: one page made from those of the chapters, each term once."""

import re
from collections import defaultdict

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder import glossary
from autograder.errors import SourceError
from autograder.paths import COURSE, SOLUTIONS
from dlkit.home.course import MAP, read_map

HEAD = "## Glossary\n\n| English | 中文 | in this chapter |\n|---|---|---|\n"
CHAPTERS = [c for c in read_map(SOLUTIONS / MAP) if (COURSE / c.notebook).is_file()]


@pytest.fixture
def small(tmp_path):
    """A course of two chapters, of which `put` writes a glossary."""
    (tmp_path / MAP).write_text(
        '[ch01_one]\ntitle = "One"\nbuilds_on = []\n[ch02_two]\ntitle = "Two"\nbuilds_on = [1]\n'
    )

    def put(chapter_id, text):
        (tmp_path / chapter_id).mkdir()
        notebook = new_notebook(cells=[new_markdown_cell("# One"), new_markdown_cell(text)])
        nbformat.write(notebook, tmp_path / chapter_id / f"{chapter_id}.ipynb")

    return tmp_path, put


def made(folder):
    page = new_notebook(cells=[new_markdown_cell(f"Terms:\n\n{glossary.PLACE}\n\nThat is all.")])
    glossary.put_glossary(page, folder / MAP, folder)
    return page.cells[0].source.splitlines()


def test_the_page_is_one_table_of_all_chapters_in_the_order_of_the_alphabet(small):
    folder, put = small
    put("ch01_one", HEAD + "| weight | 权重 | how important |\n| to fire | 激活 | to give 1 |\n")
    put("ch02_two", HEAD + "| Graph | 图 | nodes and wires |\n\nText below it.")
    assert made(folder) == [
        "Terms:",
        "",
        "| English | 中文 | what it is | chapter |",
        "|---|---|---|--:|",
        "| to fire | 激活 | to give 1 | [1](ch01_one/ch01_one.ipynb) |",
        "| Graph | 图 | nodes and wires | [2](ch02_two/ch02_two.ipynb) |",
        "| weight | 权重 | how important | [1](ch01_one/ch01_one.ipynb) |",
        "",
        "That is all.",
    ]


def test_a_chapter_that_is_not_released_or_has_no_glossary_adds_nothing(small):
    folder, put = small
    put("ch02_two", "## Summary\n\n| a | b | c |")
    assert len(made(folder)) == 6


def test_a_glossary_of_another_form_is_refused(small):
    folder, put = small
    put("ch01_one", "## Glossary\n\n| English | in this chapter |\n|---|---|\n| weight | much |\n")
    with pytest.raises(SourceError, match=r"ch01_one\.ipynb: its glossary holds no table"):
        made(folder)


# -- the course itself -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def entries():
    """The lines of all chapters' glossaries."""
    return glossary.entries(SOLUTIONS / MAP, COURSE)


def twice(entries):
    """Terms that more than one line holds, with the numbers of their chapters."""
    chapters = defaultdict(list)
    for entry in entries:
        for term in entry.terms:
            chapters[term.casefold()].append(entry.chapter.number)
    return {term: numbers for term, numbers in chapters.items() if len(numbers) > 1}


def test_each_released_chapter_has_its_terms_on_the_page(entries):
    page = nbformat.read(COURSE / "glossary.ipynb", as_version=4).cells[0].source
    for chapter in CHAPTERS:
        terms = [entry.english for entry in entries if entry.chapter == chapter]
        assert len(terms) >= 10
        assert all(f"| {term} |" in page for term in terms)


def test_no_term_is_explained_by_two_chapters(entries):
    assert twice(entries) == {}


def test_a_term_that_two_chapters_explain_is_found():
    first, *_, last = CHAPTERS
    lines = [
        glossary.Entry(first, "layer, Row", "层、行", ""),
        glossary.Entry(last, "row", "行", ""),
    ]
    assert twice(lines) == {"row": [first.number, last.number]}


def unsaid(entry, text):
    """Terms of a line one of whose words, in any form, does not stand in the chapter's text."""
    for term in entry.terms:
        words = re.findall(r"[\w-]{3,}", term.casefold())
        if not all(word[:5] in text for word in words):
            yield term


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)
def test_each_term_of_a_glossary_occurs_in_the_text(chapter, entries):
    cells = nbformat.read(COURSE / chapter.notebook, as_version=4).cells
    text = "\n".join(c.source for c in cells if not c.source.startswith(glossary.HEADING))
    mine = (entry for entry in entries if entry.chapter == chapter)
    assert [term for entry in mine for term in unsaid(entry, text.casefold())] == []


def test_a_term_that_does_not_occur_is_found():
    entry = glossary.Entry(CHAPTERS[0], "one-hot, to normalise", "独热、归一化", "")
    assert list(unsaid(entry, "rows are normalised")) == ["one-hot"]


def test_the_index_leads_to_the_page():
    index = nbformat.read(COURSE / "index.ipynb", as_version=4)
    assert any("](glossary.ipynb)" in cell.source for cell in index.cells)
