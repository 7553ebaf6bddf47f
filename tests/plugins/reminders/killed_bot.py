"""A bot to be killed: plans reminders, or comes back a week later; what it sends is noted in a file.

The file stands for the platform, which outlives the bot.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.events import Conversation, Reply
from bot.testing import FakeAdapter, chat
from plugins.reminders import RemindersPlugin

REMINDERS = 40
_LATER = 7 * 24 * 60  # minutes


class LoggingAdapter(FakeAdapter):
    """Notes what it sends, and takes its time, in which a kill may fall."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self._log = log

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        """Note the first line of a reminder."""
        if reply.text.startswith("⏰"):
            with self._log.open("a") as file:
                file.write(reply.text.partition("\n")[0] + "\n")
            await asyncio.sleep(0.005)
        return await super().send(conversation, reply, reply_to=reply_to)


async def main(folder: Path, task: str) -> None:
    """Plan the reminders, or do what is due a week later."""
    first_minute = 0 if task == "plan" else _LATER
    adapter = LoggingAdapter(folder / "sent")
    async with chat(folder, plugins=[RemindersPlugin()], adapter=adapter, first_minute=first_minute) as ann:
        for number in range(REMINDERS if task == "plan" else 0):
            await ann.says(f"remind me in {2 + number} hours to do thing {number}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
