"""Who works on what waits: of several processes on one database, each conversation has one that handles it in order."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

from memory.delivery_records import Outgoing, Waiting
from memory.errors import StorageError, TakenOver
from memory.postgres.claimed_rows import ClaimedRows
from memory.postgres.connection import Connection, Row
from memory.postgres.locks import share_memory
from memory.postgres.presence import LIVING, Presence, wake_others
from memory.postgres.store import Store

LOOK = 2.0
"""Seconds between two looks for what dead processes have left."""
_SKIPPED = 0.1
"""Seconds after which a conversation that was locked is looked at again."""

_COLUMNS: dict[Literal["inbox", "outbox"], str] = {
    "inbox": "passage_id, payload",
    "outbox": "id, conversation_id, in_reply_to, payload",
}
# $1 this process, $2 whether those who seem to be dead are given time.
_IS_FREE = f"(q.claimed_by IS NULL OR NOT $2 AND q.claimed_by <> $1 AND q.claimed_by NOT IN {LIVING})"
_IS_HELD = f"""EXISTS (SELECT 1 FROM pending AS h WHERE h.conversation_id = q.conversation_id
                       AND h.claimed_by <> $1 AND ($2 OR h.claimed_by IN {LIVING}))"""

# A reply that a dead process left goes out before anything newer is handled there.
_MAY_GO: dict[Literal["inbox", "outbox"], str] = {
    "inbox": """NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.conversation_id = q.conversation_id
                            AND o.claimed_by IS DISTINCT FROM $1)""",
    "outbox": "true",
}


# $1 a message, $2 what this process has begun to handle before it, $3 the replies that it sends. A reply that may have
# been queued when the server went away, or a message whose reply was not, is nobody's for a moment.
_IS_BEHIND = """
SELECT 1 FROM inbox AS mine WHERE mine.passage_id = $1 AND (
    EXISTS (SELECT 1 FROM inbox AS q WHERE q.conversation_id = mine.conversation_id
            AND q.passage_id < $1 AND q.passage_id <> ALL($2::bigint[]))
    OR EXISTS (SELECT 1 FROM outbox AS o WHERE o.conversation_id = mine.conversation_id
               AND o.in_reply_to < $1 AND o.id <> ALL($3::bigint[])))
