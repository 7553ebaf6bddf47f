"""Removal with a receipt: the text, its vector, its words, and what was drawn from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory import imports, lexical, vectors
from memory.insert import refresh, retire
from memory.records import RECALLABLE, Receipt, Scope, Selection
from memory.rows import in_scope, in_selection
from memory.windows import SESSION_GAP, followers, windows


async def forget(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> Receipt:
    """Remove what fits the selection within the scope. Run in a transaction, and checkpoint after it.

    Messages that follow what is forgotten are indexed and embedded anew: their windows held it.
    """
    doomed = await _select(connection, scope, selection)
    if not doomed:
        return Receipt()
    kinds = await _kinds(connection, doomed)
    survivors = await followers(connection, doomed)
    await retire(connection, await windows(connection, survivors))
    words = [row.indexed() for row in await windows(connection, doomed) if row.kind in RECALLABLE]
    await lexical.unindex(connection, words)
    removed_vectors = await vectors.remove(connection, doomed)
    places = await _delete(connection, doomed)
    await imports.drop_empty(connection)
    await _relink(connection, survivors, doomed)
    await refresh(connection, list(survivors))
    return Receipt(
        passages=len(doomed),
        vectors=removed_vectors,
        full_text=len(words),
        facts=kinds.count("fact"),
        answers=kinds.count("answer"),
        documents=places[0],
        conversations=places[1],
    )


async def _select(connection: aiosqlite.Connection, scope: Scope, selection: Selection) -> list[int]:
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


async def _kinds(connection: aiosqlite.Connection, passage_ids: Sequence[int]) -> list[str]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT kind FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(passage_ids)]
    )
    return [str(row[0]) for row in rows]


async def _delete(connection: aiosqlite.Connection, doomed: Sequence[int]) -> tuple[int, int]:
    """Delete the rows; return how many documents and conversations went with them, being empty now."""
    ids = json.dumps(doomed)
    homes = await _distinct(connection, "conversation_id", ids)
    authors = await _distinct(connection, "author_id", ids)
    await connection.execute("DELETE FROM outbox WHERE in_reply_to IN (SELECT value FROM json_each(?))", [ids])
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
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = people.id)""",
        [authors],
    )
    return len(list(documents)), len(list(conversations))


async def _distinct(connection: aiosqlite.Connection, column: str, ids: str) -> str:
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT DISTINCT {column} FROM passages WHERE id IN (SELECT value FROM json_each(?))", [ids]
    )
    return json.dumps([row[0] for row in rows if row[0] is not None])


async def _relink(connection: aiosqlite.Connection, survivors: Iterable[int], doomed: Iterable[int]) -> None:
    """Link survivors, whose predecessor is gone, to the nearest message left in their session."""
    await connection.execute(
        """UPDATE passages AS p SET previous_id = (
               SELECT q.id FROM passages AS q
               WHERE q.conversation_id = p.conversation_id AND (q.said_at, q.id) < (p.said_at, p.id)
                 AND p.said_at - q.said_at <= ?3 AND q.kind IN ('message', 'system') AND p.kind IN ('message', 'system')
               ORDER BY q.said_at DESC, q.id DESC LIMIT 1)
           WHERE id IN (SELECT value FROM json_each(?1)) AND previous_id IN (SELECT value FROM json_each(?2))""",
        [json.dumps(list(survivors)), json.dumps(list(doomed)), SESSION_GAP],
    )
