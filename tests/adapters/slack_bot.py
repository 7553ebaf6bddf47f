"""A bot on the emulated Slack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.slack import SlackAdapter
from adapters.slack.settings import SlackSettings
from bot.configuration.settings import AccessSettings, Settings, Table
from bot.models import LanguageModel
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from tests.adapters import bots
from tests.emulators.slack import SlackServer
from tests.emulators.slack_script import Seat
from tests.emulators.slack_workspace import Room

FAST: Table = {
    "edit_seconds_direct": 0.01,
    "edit_seconds_group": 0.01,
    "retry_seconds": 0.02,
    "retry_seconds_most": 0.1,
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
    access = AccessSettings(
        owners=tuple(f"slack:{seat.account.id}" for seat in owners),
        people=tuple(f"slack:{seat.account.id}" for seat in people),
        conversations=tuple(f"slack:{channel.id}" for channel in channels),
        workspaces=tuple(f"slack:{workspace}" for workspace in workspaces),
    )
    return bots.settings_of(folder, access, {"slack": table(server, **changes)})


def talking(
    server: SlackServer,
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
    **changes: object,
) -> AbstractAsyncContextManager[Core]:
    """Run a bot that everybody may talk to, with a model and plugins of the test."""
    return bots.talking(folder, [adapter_for(server, **changes)], model=model, plugins=plugins, options=options)


def adapter_for(server: SlackServer, **changes: object) -> SlackAdapter:
    """Return an adapter for this server."""
    return SlackAdapter(SlackSettings.model_validate(table(server, **changes)))
