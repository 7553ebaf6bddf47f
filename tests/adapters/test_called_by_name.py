"""In groups the bot answers to its name, on every platform; what holds no question is not answered with a memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot import Context, Plugin, command
from bot.adapter import Adapter
from bot.pipeline.core import CoreOptions
from bot.testing import chat
from plugins.memory import MemoryPlugin
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

KEY = "The spare key to the cabin is under the blue flowerpot."


class Waiter(Plugin):
    """Takes its time."""

    name = "waiter"

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let_go = asyncio.Event(), asyncio.Event()

    @command("slowly", "take some time")
    async def slowly(self, context: Context, what: str) -> None:
        self.begun.set()
        await self.let_go.wait()
        await context.answer(what)


CALLS = [
    "Scrubjay, where is the spare key to the cabin?",
    "hey scrubjay where is the spare key to the cabin?",
    "where is the spare key to the cabin, Scrubjay?",
    "Scrubjay where is the spare key to the cabin?",
]


def adapters_of(telegram: TelegramServer, slack: SlackServer, discord: DiscordServer) -> list[Adapter]:
    return [telegram_bot.adapter_for(telegram), slack_bot.adapter_for(slack), discord_bot.adapter_for(discord)]


async def test_a_pattern_calls_the_bot_wherever_it_stands(tmp_path: Path) -> None:
    options = CoreOptions(grace=2, called_patterns=(r"\bjay(bird)?\b",))
    async with chat(tmp_path, plugins=[MemoryPlugin()], options=options) as ann:
        trip = ann.in_group("Trip")
        await trip.says(KEY)
        assert await trip.says("where is the key, jaywalker?") == []
        (said,) = await trip.says("we ask the jaybird: where is the spare key to the cabin?")
        assert "flowerpot" in said


@pytest.mark.parametrize("call", CALLS)
async def test_a_name_calls_the_bot_in_a_group(tmp_path: Path, call: str) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        trip = ann.in_group("Trip")
        assert await trip.says(KEY) == []
        assert await trip.says("we saw a scrubjay, where the key is") == []
        assert await trip.says("Scrubjays are blue, aren't they?") == []
        (said,) = await trip.says(call)
        assert "flowerpot" in said


async def test_other_names_and_open_groups_are_set(tmp_path: Path) -> None:
    options = CoreOptions(called=("Jay",), open_groups=frozenset({"test:group-Open"}))
    async with chat(tmp_path, plugins=[MemoryPlugin()], options=options) as ann:
        for title in ("Open", "Trip"):
            await ann.in_group(title).says(KEY)
        assert "flowerpot" in (await ann.in_group("Trip").says("Jay, where is the spare key?"))[0]
        assert "flowerpot" in (await ann.in_group("Open").says("where is the spare key?"))[0]
        assert await ann.in_group("Trip").says("where is the spare key?") == []
        assert await ann.in_group("Open").says("the ferry leaves at nine") == []


async def test_each_platform_hears_the_name(tmp_path: Path) -> None:
    async with TelegramServer.open() as telegram, SlackServer.open() as slack, DiscordServer.open() as discord:
        ana, mia, zoe = telegram.user("Ana"), slack.person("Mia"), discord.person("Zoe")
        lounge = discord.channel(discord.guild("Friends"), "trip")
        seats = (
            ana.in_group(telegram.group("Trip", ana)),
            mia.in_channel(slack.channel("trip", mia)),
            zoe.in_channel(lounge),
        )
        adapters: list[Adapter] = [
            telegram_bot.adapter_for(telegram),
            slack_bot.adapter_for(slack),
            discord_bot.adapter_for(discord),
        ]
        async with bots.talking(tmp_path, adapters):
            await discord.connected()
            for seat in seats:
                await seat.says(KEY)
                await seat.says(CALLS[0])
                await seat.sees("flowerpot")


async def test_of_two_questions_in_a_row_each_answer_shows_which_it_is_for(tmp_path: Path) -> None:
    async with TelegramServer.open() as telegram, SlackServer.open() as slack, DiscordServer.open() as discord:
        ana, mia, zoe = telegram.user("Ana"), slack.person("Mia"), discord.person("Zoe")
        adapters: list[Adapter] = [
            telegram_bot.adapter_for(telegram),
            slack_bot.adapter_for(slack),
            discord_bot.adapter_for(discord),
        ]
        waiter = Waiter()
        seats: dict[str, Any] = {"telegram": ana, "slack": mia, "discord": zoe}
        async with bots.talking(tmp_path, adapters, plugins=[waiter]) as core:
            await discord.connected()
            for platform, seat in seats.items():
                lane = f"{platform}:{seat.room.id}"
                waiter.begun.clear()
                waiter.let_go.clear()
                await seat.says("/slowly first")
                await waiter.begun.wait()
                first = core.services.dialogue.latest.get(lane)
                await seat.says("/help help")
                while core.services.dialogue.latest.get(lane) == first:  # noqa: ASYNC110 (the core tells nobody)
                    await asyncio.sleep(0.01)
                waiter.let_go.set()
                await seat.sees("/help")
        assert [each.reply_to is not None for each in ana.messages] == [True, False]
        assert ["slowly first" in each.shown for each in mia.messages] == [True, False]
        assert ["slowly first" in each.text for each in zoe.room.by_bot()] == [True, False]


async def test_a_place_a_contact_a_sticker_and_a_thumb_are_not_answered_with_a_memory(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        async with telegram_bot.talking(server, tmp_path):
            await ana.says(KEY)
            await ana.sees("remember that")
            file = {"file_id": "s", "file_unique_id": "s", "width": 1, "height": 1, "type": "regular"}
            sticker = {**file, "is_animated": False, "is_video": False, "emoji": "🔑"}
            for extra in (
                {"location": {"latitude": 38.7, "longitude": -9.1}},
                {"contact": {"first_name": "Kemal", "phone_number": "+123"}},
                {"sticker": sticker},
            ):
                await ana.says("", **extra)
                await ana.sees("")
            await ana.says("👍")
            await ana.sees("")
        assert not any("flowerpot" in text for text in ana.room.texts)


@pytest.mark.parametrize("said", [":+1:", ":key: :thumbsup::skin-tone-3:", "(poll: Which cabin? key / no key)"])
async def test_an_emoji_in_letters_and_a_poll_are_not_answered_with_a_memory(tmp_path: Path, said: str) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        await ann.says(KEY)
        assert "flowerpot" not in " ".join(await ann.says(said))


async def test_whatsapp_hears_the_name_and_quotes_what_it_answers(tmp_path: Path) -> None:
    async with WhatsAppServer.open() as server:
        ana, waiter = server.person("Ana"), Waiter()
        trip = ana.in_group(server.group(ana))
        async with whatsapp_bot.talking(server, tmp_path, plugins=[waiter]) as core:
            await trip.says(KEY)
            await trip.says(CALLS[0])
            await trip.sees("flowerpot")
            lane = f"whatsapp:{ana.room.id}"
            first = await ana.says("/slowly first")
            await waiter.begun.wait()
            latest = core.services.dialogue.latest.get(lane)
            await ana.says("/help help")
            while core.services.dialogue.latest.get(lane) == latest:  # noqa: ASYNC110 (the core tells nobody)
                await asyncio.sleep(0.01)
            waiter.let_go.set()
            await ana.sees("/help")
        assert [each.quoted for each in ana.messages] == [first.id, None]


async def test_a_place_a_contact_and_a_thumb_on_whatsapp_are_not_answered_with_a_memory(tmp_path: Path) -> None:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")
        async with whatsapp_bot.talking(server, tmp_path):
            await ana.says(KEY)
            await ana.sees("remember that")
            ana.sends("location", {"latitude": 38.7, "longitude": -9.1, "name": "Cabin"})
            await ana.sees("")
            ana.sends("contacts", [{"name": {"formatted_name": "Kemal"}, "phones": [{"phone": "+123"}]}])
            await ana.sees("")
            await ana.says("👍")
            await ana.sees("")
        assert not any("flowerpot" in posted.text for posted in ana.messages)
