"""`scrubjay run` as a process, with a settings file: it serves Discord, and comes back after it was killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.emulators.discord import DiscordServer
from tests.emulators.discord_rest import Refusal

ROOT = Path(__file__).parents[2]
CONFIG = """
[data]
dir = "{folder}"
[memory]
embedder = "hashing"
[access]
people = ["discord:{person}"]
[adapters.discord]
token = "{token}"
base_url = "{base_url}"
retry_seconds = 0.05
"""


@asynccontextmanager
async def scrubjay_run(config: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot; if the test does not end it, it is ended as by a service manager."""
    program = "import sys; from bot.cli import main; sys.exit(main())"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, "--config", str(config), "run", stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def test_a_bot_killed_between_storing_and_replying_replies_once_when_it_is_back(tmp_path: Path) -> None:
    async with DiscordServer.open() as discord:
        ana = discord.person("Ana")
        config = tmp_path / "config.toml"
        about = {"token": discord.token, "base_url": discord.base_url}
        config.write_text(CONFIG.format(folder=tmp_path, person=ana.account.id, **about))
        async with scrubjay_run(config) as bot:
            await discord.until(lambda: discord.gateway.sessions or None, 30)
            await ana.says("/remember the tent is torn")
            await ana.sees("I'll remember that")
            discord.refuse("create", Refusal(403, "Missing Permissions", 50013), times=1000)
            tried = discord.calls["create"]
            await ana.says("/remember the rope is wet")
            await discord.until(lambda: True if discord.calls["create"] > tried else None, 10)
            bot.kill()
            await bot.wait()
        discord.faults.clear()
        discord.gateway.sessions.clear()
        async with scrubjay_run(config):
            await discord.until(lambda: discord.gateway.sessions or None, 30)
            await discord.until(lambda: True if len(ana.room.by_bot()) == 2 else None, 10)
            await ana.says("/facts")
            facts = await ana.sees("the rope is wet")
            await ana.sees_nothing(more_than=3)
    assert facts.text.count("the rope is wet") == 1
    assert facts.text.count("the tent is torn") == 1
