"""The full-text side of recall: what is indexed of a passage, and the search for a question's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import aiosqlite

from memory.search.index_texts import with_stems
from memory.search.windows import IndexedWords
from memory.sqlite import conversation_words
from memory.sqlite.match import expression, quote_word
from memory.sqlite.rows import Condition

Index = Literal["turn_words", "window_words"]

RECIPE = 3
"""Names how a passage's words are indexed. Raise it with any change of that: older databases are then indexed again."""

WINDOW_TURNS = 3
"""Messages that a window holds."""


async def index(
    connection: aiosqlite.Connection, entries: Sequence[IndexedWords], conversation_id: int | None = None
) -> None:
    """Add passages to both indexes, and to the words of their conversations; of one, where that is known."""
    texts = with_stems(entries)
    await connection.executemany(
        "INSERT INTO turn_words (rowid, words) VALUES (?, ?)",
        [(entry.passage_id, entry.turn_text()) for entry in texts],
    )
    await connection.executemany(
        "INSERT INTO window_words (rowid, words) VALUES (?, ?)",
        [(entry.passage_id, entry.window_text()) for entry in texts],
    )
    await conversation_words.add(connection, texts, conversation_id)


async def unindex(connection: aiosqlite.Connection, entries: Sequence[IndexedWords]) -> None:
    """Remove passages, which are still there, from all that `index` has added them to, their words included."""
    texts = with_stems(entries)
    await connection.executemany(
        "INSERT INTO turn_words (turn_words, rowid, words) VALUES ('delete', ?, ?)",
        [(entry.passage_id, entry.turn_text()) for entry in texts],
    )
    await connection.executemany(
        "INSERT INTO window_words (window_words, rowid, words) VALUES ('delete', ?, ?)",
        [(entry.passage_id, entry.window_text()) for entry in texts],
    )
    await conversation_words.remove(connection, [entry.passage_id for entry in entries])


async def clear(connection: aiosqlite.Connection) -> None:
    """Empty both indexes, and the words of all conversations."""
    for name in ("turn_words", "window_words"):
        await connection.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
    await conversation_words.clear(connection)


@dataclass(frozen=True, slots=True)
class SearchArea:
    """What a search may find: `passage_ids` when these are few, else what fits `condition` over `passages AS p`.

    Without either it is everything. `total` is how many passages the span of their ids holds at most, `enough`
    how many matches are worth scoring. `bounds` are the first and the last id that fit the condition, where known: the
    index is then read between them alone, and a chat that was imported lies close together.
    """

    total: int
    enough: float
    condition: Condition | None = None
    passage_ids: Sequence[int] | None = None
    bounds: tuple[int, int] | None = None
    conversations: Sequence[int] | None = None

    def within(self, index: Index) -> Condition:
        """Return the predicate over rows of an index."""
        if self.passage_ids is not None:
            # The span lets FTS5 skip; the plus keeps it from searching again for each passage.
            condition, values = self.span(index)
            return f"{condition} AND +{index}.rowid IN (SELECT value FROM json_each(?))", [
                *values,
                json.dumps(self.passage_ids),
            ]
        if self.condition is None:
            return "1", []
        condition, values = self.condition
        inside = f"EXISTS (SELECT 1 FROM passages AS p WHERE p.id = {index}.rowid AND {condition})"
        if self.bounds is None:
            return inside, values
        return f"{index}.rowid BETWEEN ? AND ? AND {inside}", [*self.bounds, *values]

    def span(self, index: Index) -> Condition:
        """Return the predicate that bounds the rows of an index by their ids alone."""
        if not self.passage_ids:
            return "1", []
        return f"{index}.rowid BETWEEN ? AND ?", [min(self.passage_ids), max(self.passage_ids)]


async def frequencies(connection: aiosqlite.Connection, query: Sequence[str], area: SearchArea) -> dict[str, int]:
    """Return how many passages in the span of the area have each word, those that none has left out."""
    if not query:
        return {}
    condition, values = area.span("turn_words")
    count = f"(SELECT count(*) FROM turn_words WHERE turn_words MATCH ? AND {condition})"
    bound = [value for word in query for value in (quote_word(word), *values)]
    rows: Iterable[Any] = await connection.execute_fetchall(f"SELECT {', '.join([count] * len(query))}", bound)
    return {word: found for word, found in zip(query, next(iter(rows)), strict=True) if found}


async def search(
    connection: aiosqlite.Connection, index: Index, words: Mapping[str, int], area: SearchArea, limit: int
) -> dict[int, float]:
    """Return the best passages for the words, given with their frequencies, by id with their BM25 score.

    Higher is better. Source of the score: SQLite's FTS5, k1 = 1.2, b = 0.75.
    """
    if not words:
        return {}
    known = words if index == "turn_words" else {word: found * WINDOW_TURNS for word, found in words.items()}
    condition, values = area.within(index)
    sql = f"""
        SELECT rowid, -bm25({index}) AS score FROM {index}
        WHERE {index} MATCH ? AND {condition} ORDER BY score DESC LIMIT ?
    """
    match = expression(known, area.total, area.enough)
    rows: Iterable[Any] = await connection.execute_fetchall(sql, [match, *values, limit])
    return {int(passage_id): float(score) for passage_id, score in rows}
