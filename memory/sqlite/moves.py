"""A conversation that goes on under another id: a group that its platform has converted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import aiosqlite

from memory.records import ConversationMove
from memory.search.segment import clean
from memory.sqlite import vectors
from memory.sqlite.insert import await_vectors


async def move(connection: aiosqlite.Connection, change: ConversationMove) -> bool:
    """Bring a group with its threads, and all that is kept and decided about it, under its new id.

    Run in a transaction. Returns whether anything was known of it. What is there under the new id already is joined
    with it.
    """
    places = await with_threads(connection, change.platform, change.old)
    for place, external_id in places:
        goes_to = change.new + external_id[len(change.old) :]
        await _take_in(connection, place, change.platform, goes_to)
        await connection.execute("UPDATE conversations SET external_id = ? WHERE id = ?", [goes_to, place])
        await _rename_events(connection, place, change)
        await _rewrite(connection, place, change.rewrite)
    await connection.execute(
        "UPDATE conversations SET audience = ?3 WHERE platform = ?1 AND audience = ?2",
        [change.platform, change.old, change.new],
    )
    decided = await _move_decisions(connection, change)
    return bool(places) or decided


async def with_threads(connection: aiosqlite.Connection, platform: str, external_id: str) -> list[tuple[int, str]]:
    """Return the id and the external id of a group, or a thread, and of each thread in it; imports are none."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        """SELECT id, external_id FROM conversations WHERE platform = ?1 AND owner_id IS NULL
           AND (external_id = ?2 OR substr(external_id, 1, length(?2) + 1) = ?2 || '/')""",
        [platform, clean(external_id)],
    )
    return [(int(row[0]), str(row[1])) for row in rows]


async def _take_in(connection: aiosqlite.Connection, place: int, platform: str, external_id: str) -> None:
    """Join the conversation that has this external id already, if there is one, with another."""
    found = await connection.execute_fetchall(
        "SELECT id FROM conversations WHERE platform = ? AND external_id = ? AND owner_id IS NULL",
        [platform, external_id],
    )
    for (other,) in found:
        passages = await connection.execute_fetchall("SELECT id FROM passages WHERE conversation_id = ?", [other])
        ids = [int(row[0]) for row in passages]
        await connection.execute(
            """UPDATE passages SET document_id = (
                   SELECT mine.id FROM documents AS mine JOIN documents AS theirs USING (sha256)
                   WHERE mine.conversation_id = ?1 AND theirs.id = passages.document_id)
               WHERE document_id IN (
                   SELECT theirs.id FROM documents AS theirs JOIN documents AS mine USING (sha256)
                   WHERE theirs.conversation_id = ?2 AND mine.conversation_id = ?1)""",
            [place, other],
        )
        for table in ("documents", "plugin_values", "persistent_buttons"):  # both may have the same, which is kept once
            await connection.execute(
                f"UPDATE OR IGNORE {table} SET conversation_id = ? WHERE conversation_id = ?", [place, other]
            )
        await connection.execute("DELETE FROM documents WHERE conversation_id = ?", [other])
        for table in ("passages", "facts", "outbox", "jobs", "kept_files", "conversation_words"):
            await connection.execute(
                f"UPDATE {table} SET conversation_id = ? WHERE conversation_id = ?", [place, other]
            )
        await vectors.remove(connection, ids)  # they are kept by conversation
        await await_vectors(connection, ids)
        await connection.execute("DELETE FROM conversations WHERE id = ?", [other])


async def _rename_events(connection: aiosqlite.Connection, place: int, change: ConversationMove) -> None:
    if change.message_ids is None:
        return
    values = [*change.message_ids, place]
    for column in ("event_id", "reply_to"):
        await connection.execute(
            f"""UPDATE passages SET {column} = ?2 || substr({column}, length(?1) + 1)
                WHERE conversation_id = ?3 AND substr({column}, 1, length(?1)) = ?1""",
            values,
        )
    await connection.execute(
        """UPDATE sent_parts SET event_id = ?2 || substr(event_id, length(?1) + 1)
           WHERE substr(event_id, 1, length(?1)) = ?1
           AND passage_id IN (SELECT id FROM passages WHERE conversation_id = ?3)""",
        values,
    )


async def _rewrite(connection: aiosqlite.Connection, place: int, rewrite: Callable[[str], str]) -> None:
    """Bring what waits to be handled, sent or done to the new id."""
    inbox = "passage_id IN (SELECT id FROM passages WHERE conversation_id = ?)"
    for table, key, column, condition in (
        ("inbox", "passage_id", "payload", inbox),
        ("outbox", "id", "payload", "conversation_id = ?"),
        ("jobs", "id", "place", "conversation_id = ? AND place IS NOT NULL"),
        ("kept_files", "name", "payload", "conversation_id = ?"),
    ):
        waiting = await connection.execute_fetchall(f"SELECT {key}, {column} FROM {table} WHERE {condition}", [place])
        await connection.executemany(
            f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [(rewrite(text), number) for number, text in waiting]
        )


async def _move_decisions(connection: aiosqlite.Connection, change: ConversationMove) -> bool:
    """Let what was decided hold under the new id, unless something was decided there."""
    values = [change.platform, change.old, change.new]
    old = "platform = ?1 AND external_id = ?2"
    granted = await _rows(connection, f"SELECT role FROM grants WHERE {old} AND kind = 'conversation'", change)
    paused = await _rows(connection, f"SELECT 1 FROM pauses WHERE {old}", change)
    await connection.execute(
        f"UPDATE OR IGNORE grants SET external_id = ?3 WHERE {old} AND kind = 'conversation'", values
    )
    await connection.execute(
        "DELETE FROM grants WHERE platform = ? AND external_id = ? AND kind = 'conversation'", values[:2]
    )
    await connection.execute(f"UPDATE OR IGNORE pauses SET external_id = ?3 WHERE {old}", values)
    await connection.execute("DELETE FROM pauses WHERE platform = ? AND external_id = ?", values[:2])
    if change.role is not None:
        await connection.execute(
            """INSERT OR IGNORE INTO grants (platform, kind, external_id, role, name)
               VALUES (?, 'conversation', ?, ?, '')""",
            [change.platform, change.new, change.role],
        )
    return bool(granted or paused)


async def _rows(connection: aiosqlite.Connection, sql: str, change: ConversationMove) -> list[Any]:
    rows: Iterable[Any] = await connection.execute_fetchall(sql, [change.platform, change.old])
    return list(rows)
