"""What waiting replies, jobs, plugins' values, buttons and kept files were made from: they go when any of it goes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

import aiosqlite

from memory.errors import SourceForgotten
from memory.forgetting.removed import Dropped

Holder = Literal["outbox_id", "job_id", "value_id", "buttons_id", "file_name"]
"""The column of the table `provenance` that names what was made."""


async def bind(connection: aiosqlite.Connection, holder: Holder, key: int | str, sources: Collection[int]) -> None:
    """Note what something was made from. Run in a transaction.

    Raises SourceForgotten, which undoes the write, when any of it has been forgotten by now.
    """
    if not sources:
        return
    await require(connection, sources)
    await connection.executemany(
        f"INSERT OR IGNORE INTO provenance (source_id, {holder}) VALUES (?, ?)", [(each, key) for each in sources]
    )


async def require(connection: aiosqlite.Connection, sources: Collection[int]) -> None:
    """Raise SourceForgotten unless all of these passages are there."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT count(*) FROM passages WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(sorted(set(sources)))]
    )
    if next(int(row[0]) for row in rows) < len(set(sources)):
        raise SourceForgotten("what this was made from has been forgotten meanwhile; ask for it again")


async def sources_of(connection: aiosqlite.Connection, holder: Holder, key: int | str) -> tuple[int, ...]:
    """Return the passages that something was made from."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"SELECT source_id FROM provenance WHERE {holder} = ? ORDER BY source_id", [key]
    )
    return tuple(int(row[0]) for row in rows)


async def drop(connection: aiosqlite.Connection, sources: Sequence[int]) -> Dropped:
    """Delete all that was made from any of these passages. Run in a transaction, before they are deleted."""
    ids = json.dumps(sources)
    replies = await _drop(connection, "outbox", "outbox_id", ids, "conversation_id")
    jobs = await _drop(connection, "jobs", "job_id", ids)
    values = await _drop(connection, "plugin_values", "value_id", ids)
    await _drop(connection, "persistent_buttons", "buttons_id", ids)
    await _drop(connection, "kept_files", "file_name", ids, key="name", returned="name")
    return Dropped(len(replies), len(jobs), len(values), tuple(int(home) for home in replies))


async def drop_outdated(connection: aiosqlite.Connection, source: int, gone: Collection[str]) -> Dropped:
    """Delete what was made from a message and holds words that an edit has taken out of it. Run in a transaction.

    Replies that wait, and their buttons, go whatever they hold: they are about what was said before.
    """
    ids = json.dumps([source])
    replies = await _drop(connection, "outbox", "outbox_id", ids, "conversation_id")
    await _drop(connection, "persistent_buttons", "buttons_id", ids)
    words = "\n".join(sorted(gone))
    jobs = await _drop(connection, "jobs", "job_id", ids, holding=("payload", words))
    values = await _drop(connection, "plugin_values", "value_id", ids, holding=("value", words))
    return Dropped(len(replies), len(jobs), len(values), tuple(int(home) for home in replies))


async def _drop(
    connection: aiosqlite.Connection,
    table: str,
    holder: Holder,
    sources: str,
    returned: str = "id",
    *,
    key: str = "id",
    holding: tuple[str, str] | None = None,
) -> list[Any]:
    column, words = holding or ("''", "")
    condition = "" if holding is None else f"AND find_words({column}, ?2) IS NOT NULL"
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""DELETE FROM {table} WHERE {key} IN (
                SELECT {holder} FROM provenance
                WHERE source_id IN (SELECT value FROM json_each(?1)) AND {holder} IS NOT NULL) {condition}
            RETURNING {returned}""",
        [sources] if holding is None else [sources, words],
    )
    return [row[0] for row in rows]
