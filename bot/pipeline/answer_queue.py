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


@dataclass(eq=False, slots=True)
class _Turn:
    person: str
    tell: Callable[[str], None]
    language: str
    begun: asyncio.Event = field(default_factory=asyncio.Event)


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
    async def turn(self, person: str, tell: Callable[[str], None]) -> AsyncIterator[None]:
        """Wait for one's turn; while others come first, `tell` is given how many, each time that changes."""
        turn = _Turn(person, tell, current_language())
        self._waiting.append(turn)
        try:
            self._go_on()
            if turn.begun.is_set() and len(self._running) > 1:
                tell(_sentence(len(self._running) - 1, turn.language))
            await turn.begun.wait()
            yield
        finally:
            (self._running if turn.begun.is_set() else self._waiting).remove(turn)
            self._go_on()

    def _go_on(self) -> None:
        """Begin what there is room for, and tell those who wait how many are before them."""
        order = self._order()
        for turn in order[: max(0, self._at_once - len(self._running))]:
            self._waiting.remove(turn)
            self._running.append(turn)
            self._latest.keep(turn.person, next(self._numbers))
            turn.begun.set()
        for place, turn in enumerate(self._order()):
            turn.tell(_sentence(len(self._running) + place, turn.language))

    def _order(self) -> list[_Turn]:
        """Return those who wait in the order of their turns."""
        made = Counter(turn.person for turn in self._running)
        ordered: list[_Turn] = []
        left = list(self._waiting)
        while left:
            following = min(left, key=lambda turn: (made[turn.person], self._latest.get(turn.person) or 0))
            left.remove(following)
            ordered.append(following)
            made[following.person] += 1
        return ordered


def _sentence(before: int, language: str) -> str:
    with speaking(language):
        return ngettext("One answer is before yours…", "{number} answers are before yours…", before)
