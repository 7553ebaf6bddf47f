"""Several files that are sent at once get one answer, on each platform."""

from __future__ import annotations

from pathlib import Path

from bot.pipeline.core import CoreOptions
from plugins.text.plugin import TextPlugin
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.adapters.seats import keeps
from tests.emulators.discord import DiscordServer
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer

PATIENT = CoreOptions(grace=2, resend_seconds=0.1, album_seconds=3)
FILES = {"museum.txt": b"The museum opens at nine.", "ferry.txt": b"The ferry leaves at ten."}


async def test_on_telegram_an_album_of_photos_is_one_message(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        async with telegram_bot.talking(server, tmp_path, options=PATIENT) as core:
            await ana.sends_album(b"1", b"2", b"3", caption="at the beach in Faro")
            await ana.sees("I can't read these 3 files yet")
            await keeps(core.services.memory, "beach in Faro", 1)
            await core.idle()
        assert len(ana.messages) == 1


async def test_on_telegram_a_question_with_an_album_in_a_group_is_answered_once(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        ana = ana.in_group(server.group("Trip", ana))
        async with telegram_bot.talking(server, tmp_path, options=PATIENT) as core:
            await ana.says("the cabin is in Mellau")
            await ana.sends_album(b"1", b"2", caption="@jay_test_bot where is the cabin?")
            await ana.sees("Mellau")
            await core.idle()
        assert len(ana.messages) == 1


async def test_on_slack_the_files_of_one_message_are_told_of_in_one_reply(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        async with slack_bot.talking(server, tmp_path, plugins=[TextPlugin()]) as core:
            await ana.sends_files(FILES)
            shown = await ana.sees("I have read museum.txt")
            assert "ferry.txt" in shown.shown
            await core.idle()
        assert len(ana.messages) == 1


async def test_on_discord_the_files_of_one_message_are_told_of_in_one_reply(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        async with discord_bot.talking(server, tmp_path, plugins=[TextPlugin()]) as core:
            await server.connected()
            await ana.sends_files(FILES)
            shown = await ana.sees("I have read museum.txt")
            await core.idle()
            assert "ferry.txt" in shown.text
        assert len(ana.room.by_bot()) == 1
