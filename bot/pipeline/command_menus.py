"""Keeps the platforms' lists of commands in line with the plugins that run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.adapter import Adapter, CommandMenu, LiveCommandMenu
from bot.hosting.running import RunningPlugins
from bot.pipeline.background import run_beside

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
"""How long to wait for more changes: platforms want few changes of their lists."""


def offer(plugins: RunningPlugins, adapters: Sequence[Adapter]) -> None:
    """Give the adapters the commands that there are now."""
    for adapter in adapters:
        if isinstance(adapter, CommandMenu):
            adapter.offer(plugins.commands)


@asynccontextmanager
async def keep_shown(plugins: RunningPlugins, adapters: Sequence[Adapter]) -> AsyncIterator[None]:
    """Show the commands again on these adapters, which were entered, whenever they change while the block runs."""
    changed = asyncio.Event()
    with plugins.listening(changed.set):
        async with run_beside(_show(plugins, adapters, changed), name="menus"):
            yield


async def _show(plugins: RunningPlugins, adapters: Sequence[Adapter], changed: asyncio.Event) -> None:
    while await changed.wait():
        await asyncio.sleep(PAUSE_SECONDS)
        changed.clear()
        offer(plugins, adapters)
        for adapter in adapters:
            if isinstance(adapter, LiveCommandMenu):
                await _refresh(adapter)


async def _refresh(adapter: LiveCommandMenu) -> None:
    try:
        await adapter.refresh()
    except Exception:  # the menu is a convenience: commands work without it
        logger.exception("The list of commands could not be changed; it is shown again at the next start")
