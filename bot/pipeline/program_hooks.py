"""Plugins' hooks into the recall for what a program asks: there is no chat, so nobody can be told or asked anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal, NoReturn

from bot.access.sources import HandlerSources
from bot.answering.records import Answer
from bot.context import Context
from bot.errors import CommandError
from bot.events import Attachment, Reply
from bot.hosting.contributions import Contributions
from bot.pipeline.contexts import make_context
from bot.pipeline.received import Received
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.reading.incoming import IncomingFile
from bot.translation import gettext
from memory.records import Recollection


@dataclass(frozen=True, slots=True)
class ProgramHooks:
    """Calls the hooks with the access of whoever asks. Nothing may be stored, as nothing of a completion is.

    Tools are left out: what a program sends as its user's words may hold anybody's, and those must bring about no call.
    """

    services: Services
    deadline: float

    async def adjust(self, asked: Received, recollections: Sequence[Recollection]) -> list[Recollection]:
        """Return what is recalled for a question after the plugins' hooks."""
        help_of_plugins = Contributions(
            self.services,
            asked,
            asked.message.text,
            Session(self.deadline),
            lambda plugin: self._context(plugin, asked),
        )
        return await help_of_plugins.adjust(recollections)

    def _context(self, plugin: str, asked: Received) -> Context:
        services, sources = self.services, HandlerSources()
        resources = services.resources(asked, keeps=False, sources=sources)
        return make_context(services, asked, plugin, resources, io=_NoChat(), sources=sources)


class _NoChat:
    """The `HandlerIO` of a question that a program asks."""

    async def reply(self, reply: Reply) -> None:  # noqa: ARG002 (the protocol's, as are the others)
        """Raise CommandError."""
        _refuse()

    async def ask(self, question: Reply, seconds: float, fits: Callable[[str], bool] | None = None) -> str:  # noqa: ARG002
        """Raise CommandError."""
        _refuse()

    async def choose(
        self,
        question: str,  # noqa: ARG002
        options: Sequence[str],  # noqa: ARG002
        seconds: float,  # noqa: ARG002
        typed: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> str:
        """Raise CommandError."""
        _refuse()

    async def choose_language(self, language: str | None) -> None:  # noqa: ARG002
        """Raise CommandError."""
        _refuse()

    async def answer(self, question: str) -> None:  # noqa: ARG002
        """Raise CommandError."""
        _refuse()

    async def last_answer(self) -> Answer | None:
        """Return None: what programs are answered is not kept."""
        return None

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:  # noqa: ARG002
        """Return False: there is no answer that is kept."""
        return False

    async def spend(self) -> None:
        """Count nothing: the answer that this helps to make is counted."""

    def stop(self) -> bool:
        """Return False: nothing runs in a chat."""
        return False

    def growing(self) -> AbstractAsyncContextManager[Callable[[str], None]]:
        """Open a reply that nobody sees."""
        return nullcontext(lambda _: None)

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:  # noqa: ARG002
        """Raise CommandError."""
        _refuse()

    async def read(self, file: IncomingFile) -> str:  # noqa: ARG002
        """Raise CommandError."""
        _refuse()


def _refuse() -> NoReturn:
    raise CommandError(gettext("A program asks: there is no chat in which that could be done."))
