"""How many Telegram messages a bot handles, and how fast, beside the bare client library on the same server.

    python -m benchmarks.telegram_load [--conversations 1000] [--messages 20] [--rate 25]

The server is the emulator of the tests, with its flood control off; each bot is a process of its own. Three bots are
measured: python-telegram-bot alone, which echoes; this adapter around a core that echoes; and the whole bot, which
stores, routes and answers a command. First every conversation keeps one message under way until all are answered
(messages/s, and the memory that is used half-way and at the end); then messages come at a fixed rate, within
Telegram's own limits (latency). Each reply is checked: none lost, none doubled, each conversation in its order.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.measuring import Row, Setup
from benchmarks.telegram_bots import BOTS, Start
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_chats import Account, Posted, Room
from tests.emulators.telegram_script import Seat
from tests.emulators.telegram_text import Entity

MOST_SECONDS = 1800.0
RATE = 25.0
"""Messages a second for the latency: a little less than the 30 that Telegram takes from a bot."""


@dataclass
class LoadServer(TelegramServer):
    """Tells of each message that the bot sends."""

    heard: Callable[[Room, str], None] = lambda _room, _text: None

    def post(self, room: Room, sender: Account, text: str, **more: object) -> Posted:
        """Put a message into a chat."""
        posted = super().post(room, sender, text, **more)  # type: ignore[arg-type]  # passed on as they are
        if sender.is_bot:
            self.heard(room, text)
        return posted


@dataclass
class Load:
    """People who write numbered messages, and what they got back; `latencies` are in milliseconds."""

    server: LoadServer
    people: list[Seat]
    asked: dict[int, list[float]] = field(default_factory=dict)
    answers: dict[int, list[str]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    goal: int = 0
    follow_up: Callable[[Seat], None] | None = None

    def ask(self, person: Seat) -> None:
        """Send this person's next message."""
        times = self.asked.setdefault(person.room.id, [])
        text = f"/help nothing{len(times)}x"
        entity: Entity = {"type": "bot_command", "offset": 0, "length": 5}
        times.append(time.perf_counter())
        self.server.deliver(self.server.post(person.room, person.account, text, entities=[entity]))

    def heard(self, room: Room, text: str) -> None:
        """Take a reply."""
        answers = self.answers.setdefault(room.id, [])
        self.latencies.append((time.perf_counter() - self.asked[room.id][len(answers)]) * 1000)
        answers.append(text.partition("nothing")[2].partition("x")[0])
        if self.follow_up is not None:
            self.follow_up(self._seats[room.id])
        if len(self.latencies) >= self.goal:
            self.done.set()

    def __post_init__(self) -> None:
        self._seats = {person.room.id: person for person in self.people}
        self.server.heard = self.heard

    async def wait_for(self, count: int) -> None:
        """Wait until there are this many replies in all."""
        self.goal = count
        self.done.clear()
        if len(self.latencies) < count:
            await asyncio.wait_for(self.done.wait(), MOST_SECONDS)

    def check(self) -> None:
        """Raise RuntimeError when a reply is missing, doubled or out of order."""
        for room, times in self.asked.items():
            wanted = [str(number) for number in range(len(times))]
            if self.answers.get(room, []) != wanted:
                raise RuntimeError(f"chat {room} was answered {self.answers.get(room)}, not {wanted}")


@dataclass(frozen=True)
class Figures:
    """What was measured of one bot; memory in MB, latency in milliseconds."""

    name: str
    per_second: float
    median: float
    p95: float
    half_way: float
    at_end: float


async def measure(setup: Setup) -> list[Row]:
    """Measure all bots, for the common table."""
    conversations, messages = setup.size(1000, 10), setup.size(20, 3)
    bare, adapter, whole = [await run(name, conversations, messages, RATE) for name in BOTS]
    load = f"Telegram, {conversations:,} conversations x {messages} messages"
    return [
        _rate(f"{load}: the adapter alone, messages/s", adapter, bare),
        _rate(f"{load}: the whole bot, messages/s", whole, bare),
        Row(
            f"Telegram at {RATE:g} messages/s: the whole bot, ms (median, p95)",
            f"{whole.median:.1f}, {whole.p95:.1f}",
            f"{bare.name}: {bare.median:.1f}, {bare.p95:.1f}",
            f"{whole.p95 / bare.p95:.2f}",
            "measured only",
        ),
        Row(f"{load}: memory half-way and at the end, MB", f"{whole.half_way:.0f}, {whole.at_end:.0f}", "", "", "flat"),
    ]


def _rate(what: str, ours: Figures, peer: Figures) -> Row:
    ratio = f"{ours.per_second / peer.per_second:.2f}"
    return Row(what, f"{ours.per_second:,.0f}", f"{peer.name}: {peer.per_second:,.0f}", ratio, "measured only")


async def run(name: str, conversations: int, messages: int, rate: float) -> Figures:
    """Run one bot under load."""
    async with LoadServer.open() as server:
        server.flood.enabled = False
        people = [server.user(f"P{number}") for number in range(conversations)]
        load = Load(server, people)
        with tempfile.TemporaryDirectory() as folder:
            start = Start(server.token, server.base_url, folder, tuple(person.account.id for person in people))
            process = multiprocessing.get_context("spawn").Process(target=BOTS[name], args=(start,), daemon=True)
            process.start()
            try:
                return await _loaded(name, load, process, messages, rate)
            finally:
                process.terminate()
                await asyncio.to_thread(process.join)


async def _loaded(name: str, load: Load, process: BaseProcess, messages: int, rate: float) -> Figures:
    load.ask(load.people[0])
    await load.wait_for(1)  # it is up
    total = len(load.people) * messages
    load.follow_up = lambda person: load.ask(person) if len(load.asked[person.room.id]) < messages else None
    begun = time.perf_counter()
    for person in load.people:
        if len(load.asked.get(person.room.id, [])) < messages:
            load.ask(person)
    await load.wait_for(total // 2)
    half_way = _memory(process)
    await load.wait_for(total)
    seconds = time.perf_counter() - begun
    at_end = _memory(process)
    load.follow_up, load.latencies = None, []
    for number in range(paced := min(500, total)):
        load.ask(load.people[number % len(load.people)])
        await asyncio.sleep(1 / rate)
    await load.wait_for(paced)
    await asyncio.sleep(0.5)  # a reply that came twice would come now
    load.check()
    p95 = statistics.quantiles(load.latencies, n=20)[-1]
    return Figures(name, total / seconds, statistics.median(load.latencies), p95, half_way, at_end)


def _memory(process: BaseProcess) -> float:
    """Return the resident memory of a process in MB; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def main() -> None:
    """Measure all bots and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=20)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second for the latency")
    options = parser.parse_args()
    print(f"{options.conversations} conversations x {options.messages} messages, then {options.rate:g} messages/s")
    print(f"{'bot':32} {'messages/s':>10} {'median ms':>10} {'p95 ms':>8} {'MB half-way':>12} {'MB at end':>10}")
    for name in BOTS:
        figures = asyncio.run(run(name, options.conversations, options.messages, options.rate))
        print(
            f"{figures.name:32} {figures.per_second:10.0f} {figures.median:10.1f} {figures.p95:8.1f} "
            f"{figures.half_way:12.0f} {figures.at_end:10.0f}"
        )


if __name__ == "__main__":
    main()
