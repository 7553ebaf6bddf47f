"""`scrubjay run` as a process, with a settings file: it serves Slack, and comes back after it was killed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.emulators.slack import SlackServer

ROOT = Path(__file__).parents[2]
CONFIG = """
[data]
dir = "{folder}"
[memory]
embedder = "hashing"
[access]
people = ["slack:{person}"]
[adapters.slack]
bot_token = "{bot_token}"
app_token = "{app_token}"
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
    async with SlackServer.open() as slack:
        ana = slack.person("Ana")
        config = tmp_path / "config.toml"
        tokens = {"bot_token": slack.bot_token, "app_token": slack.app_token, "base_url": slack.base_url}
        config.write_text(CONFIG.format(folder=tmp_path, person=ana.account.id, **tokens))
        async with scrubjay_run(config) as bot:
            await ana.says("/remember the tent is torn")
            await ana.sees("I'll remember that", within=30)
            slack.break_off("chat.postMessage", times=1000)
            tried = slack.calls["chat.postMessage"]
            await ana.says("/remember the rope is wet")
            await slack.until(lambda: True if slack.calls["chat.postMessage"] > tried else None, 10)
            bot.kill()
            await bot.wait()
        slack.faults.clear()
        await ana.says("/facts")
        async with scrubjay_run(config):
            await ana.sees("I'll remember that", within=30)
            facts = await ana.sees("the rope is wet")
            await ana.sees_nothing()
    assert facts.shown.count("the rope is wet") == 1
    assert facts.shown.count("the tent is torn") == 1
    assert len(ana.messages) == 3
