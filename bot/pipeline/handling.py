"""What is done with one message: run the command, the handlers, the ingesters, or answer; and tell what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from bot.access.chat_settings import read_chat_settings
from bot.answering.closing import closable
from bot.errors import (
    NOT_KEPT,
    AccessDenied,
    AttachmentError,
    CommandError,
    FileUnreadable,
    PluginStopped,
    ReaderFailed,
    ReaderMissing,
)
from bot.events import Attachment, Reply
from bot.hosting.signature import parse_arguments
from bot.pipeline.handler_io import MessageIO
from bot.pipeline.pending_choices import Press
from bot.pipeline.received import Received
from bot.pipeline.replying import ReplyWriter
from bot.pipeline.router import Handle, OtherBot, Route, RunCommand, UnknownCommand, is_addressed
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.plugin import Command, Ingester, MessageHandler
from bot.reading.outcome import Told
from bot.translation import gettext, gettext_noop, speaking
from memory.errors import TakenOver

logger = logging.getLogger(__name__)

_FAILED = gettext_noop("Sorry, something went wrong there (error {id}).")
_LATE = gettext_noop("Sorry, that took too long and I gave up (error {id}).")
_STOPPED = gettext_noop("Stopped.")
_TOLD = (CommandError, AccessDenied, AttachmentError, FileUnreadable)
"""What is raised to be told as it is."""
_EMBEDDED_BEFORE_ANSWERING = 300  # passages: a few seconds' work
_TAKEN_OVER = gettext_noop("Another process of mine is continuing this.")
_INTERRUPTED = gettext_noop("I was interrupted. I'll answer as soon as I am back.")


async def take_turn(services: Services, item: Received | Press) -> None:
    """Handle what its lane has come to: an answer to a question that its sender was asked, or something new."""
    if isinstance(item, Press):
        return await item.hand_over(services.dialogue.grounds)
    if item.message.album is not None:
        whole = await services.dialogue.albums.collect(item)
        if whole is None:
            return None
        item = whole
    route = services.hosting.running.router.route(item.message)
    asking = services.dialogue.sessions.waiting_for(item.lane, item.message) if isinstance(route, Handle) else None
    if asking is not None:
        # Handled before it is given: after a crash nobody waits for it, and it is not to be taken for a new message.
        if item.passage_id is not None:
            await services.memory.delivery.mark_handled(item.passage_id)
        await services.dialogue.grounds.end_ungrounded([asking])
        if asking.waits:
            asking.give(item.message.text, item.passage_id)
        return await asking.wait_or_cancel()
    for ended in services.dialogue.sessions.turn_from_questions(item.lane, item.message):
        await ended.wait_or_cancel()
    return await start_handling(services, item).wait_or_cancel()


def start_handling(services: Services, received: Received) -> Session:
    """Start to handle a message, whatever is in its lane."""
    # Routed again: plugins may have been switched while it waited for its turn.
    route = services.hosting.running.router.route(received.message)
    return services.dialogue.sessions.start(
        received.lane,
        received.message.sender.id,
        lambda session: Handling(services, received, session).run(route),
    )


class Handling:
    """One message on its way through handlers to replies, within the time of its session."""

    def __init__(self, services: Services, received: Received, session: Session) -> None:
        self._services = services
        self._received = received
        self._session = session
        self._replies = ReplyWriter(services, received)
        self._io = MessageIO(services, received, session, self._replies)
        self._is_command = False

    async def run(self, route: Route) -> None:
        """Do what the route says, in the language of the conversation.

        Everything that goes wrong is logged and told; only cancelling gets through. When the bot shuts down meanwhile,
        the message stays in the inbox and is handled at the next start.
        """
        said = self._received.said
        hint = said.language if said is not None and said.kind.is_small_talk else ""
        with speaking(await self._services.dialogue.languages.listen(self._received, hint)):
            await self._run(route)

    async def _run(self, route: Route) -> None:
        self._is_command = not isinstance(route, Handle)
        try:
            with self._services.metrics.handling.time():
                await self._follow_route(route)
        except TakenOver:
            logger.warning("Message %s was taken over by another process", self._received.message.event_id)
            return await self._replies.break_off(gettext(_TAKEN_OVER))
        except asyncio.CancelledError:
            await self._replies.break_off(gettext(_STOPPED if self._session.stopped else _INTERRUPTED))
            # Stopped by its sender, the message counts as handled; cut off by a shutdown, it stays in the inbox.
            if not self._session.stopped:
                raise
        # Last, so that after a crash the message is handled at the next start instead of being lost.
        for passage_id in self._received.own:
            await self._services.memory.delivery.mark_handled(passage_id)
        self._services.acknowledgements.clear(self._received.message)
        return None

    # one route each

    async def _follow_route(self, route: Route) -> None:
        match route:
            case RunCommand(command, arguments):
                await self._guard(self._command(command, arguments), command.plugin)
                await self._services.dialogue.grounds.end_ungrounded()  # it may have forgotten what others rest on
            case UnknownCommand(name, nearest):
                unknown = gettext("I have no command /{name}.", name=name)
                near = gettext("Did you mean /{name}?", name=nearest)
                hint = near if nearest else gettext("/help lists what I know.")
                await self._guard(self._io.reply(Reply(f"{unknown} {hint}")))
            case Handle():
                await self._handle(route)
            case OtherBot():
                return

    async def _command(self, command: Command, arguments: str) -> None:
        self._replies.is_private = command.private
        if command.owner_only and not self._received.is_owner:
            raise AccessDenied(gettext("Only my owner may use /{name}.", name=command.name))
        mentions = [mention.text for mention in self._received.message.mentions]
        values = parse_arguments(command.parameters, arguments, command.usage, mentions)
        await self._call(command, *values)

    async def _handle(self, route: Handle) -> None:
        # The first that replies has taken the message: the others, and an answer, would talk over it.
        for handler in route.handlers:
            if await self._guard(self._call(handler), handler.plugin):
                return
        # What is read from a file is forgotten with its message, so a message that is not kept can bring none.
        if self._received.passage_id is None and (route.files or route.reads or route.unreadable):
            if is_addressed(self._received.message):
                await self._guard(self._io.reply(Reply(gettext(NOT_KEPT))))
            return
        for ingester, file in route.files:
            await self._guard(self._call(ingester, file), ingester.plugin)
        answered = await self._read_files(route)
        if route.answer and not answered:
            await self._guard(self._answer_message(route))

    async def _read_files(self, route: Handle) -> bool:
        """Read the files of the message, and tell in one reply what came of them; say whether that answers it."""
        told: list[Told] = []
        unread = list(route.unreadable)
        for file in route.reads:
            await self._guard(self._read_file(file, told, unread))
        shows_words = any(each.words for each in told) and await self._shows_words()
        found = [f"“{each.words}”" if shows_words and each.words else each.sentence for each in told]
        sentences = [*filter(None, found), *_describe_unread(unread)]
        if sentences:
            await self._guard(self._io.reply(Reply("\n".join(sentences))))
        return any(each.answers for each in told)

    async def _shows_words(self) -> bool:
        """Say whether the words of voice notes are to be shown here."""
        received = self._received
        place = received.message.conversation
        return (await read_chat_settings(self._services.memory, received.conversation, place)).transcripts

    async def _read_file(self, file: Attachment, told: list[Told], unread: list[Attachment]) -> None:
        try:
            found = await self._io.read_attachment(file)
        except ReaderMissing as error:
            unread += [] if self._is_noise(file, error) else [file]
            return
        except _TOLD as error:
            found = None if self._is_noise(file, error) else Told(str(error))
        if found is not None:
            told.append(found)

    def _is_noise(self, file: Attachment, error: Exception) -> bool:
        """Say whether nobody wants to hear why a file was not read: of a photo in a group, that it holds no text."""
        in_group = self._received.message.conversation.kind == "group"
        return in_group and file.media_type.startswith("image/") and isinstance(error, FileUnreadable)

    async def _answer_message(self, route: Handle) -> None:
        """Answer the message. What was read with it is found by its meaning too, unless too much waits for that."""
        memory = self._services.memory
        reads = route.reads or self._received.message.replied is not None
        if reads and await memory.embeddings.count_pending() <= _EMBEDDED_BEFORE_ANSWERING:
            await memory.embeddings.embed_pending()
        await self._io.answer(self._received.message.text)

    # calling, and what may go wrong

    async def _call(self, capability: Command | MessageHandler | Ingester, *arguments: object) -> None:
        """Call a plugin's method, and send what it returns."""
        with self._services.hosting.running.at_work(capability.handler) as runs:
            if not runs:  # it was stopped after this message was routed
                return
            result = capability.handler(self._io.context(capability.plugin), *arguments)
            returned = await self._collect(result) if isinstance(result, AsyncIterator) else await result
            if returned is not None and returned != "":
                await self._io.reply(returned if isinstance(returned, Reply) else Reply(returned))

    async def _collect(self, pieces: AsyncIterator[str]) -> str:
        """Show a streamed reply while it grows, and return the whole of it."""
        text = ""
        async with self._replies.growing() as grow, aclosing(closable(pieces)) as closing:
            async for piece in closing:
                text += piece
                grow(text)
        return text

    async def _guard(self, work: Coroutine[Any, Any, object], plugin: str = "") -> bool:
        """Do a piece of work within the deadline; say whether it has come to a reply, a failure being none."""
        before = self._replies.count
        try:
            async with self._session.deadline():
                await (self._services.hosting.isolation.call(plugin, work) if plugin else work)
        except TakenOver:
            raise
        except _TOLD as error:
            await self._tell(str(error))
        except PluginStopped as error:
            await self._report_failure(plugin, gettext_noop("(error {id})"), error, f"{error} ")
            return False
        except ReaderFailed as error:
            await self._report_failure(error.plugin, _FAILED, error)
            return False
        except TimeoutError as error:
            await self._report_failure(plugin, _LATE if self._session.late else _FAILED, error)
            return False
        except (Exception, SystemExit) as error:  # noqa: BLE001 (logged below; a sys.exit() does not end the bot)
            await self._report_failure(plugin, _FAILED, error)
            return False
        return self._replies.count > before

    async def _report_failure(self, plugin: str, sentence: str, error: BaseException, before: str = "") -> None:
        """Log a failure, and tell it the sender in a sentence that names its id; `before` is told as it is."""
        error_id = uuid4().hex[:8]
        message = self._received.message
        where = f"the plugin {plugin}" if plugin else "answering"
        logger.error("Error %s: %s failed on message %s", error_id, where, message.event_id, exc_info=True)  # noqa: LOG014 (called while handling)
        if plugin:
            self._services.hosting.isolation.count_failure(plugin, error)
        if is_addressed(message) or self._is_command:
            await self._tell(before + gettext(sentence, id=error_id))

    async def _tell(self, sentence: str) -> None:
        try:
            await self._io.reply(Reply(sentence))
        except Exception:  # the store itself may be what fails; then the log must do
            logger.exception("The sender could not be told: %s", sentence)
            await self._replies.break_off(sentence)


def _describe_unread(files: Sequence[Attachment]) -> list[str]:
    """Return the sentence that says which files nobody can read, if there are any."""
    match files:
        case []:
            return []
        case [file]:
            about = {"name": file.name, "media_type": file.media_type}
            return [gettext("I can't read {name} ({media_type}) yet, so I only remember its name.", **about)]
        case _:
            names = ", ".join(file.name for file in files)
            told = gettext_noop("I can't read these {number} files yet, so I only remember their names: {names}.")
            return [gettext(told, number=len(files), names=names)]
