"""A bot on emulated platforms: wired as `scrubjay run` does it, or around a scripted model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.access.policy import AccessPolicy
from bot.adapter import Adapter, Deliver
from bot.answering.answer import Answerer
from bot.app import App, build_core, open_app
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.settings import AccessSettings, DataSettings, MemorySettings, Settings, Table, TimeSettings
from bot.events import Person
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.models.speech import SpeechServer
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from bot.testing import Everybody
from memory import Memory, Scope, Selection
from memory.embedders.hashing import HashingEmbedder
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin


def settings_of(folder: Path, access: AccessSettings, adapters: Mapping[str, Table], *, zone: str = "UTC") -> Settings:
    """Return the settings of a bot that keeps its data in a folder."""
    return Settings(
        data=DataSettings(dir=folder),
        memory=MemorySettings(embedder="hashing"),
        access=access,
        adapters=dict(adapters),
        time=TimeSettings(timezone=zone),
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    """Run the bot as `scrubjay run` does, and stop it at the end as Ctrl-C would."""
    async with open_app(settings) as app, serving(app.core, make_adapters(settings.adapters)):
        yield app


@asynccontextmanager
async def talking(
    folder: Path,
    adapters: Sequence[Adapter],
    *,
    model: LanguageModel | None = None,
    plugins: Sequence[Plugin] = (),
    options: CoreOptions | None = None,
    access: AccessPolicy | None = None,
    speech: SpeechServer | None = None,
) -> AsyncIterator[Core]:
    """Run a bot with a model and plugins of the test; everybody may talk to it where `access` says nothing else."""
    async with (
        Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
        build_core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=access or Everybody(owner=Person(adapters[0].name, "nobody", "Owner")),
            plugins=[MemoryPlugin(), HelpPlugin(), *plugins],
            options=options or CoreOptions(grace=2, resend_seconds=0.1),
            speech=speech,
        ) as core,
        serving(core, adapters),
    ):
        yield core


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
async def receiving(adapter: Adapter, deliver: Deliver) -> AsyncIterator[asyncio.Task[None]]:
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
    found = await memory.passages.select(Scope.all(), Selection(matching=text), limit=10_000, newest_first=False)
    return [passage.text for passage in found]
