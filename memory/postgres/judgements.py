"""The judgements facet: what people think of answers, with the question, the answer and what it rested on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from memory.forgetting.judged import fit_judgements
from memory.postgres.connection import Connection, Row
from memory.postgres.locks import share_memory
from memory.postgres.rows import in_scope, number
from memory.postgres.store import Store
from memory.records import Judgement, Scope, Selection
from memory.timestamps import micros, moment, offset_minutes


class PostgresJudgements:
    """Keeps a row for each person and answer; see `memory.engine.JudgementStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def keep(self, answer_id: int, person_id: int, value: int, given_at: datetime) -> None:
        """Insert, replace or delete a row."""
        await self._store.write(lambda connection: _keep(connection, answer_id, person_id, value, given_at))

    async def select(self, scope: Scope) -> list[Judgement]:
        """Return the judgements within the scope, and as much of what each answer rested on as the scope sees."""
        condition, values = in_scope(scope, "a.conversation_id")
        seen, seen_values = in_scope(scope, "s.conversation_id")
        rows = await self._store.read_within(
            scope,
            number(f"""SELECT j.value, j.given_at, j.given_offset, coalesce(g.name, ''), q.text, a.text,
                       ARRAY(SELECT s.id FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                             WHERE e.passage_id = a.id AND e.cited > 0 AND {seen} ORDER BY s.id),
                       ARRAY(SELECT s.id FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                             WHERE e.passage_id = a.id AND {seen} AND s.id <> j.question_id
                             AND s.kind NOT IN ('question', 'answer', 'command') ORDER BY s.id)
                FROM judgements AS j JOIN passages AS a ON a.id = j.answer_id AND a.kind = 'answer'
                JOIN passages AS q ON q.id = j.question_id LEFT JOIN people AS g ON g.id = j.person_id
                WHERE {condition} ORDER BY j.given_at, j.id"""),
            *seen_values,
            *seen_values,
            *values,
        )
        return [_judgement_of(row) for row in rows]


async def forget_judgements(connection: Connection, scope: Scope, selection: Selection, doomed: Sequence[int]) -> int:
    """Delete the judgements of doomed passages, and those that fit the selection themselves; return how many.

    A judgement fits by who gave it, where and when; a selection that asks for more than that means passages. Run in a
    transaction.
    """
    fits, values = fit_judgements(in_scope(scope, "a.conversation_id"), selection)
    rows = await connection.fetch(
        number(f"""DELETE FROM judgements WHERE answer_id = ANY(?::bigint[]) OR question_id = ANY(?::bigint[])
                   OR id IN (SELECT j.id FROM judgements AS j JOIN passages AS a ON a.id = j.answer_id
                             LEFT JOIN people AS g ON g.id = j.person_id WHERE {fits})
                   RETURNING person_id"""),
        list(doomed),
        list(doomed),
        *values,
    )
    await _drop_unknown(connection, {int(row[0]) for row in rows if row[0] is not None})
    return len(rows)


async def _drop_unknown(connection: Connection, people: Iterable[int]) -> None:
    """Drop people of whom nothing is left."""
    await connection.execute(
        """DELETE FROM people WHERE id = ANY($1::bigint[])
           AND NOT EXISTS (SELECT 1 FROM judgements WHERE person_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM passages WHERE author_id = people.id)
           AND NOT EXISTS (SELECT 1 FROM conversations WHERE owner_id = people.id)""",
        list(people),
    )


async def _keep(connection: Connection, answer_id: int, person_id: int, value: int, given_at: datetime) -> None:
    await share_memory(connection)
    await connection.execute("DELETE FROM judgements WHERE answer_id = $1 AND person_id = $2", answer_id, person_id)
    if value:
        await connection.execute(
            """INSERT INTO judgements (answer_id, question_id, person_id, value, given_at, given_offset)
               SELECT a.id, q.id, (SELECT id FROM people WHERE id = $2), $3::integer, $4::bigint, $5::integer
               FROM passages AS a
               LEFT JOIN passages AS q ON q.conversation_id = a.conversation_id AND q.event_id = a.reply_to
               WHERE a.id = $1
               ON CONFLICT (answer_id, person_id) DO UPDATE
               SET value = excluded.value, given_at = excluded.given_at, given_offset = excluded.given_offset""",
            answer_id,
            person_id,
            value,
            micros(given_at),
            offset_minutes(given_at),
        )


def _judgement_of(row: Row) -> Judgement:
    value, given_at, offset, author, question, answer, cited, seen = row
    return Judgement(
        value=value,
        given_at=moment(given_at, offset),
        author=author,
        question=question,
        answer=answer,
        cited=tuple(cited),
        seen=tuple(seen),
    )
