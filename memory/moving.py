"""Copies a memory from one engine to another, and makes sure that all of it arrived."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import numpy as np

from memory.embedders import Vectors
from memory.engine.transfer import Key, Row, Transfer, Value
from memory.errors import StorageError

BATCH = 1000
"""Rows that are read and written at once."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns, how many of which, the first ones, are its key; one that is `single` holds one row."""

    name: str
    columns: tuple[str, ...]
    keys: int = 1
    single: bool = False

    def key_of(self, row: Row) -> Key:
        """Return the key of a row."""
        return row[: self.keys]

    def sort_value(self, at: int, value: Value) -> Value:
        """Return what a value of the key is sorted by: what a piece of provenance has not is 0 or no text."""
        if self.name == "provenance" and value is None:
            return "" if self.columns[at] == "file_name" else 0
        return value


def _table(name: str, columns: str, keys: int = 1, *, single: bool = False) -> Table:
    return Table(name, tuple(columns.split()), keys, single)


TABLES = (
    _table("people", "id platform external_id name"),
    _table("conversations", "id platform external_id title kind owner_id audience"),
    _table("documents", "id conversation_id name media_type sha256 added_at source notes"),
    _table(
        "passages",
        "id conversation_id kind author author_id said_at said_offset text event_id reply_to link document_id locator "
        "previous_id session_id",
    ),
    _table("facts", "id passage_id conversation_id key valid_from valid_to learnt"),
    _table("evidence", "passage_id source_id cited", 2),
    _table("sent_parts", "event_id passage_id", 2),
    _table("embedding_models", "id name digest dimensions serving"),
    _table("vectors", "model_id passage_id vector", 2),
    _table("embedding_queue", "model_id passage_id", 2),
    _table("imports", "id owner_id source begun_at ended_at"),
    _table("import_ranges", "import_id first_id last_id", 2),
    _table("forgotten_key", "key", single=True),
    _table("forgotten", "mark"),
    _table("provenance_start", "passage_id", single=True),
    _table("inbox", "passage_id payload"),
    _table("outbox", "id conversation_id in_reply_to payload"),
    _table("jobs", "id plugin name conversation_id person_id place payload due_at repeats zone failures"),
    _table("plugin_values", "id plugin conversation_id person_id key value"),
    _table("persistent_buttons", "id conversation_id key payload"),
    _table("kept_files", "name conversation_id payload"),
    _table("provenance", "source_id outbox_id job_id value_id buttons_id file_name", 6),
    _table("judgements", "id answer_id question_id person_id value given_at given_offset"),
    _table("owner_chats", "person_id payload"),
    _table("unhandled_updates", "id platform conversation payload problem met_at"),
    _table("plugin_states", "name enabled digest settings reason"),
    _table("grants", "platform kind external_id role name", 3),
    _table("codes", "id digest expires_at role platform external_id"),
    _table("links", "platform external_id identity", 2),
    _table("usage", "day platform external_id what count", 4),
    _table("pauses", "platform external_id paused_by", 2),
    _table("api_keys", "id name digest scope created_at"),
    _table("audit", "id at actor action subject"),
    _table("last_seen", "platform until"),
)
"""All tables, each after those that it refers to. A value is the same in every engine, down to its digest."""
BY_NAME = {table.name: table for table in TABLES}
COUNTED = tuple(table.name for table in TABLES if table.columns[0] == "id" and table.name != "api_keys")
"""The tables whose ids are counted up."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """How many rows a table has, and the digest of all of them."""

    rows: int
    digest: str


def group_vectors(rows: Sequence[Row]) -> dict[int, tuple[list[int], Vectors]]:
    """Return the passages and the matrix of their vectors, by model, of rows of the table "vectors"."""
    grouped: defaultdict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for model, passage_id, vector in rows:
        if isinstance(model, int) and isinstance(passage_id, int) and isinstance(vector, bytes):
            grouped[model].append((passage_id, vector))
    return {
        model: (
            [passage_id for passage_id, _ in some],
            np.frombuffer(b"".join(vector for _, vector in some), dtype=np.float32).reshape(len(some), -1),
        )
        for model, some in grouped.items()
    }


async def move(source: Transfer, target: Transfer, report: Callable[[str, int], None]) -> dict[str, int]:
    """Copy what the target does not have yet, and compare the two; return how many rows each table has.

    `report` is told the table and how many of its rows were copied. A copy that was broken off goes on where it ended.
    Raises StorageError when the two are not the same afterwards.
    """
    for table in TABLES:
        await _copy(source, target, table, report)
    await target.write_counters(await source.read_counters())
    await target.index()
    counts: dict[str, int] = {}
    for table in TABLES:
        here, there = await _sum_up(source, table), await _sum_up(target, table)
        if here != there:
            raise StorageError(
                f"the copy differs from the memory in the table {table.name} ({here.rows:,} rows, {there.rows:,} in "
                "the copy): it has changed meanwhile. Stop the bot, and move again with --afresh"
            )
        counts[table.name] = here.rows
    return counts


async def _copy(source: Transfer, target: Transfer, table: Table, report: Callable[[str, int], None]) -> None:
    after = None if table.single else await target.find_last(table.name)
    copied = 0
    while rows := await source.read(table.name, after, BATCH):
        await target.write(table.name, rows)
        after = table.key_of(rows[-1])
        copied += len(rows)
        report(table.name, copied)


async def _sum_up(store: Transfer, table: Table) -> _Sum:
    digest, count = hashlib.sha256(), 0
    async for row in _read_all(store, table):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
        count += 1
    return _Sum(count, digest.hexdigest())


async def _read_all(store: Transfer, table: Table) -> AsyncIterator[Row]:
    after: Key | None = None
    while rows := await store.read(table.name, after, BATCH):
        for row in rows:
            yield row
        after = table.key_of(rows[-1])
