"""Looks for what was forgotten in every table, in the full-text indexes, and in every file beside the database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

from memory.forgetting.traces import (
    LEAST_BYTES,
    MOST_IN_FILES,
    MOST_TEXTS,
    choose_probes,
    find_encrypted,
    judge,
    list_files,
    search_files,
)
from memory.forgetting.words import pick_some
from memory.receipts import Check
from memory.search.segment import words as index_words
from memory.sqlite.match import quote_word
from memory.sqlite.store import Store

_TRIES = 8
_PAUSE = 0.5
"""Seconds between tries to empty a log that another process is reading from."""
_MADE_BY_THE_BOT = {
    "passages": "iif(author_id IS NULL AND kind IN ('answer', 'command'), 'the reply no. ' || id, NULL)",
    "outbox": "'a reply that waits to be sent'",
    "jobs": "'something planned by the plugin ' || plugin",
    "plugin_values": "'something kept by the plugin ' || plugin",
    "persistent_buttons": "'the buttons of a reply'",
    "kept_files": "'the note of a file that is kept'",
}
"""How rows are named that can hold nothing but what was made from something else; NULL for other rows."""
_COLUMNS = """
SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND upper(c.type) = 'TEXT' ORDER BY t.name, c.cid
"""


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the tables hold: what of the probes others have said too, and which rows of the bot's hold the rest.

    `schema` is how the tables are made, small letters alone: its words stand in the file whatever anybody says.
    """

    count: int
    elsewhere: frozenset[str]
    left: frozenset[str]
    schema: str


async def look_for(store: Store, texts: Sequence[str]) -> tuple[bool | None, Check]:
    """Return whether nothing is left of forgotten texts, and what was looked for; None when nothing could be.

    What others have said too is no trace, and is left out. Every table and every file is read once, in other threads
    than the event loop's.
    """
    some = pick_some(texts, MOST_TEXTS)
    probes = choose_probes(some)
    tables = await store.ask(lambda connection: _search_tables(connection, probes, some))
    rare = [probe for probe in probes if probe not in tables.elsewhere]
    telling = [probe for probe in rare if len(probe.encode()) >= LEAST_BYTES and probe.casefold() not in tables.schema]
    in_files = telling[:MOST_IN_FILES]
    files = await asyncio.to_thread(lambda: list(list_files(store.path.parent)))
    size, holding = await _search_files(store, files, in_files)
    if holding:  # somebody may have said it while the files were read
        again = await store.ask(lambda connection: _search_tables(connection, in_files, some))
        holding = {path: found for path, found in holding.items() if found - again.elsewhere}
    left = tuple(sorted(tables.left)) + tuple(sorted(f"the file {path}" for path in holding))
    encrypted = await asyncio.to_thread(find_encrypted, files)
    check = Check(len(rare), len(probes) - len(rare), tables.count, len(files), size, left, encrypted)
    return check.verified, check


# tables


async def _search_tables(connection: aiosqlite.Connection, probes: Sequence[str], texts: Sequence[str]) -> _Tables:
    """Look into every text of every table, and into the full-text indexes."""
    by_folded = {probe.casefold(): probe for probe in probes}
    elsewhere: set[str] = set()
    made: list[tuple[str, str, set[str]]] = []
    tables = await _list_tables(connection)
    for table, columns in tables.items():
        joined = " || char(10) || ".join(f"ifnull({column}, '')" for column in columns)
        rows: Iterable[Any] = await connection.execute_fetchall(
            f"""SELECT {_MADE_BY_THE_BOT.get(table, "NULL")} AS made, find_words({joined}, ?) AS found, {joined}
                FROM {table} WHERE found IS NOT NULL""",
            ["\n".join(by_folded)],
        )
        for where, found, text in rows:
            probes_found = {by_folded[each] for each in found.split("\n")}
            if where is None:
                elsewhere |= probes_found
            else:
                made.append((where, text, probes_found))
    left, own = judge(made, elsewhere, texts)
    left |= {
        "the full-text index" for probe in probes if probe not in elsewhere and await _is_astray(connection, probe)
    }
    schema = [str(row[0]) for row in await connection.execute_fetchall("SELECT sql FROM sqlite_schema WHERE sql > ''")]
    return _Tables(len(tables), frozenset(elsewhere | own), frozenset(left), "\n".join(schema).casefold())


async def _list_tables(connection: aiosqlite.Connection) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for table, column in await connection.execute_fetchall(_COLUMNS):
        tables.setdefault(table, []).append(column)
    return tables


async def _is_astray(connection: aiosqlite.Connection, probe: str) -> bool:
    """Tell whether the indexes know these words of a passage that is not there."""
    match = " AND ".join(quote_word(each) for each in index_words(probe))
    if not match:
        return False
    for index in ("turn_words", "window_words"):
        rows = await connection.execute_fetchall(
            f"SELECT rowid FROM {index} WHERE {index} MATCH ? AND rowid NOT IN (SELECT id FROM passages) LIMIT 1",
            [match],
        )
        if list(rows):
            return True
    return False


# files


async def _search_files(store: Store, files: Sequence[Path], probes: Sequence[str]) -> tuple[int, dict[Path, set[str]]]:
    """Return how many bytes the files have, and which of them hold which probes.

    A log that another process reads from can't be emptied at once, and is searched again after it was.
    """
    for attempt in range(_TRIES):
        size, holding = await asyncio.to_thread(search_files, files, probes)
        if attempt + 1 == _TRIES or not any(path.name.endswith("-wal") for path in holding):
            break
        await asyncio.sleep(_PAUSE)
        await store.checkpoint()
    return size, holding
