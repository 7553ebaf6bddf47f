"""Removal with a receipt: the text, its vector, its words, and what was drawn from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.records import RECALLABLE, Receipt, Scope, Selection
from memory.sqlite import imports, lexical, vectors
from memory.sqlite.insert import await_vectors, index
from memory.sqlite.judgements import forget_judgements
from memory.sqlite.placing import relink
from memory.sqlite.reindexing import index_all
from memory.sqlite.rows import in_scope, in_selection
from memory.sqlite.store import Store
from memory.sqlite.windows import followers, windows

MANY = 1000
"""Passages that are handled at once."""
REINDEX_FACTOR = 10
"""How many passages are indexed in the time that it takes to take one out of the indexes, its bytes overwritten."""


async def forget_for_good(store: Store, scope: Scope, selection: Selection) -> Receipt:
    """Remove what fits the selection, the bytes on disk included: one transaction, and a checkpoint after it."""
    receipt = await store.write(lambda connection: forget(connection, scope, selection))
    await store.checkpoint()
    store.announce_queued()
    return receipt


async def forget(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> Receipt:
    """Remove what fits the selection within the scope. Run in a transaction, and checkpoint after it.

    Messages that follow what is forgotten are indexed and embedded again: their windows held it.
    """
    doomed = await select_doomed(connection, scope, selection)
    judgements = await forget_judgements(connection, scope, selection, doomed)
    if not doomed:
        return Receipt(judgements=judgements)
    gone = await kinds(connection, doomed)
    survivors = await followers(connection, doomed)
    rebuilds = await _is_large_part(connection, doomed)
    if not rebuilds:
        await _unindex(connection, [*doomed, *survivors])
    await vectors.remove(connection, survivors)
    removed_vectors = await vectors.remove(connection, doomed)
    places = await _delete(connection, doomed)
    await imports.drop_empty(connection)
    await relink(connection, survivors, doomed)
    await _unlink_pieces(connection, doomed)
    if rebuilds:
        await index_all(connection)
    else:
        await index(connection, list(survivors))
    await await_vectors(connection, list(survivors))
    return Receipt(
        passages=len(doomed),
        vectors=removed_vectors,
        full_text=sum(kind in RECALLABLE for kind in gone),
        facts=gone.count("fact"),
        answers=gone.count("answer"),
        documents=places[0],
        conversations=places[1],
        judgements=judgements,
    )


async def _is_large_part(connection: aiosqlite.Connection, doomed: Sequence[int]) -> bool:
    """Tell whether it is quicker to index all that is left again than to take these out of the indexes."""
    if len(doomed) <= MANY:
        return False
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT count(*) FROM passages")
    return next(int(row[0]) for row in rows) < len(doomed) * REINDEX_FACTOR


async def _unindex(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> None:
    for start in range(0, len(passage_ids), MANY):
        rows = await windows(connection, passage_ids[start : start + MANY])
        await lexical.unindex(connection, [row.index_words() for row in rows if row.kind in RECALLABLE])


async def select_doomed(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> list[int]:
    """Return the selected passages and, down to the last, all that was drawn from them."""
    scoped, scope_values = in_scope(scope)
    selected, values = in_selection(selection)
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""WITH RECURSIVE doomed (id) AS (
                SELECT p.id FROM passages AS p WHERE {scoped} AND {selected}
                UNION
                SELECT e.passage_id FROM evidence AS e JOIN doomed ON doomed.id = e.source_id
            ) SELECT id FROM doomed""",
        [*scope_values, *values],
    )
    return [int(row[0]) for row in rows]


async def kinds(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> list[str]:
    """Return what each of these passages is."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT kind FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(passage_ids)]
    )
    return [str(row[0]) for row in rows]


async def _delete(connection: aiosqlite.Connection, doomed: Sequence[int]) -> tuple[int, int]:
    """Delete the rows; return how many documents and conversations went with them, being empty now."""
    ids = json.dumps(doomed)
    authors = json.dumps(await _distinct(connection, "author_id", ids))
    unsent: Iterable[Any] = await connection.execute_fetchall(
        "DELETE FROM outbox WHERE in_reply_to IN (SELECT value FROM json_each(?)) RETURNING conversation_id", [ids]
    )
    homes = json.dumps([*await _distinct(connection, "conversation_id", ids), *(row[0] for row in unsent)])
    await connection.execute("DELETE FROM jobs WHERE place ->> 'passage_id' IN (SELECT value FROM json_each(?))", [ids])
    await connection.execute("DELETE FROM passages WHERE id IN (SELECT value FROM json_each(?))", [ids])
    documents = await connection.execute_fetchall(
        """DELETE FROM documents WHERE conversation_id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE document_id = documents.id) RETURNING id""",
        [homes],
    )
    conversations = await connection.execute_fetchall(
        """DELETE FROM conversations WHERE id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM documents WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = conversations.id) RETURNING id""",
        [homes],
    )
    await connection.execute(
        """DELETE FROM people WHERE id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE author_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM judgements WHERE person_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = people.id)""",
        [authors],
    )
    return len(list(documents)), len(list(conversations))


async def _distinct(connection: aiosqlite.Connection, column: str, ids: str) -> list[int]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT DISTINCT {column} FROM passages WHERE id IN (SELECT value FROM json_each(?))", [ids]
    )
    return [int(row[0]) for row in rows if row[0] is not None]


async def _unlink_pieces(connection: aiosqlite.Connection, doomed: Iterable[int]) -> None:
    """Let the pieces of documents that stood behind a forgotten one start a new context."""
    await connection.execute(
        """UPDATE passages SET previous_id = NULL
           WHERE kind = 'document' AND previous_id IN (SELECT value FROM json_each(?))""",
        [json.dumps(list(doomed))],
    )
