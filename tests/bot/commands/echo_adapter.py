"""A chat platform for tests: people write lines into one file, and the bot's replies are appended to another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from bot.adapter import Deliver, Limits
from bot.errors import AdapterError
from bot.events import Attachment, Conversation, Message, Person, Reply


class FileStream:
    """A reply that is shown when it is finished."""

    def __init__(self, adapter: FileAdapter, conversation: Conversation) -> None:
        self._adapter = adapter
        self._conversation = conversation

    async def grow(self, text: str) -> None:
        """Show nothing yet."""

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        return await self._adapter.send(self._conversation, reply)

    async def fail(self, text: str) -> None:
        await self._adapter.send(self._conversation, Reply(text))


class FileAdapter:
    name = "file"
    limits = Limits(text_chars=4000)

    class Settings(BaseModel):
        model_config = ConfigDict(extra="forbid")

        inbox: Path
        outbox: Path

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        return

    async def run(self, deliver: Deliver) -> None:
        done = 0
        while True:
            lines = self._settings.inbox.read_text("utf-8").splitlines() if self._settings.inbox.exists() else []
            for line in lines[done:]:
                done += 1
                conversation, sender = Conversation("file", "1"), Person("file", "1", "Mara")
                await deliver(Message(f"1:{done}", conversation, sender, line, datetime.now(UTC)))
            await asyncio.sleep(0.05)

    async def begin(self, message: Message) -> FileStream:
        return FileStream(self, message.conversation)

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        assert conversation.platform == self.name
        assert reply_to is None or reply_to.startswith("1:")
        with self._settings.outbox.open("a", encoding="utf-8") as outbox:
            outbox.write(reply.text.replace("\n", " ") + "\n")
        return (f"out:{self._settings.outbox.stat().st_size}",)

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        raise AdapterError(attachment.name)
