"""The delivery facet: the inbox that a message waits in, and the outbox that its reply leaves from."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import aiosqlite

from memory.delivery_records import Outgoing, Waiting
from memory.records import ConversationRecord, Entry, Stored
from memory.search.segment import clean
from memory.sqlite import provenance
from memory.sqlite.claims import Claims
from memory.sqlite.insert import insert
from memory.sqlite.store import Store

_OUTGOING = "id, conversation_id, in_reply_to, payload"


class SqliteDelivery:
    """Keeps the inbox and the outbox, and who works on what is in them; see `memory.engine.DeliveryStore`."""

    def __init__(self, store: Store, claims: Claims) -> None:
        self._store = store
        self._claims = claims

    async def receive(self, conversation: ConversationRecord, entry: Entry, payload: str) -> Stored:
        """Store a message and put it in the inbox, claimed by this process."""
        me = self._claims.sign()
        stored = await self._store.write(lambda c: _receive(c, conversation.id, entry, payload, me))
        self._store.announce_queued()
        return stored

    async def list_waiting(self) -> list[Waiting]:
        """Return all of the inbox."""
        async with self._store.reading() as connection:
            return await _read_inbox(connection)

    async def find_waiting(self, passage_id: int) -> Waiting | None:
        """Return one message of the inbox."""
        async with self._store.reading() as connection:
            return next(iter(await _read_inbox(connection, passage_id)), None)

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Claim what is in the inbox and nobody's, or that of a process that has ended."""
        return await self._claims.claim_waiting(platforms)

    async def wait(self, seconds: float) -> bool:
        """Wait in vain: nobody tells what is left in a file; it is claimed in the next round."""
        await asyncio.sleep(seconds)
        return False

    async def mark_handled(self, passage_id: int) -> None:
        """Take a message out of the inbox."""
        await self._store.write(lambda c: _drop_waiting(c, passage_id))

    async def withhold(self, passage_id: int, text: str) -> None:
        """Overwrite a message's text, and the payload it waits with; a command's words are in no index."""
        await self._store.write(lambda c: _withhold(c, passage_id, text))
        await self._store.checkpoint()

    async def queue_reply(
        self, conversation: ConversationRecord, in_reply_to: int | None, payload: str, drawn_from: Collection[int] = ()
    ) -> Outgoing:
        """Put a reply in the outbox, claimed by this process."""
        me = self._claims.sign()
        return await self._store.write(lambda c: queue_reply(c, conversation.id, in_reply_to, payload, me, drawn_from))

    async def find_unsent(self, outgoing_id: int) -> Outgoing | None:
        """Return one reply of the outbox."""
        rows = await self._store.read(f"SELECT {_OUTGOING} FROM outbox WHERE id = ?", [outgoing_id])
        return next((Outgoing(*row) for row in rows), None)

    async def mark_sent(self, outgoing: Outgoing, entry: Entry, more_ids: Sequence[str] = ()) -> Stored | None:
        """Take a reply out of the outbox and store it."""
        return await self._store.write(lambda c: _store_sent(c, outgoing, entry, more_ids))

    async def list_unsent(self, conversation_id: int | None = None) -> list[Outgoing]:
        """Return the outbox, or what of it is for one conversation."""
        async with self._store.reading() as connection:
            return await _read_outbox(connection, conversation_id)

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Claim what is in the outbox and nobody's, or that of a process that has ended."""
        return await self._claims.claim_unsent(platforms)


async def _receive(
    connection: aiosqlite.Connection, conversation_id: int, entry: Entry, payload: str, claimed_by: str
) -> Stored:
    """Store a message and put it in the inbox; a known event changes nothing. Run in a transaction."""
    (stored,) = await insert(connection, conversation_id, [entry])
    if stored.new:
        await connection.execute(
            "INSERT INTO inbox (passage_id, payload, claimed_by) VALUES (?, ?, ?)", [stored.id, payload, claimed_by]
        )
    return stored


async def _drop_waiting(connection: aiosqlite.Connection, passage_id: int) -> None:
    """Take a message out of the inbox."""
    await connection.execute("DELETE FROM inbox WHERE passage_id = ?", [passage_id])


async def _withhold(connection: aiosqlite.Connection, passage_id: int, text: str) -> None:
    await _drop_waiting(connection, passage_id)
    await connection.execute("UPDATE passages SET text = ? WHERE id = ?", [clean(text), passage_id])


async def queue_reply(
    connection: aiosqlite.Connection,
    conversation_id: int,
    in_reply_to: int | None,
    payload: str,
    claimed_by: str,
    drawn_from: Collection[int] = (),
) -> Outgoing:
    """Put a reply in the outbox, and take the message it answers out of the inbox. Run in a transaction."""
    if in_reply_to is not None:
        await _drop_waiting(connection, in_reply_to)
    rows: Iterable[Any] = await connection.execute_fetchall(
        "INSERT INTO outbox (conversation_id, in_reply_to, payload, claimed_by) VALUES (?, ?, ?, ?) RETURNING id",
        [conversation_id, in_reply_to, payload, claimed_by],
    )
    outgoing = Outgoing(next(int(row[0]) for row in rows), conversation_id, in_reply_to, payload)
    await provenance.bind(connection, "outbox_id", outgoing.id, {*drawn_from, *_list_if_any(in_reply_to)})
    return outgoing


def _list_if_any(passage_id: int | None) -> tuple[int, ...]:
    return () if passage_id is None else (passage_id,)


async def _store_sent(
    connection: aiosqlite.Connection, outgoing: Outgoing, entry: Entry, more_ids: Iterable[str]
) -> Stored | None:
    """Take a reply out of the outbox and store it as a passage, to be found by `more_ids` too. Run in a transaction.

    What was forgotten while it was being sent is not stored.
    """
    sources = await provenance.sources_of(connection, "outbox_id", outgoing.id)
    if not list(await connection.execute_fetchall("DELETE FROM outbox WHERE id = ? RETURNING id", [outgoing.id])):
        return None
    drawn_from = tuple(dict.fromkeys([*entry.drawn_from, *sources]))
    (stored,) = await insert(connection, outgoing.conversation_id, [replace(entry, drawn_from=drawn_from)])
    await connection.executemany(
        "INSERT OR IGNORE INTO sent_parts (event_id, passage_id) VALUES (?, ?)",
        [(event_id, stored.id) for event_id in more_ids],
    )
    return stored


async def _read_inbox(connection: aiosqlite.Connection, passage_id: int | None = None) -> list[Waiting]:
    """Return what is in the inbox, oldest first: all of it, or one message."""
    which, values = ("1", []) if passage_id is None else ("passage_id = ?", [passage_id])
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT passage_id, payload FROM inbox WHERE {which} ORDER BY passage_id", values
    )
    return [Waiting(*row) for row in rows]


async def _read_outbox(connection: aiosqlite.Connection, conversation_id: int | None = None) -> list[Outgoing]:
    """Return what is in the outbox, oldest first: all of it, or what is for one conversation."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT {_OUTGOING} FROM outbox
           WHERE conversation_id = ifnull(?, conversation_id) ORDER BY id""",
        [conversation_id],
    )
    return [Outgoing(*row) for row in rows]
