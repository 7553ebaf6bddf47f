"""A memory on PostgreSQL as plain rows; see `memory.engine.transfer`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from memory.addresses import without_password
from memory.engine.transfer import Key, Row, Transfer
from memory.errors import StorageError
from memory.moving import BY_NAME, COUNTED, TABLES, Table, group_vectors
from memory.postgres import vectors
from memory.postgres.bot_state import name_folder
from memory.postgres.connection import Connection
from memory.postgres.insert import index
from memory.postgres.rows import number
from memory.postgres.store import Store
from memory.records import RECALLABLE

_INDEXED = 1000
"""Passages that are indexed in one transaction."""
_OWN_NAMES = {"day": "day::text"}
_WITHOUT_NULL = {"file_name": "coalesce(file_name, '')"}


@asynccontextmanager
async def open_source(address: str, folder: Path) -> AsyncIterator[Transfer]:
    """Open a memory that is moved away. Raises StorageError."""
    async with Store.open(address, folder) as store:
        yield PostgresTransfer(store)


@asynccontextmanager
async def open_target(address: str, folder: Path, source: str, *, afresh: bool) -> AsyncIterator[Transfer]:
    """Open a database that a memory is moved to; until it has all, nothing else opens it. Raises StorageError.

    `source` says where it comes from: what was begun from elsewhere goes on only `afresh`, from the beginning.
    """
    async with Store.open(address, folder, moving=True) as store:
        await store.write(lambda connection: _begin(connection, address, source, afresh=afresh))
        yield PostgresTransfer(store)
        await store.write(lambda connection: connection.execute("DELETE FROM moving"))


async def _begin(connection: Connection, address: str, source: str, *, afresh: bool) -> None:
    """Note that a move into the database has begun, or goes on. Run in a transaction."""
    begun = await connection.fetch_value("SELECT source FROM moving")
    if begun is not None and (afresh or begun == source):
        if afresh:
            await _empty(connection)
        return
    if begun is not None:
        raise StorageError(
            f"{without_password(address)} holds a part of another memory, {begun}; add --afresh to drop that part"
        )
    if await connection.fetch_value("SELECT 1 FROM people UNION ALL SELECT 1 FROM conversations LIMIT 1"):
        raise StorageError(f"{without_password(address)} holds a memory already; move to an empty database")
    await connection.execute("INSERT INTO moving (source) VALUES ($1)", source)


async def _empty(connection: Connection) -> None:
    for model in await vectors.models(connection):
        await connection.execute(f"DROP TABLE scrubjay.vectors_{model}, scrubjay.signs_{model}")
    names = ", ".join(f"scrubjay.{table.name}" for table in TABLES if table.name != "vectors" and not table.single)
    await connection.execute(f"TRUNCATE {names}, scrubjay.postings, scrubjay.word_totals CASCADE")


class PostgresTransfer:
    """Reads tables by their keys, and writes to them by COPY."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find_last(self, table: str) -> Key | None:
        """Look at the end of the key's index."""
        rows = await self._read(BY_NAME[table], None, 1, "DESC")
        return BY_NAME[table].key_of(rows[0]) if rows else None

    async def read(self, table: str, after: Key | None, limit: int) -> list[Row]:
        """Read on from a key."""
        return await self._read(BY_NAME[table], after, limit, "ASC")

    async def write(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows, with what this engine keeps beside them."""
        home = await asyncio.to_thread(name_folder, self._store.folder) if table == "kept_files" else ""
        await self._store.write(lambda connection: _write(connection, BY_NAME[table], rows, home))

    async def read_counters(self) -> dict[str, int]:
        """Read the sequences."""
        rows = await self._store.read(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'scrubjay' AND last_value IS NOT NULL"
        )
        last = {str(row[0]): int(row[1]) for row in rows}
        return {table: last[f"{table}_id_seq"] for table in COUNTED if f"{table}_id_seq" in last}

    async def write_counters(self, counters: Mapping[str, int]) -> None:
        """Set the sequences."""
        await self._store.write(lambda connection: _set_sequences(connection, counters))

    async def index(self) -> None:
        """Index what is in no block yet, some in each transaction."""
        while await self._store.write(_index_some):
            pass

    async def _read(self, table: Table, after: Key | None, limit: int, order: str) -> list[Row]:
        return await self._store.ask(lambda connection: _read(connection, table, after, limit, order))


async def _read(connection: Connection, table: Table, after: Key | None, limit: int, order: str) -> list[Row]:
    source = await _vectors(connection) if table.name == "vectors" else table.name
    if not source:
        return []
    columns = [_OWN_NAMES.get(column, column) for column in table.columns]
    keys = [_sortable(table, column) for column in table.columns[: table.keys]]
    past = "" if after is None else f"WHERE ({', '.join(keys)}) > ({', '.join('?' * len(keys))})"
    ordered = ", ".join(f"{key} {order}" for key in keys)
    rows = await connection.fetch(
        number(f"SELECT {', '.join(columns)} FROM {source} {past} ORDER BY {ordered} LIMIT ?"),
        *(table.sort_value(at, value) for at, value in enumerate(after or ())),
        limit,
    )
    return [tuple(row) for row in rows]


def _sortable(table: Table, column: str) -> str:
    """Return what rows are sorted by; a key that may be NULL is sorted as 0 or as no text."""
    if table.name == "usage" and column == "day":
        return "day::text"
    if table.name != "provenance":
        return column
    return _WITHOUT_NULL.get(column, f"coalesce({column}, 0)")


async def _vectors(connection: Connection) -> str:
    """Return a query over the vectors of all models; "" without one."""
    parts = [
        f"SELECT {model}::bigint AS model_id, passage_id, vector FROM vectors_{model}"
        for model in await vectors.models(connection)
    ]
    return f"({' UNION ALL '.join(parts)}) AS vectors" if parts else ""


async def _write(connection: Connection, table: Table, rows: Sequence[Row], home: str) -> None:
    """Run in a transaction."""
    if table.single:
        await connection.execute(f"DELETE FROM {table.name}")
    if table.name == "vectors":
        return await _write_vectors(connection, rows)
    columns, made = table.columns, [*rows]
    if table.name == "kept_files":
        columns, made = (*columns, "home"), [(*row, home) for row in rows]
    if table.name == "inbox":
        await connection.execute_many(
            """INSERT INTO inbox (passage_id, conversation_id, payload)
               SELECT id, conversation_id, $2 FROM passages WHERE id = $1""",
            made,
        )
    elif table.name == "usage":
        await connection.execute_many("INSERT INTO usage VALUES ($1::text::date, $2, $3, $4, $5)", made)
    else:
        await connection.copy(table.name, columns, made)
    if table.name == "embedding_models":
        for row in rows:
            await vectors.create_tables(connection, int(str(row[0])), int(str(row[3])))
    return None


async def _write_vectors(connection: Connection, rows: Sequence[Row]) -> None:
    for model, (ids, matrix) in group_vectors(rows).items():
        found = await connection.fetch("SELECT id, conversation_id FROM passages WHERE id = ANY($1::bigint[])", ids)
        homes = {int(row[0]): int(row[1]) for row in found}
        await vectors.put(connection, model, [(at, homes[at]) for at in ids], matrix)


async def _set_sequences(connection: Connection, counters: Mapping[str, int]) -> None:
    for table, last in counters.items():
        if last:
            await connection.execute("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", f"scrubjay.{table}", last)
    await connection.execute("SELECT setval('link_identities', greatest((SELECT max(identity) FROM links), 1))")


async def _index_some(connection: Connection) -> bool:
    rows = await connection.fetch(
        """SELECT id FROM passages WHERE word_block IS NULL AND kind = ANY($1::text[])
           ORDER BY conversation_id, said_at, id LIMIT $2""",
        list(RECALLABLE),
        _INDEXED,
    )
    await index(connection, [int(row[0]) for row in rows])
    return bool(rows)
