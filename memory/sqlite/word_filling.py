"""Fills `conversation_words` with the passages that are older than it, a few at a time, while all else goes on.

Until it is done a search counts words in the whole memory, as it did before. Then it looks whether a program that does
not know the table has written meanwhile, as one does that ran on while this one upgraded the database, and mends that.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiosqlite

from memory.errors import StorageError
from memory.search.index_texts import with_stems
from memory.sqlite import conversation_words
from memory.sqlite.database import Error
from memory.sqlite.store import Store
from memory.sqlite.windows import windows

logger = logging.getLogger(__name__)

AT_ONCE = 200
"""Passages that are filled in with one write, in some ten milliseconds, for which other writes wait."""
DELAY = 1.0
"""Seconds after the start: a command that is done by then need not wait for this."""
PAUSE = 0.01
"""Seconds between two writes."""


@asynccontextmanager
async def fill_in_background(store: Store) -> AsyncIterator[None]:
    """Fill in what is missing while the block runs; the next start goes on with what is left."""
    task = asyncio.create_task(_fill_later(store), name="word-filling")
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def fill(store: Store) -> None:
    """Fill in all that is missing, and drop what is there no longer. Raises StorageError."""
    while not await store.ask(conversation_words.are_complete):
        await store.write(_fill_some)
        await asyncio.sleep(PAUSE)
    if await store.ask(conversation_words.agree_with_index):
        return
    for conversation_id, first_id in await store.read(conversation_words.STALE):
        await store.write(partial(conversation_words.drop_stale, conversation_id=conversation_id, first_id=first_id))
        await asyncio.sleep(PAUSE)
    missing = [row[0] for row in await store.read(conversation_words.MISSING)]
    for start in range(0, len(missing), AT_ONCE):
        await store.write(partial(_add_missing, among=missing[start : start + AT_ONCE]))
        await asyncio.sleep(PAUSE)


async def _fill_later(store: Store) -> None:
    await asyncio.sleep(DELAY)
    try:
        await fill(store)
    except (Error, sqlite3.Error, StorageError) as error:
        logger.warning("searches in one chat stay slow in a large memory until the next start: %s", error)


async def _fill_some(connection: aiosqlite.Connection) -> None:
    filled_to, last_older = await conversation_words.read_progress(connection)
    rows: Iterable[Any] = await connection.execute_fetchall(
        "SELECT id FROM turn_words_docsize WHERE id > ? AND id <= ? ORDER BY id LIMIT ?",
        [filled_to, last_older, AT_ONCE],
    )
    ids = [int(row[0]) for row in rows]
    await conversation_words.note_progress(connection, ids[-1] if len(ids) == AT_ONCE else last_older)
    found = await windows(connection, ids)
    await conversation_words.add(connection, with_stems(row.index_words() for row in found))


async def _add_missing(connection: aiosqlite.Connection, among: Sequence[int]) -> None:
    """Add those of these passages whose words are still missing."""
    rows: Iterable[Any] = await connection.execute_fetchall(
        f"{conversation_words.MISSING} AND p.id IN (SELECT value FROM json_each(?))", [json.dumps(among)]
    )
    found = await windows(connection, [int(row[0]) for row in rows])
    await conversation_words.add(connection, with_stems(row.index_words() for row in found))
