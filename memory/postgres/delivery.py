"""The delivery facet: the inbox that a message waits in, and the outbox that its reply leaves from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from memory.delivery_records import Outgoing, Waiting
from memory.errors import TakenOver
from memory.postgres import provenance
from memory.postgres.claims import Claims, Overtaking, choose_holder, pass_on
from memory.postgres.connection import Connection
from memory.postgres.insert import insert
from memory.postgres.locks import lock_conversation, share_memory
from memory.postgres.store import Store
from memory.records import ConversationRecord, Entry, Stored
from memory.search.segment import clean

_OUTGOING = "id, conversation_id, in_reply_to, payload"


class PostgresDelivery:
    """Keeps the inbox and the outbox, and who works on what is in them; see `memory.engine.DeliveryStore`."""

    def __init__(self, store: Store, claims: Claims) -> None:
        self._store = store
        self._claims = claims

    async def receive(self, conversation: ConversationRecord, entry: Entry, payload: str) -> Stored:
        """Store a message and put it in the inbox, claimed by this process unless another has its conversation."""
        me = await self._claims.sign()
        with self._claims.doubting():
            stored = await self._store.write(lambda c: _receive(c, conversation.id, entry, payload, me))
        if stored.new and not stored.elsewhere and not await self._claims.note_mine(stored.id, me):
            stored = replace(stored, elsewhere=True)
        self._store.announce_queued()
        return stored

    async def list_waiting(self) -> list[Waiting]:
        """Return all of the inbox."""
        rows = await self._store.read("SELECT passage_id, payload FROM inbox ORDER BY passage_id")
        return [Waiting(*row) for row in rows]

    async def find_waiting(self, passage_id: int) -> Waiting | None:
        """Return one message of the inbox."""
        rows = await self._store.read("SELECT passage_id, payload FROM inbox WHERE passage_id = $1", passage_id)
        return next((Waiting(*row) for row in rows), None)

    async def claim_waiting(self, platforms: Collection[str]) -> list[Waiting]:
        """Claim what is in the inbox and nobody's, or that of a process that has ended."""
        return await self._claims.claim_waiting(platforms)

    async def wait(self, seconds: float) -> bool:
        """Wait until there may be something to claim."""
        return await self._claims.wait(seconds)

    async def mark_handled(self, passage_id: int) -> None:
        """Take a message out of the inbox, unless another process has taken it over."""
        with self._claims.ending(passage_id):
            await self._store.write(lambda c: self._drop_waiting(c, passage_id), repeatable=True)

    async def withhold(self, passage_id: int, text: str) -> None:
        """Overwrite a message's text, and the payload it waits with; a command's words are in no index."""
        with self._claims.ending(passage_id):
            await self._store.write(lambda c: self._withhold(c, passage_id, text), repeatable=True)

    async def queue_reply(
        self, conversation: ConversationRecord, in_reply_to: int | None, payload: str, drawn_from: Collection[int] = ()
    ) -> Outgoing:
        """Put a reply in the outbox, claimed by this process. Raises TakenOver when it lost the message to another."""
        me, token = await self._claims.sign(), uuid4()

        async def write(connection: Connection) -> Outgoing:
            await share_memory(connection)
            if known := await connection.fetch_value("SELECT id FROM outbox WHERE token = $1", token):
                return Outgoing(int(known), conversation.id, in_reply_to, payload)
            if in_reply_to is not None:
                await self._claims.take_out(connection, in_reply_to)
            return await queue_reply(connection, conversation.id, in_reply_to, payload, me, drawn_from, token)

        with self._claims.ending(in_reply_to):
            try:
                queued = await self._store.write(write, repeatable=True)
            except Overtaking:
                await self._claims.leave(in_reply_to or 0)
                raise
        if not await self._claims.note_sending([queued], me):
            raise TakenOver("another process has taken this reply over")
        return queued

    async def find_unsent(self, outgoing_id: int) -> Outgoing | None:
        """Return one reply of the outbox."""
        rows = await self._store.read(f"SELECT {_OUTGOING} FROM outbox WHERE id = $1", outgoing_id)
        return next((Outgoing(*row) for row in rows), None)

    async def mark_sent(self, outgoing: Outgoing, entry: Entry, more_ids: Sequence[str] = ()) -> Stored | None:
        """Take a reply out of the outbox and store it."""
        stored = await self._store.write(lambda c: _store_sent(c, outgoing, entry, more_ids))
        self._claims.note_sent(outgoing)
        self._store.announce_queued()
        return stored

    async def list_unsent(self, conversation_id: int | None = None) -> list[Outgoing]:
        """Return the outbox, or what of it is for one conversation."""
        rows = await self._store.read(
            f"""SELECT {_OUTGOING} FROM outbox WHERE $1::bigint IS NULL OR conversation_id = $1 ORDER BY id""",
            conversation_id,
        )
        return [Outgoing(*row) for row in rows]

    async def claim_unsent(self, platforms: Collection[str]) -> list[Outgoing]:
        """Claim what is in the outbox and nobody's, or that of a process that has ended."""
        return await self._claims.claim_unsent(platforms)

    async def _drop_waiting(self, connection: Connection, passage_id: int) -> None:
        """Take a message out of the inbox, unless another process has taken it over. Run in a transaction."""
        place = await connection.fetch_value("SELECT conversation_id FROM inbox WHERE passage_id = $1", passage_id)
        if place is not None and await self._claims.drop_waiting(connection, passage_id):
            await pass_on(connection, int(place))

    async def _withhold(self, connection: Connection, passage_id: int, text: str) -> None:
        await self._drop_waiting(connection, passage_id)
        await connection.execute("UPDATE passages SET text = $1 WHERE id = $2", clean(text), passage_id)


