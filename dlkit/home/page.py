"""The student's home in the index: the map as a picture of the logbook, and the review's form."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

import anywidget
import traitlets

from dlkit.home import asking, course, drawing, logbook, review, standing

_HERE = files(__package__)
_DAMAGED = "A file of the course is damaged ({}). Start `make lab` again, which puts it back."
_NOT_KEPT = (
    "Your progress cannot be kept: {} cannot be written. Checks and questions work all the same."
)
_NO_FOLDER = "Your progress is not kept here. Start the course with `make lab`."


class Panel(anywidget.AnyWidget):
    """The widget of the review: HTML goes to the browser, presses and answers come back."""

    _esm = _HERE.joinpath("review.js").read_text(encoding="utf-8")
    _css = drawing.CSS
    html = traitlets.Unicode().tag(sync=True)


class Home:
    """The map with the student's progress, what to do next, and today's review questions.

    folder : where map.toml and the chapters lie, by default the notebook's own folder
    now : gives the present moment
    """

    def __init__(self, folder=None, now=datetime.now):
        self._folder, self._now = Path(folder or Path.cwd()), now
        self._seen, self._handle, self.map = None, None, ""
        self._asked = None  # what the panel shows: (question, its choices' order), or None
        self._answered, self._most = 0, 0  # of this sitting
        self.widget = Panel()
        self.widget.on_msg(self._said)
        self.look()

    # -- what the browser says --

    def look(self):
        """Bring the map up to date if the logbook or the day has changed since it was drawn."""
        seen, self._seen = self._seen, self._stamp()
        if seen == self._seen:
            return
        before, self.map = self.map, self._read()
        if self._handle is not None and before != self.map:
            self._handle.update(self._picture(), raw=True)
        new_day = seen is None or seen[0] != self._seen[0]
        if self._asked is None and (self._answered == 0 or new_day):
            self._ask()

    def answer(self, place):
        """Answer the question that is shown with the choice in that place, counted from 0."""
        if self._asked is None:
            return
        asked, order = self._asked
        choice, self._asked = order[place], None
        share = float(choice == 0)
        event = (logbook.REVIEW, asked.chapter, asked.id, share)
        moment = self._now().astimezone()
        if not logbook.add(self._folder, *event, at=moment):
            self._events.append(logbook.Event(*event, moment))  # for as long as the kernel lives
        else:
            self._events = logbook.read(self._folder)
        self._answered += 1
        plan = self._plan()
        last = self._answered == self._most or not plan.due
        again = review.due_on(asked, self._events)
        self.widget.html = asking.answer(asked, choice, self._answered, self._most, again, last)

    def press(self, name):
        """`next` asks the next question, `more` five more than today's."""
        if name == "more":
            self._answered = 0
            self._most = min(review.DAILY, len(self._plan().due))
            self._show_question()
        elif name == "next":
            self._show_question()

    # -- inside --

    def _said(self, _widget, content, _buffers):
        if "look" in content:
            self.look()
        elif "answer" in content:
            self.answer(content["answer"])
            self.look()  # one question fewer is due
        elif "press" in content:
            self.press(content["press"])

    def _today(self):
        return self._now().astimezone().date()

    def _stamp(self):
        try:
            found = logbook.path(self._folder).stat()
            return self._today(), found.st_mtime_ns, found.st_size
        except OSError:
            return self._today(), None, None

    def _read(self):
        """Read the course and the logbook; the map as HTML."""
        self._events = logbook.read(self._folder)
        self._questions, self._standings, chapters = [], {}, []
        note = self._kept()
        try:
            chapters = course.read_map(self._folder / course.MAP)
            for chapter in chapters:
                self._read_chapter(chapter)
        except (OSError, course.CourseFileError) as problem:
            note = _DAMAGED.format(problem)
        self._following = standing.next_exercise(self._standings.values(), self._events)
        left = self._plan().left_today
        return drawing.page(self._standings, chapters, self._following, left, note)

    def _read_chapter(self, chapter):
        folder = self._folder / chapter.id
        if not (self._folder / chapter.notebook).is_file():
            return
        points = course.exercises(folder)
        self._standings[chapter.id] = standing.of_chapter(chapter, points, self._events)
        if (folder / course.REVIEW).is_file():
            self._questions += course.read_questions(folder / course.REVIEW)

    def _kept(self):
        if not (self._folder / logbook.FOLDER).is_dir():
            return _NO_FOLDER
        problem = logbook.cannot_write(self._folder)
        return _NOT_KEPT.format(problem) if problem else ""

    def _plan(self):
        return review.plan(self._questions, self._events, self._today())

    def _picture(self):
        return {"text/html": self.map, "text/plain": repr(self)}

    def _ask(self):
        self._answered, self._most = 0, self._plan().left_today
        self._show_question()

    def _show_question(self):
        plan = self._plan()
        if self._answered >= self._most or not plan.due:
            self._asked = None
            self.widget.html = asking.nothing(plan, self._today())
            return
        asked = plan.due[0]
        self._asked = asked, review.shuffled(asked, self._events)
        self.widget.html = asking.question(*self._asked, self._answered + 1, self._most)

    def __repr__(self):
        if self._following is None:
            return "<Home>"
        chapter, exercise = self._following
        return f"<Home: chapter {chapter.number}, {exercise.name} comes next>"

    def _ipython_display_(self):
        # The map is an output of its own: it stays where there is no kernel, and JupyterLab opens
        # its links. The form below it is a widget.
        from IPython.display import display

        self._handle = display(self._picture(), raw=True, display_id=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        display({"application/vnd.jupyter.widget-view+json": view, "text/plain": ""}, raw=True)
