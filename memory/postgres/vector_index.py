"""The HNSW index on a model's signs, by which a large scope is searched without a look at every vector.

Below `INDEXED_FROM` vectors there is none, and all signs in scope are compared, which is exact and takes 0.3 ms for a
thousand. The index is made by `compact`, beside everybody's work, once a memory is large: before that each new vector
would pay for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from memory.postgres.connection import Connection

INDEXED_FROM = 100_000
"""Vectors from which an index is worth its making: to compare the signs of all takes some thirty milliseconds then."""
LARGE_PART = 0.5
"""The share of the memory from which on a scope is searched by the index, which passes over what lies outside."""
_SETTINGS = {"hnsw.ef_search": "200", "hnsw.iterative_scan": "strict_order", "enable_sort": "off"}
"""With 200 elements looked at, 98 of 100 of the 64 nearest are found. Without a sort, the planner takes the index."""
_IS_TABLE = """relkind = 'r' AND (oid = to_regclass($1)
                             OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass($1)))"""
_BY_SIGNS = "USING hnsw (signs bit_hamming_ops)"
OLDEST_PGVECTOR = (0, 8)
"""The first pgvector whose index goes on when too much of what it has found is outside the scope."""


async def make_index(connection: Connection, model: int) -> None:
    """Make the index, where there is none that is whole; one for each partition, where there are any.

    Run outside a transaction; it may take minutes.
    """
    if await has_index(connection, model):
        return
    tables = await _list_tables(connection, model)
    is_partitioned = tables != [f"signs_{model}"]
    if is_partitioned:
        await connection.execute(f"DROP INDEX IF EXISTS scrubjay.{_name(model)}")
    for each in tables:
        if not await _is_whole(connection, f"{each}_near"):
            await connection.execute(f"DROP INDEX CONCURRENTLY IF EXISTS scrubjay.{each}_near")  # was broken off
            await connection.execute(f"CREATE INDEX CONCURRENTLY {each}_near ON scrubjay.{each} {_BY_SIGNS}")
    if is_partitioned:
        await _join(connection, model, tables)


async def _join(connection: Connection, model: int, partitions: Sequence[str]) -> None:
    """Make one index of those of the partitions."""
    async with connection.raw.transaction():
        await connection.execute(f"CREATE INDEX {_name(model)} ON ONLY scrubjay.signs_{model} {_BY_SIGNS}")
        for each in partitions:
            await connection.execute(f"ALTER INDEX scrubjay.{_name(model)} ATTACH PARTITION scrubjay.{each}_near")


async def _list_tables(connection: Connection, model: int) -> list[str]:
    """Return the names of the tables that a model's signs lie in: one, or the partitions."""
    rows = await connection.fetch(
        f"SELECT relname FROM pg_class WHERE {_IS_TABLE} ORDER BY oid", f"scrubjay.signs_{model}"
    )
    return [str(row[0]) for row in rows]


async def has_index(connection: Connection, model: int) -> bool:
    """Tell whether the index is there and whole."""
    return await _is_whole(connection, _name(model))


async def _is_whole(connection: Connection, index: str) -> bool:
    return bool(
        await connection.fetch_value(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)", f"scrubjay.{index}"
        )
    )


async def count_vectors(connection: Connection, model: int) -> int:
    """Return how many vectors a model has, as the server last counted them."""
    counted = await connection.fetch_value(
        f"SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class WHERE {_IS_TABLE}",
        f"scrubjay.signs_{model}",
    )
    return int(counted)


async def is_worth_making(connection: Connection, model: int, *, indexed_from: int = INDEXED_FROM) -> bool:
    """Tell whether a model has so many vectors, as the server last counted them, but no index.

    An older pgvector gets none.
    """
    vectors = await count_vectors(connection, model)
    version = str(await connection.fetch_value("SELECT extversion FROM pg_extension WHERE extname = 'vector'"))
    is_able = tuple(map(int, version.split(".")[:2])) >= OLDEST_PGVECTOR
    return vectors >= indexed_from and is_able and not await has_index(connection, model)


async def is_for(connection: Connection, model: int, conversations: Sequence[int] | None) -> bool:
    """Tell whether there is an index, and these conversations (None: all) are a large part of the memory."""
    if not await has_index(connection, model):
        return False
    return conversations is None or bool(
        await connection.fetch_value(
            """SELECT sum(passages) FILTER (WHERE conversation_id = ANY($1::bigint[])) >= $2::float8 * sum(passages)
               FROM word_totals""",
            list(conversations),
            LARGE_PART,
        )
    )


async def find_near(
    connection: Connection, model: int, signs: asyncpg.BitString, conversations: Sequence[int] | None, limit: int
) -> list[int]:
    """Return about the nearest passages by their signs, in these conversations (None: in all). Run in a transaction."""
    for name, value in _SETTINGS.items():
        await connection.fetch_value("SELECT set_config($1, $2, true)", name, value)
    within = "" if conversations is None else "WHERE conversation_id = ANY($3::bigint[])"
    values = [] if conversations is None else [list(conversations)]
    rows = await connection.fetch(
        f"SELECT passage_id FROM signs_{model} {within} ORDER BY signs <~> $1 LIMIT $2", signs, limit, *values
    )
    return [int(row[0]) for row in rows]


def _name(model: int) -> str:
    return f"signs_{model}_near"