async def _receive(connection: Connection, conversation_id: int, entry: Entry, payload: str, me: int) -> Stored:
    """Store a message and put it in the inbox; a known event changes nothing. Run in a transaction."""
    await lock_conversation(connection, conversation_id)
    (stored,) = await insert(connection, conversation_id, [entry])
    if not stored.new:
        return stored
    holder = await choose_holder(connection, conversation_id, me)
    await connection.execute(
        "INSERT INTO inbox (passage_id, conversation_id, payload, claimed_by) VALUES ($1, $2, $3, $4)",
        stored.id,
        conversation_id,
        payload,
        holder,
    )
    return replace(stored, elsewhere=holder is None)


async def queue_reply(
    connection: Connection,
    conversation_id: int,
    in_reply_to: int | None,
    payload: str,
    claimed_by: int,
    drawn_from: Collection[int] = (),
    token: UUID | None = None,
) -> Outgoing:
    """Put a reply in the outbox. Run in a transaction that shares the memory."""
    number = await connection.fetch_value(
        """INSERT INTO outbox (conversation_id, in_reply_to, payload, claimed_by, token) VALUES ($1, $2, $3, $4, $5)
           RETURNING id""",
        conversation_id,
        in_reply_to,
        payload,
        claimed_by,
        token,
    )
    outgoing = Outgoing(int(number), conversation_id, in_reply_to, payload)
    sources = {*drawn_from} if in_reply_to is None else {*drawn_from, in_reply_to}
    await provenance.bind(connection, "outbox_id", outgoing.id, sources)
    return outgoing


async def _store_sent(
    connection: Connection, outgoing: Outgoing, entry: Entry, more_ids: Iterable[str]
) -> Stored | None:
    """Take a reply out of the outbox and store it as a passage, to be found by `more_ids` too. Run in a transaction.

    What was forgotten while it was being sent is not stored.
    """
    await lock_conversation(connection, outgoing.conversation_id)
    sources = await provenance.sources_of(connection, "outbox_id", outgoing.id)
    if await connection.execute("DELETE FROM outbox WHERE id = $1", outgoing.id) == 0:
        return None
    drawn_from = tuple(dict.fromkeys([*entry.drawn_from, *sources]))
    (stored,) = await insert(connection, outgoing.conversation_id, [replace(entry, drawn_from=drawn_from)])
    await connection.execute_many(
        "INSERT INTO sent_parts (event_id, passage_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [(event_id, stored.id) for event_id in more_ids],
    )
    await pass_on(connection, outgoing.conversation_id)
    return stored
