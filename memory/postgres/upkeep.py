"""The upkeep facet: checks and measures the database; copies of it are made with PostgreSQL's own tools."""

from __future__ import annotations

from pathlib import Path

from memory.addresses import without_password
from memory.errors import StorageError
from memory.postgres import check, vector_index, vectors
from memory.postgres.connection import Connection
from memory.postgres.store import Store


class PostgresUpkeep:
    """Looks after the database; see `memory.engine.Upkeep`. So many vectors get an index as `indexed_from` says."""

    def __init__(self, store: Store, *, indexed_from: int = vector_index.INDEXED_FROM) -> None:
        self._store = store
        self._indexed_from = indexed_from

    @property
    def folder(self) -> Path:
        """This machine's data folder."""
        return self._store.folder

    async def check(self) -> list[str]:
        """Compare passages, words and vectors, in one state of the database."""
        return await self._store.ask(check.check)

    async def check_briefly(self) -> list[str]:
        """Find nothing: the server finds out by itself, from checksums, what its disk has damaged."""
        return []

    async def measure(self) -> int:
        """Return the size of the schema's tables with their indexes."""
        ((size,),) = await self._store.read(
            """SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class AS c
               JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = 'scrubjay' AND c.relkind = 'r'"""
        )
        return int(size)

    async def compact(self) -> None:
        """Free the room of what is gone for new rows, by VACUUM, and index many vectors: neither stops others' work."""
        async with self._store.reading() as connection:
            await connection.execute("SET statement_timeout = 0")
            await connection.execute("SET lock_timeout = 0")
            try:
                await connection.execute("VACUUM (ANALYZE)")
                await self._index_vectors(connection)
            finally:
                await connection.execute("RESET statement_timeout")
                await connection.execute("RESET lock_timeout")

    async def _index_vectors(self, connection: Connection) -> None:
        served = await vectors.serving(connection)
        if served is not None and await vector_index.is_worth_making(
            connection, served[0], indexed_from=self._indexed_from
        ):
            await vector_index.make_index(connection, served[0])

    async def back_up(self, path: Path) -> None:
        """Raise StorageError: what a database server holds is copied by the server's tools."""
        raise StorageError(
            f"{path} is not written: the memory is on a server, whose own tools back it up: "
            f"`pg_dump --format=custom --no-privileges --schema=scrubjay --file={path} "
            f'"{without_password(self._store.address)}"`; '
            "docs/scale.md tells how to put it back"
        )
