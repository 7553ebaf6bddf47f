"""A bot on the emulated WhatsApp."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from adapters.whatsapp import WhatsAppAdapter
from adapters.whatsapp.settings import WhatsAppSettings
from bot.configuration.settings import AccessSettings, Settings, Table
from bot.models import LanguageModel
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from tests.adapters import bots
from tests.emulators.patience import PATIENCE
from tests.emulators.ports import choose_port
from tests.emulators.whatsapp import VERIFY_TOKEN, WhatsAppServer
from tests.emulators.whatsapp_script import Room, Seat

FAST: Table = {
    "messages_per_second": 1000,
    "person_seconds": 0.001,
    "retry_seconds": 0.02,
    "status_seconds": PATIENCE,
}
"""Settings that make a test wait for nothing but what it is about."""


def table(server: WhatsAppServer, **changes: object) -> Table:
    """Return the table [adapters.whatsapp] for this server, whose posts then go to the bot."""
    port = choose_port()
    server.deliveries.url = f"http://127.0.0.1:{port}/whatsapp"
    secrets = {"access_token": server.token, "app_secret": server.app_secret, "verify_token": VERIFY_TOKEN}
    about = {"phone_number_id": server.number_id, "base_url": server.base_url, "port": port}
    return {**secrets, **about, **FAST, **changes}


def settings_for(
    server: WhatsAppServer,
    folder: Path,
    *,
    people: Iterable[Seat] = (),
    groups: Iterable[Room] = (),
    owners: Iterable[Seat] = (),
    **changes: object,
) -> Settings:
    """Return settings that let these people and groups talk to the bot."""
    access = AccessSettings(
        owners=tuple(f"whatsapp:{seat.id}" for seat in owners),
        people=tuple(f"whatsapp:{seat.id}" for seat in people),
        conversations=tuple(f"whatsapp:{group.id}" for group in groups),
    )
    return bots.settings_of(folder, access, {"whatsapp": table(server, **changes)})


def talking(
    server: WhatsAppServer,
    folder: Path,
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
    **changes: object,
) -> AbstractAsyncContextManager[Core]:
    """Run a bot that everybody may talk to, with a model and plugins of the test."""
    return bots.talking(folder, [adapter_for(server, **changes)], model=model, plugins=plugins, options=options)


def adapter_for(server: WhatsAppServer, **changes: object) -> WhatsAppAdapter:
    """Return an adapter for this server."""
    return WhatsAppAdapter(WhatsAppSettings.model_validate(table(server, **changes)))
