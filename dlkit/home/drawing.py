"""The map and the student's progress as HTML that needs no kernel; its links are relative."""

from html import escape
from importlib.resources import files

CSS = files(__package__).joinpath("home.css").read_text(encoding="utf-8")
DIM = ' class="dlh-planned"'
MARKS = {"passes": "✓", "partly": "◐", "before": "↺", "open": "○"}


def page(standings, chapters, following, questions, note=""):
    """What to do next, and the map.

    standings : of the chapters that are there, by their ids
    following : the (chapter, exercise) to go on with, or None
    questions : how many review questions are left today
    """
    rows = "".join(_row(chapter, standings.get(chapter.id)) for chapter in chapters)
    told = f'<p class="dlh-note">{escape(note)}</p>' if note else ""
    return (
        f'<style>{CSS}</style><section class="dlh dlh-home" aria-label="Your course">{told}'
        f'<p class="dlh-next">{_next(following, standings)}{_review(questions)}</p>'
        f'<table class="dlh-map"><caption>The map of the course, and how far you are</caption>'
        "<thead><tr>"
        '<th scope="col">Chapter</th><th scope="col">Builds on</th>'
        '<th scope="col">Time</th><th scope="col">Your progress</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def code(words):
    """Plain text as HTML, with `code` marked."""
    parts = escape(words).split("`")
    if len(parts) % 2 == 0:  # an odd mark stays what it is
        return escape(words)
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def _next(following, standings):
    if following is None:
        if not standings:
            return "There is no chapter here yet."
        return (
            "<b>Every exercise that is here passes.</b> Have you written the answers in your own "
            "words, pressed <i>Validate</i> and handed in?"
        )
    chapter, exercise = following
    link = _link(chapter, exercise.name, f"<code>{escape(exercise.name)}</code>")
    begun = "Go on" if any(one.tried for one in standings[chapter.id].exercises) else "Begin"
    return (
        f"<b>{begun} here:</b> chapter {chapter.number}, exercise {link} "
        f"({_points(exercise.points)}){_why(exercise)}"
    )


def _review(questions):
    if not questions:
        return ""
    count = "1 review question is" if questions == 1 else f"{questions} review questions are"
    return f"<br>{count} due today, below the map."


def _why(exercise):
    if exercise.passed_on:
        return f". It passed on {date(exercise.passed_on)}, but its last check did not."
    return f". So far {exercise.earned:g} of its points." if exercise.share else "."


def _row(chapter, standing):
    title = f"{chapter.number}&ensp;{escape(chapter.title)}"
    minutes, progress = "", "planned"
    if standing is not None:
        title = f'<a href="{chapter.notebook}">{title}</a>'
        minutes = f"{chapter.minutes} min" if chapter.minutes else ""
        progress = _bar(standing) + _exercises(standing)
    return (
        f'<tr{"" if standing else DIM}><th scope="row">{title}</th>'
        f"{_cell(', '.join(map(str, chapter.builds_on)))}{_cell(minutes)}<td>{progress}</td></tr>"
    )


def _cell(words):
    return f"<td>{words}</td>" if words else '<td class="dlh-none">–</td>'


def _bar(standing):
    """The share of the points that pass; the words beside it say the same."""
    share = 100 * standing.earned / standing.points if standing.points else 0
    return (
        f'<div class="dlh-bar" role="img" aria-label="{share:.0f} % of the points pass">'
        f'<div style="width: {share:.1f}%"></div></div>'
    )


def _exercises(standing):
    count = len(standing.exercises)
    said = (
        f"{standing.passing} of {count} exercises, "
        f"{standing.earned:g} of {_points(standing.points)}"
    )
    items = "".join(_exercise(standing.chapter, one) for one in standing.exercises)
    return f"<details><summary>{said}</summary><ul>{items}</ul></details>"


def _exercise(chapter, one):
    kind, words = "open", "not passed yet" if one.tried else "not tried yet"
    if one.passes:
        kind, words = "passes", f"passed on {date(one.passed_on)}"
    elif one.passed_on:
        kind, words = "before", f"passed on {date(one.passed_on)}, the last check did not"
    elif one.share:
        kind, words = "partly", f"{one.earned:g} of {_points(one.points)}"
    mark = f'<span class="dlh-{kind}" aria-hidden="true">{MARKS[kind]}</span>'
    return f"<li>{mark} {_link(chapter, one.name, escape(one.name))}: {words}</li>"


def _link(chapter, grade_id, words):
    """JupyterLab opens the notebook and scrolls to the cell; elsewhere the notebook opens."""
    return f'<a href="{chapter.notebook}#cell-id={escape(grade_id)}">{words}</a>'


def _points(points):
    return "1 point" if points == 1 else f"{points:g} points"


def date(day):
    """5 March 2026, in English wherever the computer stands."""
    months = "January February March April May June July August September October November December"
    return f"{day.day} {months.split()[day.month - 1]} {day.year}"
