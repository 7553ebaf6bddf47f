"""Memories whose tables are partitioned by conversation, and those that became so, or not, by a migration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from memory import Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.postgres import vector_index
from memory.postgres.connection import Connection
from memory.postgres.forget import REFERENCES
from memory.postgres.store import Store
from tests.memory.sayings import add, found, said

_BACK = (
    "DELETE FROM scrubjay.migrations WHERE number >= 14",
    "ALTER TABLE scrubjay.passages DROP CONSTRAINT passages_pkey, ADD PRIMARY KEY (id)",
    "ALTER TABLE scrubjay.vectors_1 DROP CONSTRAINT vectors_1_pkey, ADD PRIMARY KEY (passage_id)",
    "DROP FUNCTION scrubjay.count_partitions, scrubjay.make_vector_tables",
    *(
        f"ALTER TABLE scrubjay.{table} ADD FOREIGN KEY ({column}) REFERENCES scrubjay.passages (id) ON DELETE CASCADE"
        for table, column in REFERENCES
    ),
)
"""Statements that make of a memory with plain tables one from before migration 14."""
NOW = datetime(2025, 1, 1, tzinfo=UTC)
PARTITIONED = ("passages", "postings", "vectors_1", "signs_1")


async def clear(database: str, partitions: str) -> None:
    """Leave an empty database, which says in how many parts a memory is to be kept."""
    await execute(database, "DROP SCHEMA scrubjay CASCADE")
    await choose(database, partitions)


async def choose(database: str, partitions: str) -> None:
    name = database.partition("?")[0].rpartition("/")[2]
    await execute(database, f"ALTER DATABASE {name} SET scrubjay.partitions = '{partitions}'")


async def execute(database: str, *statements: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@asynccontextmanager
async def opened(database: str, folder: Path) -> AsyncIterator[tuple[Memory, Store]]:
    address = StoreAddress(folder / "memory.db", database)
    async with Memory.open(address, HashingEmbedder()) as memory, Store.open(database, folder) as store:
        yield memory, store


async def fill(memory: Memory) -> None:
    for name in ("1", "2", "3"):
        place = await memory.conversations.ensure("test", name)
        await add(memory, place, said(f"a zeppelin over lake {name}"), said("bread and butter", 1), said("salt", 2))
        await memory.facts.add(place, said(f"butter is for lake {name}", 3))
    await memory.embeddings.embed_pending()


async def count_parts(store: Store) -> dict[str, int]:
    return {
        table: int((await store.read("SELECT scrubjay.count_partitions($1::text::regclass)", table))[0][0])
        for table in PARTITIONED
    }


async def count_scans(database: str) -> dict[str, int]:
    """Return how often each part was looked into, once all whom the server knows have told it of theirs."""
    connection = await asyncpg.connect(database)
    try:
        async with asyncio.timeout(60):
            while await connection.fetchval(  # noqa: ASYNC110 (the server tells nobody that a connection has ended)
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ):
                await asyncio.sleep(0.01)
        rows = await connection.fetch(
            """SELECT relname, seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables
               WHERE relname ~ '^(passages|postings|vectors_1|signs_1)_[0-9]+$'"""
        )
        return {str(row[0]): int(row[1]) for row in rows}
    finally:
        await connection.close()


async def read_all(database: str) -> dict[str, list[str]]:
    """Return the rows of every table that is no partition."""
    connection = await asyncpg.connect(database)
    try:
        tables = await connection.fetch(
            """SELECT 'scrubjay.' || relname FROM pg_class WHERE relnamespace = 'scrubjay'::regnamespace
               AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migrations'"""
        )
        return {
            table: sorted(str(row[0]) for row in await connection.fetch(f"SELECT t::text FROM {table} AS t"))  # noqa: S608 (names that the database gave)
            for (table,) in tables
        }
    finally:
        await connection.close()


@pytest.mark.parametrize(("partitions", "parts"), [("4", 4), ("1", 0), ("", 0)])
async def test_a_new_memory_is_partitioned_as_its_database_says(
    partitions: str, parts: int, new_database: str, tmp_path: Path
) -> None:
    await clear(new_database, partitions)
    async with opened(new_database, tmp_path) as (memory, store):
        await fill(memory)
        assert await count_parts(store) == {"passages": parts, "postings": 16, "vectors_1": parts, "signs_1": parts}
        assert await memory.upkeep.check() == []
        assert (await found(memory, "zeppelin"))[0].startswith("a zeppelin")


@pytest.mark.parametrize("partitions", ["many", "0", "257", "-1"])
async def test_another_number_of_partitions_is_refused(partitions: str, new_database: str, tmp_path: Path) -> None:
    await clear(new_database, partitions)
    with pytest.raises(StorageError, match=f'is "{partitions}"; it takes a number from 1 to 256'):
        async with Store.open(new_database, tmp_path):
            pass
    await choose(new_database, "2")
    async with Store.open(new_database, tmp_path) as store:
        assert await store.read("SELECT 1 FROM passages") == []


