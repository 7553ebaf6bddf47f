"""Pictures that people send, on each platform: described where the model sees them, and remembered in any case."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import Context, OutFile, Plugin, Reply, command
from bot.models.openai import OpenAIModel
from bot.models.openai_settings import OpenAISettings
from bot.pipeline.core import Core
from plugins.pictures.plugin import PicturesPlugin, PicturesSettings
from tests import picture_files
from tests.adapters import bots, telegram_bot
from tests.adapters.media_seats import MediaPlatform, open_platform
from tests.adapters.seats import keeps
from tests.emulators.openai_server import OpenAIServer, pictures_in, running_server
from tests.emulators.telegram import TelegramServer

SEEN = "A red bicycle leans on a white wall beside a blue door."
PICTURE = picture_files.png()
LONG = PICTURE[:16] + struct.pack(">II", 9000, 64) + PICTURE[24:]
DESCRIBING = PicturesSettings(ocr=False)


@pytest.fixture(params=["telegram", "slack", "discord", "whatsapp"])
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[MediaPlatform]:
    async with open_platform(request.param) as platform:
        yield platform


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with running_server(OpenAIServer(sees=True, descriptions=[SEEN])) as running:
        yield running


@asynccontextmanager
async def talking(folder: Path, platform: MediaPlatform, server: OpenAIServer) -> AsyncIterator[Core]:
    plugins = [PicturesPlugin(DESCRIBING)]
    async with (
        OpenAIModel(OpenAISettings(server.base_url)) as model,
        bots.talking(folder, [platform.adapter], model=model, plugins=plugins) as core,
    ):
        await platform.connected()
        yield core


async def test_a_picture_is_described_and_cited_as_the_model_s_words(
    platform: MediaPlatform, server: OpenAIServer, tmp_path: Path
) -> None:
    ana = platform.direct
    async with talking(tmp_path, platform, server) as core:
        await ana.sends_picture(PICTURE, "my new toy")
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
    platform: MediaPlatform, server: OpenAIServer, tmp_path: Path
) -> None:
    async with talking(tmp_path, platform, server) as core:
        await platform.direct.sends_picture(PICTURE, "what colour is the door?")
        await platform.direct.sees("a blue door")
        await core.idle()
    assert len(platform.direct.shown()) == 1


async def test_in_a_group_a_picture_is_remembered_without_a_word(
    platform: MediaPlatform, server: OpenAIServer, tmp_path: Path
) -> None:
    ana = platform.group
    async with talking(tmp_path, platform, server) as core:
        await ana.sends_picture(PICTURE, "my new toy")
        await keeps(core.services.memory, "red bicycle", 1)
        await core.idle()
        assert ana.shown() == []
        server.pieces = ["The bicycle leans on a white wall [1]."]
        await ana.says(f"{ana.calling} where does the red bicycle lean?")
        await ana.sees("as described by tiny")


async def test_without_a_model_that_sees_a_group_is_told_nothing_and_the_caption_is_kept(
    platform: MediaPlatform, server: OpenAIServer, tmp_path: Path
) -> None:
    server.sees = False
    ana = platform.group
    async with talking(tmp_path, platform, server) as core:
        await ana.sends_picture(PICTURE, "my new toy")
        await keeps(core.services.memory, "my new toy", 1)
        await core.idle()
        assert ana.shown() == []
        assert not any(pictures_in(request) for request in server.requests)


async def test_without_a_model_that_sees_the_sender_is_told_in_the_direct_chat(
    platform: MediaPlatform, server: OpenAIServer, tmp_path: Path
) -> None:
    server.sees = False
    async with talking(tmp_path, platform, server) as core:
        await platform.direct.sends_picture(PICTURE, "my new toy")
        await platform.direct.sees("I only remember")
        await keeps(core.services.memory, "my new toy", 1)


class Shows(Plugin):
    """Sends a picture, and one that is too long to be shown."""

    name = "shows"

    @command("picture", "send a picture")
    async def picture(self, context: Context, kind: str = "square") -> None:
        data = PICTURE if kind == "square" else LONG
        await context.reply(Reply("", files=(OutFile(f"{kind}.png", "image/png", data),)))


async def test_a_picture_that_the_bot_sends_is_shown_on_telegram(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with telegram_bot.talking(telegram, tmp_path, plugins=[Shows()]):
        await ana.says("/picture")
        sent = await ana.sees("")
    assert telegram.files[sent.file["photo"][-1]["file_id"]] == PICTURE


async def test_what_telegram_cannot_show_comes_as_a_document(telegram: TelegramServer, tmp_path: Path) -> None:
    ana = telegram.user("Ana")
    async with telegram_bot.talking(telegram, tmp_path, plugins=[Shows()]):
        await ana.says("/picture long")
        sent = await ana.sees("")
    assert (sent.file["document"]["file_name"], telegram.files[sent.file["document"]["file_id"]]) == ("long.png", LONG)
