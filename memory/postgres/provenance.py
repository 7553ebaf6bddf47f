"""What waiting replies, jobs, plugins' values, buttons and kept files were made from: they go when any of it goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from memory.errors import SourceForgotten
from memory.forgetting.removed import Dropped
from memory.postgres.connection import Connection, Row

Holder = Literal["outbox_id", "job_id", "value_id", "buttons_id", "file_name"]
"""The column of the table `provenance` that names what was made."""


async def bind(connection: Connection, holder: Holder, key: int | str, sources: Collection[int]) -> None:
    """Note what something was made from. Run in a transaction that shares the memory, so that nothing goes meanwhile.

    Raises SourceForgotten, which undoes the write, when any of it has been forgotten by now.
    """
    if not sources:
        return
    found = await connection.fetch("SELECT id FROM passages WHERE id = ANY($1::bigint[])", sorted(set(sources)))
    if len(found) < len(set(sources)):
        raise SourceForgotten("what this was made from has been forgotten meanwhile; ask for it again")
    await connection.execute_many(
        f"""INSERT INTO provenance (source_id, {holder}) VALUES ($1, $2) ON CONFLICT DO NOTHING""",
        [(row[0], key) for row in found],
    )


async def sources_of(connection: Connection, holder: Holder, key: int | str) -> tuple[int, ...]:
    """Return the passages that something was made from."""
    rows = await connection.fetch(f"SELECT source_id FROM provenance WHERE {holder} = $1 ORDER BY source_id", key)
    return tuple(int(row[0]) for row in rows)


async def drop(connection: Connection, sources: Sequence[int]) -> Dropped:
    """Delete all that was made from any of these passages. Run in a transaction, before they are deleted."""
    replies = await _drop(connection, "outbox", "outbox_id", sources, "conversation_id")
    jobs = await _drop(connection, "jobs", "job_id", sources)
    values = await _drop(connection, "plugin_values", "value_id", sources)
    await _drop(connection, "persistent_buttons", "buttons_id", sources)
    await _drop(connection, "kept_files", "file_name", sources, key="name")
    return Dropped(len(replies), len(jobs), len(values), tuple(int(row[0]) for row in replies))


async def drop_outdated(connection: Connection, source: int, gone: Collection[str]) -> Dropped:
    """Delete what was made from a message and holds words that an edit has taken out of it. Run in a transaction.

    `gone` are the words, folded. Replies that wait, and their buttons, go whatever they hold: they are about what was
    said before.
    """
    replies = await _drop(connection, "outbox", "outbox_id", [source], "conversation_id")
    await _drop(connection, "persistent_buttons", "buttons_id", [source])
    jobs = await _drop_holding(connection, "jobs", "job_id", "payload", source, gone)
    values = await _drop_holding(connection, "plugin_values", "value_id", "value", source, gone)
    return Dropped(len(replies), jobs, values, tuple(int(row[0]) for row in replies))


async def _drop(
    connection: Connection, table: str, holder: Holder, sources: Sequence[int], returned: str = "id", *, key: str = "id"
) -> list[Row]:
    returned = key if returned == "id" else returned
    return await connection.fetch(
        f"""DELETE FROM {table} WHERE {key} IN (
                SELECT {holder} FROM provenance WHERE source_id = ANY($1::bigint[]) AND {holder} IS NOT NULL)
            RETURNING {returned}""",
        list(sources),
    )


async def _drop_holding(
    connection: Connection, table: str, holder: Holder, column: str, source: int, words: Collection[str]
) -> int:
    """Delete the rows made from a message that hold any of the words; return how many."""
    rows = await connection.fetch(
        f"SELECT t.id, t.{column} FROM {table} AS t JOIN provenance AS p ON p.{holder} = t.id WHERE p.source_id = $1",
        source,
    )
    holding = [number for number, text in rows if any(word in text.casefold() for word in words)]
    return await connection.execute(f"DELETE FROM {table} WHERE id = ANY($1::bigint[])", holding)
