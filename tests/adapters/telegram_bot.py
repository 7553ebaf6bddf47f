"""A bot on the emulated Telegram."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.telegram import TelegramAdapter
from adapters.telegram.settings import TelegramSettings
from bot.configuration.settings import AccessSettings, Settings, Table
from bot.events import Person
from bot.models import LanguageModel
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from bot.testing import Everybody
from tests.adapters import bots
from tests.emulators.telegram import TelegramServer
from tests.emulators.telegram_chats import Room
from tests.emulators.telegram_script import Seat

FAST: Table = {
    "edit_seconds_direct": 0.01,
    "edit_seconds_group": 0.01,
    "messages_per_second": 1000,
    "group_messages_per_minute": 1000,
    "retry_seconds": 0.02,
    "retry_seconds_most": 0.1,
    "poll_seconds": 5,
}
"""Settings that make a test wait for nothing but what it is about."""


def table(server: TelegramServer, **changes: object) -> Table:
    """Return the table [adapters.telegram] for this server."""
    return {"token": server.token, "base_url": server.base_url, **FAST, **changes}


def settings_for(
    server: TelegramServer,
    folder: Path,
    *,
    people: Iterable[Seat] = (),
    groups: Iterable[Room] = (),
    owners: Iterable[Seat] = (),
    **changes: object,
) -> Settings:
    """Return settings that let these people and groups talk to the bot."""
    access = AccessSettings(
        owners=tuple(f"telegram:{seat.account.id}" for seat in owners),
        people=tuple(f"telegram:{seat.account.id}" for seat in people),
        conversations=tuple(f"telegram:{group.id}" for group in groups),
    )
    return bots.settings_of(folder, access, {"telegram": table(server, **changes)})


def talking(
    server: TelegramServer,
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
    owner: Seat | None = None,
    **changes: object,
) -> AbstractAsyncContextManager[Core]:
    """Run a bot that everybody may talk to, with a model and plugins of the test."""
    access = None if owner is None else Everybody(owner=Person("telegram", str(owner.account.id), "Owner"))
    adapter = adapter_for(server, **changes)
    return bots.talking(folder, [adapter], model=model, plugins=plugins, options=options, access=access)


def adapter_for(server: TelegramServer, **changes: object) -> TelegramAdapter:
    """Return an adapter for this server."""
    return TelegramAdapter(TelegramSettings.model_validate(table(server, **changes)))
