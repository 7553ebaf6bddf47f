"""A bot to be killed: delivers numbered messages, and notes in files what was acknowledged and what was sent.

The files stand for the platform, which outlives the bot.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.events import Conversation, Reply
from bot.testing import FakeAdapter, chat

MESSAGES = 60


class LoggingAdapter(FakeAdapter):
    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        note(self._log, str(reply_to))
        await asyncio.sleep(0.002)  # a platform takes its time, and a kill may fall into it
        await super().send(conversation, reply, reply_to=reply_to)
        return (f"reply to {reply_to}",)


def note(log: Path, line: str) -> None:
    with log.open("a") as file:
        file.write(f"{line}\n")


async def main(folder: Path) -> None:
    acknowledged = folder / "acknowledged"
    known = set(acknowledged.read_text().split("\n")) if acknowledged.exists() else set()
    async with chat(folder, adapter=LoggingAdapter(folder / "sent")) as ann:
        for number in range(MESSAGES):
            message = ann.message(f"message {number} about the parrot")
            if message.event_id not in known:
                await ann.core.deliver(message)
                note(acknowledged, message.event_id)
        await ann.core.idle()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
