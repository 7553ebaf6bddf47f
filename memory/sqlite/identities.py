"""Who and where: people and conversations, by their identity on a platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import Conversation, ConversationKind, ConversationSummary, Person, Scope
from memory.search.segment import clean
from memory.sqlite.rows import in_scope, moment


async def person(connection: aiosqlite.Connection, platform: str, external_id: str, name: str) -> Person:
    """Return the person with this account, created if new, renamed if the name has changed."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """INSERT INTO people (platform, external_id, name) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET name = excluded.name RETURNING id, platform, external_id, name""",
        [platform, clean(external_id), clean(name)],
    )
    return next(Person(*row) for row in rows)


async def find_person(connection: aiosqlite.Connection, platform: str, external_id: str) -> Person | None:
    """Return the person with this account, if known."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, platform, external_id, name FROM people WHERE platform = ? AND external_id = ?",
        [platform, clean(external_id)],
    )
    return next((Person(*row) for row in rows), None)


_COLUMNS = "id, platform, external_id, title, kind, owner_id, audience"


async def find_conversation(
    connection: aiosqlite.Connection, platform: str, external_id: str, owner_id: int | None
) -> Conversation | None:
    """Return the conversation with this identity, if known."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT {_COLUMNS} FROM conversations WHERE platform = ? AND external_id = ? AND owner_id IS ?",
        [platform, clean(external_id), owner_id],
    )
    return next((Conversation(*row) for row in rows), None)


async def with_threads(connection: aiosqlite.Connection, platform: str, external_id: str) -> list[tuple[int, str]]:
    """Return the id and the external id of a group, or a thread, and of each thread in it; imports are none."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT id, external_id FROM conversations WHERE platform = ?1 AND owner_id IS NULL
           AND (external_id = ?2 OR substr(external_id, 1, length(?2) + 1) = ?2 || '/')""",
        [platform, clean(external_id)],
    )
    return [(int(row[0]), str(row[1])) for row in rows]


async def conversation(
    connection: aiosqlite.Connection,
    platform: str,
    external_id: str,
    title: str,
    kind: ConversationKind,
    owner_id: int | None,
    audience: str | None = None,
) -> Conversation:
    """Return the conversation with this identity, created if new; a title or audience that is given is kept."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""INSERT INTO conversations (platform, external_id, title, kind, owner_id, audience) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET title = iif(excluded.title = '', title, excluded.title),
                                      audience = ifnull(excluded.audience, audience) RETURNING {_COLUMNS}""",
        [platform, clean(external_id), clean(title), kind, owner_id, audience and clean(audience)],
    )
    return next(Conversation(*row) for row in rows)


async def summaries(connection: aiosqlite.Connection, scope: Scope, model: int) -> list[ConversationSummary]:
    """Return what is remembered of each conversation in scope, the latest first."""
    condition, values = in_scope(scope, "c.id")
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT c.id, c.platform, c.external_id, c.title, c.kind, c.owner_id, c.audience,
                   count(DISTINCT nullif(p.author, '')), count(p.id), count(v.passage_id),
                   min(p.said_at), max(p.said_at)
            FROM conversations AS c
            LEFT JOIN passages AS p ON p.conversation_id = c.id AND p.kind NOT IN ('answer', 'command')
            LEFT JOIN vectors_{model} AS v ON v.passage_id = p.id
            WHERE {condition} GROUP BY c.id ORDER BY max(p.said_at) DESC""",
        values,
    )
    return [_summary_of(row) for row in rows]


def _summary_of(row: Any) -> ConversationSummary:
    *identity, people, passages, embedded, first, last = row
    return ConversationSummary(
        conversation=Conversation(*identity),
        people=people,
        passages=passages,
        embedded=embedded,
        first=None if first is None else moment(first),
        last=None if last is None else moment(last),
    )
