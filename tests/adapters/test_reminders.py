"""Reminders on each platform, by the machine's own clock: they come by themselves, their buttons outlive a restart."""

from __future__ import annotations

from pathlib import Path

from bot.choices import NOT_YOURS
from plugins.reminders import RemindersPlugin
from tests.adapters import discord_bot, slack_bot, telegram_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer

ASKED = "remind me in 1 second to stretch"


async def test_on_telegram(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana = server.user("Ana")
        async with telegram_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            await ana.says(ASKED)
            reminded = await ana.sees("⏰ stretch", PATIENCE)
        async with telegram_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            assert await ana.presses(reminded, "In an hour", copies=3) == ""
            await ana.sees("I'll remind you again")
            await ana.says("/reminders")
            await ana.sees(": stretch")
        assert sum("again" in text for text in ana.room.texts) == 1


async def test_in_a_telegram_group_only_who_asked_can_press(tmp_path: Path) -> None:
    async with TelegramServer.open() as server:
        ana, ben = server.user("Ana"), server.user("Ben")
        club = server.group("club", ana, ben)
        ana, ben = ana.in_group(club), ben.in_group(club)
        async with telegram_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            await ana.says("/remind@jay_test_bot in 1 second to stretch")
            reminded = await ana.sees("⏰ Ana, you asked me to remind you: stretch", PATIENCE)
            assert await ben.presses(reminded, "In an hour") == NOT_YOURS
            assert await ana.presses(reminded, "In an hour") == ""
            await ana.sees("I'll remind you again")


async def test_on_slack(tmp_path: Path) -> None:
    async with SlackServer.open() as server:
        ana = server.person("Ana")
        async with slack_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            await ana.says(ASKED)
            reminded = await ana.sees("⏰ stretch", PATIENCE)
        async with slack_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            assert await ana.presses(reminded, "In an hour") == ""
            await ana.sees("I'll remind you again")


async def test_on_discord(tmp_path: Path) -> None:
    async with DiscordServer.open() as server:
        ana = server.person("Ana")
        async with discord_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            await ana.says(ASKED)
            reminded = await ana.sees("⏰ stretch", PATIENCE)
        async with discord_bot.talking(server, tmp_path, plugins=[RemindersPlugin()]):
            assert await ana.presses(reminded, "In an hour") == ""
            await ana.sees("I'll remind you again")
