"""Where the nodes of a graph stand: columns from the inputs to the result, and rows in them."""


def layout(order, row):
    """Places for a graph's nodes, and the wires between them.

    Parameters
    ----------
    order : list of Value
        Inputs before what is computed from them; the result last.
    row : float
        Distance in pixels between two nodes in one column.

    Returns
    -------
    places : dict
        Node or bend → (column, y). A bend is a point (node, column) at which the wire from a node
        passes a column in which it does not end.
    wires : list
        From a node or bend, to a node or bend, and which of the target's inputs it is (None for a
        bend).
    """
    columns = _columns(order)
    wires = _wires(order, columns)
    items = [*order, *{end: None for _, end, port in wires if port is None}]
    targets = {item: [] for item in items}
    for start, end, port in wires:
        targets[start].append((end, port))
    places = {}
    for column in reversed(range(columns[order[-1]] + 1)):
        here = [item for item in items if columns.get(item, _column_of(item)) == column]
        wanted = {item: _wish(targets[item], places, row) for item in here}
        here.sort(key=wanted.get)
        for item, y in zip(here, _spread([wanted[i] for i in here], row), strict=True):
            places[item] = (column, y)
    top = min(y for _, y in places.values())
    return {item: (column, y - top) for item, (column, y) in places.items()}, wires


def _columns(order):
    """A node's column: as near to the result as what is computed from it allows."""
    after = {order[-1]: 0}
    for node in reversed(order):
        for source in node.inputs:
            after[source] = max(after.get(source, 0), after[node] + 1)
    last = max(after.values())
    return {node: last - steps for node, steps in after.items()}


def _wires(order, columns):
    wires = {}  # a dict keeps the order and drops what two wires of one node share
    for node in order:
        for port, source in enumerate(node.inputs):
            start = source
            for column in range(columns[source] + 1, columns[node]):
                wires[start, (source, column), None] = None
                start = (source, column)
            wires[start, node, port] = None
    return list(wires)


def _column_of(item):
    return item[1] if isinstance(item, tuple) else None


def _wish(targets, places, row):
    """The mean height of where an item's wires lead to, the first input above the second."""
    heights = [
        places[end][1] + (0 if port is None else (port - (len(end.inputs) - 1) / 2) * row)
        for end, port in targets
    ]
    return sum(heights) / len(heights) if heights else 0.0


def _spread(wanted, row):
    """Heights in the same order, at least a row apart, and as a whole no higher or lower."""
    heights = []
    for y in wanted:
        heights.append(max(y, heights[-1] + row) if heights else y)
    shift = sum(h - y for h, y in zip(heights, wanted, strict=True)) / len(wanted)
    return [h - shift for h in heights]
