"""Several processes that handle messages of the same conversations, in order, wherever these arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import asyncpg
import pytest

from memory import ConversationRecord, Memory, Stored
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError, TakenOver
from memory.plugin_records import JobReply, StoredJob
from memory.postgres import jobs, locks
from memory.postgres.claims import Claims
from memory.postgres.connection import Connection, Work
from memory.postgres.delivery import PostgresDelivery
from memory.postgres.jobs import PostgresJobs
from memory.postgres.store import Store
from tests.memory.sayings import said, texts

PLATFORMS = ["test"]
T = TypeVar("T")


@pytest.fixture
def store(database: str, tmp_path: Path) -> StoreAddress:
    return StoreAddress(tmp_path / "memory.db", database)


@asynccontextmanager
async def process(store: StoreAddress) -> AsyncIterator[tuple[Memory, ConversationRecord]]:
    async with Memory.open(store, HashingEmbedder()) as memory:
        yield memory, await memory.conversations.ensure("test", "1")


async def receive(memory: Memory, place: ConversationRecord, number: int) -> Stored:
    return await memory.delivery.receive(place, said(f"message {number}", number, event_id=str(number)), str(number))


async def claim(memory: Memory) -> list[str]:
    return [waiting.payload for waiting in await memory.delivery.claim_waiting(PLATFORMS)]


async def finish(memory: Memory, place: ConversationRecord, stored: Stored, text: str) -> None:
    outgoing = await memory.delivery.queue_reply(place, stored.id, text)
    await memory.delivery.mark_sent(outgoing, said(text, kind="answer", event_id=text))


async def sign(memory: Memory, number: int) -> None:
    """Sign everything that waits with a number."""

    async def write(connection: Connection) -> None:
        await connection.execute("UPDATE inbox SET claimed_by = $1", number)
        await connection.execute("UPDATE outbox SET claimed_by = $1", number)

    assert isinstance(memory.delivery, PostgresDelivery)
    await memory.delivery._store.write(write)


@asynccontextmanager
async def breaking_at_commit(store: StoreAddress, table: str) -> AsyncIterator[None]:
    """Let the server end the connection of whoever commits a change of a table, as it does when it goes away then."""
    connection = await asyncpg.connect(store.server)
    await connection.execute(
        """CREATE FUNCTION scrubjay.break_off() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"""
    )
    await connection.execute(
        f"""CREATE CONSTRAINT TRIGGER break_off AFTER UPDATE ON scrubjay.{table} DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION scrubjay.break_off()"""
    )
    try:
        yield
    finally:
        await connection.execute("DROP FUNCTION scrubjay.break_off() CASCADE")
        await connection.close()


class LateStore(Store):
    """A store whose writes are committed some time before whoever asked for them hears of it."""

    committed = asyncio.Event()
    told = asyncio.Event()

    async def write(self, write: Work[T], *, repeatable: bool = False) -> T:
        """Tell that it is committed, and wait until that may be heard."""
        result = await super().write(write, repeatable=repeatable)
        self.committed.set()
        await self.told.wait()
        return result


@asynccontextmanager
async def late_delivery(store: StoreAddress, claims: Claims) -> AsyncIterator[tuple[PostgresDelivery, LateStore]]:
    async with LateStore.open(str(store.server), store.path.parent) as late:
        assert isinstance(late, LateStore)
        late.committed, late.told = asyncio.Event(), asyncio.Event()
        yield PostgresDelivery(late, claims), late


def claims_of(memory: Memory) -> Claims:
    assert isinstance(memory.delivery, PostgresDelivery)
    return memory.delivery._claims


async def renew(memory: Memory) -> None:
    """Let a process give its number up, as when it is in doubt of what it has signed, and wait until it has."""
    await lose(memory, claims_of(memory).doubting())


async def lose(memory: Memory, work: AbstractContextManager[None]) -> None:
    """Let what a process works on fail for want of the server, and wait until it goes on under another number."""
    presence = claims_of(memory)._presence
    presence.woken.clear()
    with pytest.raises(StorageError), work:
        raise StorageError("the server has gone away")
    await asyncio.wait_for(presence.woken.wait(), 60)


async def wait_for_number(memory: Memory, after: int) -> None:
    """Wait until a process has a number that it takes after this one."""
    async with asyncio.timeout(60):
        while claims_of(memory)._presence.number <= after:  # noqa: ASYNC110 (nobody is told of it)
            await asyncio.sleep(0.01)


@asynccontextmanager
async def holding(store: StoreAddress, table: str) -> AsyncIterator[None]:
    """Lock a table's rows, so that whoever changes them waits for the block's end."""
    async with locking(store, f"SELECT FROM scrubjay.{table} FOR UPDATE"):
        yield


@asynccontextmanager
async def holding_memory(store: StoreAddress) -> AsyncIterator[None]:
    """Take the memory, so that whoever writes passages or replies waits for the block's end."""
    async with locking(store, f"SELECT pg_advisory_xact_lock({locks._MEMORY})"):
        yield


