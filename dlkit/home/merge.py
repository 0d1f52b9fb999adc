"""A student's notebook brought to a newer release: three versions in, one out, no answer touched.

`base` is the release that the student's notebook `mine` was made from, `new` the newer release; all
are nbformat JSON. Text, stubs that were not touched and checks come from `new`; answers, written
answers, and cells that the student added or changed come from `mine`.

A cell with a grade_id is known by it. The others are known in `mine` by their ids, which are their
places in the release; between two releases places shift, so there they are known by their text.
"""

import copy
from difflib import SequenceMatcher

NEWS = "what-is-new"  # the id of the cell that tells what was merged
_ALIKE = 0.5  # from here on a changed text is taken for the same cell
_CHANGED = "Your version of the cell above, which this release has changed, too."
_REMOVED = "You had changed this cell. The release has it no more."
_ANSWER = "Your answer `{}`. The release has this exercise no more, so it gives no points."


def merge(base, new, mine):
    """(the merged notebook, what the student should know, in sentences); nothing given changes."""
    return _Merge(base["cells"], new, mine).run()


def untouched(base, mine):
    """Whether the student has changed nothing but outputs."""
    written = [cell for cell in mine["cells"] if cell.get("id") != NEWS]
    cells = base["cells"]
    return len(written) == len(cells) and all(map(_same, written, cells))


def tell(notebook, words):
    """The notebook with a cell below its first one that says what was merged."""
    news = {"cell_type": "markdown", "id": NEWS, "metadata": {}, "source": words}
    cells = notebook["cells"]
    return {**notebook, "cells": [*cells[:1], news, *cells[1:]]}


class _Merge:
    def __init__(self, base, new, mine):
        self.base, self.new, self.mine = base, new["cells"], mine["cells"]
        self.form, self.metadata = new, {**new["metadata"], **mine.get("metadata", {})}
        self.notes = []
        self.follows = _follow(base, self.new)  # {place in base: place in new}
        self.found = {}  # {place in new: the student's cell}
        self.origin = {}  # {place in new: the cell of base that it follows}
        self.own = {}  # {place in new, -1 for the top: [the student's own cells below it]}
        self.last = []  # what has no place any more
        self.ids = {cell["id"] for cell in self.new}

    def run(self):
        self._sort_mine()
        cells = list(self.own.get(-1, []))
        for place, cell in enumerate(self.new):
            cells += [*self._one(place, cell), *self.own.get(place, [])]
        cells += self.last
        return {**self.form, "metadata": self.metadata, "cells": cells}, self.notes

    # -- the student's cells: which is which --

    def _sort_mine(self):
        """Give each of the student's cells its place in the new release, or below one."""
        in_base = {_key(cell): place for place, cell in enumerate(self.base)}
        in_new = {_grade_id(cell): place for place, cell in enumerate(self.new) if _grade_id(cell)}
        chosen, above = _chosen(self.mine, self.base), -1
        for i, cell in enumerate(self.mine):
            if cell.get("id") == NEWS:
                continue
            key = _key(cell)
            counts = key is None or chosen[key] == i
            old = self._without_id(cell) if key is None else in_base.get(key)
            old = old if counts else None
            place = self._arrived(cell, old)
            if place is None and counts:
                place = self.follows.get(old, in_new.get(_grade_id(cell)))
            if place is None:
                self._keep(cell, None if old is None else self.base[old], above)
                continue
            self.found[place], above = cell, place
            self.origin[place] = None if old is None else self.base[old]

    def _without_id(self, cell):
        """The place in base of a cell that a tool of before 2021 saved without its id."""
        return next((place for place, old in enumerate(self.base) if _same(old, cell)), None)

    def _arrived(self, cell, old):
        """The place of a cell that has the new release's text already (a merge was cut short)."""
        if _grade_id(cell) or (old is not None and _same(cell, self.base[old])):
            return None
        fits = (p for p, new in enumerate(self.new) if p not in self.found and _same(new, cell))
        return next((p for p in fits if not _grade_id(self.new[p])), None)

    def _keep(self, cell, origin, above):
        """A cell without a place in the release: the student's own, or one that is gone."""
        if origin is None:
            self.own.setdefault(above, []).append(self._own(cell))
        elif _same(cell, origin) or _is_locked(origin):
            return
        elif _grade_id(origin):
            name = _grade_id(origin)
            self.notes.append(f"`{name}` is no exercise any more; your answer is at the end.")
            self.last.append(self._own(_marked(cell, _ANSWER.format(name))))
        else:
            self.notes.append("A cell that you had changed is gone; yours was kept in its place.")
            self.own.setdefault(above, []).append(self._own(_marked(cell, _REMOVED)))

    # -- one cell of the new release --

    def _one(self, place, new):
        mine, origin = self.found.get(place), self.origin.get(place)
        followed = next((old for old, to in self.follows.items() if to == place), None)
        if mine is None:
            deleted = followed is not None and _same(self.base[followed], new)
            return [] if deleted and not _grade_id(new) else [copy.deepcopy(new)]
        if _is_solution(new):
            return [self._answer(new, mine, origin)]
        if _is_locked(new):
            return [copy.deepcopy(new)]
        return self._text(new, mine, origin)

    def _answer(self, new, mine, origin):
        """The release's cell with the student's answer, if there is one."""
        if origin is not None and _same(mine, origin):
            return copy.deepcopy(new)
        if origin is not None and not _same(origin, new):
            self.notes.append(f"`{_grade_id(new)}` starts otherwise now; your answer stayed.")
        merged = {**copy.deepcopy(new), "source": copy.deepcopy(mine["source"])}
        if new["cell_type"] == mine["cell_type"]:
            merged |= {key: copy.deepcopy(mine[key]) for key in _RESULTS if key in mine}
        return merged

    def _text(self, new, mine, origin):
        if origin is None or _same(mine, origin) or _same(mine, new):
            merged = copy.deepcopy(new)
            if _same(mine, new):
                merged |= {key: copy.deepcopy(mine[key]) for key in _RESULTS if key in mine}
            return [merged]
        if _same(origin, new):
            return [{**copy.deepcopy(mine), "id": new["id"]}]
        self.notes.append("A cell that you had changed is another now; yours is below it.")
        return [copy.deepcopy(new), self._own(_marked(mine, _CHANGED))]

    def _own(self, cell):
        """A copy of the student's own cell, with an id that nothing else has."""
        number, wanted = 1, cell.get("id")
        while not wanted or wanted in self.ids:
            wanted, number = f"own-{number}", number + 1
        self.ids.add(wanted)
        return {**copy.deepcopy(cell), "id": wanted}


