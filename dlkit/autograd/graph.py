"""The graph behind a Value: its nodes in order, and its drawing as SVG, from left to right."""

from dlkit.autograd.layout import layout
from dlkit.svg import Picture, image, short, standalone, text

LIMIT = 100  # nodes; a larger drawing is no longer readable

BOX, PILL, HEIGHT = 112, 50, 58  # pixels: the box of a value, the operation at its left, both high
EDGE, BETWEEN = 12, 44  # pixels: around the drawing, and from column to column
WIRE = "stroke-opacity: .8; stroke-width: 1.2px"


def sources_first(result):
    """Every node that `result` was computed from, each after its inputs; `result` comes last.

    The walk keeps a list of its own instead of calling itself: a graph may be deeper than Python's
    stack of calls.
    """
    order, seen, waiting = [], {result}, [(result, iter(result.inputs))]
    while waiting:
        node, inputs = waiting[-1]
        fresh = next((source for source in inputs if source not in seen), None)
        if fresh is None:
            order.append(node)
            waiting.pop()
        else:
            seen.add(fresh)
            waiting.append((fresh, iter(fresh.inputs)))
    return order


def graph_svg(result):
    """The graph of a Value as the text of an SVG file: each node's name, value and gradient.

    Raises
    ------
    ValueError
        if the graph has more than 100 nodes: such a drawing is not readable.

    >>> from dlkit.autograd import Value
    >>> graph_svg(Value(2.0, name="x") * 3)[:4]
    '<svg'
    """
    order = sources_first(result)
    if len(order) > LIMIT:
        raise ValueError(
            f"The graph has {len(order)} nodes, and a drawing of more than {LIMIT} cannot be read. "
            "Draw one of the values on the way instead."
        )
    return standalone([_picture(order)])


def markup(result, kind):
    """What a notebook shows for a Value, as "svg" or "html"; None where the graph is too large."""
    order = sources_first(result)
    if len(order) > LIMIT:
        return None
    return {"svg": standalone, "html": image}[kind]([_picture(order)])


def _picture(order):
    places, wires = layout(order, HEIGHT + 14)
    columns = max(column for column, _ in places.values()) + 1
    step = PILL + BOX + BETWEEN
    width = columns * step - BETWEEN - PILL + 2 * EDGE  # the first column has no operations
    height = max(y for _, y in places.values()) + HEIGHT + 2 * EDGE

    def at(item):
        column, y = places[item]
        return EDGE - PILL + column * step, EDGE + HEIGHT / 2 + y

    lines = [_wire(at(start), at(end), end, port) for start, end, port in wires]
    lines += [_bend(*at(item)) for item in places if item not in order]
    boxes = [_box(node, *at(node)) for node in order]
    return Picture("".join(lines + boxes), round(width), round(height), _words(order))


def _wire(start, end, target, port):
    """A line from the right side of one item to the left side of another."""
    x1, y1 = start[0] + PILL + BOX, start[1]
    x2, y2 = end
    tip = ""
    if port is not None:
        y2 += 16 * (port - (len(target.inputs) - 1) / 2)
        tip = f" m -7,-4 L {x2:.1f},{y2:.1f} l -7,4"
    middle = (x1 + x2) / 2
    curve = f"M {x1:.1f},{y1:.1f} C {middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    return f'<path class="dlk-frame" style="{WIRE}" d="{curve}{tip}"/>'


def _bend(x, y):
    """Where a wire passes a column in which it does not end."""
    return f'<path class="dlk-frame" style="{WIRE}" d="M {x:.1f},{y:.1f} h {PILL + BOX}"/>'


def _box(node, x, y):
    left, top, middle = x + PILL, y - HEIGHT / 2, x + PILL + BOX / 2
    marks = [
        f'<rect class="dlk-off" x="{left:.1f}" y="{top:.1f}" width="{BOX}" height="{HEIGHT}" '
        'rx="5"/>'
    ]
    if node.inputs:
        wide = len(node.operation) > 4
        marks += [
            f'<rect class="dlk-fires" x="{x:.1f}" y="{y - 19:.1f}" width="{PILL}" height="38" '
            f'rx="5"/>',
            text(x + PILL / 2, y + 4, node.operation, "dlk-small" if wide else "dlk-strong"),
        ]
    lines = [f"data {short(node.data, 4)}", f"grad {short(node.grad, 4)}"]
    if node.name:
        lines.insert(0, _label(node) if len(_label(node)) < 16 else f"{_label(node)[:14]}…")
    first = y + 4 - 8 * (len(lines) - 1)
    for i, words in enumerate(lines):
        kind = "dlk-strong" if len(lines) == 3 and i == 0 else "dlk-small"
        marks.append(text(middle, first + 16 * i, words, kind))
    return "".join(marks)


def _words(order):
    """What the drawing shows, in words."""
    said = [f"Computational graph of {len(order)} value{'s' if len(order) > 1 else ''}."]
    for node in order:
        of = " and ".join(_label(source) for source in node.inputs)
        how = f"{node.operation} of {of}, " if node.inputs else ""
        name = f"{_label(node)}: " if node.name else ""
        said.append(f"{name}{how}data {short(node.data, 4)}, gradient {short(node.grad, 4)}.")
    return " ".join(said)


def _label(node):
    return str(node.name) if node.name else short(node.data, 4)
