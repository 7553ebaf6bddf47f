"""One of several bots on one database: takes events from whoever started it, and notes what it sends.

A line of standard input is an event, as a load balancer hands it to one of the processes behind it. What was taken is
told on standard output; what is sent goes, a line each, to the end of a file that all of them share, which stands for
the platform.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from bot.adapter import Deliver
from bot.answering.answer import Answerer
from bot.app import build_core
from bot.context import Context
from bot.events import Conversation, Message, Person, Reply
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import CoreOptions
from bot.plugin import Plugin, on_message
from bot.testing import FakeAdapter
from bot.testing.bots import Everybody
from memory import Memory
from memory.addresses import StoreAddress
from memory.embedders.hashing import HashingEmbedder

BEGINNING = datetime(2024, 5, 3, 12, tzinfo=UTC)


class Echo(Plugin):
    """Answers each message with its own text."""

    @on_message()
    async def echo(self, context: Context) -> str:
        """Say it again."""
        return f"echo of {context.message.text}"


class SharedPlatform(FakeAdapter):
    """A platform whose events come by standard input, and whose replies go to a file."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def run(self, deliver: Deliver) -> None:
        """Deliver what comes in, each conversation beside the others, until the input ends."""
        async with asyncio.TaskGroup() as group:
            while line := await asyncio.to_thread(sys.stdin.readline):
                group.create_task(self._take(deliver, *line.split()))

    async def _take(self, deliver: Deliver, place: str, number: str) -> None:
        sent_at = BEGINNING + timedelta(seconds=int(number))
        person = Person(self.name, f"person of {place}", "Ann")
        event = f"{place}:{number}"
        try:
            await deliver(Message(event, Conversation(self.name, place), person, f"parrot {event}", sent_at))
        except Exception as error:  # noqa: BLE001 (told, and delivered again)
            print("refused", place, number, " ".join(str(error).split()), flush=True)  # noqa: T201 (read by who started it)
        else:
            print("taken", place, number, flush=True)  # noqa: T201 (as above)

    async def send(self, _: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Take a reply, which takes its time: a kill may fall into it."""
        assert reply.text.endswith(str(reply_to))
        os.write(self._log, f"{os.getpid()} {reply_to}\n".encode())
        await asyncio.sleep(0.002)
        return (str(uuid4()),)


async def main(address: str, folder: Path, log: Path) -> None:
    """Serve until the input ends."""
    async with (
        Memory.open(StoreAddress(folder / "memory.db", address), HashingEmbedder()) as memory,
        build_core(
            memory,
            Answerer(memory, ExtractiveModel()),
            access=Everybody(Person("test", "nobody", "Owner")),
            plugins=[Echo()],
            options=CoreOptions(deadline=600, grace=2, resend_seconds=1),
        ) as core,
    ):
        serving = asyncio.create_task(core.serve([SharedPlatform(log)]))
        print("ready", flush=True)  # noqa: T201 (as above)
        await serving


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
