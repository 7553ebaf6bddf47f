"""Removal with a receipt: the text, its vector, its words, and all that was made from it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import aiosqlite

from memory.forgetting.removed import Emptied, Forgotten, count_removed
from memory.forgetting.removing import RemovalSteps, forget_selected
from memory.receipts import Receipt
from memory.records import RECALLABLE, Scope, Selection
from memory.sqlite import derived, imports, lexical, provenance, vectors
from memory.sqlite.backup import compact
from memory.sqlite.forgotten import note_forgotten
from memory.sqlite.insert import await_vectors, index
from memory.sqlite.judgements import forget_judgements
from memory.sqlite.kept_files import remove_kept
from memory.sqlite.placing import relink
from memory.sqlite.reindexing import index_all
from memory.sqlite.rows import in_scope, in_selection
from memory.sqlite.store import Store
from memory.sqlite.traces import look_for
from memory.sqlite.unhandled_updates import drop_unhandled
from memory.sqlite.windows import followers, windows

MANY = 1000
"""Passages that are handled at once."""
REINDEX_FACTOR = 10
"""How many passages are indexed in the time that it takes to take one out of the indexes, its bytes overwritten."""


async def forget_for_good(store: Store, scope: Scope, selection: Selection, *, verify: bool) -> Receipt:
    """Remove what fits the selection, the bytes on disk included: one transaction, and a checkpoint after it.

    With `verify` its words are then looked for in everything that is kept, and the receipt says what was found.
    """
    forgotten = await store.write(lambda connection: forget(connection, scope, selection))
    await finish(store, forgotten)
    if not (verify and forgotten.texts):
        return forgotten.receipt
    verified, checked = await look_for(store, forgotten.texts)
    if f"the file {store.path}" in checked.left:
        # Pages that SQLite has split or joined can hold stale copies in their unused parts, which secure_delete leaves.
        await asyncio.to_thread(compact, store.path)
        await store.checkpoint()
        verified, checked = await look_for(store, forgotten.texts)
    return replace(forgotten.receipt, verified=verified, checked=checked)


async def finish(store: Store, forgotten: Forgotten) -> None:
    """Do what can't be part of the transaction: remove the kept files, and empty the write-ahead log."""
    await asyncio.to_thread(remove_kept, store.path, forgotten.files)
    await store.checkpoint()
    store.announce_queued()


async def forget(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> Forgotten:
    """Remove what fits the selection within the scope. Run in a transaction, and `finish` after it.

    Messages that follow what is forgotten are indexed and embedded again: their windows held it.
    """
    return await forget_selected(REMOVAL, connection, scope, selection)


async def _remove(connection: aiosqlite.Connection, doomed: Sequence[int]) -> Forgotten:
    """Take passages out of every table and index."""
    gone = await kinds(connection, doomed)
    await drop_unhandled(connection, doomed)
    survivors = await followers(connection, doomed)
    rebuilds = await _is_large_part(connection, doomed)
    # Before the rows go: the index is told to remove the very words that it was given, windows included.
    if not rebuilds:
        await _unindex(connection, [*doomed, *survivors])
    await vectors.remove(connection, survivors)
    removed_vectors = await vectors.remove(connection, doomed)
    files = await _list_kept(connection)
    dropped = await provenance.drop(connection, doomed)
    emptied = await _delete(connection, doomed, dropped.homes)
    await imports.drop_empty(connection)
    await relink(connection, survivors, doomed)
    await _unlink_pieces(connection, doomed)
    if rebuilds:
        await index_all(connection)
    else:
        await index(connection, list(survivors))
    await await_vectors(connection, list(survivors))
    # Files go with what they were drawn from, or with their conversation; the difference tells which went.
    removed_files = tuple(files - await _list_kept(connection))
    receipt = count_removed(gone, removed_vectors, dropped, emptied, removed_files)
    return Forgotten(receipt, files=removed_files)


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
    """Return the selected passages and, down to the last, all passages that were drawn from them."""
    return await derived.follow(connection, await _select(connection, scope, selection))


async def _select(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> list[int]:
    """Return the selected passages."""
    scoped, scope_values = in_scope(scope)
    selected, values = in_selection(selection)
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT p.id FROM passages AS p WHERE {scoped} AND {selected}", [*scope_values, *values]
    )
    return [int(row[0]) for row in rows]


async def kinds(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> list[str]:
    """Return what each of these passages is."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT kind FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(passage_ids)]
    )
    return [str(row[0]) for row in rows]


async def _list_kept(connection: aiosqlite.Connection) -> set[str]:
    return {str(row[0]) for row in await connection.execute_fetchall("SELECT name FROM kept_files")}


async def _delete(connection: aiosqlite.Connection, doomed: Sequence[int], homes: Sequence[int]) -> Emptied:
    """Delete the rows, and the documents and conversations in which nothing is left by then.

    `homes` are conversations that something else has gone from already.
    """
    ids = json.dumps(doomed)
    authors = json.dumps(await _distinct(connection, "author_id", ids))
    places = json.dumps([*await _distinct(connection, "conversation_id", ids), *homes])
    await connection.execute("DELETE FROM passages WHERE id IN (SELECT value FROM json_each(?))", [ids])
    documents = await connection.execute_fetchall(
        """DELETE FROM documents WHERE conversation_id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE document_id = documents.id) RETURNING id""",
        [places],
    )
    conversations = await connection.execute_fetchall(
        """DELETE FROM conversations WHERE id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM documents WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = conversations.id) RETURNING id""",
        [places],
    )
    await connection.execute(
        """DELETE FROM people WHERE id IN (SELECT value FROM json_each(?))
           AND NOT EXISTS (SELECT 1 FROM passages WHERE author_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM judgements WHERE person_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = people.id)""",
        [authors],
    )
    return Emptied(len(list(documents)), len(list(conversations)))


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


REMOVAL = RemovalSteps(
    select=_select,
    follow=derived.follow,
    read_texts=derived.read_texts,
    find_older_quotations=derived.find_older_quotations,
    forget_judgements=forget_judgements,
    note_forgotten=note_forgotten,
    find_quotation_scope=derived.find_quotation_scope,
    withhold_tellers=derived.withhold_tellers,
    remove=_remove,
    find_rare_words=derived.find_rare_words,
    find_echoes=derived.find_echoes,
)
