"""The upkeep facet: checks and measures the database; copies of it are made with PostgreSQL's own tools."""

from __future__ import annotations

from pathlib import Path

from memory.addresses import without_password
from memory.errors import StorageError
from memory.postgres import check
from memory.postgres.store import Store


class PostgresUpkeep:
    """Looks after the database; see `memory.engine.Upkeep`."""

    def __init__(self, store: Store) -> None:
        self._store = store

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
        """Free the room of what is gone for new rows, by VACUUM, which stops nobody's work."""
        async with self._store.reading() as connection:
            await connection.execute("SET statement_timeout = 0")
            try:
                await connection.execute("VACUUM (ANALYZE)")
            finally:
                await connection.execute("RESET statement_timeout")

    async def back_up(self, path: Path) -> None:
        """Raise StorageError: what a database server holds is copied by the server's tools."""
        raise StorageError(
            f"{path} is not written: the memory is on a server, whose own tools back it up: "
            f"`pg_dump --format=custom --no-privileges --schema=scrubjay --file={path} "
            f'"{without_password(self._store.address)}"`; '
            "docs/scale.md tells how to put it back"
        )
