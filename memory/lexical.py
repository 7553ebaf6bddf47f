"""The full-text side of recall: what is indexed of a passage, and the search for a question's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import aiosqlite

from memory.rows import Condition
from memory.segment import segment, words
from memory.stopwords import without_stop_words

Index = Literal["turn_words", "window_words"]

MAX_TERMS = 48
"""The most words of a question that are searched for; the longest are kept."""


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """The exact text that stands in the two indexes for a passage; removing it needs the same text again."""

    passage_id: int
    turn: str
    window: str


async def index(connection: aiosqlite.Connection, entries: Sequence[IndexedWords]) -> None:
    """Add passages to both indexes."""
    await connection.executemany(
        "INSERT INTO turn_words (rowid, words) VALUES (?, ?)",
        [(entry.passage_id, segment(entry.turn)) for entry in entries],
    )
    await connection.executemany(
        "INSERT INTO window_words (rowid, words) VALUES (?, ?)",
        [(entry.passage_id, segment(entry.window)) for entry in entries],
    )


async def unindex(connection: aiosqlite.Connection, entries: Sequence[IndexedWords]) -> None:
    """Remove passages from both indexes, their words included."""
    await connection.executemany(
        "INSERT INTO turn_words (turn_words, rowid, words) VALUES ('delete', ?, ?)",
        [(entry.passage_id, segment(entry.turn)) for entry in entries],
    )
    await connection.executemany(
        "INSERT INTO window_words (window_words, rowid, words) VALUES ('delete', ?, ?)",
        [(entry.passage_id, segment(entry.window)) for entry in entries],
    )


def terms(question: str) -> list[str]:
    """Return the words of a question worth searching for, without repeats.

    Stop words go, unless nothing else is there.
    """
    unique = list(dict.fromkeys(words(question)))
    telling = without_stop_words(unique) or unique
    if len(telling) > MAX_TERMS:
        longest = set(sorted(telling, key=len, reverse=True)[:MAX_TERMS])
        telling = [word for word in telling if word in longest][:MAX_TERMS]
    return telling


async def search(
    connection: aiosqlite.Connection, index: Index, query: Iterable[str], within: Condition, limit: int
) -> dict[int, float]:
    """Return the best passages for any of the words, by id, with their BM25 score (higher is better).

    `within` is a predicate over `passages AS p`. Source of the score: SQLite's FTS5, k1 = 1.2, b = 0.75.
    """
    match = " OR ".join(f'"{term}"' for term in query)
    if not match:
        return {}
    condition, values = within
    sql = f"""
        SELECT p.id, -bm25({index}) FROM {index} JOIN passages AS p ON p.id = {index}.rowid
        WHERE {index} MATCH ? AND {condition} ORDER BY bm25({index}) LIMIT ?
    """
    rows: Iterable[Any] = await connection.execute_fetchall(sql, [match, *values, limit])
    return {int(passage_id): float(score) for passage_id, score in rows}
