"""Formulas are drawn without a script, and nothing but a formula is."""

import pytest

from autograder.formulas import draw_formulas


def test_a_formula_becomes_mathml():
    drawn = draw_formulas("<p>With $b = -\\theta$ and $$\\frac{1}{2}$$ it fires.</p>")
    assert drawn.count("<math ") == 2
    assert "<mi>&#x003B8;</mi>" in drawn
    assert 'display="block"' in drawn
    assert drawn.startswith("<p>With <math")
    assert drawn.endswith("</math> it fires.</p>")


def test_vectors_stay_bold():
    assert 'style="font-weight: bold">w</mi>' in draw_formulas(r"$\boldsymbol{w}$")


@pytest.mark.parametrize(
    "html",
    [
        "it costs $5 and $6",
        "<code>$a$</code> and <pre>$$b$$</pre>",
        "$a<b>c</b>$",
        "$ a $",
        r"\$a\$",
        "x$a$",
        r"$\left($",
        f"${'x' * 3000}$",
    ],
)
def test_what_is_no_formula_stays_as_it_was(html):
    assert draw_formulas(html) == html


def test_a_formula_cannot_bring_markup_in():
    drawn = draw_formulas("$a &lt;script&gt;alert(1)&lt;/script&gt; b$")
    assert "<math" in drawn
    assert "<script" not in drawn


@pytest.mark.parametrize(
    "tex", [r"\href{javascript:alert(1)}{x}", r"\style{x:y}{z}", r"\class{a}{b}"]
)
def test_a_formula_that_would_do_more_than_stand_there_stays_text(tex):
    assert draw_formulas(f"${tex}$") == f"${tex}$"