@asynccontextmanager
async def locking(store: StoreAddress, sql: str) -> AsyncIterator[None]:
    connection = await asyncpg.connect(store.server)
    try:
        async with connection.transaction():
            await connection.execute(sql)
            yield
    finally:
        await connection.close()


async def wait_until_blocked(store: StoreAddress) -> None:
    """Wait until somebody waits for a lock."""
    connection = await asyncpg.connect(store.server)
    try:
        async with asyncio.timeout(60):
            while not await connection.fetchval(  # noqa: ASYNC110 (the server tells nobody)
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ):
                await asyncio.sleep(0.01)
    finally:
        await connection.close()


async def disconnect(memory: Memory) -> None:
    """End the connection that shows a process to live, as a broken network does, and wait until it is back."""
    assert isinstance(memory.delivery, PostgresDelivery)
    presence = memory.delivery._claims._presence
    await memory.delivery._store.read(
        """SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
           WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objsubid = 2 AND l.objid = $1""",
        presence.number,
    )
    await presence.lost.wait()


async def test_who_is_at_work_in_a_conversation_gets_what_another_process_receives_there(store: StoreAddress) -> None:
    async with process(store) as (one, place), process(store) as (other, _):
        first = await receive(one, place, 1)
        second = await receive(other, place, 2)
        assert (first.elsewhere, second.elsewhere) == (False, True)
        assert await claim(other) == []
        assert await one.delivery.wait(60)
        assert await claim(one) == ["2"]
        beside = await other.conversations.ensure("test", "2")
        assert not (await receive(other, beside, 3)).elsewhere


async def test_a_conversation_that_nobody_is_at_work_in_goes_to_whoever_receives(store: StoreAddress) -> None:
    async with process(store) as (one, place), process(store) as (other, _):
        await finish(one, place, await receive(one, place, 1), "answer 1")
        stored = await receive(other, place, 2)
        assert not stored.elsewhere
        await finish(other, place, stored, "answer 2")
        assert sorted(await texts(one)) == ["answer 1", "answer 2", "message 1", "message 2"]


async def test_a_reply_that_is_still_being_sent_keeps_the_conversation(store: StoreAddress) -> None:
    async with process(store) as (one, place), process(store) as (other, _):
        first = await receive(one, place, 1)
        outgoing = await one.delivery.queue_reply(place, first.id, "answer 1")
        assert (await receive(other, place, 2)).elsewhere
        assert await claim(other) == []
        await one.delivery.mark_sent(outgoing, said("answer 1", kind="answer", event_id="a"))
        assert await other.delivery.wait(60)
        assert [await claim(other), await claim(one)] == [["2"], []]