"""


class Overtaking(TakenOver):
    """Something older of the same conversation is to be handled first, by whoever takes it up."""


class Claims:
    """Signs what this process works on, and takes over what no living process does."""

    def __init__(self, store: Store, presence: Presence) -> None:
        self._store = store
        self._presence = presence
        self._skipped = False
        self._claiming = asyncio.Lock()
        self._mine = ClaimedRows(store, presence, "inbox")
        self._sending = ClaimedRows(store, presence, "outbox")

    async def sign(self) -> int:
        """Return the number to claim with; from the first time on, this process can be seen to live."""
        return await self._presence.show()

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Claim the messages of these platforms that were received, but are handled by nobody; oldest first."""
        return [Waiting(*row) for row in await self._claim_new("inbox", platforms, self._mine)]

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Claim the replies to these platforms that may not have been sent, and that nobody sends; oldest first."""
        return [Outgoing(*row) for row in await self._claim_new("outbox", platforms, self._sending)]

    async def note_mine(self, passage_id: int, signed: int) -> bool:
        """Note that this process is to handle a message, which it has signed with this number.

        False when it was claimed before this process knew of it, and is handled there.
        """
        return passage_id in await self._mine.hold([passage_id], signed)

    async def note_sending(self, replies: Sequence[Outgoing], signed: int) -> bool:
        """Note that this process sends replies to one conversation, which it has queued under this number.

        False when they were claimed before this process knew of them, and are sent there.
        """
        ids = {each.id for each in replies}
        return await self._sending.hold(ids, signed) == ids

    def note_sent(self, outgoing: Outgoing) -> None:
        """Note that a reply is sent."""
        self._sending.drop(outgoing.id)

    def doubting(self) -> AbstractContextManager[None]:
        """See `Presence.doubting`: what may have been claimed without this process's knowledge is left to others."""
        return self._presence.doubting()

    @contextmanager
    def ending(self, passage_id: int | None) -> Iterator[None]:
        """Have done with a message at the block's end, whatever comes of it; see `Presence.doubting` where it fails."""
        with self._presence.doubting():
            try:
                yield
            except (StorageError, TakenOver):
                self._mine.drop(passage_id or 0)
                raise
        self._mine.drop(passage_id or 0)

    async def take_out(self, connection: Connection, passage_id: int) -> None:
        """Take a message out of the inbox because its reply is there. Run in a transaction.

        Raises TakenOver when another process handles it by now, or has done so: this one was taken for dead. Raises
        Overtaking when something older of its conversation is not done, and is not before it here.
        """
        if await connection.fetch_value(
            _IS_BEHIND, passage_id, self._mine.before(passage_id), self._sending.before(-1)
        ):
            raise Overtaking("something that was said before is to be handled first")
        if not await self.drop_waiting(connection, passage_id) and await connection.fetch_value(
            "SELECT 1 FROM passages WHERE id = $1", passage_id
        ):
            raise TakenOver("another process has taken this message over")

    async def leave(self, passage_id: int) -> None:
        """Leave a message to whoever handles what was said before it, which may be this process itself."""

        async def write(connection: Connection) -> None:
            await connection.execute(
                "UPDATE inbox SET claimed_by = NULL WHERE passage_id = $1 AND claimed_by = ANY($2::integer[])",
                passage_id,
                list(self._presence.numbers),
            )
            await wake_others(connection)

        await self._store.write(write, repeatable=True)

    async def drop_waiting(self, connection: Connection, passage_id: int) -> bool:
        """Take a message out of the inbox; False when another process handles it, or has done. Run in a transaction."""
        rows = await connection.fetch(
            f"SELECT claimed_by, claimed_by IN {LIVING} FROM inbox WHERE passage_id = $1 FOR UPDATE", passage_id
        )
        if not rows:
            return passage_id not in self._mine
        ((holder, lives),) = rows
        # Asked now, since this process may have signed it with another number until the row was locked.
        if lives and holder not in self._presence.numbers:
            return False
        await connection.execute("DELETE FROM inbox WHERE passage_id = $1", passage_id)
        return True

    async def wait(self, seconds: float) -> bool:
        """Return True when there may be something to claim; False after `seconds`."""
        await self.sign()
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            if await self._is_woken(min(left, _SKIPPED if self._skipped else LOOK)) or await self._is_left():
                return True
        return False

    async def _is_woken(self, seconds: float) -> bool:
        woken = self._presence.woken
        try:
            async with asyncio.timeout(seconds):
                await woken.wait()
        except TimeoutError:
            return self._skipped
        woken.clear()
        return True

    async def _is_left(self) -> bool:
        """Tell whether there is something that no living process works on."""
        rows = await self._store.read(
            f"SELECT 1 FROM pending AS q WHERE {_IS_FREE} AND NOT {_IS_HELD} LIMIT 1",
            await self.sign(),
            self._presence.is_patient,
        )
        return len(rows) > 0

    async def _claim_new(
        self, table: Literal["inbox", "outbox"], platforms: Collection[str], held: ClaimedRows
    ) -> list[Row]:
        """Claim what is free, and note it as held; return it without what this process is at work on already.

        That is free, too, when it was signed with a number that this process has given up meanwhile.
        """
        async with self._claiming:
            me = await self.sign()
            with self.doubting():
                claimed = await self._claim(table, platforms, me)
            new = await held.hold((row[0] for row in claimed), me)
        return [row for row in claimed if row[0] in new]

    async def _claim(self, table: Literal["inbox", "outbox"], platforms: Collection[str], me: int) -> list[Row]:
        if not await self._store.read(f"SELECT 1 FROM {table} LIMIT 1"):
            return []
        patient, named = self._presence.is_patient, list(platforms)
        free = f"""SELECT DISTINCT c.id FROM {table} AS q JOIN conversations AS c ON c.id = q.conversation_id
                   WHERE c.platform = ANY($3::text[]) AND {_IS_FREE} AND NOT {_IS_HELD} AND {_MAY_GO[table]}"""
        claim = f"""UPDATE {table} AS q SET claimed_by = $1
                    WHERE q.conversation_id = ANY($3::bigint[]) AND {_IS_FREE} AND NOT {_IS_HELD} AND {_MAY_GO[table]}
                    RETURNING {_COLUMNS[table]}"""

        async def write(connection: Connection) -> list[Row]:
            await share_memory(connection)
            places = [row[0] for row in await connection.fetch(free, me, patient, named)]
            # Locked, so that of two processes one gets the conversation, and the other sees that in its next statement.
            locked = await connection.fetch(
                "SELECT id FROM conversations WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
                places,
            )
            self._skipped = len(locked) < len(places)
            return await connection.fetch(claim, me, patient, [row[0] for row in locked])

        return sorted(map(tuple, await self._store.write(write)))


async def choose_holder(connection: Connection, conversation_id: int, me: int) -> int | None:
    """Return who is to handle a new message of a conversation: this process, unless something waits there for another.

    Then None, and all processes are told to look: whoever takes that up, or is at work on it, gets this too. Run in a
    transaction that has locked the conversation, before the message is put in the inbox.
    """
    held = await connection.fetch(
        "SELECT 1 FROM pending WHERE conversation_id = $2 AND claimed_by IS DISTINCT FROM $1 LIMIT 1",
        me,
        conversation_id,
    )
    if not held:
        return me
    await wake_others(connection)
    return None


async def pass_on(connection: Connection, conversation_id: int) -> None:
    """Tell all processes to look when messages of a conversation wait for this one to be done. Run in a transaction."""
    if await connection.fetch_value(
        "SELECT 1 FROM inbox WHERE conversation_id = $1 AND claimed_by IS NULL LIMIT 1", conversation_id
    ):
        await wake_others(connection)
