from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.hosting.running import RunningPlugins
from bot.pipeline.command_menus import keep_shown, offer
from bot.pipeline.metrics import Metrics
from bot.plugin import Command
from bot.testing import FakeAdapter, chat
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin
from tests.emulators.patience import PATIENCE


class Menu(FakeAdapter):
    """A platform that lists commands, and takes changes of the list."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: list[str] = []
        self.shown: asyncio.Queue[list[str]] = asyncio.Queue()
        self.refuses = False

    def offer(self, commands: Sequence[Command]) -> None:
        self.offered = [command.name for command in commands]

    async def refresh(self) -> None:
        if self.refuses:
            self.refuses = False
            self.shown.put_nowait(["refused"])
            raise OSError("too many changes")
        self.shown.put_nowait(self.offered)


async def test_the_list_of_a_platform_follows_what_is_switched(caplog: pytest.LogCaptureFixture) -> None:
    menu, plain = Menu(), FakeAdapter("plain")
    async with RunningPlugins([HelpPlugin()], "Scrubjay", Metrics()) as plugins, keep_shown(plugins, [menu, plain]):
        async with asyncio.timeout(PATIENCE):
            assert await menu.shown.get() == []  # nothing was offered yet
            await plugins.start(MemoryPlugin())
            assert "remember" in await menu.shown.get()
            menu.refuses = True
            plugins.stop("memory")
            assert await menu.shown.get() == ["refused"]
            assert "remember" not in await menu.shown.get()  # it is tried again by itself
            await plugins.start(MemoryPlugin())
            assert "remember" in await menu.shown.get()
    assert "The list of commands is not shown, and tried again: too many changes" in caplog.text


async def test_the_list_begins_with_what_is_used_every_day() -> None:
    menu = Menu()
    async with RunningPlugins([MemoryPlugin(), HelpPlugin()], "Scrubjay", Metrics()) as plugins:
        offer(plugins, [menu])
    assert menu.offered == ["help", "ask", "remember", "memories", "forget", "why", "facts", "speed", "stats", "stop"]


async def test_a_bot_that_serves_offers_its_commands(tmp_path: Path) -> None:
    menu = Menu()
    menu.hang_up()
    async with chat(tmp_path, plugins=[HelpPlugin()]) as ann:
        await ann.core.serve([menu])
    assert menu.offered == ["help", "stop"]
