"""The facet of updates that could not be handled."""

from __future__ import annotations

from collections.abc import Sequence

from memory.delivery_records import UnhandledUpdate
from memory.postgres.connection import Connection
from memory.postgres.store import Store
from memory.search.segment import clean
from memory.timestamps import micros, moment


class PostgresUnhandledUpdates:
    """Keeps a row for each update; see `memory.engine.UnhandledUpdateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, update: UnhandledUpdate, *, most: int) -> None:
        """Insert a row, and delete those that are too many."""

        async def write(connection: Connection) -> None:
            texts = map(clean, (update.platform, update.conversation, update.payload, update.problem))
            await connection.execute(
                """INSERT INTO unhandled_updates (platform, conversation, payload, problem, met_at)
                   VALUES ($1, $2, $3, $4, $5)""",
                *texts,
                micros(update.met_at),
            )
            await connection.execute(
                """DELETE FROM unhandled_updates WHERE id NOT IN (
                       SELECT id FROM unhandled_updates ORDER BY id DESC LIMIT $1)""",
                most,
            )

        await self._store.write(write)

    async def read_all(self) -> Sequence[UnhandledUpdate]:
        """Return every row."""
        rows = await self._store.read(
            "SELECT platform, conversation, payload, problem, met_at FROM unhandled_updates ORDER BY id"
        )
        return [UnhandledUpdate(row[0], row[1], row[2], row[3], moment(row[4])) for row in rows]

    async def delete_all(self) -> int:
        """Delete every row."""
        return await self._store.write(lambda connection: connection.execute("DELETE FROM unhandled_updates"))


async def drop_unhandled(connection: Connection, passage_ids: Sequence[int]) -> None:
    """Delete the updates of the chats that something is forgotten of, which may hold it. Run in a transaction.

    One whose chat is not known counts as of every chat of its platform.
    """
    await connection.execute(
        """DELETE FROM unhandled_updates AS u WHERE EXISTS (
               SELECT 1 FROM passages AS p JOIN conversations AS c ON c.id = p.conversation_id
               WHERE p.id = ANY($1::bigint[]) AND c.platform = u.platform AND u.conversation IN ('', c.external_id))""",
        list(passage_ids),
    )
