"""What a handler's context does, done for one message: replying, asking, answering, reading files, judging."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from typing import Literal

from bot.access.chat_settings import ScopedChatSettings, read_chat_settings
from bot.access.replied import find_replied
from bot.access.sources import HandlerSources
from bot.answering.kinds.classify import Classified
from bot.answering.records import Answer, Question
from bot.answering.small_talk import say_noted
from bot.context import Context
from bot.errors import FORGOTTEN_MEANWHILE, NOT_KEPT, AdapterError, CommandError, PluginError
from bot.events import Attachment, Reply
from bot.hosting.contributions import Contributions
from bot.hosting.isolation import is_given_up
from bot.pipeline.asking import Asking
from bot.pipeline.contexts import make_context
from bot.pipeline.feedback import answer_meant, judge
from bot.pipeline.handler_resources import HandlerResources
from bot.pipeline.message_files import MessageFiles
from bot.pipeline.received import Received
from bot.pipeline.replying import ReplyWriter
from bot.pipeline.services import Services
from bot.pipeline.session import Session
from bot.pipeline.spoken_replies import speak
from bot.pipeline.stream import Text
from bot.reading.incoming import IncomingFile
from bot.reading.outcome import Told
from bot.translation import gettext
from memory import Scope, Selection


class MessageIO:
    """Implements `bot.context.HandlerIO` for one message; `context` gives each plugin a context that works by it."""

    def __init__(self, services: Services, received: Received, session: Session, replies: ReplyWriter) -> None:
        self._services = services
        self._received = received
        self._session = session
        self._replies = replies
        self._sources = HandlerSources.of(received.own)
        self._has_turn = False

    def context(self, plugin: str) -> Context:
        """Return what a handler of this plugin is given."""
        services, received = self._services, self._received
        chat_settings = ScopedChatSettings(
            services.memory,
            received.message,
            received.conversation,
            is_owner=received.is_owner,
            keeps=received.passage_id is not None,
            sources=self._sources,
            speaks=services.answering.speech is not None,
        )
        return make_context(
            services,
            received,
            plugin,
            self._resources(),
            io=self,
            sources=self._sources,
            tell=services.access.direct_chats.tell,
            chat_settings=chat_settings,
        )

    async def reply(self, reply: Reply) -> None:
        """Send a reply through the outbox. Raises PluginError in a handler that was given up: its sender knows."""
        if is_given_up():
            raise PluginError("it came too late: the handler had been given up")
        await self._replies.send(reply, "command", self._sources.of_reply(reply))

    async def ask(self, question: Reply, seconds: float, fits: Callable[[str], bool] | None = None) -> str:
        """Send a question, and wait for what the sender says to it."""
        return await self._asking().ask(question, seconds, fits)

    async def choose(
        self, question: str, options: Sequence[str], seconds: float, typed: Mapping[str, str] | None = None
    ) -> str:
        """Send a question with options, and wait until the sender has pressed or typed one of them."""
        return await self._asking().choose(question, options, seconds, typed)

    async def choose_language(self, language: str | None) -> None:
        """Speak a language in this conversation from now on; None follows what is written here."""
        await self._services.dialogue.languages.choose(self._received, language)

    async def answer(self, question: str) -> None:
        """Recall, and stream an answer; none when the sender has had today's."""
        received, services = self._received, self._services
        spent = await services.answering.quotas.take(received.message.sender, received.role, "answers")
        if spent is not None:
            return await self.reply(Reply(spent.sentence)) if spent.sentence else None
        is_remembered = received.passage_id is not None and question == received.message.text
        said = self._classify(question)
        helping = Contributions(services, received, question, self._session, self.context)
        place = received.message.conversation
        chat_settings = await read_chat_settings(services.memory, received.conversation, place, self._sources)
        asked = Question(
            text=question,
            scope=received.scope,
            now=received.message.sent_at,
            conversation_id=received.conversation.id,
            exclude=received.own,
            is_remembered=is_remembered,
            said=said,
            replied=await find_replied(services.memory, received.message, received.conversation),
            askers=received.accounts | {received.person.id},
            persona=chat_settings.persona,
            adjust=helping.adjust,
            toolbox=helping.make_toolbox(services.answering.tool_plugins),
        )
        with services.answering.answerer.tracer.span("reply", platform=place.platform, conversation=place.kind):
            return await self._answer_traced(asked)

    async def _answer_traced(self, asked: Question) -> None:
        received, services, said = self._received, self._services, asked.said
        span = services.answering.answerer.tracer.span
        async with self._replies.growing() as grow, self._turn(grow):
            answer = await services.answering.answerer.answer(asked, grow)
        services.metrics.count_answer(answer)
        if not await self._still_holds(answer):  # forgotten or edited while the model was writing
            return await self.reply(Reply(gettext(FORGOTTEN_MEANWHILE), drawn_from=tuple(received.own)))
        answer = replace(answer, asked_in=received.passage_id)
        services.answering.latest.keep(received.lane, answer)
        noted = answer.abstained and asked.is_remembered and said is not None and not said.asks
        reply = Reply(say_noted(asked.text)) if noted else answer.reply
        drawn_from = (*answer.drawn_from, *self._sources.told, *self._sources.read)
        drawn_from = tuple(dict.fromkeys(drawn_from))
        with span("send"):
            await self._replies.send(reply, "answer", drawn_from, answer.cited)
        await self._speak(reply, drawn_from)
        return None

    async def _speak(self, answer: Reply, drawn_from: tuple[int, ...]) -> None:
        """Send an answer as a voice note, too, where that is wanted."""
        received, speech = self._received, self._services.answering.speech
        if speech is None:
            return
        place = received.message.conversation
        settings = await read_chat_settings(self._services.memory, received.conversation, place)
        if settings.voice and (spoken := await speak(speech, answer.text)) is not None:
            await self._replies.send(spoken, "command", drawn_from)

    def _classify(self, question: str) -> Classified:
        """Return what kind of message a question is, which the intake may have told already."""
        message, said = self._received.message, self._received.said
        if said is not None and question == message.text:
            return said
        return self._services.answering.answerer.classify(question, message.sent_at)

    async def _still_holds(self, answer: Answer) -> bool:
        """Say whether the question and what was recalled for it are remembered, and say what they said."""
        recalled = {each.passage.id: each.passage.text for each in answer.recollections}
        asked = {} if answer.asked_in is None else {answer.asked_in: answer.question}
        chosen = Selection(passage_ids=(*recalled, *asked))
        if not chosen.passage_ids:
            return True
        there = await self._services.memory.passages.select(Scope.all(), chosen, limit=len(chosen.passage_ids))
        now = {each.id: each.text for each in there}
        return all(now.get(at) == text for at, text in recalled.items()) and asked.keys() <= now.keys()

    @asynccontextmanager
    async def _turn(self, grow: Callable[[Text], None]) -> AsyncIterator[None]:
        """Wait until it is this person's turn to be answered; with a model that writes, they are told how many wait."""
        answering = self._services.answering
        if self._has_turn:  # a tool that answers within an answer
            yield
            return
        quotes = not answering.answerer.writer.is_there  # it is done before anybody could read how many wait
        sender = self._received.message.sender
        with self._session.without_deadline() as has_begun, ExitStack() as waiting:
            waiting.enter_context(answering.answerer.tracer.span("wait"))
            async with answering.queue.turn(f"{sender.platform}:{sender.id}", None if quotes else grow):
                waiting.close()
                has_begun()
                self._has_turn = True
                try:
                    yield
                finally:
                    self._has_turn = False

    async def last_answer(self) -> Answer | None:
        """Return the latest answer here, unless what it rests on has been forgotten since."""
        answer = self._services.answering.latest.get(self._received.lane)
        if answer is None:
            return None
        if not await self._still_holds(answer):
            return None
        self._sources.read.update(each.passage.id for each in answer.recollections)
        self._sources.read.update(() if answer.asked_in is None else (answer.asked_in,))
        return answer

    async def judge(self, value: Literal[-1, 0, 1]) -> bool:
        """Keep what the sender thinks of the answer that they reply to, else of the latest one here."""
        received, memory = self._received, self._services.memory
        message, home = received.message, received.conversation
        if not await self._services.access.gate.keeps(message.sender, message.conversation):
            raise CommandError(gettext(NOT_KEPT))
        meant = await answer_meant(memory, home, message.reply_to)
        if meant is None:
            return False
        await judge(memory, meant, message.sender, value, message.sent_at)
        self._services.metrics.feedback.labels(str(value)).inc()
        return True

    async def spend(self) -> None:
        """Count an answer against the sender's quota. Raises CommandError when they have had today's."""
        received = self._received
        spent = await self._services.answering.quotas.take(received.message.sender, received.role, "answers")
        if spent is not None:
            raise CommandError(spent.sentence or "")

    def stop(self) -> bool:
        """Stop what is done here for the sender; an owner stops what is done for anybody."""
        sender = None if self._received.is_owner else self._received.message.sender.id
        return self._services.dialogue.sessions.stop(self._received.lane, but=self._session, sender=sender)

    @asynccontextmanager
    async def growing(self) -> AsyncIterator[Callable[[str], None]]:
        """Open a reply that grows, which the next reply completes; each growth restarts the deadline."""
        async with self._replies.growing() as grow:

            def grown(text: str) -> None:
                self._session.extend()
                grow(text)

            yield grown

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """Yield an attachment's bytes from its platform."""
        platform = self._received.message.conversation.platform
        adapter = self._services.outbox.adapter(platform)
        if adapter is None:
            raise AdapterError(
                gettext(
                    "{platform} is not connected, so {name} can't be fetched", platform=platform, name=attachment.name
                )
            )
        return adapter.fetch(attachment)

    async def read(self, file: IncomingFile) -> str:
        """Read a file that a plugin has got; return what came of it."""
        return await self._files().take_in(file)

    async def read_attachment(self, file: Attachment) -> Told | None:
        """Read a file that came with the message; return what there is to tell of it."""
        return await self._files().take(file)

    def _asking(self) -> Asking:
        dialogue = self._services.dialogue
        return Asking(
            dialogue.sessions,
            dialogue.pending_choices,
            self._session,
            self._received,
            self.reply,
            self._sources.told,
            dialogue.grounds,
        )

    def _files(self) -> MessageFiles:
        return MessageFiles(self._services, self._received, self._session, self)

    def _resources(self) -> HandlerResources:
        keeps = self._received.passage_id is not None
        return self._services.resources(self._received, keeps=keeps, sources=self._sources)
