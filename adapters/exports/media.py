"""Hands the files of a history to the plugins that take in their kind, as if they had just been sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from adapters.exports.files_by_name import media_type_of
from adapters.exports.parsed import MediaFiles, ParsedMessage
from bot import Attachment, CommandError, Context, Conversation, Message, Person, Plugin, Reply
from bot.access.policy import AllowList, Role
from bot.access.quotas import Quotas
from bot.access.scoped_access import ScopedAccess
from bot.access.scoped_memory import ScopedMemory
from bot.answering.answer import Answer
from bot.configuration.timezones import LOCAL, zone_of
from bot.errors import ImportRefused, NotYetReadable, ScrubjayError
from bot.hosting.process.plugin import PluginInProcess
from bot.hosting.running import RunningPlugins
from bot.hosting.store import PluginStore
from bot.jobs.planning import JobPlace, JobPlanning, Planner
from bot.pipeline.histories import RoutedPlugins
from bot.pipeline.metrics import Metrics
from bot.pipeline.router import Handle
from bot.plugin import capabilities_of
from bot.reading.attachments import AttachmentReader
from bot.reading.incoming import IncomingFile
from bot.reading.opening import furnished
from bot.reading.reading import Reading, Shelf
from memory import Memory, Scope, records

logger = logging.getLogger(__name__)
PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class HeardMessage:
    """A message of the history as it was stored, with the files that lie beside its chat."""

    parsed: ParsedMessage
    event_id: str
    passage_id: int
    conversation: records.Conversation
    media: MediaFiles


class MediaHandover:
    """Knows the plugins that take in files; `hand_on` gives them those of one message.

    `by_owner` says that whoever imports owns the bot: then plugins that take in files themselves, and so act for the
    owner, get theirs too. Readers, which only read, get theirs in any case. `alive` is called as it gets on.
    """

    def __init__(
        self,
        memory: Memory,
        owner: records.Person,
        plugins: RoutedPlugins,
        reading: Reading | None = None,
        *,
        by_owner: bool = True,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._memory = memory
        self._owner = owner
        self._router = plugins.router
        self._reading = reading or Reading(memory, plugins)
        self._by_owner = by_owner
        self._alive = alive

    async def hand_on(self, heard: HeardMessage) -> list[str]:
        """Give each file to the plugin for its kind; return a sentence for each that it could not take in."""
        message = _message_of(heard)
        route = self._router.route(replace(message, text=""))
        if not isinstance(route, Handle):
            return []
        troubles = [
            await _explain_failure(
                file, _run_handler(ingester.handler(self._context(message, heard, ingester.plugin), file))
            )
            for ingester, file in (route.files if self._by_owner else ())
        ]
        troubles += [await _explain_failure(file, self._read(message, heard, file)) for file in route.reads]
        return [trouble for trouble in troubles if trouble is not None]

    async def _read(self, message: Message, heard: HeardMessage, file: Attachment) -> None:
        """Read a file as if it had just been sent; it is forgotten with its message."""

        async def may_store() -> None:
            """Raise nothing: a history is imported because it is to be kept."""

        async def leave(_: IncomingFile, error: NotYetReadable) -> str:
            raise error

        shelf = Shelf(heard.conversation, self._owner.id, message.sent_at, drawn_from=(heard.passage_id,))
        io = _NoReplies(heard.media)
        reader = AttachmentReader(self._reading, io, message, shelf, may_store, leave, alive=self._alive, aloud=False)
        self._alive()
        await reader.take(file)

    def _context(self, message: Message, heard: HeardMessage, plugin: str) -> Context:
        ledger = self._memory.ledger
        return Context(
            message=message,
            memory=ScopedMemory(
                self._memory,
                message,
                conversation=heard.conversation,
                person=self._owner,
                scope=Scope.of_owner(self._owner.id),
                is_owner=True,
                own=frozenset({heard.passage_id}),
            ),
            access=ScopedAccess(ledger, AllowList(), Quotas(ledger, {}), message, Role.OWNER),
            io=_NoReplies(heard.media),
            store=PluginStore(
                ledger.plugin_values,
                plugin,
                conversation_id=heard.conversation.id,
                people=(self._owner.id,),
                keeps=True,
            ),
            jobs=Planner(
                JobPlanning(self._memory.jobs, lambda _: (), zone_of(LOCAL), lambda: datetime.now(UTC)),
                plugin,
                JobPlace(message.conversation, message.sender),
                conversation_id=heard.conversation.id,
                people=(self._owner.id,),
                keeps=False,
            ),
            is_owner=True,
        )


async def _explain_failure(file: Attachment, work: Coroutine[object, object, None]) -> str | None:
    """Do the work on a file; return what to say when it fails: the history is imported all the same."""
    try:
        await work
    except ScrubjayError as error:
        return f"{file.name} was not taken in: {error}"
    except (Exception, SystemExit) as error:
        logger.exception("Taking in %s failed", file.name)
        return f"{file.name} was not taken in: {type(error).__name__}"
    return None


async def _run_handler(work: Awaitable[object] | AsyncIterator[object]) -> None:
    """Do a handler's work; what it would reply is for nobody."""
    if isinstance(work, AsyncIterator):
        async for _piece in work:
            pass
    else:
        await work


