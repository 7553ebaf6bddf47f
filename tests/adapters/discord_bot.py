"""A bot on the emulated Discord: wired as `scrubjay run` does it, or around a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.discord import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from bot.adapter import Adapter
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
from tests.emulators.discord import DiscordServer
from tests.emulators.discord_places import Guild, Room
from tests.emulators.discord_script import Seat

FAST: Table = {
    "edit_seconds_direct": 0.01,
    "edit_seconds_group": 0.01,
    "retry_seconds": 0.02,
    "retry_seconds_most": 0.1,
}
"""Settings that make a test wait for nothing but what it is about."""


def table(server: DiscordServer, **changes: object) -> Table:
    """Return the table [adapters.discord] for this server."""
    return {"token": server.token, "base_url": server.base_url, **FAST, **changes}


def settings_for(
    server: DiscordServer,
    folder: Path,
    *,
    people: Iterable[Seat] = (),
    channels: Iterable[Room] = (),
    guilds: Iterable[Guild] = (),
    **changes: object,
) -> Settings:
    """Return settings that let these people, channels and servers talk to the bot."""
    return Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing"),
        access=AccessSettings(
            people=tuple(f"discord:{seat.account.id}" for seat in people),
            conversations=tuple(f"discord:{room.id}" for room in channels),
            workspaces=tuple(f"discord:{guild.id}" for guild in guilds),
        ),
        adapters={"discord": table(server, **changes)},
    )


@asynccontextmanager
async def running(server: DiscordServer, settings: Settings) -> AsyncIterator[App]:
    """Run the bot as `scrubjay run` does, and stop it at the end as Ctrl-C would."""
    async with open_app(settings) as app, serving(app.core, make_adapters(settings.adapters)):
        await server.connected()
        yield app


@asynccontextmanager
async def talking(
    server: DiscordServer,
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    **changes: object,
) -> AsyncIterator[Core]:
    """Run a bot that everybody may talk to, with a model and plugins of the test."""
    async with (
        Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
        Core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=Everybody(owner=Person("discord", "nobody", "Owner")),
            plugins=[MemoryPlugin(), HelpPlugin(), *plugins],
            options=CoreOptions(deadline=10, grace=2, resend_seconds=0.1),
        ) as core,
        serving(core, [adapter_for(server, **changes)]),
    ):
        await server.connected()
        yield core


def adapter_for(server: DiscordServer, **changes: object) -> DiscordAdapter:
    """Return an adapter for this server."""
    return DiscordAdapter(DiscordSettings.model_validate(table(server, **changes)))


@asynccontextmanager
async def serving(core: Core, adapters: Sequence[Adapter]) -> AsyncIterator[asyncio.Task[None]]:
    """Serve adapters while the block runs."""
    task = asyncio.create_task(core.serve(adapters), name="serve")
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def stored(memory: Memory, text: str) -> list[str]:
    """Return what is stored with this in it, oldest first."""
    found = await memory.passages(Scope.all(), Selection(matching=text), limit=10_000, newest_first=False)
    return [passage.text for passage in found]
