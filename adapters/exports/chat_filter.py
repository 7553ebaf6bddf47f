"""Which chats of an export are wanted, and from when on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from adapters.exports.identity import fold_name
from adapters.exports.parsed import ParsedChat, ParsedMessage
from bot.errors import ImportRefused

TITLES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ChatSelection:
    """What the user asked for. `only` holds titles, in which * and ? stand for anything; empty means every chat."""

    only: tuple[str, ...] = ()
    since: datetime | None = None

    def includes(self, title: str) -> bool:
        """Tell whether a chat of that title is wanted."""
        return not self.only or any(fnmatchcase(fold_name(title), fold_name(pattern)) for pattern in self.only)


@dataclass(slots=True)
class ChatFilter:
    """Chooses among the chats of one source, and remembers what it passed over."""

    selection: ChatSelection
    chosen: int = 0
    passed_over: list[str] = field(default_factory=list)

    def filter_chats(self, chats: Iterator[ParsedChat]) -> Iterator[ParsedChat]:
        """Yield the chats that are wanted, without what was said too early. Raises ImportRefused when none is."""
        for chat in chats:
            if not self.selection.includes(chat.title):
                self.passed_over.append(chat.title)
                continue
            self.chosen += 1
            if (since := self.selection.since) is not None:
                chat.messages = _drop_earlier(since, chat.messages)
            yield chat
        if not self.chosen and self.passed_over:
            shown = ", ".join(self.passed_over[:TITLES_SHOWN])
            more = len(self.passed_over) - TITLES_SHOWN
            rest = f" and {more:,} more" if more > 0 else ""
            raise ImportRefused(f"no chat here is called {' or '.join(self.selection.only)}; there are: {shown}{rest}")


def _drop_earlier(since: datetime, messages: Iterator[ParsedMessage]) -> Iterator[ParsedMessage]:
    return (message for message in messages if message.sent_at >= since)
