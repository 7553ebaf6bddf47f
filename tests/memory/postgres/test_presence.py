"""Which processes are at work on a database. Each presence has a connection of its own, as each process does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

from memory.postgres.leadership import PostgresLeadership
from memory.postgres.presence import LIVING, Presence
from memory.postgres.store import Store


@asynccontextmanager
async def present(database: str, folder: Path) -> AsyncIterator[tuple[Store, Presence]]:
    async with Store.open(database, folder) as store, Presence.open(store) as presence:
        yield store, presence


async def living(store: Store) -> set[int]:
    return {int(row[0]) for row in await store.read(LIVING.strip("()"))}


async def disconnect(store: Store, presence: Presence) -> None:
    """End the connection that shows a process, as a server that restarts does, and wait until that is noticed."""
    await store.read(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND objsubid = 2",
        presence.number,
    )
    await presence.lost.wait()


async def test_a_process_is_seen_from_its_first_claim_until_its_end(database: str, tmp_path: Path) -> None:
    async with present(database, tmp_path) as (store, one):
        assert await living(store) == set()
        await one.show()
        async with present(database, tmp_path) as (_, other):
            await other.show()
            assert await living(store) == {one.number, other.number}
        assert await living(store) == {one.number}


async def test_who_loses_the_connection_comes_back_under_another_number(database: str, tmp_path: Path) -> None:
    async with present(database, tmp_path) as (store, one):
        number = await one.show()
        brought: list[tuple[set[int], int]] = []

        async def bring(old: Collection[int], new: int) -> None:
            brought.append((set(old), new))

        one.on_return(bring)
        assert not one.is_patient
        await disconnect(store, one)
        await one.woken.wait()
        assert await living(store) == {one.number}
        assert brought == [({number}, one.number)]
        assert one.is_patient, "others may have lost their connections with it, and live"


async def test_one_process_leads_until_its_work_ends(database: str, tmp_path: Path) -> None:
    told: list[str] = []
    begun, end = asyncio.Event(), asyncio.Event()

    async def work(name: str) -> None:
        told.append(f"{name} begins")
        begun.set()
        await end.wait()
        told.append(f"{name} ends")

    async with present(database, tmp_path) as (_, one), present(database, tmp_path) as (_, other):
        async with asyncio.TaskGroup() as group:
            group.create_task(PostgresLeadership(one).lead("receive", lambda: work("one")))
            await begun.wait()
            begun.clear()
            group.create_task(PostgresLeadership(other).lead("receive", lambda: work("other")))
            await PostgresLeadership(other).lead("something else", lambda: _tell(told, "beside"))
            end.set()
        assert told == ["one begins", "beside", "one ends", "other begins", "other ends"]


async def test_who_lost_the_connection_stops_and_begins_again(database: str, tmp_path: Path) -> None:
    told: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        told.append("begins")
        begun.set()
        if len(told) < 3:
            try:
                await asyncio.Event().wait()
            finally:
                told.append("is broken off")

    async with present(database, tmp_path) as (store, one):
        leading = asyncio.create_task(PostgresLeadership(one).lead("receive", work))
        await begun.wait()
        await disconnect(store, one)
        await leading
    assert told == ["begins", "is broken off", "begins"]


async def _tell(told: list[str], word: str) -> None:
    told.append(word)
