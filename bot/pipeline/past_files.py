"""Hands the files of a history to the plugins that take in their kind, as if they had just been sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO, Literal, Protocol

from bot.access.policy import AllowList, Role
from bot.access.quotas import Quotas
from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.answering.records import Answer
from bot.configuration.timezones import LOCAL, zone_of
from bot.context import Context
from bot.errors import CommandError, ImportRefused, NotYetReadable, ScrubjayError
from bot.events import Attachment, Message, Reply
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.running import RunningPlugins
from bot.hosting.store import PluginStore
from bot.jobs.planning import JobPlace, JobPlanning, Planner
from bot.pipeline.histories import PastFiles, PastMessage
from bot.pipeline.metrics import Metrics
from bot.pipeline.router import Handle
from bot.plugin import Plugin, capabilities_of
from bot.reading.attachments import AttachmentReader
from bot.reading.incoming import IncomingFile
from bot.reading.opening import give_storage
from bot.reading.reading import Destination, Reading, Reads
from bot.translation import gettext
from memory import Memory, PersonRecord, Scope

logger = logging.getLogger(__name__)
_PIECE_BYTES = 1 << 16


class RoutesFiles(Protocol):
    """What says which plugins take in the files of a message."""

    def route(self, message: Message) -> object:
        """Return where a message goes, as `bot.pipeline.router` has it."""


class RoutedPlugins(Reads, Protocol):
    """The plugins that run, and the way to them."""

    @property
    def router(self) -> RoutesFiles:
        """The router over the plugins that run now."""


class PastFileIntake:
    """Gives files of the past to the plugins that run, in the name of `owner`, whose history it is.

    `by_owner` says that whoever imports owns the bot: then plugins that take in files themselves, and so act for the
    owner, get theirs too. Readers, which only read, get theirs in any case, but for pictures: a chat has thousands, and
    to look for words in each takes hours. `alive` is called while a file is read.
    """

    def __init__(
        self,
        memory: Memory,
        plugins: RoutedPlugins,
        reading: Reading,
        owner: PersonRecord,
        *,
        by_owner: bool = True,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._memory = memory
        self._owner = owner
        self._plugins = plugins
        self._reading = reading
        self._by_owner = by_owner
        self._alive = alive

    async def take_in(self, past: PastMessage) -> list[str]:
        """Give each file to the plugin for its kind; return a sentence for each that it could not take in."""
        route = self._plugins.router.route(replace(past.message, text=""))
        if not isinstance(route, Handle):
            return []
        troubles = [
            await _explain_failure(file, _run_handler(ingester.handler(self._context(past, ingester.plugin), file)))
            for ingester, file in (route.files if self._by_owner else ())
        ]
        reads = [file for file in route.reads if not file.media_type.startswith("image/")]
        troubles += [await _explain_failure(file, self._read(past, file)) for file in reads]
        return [trouble for trouble in troubles if trouble is not None]

    async def _read(self, past: PastMessage, file: Attachment) -> None:
        """Read a file as if it had just been sent; it is forgotten with its message."""

        async def may_store() -> None:
            """Raise nothing: a history is imported because it is to be kept."""

        async def leave(_: IncomingFile, error: NotYetReadable) -> str:
            raise error

        into = Destination(past.conversation, self._owner.id, past.message.sent_at, drawn_from=(past.passage_id,))
        io = _NoReplies(past.open)
        reader = AttachmentReader(
            self._reading, io, past.message, into, may_store, leave, alive=self._alive, aloud=False
        )
        self._alive()
        await reader.take(file)

    def _context(self, past: PastMessage, plugin: str) -> Context:
        ledger, message = self._memory.ledger, past.message
        return Context(
            message=message,
            memory=ScopedMemory(
                self._memory,
                message,
                conversation=past.conversation,
                person=self._owner,
                scope=Scope.of_owner(self._owner.id),
                is_owner=True,
                own=frozenset({past.passage_id}),
            ),
            access=ScopedAccess(ledger, AllowList(), Quotas(ledger, {}), message, Role.OWNER),
            io=_NoReplies(past.open),
            store=PluginStore(
                ledger.plugin_values,
                plugin,
                conversation_id=past.conversation.id,
                people=(self._owner.id,),
                keeps=True,
            ),
            jobs=Planner(
                JobPlanning(self._memory.jobs, lambda _: (), zone_of(LOCAL), lambda: datetime.now(UTC)),
                plugin,
                JobPlace(message.conversation, message.sender),
                conversation_id=past.conversation.id,
                people=(self._owner.id,),
                keeps=False,
            ),
            is_owner=True,
        )


@asynccontextmanager
async def open_past_files(
    memory: Memory, owner: PersonRecord, plugins: Iterable[Plugin]
) -> AsyncIterator[PastFiles | None]:
    """Start those of the plugins that take in files, for an import without the bot; None when there is none."""
    chosen = [plugin for plugin in plugins if _takes_files(plugin)]
    if not chosen:
        yield None
        return
    running = RunningPlugins(chosen, "", Metrics())
    running.prepare_with(partial(give_storage, memory))
    async with running:
        yield PastFileIntake(memory, running, Reading(memory, running), owner)


def _takes_files(plugin: Plugin) -> bool:
    can = capabilities_of([plugin])
    return bool(can.ingesters or can.readers) or isinstance(plugin, PluginInProcess)  # which tells once it runs


async def _explain_failure(file: Attachment, work: Coroutine[object, object, None]) -> str | None:
    """Do the work on a file; return what to say when it fails: the history is imported all the same."""
    try:
        await work
    except ScrubjayError as error:
        return gettext("{file} was not taken in: {why}", file=file.name, why=error)
    except (Exception, SystemExit) as error:
        logger.exception("Taking in %s failed", file.name)
        return gettext("{file} was not taken in: {why}", file=file.name, why=type(error).__name__)
    return None


async def _run_handler(work: Awaitable[object] | AsyncIterator[object]) -> None:
    """Do a handler's work; what it would reply is for nobody."""
    if isinstance(work, AsyncIterator):
        async for _piece in work:
            pass
    else:
        await work


