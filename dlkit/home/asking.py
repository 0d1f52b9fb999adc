"""Today's review questions as a form, and what is said to an answer, as HTML."""

from html import escape

from dlkit.home.drawing import code, date


def question(asked, order, number, of):
    """The form of a question; `order` are the choices' numbers as they are shown."""
    choices = "".join(
        f'<label class="dlh-choice"><input type="radio" name="choice" value="{place}" required>'
        f"<span>{code(asked.choices[choice][0])}</span></label>"
        for place, choice in enumerate(order)
    )
    return (
        f'<form data-question="{escape(asked.chapter)}/{escape(asked.id)}"><fieldset>'
        f'<legend tabindex="-1" data-focus><small>{_from(asked, number, of)}</small>'
        f"<br>{code(asked.ask)}</legend>"
        f"{choices}</fieldset>"
        '<button type="submit">Answer</button></form>'
    )


def answer(asked, choice, number, of, again_on, last):
    """What is said to the choice of that number; 0 is the right one."""
    right, why = asked.choices[0]
    if choice == 0:
        said = f"<p><b>✓ Right:</b> {code(right)}</p><p>{code(why)}</p>"
    else:
        wrong, tempting = asked.choices[choice]
        said = (
            f"<p><b>✗ Not quite:</b> {code(wrong)}</p><p>{code(tempting)}</p>"
            f"<p><b>Right is:</b> {code(right)}</p><p>{code(why)}</p>"
        )
    button = "Done" if last else "Next question"
    kind = "right" if choice == 0 else "wrong"
    return (
        f'<p class="dlh-asked"><small>{_from(asked, number, of)}</small><br>{code(asked.ask)}</p>'
        f'<div class="dlh-answer dlh-{kind}" tabindex="-1" data-focus role="group" '
        f'aria-label="Your answer">{said}'
        f"<p><small>This question comes again on {date(again_on)}.</small></p></div>"
        f'<button type="button" data-press="next">{button}</button>'
    )


def nothing(review, today):
    """What is said when no question is open: done for today, nothing due, or none there yet."""
    if review.due:
        count = len(review.due)
        waits = "1 more question waits" if count == 1 else f"{count} more questions wait"
        return (
            f'<p tabindex="-1" data-focus>That was today\'s review. {waits}: tomorrow is soon '
            "enough, since the distance between two answers is what makes them last.</p>"
            '<button type="button" data-press="more">Go on all the same</button>'
        )
    if review.next_day:
        days = (review.next_day - today).days
        when = "tomorrow" if days == 1 else f"on {date(review.next_day)}, in {days} days"
        return f'<p tabindex="-1" data-focus>Nothing is due. The next question comes {when}.</p>'
    if review.waiting:
        return (
            '<p tabindex="-1" data-focus>Nothing is due yet. The day after an exercise has passed '
            "you are asked about it here, and then again at growing distances.</p>"
        )
    return '<p tabindex="-1" data-focus>There are no review questions here yet.</p>'


def _from(asked, number, of):
    return f"Chapter {int(asked.chapter[2:4])} · question {number} of {of}"
