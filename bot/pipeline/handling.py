"""What is done with one message: run the command, the handlers, the ingesters, or answer; and tell what went wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import uuid4

from bot.access.scoped_access import ScopedAccess
from bot.adapter import ReplyStream
from bot.answering.answer import Answer, Question
from bot.answering.closing import closable
from bot.choices import choices_of, match_option
from bot.context import Context
from bot.errors import (
    NOT_KEPT,
    AccessDenied,
    AdapterError,
    AttachmentError,
    CommandError,
    FileUnreadable,
    PluginError,
    PluginStopped,
    ReaderFailed,
)
from bot.events import Attachment, Reply
from bot.hosting.contributions import Contributions
from bot.hosting.isolation import is_given_up
from bot.hosting.scoped_plugins import ScopedPlugins
from bot.hosting.signature import parse_arguments
from bot.pipeline.feedback import answer_meant, judge
from bot.pipeline.handler_resources import HandlerResources
from bot.pipeline.intake import Received
from bot.pipeline.message_files import MessageFiles
from bot.pipeline.outbox import OutgoingReply, ReplyKind
from bot.pipeline.router import Handle, OtherBot, Route, RunCommand, UnknownCommand, is_addressed
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.pipeline.stream import PacedStream, Text
from bot.plugin import Command, Ingester, MessageHandler
from bot.reading.incoming import IncomingFile

logger = logging.getLogger(__name__)

_FAILED = "Sorry, something went wrong there (error {id})."
_LATE = "Sorry, that took too long and I gave up (error {id})."
_NOTED = "I have nothing on that yet, but I'll remember that you said so."
_STOPPED = "Stopped."
_EMBEDDED_BEFORE_ANSWERING = 300  # passages: a few seconds' work
_NOT_AMONG_THESE = "That is none of these; say its number or its words."
_NO_CHOICE = "Never mind, then."
_CHOOSING_TRIES = 3
_INTERRUPTED = "I was interrupted; I answer as soon as I am back."


class Handling:
    """One message on its way through handlers to replies; the `HandlerIO` of its context."""

    def __init__(self, services: Services, received: Received, session: Session) -> None:
        self._services = services
        self._received = received
        self._session = session
        self._stream: ReplyStream | None = None
        self._replied = False
        self._is_command = False

    async def run(self, route: Route) -> None:
        """Do what the route says. Everything that goes wrong is logged and told; only cancelling gets through.

        When the bot shuts down meanwhile, the message stays in the inbox and is handled at the next start.
        """
        self._is_command = not isinstance(route, Handle)
        try:
            with self._services.metrics.handling.time():
                await self._follow_route(route)
        except asyncio.CancelledError:
            await self._break_off(_STOPPED if self._session.stopped else _INTERRUPTED)
            if not self._session.stopped:
                raise
        if self._received.passage_id is not None:
            await self._services.memory.delivery.mark_handled(self._received.passage_id)

    # what handlers reach through their context

    async def reply(self, reply: Reply) -> None:
        """Send a reply through the outbox. Raises PluginError in a handler that was given up: its sender knows."""
        if is_given_up():
            raise PluginError("it came too late: the handler had been given up")
        await self._send(reply, "command")

    async def ask(self, question: Reply, seconds: float) -> str:
        """Send a question, and wait for what the sender says next."""
        received, asking = self._received, self._services.sessions.asking
        with asking(received.lane, received.message.sender.id, self._session, secret=question.secret):
            await self.reply(question)
            return await self._session.wait_for_answer(seconds)

    async def choose(self, question: str, options: Sequence[str], seconds: float) -> str:
        """Send a question with options, and wait until the sender has pressed or typed one of them."""
        choices = choices_of(options)
        asked = question
        with self._services.pending_choices.open(choices, self._received.message.conversation, self._session):
            for _ in range(_CHOOSING_TRIES):
                said = await self.ask(Reply(asked, choices=choices), seconds)
                option = match_option(said, choices)
                if option is not None:
                    return option
                asked = f"{_NOT_AMONG_THESE}\n\n{question}"
        raise CommandError(_NO_CHOICE)

    async def answer(self, question: str) -> None:
        """Recall, and stream an answer; none when the sender has had today's."""
        received, services = self._received, self._services
        spent = await services.quotas.take(received.message.sender, received.role, "answers")
        if spent is not None:
            return await self.reply(Reply(spent.sentence)) if spent.sentence else None
        helping = Contributions(services, received, question, self._session, self._make_context)
        asked = Question(
            text=question,
            scope=received.scope,
            now=datetime.now(UTC),
            conversation_id=received.conversation.id,
            exclude=received.own,
            adjust=helping.adjusted,
            toolbox=helping.toolbox(services.tool_plugins),
        )
        async with self._open_stream() as grow:
            answer = await services.answerer.answer(asked, grow)
        services.answers.keep(received.lane, answer)
        services.metrics.count_answer(answer)
        was_told = answer.abstained and question == received.message.text and "?" not in question
        noted = was_told and received.passage_id is not None
        await self._send(Reply(_NOTED) if noted else answer.reply, "answer", answer)
        return None

    async def last_answer(self) -> Answer | None:
        """Return the latest answer here, unless what it rests on has been forgotten since."""
        answer = self._services.answers.latest(self._received.lane)
        if answer is None:
            return None
        ids = {recollection.passage.id for recollection in answer.recollections}
        found = await self._resources().memory().find(ids=ids, limit=len(ids))
        return answer if len(found) == len(ids) else None

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:
        """Keep what the sender thinks of the answer that they reply to, else of the latest one here."""
        received, memory = self._received, self._services.memory
        message, home = received.message, received.conversation
        if not await self._services.gate.keeps(message.sender, message.conversation):
            raise CommandError(NOT_KEPT)
        meant = await answer_meant(memory, home, message.reply_to)
        if meant is None:
            return False
        await judge(memory, meant, message.sender, value, message.sent_at)
        self._services.metrics.feedback.labels(str(value)).inc()
        return True

    async def spend(self) -> None:
        """Count an answer against the sender's quota. Raises CommandError when they have had today's."""
        received = self._received
        spent = await self._services.quotas.take(received.message.sender, received.role, "answers")
        if spent is not None:
            raise CommandError(spent.sentence or "")

    def stop(self) -> bool:
        """Stop what is done here for the sender; an owner stops what is done for anybody."""
        sender = None if self._received.is_owner else self._received.message.sender.id
        return self._services.sessions.stop(self._received.lane, but=self._session, sender=sender)

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[Callable[[str], None]]:
        """Open a reply that grows, which the next reply completes; each growth begins the deadline anew."""
        async with self._open_stream() as grow:

            def grown(text: str) -> None:
                self._session.extend()
                grow(text)

            yield grown

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield an attachment's bytes from its platform."""
        platform = self._received.message.conversation.platform
        adapter = self._services.outbox.adapter(platform)
        if adapter is None:
            raise AdapterError(f"{platform} is not connected, so {attachment.name} can't be fetched")
        return adapter.fetch(attachment)

    # one route each

    async def _follow_route(self, route: Route) -> None:
        match route:
            case RunCommand(command, arguments):
                await self._guard(self._command(command, arguments), command.plugin)
            case UnknownCommand(name, nearest):
                hint = f"Did you mean /{nearest}?" if nearest else "/help lists what I know."
                await self._guard(self.reply(Reply(f"I have no command /{name}. {hint}")))
            case Handle():
                await self._handle(route)
            case OtherBot():
                return

    async def _command(self, command: Command, arguments: str) -> None:
        if command.owner_only and not self._received.is_owner:
            raise AccessDenied(f"Only my owner may use /{command.name}.")
        mentions = [mention.text for mention in self._received.message.mentions]
        values = parse_arguments(command.parameters, arguments, command.usage, mentions)
        await self._call(command, *values)

    async def _handle(self, route: Handle) -> None:
        for handler in route.handlers:
            if await self._guard(self._call(handler), handler.plugin):
                return
        if self._received.passage_id is None and (route.files or route.reads or route.unreadable):
            if is_addressed(self._received.message):
                await self._guard(self.reply(Reply(NOT_KEPT)))
            return
        for ingester, file in route.files:
            await self._guard(self._call(ingester, file), ingester.plugin)
        for file in route.reads:
            await self._guard(self._read(file))
        for file in route.unreadable:
            told = f"I can't read {file.name} ({file.media_type}) yet, so I only remember its name."
            await self._guard(self.reply(Reply(told)))
        if route.answer:
            await self._guard(self._answer_message(route))

    async def _answer_message(self, route: Handle) -> None:
        """Answer the message. What was read with it is found by its meaning too, unless too much waits for that."""
        memory = self._services.memory
        if route.reads and await memory.embeddings.count_pending() <= _EMBEDDED_BEFORE_ANSWERING:
            await memory.embeddings.embed_pending()
        await self.answer(self._received.message.text)

    async def read(self, file: IncomingFile) -> str:
        """Read a file that a plugin has got; return what came of it."""
        return await self._files().take_in(file)

    async def _read(self, file: Attachment) -> None:
        """Read a file that came with the message, and tell what came of it."""
        sentence = await self._files().take(file)
        if sentence is not None:
            await self.reply(Reply(sentence))

    def _files(self) -> MessageFiles:
        return MessageFiles(self._services, self._received, self._session, self)

    # calling, and what may go wrong

    async def _call(self, capability: Command | MessageHandler | Ingester, *arguments: object) -> bool:
        """Call a plugin's method and send what it returns; say whether it replied."""
        with self._services.plugins.at_work(capability.handler) as runs:
            if not runs:  # it was stopped after this message was routed
                return False
            result = capability.handler(self._make_context(capability.plugin), *arguments)
            returned = await self._collect(result) if isinstance(result, AsyncIterator) else await result
            if returned is not None and returned != "":
                await self.reply(returned if isinstance(returned, Reply) else Reply(returned))
        return self._replied

    async def _collect(self, pieces: AsyncIterator[str]) -> str:
        """Show a streamed reply while it grows, and return the whole of it."""
        text = ""
        async with self._open_stream() as grow, aclosing(closable(pieces)) as closing:
            async for piece in closing:
                text += piece
                grow(text)
        return text

    async def _guard(self, work: Coroutine[Any, Any, object], plugin: str = "") -> bool:
        """Do a piece of work within the deadline; say whether it has come to a reply, a failure being none."""
        self._replied = False
        try:
            async with self._session.deadline():
                await (self._services.isolation.call(plugin, work) if plugin else work)
        except (CommandError, AccessDenied, AttachmentError, FileUnreadable) as error:
            await self._tell(str(error))
        except PluginStopped as error:
            said = str(error).replace("{", "{{").replace("}", "}}")
            await self._report_failure(plugin, f"{said} (error {{id}})", error)
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
        return self._replied

    async def _report_failure(self, plugin: str, sentence: str, error: BaseException) -> None:
        error_id = uuid4().hex[:8]
        message = self._received.message
        where = f"the plugin {plugin}" if plugin else "answering"
        logger.error("Error %s: %s failed on message %s", error_id, where, message.event_id, exc_info=True)  # noqa: LOG014 (called while handling)
        if plugin:
            self._services.isolation.failed(plugin, error)
        if is_addressed(message) or self._is_command:
            await self._tell(sentence.format(id=error_id))

    async def _tell(self, sentence: str) -> None:
        try:
            await self.reply(Reply(sentence))
        except Exception:  # the store itself may be what fails; then the log must do
            logger.exception("The sender could not be told: %s", sentence)
            await self._break_off(sentence)

    # sending

    @asynccontextmanager
    async def _open_stream(self) -> AsyncIterator[Callable[[Text], None]]:
        """Open a reply that grows; the next reply that is sent completes it."""
        message = self._received.message
        adapter = self._services.outbox.adapter(message.conversation.platform)
        if adapter is None:
            yield lambda _: None
            return
        if self._stream is None:
            await self._services.outbox.send_kept(self._received.conversation.id)
            self._stream = await adapter.begin(message)
        async with PacedStream(self._stream, adapter.limits, message.conversation.kind) as paced:
            yield paced.grow

    async def _send(self, reply: Reply, kind: ReplyKind, answer: Answer | None = None) -> None:
        received, message = self._received, self._received.message
        stream, self._stream = self._stream, None
        self._replied = True
        if stream is not None and reply.files and not reply.text:  # something has to take the place of what has grown
            reply = replace(reply, text="\n".join(file.name for file in reply.files))
        drawn_from, cited = (reply.drawn_from, ()) if answer is None else (answer.drawn_from, answer.cited)
        outgoing = OutgoingReply(message.conversation, reply, message.event_id, kind, drawn_from, cited)
        # Asked anew: the memory may have been switched off while this was being answered.
        if received.passage_id is None or not await self._services.gate.keeps(message.sender, message.conversation):
            return await self._services.outbox.send_unkept(outgoing, stream)
        await self._services.persistent_buttons.keep(reply, received.conversation, message.sender)
        try:
            await self._services.outbox.send(outgoing, received.conversation, received.passage_id, stream)
        except Exception:
            self._stream = stream  # it was not stored, so not sent: what has grown must still be ended
            raise
        return None

    async def _break_off(self, sentence: str) -> None:
        """End a reply that has begun to grow, so that no half of one is left standing."""
        stream, self._stream = self._stream, None
        if stream is not None:
            try:
                await stream.fail(sentence)
            except Exception:  # the platform may be gone; the message is not lost for that
                logger.warning("A reply that was broken off could not be ended", exc_info=True)

    def _make_context(self, plugin: str) -> Context:
        return Context(
            message=self._received.message,
            memory=self._resources().memory(),
            access=self._access(),
            io=self,
            store=self._resources().store(plugin),
            jobs=self._resources().planner(plugin),
            is_owner=self._received.is_owner,
            commands=self._services.plugins.commands,
            zone=self._services.answerer.zone,
            plugins=ScopedPlugins(self._services.manager, self._received.is_owner),
        )

    def _resources(self) -> HandlerResources:
        passage_id = self._received.passage_id
        return self._services.resources(self._received, keeps=passage_id is not None, origin=passage_id)

    def _access(self) -> ScopedAccess:
        services, received = self._services, self._received
        return ScopedAccess(services.memory.ledger, services.access, services.quotas, received.message, received.role)
