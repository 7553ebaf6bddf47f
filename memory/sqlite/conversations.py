"""The facets of who and where: people and conversations, by their identity on a platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.receipts import Receipt
from memory.records import (
    ConversationKind,
    ConversationMove,
    ConversationRecord,
    ConversationSummary,
    PersonRecord,
    Scope,
    Selection,
)
from memory.search.segment import clean
from memory.sqlite import moves, vectors
from memory.sqlite.forget import forget_for_good
from memory.sqlite.rows import in_scope
from memory.sqlite.store import Store
from memory.stored_rows import summary_of

COLUMNS = "id, platform, external_id, title, kind, owner_id, audience"
"""What a `ConversationRecord` is made of."""
_PERSON = "SELECT id, platform, external_id, name FROM people WHERE platform = ? AND external_id = ?"
_CONVERSATION = f"SELECT {COLUMNS} FROM conversations WHERE platform = ? AND external_id = ? AND owner_id IS ?"


class SqlitePeople:
    """Keeps a row for each account that has written; see `memory.engine.PeopleStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ensure(self, platform: str, external_id: str, name: str) -> PersonRecord:
        """Return the person, without a write where nothing has changed."""
        found = await self.find(platform, external_id)
        if found is not None and found.name == name:
            return found
        return await self._store.write(lambda c: ensure_person(c, platform, external_id, name))

    async def find(self, platform: str, external_id: str) -> PersonRecord | None:
        """Return the person with this account."""
        rows = await self._store.look_up(_PERSON, [platform, clean(external_id)])
        return PersonRecord(*rows[0]) if rows else None


class SqliteConversations:
    """Keeps a row for each conversation; see `memory.engine.ConversationStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def ensure(
        self,
        platform: str,
        external_id: str,
        *,
        title: str = "",
        kind: ConversationKind = "direct",
        owner_id: int | None = None,
        audience: str | None = None,
    ) -> ConversationRecord:
        """Return the conversation, without a write where nothing has changed."""
        found = await self.find(platform, external_id, owner_id=owner_id)
        if found is not None and title in ("", found.title) and audience in (None, found.audience):
            return found
        return await self._store.write(
            lambda c: ensure_conversation(c, platform, external_id, title, kind, owner_id, audience)
        )

    async def find(self, platform: str, external_id: str, *, owner_id: int | None = None) -> ConversationRecord | None:
        """Return the conversation with this identity."""
        rows = await self._store.look_up(_CONVERSATION, [platform, clean(external_id), owner_id])
        return ConversationRecord(*rows[0]) if rows else None

    async def summarize(self, scope: Scope) -> list[ConversationSummary]:
        """Count within the scope, all as of one state of the database."""
        return await self._store.ask(lambda connection: _summarize(connection, scope))

    async def find_latest(self, platform: str, *, limit: int) -> list[ConversationRecord]:
        """Return the chats where something was said last."""
        rows = await self._store.read(
            f"""SELECT {COLUMNS} FROM conversations AS c WHERE platform = ? AND (owner_id IS NULL) = (kind = 'group')
                ORDER BY (SELECT max(said_at) FROM passages WHERE conversation_id = c.id) DESC LIMIT ?""",
            [platform, limit],
        )
        return [ConversationRecord(*row) for row in rows]

    async def move(self, change: ConversationMove) -> bool:
        """Change the external id of a group and of its threads, or join them with what has the new one."""
        moved = await self._store.write(lambda c: moves.move(c, change))
        self._store.announce_queued()
        return moved

    async def forget_group(self, platform: str, external_id: str) -> Receipt:
        """Forget the group with its threads."""
        async with self._store.reading() as connection:
            ids = [place for place, _ in await moves.with_threads(connection, platform, external_id)]
        return await forget_for_good(self._store, Scope.of_conversation(*ids), Selection(everything=True), verify=False)


async def ensure_person(connection: aiosqlite.Connection, platform: str, external_id: str, name: str) -> PersonRecord:
    """Return the person with this account, created if new, renamed if the name has changed."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """INSERT INTO people (platform, external_id, name) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id, platform, external_id, name""",
        [platform, clean(external_id), clean(name)],
    )
    return next(PersonRecord(*row) for row in rows)


async def ensure_conversation(
    connection: aiosqlite.Connection,
    platform: str,
    external_id: str,
    title: str,
    kind: ConversationKind,
    owner_id: int | None,
    audience: str | None = None,
) -> ConversationRecord:
    """Return the conversation with this identity, created if new; a title or audience that is given is kept."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""INSERT INTO conversations (platform, external_id, title, kind, owner_id, audience) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET title = iif(excluded.title = '', title, excluded.title),
                                      audience = ifnull(excluded.audience, audience) RETURNING {COLUMNS}""",
        [platform, clean(external_id), clean(title), kind, owner_id, audience and clean(audience)],
    )
    return next(ConversationRecord(*row) for row in rows)


async def _summarize(connection: aiosqlite.Connection, scope: Scope) -> list[ConversationSummary]:
    condition, values = in_scope(scope, "c.id")
    served = await vectors.serving(connection)
    embedded = "SELECT NULL AS passage_id WHERE 0" if served is None else f"SELECT passage_id FROM vectors_{served[0]}"
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT c.id, c.platform, c.external_id, c.title, c.kind, c.owner_id, c.audience,
                   count(DISTINCT nullif(p.author, '')) FILTER (WHERE p.kind IN ('message', 'question')),
                   count(p.id) FILTER (WHERE p.kind IN ('message', 'question', 'system')),
                   count(p.id), count(v.passage_id),
                   min(p.said_at), max(p.said_at)
            FROM conversations AS c
            LEFT JOIN passages AS p ON p.conversation_id = c.id AND p.kind NOT IN ('answer', 'command')
            LEFT JOIN ({embedded}) AS v ON v.passage_id = p.id
            WHERE {condition} GROUP BY c.id ORDER BY max(p.said_at) DESC""",
        values,
    )
    return [summary_of(row) for row in rows]
