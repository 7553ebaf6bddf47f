"""A memory that goes from a file to a server and back is the same, row by row, and a move that breaks off goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from memory import Entry, Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.databases import open_ledger, open_move
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from memory.moving import move
from memory.plugin_records import PluginSpace
from tests.memory.sayings import START, add, said


class BrokenOff(Exception):  # noqa: N818 (what happened)
    pass


def quietly(_table: str, _rows: int) -> None:
    pass


def break_off_at_vectors(table: str, _rows: int) -> None:
    if table == "vectors":
        raise BrokenOff


async def carry(source: StoreAddress, target: StoreAddress, *, afresh: bool = False) -> dict[str, int]:
    async with open_move(source, target, afresh=afresh) as (here, there):
        return await move(here, there, quietly)


@pytest.fixture
async def full(tmp_path: Path) -> StoreAddress:
    """A file with something in it of what a memory can hold."""
    store = StoreAddress(tmp_path / "memory.db")
    async with Memory.open(store, HashingEmbedder()) as memory:
        ann = await memory.people.ensure("test", "ann", "Ann")
        place = await memory.conversations.ensure("test", "1", title="The trip", owner_id=ann.id)
        await add(memory, place, *(said(f"the zeppelin no. {n} lands in Ömerköy", n) for n in range(20)))
        await memory.facts.add(place, Entry("is Ahorn12", START, drawn_from=(1,)), key="wifi", learnt=True)
        await memory.delivery.receive(place, Entry("hello", START, author_id=ann.id, event_id="e1"), '{"a": "\\u0000"}')
        await memory.delivery.queue_reply(place, None, "a reply", (2,))
        await memory.ledger.plugin_values.put(PluginSpace("notes", conversation_id=place.id), "key", "3", (3,))
        await memory.ledger.plugin_states.switch("web", enabled=False, reason="slow")
        await memory.embeddings.embed_pending()
        await memory.forget(Scope.all(), Selection(passage_ids=(20,)))
    return store


async def contents(store: StoreAddress) -> tuple[object, ...]:
    async with Memory.open(store, HashingEmbedder()) as memory:
        assert await memory.upkeep.check() == []
        recalled = await memory.recall("which zeppelin lands in Ömerköy?", Scope.all(), now=START)
        return (
            await memory.passages.select(Scope.all(), Selection(everything=True), limit=100),
            await memory.facts.select(Scope.all()),
            [(each.passage.id, round(each.score, 6)) for each in recalled],
            await memory.delivery.list_waiting(),
            await memory.delivery.list_unsent(),
            await memory.ledger.plugin_states.read_all(),
            await memory.embeddings.count_pending(),
        )


async def test_there_and_back_nothing_has_changed(full: StoreAddress, new_database: str, tmp_path: Path) -> None:
    server = StoreAddress(full.path, new_database)
    counts = await carry(full, server)
    assert (counts["passages"], counts["vectors"], counts["provenance"]) == (21, 21, 2)
    before = await contents(full)
    assert await contents(server) == before
    back = StoreAddress(tmp_path / "back" / "memory.db")
    assert await carry(server, back) == counts
    assert await contents(back) == before


async def test_ids_that_were_forgotten_are_given_to_nobody_after_a_move(full: StoreAddress, new_database: str) -> None:
    server = StoreAddress(full.path, new_database)
    await carry(full, server)
    async with Memory.open(server, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "2")
        (number,) = await add(memory, place, said("later", 99))
    assert number > 22


async def test_a_move_that_breaks_off_goes_on_and_until_then_nothing_opens_its_target(
    full: StoreAddress, new_database: str
) -> None:
    server = StoreAddress(full.path, new_database)
    with pytest.raises(BrokenOff):
        async with open_move(full, server, afresh=False) as (here, there):
            await move(here, there, break_off_at_vectors)
    with pytest.raises(
        StorageError, match=r"has only a part of the memory that is moved to it from .*run `scrubjay move`"
    ):
        async with open_ledger(server):
            pass
    assert (await carry(full, server))["vectors"] == 21
    assert await contents(server) == await contents(full)


async def test_what_changed_between_two_parts_of_a_move_is_noticed(full: StoreAddress, new_database: str) -> None:
    server = StoreAddress(full.path, new_database)
    with pytest.raises(BrokenOff):
        async with open_move(full, server, afresh=False) as (here, there):
            await move(here, there, break_off_at_vectors)
    async with Memory.open(full, HashingEmbedder()) as memory:
        await memory.forget(Scope.all(), Selection(passage_ids=(5,)))
    with pytest.raises(StorageError, match=r"differs from the memory in the table .*move again with --afresh"):
        await carry(full, server)
    await carry(full, server, afresh=True)
    assert await contents(server) == await contents(full)


async def test_a_memory_is_not_moved_into_another(full: StoreAddress, new_database: str, tmp_path: Path) -> None:
    server = StoreAddress(full.path, new_database)
    await carry(full, server)
    with pytest.raises(StorageError, match="holds a memory already; move to an empty database"):
        await carry(full, server)
    with pytest.raises(StorageError, match=r"there is a memory in .* already; move to another folder"):
        await carry(server, full)
    with pytest.raises(StorageError, match="there is no memory in"):
        await carry(StoreAddress(tmp_path / "nothing" / "memory.db"), server)