_RESULTS = ("outputs", "execution_count", "attachments")


# -- cells -----------------------------------------------------------------------------------------


def _nbgrader(cell):
    found = cell.get("metadata", {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def _grade_id(cell):
    return _nbgrader(cell).get("grade_id")


def _key(cell):
    return _grade_id(cell) or cell.get("id")


def _is_solution(cell):
    return bool(_nbgrader(cell).get("solution"))


def _is_locked(cell):
    return bool(_grade_id(cell)) and not _is_solution(cell)


def _source(cell):
    """The text, which nbformat stores whole or as a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _same(one, other):
    return one["cell_type"] == other["cell_type"] and _source(one) == _source(other)


def _marked(cell, words):
    """The student's cell as an own one, below a line that says where it comes from."""
    kept = copy.deepcopy(cell)
    kept["metadata"] = {k: v for k, v in cell.get("metadata", {}).items() if k != "nbgrader"}
    kept["id"] = None
    lead = f"# {words}\n" if cell["cell_type"] == "code" else f"*{words}*\n\n"
    kept["source"] = lead + _source(cell)
    return kept


def _chosen(mine, base):
    """{key: the place in `mine` that counts}: of copies the last changed one, as in grading."""
    originals = {_key(cell): cell for cell in base}
    chosen = {}
    for i, cell in enumerate(mine):
        key = _key(cell)
        changed = key in originals and not _same(cell, originals[key])
        if key is not None and (key not in chosen or changed):
            chosen[key] = i
    return chosen


# -- one release and the next ----------------------------------------------------------------------


def _follow(base, new):
    """{place in base: place in new} of the cells that both releases have."""
    places = {_grade_id(cell): place for place, cell in enumerate(new) if _grade_id(cell)}
    pairs = {
        place: places[_grade_id(cell)]
        for place, cell in enumerate(base)
        if _grade_id(cell) in places
    }
    texts = [[(c["cell_type"], _grade_id(c), _source(c)) for c in cells] for cells in (base, new)]
    blocks = SequenceMatcher(None, *texts, autojunk=False).get_matching_blocks()
    taken = set(pairs.values())
    for block in blocks:
        for step in range(block.size):
            old, place = block.a + step, block.b + step
            if not _grade_id(base[old]):
                pairs[old] = place
                taken.add(place)
    for old, cell in enumerate(base):
        if old not in pairs and not _grade_id(cell):
            place = _most_alike(cell, new, taken, *_between(pairs, old, len(new)))
            if place is not None:
                pairs[old] = place
                taken.add(place)
    return pairs


def _between(pairs, old, end):
    """The places of `new` between the partners of the neighbours of this place of `base`."""
    before = [place for other, place in pairs.items() if other < old]
    after = [place for other, place in pairs.items() if other > old]
    return max(before, default=-1) + 1, min(after, default=end)


def _most_alike(cell, new, taken, start, end):
    def likeness(place):
        return SequenceMatcher(None, _source(cell), _source(new[place]), autojunk=False).ratio()

    fitting = [
        place
        for place in range(start, end)
        if place not in taken
        and not _grade_id(new[place])
        and new[place]["cell_type"] == cell["cell_type"]
    ]
    best = max(fitting, key=likeness, default=None)
    return best if best is not None and likeness(best) >= _ALIKE else None
