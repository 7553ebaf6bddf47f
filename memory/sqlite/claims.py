"""Who works on what waits: of several processes on one database, each message and each reply has one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterable
from typing import Any

import aiosqlite

from memory.delivery_records import Outgoing, Waiting
from memory.sqlite.presence import Presence
from memory.sqlite.store import Store

_MINE = """claimed_by = ?1 WHERE (claimed_by IS NULL OR claimed_by IN (SELECT value FROM json_each(?2)))"""
_THERE = "WHERE c.platform IN (SELECT value FROM json_each(?3))"

_WAITING = f"""
UPDATE inbox SET {_MINE} AND passage_id IN (
    SELECT p.id FROM inbox AS i JOIN passages AS p ON p.id = i.passage_id
    JOIN conversations AS c ON c.id = p.conversation_id {_THERE}
) RETURNING passage_id, payload
"""
_UNSENT = f"""
UPDATE outbox SET {_MINE} AND id IN (
    SELECT o.id FROM outbox AS o JOIN conversations AS c ON c.id = o.conversation_id {_THERE}
) RETURNING id, conversation_id, in_reply_to, payload
"""


class Claims:
    """Signs what this process works on, and takes over what no living process does."""

    def __init__(self, store: Store, presence: Presence) -> None:
        self._store = store
        self._presence = presence

    def sign(self) -> str:
        """Return the name to claim with; from the first time on, this process can be seen to live."""
        self._presence.show()
        return self._presence.name

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Claim the messages of these platforms that were received, but are handled by nobody; oldest first."""
        return [Waiting(*row) for row in await self._claim("inbox", _WAITING, platforms)]

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Claim the replies to these platforms that may not have been sent, and that nobody sends; oldest first."""
        return [Outgoing(*row) for row in await self._claim("outbox", _UNSENT, platforms)]

    async def _claim(self, table: str, update: str, platforms: Collection[str]) -> list[Any]:
        rows = await self._store.read(f"SELECT DISTINCT claimed_by FROM {table}")
        if not rows:
            return []
        holders = [str(row[0]) for row in rows if row[0] is not None]
        gone = await asyncio.to_thread(self._presence.gone, holders)
        values = [self.sign(), json.dumps(gone), json.dumps(list(platforms))]
        return sorted(await self._store.write(lambda connection: _update(connection, update, values)))


async def _update(connection: aiosqlite.Connection, update: str, values: list[str]) -> list[Any]:
    rows: Iterable[Any] = await connection.execute_fetchall(update, values)
    return [tuple(row) for row in rows]
