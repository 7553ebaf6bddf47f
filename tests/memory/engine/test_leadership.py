"""Work that one of several processes does at a time. Each opened memory stands for a process."""

from __future__ import annotations

import asyncio

import pytest

from memory import Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder


async def test_one_process_does_a_task_at_a_time_and_another_takes_over(memory: Memory, store: StoreAddress) -> None:
    told: list[str] = []
    begun, end = asyncio.Event(), asyncio.Event()

    async def work(name: str) -> None:
        told.append(f"{name} begins")
        begun.set()
        await end.wait()
        told.append(f"{name} ends")

    async with Memory.open(store, HashingEmbedder()) as other, asyncio.TaskGroup() as group:
        group.create_task(memory.leadership.lead("receive from test", lambda: work("one")))
        await begun.wait()
        group.create_task(other.leadership.lead("receive from test", lambda: work("other")))
        await other.leadership.lead("receive from elsewhere", lambda: tell(told, "beside"))
        end.set()
    assert told == ["one begins", "beside", "one ends", "other begins", "other ends"]
    assert list(store.path.parent.glob("*.lock")) == []


async def test_what_the_work_raises_is_raised_and_lets_others_go_on(memory: Memory, store: StoreAddress) -> None:
    async def fail() -> None:
        raise ValueError("refused")

    told: list[str] = []
    async with Memory.open(store, HashingEmbedder()) as other:
        with pytest.raises(ValueError, match="refused"):
            await memory.leadership.lead("receive from test", fail)
        await other.leadership.lead("receive from test", lambda: tell(told, "done"))
    assert told == ["done"]


async def tell(told: list[str], word: str) -> None:
    told.append(word)
