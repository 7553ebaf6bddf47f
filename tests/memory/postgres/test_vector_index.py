"""A large memory is searched by an index of its vectors; what it finds is nearly what a look at all of them finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from memory import Memory
from memory.addresses import StoreAddress
from memory.databases import inspect_server
from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.hashing import HashingEmbedder
from memory.postgres import vector_index, vectors
from memory.postgres.connection import Connection
from memory.postgres.store import Store
from memory.postgres.upkeep import PostgresUpkeep
from tests.memory.sayings import add, found, said

VECTORS = 3000
DIMENSIONS = 64
NEAREST = 20


async def fill(connection: Connection) -> None:
    model = await vectors.register(connection, EmbedderIdentity("made up", "0", DIMENSIONS))
    drawn = draw(VECTORS)
    rows = [(number + 1, 1 if number % 10 else 2) for number in range(VECTORS)]
    await vectors.put(connection, model, rows, drawn)
    for conversation, share in ((1, 9), (2, 1)):
        await connection.execute(
            "INSERT INTO word_totals (conversation_id, passages) VALUES ($1, $2)", conversation, VECTORS * share // 10
        )


def draw(count: int) -> Vectors:
    made: Vectors = np.random.default_rng(3).standard_normal((count, DIMENSIONS)).astype(np.float32)
    return made


async def make_index(store: Store) -> None:
    async with store.reading() as connection:
        await vector_index.make_index(connection, 1)


async def near(store: Store, query: Vectors, conversations: list[int] | None, *, by_index: bool) -> set[int]:
    async def ask(connection: Connection) -> list[int]:
        return await vectors.nearest(connection, 1, query, conversations, NEAREST, by_index=by_index)

    return set(await store.ask(ask))


@pytest.mark.parametrize("conversations", [None, [1]])
async def test_the_index_finds_nearly_all_that_is_nearest(
    conversations: list[int] | None, database: str, tmp_path: Path
) -> None:
    async with Store.open(database, tmp_path) as store:
        await store.write(fill)
        await make_index(store)
        queries = draw(20)
        exact = [await near(store, query, conversations, by_index=False) for query in queries]
        indexed = [await near(store, query, conversations, by_index=True) for query in queries]
    assert {len(each) for each in indexed} == {NEAREST}
    shared = [len(some & others) / NEAREST for some, others in zip(exact, indexed, strict=True)]
    assert sum(shared) / len(shared) > 0.8  # signs that are equally near make up the rest


async def test_a_small_part_of_the_memory_is_compared_exactly(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        await store.write(fill)
        assert not await store.ask(lambda c: vector_index.is_for(c, 1, None))
        await make_index(store)
        assert await store.ask(lambda c: vector_index.is_for(c, 1, None))
        assert await store.ask(lambda c: vector_index.is_for(c, 1, [1]))
        assert not await store.ask(lambda c: vector_index.is_for(c, 1, [2]))
        assert not await store.ask(lambda c: vector_index.is_for(c, 1, []))


async def test_an_index_that_was_broken_off_is_made_again(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        await store.write(fill)
        await make_index(store)
        await store.write(lambda connection: spoil(connection, "signs_1_near"))
        assert not await store.ask(lambda c: vector_index.is_for(c, 1, None))
        await make_index(store)
        assert await store.ask(lambda c: vector_index.is_for(c, 1, None))


async def spoil(connection: Connection, *indexes: str) -> None:
    """Mark indexes as unusable, as those are whose making was broken off."""
    for each in indexes:
        await connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::text::regclass", f"scrubjay.{each}"
        )


async def test_compact_indexes_a_large_memory_and_the_doctor_says_so(database: str, tmp_path: Path) -> None:
    address = StoreAddress(tmp_path / "memory.db", database)
    async with Memory.open(address, HashingEmbedder()) as memory, Store.open(database, tmp_path) as store:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("a zeppelin over the lake"), said("bread and butter", 1))
        await memory.embeddings.embed_pending()
        await PostgresUpkeep(store).compact()
        assert await vector_line(database) == ("about 2, all compared", "")
        await PostgresUpkeep(store, indexed_from=2).compact()
        assert await vector_line(database) == ("about 2, with an index", "")
        assert (await found(memory, "zeppelin"))[0] == "a zeppelin over the lake"


async def test_the_doctor_says_how_many_vectors_get_an_index(database: str, tmp_path: Path) -> None:
    async with Store.open(database, tmp_path) as store:
        await store.write(fill)
        await store.write(lambda c: c.execute("UPDATE pg_class SET reltuples = 100000 WHERE relname = 'signs_1'"))
        assert await vector_line(database) == (
            "about 100000, without an index",
            "`scrubjay compact` makes one, in minutes",
        )


async def vector_line(database: str) -> tuple[str, str]:
    (line,) = [each for each in await inspect_server(database) if each.name == "vectors"]
    return line.found.format_map(line.values), line.advice.format_map(line.values)
