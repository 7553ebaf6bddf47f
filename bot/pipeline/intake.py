"""The way in: an event is checked, and stored in one transaction, before its platform hears that it arrived."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from functools import partial

from bot.access.gate import AdmissionDecision
from bot.access.policy import Role
from bot.adapter import Delivery
from bot.answering.kinds.classify import Classified
from bot.events import Choice, Event, Feedback, Message, Reply, UnreadableUpdate, from_json
from bot.pipeline.addressing import Addressing
from bot.pipeline.changes import StoredChanges
from bot.pipeline.dispatch import Lanes
from bot.pipeline.handling import start_handling
from bot.pipeline.inbox import Inbox
from bot.pipeline.last_seen import LastSeen
from bot.pipeline.outbox import OutgoingReply
from bot.pipeline.pending_choices import Press
from bot.pipeline.received import Received, lane_of
from bot.pipeline.router import Handle, Route, RunCommand, is_addressed
from bot.pipeline.services import Services
from bot.pipeline.unhandled import UnhandledUpdates
from bot.translation import speaking
from memory import Waiting
from memory.errors import StorageError
from memory.records import PassageKind

logger = logging.getLogger(__name__)


class Intake:
    """Takes what platforms deliver: admits messages, stores them, and queues those that need handling."""

    def __init__(
        self,
        services: Services,
        inbox: Inbox,
        lanes: Lanes[Received | Press],
        changes: StoredChanges,
        last_seen: LastSeen,
        addressing: Addressing,
    ) -> None:
        self._services = services
        self._addressing = addressing
        self._memory = services.memory
        self._inbox = inbox
        self._lanes = lanes
        self._changes = changes
        self._last_seen = last_seen
        self._unhandled = UnhandledUpdates(services.memory, services.access.gate)
        self._taking_over = asyncio.Lock()

    async def deliver(self, event: Event) -> Delivery:
        """Take an event from a platform; it is stored when this returns. Raises StorageError when it is not."""
        delivery = await self._unhandled.take(event, self._take)
        if delivery is not Delivery.SET_ASIDE:
            self._last_seen.note(event)
        self._services.metrics.events.labels(event.conversation.platform, delivery.value).inc()
        return delivery

    async def resume(self) -> None:
        """Queue the messages that a process which is gone has left unhandled, behind the replies that it has."""
        async with self._taking_over:
            # Replies first: one that was ready when the process ended goes out before those to newer messages.
            await self._services.outbox.take_over()
            for waiting in await self._memory.delivery.claim_waiting(self._services.outbox.platforms):
                try:
                    await self._take_up(waiting)
                except StorageError as error:  # the others are claimed by now, and nobody else takes them up
                    logger.warning("The waiting message %d can't be taken up yet: %s", waiting.passage_id, error)

    async def _take_up(self, waiting: Waiting) -> None:
        """Queue a waiting message, which is read when its turn comes, unless it is urgent or a part of an album."""
        try:
            message = from_json(Message, waiting.payload)
        except ValueError:
            await self._inbox.read(waiting)
            return
        if is_addressed(message):
            self._services.acknowledgements.show(message)
        urgent = self._services.hosting.running.router.route(message).urgent
        if urgent or message.album is not None:
            with contextlib.suppress(StorageError):  # it is read again when its turn comes
                if (received := await self._inbox.read(waiting)) is not None:
                    start_handling(self._services, received) if urgent else self._queue(received)
                return
        self._lanes.put_waiting(lane_of(message.conversation), partial(self._inbox.fetch, waiting.passage_id))

    async def _take(self, event: Event) -> Delivery:
        match event:
            case Message():
                return await self._take_message(self._addressing.apply(event))
            case Choice():
                return await self._take_choice(event)
            case UnreadableUpdate():
                return Delivery.SET_ASIDE  # kept before it comes here
            case _:
                known = await self._changes.apply(event)
        if isinstance(event, Feedback):
            self._services.metrics.feedback.labels(str(event.value)).inc()
        return Delivery.ACCEPTED if known else Delivery.REFUSED

    async def _take_message(self, message: Message) -> Delivery:
        """Admit a message, store it, and queue it if there is anything to do but remember it."""
        # A refusal is told before anything is known of the conversation, so the message itself decides its language.
        with speaking(self._services.dialogue.languages.guess(message)):
            return await self._admit_message(message)

    async def _admit_message(self, message: Message) -> Delivery:
        route = self._services.hosting.running.router.route(message)
        # The route comes before the storing: it decides what the message is kept as.
        asking = None
        if isinstance(route, Handle):
            asking = self._services.dialogue.sessions.waiting_for(lane_of(message.conversation), message)
        # Nothing is stored before this check, so that nothing is kept of people who are not admitted.
        admission = await self._services.access.gate.admit(message, to_bot=_is_for_bot(message, route))
        if admission.role is None:
            await self._refuse(message, admission.sentence)
            return Delivery.REFUSED
        to_handle = asking is not None or not route.idle or message.album is not None
        if asking is not None and asking.expects.secret:  # a password is stored nowhere
            admission = AdmissionDecision(admission.role, keeps=False)
        # A "yes" alone is worth no memory; what may not be an answer after all is.
        answers = asking is not None and asking.expects.is_met_by(message)
        said = self._classify(message, route)
        self._services.dialogue.latest.keep(lane_of(message.conversation), message.event_id)
        kind = "command" if answers else _kind_of(route, said)
        if message.replied is not None:
            if _is_for_bot(message, route):
                await self._take_replied(message.replied, lane_of(message.conversation))
            # Its words wait with it alone, if anywhere: forgetting it would not find a copy in what replies to it.
            message = replace(message, replied=replace(message.replied, text="", attachments=()))
        received = await self._inbox.take(message, kind, admission, to_handle=to_handle)
        if received is None:
            # A platform that missed our acknowledgement delivers again; the first delivery is being handled.
            return Delivery.DUPLICATE
        to_answer = to_handle and asking is None and _is_for_bot(message, route) and (message.text or not message.album)
        if to_answer and not received.elsewhere:
            self._services.acknowledgements.show(message)
        if to_handle and not received.elsewhere:
            await self._hand_on(replace(received, said=said), urgent=route.urgent)
        else:
            await self._services.access.direct_chats.note(received)
        return Delivery.ACCEPTED

    async def _hand_on(self, received: Received, *, urgent: bool) -> None:
        """Have a message handled, whatever fails or is cancelled meanwhile: delivered again it is a duplicate."""
        handed_on = False
        try:
            await self._services.access.direct_chats.note(received)
            async with self._taking_over:  # what is being taken over in its conversation is older
                handed_on = True
                if urgent:
                    start_handling(self._services, received)
                else:
                    self._queue(received)
        finally:
            if not handed_on:
                self._queue(received)

    async def _take_replied(self, replied: Message, lane: str) -> None:
        """Take in the message in a group that one for the bot replies to, if the bot has not seen it: it is handed on.

        Its files are read before the reply is handled. Nothing of it is done or answered.
        """
        replied = replace(replied, album=None)  # the others of an album may never come
        place, route = replied.conversation, self._services.hosting.running.router.route(replied)
        if place.kind == "direct" or not isinstance(route, Handle) or _is_for_bot(replied, route):
            return
        known = await self._memory.passages.find_event(place.platform, replied.event_id)
        if known or not await self._services.access.gate.keeps(replied.sender, place):
            return
        role = await self._services.access.policy.role(replied.sender, place) or Role.GUEST
        received = await self._inbox.store(replied, "message", role, to_handle=not route.idle)
        if received is not None and not route.idle and not received.elsewhere:
            self._queue(received, lane)

    async def _take_choice(self, choice: Choice) -> Delivery:
        """Take a press of a button: in its turn, as a message would be. Nothing of it is stored."""
        pending = self._services.dialogue.pending_choices
        place = pending.place_of(choice.question) or choice.conversation
        if await self._services.access.policy.role(choice.sender, place) is None:
            return Delivery.REFUSED
        press = pending.press(choice)
        if press is Delivery.EXPIRED:
            return await self._services.dialogue.buttons.press(choice, self._take_message)
        if isinstance(press, Delivery):
            return press
        self._lanes.put(press.lane, press)
        return Delivery.ACCEPTED

    async def _refuse(self, message: Message, sentence: str | None) -> None:
        """Tell the sender of a message that is not admitted why, if there is anything to say. Nothing is stored."""
        logger.info("A message of %s:%s was not admitted", message.sender.platform, message.sender.id)
        if sentence is not None:
            reply = OutgoingReply(message.conversation, Reply(sentence), message.event_id, "command")
            await self._services.outbox.send_unkept(reply)

    def _classify(self, message: Message, route: Route) -> Classified | None:
        """Return what kind of message one is that is to be answered; None for others."""
        if not isinstance(route, Handle) or not route.answer or message.attachments:
            return None
        return self._services.answering.answerer.classify(message.text, message.sent_at)

    def _queue(self, received: Received, lane: str | None = None) -> None:
        number = received.passage_id
        if received.message.album is not None:
            self._services.dialogue.albums.add(received)
        self._lanes.put(
            lane or received.lane, received, fetch=None if number is None else partial(self._inbox.fetch, number)
        )


def _is_for_bot(message: Message, route: Route) -> bool:
    return is_addressed(message) or isinstance(route, RunCommand)


def _kind_of(route: Route, said: Classified | None) -> PassageKind:
    """Return what a message is remembered as: what the bot is asked is history, what it is told can be recalled."""
    if not isinstance(route, Handle):
        return "command"
    return "question" if said is not None and said.asks else "message"
