"""The judgements facet: what people thought of answers, with the question, the answer and what it rested on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import FEEDBACK_MARK, Judgement, Scope
from memory.sqlite.rows import in_scope
from memory.sqlite.store import Store
from memory.timestamps import moment


class SqliteJudgements:
    """Reads judgements; see `memory.engine.Judgements`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def select(self, scope: Scope) -> list[Judgement]:
        """Return the judgements within the scope."""
        async with self._store.reading() as connection:
            return await _select(connection, scope)


async def _select(connection: aiosqlite.Connection, scope: Scope) -> list[Judgement]:
    """Return the judgements of answers within the scope, the oldest first; those that were taken back are left out.

    A judgement is evidence-linked to its answer, and that to what it rests on: what is forgotten is in none.
    """
    condition, values = in_scope(scope)
    seen, seen_values = in_scope(scope, "s.conversation_id")
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""SELECT p.id, p.text, p.said_at, p.said_offset, p.author, q.text, a.text,
                   (SELECT group_concat(s.id) FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                    WHERE e.passage_id = a.id AND e.cited AND {seen}),
                   (SELECT group_concat(s.id) FROM evidence AS e JOIN passages AS s ON s.id = e.source_id
                    WHERE e.passage_id = a.id AND {seen})
            FROM passages AS p
            JOIN evidence AS about ON about.passage_id = p.id
            JOIN passages AS a ON a.id = about.source_id AND a.kind = 'answer'
            JOIN passages AS q ON q.conversation_id = a.conversation_id AND q.event_id = a.reply_to
            WHERE p.kind = 'command' AND instr(p.event_id, ?) AND {condition}
            ORDER BY p.said_at, p.id""",
        [*seen_values, *seen_values, FEEDBACK_MARK, *values],
    )
    return [found for row in rows if (found := _judgement_of(row)).value]


def _judgement_of(row: Any) -> Judgement:
    passage_id, said, said_at, offset, author, question, answer, cited, seen = row
    return Judgement(
        passage_id=passage_id,
        value={"+1": 1, "-1": -1}.get(said.rpartition(" ")[2], 0),
        given_at=moment(said_at, offset),
        author=author,
        question=question,
        answer=answer,
        cited=_numbers(cited),
        seen=_numbers(seen),
    )


def _numbers(joined: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, joined.split(",")))) if joined else ()
