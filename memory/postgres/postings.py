"""The words of passages, as blocks: what is indexed, and how what was indexed goes again.

A row of `postings` holds, for one term and some hundred passages of a conversation, who has the term how often, in the
message itself (turn) and in its window, and how long both are. New passages are appended to the conversation's last
block, so a term that many messages share takes one row for all of them, and a search reads few rows.
"""

from __future__ import annotations

import asyncio
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from memory.postgres.connection import Connection
from memory.search.index_texts import with_stems
from memory.search.tokens import COUNTER
from memory.search.windows import IndexedWords

BLOCK = 128
"""Passages of a conversation that share rows: the row of a word that all of them have is still kept within its page."""
ENTRY = np.dtype([("id", "<i8"), ("turn", "<u2"), ("window", "<u2"), ("turn_size", "<u4"), ("window_size", "<u4")])
"""A passage in a row of `postings`: how often it has the term, and how many terms it has."""
_pack = struct.Struct("<qHHII").pack
_MOST = 65535
"""What an entry counts up to."""
_MANY = 500
"""Passages that are taken out at once."""

Entries = npt.NDArray[np.void]


class _Counts(NamedTuple):
    """A passage's terms."""

    passage_id: int
    turn: Counter[str]
    window: Counter[str]

    def terms(self) -> set[str]:
        return {*self.turn, *self.window}

    def sizes(self) -> tuple[int, int]:
        return self.turn.total(), self.window.total()


class _Row:
    """A row of `postings` that is put together."""

    __slots__ = ("entries", "turns", "windows")

    def __init__(self) -> None:
        self.entries = bytearray()
        self.turns = 0
        self.windows = 0

    def add(self, entry: bytes) -> None:
        self.entries += entry


async def reserve(connection: Connection, conversation_id: int, count: int) -> range:
    """Return the blocks' places of so many passages that are to be indexed; `block_of` says in which block each is."""
    placed = int(
        await connection.fetch_value(
            """INSERT INTO word_totals (conversation_id, placed) VALUES ($1, $2)
               ON CONFLICT (conversation_id) DO UPDATE SET placed = word_totals.placed + excluded.placed
               RETURNING placed""",
            conversation_id,
            count,
        )
    )
    return range(placed - count, placed)


def block_of(place: int) -> int:
    """Return the block of a place."""
    return place // BLOCK


async def put(
    connection: Connection, conversation_id: int, words: Sequence[IndexedWords], blocks: Mapping[int, int]
) -> None:
    """Index passages of one conversation in these blocks, by their ids."""
    if not words:
        return
    counted = await asyncio.to_thread(_count, words)
    rows = await asyncio.to_thread(_make_rows, counted, blocks)
    await connection.execute(
        """INSERT INTO postings (conversation_id, term, block, turns, windows, entries)
           SELECT $1, u.* FROM unnest($2::text[], $3::integer[], $4::integer[], $5::integer[], $6::bytea[]) AS u
           ON CONFLICT (term, conversation_id, block) DO UPDATE SET turns = postings.turns + excluded.turns,
               windows = postings.windows + excluded.windows, entries = postings.entries || excluded.entries""",
        conversation_id,
        *rows,
    )
    await _add_to_totals(connection, conversation_id, counted, 1)


async def index(connection: Connection, words: Sequence[IndexedWords]) -> None:
    """Index passages whose words are in no block, and note the blocks that they get."""
    homes = await _read_homes(connection, [each.passage_id for each in words])
    by_home: defaultdict[int, list[IndexedWords]] = defaultdict(list)
    for each in words:
        if each.passage_id in homes:
            by_home[homes[each.passage_id][0]].append(each)
    for conversation_id, some in sorted(by_home.items()):
        places = await reserve(connection, conversation_id, len(some))
        blocks = {each.passage_id: block_of(place) for each, place in zip(some, places, strict=True)}
        await connection.execute(
            """UPDATE passages SET word_block = u.block FROM unnest($1::bigint[], $2::integer[]) AS u (id, block)
               WHERE passages.id = u.id""",
            list(blocks),
            list(blocks.values()),
        )
        await put(connection, conversation_id, some, blocks)


async def unindex(connection: Connection, words: Sequence[IndexedWords]) -> None:
    """Remove passages from the blocks that they are in; a passage that is in none is left out."""
    for start in range(0, len(words), _MANY):
        some = words[start : start + _MANY]
        homes = await _read_homes(connection, [each.passage_id for each in some])
        by_home: defaultdict[int, list[IndexedWords]] = defaultdict(list)
        for each in some:
            conversation_id, block = homes.get(each.passage_id, (0, None))
            if block is not None:
                by_home[conversation_id].append(each)
        for conversation_id, here in sorted(by_home.items()):
            await _take_out(connection, conversation_id, here, {home[1] for home in homes.values()})


