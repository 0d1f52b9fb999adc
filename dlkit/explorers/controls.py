"""What a student can move in an explorer: sliders, choices, ticks and buttons, as plain data.

Each control is a dict that the browser draws (panel.js) and `check_value` holds to its range.
"""


def slider(name, label, low, high, step):
    return {"kind": "slider", "name": name, "label": label, "min": low, "max": high, "step": step}


def scale(name, label, options):
    """A slider over `options`, numbers that are not spaced evenly, such as rates."""
    return {"kind": "scale", "name": name, "label": label, "options": list(options)}


def choice(name, label, options):
    """One of `options`, which are strings."""
    return {"kind": "choice", "name": name, "label": label, "options": list(options)}


def ticks(name, label, options):
    """A tick box for each of `options`; the value is a list of booleans."""
    return {"kind": "ticks", "name": name, "label": label, "options": list(options)}


def numbers(name, label, count, columns, low, high, step):
    """`count` numbers to type, in rows of `columns`; the value is a list of them, row by row."""
    shape = {"count": count, "columns": columns, "min": low, "max": high, "step": step}
    return {"kind": "numbers", "name": name, "label": label, **shape}


def button(name, label):
    return {"kind": "button", "name": name, "label": label}


# of every explorer that asks for a guess; the base classes say what they do
GUESS_BUTTONS = (
    button("show", "Show"),
    button("predict", "Predict again"),
    button("reset", "Reset"),
)


def check_value(control, value):
    """The value if the control can take it; a ValueError that says what it can take otherwise."""
    name, kind = control["name"], control["kind"]
    if kind == "slider":
        _check_number(control, value)
    elif kind == "numbers":
        if not isinstance(value, list) or len(value) != control["count"]:
            raise ValueError(f"{name} expected a list of {control['count']} numbers, got {value!r}")
        for one in value:
            _check_number(control, one)
    elif kind in ("choice", "scale") and value not in control["options"]:
        raise ValueError(
            f"{name} is one of {', '.join(map(str, control['options']))}, got {value!r}"
        )
    elif kind == "ticks":
        wanted = len(control["options"])
        if not isinstance(value, list) or [type(v) for v in value] != [bool] * wanted:
            raise ValueError(f"{name} expected a list of {wanted} booleans, got {value!r}")
    elif kind == "button":
        raise ValueError(f"{name} is a button: use press({name!r})")
    return value


def _check_number(control, value):
    name, low, high = control["name"], control["min"], control["max"]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"{name} expected a number from {low} to {high}, got {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} goes from {low} to {high}, got {value!r}")
