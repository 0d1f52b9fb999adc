"""The report as one page that loads nothing and runs nothing; whatever it quotes is escaped."""

from html import escape
from statistics import mean, median

from autograder.report.charts import bars, histogram
from autograder.report.figures import Bin, Figures

MOST_PAIRS = 100
_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ --page: #fff; --ink: #1d2433; --soft: #5a6475; --line: #d5dae3; --bar: #2f6fb7;
  --track: #eceff4; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --page: #14181f; --ink: #e4e8ef; --soft: #a3adbd; --line: #374050; --bar: #6aa6e8;
    --track: #232a35; }}
}}
body {{ background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  max-width: 56rem; margin: auto; padding: 1rem; overflow-wrap: anywhere; }}
h2 {{ margin-top: 2.5rem; }}
p, caption {{ max-width: 44rem; }}
.soft, caption {{ color: var(--soft); }}
svg {{ display: block; width: 100%; max-width: 44rem; height: auto; margin: 1rem 0; }}
svg text {{ font-size: 13px; fill: var(--ink); }}
.bar {{ fill: var(--bar); }}
.track {{ fill: var(--track); }}
.axis {{ stroke: var(--line); }}
.table {{ overflow-x: auto; margin: 1rem 0; }}
summary {{ cursor: pointer; color: var(--soft); }}
table {{ border-collapse: collapse; overflow-wrap: break-word; }}
td:last-child:not(.number) {{ min-width: 16rem; }}
caption {{ text-align: left; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem 1rem .3rem 0;
  border-bottom: 1px solid var(--line); }}
td.number, th.number {{ text-align: right; white-space: nowrap; }}
</style>
</head>
<body>
<main>
"""
_LIKENESS = (
    "Likeness is a reason to talk with two students, not a proof that one copied: short or usual "
    "solutions look alike by themselves."
)
_HOW = (
    "Compared is the code of the answers without names of variables, comments, white space, "
    "docstrings and the texts of strings. The released text, short answers, quizzes, and what more "
    "than ten students and a tenth of the class wrote alike are left out. 1 is the same, 0 nothing "
    "in common; the first number is of all the answers that both gave."
)


def page(found: Figures) -> str:
    title = f"{found.chapter}: what the class gets right and wrong"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _summary(found),
        _marks(found),
        _exercises(found),
        _traps(found),
        _cases(found),
        _times(found),
        _pairs(found),
    ]
    return _HEAD.format(title=escape(title)) + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"


def _summary(found: Figures) -> str:
    return _table("Outcomes", ["outcome", "#hand-ins"], list(found.outcomes.items()))


def _marks(found: Figures) -> str:
    if not found.totals:
        return "<h2>Marks</h2>\n<p>No hand-in has marks yet.</p>"
    words = (
        f"Mean {mean(found.totals):.3g}, median {median(found.totals):.3g} "
        f"of {found.most:.3g} points, after late penalties. What a person has still to mark "
        "counts 0."
    )
    title = f"Marks of {len(found.totals)} hand-ins"
    return f"<h2>Marks</h2>\n<p>{words}</p>\n{_distribution(found.marks, title, 'points')}"


def _exercises(found: Figures) -> str:
    shares = [
        (one.name, one.right / one.marked if one.marked else 0, f"{one.right} of {one.marked}")
        for one in found.exercises
    ]
    rows = [
        (one.name, one.marked, one.right, _percent(one.right, one.marked), f"{one.mean:.3g}")
        + (f"{one.points:.3g}",)
        for one in found.exercises
    ]
    head = ["exercise", "#marked", "#full marks", "#share", "#mean points", "#points"]
    return (
        "<h2>Exercises</h2>\n"
        "<p>How many of the hand-ins that could be read have full marks.</p>\n"
        f"{bars(shares, 'Hand-ins with full marks, by exercise')}\n"
        f"{_table('Success by exercise', head, rows)}"
    )


def _percent(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} %" if of else "–"


def _traps(found: Figures) -> str:
    if not found.traps:
        return "<h2>Mistakes that have a name</h2>\n<p>Nobody fell into one.</p>"
    rows = [(trap.exercise, trap.name, trap.count, trap.hint) for trap in found.traps]
    head = ["exercise", "mistake", "#caught", "hint"]
    return "<h2>Mistakes that have a name</h2>\n" + _table(
        "How many hand-ins each mistake caught, and the hint they read", head, rows
    )


def _cases(found: Figures) -> str:
    rows = [(case.student, case.outcome, case.why) for case in found.cases]
    cases = _table("Hand-ins that were not judged whole", ["student", "outcome", "why"], rows)
    marks = _table(
        "Answers to mark by hand", ["exercise", "#hand-ins"], list(found.unmarked.items())
    )
    nothing = "" if rows or found.unmarked else "<p>Nothing.</p>"
    return f"<h2>What needs a person</h2>\n{cases}{marks}{nothing}"


def _times(found: Figures) -> str:
    words = (
        f"Median {median(found.seconds):.2g} s, longest {found.seconds[-1]:.3g} s, "
        f"together {sum(found.seconds):.3g} s."
    )
    title = f"Time of {len(found.seconds)} hand-ins"
    return f"<h2>Time used</h2>\n<p>{words}</p>\n{_distribution(found.times, title, 'seconds')}"


def _distribution(bins: list[Bin], title: str, unit: str) -> str:
    """A histogram and its table."""
    rows = [(f"{one.low:.3g} to {one.high:.3g}", one.count) for one in bins]
    table = _table(title, [unit, "#hand-ins"], rows)
    return f"{histogram(bins, title, unit)}<details><summary>The numbers</summary>{table}</details>"


def _pairs(found: Figures) -> str:
    rows = [
        (
            *pair.students,
            f"{pair.likeness:.2f}",
            ", ".join(f"{name} {share:.2f}" for name, share in pair.exercises.items()),
        )
        for pair in found.pairs[:MOST_PAIRS]
    ]
    if not rows:
        return "<h2>Hand-ins that are alike</h2>\n<p>No two.</p>"
    head = ["student", "student", "#likeness", "answers that are alike"]
    more = len(found.pairs) - len(rows)
    rest = f"<p>{more} more in the CSV beside this page.</p>" if more else ""
    table = _table("Pairs, those with the most answers alike first", head, rows)
    return (
        f"<h2>Hand-ins that are alike</h2>\n<p><strong>{_LIKENESS}</strong></p>\n"
        f'<p class="soft">{_HOW}</p>\n{table}{rest}'
    )


def _table(caption: str, head: list[str], rows: list[tuple]) -> str:
    """A table; columns whose heading begins with # hold numbers. Every word is escaped."""
    if not rows:
        return ""
    kinds = [' class="number"' if word.startswith("#") else "" for word in head]
    lines = [_row("th", head, kinds), *(_row("td", row, kinds) for row in rows)]
    body = "\n".join([f"<caption>{escape(caption)}</caption>", *lines])
    about = f'class="table" role="region" aria-label="{escape(caption)}" tabindex="0"'
    return f"<div {about}>\n<table>\n{body}\n</table>\n</div>"


def _row(tag: str, words, kinds: list[str]) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    cells = (
        f"<{tag}{scope}{kind}>{escape(str(word).removeprefix('#') if scope else str(word))}</{tag}>"
        for word, kind in zip(words, kinds, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"
