"""What of a conversation stands around a message: its session, its predecessor, and the text of its window.

A message is searched for by its own words and by its window: itself, the two messages before it in the same session,
each with its speaker, and the date. One vector is kept a message, over its window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

import aiosqlite

from memory.records import with_key
from memory.sqlite.lexical import IndexedWords

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
        return _window(self.turn(), self.text, self.before[::-1], day_of(self.said_at, self.said_offset))

    def index_words(self) -> IndexedWords:
        """Return what the full-text indexes hold of the passage."""
        return IndexedWords(self.passage_id, self.turn(), self.window())


@lru_cache(maxsize=64)  # (neighbours share their day, and writing it out costs as much as the rest of the window)
def _write_out(day: int) -> str:
    """Return a day, counted from 1970, as people write it."""
    said = _FIRST_DAY + timedelta(days=day)
    return f"{said.day} {said:%B %Y}"


def day_of(said_at: int, said_offset: int) -> int:
    """Return the day, counted from 1970, that it was where something was said."""
    return (said_at + said_offset * _MINUTE) // _DAY


def _window(turn: str, text: str, before: Sequence[MessageText], day: int) -> str:
    """Return the text of a window from its parts; `before` has the nearest first."""
    share = max(WINDOW_CHARACTERS - len(text), 0) // len(before) if before else 0
    earlier = [_line(author, said[:share]) for author, said in before] if share else ()
    return "\n".join([turn, *earlier, _write_out(day)])


def _line(author: str, text: str) -> str:
    return f"{author}: {text}" if author else text


_SELECT = """
SELECT p.id, p.kind, p.author, p.said_at, p.said_offset, p.text, d.name, f.key, b.author, b.text, a.author, a.text
FROM passages AS p
LEFT JOIN documents AS d ON d.id = p.document_id
LEFT JOIN facts AS f ON f.passage_id = p.id
LEFT JOIN passages AS a ON a.id = p.previous_id AND p.kind IN ('message', 'system')
LEFT JOIN passages AS b ON b.id = a.previous_id
WHERE p.id IN (SELECT value FROM json_each(?))
"""


async def windows(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> list[WindowRow]:
    """Return the windows of these passages as they stand now, in no particular order."""
    rows: Iterable[Any] = await connection.execute_fetchall(_SELECT, [json.dumps(list(passage_ids))])
    return [_window_of(row) for row in rows]


async def load_texts(
    connection: aiosqlite.Connection, texts: dict[int, MessageText], previous: dict[int, int | None]
) -> None:
    """Add to messages, and to the ids of those before them, what else their windows hold."""
    for _ in range(PREDECESSORS):
        missing = {at for at in previous.values() if at is not None and at not in texts}
        rows: Iterable[Any] = await connection.execute_fetchall(
            "SELECT id, author, text, previous_id FROM passages WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(missing))],
        )
        for passage_id, author, text, previous_id in rows:
            texts[passage_id] = (author, text)
            previous[passage_id] = previous_id


def index_messages(
    messages: Iterable[tuple[int, int]], texts: Mapping[int, MessageText], previous: Mapping[int, int | None]
) -> list[IndexedWords]:
    """Return what the full-text indexes hold of messages, given by id and day, from their `texts` by id."""
    made: list[IndexedWords] = []
    for passage_id, day in messages:
        before: list[MessageText] = []
        at = previous.get(passage_id)
        while at is not None and at in texts and len(before) < PREDECESSORS:
            before.append(texts[at])
            at = previous.get(at)
        author, text = texts[passage_id]
        turn = _line(author, text)
        made.append(IndexedWords(passage_id, turn, _window(turn, text, before, day)))
    return made


def _window_of(row: Sequence[Any]) -> WindowRow:
    passage_id, kind, author, said_at, said_offset, text, title, key, *before = row
    predecessors = [(before[at], before[at + 1]) for at in (0, 2) if before[at + 1] is not None]
    return WindowRow(passage_id, kind, author, said_at, said_offset, text, title, key, tuple(predecessors))


async def followers(connection: aiosqlite.Connection, passage_ids: Iterable[int]) -> set[int]:
    """Return the messages whose windows hold one of these: up to two after each, itself left out.

    A document's piece stands for itself: its window holds no other.
    """
    sql = """
        SELECT id FROM passages
        WHERE previous_id IN (SELECT value FROM json_each(?1)) AND kind IN ('message', 'system')
        UNION
        SELECT n.id FROM passages AS n JOIN passages AS m ON m.id = n.previous_id
        WHERE m.previous_id IN (SELECT value FROM json_each(?1)) AND n.kind IN ('message', 'system')
    """
    ids = set(passage_ids)
    rows: Iterable[Any] = await connection.execute_fetchall(sql, [json.dumps(list(ids))])
    return {int(passage_id) for (passage_id,) in rows} - ids
