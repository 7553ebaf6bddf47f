"""`scrubjay run` as a process, with a settings file: it serves Discord, and comes back after it was killed."""

from __future__ import annotations

from pathlib import Path

from bot.configuration.settings import Table
from tests.adapters.processes import scrubjay_run, write_config
from tests.emulators.discord import DiscordServer
from tests.emulators.discord_rest import Refusal


async def test_a_bot_killed_between_storing_and_replying_replies_once_when_it_is_back(tmp_path: Path) -> None:
    async with DiscordServer.open() as discord:
        ana = discord.person("Ana")
        table: Table = {"token": discord.token, "base_url": discord.base_url}
        config = write_config(tmp_path, "discord", ana.account.id, table)
        async with scrubjay_run(config) as bot:
            await discord.until(lambda: discord.gateway.sessions or None)
            await ana.says("/remember the tent is torn")
            await ana.sees("I'll remember that")
            discord.refuse("create", Refusal(403, "Not now", 40333), times=1000)
            tried = discord.calls["create"]
            await ana.says("/remember the rope is wet")
            await discord.until(lambda: True if discord.calls["create"] > tried else None)
            bot.kill()
            await bot.wait()
        discord.faults.clear()
        discord.gateway.sessions.clear()
        async with scrubjay_run(config):
            await discord.until(lambda: discord.gateway.sessions or None)
            await discord.until(lambda: True if len(ana.room.by_bot()) == 2 else None)
            await ana.says("/facts")
            facts = await ana.sees("the rope is wet")
            await ana.sees_nothing(more_than=3)
    assert facts.text.count("the rope is wet") == 1
    assert facts.text.count("the tent is torn") == 1
