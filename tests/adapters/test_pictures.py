"""Pictures that people send, on each platform: described where the model sees them, and remembered in any case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.adapter import Adapter
from bot.models.openai import OpenAIModel, OpenAISettings
from bot.pipeline.core import Core
from plugins.pictures.plugin import PicturesPlugin, PicturesSettings
from tests import picture_files
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.seats import keeps, wait_for_last
from tests.emulators import discord_script, slack_script, telegram_script, whatsapp_script
from tests.emulators.discord import DiscordServer
from tests.emulators.openai_server import OpenAIServer, pictures_in, running_server
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

SEEN = "A red bicycle leans on a white wall beside a blue door."
PICTURE = picture_files.png()
DESCRIBING = PicturesSettings(ocr=False)


@dataclass
class Seat:
    """Ana in a chat with the bot: what she sends there, and what the bot has said."""

    says: Callable[[str], Awaitable[object]]
    sends: Callable[[bytes, str], Awaitable[object]]
    shown: Callable[[], list[str]]
    calling: str = ""

    async def sees(self, text: str) -> str:
        """Wait for a message of the bot that has this in it."""
        return await wait_for_last(lambda: [each for each in self.shown() if text in each], text, self.shown)


@dataclass
class Platform:
    """A platform with Ana on it, in her direct chat and in a group."""

    adapter: Adapter
    direct: Seat
    group: Seat
    connected: Callable[[], Awaitable[object]] = field(default=lambda: asyncio.sleep(0))


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    async with _PLATFORMS[request.param]() as platform:
        yield platform


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with running_server(OpenAIServer(sees=True, descriptions=[SEEN])) as running:
        yield running


@asynccontextmanager
async def talking(folder: Path, platform: Platform, server: OpenAIServer) -> AsyncIterator[Core]:
    plugins = [PicturesPlugin(DESCRIBING)]
    async with (
        OpenAIModel(OpenAISettings(server.base_url)) as model,
        bots.talking(folder, [platform.adapter], model=model, plugins=plugins) as core,
    ):
        await platform.connected()
        yield core


async def test_a_picture_is_described_and_cited_as_the_model_s_words(
    platform: Platform, server: OpenAIServer, tmp_path: Path
) -> None:
    ana = platform.direct
    async with talking(tmp_path, platform, server) as core:
        await ana.sends(PICTURE, "my new toy")
        said = await ana.sees(SEEN)
        assert "as tiny sees it" in said
        (shown,) = [found for request in server.requests for found in pictures_in(request)]
        assert shown.startswith((b"\xff\xd8\xff", b"\x89PNG"))
        assert "my new toy" in str(server.requests[0]["messages"])
        await keeps(core.services.memory, "my new toy", 1)
        server.pieces = ["The bicycle leans on a white wall [1]."]
        await ana.says("Where does the red bicycle lean?")
        await ana.sees("as described by tiny")


async def test_a_question_under_a_picture_is_answered_from_what_is_seen(
    platform: Platform, server: OpenAIServer, tmp_path: Path
) -> None:
    async with talking(tmp_path, platform, server) as core:
        await platform.direct.sends(PICTURE, "what colour is the door?")
        await platform.direct.sees("a blue door")
        await core.idle()
    assert len(platform.direct.shown()) == 1


async def test_in_a_group_a_picture_is_remembered_without_a_word(
    platform: Platform, server: OpenAIServer, tmp_path: Path
) -> None:
    ana = platform.group
    async with talking(tmp_path, platform, server) as core:
        await ana.sends(PICTURE, "my new toy")
        await keeps(core.services.memory, "red bicycle", 1)
        await core.idle()
        assert ana.shown() == []
        server.pieces = ["The bicycle leans on a white wall [1]."]
        await ana.says(f"{ana.calling} where does the red bicycle lean?")
        await ana.sees("as described by tiny")


async def test_without_a_model_that_sees_a_group_is_told_nothing_and_the_caption_is_kept(
    platform: Platform, server: OpenAIServer, tmp_path: Path
) -> None:
    server.sees = False
    ana = platform.group
    async with talking(tmp_path, platform, server) as core:
        await ana.sends(PICTURE, "my new toy")
        await keeps(core.services.memory, "my new toy", 1)
        await core.idle()
        assert ana.shown() == []
        assert not any(pictures_in(request) for request in server.requests)


async def test_without_a_model_that_sees_the_sender_is_told_in_the_direct_chat(
    platform: Platform, server: OpenAIServer, tmp_path: Path
) -> None:
    server.sees = False
    async with talking(tmp_path, platform, server) as core:
        await platform.direct.sends(PICTURE, "my new toy")
        await platform.direct.sees("I only remember")
        await keeps(core.services.memory, "my new toy", 1)


@asynccontextmanager
async def _on_telegram() -> AsyncIterator[Platform]:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")

        def seat(person: telegram_script.Seat, calling: str = "") -> Seat:
            return Seat(person.says, person.sends_photo, lambda: person.room.texts, calling)

        group = seat(ana.in_group(server.group("Trip", ana)), "@jay_test_bot")
        yield Platform(telegram_bot.adapter_for(server), seat(ana), group)


@asynccontextmanager
async def _on_slack() -> AsyncIterator[Platform]:
    async with SlackServer.open() as server:
        ana = server.person("Ana")

        def seat(person: slack_script.Seat, calling: str = "") -> Seat:
            async def sends(data: bytes, text: str) -> None:
                await person.sends_file("toy.png", data, "image/png", text)

            def shown() -> list[str]:
                return [posted.shown for posted in person.messages if not posted.is_streaming]

            return Seat(person.says, sends, shown, calling)

        group = seat(ana.in_channel(server.channel("trip", ana)), "@jay")
        yield Platform(slack_bot.adapter_for(server), seat(ana), group)


@asynccontextmanager
async def _on_discord() -> AsyncIterator[Platform]:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")

        def seat(person: discord_script.Seat, calling: str = "") -> Seat:
            async def sends(data: bytes, text: str) -> None:
                await person.sends_file("toy.png", data, "image/png", text)

            return Seat(person.says, sends, lambda: [posted.text for posted in person.room.by_bot()], calling)

        group = seat(ana.in_channel(server.channel(server.guild("Home"), "trip")), "@Jay")
        yield Platform(discord_bot.adapter_for(server), seat(ana), group, server.connected)


@asynccontextmanager
async def _on_whatsapp() -> AsyncIterator[Platform]:
    async with WhatsAppServer.open() as server:
        ana = server.person("Ana")

        def seat(person: whatsapp_script.Seat, calling: str = "") -> Seat:
            async def sends(data: bytes, text: str) -> None:
                await person.sends_media("image", data, "image/png", caption=text)

            return Seat(person.says, sends, lambda: [posted.text for posted in person.messages], calling)

        yield Platform(whatsapp_bot.adapter_for(server), seat(ana), seat(ana.in_group(server.group(ana)), "Scrubjay,"))


_PLATFORMS = {"telegram": _on_telegram, "slack": _on_slack, "discord": _on_discord, "whatsapp": _on_whatsapp}
