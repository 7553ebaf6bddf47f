"""A bot on the emulated Slack: wired as `scrubjay run` does it, or around a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.slack import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.adapter import Adapter, Deliver
from bot.adapters_setup import make_adapters
from bot.answer import Answerer
from bot.app import App, open_app
from bot.core import Core, CoreOptions
from bot.events import Person
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.plugin import Plugin
from bot.settings import AccessSettings, DataSettings, MemorySettings, Settings, Table
from bot.testing import Everybody
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin
from tests.emulators.slack import SlackServer
from tests.emulators.slack_script import Seat
from tests.emulators.slack_workspace import Room

FAST: Table = {
    "edit_seconds_direct": 0.01,
    "edit_seconds_group": 0.01,
    "retry_seconds": 0.02,
    "retry_seconds_most": 0.1,
    "timezone": "UTC",
}
"""Settings that make a test wait for nothing but what it is about."""


def table(server: SlackServer, **changes: object) -> Table:
    """Return the table [adapters.slack] for this server."""
    tokens = {"bot_token": server.bot_token, "app_token": server.app_token}
    return {**tokens, "base_url": server.base_url, **FAST, **changes}


def settings_for(
    server: SlackServer,
    folder: Path,
    *,
    people: Iterable[Seat] = (),
    channels: Iterable[Room] = (),
    owners: Iterable[Seat] = (),
    workspaces: Iterable[str] = (),
    **changes: object,
) -> Settings:
    """Return settings that let these people and channels talk to the bot."""
    return Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing"),
        access=AccessSettings(
            owners=tuple(f"slack:{seat.account.id}" for seat in owners),
            people=tuple(f"slack:{seat.account.id}" for seat in people),
            conversations=tuple(f"slack:{channel.id}" for channel in channels),
            workspaces=tuple(f"slack:{workspace}" for workspace in workspaces),
        ),
        adapters={"slack": table(server, **changes)},
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    """Run the bot as `scrubjay run` does, and stop it at the end as Ctrl-C would."""
    async with open_app(settings) as app, serving(app.core, make_adapters(settings.adapters)):
        yield app


@asynccontextmanager
async def talking(
    server: SlackServer,
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
    **changes: object,
) -> AsyncIterator[Core]:
    """Run a bot that everybody may talk to, with a model and plugins of the test."""
    async with (
        Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
        Core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=Everybody(owner=Person("slack", "nobody", "Owner")),
            plugins=[MemoryPlugin(), HelpPlugin(), *plugins],
            options=options or CoreOptions(deadline=10, grace=2, resend_seconds=0.1),
        ) as core,
        serving(core, [adapter_for(server, **changes)]),
    ):
        yield core


def adapter_for(server: SlackServer, **changes: object) -> SlackAdapter:
    """Return an adapter for this server."""
    return SlackAdapter(SlackSettings.model_validate(table(server, **changes)))


@asynccontextmanager
async def serving(core: Core, adapters: Sequence[Adapter]) -> AsyncIterator[asyncio.Task[None]]:
    """Serve adapters while the block runs."""
    task = asyncio.create_task(core.serve(adapters), name="serve")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


@asynccontextmanager
async def receiving(adapter: SlackAdapter, deliver: Deliver) -> AsyncIterator[asyncio.Task[None]]:
    """Run an adapter without a core while the block runs."""
    async with adapter:
        task = asyncio.create_task(adapter.run(deliver), name="run")
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait([task])


async def stored(memory: Memory, text: str) -> list[str]:
    """Return what is stored with this in it, oldest first."""
    found = await memory.passages(Scope.all(), Selection(matching=text), limit=10_000, newest_first=False)
    return [passage.text for passage in found]
