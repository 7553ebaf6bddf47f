"""Brings what was derived from the passages up to date, after a version of the program that derived it otherwise.

Migrations change the tables; what stands in the indexes follows from code, and is rebuilt when that has changed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.sqlite import lexical, vectors
from memory.sqlite.connection import run_here
from memory.sqlite.insert import await_vectors
from memory.sqlite.placing import relink
from memory.sqlite.reindexing import index_all
from memory.sqlite.windows import followers

_FIRST_RECIPE = 1


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Index the words again if they were indexed by another recipe, in one transaction; blocking.

    A thousand messages take about a tenth of a second.
    """
    if _recipe(connection) == lexical.RECIPE:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = _recipe(connection)  # another process may have done it meanwhile
        if found != lexical.RECIPE:
            run_here(connection, lambda inline: _update(inline, found))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _recipe(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT recipe FROM word_indexes").fetchone()[0])


async def _update(connection: aiosqlite.Connection, found: int) -> None:
    if found == _FIRST_RECIPE:
        await _set_questions_apart(connection)
        await _embed_keys(connection)
    await index_all(connection)
    await connection.execute("UPDATE word_indexes SET recipe = ?", [lexical.RECIPE])


async def _set_questions_apart(connection: aiosqlite.Connection) -> None:
    """Make history of the questions that the bot has answered, which used to be kept like any message.

    Only what surely is one: a message that ends in a question mark, and that an answer was sent in reply to.
    """
    rows: Iterable[Any] = await connection.execute_fetchall(
        """UPDATE passages SET kind = 'question', session_id = NULL
           WHERE kind = 'message' AND substr(rtrim(text), -1) IN ('?', '？', '؟')
           AND (conversation_id, event_id) IN (SELECT conversation_id, reply_to FROM passages WHERE kind = 'answer')
           RETURNING id"""
    )
    questions = [int(row[0]) for row in rows]
    after = await followers(connection, questions)
    await vectors.remove(connection, [*questions, *after])
    await connection.execute(
        "DELETE FROM embedding_queue WHERE passage_id IN (SELECT value FROM json_each(?))", [json.dumps(questions)]
    )
    await relink(connection, after, questions)
    await connection.execute(
        "UPDATE passages SET previous_id = NULL WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(questions)]
    )
    await await_vectors(connection, list(after))


async def _embed_keys(connection: aiosqlite.Connection) -> None:
    """Have facts embedded again, along with what they are about."""
    rows: Iterable[Any] = await connection.execute_fetchall("SELECT passage_id FROM facts WHERE key IS NOT NULL")
    facts = [int(row[0]) for row in rows]
    await vectors.remove(connection, facts)
    await await_vectors(connection, facts)
