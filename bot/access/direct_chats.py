"""Where people can be told something that is for them alone: their direct chats with the bot."""

from __future__ import annotations

import logging

from bot.access.chat_settings import read_chat_settings
from bot.access.gate import AccessGate
from bot.access.policy import AccessPolicy, Role
from bot.events import Reply, from_json, to_json
from bot.jobs.planning import JobPlace
from bot.pipeline.conversation_languages import ConversationLanguages
from bot.pipeline.outbox import Outbox, OutgoingReply
from bot.pipeline.received import Received
from bot.translation import ENGLISH, gettext, speaking
from memory import ConversationRecord, Memory
from memory.access_records import Account

logger = logging.getLogger(__name__)


class DirectChats:
    """Remembers each person's direct chat, and tells people there what they should know."""

    def __init__(
        self,
        memory: Memory,
        access: AccessPolicy,
        gate: AccessGate,
        outbox: Outbox,
        languages: ConversationLanguages,
    ) -> None:
        self._memory = memory
        self._access = access
        self._gate = gate
        self._outbox = outbox
        self._languages = languages
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

    async def tell_owners(self, message: str, *, elsewhere: str = "", not_to: str = "", **values: object) -> None:
        """Send a message of the catalogue to each owner on a connected platform; the log must do where there is none.

        Each reads it in the language of their chat, unless they have switched that off there. What is about the bot
        `elsewhere` is told on the others; what an account, "platform:id", has done itself is `not_to` be told it.
        """
        for person_id, written in (await self._memory.ledger.owner_chats.read_all()).items():
            try:
                place = from_json(JobPlace, written)
                if place.conversation.platform == elsewhere or f"{place.person.platform}:{place.person.id}" == not_to:
                    continue
                if await self._access.role(place.person, place.conversation) is Role.OWNER:
                    home = await self._find_home(person_id, place)
                    language = ENGLISH
                    if home is not None:
                        if not (await read_chat_settings(self._memory, home, place.conversation)).notices:
                            continue
                        language = await self._languages.find_language(place.conversation, home.id)
                    with speaking(language):
                        await self._send(person_id, place, Reply(gettext(message, **values)))
            except Exception:
                logger.exception("An owner could not be told: %s", message.format_map(values))

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
        home = await self._find_home(person_id, place)
        if kept and home is not None and await self._gate.keeps(place.person, place.conversation):
            await self._outbox.send(outgoing, home, None)
        else:
            await self._outbox.send_unkept(outgoing)
        return True

    async def _find_home(self, person_id: int, place: JobPlace) -> ConversationRecord | None:
        chat = place.conversation
        return await self._memory.conversations.find(chat.platform, chat.key, owner_id=person_id)
