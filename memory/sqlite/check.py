"""Finds out whether the store agrees with itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.sqlite.conversation_words import INDEXED, MISSING, STALE
from memory.sqlite.vectors import models

_WAITING = "SELECT passage_id FROM embedding_queue WHERE model_id = {model}"

_QUESTIONS = {
    "{n} passages can't be found by their own words": f"{INDEXED} EXCEPT SELECT id FROM turn_words_docsize",
    "{n} passages can't be found by their window": f"{INDEXED} EXCEPT SELECT id FROM window_words_docsize",
    "{n} full-text rows belong to no passage": f"SELECT id FROM turn_words_docsize EXCEPT {INDEXED}",
    "{n} window rows belong to no passage": f"SELECT id FROM window_words_docsize EXCEPT {INDEXED}",
    "{n} passages can't be found by their words in their conversation": MISSING,
    "{n} rows of words in conversations belong to no passage": STALE,
    "{n} facts have no passage": "SELECT id FROM facts WHERE passage_id NOT IN (SELECT id FROM passages)",
}
_OF_EACH_MODEL = {
    "{n} passages have no vector and wait for none": (
        f"{INDEXED} EXCEPT SELECT passage_id FROM vectors_{{model}} EXCEPT {_WAITING}"
    ),
    "{n} vectors belong to no passage": f"SELECT passage_id FROM vectors_{{model}} EXCEPT {INDEXED}",
    "{n} vectors are missing from the search table": (
        "SELECT passage_id FROM vectors_{model} EXCEPT SELECT passage_id FROM bits_{model}"
    ),
    "{n} rows of the search table have no vector": (
        "SELECT passage_id FROM bits_{model} EXCEPT SELECT passage_id FROM vectors_{model}"
    ),
    "{n} vectors also wait to be made": f"{_WAITING} INTERSECT SELECT passage_id FROM vectors_{{model}}",
}


async def check(connection: aiosqlite.Connection) -> list[str]:
    """Return what is wrong, one line each; an empty list when all is well."""
    rows: Iterable[Any] = await connection.execute_fetchall("PRAGMA integrity_check")
    problems = [str(row[0]) for row in rows if row[0] != "ok"]
    rows = await connection.execute_fetchall("PRAGMA foreign_key_check")
    problems += [f"a row of {row[0]} points to a row of {row[2]} that is gone" for row in rows]
    questions = dict(_QUESTIONS)
    for model in await models(connection):
        questions |= {said: sql.format(model=model) for said, sql in _OF_EACH_MODEL.items()}
    for said, sql in questions.items():
        rows = await connection.execute_fetchall(f"SELECT count(*) FROM ({sql})")
        count = next(int(row[0]) for row in rows)
        if count:
            problems.append(said.format(n=count))
    return problems
