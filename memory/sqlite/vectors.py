"""The sqlite-vec side of recall: the vectors of each embedding model, and the nearest to a question's.

Each model has two tables: `vectors_N` holds the float32 vectors, `bits_N` (a sqlite-vec table) their signs. A search
scans the signs and rescores the best with the floats. Vectors of different models never meet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite
import numpy as np
import numpy.typing as npt

from memory.embedders import EmbedderIdentity, Vectors
from memory.records import RECALLABLE
from memory.search.request import NO_VECTORS, VectorRows
from memory.sqlite.sign_changes import note_all, note_rows

MANY = 1000
"""Rows that are handled at once."""
REBUILD_FACTOR = 20
"""How many rows are put into a sign table in the time that one takes to delete, when many go in one transaction."""


async def register(connection: aiosqlite.Connection, identity: EmbedderIdentity) -> int:
    """Return the model's id; a new model gets its tables, and every recallable passage waits for its vector.

    The first model serves at once, a later one when all its vectors are there (`switch`).
    """
    known = await model_id(connection, identity)
    if known is not None:
        return known
    cursor = await connection.execute(
        """INSERT INTO embedding_models (name, digest, dimensions, serving)
           SELECT ?, ?, ?, NOT EXISTS (SELECT 1 FROM embedding_models)""",
        [identity.name, identity.digest, identity.dimensions],
    )
    model = int(cursor.lastrowid or 0)
    await create_tables(connection, model, identity.dimensions)
    await connection.execute(
        """INSERT INTO embedding_queue (model_id, passage_id)
           SELECT ?, id FROM passages WHERE kind IN (SELECT value FROM json_each(?))""",
        [model, json.dumps(RECALLABLE)],
    )
    return model


async def create_tables(connection: aiosqlite.Connection, model: int, dimensions: int) -> None:
    """Make the tables of a model's vectors."""
    await connection.execute(f"CREATE TABLE vectors_{model} (passage_id INTEGER PRIMARY KEY, vector BLOB NOT NULL)")
    await _create_bits(connection, model, dimensions)


async def model_id(connection: aiosqlite.Connection, identity: EmbedderIdentity) -> int | None:
    """Return the id of a registered model."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id FROM embedding_models WHERE name = ? AND digest = ? AND dimensions = ?",
        [identity.name, identity.digest, identity.dimensions],
    )
    return next((int(row[0]) for row in rows), None)


async def serving(connection: aiosqlite.Connection) -> tuple[int, EmbedderIdentity] | None:
    """Return the model whose vectors answer questions now."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id, name, digest, dimensions FROM embedding_models WHERE serving"
    )
    return next(((int(row[0]), EmbedderIdentity(*row[1:])) for row in rows), None)


async def serves(connection: aiosqlite.Connection, model: int) -> bool:
    """Tell whether a model's vectors still answer questions."""
    served = await serving(connection)
    return served is not None and served[0] == model


async def models(connection: aiosqlite.Connection) -> list[int]:
    """Return the ids of all registered models."""
    return [int(row[0]) for row in await connection.execute_fetchall("SELECT id FROM embedding_models")]