@asynccontextmanager
async def open_handover(
    memory: Memory, owner: records.Person, plugins: Iterable[Plugin]
) -> AsyncIterator[MediaHandover | None]:
    """Open the plugins that take in files; None when there is none."""
    capable = ((plugin, capabilities_of([plugin])) for plugin in plugins)
    taking = [
        plugin
        for plugin, can in capable
        if can.ingesters or can.readers or isinstance(plugin, PluginInProcess)  # which tells once it runs
    ]
    if not taking:
        yield None
        return
    running = RunningPlugins(taking, "", Metrics())
    running.furnish(partial(furnished, memory))
    async with running:
        yield MediaHandover(memory, owner, running)


def _message_of(heard: HeardMessage) -> Message:
    parsed, place = heard.parsed, heard.conversation
    name = parsed.author or ""
    files = (file for file in parsed.attachments if not file.omitted and file.name)
    return Message(
        event_id=heard.event_id,
        conversation=Conversation(place.platform, place.external_id, place.title, place.kind),
        sender=Person(place.platform, parsed.author_id or name, name),
        text=parsed.text,
        sent_at=parsed.sent_at,
        attachments=tuple(
            Attachment(file.name, media_type_of(file.name), file.path or file.name) for file in files if file.name
        ),
        link=parsed.link,
    )


@dataclass(frozen=True, slots=True)
class _NoReplies:
    """The `HandlerIO` of a message from the past: its files can be fetched, and nobody is there to be told or asked."""

    media: MediaFiles

    async def reply(self, reply: Reply) -> None:
        """Say nothing."""

    async def ask(self, question: Reply, seconds: float) -> str:  # noqa: ARG002 (the protocol's)
        """Raise CommandError: nobody answers."""
        raise CommandError("Nobody can be asked while a history is imported.")

    async def choose(self, question: str, options: Sequence[str], seconds: float) -> str:  # noqa: ARG002 (the protocol's)
        """Raise CommandError: nobody answers."""
        raise CommandError("Nobody can be asked while a history is imported.")

    async def answer(self, question: str) -> None:
        """Answer nothing."""

    async def last_answer(self) -> Answer | None:
        """Return None: there was no answer."""
        return None

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:  # noqa: ARG002 (the protocol's)
        """Return False: there was no answer."""
        return False

    async def spend(self) -> None:
        """Raise CommandError: nobody has asked for work with the model."""
        raise CommandError("Nothing is written while a history is imported.")

    def stop(self) -> bool:
        """Return False: nothing runs."""
        return False

    def growing(self) -> AbstractAsyncContextManager[Callable[[str], None]]:
        """Open a reply that nobody sees."""
        return nullcontext(lambda _: None)

    async def read(self, file: IncomingFile) -> str:
        """Raise CommandError: what a history brings along is read of itself."""
        raise CommandError(f"{file.name} can't be read while a history is imported.")

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield a file's bytes. Raises CommandError when it is gone or damaged."""
        try:
            with closing(await asyncio.to_thread(self.media.open, attachment.reference)) as stream:
                while piece := await asyncio.to_thread(stream.read, PIECE):
                    yield piece
        except (KeyError, ImportRefused) as error:
            raise CommandError(f"{attachment.name} can't be read: {error}") from error
