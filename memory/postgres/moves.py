"""A conversation that goes on under another id: a group that its platform has converted."""

from __future__ import annotations

from collections.abc import Callable

from memory.postgres.connection import Connection
from memory.postgres.insert import refresh, retire
from memory.postgres.locks import lock_memory
from memory.postgres.windows import windows
from memory.records import RECALLABLE, ConversationMove
from memory.search.segment import clean


async def move(connection: Connection, change: ConversationMove) -> bool:
    """Bring a group with its threads, and all that is kept and decided about it, under its new id.

    Run in a transaction. Returns whether anything was known of it. What is there under the new id already is joined
    with it.
    """
    await lock_memory(connection)
    places = await with_threads(connection, change.platform, change.old)
    for place, external_id in places:
        goes_to = change.new + external_id[len(change.old) :]
        await _take_in(connection, place, change.platform, goes_to)
        await connection.execute("UPDATE conversations SET external_id = $1 WHERE id = $2", goes_to, place)
        await _rename_events(connection, place, change)
        await _rewrite(connection, place, change.rewrite)
    await connection.execute(
        "UPDATE conversations SET audience = $3 WHERE platform = $1 AND audience = $2",
        change.platform,
        change.old,
        change.new,
    )
    decided = await _move_decisions(connection, change)
    return bool(places) or decided


async def with_threads(connection: Connection, platform: str, external_id: str) -> list[tuple[int, str]]:
    """Return the id and the external id of a group, or a thread, and of each thread in it; imports are none."""
    rows = await connection.fetch(
        """SELECT id, external_id FROM conversations WHERE platform = $1 AND owner_id IS NULL
           AND (external_id = $2 OR starts_with(external_id, $2 || '/')) ORDER BY id""",
        platform,
        clean(external_id),
    )
    return [(int(row[0]), str(row[1])) for row in rows]


async def _take_in(connection: Connection, place: int, platform: str, external_id: str) -> None:
    """Join the conversation that has this external id already, if there is one, with another."""
    other = await connection.fetch_value(
        "SELECT id FROM conversations WHERE platform = $1 AND external_id = $2 AND owner_id IS NULL AND id <> $3",
        platform,
        external_id,
        place,
    )
    if other is None:
        return
    ids = [row[0] for row in await connection.fetch("SELECT id FROM passages WHERE conversation_id = $1", other)]
    await retire(connection, await windows(connection, ids))  # words and vectors are kept by conversation
    await _join_documents(connection, place, other)
    for table in ("passages", "facts", "inbox", "outbox", "jobs", "kept_files"):
        await connection.execute(f"UPDATE {table} SET conversation_id = $1 WHERE conversation_id = $2", place, other)
    recallable = await connection.fetch(
        "SELECT id FROM passages WHERE id = ANY($1::bigint[]) AND kind = ANY($2::text[])", ids, list(RECALLABLE)
    )
    await refresh(connection, [row[0] for row in recallable])
    await connection.execute("DELETE FROM word_totals WHERE conversation_id = $1", other)
    await connection.execute("DELETE FROM conversations WHERE id = $1", other)


async def _join_documents(connection: Connection, place: int, other: int) -> None:
    """Bring documents, plugins' values and buttons along; what both conversations have is kept once."""
    await connection.execute(
        """UPDATE passages SET document_id = mine.id FROM documents AS mine JOIN documents AS theirs USING (sha256)
           WHERE mine.conversation_id = $1 AND theirs.conversation_id = $2 AND theirs.id = passages.document_id""",
        place,
        other,
    )
    for table, same in (
        ("documents", "mine.sha256 = t.sha256"),
        (
            "plugin_values",
            "(mine.plugin, mine.key) = (t.plugin, t.key) AND mine.person_id IS NOT DISTINCT FROM t.person_id",
        ),
        ("persistent_buttons", "mine.key = t.key"),
    ):
        await connection.execute(
            f"""UPDATE {table} AS t SET conversation_id = $1 WHERE t.conversation_id = $2
                AND NOT EXISTS (SELECT 1 FROM {table} AS mine WHERE mine.conversation_id = $1 AND {same})""",
            place,
            other,
        )
    await connection.execute("DELETE FROM documents WHERE conversation_id = $1", other)


async def _rename_events(connection: Connection, place: int, change: ConversationMove) -> None:
    if change.message_ids is None:
        return
    values = [*change.message_ids, place]
    for column in ("event_id", "reply_to"):
        await connection.execute(
            f"""UPDATE passages SET {column} = $2 || substr({column}, length($1) + 1)
                WHERE conversation_id = $3 AND starts_with({column}, $1)""",
            *values,
        )
    await connection.execute(
        """UPDATE sent_parts SET event_id = $2 || substr(event_id, length($1) + 1)
           WHERE starts_with(event_id, $1)
           AND passage_id IN (SELECT id FROM passages WHERE conversation_id = $3)""",
        *values,
    )


async def _rewrite(connection: Connection, place: int, rewrite: Callable[[str], str]) -> None:
    """Bring what waits to be handled, sent or done to the new id."""
    for table, key, column in (
        ("inbox", "passage_id", "payload"),
        ("outbox", "id", "payload"),
        ("jobs", "id", "place"),
        ("kept_files", "name", "payload"),
    ):
        waiting = await connection.fetch(
            f"SELECT {key}, {column} FROM {table} WHERE conversation_id = $1 AND {column} IS NOT NULL", place
        )
        await connection.execute_many(
            f"UPDATE {table} SET {column} = $1 WHERE {key} = $2", [(rewrite(text), number) for number, text in waiting]
        )


async def _move_decisions(connection: Connection, change: ConversationMove) -> bool:
    """Let what was decided hold under the new id, unless something was decided there."""
    values = [change.platform, change.old, change.new]
    old = "t.platform = $1 AND t.external_id = $2"
    decided = 0
    for table, more in (("grants", "AND t.kind = 'conversation'"), ("pauses", "")):
        there = f"SELECT 1 FROM {table} AS t WHERE t.platform = $1 AND t.external_id = $3 {more}"
        decided += await connection.execute(
            f"UPDATE {table} AS t SET external_id = $3 WHERE {old} {more} AND NOT EXISTS ({there})", *values
        )
        decided += await connection.execute(f"DELETE FROM {table} AS t WHERE {old} {more}", *values[:2])
    if change.role is not None:
        await connection.execute(
            """INSERT INTO grants (platform, kind, external_id, role, name)
               VALUES ($1, 'conversation', $2, $3, '') ON CONFLICT DO NOTHING""",
            change.platform,
            change.new,
            change.role,
        )
    return decided > 0