@pytest.mark.parametrize(("partitions", "parts"), [("4", 4), ("1", 0)])
async def test_a_memory_from_before_keeps_everything(
    partitions: str, parts: int, new_database: str, tmp_path: Path
) -> None:
    async with opened(new_database, tmp_path) as (memory, _):
        await fill(memory)
    await execute(new_database, *_BACK)
    before = await read_all(new_database)
    await choose(new_database, partitions)
    async with opened(new_database, tmp_path) as (memory, store):
        assert await count_parts(store) == {"passages": parts, "postings": 16, "vectors_1": parts, "signs_1": parts}
    assert await read_all(new_database) == before
    async with opened(new_database, tmp_path) as (memory, store):
        assert await memory.upkeep.check() == []
        assert (await found(memory, "zeppelin"))[0].startswith("a zeppelin")
        last = int((await store.read("SELECT max(id) FROM passages"))[0][0])
        await fill(memory)
        assert (await store.read("SELECT count(*) FROM passages WHERE id > $1", last))[0][0] > 0


async def test_what_is_asked_and_said_in_one_conversation_looks_into_its_partitions_alone(
    new_database: str, tmp_path: Path
) -> None:
    await clear(new_database, "4")
    async with opened(new_database, tmp_path) as (memory, store):
        await fill(memory)
        places = [await memory.conversations.ensure("test", name) for name in ("1", "2", "3")]
        rows = await store.read("SELECT conversation_id, tableoid::regclass::text FROM passages")
        parts = {int(place): str(table).rpartition("_")[2] for place, table in rows}
        in_postings = await store.read("SELECT DISTINCT conversation_id, tableoid::regclass::text FROM postings")
    assert len(set(parts.values())) > 1, "otherwise there is nothing to be left out"
    place = places[0]
    allowed = {f"{table}_{parts[place.id]}" for table in ("passages", "vectors_1", "signs_1")}
    allowed |= {str(table) for at, table in in_postings if at == place.id}
    before = await count_scans(new_database)
    async with opened(new_database, tmp_path) as (memory, _):
        answers = await memory.recall("a zeppelin", Scope(conversation_ids=frozenset({place.id})), now=NOW)
        await memory.delivery.receive(place, said("what zeppelin", 9, event_id="9"), "payload")
    assert answers[0].passage.text == "a zeppelin over lake 1"
    after = await count_scans(new_database)
    assert {name for name in after if after[name] > before.get(name, 0)} <= allowed


async def test_what_is_forgotten_takes_with_it_what_refers_to_it_in_other_partitions(
    new_database: str, tmp_path: Path
) -> None:
    await clear(new_database, "4")
    async with opened(new_database, tmp_path) as (memory, store):
        await fill(memory)
        source = int((await store.read("SELECT min(id) FROM passages"))[0][0])
        other = await memory.conversations.ensure("test", "3")
        await memory.passages.add(other, [said("as was said", 8, kind="answer", drawn_from=(source,))])
        receipt = await memory.passages.forget(Scope.all(), Selection(passage_ids=(source,)), verify=True)
        assert (receipt.answers, receipt.verified) == (1, True)
        assert await memory.upkeep.check() == []


async def test_the_doctor_counts_what_refers_to_a_passage_that_is_gone(database: str, tmp_path: Path) -> None:
    async with opened(database, tmp_path) as (memory, _):
        await fill(memory)
        await execute(database, "INSERT INTO scrubjay.sent_parts VALUES ('1', 999)")
        assert await memory.upkeep.check() == ["1 rows of sent_parts refer to a passage that is gone"]


async def test_making_the_index_of_all_partitions_goes_on_where_it_was_broken_off(
    new_database: str, tmp_path: Path
) -> None:
    async def break_off(connection: Connection) -> None:
        for part in (0, 1):
            await connection.execute(
                f"CREATE INDEX signs_1_{part}_near ON signs_1_{part} USING hnsw (signs bit_hamming_ops)"
            )
        await connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'scrubjay.signs_1_1_near'::regclass"
        )

    await clear(new_database, "4")
    async with opened(new_database, tmp_path) as (memory, store):
        await fill(memory)
        await store.write(break_off)
        async with store.reading() as connection:
            await vector_index.make_index(connection, 1)
        assert await store.ask(lambda c: vector_index.is_for(c, 1, None))
        found_again = await store.ask(lambda c: vector_index.is_worth_making(c, 1, indexed_from=0))
        assert not found_again
        assert (await found(memory, "zeppelin"))[0].startswith("a zeppelin")
