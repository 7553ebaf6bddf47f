"""The pgvector side of recall: the vectors of each embedding model, and the nearest to a question's.

Each model has two tables: `vectors_N` holds the float32 vectors, `signs_N` their signs. A search scans the signs, in
the conversations that it may see, or asks their index (`memory.postgres.vector_index`), and rescores the best with the
floats. Vectors of different models never meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import asyncpg
import numpy as np

from memory.embedders import EmbedderIdentity, Vectors
from memory.postgres import vector_index
from memory.postgres.connection import Connection
from memory.postgres.locks import lock_memory
from memory.postgres.reader import grant_reading
from memory.records import RECALLABLE
from memory.search.request import NO_VECTORS, VectorRows

_LOCK = 0x5343524C
"""The advisory lock under which models come and go."""


async def register(connection: Connection, identity: EmbedderIdentity) -> int:
    """Return the model's id; a new model gets its tables, and every recallable passage waits for its vector.

    The first model serves at once, a later one when all its vectors are there (`switch`).
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    known = await model_id(connection, identity)
    if known is not None:
        return known
    model = int(
        await connection.fetch_value(
            """INSERT INTO embedding_models (name, digest, dimensions, serving)
               SELECT $1, $2, $3, NOT EXISTS (SELECT 1 FROM embedding_models) RETURNING id""",
            identity.name,
            identity.digest,
            identity.dimensions,
        )
    )
    await create_tables(connection, model, identity.dimensions)
    await lock_memory(connection)  # what is stored or forgotten meanwhile would be left out of the queue, or stay in it
    await connection.execute(
        "INSERT INTO embedding_queue (model_id, passage_id) SELECT $1, id FROM passages WHERE kind = ANY($2::text[])",
        model,
        list(RECALLABLE),
    )
    return model


async def create_tables(connection: Connection, model: int, dimensions: int) -> None:
    """Make the tables of a model's vectors."""
    await connection.fetch_value("SELECT scrubjay.make_vector_tables($1::bigint, $2::integer)", model, dimensions)
    await grant_reading(connection)


async def model_id(connection: Connection, identity: EmbedderIdentity) -> int | None:
    """Return the id of a registered model."""
    found: int | None = await connection.fetch_value(
        "SELECT id FROM embedding_models WHERE name = $1 AND digest = $2 AND dimensions = $3",
        identity.name,
        identity.digest,
        identity.dimensions,
    )
    return found


async def serving(connection: Connection) -> tuple[int, EmbedderIdentity] | None:
    """Return the model whose vectors answer questions now."""
    rows = await connection.fetch("SELECT id, name, digest, dimensions FROM embedding_models WHERE serving")
    return next(((int(row[0]), EmbedderIdentity(row[1], row[2], row[3])) for row in rows), None)


async def serves(connection: Connection, model: int) -> bool:
    """Tell whether a model's vectors still answer questions."""
    served = await serving(connection)
    return served is not None and served[0] == model


async def models(connection: Connection) -> list[int]:
    """Return the ids of all registered models."""
    return [int(row[0]) for row in await connection.fetch("SELECT id FROM embedding_models ORDER BY id")]


