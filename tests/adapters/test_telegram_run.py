"""`scrubjay run` as a process, with a settings file: it serves Telegram, and comes back after it was killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.emulators.telegram import TelegramServer

ROOT = Path(__file__).parent.parent.parent
CONFIG = """
[data]
dir = "{folder}"
[memory]
embedder = "hashing"
[access]
people = ["telegram:{person}"]
[adapters.telegram]
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


async def test_a_bot_killed_between_storing_and_replying_replies_once_when_it_is_back(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    config = tmp_path / "config.toml"
    config.write_text(
        CONFIG.format(folder=tmp_path, person=ana.account.id, token=telegram.token, base_url=telegram.base_url)
    )
    async with scrubjay_run(config) as bot:
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember that", within=30)
        telegram.break_off("sendMessage", "before", times=1000)
        await ana.says("/remember the rope is wet")
        tried = telegram.calls["sendMessage"]
        async with asyncio.timeout(10):
            while telegram.calls["sendMessage"] == tried:  # noqa: ASYNC110 (the other process moves on)
                await asyncio.sleep(0.01)
        bot.kill()
        await bot.wait()
    telegram.faults.clear()
    await ana.says("/facts")
    async with scrubjay_run(config):
        await ana.sees("I'll remember that", within=30)
        facts = await ana.sees("the rope is wet")
        await ana.sees_nothing()
    assert facts.text.count("the rope is wet") == 1
    assert facts.text.count("the tent is torn") == 1
    assert len(ana.room.texts) == 3
