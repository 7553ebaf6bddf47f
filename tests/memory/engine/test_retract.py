"""Facts that are taken back: the chain of what held when closes again over the gap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from memory import Entry, Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.receipts import Receipt

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)


def at(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


@pytest.mark.parametrize("order", list(permutations(range(3), 2)))
async def test_what_is_left_holds_one_after_the_other_whatever_is_taken_back(
    store: StoreAddress, order: tuple[int, int]
) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "a")
        kept = [await memory.facts.add(place, Entry(f"number {n}", at(n)), key="number") for n in range(3)]
        for gone in order:
            receipt = await memory.facts.retract(Scope.all(), [kept[gone].passage_id])
            assert (receipt.passages, receipt.facts) == (1, 1)
        (left,) = await memory.facts.select(Scope.all(), include_closed=True)
        assert (left.statement, left.valid_to) == (f"number {({0, 1, 2} - set(order)).pop()}", None)


async def test_taking_back_the_middle_one_lets_the_first_hold_until_the_last(store: StoreAddress) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "a")
        kept = [await memory.facts.add(place, Entry(f"number {n}", at(n)), key="number") for n in range(3)]
        await memory.facts.retract(Scope.all(), [kept[1].passage_id])
        held = {each.statement: each.valid_to for each in await memory.facts.select(Scope.all(), include_closed=True)}
        assert held == {"number 0": at(2), "number 2": None}


async def test_other_keys_conversations_and_scopes_are_left_alone(store: StoreAddress) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        here, there = await memory.conversations.ensure("test", "a"), await memory.conversations.ensure("test", "b")
        for place in (here, there):
            for key in ("number", "street", None):
                for n in range(2):
                    await memory.facts.add(place, Entry(f"{key} {n}", at(n)), key=key)
        before = await memory.facts.select(Scope.of_conversation(there.id), include_closed=True)
        (newest,) = [each for each in await memory.facts.select(Scope.of_conversation(here.id)) if each.key == "number"]
        assert await memory.facts.retract(Scope.of_conversation(there.id), [newest.passage_id]) == Receipt()
        await memory.facts.retract(Scope.of_conversation(here.id), [newest.passage_id])
        assert await memory.facts.select(Scope.of_conversation(there.id), include_closed=True) == before
        open_here = {each.statement for each in await memory.facts.select(Scope.of_conversation(here.id))}
        assert open_here == {"number 0", "street 1", "None 0", "None 1"}


async def test_nothing_and_what_is_no_fact_can_not_be_taken_back(store: StoreAddress) -> None:
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "a")
        (stored,) = await memory.passages.add(place, [Entry("The tent is torn", NOON)])
        assert await memory.facts.retract(Scope.all(), []) == Receipt()
        assert await memory.facts.retract(Scope.all(), [stored.id, 999]) == Receipt()
        assert len(await memory.passages.select(Scope.all(), Selection(everything=True))) == 1


async def test_to_retract_no_fact_retracts_none(memory: Memory) -> None:
    place = await memory.conversations.ensure("test", "1")
    await memory.facts.add(place, Entry("azulejo1755", NOON), key="wifi password")
    assert await memory.facts.retract(Scope.all(), []) == Receipt()
    assert len(await memory.facts.select(Scope.all())) == 1
