"""The candidates of a recall: what has the question's words, and what is near to its meaning."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from memory.postgres import lexical, vector_index, vectors
from memory.postgres.connection import Connection
from memory.postgres.lexical import CountedWords, Ids, SearchArea
from memory.postgres.rows import Condition, in_scope, number
from memory.postgres.store import Store
from memory.records import RECALLABLE, Scope
from memory.search.bm25 import Floats
from memory.search.request import Matches, QuestionVector, RecallQuery
from memory.search.scoring import PassageCandidate
from memory.search.segment import clean
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
"""Passages that are counted to know how large a part the scope is; in fewer, words are counted by themselves."""
_LOOKED_AT = 2000
"""Of the best matches, how many at once are asked whether they are among what may be found."""


@dataclass(frozen=True, slots=True)
class _Area:
    """Where a search looks: the conversations (None: all), what else must hold, and all passages where they are few."""

    words: SearchArea
    condition: Condition | None = None
    passage_ids: Sequence[int] | None = None


async def match(store: Store, request: RecallQuery, query: Sequence[str]) -> Matches:
    """Return the candidates for a question, whose words worth searching for are `query`.

    Words and meaning are searched at the same time, each on a connection of its own.
    """
    area = await store.ask_within(request.scope, lambda connection: _measure_area(connection, request))
    if area.passage_ids is not None:
        by_words, by_window = await _with_words(store, request, query, area)
        ids = frozenset(area.passage_ids) - request.exclude
        candidates = await _read_candidates(store, ids, request, area.words.conversations)
        return Matches(candidates, by_words, by_window, None)
    (by_words, by_window), (vector, nearest) = await asyncio.gather(
        _with_words(store, request, query, area), _near(store, request, area)
    )
    found = by_words.keys() | by_window.keys() | nearest
    candidates = await _read_candidates(store, found - request.exclude, request, area.words.conversations)
    return Matches(candidates, by_words, by_window, vector)


async def _measure_area(connection: Connection, request: RecallQuery) -> _Area:
    conversations = await find_visible(connection, request.scope, request.conversation_id)
    condition, values = _visible(request, conversations)
    unbounded = request.scope.everything and not request.is_filtered
    most = EXACT_BELOW if unbounded else COUNTED
    visible = int(
        await connection.fetch_value(
            number(f"SELECT count(*) FROM (SELECT 1 FROM passages AS p WHERE {condition} LIMIT ?)"), *values, most
        )
    )
    alone = conversations is not None and await _are_few(connection, request, conversations, visible)
    if visible < EXACT_BELOW:
        rows = await connection.fetch(
            number(f"SELECT p.id FROM passages AS p WHERE {condition} AND p.kind = ANY(?::text[])"),
            *values,
            list(RECALLABLE),
        )
        ids = [int(row[0]) for row in rows]
        total = max(ids) - min(ids) + 1 if ids else 0
        enough = math.inf if alone else MOST
        return _Area(SearchArea(total, enough, conversations, is_small=True, counted_alone=alone), passage_ids=ids)
    last = int(await connection.fetch_value("SELECT max(id) FROM passages") or 0)
    if unbounded:
        return _Area(SearchArea(last, ENOUGH))
    enough = math.inf if alone else min(ENOUGH * last / visible, MOST)
    words = SearchArea(last, enough, conversations, is_small=alone, counted_alone=alone)
    return _Area(words, (condition, values) if request.is_filtered else None)


async def _are_few(connection: Connection, request: RecallQuery, conversations: Sequence[int], visible: int) -> bool:
    """Tell whether all of these conversations together have so few passages that words are counted in them alone."""
    if not request.is_filtered:
        return visible < COUNTED
    found = await connection.fetch_value(
        "SELECT count(*) FROM (SELECT 1 FROM passages WHERE conversation_id = ANY($1::bigint[]) LIMIT $2)",
        list(conversations),
        COUNTED,
    )
    return int(found) < COUNTED


async def find_visible(connection: Connection, scope: Scope, within: int | None = None) -> list[int] | None:
    """Return the conversations in scope, and in which is searched; None when those are all there are."""
    if scope.everything and within is None:
        return None
    condition, values = in_scope(scope, "id")
    rows = await connection.fetch(
        number(f"SELECT id FROM conversations WHERE {condition} AND coalesce(id = ?::bigint, true)"), *values, within
    )
    return [int(row[0]) for row in rows]


def _visible(request: RecallQuery, conversations: Sequence[int] | None) -> Condition:
    """Return the predicate over `passages AS p` that every candidate passes: the scope, and what else was asked for.

    What is not recalled, such as the bot's own answers, has neither words nor a vector to be found by.
    """
    scoped, values = in_scope(request.scope)
    parts, values = [scoped], [*values]
    if conversations is not None:
        parts.append("p.conversation_id = ANY(?::bigint[])")
        values.append(list(conversations))
    if request.window is not None:
        parts.append("p.said_at >= ? AND p.said_at < ?")
        values += [micros(request.window.start), micros(request.window.end)]
    if request.person is not None:
        parts.append("p.author_id IN (SELECT id FROM people WHERE folded(name) = folded(?))")
        values.append(clean(request.person))
    if request.kinds:
        parts.append("p.kind = ANY(?::text[])")
        values.append(list(request.kinds))
    return " AND ".join(parts), values


async def _with_words(
    store: Store, request: RecallQuery, query: Sequence[str], area: _Area
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the best by the words of the turn, and by those of the window.

    How rare a word is, is counted over all, or in the conversations alone; who has it, is read within the scope.
    """
    counted = await store.ask(lambda connection: lexical.count(connection, query, area.words.counted))
    return await store.ask_within(request.scope, lambda connection: _find_words(connection, counted, area))


