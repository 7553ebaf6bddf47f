"""The candidates of a recall: what has the question's words, and what is near to its meaning."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite

from memory.embedders import Vectors
from memory.records import RECALLABLE, Scope, TimeWindow
from memory.sqlite import lexical, vectors
from memory.sqlite.lexical import Reach
from memory.sqlite.rows import Condition, in_scope, micros
from memory.sqlite.store import Store

LEXICAL_CANDIDATES = 200
NEAREST_CANDIDATES = 64
EXACT_BELOW = 4000
"""In a scope of fewer passages every one of them is a candidate, so that nothing is lost to a cut."""

MAX_QUESTION = 4000
"""Characters of a question that are looked at; no embedder reads more."""

ENOUGH = 1000
"""Matches within the scope that are scored by their words, about: the best few hundred are among them."""
MOST = 100_000
"""Matches that are looked at for that, where the scope is a small part of the memory."""
COUNTED = 20_000
"""Passages that are counted to know how large a part the scope is."""

QuestionVector = tuple[int, Vectors]
"""A model's id, and the question's vector by it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the memory; `embed` makes the question's vector, None where that can't be had."""

    question: str
    scope: Scope
    limit: int
    embed: Callable[[], Awaitable[QuestionVector | None]]
    window: TimeWindow | None = None
    named_time: TimeWindow | None = None
    exclude: frozenset[int] = frozenset()
    token_budget: int | None = None
    count_tokens: Callable[[str], int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The candidates, their raw BM25 scores by passage id, of turn and window, and the question's vector."""

    ids: frozenset[int]
    words: Mapping[int, float]
    window_words: Mapping[int, float]
    vector: QuestionVector | None


async def find(store: Store, request: Request, query: Sequence[str]) -> Found:
    """Return the candidates for a question, whose words worth searching for are `query`.

    Words and meaning are searched at the same time, each on a connection of its own.
    """
    reach = await store.ask(lambda connection: _reach(connection, request))
    (by_words, by_window), (vector, nearest) = await asyncio.gather(
        store.ask(lambda connection: _with_words(connection, query, reach)), _near(store, request, reach)
    )
    ids = frozenset(reach.passage_ids or ()) | by_words.keys() | by_window.keys() | nearest
    return Found(ids, by_words, by_window, vector)


async def meaning(connection: aiosqlite.Connection, found: Found) -> dict[int, float]:
    """Return the cosine of each candidate's window with the question, by passage id."""
    if found.vector is None or not await vectors.serves(connection, found.vector[0]):
        return {}
    return await vectors.similarities(connection, *found.vector, found.ids)


async def _reach(connection: aiosqlite.Connection, request: Request) -> Reach:
    condition, values = _visible(request)
    unbounded = request.scope.everything and request.window is None
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'passages'),
                   (SELECT count(*) FROM (SELECT 1 FROM passages AS p WHERE {condition} LIMIT ?))""",
        [*values, EXACT_BELOW if unbounded else COUNTED],
    )
    last, visible = next((row[0] or 0, row[1]) for row in rows)
    if visible < EXACT_BELOW:
        kinds = ", ".join("?" * len(RECALLABLE))
        rows = await connection.execute_fetchall(
            f"SELECT p.id FROM passages AS p WHERE {condition} AND p.kind IN ({kinds})", [*values, *RECALLABLE]
        )
        ids = [int(row[0]) for row in rows]
        return Reach(max(ids) - min(ids) + 1 if ids else 0, MOST, passage_ids=ids)
    if unbounded:
        return Reach(last, ENOUGH)
    return Reach(last, min(ENOUGH * last / visible, MOST), condition=(condition, values))


def _visible(request: Request) -> Condition:
    """Return the predicate over `passages AS p` that every candidate passes: the scope, and the time.

    What is no recollection, such as the bot's own answers, has neither words nor a vector to be found by.
    """
    sql, values = in_scope(request.scope)
    if request.window is None:
        return sql, values
    # Passages are indexed by conversation and time, so a search by time goes through the conversations.
    by_time = "p.conversation_id IN (SELECT id FROM conversations) AND p.said_at >= ? AND p.said_at < ?"
    return f"{sql} AND {by_time}", [*values, micros(request.window.start), micros(request.window.end)]


async def _with_words(
    connection: aiosqlite.Connection, query: Sequence[str], reach: Reach
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the best by the words of the turn, and by those of the window."""
    limit = LEXICAL_CANDIDATES if reach.passage_ids is None else EXACT_BELOW
    words = await lexical.frequencies(connection, query, reach)
    by_words = await lexical.search(connection, "turn_words", words, reach, limit)
    return by_words, await lexical.search(connection, "window_words", words, reach, limit)


async def _near(store: Store, request: Request, reach: Reach) -> tuple[QuestionVector | None, set[int]]:
    """Return the question's vector and, where the reach is large, the passages that are nearest to it."""
    vector = await request.embed()
    if vector is None or reach.passage_ids is not None:
        return vector, set()
    nearest = await store.ask(lambda connection: _nearest(connection, vector, request.scope, reach))
    return (None, set()) if nearest is None else (vector, nearest)


async def _nearest(
    connection: aiosqlite.Connection, vector: QuestionVector, scope: Scope, reach: Reach
) -> set[int] | None:
    """Return the passages nearest to a vector; None when its model was replaced while the question was embedded."""
    if not await vectors.serves(connection, vector[0]):
        return None
    conversations = None if scope.everything else await _conversations(connection, scope)
    ids = await vectors.nearest(connection, *vector, conversations, NEAREST_CANDIDATES)
    return set(ids) if reach.condition is None else await _only(connection, ids, reach.condition)


async def _conversations(connection: aiosqlite.Connection, scope: Scope) -> list[int] | None:
    """Return the conversations in scope, None when those are all there are."""
    condition, values = in_scope(scope, "id")
    rows: Iterable[Any] = await connection.execute_fetchall(f"SELECT id, {condition} FROM conversations", values)
    seen = list(rows)
    visible = [int(row[0]) for row in seen if row[1]]
    return None if len(visible) == len(seen) else visible


async def _only(connection: aiosqlite.Connection, ids: Iterable[int], within: Condition) -> set[int]:
    condition, values = within
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT p.id FROM passages AS p WHERE p.id IN (SELECT value FROM json_each(?)) AND {condition}",
        [json.dumps(list(ids)), *values],
    )
    return {int(row[0]) for row in rows}
