"""The judgements facet: what people think of answers, with the question, the answer and what it rested on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import aiosqlite

from memory.forgetting.judged import fit_judgements
from memory.records import Judgement, Scope, Selection
from memory.sqlite.rows import in_scope
from memory.sqlite.store import Store
from memory.timestamps import micros, moment, offset_minutes


class SqliteJudgements:
    """Keeps a row for each person and answer; see `memory.engine.JudgementStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, answer_id: int, person_id: int, value: int, given_at: datetime) -> None:
        """Insert, replace or delete a row."""
        await self._store.write(lambda connection: _keep(connection, answer_id, person_id, value, given_at))

    async def select(self, scope: Scope) -> list[Judgement]:
        """Return the judgements within the scope, and as much of what each answer rested on as the scope sees."""
        async with self._store.reading() as connection:
            return await _select(connection, scope)


async def forget_judgements(
    connection: aiosqlite.Connection, scope: Scope, selection: Selection, doomed: Sequence[int]
) -> int:
    """Delete the judgements of doomed passages, and those that fit the selection themselves; return how many.

    A judgement fits by who gave it, where and when; a selection that asks for more than that means passages. Run in a
    transaction.
    """
    fits, values = fit_judgements(in_scope(scope, "a.conversation_id"), selection)
    ids = json.dumps(list(doomed))
    rows = list(
        await connection.execute_fetchall(
            f"""DELETE FROM judgements WHERE answer_id IN (SELECT value FROM json_each(?))
                OR question_id IN (SELECT value FROM json_each(?)) OR id IN (
                    SELECT j.id FROM judgements AS j JOIN passages AS a ON a.id = j.answer_id
                    LEFT JOIN people AS g ON g.id = j.person_id WHERE {fits}) RETURNING person_id""",
            [ids, ids, *values],
        )
    )
    await _drop_unknown(connection, {int(row[0]) for row in rows if row[0] is not None})
    return len(rows)


async def _drop_unknown(connection: aiosqlite.Connection, people: Iterable[int]) -> None:
    """Drop people of whom nothing is left."""
    await connection.executemany(
        """DELETE FROM people WHERE id = ?1
           AND NOT EXISTS (SELECT 1 FROM judgements WHERE person_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM passages WHERE author_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = ?1)""",
        [(person,) for person in people],
    )


async def _keep(
    connection: aiosqlite.Connection, answer_id: int, person_id: int, value: int, given_at: datetime
) -> None:
    await connection.execute("DELETE FROM judgements WHERE answer_id = ? AND person_id = ?", [answer_id, person_id])
    if value:
        await connection.execute(
            """INSERT INTO judgements (answer_id, question_id, person_id, value, given_at, given_offset)
               SELECT a.id, q.id, (SELECT id FROM people WHERE id = ?2), ?3, ?4, ?5 FROM passages AS a
               LEFT JOIN passages AS q ON q.conversation_id = a.conversation_id AND q.event_id = a.reply_to
               WHERE a.id = ?1""",
            [answer_id, person_id, value, micros(given_at), offset_minutes(given_at)],
        )


async def _select(connection: aiosqlite.Connection, scope: Scope) -> list[Judgement]:
    condition, values = in_scope(scope, "a.conversation_id")
    seen, seen_values = in_scope(scope, "s.conversation_id")
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT j.value, j.given_at, j.given_offset, ifnull(g.name, ''), q.text, a.text,
                   (SELECT group_concat(s.id) FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                    WHERE e.passage_id = a.id AND e.cited AND {seen}),
                   (SELECT group_concat(s.id) FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                    WHERE e.passage_id = a.id AND {seen}
                    AND s.kind NOT IN ('question', 'answer', 'command') AND s.id <> j.question_id)
            FROM judgements AS j JOIN passages AS a ON a.id = j.answer_id AND a.kind = 'answer'
            JOIN passages AS q ON q.id = j.question_id LEFT JOIN people AS g ON g.id = j.person_id
            WHERE {condition} ORDER BY j.given_at, j.id""",
        [*seen_values, *seen_values, *values],
    )
    return [_judgement_of(row) for row in rows]


def _judgement_of(row: Any) -> Judgement:
    value, given_at, offset, author, question, answer, cited, seen = row
    return Judgement(
        value=value,
        given_at=moment(given_at, offset),
        author=author,
        question=question,
        answer=answer,
        cited=_numbers(cited),
        seen=_numbers(seen),
    )


def _numbers(joined: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, joined.split(",")))) if joined else ()
