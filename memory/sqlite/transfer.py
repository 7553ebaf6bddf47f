"""A memory in a SQLite file as plain rows; see `memory.engine.transfer`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from memory.engine.transfer import Key, Row, Transfer
from memory.errors import StorageError
from memory.moving import BY_NAME, COUNTED, Table, group_vectors
from memory.sqlite import vectors
from memory.sqlite.reindexing import index_all
from memory.sqlite.store import Store

_NAMES = {"last_seen": "attendance"}
_BOOLEANS = {"facts": (6,), "embedding_models": (4,), "plugin_states": (1,)}
"""Which columns hold a yes or no, which SQLite keeps as a number."""


@asynccontextmanager
async def open_source(path: Path) -> AsyncIterator[Transfer]:
    """Open a memory that is moved away. Raises StorageError."""
    if not await asyncio.to_thread(path.exists):
        raise StorageError(f"there is no memory in {path}")
    async with Store.open(path) as store:
        yield SqliteTransfer(store)


@asynccontextmanager
async def open_target(path: Path, *, afresh: bool) -> AsyncIterator[Transfer]:
    """Open a file that a memory is moved to; it has its name once it has all. Raises StorageError."""
    part = path.with_name(f"{path.name}.moving")
    await asyncio.to_thread(_prepare, path, part, afresh=afresh)
    async with Store.open(part) as store:
        yield SqliteTransfer(store)
    await asyncio.to_thread(part.replace, path)


def _prepare(path: Path, part: Path, *, afresh: bool) -> None:
    """Blocking."""
    if path.exists():
        raise StorageError(f"there is a memory in {path} already; move to another folder, or rename that file")
    if afresh:
        part.unlink(missing_ok=True)


class SqliteTransfer:
    """Reads tables by their keys, and writes to them as they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find_last(self, table: str) -> Key | None:
        """Look at the end of the key's index."""
        rows = await self._store.ask(lambda connection: _read(connection, BY_NAME[table], None, 1, "DESC"))
        return BY_NAME[table].key_of(rows[0]) if rows else None

    async def read(self, table: str, after: Key | None, limit: int) -> list[Row]:
        """Read on from a key."""
        return await self._store.ask(lambda connection: _read(connection, BY_NAME[table], after, limit, "ASC"))

    async def write(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows, with what this engine keeps beside them."""
        await self._store.write(lambda connection: _write(connection, BY_NAME[table], rows))

    async def read_counters(self) -> dict[str, int]:
        """Read AUTOINCREMENT's own counters, or the last id where there is none."""
        counters = dict(await self._store.read("SELECT name, seq FROM sqlite_sequence"))
        for table in COUNTED:
            if table not in counters:
                counters[table] = (await self._store.read(f"SELECT ifnull(max(id), 0) FROM {table}"))[0][0]
        return {table: int(counters[table]) for table in COUNTED}

    async def write_counters(self, counters: Mapping[str, int]) -> None:
        """Set AUTOINCREMENT's own counters."""
        await self._store.write(lambda connection: _set_counters(connection, counters))

    async def index(self) -> None:
        """Index all words, in one transaction."""
        await self._store.write(index_all)


async def _read(connection: aiosqlite.Connection, table: Table, after: Key | None, limit: int, order: str) -> list[Row]:
    source = await _vectors(connection) if table.name == "vectors" else _NAMES.get(table.name, table.name)
    if not source:
        return []
    keys = [_sortable(table, column) for column in table.columns[: table.keys]]
    past = "" if after is None else f"WHERE ({', '.join(keys)}) > ({', '.join('?' * len(keys))})"
    ordered = ", ".join(f"{key} {order}" for key in keys)
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT {', '.join(table.columns)} FROM {source} {past} ORDER BY {ordered} LIMIT ?",
        [*(table.sort_value(at, value) for at, value in enumerate(after or ())), limit],
    )
    return [_from_row(table, row) for row in rows]


def _sortable(table: Table, column: str) -> str:
    """Return what rows are sorted by; a key that may be NULL is sorted as 0 or as no text."""
    if table.name != "provenance":
        return column
    return "ifnull(file_name, '')" if column == "file_name" else f"ifnull({column}, 0)"


def _from_row(table: Table, row: Sequence[Any]) -> Row:
    booleans = _BOOLEANS.get(table.name, ())
    return tuple(bool(value) if at in booleans and value is not None else value for at, value in enumerate(row))


async def _vectors(connection: aiosqlite.Connection) -> str:
    """Return a query over the vectors of all models; "" without one."""
    parts = [
        f"SELECT {model} AS model_id, passage_id, vector FROM vectors_{model}"
        for model in sorted(await vectors.models(connection))
    ]
    return f"({' UNION ALL '.join(parts)})" if parts else ""


async def _write(connection: aiosqlite.Connection, table: Table, rows: Sequence[Row]) -> None:
    """Run in a transaction."""
    name = _NAMES.get(table.name, table.name)
    if table.single:
        await connection.execute(f"DELETE FROM {name}")
    if table.name == "vectors":
        return await _write_vectors(connection, rows)
    await connection.executemany(
        f"INSERT INTO {name} ({', '.join(table.columns)}) VALUES ({', '.join('?' * len(table.columns))})", rows
    )
    if table.name == "embedding_models":
        for row in rows:
            await vectors.create_tables(connection, int(str(row[0])), int(str(row[3])))
    return None


async def _write_vectors(connection: aiosqlite.Connection, rows: Sequence[Row]) -> None:
    for model, (ids, matrix) in group_vectors(rows).items():
        found: Iterable[Any] = await connection.execute_fetchall(
            "SELECT id, conversation_id FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(ids)]
        )
        homes = {int(row[0]): int(row[1]) for row in found}
        await vectors.put(connection, model, [(at, homes[at]) for at in ids], matrix)


async def _set_counters(connection: aiosqlite.Connection, counters: Mapping[str, int]) -> None:
    rows = await connection.execute_fetchall("SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'")
    for (table,) in rows:
        if last := counters.get(table):
            await connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            await connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last])
