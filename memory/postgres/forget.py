"""Removal with a receipt: the text, its vector, its words, and all that was made from it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from memory.forgetting.removed import Emptied, Forgotten, count_removed
from memory.forgetting.removing import RemovalSteps, forget_selected
from memory.postgres import derived, imports, postings, provenance, vectors
from memory.postgres.connection import Connection
from memory.postgres.forgotten import note_forgotten
from memory.postgres.insert import await_vectors, index
from memory.postgres.judgements import forget_judgements
from memory.postgres.locks import lock_memory
from memory.postgres.placing import relink
from memory.postgres.rows import in_scope, in_selection, number
from memory.postgres.store import Store
from memory.postgres.traces import look_for
from memory.postgres.unhandled_updates import drop_unhandled
from memory.postgres.windows import followers, windows
from memory.receipts import Receipt
from memory.records import Scope, Selection

REFERENCES = (
    ("facts", "passage_id"),
    ("evidence", "passage_id"),
    ("evidence", "source_id"),
    ("sent_parts", "passage_id"),
    ("embedding_queue", "passage_id"),
    ("inbox", "passage_id"),
    ("provenance", "source_id"),
    ("judgements", "answer_id"),
    ("judgements", "question_id"),
)
"""What refers to passages and goes with them. No foreign key sees to that: these lead from one partition to another."""
MANY = 1000
"""Passages that are handled at once."""


async def forget_for_good(store: Store, scope: Scope, selection: Selection, *, verify: bool) -> Receipt:
    """Remove what fits the selection, in one transaction.

    With `verify` its words are then looked for in every table, and in the files of the data folder. The server's own
    files keep the old bytes until it has cleaned its tables (VACUUM) and dropped its older logs and backups.
    """
    forgotten = await store.write(lambda connection: forget(connection, scope, selection))
    await finish(store, forgotten)
    if not (verify and forgotten.texts):
        return forgotten.receipt
    verified, checked = await look_for(store, forgotten.texts)
    return replace(forgotten.receipt, verified=verified, checked=checked)


async def finish(store: Store, forgotten: Forgotten) -> None:
    """Do what can't be part of the transaction: remove the kept files."""
    await asyncio.to_thread(_remove_files, store.folder / "kept", forgotten.files)
    store.announce_queued()


async def forget(connection: Connection, scope: Scope, selection: Selection) -> Forgotten:
    """Remove what fits the selection within the scope. Run in a transaction, and `finish` after it.

    Messages that follow what is forgotten are indexed and embedded again: their windows held it.
    """
    await lock_memory(connection)
    return await forget_selected(REMOVAL, connection, scope, selection)


async def _remove(connection: Connection, doomed: Sequence[int]) -> Forgotten:
    """Take passages out of every table and index."""
    gone = await kinds(connection, doomed)
    await drop_unhandled(connection, doomed)
    survivors = await followers(connection, doomed)
    whole = await _find_emptied(connection, doomed)
    # One statement for all words of a conversation, without a look into its blocks.
    for conversation_id in whole:
        await postings.drop_conversation(connection, conversation_id)
    # Before the rows go: the index is told to remove the very words that it was given, windows included.
    await _unindex(connection, [*doomed, *survivors])
    await vectors.remove(connection, survivors)
    removed_vectors = await vectors.remove(connection, doomed)
    files = await _list_kept(connection)
    dropped = await provenance.drop(connection, doomed)
    emptied = await _delete(connection, doomed, dropped.homes)
    await imports.drop_empty(connection)
    await relink(connection, survivors, doomed)
    await _unlink_pieces(connection, doomed)
    await index(connection, list(survivors))
    await await_vectors(connection, list(survivors))
    # Files go with what they were drawn from, or with their conversation; the difference tells which went.
    removed_files = tuple(files - await _list_kept(connection))
    receipt = count_removed(gone, removed_vectors, dropped, emptied, removed_files)
    return Forgotten(receipt, files=removed_files)


