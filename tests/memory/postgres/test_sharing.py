"""Several processes that handle messages of the same conversations, in order, wherever these arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from memory import ConversationRecord, Memory, Stored
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError, TakenOver
from memory.postgres.connection import Connection
from memory.postgres.delivery import PostgresDelivery
from tests.memory.sayings import said, texts

PLATFORMS = ["test"]


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


async def test_what_may_have_been_claimed_when_the_connection_broke_is_left_to_be_claimed_again(
    store: StoreAddress,
) -> None:
    async with process(store) as (one, place):
        async with process(store) as (other, _):
            await receive(other, place, 1)
        await one.delivery.wait(0)
        assert isinstance(one.delivery, PostgresDelivery)
        presence = one.delivery._claims._presence
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
        await one.delivery.queue_reply(place, stored.id, "answer 1")
        assert isinstance(one.delivery, PostgresDelivery)
        one.delivery._claims._sending.clear()
        async with process(store) as (other, _):
            await other.delivery.wait(0)
            await disconnect(one)
            assert await one.delivery.wait(60)
            assert [outgoing.payload for outgoing in await other.delivery.claim_unsent(PLATFORMS)] == ["answer 1"]
