"""Looks for what was forgotten in every table, in the index of words, and in every file of the data folder.

The server's own files are out of sight: they keep old bytes until it has cleaned its tables.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

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
from memory.postgres import lexical
from memory.postgres.connection import Connection
from memory.postgres.store import Store
from memory.receipts import Check
from memory.search.segment import words as index_words

_MADE_BY_THE_BOT = {
    "passages": "CASE WHEN author_id IS NULL AND kind IN ('answer', 'command') THEN 'the reply no. ' || id END",
    "outbox": "'a reply that waits to be sent'",
    "jobs": "'something planned by the plugin ' || plugin",
    "plugin_values": "'something kept by the plugin ' || plugin",
    "persistent_buttons": "'the buttons of a reply'",
    "kept_files": "'the note of a file that is kept'",
}
"""How rows are named that can hold nothing but what was made from something else; NULL for other rows."""
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'scrubjay' AND data_type = 'text' AND table_name !~ '^postings'
    AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass('scrubjay.' || quote_ident(table_name)))
ORDER BY table_name, ordinal_position
"""


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the tables hold: what of the probes others have said too, and which rows of the bot's hold the rest."""

    count: int
    elsewhere: frozenset[str]
    left: frozenset[str]


async def look_for(store: Store, texts: Sequence[str]) -> tuple[bool | None, Check]:
    """Return whether nothing is left of forgotten texts, and what was looked for; None when nothing could be.

    What others have said too is no trace, and is left out. Every table and every file is read once, in other threads
    than the event loop's.
    """
    some = pick_some(texts, MOST_TEXTS)
    probes = choose_probes(some)
    tables = await store.ask(lambda connection: _search_tables(connection, probes, some))
    rare = [probe for probe in probes if probe not in tables.elsewhere]
    in_files = [probe for probe in rare if len(probe.encode()) >= LEAST_BYTES][:MOST_IN_FILES]
    files = await asyncio.to_thread(lambda: list(list_files(store.folder)))
    size, holding = await asyncio.to_thread(search_files, files, in_files)
    left = tuple(sorted(tables.left)) + tuple(sorted(f"the file {path}" for path in holding))
    encrypted = await asyncio.to_thread(find_encrypted, files)
    check = Check(len(rare), len(probes) - len(rare), tables.count, len(files), size, left, encrypted)
    return check.verified, check


# tables


async def _search_tables(connection: Connection, probes: Sequence[str], texts: Sequence[str]) -> _Tables:
    """Look into every text of every table, and into the full-text indexes."""
    by_folded = {probe.casefold(): probe for probe in probes}
    elsewhere: set[str] = set()
    made: list[tuple[str, str, set[str]]] = []
    tables = await _list_tables(connection)
    for table, columns in tables.items():
        joined = f"concat_ws(chr(10), {', '.join(columns)})"
        rows = await connection.fetch(
            f"""SELECT made, found, said FROM (
                    SELECT {_MADE_BY_THE_BOT.get(table, "NULL::text")} AS made, {joined} AS said,
                           find_words({joined}, $1::text[]) AS found FROM {table}) AS looked WHERE found IS NOT NULL""",
            list(by_folded),
        )
        for where, found, text in rows:
            probes_found = {by_folded[each] for each in found}
            if where is None:
                elsewhere |= probes_found
            else:
                made.append((where, text, probes_found))
    left, own = judge(made, elsewhere, texts)
    left |= {
        "the full-text index" for probe in probes if probe not in elsewhere and await _is_astray(connection, probe)
    }
    return _Tables(len(tables), frozenset(elsewhere | own), frozenset(left))


async def _list_tables(connection: Connection) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for table, column in await connection.fetch(_COLUMNS):
        tables.setdefault(table, []).append(column)
    return tables


async def _is_astray(connection: Connection, probe: str) -> bool:
    """Tell whether the index knows these words of a passage that is not there."""
    words = index_words(probe)
    ids = await lexical.find_ids(connection, words) if words else set()
    rows = await connection.fetch("SELECT id FROM passages WHERE id = ANY($1::bigint[])", list(ids))
    return len(rows) < len(ids)