async def switch(connection: Connection, model: int) -> bool:
    """Let `model` serve and drop the others, once nothing waits for its vector; False until then.

    False, too, when another process has chosen another model since, and has dropped this one.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    ready = await connection.fetch_value(
        """SELECT 1 FROM embedding_models WHERE id = $1
           AND NOT EXISTS (SELECT 1 FROM embedding_queue WHERE model_id = $1)""",
        model,
    )
    if ready is None:
        return False
    for other in await models(connection):
        if other != model:
            await connection.execute(f"DROP TABLE scrubjay.vectors_{other}, scrubjay.signs_{other}")
            await connection.execute("DELETE FROM embedding_models WHERE id = $1", other)
    await connection.execute("UPDATE embedding_models SET serving = true WHERE id = $1 AND NOT serving", model)
    return True


async def put(connection: Connection, model: int, rows: Sequence[tuple[int, int]], vectors: Vectors) -> None:
    """Store the vectors of passages, given as (passage id, conversation id); one that is there is replaced."""
    if not rows:
        return  # a model that was dropped meanwhile has no table to put them in
    await _remove_at(connection, model, rows)
    await connection.copy(
        f"vectors_{model}",
        ("passage_id", "conversation_id", "vector"),
        [(*row, vector.tobytes()) for row, vector in zip(rows, vectors, strict=True)],
    )
    dimensions = vectors.shape[1]
    await connection.copy(
        f"signs_{model}",
        ("conversation_id", "passage_id", "signs"),
        [
            (conversation_id, passage_id, asyncpg.BitString.frombytes(signs.tobytes(), dimensions))
            for (passage_id, conversation_id), signs in zip(rows, np.packbits(vectors > 0, axis=1), strict=True)
        ],
    )


async def remove(connection: Connection, passage_ids: Iterable[int]) -> int:
    """Remove the vectors of passages; return how many passages had one."""
    ids = list(passage_ids)
    removed: set[int] = set()
    for each in await models(connection):
        rows = await connection.fetch(
            f"DELETE FROM vectors_{each} WHERE passage_id = ANY($1::bigint[]) RETURNING passage_id, conversation_id",
            ids,
        )
        await _remove_at(connection, each, rows, ["signs"])
        removed.update(int(row[0]) for row in rows)
    return len(removed)


async def _remove_at(
    connection: Connection, model: int, rows: Iterable[Sequence[int]], tables: Sequence[str] = ("vectors", "signs")
) -> None:
    """Remove the vectors of passages, given as (passage id, conversation id)."""
    pairs = [(passage_id, conversation_id) for passage_id, conversation_id in rows]
    for table in tables:
        await connection.execute(
            f"""DELETE FROM {table}_{model} AS s
                USING unnest($1::bigint[], $2::bigint[]) AS u (passage_id, conversation_id)
                WHERE s.conversation_id = u.conversation_id AND s.passage_id = u.passage_id""",
            [passage_id for passage_id, _ in pairs],
            [conversation_id for _, conversation_id in pairs],
        )


async def nearest(
    connection: Connection,
    model: int,
    query: Vectors,
    conversations: Sequence[int] | None,
    limit: int,
    *,
    by_index: bool = False,
) -> list[int]:
    """Return the ids whose signs are nearest to the query's, in these conversations (None: in all).

    A coarse ranking: rescore it with the vectors that `read` returns. `by_index` finds nearly all of them, sooner.
    """
    signs = asyncpg.BitString.frombytes(np.packbits(query > 0).tobytes(), len(query))
    if by_index:
        return await vector_index.find_near(connection, model, signs, conversations, limit)
    # A sum, as the planner would sort by the index otherwise, which does not find all.
    filtered = "" if conversations is None else "WHERE conversation_id = ANY($3::bigint[])"
    values = [] if conversations is None else [list(conversations)]
    rows = await connection.fetch(
        f"SELECT passage_id FROM signs_{model} {filtered} ORDER BY (signs <~> $1) + 0, passage_id LIMIT $2",
        signs,
        limit,
        *values,
    )
    return [int(row[0]) for row in rows]


async def read(
    connection: Connection, model: int, passage_ids: Iterable[int], conversations: Sequence[int] | None
) -> VectorRows:
    """Return the vectors of passages in these conversations (None: in all) by a model.

    There are none when it no longer serves, nor of passages without one.
    """
    if not await serves(connection, model):
        return NO_VECTORS
    within = "" if conversations is None else "AND conversation_id = ANY($2::bigint[])"
    values = [] if conversations is None else [list(conversations)]
    rows = await connection.fetch(
        f"SELECT passage_id, vector FROM vectors_{model} WHERE passage_id = ANY($1::bigint[]) {within}",
        list(passage_ids),
        *values,
    )
    if not rows:
        return NO_VECTORS
    matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32)
    return VectorRows([int(row[0]) for row in rows], matrix.reshape(len(rows), -1))
