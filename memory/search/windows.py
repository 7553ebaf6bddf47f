"""What of a conversation stands around a message: its session, its predecessor, and the text of its window.

A message is searched for by its own words and by its window: itself, the two messages before it in the same session,
each with its speaker, and the date. One vector is kept a message, over its window.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from memory.records import with_key

_MINUTE = 60 * 1_000_000
_DAY = 24 * 60 * _MINUTE
_FIRST_DAY = date(1970, 1, 1)

SESSION_GAP = 3 * 3600 * 1_000_000
"""A silence of this many microseconds ends a session."""

PREDECESSORS = 2
"""Messages before a message that its window holds."""

WINDOW_CHARACTERS = 900
"""About what a sentence embedder of 256 tokens reads; earlier messages are cut so that the message itself fits."""


MessageText = tuple[str, str]
"""The author and the text of a message."""


class IndexedWords(NamedTuple):
    """The exact text that stands in the two indexes for a passage; removing it needs the same text again.

    The window in its parts: the passage alone (its turn), what was said before it, and the day.
    """

    passage_id: int
    window: tuple[str, ...]


class WindowRow(NamedTuple):
    """A passage with its two predecessors, as the window's text is made from them."""

    passage_id: int
    kind: str
    author: str
    said_at: int
    said_offset: int
    text: str
    title: str | None
    key: str | None
    before: tuple[MessageText, ...]
    """The predecessors, the earliest first."""

    def turn(self) -> str:
        """Return the passage alone, with its speaker (a document's piece with its title, a fact with its key)."""
        return _line(self.title or self.author, with_key(self.key, self.text))

    def window(self) -> str:
        """Return the passage, its predecessors (the nearest first) and its date: what is embedded.

        The passage stands first: a sentence embedder heeds the beginning most, and cuts at the end.
        """
        return "\n".join(self._parts())

    def index_words(self) -> IndexedWords:
        """Return what the full-text indexes hold of the passage."""
        return IndexedWords(self.passage_id, self._parts())

    def _parts(self) -> tuple[str, ...]:
        before = [(said, _line(*said)) for said in self.before[::-1]]
        return _window(self.turn(), self.text, before, day_of(self.said_at, self.said_offset))


@lru_cache(maxsize=64)  # (neighbours share their day, and writing it out costs as much as the rest of the window)
def _write_out(day: int) -> str:
    """Return a day, counted from 1970, as people write it."""
    said = _FIRST_DAY + timedelta(days=day)
    return f"{said.day} {said:%B %Y}"


def day_of(said_at: int, said_offset: int) -> int:
    """Return the day, counted from 1970, that it was where something was said."""
    return (said_at + said_offset * _MINUTE) // _DAY


def _window(line: str, text: str, before: Sequence[tuple[MessageText, str]], day: int) -> tuple[str, ...]:
    """Return the parts of a window; `before` has the nearest first, each with its line."""
    if not before:
        return (line, _write_out(day))
    share = max(WINDOW_CHARACTERS - len(text), 0) // len(before)
    if not share:
        return (line, _write_out(day))
    earlier = [whole if len(said) <= share else _line(author, said[:share]) for (author, said), whole in before]
    return (line, *earlier, _write_out(day))


def _line(author: str, text: str) -> str:
    return f"{author}: {text}" if author else text


def index_messages(
    messages: Iterable[tuple[int, int]], texts: Mapping[int, MessageText], previous: Mapping[int, int | None]
) -> list[IndexedWords]:
    """Return what the full-text indexes hold of messages, given by id and day, from their `texts` by id."""
    known = {passage_id: (said, _line(*said)) for passage_id, said in texts.items()}
    made: list[IndexedWords] = []
    for passage_id, day in messages:
        before: list[tuple[MessageText, str]] = []
        at = previous.get(passage_id)
        while at is not None and at in known and len(before) < PREDECESSORS:
            before.append(known[at])
            at = previous.get(at)
        (_, text), line = known[passage_id]
        made.append(IndexedWords(passage_id, _window(line, text, before, day)))
    return made


def window_of(row: Sequence[Any]) -> WindowRow:
    """Return the window of a row: the fields of `WindowRow`, then author and text of the earlier and the nearer one."""
    passage_id, kind, author, said_at, said_offset, text, title, key, *before = row
    predecessors = [(before[at], before[at + 1]) for at in (0, 2) if before[at + 1] is not None]
    return WindowRow(passage_id, kind, author, said_at, said_offset, text, title, key, tuple(predecessors))
