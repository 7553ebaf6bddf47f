"""The facts facet: lasting statements, with their validity and their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memory.forgetting.removed import Forgotten
from memory.postgres import forget
from memory.postgres.connection import Connection, Row
from memory.postgres.insert import insert, refresh, retire
from memory.postgres.locks import lock_memory
from memory.postgres.rows import Condition, in_scope, in_selection, number
from memory.postgres.store import Store
from memory.postgres.windows import windows
from memory.receipts import Receipt
from memory.records import ConversationRecord, Entry, Fact, Scope, Selection
from memory.search.segment import clean_optional
from memory.timestamps import micros, moment


class PostgresFacts:
    """Keeps facts beside their passages; see `memory.engine.FactStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, conversation: ConversationRecord, entry: Entry, *, key: str | None = None, learnt: bool = False
    ) -> Fact:
        """Store a fact as a passage with its validity."""
        fact = await self._store.write(lambda c: _add(c, conversation.id, entry, key, learnt=learnt))
        self._store.announce_queued()
        return fact

    async def select(self, scope: Scope, *, include_closed: bool = False) -> list[Fact]:
        """Return the facts with as much of their evidence as the scope sees."""
        condition, values = in_scope(scope)
        still = "" if include_closed else "AND f.valid_to IS NULL"
        chosen, seen = (f"{condition} {still}", values), in_scope(scope, "s.conversation_id")
        return await self._store.ask_within(scope, lambda connection: _select(connection, chosen, seen))

    async def retract(self, scope: Scope, passage_ids: Sequence[int]) -> Receipt:
        """Forget the facts among these passages that the scope sees."""
        forgotten = await self._store.write(lambda c: _retract_seen(c, scope, passage_ids))
        await forget.finish(self._store, forgotten)
        return forgotten.receipt


async def _retract_seen(connection: Connection, scope: Scope, passage_ids: Sequence[int]) -> Forgotten:
    if not passage_ids:  # a selection without ids would be one of all facts
        return Forgotten()
    scoped, scope_values = in_scope(scope)
    selected, values = in_selection(Selection(passage_ids=tuple(passage_ids), kinds=("fact",)))
    await lock_memory(connection)
    rows = await connection.fetch(
        number(f"SELECT p.id FROM passages AS p WHERE {scoped} AND {selected}"), *scope_values, *values
    )
    return await retract(connection, [int(row[0]) for row in rows])


async def _add(connection: Connection, conversation_id: int, entry: Entry, key: str | None, *, learnt: bool) -> Fact:
    """Store a fact. With its key it holds until the next newer one in the conversation, which may be there already.

    Run in a transaction.
    """
    (stored,) = await insert(connection, conversation_id, [replace(entry, kind="fact")])
    if stored.new:
        said_at = micros(entry.said_at)
        values = [stored.id, conversation_id, clean_optional(key), said_at]
        await retire(connection, await windows(connection, [stored.id]))  # stored without the key it is found by
        await connection.execute(_CLOSE, *values)
        await connection.execute(_INSERT, *values, learnt)
        await refresh(connection, [stored.id])
    return (await _select(connection, ("f.passage_id = ?", [stored.id]), in_scope(Scope.all(), "s.conversation_id")))[0]


async def retract(connection: Connection, passage_ids: Sequence[int]) -> Forgotten:
    """Forget facts and let what they closed hold as long as they did. Run in a transaction, and `finish` after it."""
    if not passage_ids:
        return Forgotten()
    await connection.execute_many(_REOPEN, [[passage_id] for passage_id in passage_ids])
    return await forget.forget(connection, Scope.all(), Selection(passage_ids=tuple(passage_ids)))


_REOPEN = """
UPDATE facts SET valid_to = gone.valid_to FROM (SELECT * FROM facts WHERE passage_id = $1) AS gone
WHERE facts.passage_id <> $1 AND facts.conversation_id = gone.conversation_id AND same(facts.key, gone.key)
    AND facts.valid_to = gone.valid_from
"""
_CLOSE = """
UPDATE facts SET valid_to = $4 WHERE passage_id <> $1 AND conversation_id = $2 AND same(key, $3)
    AND valid_from <= $4 AND (valid_to IS NULL OR valid_to > $4)
"""
_INSERT = """
INSERT INTO facts (passage_id, conversation_id, key, valid_from, learnt, valid_to)
SELECT $1::bigint, $2::bigint, $3::text, $4::bigint, $5::boolean, min(valid_from) FROM facts
WHERE conversation_id = $2 AND same(key, $3) AND valid_from > $4
"""


async def _select(connection: Connection, chosen: Condition, seen: Condition) -> list[Fact]:
    """Return the chosen facts, each with as much of its evidence as may be seen."""
    condition, values = chosen
    visible, visible_values = seen
    rows = await connection.fetch(
        number(f"""SELECT f.id, f.passage_id, f.conversation_id, f.key, p.text, f.valid_from, f.valid_to, p.said_offset,
                   f.learnt,
                   (SELECT array_agg(s.id ORDER BY s.id) FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                    WHERE e.passage_id = p.id AND {visible})
            FROM facts AS f JOIN passages AS p ON p.id = f.passage_id
            WHERE {condition} ORDER BY f.valid_from DESC, f.id DESC"""),
        *visible_values,
        *values,
    )
    return [_fact_of(row) for row in rows]


def _fact_of(row: Row) -> Fact:
    fact_id, passage_id, conversation_id, key, statement, valid_from, valid_to, offset, learnt, sources = row
    return Fact(
        id=fact_id,
        passage_id=passage_id,
        conversation_id=conversation_id,
        key=key,
        statement=statement,
        valid_from=moment(valid_from, offset),
        valid_to=None if valid_to is None else moment(valid_to, offset),
        evidence=tuple(sources or ()),
        learnt=bool(learnt),
    )
