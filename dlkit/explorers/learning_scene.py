"""What perceptron_steps shows of a LearningRun: two pictures, the last step as a table, a sentence.

`guess` is the student's prediction of the first epoch without an error: "1", "2", …, "never", or
None as long as there is none.
"""

from dlkit.svg import Picture, Plane, number, table, text, weighted_sum

_PLANE = Plane(-1.25, 1.25, size=290)


def sentence(run, guess):
    """What is seen now, in one or two sentences."""
    step = run.last
    if step is None:
        if guess is None:
            return "Predict first: in which epoch will no point be wrong any more?"
        return "w = (0, 0) and b = 0: no line yet, the unit fires nowhere. Press Step."
    if run.clean:
        updates = "1 update" if run.updates == 1 else f"{run.updates} updates"
        return f"Epoch {len(run.errors)} had no error: w rests after {updates}.{_said(run, guess)}"
    x, t = run.points[step.index], run.targets[step.index]
    seen = f"Point {step.index + 1} at {_pair(x)} is of class {t}; the unit said {step.output}: "
    if step.moved:
        sign, lr = "plus" if t else "minus", number(run.lr)
        times = "" if run.lr == 1 else f"{lr} "
        seen += f"wrong, so w becomes w {sign} {times}x and b becomes b {sign} {lr}."
    else:
        seen += "right, so nothing moves."
    if run.ended:
        seen += f" After {len(run.errors)} epochs the run stops here, none was without an error."
        seen += _said(run, guess)
    return seen


def _said(run, guess):
    """The student's prediction beside the truth."""
    if guess is None:
        return ""
    truth = str(len(run.errors)) if run.clean else "never"
    return f" You predicted {guess}{': right!' if guess == truth else '.'}"


def pictures(run, guess):
    return [_plane(run), _bars(run, guess)]


def step_table(run):
    """The point looked at, and w and b before and after it, as an HTML table."""
    step = run.last
    heads = ("x", "class", "unit", "", "w, b before", "w, b after")
    if step is None:
        return table("The last step", heads, [["–"] * len(heads)])
    x, t = run.points[step.index], run.targets[step.index]
    row = [_pair(x), t, step.output, "✓ right" if step.output == t else "✗ wrong"]
    row += [f"{_pair(step.w_before)}, {number(step.b_before)}"]
    row += [f"{_pair(step.w)}, {number(step.b)}"]
    epoch = len(run.errors) + (step.index < len(run.points) - 1)
    return table(f"Epoch {epoch}, point {step.index + 1} of {len(run.points)}", heads, [row])


def _plane(run):
    step = run.last
    marks = [_PLANE.axes((-1, 0, 1)), _PLANE.half_plane(run.w, run.b)]
    if step is not None and step.moved:
        marks.append(_PLANE.line(step.w_before, step.b_before, "dlk-before"))
    marks += [_PLANE.line(run.w, run.b), _PLANE.normal(run.w, run.b)]
    looked = None if step is None else step.index
    for i, (x, t) in enumerate(zip(run.points, run.targets, strict=True)):
        marks.append(_point(i, x, t, ringed=i == looked))
    rule = f"fires where {weighted_sum(run.w, run.b)} > 0"
    marks.append(text(145, 22, rule, "dlk-strong"))
    wrong = f"{run.wrong()} on the wrong side"
    alt = f"{len(run.points)} points of two classes; the unit {rule}; {wrong}."
    if step is not None:
        alt += f" The ring is round point {step.index + 1}."
    return Picture("".join(marks), 290, 290, alt)


def _point(i, point, target, ringed):
    """A triangle for class 1, a circle for class 0, with the point's turn beside it."""
    x, y = _PLANE.x(point[0]), _PLANE.y(point[1])
    if target:
        mark = f'<path class="dlk-on" d="M{x:.1f} {y - 9:.1f}l8.5 15h-17z"/>'
    else:
        mark = f'<circle class="dlk-off" cx="{x:.1f}" cy="{y:.1f}" r="7"/>'
    if ringed:
        mark += f'<circle class="dlk-ring" cx="{x:.1f}" cy="{y:.1f}" r="14"/>'
    return mark + text(x + 15, y - 9, str(i + 1), "dlk-small")


def _bars(run, guess):
    """Errors in each epoch as bars, with the guess as a dashed line."""
    left, floor, height, most = 24, 256, 200, len(run.points)
    shown = max(10, len(run.errors))
    wide = 196 / shown
    marks = [
        f'<path class="dlk-frame" d="M{left} {floor - height}V{floor}h196"/>',
        text(left + 98, 22, "errors in each epoch", "dlk-strong"),
        text(left + 98, floor + 28, "epoch"),
        text(left - 6, floor + 4, "0", "dlk-small", "end"),
        text(left - 6, floor - height + 4, str(most), "dlk-small", "end"),
    ]
    for i, count in enumerate(run.errors):
        x, tall = left + wide * i, height * count / most
        marks.append(
            f'<rect class="dlk-bar" x="{x + wide * 0.15:.1f}" y="{floor - tall:.1f}" '
            f'width="{wide * 0.7:.1f}" height="{tall:.1f}"/>'
        )
        marks.append(text(x + wide / 2, floor - tall - 5, str(count), "dlk-small"))
        marks.append(text(x + wide / 2, floor + 14, str(i + 1), "dlk-small"))
    if guess not in (None, "never") and int(guess) <= shown:
        x = left + wide * (int(guess) - 0.5)
        marks.append(f'<path class="dlk-guess" d="M{x:.1f} {floor}V{floor - height}"/>')
        marks.append(text(x, floor - height - 6, "your guess", "dlk-small"))
    counts = ", ".join(map(str, run.errors)) or "no epoch has ended yet"
    said = "" if guess is None else f" Your guess: {guess}."
    return Picture("".join(marks), 225, 290, f"Errors in each epoch: {counts}.{said}")


def _pair(pair):
    return f"({number(pair[0])}, {number(pair[1])})"
