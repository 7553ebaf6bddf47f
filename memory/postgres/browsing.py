"""The browsing facet: pages by keyset, so that the millionth message is read as fast as the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from memory.browsing_records import AuthorCount, ConversationSpan, DayCount, Position
from memory.postgres import forget, lexical
from memory.postgres.connection import Connection
from memory.postgres.conversations import COLUMNS
from memory.postgres.finding import find_visible
from memory.postgres.rows import (
    EVERYWHERE,
    Condition,
    in_scope,
    in_selection,
    number,
)
from memory.postgres.store import Store
from memory.receipts import Receipt
from memory.records import ConversationRecord, Passage, Scope, Selection
from memory.search.segment import words
from memory.stored_rows import (
    AUTHORS_SELECT,
    PASSAGE_COLUMNS,
    PASSAGE_SELECT,
    author_counts,
    passage_of,
    preview_of,
    span_of,
)
from memory.timestamps import micros, moment

_OPENING = 200
"""Characters of a conversation's first words."""
_LEAST_TYPED = 3
"""Letters of an unfinished word: with fewer, half of the memory begins so."""
_SLOT = 15 * 60 * 1_000_000
"""Microseconds in which every zone's days begin and end: offsets are whole quarters of an hour."""


class PostgresBrowsing:
    """Reads along the index of conversation and time; see `memory.engine.BrowsingStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find_conversation(self, scope: Scope, conversation_id: int) -> ConversationRecord | None:
        """Find by id, within the scope."""
        scoped, values = in_scope(scope, "id")
        rows = await self._store.read_within(
            scope, number(f"SELECT {COLUMNS} FROM conversations WHERE id = ? AND {scoped}"), conversation_id, *values
        )
        return next((ConversationRecord(*row) for row in rows), None)

    async def list_conversations(
        self, scope: Scope, *, platform: str | None = None, limit: int = 1000
    ) -> list[ConversationSpan]:
        """Look each conversation up at both ends of its index."""
        scoped, values = in_scope(scope, "c.id")
        rows = await self._store.read_within(
            scope,
            number(f"""SELECT (SELECT count(*) FROM passages WHERE conversation_id = c.id),
                       (SELECT min(said_at) FROM passages WHERE conversation_id = c.id),
                       (SELECT max(said_at) FROM passages WHERE conversation_id = c.id) AS last,
                       (SELECT substr(text, 1, {_OPENING}) FROM passages WHERE conversation_id = c.id
                           AND kind IN ('message', 'question', 'command') ORDER BY said_at, id LIMIT 1),
                       c.id, c.platform, c.external_id, c.title, c.kind, c.owner_id, c.audience
                FROM conversations AS c WHERE {scoped} AND coalesce(c.platform = ?::text, true)
                ORDER BY last DESC NULLS LAST LIMIT ?"""),
            *values,
            platform,
            limit,
        )
        return [span_of(row) for row in rows]

    async def read_before(
        self, scope: Scope, conversation_id: int, position: Position | None, *, limit: int
    ) -> list[Passage]:
        """Read backwards from the position."""
        where = EVERYWHERE if position is None else _beside("<", position)
        return (await self._read_page(scope, conversation_id, where, "DESC", limit))[::-1]

    async def read_after(
        self, scope: Scope, conversation_id: int, position: Position | None, *, limit: int
    ) -> list[Passage]:
        """Read onwards from the position."""
        where = EVERYWHERE if position is None else _beside(">", position)
        return await self._read_page(scope, conversation_id, where, "ASC", limit)

    async def count_days(
        self,
        scope: Scope,
        zone: tzinfo,
        *,
        conversation_id: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[DayCount]:
        """Count quarters of an hour in the index alone, and put them together to days here, where zones are known."""
        condition, values = _within(scope, conversation_id, since, until)
        rows = await self._store.read_within(
            scope,
            number(f"SELECT p.said_at / {_SLOT} AS slot, count(*) FROM passages AS p WHERE {condition} GROUP BY slot"),
            *values,
        )
        days: Counter[date] = Counter()
        for slot, count in rows:
            days[moment(slot * _SLOT).astimezone(zone).date()] += count
        return [DayCount(day, days[day]) for day in sorted(days)]

    async def count_authors(
        self, scope: Scope, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[AuthorCount]:
        """Count in one pass over the messages."""
        condition, values = _within(scope, None, since, until)
        rows = await self._store.read_within(
            scope, number(f"{AUTHORS_SELECT} AND {condition} GROUP BY p.author"), *values
        )
        return author_counts(rows)

    async def read_cited(self, scope: Scope, answer_ids: Sequence[int]) -> dict[int, tuple[Passage, ...]]:
        """Read along the evidence of each answer."""
        scoped, values = in_scope(scope)
        rows = await self._store.read_within(
            scope,
            number(f"""SELECT e.passage_id, {PASSAGE_COLUMNS} FROM evidence AS e
                JOIN passages AS p ON p.id = e.source_id
                JOIN conversations AS c ON c.id = p.conversation_id LEFT JOIN facts AS f ON f.passage_id = p.id
                WHERE {scoped} AND e.cited > 0 AND e.passage_id = ANY(?::bigint[]) ORDER BY e.cited, e.source_id"""),
            *values,
            list(answer_ids),
        )
        found: dict[int, tuple[Passage, ...]] = {}
        for answer_id, *row in rows:
            found[answer_id] = (*found.get(answer_id, ()), passage_of(row))
        return found

    async def find_beginning(self, scope: Scope, text: str, selection: Selection, *, limit: int) -> list[Passage]:
        """Look up all words but the last, and those that begin as the last one does."""
        *whole, last = words(text) or [""]
        if not text[-1:].isalnum() or (len(last) < _LEAST_TYPED and last.isascii()):
            return []
        return await self._store.ask_within(scope, lambda c: _find_typed(c, scope, (whole, last), selection, limit))

    async def list_authors(self, scope: Scope, *, limit: int) -> list[str]:
        """Look each person up by the index of authors, which ends at the first passage that may be seen."""
        scoped, values = in_scope(scope)
        rows = await self._store.read_within(
            scope,
            number(f"""SELECT name FROM (SELECT DISTINCT name FROM people WHERE name <> '' AND EXISTS
                    (SELECT 1 FROM passages AS p WHERE p.author_id = people.id AND {scoped})) AS said
                ORDER BY lower(name), name LIMIT ?"""),
            *values,
            limit,
        )
        return [str(row[0]) for row in rows]

    async def preview_forgetting(self, scope: Scope, selection: Selection) -> Receipt:
        """Select what would go as forgetting does, and only count it."""
        return await self._store.ask(lambda connection: _preview(connection, scope, selection))

    async def _read_page(
        self, scope: Scope, conversation_id: int, where: Condition, order: str, limit: int
    ) -> list[Passage]:
        scoped, scope_values = in_scope(scope)
        beside, values = where
        rows = await self._store.read_within(
            scope,
            number(f"""{PASSAGE_SELECT} WHERE p.conversation_id = ? AND {beside} AND {scoped}
                ORDER BY p.said_at {order}, p.id {order} LIMIT ?"""),
            conversation_id,
            *values,
            *scope_values,
            limit,
        )
        return [passage_of(row) for row in rows]


def _beside(comparison: str, position: Position) -> Condition:
    return f"(p.said_at, p.id) {comparison} (?, ?)", [micros(position.said_at), position.id]


def _within(scope: Scope, conversation_id: int | None, since: datetime | None, until: datetime | None) -> Condition:
    """Return the predicate of a scope and a time."""
    scoped, values = in_scope(scope)
    parts = [scoped]
    if conversation_id is not None:
        parts.append("p.conversation_id = ?")
        values = [*values, conversation_id]
    for comparison, bound in ((">=", since), ("<", until)):
        if bound is not None:
            parts.append(f"p.said_at {comparison} ?")
            values = [*values, micros(bound)]
    return " AND ".join(parts), values


async def _find_typed(
    connection: Connection, scope: Scope, typed: tuple[list[str], str], selection: Selection, limit: int
) -> list[Passage]:
    visible = await find_visible(connection, scope)
    ids = await lexical.find_typed(connection, *typed, visible)
    scoped, scope_values = in_scope(scope)
    selected, values = in_selection(selection)
    rows = await connection.fetch(
        number(
            f"{PASSAGE_SELECT} WHERE p.id = ANY(?::bigint[]) AND {scoped} AND {selected} ORDER BY p.id DESC LIMIT ?"
        ),
        ids,
        *scope_values,
        *values,
        limit,
    )
    return [passage_of(row) for row in rows]


async def _preview(connection: Connection, scope: Scope, selection: Selection) -> Receipt:
    return preview_of(await forget.kinds(connection, await forget.select_doomed(connection, scope, selection)))
