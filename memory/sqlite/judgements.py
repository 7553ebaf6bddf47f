"""What people judged of the bot's answers, with the question, the answer and what it rested on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiosqlite

from memory.records import Judgement, Scope
from memory.sqlite.rows import in_scope, moment

MARK = "/feedback/"
"""Stands in the event id of a judgement, between the id of the reply that it is about and who gave it."""


async def judgements(connection: aiosqlite.Connection, scope: Scope) -> list[Judgement]:
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
        [*seen_values, *seen_values, MARK, *values],
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
