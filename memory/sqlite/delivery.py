"""The durable way of a message through the bot: the inbox it waits in, and the outbox its reply leaves from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import Entry, Outgoing, Passage, Stored, Waiting
from memory.sqlite.insert import insert
from memory.sqlite.rows import PASSAGE_SELECT, passage_of


async def receive(
    connection: aiosqlite.Connection, conversation_id: int, entry: Entry, payload: str, claimed_by: str
) -> Stored:
    """Store a message and put it in the inbox; a known event changes nothing. Run in a transaction."""
    (stored,) = await insert(connection, conversation_id, [entry])
    if stored.new:
        await connection.execute(
            "INSERT INTO inbox (passage_id, payload, claimed_by) VALUES (?, ?, ?)", [stored.id, payload, claimed_by]
        )
    return stored


async def handled(connection: aiosqlite.Connection, passage_id: int) -> None:
    """Take a message out of the inbox."""
    await connection.execute("DELETE FROM inbox WHERE passage_id = ?", [passage_id])


async def queue_reply(
    connection: aiosqlite.Connection, conversation_id: int, in_reply_to: int | None, payload: str, claimed_by: str
) -> Outgoing:
    """Put a reply in the outbox, and take the message it answers out of the inbox. Run in a transaction."""
    if in_reply_to is not None:
        await handled(connection, in_reply_to)
    rows: Iterable[Any] = await connection.execute_fetchall(
        "INSERT INTO outbox (conversation_id, in_reply_to, payload, claimed_by) VALUES (?, ?, ?, ?) RETURNING id",
        [conversation_id, in_reply_to, payload, claimed_by],
    )
    return Outgoing(next(int(row[0]) for row in rows), conversation_id, in_reply_to, payload)


async def reply_sent(
    connection: aiosqlite.Connection, outgoing: Outgoing, entry: Entry, more_ids: Iterable[str]
) -> Stored:
    """Take a reply out of the outbox and store it as a passage, to be found by `more_ids` too. Run in a transaction."""
    await connection.execute("DELETE FROM outbox WHERE id = ?", [outgoing.id])
    (stored,) = await insert(connection, outgoing.conversation_id, [entry])
    await connection.executemany(
        "INSERT OR IGNORE INTO sent_parts (event_id, passage_id) VALUES (?, ?)",
        [(event_id, stored.id) for event_id in more_ids],
    )
    return stored


async def of_event(connection: aiosqlite.Connection, platform: str, event_id: str) -> list[Passage]:
    """Return the passages that a platform knows by this id: a message, or a reply of which it is a part."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""{PASSAGE_SELECT} WHERE c.platform = ?1 AND p.id IN (
                SELECT id FROM passages WHERE event_id = ?2 UNION ALL
                SELECT passage_id FROM sent_parts WHERE event_id = ?2) ORDER BY p.id""",
        [platform, event_id],
    )
    return [passage_of(row) for row in rows]


async def waiting(connection: aiosqlite.Connection, passage_id: int | None = None) -> list[Waiting]:
    """Return what is in the inbox, oldest first: all of it, or one message."""
    which, values = ("1", []) if passage_id is None else ("passage_id = ?", [passage_id])
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT passage_id, payload FROM inbox WHERE {which} ORDER BY passage_id", values
    )
    return [Waiting(*row) for row in rows]


async def unsent(connection: aiosqlite.Connection, conversation_id: int | None = None) -> list[Outgoing]:
    """Return what is in the outbox, oldest first: all of it, or what is for one conversation."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT id, conversation_id, in_reply_to, payload FROM outbox
           WHERE conversation_id = ifnull(?, conversation_id) ORDER BY id""",
        [conversation_id],
    )
    return [Outgoing(*row) for row in rows]
