"""What has changed in a model's sign table, chunk by chunk, and what stands in a chunk now.

sqlite-vec keeps its rows in chunks of 1024, in tables of its own: `bits_N_chunks` tells which rows are in use and which
passages they are, `bits_N_vector_chunks00` holds the signs, `bits_N_metadatachunks00` the conversations, and
`bits_N_rowids` tells where a row is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite
import numpy as np

from memory.sqlite.sign_index import CHUNK, SignChunk


async def note_rows(connection: aiosqlite.Connection, model: int, passage_ids: Iterable[int]) -> None:
    """Note that rows are put or will be deleted. Run in the same transaction, after the one and before the other."""
    await _note(
        connection,
        model,
        f"""SELECT DISTINCT chunk_id FROM bits_{model}_rowids
            WHERE rowid IN (SELECT value FROM json_each(?)) AND chunk_id IS NOT NULL""",
        [json.dumps(list(passage_ids))],
    )


async def note_all(connection: aiosqlite.Connection, model: int) -> None:
    """Note that the whole table will be dropped."""
    await _note(connection, model, f"SELECT chunk_id FROM bits_{model}_chunks", [])


async def _note(connection: aiosqlite.Connection, model: int, chunks: str, values: Sequence[Any]) -> None:
    await connection.execute(
        f"""INSERT INTO sign_changes (model_id, chunk_id, change)
            SELECT ?, chunk_id, (SELECT ifnull(max(change), 0) + 1 FROM sign_changes WHERE model_id = ?)
            FROM ({chunks}) WHERE true
            ON CONFLICT DO UPDATE SET change = excluded.change""",
        [model, model, *values],
    )


async def latest_change(connection: aiosqlite.Connection, model: int) -> int:
    """Return the number of the last change."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT ifnull(max(change), 0) FROM sign_changes WHERE model_id = ?", [model]
    )
    return next(int(row[0]) for row in rows)


async def list_changes_since(connection: aiosqlite.Connection, model: int, change: int) -> list[int]:
    """Return the chunks that were changed after a change, in the order of their numbers."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT chunk_id FROM sign_changes WHERE model_id = ? AND change > ? ORDER BY chunk_id", [model, change]
    )
    return [int(row[0]) for row in rows]


async def all_chunks(connection: aiosqlite.Connection, model: int) -> list[int]:
    """Return the numbers of a model's chunks."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT chunk_id FROM bits_{model}_chunks ORDER BY chunk_id"
    )
    return [int(row[0]) for row in rows]


async def width(connection: aiosqlite.Connection, model: int) -> int:
    """Return how many bytes the signs of a passage take."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT (dimensions + 7) / 8 FROM embedding_models WHERE id = ?", [model]
    )
    return next(int(row[0]) for row in rows)


async def read_chunks(
    connection: aiosqlite.Connection, model: int, chunk_ids: Sequence[int]
) -> dict[int, SignChunk | None]:
    """Return chunks by number, in the order asked for; None for those that are gone.

    Raises ValueError when they do not look as sqlite-vec 0.1 writes them.
    """
    # The names are quoted and bound to their tables: these "rowid" columns are not SQLite's own.
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT c.chunk_id, c.validity, c.rowids, m.data, v.vectors FROM bits_{model}_chunks AS c
            JOIN bits_{model}_vector_chunks00 AS v ON v."rowid" = c.chunk_id
            JOIN bits_{model}_metadatachunks00 AS m ON m."rowid" = c.chunk_id
            WHERE c.chunk_id IN (SELECT value FROM json_each(?))""",
        [json.dumps(list(chunk_ids))],
    )
    found = {int(chunk_id): _chunk_of(*blobs) for chunk_id, *blobs in rows}
    return {each: found.get(each) for each in chunk_ids}


def _chunk_of(validity: bytes, rowids: bytes, conversations: bytes, vectors: bytes) -> SignChunk:
    chunk = SignChunk(
        np.unpackbits(np.frombuffer(validity, dtype=np.uint8), bitorder="little").astype(np.bool_),
        np.frombuffer(rowids, dtype=np.int64),
        np.frombuffer(conversations, dtype=np.int64),
        np.frombuffer(vectors, dtype=np.uint8).reshape(CHUNK, -1),
    )
    if any(len(each) != CHUNK for each in chunk):
        raise ValueError(f"a chunk of the sign table has not {CHUNK} rows")
    return chunk
