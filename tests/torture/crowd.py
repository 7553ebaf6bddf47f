"""Many conversations at once with one bot: how long each waits for its answers, and whether memory stays flat."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.adapter import ReplyStream
from bot.events import Conversation, Message, Person, Reply
from bot.testing import Chat, FakeAdapter, chat
from plugins.memory import MemoryPlugin

_PAGE_BYTES = 4096
_MOST_GROWTH = 1.15
"""How much larger the process may be at the end than when half was said: what is said must be indexed."""
_PATIENCE = 600.0
_PLACES = ("attic", "boat", "cellar", "depot", "engine", "ferry", "garage", "hangar", "island", "kiosk")
"""What is asked for: another place in each round, so that the answer is what was said last."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of it. Seconds that questions waited; megabytes of the process, when half was said and at the end."""

    questions: int
    median: float
    p95: float
    half: int
    end: int

    def __str__(self) -> str:
        waits = f"{self.questions:,} questions, median {self.median:.2f} s, p95 {self.p95:.2f} s"
        return f"{waits}; {self.half} MB half-way, {self.end} MB at the end"


class _Platform(FakeAdapter):
    """Keeps nothing of what is sent, but tells who waits for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[str, asyncio.Future[str]] = {}

    async def begin(self, message: Message) -> ReplyStream:
        return _Stream(self, message)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        await super().send(conversation, reply, reply_to=reply_to)
        sent = self.sent.pop()
        waiting = self.waiting.pop(reply_to or "", None)
        if waiting is not None and not waiting.done():
            waiting.set_result(reply.text)
        return sent.ids


class _Stream:
    def __init__(self, platform: _Platform, message: Message) -> None:
        self._platform, self._message = platform, message

    async def grow(self, text: str) -> None:
        """Show nothing."""

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        return await self._platform.send(self._message.conversation, reply, reply_to=self._message.event_id)

    async def fail(self, text: str) -> None:
        """Show nothing; who waits runs out of patience."""


async def talk(conversations: int, messages: int) -> Crowd:
    """Let everybody say something and ask for it, at once. Raises AssertionError where an answer is another's."""
    sizes: list[int] = []
    waits: list[float] = []
    async with _bot() as (first, platform):
        people = [_seat(first, number) for number in range(conversations)]
        for round_ in range(messages // 2):
            waits += await asyncio.gather(*(_say_and_ask(seat, platform, round_) for seat in people))
            sizes.append(_megabytes())
    half = sizes[len(sizes) // 2]
    assert sizes[-1] <= half * _MOST_GROWTH, f"the process grew from {half} to {sizes[-1]} MB"
    p95 = statistics.quantiles(waits, n=20)[-1]
    return Crowd(len(waits), statistics.median(waits), p95, half, sizes[-1])


@asynccontextmanager
async def _bot() -> AsyncIterator[tuple[Chat, _Platform]]:
    platform = _Platform()
    with tempfile.TemporaryDirectory(prefix="scrubjay-crowd-") as folder:
        async with chat(Path(folder), plugins=[MemoryPlugin()], adapter=platform) as first:
            yield first, platform


def _seat(first: Chat, number: int) -> Chat:
    sender = Person(first.sender.platform, f"p{number}", f"Person {number}")
    place = Conversation(first.sender.platform, f"direct-{number}")
    return replace(first, sender=sender, place=place, numbers=itertools.count(1))


async def _say_and_ask(seat: Chat, platform: _Platform, round_: int) -> float:
    """Return the seconds that the answer took, from when the platform was told of the question."""
    code = f"{seat.sender.id}x{round_}"
    place = _PLACES[round_ % len(_PLACES)]
    await seat.core.deliver(seat.message(f"the code of the {place} is {code}"))
    question = seat.message(f"what is the code of the {place}?")
    answered = platform.waiting[question.event_id] = asyncio.get_running_loop().create_future()
    begun = time.perf_counter()
    await seat.core.deliver(question)
    async with asyncio.timeout(_PATIENCE):
        said = await answered
    assert code in said, f"{seat.sender.id} asked for {code} and was told {said!r}"
    return time.perf_counter() - begun


def _megabytes() -> int:
    """Return what the process holds in memory now; only Linux tells."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE_BYTES >> 20