async def _find_emptied(connection: Connection, doomed: Sequence[int]) -> list[int]:
    """Return the conversations of which nothing is left that can be recalled: all of their words go at once."""
    rows = await connection.fetch(
        """SELECT conversation_id FROM passages WHERE id = ANY($1::bigint[]) AND word_block IS NOT NULL
           GROUP BY conversation_id
           HAVING count(*) = (SELECT w.passages FROM word_totals AS w
                              WHERE w.conversation_id = passages.conversation_id)
           ORDER BY conversation_id""",
        list(doomed),
    )
    return [int(row[0]) for row in rows]


async def _unindex(connection: Connection, passage_ids: Sequence[int]) -> None:
    """Take out of the index those passages that are still in it."""
    for start in range(0, len(passage_ids), MANY):
        rows = await connection.fetch(
            "SELECT id FROM passages WHERE id = ANY($1::bigint[]) AND word_block IS NOT NULL",
            list(passage_ids[start : start + MANY]),
        )
        if rows:
            found = await windows(connection, [int(row[0]) for row in rows])
            await postings.unindex(connection, [row.index_words() for row in found])


async def select_doomed(connection: Connection, scope: Scope, selection: Selection) -> list[int]:
    """Return the selected passages and, down to the last, all passages that were drawn from them."""
    return await derived.follow(connection, await _select(connection, scope, selection))


async def _select(connection: Connection, scope: Scope, selection: Selection) -> list[int]:
    """Return the selected passages."""
    scoped, scope_values = in_scope(scope)
    selected, values = in_selection(selection)
    rows = await connection.fetch(
        number(f"SELECT p.id FROM passages AS p WHERE {scoped} AND {selected} ORDER BY p.id"), *scope_values, *values
    )
    return [int(row[0]) for row in rows]


async def kinds(connection: Connection, passage_ids: Sequence[int]) -> list[str]:
    """Return what each of these passages is."""
    rows = await connection.fetch("SELECT kind FROM passages WHERE id = ANY($1::bigint[])", list(passage_ids))
    return [str(row[0]) for row in rows]


async def _list_kept(connection: Connection) -> set[str]:
    return {str(row[0]) for row in await connection.fetch("SELECT name FROM kept_files")}


async def _delete(connection: Connection, doomed: Sequence[int], homes: Sequence[int]) -> Emptied:
    """Delete the rows, and the documents and conversations in which nothing is left by then.

    `homes` are conversations that something else has gone from already.
    """
    ids = list(doomed)
    authors = await _distinct(connection, "author_id", ids)
    places = [*await _distinct(connection, "conversation_id", ids), *homes]
    for table, column in REFERENCES:
        await connection.execute(f"DELETE FROM {table} WHERE {column} = ANY($1::bigint[])", ids)
    await connection.execute("DELETE FROM passages WHERE id = ANY($1::bigint[])", ids)
    documents = await connection.fetch(
        """DELETE FROM documents WHERE conversation_id = ANY($1::bigint[])
           AND NOT EXISTS (SELECT 1 FROM passages WHERE document_id = documents.id) RETURNING id""",
        places,
    )
    conversations = await connection.fetch(
        """DELETE FROM conversations WHERE id = ANY($1::bigint[])
           AND NOT EXISTS (SELECT 1 FROM passages WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM documents WHERE conversation_id = conversations.id)
           AND NOT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = conversations.id) RETURNING id""",
        places,
    )
    await connection.execute(
        """DELETE FROM people WHERE id = ANY($1::bigint[])
           AND NOT EXISTS (SELECT 1 FROM passages WHERE author_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM judgements WHERE person_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = people.id)""",
        authors,
    )
    return Emptied(len(documents), len(conversations))


async def _distinct(connection: Connection, column: str, ids: list[int]) -> list[int]:
    rows = await connection.fetch(f"SELECT DISTINCT {column} FROM passages WHERE id = ANY($1::bigint[])", [ids])
    return [int(row[0]) for row in rows if row[0] is not None]


async def _unlink_pieces(connection: Connection, doomed: Iterable[int]) -> None:
    """Let the pieces of documents that stood behind a forgotten one start a new context."""
    await connection.execute(
        """UPDATE passages SET previous_id = NULL
           WHERE kind = 'document' AND previous_id = ANY($1::bigint[])""",
        list(doomed),
    )


def _remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove kept files whose notes are gone, each of which has a folder of its own. Blocking."""
    for name in names:
        shutil.rmtree(folder / name, ignore_errors=True)


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