async def test_who_was_taken_for_dead_says_nothing_to_what_another_has_taken_over(store: StoreAddress) -> None:
    async with process(store) as (one, place), process(store) as (other, _):
        first, second = await receive(one, place, 1), await receive(one, place, 2)
        await other.delivery.wait(0)
        await disconnect(one)
        assert await claim(other) == ["1", "2"]
        await finish(other, place, first, "from the other")
        for stored in (first, second):
            with pytest.raises(TakenOver):
                await one.delivery.queue_reply(place, stored.id, "from the one")
        await one.delivery.mark_handled(second.id)
        await finish(other, place, second, "from the other again")
        assert [each.payload for each in await one.delivery.list_unsent()] == []
        assert "from the one" not in await texts(other)


async def test_who_comes_back_takes_nobody_for_dead_at_once(store: StoreAddress) -> None:
    """A server that restarts ends the connections of all; they come back one after another."""
    async with process(store) as (one, place), process(store) as (other, _):
        await receive(one, place, 1)
        await other.delivery.wait(0)
        await disconnect(other)
        await disconnect(one)
        assert await claim(other) == []
        assert [waiting.payload for waiting in await one.delivery.list_waiting()] == ["1"]


async def test_who_comes_back_goes_on_with_what_it_was_at_work_on(store: StoreAddress) -> None:
    async with process(store) as (one, place):
        stored = await receive(one, place, 1)
        await disconnect(one)
        assert await one.delivery.wait(60)
        assert await claim(one) == []
        await finish(one, place, stored, "answer 1")
        assert "answer 1" in await texts(one)


async def test_what_a_process_is_at_work_on_is_not_given_to_it_a_second_time(store: StoreAddress) -> None:
    """It may be signed with a number that was given up just when it was claimed; answered twice it is not for that."""
    async with process(store) as (one, place):
        first, second = await receive(one, place, 1), await receive(one, place, 2)
        outgoing = await one.delivery.queue_reply(place, first.id, "answer 1")
        await sign(one, -1)
        assert await claim(one) == []
        assert await one.delivery.claim_unsent(PLATFORMS) == []
        assert await claim(one) == []
        async with process(store) as (other, _):
            assert await claim(other) == []
            assert await other.delivery.claim_unsent(PLATFORMS) == []
        await one.delivery.mark_sent(outgoing, said("answer 1", kind="answer", event_id="a1"))
        await finish(one, place, second, "answer 2")
        assert sorted(await texts(one)) == ["answer 1", "answer 2", "message 1", "message 2"]


async def test_what_is_received_while_the_number_changes_is_this_process_s_own(store: StoreAddress) -> None:
    """It was signed with the number of before, which is free to all by the time it is committed."""
    async with process(store) as (one, place), process(store) as (other, _):
        await one.delivery.wait(0)
        async with holding(store, "conversations"):
            receiving = asyncio.create_task(receive(one, place, 1))
            await wait_until_blocked(store)
            await renew(one)
        stored = await receiving
        assert not stored.elsewhere
        assert await claim(other) == []
        await finish(one, place, stored, "answer 1")
        assert sorted(await texts(other)) == ["answer 1", "message 1"]


async def test_what_is_claimed_before_it_is_known_to_be_received_is_handled_once(store: StoreAddress) -> None:
    async with process(store) as (one, place), late_delivery(store, claims_of(one)) as (delivery, late):
        entry = said("message 1", 1, event_id="1")
        receiving = asyncio.create_task(delivery.receive(place, entry, "1"))
        await late.committed.wait()
        await renew(one)
        assert await claim(one) == ["1"]
        late.told.set()
        assert (await receiving).elsewhere


async def test_what_was_claimed_and_answered_before_it_is_known_to_be_received_is_handled_once(
    store: StoreAddress,
) -> None:
    async with process(store) as (one, place), late_delivery(store, claims_of(one)) as (delivery, late):
        entry = said("message 1", 1, event_id="1")
        receiving = asyncio.create_task(delivery.receive(place, entry, "1"))
        await late.committed.wait()
        await renew(one)
        (waiting,) = await one.delivery.claim_waiting(PLATFORMS)
        await finish(one, place, Stored(waiting.passage_id, new=True), "answer 1")
        late.told.set()
        assert (await receiving).elsewhere


