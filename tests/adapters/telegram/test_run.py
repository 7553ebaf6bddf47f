"""`scrubjay run` as a process, with a settings file: it serves Telegram, and comes back after it was killed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.adapter import Deliver
from bot.configuration.settings import Table
from bot.errors import AdapterError
from bot.events import Person
from bot.testing import Everybody, FakeAdapter
from tests.adapters import bots
from tests.adapters.processes import scrubjay_run, write_config
from tests.adapters.telegram_bot import adapter_for
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


class Failing(FakeAdapter):
    """A platform that refuses the bot when it is told to."""

    def __init__(self) -> None:
        super().__init__("other")
        self.refuses = asyncio.Event()

    async def run(self, deliver: Deliver) -> None:  # noqa: ARG002 (it receives nothing)
        await self.refuses.wait()
        raise AdapterError("the token is refused")


async def test_the_owner_is_told_here_that_another_platform_has_failed(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    ana, other = telegram.user("Ana"), Failing()
    access = Everybody(owner=Person("telegram", str(ana.account.id), "Ana"))
    async with bots.talking(tmp_path, [adapter_for(telegram), other], access=access):
        await ana.says("/help help")
        await ana.sees("/help")
        other.refuses.set()
        assert "the token is refused" in (await ana.sees("I no longer run on other")).text