@dataclass(frozen=True, slots=True)
class _NoReplies:
    """The `HandlerIO` of a message from the past: its files can be fetched, and nobody is there to be told or asked."""

    open: Callable[[str], BinaryIO]

    async def reply(self, reply: Reply) -> None:
        """Say nothing."""

    async def ask(self, question: Reply, seconds: float, fits: Callable[[str], bool] | None = None) -> str:  # noqa: ARG002 (the protocol's)
        """Raise CommandError: nobody answers."""
        raise CommandError(gettext("Nobody can be asked while a history is imported."))

    async def choose(
        self,
        question: str,  # noqa: ARG002 (the protocol's, as are the others)
        options: Sequence[str],  # noqa: ARG002
        seconds: float,  # noqa: ARG002
        typed: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> str:
        """Raise CommandError: nobody answers."""
        raise CommandError(gettext("Nobody can be asked while a history is imported."))

    async def answer(self, question: str) -> None:
        """Answer nothing."""

    async def last_answer(self) -> Answer | None:
        """Return None: there was no answer."""
        return None

    async def choose_language(self, language: str | None) -> None:
        """Choose nothing: there is no conversation."""

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:  # noqa: ARG002 (the protocol's)
        """Return False: there was no answer."""
        return False

    async def spend(self) -> None:
        """Raise CommandError: nobody has asked for work with the model."""
        raise CommandError(gettext("Nothing is written while a history is imported."))

    def stop(self) -> bool:
        """Return False: nothing runs."""
        return False

    def growing(self) -> AbstractAsyncContextManager[Callable[[str], None]]:
        """Open a reply that nobody sees."""
        return nullcontext(lambda _: None)

    async def read(self, file: IncomingFile) -> str:
        """Raise CommandError: what a history brings along is read of itself."""
        raise CommandError(gettext("{name} can't be read while a history is imported.", name=file.name))

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield a file's bytes. Raises CommandError when it is gone or damaged."""
        try:
            with closing(await asyncio.to_thread(self.open, attachment.reference)) as stream:
                while piece := await asyncio.to_thread(stream.read, _PIECE_BYTES):
                    yield piece
        except KeyError as error:
            raise CommandError(gettext("the export does not contain it")) from error
        except ImportRefused as error:
            raise CommandError(gettext("{file} can't be read: {error}", file=attachment.name, error=error)) from error