async def test_a_reply_that_is_claimed_before_it_is_known_to_be_queued_is_sent_once(store: StoreAddress) -> None:
    async with process(store) as (one, place), late_delivery(store, claims_of(one)) as (delivery, late):
        stored = await receive(one, place, 1)
        queueing = asyncio.create_task(delivery.queue_reply(place, stored.id, "answer 1"))
        await late.committed.wait()
        await renew(one)
        assert [outgoing.payload for outgoing in await one.delivery.claim_unsent(PLATFORMS)] == ["answer 1"]
        late.told.set()
        with pytest.raises(TakenOver):
            await queueing


async def test_a_reply_that_is_queued_while_the_number_changes_is_this_process_s_own(store: StoreAddress) -> None:
    """What it answers is signed with the new number by then; that is no other process's."""
    async with process(store) as (one, place), process(store) as (other, _):
        stored = await receive(one, place, 1)
        async with holding_memory(store):
            queueing = asyncio.create_task(one.delivery.queue_reply(place, stored.id, "answer 1"))
            await wait_until_blocked(store)
            await renew(one)
        outgoing = await queueing
        assert await other.delivery.claim_unsent(PLATFORMS) == []
        await one.delivery.mark_sent(outgoing, said("answer 1", kind="answer", event_id="a1"))
        assert sorted(await texts(other)) == ["answer 1", "message 1"]


async def test_a_message_is_done_with_under_whichever_number_it_was_signed(store: StoreAddress) -> None:
    async with process(store) as (one, place):
        stored = await receive(one, place, 1)
        async with holding(store, "inbox"):
            marking = asyncio.create_task(one.delivery.mark_handled(stored.id))
            renewing = asyncio.create_task(renew(one))
            await wait_for_number(one, after=claims_of(one)._presence.number)
        await marking
        await renewing
        assert await one.delivery.list_waiting() == []


async def test_a_job_that_is_claimed_while_the_number_changes_is_done_once(store: StoreAddress) -> None:
    now = datetime(2024, 5, 3, tzinfo=UTC)
    due = partial(PostgresJobs.claim_due, now=now, plugins=["bell"], platforms=PLATFORMS, limit=5)
    async with process(store) as (one, place), process(store) as (other, _):
        assert isinstance(one.jobs, PostgresJobs)
        assert isinstance(other.jobs, PostgresJobs)
        await one.jobs.plan(StoredJob("bell", "ring", now, conversation_id=place.id, place="{}"))
        await one.delivery.wait(0)
        async with locking(store, f"SELECT pg_advisory_xact_lock({jobs._CLAIMING})"):
            claiming = asyncio.create_task(due(one.jobs))
            await wait_until_blocked(store)
            await renew(one)
        (job,) = await claiming
        assert await due(other.jobs) == []
        assert await due(one.jobs) == []
        queued = await one.jobs.finish(job, None, [JobReply(place.id, "ring")])
        assert [each.payload for each in queued] == ["ring"]


async def test_what_nobody_waits_for_any_more_when_it_is_received_is_left_to_be_claimed(store: StoreAddress) -> None:
    """Whoever delivers may be cancelled, as when a platform hangs up; the message is stored all the same."""
    async with process(store) as (one, place):
        await one.delivery.wait(0)
        presence = claims_of(one)._presence
        number = presence.number
        async with holding(store, "conversations"):
            receiving = asyncio.create_task(receive(one, place, 1))
            await wait_until_blocked(store)
            receiving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await receiving
        await wait_for_number(one, after=number)
        async with asyncio.timeout(60):
            while not (claimed := await claim(one)):  # noqa: ASYNC110 (its number is given up by then)
                await asyncio.sleep(0.01)
        assert claimed == ["1"]


