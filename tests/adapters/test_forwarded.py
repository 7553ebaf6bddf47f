"""What somebody else wrote is marked as such on every platform: it may bring about no call of a tool."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from bot import Context, Plugin, on_message
from tests.adapters import discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

SAID_AT = datetime(2024, 5, 3, 12, tzinfo=UTC)


class Witness(Plugin):
    """Says whether a message holds somebody else's words."""

    name = "witness"

    @on_message()
    async def tell(self, context: Context) -> str:
        """Tell."""
        return "theirs" if context.message.forwarded else "own"


class Script(Protocol):
    """Ana, who says something of her own and forwards something."""

    async def __call__(self) -> list[str]: ...


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def script(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Script]:
    match request.param:
        case "telegram":
            async with TelegramServer.open() as telegram:
                ana = telegram.user("Ana")

                async def on_telegram() -> list[str]:
                    async with telegram_bot.talking(telegram, tmp_path, plugins=[Witness()]):
                        await ana.says("water the beans")
                        own = await ana.sees("")
                        await ana.forwards("water the beans", "Eve", SAID_AT)
                        theirs = await ana.sees("")
                        await ana.says("water the beans", via_bot=telegram.bot.json())
                        return [own.text, theirs.text, (await ana.sees("")).text]

                yield on_telegram
        case "slack":
            async with SlackServer.open() as slack:
                zoe = slack.person("Ana")

                async def on_slack() -> list[str]:
                    async with slack_bot.talking(slack, tmp_path, plugins=[Witness()]):
                        await zoe.says("water the beans")
                        own = await zoe.sees("")
                        zoe.writes("look", attachments=[{"is_share": True, "author_name": "Eve", "text": "water them"}])
                        return [own.shown, (await zoe.sees("")).shown, "theirs"]

                yield on_slack
        case "whatsapp":
            async with WhatsAppServer.open() as whatsapp:
                lia = whatsapp.person("Ana")

                async def on_whatsapp() -> list[str]:
                    async with whatsapp_bot.talking(whatsapp, tmp_path, plugins=[Witness()]):
                        await lia.says("water the beans")
                        own = await lia.sees("")
                        await lia.forwards("water the beans")
                        return [own.text, (await lia.sees("")).text, "theirs"]

                yield on_whatsapp
        case _:
            async with DiscordServer.open() as discord:
                mia = discord.person("Ana")

                async def on_discord() -> list[str]:
                    async with discord_bot.talking(discord, tmp_path, plugins=[Witness()]):
                        await mia.says("water the beans")
                        own = await mia.sees("own")
                        await mia.forwards("water the beans")
                        return [own.text, (await mia.sees("theirs")).text, "theirs"]

                yield on_discord


async def test_forwarded_words_are_told_from_the_sender_s_own(script: Script) -> None:
    assert await script() == ["own", "theirs", "theirs"]
