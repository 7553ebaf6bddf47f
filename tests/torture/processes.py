"""Several bots on one PostgreSQL, killed again and again while messages arrive at any of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg

from memory import Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder
from tests.memory.postgres import server

ROOT = Path(__file__).parents[2]
EVERYTHING = Selection(everything=True)


@dataclass(frozen=True, slots=True)
class Load:
    """So many conversations with so many messages each, handled by so many bots at a time."""

    conversations: int
    messages: int
    bots: int


LOAD = Load(conversations=50, messages=20, bots=4)
"""What a round of `torture` has to handle."""


@dataclass(slots=True)
class Outcome:
    """What came of it: kills, crashes and failovers, and the replies that a platform got twice because of them."""

    messages: int = 0
    kills: int = 0
    crashes: int = 0
    failovers: int = 0
    sent_again: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(slots=True)
class _Bot:
    """One process, and the conversations whose next message it has been given and has not taken yet."""

    process: asyncio.subprocess.Process
    given: dict[str, int] = field(default_factory=dict)
    reading: asyncio.Task[None] | None = None


class Driver:
    """Stands for the platform: gives each conversation's messages, in order, to any bot, until that has taken them."""

    def __init__(self, address: str, folder: Path, load: Load) -> None:
        self._store = StoreAddress(folder / "memory.db", address)
        self._log = folder / "sent"
        self._load = load
        self._bots: list[_Bot] = []
        self._killed: set[int] = set()
        self._next = {f"c{number}": 0 for number in range(load.conversations)}
        self._all_taken = asyncio.Event()
        self.outcome = Outcome(messages=load.conversations * load.messages)

    async def run(self, trouble: Callable[[Driver], Awaitable[None]]) -> Outcome:
        """Give all messages, with the trouble meanwhile; then see that all were kept, answered once, and in order."""
        try:
            await asyncio.gather(*(self.start_bot() for _ in range(self._load.bots)))
            for place in self._next:
                self._give(place)
            await asyncio.gather(trouble(self), self._all_taken.wait())
            await self._wait_until_sent()
        finally:
            for bot in self._bots:
                await self._end(bot)
        await self._check()
        return self.outcome

    @property
    def share_taken(self) -> float:
        """How much of all that is to be handled has been taken, up to 1."""
        return sum(self._next.values()) / self.outcome.messages

    async def start_bot(self) -> None:
        """Start a bot and wait until it serves."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.torture.shared_bot", str(self._store.server), str(self._store.path.parent),
            str(self._log), cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        bot = _Bot(process)
        bot.reading = asyncio.create_task(self._listen(bot))
        self._bots.append(bot)

    async def kill_one(self) -> None:
        """Kill a bot, and give to others what it has not taken."""
        bot = self._bots.pop(random.randrange(len(self._bots)))
        self._killed.add(bot.process.pid)
        self.outcome.kills += 1
        await self._end(bot)
        for place in bot.given:
            self._give(place)

    async def break_off(self) -> None:
        """Break off what all bots are doing in the database, as a crash does."""
        await break_connections(str(self._store.server))
        self.outcome.crashes += 1

    async def _end(self, bot: _Bot) -> None:
        with contextlib.suppress(ProcessLookupError):
            bot.process.kill()
        if bot.reading is not None:
            await bot.reading  # what it took up to its end counts
        await bot.process.wait()

    async def crash(self) -> None:
        """Crash the database's server, which recovers at once."""
        await crash_server(str(self._store.server))
        self.outcome.crashes += 1

    async def fail_over(self, pair: ServerPair) -> None:
        """Lose the database's server for good, and let its standby take its place."""
        await pair.fail_over()
        self.outcome.failovers += 1

    async def _listen(self, bot: _Bot) -> None:
        assert bot.process.stdout is not None
        while line := await bot.process.stdout.readline():
            word, place, number, *_ = line.decode().split()
            del bot.given[place]
            if word == "taken":
                assert int(number) == self._next[place]
                self._next[place] += 1
            else:
                await asyncio.sleep(0.1)  # the database is away; a platform delivers again a little later
            self._give(place)

    def _give(self, place: str) -> None:
        number = self._next[place]
        if number == self._load.messages:
            if all(taken == self._load.messages for taken in self._next.values()):
                self._all_taken.set()
            return
        bot = random.choice(self._bots)
        bot.given[place] = number
        assert bot.process.stdin is not None
        bot.process.stdin.write(f"{place} {number}\n".encode())

    async def _wait_until_sent(self) -> None:
        async with Memory.open(self._store, HashingEmbedder()) as memory:
            while await memory.delivery.list_waiting() or await memory.delivery.list_unsent():  # noqa: ASYNC110 (the bots move on)
                await asyncio.sleep(0.2)

    async def _check(self) -> None:
        expected = {f"{place}:{number}" for place in self._next for number in range(self._load.messages)}
        async with Memory.open(self._store, HashingEmbedder()) as memory:
            await memory.embeddings.embed_pending()
            assert await memory.upkeep.check() == []
            passages = await memory.passages.select(Scope.all(), EVERYTHING, limit=10 * len(expected))
        said = Counter(each.event_id for each in passages if each.author_id is not None)
        answered = Counter(each.reply_to for each in passages if each.author_id is None)
        assert not _differ(said, expected), f"every message is stored, and once, but {_differ(said, expected)}"
        assert not _differ(answered, expected), f"every message has one reply, but {_differ(answered, expected)}"
        self._check_platform(expected)

    def _check_platform(self, expected: set[str]) -> None:
        senders = defaultdict[str, list[int]](list)
        order = defaultdict[str, list[int]](list)
        for line in self._log.read_text().splitlines():
            pid, event = line.split()
            if event not in senders:
                place, _, number = event.partition(":")
                order[place].append(int(number))
            senders[event].append(int(pid))
        assert senders.keys() == expected, "every reply has reached its platform"
        again = {event: pids for event, pids in senders.items() if len(pids) > 1}
        killed = all(pid in self._killed for pids in again.values() for pid in pids[:-1])
        assert killed or self.outcome.crashes or self.outcome.failovers, (
            "no reply goes out twice but one that was being sent when its bot was killed"
        )
        jumbled = {place: numbers for place, numbers in order.items() if numbers != sorted(numbers)}
        assert not jumbled, f"replies come in order, but {jumbled}"
        self.outcome.sent_again = sum(len(pids) - 1 for pids in again.values())