async def switch(connection: aiosqlite.Connection, model: int) -> bool:
    """Let `model` serve and drop the others, once nothing waits for its vector; False until then.

    False, too, when another process has chosen another model since, and has dropped this one.
    """
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT 1 FROM embedding_models WHERE id = ?1
           AND NOT EXISTS (SELECT 1 FROM embedding_queue WHERE model_id = ?1)""",
        [model],
    )
    if not list(rows):
        return False
    for other in await models(connection):
        if other != model:
            await connection.execute(f"DROP TABLE vectors_{other}")
            await connection.execute(f"DROP TABLE bits_{other}")
            await connection.execute("DELETE FROM embedding_models WHERE id = ?", [other])
    await connection.execute("UPDATE embedding_models SET serving = 1 WHERE id = ?", [model])
    return True


async def put(connection: aiosqlite.Connection, model: int, rows: Sequence[tuple[int, int]], vectors: Vectors) -> None:
    """Store the vectors of passages, given as (passage id, conversation id); one that is there is replaced."""
    if not rows:
        return  # a model that was dropped meanwhile has no table to put them in
    await remove(connection, [passage_id for passage_id, _ in rows], model=model)
    await connection.executemany(
        f"INSERT INTO vectors_{model} VALUES (?, ?)",
        [(row[0], vector.tobytes()) for row, vector in zip(rows, vectors, strict=True)],
    )
    await _put_bits(connection, model, rows, vectors)


async def remove(connection: aiosqlite.Connection, passage_ids: Iterable[int], *, model: int | None = None) -> int:
    """Remove the vectors of passages; return how many passages had one. sqlite-vec overwrites the bytes it frees."""
    ids = json.dumps(list(passage_ids))
    removed: set[int] = set()
    for each in [model] if model is not None else await models(connection):
        rows: Iterable[Any] = await connection.execute_fetchall(
            f"DELETE FROM vectors_{each} WHERE passage_id IN (SELECT value FROM json_each(?)) RETURNING passage_id",
            [ids],
        )
        present = [int(row[0]) for row in rows]
        if len(present) > MANY and await _count_left(connection, each) < len(present) * REBUILD_FACTOR:
            await _rebuild_bits(connection, each)
        elif present:
            await note_rows(connection, each, present)
            await connection.executemany(f"DELETE FROM bits_{each} WHERE passage_id = ?", [(at,) for at in present])
        removed.update(present)
    return len(removed)


async def _count_left(connection: aiosqlite.Connection, model: int) -> int:
    rows: Iterable[Any] = await connection.execute_fetchall(f"SELECT count(*) FROM vectors_{model}")
    return next(int(row[0]) for row in rows)


async def _rebuild_bits(connection: aiosqlite.Connection, model: int) -> None:
    """Rebuild a model's sign table from its vectors."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT dimensions FROM embedding_models WHERE id = ?", [model]
    )
    await note_all(connection, model)
    await connection.execute(f"DROP TABLE bits_{model}")
    await _create_bits(connection, model, next(int(row[0]) for row in rows))
    last = 0
    while found := list(
        await connection.execute_fetchall(
            f"""SELECT passage_id, p.conversation_id, vector FROM vectors_{model}
                JOIN passages AS p ON p.id = passage_id WHERE passage_id > ? ORDER BY passage_id LIMIT ?""",
            [last, MANY],
        )
    ):
        last = int(found[-1][0])
        made = np.frombuffer(b"".join(row[2] for row in found), dtype=np.float32).reshape(len(found), -1)
        await _put_bits(connection, model, [(row[0], row[1]) for row in found], made)


async def nearest(
    connection: aiosqlite.Connection, model: int, query: Vectors, conversations: Sequence[int] | None, limit: int
) -> list[int]:
    """Return the ids whose signs are nearest to the query's, in these conversations (None: in all).

    A coarse ranking: rescore it with the vectors that `read` returns.
    """
    filtered = "" if conversations is None else f"AND conversation_id IN ({', '.join('?' * len(conversations))})"
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT passage_id FROM bits_{model} WHERE signs MATCH vec_bit(?) AND k = ? {filtered}",
        [signs_of(query[None])[0].tobytes(), limit, *(conversations or ())],
    )
    return [int(row[0]) for row in rows]


async def read(connection: aiosqlite.Connection, model: int, passage_ids: Iterable[int]) -> VectorRows:
    """Return the vectors of passages by a model; none when it no longer serves, and of those without one."""
    if not await serves(connection, model):
        return NO_VECTORS
    rows = list(
        await connection.execute_fetchall(
            f"SELECT passage_id, vector FROM vectors_{model} WHERE passage_id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(passage_ids))],
        )
    )
    if not rows:
        return NO_VECTORS
    matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    return VectorRows([int(row[0]) for row in rows], matrix.reshape(len(rows), -1))


async def _create_bits(connection: aiosqlite.Connection, model: int, dimensions: int) -> None:
    await connection.execute(
        f"""CREATE VIRTUAL TABLE bits_{model} USING vec0
            (passage_id INTEGER PRIMARY KEY, conversation_id INTEGER, signs bit[{_bits(dimensions)}])"""
    )


async def _put_bits(
    connection: aiosqlite.Connection, model: int, rows: Sequence[tuple[int, int]], vectors: Vectors
) -> None:
    await connection.executemany(
        f"INSERT INTO bits_{model} (passage_id, conversation_id, signs) VALUES (?, ?, vec_bit(?))",
        [(*row, signs.tobytes()) for row, signs in zip(rows, signs_of(vectors), strict=True)],
    )
    await note_rows(connection, model, [passage_id for passage_id, _ in rows])


def _bits(dimensions: int) -> int:
    """Return the width of the sign table: whole bytes."""
    return (dimensions + 7) // 8 * 8


def signs_of(vectors: Vectors) -> npt.NDArray[np.uint8]:
    """Return the signs of vectors as a sign table holds them: rows of whole bytes, the first sign in the lowest bit."""
    return np.packbits(vectors > 0, axis=1, bitorder="little")