async def test_doubts_that_come_while_the_number_changes_are_not_forgotten(store: StoreAddress) -> None:
    async with process(store) as (one, place):
        await receive(one, place, 1)
        first = claims_of(one)._presence.number
        async with holding(store, "inbox"):
            renewing = asyncio.create_task(renew(one))
            await wait_for_number(one, after=first)
            second = claims_of(one)._presence.number
            with pytest.raises(StorageError), claims_of(one).doubting():
                raise StorageError("it may have been committed under the second number")
        await renewing
        await wait_for_number(one, after=second)


async def test_what_could_not_be_brought_to_a_new_number_is_brought_later(store: StoreAddress) -> None:
    async with process(store) as (one, place):
        stored = await receive(one, place, 1)
        presence = claims_of(one)._presence
        number = presence.number
        async with breaking_at_commit(store, "inbox"):
            with pytest.raises(StorageError), presence.doubting():
                raise StorageError("it may have been committed")
            await wait_for_number(one, after=number)
            assert await claim(one) == []
        await renew(one)
        await finish(one, place, stored, "answer 1")
        assert "answer 1" in await texts(one)


async def test_what_may_have_been_claimed_when_the_connection_broke_is_left_to_be_claimed_again(
    store: StoreAddress,
) -> None:
    async with process(store) as (one, place):
        async with process(store) as (other, _):
            await receive(other, place, 1)
        await one.delivery.wait(0)
        presence = claims_of(one)._presence
        number = presence.number
        async with breaking_at_commit(store, "inbox"):
            presence.woken.clear()
            with pytest.raises(StorageError, match="broke off the connection"):
                await claim(one)
            await asyncio.wait_for(presence.woken.wait(), 60)
        assert presence.number != number
        assert await claim(one) == ["1"]


async def test_a_reply_that_may_have_been_queued_when_the_server_went_away_is_sent(store: StoreAddress) -> None:
    """Its process never learns that it was committed; so it stays under the number that the process had then."""
    async with process(store) as (one, place):
        stored = await receive(one, place, 1)
        outgoing = await one.delivery.queue_reply(place, stored.id, "answer 1")
        claims_of(one)._sending.drop(outgoing.id)
        async with process(store) as (other, _):
            await other.delivery.wait(0)
            await disconnect(one)
            assert await one.delivery.wait(60)
            assert [outgoing.payload for outgoing in await other.delivery.claim_unsent(PLATFORMS)] == ["answer 1"]


async def test_what_was_said_later_is_not_answered_before_what_failed_when_the_server_went_away(
    store: StoreAddress,
) -> None:
    async with process(store) as (one, place):
        first, second, third = [await receive(one, place, number) for number in (1, 2, 3)]
        await lose(one, claims_of(one).ending(first.id))
        with pytest.raises(TakenOver):
            await one.delivery.queue_reply(place, second.id, "answer 2")
        assert await one.delivery.list_unsent() == []
        assert await claim(one) == ["1", "2"]
        with pytest.raises(TakenOver):
            await one.delivery.queue_reply(place, third.id, "answer 3")
        assert await claim(one) == ["3"]
        for number, stored in enumerate((first, second, third), 1):
            await finish(one, place, stored, f"answer {number}")
        assert len(await texts(one)) == 6


async def test_a_reply_waits_for_one_before_it_that_may_not_have_been_queued(store: StoreAddress) -> None:
    async with process(store) as (one, place):
        first, second = await receive(one, place, 1), await receive(one, place, 2)
        claims_of(one).note_sent(await one.delivery.queue_reply(place, first.id, "answer 1"))
        await renew(one)
        with pytest.raises(TakenOver):
            await one.delivery.queue_reply(place, second.id, "answer 2")
        assert [each.payload for each in await one.delivery.claim_unsent(PLATFORMS)] == ["answer 1"]
        assert await claim(one) == ["2"]
        assert (await one.delivery.queue_reply(place, second.id, "answer 2")).payload == "answer 2"
