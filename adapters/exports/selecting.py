"""Which chats of an export are wanted, and from when on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from adapters.exports.identity import folded
from adapters.exports.parsed import ParsedChat, ParsedMessage
from bot.errors import ImportRefused

TITLES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for. `only` holds titles, in which * and ? stand for anything; empty means every chat."""

    only: tuple[str, ...] = ()
    since: datetime | None = None

    def takes(self, title: str) -> bool:
        """Tell whether a chat of that title is wanted."""
        return not self.only or any(fnmatchcase(folded(title), folded(pattern)) for pattern in self.only)


@dataclass(slots=True)
class Choice:
    """Chooses among the chats of one source, and remembers what it passed over."""

    wanted: Wanted
    taken: int = 0
    passed_over: list[str] = field(default_factory=list)

    def chats(self, chats: Iterator[ParsedChat]) -> Iterator[ParsedChat]:
        """Yield the chats that are wanted, without what was said too early. Raises ImportRefused when none is."""
        for chat in chats:
            if not self.wanted.takes(chat.title):
                self.passed_over.append(chat.title)
                continue
            self.taken += 1
            if (since := self.wanted.since) is not None:
                chat.messages = _from(since, chat.messages)
            yield chat
        if not self.taken and self.passed_over:
            shown = ", ".join(self.passed_over[:TITLES_SHOWN])
            more = len(self.passed_over) - TITLES_SHOWN
            rest = f" and {more:,} more" if more > 0 else ""
            raise ImportRefused(f"no chat here is called {' or '.join(self.wanted.only)}; there are: {shown}{rest}")


def _from(since: datetime, messages: Iterator[ParsedMessage]) -> Iterator[ParsedMessage]:
    return (message for message in messages if message.sent_at >= since)
