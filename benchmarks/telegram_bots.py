"""The bots that `telegram_load` measures, each the main function of a process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from telegram import Bot, Message, ReplyParameters
from telegram.request import HTTPXRequest

from adapters.telegram import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot import events
from bot.adapter import Delivery
from bot.app import open_app
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.settings import AccessSettings, DataSettings, MemorySettings, Settings
from bot.events import Event, Reply

CONNECTIONS = 16  # as many as the adapter has


class Start(NamedTuple):
    """Where the server is, and who writes."""

    token: str
    base_url: str
    folder: str
    people: tuple[int, ...]

    @property
    def table(self) -> dict[str, object]:
        """The settings of the adapter."""
        return {
            "token": self.token,
            "base_url": self.base_url,
            "messages_per_second": 100_000,
        }


def bare_library(start: Start) -> None:
    """Echo with python-telegram-bot alone: each chat in its order, chats side by side."""
    asyncio.run(_bare_library(start))


def echoing_adapter(start: Start) -> None:
    """Echo with the adapter, around a core that stores nothing."""
    asyncio.run(_echoing_adapter(start))


def whole_bot(start: Start) -> None:
    """Run the bot as `scrubjay run` does."""
    asyncio.run(_whole_bot(start))


BOTS: dict[str, Callable[[Start], None]] = {
    "python-telegram-bot alone": bare_library,
    "the adapter, echoing": echoing_adapter,
    "the whole bot": whole_bot,
}


async def _bare_library(start: Start) -> None:
    request = HTTPXRequest(connection_pool_size=CONNECTIONS, pool_timeout=60)
    async with Bot(start.token, base_url=start.base_url, request=request) as bot:
        offset = 0
        while True:
            updates = await bot.get_updates(offset=offset, timeout=30)
            chats: defaultdict[int, list[Message]] = defaultdict(list)
            for update in updates:
                offset = update.update_id + 1
                if update.message is not None:
                    chats[update.message.chat.id].append(update.message)
            await asyncio.gather(*(_echo_each(bot, messages) for messages in chats.values()))


async def _echo_each(bot: Bot, messages: list[Message]) -> None:
    for message in messages:
        await bot.send_message(
            message.chat.id, message.text or "", reply_parameters=ReplyParameters(message.message_id)
        )


async def _echoing_adapter(start: Start) -> None:
    async with TelegramAdapter(TelegramSettings.model_validate(start.table)) as adapter:

        async def echo(event: Event) -> Delivery:
            if isinstance(event, events.Message):
                await adapter.send(event.conversation, Reply(event.text), reply_to=event.event_id)
            return Delivery.ACCEPTED

        await adapter.run(echo)


async def _whole_bot(start: Start) -> None:
    settings = Settings(
        data=DataSettings(dir=Path(start.folder)),
        memory=MemorySettings(embedder="hashing"),
        access=AccessSettings(people=tuple(f"telegram:{person}" for person in start.people)),
        adapters={"telegram": start.table},
    )
    async with open_app(settings) as app:
        await app.core.serve(make_adapters(settings.adapters))
