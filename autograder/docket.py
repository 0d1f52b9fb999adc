"""Whose turn it is: every hand-in is judged once, and what was lost once more, alone."""

import json
from collections import Counter, deque
from collections.abc import Callable, Iterable

from autograder.result import Result
from autograder.work import HandIn, no_verdict

MAX_BATCH_BYTES = 4 * 2**20


class Docket:
    """The hand-ins of one run that wait to be judged.

    Parameters
    ----------
    students : in the order in which they are judged
    take : student -> HandIn, called when its turn comes, so that few lie in memory
    tries : a hand-in that was lost so often gets no verdict, so that it cannot hold up the others
    """

    def __init__(
        self,
        chapter_id: str,
        students: Iterable[str],
        take: Callable[[str], HandIn],
        tries: int = 2,
    ):
        self.chapter_id = chapter_id
        self.fresh = deque(students)
        self.suspects: deque[str] = deque()
        self.tries = tries
        self._take = take
        self._losses: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self.fresh) + len(self.suspects)

    def batch(self, size: int) -> list[HandIn]:
        """The next `size` hand-ins, fewer if they are large; the lost ones last, and each alone."""
        if not self.fresh:
            return [self._take(self.suspects.popleft())] if self.suspects else []
        batch, total = [], 0
        while self.fresh and len(batch) < size and total < MAX_BATCH_BYTES:
            batch.append(self._take(self.fresh.popleft()))
            total += len(batch[-1].content or b"")
        return batch

    def give_back(self, students: Iterable[str]) -> None:
        """These were in a batch that nobody began."""
        for student in students:
            (self.suspects if self._losses[student] else self.fresh).appendleft(student)

    def judged(self, text: str) -> list[Result]:
        """The result in this JSON; nothing yet for a no_verdict that deserves another try."""
        result = Result.from_json(json.loads(text))
        if result.outcome != "no_verdict" or self._is_last_try(result.student):
            return [result]
        return []

    def lost(self, student: str, reason: str) -> list[Result]:
        """Its judging came to nothing: another try later, or after the last a no_verdict."""
        if self._is_last_try(student):
            return [no_verdict(student, self.chapter_id, reason)]
        return []

    def _is_last_try(self, student: str) -> bool:
        self._losses[student] += 1
        if self._losses[student] == self.tries:
            return True
        self.suspects.append(student)
        return False
