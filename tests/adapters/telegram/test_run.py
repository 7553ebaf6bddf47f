"""`scrubjay run` as a process, with a settings file: it serves Telegram, and comes back after it was killed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.configuration.settings import Table
from tests.adapters.processes import scrubjay_run, write_config
from tests.emulators.patience import PATIENCE
from tests.emulators.telegram import TelegramServer


async def test_a_bot_killed_between_storing_and_replying_replies_once_when_it_is_back(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana = telegram.user("Ana")
    table: Table = {"token": telegram.token, "base_url": telegram.base_url}
    config = write_config(tmp_path, "telegram", ana.account.id, table)
    async with scrubjay_run(config) as bot:
        await ana.says("/remember the tent is torn")
        await ana.sees("I'll remember that")
        telegram.break_off("sendMessage", "before", times=1000)
        await ana.says("/remember the rope is wet")
        tried = telegram.calls["sendMessage"]
        async with asyncio.timeout(PATIENCE):
            while telegram.calls["sendMessage"] == tried:  # noqa: ASYNC110 (the other process moves on)
                await asyncio.sleep(0.01)
        bot.kill()
        await bot.wait()
    telegram.faults.clear()
    await ana.says("/facts")
    async with scrubjay_run(config):
        await ana.sees("I'll remember that")
        facts = await ana.sees("the rope is wet")
        await ana.sees_nothing()
    assert facts.text.count("the rope is wet") == 1
    assert facts.text.count("the tent is torn") == 1
    assert len(ana.room.texts) == 3