def _differ(counted: Counter[str | None], expected: set[str]) -> dict[str | None, int]:
    """Return what was not counted once, or was not expected, with how often it was counted."""
    return {each: counted[each] for each in expected | counted.keys() if (counted[each] == 1) != (each in expected)}


async def break_connections(address: str) -> None:
    """End all connections to one database, as its server does when it restarts; others on the server go on."""
    connection = await asyncpg.connect(address)
    await connection.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    await connection.close()


async def crash_server(address: str) -> None:
    """Let the server crash and recover: it ends all connections when one of its own processes is killed."""
    while True:
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            connection = await asyncpg.connect(address)
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            break
        await asyncio.sleep(0.1)  # it recovers from the crash before
    os.kill(pid, signal.SIGKILL)
    connection.terminate()


async def kill_regularly(driver: Driver, seconds: float, *, until: float) -> None:
    """Kill a bot and start another, again and again, until so much is taken."""
    while driver.share_taken < until:
        await asyncio.sleep(seconds)
        await driver.start_bot()
        await driver.kill_one()


class ServerPair:
    """A server and the standby that follows it; both have what either has confirmed."""

    def __init__(self, primary: Any, standby: Any) -> None:
        self._primary = primary
        self._standby = standby
        self.address = server.join_addresses(primary, standby)

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator[ServerPair]:
        """Start both, the standby from a base backup."""
        with server.start_own(folder / "one") as primary:
            primary.psql("ALTER SYSTEM SET fsync = off")  # what is killed is a process, and not the machine
            primary.psql("SELECT pg_reload_conf()")
            server.copy_to_standby(primary, folder / "two")
            primary.psql("ALTER SYSTEM SET synchronous_standby_names = '*'")
            primary.psql("SELECT pg_reload_conf()")
            with server.start_own(folder / "two") as standby:
                yield cls(primary, standby)

    async def fail_over(self) -> None:
        """End the primary once the standby follows it, and promote that."""
        while not await _ask_for(self._primary, _FOLLOWED):  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.1)
        await asyncio.to_thread(server.crash, self._primary)
        assert await _ask_for(self._standby, "SELECT pg_promote()")


_FOLLOWED = "SELECT EXISTS (SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming')"


async def _ask_for(asked: Any, sql: str) -> Any:
    """Ask a server; None while it recovers."""
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection = await asyncpg.connect(str(asked.get_uri()))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()
    return None


async def make_trouble(pair: ServerPair, driver: Driver) -> None:
    """Kill a bot about every second; crash the server when a quarter and a half are taken, and lose it at three."""
    for share in (1 / 4, 1 / 2):
        await kill_regularly(driver, 1, until=share)
        await driver.crash()
    await kill_regularly(driver, 1, until=3 / 4)
    await driver.fail_over(pair)
    await kill_regularly(driver, 1, until=1)


def torture(seconds: float, load: Load = LOAD) -> Outcome:
    """Run rounds until the time is up, each on servers of its own; return what they came to together."""
    end, total = time.monotonic() + seconds, Outcome()
    while time.monotonic() < end:
        with (
            tempfile.TemporaryDirectory(prefix="scrubjay-pg-", ignore_cleanup_errors=True) as base,
            tempfile.TemporaryDirectory(prefix="scrubjay-bots-") as folder,
            ServerPair.start(Path(base)) as pair,
        ):
            total += asyncio.run(Driver(pair.address, Path(folder), load).run(partial(make_trouble, pair)))
    return total