async def _find_words(
    connection: Connection, counted: CountedWords, area: _Area
) -> tuple[dict[int, float], dict[int, float]]:
    found = await lexical.find(connection, counted, area.words)
    turn = await asyncio.to_thread(found.score, "turn", area.words)
    window = await asyncio.to_thread(found.score, "window", area.words)
    return await _choose(connection, turn, area), await _choose(connection, window, area)


async def _choose(connection: Connection, scored: tuple[Ids, Floats], area: _Area) -> dict[int, float]:
    """Return the best of what was scored that may be found."""
    if area.passage_ids is not None:
        visible = frozenset(area.passage_ids)
        ranked = lexical.best(*scored, len(scored[0]))
        return dict([each for each in ranked.items() if each[0] in visible][:EXACT_BELOW])
    if area.condition is None:
        return lexical.best(*scored, LEXICAL_CANDIDATES)
    ranked = lexical.best(*scored, len(scored[0]))
    order = list(ranked)
    chosen: dict[int, float] = {}
    for start in range(0, len(order), _LOOKED_AT):
        some = order[start : start + _LOOKED_AT]
        visible = frozenset(await _only(connection, some, area.condition))
        chosen |= {at: ranked[at] for at in some if at in visible}
        if len(chosen) >= LEXICAL_CANDIDATES:
            break
    return dict(list(chosen.items())[:LEXICAL_CANDIDATES])


async def _near(store: Store, request: RecallQuery, area: _Area) -> tuple[QuestionVector | None, set[int]]:
    """Return the question's vector and the passages that are nearest to it."""
    vector = await request.embed(request.question)
    if vector is None:
        return None, set()
    conversations = area.words.conversations
    by_index = await store.ask(lambda connection: vector_index.is_for(connection, vector.model, conversations))
    nearest = await store.ask_within(
        request.scope, lambda connection: _nearest(connection, vector, area, by_index=by_index)
    )
    return (None, set()) if nearest is None else (vector, nearest)


async def _nearest(connection: Connection, vector: QuestionVector, area: _Area, *, by_index: bool) -> set[int] | None:
    """Return the passages nearest to a vector; None when its model was replaced while the question was embedded."""
    if not await vectors.serves(connection, vector.model):
        return None
    ids = await vectors.nearest(
        connection,
        vector.model,
        vector.vector,
        area.words.conversations,
        NEAREST_CANDIDATES,
        by_index=by_index,
    )
    return set(ids) if area.condition is None else await _only(connection, ids, area.condition)


async def _only(connection: Connection, ids: Sequence[int], within: Condition) -> set[int]:
    condition, values = within
    rows = await connection.fetch(
        number(f"SELECT p.id FROM passages AS p WHERE p.id = ANY(?::bigint[]) AND {condition}"), list(ids), *values
    )
    return {int(row[0]) for row in rows}


async def _read_candidates(
    store: Store, ids: Iterable[int], request: RecallQuery, conversations: Sequence[int] | None
) -> list[PassageCandidate]:
    """Return what the ranking needs of passages, without facts that no longer hold, nor held at the time asked for."""
    time = request.window or request.named_time
    within = "" if conversations is None else "AND p.conversation_id = ANY($5::bigint[])"
    rows = await store.read_within(
        request.scope,
        f"""SELECT p.id, session_id, previous_id, author, said_at, right(rtrim(text), 1) = ANY($4::text[])
           FROM passages AS p LEFT JOIN facts AS f ON f.passage_id = p.id
           WHERE p.id = ANY($1::bigint[]) {within}
           AND (f.valid_to IS NULL OR (f.valid_from < $2 AND f.valid_to > $3))""",
        list(ids),
        time and micros(time.end),
        time and micros(time.start),
        ["?", "？", "؟", ";"],
        *([] if conversations is None else [list(conversations)]),
    )
    return [PassageCandidate(*row) for row in rows]
