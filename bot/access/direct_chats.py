"""Where people can be told something that is for them alone: their direct chats with the bot."""

from __future__ import annotations

import logging

from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy, Role
from bot.events import Reply, from_json, to_json
from bot.jobs.planning import JobPlace
from bot.pipeline.outbox import Outbox, OutgoingReply
from bot.pipeline.received import Received
from memory import Memory
from memory.access_records import Account

logger = logging.getLogger(__name__)


class DirectChats:
    """Remembers each person's direct chat, and tells people there what they should know."""

    def __init__(self, memory: Memory, access: AccessPolicy, gate: AccessGate, outbox: Outbox) -> None:
        self._memory = memory
        self._access = access
        self._gate = gate
        self._outbox = outbox
        self._noted: dict[int, JobPlace] = {}

    async def note(self, received: Received) -> None:
        """Take note of where a message was sent, if it is a direct chat and anything may be stored of it."""
        message = received.message
        if message.conversation.kind != "direct" or received.passage_id is None:
            return
        place = JobPlace(message.conversation, message.sender)
        if self._noted.get(received.person.id) != place:
            await self._memory.ledger.owner_chats.keep(received.person.id, to_json(place))
            self._noted[received.person.id] = place

    async def tell_owners(self, text: str) -> None:
        """Send a sentence to each owner on a connected platform; the log must do where there is none."""
        for person_id, written in (await self._memory.ledger.owner_chats.read_all()).items():
            try:
                place = from_json(JobPlace, written)
                if await self._access.role(place.person, place.conversation) is Role.OWNER:
                    await self._send(person_id, place, Reply(text))
            except Exception:
                logger.exception("An owner could not be told: %s", text)

    async def tell(self, account: Account, told: str | Reply, *, kept: bool = True) -> bool:
        """Send something to one person; False where no direct chat with them is known, or their platform is not.

        What comes from elsewhere, whose forgetting could not find it here, must not be `kept`.
        """
        person = await self._memory.people.find(account.platform, account.id)
        written = None if person is None else (await self._memory.ledger.owner_chats.read_all()).get(person.id)
        if person is None or written is None:
            return False
        place = from_json(JobPlace, written)
        if await self._access.role(place.person, place.conversation) is None:
            return False
        return await self._send(person.id, place, told if isinstance(told, Reply) else Reply(told), kept=kept)

    async def _send(self, person_id: int, place: JobPlace, reply: Reply, *, kept: bool = True) -> bool:
        if place.conversation.platform not in self._outbox.platforms:
            return False
        outgoing = OutgoingReply(place.conversation, reply, None, "command")
        home = await self._memory.conversations.find(
            place.conversation.platform, place.conversation.key, owner_id=person_id
        )
        if kept and home is not None and await self._gate.keeps(place.person, place.conversation):
            await self._outbox.send(outgoing, home, None)
        else:
            await self._outbox.send_unkept(outgoing)
        return True
