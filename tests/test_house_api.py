"""docs/api/ says what dlkit's docstrings say now, of everything that is public."""

import importlib
import re
from types import ModuleType

import pytest

import dlkit
from docs import write_api

pytestmark = pytest.mark.torch

LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
HEADING = re.compile(r"^##? (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages():
    return write_api.pages()


def test_the_reference_is_up_to_date(pages):
    stored = {p.name: p.read_text(encoding="utf-8") for p in write_api.FOLDER.iterdir()}
    stale = sorted(name for name in pages.keys() | stored if pages.get(name) != stored.get(name))
    assert stale == [], "run make api"


def test_everything_public_is_in_it_with_words(pages):
    for name in (*dlkit.__all__, "errors"):
        items = write_api.public(importlib.import_module(f"dlkit.{name}"))
        assert items
        for item, what in items.items():
            assert f"\n## {item}\n" in pages[f"{name}.md"]
            assert not callable(what) or write_api._doc(what), f"{name}.{item} has no docstring"


def test_every_link_leads_somewhere(pages):
    for name, text in pages.items():
        prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        slugs = [re.sub(r"[^\w-]", "", heading.lower()) for heading in HEADING.findall(prose)]
        earlier = [slugs[:i].count(slug) for i, slug in enumerate(slugs)]
        known = {f"{s}-{n}" if n else s for s, n in zip(slugs, earlier, strict=True)}
        for path, anchor in LINK.findall(prose):
            assert not path or path in pages or (write_api.FOLDER / path).exists(), (name, path)
            assert not anchor or anchor in known, (name, anchor)


def test_nothing_of_this_run_is_in_it(pages):
    text = "".join(pages.values())
    assert " at 0x" not in text
    assert "<class" not in text
    assert str(write_api.ROOT) not in text


def layer(x, dtype=float):
    """First * sentence: y = a_b. Second one.

    y = x W

    Parameters
    ----------
    x : array
        What comes | in,
        on two lines.

    Shapes
    ------
    x : (N, D)      y : (N, M)

    References
    ----------
    [1] A 1990, B.
        Goes on.
    [2] C 1991, D.

    >>> layer(1)
    2
    """


def test_a_docstring_becomes_markdown(monkeypatch):
    monkeypatch.setattr(write_api, "ROOT", write_api.Path(__file__).parent)
    assert write_api._item("layer", layer) == (
        "## layer\n\n```python\nlayer(x, dtype=float)\n```\n\n"
        "First \\* sentence: y = a\\_b. Second one.\n\n```text\ny = x W\n```\n\n"
        "**Parameters**\n\n- `x : array` What comes \\| in, on two lines.\n\n"
        "**Shapes**\n\n```text\nx : (N, D)      y : (N, M)\n```\n\n"
        "**References**\n\n- [1] A 1990, B. Goes on.\n- [2] C 1991, D.\n\n"
        "```pycon\n>>> layer(1)\n2\n```\n\n[test_house_api.py](../../test_house_api.py)\n"
    )
    assert write_api._summary(layer) == "First * sentence: y = a_b."


def test_what_is_no_more_is_deleted_and_a_second_run_changes_nothing(tmp_path, pages):
    (tmp_path / "old.md").touch()
    write_api.write(tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == set(pages)
    assert write_api.pages() == pages


def test_a_module_among_the_names_offers_its_own_functions():
    package = ModuleType("package")
    package.__all__ = ["write_api"]
    package.write_api = write_api
    assert "write_api.pages" in write_api.public(package)
    assert "write_api.Path" not in write_api.public(package)
