"""The lists of commands that platforms show follow what is switched while the bot runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest

from bot.app import App
from tests.adapters import bots, discord_bot, telegram_bot
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer.open() as server:
        yield server


async def switched(app: App, listed: Callable[[], Iterable[str]]) -> None:
    """Switch a plugin off and on, and see its commands leave the list and come back."""
    manager = app.core.services.hosting.manager
    assert manager is not None
    async with asyncio.timeout(PATIENCE):
        while "remember" not in listed():  # noqa: ASYNC110 (the platform is told)
            await asyncio.sleep(0.05)
        await manager.disable("memory")
        while "remember" in listed():  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.05)
        await manager.enable("memory")
        while "remember" not in listed():  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.05)


async def test_telegrams_menu_follows_what_is_switched(telegram: TelegramServer, tmp_path: Path) -> None:
    settings = telegram_bot.settings_for(telegram, tmp_path, people=[telegram.user("Ana")])
    async with bots.running(settings) as app:
        await switched(app, lambda: telegram.menu)


async def test_discords_slash_commands_follow_what_is_switched(discord: DiscordServer, tmp_path: Path) -> None:
    settings = discord_bot.settings_for(discord, tmp_path, people=[discord.person("Ana")])
    async with discord_bot.running(discord, settings) as app:
        await switched(app, lambda: discord.commands)


async def test_nobody_on_discord_waits_for_the_list_of_slash_commands(discord: DiscordServer, tmp_path: Path) -> None:
    discord.storm("commands", times=1, retry_after=3600)
    ana = discord.person("Ana")
    settings = discord_bot.settings_for(discord, tmp_path, people=[ana])
    async with discord_bot.running(discord, settings):
        await ana.says("/help remember")
        await ana.sees("/remember TEXT")
        await discord.until(lambda: discord.commands or None)
