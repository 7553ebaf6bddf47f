"""Planned jobs at the level of the database: who gets one, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from memory import ConversationRecord, Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import ValueRefused
from memory.plugin_records import MAX_PAYLOAD, JobReply, StoredJob

NOW = datetime(2024, 5, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def due(
    memory: Memory, now: datetime = NOW, platforms: tuple[str, ...] = ("test",), limit: int = 10
) -> list[StoredJob]:
    return await memory.jobs.claim_due(now, plugins=["bell"], platforms=platforms, limit=limit)


def ring(place: ConversationRecord, payload: str = '"ding"', when: datetime = NOW) -> StoredJob:
    return StoredJob("bell", "ring", when, payload, conversation_id=place.id, place="{}")


async def test_a_job_is_handed_out_when_it_is_due_and_to_one_only(
    memory: Memory, store: StoreAddress, place: ConversationRecord
) -> None:
    planned = await memory.jobs.plan(ring(place))
    assert await due(memory, NOW - HOUR) == []
    async with Memory.open(store, HashingEmbedder()) as other:
        assert await due(memory) == [planned]
        assert await due(other) == await due(memory) == []


async def test_the_earliest_come_first_and_no_more_than_asked_for(memory: Memory) -> None:
    for hours in (3, 1, 2):
        place = await memory.conversations.ensure("test", str(hours))
        await memory.jobs.plan(ring(place, str(hours), NOW - hours * HOUR))
    assert [job.payload for job in await due(memory, limit=2)] == ["3", "2"]
    assert [job.payload for job in await due(memory)] == ["1"]


async def test_what_a_process_leaves_undone_is_taken_over_once_it_is_gone(
    memory: Memory, store: StoreAddress, place: ConversationRecord
) -> None:
    planned = await memory.jobs.plan(ring(place))
    async with Memory.open(store, HashingEmbedder()) as other:
        assert await due(other) == [planned]
        assert await due(memory) == []
    assert await due(memory) == [planned]


async def test_a_released_job_can_be_had_again_and_a_postponed_one_later(
    memory: Memory, place: ConversationRecord
) -> None:
    planned = await memory.jobs.plan(ring(place))
    await due(memory)
    await memory.jobs.release(planned)
    assert await due(memory) == [planned]
    await memory.jobs.postpone(planned, NOW + HOUR)
    assert await due(memory) == []
    assert await memory.jobs.find_next_due(NOW - HOUR, plugins=["bell"], platforms=["test"]) == NOW + HOUR
    (again,) = await due(memory, NOW + HOUR)
    assert again.failures == 1
    await memory.jobs.finish(again, NOW + 2 * HOUR)
    ((repeated,),) = [await due(memory, NOW + 2 * HOUR)]
    assert repeated.failures == 0


async def test_of_one_conversation_only_the_earliest_is_handed_out_while_it_is_being_done(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "other")
    later = await memory.jobs.plan(replace(ring(place), due_at=NOW))
    first = await memory.jobs.plan(replace(ring(place), due_at=NOW - HOUR))
    beside = await memory.jobs.plan(ring(other))
    assert await due(memory) == [first, beside]
    assert await due(memory) == []
    await memory.jobs.finish(first, None)
    assert await due(memory) == [later]


async def test_a_job_of_a_plugin_that_does_not_run_holds_up_nothing(memory: Memory, place: ConversationRecord) -> None:
    await memory.jobs.plan(replace(ring(place), plugin="switched off", due_at=NOW - HOUR))
    planned = await memory.jobs.plan(ring(place))
    assert await due(memory) == [planned]


async def test_only_what_this_process_can_do_is_handed_out(memory: Memory, place: ConversationRecord) -> None:
    await memory.jobs.plan(ring(place))
    await memory.jobs.plan(StoredJob("other", "ring", NOW))
    await memory.jobs.declare("bell", [StoredJob("bell", "tick", NOW, repeats="every 60 seconds", zone="UTC")])
    assert [job.name for job in await due(memory, platforms=("elsewhere",))] == ["tick"]
    assert await memory.jobs.find_next_due(NOW, plugins=["bell"], platforms=["elsewhere"]) is None


async def test_replies_are_queued_with_the_end_of_a_job_and_not_for_one_that_was_cancelled(
    memory: Memory, place: ConversationRecord
) -> None:
    kept, cancelled = [await memory.jobs.plan(ring(place)) for _ in range(2)]
    await due(memory)
    assert await memory.jobs.cancel(cancelled.id)
    assert not await memory.jobs.cancel(cancelled.id)
    assert await memory.jobs.finish(cancelled, None, [JobReply(place.id, "lost")]) == []
    (outgoing,) = await memory.jobs.finish(kept, None, [JobReply(place.id, "said")])
    assert [each.payload for each in await memory.delivery.list_unsent()] == [outgoing.payload] == ["said"]
    assert await memory.jobs.select("bell") == []


async def test_what_a_plugin_declares_keeps_its_time_until_it_is_declared_otherwise(memory: Memory) -> None:
    tick = StoredJob("bell", "tick", NOW, repeats="every 60 seconds", zone="UTC")
    await memory.jobs.declare("bell", [tick])
    await memory.jobs.declare("bell", [StoredJob("bell", "tick", NOW + HOUR, repeats="every 60 seconds", zone="UTC")])
    assert await memory.jobs.find_next_due(NOW - HOUR, plugins=["bell"], platforms=[]) == NOW
    await memory.jobs.declare("bell", [StoredJob("bell", "tick", NOW + HOUR, repeats="every 90 seconds", zone="UTC")])
    assert await memory.jobs.find_next_due(NOW - HOUR, plugins=["bell"], platforms=[]) == NOW + HOUR
    await memory.jobs.declare("bell", [])
    assert await memory.jobs.find_next_due(NOW - HOUR, plugins=["bell"], platforms=[]) is None


async def test_too_large_a_payload_is_refused(memory: Memory, place: ConversationRecord) -> None:
    with pytest.raises(ValueRefused, match=f"{MAX_PAYLOAD + 1} bytes"):
        await memory.jobs.plan(ring(place, "é" * (MAX_PAYLOAD // 2) + "1"))
    assert await memory.jobs.select("bell") == []
