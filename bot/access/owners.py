"""Where the bot's owners can be told something: the direct chats in which they have talked with it."""

from __future__ import annotations

import logging

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy, Role
from bot.events import Reply, from_json, to_json
from bot.jobs.planning import JobPlace
from bot.pipeline.outbox import Outbox, OutgoingReply
from bot.pipeline.received import Received
from memory import Memory

logger = logging.getLogger(__name__)


class Owners:
    """Remembers owners' direct chats, and tells them what they should know."""

    def __init__(self, memory: Memory, access: AccessPolicy, gate: AccessGate, outbox: Outbox) -> None:
        self._memory = memory
        self._access = access
        self._gate = gate
        self._outbox = outbox
        self._noted: dict[int, JobPlace] = {}

    async def note(self, received: Received) -> None:
        """Take note of a message that may be an owner's in a direct chat."""
        message = received.message
        if not received.is_owner or message.conversation.kind != "direct" or received.passage_id is None:
            return
        place = JobPlace(message.conversation, message.sender)
        if self._noted.get(received.person.id) != place:
            await self._memory.ledger.owner_chats.keep(received.person.id, to_json(place))
            self._noted[received.person.id] = place

    async def tell(self, text: str) -> None:
        """Send a sentence to each owner on a connected platform; the log must do where there is none."""
        for person_id, written in (await self._memory.ledger.owner_chats.read_all()).items():
            try:
                await self._send(person_id, from_json(JobPlace, written), Reply(text))
            except Exception:
                logger.exception("An owner could not be told: %s", text)

    async def _send(self, person_id: int, place: JobPlace, reply: Reply) -> None:
        if place.conversation.platform not in self._outbox.platforms:
            return
        if await self._access.role(place.person, place.conversation) is not Role.OWNER:
            return
        outgoing = OutgoingReply(place.conversation, reply, None, "command")
        home = await self._memory.conversations.find(
            place.conversation.platform, place.conversation.key, owner_id=person_id
        )
        if home is not None and await self._gate.keeps(place.person, place.conversation):
            await self._outbox.send(outgoing, home, None)
        else:
            await self._outbox.send_unkept(outgoing)
