"""Several processes on one database. Each opened memory holds its own lock, as each process does."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from memory import ConversationRecord, Entry, Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLATFORMS = ["test"]
HANGING = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from memory import Entry, Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder

async def main():
    store = StoreAddress(Path(sys.argv[1]), sys.argv[2] or None)
    async with Memory.open(store, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        await memory.delivery.receive(place, Entry("hello", datetime.now(UTC), event_id="1"), "payload")
        await memory.delivery.queue_reply(place, None, "reply")
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@asynccontextmanager
async def opened(store: StoreAddress) -> AsyncIterator[tuple[Memory, ConversationRecord]]:
    async with Memory.open(store, HashingEmbedder()) as memory:
        yield memory, await memory.conversations.ensure("test", "1")


async def received(memory: Memory, place: ConversationRecord, event_id: str = "1") -> int:
    return (await memory.delivery.receive(place, Entry("hello", datetime.now(UTC), event_id=event_id), "payload")).id


async def test_what_one_process_handles_no_other_takes_up(store: StoreAddress) -> None:
    async with opened(store) as (one, place), opened(store) as (other, _):
        await received(one, place)
        await one.delivery.queue_reply(place, None, "reply")
        assert await other.delivery.claim_waiting(PLATFORMS) == []
        assert await other.delivery.claim_unsent(PLATFORMS) == []
        assert len(await other.delivery.list_waiting()) == 1


async def test_what_a_process_leaves_is_taken_up_by_one_of_those_that_stay(store: StoreAddress) -> None:
    async with opened(store) as (one, _), opened(store) as (other, _):
        async with opened(store) as (leaving, place):
            number = await received(leaving, place)
            await leaving.delivery.queue_reply(place, None, "reply")
        unsent = await asyncio.gather(*(each.delivery.claim_unsent(PLATFORMS) for each in (one, other, one, other)))
        assert [outgoing.payload for claim in unsent for outgoing in claim] == ["reply"]
        claims = await asyncio.gather(*(each.delivery.claim_waiting(PLATFORMS) for each in (one, other, one, other)))
        assert [waiting.passage_id for claim in claims for waiting in claim] == [number]


async def test_what_is_of_another_platform_is_left_to_who_serves_that(store: StoreAddress) -> None:
    async with opened(store) as (leaving, place):
        await received(leaving, place)
    async with opened(store) as (one, _):
        assert await one.delivery.claim_waiting(["other"]) == []
        assert len(await one.delivery.claim_waiting(["other", *PLATFORMS])) == 1


async def test_what_a_killed_process_left_is_taken_up_at_once(store: StoreAddress) -> None:
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANGING, str(store.path), store.server or "", stdout=asyncio.subprocess.PIPE
    )
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"ready\n"
    async with opened(store) as (one, _):
        assert await one.delivery.claim_waiting(PLATFORMS) == []
        killed.kill()
        await killed.wait()
        while not (claimed := await one.delivery.claim_unsent(PLATFORMS)):
            await one.delivery.wait(0.05)  # a server learns a moment later that a process has ended
        assert len(claimed) == 1
        assert len(await one.delivery.claim_waiting(PLATFORMS)) == 1
    left = await asyncio.to_thread(lambda: list(store.path.parent.glob("*.lock")))
    assert left == []


async def test_a_reply_is_found_by_each_of_its_parts_until_it_is_forgotten(store: StoreAddress) -> None:
    async with opened(store) as (memory, place):
        outgoing = await memory.delivery.queue_reply(place, None, "reply")
        entry = Entry("a long reply", datetime.now(UTC), kind="answer", event_id="a")
        stored = await memory.delivery.mark_sent(outgoing, entry, ["b", "c"])
        assert stored is not None
        for part in ("a", "b", "c"):
            assert [passage.id for passage in await memory.passages.find_event("test", part)] == [stored.id]
            assert await memory.passages.find_event("other", part) == []
        assert await memory.passages.find_event("test", "d") == []
