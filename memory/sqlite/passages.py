"""The passages facet: what was said is added, edited, selected and forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite

from memory.receipts import Receipt
from memory.records import ConversationRecord, Entry, Passage, Scope, Selection, Stored
from memory.sqlite import edit, imports
from memory.sqlite.forget import finish, forget_for_good
from memory.sqlite.rows import in_scope, in_selection
from memory.sqlite.store import Store
from memory.stored_rows import PASSAGE_SELECT, passage_of


class SqlitePassages:
    """Keeps passages with their words and their wait for a vector; see `memory.engine.PassageStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(
        self, conversation: ConversationRecord, entries: Sequence[Entry], *, import_id: int | None = None
    ) -> list[Stored]:
        """Store entries and index their words."""
        stored = await self._store.write(lambda c: imports.insert(c, conversation.id, entries, import_id))
        self._store.announce_queued()
        return stored

    async def edit(
        self, conversation: ConversationRecord, event_id: str, text: str, *, withdrawn: bool = False
    ) -> Receipt | None:
        """Replace a text, its words and its vector, and overwrite the old bytes."""
        changed = await self._store.write(lambda c: edit.edit(c, conversation.id, event_id, text, withdrawn=withdrawn))
        if changed is None:
            return None
        await finish(self._store, changed)
        return changed.receipt

    async def select(
        self, scope: Scope, selection: Selection, *, limit: int = 50, newest_first: bool = True
    ) -> list[Passage]:
        """Select by scope and selection, both as predicates of one query."""
        scoped, scope_values = in_scope(scope)
        selected, values = in_selection(selection)
        order = "DESC" if newest_first else "ASC"
        rows = await self._store.read(
            f"{PASSAGE_SELECT} WHERE {scoped} AND {selected} ORDER BY p.said_at {order}, p.id {order} LIMIT ?",
            [*scope_values, *values, limit],
        )
        return [passage_of(row) for row in rows]

    async def find_event(self, platform: str, event_id: str) -> list[Passage]:
        """Find passages by their own event, and replies by those of their parts."""
        async with self._store.reading() as connection:
            return await _find_event(connection, platform, event_id)

    async def forget(self, scope: Scope, selection: Selection, *, verify: bool = False) -> Receipt:
        """Remove passages, all that was made from them, and their bytes in the write-ahead log."""
        return await forget_for_good(self._store, scope, selection, verify=verify)


async def _find_event(connection: aiosqlite.Connection, platform: str, event_id: str) -> list[Passage]:
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"""{PASSAGE_SELECT} WHERE c.platform = ?1 AND p.id IN (
                SELECT id FROM passages WHERE event_id = ?2 UNION ALL
                SELECT passage_id FROM sent_parts WHERE event_id = ?2) ORDER BY p.id""",
        [platform, event_id],
    )
    return [passage_of(row) for row in rows]
