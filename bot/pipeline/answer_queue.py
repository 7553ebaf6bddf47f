"""The order in which answers are made when several people ask at once: fair between them, and told to who waits."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.pipeline.lru_cache import Recent
from bot.translation import current_language, ngettext, speaking

_KNOWN = 1000
"""People of whom it is known when they were answered."""

_NEAR, _STEP = 20, 10
"""Who has more before them is told only when so many have been answered."""


@dataclass(eq=False, slots=True)
class _Turn:
    person: str
    tell: Callable[[str], None] | None
    language: str
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    told: int = 0

    def tell_before(self, before: int) -> None:
        """Tell how many answers are before this one, if that is news."""
        is_far = self.told and before > _NEAR and abs(self.told - before) < _STEP
        if self.tell is None or before in (0, self.told) or is_far:
            return
        self.told = before
        self.tell(_sentence(before, self.language))


class AnswerQueue:
    """Lets `at_once` answers be made side by side.

    Of those that wait, the next is that of whom the fewest are being made, then that of who was answered longest ago:
    somebody who asks in five groups holds nobody else back.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._running: list[_Turn] = []
        self._waiting: list[_Turn] = []
        self._numbers = itertools.count(1)
        self._latest: Recent[str, int] = Recent(_KNOWN)

    @asynccontextmanager
    async def turn(self, person: str, tell: Callable[[str], None] | None) -> AsyncIterator[None]:
        """Wait for one's turn; while others come first, `tell` is given how many, as that changes.

        Who is far behind is told of every tenth step alone.
        """
        turn = _Turn(person, tell, current_language())
        self._waiting.append(turn)
        try:
            self._go_on()
            if turn.begun.is_set():
                turn.tell_before(len(self._running) - 1)
            await turn.begun.wait()
            yield
        finally:
            (self._running if turn.begun.is_set() else self._waiting).remove(turn)
            self._go_on()

    def _go_on(self) -> None:
        """Begin what there is room for, and tell those who wait how many are before them."""
        room = max(0, self._at_once - len(self._running))
        if room:
            for turn in self._order()[:room]:
                self._waiting.remove(turn)
                self._running.append(turn)
                self._latest.keep(turn.person, next(self._numbers))
                turn.begun.set()
        if any(turn.tell is not None for turn in self._waiting):
            for place, turn in enumerate(self._order()):
                turn.tell_before(len(self._running) + place)

    def _order(self) -> list[_Turn]:
        """Return those who wait in the order of their turns. Takes little longer than sorting, for many may wait."""
        made = Counter(turn.person for turn in self._running)
        ranked: list[tuple[int, int, int]] = []
        for number, turn in enumerate(self._waiting):
            ranked.append((made[turn.person], self._latest.get(turn.person) or 0, number))
            made[turn.person] += 1  # as it will be by the next turn of this person
        return [self._waiting[number] for *_, number in sorted(ranked)]


def _sentence(before: int, language: str) -> str:
    with speaking(language):
        return ngettext("One answer is before yours…", "{number} answers are before yours…", before)
