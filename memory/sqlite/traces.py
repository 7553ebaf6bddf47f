"""Looks for what was forgotten in every table, in the full-text indexes, and in every file beside the database."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

from memory.receipts import Check
from memory.search.segment import words as index_words
from memory.sqlite.derived import telling_words
from memory.sqlite.match import quote_word
from memory.sqlite.store import Store

_WORDS = 16
"""The most words and lines that are looked for in tables and indexes."""
_IN_FILES = 4
"""The most of them that are looked for in files."""
_LEAST_BYTES = 6
"""A shorter word stands by chance among the random bytes of vectors."""
_LINE = 60
"""Characters of a line that are looked for."""
_TEXTS = 200
"""The most texts that are looked for."""
_PHRASE = 4
"""Words in a row that nobody says by chance."""
_PIECE = 1 << 20
"""Bytes of a file that are searched at once: other threads get their turn after each."""
_TRIES = 8
_PAUSE = 0.5
"""Seconds between tries to empty a log that another process is reading from."""
_NO_MEMORY = frozenset({"models", "plugins", "prefixes"})
"""Folders beside the database that hold programs and models."""
_WORD = re.compile(r"\w+")
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
    """What the tables hold: what of the probes others have said too, and which rows of the bot's hold the rest."""

    count: int
    elsewhere: frozenset[str]
    left: frozenset[str]


async def look_for(store: Store, texts: Sequence[str]) -> tuple[bool | None, Check]:
    """Return whether nothing is left of forgotten texts, and what was looked for; None when nothing could be.

    What others have said too is no trace, and is left out. Every table and every file is read once, in other threads
    than the event loop's.
    """
    some = texts[:: max(1, -(-len(texts) // _TEXTS))]
    probes = _choose(some)
    tables = await store.ask(lambda connection: _search_tables(connection, probes, some))
    rare = [probe for probe in probes if probe not in tables.elsewhere]
    in_files = [probe for probe in rare if len(probe.encode()) >= _LEAST_BYTES][:_IN_FILES]
    files = await asyncio.to_thread(lambda: list(_list_files(store.path.parent)))
    size, holding = await _search_files(store, files, in_files)
    if holding:  # somebody may have said it while the files were read
        again = await store.ask(lambda connection: _search_tables(connection, in_files, some))
        holding = {path: found for path, found in holding.items() if found - again.elsewhere}
    left = tuple(sorted(tables.left)) + tuple(sorted(f"the file {path}" for path in holding))
    check = Check(len(rare), len(probes) - len(rare), tables.count, len(files), size, left)
    return (not left if rare or left else None), check


def _choose(texts: Sequence[str]) -> list[str]:
    """Return the most telling words, those with figures first and then the longest, and the beginnings of lines."""
    share = max(1, _WORDS // (2 * max(1, len(texts))))
    words = [word for text in texts for word in sorted(_words_of(text), key=_weigh)[:share]]
    lines = [line for text in texts for line in _lines_of(text)[:share]]
    half = _WORDS // 2
    return list(dict.fromkeys(sorted(words, key=_weigh)[:half] + lines[:half]))


def _words_of(text: str) -> set[str]:
    telling = telling_words([text])
    return {word for word in _WORD.findall(text) if telling & set(index_words(word))}


def _weigh(word: str) -> tuple[bool, int, str]:
    return not any(letter.isdigit() for letter in word), -len(word), word


def _lines_of(text: str) -> list[str]:
    lines = (line.strip()[:_LINE].rstrip() for line in text.splitlines())
    return [line for line in lines if len(line) >= _LEAST_BYTES]


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
    left, own = _judge(made, elsewhere, texts)
    left |= {
        "the full-text index" for probe in probes if probe not in elsewhere and await _is_astray(connection, probe)
    }
    return _Tables(len(tables), frozenset(elsewhere | own), frozenset(left))


async def _list_tables(connection: aiosqlite.Connection) -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for table, column in await connection.execute_fetchall(_COLUMNS):
        tables.setdefault(table, []).append(column)
    return tables


def _judge(
    made: Iterable[tuple[str, str, set[str]]], elsewhere: set[str], texts: Sequence[str]
) -> tuple[set[str], set[str]]:
    """Return where something of the texts is left in what the bot has made, and the words that are the bot's own.

    A word without figures, by itself, may well be its own: "remember". Several in a row are not, nor is a whole line.
    """
    left: set[str] = set()
    own: set[str] = set()
    phrases = {phrase for text in texts for phrase in _phrases_of(text)}
    for where, text, found in made:
        rest = found - elsewhere
        folded = " ".join(_WORD.findall(text.casefold()))
        if any(_is_telling(each) for each in rest) or any(phrase in folded for phrase in phrases if rest):
            left.add(where)
        else:
            own |= rest
    return left, own


def _is_telling(probe: str) -> bool:
    return any(letter.isdigit() for letter in probe) or not _WORD.fullmatch(probe)


def _phrases_of(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {" ".join(words[at : at + _PHRASE]) for at in range(len(words) - _PHRASE + 1)}


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
        size, holding = await asyncio.to_thread(_search_all, files, probes)
        if attempt + 1 == _TRIES or not any(path.name.endswith("-wal") for path in holding):
            break
        await asyncio.sleep(_PAUSE)
        await store.checkpoint()
    return size, holding


def _search_all(files: Iterable[Path], probes: Sequence[str]) -> tuple[int, dict[Path, set[str]]]:
    """Blocking."""
    holding: dict[Path, set[str]] = {}
    total = 0
    for path in files:
        try:
            size, found = _search_file(path, probes)
        except OSError:  # gone meanwhile, or not ours to read
            continue
        total += size
        if found:
            holding[path] = found
    return total, holding


def _search_file(path: Path, probes: Sequence[str]) -> tuple[int, set[str]]:
    """Return a file's size and the probes in it. Reading and searching let other threads have their turn."""
    needles = [(form.encode(), probe) for probe in probes for form in {probe, probe.casefold()}]
    overlap = max((len(needle) for needle, _ in needles), default=1) - 1
    found: set[str] = set()
    size, tail = 0, b""
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            size += len(piece)
            piece = tail + piece
            found.update(probe for needle, probe in needles if probe not in found and needle in piece)
            tail = piece[-overlap:] if overlap else b""
    return size, found


def _list_files(folder: Path) -> Iterator[Path]:
    """Yield the files of the data folder that can hold what was said. Blocking."""
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in _NO_MEMORY]
        yield from (Path(place, name) for name in names if Path(place, name).is_file())
