"""A server that crashes while messages come in, and a standby that takes its place: nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from memory import ConversationRecord, Memory, Scope
from memory.addresses import StoreAddress
from memory.databases import inspect_server
from memory.embedders.hashing import HashingEmbedder
from memory.errors import StorageError
from tests.memory.postgres import server
from tests.memory.sayings import EVERYTHING, said

BEFORE, AFTER = 20, 20
"""Messages that are acknowledged before the trouble, and after it."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user whom a server runs as can enter, with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-pg-", ignore_cleanup_errors=True) as made:
        yield Path(made)


class Platform:
    """Delivers one message after another, each again until it is acknowledged."""

    def __init__(self, memory: Memory, place: ConversationRecord) -> None:
        self._memory = memory
        self._place = place
        self._acknowledged = 0
        self._progress = asyncio.Condition()

    @classmethod
    @asynccontextmanager
    async def deliver_to(cls, memory: Memory) -> AsyncIterator[Platform]:
        platform = cls(memory, await memory.conversations.ensure("test", "1"))
        delivering = asyncio.create_task(platform._deliver())
        async with asyncio.timeout(300):
            yield platform
        delivering.cancel()
        await asyncio.wait([delivering])
        await platform._check()

    async def wait_for_more(self, count: int) -> None:
        async with self._progress:
            wanted = self._acknowledged + count
            await self._progress.wait_for(lambda: self._acknowledged >= wanted)

    async def _deliver(self) -> None:
        while True:
            number = self._acknowledged
            message = said(f"message {number}", number, event_id=str(number))
            try:
                await self._memory.delivery.receive(self._place, message, str(number))
            except StorageError:
                await asyncio.sleep(0.1)
                continue
            async with self._progress:
                self._acknowledged += 1
                self._progress.notify_all()

    async def _check(self) -> None:
        kept = await self._memory.passages.select(Scope.all(), EVERYTHING, limit=10_000)
        counts = Counter(each.event_id for each in kept)
        assert {str(number) for number in range(self._acknowledged)} <= counts.keys(), "what was acknowledged is there"
        assert set(counts.values()) == {1}, "nothing is there twice"
        assert await self._memory.upkeep.check() == []


async def ask(address: str, sql: str) -> Any:
    connection = await asyncpg.connect(address)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@pytest.mark.slow
async def test_a_server_that_crashes_twice_while_messages_come_in_loses_none(folder: Path, tmp_path: Path) -> None:
    with server.start_own(folder / "one") as only:
        store = StoreAddress(tmp_path / "memory.db", str(only.get_uri()))
        async with Memory.open(store, HashingEmbedder()) as memory, Platform.deliver_to(memory) as platform:
            for _ in range(2):
                await platform.wait_for_more(BEFORE)
                await asyncio.to_thread(server.crash_and_restart, only)
            await platform.wait_for_more(AFTER)


@pytest.mark.slow
async def test_a_standby_that_is_promoted_has_all_that_was_acknowledged(folder: Path, tmp_path: Path) -> None:
    with server.start_own(folder / "one") as primary:
        await asyncio.to_thread(server.copy_to_standby, primary, folder / "two")
        with server.start_own(folder / "two") as standby:
            address = server.join_addresses(primary, standby)
            store = StoreAddress(tmp_path / "memory.db", address)
            async with Memory.open(store, HashingEmbedder()) as memory:
                await keep_on_both(str(primary.get_uri()))
                assert await replication(address) == (False, True)
                assert await replication(str(standby.get_uri())) == (True, False)
                async with Platform.deliver_to(memory) as platform:
                    await platform.wait_for_more(BEFORE)
                    await asyncio.to_thread(server.crash, primary)
                    assert await ask(str(standby.get_uri()), "SELECT pg_promote()")
                    await platform.wait_for_more(AFTER)


async def keep_on_both(primary: str) -> None:
    """Let the primary confirm nothing that its standby does not have."""
    await wait_for_standby(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
    await ask(primary, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    await ask(primary, "SELECT pg_reload_conf()")
    await wait_for_standby(primary, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")


async def wait_for_standby(primary: str, count: str) -> None:
    while not await ask(primary, count):  # noqa: ASYNC110 (the server tells nobody)
        await asyncio.sleep(0.05)


async def replication(address: str) -> tuple[bool, bool]:
    """Tell whether the doctor calls this the wrong server, and whether it sees a synchronous standby."""
    (found,) = [each for each in await inspect_server(address) if each.name == "replication"]
    return found.is_broken, found.found.format_map(found.values).startswith("standbys: 1, synchronous: 1, ")
