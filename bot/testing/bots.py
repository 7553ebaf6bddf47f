"""A bot around an adapter, as `scrubjay run` has it, with a real memory in a folder of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.access.policy import AccessPolicy, AllowList, Role
from bot.adapter import Adapter
from bot.answering.answer import Answerer
from bot.app import build_core
from bot.events import Conversation, Person
from bot.models import LanguageModel
from bot.models.extractive import ExtractiveModel
from bot.pipeline.background import run_beside
from bot.pipeline.core import Core, CoreOptions
from bot.plugin import Plugin
from memory import Memory
from memory.embedders.hashing import HashingEmbedder


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot that serves an adapter: `memory` is what it remembers."""

    core: Core
    memory: Memory

    async def idle(self) -> None:
        """Wait until nothing that was delivered is still being handled."""
        await self.core.idle()


@asynccontextmanager
async def serve(
    folder: Path,
    adapter: Adapter,
    *,
    plugins: Sequence[Plugin] = (),
    model: LanguageModel | None = None,
    access: AccessPolicy | None = None,
) -> AsyncIterator[RunningBot]:
    """Run a bot on an adapter while the block runs, with its memory in `folder`.

    The adapter is entered and run as by `scrubjay run`, beside the block: wait until it has connected. Without `access`
    everybody may talk with the bot, and nobody owns it; without a `model` it quotes.
    """
    async with (
        Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
        build_core(
            memory,
            Answerer(memory, model or ExtractiveModel()),
            access=access or Everybody(owner=Person(adapter.name, "nobody", "Owner")),
            plugins=plugins,
            options=CoreOptions(grace=2),
        ) as core,
        run_beside(core.serve([adapter]), name=f"serve {adapter.name}"),
    ):
        yield RunningBot(core, memory)


class Everybody(AllowList):
    """Admits everybody, with one owner; for tests."""

    def __init__(self, owner: Person) -> None:
        super().__init__(local=(), owners=[(owner.platform, owner.id)])

    async def role(self, person: Person, place: Conversation) -> Role:
        """Take anybody for a member at least."""
        return await super().role(person, place) or Role.MEMBER