async def drop_conversation(connection: Connection, conversation_id: int) -> None:
    """Remove all passages of a conversation from its blocks at once."""
    await connection.execute("DELETE FROM postings WHERE conversation_id = $1", conversation_id)
    await connection.execute("DELETE FROM word_totals WHERE conversation_id = $1", conversation_id)
    await connection.execute(
        "UPDATE passages SET word_block = NULL WHERE conversation_id = $1 AND word_block IS NOT NULL", conversation_id
    )


async def _take_out(
    connection: Connection, conversation_id: int, words: Sequence[IndexedWords], blocks: Iterable[int | None]
) -> None:
    counted = await asyncio.to_thread(_count, words)
    ids = [each.passage_id for each in words]
    terms = sorted(set[str]().union(*(each.terms() for each in counted)))
    rows = await connection.fetch(
        """SELECT term, block, entries FROM postings
           WHERE conversation_id = $1 AND term = ANY($2::text[]) AND block = ANY($3::integer[])""",
        conversation_id,
        terms,
        sorted(block for block in set(blocks) if block is not None),
    )
    kept = [(row[0], row[1], _without(row[2], ids), len(row[2])) for row in rows]
    changed = [(term, block, left) for term, block, left, size in kept if left.nbytes < size]
    await connection.execute(
        """UPDATE postings AS p SET turns = u.turns, windows = u.windows, entries = u.entries
           FROM unnest($2::text[], $3::integer[], $4::integer[], $5::integer[], $6::bytea[])
               AS u (term, block, turns, windows, entries)
           WHERE p.conversation_id = $1 AND p.term = u.term AND p.block = u.block""",
        conversation_id,
        *_columns([(term, block, left) for term, block, left in changed if len(left)]),
    )
    gone = [(term, block) for term, block, left in changed if not len(left)]
    await connection.execute(
        """DELETE FROM postings AS p USING unnest($2::text[], $3::integer[]) AS u (term, block)
           WHERE p.conversation_id = $1 AND p.term = u.term AND p.block = u.block""",
        conversation_id,
        [term for term, _ in gone],
        [block for _, block in gone],
    )
    await connection.execute("UPDATE passages SET word_block = NULL WHERE id = ANY($1::bigint[])", ids)
    await _add_to_totals(connection, conversation_id, counted, -1)


async def _add_to_totals(connection: Connection, conversation_id: int, counted: Sequence[_Counts], sign: int) -> None:
    sizes = [each.sizes() for each in counted]
    await connection.execute(
        """UPDATE word_totals SET passages = passages + $2, turn_tokens = turn_tokens + $3,
               window_tokens = window_tokens + $4 WHERE conversation_id = $1""",
        conversation_id,
        sign * len(counted),
        sign * sum(turn for turn, _ in sizes),
        sign * sum(window for _, window in sizes),
    )


async def _read_homes(connection: Connection, passage_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """Return the conversation and the block of each passage."""
    rows = await connection.fetch(
        "SELECT id, conversation_id, word_block FROM passages WHERE id = ANY($1::bigint[])", list(passage_ids)
    )
    return {int(row[0]): (int(row[1]), row[2]) for row in rows}


def _count(words: Sequence[IndexedWords]) -> list[_Counts]:
    """Blocking."""
    texts = with_stems(words)
    counts = COUNTER.count([text for each in texts for text in (each.turn_text(), each.window_text())])
    return [_Counts(each.passage_id, counts[2 * at], counts[2 * at + 1]) for at, each in enumerate(texts)]


def _make_rows(counted: Sequence[_Counts], blocks: Mapping[int, int]) -> list[list[object]]:
    """Return the columns of the rows in which passages are to stand. Blocking."""
    rows: dict[tuple[str, int], _Row] = {}
    for each in counted:
        sizes = each.sizes()
        block = blocks[each.passage_id]
        for term in each.terms():
            row = rows.get((term, block))
            if row is None:
                row = rows[term, block] = _Row()
            row.add(_pack(each.passage_id, min(each.turn[term], _MOST), min(each.window[term], _MOST), *sizes))
            row.turns += term in each.turn
            row.windows += term in each.window
    keys = sorted(rows)
    return [
        [term for term, _ in keys],
        [block for _, block in keys],
        [rows[key].turns for key in keys],
        [rows[key].windows for key in keys],
        [bytes(rows[key].entries) for key in keys],
    ]


def _columns(rows: Sequence[tuple[str, int, Entries]]) -> list[list[object]]:
    """Return terms, blocks, counts of turns and of windows, and entries."""
    return [
        [term for term, _, _ in rows],
        [block for _, block, _ in rows],
        [int(np.count_nonzero(entries["turn"])) for _, _, entries in rows],
        [int(np.count_nonzero(entries["window"])) for _, _, entries in rows],
        [entries.tobytes() for _, _, entries in rows],
    ]


def _without(entries: bytes, passage_ids: Sequence[int]) -> Entries:
    found: Entries = np.frombuffer(entries, dtype=ENTRY)
    left: Entries = found[~np.isin(found["id"], passage_ids)]
    return left
