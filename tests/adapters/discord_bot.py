"""A bot on the emulated Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.discord import DiscordAdapter
from adapters.discord.settings import DiscordSettings
from bot.app import App
from bot.configuration.settings import AccessSettings, Settings, Table
from bot.models import LanguageModel
from bot.pipeline.core import Core
from bot.plugin import Plugin
from tests.adapters import bots
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
    access = AccessSettings(
        people=tuple(f"discord:{seat.account.id}" for seat in people),
        conversations=tuple(f"discord:{room.id}" for room in channels),
        workspaces=tuple(f"discord:{guild.id}" for guild in guilds),
    )
    return bots.settings_of(folder, access, {"discord": table(server, **changes)})


@asynccontextmanager
async def running(server: DiscordServer, settings: Settings) -> AsyncIterator[App]:
    """Run the bot as `scrubjay run` does, and stop it at the end as Ctrl-C would."""
    async with bots.running(settings) as app:
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
    async with bots.talking(folder, [adapter_for(server, **changes)], model=model, plugins=plugins) as core:
        await server.connected()
        yield core


def adapter_for(server: DiscordServer, **changes: object) -> DiscordAdapter:
    """Return an adapter for this server."""
    return DiscordAdapter(DiscordSettings.model_validate(table(server, **changes)))
