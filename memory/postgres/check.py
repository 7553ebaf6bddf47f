"""Finds out whether text, words and vectors agree; what the server stores it checks by itself."""

from __future__ import annotations

from memory.postgres.connection import Connection
from memory.postgres.forget import REFERENCES

_INDEXED = "SELECT id FROM passages WHERE kind NOT IN ('question', 'answer', 'command')"
_WAITING = "SELECT passage_id FROM embedding_queue WHERE model_id = {model}"
_MADE = "SELECT passage_id FROM vectors_{model}"

_QUESTIONS = {
    "{n} passages can't be found by their words": f"{_INDEXED} AND word_block IS NULL",
    "{n} passages that nobody searches are among the words": (
        "SELECT id FROM passages WHERE kind IN ('question', 'answer', 'command') AND word_block IS NOT NULL"
    ),
    "the words of {n} conversations are miscounted": (
        """SELECT conversation_id FROM word_totals
           LEFT JOIN (SELECT conversation_id, count(*) AS indexed FROM passages WHERE word_block IS NOT NULL
                      GROUP BY conversation_id) AS found USING (conversation_id)
           WHERE passages <> coalesce(indexed, 0)"""
    ),
}
_ORPHANS = """
SELECT 1 FROM {table} AS r
WHERE {column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM passages AS p WHERE p.id = r.{column})
"""
_OF_EACH_MODEL = {
    "{n} passages have no vector and wait for none": f"{_INDEXED} EXCEPT {_MADE} EXCEPT {_WAITING}",
    "{n} vectors belong to no passage": f"{_MADE} EXCEPT {_INDEXED}",
    "{n} vectors also wait to be made": f"{_WAITING} INTERSECT {_MADE}",
    "{n} vectors have no signs to be searched by, or only these": (
        """SELECT passage_id FROM vectors_{model} AS v FULL JOIN signs_{model} AS s USING (conversation_id, passage_id)
           WHERE v.vector IS NULL OR s.signs IS NULL"""
    ),
    "{n} vectors are kept in another conversation than their passage": (
        """SELECT v.passage_id FROM vectors_{model} AS v JOIN passages AS p ON p.id = v.passage_id
           WHERE v.conversation_id <> p.conversation_id"""
    ),
}


async def check(connection: Connection) -> list[str]:
    """Return what is wrong, one line each; an empty list when all is well."""
    problems: list[str] = []
    for said, sql in _QUESTIONS.items():
        if count := await connection.fetch_value(f"SELECT count(*) FROM ({sql}) AS wrong"):
            problems.append(said.format(n=count))
    for table, column in REFERENCES:
        sql = _ORPHANS.format(table=table, column=column)
        if count := await connection.fetch_value(f"SELECT count(*) FROM ({sql}) AS wrong"):
            problems.append(f"{count} rows of {table} refer to a passage that is gone")
    for (model,) in await connection.fetch("SELECT id FROM embedding_models ORDER BY id"):
        for said, sql in _OF_EACH_MODEL.items():
            if count := await connection.fetch_value(f"SELECT count(*) FROM ({sql.format(model=model)}) AS wrong"):
                problems.append(said.format(n=count))
    return problems
