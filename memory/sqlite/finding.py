"""The candidates of a recall: what has the question's words, and what is near to its meaning."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import aiosqlite

from memory.records import RECALLABLE, Scope
from memory.search.request import Matches, QuestionVector, RecallQuery
from memory.search.scoring import PassageCandidate
from memory.search.segment import clean
from memory.sqlite import conversation_words, lexical, vectors
from memory.sqlite.lexical import SearchArea
from memory.sqlite.rows import Condition, in_scope
from memory.sqlite.sign_cache import SignCache
from memory.sqlite.store import Store
from memory.timestamps import micros

LEXICAL_CANDIDATES = 200
NEAREST_CANDIDATES = 64
EXACT_BELOW = 4000
"""In a scope of fewer passages every one of them is a candidate, so that nothing is lost to a cut."""

ENOUGH = 1000
"""Matches within the scope that are scored by their words, about: the best few hundred are among them."""
MOST = 100_000
"""Matches that are looked at for that, where the scope is a small part of the memory."""
COUNTED = 20_000
"""Passages that are counted to know how large a part the scope is; fewer are searched by themselves."""
LOOKED_AT = 2000
"""Of the best matches, how many at once are asked whether they are among what may be found."""


async def match(store: Store, signs: SignCache, request: RecallQuery, query: Sequence[str]) -> Matches:
    """Return the candidates for a question, whose words worth searching for are `query`.

    Both indexes of words and the meaning are searched at the same time, each on a connection of its own. A small scope
    takes one visit to a connection's thread: going there and back costs as much as a search in it.
    """
    area, matches = await store.ask(lambda connection: _match_all(connection, request, query))
    if matches is not None:
        return matches
    (by_words, by_window), (vector, nearest) = await asyncio.gather(
        _find_words(store, query, area), _near(store, signs, request, area)
    )
    ids = by_words.keys() | by_window.keys() | nearest
    candidates = await store.ask(lambda connection: _candidates(connection, ids - request.exclude, request))
    return Matches(candidates, by_words, by_window, vector)


async def _match_all(
    connection: aiosqlite.Connection, request: RecallQuery, query: Sequence[str]
) -> tuple[SearchArea, Matches | None]:
    """Return the area of a search, and every passage of it as a match; None where they are too many for that."""
    area = await _measure_area(connection, request)
    if area.passage_ids is None:
        return area, None
    if area.conversations is not None:
        by_words, by_window = await _search_conversations(connection, query, area)
    else:
        words = await lexical.frequencies(connection, query, area)
        by_words = await lexical.search(connection, "turn_words", words, area, EXACT_BELOW)
        by_window = await lexical.search(connection, "window_words", words, area, EXACT_BELOW)
    candidates = await _candidates(connection, frozenset(area.passage_ids) - request.exclude, request)
    return area, Matches(candidates, by_words, by_window, None)


async def _find_words(
    store: Store, query: Sequence[str], area: SearchArea
) -> tuple[Mapping[int, float], Mapping[int, float]]:
    """Return the best by the words of the turn, and by those of the window, with their scores."""
    if area.conversations is not None:
        return await store.ask(lambda connection: _search_conversations(connection, query, area))
    words = await store.ask(lambda connection: lexical.frequencies(connection, query, area))
    return await asyncio.gather(
        store.ask(lambda connection: lexical.search(connection, "turn_words", words, area, LEXICAL_CANDIDATES)),
        store.ask(lambda connection: lexical.search(connection, "window_words", words, area, LEXICAL_CANDIDATES)),
    )


async def _search_conversations(
    connection: aiosqlite.Connection, query: Sequence[str], area: SearchArea
) -> tuple[dict[int, float], dict[int, float]]:
    found = await conversation_words.search(connection, area.conversations or (), query)
    turn, window = found.best(found.turn), found.best(found.window)
    return await _only_best(connection, turn, area), await _only_best(connection, window, area)


async def _only_best(
    connection: aiosqlite.Connection, ranked: Mapping[int, float], area: SearchArea
) -> dict[int, float]:
    """Return the best of what is ranked that may be found."""
    if area.passage_ids is not None:
        visible = frozenset(area.passage_ids)
        return {at: score for at, score in ranked.items() if at in visible}
    order = list(ranked)
    chosen: list[int] = []
    for start in range(0, len(order), LOOKED_AT):
        some = order[start : start + LOOKED_AT]
        visible = frozenset(some if area.condition is None else await _only(connection, some, area.condition))
        chosen += [at for at in some if at in visible]
        if len(chosen) >= LEXICAL_CANDIDATES:
            break
    return {at: ranked[at] for at in chosen[:LEXICAL_CANDIDATES]}


async def _measure_area(connection: aiosqlite.Connection, request: RecallQuery) -> SearchArea:
    condition, values = _visible(request)
    unbounded = request.scope.everything and not request.is_filtered
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'passages'), count(*), min(id), max(id)
            FROM (SELECT p.id FROM passages AS p WHERE {condition} LIMIT ?)""",
        [*values, EXACT_BELOW if unbounded else COUNTED],
    )
    last, visible, *bounds = next((row[0] or 0, *row[1:]) for row in rows)
    conversations = await _find_few(connection, request, visible)
    if visible < EXACT_BELOW:
        kinds = ", ".join("?" * len(RECALLABLE))
        rows = await connection.execute_fetchall(
            f"SELECT p.id FROM passages AS p WHERE {condition} AND p.kind IN ({kinds})", [*values, *RECALLABLE]
        )
        ids = [int(row[0]) for row in rows]
        total = max(ids) - min(ids) + 1 if ids else 0
        return SearchArea(total, MOST, passage_ids=ids, conversations=conversations)
    if unbounded:
        return SearchArea(last, ENOUGH)
    if conversations is not None:
        within = (condition, values) if request.is_filtered else None
        return SearchArea(last, MOST, condition=within, conversations=conversations)
    return SearchArea(
        last,
        min(ENOUGH * last / visible, MOST),
        condition=(condition, values),
        bounds=(bounds[0], bounds[1]) if visible < COUNTED else None,
    )


