"""Keeps the platforms' lists of commands in line with the plugins that run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.adapter import Adapter, CommandMenu, LiveCommandMenu
from bot.errors import AdapterError
from bot.hosting.running import RunningPlugins
from bot.pipeline.background import run_beside
from bot.plugin import Command

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
"""How long to wait for more changes: platforms want few changes of their lists."""
RETRY_SECONDS, RETRY_SECONDS_MOST = 2.0, 300.0
"""After a list that a platform did not take, twice as long each time."""

_FIRST = (
    "help",
    "ask",
    "remember",
    "memories",
    "forget",
    "why",
    "catchup",
    "remind",
    "reminders",
    "facts",
    "documents",
)
"""The commands that people use every day; the others follow in the order of the alphabet."""


def offer(plugins: RunningPlugins, adapters: Sequence[Adapter]) -> None:
    """Give the adapters the commands that there are now."""
    commands = sorted(plugins.commands, key=_rank)
    for adapter in adapters:
        if isinstance(adapter, CommandMenu):
            adapter.offer(commands)


def _rank(command: Command) -> tuple[int, str]:
    return (_FIRST.index(command.name) if command.name in _FIRST else len(_FIRST)), command.name


@asynccontextmanager
async def keep_shown(plugins: RunningPlugins, adapters: Sequence[Adapter]) -> AsyncIterator[None]:
    """Show the commands on these adapters, which were entered, and again whenever they change while the block runs.

    Nothing waits for that: a platform may refuse its list for as long as it likes.
    """
    menus = [_Menu(adapter) for adapter in adapters if isinstance(adapter, LiveCommandMenu)]
    changed = asyncio.Event()
    with plugins.listening(changed.set):
        async with AsyncExitStack() as stack:
            for menu in menus:
                await stack.enter_async_context(run_beside(menu.keep_shown(), name="menu"))
            await stack.enter_async_context(run_beside(_follow(plugins, adapters, changed, menus), name="menus"))
            yield


async def _follow(
    plugins: RunningPlugins, adapters: Sequence[Adapter], changed: asyncio.Event, menus: Sequence[_Menu]
) -> None:
    while await changed.wait():
        await asyncio.sleep(PAUSE_SECONDS)
        changed.clear()
        offer(plugins, adapters)
        for menu in menus:
            menu.outdated.set()


class _Menu:
    """One platform's list of commands, which is shown while it is `outdated`."""

    def __init__(self, adapter: LiveCommandMenu) -> None:
        self._adapter = adapter
        self.outdated = asyncio.Event()
        self.outdated.set()

    async def keep_shown(self) -> None:
        """Show the list when it is outdated, and until the platform takes it."""
        seconds = RETRY_SECONDS
        while await self.outdated.wait():
            self.outdated.clear()
            try:
                await self._adapter.refresh()
                seconds = RETRY_SECONDS
            except Exception as error:  # the menu is a convenience: commands work without it
                level = logging.WARNING if seconds == RETRY_SECONDS else logging.DEBUG
                unknown = None if isinstance(error, AdapterError) else error
                logger.log(level, "The list of commands is not shown, and tried again: %s", error, exc_info=unknown)
                self.outdated.set()
                await asyncio.sleep(seconds)
                seconds = min(2 * seconds, RETRY_SECONDS_MOST)
