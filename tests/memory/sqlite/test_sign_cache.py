"""The copy of the signs in memory: it finds what sqlite-vec finds, whoever has written what, or leaves it to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiosqlite
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory import Entry, Memory, Scope, Selection
from memory.embedders import EmbedderIdentity, Vectors
from memory.embedders.hashing import HashingEmbedder
from memory.sqlite import vectors
from memory.sqlite.search import SqliteSearch
from memory.sqlite.sign_cache import AT_ONCE, SignCache
from memory.sqlite.sign_index import CHUNK
from memory.sqlite.store import Store
from tests.emulators.patience import PATIENCE
from tests.memory.sayings import add, at, said

PLENTY = 64 << 20
DIMENSIONS = 20
"""So few that most distances are equal, and no whole number of words."""
PEOPLE = 3


class Signs:
    """A sign table that one store writes, and what its copy in another and sqlite-vec find there."""

    def __init__(self, writer: Store, reader: Store, cache: SignCache) -> None:
        self.writer = writer
        self.reader = reader
        self.cache = cache
        self.draw = np.random.default_rng(7)
        self.model = 1

    def make(self, count: int) -> Vectors:
        made: Vectors = self.draw.standard_normal((count, DIMENSIONS)).astype(np.float32)
        return made

    async def put(self, passage_ids: Sequence[int]) -> None:
        rows = [(at, at % PEOPLE) for at in passage_ids]
        made = self.make(len(rows))
        await self.writer.write(lambda connection: vectors.put(connection, self.model, rows, made))

    async def remove(self, passage_ids: Sequence[int]) -> None:
        await self.writer.write(lambda connection: vectors.remove(connection, passage_ids))

    async def both(self, conversations: Sequence[int] | None, limit: int = 64) -> tuple[list[int] | None, list[int]]:
        query = self.make(1)[0]

        async def ask(connection: aiosqlite.Connection) -> tuple[list[int] | None, list[int]]:
            sought = (connection, self.model, query, conversations, limit)
            return await self.cache.nearest(*sought), await vectors.nearest(*sought)

        return await self.reader.ask(ask)

    async def agree(self) -> bool:
        """Whether the copy answered; if it did, it found the same in the same order."""
        answered = True
        for conversations in (None, [0], [1, 2], [9], []):
            ours, expected = await self.both(conversations)
            answered = answered and ours is not None
            assert ours is None or ours == expected
        return answered


@pytest.fixture
async def signs(path: Path) -> AsyncIterator[Signs]:
    async with Store.open(path) as writer, Store.open(path) as reader, SignCache.open(reader, PLENTY) as cache:
        await writer.write(lambda connection: vectors.register(connection, EmbedderIdentity("test", "1", DIMENSIONS)))
        yield Signs(writer, reader, cache)


async def test_the_copy_finds_the_same_as_the_table_ties_included(signs: Signs) -> None:
    await signs.put(range(1, 3 * CHUNK))
    assert not await signs.agree()
    await signs.cache.fill()
    assert await signs.agree()


async def test_what_another_process_writes_and_removes_counts_in_the_next_search(signs: Signs) -> None:
    await signs.put(range(1, 2000))
    await signs.cache.fill()
    await signs.put(range(2000, 2100))
    assert await signs.agree()
    await signs.remove(range(50, 90))
    assert await signs.agree()
    await signs.put(range(60, 70))
    assert await signs.agree()


async def test_chunks_that_were_emptied_leave_the_copy_and_later_ones_come_behind(signs: Signs) -> None:
    await signs.put(range(1, 3 * CHUNK))
    await signs.cache.fill()
    for start in range(1, 2 * CHUNK, 512):
        await signs.remove(range(start, start + 512))
        assert await signs.agree()
    await signs.put(range(9000, 9000 + CHUNK))
    assert await signs.agree()


async def test_a_table_that_was_made_again_is_read_again(signs: Signs) -> None:
    await signs.put(range(1, 4 * CHUNK))
    await signs.cache.fill()
    await signs.remove(range(1, 3 * CHUNK))  # so many that the table is dropped, and made again of the rest
    await signs.agree()
    await signs.cache.fill()
    assert await signs.agree()
    await signs.put(range(1, 10))
    assert await signs.agree()


async def test_too_many_changes_for_one_search_are_left_to_the_background(signs: Signs) -> None:
    await signs.put(range(1, 100))
    await signs.cache.fill()
    await signs.put(range(100, (AT_ONCE + 2) * CHUNK))
    assert not await signs.agree()
    await signs.cache.fill()
    assert await signs.agree()


async def test_a_connection_that_began_before_the_copy_was_renewed_asks_the_table(signs: Signs) -> None:
    await signs.put(range(1, 500))
    await signs.cache.fill()
    assert await signs.agree()
    query = signs.make(1)[0]
    async with signs.reader.snapshot() as early:
        before = await vectors.nearest(early, 1, query, None, 20)
        await signs.remove(before[:10])
        assert await signs.agree()
        assert await signs.cache.nearest(early, 1, query, None, 20) is None
        assert await vectors.nearest(early, 1, query, None, 20) == before


async def test_a_table_larger_than_the_setting_allows_is_searched_where_it_is(signs: Signs) -> None:
    await signs.put(range(1, 100))
    async with SignCache.open(signs.reader, 1 << 16) as small:
        signs.cache = small
        await small.fill()
        assert not await signs.agree()


async def test_a_copy_that_would_answer_otherwise_is_not_used(signs: Signs, caplog: pytest.LogCaptureFixture) -> None:
    await signs.put(range(1, 3000))
    await signs.cache.fill()
    assert signs.cache._index is not None
    signs.cache._index.put(1, None)  # as if the chunk had been misread
    with caplog.at_level(logging.ERROR):
        ours, expected = await signs.both(None)
    assert ours == expected
    assert (await signs.both(None))[0] is None
    assert "answers otherwise" in caplog.text


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "remove", "fill"]), st.integers(1, 6000), st.integers(1, 2500)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25)
@given(steps=STEPS)
def test_whatever_is_written_and_removed_it_answers_as_the_table_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> None:
    async def follow() -> None:
        path = tmp_path_factory.mktemp("signs") / "memory.db"
        async with Store.open(path) as writer, Store.open(path) as reader, SignCache.open(reader, PLENTY) as cache:
            identity = EmbedderIdentity("test", "1", DIMENSIONS)
            await writer.write(lambda connection: vectors.register(connection, identity))
            signs = Signs(writer, reader, cache)
            await signs.put(range(1, 2500))
            for what, first, count in steps:
                if what == "fill":
                    await cache.fill()
                else:
                    await (signs.put if what == "put" else signs.remove)(range(first, first + count))
                await signs.agree()
            await cache.fill()
            assert await signs.agree()

    asyncio.run(follow())


TOPICS = ("zeppelin", "harbour", "violin", "glacier", "orchard", "lantern", "compass")


def _told(n: int) -> Entry:
    return said(f"{TOPICS[n % 7]} {n} and the {TOPICS[n // 7 % 7]}", n * 20, event_id=f"event {n}")


def _cache_of(memory: Memory) -> SignCache:
    assert isinstance(memory._search, SqliteSearch)
    return memory._search._signs


async def _recall(memory: Memory, n: int, scope: Scope) -> list[tuple[str, float, dict[str, float]]]:
    question = f"When was the {TOPICS[n % 7]} near the {TOPICS[n // 7 % 7]}?"
    recollections = await memory.recall(question, scope, now=at(1_000_000))
    return [(each.passage.text, each.score, each.parts) for each in recollections]


async def test_recall_is_the_same_with_the_copy_as_without(path: Path) -> None:
    """One memory writes, another recalls with the copy, and a third without; they know nothing of each other."""
    async with (
        Memory.open(path, HashingEmbedder()) as writing,
        Memory.open(path, HashingEmbedder()) as fast,
        Memory.open(path, HashingEmbedder(), search_cache_mb=0) as plain,
    ):
        here = await writing.conversations.ensure("test", "1")
        there = await writing.conversations.ensure("test", "2")
        ids = await add(writing, here, *(_told(n) for n in range(4500)))
        await add(writing, there, *(_told(n) for n in range(4500, 6000)))

        async def compare() -> None:
            await writing.embeddings.embed_pending()
            for scope in (Scope.all(), Scope.of_conversation(here.id)):
                for n in (17, 4242):
                    recalled = await _recall(fast, n, scope)
                    assert recalled
                    assert recalled == await _recall(plain, n, scope)
                    await _cache_of(fast).fill()

        await compare()
        await add(writing, here, *(_told(n) for n in range(6000, 6100)))
        await compare()
        await writing.forget(Scope.all(), Selection(passage_ids=tuple(ids[10:60])))
        await compare()
        await writing.passages.edit(here, "event 100", "the zeppelin is late")
        await compare()
        assert _cache_of(fast)._index is not None


async def test_what_is_forgotten_leaves_the_copy_though_nothing_is_asked(path: Path) -> None:
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        ids = await add(memory, place, *(_told(n) for n in range(4500)))
        await memory.embeddings.embed_pending()
        await _recall(memory, 17, Scope.all())
        await _cache_of(memory).fill()
        index = _cache_of(memory)._index
        assert index is not None
        block = index._blocks[0]
        row = int(np.flatnonzero(block.passage_ids == ids[77])[0])
        assert block.words[:, row].any()
        await memory.forget(Scope.all(), Selection(passage_ids=(ids[77],)))
        async with asyncio.timeout(PATIENCE):
            while block.words[:, row].any():  # noqa: ASYNC110 (nothing tells when the background is done)
                await asyncio.sleep(0.01)
        assert ids[77] not in block.passage_ids[block.absent == 0]