async def _find_few(connection: aiosqlite.Connection, request: RecallQuery, visible: int) -> list[int] | None:
    """Return the conversations to search by themselves; None where these are all, or too many for that."""
    if request.scope.everything and request.conversation_id is None:
        return None
    condition, values = in_scope(request.scope, "id")
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT id FROM conversations WHERE {condition} AND id = ifnull(?, id)", [*values, request.conversation_id]
    )
    conversations = [int(row[0]) for row in rows]
    if request.is_filtered:
        rows = await connection.execute_fetchall(
            """SELECT count(*) FROM (
                   SELECT 1 FROM passages WHERE conversation_id IN (SELECT value FROM json_each(?)) LIMIT ?)""",
            [json.dumps(conversations), COUNTED],
        )
        visible = next(int(row[0]) for row in rows)
    few = visible < COUNTED and await conversation_words.are_complete(connection)
    return conversations if few else None


def _visible(request: RecallQuery) -> Condition:
    """Return the predicate over `passages AS p` that every candidate passes: the scope, and what else was asked for.

    What is not recalled, such as the bot's own answers, has neither words nor a vector to be found by.
    """
    scoped, values = in_scope(request.scope)
    parts, values = [scoped], [*values]
    if request.conversation_id is not None:
        parts.append("p.conversation_id = ?")
        values.append(request.conversation_id)
    if request.window is not None:
        # Passages are indexed by conversation and time, so a search by time goes through the conversations.
        parts.append("p.conversation_id IN (SELECT id FROM conversations) AND p.said_at >= ? AND p.said_at < ?")
        values += [micros(request.window.start), micros(request.window.end)]
    if request.person is not None:
        parts.append("p.author_id IN (SELECT id FROM people WHERE same(name, ?))")
        values.append(clean(request.person))
    if request.kinds:
        parts.append(f"p.kind IN ({', '.join('?' * len(request.kinds))})")
        values += request.kinds
    return " AND ".join(parts), values


async def _near(
    store: Store, signs: SignCache, request: RecallQuery, area: SearchArea
) -> tuple[QuestionVector | None, set[int]]:
    """Return the question's vector and the passages that are nearest to it."""
    signs.want()
    vector = await request.embed(request.question)
    if vector is None:
        return None, set()
    nearest = await store.ask(lambda connection: _nearest(connection, signs, vector, request, area))
    return (None, set()) if nearest is None else (vector, nearest)


async def _nearest(
    connection: aiosqlite.Connection, signs: SignCache, vector: QuestionVector, request: RecallQuery, area: SearchArea
) -> set[int] | None:
    """Return the passages nearest to a vector; None when its model was replaced while the question was embedded."""
    if not await vectors.serves(connection, vector.model):
        return None
    scope, within = request.scope, request.conversation_id
    conversations = None if scope.everything else await _conversations(connection, scope)
    if within is not None:
        conversations = [within] if conversations is None or within in conversations else []
    sought = (connection, vector.model, vector.vector, conversations, NEAREST_CANDIDATES)
    ids = await signs.nearest(*sought)
    if ids is None:
        ids = await vectors.nearest(*sought)
    return set(ids) if area.condition is None else await _only(connection, ids, area.condition)


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


async def _candidates(
    connection: aiosqlite.Connection, ids: Iterable[int], request: RecallQuery
) -> list[PassageCandidate]:
    """Return what the ranking needs of passages, without facts that no longer hold, nor held at the time asked for."""
    time = request.window or request.named_time
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT p.id, session_id, previous_id, author, said_at, substr(rtrim(text), -1) IN ('?', '？', '؟', ';')
           FROM passages AS p LEFT JOIN facts AS f ON f.passage_id = p.id
           WHERE p.id IN (SELECT value FROM json_each(?))
           AND (f.valid_to IS NULL OR (f.valid_from < ? AND f.valid_to > ?))""",
        [json.dumps(list(ids)), time and micros(time.end), time and micros(time.start)],
    )
    return list(map(PassageCandidate._make, rows))
