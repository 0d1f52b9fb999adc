"""TeX formulas in a page as MathML, which browsers draw without a script."""

import re
from html import unescape

from latex2mathml.converter import convert

LONGEST = 2000  # characters; a longer one is no formula, and would only keep the parser busy

_FORMULA = re.compile(
    r"(?P<code><(pre|code)\b.*?</\2>)"
    r"|\$\$(?P<block>[^$]+)\$\$"
    r"|(?<![\\\w])\$(?P<inline>[^\s$](?:[^$]*[^\s$\\])?)\$(?!\d)",
    re.DOTALL,
)

_ATTRIBUTE = re.compile(r"\s([\w:-]+)=")
_HARMLESS = {"xmlns", "display", "mathvariant", "stretchy", "fence", "form", "separator", "width"}
_HARMLESS |= {"minsize", "maxsize", "linethickness", "columnalign", "displaystyle", "scriptlevel"}


def draw_formulas(html: str) -> str:
    """HTML whose $…$ and $$…$$ are MathML; in code, or where TeX is not understood, they stay."""
    return _FORMULA.sub(_draw, html)


def _draw(match):
    tex = match["block"] or match["inline"]
    if match["code"] or "<" in tex or len(tex) > LONGEST:
        return match[0]
    try:
        drawn = convert(unescape(tex).strip(), display="block" if match["block"] else "inline")
    except Exception:  # whatever a stranger's TeX does to the parser: it then stands as it was
        return match[0]
    if not _HARMLESS.issuperset(_ATTRIBUTE.findall(drawn)):
        return match[0]  # TeX has \href and \style too
    return drawn.replace('mathvariant="bold-italic"', 'style="font-weight: bold"')
